/* view.c - see view.h. */
#include "register/view.h"

#include "base/text.h"
#include "register/db.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "稿件"
#define NAME_BYTES 200 /* of 255 that file systems allow */

static char *
month_folder(civil_day day)
{
    int year, month, date;

    day_to_ymd(day, &year, &month, &date);
    return g_strdup_printf("%04d-%02d", year, month);
}

/* The kind knows better than the name what the file is. */
static const char *
extension(const struct reg_submission *s)
{
    static const struct {
        const char *kind, *extension;
    } known[] = {{"docx", ".docx"}, {"doc", ".doc"},   {"wordxml", ".xml"},
                 {"rtf", ".rtf"},   {"html", ".html"}, {"text", ".txt"},
                 {"body", ".txt"},  {"odt", ".odt"}};

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (g_strcmp0(known[i].kind, s->file_kind) == 0)
            return known[i].extension;
    return "";
}

/* "2019-0012 县财政局 标题.docx" */
static char *
file_name(const struct reg_submission *s, reg_unit_name_fn name, void *user)
{
    const struct reg_credit *c = s->credits->len ? s->credits->pdata[0] : NULL;
    const char *printed = c && name ? name(c->unit, user) : NULL;
    const char *unit = printed ? printed : c ? c->unit : "";
    g_autofree char *whole =
        g_strdup_printf("%s %s%s%s", s->number, unit, *unit ? " " : "",
                        s->title ? s->title : "");
    g_autofree char *stem =
        text_file_name(whole, NAME_BYTES - strlen(extension(s)));

    return g_strconcat(stem, extension(s), NULL);
}

char *
reg_view_path(const struct reg *reg, const struct reg_submission *s,
              reg_unit_name_fn name, void *user)
{
    g_autofree char *month = NULL, *file = NULL;

    if (!s->file_sha256)
        return NULL;
    month = month_folder(s->day);
    file = file_name(s, name, user);
    return g_build_filename(reg->data, FOLDER, month, file, NULL);
}

/* ---- one file ---- */

/* The month's folder is there nearly always. */
static int
open_new(const char *path)
{
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
    int fd = open(path, flags, 0600);
    g_autofree char *folder = NULL;

    if (fd >= 0 || errno != ENOENT)
        return fd;
    folder = g_path_get_dirname(path);
    return g_mkdir_with_parents(folder, 0700) ? -1 : open(path, flags, 0600);
}

static enum st
write_plain(const char *path, GBytes *bytes, struct err *e)
{
    gsize len = 0;
    const char *data = g_bytes_get_data(bytes, &len);
    int fd = open_new(path);
    gboolean whole;

    if (fd < 0)
        return err_set(e, ST_RETRY, EXIT_IO, "cannot write %s: %s", path,
                       g_strerror(errno));
    whole = TRUE;
    while (whole && len > 0) {
        ssize_t n = write(fd, data, len);

        whole = n > 0 || (n < 0 && errno == EINTR);
        data += MAX(n, 0);
        len -= (gsize)MAX(n, 0);
    }
    whole = close(fd) == 0 && whole;
    if (whole)
        return ST_OK;
    unlink(path);
    return err_set(e, ST_RETRY, EXIT_IO, "cannot write %s: %s", path,
                   g_strerror(errno));
}

static gboolean
is_there(const char *path, gint64 size)
{
    struct stat sb;

    return lstat(path, &sb) == 0 && S_ISREG(sb.st_mode) && sb.st_size == size;
}

static enum st
write_if_missing(struct reg *reg, const struct reg_submission *s,
                 const char *path, struct err *e)
{
    g_autoptr(reg_draft) draft = NULL;
    enum st st;

    if (is_there(path, s->file_size))
        return ST_OK;
    st = reg_submission_draft(reg, s->id, &draft, e);
    return st == ST_OK && draft ? write_plain(path, draft->bytes, e) : st;
}

enum st
reg_view_write(const char *path, GBytes *bytes, struct err *e)
{
    return write_plain(path, bytes, e);
}

static enum st
add_one(struct reg *reg, gint64 submission, reg_unit_name_fn name, void *user,
        struct err *e)
{
    g_autoptr(reg_submission) s = NULL;
    g_autofree char *path = NULL;
    enum st st = reg_submission_get(reg, submission, &s, e);

    if (st != ST_OK || !s)
        return st;
    path = reg_view_path(reg, s, name, user);
    return path ? write_if_missing(reg, s, path, e) : ST_OK;
}

/* ---- what is new ---- */

/* Is there a change that a name or a file depends on, but for new ones? */
static enum st
others_since(struct reg *reg, gint64 upto, gint64 *out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT EXISTS (SELECT 1 FROM history WHERE id > ?1 AND what IN "
             "('revise', 'correct', 'credit', 'reports', 'withdraw', "
             "'reinstate', 'purge', 'undo', 'other'))");

    db_bind(q, 1, upto);
    return db_number(q, out, e);
}

static enum st
submitted_since(struct reg *reg, gint64 upto, GPtrArray **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT object FROM history WHERE id > ?1 "
                      "AND what = 'submit' ORDER BY id");

    db_bind(q, 1, upto);
    return db_list_ids(q, out, e);
}

enum st
reg_view_last(struct reg *reg, gint64 *out, struct err *e)
{
    g_autoptr(query) q = db_query(reg, "SELECT max(id) FROM history");

    return db_number(q, out, e);
}

enum st
reg_view_since(struct reg *reg, gint64 upto, reg_unit_name_fn name, void *user,
               gboolean *whole_out, struct err *e)
{
    g_autofree char *folder = g_build_filename(reg->data, FOLDER, NULL);
    g_autoptr(GPtrArray) new = NULL;
    gint64 others = 0;
    enum st st = others_since(reg, upto, &others, e);

    if (st == ST_OK && !others)
        st = submitted_since(reg, upto, &new, e);
    if (st != ST_OK)
        return st;
    *whole_out = others || !g_file_test(folder, G_FILE_TEST_IS_DIR);
    for (guint n = 0; st == ST_OK && !*whole_out && n < new->len; n++)
        st = add_one(reg, *(const gint64 *)new->pdata[n], name, user, e);
    return st;
}

/* ---- whole months ---- */

/* Does the name begin as ours do ("2019-0012 ")?  Others are not ours to
 * remove. */
static gboolean
looks_like_ours(const char *name)
{
    size_t n = strspn(name, "0123456789");

    if (n != 4 || name[n] != '-')
        return FALSE;
    name += n + 1;
    n = strspn(name, "0123456789");
    return n >= 4 && name[n] == ' ';
}

static void
prune(const char *folder, GHashTable *expected)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        if (looks_like_ours(name) && !g_hash_table_contains(expected, path))
            unlink(path);
    }
}

static enum st
write_month(struct reg *reg, const GPtrArray *all, reg_unit_name_fn name,
            void *user, GHashTable *expected, struct err *e)
{
    enum st st = ST_OK;

    for (guint i = 0; st == ST_OK && i < all->len; i++) {
        const struct reg_submission *s = all->pdata[i];
        char *path = s->state == SUBMISSION_PURGED
                         ? NULL
                         : reg_view_path(reg, s, name, user);

        if (!path)
            continue;
        st = write_if_missing(reg, s, path, e);
        g_hash_table_add(expected, path);
    }
    return st;
}

static civil_day
next_month(civil_day day)
{
    int year, month, date;

    day_to_ymd(day, &year, &month, &date);
    return month == 12 ? day_from_ymd(year + 1, 1, 1)
                       : day_from_ymd(year, month + 1, 1);
}

static civil_day
month_start(civil_day day)
{
    int year, month, date;

    day_to_ymd(day, &year, &month, &date);
    return day_from_ymd(year, month, 1);
}

static enum st
view_month(struct reg *reg, civil_day first, reg_unit_name_fn name, void *user,
           struct err *e)
{
    g_autoptr(GHashTable) expected =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *month = month_folder(first);
    g_autofree char *folder = g_build_filename(reg->data, FOLDER, month, NULL);
    g_autoptr(GPtrArray) all = NULL;
    enum st st = reg_submissions(reg, first, next_month(first) - 1, &all, e);

    if (st == ST_OK)
        st = write_month(reg, all, name, user, expected, e);
    if (st == ST_OK)
        prune(folder, expected);
    return st;
}

/* The days that the register has anything about. */
static enum st
narrow(struct reg *reg, civil_day *from, civil_day *to, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT min(day), max(day) FROM submission");
    gboolean row = FALSE;
    enum st st = db_next(q, &row, e);

    if (st != ST_OK)
        return st;
    if (db_is_null(q, 0)) {
        *to = *from - 1;
        return ST_OK;
    }
    *from = MAX(*from, (civil_day)db_int(q, 0));
    *to = MIN(*to, (civil_day)db_int(q, 1));
    return ST_OK;
}

enum st
reg_view(struct reg *reg, civil_day from, civil_day to, reg_unit_name_fn name,
         void *user, struct err *e)
{
    enum st st = narrow(reg, &from, &to, e);
    civil_day day;

    if (st != ST_OK || from > to)
        return st;
    for (day = month_start(from); st == ST_OK && day <= to;
         day = next_month(day))
        st = view_month(reg, day, name, user, e);
    return st;
}

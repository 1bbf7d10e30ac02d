/* import.c - see import.h. */
#include "intake/import.h"

#include "base/file.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/mail_date.h"
#include "intake/incoming.h"
#include "intake/informants.h"
#include "intake/similar_index.h"

#include <string.h>
#include <sys/stat.h>

enum { MBOX_BYTES = 1 << 30 };

/* ---- the time of receipt ---- */

/* "...; Tue, 5 Mar 2019 09:12:00 +0800 (CST)": the date behind the last
 * semicolon of a Received field (RFC 5321, 4.4). */
static gboolean
received_date(const char *field, gint64 *out)
{
    const char *p = strrchr(field, ';');

    return p && mail_date_parse(p + 1, out);
}

/* The host behind " by " of a Received field is one of ours. */
static gboolean
is_own(const struct config *c, const char *field)
{
    const char *by = strstr(field, " by ");

    for (char **h = c->own_hosts; by && *h; h++) {
        size_t n = strlen(*h);

        if (g_ascii_strncasecmp(by + 4, *h, n) == 0 &&
            !g_ascii_isalnum(by[4 + n]) && by[4 + n] != '.' && by[4 + n] != '-')
            return TRUE;
    }
    return FALSE;
}

static void
take_received(const struct config *c, struct incoming *a)
{
    gint64 t;

    if (!a->reading || a->receipt != RECEIPT_FILE)
        return;
    for (guint n = 0; n < a->reading->trace->len; n++) {
        const struct reading_trace *f = g_ptr_array_index(a->reading->trace, n);

        if (!f->is_auth && is_own(c, f->value) && received_date(f->value, &t)) {
            a->ref.received = t;
            a->receipt = RECEIPT_RECEIVED;
            return;
        }
    }
}

/* ---- one message ---- */

static enum st
write_one(struct intake *i, struct incoming *a, struct tally *tally,
          struct err *e)
{
    struct recorded r = {0};
    enum st st = reg_begin(i->reg, e);

    if (st == ST_OK)
        st = record_incoming(i, a, &r, e);
    st = reg_end(i->reg, st, e);
    if (st == ST_OK)
        st = similar_index_settle(i, FALSE, e);
    if (st == ST_OK) {
        tally->seen++;
        tally->verdicts[r.verdict] += r.again ? 0 : 1;
        log_event(LOG_INFO, verdict_name(r.verdict), "number", r.number,
                  "handle", r.handle, "unit", r.unit, "known",
                  r.again ? "yes" : NULL, NULL);
    }
    recorded_clear(&r);
    return st;
}

static enum st
import_bytes(struct intake *i, const char *data, size_t len, gint64 received,
             enum reg_receipt receipt, struct tally *tally, struct err *e)
{
    struct incoming *a = incoming_new();
    struct reader_result r = {0};
    enum st st = ST_OK;

    a->ref.received = received;
    a->ref.size = (gint64)len;
    a->receipt = receipt;
    a->silent = TRUE;
    incoming_keep_header(a, (const guint8 *)data, len);
    if (len > (size_t)i->office->config->size_limit) {
        a->outcome = READER_TOO_BIG;
        a->cause = "larger than size-limit";
    } else {
        st = reader_read(i->readers, (const guint8 *)data, len, 0, &r, e);
        a->outcome = r.outcome;
        a->cause = r.cause;
        a->reading = g_steal_pointer(&r.reading);
        reader_result_clear(&r);
    }
    take_received(i->office->config, a);
    if (st == ST_OK)
        st = write_one(i, a, tally, e);
    incoming_free(a);
    return st;
}

/* ---- mbox (RFC 4155) ---- */

/* "From a@b Tue Mar  5 09:12:00 2019". */
static gboolean
from_line_date(const char *line, size_t len, gint64 *out)
{
    g_autofree char *copy = g_strndup(line, len);
    const char *date = len > 5 ? strchr(copy + 5, ' ') : NULL;

    return date && mail_date_parse_asctime(date, out);
}

static const char *
next_from(const char *p, const char *end)
{
    while (p < end) {
        const char *line = memmem(p, (size_t)(end - p), "\nFrom ", 6);

        if (!line)
            return end;
        if ((line > p && line[-1] == '\n') ||
            (line > p + 1 && line[-1] == '\r' && line[-2] == '\n'))
            return line + 1;
        p = line + 1;
    }
    return end;
}

static enum st
import_mbox(struct intake *i, const char *data, size_t len, gint64 file_time,
            struct tally *tally, struct err *e)
{
    const char *p = data, *end = data + len;
    enum st st = ST_OK;

    while (st == ST_OK && p < end) {
        const char *next = next_from(p, end);
        const char *eol = memchr(p, '\n', (size_t)(next - p));
        gint64 t = file_time;
        gboolean dated;

        if (!eol)
            break;
        dated = from_line_date(p, (size_t)(eol - p), &t);
        st = import_bytes(i, eol + 1, (size_t)(next - eol - 1), t,
                          dated ? RECEIPT_FROM_LINE : RECEIPT_FILE, tally, e);
        p = next;
    }
    return st;
}

/* ---- paths ---- */

static enum st
import_file(struct intake *i, const char *path, enum reg_receipt receipt,
            struct tally *tally, struct err *e)
{
    g_autofree char *data = NULL;
    struct stat info;
    size_t len = 0;
    enum st st = file_read(path, MBOX_BYTES, &data, &len, e);

    if (st != ST_OK)
        return st;
    if (stat(path, &info))
        info.st_mtime = (time_t)clock_now(&i->office->clock);
    if (len > 5 && memcmp(data, "From ", 5) == 0)
        return import_mbox(i, data, len, (gint64)info.st_mtime, tally, e);
    return import_bytes(i, data, len, (gint64)info.st_mtime, receipt, tally, e);
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum st
import_dir(struct intake *i, const char *path, enum reg_receipt receipt,
           struct tally *tally, struct err *e)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    enum st st = ST_OK;

    if (!dir)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       _("%s: cannot be opened as a folder"), path);
    while ((name = g_dir_read_name(dir)) != NULL)
        if (name[0] != '.')
            g_ptr_array_add(names, g_build_filename(path, name, NULL));
    g_ptr_array_sort(names, by_name);
    for (guint n = 0; st == ST_OK && n < names->len; n++)
        if (g_file_test(g_ptr_array_index(names, n), G_FILE_TEST_IS_REGULAR))
            st = import_file(i, g_ptr_array_index(names, n), receipt, tally, e);
    return st;
}

enum st
import_path(struct intake *i, const char *path, struct tally *tally,
            struct err *e)
{
    g_autofree char *fresh = g_build_filename(path, "new", NULL);
    g_autofree char *seen = g_build_filename(path, "cur", NULL);
    enum st st = informants_refresh(i->office, i->reg, e);

    if (st != ST_OK)
        return st;
    if (!g_file_test(path, G_FILE_TEST_IS_DIR))
        return import_file(i, path, RECEIPT_FILE, tally, e);
    if (!g_file_test(seen, G_FILE_TEST_IS_DIR))
        return import_dir(i, path, RECEIPT_FILE, tally, e);
    st = import_dir(i, seen, RECEIPT_MTIME, tally, e);
    if (st == ST_OK && g_file_test(fresh, G_FILE_TEST_IS_DIR))
        st = import_dir(i, fresh, RECEIPT_MTIME, tally, e);
    return st;
}

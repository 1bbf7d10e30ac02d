/* maildir_out.c - outgoing mail delivered into a Maildir.
 *
 * For offices without a server, for demonstrations and for tests.  The file
 * is named by the mail itself, so that sending it again after a crash finds
 * the first one there and makes no second. */
#include "mailbox/driver.h"

#include "base/file.h"
#include "base/step.h"

#include <string.h>
#include <unistd.h>

struct maildir_out {
    struct outgoing base;
    char *path;
    gboolean answered; /* there is an answer that nobody has asked for: */
    struct answer answer;
};

/* A name that no file system and no Maildir reader misunderstands. */
static char *
file_name(const char *unique)
{
    char *name = g_strdup(unique);

    for (char *p = name; *p; p++)
        if (!g_ascii_isalnum(*p) && !strchr("-_@+", *p) &&
            !(*p == '.' && p > name))
            *p = '_';
    return name;
}

/* Is it in cur/ under whatever flags?  A reader may have moved it there. */
static gboolean
was_opened(const char *path, const char *name)
{
    g_autofree char *cur = g_build_filename(path, "cur", NULL);
    g_autoptr(GDir) d = g_dir_open(cur, 0, NULL);
    size_t len = strlen(name);
    const char *file;

    while (d && (file = g_dir_read_name(d)) != NULL)
        if (strncmp(file, name, len) == 0 &&
            (file[len] == '\0' || file[len] == ':'))
            return TRUE;
    return FALSE;
}

/* On disk lines end in LF, as every local delivery leaves them. */
static GString *
with_lf(const char *data, size_t len)
{
    GString *out = g_string_sized_new(len);
    const char *end = data + len;

    while (data < end) {
        const char *cr = memchr(data, '\r', (size_t)(end - data));
        const char *stop = cr ? cr : end;

        g_string_append_len(out, data, stop - data);
        if (cr && (cr + 1 == end || cr[1] != '\n'))
            g_string_append_c(out, '\r');
        data = cr ? cr + 1 : end;
    }
    return out;
}

static enum st
deliver(const char *path, const char *name, const char *data, size_t len,
        struct err *e)
{
    g_autofree char *tmp = g_build_filename(path, "tmp", name, NULL);
    g_autofree char *dir = g_build_filename(path, "new", NULL);
    g_autofree char *new = g_build_filename(dir, name, NULL);
    g_autoptr(GString) lf = NULL;
    g_autoptr(GError) error = NULL;
    enum st st;

    if (access(new, F_OK) == 0)
        return file_sync_dir(dir, e); /* renamed, and killed before this */
    if (was_opened(path, name))
        return ST_OK;
    lf = with_lf(data, len);
    if (!g_file_set_contents_full(tmp, lf->str, (gssize)lf->len,
                                  G_FILE_SET_CONTENTS_NONE, 0600, &error))
        return err_set(e, ST_RETRY, EXIT_IO, "%s", error->message);
    st = file_publish(tmp, new, e);
    step("maildir-delivered");
    return st;
}

static void
maildir_out_expect(struct outgoing *o, guint mails)
{
    (void)o;
    (void)mails; /* one after the other, however many */
}

static guint
maildir_out_room(struct outgoing *o)
{
    return ((const struct maildir_out *)o)->answered ? 0 : 1;
}

/* Delivered at once.  Sender and recipients stand in the mail's own header. */
static void
maildir_out_put(struct outgoing *o, const struct parcel *parcel)
{
    struct maildir_out *out = (struct maildir_out *)o;
    g_autofree char *name = file_name(parcel->unique);
    struct err e = ERR_INIT;
    enum st st = maildir_make(out->path, &e);

    if (st == ST_OK)
        st = deliver(out->path, name, parcel->data, parcel->len, &e);
    out->answered = TRUE;
    out->answer = (struct answer){
        .parcel = parcel, .sent = st == ST_OK ? SENT_OK : SENT_LATER, .err = e};
}

static void
maildir_out_wait(struct outgoing *o, GArray *answers)
{
    struct maildir_out *out = (struct maildir_out *)o;

    if (out->answered)
        g_array_append_val(answers, out->answer);
    out->answered = FALSE;
}

static enum st
maildir_out_check(struct outgoing *o, struct err *e)
{
    return maildir_make(((const struct maildir_out *)o)->path, e);
}

static void
maildir_out_rest(struct outgoing *o)
{
    ((struct maildir_out *)o)->answered = FALSE; /* nothing is held open */
}

static void
maildir_out_free(struct outgoing *o)
{
    g_free(((struct maildir_out *)o)->path);
    g_free(o);
}

static const struct outgoing maildir_out_driver = {.expect = maildir_out_expect,
                                                   .room = maildir_out_room,
                                                   .put = maildir_out_put,
                                                   .wait = maildir_out_wait,
                                                   .check = maildir_out_check,
                                                   .rest = maildir_out_rest,
                                                   .free = maildir_out_free};

struct outgoing *
maildir_out_new(const char *path)
{
    struct maildir_out *out = g_new0(struct maildir_out, 1);

    out->base = maildir_out_driver;
    out->path = g_strdup(path);
    return &out->base;
}

/* imap_folders.c - find the office's folders on the server, or make them;
 * and list what is in one.
 *
 * Where a folder of ours may stand differs: at the top; below INBOX where
 * the server keeps all personal folders there; below 其他文件夹 on QQ, which
 * puts every folder there that a client makes.  So what LIST shows decides,
 * and after CREATE we look again. */
#include "mailbox/imap.h"

#include "mailbox/utf7.h"

#include <string.h>

static const char *const parents[] = {"", "INBOX", "其他文件夹"};

/* "parent/name" as people write it; the name alone without a parent. */
static char *
place(const char *parent, char delimiter, enum folder f)
{
    if (!*parent)
        return g_strdup(folder_name(f));
    return g_strdup_printf("%s%c%s", parent, delimiter, folder_name(f));
}

static gboolean
is_folder(const char *name, char delimiter, enum folder f)
{
    for (size_t i = 0; i < G_N_ELEMENTS(parents); i++) {
        g_autofree char *at = place(parents[i], delimiter, f);

        if (g_ascii_strcasecmp(name, at) == 0 && (delimiter || !*parents[i]))
            return TRUE;
    }
    return FALSE;
}

/* The name is kept as the server wrote it: that is what it understands. */
void
imap_folders_note(struct imap *im, const struct imap_response *r)
{
    g_autofree char *name = NULL;

    if (r->kind != IMAP_LIST)
        return;
    im->delimiter = r->delimiter;
    name = r->selectable ? utf7_decode(r->string->str) : NULL;
    for (int f = FOLDER_INBOX + 1; name && f < FOLDER_COUNT; f++)
        if (!im->folders[f] && is_folder(name, r->delimiter, (enum folder)f))
            im->folders[f] = g_strdup(r->string->str);
}

static enum st
note_folder(const struct imap_response *r, const GPtrArray *literals,
            void *user, struct err *e)
{
    (void)literals;
    (void)e;
    imap_folders_note(user, r);
    return ST_OK;
}

static enum folder
first_missing(const struct imap *im)
{
    for (int f = FOLDER_INBOX + 1; f < FOLDER_COUNT; f++)
        if (!im->folders[f])
            return (enum folder)f;
    return FOLDER_COUNT;
}

static enum st
list_again(struct imap *im, struct err *e)
{
    return imap_run(im->session, note_folder, im, e, "LIST \"\" \"*\"");
}

/* ST_OK also when the server would not: the listing tells. */
static enum st
create(struct imap *im, const char *parent, enum folder f, char **refusal_out,
       struct err *e)
{
    g_autofree char *name = place(parent, im->delimiter, f);
    g_autofree char *wire = utf7_encode(name);
    g_autofree char *quoted = imap_quote(wire);
    struct imap_answer answer = {0};
    unsigned tag;
    enum st st = imap_send(im->session, &tag, e, "CREATE %s", quoted);

    if (st == ST_OK)
        st = imap_await(im->session, tag, NULL, NULL, &answer, e);
    if (st == ST_OK && answer.status == IMAP_OK) {
        /* webmail shows what is subscribed to; a refusal harms nothing */
        st = imap_send(im->session, &tag, e, "SUBSCRIBE %s", quoted);
        imap_answer_clear(&answer);
        if (st == ST_OK)
            st = imap_await(im->session, tag, NULL, NULL, &answer, e);
    } else if (st == ST_OK) {
        g_free(*refusal_out);
        *refusal_out = g_strdup(answer.text);
    }
    imap_answer_clear(&answer);
    return st;
}

/* Make every missing folder below this parent, then look what came of it. */
static enum st
create_missing(struct imap *im, const char *parent, char **refusal_out,
               struct err *e)
{
    enum st st = ST_OK;

    for (int f = FOLDER_INBOX + 1; f < FOLDER_COUNT && st == ST_OK; f++)
        if (!im->folders[f])
            st = create(im, parent, (enum folder)f, refusal_out, e);
    return st == ST_OK ? list_again(im, e) : st;
}

enum st
imap_folders_settle(struct imap *im, struct err *e)
{
    g_autofree char *refusal = NULL;
    enum folder missing = first_missing(im);

    for (size_t i = 0; i < G_N_ELEMENTS(parents) && missing != FOLDER_COUNT;
         i++) {
        enum st st = ST_OK;

        if (im->delimiter || !*parents[i])
            st = create_missing(im, parents[i], &refusal, e);
        if (st != ST_OK)
            return st;
        missing = first_missing(im);
    }
    if (missing == FOLDER_COUNT)
        return ST_OK;
    return err_set(e, ST_RETRY, EXIT_UNAVAILABLE,
                   "%s will not make the folder %s (%s); please make it in "
                   "the webmail",
                   im->url.host, folder_name(missing),
                   refusal ? refusal : "it does not show it");
}

/* What was known of the folders counts no more. */
enum st
imap_folders_ask(struct imap *im, unsigned *tag_out, struct err *e)
{
    for (int f = 0; f < FOLDER_COUNT; f++)
        g_clear_pointer(&im->folders[f], g_free);
    im->delimiter = 0;
    return imap_send(im->session, tag_out, e, "LIST \"\" \"*\"");
}

enum st
imap_folders_await(struct imap *im, unsigned tag, imap_untagged_fn note,
                   struct err *e)
{
    struct imap_answer answer = {0};
    enum st st = imap_await(im->session, tag, note, im, &answer, e);

    if (st == ST_OK && answer.status != IMAP_OK)
        st = imap_refused("LIST", &answer, e);
    imap_answer_clear(&answer);
    return st;
}

enum st
imap_folders_find(struct imap *im, struct err *e)
{
    unsigned tag;
    enum st st = imap_folders_ask(im, &tag, e);

    if (st == ST_OK)
        st = imap_folders_await(im, tag, note_folder, e);
    return st == ST_OK ? imap_folders_settle(im, e) : st;
}

/* ---- what a folder holds ---- */

/* So many: a copy that was cut short, and what staff decide about, is not
 * old; the limit is against a folder that was never tidied. */
enum { NEWEST = 20000 };

static enum st
note_count(const struct imap_response *r, const GPtrArray *literals, void *user,
           struct err *e)
{
    (void)literals;
    (void)e;
    if (r->kind == IMAP_EXISTS)
        *(guint32 *)user = r->number;
    return ST_OK;
}

enum st
imap_enter(struct imap *im, const char *command, enum folder f,
           guint32 *count_out, struct err *e)
{
    g_autofree char *name = imap_quote(im->folders[f]);

    imap_set_state(im->session, IMAP_ELSEWHERE);
    return imap_run(im->session, note_count, count_out, e, "%s %s", command,
                    name);
}

enum st
imap_newest(struct imap *im, const char *command, enum folder f,
            const char *items, imap_untagged_fn fn, void *user, struct err *e)
{
    guint32 count = 0;
    enum st st = imap_enter(im, command, f, &count, e);

    if (st != ST_OK || count == 0)
        return st;
    return imap_run(im->session, fn, user, e, "FETCH %u:%u (%s)",
                    count > NEWEST ? count - NEWEST + 1 : 1, count, items);
}

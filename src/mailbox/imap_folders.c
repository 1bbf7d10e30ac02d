/* imap_folders.c - find the office's folders on the server, or make them.
 *
 * Where a folder of ours may stand differs: at the top; below INBOX where
 * the server keeps all personal folders there; below 其他文件夹 on QQ, which
 * puts every folder there that a client makes.  So what LIST shows decides,
 * and after CREATE we look again. */
#include "mailbox/imap.h"

#include "mailbox/utf7.h"

#include <string.h>

static const char *const parents[] = {"", "INBOX", "其他文件夹"};

struct looking {
    struct imap *im;
    char delimiter;
};

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
static enum st
note_folder(const struct imap_response *r, const GPtrArray *literals,
            void *user, struct err *e)
{
    struct looking *look = user;
    g_autofree char *name = NULL;

    (void)literals;
    (void)e;
    if (r->kind != IMAP_LIST)
        return ST_OK;
    look->delimiter = r->delimiter;
    name = r->selectable ? utf7_decode(r->string->str) : NULL;
    for (int f = FOLDER_INBOX + 1; name && f < FOLDER_COUNT; f++)
        if (!look->im->folders[f] &&
            is_folder(name, r->delimiter, (enum folder)f))
            look->im->folders[f] = g_strdup(r->string->str);
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
list_again(struct looking *look, struct err *e)
{
    return imap_run(look->im->session, note_folder, look, e, "LIST \"\" \"*\"");
}

/* ST_OK also when the server would not: the listing tells. */
static enum st
create(struct looking *look, const char *parent, enum folder f,
       char **refusal_out, struct err *e)
{
    g_autofree char *name = place(parent, look->delimiter, f);
    g_autofree char *wire = utf7_encode(name);
    g_autofree char *quoted = imap_quote(wire);
    struct imap_answer answer = {0};
    unsigned tag;
    enum st st = imap_send(look->im->session, &tag, e, "CREATE %s", quoted);

    if (st == ST_OK)
        st = imap_await(look->im->session, tag, NULL, NULL, &answer, e);
    if (st == ST_OK && answer.status == IMAP_OK) {
        /* webmail shows what is subscribed to; a refusal harms nothing */
        st = imap_send(look->im->session, &tag, e, "SUBSCRIBE %s", quoted);
        imap_answer_clear(&answer);
        if (st == ST_OK)
            st = imap_await(look->im->session, tag, NULL, NULL, &answer, e);
    } else if (st == ST_OK) {
        g_free(*refusal_out);
        *refusal_out = g_strdup(answer.text);
    }
    imap_answer_clear(&answer);
    return st;
}

/* Make every missing folder below this parent, then look what came of it. */
static enum st
create_missing(struct looking *look, const char *parent, char **refusal_out,
               struct err *e)
{
    enum st st = ST_OK;

    for (int f = FOLDER_INBOX + 1; f < FOLDER_COUNT && st == ST_OK; f++)
        if (!look->im->folders[f])
            st = create(look, parent, (enum folder)f, refusal_out, e);
    return st == ST_OK ? list_again(look, e) : st;
}

static enum st
settle(struct looking *look, struct err *e)
{
    g_autofree char *refusal = NULL;
    enum folder missing = first_missing(look->im);

    for (size_t i = 0; i < G_N_ELEMENTS(parents) && missing != FOLDER_COUNT;
         i++) {
        enum st st = ST_OK;

        if (look->delimiter || !*parents[i])
            st = create_missing(look, parents[i], &refusal, e);
        if (st != ST_OK)
            return st;
        missing = first_missing(look->im);
    }
    if (missing == FOLDER_COUNT)
        return ST_OK;
    return err_set(e, ST_RETRY, EXIT_UNAVAILABLE,
                   "%s will not make the folder %s (%s); please make it in "
                   "the webmail",
                   look->im->url.host, folder_name(missing),
                   refusal ? refusal : "it does not show it");
}

enum st
imap_folders_ask(struct imap *im, unsigned *tag_out, struct err *e)
{
    return imap_send(im->session, tag_out, e, "LIST \"\" \"*\"");
}

enum st
imap_folders_settle(struct imap *im, unsigned tag, struct err *e)
{
    struct looking look = {.im = im};
    struct imap_answer answer = {0};
    enum st st;

    for (int f = 0; f < FOLDER_COUNT; f++)
        g_clear_pointer(&im->folders[f], g_free);
    st = imap_await(im->session, tag, note_folder, &look, &answer, e);
    if (st == ST_OK && answer.status != IMAP_OK)
        st = imap_refused("LIST", &answer, e);
    imap_answer_clear(&answer);
    return st == ST_OK ? settle(&look, e) : st;
}

enum st
imap_folders_find(struct imap *im, struct err *e)
{
    unsigned tag;
    enum st st = imap_folders_ask(im, &tag, e);

    return st == ST_OK ? imap_folders_settle(im, tag, e) : st;
}

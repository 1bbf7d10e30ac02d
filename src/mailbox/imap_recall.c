/* imap_recall.c - bring back into the inbox what our folders hold, from an
 * instant on: the register that knew it is gone. */
#include "mailbox/imap.h"

enum { NEWEST = 20000 }; /* of a folder; older mail is not looked at */

struct recall {
    gint64 since;
    guint32 count;
    GArray *uids; /* ascending, as the server gives them */
};

static enum st
note(const struct imap_response *r, const GPtrArray *literals, void *user,
     struct err *e)
{
    struct recall *c = user;

    (void)literals;
    (void)e;
    if (r->kind == IMAP_EXISTS)
        c->count = r->number;
    if (r->kind == IMAP_FETCH && r->uid && r->received >= c->since)
        g_array_append_val(c->uids, r->uid);
    return ST_OK;
}

static enum st
find(struct imap *im, enum folder f, struct recall *c, struct err *e)
{
    g_autofree char *name = imap_quote(im->folders[f]);
    enum st st;

    imap_set_state(im->session, IMAP_ELSEWHERE);
    c->count = 0;
    st = imap_run(im->session, note, c, e, "SELECT %s", name);
    if (st != ST_OK || c->count == 0)
        return st;
    return imap_run(im->session, note, c, e, "FETCH %u:%u (UID INTERNALDATE)",
                    c->count > NEWEST ? c->count - NEWEST + 1 : 1, c->count);
}

static enum st
bring(struct imap *im, const char *set, struct err *e)
{
    enum st st;

    if (imap_facts(im->session)->capabilities & IMAP_CAN_MOVE)
        return imap_move_set(im, set, FOLDER_INBOX, e);
    st = imap_copy_set(im, set, FOLDER_INBOX, e);
    return st == ST_OK ? imap_remove_set(im, set, e) : st;
}

static enum st
recall_from(struct imap *im, enum folder f, gint64 since, guint *n_out,
            struct err *e)
{
    g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
    struct recall c = {.since = since, .uids = uids};
    enum st st = find(im, f, &c, e);

    for (guint n = 0; st == ST_OK && n < uids->len;) {
        g_autoptr(GString) set = g_string_new(NULL);

        n += imap_set_append(set, &g_array_index(uids, guint32, n),
                             uids->len - n);
        st = bring(im, set->str, e);
    }
    if (st == ST_OK)
        *n_out += uids->len;
    return st;
}

enum st
imap_recall(struct mailbox *m, gint64 since, guint *n_out, struct err *e)
{
    struct imap *im = (struct imap *)m;
    guint n = 0;
    enum st st = imap_want_inbox(im, e);

    if (!im->folders[FOLDER_INBOX])
        im->folders[FOLDER_INBOX] = g_strdup(im->inbox);
    for (int f = FOLDER_ACCEPTED; st == ST_OK && f < FOLDER_COUNT; f++)
        st = recall_from(im, (enum folder)f, since, &n, e);
    if (st == ST_OK)
        st = imap_want_inbox(im, e);
    if (st == ST_OK)
        *n_out = n;
    return st;
}

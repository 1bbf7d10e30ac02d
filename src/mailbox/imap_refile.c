/* imap_refile.c - move a message from one of our folders to another.
 *
 * Its uid there is not known: the answer that told it may have been lost,
 * and people move mail as well.  So the folder is looked at: the sizes of
 * its newest messages are asked for, and of those with the right size the
 * content is compared, by its hash.  Where the program has never seen the
 * content, size and time of receipt must be those of one message only.
 *
 * Without MOVE a copy that was cut short may lie in the target already;
 * there it is looked for first, in the same way.
 *
 * What is marked \Deleted is not there: somebody has deleted it, or it is
 * what a move of ours has left on a server without UIDPLUS.  Only the rest
 * of a move that was cut short behind its copy is removed for good. */
#include "mailbox/imap.h"

struct search {
    const struct message_sought *sought;
    gboolean deleted;  /* is it marked so? */
    GArray *uids;      /* of the right size */
    GArray *same_time; /* and received at that instant */
    char *sha256;      /* of the one that is being compared */
};

static enum st
note_candidate(const struct imap_response *r, const GPtrArray *literals,
               void *user, struct err *e)
{
    struct search *s = user;

    (void)literals;
    (void)e;
    if (r->kind != IMAP_FETCH || !r->uid || !r->has_size ||
        r->size != s->sought->size || r->deleted != s->deleted)
        return ST_OK;
    g_array_append_val(s->uids, r->uid);
    if (r->received == s->sought->received)
        g_array_append_val(s->same_time, r->uid);
    return ST_OK;
}

/* ---- is it this one? ---- */

static enum st
note_hash(const struct imap_response *r, const GPtrArray *literals, void *user,
          struct err *e)
{
    struct search *s = user;
    const GByteArray *data;

    (void)e;
    if (r->kind != IMAP_FETCH || r->body != IMAP_BODY_LITERAL)
        return ST_OK;
    data = g_ptr_array_index(literals, r->body_literal);
    g_free(s->sha256);
    s->sha256 =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, data->data, data->len);
    return ST_OK;
}

static enum st
compare(struct imap *im, struct search *s, guint32 uid, gboolean *same_out,
        struct err *e)
{
    const struct message_sought *m = s->sought;
    gboolean whole = m->size <= m->size_limit;
    enum st st;

    imap_set_literal_limit(im->session, whole ? (size_t)m->size_limit
                                              : MAILBOX_HEADER_LIMIT);
    g_clear_pointer(&s->sha256, g_free);
    st = whole ? imap_run(im->session, note_hash, s, e,
                          "UID FETCH %u (UID BODY.PEEK[])", uid)
               : imap_run(im->session, note_hash, s, e,
                          "UID FETCH %u (UID BODY.PEEK[HEADER]<0.%d>)", uid,
                          MAILBOX_HEADER_LIMIT);
    *same_out = g_strcmp0(s->sha256, m->sha256) == 0;
    return st;
}

static enum st
choose(struct imap *im, struct search *s, guint32 *uid_out, struct err *e)
{
    enum st st = ST_OK;

    if (!s->sought->sha256) {
        if (s->same_time->len == 1)
            *uid_out = g_array_index(s->same_time, guint32, 0);
        return ST_OK;
    }
    for (guint n = 0; st == ST_OK && !*uid_out && n < s->uids->len; n++) {
        guint32 uid = g_array_index(s->uids, guint32, n);
        gboolean same = FALSE;

        st = compare(im, s, uid, &same, e);
        if (same)
            *uid_out = uid;
    }
    return st;
}

/* What staff decide about is not old.  Leaves the folder selected.  *uid_out 0:
 * it is not there. */
static enum st
find_in(struct imap *im, enum folder f, const struct message_sought *sought,
        gboolean deleted, guint32 *uid_out, struct err *e)
{
    g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GArray) same_time = g_array_new(FALSE, FALSE, sizeof(guint32));
    struct search s = {.sought = sought,
                       .deleted = deleted,
                       .uids = uids,
                       .same_time = same_time};
    enum st st =
        imap_newest(im, "SELECT", f, "UID FLAGS INTERNALDATE RFC822.SIZE",
                    note_candidate, &s, e);

    *uid_out = 0;
    if (st == ST_OK)
        st = choose(im, &s, uid_out, e);
    g_free(s.sha256);
    return st;
}

/* ---- moving ---- */

static enum st
transfer(struct imap *im, guint32 uid, enum folder to, gboolean copied,
         struct err *e)
{
    g_autofree char *set = g_strdup_printf("%u", uid);
    enum st st = ST_OK;

    if (imap_facts(im->session)->capabilities & IMAP_CAN_MOVE)
        return imap_move_set(im, set, to, e);
    if (!copied)
        st = imap_copy_set(im, set, to, e);
    return st == ST_OK ? imap_remove_set(im, set, e) : st;
}

enum st
imap_refile(struct mailbox *m, const struct message_sought *sought,
            enum folder from, enum folder to, gboolean *found_out,
            struct err *e)
{
    struct imap *im = (struct imap *)m;
    guint32 uid = 0, copied = 0;
    enum st st = imap_want_inbox(im, e);

    if (st == ST_OK && !(imap_facts(im->session)->capabilities & IMAP_CAN_MOVE))
        st = find_in(im, to, sought, FALSE, &copied, e);
    if (st == ST_OK)
        st = find_in(im, from, sought, FALSE, &uid, e);
    if (st == ST_OK && !uid && copied)
        st = find_in(im, from, sought, TRUE, &uid, e);
    if (st == ST_OK && uid)
        st = transfer(im, uid, to, copied != 0, e);
    if (st == ST_OK)
        *found_out = uid != 0;
    return st;
}

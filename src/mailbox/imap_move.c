/* imap_move.c - move messages out of the inbox, so that doing it twice, or
 * being killed in the middle and doing it again, leaves one of each.
 *
 * MOVE does it in one command, each message at one instant (RFC 6851).
 * Servers without it: imap_copy.c. */
#include "mailbox/imap.h"

#include "base/step.h"

enum { MOVE_MESSAGES = 500 };

static enum st
note_uid(const struct imap_response *r, const GPtrArray *literals, void *user,
         struct err *e)
{
    gboolean *found = user;

    (void)literals;
    (void)e;
    *found |= r->kind == IMAP_FETCH && r->uid != 0;
    return ST_OK;
}

/* A refusal: was the folder removed, or are the messages gone? */
static enum st
after_refusal(struct imap *im, const char *set, const struct imap_answer *why,
              gboolean *again_out, struct err *e)
{
    gboolean found = FALSE;
    enum st st =
        imap_run(im->session, note_uid, &found, e, "UID FETCH %s (UID)", set);

    if (st != ST_OK || !found)
        return st;
    if (!*again_out || why->code != IMAP_CODE_TRYCREATE) {
        *again_out = FALSE;
        return imap_refused("UID MOVE", why, e);
    }
    return imap_folders_find(im, e);
}

static enum st
move_set(struct imap *im, const char *set, enum folder to, gboolean may_repeat,
         struct err *e)
{
    g_autofree char *folder = imap_quote(im->folders[to]);
    struct imap_answer answer = {0};
    gboolean again = may_repeat;
    unsigned tag;
    enum st st;

    step("imap-move");
    st = imap_send(im->session, &tag, e, "UID MOVE %s %s", set, folder);
    step("imap-move-sent");
    if (st == ST_OK)
        st = imap_await(im->session, tag, NULL, NULL, &answer, e);
    step("imap-moved");
    if (st == ST_OK && answer.status != IMAP_OK)
        st = after_refusal(im, set, &answer, &again, e);
    else
        again = FALSE;
    imap_answer_clear(&answer);
    return st == ST_OK && again ? move_set(im, set, to, FALSE, e) : st;
}

enum st
imap_move_set(struct imap *im, const char *set, enum folder to, struct err *e)
{
    return move_set(im, set, to, TRUE, e);
}

static enum st
move_some(struct imap *im, const guint32 *uids, guint n, enum folder to,
          struct err *e)
{
    g_autoptr(GString) set = NULL;

    if (!(imap_facts(im->session)->capabilities & IMAP_CAN_MOVE))
        return imap_copy_all(im, uids, n, to, e);
    set = g_string_new(NULL);
    imap_set_append(set, uids, n);
    return imap_move_set(im, set->str, to, e);
}

static int
by_number(gconstpointer a, gconstpointer b)
{
    guint32 ua = *(const guint32 *)a, ub = *(const guint32 *)b;

    return (ua > ub) - (ua < ub);
}

/* The uids, ascending; ST_REJECT when one is of another numbering. */
static enum st
take_uids(const struct imap *im, const GArray *refs, GArray *uids,
          struct err *e)
{
    for (guint i = 0; i < refs->len; i++) {
        const struct message_ref *ref =
            &g_array_index(refs, struct message_ref, i);

        if (ref->validity != im->seen_validity)
            return err_set(e, ST_REJECT, EXIT_UNAVAILABLE,
                           "message %u is of a numbering (%u) that the "
                           "mailbox no longer has (%u)",
                           ref->uid, ref->validity, im->seen_validity);
        g_array_append_val(uids, ref->uid);
    }
    g_array_sort(uids, by_number);
    return ST_OK;
}

enum st
imap_move_all(struct mailbox *m, const GArray *refs, enum folder to,
              struct err *e)
{
    struct imap *im = (struct imap *)m;
    g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
    enum st st = imap_want_inbox(im, e);

    if (st == ST_OK)
        st = take_uids(im, refs, uids, e);
    for (guint i = 0; i < uids->len && st == ST_OK;) {
        const guint32 *from = &g_array_index(uids, guint32, i);
        g_autoptr(GString) set = g_string_new(NULL);
        guint n = imap_set_append(set, from, MIN(uids->len - i, MOVE_MESSAGES));

        st = move_some(im, from, n, to, e);
        i += n;
    }
    return st;
}

/* imap_list.c - what is in the inbox: numbers, times and sizes.
 *
 * Uids are asked about window by window.  The first window can be asked for
 * behind SELECT (expect(), imap_list_ask()): it needs nothing that SELECT
 * answers, and so costs no round trip of its own. */
#include "mailbox/imap.h"

/* A window of uids that one command asks about; it doubles while hardly
 * anything is in it, since uids may have wide gaps. */
enum { WINDOW_FIRST = 5000, WINDOW_SPARSE = 1000 };

struct imap_listing {
    guint32 after;     /* what lies below was not asked for */
    GArray *refs;      /* of struct message_ref */
    GHashTable *known; /* uids in refs: a server may say a thing twice */
    guint32 first, last;
};
typedef struct imap_listing imap_listing;

static struct imap_listing *
listing_new(guint32 after)
{
    struct imap_listing *l = g_new0(struct imap_listing, 1);

    l->after = l->last = after;
    l->refs = g_array_new(FALSE, FALSE, sizeof(struct message_ref));
    l->known = g_hash_table_new(NULL, NULL);
    return l;
}

static void
listing_free(struct imap_listing *l)
{
    g_array_unref(l->refs);
    g_hash_table_unref(l->known);
    g_free(l);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(imap_listing, listing_free)

static void
note_ref(struct imap_listing *l, const struct imap_response *r,
         guint32 validity)
{
    struct message_ref ref = {.validity = validity,
                              .uid = r->uid,
                              .received = r->received,
                              .size = r->size};

    if (r->kind == IMAP_FETCH && r->has_size && r->uid >= l->first &&
        r->uid <= l->last &&
        g_hash_table_add(l->known, GUINT_TO_POINTER(r->uid)))
        g_array_append_val(l->refs, ref);
}

/* ---- ahead of the answer to SELECT ---- */

void
imap_expect(struct mailbox *m, guint32 after)
{
    struct imap *im = (struct imap *)m;

    im->expecting = TRUE;
    im->expected_after = after;
}

void
imap_list_forget(struct imap *im)
{
    g_clear_pointer(&im->ahead, listing_free);
}

/* The last uid of a window that begins at `from` and ends by `end`. */
static guint32
window_end(guint64 from, guint64 width, guint32 end)
{
    return (guint32)MIN(from + width - 1, end);
}

enum st
imap_list_ask(struct imap *im, unsigned *tag_out, struct err *e)
{
    struct imap_listing *l;

    *tag_out = 0;
    imap_list_forget(im);
    if (!im->expecting || im->expected_after == G_MAXUINT32)
        return ST_OK;
    im->expecting = FALSE;
    l = im->ahead = listing_new(im->expected_after);
    l->first = l->after + 1;
    l->last = window_end(l->first, WINDOW_FIRST, G_MAXUINT32);
    return imap_send(im->session, tag_out, e,
                     "UID FETCH %u:%u (UID INTERNALDATE RFC822.SIZE)", l->first,
                     l->last);
}

void
imap_list_note(struct imap *im, const struct imap_response *r)
{
    if (im->ahead)
        note_ref(im->ahead, r, imap_facts(im->session)->validity);
}

/* ---- asking ---- */

struct listed {
    struct imap *im;
    struct imap_listing *l;
};

static enum st
note_listed(const struct imap_response *r, const GPtrArray *literals,
            void *user, struct err *e)
{
    struct listed *s = user;

    (void)literals;
    (void)e;
    note_ref(s->l, r, imap_facts(s->im->session)->validity);
    return ST_OK;
}

static enum st
note_lowest(const struct imap_response *r, const GPtrArray *literals,
            void *user, struct err *e)
{
    guint32 *lowest = user;

    (void)literals;
    (void)e;
    if (r->kind == IMAP_FETCH && r->number == 1 && r->uid)
        *lowest = r->uid;
    return ST_OK;
}

/* Windows ascend (QQ's servers refuse others), and their last one ends where
 * the mailbox did when it was selected. */
static enum st
list_windows(struct listed *s, guint64 from, guint32 end, struct err *e)
{
    struct imap_listing *l = s->l;
    guint64 width = WINDOW_FIRST;
    enum st st = ST_OK;

    while (from <= end && st == ST_OK) {
        guint before = l->refs->len;

        l->first = (guint32)from;
        l->last = window_end(from, width, end);
        st = imap_run(s->im->session, note_listed, s, e,
                      "UID FETCH %u:%u (UID INTERNALDATE RFC822.SIZE)",
                      l->first, l->last);
        if (l->refs->len - before < WINDOW_SPARSE)
            width *= 2;
        from = (guint64)l->last + 1;
    }
    return st;
}

/* Without UIDNEXT, which a server may leave out, the end is `*`: then the
 * last message is given even if it lies before the range. */
static enum st
list_to_end(struct listed *s, guint32 first, struct err *e)
{
    s->l->first = first;
    s->l->last = G_MAXUINT32;
    return imap_run(s->im->session, note_listed, s, e,
                    "UID FETCH %u:* (UID INTERNALDATE RFC822.SIZE)", first);
}

/* What lies behind the window that was asked last. */
static enum st
list_rest(struct listed *s, struct err *e)
{
    const struct imap_facts *facts = imap_facts(s->im->session);
    guint32 from, lowest = 0;
    enum st st = ST_OK;

    if (facts->exists == 0 || s->l->last == G_MAXUINT32)
        return ST_OK;
    from = s->l->last + 1;
    if (facts->uidnext == 0)
        return list_to_end(s, from, e);
    if (s->l->after == 0 && s->l->refs->len == 0 &&
        facts->uidnext > WINDOW_FIRST)
        st = imap_run(s->im->session, note_lowest, &lowest, e, "FETCH 1 (UID)");
    if (st != ST_OK)
        return st;
    return list_windows(s, MAX(from, lowest), facts->uidnext - 1, e);
}

/* What was asked ahead, if it began where we want to begin. */
static struct imap_listing *
begin_listing(struct imap *im, guint32 after)
{
    if (im->ahead && im->ahead->after == after)
        return g_steal_pointer(&im->ahead);
    imap_list_forget(im);
    return listing_new(after);
}

static int
by_uid(gconstpointer a, gconstpointer b)
{
    guint32 ua = ((const struct message_ref *)a)->uid;
    guint32 ub = ((const struct message_ref *)b)->uid;

    return (ua > ub) - (ua < ub);
}

static void
give_refs(struct imap *im, GArray *refs, GArray *refs_out)
{
    g_array_sort(refs, by_uid);
    if (refs->len > 0)
        im->seen_uid =
            MAX(im->seen_uid,
                g_array_index(refs, struct message_ref, refs->len - 1).uid);
    g_array_append_vals(refs_out, refs->data, refs->len);
}

enum st
imap_list(struct mailbox *m, guint32 validity, guint32 after, GArray *refs_out,
          struct err *e)
{
    struct imap *im = (struct imap *)m;
    g_autoptr(imap_listing) l = NULL;
    enum st st = imap_want_inbox(im, e);

    if (st == ST_OK && !im->fresh)
        st = imap_select(im, e);
    if (st != ST_OK)
        return st;
    im->fresh = FALSE;
    if (validity == im->seen_validity) {
        im->seen_uid = MAX(im->seen_uid, after);
        st = imap_check_numbering(im, e);
    } else {
        after = 0;
    }
    l = begin_listing(im, after);
    if (st == ST_OK)
        st = list_rest(&(struct listed){im, l}, e);
    if (st == ST_OK)
        give_refs(im, l->refs, refs_out);
    return st;
}

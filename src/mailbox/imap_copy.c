/* imap_copy.c - move on servers without MOVE: COPY, then \Deleted, then
 * UID EXPUNGE; without UIDPLUS the message stays behind, marked \Deleted,
 * for a bare EXPUNGE would remove what other people have marked.
 *
 * A program killed behind COPY comes back and must not copy again.  No
 * answer of that COPY is left, so the target itself is looked at: once a
 * session, before the first copy, the sizes of its newest messages are
 * noted; a message with a size that is there is compared, header by header,
 * with those of that size.  Neither SEARCH (weak at NetEase's) nor
 * Message-IDs (missing, repeated) are needed.  What is marked \Deleted there
 * is no copy: somebody's next EXPUNGE takes it away. */
#include "mailbox/imap.h"

#include "base/step.h"

#include <string.h>

/* ---- what the target holds ---- */

static void
drop_uids(gpointer p)
{
    g_array_unref(p);
}

static enum st
note_size(const struct imap_response *r, const GPtrArray *literals, void *user,
          struct err *e)
{
    GHashTable *sizes = user;
    GArray *uids;

    (void)literals;
    (void)e;
    if (r->kind != IMAP_FETCH || !r->uid || !r->has_size)
        return ST_OK;
    uids = g_hash_table_lookup(sizes, GUINT_TO_POINTER(r->size));
    if (!uids) {
        uids = g_array_new(FALSE, FALSE, sizeof(guint32));
        g_hash_table_insert(sizes, GUINT_TO_POINTER(r->size), uids);
    }
    g_array_append_val(uids, r->uid);
    return ST_OK;
}

static enum st
note_copy(const struct imap_response *r, const GPtrArray *literals, void *user,
          struct err *e)
{
    return r->deleted ? ST_OK : note_size(r, literals, user, e);
}

/* A copy that was cut short is among the newest. */
static enum st
note_sizes(struct imap *im, enum folder f, struct err *e)
{
    g_autoptr(GHashTable) sizes =
        g_hash_table_new_full(NULL, NULL, NULL, drop_uids);
    enum st st = imap_newest(im, "EXAMINE", f, "UID FLAGS RFC822.SIZE",
                             note_copy, sizes, e);

    if (st == ST_OK)
        im->copies[f] = g_steal_pointer(&sizes);
    return st;
}

void
imap_copies_forget(struct imap *im)
{
    for (int f = 0; f < FOLDER_COUNT; f++)
        g_clear_pointer(&im->copies[f], g_hash_table_unref);
    g_clear_pointer(&im->copied, g_hash_table_unref);
}

/* ---- is a message among them? ---- */

struct comparison {
    GByteArray *header; /* of the message in the inbox; NULL until read */
    gboolean same;
};

static enum st
keep_header(const struct imap_response *r, const GPtrArray *literals,
            void *user, struct err *e)
{
    struct comparison *c = user;

    (void)e;
    if (r->kind == IMAP_FETCH && r->body == IMAP_BODY_LITERAL && !c->header)
        c->header =
            g_byte_array_ref(g_ptr_array_index(literals, r->body_literal));
    return ST_OK;
}

static enum st
compare_header(const struct imap_response *r, const GPtrArray *literals,
               void *user, struct err *e)
{
    struct comparison *c = user;
    const GByteArray *other;

    (void)e;
    if (r->kind != IMAP_FETCH || r->body != IMAP_BODY_LITERAL)
        return ST_OK;
    other = g_ptr_array_index(literals, r->body_literal);
    c->same |= other->len == c->header->len &&
               memcmp(other->data, c->header->data, other->len) == 0;
    return ST_OK;
}

static enum st
compare_all(struct imap *im, struct comparison *c, const GArray *candidates,
            struct err *e)
{
    enum st st = ST_OK;

    for (guint i = 0; i < candidates->len && st == ST_OK && !c->same;) {
        g_autoptr(GString) set = g_string_new(NULL);

        i += imap_set_append(set, &g_array_index(candidates, guint32, i),
                             candidates->len - i);
        st = imap_run(im->session, compare_header, c, e,
                      "UID FETCH %s (UID BODY.PEEK[HEADER]<0.%d>)", set->str,
                      MAILBOX_HEADER_LIMIT);
    }
    return st;
}

/* Leaves the inbox selected. */
static enum st
is_copied(struct imap *im, guint32 uid, const GArray *candidates,
          enum folder to, gboolean *out, struct err *e)
{
    struct comparison c = {0};
    guint32 count;
    enum st st;

    imap_set_literal_limit(im->session, MAILBOX_HEADER_LIMIT);
    st = imap_run(im->session, keep_header, &c, e,
                  "UID FETCH %u (UID BODY.PEEK[HEADER]<0.%d>)", uid,
                  MAILBOX_HEADER_LIMIT);
    if (st == ST_OK && c.header)
        st = imap_enter(im, "EXAMINE", to, &count, e);
    if (st == ST_OK && c.header)
        st = compare_all(im, &c, candidates, e);
    if (st == ST_OK)
        st = imap_want_inbox(im, e);
    if (c.header)
        g_byte_array_unref(c.header);
    *out = c.same;
    return st;
}

/* ---- moving ---- */

/* The messages of the inbox that are still there, as size -> uids. */
static enum st
still_there(struct imap *im, const char *set, GHashTable *sizes, struct err *e)
{
    return imap_run(im->session, note_size, sizes, e,
                    "UID FETCH %s (UID RFC822.SIZE)", set);
}

static int
by_number(gconstpointer a, gconstpointer b)
{
    guint32 ua = *(const guint32 *)a, ub = *(const guint32 *)b;

    return (ua > ub) - (ua < ub);
}

/* Of the messages that are there, which must be copied? */
static enum st
sort_out(struct imap *im, GHashTable *sizes, enum folder to, GArray *there,
         GArray *uncopied, struct err *e)
{
    GHashTableIter iter;
    gpointer size, value;

    g_hash_table_iter_init(&iter, sizes);
    while (g_hash_table_iter_next(&iter, &size, &value)) {
        const GArray *uids = value;
        const GArray *same = g_hash_table_lookup(im->copies[to], size);

        g_array_append_vals(there, uids->data, uids->len);
        for (guint i = 0; i < uids->len; i++) {
            guint32 uid = g_array_index(uids, guint32, i);
            gboolean copied =
                g_hash_table_contains(im->copied, GUINT_TO_POINTER(uid));
            enum st st = ST_OK;

            if (same && !copied)
                st = is_copied(im, uid, same, to, &copied, e);

            if (st != ST_OK)
                return st;
            if (!copied)
                g_array_append_val(uncopied, uid);
        }
    }
    g_array_sort(there, by_number);
    g_array_sort(uncopied, by_number);
    return ST_OK;
}

/* A copy takes the flags along (RFC 3501, 6.4.7), and under new numbers what
 * an earlier program left behind marked \Deleted is met again. */
enum st
imap_copy_set(struct imap *im, const char *set, enum folder to, struct err *e)
{
    g_autofree char *folder = imap_quote(im->folders[to]);
    enum st st;

    step("imap-copy");
    st = imap_run(im->session, NULL, NULL, e,
                  "UID STORE %s -FLAGS.SILENT (\\Deleted)", set);
    if (st == ST_OK)
        st =
            imap_run(im->session, NULL, NULL, e, "UID COPY %s %s", set, folder);
    step("imap-copied");
    return st;
}

enum st
imap_remove_set(struct imap *im, const char *set, struct err *e)
{
    enum st st = imap_run(im->session, NULL, NULL, e,
                          "UID STORE %s +FLAGS.SILENT (\\Deleted)", set);

    step("imap-marked");
    if (st == ST_OK &&
        (imap_facts(im->session)->capabilities & IMAP_CAN_UIDPLUS)) {
        st = imap_run(im->session, NULL, NULL, e, "UID EXPUNGE %s", set);
        step("imap-expunged");
    }
    return st;
}

/* Copy, or else remove, all of the uids in as many sets as that takes. */
static enum st
for_sets(struct imap *im, const GArray *uids, enum folder to, gboolean copy,
         struct err *e)
{
    enum st st = ST_OK;

    for (guint i = 0; i < uids->len && st == ST_OK;) {
        g_autoptr(GString) set = g_string_new(NULL);

        i += imap_set_append(set, &g_array_index(uids, guint32, i),
                             uids->len - i);
        st = copy ? imap_copy_set(im, set->str, to, e)
                  : imap_remove_set(im, set->str, e);
    }
    return st;
}

/* What is copied stays copied, whatever becomes of the steps that follow:
 * without UIDPLUS the message is still in the inbox afterwards. */
static enum st
copy_these(struct imap *im, const GArray *uids, enum folder to, struct err *e)
{
    enum st st = for_sets(im, uids, to, TRUE, e);

    for (guint i = 0; i < uids->len && st == ST_OK; i++)
        g_hash_table_add(im->copied,
                         GUINT_TO_POINTER(g_array_index(uids, guint32, i)));
    return st;
}

enum st
imap_copy_all(struct imap *im, const guint32 *uids, guint n, enum folder to,
              struct err *e)
{
    g_autoptr(GHashTable) sizes =
        g_hash_table_new_full(NULL, NULL, NULL, drop_uids);
    g_autoptr(GArray) there = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GArray) uncopied = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GString) set = g_string_new(NULL);
    enum st st = im->copies[to] ? ST_OK : note_sizes(im, to, e);

    if (!im->copied)
        im->copied = g_hash_table_new(NULL, NULL);
    imap_set_append(set, uids, n);
    if (st == ST_OK)
        st = imap_want_inbox(im, e);
    if (st == ST_OK)
        st = still_there(im, set->str, sizes, e);
    if (st == ST_OK)
        st = sort_out(im, sizes, to, there, uncopied, e);
    if (st == ST_OK)
        st = copy_these(im, uncopied, to, e);
    if (st == ST_OK)
        st = for_sets(im, there, to, FALSE, e);
    return st;
}

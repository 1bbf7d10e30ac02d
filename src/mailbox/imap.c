/* imap.c - the IMAP driver: logging in, and what is in the inbox. */
#include "mailbox/imap.h"

#include "mailbox/utf7.h"

#include <stdio.h>
#include <string.h>

/* A window of uids that one command asks about; it doubles while hardly
 * anything is in it, since uids may have wide gaps. */
enum { WINDOW_FIRST = 5000, WINDOW_SPARSE = 1000 };

guint
imap_set_append(GString *out, const guint32 *uids, guint n)
{
    gsize start = out->len;
    guint i = 0;

    while (i < n && out->len - start < IMAP_SET_BYTES - 22) {
        guint j = i;

        while (j + 1 < n && uids[j + 1] == uids[j] + 1)
            j++;
        g_string_append_printf(out, i ? ",%u" : "%u", uids[i]);
        if (j > i)
            g_string_append_printf(out, ":%u", uids[j]);
        i = j + 1;
    }
    return i;
}

/* ---- opening ---- */

/* NetEase's servers (163, 126, and those of its customers) take no SELECT
 * from a client that has not said who it is. */
static enum st
send_id(struct imap *im, unsigned *tag_out, struct err *e)
{
    if (!(imap_facts(im->session)->capabilities & IMAP_CAN_ID)) {
        *tag_out = 0;
        return ST_OK;
    }
    return imap_send(im->session, tag_out, e,
                     "ID (\"name\" \"baosong\" \"version\" \"1\" \"vendor\" "
                     "\"baosong\")");
}

static enum st
send_capability(struct imap *im, unsigned *tag_out, struct err *e)
{
    if (imap_facts(im->session)->capabilities_known) {
        *tag_out = 0;
        return ST_OK;
    }
    return imap_send(im->session, tag_out, e, "CAPABILITY");
}

/* Some answer that changes nothing when it is NO. */
static enum st
await_any(struct imap *im, unsigned tag, struct err *e)
{
    struct imap_answer answer = {0};
    enum st st;

    if (tag == 0)
        return ST_OK;
    st = imap_await(im->session, tag, NULL, NULL, &answer, e);
    imap_answer_clear(&answer);
    return st;
}

static enum st
check_numbering(struct imap *im, struct err *e)
{
    const struct imap_facts *facts = imap_facts(im->session);

    if (facts->validity == 0)
        return err_set(e, ST_FATAL, EXIT_UNAVAILABLE,
                       "%s gives its messages no lasting numbers "
                       "(UIDVALIDITY 0); the mailbox cannot be used safely, "
                       "please ask its provider",
                       im->url.host);
    if (facts->validity != im->seen_validity) {
        im->seen_validity = facts->validity;
        im->seen_uid = 0;
    }
    if (facts->uidnext && facts->uidnext <= im->seen_uid)
        return err_set(e, ST_FATAL, EXIT_UNAVAILABLE,
                       "%s numbers new messages from %u although %u was seen: "
                       "the mailbox was put back to an older state; please "
                       "ask its provider",
                       im->url.host, facts->uidnext, im->seen_uid);
    return ST_OK;
}

static enum st
send_select(struct imap *im, unsigned *tag_out, struct err *e)
{
    struct imap_facts *facts = imap_facts(im->session);
    g_autofree char *name = imap_quote(im->inbox);

    facts->validity = facts->uidnext = facts->exists = 0;
    imap_set_state(im->session, IMAP_SELECTED);
    return imap_send(im->session, tag_out, e, "SELECT %s", name);
}

static enum st
await_select(struct imap *im, unsigned tag, struct err *e)
{
    struct imap_answer answer = {0};
    enum st st = imap_await(im->session, tag, NULL, NULL, &answer, e);

    if (st == ST_OK && answer.status != IMAP_OK) {
        imap_set_state(im->session, IMAP_AUTHENTICATED);
        st = strstr(answer.text, "Unsafe Login")
                 ? err_set(e, ST_REJECT, EXIT_LOGIN_REFUSED,
                           "%s does not trust this program: %s; please allow "
                           "IMAP clients in the webmail's settings",
                           im->url.host, answer.text)
                 : imap_refused("SELECT", &answer, e);
    }
    imap_answer_clear(&answer);
    if (st == ST_OK)
        st = check_numbering(im, e);
    imap_facts(im->session)->news = FALSE;
    im->fresh = st == ST_OK;
    return st;
}

enum st
imap_select(struct imap *im, struct err *e)
{
    unsigned tag;
    enum st st = send_select(im, &tag, e);

    return st == ST_OK ? await_select(im, tag, e) : st;
}

enum st
imap_want_inbox(struct imap *im, struct err *e)
{
    if (!im->session)
        return err_set(e, ST_RETRY, EXIT_UNAVAILABLE,
                       "the mailbox is not connected");
    if (imap_state(im->session) == IMAP_SELECTED)
        return ST_OK;
    return imap_select(im, e);
}

/* All that is asked at the start goes out at once, for one round trip. */
static enum st
look_around(struct imap *im, struct err *e)
{
    unsigned capability, id, select, list;
    enum st st = send_capability(im, &capability, e);

    if (st == ST_OK)
        st = send_id(im, &id, e);
    if (st == ST_OK)
        st = send_select(im, &select, e);
    if (st == ST_OK)
        st = imap_folders_ask(im, &list, e);
    if (st == ST_OK)
        st = await_any(im, capability, e);
    if (st == ST_OK)
        st = await_any(im, id, e);
    if (st == ST_OK)
        st = await_select(im, select, e);
    if (st == ST_OK)
        st = imap_folders_settle(im, list, e);
    return st;
}

enum st
imap_open(struct mailbox *m, struct err *e)
{
    struct imap *im = (struct imap *)m;
    struct wire_config config = {.url = &im->url,
                                 .password = im->password,
                                 .tls_ca = im->tls_ca,
                                 .tls_none = im->tls_none,
                                 .timeout = im->timeout,
                                 .stop_fd = im->stop_fd};
    enum st st;

    imap_close(m);
    st = imap_session_open(&config, &im->session, e);
    if (st == ST_OK)
        st = look_around(im, e);
    if (st != ST_OK)
        imap_close(m);
    return st;
}

void
imap_close(struct mailbox *m)
{
    struct imap *im = (struct imap *)m;

    g_clear_pointer(&im->session, imap_session_close);
    imap_copies_forget(im);
    im->fresh = FALSE;
}

/* ---- listing ---- */

struct listing {
    struct imap *im;
    GArray *refs;      /* of struct message_ref */
    GHashTable *known; /* uids in refs: a server may say a thing twice */
    guint32 first, last;
};

static enum st
note_ref(const struct imap_response *r, const GPtrArray *literals, void *user,
         struct err *e)
{
    struct listing *l = user;
    struct message_ref ref = {0};

    (void)literals;
    (void)e;
    if (r->kind != IMAP_FETCH || !r->has_size || r->uid < l->first ||
        r->uid > l->last ||
        !g_hash_table_add(l->known, GUINT_TO_POINTER(r->uid)))
        return ST_OK;
    ref.validity = imap_facts(l->im->session)->validity;
    ref.uid = r->uid;
    ref.received = r->received;
    ref.size = r->size;
    g_array_append_val(l->refs, ref);
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
list_windows(struct listing *l, guint32 first, guint32 end, struct err *e)
{
    guint64 width = WINDOW_FIRST;
    guint64 from = first;
    enum st st = ST_OK;

    while (from <= end && st == ST_OK) {
        guint64 to = MIN(from + width - 1, end);
        guint before = l->refs->len;

        l->first = (guint32)from;
        l->last = (guint32)to;
        st = imap_run(l->im->session, note_ref, l, e,
                      "UID FETCH %u:%u (UID INTERNALDATE RFC822.SIZE)",
                      l->first, l->last);
        if (l->refs->len - before < WINDOW_SPARSE)
            width *= 2;
        from = to + 1;
    }
    return st;
}

/* Without UIDNEXT, which a server may leave out, the end is `*`: then the
 * last message is given even if it lies before the range. */
static enum st
list_to_end(struct listing *l, guint32 first, struct err *e)
{
    l->first = first;
    l->last = G_MAXUINT32;
    return imap_run(l->im->session, note_ref, l, e,
                    "UID FETCH %u:* (UID INTERNALDATE RFC822.SIZE)", first);
}

static enum st
list_from(struct listing *l, guint32 after, struct err *e)
{
    const struct imap_facts *facts = imap_facts(l->im->session);
    guint32 first = after + 1;
    enum st st = ST_OK;

    if (facts->exists == 0)
        return ST_OK;
    if (facts->uidnext == 0)
        return list_to_end(l, first, e);
    if (after == 0 && facts->uidnext > WINDOW_FIRST)
        st = imap_run(l->im->session, note_lowest, &first, e, "FETCH 1 (UID)");
    if (st != ST_OK)
        return st;
    return list_windows(l, first, facts->uidnext - 1, e);
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

static enum st
imap_list(struct mailbox *m, guint32 validity, guint32 after, GArray *refs_out,
          struct err *e)
{
    struct imap *im = (struct imap *)m;
    g_autoptr(GArray) refs =
        g_array_new(FALSE, FALSE, sizeof(struct message_ref));
    g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
    struct listing l = {.im = im, .refs = refs, .known = known};
    enum st st = imap_want_inbox(im, e);

    if (st == ST_OK && !im->fresh)
        st = imap_select(im, e);
    if (st != ST_OK)
        return st;
    im->fresh = FALSE;
    if (validity == im->seen_validity) {
        im->seen_uid = MAX(im->seen_uid, after);
        st = check_numbering(im, e);
    } else {
        after = 0;
    }
    if (st == ST_OK && after < G_MAXUINT32)
        st = list_from(&l, after, e);
    if (st == ST_OK)
        give_refs(im, refs, refs_out);
    return st;
}

/* ---- making and freeing ---- */

static void
imap_free(struct mailbox *m)
{
    struct imap *im = (struct imap *)m;

    imap_close(m);
    server_url_clear(&im->url);
    if (im->password)
        explicit_bzero(im->password, strlen(im->password));
    g_free(im->password);
    g_free(im->tls_ca);
    g_free(im->inbox);
    for (int f = 0; f < FOLDER_COUNT; f++)
        g_free(im->folders[f]);
    g_free(im);
}

static const struct mailbox_driver imap_driver = {
    .open = imap_open,
    .list = imap_list,
    .fetch = imap_fetch,
    .move = move_one,
    .move_all = imap_move_all,
    .refile = imap_refile,
    .recall = imap_recall,
    .wait = imap_wait,
    .close = imap_close,
    .free = imap_free,
};

struct mailbox *
imap_new(const struct server_url *url, const struct mailbox_config *config)
{
    struct imap *im = g_new0(struct imap, 1);

    im->base.driver = &imap_driver;
    im->url = *url;
    im->url.user = g_strdup(url->user);
    im->url.host = g_strdup(url->host);
    im->url.mailbox = g_strdup(url->mailbox);
    im->password = g_strdup(config->password);
    im->tls_ca = g_strdup(config->tls_ca);
    im->tls_none = config->tls_none;
    im->stop_fd = config->stop_fd;
    im->timeout = config->timeout ? config->timeout : TIMEOUT_DEFAULT;
    im->inbox = utf7_encode(url->mailbox);
    return &im->base;
}

/* imap.c - the IMAP driver: logging in and selecting the inbox. */
#include "mailbox/imap.h"

#include "mailbox/utf7.h"

#include <stdio.h>
#include <string.h>

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

/* The tags of what is asked at the start; 0: that was not asked. */
struct asked {
    unsigned capability, id, select, list, listing;
};

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

/* What belongs to the commands that are asked at once may come in any
 * order, whichever of their answers is awaited. */
static enum st
note_any(const struct imap_response *r, const GPtrArray *literals, void *user,
         struct err *e)
{
    (void)literals;
    (void)e;
    imap_folders_note(user, r);
    imap_list_note(user, r);
    return ST_OK;
}

/* Some answer that changes nothing when it is NO. */
static enum st
await_any(struct imap *im, unsigned tag, gboolean *is_ok_out, struct err *e)
{
    struct imap_answer answer = {0};
    enum st st;

    if (tag == 0)
        return ST_OK;
    st = imap_await(im->session, tag, note_any, im, &answer, e);
    if (st == ST_OK && is_ok_out)
        *is_ok_out = answer.status == IMAP_OK;
    imap_answer_clear(&answer);
    return st;
}

enum st
imap_check_numbering(struct imap *im, struct err *e)
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

    imap_list_forget(im);
    facts->validity = facts->uidnext = facts->exists = 0;
    imap_set_state(im->session, IMAP_SELECTED);
    return imap_send(im->session, tag_out, e, "SELECT %s", name);
}

static enum st
await_select(struct imap *im, unsigned tag, struct err *e)
{
    struct imap_answer answer = {0};
    enum st st = imap_await(im->session, tag, note_any, im, &answer, e);

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
        st = imap_check_numbering(im, e);
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

/* A listing that was refused tells nothing: list() will ask by itself. */
static enum st
await_listing(struct imap *im, unsigned tag, struct err *e)
{
    gboolean is_ok = FALSE;
    enum st st = await_any(im, tag, &is_ok, e);

    if (!is_ok)
        imap_list_forget(im);
    return st;
}

/* Everything that the start asks, the first listing included, goes out at
 * once, for one round trip. */
static enum st
ask_all(struct imap *im, struct asked *tags, struct err *e)
{
    enum st st = send_capability(im, &tags->capability, e);

    if (st == ST_OK)
        st = send_id(im, &tags->id, e);
    if (st == ST_OK)
        st = send_select(im, &tags->select, e);
    if (st == ST_OK)
        st = imap_folders_ask(im, &tags->list, e);
    return st == ST_OK ? imap_list_ask(im, &tags->listing, e) : st;
}

static enum st
look_around(struct imap *im, struct err *e)
{
    struct asked tags;
    enum st st = ask_all(im, &tags, e);

    if (st == ST_OK)
        st = await_any(im, tags.capability, NULL, e);
    if (st == ST_OK)
        st = await_any(im, tags.id, NULL, e);
    if (st == ST_OK)
        st = await_select(im, tags.select, e);
    if (st == ST_OK)
        st = imap_folders_await(im, tags.list, note_any, e);
    if (st == ST_OK)
        st = await_listing(im, tags.listing, e);
    return st == ST_OK ? imap_folders_settle(im, e) : st;
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
    imap_list_forget(im);
    im->fresh = FALSE;
}

static guint32
imap_validity(const struct mailbox *m)
{
    return ((const struct imap *)m)->seen_validity;
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
    .expect = imap_expect,
    .open = imap_open,
    .list = imap_list,
    .validity = imap_validity,
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

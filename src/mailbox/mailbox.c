/* mailbox.c - choose a driver by the words of the configuration, and the
 * little that drivers share. */
#include "mailbox/mailbox.h"

#include "mailbox/driver.h"

#include <string.h>

static const char *const folder_names[FOLDER_COUNT] = {
    [FOLDER_INBOX] = "INBOX",     [FOLDER_ACCEPTED] = "已受理",
    [FOLDER_RETURNED] = "已退回", [FOLDER_IGNORED] = "已忽略",
    [FOLDER_HELD] = "待处理",
};

const char *
folder_name(enum folder f)
{
    return folder_names[f];
}

void
message_ref_clear(struct message_ref *ref)
{
    g_clear_pointer(&ref->key, g_free);
}

GArray *
message_refs_new(void)
{
    GArray *refs = g_array_new(FALSE, TRUE, sizeof(struct message_ref));

    g_array_set_clear_func(refs, (GDestroyNotify)message_ref_clear);
    return refs;
}

size_t
header_length(const guint8 *data, size_t len)
{
    const guint8 *p = data, *end = data + len;

    while (p < end) {
        const guint8 *nl = memchr(p, '\n', (size_t)(end - p));

        if (!nl)
            break;
        if (nl == p || (nl == p + 1 && *p == '\r'))
            return (size_t)(nl + 1 - data);
        p = nl + 1;
    }
    return len;
}

enum st
move_one(struct mailbox *m, const struct message_ref *ref, enum folder to,
         struct err *e)
{
    g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof *ref);

    g_array_append_vals(one, ref, 1);
    return m->driver->move_all(m, one, to, e);
}

/* Plain text is for this very machine; everywhere else TLS is demanded. */
static enum st
may_use(const struct server_url *url, gboolean tls_none, struct err *e)
{
    if (!tls_none || server_url_is_loopback(url))
        return ST_OK;
    return err_set(e, ST_FATAL, EXIT_CONFIGURATION,
                   "tls: none is only for a server on this machine, not for "
                   "%s; please remove it from the configuration",
                   url->host);
}

/* A URL that is of use here: read, of the right kind, safe. */
static enum st
server_for(const char *text, gboolean incoming, gboolean tls_none,
           struct server_url *out, struct err *e)
{
    struct server_url url;
    gboolean is_imap;

    if (server_url_parse(text, &url, e) != ST_OK)
        return ST_FATAL;
    is_imap = url.scheme == SCHEME_IMAP || url.scheme == SCHEME_IMAPS;
    if (is_imap != incoming) {
        server_url_clear(&url);
        return err_set(e, ST_FATAL, EXIT_CONFIGURATION,
                       "\"%s\": expected %s or maildir:", text,
                       incoming ? "imaps://, imap://" : "smtps://, smtp://");
    }
    if (incoming && !url.user) {
        server_url_clear(&url);
        return err_set(e, ST_FATAL, EXIT_CONFIGURATION,
                       "\"%s\": expected a user name and @ before the host",
                       text);
    }
    if (may_use(&url, tls_none, e) != ST_OK) {
        server_url_clear(&url);
        return ST_FATAL;
    }
    *out = url;
    return ST_OK;
}

enum st
mailbox_new(const struct mailbox_config *config, struct mailbox **out,
            struct err *e)
{
    const char *path = maildir_url_path(config->url);
    struct server_url url;

    if (path) {
        *out = mailbox_new_maildir(path);
        return ST_OK;
    }
    if (server_for(config->url, TRUE, config->tls_none, &url, e) != ST_OK)
        return ST_FATAL;
    *out = imap_new(&url, config);
    server_url_clear(&url);
    return ST_OK;
}

void
mailbox_expect(struct mailbox *m, guint32 after)
{
    if (m->driver->expect)
        m->driver->expect(m, after);
}

void
mailbox_free(struct mailbox *m)
{
    if (m)
        m->driver->free(m);
}

enum st
outgoing_new(const struct outgoing_config *config, struct outgoing **out,
             struct err *e)
{
    const char *path = maildir_url_path(config->url);
    struct server_url url;

    if (path) {
        *out = maildir_out_new(path);
        return ST_OK;
    }
    if (server_for(config->url, FALSE, config->tls_none, &url, e) != ST_OK)
        return ST_FATAL;
    *out = smtp_new(&url, config);
    server_url_clear(&url);
    return ST_OK;
}

void
outgoing_free(struct outgoing *o)
{
    if (o)
        o->free(o);
}

void
outgoing_expect(struct outgoing *o, guint mails)
{
    o->expect(o, mails);
}

guint
outgoing_room(struct outgoing *o)
{
    return o->room(o);
}

void
outgoing_put(struct outgoing *o, const struct parcel *parcel)
{
    o->put(o, parcel);
}

void
outgoing_wait(struct outgoing *o, GArray *answers)
{
    o->wait(o, answers);
}

enum st
outgoing_check(struct outgoing *o, struct err *e)
{
    return o->check(o, e);
}

void
outgoing_rest(struct outgoing *o)
{
    o->rest(o);
}

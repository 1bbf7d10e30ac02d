/* intake.c - the pieces of the flow, opened in the order that safety asks:
 * the readers first, before passwords, sockets and the register exist. */
#include "intake/intake.h"

#include "base/log.h"
#include "intake/similar_index.h"
#include "message/charset.h"
#include "message/mail.h"
#include "register/view_queue.h"

#include <poll.h>

enum { HEADER_ROOM = 1 << 20 };

enum st
intake_readers(struct office *o, struct mail_context **context_out,
               struct reader_pool **out, struct err *e)
{
    struct mail_context *context = g_new0(struct mail_context, 1);
    struct reader_config c = {.message_bytes =
                                  (size_t)o->config->size_limit + HEADER_ROOM,
                              .prepare = mail_init,
                              .user = context};
    enum st st;

    if (o->config->trusted_authserv[0]) /* headers are read here, too */
        charset_init();
    context->own_address = o->config->address;
    context->limits = &mail_default_limits;
    st = reader_pool_new(&c, out, e);
    if (st == ST_OK)
        *context_out = context;
    else
        g_free(context);
    return st;
}

static enum st
open_mailbox(struct intake *i, struct err *e)
{
    const struct config *c = i->office->config;
    struct mailbox_config m = {.url = c->mailbox,
                               .tls_ca = c->tls_ca,
                               .tls_none = c->tls_none,
                               .stop_fd = &i->stop_fd};
    char *password = NULL;
    enum st st = config_mailbox_password(c, &password, e);

    m.password = password;
    if (st == ST_OK)
        st = mailbox_new(&m, &i->mailbox, e);
    config_password_free(password);
    return st;
}

static enum st
open_outgoing(struct intake *i, struct err *e)
{
    const struct config *c = i->office->config;
    struct outgoing_config out = {.url = c->outgoing,
                                  .tls_ca = c->tls_ca,
                                  .tls_none = c->tls_none,
                                  .connections = (guint)c->outgoing_connections,
                                  .stop_fd = &i->stop_fd};
    char *password = NULL;
    enum st st = config_outgoing_password(c, &password, e);

    out.password = password;
    if (st == ST_OK)
        st = outgoing_new(&out, &i->outgoing, e);
    config_password_free(password);
    return st;
}

enum st
intake_servers(struct intake *i, struct err *e)
{
    enum st st = open_mailbox(i, e);

    return st == ST_OK ? open_outgoing(i, e) : st;
}

/* The command line counts as staff because the folder is its user's alone. */
static void
warn_of_others(const char *data)
{
    struct err why = ERR_INIT;

    if (reg_folder_private(data, REG_OTHERS_ANY, &why) != ST_OK)
        log_event(LOG_WARN, "open-to-others", "cause", why.text, NULL);
}

enum st
intake_open(struct office *o, const struct desk_hooks *desk,
            struct intake **out, struct err *e)
{
    g_autoptr(intake) i = g_new0(struct intake, 1);
    enum st st;

    i->office = o;
    i->desk = desk;
    i->views = view_queue_new();
    st = intake_readers(o, &i->reader_context, &i->readers, e);
    if (st == ST_OK)
        st = reg_open(o->config->data, REG_SERVE, clock_now(&o->clock), &i->reg,
                      e);
    if (st == ST_OK)
        warn_of_others(o->config->data);
    if (st == ST_OK)
        i->unreleased = reg_survived(i->reg);
    if (st == ST_OK)
        st = intake_servers(i, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&i);
    return st;
}

void
intake_close(struct intake *i)
{
    if (!i)
        return;
    if (i->mailbox) {
        i->mailbox->driver->close(i->mailbox);
        mailbox_free(i->mailbox);
    }
    g_clear_pointer(&i->outgoing, outgoing_free);
    g_clear_pointer(&i->views, view_queue_free);
    g_clear_pointer(&i->similar, similar_free);
    g_clear_pointer(&i->reg, reg_close);
    g_clear_pointer(&i->readers, reader_pool_free);
    g_free(i->reader_context);
    g_free(i);
}

gboolean
intake_stopping(const struct intake *i)
{
    struct pollfd p = {i->stop_fd, POLLIN, 0};

    return i->stop_fd > 0 && poll(&p, 1, 0) > 0;
}

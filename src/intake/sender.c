/* sender.c - what is due in the outbox goes out; the server's answer is
 * recorded with the mail before the next one is sent. */
#include "intake/intake.h"

#include "base/log.h"
#include "base/step.h"
#include "intake/letters.h"
#include "register/informant.h"
#include "register/outbox.h"
#include "register/status.h"

#include <string.h>

enum { AT_ONCE = 100, HOUR = 3600, OVER_CAP_WAIT = 300, TROUBLE = 3 };

/* ---- what follows from an answer ---- */

/* Staff are told of a mail that will not arrive, unless it was for them. */
static enum st
tell_undelivered(struct intake *i, const struct reg_mail *m, const char *cause,
                 struct err *e)
{
    const struct config *c = i->office->config;
    g_autoptr(value) v = value_map();
    g_autoptr(GPtrArray) staff = staff_addresses(c);
    struct post p = {
        .letter = LETTER_UNDELIVERED, .kind = MAIL_STAFF, .facts = v};

    if (config_staff_at(c, m->to))
        return ST_OK;
    value_set_text(v, "to", m->to);
    value_set_text(v, "subject", m->subject);
    value_set_text(v, "cause", cause);
    value_set_int(v, "attempts", m->attempts + 1);
    value_set_bool(v, "bounced", FALSE);
    return post_to_all(i, &p, (const char *const *)staff->pdata, e);
}

static enum st
use_own_sender(struct intake *i, struct err *e)
{
    enum st st = reg_setting_set(i->reg, "return-path", "own", e);

    log_event(LOG_WARN, "null-sender-refused", "use", "own", NULL);
    if (st == ST_OK)
        st = reg_mail_resend_as(i->reg, i->office->config->address, e);
    return st;
}

static enum reg_mail_result
result_of(enum sent sent)
{
    switch (sent) {
    case SENT_OK:
        return RESULT_SENT;
    case SENT_NEVER:
        return RESULT_NEVER;
    case SENT_LATER:
    case SENT_UNCERTAIN:
    case SENT_NULL_SENDER_REFUSED:
        return RESULT_LATER;
    }
    g_assert_not_reached();
}

static enum st
note_result(struct intake *i, const struct reg_mail *m, enum sent sent,
            const char *answer, struct err *e)
{
    enum reg_mail_state state = MAIL_PENDING;
    enum st st = reg_begin(i->reg, e);

    if (st == ST_OK && sent == SENT_NULL_SENDER_REFUSED)
        st = use_own_sender(i, e);
    else if (st == ST_OK)
        st = reg_mail_result(i->reg, m->id, result_of(sent), answer,
                             clock_now(&i->office->clock), &state, e);
    if (st == ST_OK && state == MAIL_FAILED)
        st = tell_undelivered(i, m, answer, e);
    if (st == ST_OK)
        return reg_commit(i->reg, e);
    reg_rollback(i->reg);
    return st;
}

/* ---- one mail ---- */

/* The Message-ID without its brackets, as the name of a file. */
static char *
unique_of(const struct reg_mail *m)
{
    const char *id = m->mail_id + (*m->mail_id == '<');
    char *unique = g_strndup(id, strcspn(id, ">"));

    return g_strcanon(unique,
                      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                      "0123456789.-",
                      '-');
}

static enum st
send_one(struct intake *i, const struct reg_mail *m, enum sent *sent_out,
         struct err *e)
{
    const char *recipients[] = {m->to, NULL};
    struct err answer = ERR_INIT;
    g_autofree char *unique = unique_of(m);
    gsize len = 0;
    const char *data = g_bytes_get_data(m->data, &len);

    step("send");
    *sent_out = outgoing_send(i->outgoing, m->envelope_from, recipients, data,
                              len, unique, &answer);
    step("sent");
    log_event(*sent_out == SENT_OK ? LOG_INFO : LOG_WARN,
              *sent_out == SENT_OK ? "sent" : "not-sent", "mail", m->mail_id,
              "kind", reg_mail_kind_name(m->kind), "answer",
              *answer.text ? answer.text : NULL, NULL);
    return note_result(i, m, *sent_out, answer.text, e);
}

/* The cap of the hour: what is over it waits, nothing is lost (A24). */
static enum st
room_this_hour(struct intake *i, int *out, struct err *e)
{
    gint64 since = clock_now(&i->office->clock) - HOUR;
    int sent = 0;
    enum st st = reg_mail_count(i->reg, NULL, since, &sent, e);

    *out = i->office->config->replies_per_hour - sent;
    return st;
}

static enum st
postpone(struct intake *i, const struct reg_mail *m, struct err *e)
{
    enum st st = reg_begin(i->reg, e);

    if (st == ST_OK)
        st = reg_mail_postpone(i->reg, m->id,
                               clock_now(&i->office->clock) + OVER_CAP_WAIT, e);
    if (st == ST_OK)
        return reg_commit(i->reg, e);
    reg_rollback(i->reg);
    return st;
}

/* A server that could not take several in a row is left alone until they
 * are due again. */
static enum st
send_these(struct intake *i, const GPtrArray *due, int *room,
           gboolean *more_out, struct tally *tally, struct err *e)
{
    enum st st = ST_OK;
    int trouble = 0;

    for (guint n = 0; st == ST_OK && n < due->len; n++) {
        const struct reg_mail *m = g_ptr_array_index(due, n);
        enum sent sent = SENT_OK;

        if (intake_stopping(i))
            return ST_OK;
        if (!config_staff_at(i->office->config, m->to) && (*room)-- <= 0) {
            st = postpone(i, m, e);
            continue;
        }
        st = send_one(i, m, &sent, e);
        tally->sent += sent == SENT_OK ? 1 : 0;
        tally->unsent += sent == SENT_OK ? 0 : 1;
        trouble = sent == SENT_LATER ? trouble + 1 : 0;
        if (trouble == TROUBLE)
            return st;
    }
    *more_out = due->len > 0;
    return st;
}

enum st
intake_send(struct intake *i, struct tally *tally, struct err *e)
{
    gboolean more = TRUE;
    int room = 0;
    enum st st = room_this_hour(i, &room, e);

    while (st == ST_OK && more) {
        g_autoptr(GPtrArray) due = NULL;

        more = FALSE;
        st = reg_mail_due(i->reg, clock_now(&i->office->clock), &due, AT_ONCE,
                          e);
        if (st == ST_OK)
            st = send_these(i, due, &room, &more, tally, e);
    }
    if (i->outgoing)
        outgoing_rest(i->outgoing);
    return st;
}

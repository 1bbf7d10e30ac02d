/* outbox.c - mails recorded, found, counted. */
#include "register/outbox.h"

#include "register/chain.h"
#include "register/codes.h"
#include "register/db.h"

#include <string.h>

static const char *const kinds[MAIL_KIND_COUNT] = {
    [MAIL_REPLY] = "reply",       [MAIL_DECISION] = "decision",
    [MAIL_ANSWER] = "answer",     [MAIL_CODE] = "code",
    [MAIL_NOTICE] = "notice",     [MAIL_REMINDER] = "reminder",
    [MAIL_BULLETIN] = "bulletin", [MAIL_LEDGER] = "ledger",
    [MAIL_STAFF] = "staff",       [MAIL_ALERT] = "alert",
};

static const char *const states[] = {
    [MAIL_PENDING] = "pending",       [MAIL_SENT] = "sent",
    [MAIL_FAILED] = "failed",         [MAIL_BOUNCED] = "bounced",
    [MAIL_SUPPRESSED] = "suppressed",
};

const char *
reg_mail_kind_name(enum reg_mail_kind k)
{
    return kinds[k];
}

const char *
reg_mail_state_name(enum reg_mail_state s)
{
    return states[s];
}

struct reg_mail *
reg_mail_new(void)
{
    return g_new0(struct reg_mail, 1);
}

void
reg_mail_free(struct reg_mail *m)
{
    if (!m)
        return;
    g_free(m->to);
    g_free(m->envelope_from);
    g_free(m->mail_id);
    g_free(m->subject);
    g_clear_pointer(&m->data, g_bytes_unref);
    g_free(m->last_answer);
    g_free(m);
}

/* ---- recording ---- */

enum st
reg_mail_next_id(struct reg *reg, gint64 *id_out, struct err *e)
{
    return db_counter(reg, "mail", id_out, e);
}

char *
reg_mail_key(gint64 id)
{
    g_autofree char *chance = chain_salt();

    return g_strdup_printf("%" G_GINT64_FORMAT ".%s", id, chance);
}

gboolean
reg_mail_is_automatic(enum reg_mail_kind k)
{
    return k == MAIL_REPLY || k == MAIL_ANSWER;
}

/* Of the two kinds that a message has at most once.  The kind stands in the
 * statement: what is compared with the condition of an index makes SQLite
 * prepare the statement anew for every value that is bound. */
static enum st
has_one(struct reg *reg, gint64 message, enum reg_mail_kind kind, gboolean *out,
        struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, kind == MAIL_REPLY
                 ? "SELECT id FROM mail WHERE message = ?1 AND kind = 'reply'"
                 : "SELECT id FROM mail WHERE message = ?1 AND kind = 'answer' "
                   "AND message IS NOT NULL");
    gint64 id = 0;
    enum st st;

    db_bind(q, 1, message);
    st = db_number(q, &id, e);
    if (st == ST_OK)
        *out = id != 0;
    return st;
}

static enum st
insert(struct reg *reg, const struct reg_mail *m, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO mail (id, kind, message, commission, recipient, "
             "recipient_key, envelope_from, mail_id, subject, data, state, "
             "attempts, created, due) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
             "?8, ?9, ?10, ?11, 0, ?12, ?13)");
    g_autofree char *key = codes_address_key(m->to);

    db_bind(q, 1, m->id);
    db_bind_text(q, 2, kinds[m->kind]);
    db_bind_id(q, 3, m->message);
    db_bind_id(q, 4, m->commission);
    db_bind_text(q, 5, m->to);
    db_bind_text(q, 6, key);
    db_bind_text(q, 7, m->envelope_from);
    db_bind_text(q, 8, m->mail_id);
    db_bind_text(q, 9, m->subject);
    db_bind_bytes(q, 10, m->data);
    db_bind_text(q, 11, states[m->state]);
    db_bind(q, 12, m->created);
    db_bind(q, 13, m->next);
    return db_run(q, e);
}

enum st
reg_mail_add(struct reg *reg, const struct reg_mail *m, struct err *e)
{
    gboolean once = m->kind == MAIL_REPLY || m->kind == MAIL_ANSWER;
    gboolean has = FALSE;
    enum st st = ST_OK;

    if (once && m->message)
        st = has_one(reg, m->message, m->kind, &has, e);
    if (st != ST_OK)
        return st;
    if (has)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "this message has its %s already", kinds[m->kind]);
    return insert(reg, m, e);
}

enum st
reg_mail_replied(struct reg *reg, gint64 message, gboolean *replied_out,
                 struct err *e)
{
    return has_one(reg, message, MAIL_REPLY, replied_out, e);
}

enum st
reg_mail_decided(struct reg *reg, gint64 message, gboolean *decided_out,
                 struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT count(*) FROM mail WHERE message = ?1 "
                      "AND kind = 'decision'");
    gint64 n = 0;
    enum st st;

    db_bind(q, 1, message);
    st = db_number(q, &n, e);
    if (st == ST_OK)
        *decided_out = n > 0;
    return st;
}

/* ---- reading ---- */

#define MAIL_COLUMNS(data)                                                     \
    "id, kind, message, commission, recipient, envelope_from, mail_id, "       \
    "subject, state, attempts, created, due, done, last_answer, " data         \
    " FROM mail "

static gpointer
read_mail(struct query *q)
{
    struct reg_mail *m = reg_mail_new();

    m->id = db_int(q, 0);
    m->kind = (enum reg_mail_kind)codes_index(kinds, MAIL_KIND_COUNT,
                                              db_peek(q, 1), MAIL_STAFF);
    m->message = db_int(q, 2);
    m->commission = db_int(q, 3);
    m->to = db_text(q, 4);
    m->envelope_from = db_text(q, 5);
    m->mail_id = db_text(q, 6);
    m->subject = db_text(q, 7);
    m->state = (enum reg_mail_state)codes_index(states, G_N_ELEMENTS(states),
                                                db_peek(q, 8), MAIL_FAILED);
    m->attempts = (int)db_int(q, 9);
    m->created = db_int(q, 10);
    m->next = db_int(q, 11);
    m->done = db_int(q, 12);
    m->last_answer = db_text(q, 13);
    m->data = db_bytes(q, 14);
    return m;
}

static enum st
list(struct query *q, GPtrArray **out, struct err *e)
{
    return db_list(q, read_mail, (GDestroyNotify)reg_mail_free, out, e);
}

enum st
reg_mail_due(struct reg *reg, gint64 now, GPtrArray **out, int limit,
             struct err *e)
{
    g_autoptr(query) q = db_query(
        reg,
        "SELECT " MAIL_COLUMNS("data") "WHERE state = 'pending' AND due <= ?1 "
                                       "ORDER BY due, id LIMIT ?2");

    db_bind(q, 1, now);
    db_bind(q, 2, limit);
    return list(q, out, e);
}

enum st
reg_mail_next_due(struct reg *reg, gint64 *out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT due FROM mail WHERE state = 'pending' "
                      "ORDER BY due, id LIMIT 1");
    gboolean row = FALSE;
    enum st st = db_next(q, &row, e);

    if (st == ST_OK)
        *out = row ? db_int(q, 0) : G_MAXINT64;
    return st;
}

enum st
reg_mail_get(struct reg *reg, gint64 id, struct reg_mail **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " MAIL_COLUMNS("data") "WHERE id = ?1");
    gpointer row = NULL;
    enum st st;

    db_bind(q, 1, id);
    st = db_one(q, read_mail, &row, e);
    if (st == ST_OK)
        *out = row;
    return st;
}

enum st
reg_mail_ours(struct reg *reg, const char *mail_id, gint64 *id_out,
              struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT id FROM mail WHERE mail_id = ?1");

    db_bind_text(q, 1, mail_id);
    return db_number(q, id_out, e);
}

enum st
reg_mails_about(struct reg *reg, gint64 message, GPtrArray **out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT " MAIL_COLUMNS("NULL") "WHERE message = ?1 ORDER BY id");

    db_bind(q, 1, message);
    return list(q, out, e);
}

/* ---- counting ---- */

static enum st
count(struct query *q, int *out, struct err *e)
{
    gint64 n = 0;
    enum st st = db_number(q, &n, e);

    if (st == ST_OK)
        *out = (int)n;
    return st;
}

enum st
reg_mail_last(struct reg *reg, gint64 *id_out, struct err *e)
{
    g_autoptr(query) q = db_query(reg, "SELECT max(id) FROM mail");

    return db_number(q, id_out, e);
}

enum st
reg_mails_fate(struct reg *reg, gint64 before, gint64 last, gboolean *sent_out,
               gboolean *open_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT state FROM mail WHERE id > ?1 AND id <= ?2");
    gboolean row = FALSE;
    enum st st;

    *sent_out = *open_out = FALSE;
    db_bind(q, 1, before);
    db_bind(q, 2, last);
    while ((st = db_next(q, &row, e)) == ST_OK && row) {
        const char *state = db_peek(q, 0);

        *open_out |= g_str_equal(state, states[MAIL_PENDING]);
        *sent_out |= g_str_equal(state, states[MAIL_SENT]) ||
                     g_str_equal(state, states[MAIL_BOUNCED]);
    }
    return st;
}

/* Each kind has indexes of its own; see has_one() about the two statements. */
enum st
reg_mail_count_made(struct reg *reg, enum reg_mail_kind kind, const char *to,
                    gint64 since, int *out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, kind == MAIL_REPLY
                 ? "SELECT count(*) FROM mail WHERE kind = 'reply' AND state "
                   "<> 'suppressed' AND recipient_key = ?1 AND created >= ?2"
                 : "SELECT count(*) FROM mail WHERE kind = 'answer' AND state "
                   "<> 'suppressed' AND recipient_key = ?1 AND created >= ?2");
    g_autofree char *key = codes_address_key(to);

    g_assert(reg_mail_is_automatic(kind));
    db_bind_text(q, 1, key);
    db_bind(q, 2, since);
    return count(q, out, e);
}

enum st
reg_mail_count_sent(struct reg *reg, gint64 since, int *out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT (SELECT count(*) FROM mail WHERE kind = 'reply' "
             "AND state = 'sent' AND done >= ?1) + (SELECT count(*) FROM mail "
             "WHERE kind = 'answer' AND state = 'sent' AND done >= ?1)");

    db_bind(q, 1, since);
    return count(q, out, e);
}

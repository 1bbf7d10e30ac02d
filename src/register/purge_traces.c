/* purge_traces.c - see purge_traces.h. */
#include "register/purge_traces.h"

#include "base/text.h"
#include "register/db.h"
#include "register/outbox.h"

#include <string.h>

static gboolean
is_long(const char *title)
{
    return g_utf8_strlen(title, -1) >= TITLE_LEAST_INSIDE;
}

/* ---- mails of the same item ---- */

static gboolean
has_id(const GPtrArray *ids, gint64 id)
{
    for (guint i = 0; i < ids->len; i++)
        if (*(const gint64 *)ids->pdata[i] == id)
            return TRUE;
    return FALSE;
}

static enum st
add_ids(struct query *q, GPtrArray *ids, struct err *e)
{
    g_autoptr(GPtrArray) found = NULL;
    enum st st = db_list_ids(q, &found, e);

    while (st == ST_OK && found->len > 0) {
        gint64 *id = g_ptr_array_steal_index(found, 0);

        if (has_id(ids, *id))
            g_free(id);
        else
            g_ptr_array_add(ids, id);
    }
    return st;
}

/* What waits under a short title may be another item: staff still see it. */
static enum st
add_attempts(struct reg *reg, GPtrArray *ids, const char *title, gint64 message,
             gint64 submission, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT a.id FROM message a WHERE a.title = ?1 "
             "AND (a.verdict IN ('returned', 'ignored', 'duplicate') "
             "OR a.verdict = 'held' AND ?4) "
             "AND NOT EXISTS (SELECT 1 FROM version WHERE message = a.id) "
             "AND (a.unit IN (SELECT unit FROM message WHERE id = ?2 "
             "UNION SELECT unit FROM credit WHERE submission = ?3) "
             "OR a.sender = (SELECT sender FROM message WHERE id = ?2) "
             "OR a.unit IS NULL AND ?4)");

    db_bind_text(q, 1, title);
    db_bind(q, 2, message);
    db_bind(q, 3, submission);
    db_bind(q, 4, is_long(title));
    return add_ids(q, ids, e);
}

static enum st
add_duplicates(struct reg *reg, GPtrArray *ids, gint64 of, struct err *e)
{
    g_autoptr(query) q = db_query(reg, "SELECT id FROM message WHERE "
                                       "original = ?1 AND purged IS NULL "
                                       "AND verdict = 'duplicate'");

    db_bind(q, 1, of);
    return add_ids(q, ids, e);
}

enum st
traces_add_mails(struct reg *reg, GPtrArray *ids, const GPtrArray *titles,
                 gint64 submission, struct err *e)
{
    guint own = ids->len;
    enum st st = ST_OK;

    for (guint t = 0; t < titles->len; t++)
        for (guint i = 0; st == ST_OK && i < MAX(own, 1); i++)
            st = add_attempts(reg, ids, titles->pdata[t],
                              own ? *(const gint64 *)ids->pdata[i] : 0,
                              submission, e);
    for (guint i = 0; st == ST_OK && i < ids->len; i++)
        st = add_duplicates(reg, ids, *(const gint64 *)ids->pdata[i], e);
    return st;
}

/* ---- letters that left ---- */

static gboolean
has_mail(const GPtrArray *mails, gint64 id)
{
    for (guint i = 0; i < mails->len; i++)
        if (((const struct reg_mail *)mails->pdata[i])->id == id)
            return TRUE;
    return FALSE;
}

#define LEFT "SELECT id FROM mail WHERE state IN ('sent', 'bounced') "

static enum st
add_mails(struct reg *reg, struct query *q, GPtrArray *mails, struct err *e)
{
    g_autoptr(GPtrArray) ids = NULL;
    enum st st = db_list_ids(q, &ids, e);

    for (guint i = 0; st == ST_OK && i < ids->len; i++) {
        gint64 id = *(const gint64 *)ids->pdata[i];
        struct reg_mail *m = NULL;

        if (has_mail(mails, id))
            continue;
        st = reg_mail_get(reg, id, &m, e);
        if (st == ST_OK && m)
            g_ptr_array_add(mails, m);
    }
    return st;
}

static enum st
add_mails_of(struct reg *reg, const char *sql, gint64 id, GPtrArray *mails,
             struct err *e)
{
    g_autoptr(query) q = db_query(reg, sql);

    db_bind(q, 1, id);
    return add_mails(reg, q, mails, e);
}

enum st
traces_of_message(struct reg *reg, gint64 message, GPtrArray *mails,
                  struct err *e)
{
    return add_mails_of(reg, LEFT "AND message = ?1 ORDER BY id", message,
                        mails, e);
}

enum st
traces_of_titles(struct reg *reg, const GPtrArray *titles, GPtrArray *mails,
                 struct err *e)
{
    enum st st = ST_OK;

    for (guint i = 0; st == ST_OK && i < titles->len; i++) {
        g_autoptr(query) q = NULL;

        if (!is_long(titles->pdata[i]))
            continue;
        q = db_query(reg, LEFT "AND (instr(subject, ?1) > 0 "
                               "OR kind = 'answer' AND message IN "
                               "(SELECT message FROM command "
                               "WHERE instr(text, ?1) > 0 "
                               "OR instr(answer, ?1) > 0)) ORDER BY id");
        db_bind_text(q, 1, titles->pdata[i]);
        st = add_mails(reg, q, mails, e);
    }
    return st;
}

/* Answers to orders about it and its marks; what staff were told of one like
 * it; ledgers since it came. */
enum st
traces_of_submission(struct reg *reg, gint64 submission, GPtrArray *mails,
                     struct err *e)
{
    static const char *const sql[] = {
        LEFT "AND kind = 'answer' AND message IN (SELECT c.message "
             "FROM command c JOIN history h ON h.command = c.id "
             "WHERE h.object = ?1 AND h.what IN ('submit', 'correct', "
             "'credit', 'authors', 'note', 'withdraw') "
             "UNION SELECT c.message FROM command c "
             "JOIN history h ON h.command = c.id "
             "JOIN mark k ON k.id = h.object WHERE k.submission = ?1 "
             "AND h.what IN ('mark', 'revoke', 'restore')) ORDER BY id",
        LEFT "AND kind = 'staff' AND message IN (SELECT v.message "
             "FROM version v JOIN similar x ON x.submission = v.submission "
             "WHERE x.other = ?1) ORDER BY id",
        LEFT "AND kind = 'ledger' AND created >= (SELECT received "
             "FROM submission WHERE id = ?1) ORDER BY id",
        NULL};
    enum st st = ST_OK;

    for (const char *const *s = sql; st == ST_OK && *s; s++)
        st = add_mails_of(reg, *s, submission, mails, e);
    return st;
}

/* ---- orders that name a message ---- */

/* 待-1, 待1, 待—１ (register/message.h); not 待-12. */
static gboolean
names(const char *text, const char *kind, gint64 number)
{
    g_autofree char *folded = text_fold(text);

    for (const char *p = folded; (p = strstr(p, kind)) != NULL;) {
        const char *digits = p += strlen(kind);

        if (*digits && !g_ascii_isdigit(*digits))
            digits = g_utf8_next_char(digits);
        if (g_ascii_isdigit(*digits) &&
            g_ascii_strtoll(digits, NULL, 10) == number)
            return TRUE;
    }
    return FALSE;
}

struct told {
    gint64 id;
    char *text;
};

static void
told_free(struct told *t)
{
    g_free(t->text);
    g_free(t);
}

static gpointer
read_told(struct query *q)
{
    struct told *t = g_new0(struct told, 1);

    t->id = db_int(q, 0);
    t->text = db_text(q, 1);
    return t;
}

static enum st
told_since(struct reg *reg, gint64 since, gint64 but, GPtrArray **out,
           struct err *e)
{
    g_autoptr(query) q = db_query(reg, "SELECT id, text FROM command "
                                       "WHERE at >= ?1 AND id <> ?2 "
                                       "ORDER BY id");

    db_bind(q, 1, since);
    db_bind(q, 2, but);
    return db_list(q, read_told, (GDestroyNotify)told_free, out, e);
}

static enum st
empty_order(struct reg *reg, gint64 id, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE command SET text = '', answer = NULL WHERE id = ?1");

    db_bind(q, 1, id);
    return db_run(q, e);
}

/* What was refused stands in no history. */
enum st
traces_of_orders(struct reg *reg, const struct reg_message *m, gint64 command,
                 GPtrArray *mails, struct err *e)
{
    g_auto(GStrv) handle = g_strsplit(m->handle ? m->handle : "", "-", 2);
    g_autoptr(GPtrArray) all = NULL;
    enum st st;

    if (!m->handle)
        return ST_OK;
    st = told_since(reg, m->recorded, command, &all, e);
    for (guint i = 0; st == ST_OK && i < all->len; i++) {
        const struct told *t = all->pdata[i];

        if (!names(t->text, handle[0], g_ascii_strtoll(handle[1], NULL, 10)))
            continue;
        st = add_mails_of(reg,
                          LEFT "AND kind = 'answer' AND message = "
                               "(SELECT message FROM command WHERE id = ?1)",
                          t->id, mails, e);
        if (st == ST_OK)
            st = empty_order(reg, t->id, e);
    }
    return st;
}

/* ---- texts that quote it ---- */

/* A recall notice, an answer to our receipt, an order of the desk: mails and
 * rows of their own, with the title in them. */
static const char *const quoting_sql[] = {
    "DELETE FROM kept WHERE message IN (SELECT id FROM message "
    "WHERE instr(subject, ?1) > 0 OR instr(title, ?1) > 0)",
    "UPDATE message SET subject = NULL, title = NULL, rule = 'purged' "
    "WHERE instr(subject, ?1) > 0 OR instr(title, ?1) > 0 "
    "OR instr(rule, ?1) > 0", /* machine mail: the field that decided */
    "UPDATE mail SET data = NULL, subject = NULL, "
    "state = CASE state WHEN 'pending' THEN 'suppressed' ELSE state END "
    "WHERE instr(subject, ?1) > 0",
    "UPDATE command SET text = '', answer = NULL "
    "WHERE instr(text, ?1) > 0 OR instr(answer, ?1) > 0",
    NULL};

enum st
traces_drop_quotes(struct reg *reg, const GPtrArray *titles, struct err *e)
{
    enum st st = ST_OK;

    for (guint i = 0; st == ST_OK && i < titles->len; i++) {
        if (!is_long(titles->pdata[i]))
            continue;
        for (const char *const *sql = quoting_sql; st == ST_OK && *sql; sql++) {
            g_autoptr(query) q = db_query(reg, *sql);

            db_bind_text(q, 1, titles->pdata[i]);
            st = db_run(q, e);
        }
    }
    return st;
}

/* purge.c - 清除: what turned out to be secret leaves the register.
 *
 * The rows that remain say that something was there, when, and who had it
 * removed.  The caller's reg_scrub() takes it out of free space. */
#include "register/submission.h"

#include "register/codes.h"
#include "register/draft_store.h"
#include "register/message.h"
#include "register/outbox.h"
#include "register/purge_traces.h"
#include "register/submission_row.h"

#include <string.h>

void
reg_purged_free(struct reg_purged *p)
{
    if (!p)
        return;
    g_clear_pointer(&p->mails, g_ptr_array_unref);
    g_clear_pointer(&p->bulletins, g_ptr_array_unref);
    g_clear_pointer(&p->same, g_ptr_array_unref);
    g_clear_pointer(&p->also, g_ptr_array_unref);
    g_free(p);
}

static struct reg_purged *
purged_new(void)
{
    struct reg_purged *p = g_new0(struct reg_purged, 1);

    p->mails = g_ptr_array_new_with_free_func((GDestroyNotify)reg_mail_free);
    p->bulletins = g_ptr_array_new_with_free_func(g_free);
    p->also = g_ptr_array_new_with_free_func(g_free);
    return p;
}

/* Run statements with the same ids until one fails. */
static enum st
run_all(struct reg *reg, const char *const *sql, gint64 id, gint64 at,
        struct err *e)
{
    enum st st = ST_OK;

    for (; st == ST_OK && *sql; sql++) {
        g_autoptr(query) q = db_query(reg, *sql);

        db_bind(q, 1, id);
        if (q->stmt && sqlite3_bind_parameter_count(q->stmt) > 1)
            db_bind(q, 2, at);
        st = db_run(q, e);
    }
    return st;
}

/* ---- a message ---- */

static char *
subject_of(const struct reg_message *m)
{
    return m->handle ? g_strdup(m->handle)
                     : g_strdup_printf("message %" G_GINT64_FORMAT, m->id);
}

static gpointer
read_number(struct query *q)
{
    return codes_number((int)db_int(q, 0), (int)db_int(q, 1), NUMBER_WIDTH);
}

/* Submissions that its unit made under its title. */
static enum st
same_title(struct reg *reg, const struct reg_message *m, GPtrArray **out,
           struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT s.year, s.serial FROM submission s WHERE s.title = ?1 "
             "AND (?2 IS NULL OR EXISTS (SELECT 1 FROM credit "
             "WHERE submission = s.id AND unit = ?2)) ORDER BY s.id");

    db_bind_text(q, 1, m->title);
    db_bind_text(q, 2, m->unit);
    return db_list(q, read_number, g_free, out, e);
}

/* As if it had been quarantined on arrival: recognised again by receipt,
 * size and sender alone. */
static const char *const message_sql[] = {
    "DELETE FROM kept WHERE message = ?1",
    "UPDATE mail SET data = NULL, subject = NULL, last_answer = NULL, "
    "state = CASE state WHEN 'pending' THEN 'suppressed' ELSE state END "
    "WHERE message = ?1",
    /* Not sent yet, and perhaps listing it: what waits is told every morning */
    "UPDATE mail SET data = NULL, subject = NULL, state = 'suppressed' "
    "WHERE state IN ('pending', 'failed') AND message IS NULL "
    "AND kind = 'staff' "
    "AND created >= (SELECT recorded FROM message WHERE id = ?1)",
    "UPDATE command SET text = '', answer = NULL, identity = NULL "
    "WHERE message = ?1",
    "UPDATE message SET verdict = 'quarantined', reasons = 'secrecy', "
    "notes = '', rule = 'purged', identity = NULL, raw_hash = NULL, "
    "message_id = NULL, subject = NULL, title = NULL, unit = NULL, "
    "submitter = NULL, phones = NULL, extensions = NULL, category = NULL, "
    "answers = NULL, is_open = 0, purged = ?2 WHERE id = ?1",
    NULL};

static enum st
purge_message(struct reg *reg, const struct reg_message *m, gint64 purge,
              gint64 at, struct err *e)
{
    g_autofree char *subject = subject_of(m);
    enum st st = run_all(reg, message_sql, m->id, at, e);

    return st == ST_OK ? change_purge_words(reg, subject, m->id, purge, e) : st;
}

/* One of the mails of an item, with what left on account of it. */
static enum st
purge_mail(struct reg *reg, gint64 id, const struct reg_act *act, gint64 purge,
           struct reg_purged *p, struct err *e)
{
    g_autoptr(reg_message) m = NULL;
    enum st st = reg_message_get(reg, id, &m, e);

    if (st == ST_OK && m->verdict != VERDICT_QUARANTINED) /* told of nothing */
        st = traces_of_message(reg, id, p->mails, e);
    if (st == ST_OK)
        st = traces_of_orders(reg, m, act->command, p->mails, e);
    return st == ST_OK ? purge_message(reg, m, purge, act->at, e) : st;
}

static enum st
note_handle(struct reg *reg, gint64 id, GPtrArray *handles, struct err *e)
{
    g_autoptr(reg_message) m = NULL;
    enum st st = reg_message_get(reg, id, &m, e);

    if (st == ST_OK && m->handle)
        g_ptr_array_add(handles, g_strdup(m->handle));
    return st;
}

/* The mails `ids` and all that there is of the item besides them. */
static enum st
purge_item(struct reg *reg, GPtrArray *ids, const GPtrArray *titles,
           gint64 submission, const struct reg_act *act, gint64 purge,
           struct reg_purged *p, struct err *e)
{
    guint own = ids->len;
    enum st st = traces_add_mails(reg, ids, titles, submission, e);

    if (st == ST_OK)
        st = traces_of_titles(reg, titles, p->mails, e);
    for (guint i = 0; st == ST_OK && i < ids->len; i++) {
        gint64 id = *(const gint64 *)ids->pdata[i];

        st = purge_mail(reg, id, act, purge, p, e);
        if (st == ST_OK && i >= own)
            st = note_handle(reg, id, p->also, e);
    }
    return st == ST_OK ? traces_drop_quotes(reg, titles, e) : st;
}

/* What a mail is called: where no title was found in it, its whole subject.
 * That of an order says nothing of an item. */
static GPtrArray *
titles_in(const struct reg_message *m)
{
    GPtrArray *titles = g_ptr_array_new_with_free_func(g_free);
    const char *title = m->title ? m->title : m->subject;

    if (title && m->verdict != VERDICT_COMMAND && m->verdict != VERDICT_QUERY)
        g_ptr_array_add(titles, g_strdup(title));
    return titles;
}

static enum st
purge_alone(struct reg *reg, const struct reg_message *m,
            const struct reg_act *act, gint64 purge, struct reg_purged *p,
            struct err *e)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) titles = titles_in(m);
    enum st st = reg_mail_settle(reg, e); /* what was sent is named */

    g_ptr_array_add(ids, g_memdup2(&m->id, sizeof m->id));
    if (st == ST_OK)
        st = same_title(reg, m, &p->same, e);
    return st == ST_OK ? purge_item(reg, ids, titles, 0, act, purge, p, e) : st;
}

static enum st
purge_message_logged(struct reg *reg, const struct reg_message *m,
                     const struct reg_act *act, struct reg_purged *p,
                     struct err *e)
{
    g_autofree char *subject = subject_of(m);
    gint64 purge = 0;
    enum st st =
        change_add(reg, act, CHANGE_PURGE, subject, m->id, NULL, &purge, e);

    if (st == ST_OK)
        st = change_purge_begin(reg, purge, e);
    if (st == ST_OK)
        st = purge_alone(reg, m, act, purge, p, e);
    return st == ST_OK ? change_purge_end(reg, e) : st;
}

enum st
reg_message_purge(struct reg *reg, gint64 id, const struct reg_act *act,
                  struct reg_purged **out, struct err *e)
{
    g_autoptr(reg_message) m = NULL;
    g_autoptr(reg_purged) p = purged_new();
    enum st st = reg_message_get(reg, id, &m, e);

    if (st == ST_OK && (!m || m->number))
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       m ? "it is submission %s: purge that"
                         : "there is no such message%s",
                       m ? m->number : "");
    if (st == ST_OK)
        st = purge_message_logged(reg, m, act, p, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&p);
    return st;
}

/* ---- published bulletins that name a submission ---- */

static char *
replace(const char *text, const char *what, const char *with)
{
    g_auto(GStrv) parts = g_strsplit(text, what, -1);

    return g_strjoinv(with, parts);
}

/* As a JSON string, its quotes included. */
static char *
json_quoted(const char *title)
{
    g_autofree char *slashes = replace(title, "\\", "\\\\");
    g_autofree char *quotes = replace(slashes, "\"", "\\\"");

    return g_strdup_printf("\"%s\"", quotes);
}

/* NULL when the title does not occur in it.  Inside another text only a
 * title is looked for that is too long to stand there by chance. */
static char *
without_title(const char *scores, const char *title)
{
    g_autofree char *quoted = json_quoted(title);
    g_autofree char *bare = g_strndup(quoted + 1, strlen(quoted) - 2);
    g_autofree char *first = NULL;
    gboolean inside = g_utf8_strlen(title, -1) >= TITLE_LEAST_INSIDE;

    if (!strstr(scores, inside ? bare : quoted))
        return NULL;
    first = replace(scores, quoted, "null");
    return inside ? replace(first, bare, "") : g_steal_pointer(&first);
}

/* Longest first: one title may contain another. */
static gint
compare_lengths(gconstpointer a, gconstpointer b)
{
    size_t x = strlen(*(char *const *)a), y = strlen(*(char *const *)b);

    return (x < y) - (x > y);
}

static gpointer
read_title(struct query *q)
{
    return db_text(q, 0);
}

/* Every title it ever had: a bulletin may have printed an earlier one. */
static enum st
titles_of(struct reg *reg, gint64 id, GPtrArray **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT title FROM submission WHERE id = ?1 "
                      "UNION SELECT w.old FROM history h "
                      "JOIN history_words w ON w.change = h.id "
                      "WHERE h.what = 'correct' AND h.object = ?1 "
                      "AND w.note = 'title' AND w.old IS NOT NULL "
                      "UNION SELECT m.title FROM message m "
                      "JOIN version v ON v.message = m.id "
                      "WHERE v.submission = ?1 AND m.title IS NOT NULL");

    enum st st;

    db_bind(q, 1, id);
    st = db_list(q, read_title, g_free, out, e);
    if (st == ST_OK)
        g_ptr_array_sort(*out, compare_lengths);
    return st;
}

static enum st
strip_bulletin(struct reg *reg, gint64 id, const char *scores, struct err *e)
{
    g_autoptr(query) text =
        db_query(reg, "UPDATE bulletin SET scores = ?2 WHERE id = ?1");
    g_autoptr(query) files = db_query(
        reg, "UPDATE bulletin_file SET bytes = NULL WHERE bulletin = ?1");
    enum st st;

    db_bind(text, 1, id);
    db_bind_text(text, 2, scores);
    db_bind(files, 1, id);
    st = db_run(text, e);
    return st == ST_OK ? db_run(files, e) : st;
}

struct named { /* a bulletin */
    gint64 id;
    char *period;
    char *scores;
};

static void
named_free(struct named *n)
{
    g_free(n->period);
    g_free(n->scores);
    g_free(n);
}

static gpointer
read_named(struct query *q)
{
    struct named *n = g_new0(struct named, 1);

    n->id = db_int(q, 0);
    n->period = db_text(q, 1);
    n->scores = db_text(q, 2);
    return n;
}

static enum st
strip_if_named(struct reg *reg, const struct named *n, const GPtrArray *titles,
               GPtrArray *periods, struct err *e)
{
    g_autofree char *scores = g_strdup(n->scores);
    gboolean found = FALSE;

    for (guint i = 0; i < titles->len; i++) {
        char *left = without_title(scores, titles->pdata[i]);

        if (left) {
            found = TRUE;
            g_free(scores);
            scores = left;
        }
    }
    if (!found)
        return ST_OK;
    g_ptr_array_add(periods, g_strdup(n->period));
    return strip_bulletin(reg, n->id, scores, e);
}

static enum st
strip_bulletins(struct reg *reg, const GPtrArray *titles, GPtrArray *periods,
                struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT id, period, scores FROM bulletin ORDER BY id");
    g_autoptr(GPtrArray) all = NULL;
    enum st st = db_list(q, read_named, (GDestroyNotify)named_free, &all, e);

    for (guint i = 0; st == ST_OK && i < all->len; i++)
        st = strip_if_named(reg, all->pdata[i], titles, periods, e);
    return st;
}

/* ---- a submission ---- */

static const char *const submission_sql[] = {
    "UPDATE mark SET note = NULL, revoked_note = NULL, "
    "revoked = coalesce(revoked, ?2), revoked_by = coalesce(revoked_by, "
    "'" REG_PROGRAM "') WHERE submission = ?1",
    "DELETE FROM version WHERE submission = ?1",
    "DELETE FROM author WHERE submission = ?1",
    "DELETE FROM credit WHERE submission = ?1",
    "DELETE FROM ledger_row WHERE submission = ?1",
    /* what staff were told of one like it quotes both */
    "UPDATE mail SET data = NULL, subject = NULL, "
    "state = CASE state WHEN 'pending' THEN 'suppressed' ELSE state END "
    "WHERE kind = 'staff' AND message IN (SELECT v.message FROM version v "
    "JOIN similar x ON x.submission = v.submission WHERE x.other = ?1)",
    "DELETE FROM similar WHERE submission = ?1 OR other = ?1",
    "UPDATE submission SET message = NULL, title = NULL, submitter = NULL, "
    "signer = NULL, openness = NULL, phones = NULL, extensions = NULL, "
    "category = NULL, words = 0, notes = '', commission = NULL, "
    "incident = NULL, stage = NULL, remark = NULL, state = 'purged', "
    "state_reason = NULL, draft = NULL, file_name = NULL WHERE id = ?1",
    "UPDATE command SET text = '', answer = NULL WHERE id IN "
    "(SELECT command FROM history WHERE object = ?1 AND what IN "
    "('submit', 'correct', 'credit', 'authors', 'note', 'withdraw'))",
    /* what was answered about its marks has its title, too */
    "UPDATE command SET text = '', answer = NULL WHERE id IN "
    "(SELECT h.command FROM history h JOIN mark k ON k.id = h.object "
    "WHERE k.submission = ?1 AND h.what IN ('mark', 'revoke', 'restore'))",
    /* Not sent yet, and perhaps quoting it: made again when asked for. */
    "UPDATE mail SET data = NULL, subject = NULL, state = 'suppressed' "
    "WHERE state IN ('pending', 'failed') AND message IS NULL "
    "AND kind IN ('bulletin', 'ledger', 'staff', 'notice') "
    "AND created >= (SELECT received FROM submission WHERE id = ?1)",
    NULL};

static enum st
messages_of(struct reg *reg, gint64 id, GPtrArray **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT message FROM version WHERE submission = ?1 "
                      "AND message IS NOT NULL");

    db_bind(q, 1, id);
    return db_list_ids(q, out, e);
}

static enum st
same_draft(struct reg *reg, const struct reg_submission *s, GPtrArray **out,
           struct err *e)
{
    if (s->file_sha256)
        return reg_submissions_with_draft(reg, s->file_sha256, s->id, out, e);
    *out = g_ptr_array_new_with_free_func(g_free);
    return ST_OK;
}

/* Bulletins and messages are found by what the submission still says. */
static enum st
purge_all(struct reg *reg, const struct reg_submission *s,
          const struct reg_act *act, gint64 purge, struct reg_purged *p,
          struct err *e)
{
    g_autoptr(GPtrArray) titles = NULL, ids = NULL;
    enum st st = reg_mail_settle(reg, e); /* what was sent is named */

    if (st == ST_OK)
        st = titles_of(reg, s->id, &titles, e);
    if (st == ST_OK)
        st = messages_of(reg, s->id, &ids, e);
    if (st == ST_OK)
        st = same_draft(reg, s, &p->same, e);
    if (st == ST_OK)
        st = strip_bulletins(reg, titles, p->bulletins, e);
    if (st == ST_OK)
        st = traces_of_submission(reg, s->id, p->mails, e);
    if (st == ST_OK)
        st = purge_item(reg, ids, titles, s->id, act, purge, p, e);
    if (st == ST_OK)
        st = change_purge_words(reg, s->number, 0, purge, e);
    if (st == ST_OK)
        st = run_all(reg, submission_sql, s->id, act->at, e);
    return st == ST_OK ? draft_drop_unused(reg, e) : st;
}

static enum st
purge_logged(struct reg *reg, const struct reg_submission *s,
             const struct reg_act *act, struct reg_purged *p, struct err *e)
{
    gint64 purge = 0;
    enum st st =
        change_add(reg, act, CHANGE_PURGE, s->number, s->id, NULL, &purge, e);

    if (st == ST_OK)
        st = change_purge_begin(reg, purge, e);
    if (st == ST_OK)
        st = purge_all(reg, s, act, purge, p, e);
    return st == ST_OK ? change_purge_end(reg, e) : st;
}

enum st
reg_submission_purge(struct reg *reg, gint64 id, const struct reg_act *act,
                     struct reg_purged **out, struct err *e)
{
    g_autoptr(reg_submission) s = NULL;
    struct reg_purged *p;
    enum st st = row_need(reg, id, &s, e);

    if (st != ST_OK)
        return st;
    p = purged_new();
    st = purge_logged(reg, s, act, p, e);
    if (st == ST_OK)
        *out = p;
    else
        reg_purged_free(p);
    return st;
}

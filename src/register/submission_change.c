/* submission_change.c - corrections of what was recorded, every one of them
 * in the history. */
#include "register/submission.h"

#include "register/codes.h"
#include "register/submission_row.h"

#include <string.h>

/* ---- units, shares, authors ---- */

struct reg_credit *
reg_credit_new(const char *unit, decimal share)
{
    struct reg_credit *c = g_new0(struct reg_credit, 1);

    c->unit = g_strdup(unit);
    c->share = share;
    return c;
}

void
reg_credit_free(struct reg_credit *c)
{
    if (!c)
        return;
    g_free(c->unit);
    g_free(c);
}

static enum st
clear(struct reg *reg, const char *sql, gint64 id, struct err *e)
{
    g_autoptr(query) q = db_query(reg, sql);

    db_bind(q, 1, id);
    return db_run(q, e);
}

static enum st
insert_credit(struct reg *reg, gint64 id, guint position,
              const struct reg_credit *c, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO credit (submission, position, unit, share) "
                      "VALUES (?1, ?2, ?3, ?4)");

    db_bind(q, 1, id);
    db_bind(q, 2, position);
    db_bind_text(q, 3, c->unit);
    db_bind_id(q, 4, c->share);
    return db_run(q, e);
}

enum st
row_add_credits(struct reg *reg, gint64 id, const GPtrArray *credits,
                struct err *e)
{
    enum st st = ST_OK;

    for (guint i = 0; st == ST_OK && credits && i < credits->len; i++)
        st = insert_credit(reg, id, i, credits->pdata[i], e);
    return st;
}

enum st
row_set_credits(struct reg *reg, gint64 id, const GPtrArray *credits,
                struct err *e)
{
    enum st st = clear(reg, "DELETE FROM credit WHERE submission = ?1", id, e);

    return st == ST_OK ? row_add_credits(reg, id, credits, e) : st;
}

static enum st
insert_author(struct reg *reg, gint64 id, guint position, const char *name,
              struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO author (submission, position, name) "
                      "VALUES (?1, ?2, ?3)");

    db_bind(q, 1, id);
    db_bind(q, 2, position);
    db_bind_text(q, 3, name);
    return db_run(q, e);
}

enum st
row_add_authors(struct reg *reg, gint64 id, const GPtrArray *authors,
                struct err *e)
{
    enum st st = ST_OK;

    for (guint i = 0; st == ST_OK && authors && i < authors->len; i++)
        st = insert_author(reg, id, i, authors->pdata[i], e);
    return st;
}

enum st
row_set_authors(struct reg *reg, gint64 id, const GPtrArray *authors,
                struct err *e)
{
    enum st st = clear(reg, "DELETE FROM author WHERE submission = ?1", id, e);

    return st == ST_OK ? row_add_authors(reg, id, authors, e) : st;
}

/* Units bear neither spaces nor colons: the loader of rosters sees to it. */
char *
row_format_credits(const GPtrArray *credits)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < credits->len; i++) {
        const struct reg_credit *c = credits->pdata[i];
        g_autofree char *share = c->share ? decimal_format(c->share) : NULL;

        g_string_append_printf(out, "%s%s%s%s", i ? " " : "", c->unit,
                               share ? ":" : "", share ? share : "");
    }
    return g_string_free(out, FALSE);
}

GPtrArray *
row_parse_credits(const char *text)
{
    GPtrArray *out =
        g_ptr_array_new_with_free_func((GDestroyNotify)reg_credit_free);
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    for (int i = 0; words[i]; i++) {
        char *colon = strrchr(words[i], ':');
        decimal share = 0;

        if (!*words[i])
            continue;
        if (colon && decimal_parse(colon + 1, &share))
            *colon = '\0';
        g_ptr_array_add(out, reg_credit_new(words[i], share));
    }
    return out;
}

static gboolean
no_repeats(const GPtrArray *credits)
{
    for (guint i = 0; i < credits->len; i++) {
        const struct reg_credit *a = credits->pdata[i];

        for (guint k = 0; k < i; k++) {
            const struct reg_credit *b = credits->pdata[k];

            if (g_strcmp0(a->unit, b->unit) == 0)
                return FALSE;
        }
    }
    return TRUE;
}

enum st
reg_submission_credit(struct reg *reg, gint64 id, const GPtrArray *credits,
                      const struct reg_act *act, struct err *e)
{
    g_autoptr(reg_submission) old = NULL;
    g_autofree char *before = NULL, *after = row_format_credits(credits);
    struct change_words words = {NULL, after, NULL};
    enum st st = row_need(reg, id, &old, e);

    if (st != ST_OK)
        return st;
    if (!no_repeats(credits))
        return err_set(e, ST_REJECT, EXIT_BAD_DATA, "%s: a unit stands twice",
                       after);
    before = row_format_credits(old->credits);
    words.old = before;
    st = row_set_credits(reg, id, credits, e);
    return st == ST_OK ? change_add(reg, act, CHANGE_CREDIT, old->number, id,
                                    &words, NULL, e)
                       : st;
}

static char *
join_names(const GPtrArray *names)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < names->len; i++)
        g_string_append_printf(out, "%s%s", i ? "\n" : "",
                               (const char *)names->pdata[i]);
    return g_string_free(out, FALSE);
}

enum st
reg_submission_authors(struct reg *reg, gint64 id, const GPtrArray *authors,
                       const struct reg_act *act, struct err *e)
{
    g_autoptr(reg_submission) old = NULL;
    g_autofree char *before = NULL, *after = join_names(authors);
    struct change_words words = {NULL, after, NULL};
    enum st st = row_need(reg, id, &old, e);

    if (st != ST_OK)
        return st;
    before = join_names(old->authors);
    words.old = before;
    st = row_set_authors(reg, id, authors, e);
    return st == ST_OK ? change_add(reg, act, CHANGE_AUTHORS, old->number, id,
                                    &words, NULL, e)
                       : st;
}

/* ---- fields ---- */

static const struct {
    const char *name;
    const char *sql;
    size_t offset; /* in struct reg_submission */
} fields[FIELD_COUNT] = {
#define FIELD(f, column)                                                       \
    [f] = {#column, "UPDATE submission SET " #column " = ?2 WHERE id = ?1",    \
           offsetof(struct reg_submission, column)}
    FIELD(FIELD_TITLE, title),       FIELD(FIELD_SUBMITTER, submitter),
    FIELD(FIELD_SIGNER, signer),     FIELD(FIELD_OPENNESS, openness),
    FIELD(FIELD_PHONES, phones),     FIELD(FIELD_EXTENSIONS, extensions),
    FIELD(FIELD_CATEGORY, category), FIELD(FIELD_STAGE, stage),
    FIELD(FIELD_REMARK, remark),
#undef FIELD
};

const char *
reg_field_name(enum reg_field f)
{
    return fields[f].name;
}

static const char *
field_value(const struct reg_submission *s, enum reg_field f)
{
    return *(char *const *)((const char *)s + fields[f].offset);
}

enum st
reg_submission_correct(struct reg *reg, gint64 id, enum reg_field field,
                       const char *value, const struct reg_act *act,
                       struct err *e)
{
    g_autoptr(query) q = db_query(reg, fields[field].sql);
    g_autoptr(reg_submission) old = NULL;
    struct change_words words = {NULL, value, fields[field].name};
    enum st st = row_need(reg, id, &old, e);

    if (st != ST_OK)
        return st;
    if (field == FIELD_TITLE && (!value || !*value))
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "%s: a title cannot be empty", old->number);
    words.old = field_value(old, field);
    db_bind(q, 1, id);
    db_bind_text(q, 2, value);
    st = db_run(q, e);
    return st == ST_OK ? change_add(reg, act, CHANGE_CORRECT, old->number, id,
                                    &words, NULL, e)
                       : st;
}

/* ---- what it hangs on ---- */

static char *
id_text(gint64 id)
{
    return id ? g_strdup_printf("%" G_GINT64_FORMAT, id) : NULL;
}

enum st
reg_submission_answers(struct reg *reg, gint64 id, gint64 commission,
                       const struct reg_act *act, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE submission SET commission = ?2 WHERE id = ?1");
    g_autoptr(reg_submission) old = NULL;
    g_autofree char *before = NULL, *after = id_text(commission);
    struct change_words words = {NULL, after, NULL};
    enum st st = row_need(reg, id, &old, e);

    if (st != ST_OK)
        return st;
    before = id_text(old->commission);
    words.old = before;
    db_bind(q, 1, id);
    db_bind_id(q, 2, commission);
    st = db_run(q, e);
    return st == ST_OK ? change_add(reg, act, CHANGE_ANSWERS, old->number, id,
                                    &words, NULL, e)
                       : st;
}

/* "3 续报": both are undone together. */
static char *
report_text(gint64 incident, const char *stage)
{
    if (!incident)
        return NULL;
    return g_strdup_printf("%" G_GINT64_FORMAT " %s", incident,
                           stage ? stage : "");
}

enum st
reg_submission_reports(struct reg *reg, gint64 id, gint64 incident,
                       const char *stage, const struct reg_act *act,
                       struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE submission SET incident = ?2, stage = ?3 WHERE id = ?1");
    g_autoptr(reg_submission) old = NULL;
    g_autofree char *before = NULL, *after = report_text(incident, stage);
    struct change_words words = {NULL, after, NULL};
    enum st st = row_need(reg, id, &old, e);

    if (st != ST_OK)
        return st;
    before = report_text(old->incident, old->stage);
    words.old = before;
    db_bind(q, 1, id);
    db_bind_id(q, 2, incident);
    db_bind_text(q, 3, stage);
    st = db_run(q, e);
    return st == ST_OK ? change_add(reg, act, CHANGE_REPORTS, old->number, id,
                                    &words, NULL, e)
                       : st;
}

/* ---- withdrawn ---- */

static enum st
set_state(struct reg *reg, gint64 id, enum reg_state state, const char *reason,
          struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE submission SET state = ?2, state_reason = ?3 "
                      "WHERE id = ?1");

    db_bind(q, 1, id);
    db_bind_text(q, 2, reg_state_name(state));
    db_bind_text(q, 3, reason);
    return db_run(q, e);
}

static enum st
change_state(struct reg *reg, gint64 id, enum reg_state from, enum reg_state to,
             const char *reason, enum change what, const struct reg_act *act,
             struct err *e)
{
    g_autoptr(reg_submission) old = NULL;
    struct change_words words = {reg_state_name(from), reg_state_name(to),
                                 reason};
    enum st st = row_need(reg, id, &old, e);

    if (st != ST_OK)
        return st;
    if (old->state != from)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA, "%s is %s already",
                       old->number, reg_state_name(old->state));
    st = set_state(reg, id, to, to == SUBMISSION_WITHDRAWN ? reason : NULL, e);
    return st == ST_OK
               ? change_add(reg, act, what, old->number, id, &words, NULL, e)
               : st;
}

enum st
reg_submission_withdraw(struct reg *reg, gint64 id, const char *reason,
                        const struct reg_act *act, struct err *e)
{
    return change_state(reg, id, SUBMISSION_RECORDED, SUBMISSION_WITHDRAWN,
                        reason, CHANGE_WITHDRAW, act, e);
}

enum st
reg_submission_reinstate(struct reg *reg, gint64 id, const struct reg_act *act,
                         struct err *e)
{
    return change_state(reg, id, SUBMISSION_WITHDRAWN, SUBMISSION_RECORDED,
                        NULL, CHANGE_REINSTATE, act, e);
}

/* submission.c - recording submissions and their versions. */
#include "register/submission.h"

#include "base/text.h"
#include "draft/openness.h"
#include "register/codes.h"
#include "register/draft_store.h"
#include "register/submission_row.h"

struct reg_submission *
reg_submission_new(void)
{
    struct reg_submission *s = g_new0(struct reg_submission, 1);

    s->credits =
        g_ptr_array_new_with_free_func((GDestroyNotify)reg_credit_free);
    s->authors = g_ptr_array_new_with_free_func(g_free);
    return s;
}

void
reg_submission_free(struct reg_submission *s)
{
    if (!s)
        return;
    g_free(s->number);
    g_free(s->title);
    g_free(s->submitter);
    g_free(s->signer);
    g_free(s->openness);
    g_free(s->phones);
    g_free(s->extensions);
    g_free(s->category);
    g_ptr_array_unref(s->credits);
    g_ptr_array_unref(s->authors);
    g_free(s->commission_number);
    g_free(s->stage);
    g_free(s->remark);
    g_free(s->state_reason);
    g_free(s->file_name);
    g_free(s->file_kind);
    g_free(s->file_sha256);
    g_free(s);
}

/* ---- recording ---- */

static enum st
next_serial(struct reg *reg, civil_day day, int *year_out, gint64 *serial_out,
            struct err *e)
{
    g_autofree char *counter = NULL;
    int month, date;

    day_to_ymd(day, year_out, &month, &date);
    counter = g_strdup_printf("submission %d", *year_out);
    return db_counter(reg, counter, serial_out, e);
}

static void
bind_fields(struct query *q, const struct reg_submission *s, const char *notes)
{
    db_bind_text(q, 6, s->title);
    db_bind_text(q, 7, s->submitter);
    db_bind_text(q, 8, s->signer);
    db_bind_text(q, 9, s->openness);
    db_bind_text(q, 10, s->phones);
    db_bind_text(q, 11, s->extensions);
    db_bind_text(q, 12, s->category);
    db_bind(q, 13, s->words);
    db_bind_text(q, 14, notes);
    db_bind_id(q, 15, s->commission);
    db_bind_id(q, 16, s->incident);
    db_bind_text(q, 17, s->stage);
    db_bind_text(q, 18, s->remark);
}

static enum st
insert(struct reg *reg, const struct reg_submission *s, int year, gint64 serial,
       gint64 draft, const char *file_name, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg,
        "INSERT INTO submission (year, serial, message, received, day, title, "
        "submitter, signer, openness, phones, extensions, category, words, "
        "notes, commission, incident, stage, remark, state, version, draft, "
        "file_name) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
        "?12, ?13, ?14, ?15, ?16, ?17, ?18, 'recorded', 1, ?19, ?20)");
    g_autofree char *notes = codes_format(&s->notes);

    db_bind(q, 1, year);
    db_bind(q, 2, serial);
    db_bind_id(q, 3, s->message);
    db_bind(q, 4, s->received);
    db_bind(q, 5, s->day);
    bind_fields(q, s, notes);
    db_bind_id(q, 19, draft);
    db_bind_text(q, 20, file_name);
    return db_run(q, e);
}

/* What a sending brought.  title_key is the title as sent, so that the same
 * sending is known again after the desk has corrected the title. */
static enum st
insert_version(struct reg *reg, gint64 id, int version,
               const struct reg_submission *s, gint64 draft,
               const char *file_name, gint64 now, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO version (submission, version, message, recorded, "
             "title_key, submitter, phones, extensions, draft, file_name, "
             "words) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    g_autofree char *key = text_fold(s->title);

    db_bind(q, 1, id);
    db_bind(q, 2, version);
    db_bind_id(q, 3, s->message);
    db_bind(q, 4, now);
    db_bind_text(q, 5, key);
    db_bind_text(q, 6, s->submitter);
    db_bind_text(q, 7, s->phones);
    db_bind_text(q, 8, s->extensions);
    db_bind_id(q, 9, draft);
    db_bind_text(q, 10, file_name);
    db_bind(q, 11, s->words);
    return db_run(q, e);
}

static enum st
insert_parts(struct reg *reg, gint64 id, const struct reg_submission *s,
             gint64 draft, const char *file_name, const char *number,
             const struct reg_act *act, struct err *e)
{
    struct change_words words = {NULL, s->title, NULL};
    enum st st = row_add_credits(reg, id, s->credits, e);

    if (st == ST_OK)
        st = row_add_authors(reg, id, s->authors, e);
    if (st == ST_OK)
        st = insert_version(reg, id, 1, s, draft, file_name, act->at, e);
    if (st == ST_OK)
        st = change_add(reg, act, CHANGE_SUBMIT, number, id, &words, NULL, e);
    return st;
}

enum st
reg_submission_add(struct reg *reg, const struct reg_submission *s,
                   const struct reg_draft *draft, const struct reg_act *act,
                   gint64 *id_out, char **number_out, struct err *e)
{
    const char *file_name = draft ? draft->name : NULL;
    g_autofree char *number = NULL;
    gint64 id = 0, serial = 0, draft_id = 0;
    int year = 0;
    enum st st = ST_OK;

    if (draft)
        st = draft_put(reg, draft, &draft_id, e);
    if (st == ST_OK)
        st = next_serial(reg, s->day, &year, &serial, e);
    if (st == ST_OK)
        st = insert(reg, s, year, serial, draft_id, file_name, e);
    if (st != ST_OK)
        return st;
    id = db_last_id(reg);
    number = codes_number(year, (int)serial, NUMBER_WIDTH);
    st = insert_parts(reg, id, s, draft_id, file_name, number, act, e);
    if (st == ST_OK) {
        *id_out = id;
        *number_out = g_steal_pointer(&number);
    }
    return st;
}

/* ---- versions ---- */

/* What kept the title from being published goes on doing so, whoever said it:
 * only the desk takes it away. */
static enum st
update_revised(struct reg *reg, const struct reg_submission *old,
               const struct reg_submission *s, gint64 draft,
               const char *file_name, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE submission SET message = ?2, submitter = ?3, "
             "signer = ?4, openness = ?5, phones = ?6, extensions = ?7, "
             "words = ?8, notes = ?9, draft = ?10, file_name = ?11, "
             "version = version + 1 WHERE id = ?1");
    g_autofree char *notes = codes_format(&s->notes);

    db_bind(q, 1, old->id);
    db_bind_id(q, 2, s->message);
    db_bind_text(q, 3, s->submitter);
    db_bind_text(q, 4, s->signer);
    db_bind_text(q, 5, openness_stricter(s->openness, old->openness));
    db_bind_text(q, 6, s->phones);
    db_bind_text(q, 7, s->extensions);
    db_bind(q, 8, s->words);
    db_bind_text(q, 9, notes);
    db_bind_id(q, 10, draft);
    db_bind_text(q, 11, file_name);
    return db_run(q, e);
}

static enum st
revise(struct reg *reg, const struct reg_submission *old,
       const struct reg_submission *s, const struct reg_draft *draft,
       const struct reg_act *act, struct err *e)
{
    g_autofree char *before = g_strdup_printf("%d", old->version);
    g_autofree char *after = g_strdup_printf("%d", old->version + 1);
    struct change_words words = {before, after, NULL};
    gint64 draft_id = 0;
    enum st st = draft_put(reg, draft, &draft_id, e);

    if (st == ST_OK)
        st = update_revised(reg, old, s, draft_id, draft->name, e);
    if (st == ST_OK && s->authors->len > 0)
        st = row_set_authors(reg, old->id, s->authors, e);
    if (st == ST_OK)
        st = insert_version(reg, old->id, old->version + 1, s, draft_id,
                            draft->name, act->at, e);
    if (st == ST_OK)
        st = change_add(reg, act, CHANGE_REVISE, old->number, old->id, &words,
                        NULL, e);
    return st;
}

enum st
reg_submission_revise(struct reg *reg, gint64 id,
                      const struct reg_submission *s,
                      const struct reg_draft *draft, const struct reg_act *act,
                      int *version_out, struct err *e)
{
    g_autoptr(reg_submission) old = NULL;
    enum st st = row_need(reg, id, &old, e);

    if (st == ST_OK)
        st = revise(reg, old, s, draft, act, e);
    if (st == ST_OK)
        *version_out = old->version + 1;
    return st;
}

/* ---- the same draft again ---- */

enum st
reg_submission_same(struct reg *reg, const char *sha256, const char *title,
                    const char *unit, gint64 *id_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT s.id FROM version v "
                      "JOIN submission s ON s.id = v.submission "
                      "JOIN credit c ON c.submission = s.id "
                      "WHERE v.draft = ?1 AND v.title_key = ?2 AND c.unit = ?3 "
                      "AND s.state = 'recorded' ORDER BY s.id LIMIT 1");
    g_autofree char *key = NULL;
    gint64 draft = 0;
    enum st st = draft_find(reg, sha256, &draft, e);

    if (st != ST_OK || !draft) {
        *id_out = 0;
        return st;
    }
    key = text_fold(title);
    db_bind(q, 1, draft);
    db_bind_text(q, 2, key);
    db_bind_text(q, 3, unit);
    return db_number(q, id_out, e);
}

static gpointer
read_number(struct query *q)
{
    return codes_number((int)db_int(q, 0), (int)db_int(q, 1), NUMBER_WIDTH);
}

enum st
reg_submissions_with_draft(struct reg *reg, const char *sha256, gint64 except,
                           GPtrArray **out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT DISTINCT s.year, s.serial FROM draft d "
             "JOIN version v ON v.draft = d.id "
             "JOIN submission s ON s.id = v.submission "
             "WHERE d.sha256 = ?1 AND s.id <> ?2 AND s.state <> 'purged' "
             "ORDER BY s.year, s.serial");

    db_bind_text(q, 1, sha256);
    db_bind(q, 2, except);
    return db_list(q, read_number, g_free, out, e);
}

static gpointer
read_version(struct query *q)
{
    struct reg_version *v = g_new0(struct reg_version, 1);

    v->version = (int)db_int(q, 0);
    v->message = db_int(q, 1);
    v->recorded = db_int(q, 2);
    v->submitter = db_text(q, 3);
    v->phones = db_text(q, 4);
    v->extensions = db_text(q, 5);
    v->file_name = db_text(q, 6);
    v->file_sha256 = db_text(q, 7);
    v->words = (int)db_int(q, 8);
    return v;
}

void
reg_version_free(struct reg_version *v)
{
    if (!v)
        return;
    g_free(v->submitter);
    g_free(v->phones);
    g_free(v->extensions);
    g_free(v->file_name);
    g_free(v->file_sha256);
    g_free(v);
}

enum st
reg_versions(struct reg *reg, gint64 id, GPtrArray **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT v.version, v.message, v.recorded, v.submitter, "
                      "v.phones, v.extensions, v.file_name, d.sha256, v.words "
                      "FROM version v LEFT JOIN draft d ON d.id = v.draft "
                      "WHERE v.submission = ?1 ORDER BY v.version");

    db_bind(q, 1, id);
    return db_list(q, read_version, (GDestroyNotify)reg_version_free, out, e);
}

static enum st
present_draft(struct reg *reg, gint64 id, gint64 *draft_out, char **name_out,
              struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT draft, file_name FROM submission WHERE id = ?1");
    gboolean row = FALSE;
    enum st st;

    db_bind(q, 1, id);
    st = db_next(q, &row, e);
    if (st != ST_OK)
        return st;
    *draft_out = row ? db_int(q, 0) : 0;
    *name_out = row ? db_text(q, 1) : NULL;
    return ST_OK;
}

enum st
reg_submission_draft(struct reg *reg, gint64 id, struct reg_draft **out,
                     struct err *e)
{
    g_autofree char *name = NULL;
    gint64 draft = 0;
    enum st st = present_draft(reg, id, &draft, &name, e);

    return st == ST_OK ? draft_get(reg, draft, name, out, e) : st;
}

/* undo.c - 撤销命令: the changes of a command, changed back. */
#include "register/command.h"

#include "register/change.h"
#include "register/codes.h"
#include "register/commission.h"
#include "register/history.h"
#include "register/mark.h"
#include "register/submission_row.h"

#include <string.h>

void
reg_undone_free(struct reg_undone *u)
{
    if (!u)
        return;
    g_free(u->what);
    g_free(u->subject);
    g_free(u->words);
    g_free(u->before);
    g_free(u);
}

/* An inverse.  ST_REJECT, nothing done, when it cannot be. */
typedef enum st (*inverse_fn)(struct reg *reg, const struct reg_change *c,
                              const struct reg_act *act, struct err *e);

static enum st
changed_since(struct err *e)
{
    return err_set(e, ST_REJECT, EXIT_BAD_DATA, "it was changed again later");
}

/* ---- submissions ---- */

static enum st
undo_submit(struct reg *reg, const struct reg_change *c,
            const struct reg_act *act, struct err *e)
{
    return reg_submission_withdraw(reg, c->object, NULL, act, e);
}

static enum st
undo_withdraw(struct reg *reg, const struct reg_change *c,
              const struct reg_act *act, struct err *e)
{
    return reg_submission_reinstate(reg, c->object, act, e);
}

static gboolean
field_by_name(const char *name, enum reg_field *out)
{
    for (int f = 0; f < FIELD_COUNT; f++) {
        if (g_strcmp0(reg_field_name((enum reg_field)f), name) == 0) {
            *out = (enum reg_field)f;
            return TRUE;
        }
    }
    return FALSE;
}

/* Is what this change wrote still what its last successor left? */
static enum st
is_last(struct reg *reg, const struct reg_change *c, gboolean same_note,
        gboolean *last_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT count(*) FROM history h "
                      "LEFT JOIN history_words w ON w.change = h.id "
                      "WHERE h.what = ?1 AND h.object = ?2 AND h.id > ?3 "
                      "AND (?4 IS NULL OR w.note = ?4)");
    gint64 later = 0;
    enum st st;

    db_bind_text(q, 1, c->what);
    db_bind(q, 2, c->object);
    db_bind(q, 3, c->id);
    db_bind_text(q, 4, same_note ? c->note : NULL);
    st = db_number(q, &later, e);
    if (st == ST_OK)
        *last_out = later == 0;
    return st;
}

static enum st
undo_correct(struct reg *reg, const struct reg_change *c,
             const struct reg_act *act, struct err *e)
{
    enum reg_field field;
    gboolean last = FALSE;
    enum st st = is_last(reg, c, TRUE, &last, e);

    if (st != ST_OK)
        return st;
    if (!last || !field_by_name(c->note, &field))
        return changed_since(e);
    return reg_submission_correct(reg, c->object, field, c->before, act, e);
}

static enum st
undo_credit(struct reg *reg, const struct reg_change *c,
            const struct reg_act *act, struct err *e)
{
    g_autoptr(GPtrArray) before = row_parse_credits(c->before ? c->before : "");
    gboolean last = FALSE;
    enum st st = is_last(reg, c, FALSE, &last, e);

    if (st == ST_OK && !last)
        return changed_since(e);
    return st == ST_OK ? reg_submission_credit(reg, c->object, before, act, e)
                       : st;
}

static enum st
undo_authors(struct reg *reg, const struct reg_change *c,
             const struct reg_act *act, struct err *e)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) lines = g_strsplit(c->before ? c->before : "", "\n", -1);
    gboolean last = FALSE;
    enum st st = is_last(reg, c, FALSE, &last, e);

    if (st == ST_OK && !last)
        return changed_since(e);
    for (int i = 0; lines[i]; i++)
        if (*lines[i])
            g_ptr_array_add(names, g_strdup(lines[i]));
    return st == ST_OK ? reg_submission_authors(reg, c->object, names, act, e)
                       : st;
}

static gint64
id_of(const char *text)
{
    return text ? g_ascii_strtoll(text, NULL, 10) : 0;
}

static enum st
undo_answers(struct reg *reg, const struct reg_change *c,
             const struct reg_act *act, struct err *e)
{
    gboolean last = FALSE;
    enum st st = is_last(reg, c, FALSE, &last, e);

    if (st == ST_OK && !last)
        return changed_since(e);
    return st == ST_OK ? reg_submission_answers(reg, c->object,
                                                id_of(c->before), act, e)
                       : st;
}

/* "3 续报" */
static enum st
undo_reports(struct reg *reg, const struct reg_change *c,
             const struct reg_act *act, struct err *e)
{
    const char *space = c->before ? strchr(c->before, ' ') : NULL;
    const char *stage = space && space[1] ? space + 1 : NULL;
    gboolean last = FALSE;
    enum st st = is_last(reg, c, FALSE, &last, e);

    if (st == ST_OK && !last)
        return changed_since(e);
    return st == ST_OK ? reg_submission_reports(reg, c->object,
                                                id_of(c->before), stage, act, e)
                       : st;
}

/* ---- marks ---- */

static enum st
undo_mark(struct reg *reg, const struct reg_change *c,
          const struct reg_act *act, struct err *e)
{
    return reg_mark_revoke(reg, c->object, NULL, act, e);
}

static enum st
undo_revoke(struct reg *reg, const struct reg_change *c,
            const struct reg_act *act, struct err *e)
{
    return reg_mark_restore(reg, c->object, act, e);
}

/* ---- commissions and incidents ---- */

static enum st
undo_commission(struct reg *reg, const struct reg_change *c,
                const struct reg_act *act, struct err *e)
{
    return reg_commission_cancel(reg, c->object, act, e);
}

static enum st
undo_waive(struct reg *reg, const struct reg_change *c,
           const struct reg_act *act, struct err *e)
{
    return reg_commission_unwaive(reg, c->object, c->after, act, e);
}

static enum st
undo_unwaive(struct reg *reg, const struct reg_change *c,
             const struct reg_act *act, struct err *e)
{
    return reg_commission_waive(reg, c->object, c->before, NULL, act, e);
}

static enum st
undo_incident(struct reg *reg, const struct reg_change *c,
              const struct reg_act *act, struct err *e)
{
    return reg_incident_cancel(reg, c->object, act, e);
}

static enum st
undo_incident_cancel(struct reg *reg, const struct reg_change *c,
                     const struct reg_act *act, struct err *e)
{
    return reg_incident_restore(reg, c->object, act, e);
}

static enum st
undo_close(struct reg *reg, const struct reg_change *c,
           const struct reg_act *act, struct err *e)
{
    return reg_incident_reopen(reg, c->object, act, e);
}

static enum st
undo_reopen(struct reg *reg, const struct reg_change *c,
            const struct reg_act *act, struct err *e)
{
    return reg_incident_close(reg, c->object, act, e);
}

/* ---- messages ---- */

static enum st
undo_decide(struct reg *reg, const struct reg_change *c,
            const struct reg_act *act, struct err *e)
{
    gboolean last = FALSE;
    enum st st = is_last(reg, c, FALSE, &last, e);

    if (st == ST_OK && !last)
        return changed_since(e);
    return st == ST_OK ? message_undo_decide(reg, c, act, e) : st;
}

/* ---- the whole command ---- */

static const inverse_fn inverses[CHANGE_COUNT] = {
    [CHANGE_SUBMIT] = undo_submit,
    [CHANGE_CORRECT] = undo_correct,
    [CHANGE_CREDIT] = undo_credit,
    [CHANGE_AUTHORS] = undo_authors,
    [CHANGE_ANSWERS] = undo_answers,
    [CHANGE_REPORTS] = undo_reports,
    [CHANGE_WITHDRAW] = undo_withdraw,
    [CHANGE_REINSTATE] = undo_submit,
    [CHANGE_MARK] = undo_mark,
    [CHANGE_REVOKE] = undo_revoke,
    [CHANGE_RESTORE] = undo_mark,
    [CHANGE_COMMISSION] = undo_commission,
    [CHANGE_WAIVE] = undo_waive,
    [CHANGE_UNWAIVE] = undo_unwaive,
    [CHANGE_INCIDENT] = undo_incident,
    [CHANGE_INCIDENT_CANCEL] = undo_incident_cancel,
    [CHANGE_INCIDENT_CLOSE] = undo_close,
    [CHANGE_INCIDENT_REOPEN] = undo_reopen,
    [CHANGE_DECIDE] = undo_decide,
    [CHANGE_INFORMANT] = informant_undo_add,
    [CHANGE_INFORMANT_END] = informant_undo_end,
};

static const char *
not_undoable(const struct reg_change *c, enum change *what)
{
    if (c->purged)
        return "purged";
    if (!change_parse(c->what, what) || !inverses[*what])
        return "not-undoable";
    return NULL;
}

enum st
reg_command_undoable(struct reg *reg, gint64 command, gboolean *undoable_out,
                     struct err *e)
{
    g_autoptr(GPtrArray) changes = NULL;
    enum st st = reg_history_of_command(reg, command, &changes, e);
    enum change what;

    if (st != ST_OK)
        return st;
    *undoable_out = FALSE;
    for (guint i = 0; i < changes->len; i++) {
        const struct reg_change *c = changes->pdata[i];

        if (g_str_equal(c->what, change_name(CHANGE_UNDO))) {
            *undoable_out = FALSE; /* the order itself can be given again */
            return ST_OK;
        }
        *undoable_out |= not_undoable(c, &what) == NULL;
    }
    return ST_OK;
}

/* What is not as the command left it is left alone: an answer, no failure. */
static enum st
try_change(struct reg *reg, const struct reg_change *c,
           const struct reg_act *act, GPtrArray *out, struct err *e)
{
    enum change what = CHANGE_OTHER;
    const char *refused = not_undoable(c, &what);
    struct reg_undone *u;
    enum st st = refused ? ST_OK : inverses[what](reg, c, act, e);

    if (st == ST_REJECT)
        refused = "changed-since";
    else if (st != ST_OK)
        return st;
    u = g_new0(struct reg_undone, 1);
    u->what = g_strdup(c->what);
    u->subject = g_strdup(c->subject);
    u->words = g_strdup(c->after ? c->after : c->before);
    u->before = g_strdup(c->before);
    u->refused = refused;
    g_ptr_array_add(out, u);
    return ST_OK;
}

static gboolean
any_undone(const GPtrArray *list)
{
    for (guint i = 0; i < list->len; i++)
        if (!((const struct reg_undone *)list->pdata[i])->refused)
            return TRUE;
    return FALSE;
}

static enum st
set_undone(struct reg *reg, const struct reg_command *c,
           const struct reg_act *act, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE command SET undone = ?2, undone_by = ?3 WHERE id = ?1");
    g_autofree char *subject = g_strdup_printf(SUBJECT_COMMAND "%d", c->number);
    enum st st;

    db_bind(q, 1, c->id);
    db_bind(q, 2, act->at);
    db_bind_text(q, 3, act->by);
    st = db_run(q, e);
    return st == ST_OK ? change_add(reg, act, CHANGE_UNDO, subject, c->id, NULL,
                                    NULL, e)
                       : st;
}

static enum st
undo_all(struct reg *reg, const struct reg_command *command,
         const struct reg_act *act, GPtrArray **out, struct err *e)
{
    g_autoptr(GPtrArray) changes = NULL;
    g_autoptr(GPtrArray) done =
        g_ptr_array_new_with_free_func((GDestroyNotify)reg_undone_free);
    enum st st = reg_history_of_command(reg, command->id, &changes, e);

    for (guint i = 0; st == ST_OK && i < changes->len; i++)
        st =
            try_change(reg, changes->pdata[changes->len - 1 - i], act, done, e);
    if (st != ST_OK)
        return st;
    if (!any_undone(done))
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "nothing of command %d can be undone", command->number);
    st = set_undone(reg, command, act, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&done);
    return st;
}

enum st
reg_command_undo(struct reg *reg, int number, const struct reg_act *act,
                 GPtrArray **out, struct err *e)
{
    g_autoptr(reg_command) c = NULL;
    enum st st = reg_command_find(reg, number, &c, e);

    if (st != ST_OK)
        return st;
    if (!c)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA, "there is no command %d",
                       number);
    if (c->undone)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "command %d was undone before", number);
    return undo_all(reg, c, act, out, e);
}

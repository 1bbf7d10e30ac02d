/* message_judge.c - another decision about a recorded message. */
#include "register/message.h"

#include "register/change.h"
#include "register/codes.h"
#include "register/history.h"
#include "register/message_row.h"

#include <string.h>

static enum st
update_judgement(struct reg *reg, gint64 id, const struct reg_message *m,
                 struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE message SET verdict = ?4, reasons = ?5, notes = ?6, "
             "rule = ?7, identity = ?8, raw_hash = ?9, message_id = ?10, "
             "subject = ?11, title = ?12, unit = ?13, submitter = ?14, "
             "phones = ?15, extensions = ?16, category = ?17, answers = ?18, "
             "original = ?19, is_open = ?20 WHERE id = ?1");
    g_autofree char *reasons = codes_format(&m->reasons);
    g_autofree char *notes = codes_format(&m->notes);

    db_bind(q, 1, id);
    message_bind(q, m, reasons, notes);
    return db_run(q, e);
}

/* "held unknown-unit": what a decision is changed back to. */
static char *
verdict_and_reasons(const struct reg_message *m)
{
    g_autofree char *reasons = codes_format(&m->reasons);

    return g_strstrip(
        g_strdup_printf("%s %s", verdict_name(m->verdict), reasons));
}

static enum st
log_judgement(struct reg *reg, const struct reg_message *old,
              const struct reg_message *m, const char *handle,
              const struct reg_act *act, struct err *e)
{
    g_autofree char *reasons = codes_format(&m->reasons);
    g_autofree char *before = verdict_and_reasons(old);
    g_autofree char *subject =
        handle ? g_strdup(handle)
               : g_strdup_printf("message %" G_GINT64_FORMAT, old->id);
    struct change_words words = {before, verdict_name(m->verdict),
                                 *reasons ? reasons : NULL};

    return change_add(reg, act, CHANGE_DECIDE, subject, old->id, &words, NULL,
                      e);
}

static enum st
drop_kept(struct reg *reg, gint64 id, struct err *e)
{
    g_autoptr(query) q = db_query(reg, "DELETE FROM kept WHERE message = ?1");

    db_bind(q, 1, id);
    return db_run(q, e);
}

static enum st
judge(struct reg *reg, const struct reg_message *old,
      const struct reg_message *m, const struct reg_act *act, char **handle_out,
      struct err *e)
{
    g_autofree char *handle = g_strdup(old->handle);
    enum st st = update_judgement(reg, old->id, m, e);

    if (st == ST_OK && !handle)
        st = message_need_handle(reg, old->id, m->verdict, &handle, e);
    if (st == ST_OK && m->verdict == VERDICT_QUARANTINED)
        st = drop_kept(reg, old->id, e);
    if (st == ST_OK)
        st = log_judgement(reg, old, m, handle, act, e);
    if (st == ST_OK && handle_out)
        *handle_out = g_steal_pointer(&handle);
    return st;
}

static enum st
must_get(struct reg *reg, gint64 id, struct reg_message **out, struct err *e)
{
    enum st st = reg_message_get(reg, id, out, e);

    if (st == ST_OK && !*out)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "there is no message %" G_GINT64_FORMAT, id);
    return st;
}

enum st
reg_message_judge(struct reg *reg, gint64 id, const struct reg_message *m,
                  const struct reg_act *act, char **handle_out, struct err *e)
{
    g_autoptr(reg_message) old = NULL;
    enum st st;

    if (m->verdict == VERDICT_QUARANTINED && message_says(m))
        return err_set(e, ST_FATAL, EXIT_SOFTWARE,
                       "content of a quarantined message was to be recorded");
    st = must_get(reg, id, &old, e);
    return st == ST_OK ? judge(reg, old, m, act, handle_out, e) : st;
}

enum st
reg_message_decide(struct reg *reg, gint64 id, enum verdict verdict,
                   const struct reason_list *reasons,
                   const struct reason_list *notes, const struct reg_act *act,
                   struct err *e)
{
    g_autoptr(reg_message) old = NULL;
    struct reg_message m;
    enum st st = must_get(reg, id, &old, e);

    if (st != ST_OK)
        return st;
    m = *old; /* its strings stay old's */
    m.verdict = verdict;
    m.reasons = *reasons;
    m.notes = *notes;
    return judge(reg, old, &m, act, NULL, e);
}

enum st
reg_message_close(struct reg *reg, gint64 id, const char *note,
                  const struct reg_act *act, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE message SET is_open = 0 WHERE id = ?1");
    g_autoptr(reg_message) m = NULL;
    struct change_words words = {"open", "closed", note};
    enum st st = must_get(reg, id, &m, e);

    if (st == ST_OK && !m->open)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA, "%s is closed already",
                       m->handle ? m->handle : "the message");
    if (st != ST_OK)
        return st;
    db_bind(q, 1, id);
    st = db_run(q, e);
    if (st == ST_OK)
        st = drop_kept(reg, id, e);
    return st == ST_OK ? change_add(reg, act, CHANGE_CLOSE, m->handle, id,
                                    &words, NULL, e)
                       : st;
}

enum st
message_undo_decide(struct reg *reg, const struct reg_change *c,
                    const struct reg_act *act, struct err *e)
{
    static const char held[] = "held";
    g_autoptr(reg_message) m = NULL;
    struct reason_list reasons = {0};
    enum st st;

    if (!c->before || !g_str_has_prefix(c->before, held))
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "only what was held can be held again");
    codes_parse(c->before + strlen(held), &reasons);
    st = must_get(reg, c->object, &m, e);
    if (st == ST_OK)
        st = reg_message_decide(reg, m->id, VERDICT_HELD, &reasons, &m->notes,
                                act, e);
    return st == ST_OK ? reg_place_send(reg, m->id, FOLDER_HELD, e) : st;
}

/* job.h - one order being carried out: shared by the files of desk/. */
#ifndef DESK_JOB_H
#define DESK_JOB_H

#include "desk/desk.h"
#include "desk/order.h"
#include "register/message.h"
#include "register/submission.h"
#include "reply/value.h"
#include "rules/decide.h"

struct job {
    struct intake *i;
    const struct desk *desk;
    struct order *o;
    const char *text; /* the order as written, with its lines */
    struct reg_act act;
    struct desk_line *line;
    const struct unit *own; /* who asks about itself; NULL: staff */
    gboolean adjusts;       /* this order changes what is published */
};

/* Carry out; the answer is set by job_done() or job_refuse().  Not ST_OK
 * only when the register fails. */
typedef enum st (*verb_fn)(struct job *j, struct err *e);

struct verb {
    const char *name;
    verb_fn run;
    gboolean has_lines;    /* the labelled lines that follow belong to it */
    gboolean moves_points; /* the answer says whose, before and after */
};

enum st do_mark(struct job *j, struct err *e);
enum st do_credit(struct job *j, struct err *e);
enum st do_revoke(struct job *j, struct err *e);
enum st do_accept(struct job *j, struct err *e);
enum st do_return(struct job *j, struct err *e);
enum st do_ignore(struct job *j, struct err *e);
enum st do_judge(struct job *j, struct err *e);
enum st do_confirm(struct job *j, struct err *e);
enum st do_release(struct job *j, struct err *e);
enum st do_purge(struct job *j, struct err *e);
enum st do_correct(struct job *j, struct err *e);
enum st do_enter(struct job *j, struct err *e);
enum st do_withdraw(struct job *j, struct err *e);
enum st do_points(struct job *j, struct err *e);
enum st do_query(struct job *j, struct err *e);
enum st do_bulletin(struct job *j, struct err *e);
enum st do_publish(struct job *j, struct err *e);
enum st do_republish(struct job *j, struct err *e);
enum st do_commission(struct job *j, struct err *e);
enum st do_waive(struct job *j, struct err *e);
enum st do_remind(struct job *j, struct err *e);
enum st do_ledger(struct job *j, struct err *e);
enum st do_joint(struct job *j, struct err *e);
enum st do_informant(struct job *j, struct err *e);
enum st do_incident(struct job *j, struct err *e);
enum st do_close(struct job *j, struct err *e);
enum st do_undo(struct job *j, struct err *e);
enum st do_help(struct job *j, struct err *e);

/* The orders of a mail, as written, with the lines that belong to them.  Of
 * char*; caller unrefs. */
GPtrArray *desk_orders(const struct reading *r);

/* Every word that begins an order, ended by a NULL name. */
extern const struct verb verbs[];

/* The answer: the word `key` of desk.ini filled with facts (taken; may be
 * NULL).  Both return ST_OK, so that `return job_refuse(...)`. */
enum st job_done(struct job *j, const char *key, struct value *facts);
enum st job_refuse(struct job *j, const char *key, struct value *facts);
/* After reg_save(): what the register refuses is undone, and this order's
 * answer and nobody else's.  Its sentence is for the log, it is no Chinese. */
enum st job_end_apart(struct job *j, enum st st, struct err *e);

/* One more sentence of the answer; likewise. */
void job_sentence(struct job *j, const char *key, struct value *facts);

/* The next word as a period; FALSE: refused, with this usage when there is
 * no word. */
struct period;
gboolean job_period(struct job *j, const char *usage, struct period *out);
/* This word as one. */
gboolean job_period_of(struct job *j, const char *word, struct period *out);

/* The next word as an item of the pack, by name or by a label that only one
 * can mean on `s` (may be NULL); NULL: refused, with `usage` when there is
 * no word. */
const struct pack_item *
job_item(struct job *j, const struct reg_submission *s, const char *usage);

/* The rest of the line, 字段=值 ..., written to `s`: all of it, or none and
 * *what_out untouched, refused.  what_out: what was changed, for people. */
enum st job_correct(struct job *j, const struct reg_submission *s,
                    const char *usage, char **what_out, struct err *e);

/* The value of this field as the register keeps it; NULL: refused.  Caller
 * frees. */
char *job_field_value(struct job *j, const char *name, const char *text);

/* One more line of the answer, not done yet; and the last one taken away. */
struct desk_line *desk_answer_line(struct desk_answer *a, const char *order);
void desk_answer_drop(struct desk_answer *a);

/* Carry out one order as a line of the answer. */
enum st desk_obey_line(struct job *j, const char *text, struct desk_answer *out,
                       struct err *e);

/* A workbook that came back: its changes as lines of the answer. */
enum st do_returned(struct job *j, const struct reading_file *f,
                    struct desk_answer *out, struct err *e);

/* {what: text}: the commonest facts of a refusal. */
struct value *job_fact(const char *key, const char *text);

/* Has that day come, and not more than ten years ago (day_is_near())?  FALSE:
 * refused. */
gboolean job_day(struct job *j, civil_day day);

/* The next word as a submission that counts: NULL when the answer was set
 * to a refusal. */
enum st
job_submission(struct job *j, struct reg_submission **out, struct err *e);

/* The next word as something open with a handle; likewise. */
enum st job_held(struct job *j, enum verdict verdict, struct reg_message **out,
                 struct err *e);

/* The next word as a unit of the roster, NULL: refused. */
struct unit *job_unit(struct job *j);

/* Refuse a unit that the roster does not have, with the nearest names.
 * FALSE, so that `return job_refuse_unit(...)`. */
gboolean job_refuse_unit(struct job *j, const char *name);

/* 受理 of what a unit writes about its informants. */
enum st accept_registration(struct job *j, const struct reg_message *m,
                            const struct reading *r, struct err *e);

/* 查询 of a commission, how each unit stands; of an incident, its reports and
 * their limits; without a number of all that are current. */
enum st ask_commission(struct job *j, struct err *e);
enum st ask_incident(struct job *j, struct err *e);

/* Does a unit ask about another? */
gboolean job_is_foreign(const struct job *j, const char *unit);
gboolean ask_is_of(const struct reg_submission *s, const struct unit *u);

/* {unit, period, submitted, adopted, points, points_to_date, rank, ranked}. */
struct period;
enum st ask_unit_facts(struct intake *i, const struct unit *u,
                       const struct period *p, struct value *v, struct err *e);
/* The running period of the bulletin. */
struct period ask_current_period(const struct office *o);

/* A registered informant asks: 得分, or 查询 编号, of the own unit. */
enum st
desk_answer_query(struct intake *i, const struct reading *r,
                  const struct decision *d, gint64 message, struct err *e);

/* The score as now known: before and after a change. */
struct scoring;
enum st job_score(struct job *j, struct scoring **out, struct err *e);

/* This order changes a fact of that day; it changed these points. */
enum st job_adjusts_day(struct job *j, civil_day day, struct err *e);
enum st job_adjusts_points(struct job *j, const struct scoring *before,
                           const struct scoring *after, struct err *e);

/* Carry out, and add a sentence for every unit whose points have changed. */
enum st job_run_scored(struct job *j, verb_fn run, struct err *e);

/* `changes` of v: {unit, before, after} of everybody whose points of the
 * year are not the same. */
void job_changes(struct job *j, const struct scoring *before,
                 const struct scoring *after, struct value *v);

#endif

/* commission.h - commissions (约稿) with their units, waivers and answers;
 * incidents (紧急信息) with their reports. */
#ifndef REGISTER_COMMISSION_H
#define REGISTER_COMMISSION_H

#include "register/register.h"

struct reg_commissioned { /* one unit of a commission */
    char *unit;
    gint64 waived; /* instant, 0 while it is asked for */
    char *waived_by;
    char *waived_note;
    gint64 answered; /* receipt of its first answer, 0 if there is none */
    char *answer;    /* number of that submission */
};

struct reg_commission {
    gint64 id;
    char *number; /* "2019-05"; given by reg_commission_add() */
    char *title;
    char *level;       /* 层级, or NULL */
    char *requirement; /* 要求, or NULL */
    gint64 issued;
    civil_day day; /* of issue; its year numbers it */
    gint64 due;    /* the last instant that is in time */
    char *by;
    gint64 cancelled; /* instant, or 0 */
    GPtrArray *units; /* of struct reg_commissioned */
};

struct reg_commission *reg_commission_new(void);
void reg_commission_free(struct reg_commission *c);
typedef struct reg_commission reg_commission;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reg_commission, reg_commission_free)

/* Append a unit to c->units, nothing answered or waived. */
void reg_commission_ask(struct reg_commission *c, const char *unit);

enum st reg_commission_add(struct reg *reg, const struct reg_commission *c,
                           const struct reg_act *act, gint64 *id_out,
                           char **number_out, struct err *e);
/* "2019-05", "约稿2019-5", "[约稿2019-05]". */
enum st reg_commission_find(struct reg *reg, const char *number,
                            struct reg_commission **out, struct err *e);
enum st reg_commission_get(struct reg *reg, gint64 id,
                           struct reg_commission **out, struct err *e);
/* Issued on or due on a day of [from, to]; cancelled ones left out. */
enum st
reg_commissions(struct reg *reg, const struct clock *clock, civil_day from,
                civil_day to, GPtrArray **out, struct err *e);
/* Due at `since` or later: for reminders. */
enum st reg_commissions_due(struct reg *reg, gint64 since, GPtrArray **out,
                            struct err *e);
/* 免约; ST_REJECT when the unit was not asked or is waived already. */
enum st reg_commission_waive(struct reg *reg, gint64 id, const char *unit,
                             const char *note, const struct reg_act *act,
                             struct err *e);
enum st reg_commission_unwaive(struct reg *reg, gint64 id, const char *unit,
                               const struct reg_act *act, struct err *e);
/* Issued by mistake: makes no marks; what answered it stays. */
enum st reg_commission_cancel(struct reg *reg, gint64 id,
                              const struct reg_act *act, struct err *e);

/* ---- incidents ---- */

struct reg_report { /* a submission that reports on an incident */
    char *number;
    char *stage; /* or NULL */
    gint64 received;
};

struct reg_incident {
    gint64 id;
    char *number; /* "2019-02"; given by reg_incident_add() */
    char *name;   /* or NULL */
    char *unit;
    gint64 happened; /* 发生=: hours count from here */
    civil_day day;   /* of happening; its year numbers it */
    char *by;
    gint64 closed; /* 终结, or 0 */
    gint64 cancelled;
    GPtrArray *reports; /* of struct reg_report, oldest first */
};

struct reg_incident *reg_incident_new(void);
void reg_incident_free(struct reg_incident *i);
typedef struct reg_incident reg_incident;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reg_incident, reg_incident_free)

/* Reports are linked by reg_submission_reports(). */
enum st reg_incident_add(struct reg *reg, const struct reg_incident *i,
                         const struct reg_act *act, gint64 *id_out,
                         char **number_out, struct err *e);
enum st reg_incident_get(struct reg *reg, gint64 id, struct reg_incident **out,
                         struct err *e);
/* "2019-02", "紧2019-2". */
enum st reg_incident_find(struct reg *reg, const char *number,
                          struct reg_incident **out, struct err *e);
/* Not closed, or happened on a day of [from, to]. */
enum st reg_incidents(struct reg *reg, civil_day from, civil_day to,
                      GPtrArray **out, struct err *e);
enum st reg_incident_close(struct reg *reg, gint64 id,
                           const struct reg_act *act, struct err *e);
enum st reg_incident_reopen(struct reg *reg, gint64 id,
                            const struct reg_act *act, struct err *e);
/* No event of its own, or entered by mistake; and as it was before that. */
enum st reg_incident_cancel(struct reg *reg, gint64 id,
                            const struct reg_act *act, struct err *e);
enum st reg_incident_restore(struct reg *reg, gint64 id,
                             const struct reg_act *act, struct err *e);

#endif

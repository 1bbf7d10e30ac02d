/* mark.h - marks: recorded facts that earn or cost points. */
#ifndef REGISTER_MARK_H
#define REGISTER_MARK_H

#include "register/register.h"

struct reg_mark {
    gint64 id;
    char *item;        /* unique name of the pack's item */
    gint64 submission; /* or 0: then unit is there */
    char *number;      /* of the submission; filled in by the register */
    char *unit;        /* on a submission: this unit alone gets it, or NULL */
    civil_day day;
    decimal quantity; /* DECIMAL_ONE unless said */
    gboolean has_amount;
    decimal amount; /* points given by the desk */
    char *note;
    char *by;
    gint64 command; /* 0 when it was not by command */
    gint64 recorded;
    gint64 revoked; /* instant, 0 while it lives */
    char *revoked_by;
    char *revoked_note;
};

struct reg_mark *reg_mark_new(void); /* quantity 1 */
void reg_mark_free(struct reg_mark *m);
typedef struct reg_mark reg_mark;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reg_mark, reg_mark_free)

/* by, command, recorded come from act.  Logged. */
enum st reg_mark_add(struct reg *reg, const struct reg_mark *m,
                     const struct reg_act *act, gint64 *id_out, struct err *e);
/* ST_REJECT when it was revoked before. */
enum st reg_mark_revoke(struct reg *reg, gint64 id, const char *note,
                        const struct reg_act *act, struct err *e);
/* Undo of a revocation. */
enum st reg_mark_restore(struct reg *reg, gint64 id, const struct reg_act *act,
                         struct err *e);

enum st
reg_mark_get(struct reg *reg, gint64 id, struct reg_mark **out, struct err *e);
/* Live marks of this item on a submission (newest first), or, with
 * submission 0, on a unit.  unit NULL: any. */
enum st reg_marks_find(struct reg *reg, gint64 submission, const char *unit,
                       const char *item, GPtrArray **out, struct err *e);
/* All of a submission, revoked ones too, in the order of their days. */
enum st reg_marks_of(struct reg *reg, gint64 submission, GPtrArray **out,
                     struct err *e);

/* Live marks of one item. */
struct reg_item_count {
    char *item;
    gint64 n;
    civil_day first; /* the earliest of their days */
};
void reg_item_count_free(gpointer data);

/* Those dated in [from, to], by the names of their items, each once.  Of
 * struct reg_item_count. */
enum st reg_marks_by_item(struct reg *reg, civil_day from, civil_day to,
                          GPtrArray **out, struct err *e);

#endif

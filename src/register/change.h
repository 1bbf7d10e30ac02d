/* change.h - writing the history, for the register's own functions. */
#ifndef REGISTER_CHANGE_H
#define REGISTER_CHANGE_H

#include "register/db.h"

/* What can happen to the register.  The undo of a command goes by these. */
enum change {
    CHANGE_SUBMIT,  /* a submission was recorded */
    CHANGE_REVISE,  /* a new version of its draft came */
    CHANGE_CORRECT, /* 改: note names the field */
    CHANGE_CREDIT,  /* 联合: units and shares */
    CHANGE_AUTHORS,
    CHANGE_ANSWERS, /* which commission it answers */
    CHANGE_REPORTS, /* which incident it reports on */
    CHANGE_WITHDRAW,
    CHANGE_REINSTATE,
    CHANGE_MARK,
    CHANGE_REVOKE,
    CHANGE_RESTORE,
    CHANGE_COMMISSION,
    CHANGE_COMMISSION_CANCEL,
    CHANGE_WAIVE,
    CHANGE_UNWAIVE,
    CHANGE_INCIDENT,
    CHANGE_INCIDENT_CLOSE,
    CHANGE_INCIDENT_REOPEN,
    CHANGE_INCIDENT_CANCEL,
    CHANGE_INCIDENT_RESTORE,
    CHANGE_INFORMANT,
    CHANGE_INFORMANT_END,
    CHANGE_DECIDE, /* a message got another verdict */
    CHANGE_CLOSE,  /* a quarantined message was closed */
    CHANGE_PUBLISH,
    CHANGE_PURGE,
    CHANGE_UNDO,  /* a whole command was undone */
    CHANGE_OTHER, /* said in words by somebody outside */
    CHANGE_COUNT
};

const char *change_name(enum change c);
gboolean change_parse(const char *name, enum change *out);

/* What commissions, incidents and commands are called in the history, before
 * their number: their series run side by side. */
#define SUBJECT_COMMISSION "约稿"
#define SUBJECT_INCIDENT "紧急"
#define SUBJECT_COMMAND "命令"

struct change_words { /* borrowed; NULL: there is none */
    const char *old;
    const char *new;
    const char *note;
};

/* Append one row.  `subject` is what people call the thing (number, handle,
 * unit, address), `object` the id of its row.  id_out may be NULL. */
enum st
change_add(struct reg *reg, const struct reg_act *act, enum change what,
           const char *subject, gint64 object, const struct change_words *words,
           gint64 *id_out, struct err *e);

/* Id and hash of the last row; 0 and "" when there is none. */
enum st
change_last(struct reg *reg, gint64 *id_out, char **hash_out, struct err *e);

/* The same with a subject in two parts: SUBJECT_COMMISSION and its number. */
enum st change_add_numbered(struct reg *reg, const struct reg_act *act,
                            enum change what, const char *series,
                            const char *number, gint64 object,
                            const struct change_words *words, struct err *e);

/* The inverses that informant.c alone can do. */
struct reg_change;
enum st informant_undo_add(struct reg *reg, const struct reg_change *c,
                           const struct reg_act *act, struct err *e);
enum st informant_undo_end(struct reg *reg, const struct reg_change *c,
                           const struct reg_act *act, struct err *e);

/* Waits for staff again, for the reasons for which it did. */
enum st message_undo_decide(struct reg *reg, const struct reg_change *c,
                            const struct reg_act *act, struct err *e);

/* Take away the words of every change of this subject, and of those made by
 * this message (0: none), on account of the change `purge`.  Between
 * change_purge_begin() and change_purge_end(), which lift and restore the
 * triggers. */
enum st change_purge_begin(struct reg *reg, gint64 purge, struct err *e);
enum st change_purge_words(struct reg *reg, const char *subject, gint64 message,
                           gint64 purge, struct err *e);
enum st change_purge_end(struct reg *reg, struct err *e);

#endif

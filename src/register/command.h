/* command.h - mails (and command lines) of the desk that were obeyed, each
 * once, and the one-time codes that prove who sent them. */
#ifndef REGISTER_COMMAND_H
#define REGISTER_COMMAND_H

#include "register/register.h"

struct reg_command {
    gint64 id;
    int number; /* 撤销命令 号; given by reg_command_add() */
    char *by;
    char *identity; /* of the mail; NULL from the command line */
    gint64 message; /* or 0 */
    char *text;     /* the lines as they were understood */
    char *answer;   /* what was answered, or NULL yet */
    gint64 at;
    gint64 undone; /* instant, or 0 */
    char *undone_by;
};
void reg_command_free(struct reg_command *c);
typedef struct reg_command reg_command;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reg_command, reg_command_free)

/* ST_REJECT when a mail of this identity was obeyed before. */
enum st reg_command_add(struct reg *reg, const struct reg_command *c,
                        gint64 *id_out, int *number_out, struct err *e);
enum st reg_command_answered(struct reg *reg, gint64 id, const char *answer,
                             struct err *e);
/* By number; NULL when there is none. */
enum st reg_command_find(struct reg *reg, int number, struct reg_command **out,
                         struct err *e);

struct reg_commands { /* those after a certain one */
    int changing;     /* so many left a mark in the history */
    int others;       /* and so many did not: questions, what was refused */
};
enum st reg_commands_since(struct reg *reg, gint64 after,
                           struct reg_commands *out, struct err *e);
/* The first `most` of those that changed something, oldest first. */
enum st reg_commands_changing(struct reg *reg, gint64 after, int most,
                              GPtrArray **out, struct err *e);
/* The last one given before an instant, or 0. */
enum st
reg_command_before(struct reg *reg, gint64 at, gint64 *id_out, struct err *e);

/* Was a mail of this identity obeyed? */
enum st reg_command_obeyed(struct reg *reg, const char *identity,
                           gboolean *obeyed_out, struct err *e);

struct reg_undone {      /* one change of an undone command */
    char *what;          /* "mark", "correct" ...: change_name() */
    char *subject;       /* number, unit ... it is about */
    char *words;         /* what it had said, or NULL */
    char *before;        /* what had been there, or NULL */
    const char *refused; /* static: NULL when it was changed back, else
                            "changed-since", "not-undoable" or "purged" */
};
void reg_undone_free(struct reg_undone *u);

/* 撤销命令: everything that the command changed is changed back, last
 * first, as new changes of `act`.  out (of struct reg_undone) says what
 * became of each: a mail that was sent, a later change of the same thing, a
 * publication stay.  ST_REJECT when it was undone before, or nothing of it
 * can be. */
enum st reg_command_undo(struct reg *reg, int number, const struct reg_act *act,
                         GPtrArray **out, struct err *e);

/* Did the command change anything that 撤销命令 could change back? */
enum st reg_command_undoable(struct reg *reg, gint64 command,
                             gboolean *undoable_out, struct err *e);

/* ---- one-time codes ---- */

enum reg_code {
    CODE_RIGHT,   /* and now used up */
    CODE_NONE,    /* this address has no live code: anybody may have sent it */
    CODE_WRONG,   /* no live code of this address matches, and that is counted;
                     or it was used before, or is void */
    CODE_EXPIRED, /* it would have been right */
    CODE_VOID     /* five wrong answers: the code is dead */
};

/* A code was sent to `address` to prove `message`; only its hash is kept.
 * An earlier code for the same message is void. */
enum st
reg_code_add(struct reg *reg, const char *address, gint64 message,
             const char *code, gint64 now, gint64 expires, struct err *e);
/* message_out only with CODE_RIGHT: the mail that is proven by it. */
enum st reg_code_check(struct reg *reg, const char *address, const char *code,
                       gint64 now, enum reg_code *out, gint64 *message_out,
                       struct err *e);

#endif

/* cmd.h - the sub-commands: one file each, nothing but arguments and calls.
 *
 * A command prints what was asked for on standard output and what went wrong
 * on standard error, and gives back the exit status. */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/err.h"
#include "intake/intake.h"
#include "intake/office.h"
#include "register/register.h"
#include "rules/period.h"

#include <json-glib/json-glib.h>

/* Options that stand before the command. */
struct cmd_context {
    const char *config; /* -c, or NULL */
    const char *now;    /* --now, or NULL */
    gboolean verbose;
    const char *name; /* of the command, for messages */
};

typedef int (*cmd_fn)(const struct cmd_context *c, int argc, char **argv);

struct command {
    const char *name;
    const char *arguments; /* for --help */
    const char *summary;   /* msgid */
    cmd_fn run;
};

extern const struct command commands[]; /* ended by a NULL name */

int cmd_run(const struct cmd_context *c, int argc, char **argv);
int cmd_poll(const struct cmd_context *c, int argc, char **argv);
int cmd_replay(const struct cmd_context *c, int argc, char **argv);
int cmd_import(const struct cmd_context *c, int argc, char **argv);
int cmd_desk(const struct cmd_context *c, int argc, char **argv);
int cmd_list(const struct cmd_context *c, int argc, char **argv);
int cmd_show(const struct cmd_context *c, int argc, char **argv);
int cmd_held(const struct cmd_context *c, int argc, char **argv);
int cmd_scores(const struct cmd_context *c, int argc, char **argv);
int cmd_explain(const struct cmd_context *c, int argc, char **argv);
int cmd_rules(const struct cmd_context *c, int argc, char **argv);
int cmd_bulletin(const struct cmd_context *c, int argc, char **argv);
int cmd_ledger(const struct cmd_context *c, int argc, char **argv);
int cmd_check(const struct cmd_context *c, int argc, char **argv);
int cmd_status(const struct cmd_context *c, int argc, char **argv);
int cmd_preview(const struct cmd_context *c, int argc, char **argv);
int cmd_backup(const struct cmd_context *c, int argc, char **argv);

/* Parse a command's own options; FALSE: --help was printed or something was
 * wrong, *status_out is what to exit with (EXIT_DONE when TRUE).  At least
 * `least` and at most `most` (-1: any) arguments must be left. */
gboolean
cmd_options(const struct cmd_context *c, const GOptionEntry *entries, int *argc,
            char ***argv, int least, int most, int *status_out);

/* Print the sentence and give the status to exit with. */
int cmd_failed(const struct cmd_context *c, const struct err *e);

/* Print to standard output: a JSON tree (taken), indented or on one line, or
 * text.  Controls of a terminal are left out, and characters that show
 * nothing or turn the line around are made visible: by <U+202E>, in JSON by
 * escapes.  cmd_complain() prints text so to standard error. */
void cmd_print_json(JsonNode *node);
void cmd_print_json_line(JsonNode *node);
void cmd_print(const char *format, ...) G_GNUC_PRINTF(1, 2);
void cmd_complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* What a poll or an import did, in a line. */
void cmd_print_tally(const struct tally *t);

/* The member of staff of that name, NULL: the first one.  Borrowed; NULL
 * when there is none, which `e` says. */
const struct staff *
cmd_staff(const struct config *c, const char *as, struct err *e);

/* What became of each order, a line each, and the status to exit with: not
 * done is bad data. */
struct desk_answer;
int cmd_print_answer(const struct desk_answer *a);

/* The width of a string on a terminal (CJK characters are two wide), and
 * the string padded to a width. */
int cmd_width(const char *s);
char *cmd_pad(const char *s, int width);

/* Read a PERIOD argument; EXIT_DONE, or the complaint is printed. */
int cmd_period(const struct cmd_context *c, const struct office *o,
               const char *text, struct period *out);

/* Office and register together, as most commands want them. */
struct cmd_desk {
    struct office *office;
    struct reg *reg;
};
int
cmd_open(const struct cmd_context *c, enum reg_mode mode, struct cmd_desk *out);
void cmd_close(struct cmd_desk *d);

/* A command that only shows, as text or with --json: `show` gets what is left
 * of the arguments (ended by NULL) and gives the status to exit with. */
typedef int (*cmd_view_fn)(const struct cmd_context *c, struct cmd_desk *d,
                           char **args, gboolean json);
int cmd_view(const struct cmd_context *c, int argc, char **argv, int least,
             int most, cmd_view_fn show);

#endif

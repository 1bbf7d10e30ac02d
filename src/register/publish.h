/* publish.h - published bulletins: what was said, kept for ever. */
#ifndef REGISTER_PUBLISH_H
#define REGISTER_PUBLISH_H

#include "register/register.h"

struct reg_bulletin {
    gint64 id;
    char *series; /* kind of the period: "month" "quarter" ... "custom" */
    char *period; /* "2019-03" */
    civil_day from, to;
    gint64 published;
    char *by;
    char *pack;       /* "tancheng-2019" */
    char *scores;     /* the scores as JSON, as published */
    gint64 corrects;  /* the bulletin that this one corrects, or 0 */
    GPtrArray *files; /* of struct reg_file; out: without bytes */
};

struct reg_file {
    char *name;
    char *sha256; /* NULL: computed */
    GBytes *bytes;
};
struct reg_file *reg_file_new(const char *name, GBytes *bytes);
void reg_file_free(struct reg_file *f);

struct reg_bulletin *reg_bulletin_new(void);
void reg_bulletin_free(struct reg_bulletin *b);
typedef struct reg_bulletin reg_bulletin;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reg_bulletin, reg_bulletin_free)

/* Freeze.  ST_REJECT when the period of this series is published already
 * and the bulletin does not say that it corrects the last one of it.
 * Nothing of it can be changed afterwards (triggers).  Logged. */
enum st reg_publish(struct reg *reg, const struct reg_bulletin *b,
                    const struct reg_act *act, gint64 *id_out, struct err *e);
/* As published, the last correction of it; NULL when it is not. */
enum st reg_published(struct reg *reg, const char *series, const char *period,
                      struct reg_bulletin **out, struct err *e);
/* The last one of the series that ended before `day` (of corrections the
 * newest); NULL when there is none.  What changed since is adjustment. */
enum st reg_published_before(struct reg *reg, const char *series, civil_day day,
                             struct reg_bulletin **out, struct err *e);
/* Corrections of the series that were published after that bulletin, of
 * periods that ended before `day`: oldest first, of struct reg_bulletin. */
enum st reg_corrections_since(struct reg *reg, const struct reg_bulletin *last,
                              civil_day day, GPtrArray **out, struct err *e);
/* NULL when there is no such bulletin. */
enum st
reg_bulletin_scores(struct reg *reg, gint64 id, char **out, struct err *e);
/* Is this day inside a published period, of any series? */
enum st reg_published_day(struct reg *reg, civil_day day,
                          gboolean *published_out, struct err *e);
/* Checked against its hash. */
enum st reg_bulletin_file(struct reg *reg, gint64 bulletin, const char *name,
                          GBytes **out, struct err *e);

#endif

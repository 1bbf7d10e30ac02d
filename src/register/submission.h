/* submission.h - what was accepted: number, fields, units, drafts, versions.
 *
 * A submission and its draft's bytes are written in one transaction: a
 * recorded submission always has its draft. */
#ifndef REGISTER_SUBMISSION_H
#define REGISTER_SUBMISSION_H

#include "register/register.h"
#include "rules/verdict.h"

enum reg_state {
    SUBMISSION_RECORDED,
    SUBMISSION_WITHDRAWN, /* 退稿: recorded, and earns nothing */
    SUBMISSION_PURGED     /* 清除: the number is all that is left */
};
const char *reg_state_name(enum reg_state s);

struct reg_credit { /* one unit of a submission */
    char *unit;
    decimal share; /* of 1; 0 when none was stated */
};
struct reg_credit *reg_credit_new(const char *unit, decimal share);
void reg_credit_free(struct reg_credit *c);

struct reg_draft {
    char *name;   /* the file's, a line; NULL when the draft is the body */
    char *kind;   /* file_kind_name(), or "body" */
    char *sha256; /* of bytes; NULL: computed */
    GBytes *bytes;
    char *text; /* or NULL */
    int words;
    /* The fingerprint of a draft that is to be stored, packed; NULL: none. */
    GBytes *fingerprint;
    guint64 whole; /* hash of the whole text */
};
struct reg_draft *reg_draft_new(void);
void reg_draft_free(struct reg_draft *d);
typedef struct reg_draft reg_draft;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reg_draft, reg_draft_free)

struct reg_submission {
    gint64 id;
    char *number;   /* "2019-0012"; given by reg_submission_add() */
    gint64 message; /* of the present version; 0 when entered by hand */
    gint64 received;
    civil_day day; /* of receipt, in the office's zone; its year numbers it */
    char *title;
    char *submitter;
    char *signer;
    char *openness;
    char *phones;     /* digits, separated by a space */
    char *extensions; /* likewise */
    char *category;
    GPtrArray *credits; /* of struct reg_credit, first-named unit first */
    GPtrArray *authors; /* of char*, for packs that credit persons */
    int words;
    struct reason_list notes;
    gint64 commission;       /* answered, or 0 */
    char *commission_number; /* filled in by the register */
    gint64 incident;         /* reported on, or 0 */
    char *stage;             /* 初报 续报 终报, or NULL */
    char *remark;            /* 备注 */
    enum reg_state state;
    char *state_reason; /* why it was withdrawn */
    int version;        /* 1, and one more with every corrected sending */
    /* Of the present draft, without its bytes; NULL and 0 when entered by
     * hand without one. */
    char *file_name;
    char *file_kind;
    char *file_sha256;
    gint64 file_size;
};

struct reg_submission *reg_submission_new(void);
void reg_submission_free(struct reg_submission *s);
typedef struct reg_submission reg_submission;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reg_submission, reg_submission_free)

/* Record one: the next number of its year, without holes or repeats.
 * draft NULL only for 补录.  Logged. */
enum st
reg_submission_add(struct reg *reg, const struct reg_submission *s,
                   const struct reg_draft *draft, const struct reg_act *act,
                   gint64 *id_out, char **number_out, struct err *e);

/* The same draft under the same title from the same unit was submitted
 * before (0 if not): then it is a new version, scored once. */
enum st
reg_submission_same(struct reg *reg, const char *sha256, const char *title,
                    const char *unit, gint64 *id_out, struct err *e);

/* Other submissions with the same draft (雷同 in its plainest form): of
 * char* numbers. */
enum st
reg_submissions_with_draft(struct reg *reg, const char *sha256, gint64 except,
                           GPtrArray **out, struct err *e);

/* A corrected sending: submitter, phones, extensions, signer, words, notes,
 * message and draft become those of `s`, openness the stricter; number,
 * receipt, title, units, marks stay.  Every version is kept. */
enum st
reg_submission_revise(struct reg *reg, gint64 id,
                      const struct reg_submission *s,
                      const struct reg_draft *draft, const struct reg_act *act,
                      int *version_out, struct err *e);

enum st reg_submission_get(struct reg *reg, gint64 id,
                           struct reg_submission **out, struct err *e);
/* "2019-0012" or "2019-12", full-width digits too. */
enum st reg_submission_find(struct reg *reg, const char *number,
                            struct reg_submission **out, struct err *e);
/* Received on a day of [from, to], by number. */
enum st reg_submissions(struct reg *reg, civil_day from, civil_day to,
                        GPtrArray **out, struct err *e);
/* The same, at most `limit` of those whose number comes behind that of `last`
 * (NULL: from the first): all of them take no more memory than a page. */
enum st reg_submissions_page(struct reg *reg, civil_day from, civil_day to,
                             const struct reg_submission *last, int limit,
                             GPtrArray **out, struct err *e);

/* How many that count (neither withdrawn nor purged) a unit has, alone or with
 * others, received on a day of [from, to]. */
enum st reg_submission_count(struct reg *reg, const char *unit, civil_day from,
                             civil_day to, int *out, struct err *e);

struct reg_version {
    int version;
    gint64 message;
    gint64 recorded;
    char *submitter;
    char *phones;
    char *extensions;
    char *file_name;
    char *file_sha256;
    int words;
};
void reg_version_free(struct reg_version *v);
enum st
reg_versions(struct reg *reg, gint64 id, GPtrArray **out, struct err *e);

/* The draft of the present version, NULL when there is none.  Its bytes are
 * checked against their hash: ST_FATAL when they differ. */
enum st reg_submission_draft(struct reg *reg, gint64 id, struct reg_draft **out,
                             struct err *e);

/* ---- corrections: all logged, all undone by reg_command_undo() ---- */

enum reg_field { /* 改 编号 字段=值 */
                 FIELD_TITLE,
                 FIELD_SUBMITTER,
                 FIELD_SIGNER,
                 FIELD_OPENNESS,
                 FIELD_PHONES,
                 FIELD_EXTENSIONS,
                 FIELD_CATEGORY,
                 FIELD_STAGE,
                 FIELD_REMARK,
                 FIELD_COUNT
};
const char *reg_field_name(enum reg_field f); /* "title" ... */

enum st reg_submission_correct(struct reg *reg, gint64 id, enum reg_field field,
                               const char *value, const struct reg_act *act,
                               struct err *e);
/* 联合, and a correction of the unit: replaces all. */
enum st
reg_submission_credit(struct reg *reg, gint64 id, const GPtrArray *credits,
                      const struct reg_act *act, struct err *e);
enum st
reg_submission_authors(struct reg *reg, gint64 id, const GPtrArray *authors,
                       const struct reg_act *act, struct err *e);
/* It answers this commission after all (0: none). */
enum st reg_submission_answers(struct reg *reg, gint64 id, gint64 commission,
                               const struct reg_act *act, struct err *e);
/* It reports on this incident (0: none), at this stage. */
enum st reg_submission_reports(struct reg *reg, gint64 id, gint64 incident,
                               const char *stage, const struct reg_act *act,
                               struct err *e);
/* 退稿, and taking it back. */
enum st reg_submission_withdraw(struct reg *reg, gint64 id, const char *reason,
                                const struct reg_act *act, struct err *e);
enum st reg_submission_reinstate(struct reg *reg, gint64 id,
                                 const struct reg_act *act, struct err *e);

/* What 清除 could not reach, for the desk to act on. */
struct reg_purged {
    GPtrArray *mails;     /* of struct reg_mail: left with something of it */
    GPtrArray *bulletins; /* of char*: published periods that named it; their
                             files are gone from the register */
    GPtrArray *same;      /* of char*: numbers that have the same draft, or of
                             a message: its title */
    GPtrArray *also;      /* of char*: handles of other mails of the same item
                             (attempts, duplicates), which are purged too */
};
void reg_purged_free(struct reg_purged *p);
typedef struct reg_purged reg_purged;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reg_purged, reg_purged_free)

/* 清除: title, persons, draft, versions, messages, mails about it, commands
 * and what the history quoted are gone; the number stays as a tombstone, its
 * marks are revoked.  Mails that are not sent yet and may quote it (ledgers,
 * bulletins, lists) are dropped.  After the commit: reg_scrub(), and
 * reg_view() of its day. */
enum st
reg_submission_purge(struct reg *reg, gint64 id, const struct reg_act *act,
                     struct reg_purged **out, struct err *e);

#endif

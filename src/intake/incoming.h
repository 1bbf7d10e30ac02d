/* incoming.h - one fetched message on its way from the readers into the
 * register. */
#ifndef INTAKE_INCOMING_H
#define INTAKE_INCOMING_H

#include "intake/intake.h"
#include "rules/decide.h"

struct incoming {
    struct reg_place place; /* mailbox and key are borrowed from ref and url;
                               mailbox NULL: an import, it lies nowhere */
    struct message_ref ref; /* owned */
    enum reg_receipt receipt;
    gboolean header_only; /* over the size limit */
    gboolean old;         /* from before answer-since: never answered */
    gboolean silent;      /* an import: replies to no one */
    gboolean renumbered;  /* the server gave all messages new uids */
    int attempts;         /* the program died over it so often */
    gboolean released;    /* 解除隔离: markings were not looked for */
    gboolean settled;     /* read, or known not to be readable */
    size_t bytes;         /* as fetched */
    gint64 known;         /* recorded at this very place: dragged back, or 0 */
    enum reader_outcome outcome;
    char *trouble;     /* owned: why the mailbox could not give it */
    const char *cause; /* static, or trouble; of an outcome that is not READ */
    struct reading *reading; /* owned; NULL when it could not be read */
    guint8 *header;          /* owned; as it was fetched, NULL: not at hand */
    size_t header_len;
};

struct incoming *incoming_new(void);
void incoming_free(struct incoming *a);

/* Keep the header of a message, before a reader gets it. */
void incoming_keep_header(struct incoming *a, const guint8 *data, size_t len);

/* A reader that was taken over, by this mail or by an earlier one, could
 * claim that staff wrote it: a proof counts that the kept header has too, as
 * the program reads it itself.  Or that there is a draft, which would be
 * recorded without its bytes.  Otherwise its reader has lied. */
void incoming_check(const struct office *o, struct incoming *a);

/* What became of it, for the log and for notices. */
struct recorded {
    gint64 message;
    enum verdict verdict;
    struct reason_list reasons;
    char *handle;        /* owned; NULL when accepted */
    char *number;        /* owned; of the submission */
    char *unit;          /* owned; short name */
    char *view;          /* owned; path of the readable file, or NULL */
    GBytes *view_bytes;  /* owned; what goes into it after the commit */
    gboolean again;      /* known before: nothing new was recorded */
    gboolean challenged; /* a one-time code was sent for it */
    gboolean no_code;    /* none was: those of the day are used up */
    GPtrArray *similar;  /* owned; of struct reg_similar, or NULL: none */
    struct value *told;  /* owned; its reasons as staff are told them, or NULL:
                            it is not held */
};
void recorded_clear(struct recorded *r);

/* Decide about one arrival and write all that follows from it.  Stands
 * between reg_begin() and reg_end(). */
enum st record_incoming(struct intake *i, struct incoming *a,
                        struct recorded *out, struct err *e);

/* A message that was held, as it arrived then: its kept reading and its
 * receipt.  *out is NULL when nothing was kept (its reader died). */
enum st incoming_kept(struct intake *i, const struct reg_message *m,
                      struct incoming **out, struct err *e);

/* Decide with all that the register knows, as if it were not recorded;
 * accepted: by staff, so that checks which ask the register only remark.  d
 * must be cleared; *same_draft is freed by the caller. */
enum st
decide_incoming(struct intake *i, const struct incoming *a, gboolean accepted,
                struct decision *d, char **same_draft, struct err *e);

/* Write that a recorded message has now this decision, and all that follows
 * from it (submission, reply).  out->message is set. */
enum st
record_decision(struct intake *i, const struct incoming *a,
                const struct reg_message *old, const struct decision *d,
                const struct reg_act *act, struct recorded *out, struct err *e);

/* Judge without a register: what replay says. */
void judge(const struct office *o, const struct incoming *a, gint64 now,
           const struct decide_input *known, struct decision *out);

/* Did its author write it, as far as our own server says?  r may be NULL. */
enum proof proof_of(const struct config *c, const struct reading *r);

/* The folder of the office's table. */
enum folder folder_of(enum verdict v);

#endif

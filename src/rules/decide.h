/* decide.h - what becomes of a message (the table of docs/verdicts.md).
 *
 * Everything that is known comes in as plain data: the message as read, the
 * pack, who the sender is, what the register holds about the same message.
 * What comes out is final, but that the flow notes `similar` with whatever is
 * accepted.  Pure: no clock, no register. */
#ifndef RULES_DECIDE_H
#define RULES_DECIDE_H

#include "message/authres.h"
#include "message/reading.h"
#include "rules/fields.h"
#include "rules/match.h"
#include "rules/pack.h"

/* Does the register know this commission?  `number` is "2019-05" of a mark
 * in the subject, or NULL and `message_id` one of the ids the mail refers
 * to.  *number_out (caller frees) is set when TRUE. */
typedef gboolean (*commission_fn)(const char *number, const char *message_id,
                                  void *user, char **number_out);

struct decision;

/* Is the draft, or the body, of this decision so far like another unit's, or
 * like a published text? */
typedef gboolean (*alike_fn)(const struct decision *d, void *user);

struct decide_input {
    const struct reading *reading; /* NULL: its reader died */
    gboolean not_given;            /* or the mailbox could not give it */
    const struct pack *pack;
    const struct matcher *matcher;
    const char *own_address;

    gint64 received, now; /* seconds; a receipt later than now is noted */
    civil_day day;        /* of receipt, at the office */
    gboolean old;         /* from before answer-since: never answered */

    gboolean is_staff; /* From is an address of `staff` */
    enum proof proof;
    gboolean codes; /* nobody's mail is ever proven here: one-time codes */

    /* what the register knows */
    gboolean same_message;       /* this very mail was taken in before */
    gboolean same_id_other_text; /* its Message-ID, but other content */
    gboolean same_id_refused;    /* all that came with it was another's, or
                                    refused for want of proof */
    const char *same_draft;      /* number of the submission that has this
                                    draft and title already, or NULL */
    gboolean same_draft_other;   /* sent from another address */
    commission_fn commission;    /* NULL: there are no commissions */
    void *commission_user;
    /* for the pack's checks; NULL: not asked for */
    sent_fn sent;
    alike_fn alike;
    void *asked_user;
    gboolean settled; /* staff accept it: of that only a remark is made */
};

struct decision {
    enum verdict verdict;
    struct reason_list reasons; /* of returned and held: all at once */
    struct reason_list notes;
    struct fields *fields; /* owned; never NULL, empty unless a submission */
    int draft;             /* index in reading.files, -1: none */
    int words; /* 字数 of the draft, or of the body if that is it */
    const char *reply_to;        /* borrowed from the reading; NULL: no reply */
    const char *new_version_of;  /* = input.same_draft when noted, or NULL */
    struct informant *informant; /* who is registered under From, or NULL */
    struct unit *informant_unit;
    gboolean registers; /* a query that registers informants */
    char *suggestion;   /* returned: a subject to copy; else NULL */
};

/* *out must be cleared by decision_clear(). */
void decide(const struct decide_input *in, struct decision *out);
void decision_clear(struct decision *d);

/* May anything be sent back, and where to?  From alone, when there is one
 * author and nothing forbids it; the same for every verdict.  Borrowed from
 * the reading, NULL: never. */
const char *decide_reply_to(const struct decide_input *in);

/* Does the pack take submissions from this address (its `senders`)? */
gboolean decide_admits(const struct decide_input *in, const char *author);

/* Two authors, or one who lets somebody else send (RFC 3834 4: to whom
 * should the answer go?). */
gboolean decide_several_senders(const struct reading *r);

/* Does the mail hold a staff command (a line that begins with one of the
 * desk's words) or a workbook, and no draft? */
gboolean decide_is_command(const struct reading *r);

#endif

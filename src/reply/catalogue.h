/* catalogue.h - every text that the office sends, from templates/.
 *
 * A letter is LETTER.txt.mustache, whose first line is "Subject: ...", and
 * for most LETTER.html.mustache beside it.  samples.ini says what facts each
 * letter may use, with an example of each: a name that is not there is an
 * error when the catalogue is loaded, and `preview` shows the letter filled
 * with the examples.  reasons.ini says of every reason what is wrong and
 * what to do; a reason without a text is an error too. */
#ifndef REPLY_CATALOGUE_H
#define REPLY_CATALOGUE_H

#include "base/err.h"
#include "reply/value.h"
#include "rules/verdict.h"

enum letter {
    /* to the sender of a message */
    LETTER_RECEIPT,    /* accepted */
    LETTER_RETURN,     /* returned, every reason at once */
    LETTER_HELD,       /* received, being looked at */
    LETTER_QUARANTINE, /* fixed neutral text */
    LETTER_QUERY_ANSWER,
    /* to staff */
    LETTER_COMMAND_ANSWER,
    LETTER_CHALLENGE,         /* one-time code for an unproven command */
    LETTER_HELD_NOTICE,       /* something waits for a decision */
    LETTER_QUARANTINE_NOTICE, /* to the secrecy officers: no content */
    LETTER_BULLETIN_DRAFT,    /* the period's workbook attached */
    LETTER_LEDGER,            /* the register of a period, attached */
    LETTER_PUBLISHED,         /* a bulletin went out; who has no address */
    LETTER_FIRST_RUN,         /* old mail that was not answered */
    LETTER_ALERT,             /* could not look into the mailbox */
    LETTER_UNDELIVERED,       /* a reply could not be delivered */
    LETTER_SILENCED,          /* the cap of replies was met */
    LETTER_RENUMBERED,        /* UIDVALIDITY changed */
    LETTER_RESTORED,          /* the register is a backup */
    LETTER_DISK_LOW,
    /* to units */
    LETTER_BULLETIN,   /* published, the workbook attached */
    LETTER_COMMISSION, /* 约稿; a reply to it answers it */
    LETTER_REMINDER,   /* of a commission not answered yet */
    /* to staff */
    LETTER_COMMISSION_OVER, /* its deadline has passed: each unit */
    LETTER_CODE_REFUSED,    /* a one-time code that proves nothing */
    LETTER_CRITICISM,       /* to a unit: 即时通报 */
    LETTER_QUOTA,           /* to a unit: short of its tasks */
    LETTER_QUOTA_SENT,      /* to staff: who was reminded */
    LETTER_INCIDENT,        /* to staff: a report's limit nears, or passed */
    LETTER_COMMISSION_CANCELLED, /* to units that have its notice */
    LETTER_SIMILAR,              /* to staff: a draft is like others */
    LETTER_REGISTERED,           /* to a unit: its informants are registered */
    LETTER_REGISTERED_NOTICE,    /* to staff: a unit did so by itself */
    LETTER_UNCOUNTED,   /* to staff: marks that the rules do not know */
    LETTER_CODES_SPENT, /* to staff: no more one-time codes today */
    LETTER_NOT_DONE,    /* to staff: a duty of the calendar could not be done */
    LETTER_OWN_NAME,    /* to staff: somebody writes under our address */
    LETTER_WAITING,     /* to staff: what they have not decided about */
    LETTER_COUNT
};

/* "receipt", "query-answer" ...: the stem of the files. */
const char *letter_name(enum letter letter);
gboolean letter_parse(const char *name, enum letter *out);

struct catalogue;
typedef struct catalogue catalogue;

/* Load all letters, parts (parts/), samples and reasons from `dir`; a file
 * that is also in `own_dir` (may be NULL) is taken from there, so that an
 * office changes one text without touching the rest.  samples.ini is the
 * program's: only the one of `dir` counts. */
enum st catalogue_load(const char *dir, const char *own_dir,
                       struct catalogue **out, struct err *e);
void catalogue_free(struct catalogue *c);

struct letter_text {
    char *subject; /* a line */
    char *text;    /* at most LETTER_TEXT_BYTES when it goes to a sender */
    char *html;    /* NULL when the letter has none, or the text was cut */
};

enum { LETTER_TEXT_BYTES = 4096 };

void letter_text_clear(struct letter_text *t);

/* Fill a letter.  `facts` is a map with the names of samples.ini; a name
 * that is not declared there is a mistake of the program (ST_FATAL), a
 * declared one that is missing shows nothing.  Every text among them is made
 * one line without invisible characters and cut after 300 (B7, B9). */
enum st catalogue_write(const struct catalogue *c, enum letter letter,
                        const struct value *facts, struct letter_text *out,
                        struct err *e);

/* Who reads a reason: `do` then says what the sender should do, and reasons
 * that do not concern the sender are left out; or what staff should do. */
enum reason_reader { REASON_FOR_SENDER, REASON_FOR_DESK };

/* A list of {code, short, what, do} for a letter's `reasons` or `notes`, in
 * order.  `facts` is a map with the names of [reason] in samples.ini, or
 * NULL.  Caller owns. */
struct value *
catalogue_reasons(const struct catalogue *c, const struct reason_list *reasons,
                  const struct value *facts, enum reason_reader reader);

/* The name of a reason in a list, "篇幅偏长".  Caller frees. */
char *catalogue_reason_name(const struct catalogue *c, enum reason reason);

/* The sample facts of a letter.  Borrowed. */
const struct value *
catalogue_sample(const struct catalogue *c, enum letter letter);

/* [common] of samples.ini is known to every letter.  This sets what does not
 * change: the office's name, phone (may be NULL) and address.  `today` is a
 * fact of each letter.  Without this call the samples stand. */
void catalogue_set_office(struct catalogue *c, const char *office,
                          const char *phone, const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(catalogue, catalogue_free)

#endif

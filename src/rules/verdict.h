/* verdict.h - what becomes of a message: verdict, reasons, notes (the
 * tables in docs/verdicts.md).  Pure: structs in, structs out. */
#ifndef RULES_VERDICT_H
#define RULES_VERDICT_H

#include "message/reading.h"
#include "rules/roster.h"

enum verdict {
    VERDICT_ACCEPTED,
    VERDICT_RETURNED,
    VERDICT_IGNORED,
    VERDICT_DUPLICATE,
    VERDICT_QUARANTINED,
    VERDICT_HELD,
    VERDICT_COMMAND,
    VERDICT_QUERY
};

/* "accepted", "returned" ... */
const char *verdict_name(enum verdict v);
gboolean verdict_parse(const char *name, enum verdict *out);

/* Reasons and notes share one set of codes.  A code's name is its
 * lower-case word with hyphens: REASON_NO_TITLE is "no-title". */
enum reason {
    /* machine mail, in the order of enum machine */
    REASON_AUTO_SUBMITTED,
    REASON_NULL_SENDER,
    REASON_LIST,
    REASON_BULK,
    REASON_BOUNCE,
    REASON_RECEIPT,
    REASON_RECALL,
    REASON_SELF,
    REASON_ROBOT,
    REASON_SUPPRESS,
    REASON_SAME_MESSAGE,
    REASON_SECRECY,
    /* an element is missing that the sender can supply */
    REASON_NO_TITLE,
    REASON_NO_UNIT,
    REASON_NO_SUBMITTER,
    REASON_NO_PHONE,
    REASON_NO_SIGNER,
    REASON_NO_OPENNESS,
    REASON_NO_DATE,
    REASON_NO_BODY,
    REASON_NO_DRAFT,
    REASON_NO_TAG,
    REASON_NO_DATA,
    REASON_SEVERAL_DRAFTS,
    REASON_SEVERAL_ITEMS,
    REASON_NOT_WORD,
    REASON_ENCRYPTED,
    REASON_MACRO,
    REASON_ARCHIVE,
    REASON_LINK_ONLY,
    REASON_PARTIAL,
    REASON_TOO_BIG,
    REASON_EMPTY_DRAFT, /* a Word file without text */
    REASON_INCOMPLETE,  /* cut on the way: send again */
    /* staff must look */
    REASON_UNKNOWN_UNIT,
    REASON_AMBIGUOUS_UNIT,
    REASON_AMBIGUOUS_SUBJECT,
    REASON_SEVERAL_SENDERS,
    REASON_FAILED_AUTHENTICATION,
    REASON_UNREADABLE,
    REASON_READER_DIED,
    REASON_UNPROVEN_COMMAND,
    REASON_UNKNOWN_COMMISSION,
    REASON_NO_AUTHOR, /* no From with a valid address */
    REASON_UNREGISTERED_SENDER,
    REASON_OTHER_SENDER, /* another one has sent this very draft before */
    REASON_REGISTRATION, /* 信息员备案, for the desk to confirm */
    /* notes on an accepted submission */
    REASON_TOO_LONG,
    REASON_TOO_SHORT,
    REASON_SIMILAR,
    REASON_NO_FIGURES,
    REASON_BUNCHING,
    REASON_FUTURE_RECEIPT,     /* receipt time was in the future */
    REASON_NEW_VERSION,        /* the same draft again, corrected */
    REASON_SAME_ID_OTHER_TEXT, /* Message-ID seen with other content */
    REASON_FORWARDED,          /* the draft came inside a forwarded mail */
    REASON_UNKNOWN_CATEGORY,
    REASON_HIDDEN_CHARACTERS, /* in subject, sender, file name */
    REASON_BAD_CHARSET,       /* in subject or body */
    REASON_TWO_NAMES,         /* a file of one kind by the one, another by the
                                 other */
    REASON_OLD,               /* from before answer-since */
    REASON_COUNT
};

const char *reason_name(enum reason r);
gboolean reason_parse(const char *name, enum reason *out);

/* A set of reasons in the order in which they were found. */
struct reason_list {
    int n;
    enum reason code[32];
};

void reason_add(struct reason_list *list, enum reason r); /* once each */
gboolean reason_has(const struct reason_list *list, enum reason r);

#endif

/* verdict.c - see verdict.h. */
#include "rules/verdict.h"

#include <string.h>

static const char *const verdict_names[] = {
    [VERDICT_ACCEPTED] = "accepted",       [VERDICT_RETURNED] = "returned",
    [VERDICT_IGNORED] = "ignored",         [VERDICT_DUPLICATE] = "duplicate",
    [VERDICT_QUARANTINED] = "quarantined", [VERDICT_HELD] = "held",
    [VERDICT_COMMAND] = "command",         [VERDICT_QUERY] = "query",
};

static const char *const reason_names[REASON_COUNT] = {
    [REASON_AUTO_SUBMITTED] = "auto-submitted",
    [REASON_NULL_SENDER] = "null-sender",
    [REASON_LIST] = "list",
    [REASON_BULK] = "bulk",
    [REASON_BOUNCE] = "bounce",
    [REASON_RECEIPT] = "receipt",
    [REASON_RECALL] = "recall",
    [REASON_SELF] = "self",
    [REASON_ROBOT] = "robot",
    [REASON_SUPPRESS] = "suppress",
    [REASON_SAME_MESSAGE] = "same-message",
    [REASON_SECRECY] = "secrecy",
    [REASON_NO_TITLE] = "no-title",
    [REASON_NO_UNIT] = "no-unit",
    [REASON_NO_SUBMITTER] = "no-submitter",
    [REASON_NO_PHONE] = "no-phone",
    [REASON_NO_SIGNER] = "no-signer",
    [REASON_NO_OPENNESS] = "no-openness",
    [REASON_NO_DATE] = "no-date",
    [REASON_NO_BODY] = "no-body",
    [REASON_NO_DRAFT] = "no-draft",
    [REASON_NO_TAG] = "no-tag",
    [REASON_NO_DATA] = "no-data",
    [REASON_SEVERAL_DRAFTS] = "several-drafts",
    [REASON_SEVERAL_ITEMS] = "several-items",
    [REASON_NOT_WORD] = "not-word",
    [REASON_ENCRYPTED] = "encrypted",
    [REASON_MACRO] = "macro",
    [REASON_ARCHIVE] = "archive",
    [REASON_LINK_ONLY] = "link-only",
    [REASON_PARTIAL] = "partial",
    [REASON_TOO_BIG] = "too-big",
    [REASON_EMPTY_DRAFT] = "empty-draft",
    [REASON_INCOMPLETE] = "incomplete",
    [REASON_UNKNOWN_UNIT] = "unknown-unit",
    [REASON_AMBIGUOUS_UNIT] = "ambiguous-unit",
    [REASON_AMBIGUOUS_SUBJECT] = "ambiguous-subject",
    [REASON_SEVERAL_SENDERS] = "several-senders",
    [REASON_FAILED_AUTHENTICATION] = "failed-authentication",
    [REASON_UNREADABLE] = "unreadable",
    [REASON_READER_DIED] = "reader-died",
    [REASON_UNPROVEN_COMMAND] = "unproven-command",
    [REASON_UNKNOWN_COMMISSION] = "unknown-commission",
    [REASON_NO_AUTHOR] = "no-author",
    [REASON_UNREGISTERED_SENDER] = "unregistered-sender",
    [REASON_OTHER_SENDER] = "other-sender",
    [REASON_REGISTRATION] = "registration",
    [REASON_TOO_LONG] = "too-long",
    [REASON_TOO_SHORT] = "too-short",
    [REASON_SIMILAR] = "similar",
    [REASON_NO_FIGURES] = "no-figures",
    [REASON_BUNCHING] = "bunching",
    [REASON_FUTURE_RECEIPT] = "future-receipt",
    [REASON_NEW_VERSION] = "new-version",
    [REASON_SAME_ID_OTHER_TEXT] = "same-id-other-text",
    [REASON_FORWARDED] = "forwarded",
    [REASON_UNKNOWN_CATEGORY] = "unknown-category",
    [REASON_HIDDEN_CHARACTERS] = "hidden-characters",
    [REASON_BAD_CHARSET] = "bad-charset",
    [REASON_TWO_NAMES] = "two-names",
    [REASON_OLD] = "old",
};

G_STATIC_ASSERT(G_N_ELEMENTS(reason_names) == REASON_COUNT);

/* Index of a name in a table, -1 when it is not there. */
static int
find_name(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return (int)i;
    return -1;
}

const char *
verdict_name(enum verdict v)
{
    return verdict_names[v];
}

gboolean
verdict_parse(const char *name, enum verdict *out)
{
    int i = find_name(verdict_names, G_N_ELEMENTS(verdict_names), name);

    if (i < 0)
        return FALSE;
    *out = (enum verdict)i;
    return TRUE;
}

const char *
reason_name(enum reason r)
{
    return reason_names[r];
}

gboolean
reason_parse(const char *name, enum reason *out)
{
    int i = find_name(reason_names, G_N_ELEMENTS(reason_names), name);

    if (i < 0)
        return FALSE;
    *out = (enum reason)i;
    return TRUE;
}

gboolean
reason_has(const struct reason_list *list, enum reason r)
{
    for (int i = 0; i < list->n; i++)
        if (list->code[i] == r)
            return TRUE;
    return FALSE;
}

void
reason_add(struct reason_list *list, enum reason r)
{
    if (reason_has(list, r))
        return;
    g_assert(list->n < (int)G_N_ELEMENTS(list->code));
    list->code[list->n++] = r;
}

/* words.c - what the desk answers, from desk.ini of templates/: each word is
 * a Mustache template. */
#include "desk/words.h"

#include "reply/mustache.h"

static const char *const known[] = {"desk.usage-mark",
                                    "desk.usage-credit",
                                    "desk.usage-revoke",
                                    "desk.usage-held",
                                    "desk.usage-return",
                                    "desk.usage-correct",
                                    "desk.usage-enter",
                                    "desk.usage-points",
                                    "desk.usage-query",
                                    "desk.usage-undo",
                                    "desk.usage-purge",
                                    "desk.usage-withdraw",
                                    "desk.unknown-verb",
                                    "desk.near-verb",
                                    "desk.no-number",
                                    "desk.withdrawn",
                                    "desk.no-handle",
                                    "desk.not-open",
                                    "desk.is-quarantined",
                                    "desk.not-quarantined",
                                    "desk.unknown-unit",
                                    "desk.near-unit",
                                    "desk.unknown-item",
                                    "desk.near-item",
                                    "desk.label-many",
                                    "desk.made-by-itself",
                                    "desk.future-day",
                                    "desk.marked-already",
                                    "desk.refused-keep",
                                    "desk.refused-amount",
                                    "desk.refused-shares",
                                    "desk.marked",
                                    "desk.credited",
                                    "desk.adjustment",
                                    "desk.note-needed",
                                    "desk.no-mark",
                                    "desk.revoked",
                                    "desk.no-reading",
                                    "desk.no-draft",
                                    "desk.field-unknown",
                                    "desk.field-missing",
                                    "desk.accepted",
                                    "desk.returned",
                                    "desk.returned-silent",
                                    "desk.ignored",
                                    "desk.judged",
                                    "desk.confirmed",
                                    "desk.released",
                                    "desk.purged",
                                    "desk.corrected",
                                    "desk.entered",
                                    "desk.withdrawn-now",
                                    "desk.bad-period",
                                    "desk.points",
                                    "desk.query",
                                    "desk.no-command",
                                    "desk.undone",
                                    "desk.help",
                                    "desk.register-refused",
                                    "desk.nothing",
                                    "desk.near-field",
                                    "desk.usage-period",
                                    "desk.usage-ledger",
                                    "desk.ledger-sent",
                                    "desk.bulletin-sent",
                                    "desk.published-now",
                                    "desk.corrected-now",
                                    "desk.not-over",
                                    "desk.usage-commission",
                                    "desk.usage-waive",
                                    "desk.usage-remind",
                                    "desk.bad-time",
                                    "desk.time-past",
                                    "desk.no-commission",
                                    "desk.not-asked",
                                    "desk.waived-already",
                                    "desk.commissioned",
                                    "desk.waived",
                                    "desk.nobody-owes",
                                    "desk.reminded",
                                    "desk.commission",
                                    "desk.commission-unit",
                                    "desk.usage-joint",
                                    "desk.bad-share",
                                    "desk.unit-twice",
                                    "desk.joint",
                                    "desk.usage-informant",
                                    "desk.bad-address",
                                    "desk.no-informant",
                                    "desk.informant-in-file",
                                    "desk.informant-ended",
                                    "desk.informant-added",
                                    "desk.usage-incident",
                                    "desk.no-incident",
                                    "desk.incident",
                                    "desk.usage-close",
                                    "desk.closed-already",
                                    "desk.closed",
                                    NULL};

enum st
desk_words_load(const char *dir, const char *own_dir, struct phrases **out,
                struct err *e)
{
    return phrases_load(dir, own_dir, "desk.ini", known, out, e);
}

char *
desk_say(const struct phrases *words, const char *key,
         const struct value *facts)
{
    g_autofree char *name = g_strconcat("desk.", key, NULL);
    g_autoptr(mustache) m = NULL;
    struct err e = ERR_INIT;

    if (mustache_compile("desk.ini", phrases_get(words, name), MUSTACHE_PLAIN,
                         &m, &e) != ST_OK)
        return g_strdup(e.text);
    return mustache_render(m, facts, NULL);
}

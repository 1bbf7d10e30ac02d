/* words.c - what the desk answers, from desk.ini of templates/: each word is
 * a Mustache template. */
#include "desk/words.h"

#include "base/pattern.h"
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
                                    "desk.far-day",
                                    "desk.marked-already",
                                    "desk.too-many",
                                    "desk.bad-phone",
                                    "desk.bad-extension",
                                    "desk.bad-category",
                                    "desk.bad-day",
                                    "desk.enter-day",
                                    "desk.bad-quantity",
                                    "desk.bad-amount",
                                    "desk.option-twice",
                                    "desk.option-late",
                                    "desk.fixed-amount",
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
                                    "desk.far-period",
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
                                    "desk.ledger-none",
                                    "desk.ledger-unreadable",
                                    "desk.ledger-unknown",
                                    "desk.ledger-foreign",
                                    "desk.ledger-twice",
                                    "desk.ledger-fact",
                                    "desk.ledger-column",
                                    "desk.ledger-date",
                                    "desk.ledger-conflict",
                                    "desk.ledger-remark",
                                    "desk.ledger-same",
                                    "desk.ledger-other-sheet",
                                    "desk.ledger-added",
                                    "desk.ledger-old",
                                    "desk.ledger-no-item",
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
                                    "desk.commissions",
                                    "desk.no-commissions",
                                    "desk.incident-state",
                                    "desk.incidents",
                                    "desk.no-incidents",
                                    "desk.points-changed",
                                    "desk.undo",
                                    "desk.undone-already",
                                    "desk.not-yours",
                                    "desk.staff-only",
                                    "desk.accepted-before",
                                    "desk.accepted-again",
                                    "desk.before-event",
                                    "desk.not-undoable",
                                    "desk.changed-since",
                                    "desk.published-already",
                                    "desk.not-published",
                                    "desk.withdrawn-already",
                                    "desk.purged-already",
                                    "desk.purge-number",
                                    "desk.ledger-too-many",
                                    "desk.criticised",
                                    "desk.usage-joint",
                                    "desk.bad-share",
                                    "desk.shares-unused",
                                    "desk.shares-needed",
                                    "desk.unit-twice",
                                    "desk.joint",
                                    "desk.usage-informant",
                                    "desk.bad-address",
                                    "desk.no-informant",
                                    "desk.informant-in-file",
                                    "desk.informant-ended",
                                    "desk.informant-added",
                                    "desk.registration-done",
                                    "desk.registration-missing",
                                    "desk.registration-field",
                                    "desk.usage-incident",
                                    "desk.no-incident",
                                    "desk.incident",
                                    "desk.usage-close",
                                    "desk.closed-already",
                                    "desk.closed",
                                    NULL};

/* Every name that some word of the program's own desk.ini uses: what orders
 * are answered with. */
static struct value *
names_in_use(const struct phrases *words)
{
    static struct pattern tag = PATTERN("\\{\\{[{#^/&]?\\s*([a-z_]+)");
    struct value *v = value_map();

    for (const char *const *key = known; *key; key++) {
        const char *text = phrases_get(words, *key);
        struct pattern_hit hit;

        for (size_t at = 0; pattern_find(&tag, text, at, &hit);
             at = (size_t)hit.end[0]) {
            g_autofree char *name = pattern_group(&hit, 1);

            value_set_text(v, name, name);
        }
    }
    return v;
}

/* An office's words may use those names, and no others. */
static enum st
check_words(const struct phrases *words, const struct value *names,
            struct err *e)
{
    enum st st = ST_OK;

    for (const char *const *key = known; st == ST_OK && *key; key++) {
        g_autofree char *place = g_strdup_printf("desk.ini %s", *key);
        g_autoptr(mustache) m = NULL;

        st = mustache_compile(place, phrases_get(words, *key), MUSTACHE_PLAIN,
                              &m, e);
        if (st == ST_OK)
            st = mustache_check(m, names, NULL, e);
    }
    return st;
}

enum st
desk_words_load(const char *dir, const char *own_dir, struct phrases **out,
                struct err *e)
{
    g_autoptr(phrases) own = NULL;
    g_autoptr(phrases) words = NULL;
    g_autoptr(value) names = NULL;
    enum st st = phrases_load(dir, NULL, "desk.ini", known, &own, e);

    if (st == ST_OK)
        st = phrases_load(dir, own_dir, "desk.ini", known, &words, e);
    if (st != ST_OK)
        return st;
    names = names_in_use(own);
    st = check_words(words, names, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&words);
    return st;
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

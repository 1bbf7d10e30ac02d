/* bulletin_words.c - the printed words of the bulletin: which there must be,
 * and how those with names in them are filled. */
#include "report/bulletin_words.h"

#include "reply/mustache.h"
#include "report/bulletin_sheets.h"

#include <string.h>

static const char *const known[] = {"font.title",
                                    "font.head",
                                    "font.text",
                                    "sheet.main",
                                    "sheet.adoptions",
                                    "sheet.commissions",
                                    "sheet.deductions",
                                    "sheet.targets",
                                    "sheet.honours",
                                    "sheet.charts",
                                    "sheet.notes",
                                    "title.main",
                                    "title.adoptions",
                                    "title.commissions",
                                    "title.deductions",
                                    "title.targets",
                                    "title.honours",
                                    "title.charts",
                                    "title.notes",
                                    "line.head",
                                    "line.head_tasks",
                                    "line.totals",
                                    "line.silent",
                                    "line.unadopted",
                                    "line.joint",
                                    "line.unmet",
                                    "line.not_yet",
                                    "line.at_most",
                                    "line.other_target",
                                    "line.partly",
                                    "line.amount",
                                    "line.met",
                                    "line.semicolon",
                                    "line.separator",
                                    "line.class",
                                    "line.listed",
                                    "line.uncredited",
                                    "line.pages",
                                    "line.none",
                                    "line.withheld",
                                    "column.rank",
                                    "column.unit",
                                    "column.person",
                                    "column.among",
                                    "column.excess",
                                    "column.award",
                                    "column.kind",
                                    "column.text",
                                    "column.submitted",
                                    "column.adopted",
                                    "column.points",
                                    "column.adjustment",
                                    "column.to_date",
                                    "column.total",
                                    "column.ordinal",
                                    "column.number",
                                    "column.title",
                                    "column.by",
                                    "column.group",
                                    "column.item",
                                    "column.date",
                                    "column.worth",
                                    "column.commission",
                                    "column.commission_title",
                                    "column.level",
                                    "column.due",
                                    "column.outcome",
                                    "column.answered",
                                    "column.remark",
                                    "column.fault",
                                    "column.about",
                                    "column.clause",
                                    "column.target",
                                    "column.actual",
                                    "column.count",
                                    "column.reason",
                                    "column.entry",
                                    "outcome.open",
                                    "outcome.answered",
                                    "outcome.late",
                                    "outcome.missed",
                                    "outcome.waived",
                                    "outcome.met",
                                    "outcome.unmet",
                                    "outcome.not_yet",
                                    "honour.award",
                                    "honour.praise",
                                    "honour.criticism",
                                    "honour.veto",
                                    "honour.zero",
                                    "reason.submission",
                                    "reason.commission",
                                    "reason.incident",
                                    "reason.target",
                                    "reason.within",
                                    "reason.streak",
                                    "reason.award",
                                    "reason.excess",
                                    "reason.noted",
                                    "reason.added",
                                    "reason.withdrawn",
                                    "reason.changed",
                                    "reason.year",
                                    "reason.money",
                                    "chart.points",
                                    "chart.adoptions",
                                    "notes.rules",
                                    "notes.rules_text",
                                    "notes.rules_old",
                                    "notes.choices",
                                    "notes.choice",
                                    "notes.adjustments",
                                    "notes.cut_off_heading",
                                    "notes.cut_off",
                                    "scope.marker",
                                    "scope.levels",
                                    "scope.all",
                                    "number.digits",
                                    "number.ten",
                                    "number.brackets",
                                    "number.wide",
                                    NULL};

/* ---- names in phrases ---- */

static const char *const names[] = {
    "period",   "scope",      "from",   "to",     "cut_off", "office",
    "received", "adopted",    "units",  "class",  "ordinal", "rules",
    "document", "choices_by", "text",   "clause", "name",    "points",
    "currency", "title",      "number", "metric", "actual",  "target",
    "item",     "note",       "rank",   "value",  NULL};

static gboolean
has_names(const char *key)
{
    return g_str_has_prefix(key, "title.") || g_str_has_prefix(key, "line.") ||
           g_str_has_prefix(key, "chart.") || g_str_has_prefix(key, "notes.") ||
           g_str_has_prefix(key, "reason.");
}

static enum st
check_phrases(const struct phrases *p, struct err *e)
{
    g_autoptr(value) sample = value_map();
    enum st st = ST_OK;

    for (const char *const *n = names; *n; n++)
        value_set_text(sample, *n, *n);
    for (const char *const *key = known; *key && st == ST_OK; key++) {
        g_autofree char *where = g_strconcat("bulletin.ini ", *key, NULL);
        g_autoptr(mustache) m = NULL;

        if (!has_names(*key))
            continue;
        st = mustache_compile(where, phrases_get(p, *key), MUSTACHE_PLAIN, &m,
                              e);
        if (st == ST_OK)
            st = mustache_check(m, sample, NULL, e);
    }
    return st;
}

enum st
bulletin_load_words(const char *dir, const char *own_dir, struct phrases **out,
                    struct err *e)
{
    g_autoptr(phrases) p = NULL;
    enum st st = phrases_load(dir, own_dir, "bulletin.ini", known, &p, e);

    if (st == ST_OK)
        st = check_phrases(p, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&p);
    return st;
}

const char *
word(const struct bulletin_writer *w, const char *name)
{
    return phrases_get(w->words, name);
}

/* ---- filling ---- */

/* 郯城县人民政府办公室 -> 全县: the character before the marker. */
static char *
scope_of(const struct bulletin *b, const struct phrases *words)
{
    const char *marker, *level;
    g_autofree char *before = NULL;

    if (b->scope)
        return g_strdup(b->scope);
    marker = strstr(b->office, phrases_get(words, "scope.marker"));
    if (!marker || marker == b->office)
        return g_strdup("");
    level = g_utf8_prev_char(marker);
    before = g_strndup(level, (gsize)(marker - level));
    if (!strstr(phrases_get(words, "scope.levels"), before))
        return g_strdup("");
    return g_strconcat(phrases_get(words, "scope.all"), before, NULL);
}

/* A pair of brackets replaced by that of a phrase of two characters. */
static char *
rebracketed(const struct phrases *words, const char *name, const char *text,
            const char *opening, const char *closing)
{
    const char *pair = phrases_get(words, name);
    const char *second = g_utf8_next_char(pair);
    g_autofree char *first = g_strndup(pair, (gsize)(second - pair));
    g_autoptr(GString) s = g_string_new(text);

    g_string_replace(s, opening, first, 0);
    g_string_replace(s, closing, second, 0);
    return g_string_free(g_steal_pointer(&s), FALSE);
}

/* GB/T 9704 writes the year of a document's number in 〔〕; rule packs often
 * have it as it was typed, in []. */
char *
document_number(const struct phrases *words, const char *text)
{
    return rebracketed(words, "number.brackets", text, "[", "]");
}

char *
wide_brackets(const struct phrases *words, const char *text)
{
    return rebracketed(words, "number.wide", text, "(", ")");
}

void
set_bulletin_names(struct value *v, const struct bulletin *b,
                   const struct phrases *words)
{
    value_set_text(v, "period", b->period);
    value_take_text(v, "scope", scope_of(b, words));
    value_set_text(v, "cut_off", b->cut_off);
    value_set_text(v, "office", b->office);
    value_set_text(v, "rules", b->rules_title);
    value_take_text(v, "document", document_number(words, b->rules_document));
    value_set_text(v, "choices_by", b->choices_by);
    value_set_int(v, "received", b->received);
    value_set_int(v, "adopted", b->adopted);
    value_set_bool(v, "points", !b->no_points);
    value_take_text(v, "from", day_format_chinese(b->from));
    value_take_text(v, "to", day_format_chinese(b->to));
}

char *
phrase(const struct bulletin *b, const struct phrases *words, const char *name,
       const struct value *more)
{
    g_autoptr(value) v = value_map();
    g_autoptr(GPtrArray) keys = more ? value_keys(more) : NULL;
    g_autoptr(mustache) m = NULL;
    struct err e = ERR_INIT;

    set_bulletin_names(v, b, words);
    for (guint i = 0; keys && i < keys->len; i++)
        value_set(v, keys->pdata[i],
                  value_copy(value_get(more, keys->pdata[i])));
    if (mustache_compile(name, phrases_get(words, name), MUSTACHE_PLAIN, &m,
                         &e) != ST_OK)
        g_error("%s", e.text); /* bulletin_load_words() has compiled it */
    return mustache_render(m, v, NULL);
}

char *
bulletin_title(const struct bulletin *b, const struct phrases *words)
{
    return phrase(b, words, "title.main", NULL);
}

static void
append_digit(GString *out, const struct phrases *words, guint n)
{
    const char *digits = phrases_get(words, "number.digits");
    const char *digit = g_utf8_offset_to_pointer(digits, (glong)n - 1);

    g_string_append_len(out, digit, g_utf8_next_char(digit) - digit);
}

char *
chinese_number(const struct phrases *words, guint n)
{
    GString *out = g_string_new(NULL);

    if (n >= 20)
        append_digit(out, words, n / 10 % 10);
    if (n >= 10)
        g_string_append(out, phrases_get(words, "number.ten"));
    if (n % 10)
        append_digit(out, words, n % 10);
    return g_string_free(out, FALSE);
}

/* letter.c - filling the letters of the catalogue (see catalogue.h).
 *
 * Facts come partly from mails.  Here is the gate before they are printed:
 * one line each, nothing invisible, of bounded length. */
#include "reply/catalogue_data.h"

#include "base/text.h"

#include <string.h>

enum { FACT_CHARS = 300 };

#define SUBJECT "Subject: "

/* ---- facts ---- */

/* Most texts are clean already, and are shared. */
static struct value *
clean_text(const struct value *v)
{
    const char *text = value_get_text(v);
    g_autofree char *line = NULL, *cut = NULL;

    if (text_is_line(text) && strlen(text) <= FACT_CHARS)
        return value_copy(v);
    line = text_line(text);
    cut = text_cut(line, FACT_CHARS);
    return value_text(cut);
}

static struct value *clean_value(const struct value *v);

static struct value *
clean_map(const struct value *v)
{
    g_autoptr(GPtrArray) keys = value_names(v);
    struct value *out = value_map();

    for (guint i = 0; i < keys->len; i++)
        value_set(out, keys->pdata[i],
                  clean_value(value_get(v, keys->pdata[i])));
    return out;
}

static struct value *
clean_value(const struct value *v)
{
    struct value *out;

    switch (value_kind(v)) {
    case VALUE_TEXT:
        return clean_text(v);
    case VALUE_BOOL:
        return value_copy(v);
    case VALUE_LIST:
        out = value_list();
        for (guint i = 0; i < value_length(v); i++)
            value_append(out, clean_value(value_at(v, i)));
        return out;
    case VALUE_MAP:
        return clean_map(v);
    }
    g_assert_not_reached();
}

static struct value *
with_office(const struct catalogue *c, const struct value *facts)
{
    struct value *all = clean_value(facts);
    g_autoptr(GPtrArray) keys = value_names(c->office);

    for (guint i = 0; i < keys->len; i++)
        if (!value_get(all, keys->pdata[i]))
            value_set(all, keys->pdata[i],
                      value_copy(value_get(c->office, keys->pdata[i])));
    return all;
}

/* What the sample says of a name: of a list's items, the last that has it. */
static const struct value *
declared(const struct value *sample, const char *name)
{
    const struct value *found = value_get(sample, name);

    for (guint n = value_length(sample); !found && n > 0; n--)
        found = value_get(value_at(sample, n - 1), name);
    return found;
}

/* A name of `facts` that `sample`, or one of its items, does not declare;
 * NULL if none.  Borrowed from `facts`. */
static const char *
undeclared(const struct value *facts, const struct value *sample)
{
    g_autoptr(GPtrArray) names = value_names(facts);
    const char *bad = NULL;

    for (guint i = 0; !bad && i < names->len; i++) {
        const struct value *v = value_get(facts, names->pdata[i]);
        const struct value *like = declared(sample, names->pdata[i]);

        if (!like)
            return names->pdata[i];
        if (value_kind(v) == VALUE_MAP)
            bad = undeclared(v, like);
        for (guint j = 0; !bad && j < value_length(v); j++)
            bad = undeclared(value_at(v, j), like);
    }
    return bad;
}

/* ---- letters ---- */

void
letter_text_clear(struct letter_text *t)
{
    g_clear_pointer(&t->subject, g_free);
    g_clear_pointer(&t->text, g_free);
    g_clear_pointer(&t->html, g_free);
}

static gboolean
goes_to_sender(enum letter letter)
{
    return letter <= LETTER_QUERY_ANSWER;
}

/* RFC 3834 section 2: no large answers.  Cut at the end of a line, and say
 * so. */
static char *
cut_text(const struct catalogue *c, const char *text, const struct value *facts)
{
    const struct mustache *m = g_hash_table_lookup(c->text_parts, "cut");
    g_autofree char *last =
        m ? mustache_render(m, facts, c->text_parts) : g_strdup("");
    size_t n = LETTER_TEXT_BYTES - MIN(strlen(last), LETTER_TEXT_BYTES / 2);

    while (n > 0 && text[n - 1] != '\n')
        n--;
    return g_strdup_printf("%.*s%s", (int)n, text, last);
}

/* "Subject: ...\n" and the rest. */
static enum st
split_subject(const char *filled, enum letter letter, char **subject_out,
              char **text_out, struct err *e)
{
    const char *end = strchr(filled, '\n');
    g_autofree char *first = NULL;

    if (!end || !g_str_has_prefix(filled, SUBJECT))
        return err_set(e, ST_FATAL, EXIT_CONFIGURATION,
                       "letter %s has no subject line", letter_name(letter));
    first = g_strndup(filled + strlen(SUBJECT),
                      (gsize)(end - filled) - strlen(SUBJECT));
    *subject_out = text_line(first);
    *text_out = g_strdup(end + 1);
    return ST_OK;
}

enum st
catalogue_write(const struct catalogue *c, enum letter letter,
                const struct value *facts, struct letter_text *out,
                struct err *e)
{
    const char *bad = undeclared(facts, c->samples[letter]);
    g_autoptr(value) all = NULL;
    g_autofree char *filled = NULL;
    enum st st;

    if (bad)
        return err_set(e, ST_FATAL, EXIT_SOFTWARE,
                       "letter %s is filled with \"%s\", which samples.ini "
                       "does not declare",
                       letter_name(letter), bad);
    all = with_office(c, facts);
    filled = mustache_render(c->text[letter], all, c->text_parts);
    st = split_subject(filled, letter, &out->subject, &out->text, e);
    if (st != ST_OK)
        return st;
    out->html = NULL;
    if (goes_to_sender(letter) && strlen(out->text) > LETTER_TEXT_BYTES) {
        g_autofree char *whole = out->text;

        out->text = cut_text(c, whole, all);
    } else if (c->html[letter]) {
        out->html = mustache_render(c->html[letter], all, c->html_parts);
    }
    return ST_OK;
}

/* ---- reasons ---- */

static void
set_word(const struct catalogue *c, struct value *item, enum reason reason,
         enum reason_word word, const char *key, const struct value *facts)
{
    g_autofree char *text =
        mustache_render(c->reasons[reason][word], facts, NULL);

    value_set_text(item, key, text);
}

struct value *
catalogue_reasons(const struct catalogue *c, const struct reason_list *reasons,
                  const struct value *facts, enum reason_reader reader)
{
    enum reason_word advice =
        reader == REASON_FOR_SENDER ? REASON_DO : REASON_DESK;
    g_autoptr(value) known = facts ? clean_value(facts) : value_map();
    struct value *list = value_list();

    for (int i = 0; i < reasons->n; i++) {
        enum reason r = reasons->code[i];
        struct value *item = value_map();

        value_set_text(item, "code", reason_name(r));
        set_word(c, item, r, REASON_SHORT, "short", known);
        set_word(c, item, r, REASON_WHAT, "what", known);
        set_word(c, item, r, advice, "do", known);
        if (reader == REASON_FOR_SENDER && !value_truth(value_get(item, "do")))
            value_free(item);
        else
            value_append(list, item);
    }
    return list;
}

char *
catalogue_reason_name(const struct catalogue *c, enum reason reason)
{
    g_autoptr(value) none = value_map();

    return mustache_render(c->reasons[reason][REASON_SHORT], none, NULL);
}

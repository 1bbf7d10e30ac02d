/* tokens.c - see tokens.h. */
#include "rules/tokens.h"

#include "base/text.h"
#include "rules/meaning.h"
#include "rules/phone.h"

#include <string.h>

/* ---- separators ---- */

struct separator_set {
    unsigned bit;
    const char *chars; /* folded */
};

static const struct separator_set separators[] = {
    {SEP_SPACE, " "},
    {SEP_DASH, "-‐‑‒–—―−─━﹘"},
    {SEP_UNDERSCORE, "_"},
    {SEP_PIPE, "|¦│丨"},
    {SEP_SLASH, "/\\"},
    {SEP_PLUS, "+"},
    {SEP_COMMA, ","},
    {SEP_ENUM, "、"},
    {SEP_SEMICOLON, ";"},
    {SEP_COLON, ":"},
    {SEP_OTHER, "~*#&=。"},
    {SEP_OPEN, "([{【〔〖《〈<「『"},
    {SEP_CLOSE, ")]}】〕〗》〉>」』"},
};

/* Every character of every set -> its bit; asked for each character several
 * times over. */
static GHashTable *
separator_table(void)
{
    static GHashTable *table;

    if (g_once_init_enter(&table)) {
        GHashTable *t = g_hash_table_new(NULL, NULL);

        for (size_t i = 0; i < G_N_ELEMENTS(separators); i++)
            for (const char *p = separators[i].chars; *p;
                 p = g_utf8_next_char(p))
                g_hash_table_insert(t, GUINT_TO_POINTER(g_utf8_get_char(p)),
                                    GUINT_TO_POINTER(separators[i].bit));
        g_once_init_leave(&table, t);
    }
    return table;
}

/* 丨 is the last of them; the ideographs behind it are most of a subject. */
enum { LAST_SEPARATOR = 0x4E28, LAST_IDEOGRAPH = 0x9FFF };

static unsigned
separator_of(gunichar c)
{
    if (c > LAST_SEPARATOR && c <= LAST_IDEOGRAPH)
        return 0;
    if (g_unichar_isspace(c))
        return SEP_SPACE;
    return GPOINTER_TO_UINT(
        g_hash_table_lookup(separator_table(), GUINT_TO_POINTER(c)));
}

static gboolean
phone_within(const struct subject_line *l, int start, int end)
{
    for (guint i = 0; i < l->phones->len; i++) {
        const struct phone *p = &g_array_index(l->phones, struct phone, i);

        if (p->start >= start && p->start < end)
            return TRUE;
    }
    return FALSE;
}

static gboolean
phone_ends(const struct subject_line *l, int at)
{
    for (guint i = 0; i < l->phones->len; i++)
        if (g_array_index(l->phones, struct phone, i).end == at)
            return TRUE;
    return FALSE;
}

static gboolean
is_ascii_word(gunichar c)
{
    return c < 0x80 && g_ascii_isalnum((char)c);
}

/* 2019-2020, 24/7, 1,234: no separator, but part of a word; between two
 * numbers it is one. */
static gboolean
is_inside_word(const struct subject_line *l, int at)
{
    const struct runes *r = l->r;

    return at > 0 && !phone_within(l, at + 1, at + 2) && !phone_ends(l, at) &&
           at + 1 < r->n && is_ascii_word(r->folded[at - 1]) &&
           is_ascii_word(r->folded[at + 1]) && r->folded[at] < 0x80 &&
           strchr("-/+.,:_~&", (int)r->folded[at]) != NULL;
}

/* ---- what is kept whole: 《…》 “…” 「…」 ---- */

enum { QUOTE_MAX_CHARS = 80 };

gunichar
tokens_closing_quote(gunichar open)
{
    static const gunichar quotes[][2] = {
        {0x300A, 0x300B}, {0x3008, 0x3009}, {0x201C, 0x201D}, {0x2018, 0x2019},
        {0x300C, 0x300D}, {0x300E, 0x300F}, {'"', '"'}};

    for (size_t i = 0; i < G_N_ELEMENTS(quotes); i++)
        if (quotes[i][0] == open)
            return quotes[i][1];
    return 0;
}

/* The end of the quotation that opens at `at`, or 0.  One that holds a
 * number is a bracket around elements, not a quotation. */
static int
quotation_end(const struct subject_line *l, int at)
{
    gunichar close = tokens_closing_quote(l->r->folded[at]);

    for (int i = at + 1; close && i < l->r->n && i < at + QUOTE_MAX_CHARS; i++)
        if (l->r->folded[i] == close)
            return phone_within(l, at, i) ? 0 : i + 1;
    return 0;
}

/* ---- cutting ---- */

static void
token_clear(gpointer data)
{
    g_ptr_array_unref(((struct token *)data)->units);
}

struct token *
tokens_at(const struct subject_line *l, int i)
{
    return &g_array_index(l->tokens, struct token, i);
}

int
tokens_count(const struct subject_line *l)
{
    return (int)l->tokens->len;
}

unsigned
tokens_gap(const struct subject_line *l, int i)
{
    return tokens_at(l, i)->gap;
}

static void
push(struct subject_line *l, enum token_kind kind, int start, int end,
     unsigned *gap)
{
    struct token t = {.kind = kind,
                      .start = start,
                      .end = end,
                      .gap = *gap,
                      .unit_end = start,
                      .phone = -1};

    g_array_append_val(l->tokens, t);
    tokens_at(l, tokens_count(l) - 1)->units = g_ptr_array_new();
    *gap = 0;
}

static int
phone_starting(const struct subject_line *l, int at)
{
    for (guint i = 0; i < l->phones->len; i++)
        if (g_array_index(l->phones, struct phone, i).start == at)
            return (int)i;
    return -1;
}

static unsigned
gap_behind(const struct subject_line *l, int i)
{
    return i + 1 < tokens_count(l) ? tokens_gap(l, i + 1) : l->tail;
}

/* ---- labels ---- */

/* 何平电话 6201234, 手机13383209773: the label goes. */
static void
drop_phone_labels(struct subject_line *l)
{
    for (int i = 0; i + 1 < tokens_count(l); i++) {
        struct token *t = tokens_at(l, i), *next = tokens_at(l, i + 1);
        int n;

        if (t->kind != TOKEN_TEXT || next->kind != TOKEN_PHONE)
            continue;
        n = MAX(labels_before(l->r, t->end, LABEL_PHONE),
                labels_before(l->r, t->end, LABEL_EXTENSION));
        if (n >= t->end - t->start)
            t->kind = TOKEN_LABEL;
        else if (n > 0)
            t->end -= n;
    }
}

gboolean
tokens_is_bracketed(const struct subject_line *l, int i)
{
    return (tokens_gap(l, i) & SEP_OPEN) && (gap_behind(l, i) & SEP_CLOSE);
}

static void
give_label(struct subject_line *l, int i, enum label label)
{
    struct token *next = i + 1 < tokens_count(l) ? tokens_at(l, i + 1) : NULL;

    if (!next || next->kind != TOKEN_TEXT)
        return;
    next->label = label;
    if (label == LABEL_SIGNER || label == LABEL_OPENNESS ||
        label == LABEL_DATE || label == LABEL_BODY || label == LABEL_CATEGORY)
        next->kind = TOKEN_EXTRA;
}

/* Tokens that are a label from end to end. */
static void
find_whole_labels(struct subject_line *l)
{
    const unsigned bracket = SEP_CLOSE | SEP_SPACE | SEP_COLON;

    for (int i = 0; i < tokens_count(l); i++) {
        struct token *t = tokens_at(l, i);
        unsigned behind = gap_behind(l, i);
        enum label label = t->kind == TOKEN_TEXT
                               ? labels_whole(l->r, t->start, t->end)
                               : LABEL_NONE;
        gboolean bracketed = tokens_is_bracketed(l, i);

        if (label == LABEL_NONE)
            continue;
        if (bracketed || (behind & SEP_COLON) ||
            (t->end - t->start >= 3 && label != LABEL_NOISE))
            t->kind = TOKEN_LABEL;
        else
            continue;
        /* 〔报送人〕-… of a subject that was copied and not filled in names
         * nothing. */
        if ((behind & SEP_COLON) || (bracketed && !(behind & ~bracket)) ||
            (!bracketed && behind == SEP_SPACE))
            give_label(l, i, label);
    }
}

/* 联系人唐山, 单位县财政局. */
static void
find_glued_label(const struct subject_context *c, struct subject_line *l,
                 struct token *t)
{
    enum label label = LABEL_NONE;
    int n = labels_at(l->r, t->start, &label), rest = t->start + n;
    struct unit *u = NULL;
    g_autofree char *name = NULL;

    if (n == 0 || rest >= t->end)
        return;
    if (label == LABEL_SUBMITTER &&
        person_kind(l->r, rest, t->end) < PERSON_PLAIN)
        return;
    if (label == LABEL_UNIT) {
        name = runes_text(l->r, rest, t->end);
        if (match_unit(c->matcher, name, &u) == MATCH_NONE)
            return;
    }
    if (label != LABEL_SUBMITTER && label != LABEL_UNIT)
        return;
    t->start = t->unit_end = rest;
    t->label = label;
}

/* ---- one pass over the line ---- */

static gboolean
is_separator(const struct subject_line *l, int at)
{
    return separator_of(l->r->folded[at]) != 0 && !is_inside_word(l, at);
}

/* Where the word ends that begins behind a quotation. */
static int
word_end(const struct subject_line *l, int at)
{
    while (at < l->r->n && phone_starting(l, at) < 0 && !is_separator(l, at) &&
           !tokens_closing_quote(l->r->folded[at]))
        at++;
    return at;
}

/* Does an element stand glued to a quotation: 《标题》县财政局何平? */
static gboolean
is_element(const struct subject_context *c, const struct subject_line *l,
           int start, int end)
{
    struct token t = {.start = start, .end = end, .unit_end = start};
    gboolean unit;

    t.units = g_ptr_array_new();
    meaning_find_unit(c, l, &t);
    unit = t.units->len > 0;
    g_ptr_array_unref(t.units);
    return unit || person_kind(l->r, start, end) >= PERSON_PLAIN;
}

/* A quotation at `at`: text, unless it is a bracket around a unit, or parts
 * elements.  Where it ends, 0 when it is no quotation. */
static int
take_quotation(const struct subject_context *c, struct subject_line *l, int at,
               int *text, unsigned *gap)
{
    int end = quotation_end(l, at), next;
    struct unit *u = NULL;

    if (end == 0 || meaning_unit_within(c, l, at + 1, end - 1, &u) == MATCH_ONE)
        return 0;
    if (*text >= 0 && is_element(c, l, *text, at)) {
        push(l, TOKEN_TEXT, *text, at, gap);
        *gap |= SEP_OPEN;
        *text = -1;
    }
    *text = *text < 0 ? at : *text;
    next = word_end(l, end);
    if (next > end && is_element(c, l, end, next)) {
        push(l, TOKEN_TEXT, *text, end, gap);
        *gap |= SEP_CLOSE;
        *text = -1;
    }
    return end;
}

/* One pass over the line: numbers, quotations, separators, and text. */
static void
cut(const struct subject_context *c, struct subject_line *l)
{
    unsigned gap = 0;
    int text = -1; /* where the present text began */

    for (int i = 0; i < l->r->n;) {
        int phone = phone_starting(l, i);
        int end = phone < 0 ? take_quotation(c, l, i, &text, &gap) : 0;

        if (end > 0) {
            i = end;
            continue;
        }
        if (phone < 0 && !is_separator(l, i)) {
            text = text < 0 ? i : text;
            i++;
            continue;
        }
        if (text >= 0)
            push(l, TOKEN_TEXT, text, i, &gap);
        text = -1;
        if (phone >= 0) {
            end = g_array_index(l->phones, struct phone, phone).end;
            push(l, TOKEN_PHONE, i, end, &gap);
            tokens_at(l, tokens_count(l) - 1)->phone = phone;
            i = end;
        } else {
            gap |= separator_of(l->r->folded[i++]);
        }
    }
    if (text >= 0)
        push(l, TOKEN_TEXT, text, l->r->n, &gap);
    l->tail = gap;
}

/* Does a word begin or end at `at`? */
static gboolean
is_edge(const struct runes *r, int at)
{
    return at < 0 || at >= r->n || separator_of(r->folded[at]) != 0 ||
           g_unichar_isdigit(r->folded[at]);
}

/* 李　强, a name whose characters are set apart, without the space. */
static char *
close_spaced_names(const char *text)
{
    g_autoptr(runes) r = runes_new(text);
    GString *out = g_string_new(NULL);

    for (int i = 0; i < r->n; i++) {
        if (i >= 1 && i + 1 < r->n && g_unichar_isspace(r->folded[i]) &&
            is_edge(r, i - 2) && is_edge(r, i + 2)) {
            gunichar two[] = {r->folded[i - 1], r->folded[i + 1], 0};
            struct runes name = {2, two, two};

            if (person_kind(&name, 0, 2) >= PERSON_PLAIN)
                continue;
        }
        g_string_append_unichar(out, r->written[i]);
    }
    return g_string_free(out, FALSE);
}

struct subject_line *
tokens_cut(const struct subject_context *c, const char *written)
{
    struct subject_line *l = g_new0(struct subject_line, 1);
    g_autofree char *text = close_spaced_names(written);

    l->r = runes_new(text);
    l->phones = phone_scan(text);
    l->tokens = g_array_new(FALSE, FALSE, sizeof(struct token));
    g_array_set_clear_func(l->tokens, token_clear);
    l->form = -1;
    /* "新建 Microsoft Word 文档": noise of several words. */
    if (runes_is_any(l->r, 0, l->r->n, labels_noise))
        return l;
    cut(c, l);
    drop_phone_labels(l);
    find_whole_labels(l);
    for (int i = 0; i < tokens_count(l); i++)
        if (tokens_at(l, i)->kind == TOKEN_TEXT)
            find_glued_label(c, l, tokens_at(l, i));
    meaning_find_extensions(l);
    meaning_find_marks(c, l);
    meaning_classify(c, l);
    return l;
}

void
tokens_free(struct subject_line *l)
{
    if (!l)
        return;
    runes_free(l->r);
    g_array_unref(l->phones);
    g_array_unref(l->tokens);
    g_free(l);
}

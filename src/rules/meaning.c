/* meaning.c - see meaning.h. */
#include "rules/meaning.h"

#include "rules/phone.h"

#include <string.h>

static gboolean
is_digit(gunichar c)
{
    return c >= '0' && c <= '9';
}

/* Brackets and quotation marks around the whole token do not matter to
 * what it names. */
static void
inner(const struct subject_line *l, const struct token *t, int *start, int *end)
{
    *start = t->start;
    *end = t->end;
    while (*end - *start > 2 && tokens_closing_quote(l->r->folded[*start]) &&
           tokens_closing_quote(l->r->folded[*start]) ==
               l->r->folded[*end - 1]) {
        ++*start;
        --*end;
    }
}

/* 县财政局上报 is 县财政局. */
static int
skip_verb(const struct subject_line *l, int start, int end)
{
    static const char *const verbs[] = {
        "报送信息", "上报信息", "政务信息", "报送", "上报", "供稿",
        "来稿",     "投稿",     "呈报",     "讯",   "信息", "报"};

    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
        int n = runes_before(l->r, end, verbs[i]);

        if (n > 0 && end - n > start)
            return end - n;
    }
    return end;
}

/* 县司法局信息2019年第3期 is 县司法局信息: what number it is does not
 * matter. */
static int
skip_issue(const struct subject_line *l, int start, int end)
{
    int at = end - runes_before(l->r, end, "期"), digits = at;

    while (at > start && is_digit(l->r->folded[at - 1]))
        at--;
    if (at == end || at == digits)
        return end;
    at -= runes_before(l->r, at, "第");
    if (runes_before(l->r, at, "年")) {
        at--;
        while (at > start && is_digit(l->r->folded[at - 1]))
            at--;
    }
    return at > start ? at : end;
}

enum match
meaning_unit_within(const struct subject_context *c,
                    const struct subject_line *l, int start, int end,
                    struct unit **out)
{
    g_autofree char *text = runes_text(l->r, start, end);

    return match_unit(c->matcher, text, out);
}

/* 财政局和税务局 */
static void
find_joined_units(const struct subject_context *c, const struct subject_line *l,
                  struct token *t, int start, int end)
{
    for (int i = start + 1; i + 1 < end; i++) {
        struct unit *a = NULL, *b = NULL;

        if (!g_utf8_strchr("和与及", -1, l->r->folded[i]))
            continue;
        if (meaning_unit_within(c, l, start, i, &a) == MATCH_ONE &&
            meaning_unit_within(c, l, i + 1, end, &b) == MATCH_ONE && a != b) {
            g_ptr_array_add(t->units, a);
            g_ptr_array_add(t->units, b);
            return;
        }
    }
}

/* 县商务局何平: a unit, and behind it a person. */
static void
find_unit_and_person(const struct subject_context *c,
                     const struct subject_line *l, struct token *t)
{
    struct unit *u = NULL;

    for (int at = t->end - 2; at > t->start + 1 && at >= t->end - 7; at--) {
        enum person who = person_kind(l->r, at, t->end);

        if (who < PERSON_PLAIN ||
            meaning_unit_within(c, l, t->start, at, &u) != MATCH_ONE)
            continue;
        g_ptr_array_add(t->units, u);
        t->unit_end = at;
        t->person = who;
        return;
    }
}

void
meaning_find_unit(const struct subject_context *c, const struct subject_line *l,
                  struct token *t)
{
    struct unit *u = NULL;
    enum match match;
    int start, end;

    inner(l, t, &start, &end);
    match = meaning_unit_within(c, l, start, end, &u);
    if (match == MATCH_NONE) {
        end = skip_verb(l, start, skip_issue(l, start, end));
        match = meaning_unit_within(c, l, start, end, &u);
    }
    t->shared_name = match == MATCH_AMBIGUOUS;
    if (match == MATCH_ONE)
        g_ptr_array_add(t->units, u);
    if (match == MATCH_NONE)
        find_joined_units(c, l, t, start, end);
    if (match == MATCH_NONE && t->units->len == 0)
        find_unit_and_person(c, l, t);
}

/* Registered informants, and the name the sender goes by, are persons. */
static gboolean
is_known_person(const struct subject_context *c, const char *name)
{
    if (c->sender_name && strcmp(c->sender_name, name) == 0)
        return TRUE;
    for (guint i = 0; c->roster && i < c->roster->units->len; i++) {
        const struct unit *u = c->roster->units->pdata[i];

        for (guint j = 0; j < u->informants->len; j++) {
            const struct informant *x = u->informants->pdata[j];

            if (x->name && strcmp(x->name, name) == 0)
                return TRUE;
        }
    }
    return FALSE;
}

static void
find_person(const struct subject_context *c, const struct subject_line *l,
            struct token *t)
{
    g_autofree char *name = NULL;

    if (t->unit_end > t->start)
        return;
    t->person = person_kind(l->r, t->start, t->end);
    t->dotted = person_is_dotted(l->r, t->start, t->end);
    name = runes_text(l->r, t->start, t->end);
    if (t->person != PERSON_NO && is_known_person(c, name))
        t->person = PERSON_SURE;
}

static gboolean
is_section(const struct subject_line *l, const struct token *t)
{
    static const char *const ends[] = {"科", "股", "室", "组"};
    int n = t->end - t->start;

    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
        if (n >= 2 && n <= 8 && runes_before(l->r, t->end, ends[i]))
            return TRUE;
    return FALSE;
}

/* 2019年3月5日, 3月5日, 2019-03-05, 2019.3.5, 20190305 */
static gboolean
is_date(const struct subject_line *l, const struct token *t)
{
    int digits = 0;
    gboolean year_or_day = FALSE;

    for (int i = t->start; i < t->end; i++) {
        gunichar c = l->r->folded[i];

        if (is_digit(c))
            digits++;
        else if (c != '.' && c != '-' && c != '/' &&
                 !g_utf8_strchr("年月日号", -1, c))
            return FALSE;
        else
            year_or_day = TRUE;
    }
    return (year_or_day && digits >= 2 && digits <= 8) ||
           (digits == 8 && t->end - t->start == 8 &&
            (runes_at(l->r, t->start, "19") || runes_at(l->r, t->start, "20")));
}

/* 李强32047: five or six digits beside a person are an extension. */
static gboolean
is_extension(const struct subject_line *l, int start, int end)
{
    int n = end - start;

    for (int i = start; i < end; i++)
        if (!is_digit(l->r->folded[i]))
            return FALSE;
    return (n == 5 || n == 6) && !runes_at(l->r, start, "20") &&
           !runes_at(l->r, start, "19");
}

static void
make_extension(struct subject_line *l, struct token *t)
{
    struct phone p = {PHONE_EXTENSION, t->start, t->end, ""};

    for (int i = t->start; i < t->end; i++)
        p.digits[i - t->start] = (char)l->r->folded[i];
    t->kind = TOKEN_PHONE;
    t->phone = (int)l->phones->len;
    g_array_append_val(l->phones, p);
}

/* A person is on either side of the digits, or is glued to them. */
void
meaning_find_extensions(struct subject_line *l)
{
    for (int i = 0; i < tokens_count(l); i++) {
        struct token *t = tokens_at(l, i), digits;
        int cut = t->end;

        while (cut > t->start && is_digit(l->r->folded[cut - 1]))
            cut--;
        if (t->kind != TOKEN_TEXT || !is_extension(l, cut, t->end))
            continue;
        if (cut == t->start) {
            if (i > 0 && tokens_at(l, i - 1)->kind == TOKEN_TEXT &&
                person_kind(l->r, tokens_at(l, i - 1)->start,
                            tokens_at(l, i - 1)->end) >= PERSON_PLAIN)
                make_extension(l, t);
        } else if (person_kind(l->r, t->start, cut) >= PERSON_PLAIN) {
            digits = *t;
            digits.start = digits.unit_end = cut;
            digits.gap = 0;
            t->end = cut;
            g_array_insert_val(l->tokens, (guint)i + 1, digits);
            tokens_at(l, i + 1)->units = g_ptr_array_new();
            make_extension(l, tokens_at(l, i + 1));
        }
    }
}

/* ---- marks that are no element ---- */

static const char *const form_tails[] = {"",     "类信息", "性信息", "型信息",
                                         "信息", "类",     "型",     "材料"};

/* 专报 of 专报类信息: what the category is called without its tail. */
static char *
form_stem(const char *form)
{
    char *stem = match_fold(form);

    for (size_t i = 1; i < G_N_ELEMENTS(form_tails); i++) {
        size_t n = strlen(form_tails[i]);

        if (g_str_has_suffix(stem, form_tails[i]) && strlen(stem) > n + 5) {
            stem[strlen(stem) - n] = '\0';
            break;
        }
    }
    return stem;
}

static GStrv
form_stems(const struct subject_context *c)
{
    GPtrArray *stems = g_ptr_array_new();

    for (int i = 0; c->forms && c->forms[i]; i++)
        g_ptr_array_add(stems, form_stem(c->forms[i]));
    g_ptr_array_add(stems, NULL);
    return (GStrv)g_ptr_array_free(stems, FALSE);
}

/* The stem, with any of the tails behind it. */
static gboolean
names_form(const char *folded, const char *stem)
{
    if (!g_str_has_prefix(folded, stem))
        return FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(form_tails); i++)
        if (strcmp(folded + strlen(stem), form_tails[i]) == 0)
            return TRUE;
    return FALSE;
}

/* The category that a token names, -1 when none. */
static int
form_of(GStrv stems, const char *folded)
{
    for (int i = 0; stems[i]; i++)
        if (names_form(folded, stems[i]))
            return i;
    return -1;
}

void
meaning_find_marks(const struct subject_context *c, struct subject_line *l)
{
    g_auto(GStrv) stems = form_stems(c);
    g_autofree char *tag = c->tag ? match_fold(c->tag) : NULL;

    for (int i = 0; i < tokens_count(l); i++) {
        struct token *t = tokens_at(l, i);
        gboolean edge = i == 0 || i + 1 == tokens_count(l);
        g_autofree char *text = runes_text(l->r, t->start, t->end);
        g_autofree char *folded = match_fold(text);
        int form = form_of(stems, folded);

        if (t->kind == TOKEN_EXTRA && t->label == LABEL_CATEGORY && form >= 0)
            l->form = form;
        if (t->kind != TOKEN_TEXT || t->label != LABEL_NONE)
            continue;
        if (g_strcmp0(folded, tag) == 0) {
            l->tagged = TRUE;
            t->kind = TOKEN_NOISE;
        } else if (form >= 0 && (tokens_is_bracketed(l, i) || edge)) {
            l->form = form;
            t->kind = TOKEN_NOISE;
        } else if (runes_is_any(l->r, t->start, t->end, labels_noise)) {
            t->kind = TOKEN_NOISE;
        }
    }
}

void
meaning_classify(const struct subject_context *c, struct subject_line *l)
{
    for (int i = 0; i < tokens_count(l); i++) {
        struct token *t = tokens_at(l, i);
        g_autofree char *text = runes_text(l->r, t->start, t->end);

        if (t->kind != TOKEN_TEXT)
            continue;
        meaning_find_unit(c, l, t);
        find_person(c, l, t);
        t->begins_unit = match_begins(c->matcher, text);
        t->body = t->units->len == 0 && match_is_body(text);
        t->section = is_section(l, t);
        t->date = is_date(l, t);
    }
}

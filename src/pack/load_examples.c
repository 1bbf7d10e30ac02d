/* load_examples.c - the examples of a pack: facts and what must follow.
 *
 * Whether it does follow is for rules/example.h; here names, dates and the
 * keys that belong together are held to be right. */
#include "base/i18n.h"
#include "pack/loading.h"
#include "rules/period.h"

#include <string.h>

/* A repeated line makes at most so many facts. */
#define TIMES_MAX 1000

/* What the facts of one example have named so far. */
struct story {
    struct loading *l;
    struct vocabulary submissions, commissions, incidents, authors;
};

/* ---- which keys go with which fact ---- */
struct fact_form {
    enum fact_kind kind;
    const char *key;      /* the key that makes it this kind */
    const char *needs[3]; /* keys that must be there */
    const char *may[10];  /* keys that may be there */
};

static const struct fact_form forms[] = {
    {FACT_SUBMISSION,
     "submit",
     {NULL},
     {"unit", "units", "shares", "authors", "form", "words", "answers", "lacks",
      "drafts", NULL}},
    {FACT_MARK, "mark", {NULL}, {"of", "unit", "quantity", "amount", NULL}},
    {FACT_COMMISSION, "commission", {"units", "due", NULL}, {"level", NULL}},
    {FACT_WAIVER, "waive", {"unit", NULL}, {NULL}},
    {FACT_INCIDENT, "incident", {"unit", NULL}, {NULL}},
    {FACT_REPORT, "report", {"stage", NULL}, {NULL}},
};

static const char *const always[] = {"date", "times", "note", NULL};

static gboolean
belongs(const struct fact_form *f, const char *key)
{
    return strcmp(key, f->key) == 0 || word_index(key, always) >= 0 ||
           word_index(key, f->needs) >= 0 || word_index(key, f->may) >= 0;
}

/* The form of a fact; NULL and a problem when it is none, or two. */
static const struct fact_form *
find_form(struct loading *l, const struct node *map)
{
    const struct fact_form *found = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(forms) && !found; i++)
        if (node_get(map, forms[i].key))
            found = &forms[i];
    if (!found)
        problem_at(l->ps, map,
                   _("none of submit, mark, commission, waive, incident, "
                     "report"));
    return found;
}

static gboolean
check_form(struct loading *l, const struct node *map, const struct fact_form *f)
{
    guint before = l->ps->count;

    for (guint i = 0; i < map->items->len; i += 2) {
        const struct node *key = map->items->pdata[i];

        if (!belongs(f, key->text))
            problem_at(l->ps, key, _("\"%s\" does not go with \"%s\""),
                       key->text, f->key);
    }
    for (int i = 0; f->needs[i]; i++)
        if (!node_get(map, f->needs[i]))
            problem_at(l->ps, map, _("\"%s\" is missing"), f->needs[i]);
    return l->ps->count == before;
}

/* ---- parts of facts ---- */
static struct moment
read_moment(const struct node *map, const char *key)
{
    struct moment m = {DAY_NONE, -1};
    const char *text = read_text(map, key);

    if (text)
        parse_moment(text, &m.day, &m.minute);
    return m;
}

static void
add_unit(struct story *s, const struct node *n, struct example_fact *f)
{
    int index = loading_find(s->l, &s->l->units, n);

    if (index >= 0)
        g_array_append_val(f->units, index);
}

static void
load_units(struct story *s, const struct node *map, struct example_fact *f)
{
    const GPtrArray *names = loading_entries(map, "units");
    const struct node *unit = node_get(map, "unit");

    if (unit && names->len)
        problem_at(s->l->ps, node_key(map, "unit"),
                   _("unit or units, not both"));
    if (unit)
        add_unit(s, unit, f);
    for (guint i = 0; i < names->len; i++)
        add_unit(s, names->pdata[i], f);
}

/* a, or a1 ... an of a repeated line. */
static void
declare(struct story *s, struct vocabulary *v, const struct node *id, int times)
{
    gboolean fresh = TRUE;

    if (times == 0)
        fresh = vocabulary_add(v, id->text, (int)v->words->len);
    for (int i = 1; i <= times; i++) {
        g_autofree char *one = g_strdup_printf("%s%d", id->text, i);

        fresh = vocabulary_add(v, one, (int)v->words->len) && fresh;
    }
    if (!fresh)
        problem_at(s->l->ps, id, _("\"%s\" is there twice"), id->text);
}

static void
refer(struct story *s, const struct vocabulary *v, const struct node *map,
      const char *key, char **out)
{
    const struct node *n = node_get(map, key);

    if (!n)
        return;
    loading_find(s->l, v, n);
    *out = g_strdup(n->text);
}

static void
load_shares(const struct node *map, GArray *out)
{
    const GPtrArray *shares = loading_entries(map, "shares");

    for (guint i = 0; i < shares->len; i++) {
        decimal d = 0;

        decimal_parse(((const struct node *)shares->pdata[i])->text, &d);
        g_array_append_val(out, d);
    }
}

/* ---- the kinds of facts ---- */
static void
load_submission(struct story *s, const struct node *map, struct example_fact *f)
{
    load_units(s, map, f);
    load_shares(map, f->shares);
    g_strfreev(f->authors);
    f->authors = read_names(map, "authors");
    for (int i = 0; f->authors[i]; i++)
        vocabulary_add(&s->authors, f->authors[i], 0);
    f->form = loading_find_key(s->l, &s->l->forms, map, "form");
    f->words = read_whole(map, "words", 0);
    f->drafts = read_whole(map, "drafts", 1);
    g_strfreev(f->lacks);
    f->lacks = read_names(map, "lacks");
    refer(s, &s->commissions, map, "answers", &f->of);
    declare(s, &s->submissions, node_get(map, "submit"), f->times);
}

static void
load_mark(struct story *s, const struct node *map, struct example_fact *f)
{
    f->item = loading_find_key(s->l, &s->l->items, map, "mark");
    f->quantity = read_number(map, "quantity", DECIMAL_ONE);
    f->has_amount = node_get(map, "amount") != NULL;
    f->amount = read_number(map, "amount", 0);
    refer(s, &s->submissions, map, "of", &f->of);
    load_units(s, map, f);
    if (!node_get(map, "of") && !node_get(map, "unit"))
        problem_at(s->l->ps, map,
                   _("a mark is \"of\" a submission or names a \"unit\""));
}

static void
load_kind(struct story *s, const struct node *map, struct example_fact *f)
{
    switch (f->kind) {
    case FACT_SUBMISSION:
        load_submission(s, map, f);
        break;
    case FACT_MARK:
        load_mark(s, map, f);
        break;
    case FACT_COMMISSION:
        load_units(s, map, f);
        f->due = read_moment(map, "due");
        f->level = read_copy(map, "level");
        declare(s, &s->commissions, node_get(map, "commission"), 0);
        break;
    case FACT_WAIVER:
        load_units(s, map, f);
        loading_find_key(s->l, &s->commissions, map, "waive");
        break;
    case FACT_INCIDENT:
        load_units(s, map, f);
        declare(s, &s->incidents, node_get(map, "incident"), 0);
        break;
    case FACT_REPORT:
        f->stage = read_copy(map, "stage");
        loading_find_key(s->l, &s->incidents, map, "report");
        break;
    }
}

static void
load_fact(struct story *s, const struct node *map, struct pack_example *x)
{
    const struct fact_form *form = find_form(s->l, map);
    struct example_fact *f;

    if (!form || !check_form(s->l, map, form))
        return;
    f = pack_add_fact(x);
    f->kind = form->kind;
    f->place = loading_place(map);
    f->at = read_moment(map, "date");
    loading_check_year(s->l, map, "date", f->at.day);
    f->times = read_whole(map, "times", 0);
    if (f->times > TIMES_MAX) {
        problem_at(s->l->ps, node_get(map, "times"),
                   _("a line is repeated at most %d times"), TIMES_MAX);
        f->times = TIMES_MAX;
    }
    if (f->kind != FACT_MARK)
        f->id = read_copy(map, form->key);
    load_kind(s, map, f);
}

/* ---- expectations ---- */

/* A number, a text, true, false or none. */
static void
read_expected(struct story *s, const struct node *map, const char *key,
              gboolean number, struct expected *out)
{
    const struct node *n = node_get(map, key);

    if (!n)
        return;
    if (strcmp(n->text, "none") == 0)
        out->given = GIVEN_NONE;
    else if (!number)
        out->given = GIVEN_TEXT;
    else if (decimal_parse(n->text, &out->number))
        out->given = GIVEN_NUMBER;
    else
        problem_at(s->l->ps, n, _("\"%s\" is not a number or none"), n->text);
    if (out->given == GIVEN_TEXT)
        out->text = g_strdup(n->text);
}

static void
read_truth(const struct node *map, const char *key, struct expected *out)
{
    static const char *const words[] = {"none", "false", "true", NULL};
    int word = read_word(map, key, words, -1);

    out->given = (enum given)(GIVEN_NOT + 1 + word);
}

static void
load_who(struct story *s, const struct node *map, struct example_expect *x)
{
    const struct node *n = node_get(map, "unit");

    if (s->l->pack->credit == CREDIT_AUTHORS) {
        loading_find(s->l, &s->authors, n);
        x->who = g_strdup(n->text);
        return;
    }
    x->unit = loading_find(s->l, &s->l->units, n);
    if (x->unit >= 0)
        x->who = g_strdup(roster_unit(s->l->pack->roster, x->unit)->short_name);
}

static void
load_period(struct story *s, const struct node *map, struct example_expect *x)
{
    const struct pack *p = s->l->pack;
    struct calendar calendar = {
        (int)p->periods->len,
        (const struct odd_period *)(void *)p->periods->data};
    const struct node *n = node_get(map, "period");
    struct period period;

    if (!period_parse(&calendar, n->text, &period))
        problem_at(s->l->ps, n,
                   _("\"%s\" is not a period such as 2019-03, 2019-Q1, "
                     "2019-H1, 2019, 2019-W07, 2019-03-05 or "
                     "2019-01-01..2019-02-28"),
                   n->text);
    else
        loading_check_year(s->l, map, "period", period.to);
    x->period = g_strdup(n->text);
}

static void
check_label(struct story *s, const struct node *map)
{
    const struct node *n = node_get(map, "label");
    g_autoptr(GPtrArray) items = NULL;

    if (!n)
        return;
    items = pack_items_labelled(s->l->pack, n->text);
    if (items->len == 0)
        problem_at(s->l->ps, n, _("no item has the label \"%s\""), n->text);
}

static void
check_award(struct story *s, const struct node *map,
            const struct example_expect *x)
{
    const struct pack_ranking *r =
        x->ranking >= 0 ? s->l->pack->rankings->pdata[x->ranking] : NULL;

    if (!r || x->award.given != GIVEN_TEXT)
        return;
    for (guint i = 0; i < r->awards->len; i++)
        if (strcmp(g_array_index(r->awards, struct pack_award, i).name,
                   x->award.text) == 0)
            return;
    problem_at(s->l->ps, node_get(map, "award"),
               _("ranking %s gives no award \"%s\""), r->name, x->award.text);
}

/* Keys that say nothing without another one. */
static void
check_company(struct story *s, const struct node *map)
{
    static const struct {
        const char *key, *a, *b;
    } pairs[] = {
        {"currency", "points", NULL},    {"value", "measure", "ranking"},
        {"met", "measure", NULL},        {"missing", "measure", NULL},
        {"rank", "ranking", NULL},       {"award", "ranking", NULL},
        {"has", "item", NULL},           {"verdict", "submission", NULL},
        {"reasons", "submission", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        const struct node *key = node_key(map, pairs[i].key);

        if (key && !node_get(map, pairs[i].a) &&
            !(pairs[i].b && node_get(map, pairs[i].b)))
            problem_at(s->l->ps, key, _("\"%s\" goes with \"%s\""), key->text,
                       pairs[i].a);
    }
}

static void
check_something(struct story *s, const struct node *map)
{
    static const char *const keys[] = {"points", "value",   "met",    "missing",
                                       "rank",   "award",   "has",    "label",
                                       "notes",  "verdict", "reasons"};

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (node_get(map, keys[i]))
            return;
    problem_at(s->l->ps, map, _("an expectation that expects nothing"));
}

static void
load_item(struct story *s, const struct node *map, struct example_expect *x)
{
    const struct node *n = node_get(map, "item");

    loading_select(s->l, map, "item", &x->items);
    if (n && node_get(map, "has") && x->items.n > 0 &&
        vocabulary_find(&s->l->items, n->text) < 0)
        problem_at(s->l->ps, n, _("\"has\" asks for one item"));
}

static void
load_values(struct story *s, const struct node *map, struct example_expect *x)
{
    x->measure = loading_find_key(s->l, &s->l->measures, map, "measure");
    x->ranking = loading_find_key(s->l, &s->l->rankings, map, "ranking");
    x->currency = read_copy(map, "currency");
    load_item(s, map, x);
    read_expected(s, map, "points", TRUE, &x->points);
    read_expected(s, map, "value", TRUE, &x->value);
    read_expected(s, map, "missing", TRUE, &x->missing);
    read_expected(s, map, "rank", TRUE, &x->rank);
    read_expected(s, map, "award", FALSE, &x->award);
    read_expected(s, map, "label", FALSE, &x->label);
    read_truth(map, "met", &x->met);
    read_truth(map, "has", &x->has);
    x->has_notes = node_get(map, "notes") != NULL;
    load_reasons(map, "notes", &x->notes);
    check_label(s, map);
    check_award(s, map, x);
}

static void
load_arrival(struct story *s, const struct node *map, struct example_expect *x)
{
    static const enum verdict verdicts[] = {VERDICT_ACCEPTED, VERDICT_HELD,
                                            VERDICT_RETURNED};
    int verdict = read_word(map, "verdict", verdict_words, -1);

    refer(s, &s->submissions, map, "submission", &x->submission);
    x->has_verdict = verdict >= 0;
    if (x->has_verdict)
        x->verdict = verdicts[verdict];
    x->has_reasons = node_get(map, "reasons") != NULL;
    load_reasons(map, "reasons", &x->reasons);
}

static void
load_expect(struct story *s, const struct node *map, struct pack_example *ex)
{
    struct example_expect *x = pack_add_expect(ex);
    static const char *const needed[] = {"unit", "period"};
    gboolean whole = TRUE;

    x->place = loading_place(map);
    check_company(s, map);
    check_something(s, map);
    if (node_get(map, "submission")) {
        load_arrival(s, map, x);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
        if (!node_get(map, needed[i])) {
            problem_at(s->l->ps, map, _("\"%s\" is missing"), needed[i]);
            whole = FALSE;
        }
    if (!whole)
        return;
    load_who(s, map, x);
    load_period(s, map, x);
    load_values(s, map, x);
}

/* ---- examples ---- */
static void
load_example(struct story *s, const struct node *map)
{
    const struct node *name = node_get(map, "name");
    struct pack_example *x = pack_add_example(s->l->pack, name->text);
    const GPtrArray *facts = loading_entries(map, "facts");
    const GPtrArray *expect = loading_entries(map, "expect");

    x->place = loading_place(name);
    x->refused =
        (enum refusal)(read_word(map, "refused", refused_words, -1) + 1);
    if ((x->refused != REFUSED_NOT) == (expect->len > 0))
        problem_at(s->l->ps, name,
                   _("an example has either expect or refused"));
    for (guint i = 0; i < facts->len; i++)
        load_fact(s, facts->pdata[i], x);
    for (guint i = 0; i < expect->len; i++)
        load_expect(s, expect->pdata[i], x);
}

void
load_examples(struct loading *l)
{
    const GPtrArray *maps = loading_entries(l->top, "examples");

    for (guint i = 0; i < maps->len; i++) {
        struct story s = {.l = l};

        vocabulary_init(&s.submissions, N_("a submission"));
        vocabulary_init(&s.commissions, N_("a commission"));
        vocabulary_init(&s.incidents, N_("an incident"));
        vocabulary_init(&s.authors, N_("an author"));
        s.submissions.exact = s.commissions.exact = s.incidents.exact = TRUE;
        s.authors.exact = TRUE;
        load_example(&s, maps->pdata[i]);
        vocabulary_clear(&s.submissions);
        vocabulary_clear(&s.commissions);
        vocabulary_clear(&s.incidents);
        vocabulary_clear(&s.authors);
    }
}

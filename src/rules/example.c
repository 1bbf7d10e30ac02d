/* example.c - see example.h: what follows from an example's facts against
 * what it expects. */
#include "rules/example.h"

#include "base/i18n.h"
#include "rules/checks.h"
#include "rules/ranking.h"

#include <string.h>

struct trial { /* one example under way */
    const struct pack *p;
    const struct pack_example *x;
    const struct score *s;
    const struct example_expect *e;
    score_who who;
    struct period period;
    char *tag; /* "县财政局 2019-03" */
    GPtrArray *out;
};

static void
outcome_free(gpointer data)
{
    struct example_outcome *o = data;

    g_free(o->text);
    g_free(o);
}

static void say(struct trial *t, gboolean passed, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void
say(struct trial *t, gboolean passed, const char *format, ...)
{
    struct example_outcome *o = g_new0(struct example_outcome, 1);
    va_list args;

    o->passed = passed;
    o->example = t->x;
    o->place = t->e ? &t->e->place : &t->x->place;
    va_start(args, format);
    o->text = g_strdup_vprintf(format, args);
    va_end(args);
    g_ptr_array_add(t->out, o);
}

/* ---- values as text ---- */

/* A fraction to six places; "none" for a blank. */
static char *
ratio_text(gboolean blank, struct ratio r)
{
    return blank ? g_strdup("none")
                 : decimal_format(ratio_round(r, DECIMAL_PLACES));
}

static char *
expected_text(const struct expected *x)
{
    switch (x->given) {
    case GIVEN_FALSE:
        return g_strdup("false");
    case GIVEN_TRUE:
        return g_strdup("true");
    case GIVEN_NUMBER:
        return decimal_format(x->number);
    case GIVEN_TEXT:
        return g_strdup(x->text);
    default:
        return g_strdup("none");
    }
}

static void
compare_number(struct trial *t, const char *what, const struct expected *x,
               gboolean blank, struct ratio got)
{
    g_autofree char *is = NULL, *want = NULL;
    gboolean same;

    if (x->given == GIVEN_NOT)
        return;
    is = ratio_text(blank, got);
    want = expected_text(x);
    same = x->given == GIVEN_NUMBER
               ? !blank && ratio_compare(got, ratio_of(x->number)) == 0
               : x->given == GIVEN_NONE && blank;
    say(t, same, _("%s%s: %s, expected %s"), t->tag, what, is, want);
}

static void
compare_text(struct trial *t, const char *what, const struct expected *x,
             const char *got)
{
    g_autofree char *want = NULL;

    if (x->given == GIVEN_NOT)
        return;
    want = expected_text(x);
    say(t, g_strcmp0(got ? got : "none", want) == 0, _("%s%s: %s, expected %s"),
        t->tag, what, got ? got : "none", want);
}

/* ---- what is expected of a score ---- */

static void
try_points(struct trial *t)
{
    const struct example_expect *e = t->e;
    decimal got;

    if (e->points.given == GIVEN_NOT)
        return;
    if (e->items.n > 0)
        got =
            score_points(t->s, &e->items, t->who, t->period.from, t->period.to);
    else
        got = score_currency(t->s, e->currency, t->who, t->period.from,
                             t->period.to);
    compare_number(t, "", &e->points, FALSE, ratio_of(got));
}

static void
try_measure(struct trial *t)
{
    const struct example_expect *e = t->e;
    const struct pack_measure *m;
    g_autofree char *value = NULL, *missing = NULL, *met = NULL;
    struct measured r;
    struct err err = ERR_INIT;

    if (e->measure < 0)
        return;
    m = pack_measure(t->p, e->measure);
    if (score_measure(t->s, m, t->who, &t->period, &r, &err) != ST_OK) {
        say(t, FALSE, "%s %s: %s", t->tag, m->name, err.text);
        return;
    }
    value = g_strdup_printf(" %s", m->name);
    missing = g_strdup_printf(" %s %s", m->name, _("missing"));
    met = g_strdup_printf(" %s %s", m->name, _("met"));
    compare_number(t, value, &e->value, r.blank, r.value);
    compare_number(t, missing, &e->missing, !r.has_missing, r.missing);
    compare_text(t, met, &e->met, !r.judged ? NULL : r.met ? "true" : "false");
}

static const struct rank_row *
row_of(const GArray *rows, score_who who)
{
    for (guint i = 0; i < rows->len; i++) {
        const struct rank_row *row = &g_array_index(rows, struct rank_row, i);

        if (row->who == who)
            return row;
    }
    return NULL;
}

static void
try_ranking(struct trial *t)
{
    const struct example_expect *e = t->e;
    const struct pack_ranking *r;
    const struct rank_row *row;
    g_autoptr(GArray) rows = NULL;
    g_autofree char *value = NULL, *rank = NULL, *award = NULL;
    struct err err = ERR_INIT;

    if (e->ranking < 0)
        return;
    r = t->p->rankings->pdata[e->ranking];
    if (ranking_new(t->s, r, &t->period, NULL, &rows, &err) != ST_OK) {
        say(t, FALSE, "%s %s: %s", t->tag, r->name, err.text);
        return;
    }
    row = row_of(rows, t->who);
    value = g_strdup_printf(" %s", r->name);
    rank = g_strdup_printf(" %s %s", r->name, _("rank"));
    award = g_strdup_printf(" %s %s", r->name, _("award"));
    compare_number(t, value, &e->value, !row, row ? row->value : RATIO_ZERO);
    compare_number(t, rank, &e->rank, !row, ratio_make(row ? row->rank : 0, 1));
    compare_text(t, award, &e->award, row ? row->award : NULL);
}

static void
try_item(struct trial *t)
{
    const struct example_expect *e = t->e;
    g_autoptr(GPtrArray) marks = NULL;
    int n = 0;

    if (e->has.given == GIVEN_NOT)
        return;
    marks =
        score_marks(t->s, t->who, t->period.from, t->period.to, t->period.to);
    for (guint i = 0; i < marks->len; i++) {
        const struct score_mark *m = marks->pdata[i];

        n += index_set_has(&e->items, m->item->index);
    }
    say(t, (n > 0) == (e->has.given == GIVEN_TRUE),
        e->has.given == GIVEN_TRUE
            ? _("%s: there is no %s, and one is expected")
            : _("%s: there is a %s, and none is expected"),
        t->tag, pack_item(t->p, e->items.at[0])->name);
}

/* Does a mark of the period that counts for something print this label? */
static void
try_label(struct trial *t)
{
    g_autoptr(GPtrArray) lines = NULL;
    g_autoptr(GHashTable) counts = NULL;
    const char *label = t->e->label.text;
    gboolean found = FALSE;
    GHashTableIter iter;
    gpointer mark;

    if (t->e->label.given == GIVEN_NOT)
        return;
    counts = g_hash_table_new(NULL, NULL);
    lines = score_lines(t->s, t->who, DAY_FIRST, t->period.to);
    for (guint i = 0; i < lines->len; i++) {
        const struct score_line *line = lines->pdata[i];

        if (line->worth != 0 && line->mark->day >= t->period.from)
            g_hash_table_add(counts, (gpointer)line->mark);
        else
            g_hash_table_remove(counts, line->mark);
    }
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &mark, NULL))
        found |= g_strcmp0(((const struct score_mark *)mark)->item->label,
                           label) == 0;
    say(t, found, _("%s: no mark that counts is printed as %s"), t->tag, label);
}

static char *
reasons_text(const struct reason_list *list)
{
    GString *out = g_string_new("[");

    for (int i = 0; i < list->n; i++)
        g_string_append_printf(out, "%s%s", i ? ", " : "",
                               reason_name(list->code[i]));
    return g_string_free(g_string_append_c(out, ']'), FALSE);
}

/* The same codes, in whatever order. */
static gboolean
same_reasons(const struct reason_list *a, const struct reason_list *b)
{
    for (int i = 0; i < a->n; i++)
        if (!reason_has(b, a->code[i]))
            return FALSE;
    return a->n == b->n;
}

static void
try_notes(struct trial *t)
{
    struct reason_list got = {0};
    g_autofree char *is = NULL, *want = NULL;

    if (!t->e->has_notes)
        return;
    if (t->e->unit >= 0 &&
        checks_bunching(t->p, score_facts(t->s), t->e->unit, &t->period))
        reason_add(&got, REASON_BUNCHING);
    is = reasons_text(&got);
    want = reasons_text(&t->e->notes);
    say(t, same_reasons(&got, &t->e->notes), _("%s: notes %s, expected %s"),
        t->tag, is, want);
}

static void
try_unit(struct trial *t)
{
    const struct example_expect *e = t->e;

    t->who = e->unit >= 0 ? e->unit : score_find_who(t->s, e->who);
    if (t->who < 0 ||
        !period_parse(score_calendar(t->s), e->period, &t->period)) {
        say(t, FALSE, _("%s %s: nobody, or no period, is called so"), e->who,
            e->period);
        return;
    }
    t->tag = g_strdup_printf("%s %s", e->who, e->period);
    try_points(t);
    try_measure(t);
    try_ranking(t);
    try_item(t);
    try_label(t);
    try_notes(t);
    g_clear_pointer(&t->tag, g_free);
}

/* ---- what is expected of an arrival ---- */

/* What a submission of an example may lack, and the check that asks. */
static const struct {
    const char *name;
    enum reason reason;
} elements[] = {
    {"标题", REASON_NO_TITLE},       {"正文", REASON_NO_BODY},
    {"单位", REASON_NO_UNIT},        {"签发人", REASON_NO_SIGNER},
    {"报送人", REASON_NO_SUBMITTER}, {"公开属性", REASON_NO_OPENNESS},
    {"联系电话", REASON_NO_PHONE},   {"日期", REASON_NO_DATE},
    {"政务信息", REASON_NO_TAG},     {"数据", REASON_NO_DATA},
    {"附件", REASON_NO_DRAFT},
};

static void
arrival_of(const struct example_fact *f, struct arrival *out)
{
    *out = (struct arrival){
        .form = f->form, .words = f->words, .drafts = f->drafts};
    for (char **l = f->lacks; *l; l++)
        for (gsize i = 0; i < G_N_ELEMENTS(elements); i++)
            if (strcmp(*l, elements[i].name) == 0)
                reason_add(&out->lacks, elements[i].reason);
}

/* a, or a3 of a repeated line */
static gboolean
is_called(const struct example_fact *f, const char *id)
{
    gsize n = strlen(f->id);

    if (f->kind != FACT_SUBMISSION || strncmp(f->id, id, n) != 0)
        return FALSE;
    if (f->times == 0)
        return id[n] == '\0';
    return g_ascii_isdigit(id[n]) &&
           g_ascii_strtoll(id + n, NULL, 10) <= f->times;
}

static void
try_submission(struct trial *t)
{
    static const enum verdict verdicts[] = {[THEN_NOTE] = VERDICT_ACCEPTED,
                                            [THEN_HOLD] = VERDICT_HELD,
                                            [THEN_RETURN] = VERDICT_RETURNED};
    const struct example_expect *e = t->e;
    const struct example_fact *f = NULL;
    g_autofree char *is = NULL, *want = NULL;
    struct check_result got;
    struct arrival a;

    for (guint i = 0; i < t->x->facts->len && !f; i++)
        if (is_called(t->x->facts->pdata[i], e->submission))
            f = t->x->facts->pdata[i];
    if (!f) {
        say(t, FALSE, _("no submission is called %s"), e->submission);
        return;
    }
    arrival_of(f, &a);
    checks_arrival(t->p, &a, &got);
    if (e->has_verdict)
        say(t, verdicts[got.worst] == e->verdict,
            _("submission %s: %s, expected %s"), e->submission,
            verdict_name(verdicts[got.worst]), verdict_name(e->verdict));
    if (!e->has_reasons)
        return;
    is = reasons_text(&got.reasons);
    want = reasons_text(&e->reasons);
    say(t, same_reasons(&got.reasons, &e->reasons),
        _("submission %s: %s, expected %s"), e->submission, is, want);
}

/* ---- examples ---- */

static const char *
refusal_name(enum refusal r)
{
    static const char *const names[] = {[REFUSED_NOT] = "not",
                                        [REFUSED_KEEP] = "keep",
                                        [REFUSED_SHARES] = "shares",
                                        [REFUSED_AMOUNT] = "amount"};

    return names[r];
}

static void
try_all(struct trial *t)
{
    enum refusal refused = score_refusal(t->s, NULL, NULL);

    if (refused != REFUSED_NOT || t->x->refused != REFUSED_NOT) {
        say(t, refused == t->x->refused, _("refused: %s, expected %s"),
            refusal_name(refused), refusal_name(t->x->refused));
        return;
    }
    for (guint i = 0; i < t->x->expect->len; i++) {
        t->e = t->x->expect->pdata[i];
        if (t->e->submission)
            try_submission(t);
        else
            try_unit(t);
    }
}

GPtrArray *
example_run(const struct pack *p, const struct pack_example *x)
{
    g_autoptr(facts) f = example_facts(p, x);
    g_autoptr(score) s = NULL;
    struct err e = ERR_INIT;
    struct trial t = {.p = p, .x = x};

    t.out = g_ptr_array_new_with_free_func(outcome_free);
    if (score_new(p, f, example_last_day(p, x), &s, &e) != ST_OK) {
        say(&t, FALSE, "%s", e.text);
        return t.out;
    }
    t.s = s;
    try_all(&t);
    return t.out;
}

GPtrArray *
examples_run(const struct pack *p)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(outcome_free);

    if (p->rehearsal)
        p = p->rehearsal;
    for (guint i = 0; i < p->examples->len; i++) {
        g_autoptr(GPtrArray) one = example_run(p, p->examples->pdata[i]);

        g_ptr_array_extend_and_steal(out, g_steal_pointer(&one));
    }
    return out;
}

guint
example_failures(const GPtrArray *outcomes)
{
    guint n = 0;

    for (guint i = 0; i < outcomes->len; i++)
        n += !((const struct example_outcome *)outcomes->pdata[i])->passed;
    return n;
}

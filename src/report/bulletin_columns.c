/* bulletin_columns.c - see bulletin_columns.h.
 *
 * Items that occurred have a column each under their group; a group of which
 * nothing occurred keeps one column, so that the header looks alike from
 * period to period.  Tasks have one column for the target and one for each
 * period in which they are judged. */
#include "report/bulletin_columns.h"

#include "report/bulletin_words.h"
#include "report/sheet.h"

#include <string.h>

enum { UNIT_CHARS = 14, UNIT_CHARS_LEAST = 7 };
enum { PERIOD_LINE = 7, PERIOD_LEAST = 5 };
enum { OUTCOME_LEAST = 14, TITLE_ROOM = 76 };
enum { REMARK_LEAST = 14, REMARK_LINE = 24, REMARK_MOST = 46 };

const struct column *
column_at(const struct columns *c, int i)
{
    return &g_array_index(c->list, struct column, (guint)i);
}

int
columns_count(const struct columns *c)
{
    return (int)c->list->len;
}

int
column_group_end(const struct columns *c, int first)
{
    const char *group = column_at(c, first)->group;
    int last = first;

    while (group && last + 1 < columns_count(c) &&
           g_strcmp0(column_at(c, last + 1)->group, group) == 0)
        last++;
    return last;
}

static void
clear_column(gpointer data)
{
    g_free(((struct column *)data)->heading);
}

/* ---- rows ---- */

typedef gboolean (*row_test)(const struct bulletin_row *row, guint index);

static gboolean
any_row(const struct bulletin *b, row_test test, guint index)
{
    for (guint i = 0; i < b->classes->len; i++) {
        const struct bulletin_class *k = b->classes->pdata[i];

        for (guint j = 0; j < k->rows->len; j++)
            if (test(k->rows->pdata[j], index))
                return TRUE;
    }
    return FALSE;
}

static gboolean
item_occurred(const struct bulletin_row *row, guint item)
{
    return row->counts[item] != 0;
}

static gboolean
was_adjusted(const struct bulletin_row *row, G_GNUC_UNUSED guint index)
{
    return row->adjustment != 0;
}

static gboolean
differs_from_submitted(const struct bulletin_row *row, guint item)
{
    return row->counts[item] != row->submitted * DECIMAL_ONE;
}

static gboolean
differs_from_adopted(const struct bulletin_row *row, guint item)
{
    return row->counts[item] != row->adopted * DECIMAL_ONE;
}

static gboolean
has_place(const struct bulletin_row *row, guint ranking)
{
    return row->places[ranking].rank > 0;
}

static gboolean
has_award(const struct bulletin_row *row, guint ranking)
{
    return row->places[ranking].award != NULL;
}

/* ---- filling the list ---- */

struct filling {
    struct columns *c;
    const struct bulletin *b;
    const struct phrases *words;
};

static const char *
printed(const struct filling *f, const char *name)
{
    return phrases_get(f->words, name);
}

static void
add(struct filling *f, struct column column, const char *heading, double width)
{
    column.heading = g_strdup(heading);
    column.width = width;
    g_array_append_val(f->c->list, column);
}

static void
add_word(struct filling *f, enum column_kind kind, const char *name,
         double width)
{
    add(f, (struct column){.kind = kind}, printed(f, name), width);
}

static double
name_width(const struct bulletin *b)
{
    glong longest = UNIT_CHARS_LEAST;

    for (guint i = 0; i < b->classes->len; i++) {
        const struct bulletin_class *k = b->classes->pdata[i];

        for (guint j = 0; j < k->rows->len; j++) {
            const struct bulletin_row *row = k->rows->pdata[j];

            longest = MAX(longest, g_utf8_strlen(row->unit, -1));
            if (row->of)
                longest = MAX(longest, g_utf8_strlen(row->of, -1));
        }
    }
    return 2.1 * (double)MIN(longest, UNIT_CHARS) + 2;
}

static void
add_names(struct filling *f)
{
    double width = name_width(f->b);

    if (f->b->no_points || f->c->what == COLUMNS_TASKS)
        add_word(f, COLUMN_ORDINAL, "column.ordinal", 6.5);
    else
        add_word(f, COLUMN_RANK, "column.rank", 6.5);
    if (f->b->persons)
        add_word(f, COLUMN_UNIT, "column.person", 12);
    add_word(f, f->b->persons ? COLUMN_OF : COLUMN_UNIT, "column.unit", width);
    if (f->c->what == COLUMNS_TASKS)
        return;
    add_word(f, COLUMN_SUBMITTED, "column.submitted", 6.5);
    add_word(f, COLUMN_ADOPTED, "column.adopted", 6.5);
}

/* ---- items ---- */

/* A label that is only a sign (☆), or that another item has too, tells
 * nothing by itself: the name stands in front. */
static char *
item_heading(const struct bulletin *b, guint index)
{
    const struct bulletin_item *item = b->items->pdata[index];
    gboolean alone = g_unichar_isalnum(g_utf8_get_char(item->label));

    for (guint i = 0; i < b->items->len; i++) {
        const struct bulletin_item *other = b->items->pdata[i];

        if (i != index && g_str_equal(other->label, item->label))
            alone = FALSE;
    }
    if (g_str_equal(item->label, item->name) || alone)
        return g_strdup(item->label);
    if (g_unichar_isalnum(g_utf8_get_char(item->label)))
        return g_strdup(item->name);
    return g_strdup_printf("%s\n%s", item->name, item->label);
}

/* An item of no group that is called as a column of totals: printed twice
 * when it says the same, told apart when it does not. */
static gboolean
repeats_total(struct filling *f, guint index, const char *heading,
              gboolean *alike_out)
{
    gboolean submitted = g_str_equal(heading, printed(f, "column.submitted"));
    gboolean adopted = g_str_equal(heading, printed(f, "column.adopted"));

    *alike_out = submitted || adopted;
    return (submitted && !any_row(f->b, differs_from_submitted, index)) ||
           (adopted && !any_row(f->b, differs_from_adopted, index));
}

static void
add_item(struct filling *f, guint index)
{
    const struct bulletin_item *item = f->b->items->pdata[index];
    g_autofree char *heading = item_heading(f->b, index);
    struct column column = {
        .kind = COLUMN_ITEM, .index = index, .group = item->group};
    gboolean alike = FALSE;

    if (!item->group && repeats_total(f, index, heading, &alike))
        return;
    if (alike)
        column.group = printed(f, "column.among");
    add(f, column, heading, 6.5);
}

/* The columns of a group: its items stand together, whatever is between them
 * in the pack. */
static void
add_group(struct filling *f, const char *group)
{
    gboolean any = FALSE;

    for (guint i = 0; i < f->b->items->len; i++) {
        const struct bulletin_item *item = f->b->items->pdata[i];

        if (g_strcmp0(item->group, group) != 0 ||
            !any_row(f->b, item_occurred, i))
            continue;
        add_item(f, i);
        any = TRUE;
    }
    if (!any)
        add(f, (struct column){.kind = COLUMN_EMPTY_GROUP}, group, 6.5);
}

static void
add_items(struct filling *f)
{
    g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < f->b->items->len; i++) {
        const struct bulletin_item *item = f->b->items->pdata[i];

        if (!item->group && any_row(f->b, item_occurred, i))
            add_item(f, i);
        else if (item->group && g_hash_table_add(done, (gpointer)item->group))
            add_group(f, item->group);
    }
}

/* ---- points ---- */

static void
add_points(struct filling *f)
{
    for (guint i = 0; i < f->b->currencies->len; i++) {
        g_autoptr(value) more = value_map();
        g_autofree char *heading = NULL;

        value_set_text(more, "currency", f->b->currencies->pdata[i]);
        heading = phrase(f->b, f->words, "line.amount", more);

        add(f, (struct column){.kind = COLUMN_AMOUNT, .index = i}, heading, 9);
    }
    if (f->b->no_points)
        return;
    if (any_row(f->b, was_adjusted, 0))
        add_word(f, COLUMN_ADJUSTMENT, "column.adjustment", 9);
    add_word(f, COLUMN_POINTS, "column.points", 9);
    add_word(f, COLUMN_TO_DATE, "column.to_date", 9);
}

/* ---- tasks ---- */

GPtrArray *
task_periods(const struct bulletin *b, const char *metric)
{
    GPtrArray *periods = g_ptr_array_new();

    for (guint i = 0; i < b->targets->len; i++) {
        const struct bulletin_target *t = b->targets->pdata[i];

        if (g_str_equal(t->metric, metric) &&
            !g_ptr_array_find_with_equal_func(periods, t->period, g_str_equal,
                                              NULL))
            g_ptr_array_add(periods, (gpointer)t->period);
    }
    return periods;
}

/* 第一季度 in two lines where many periods stand side by side. */
static char *
period_heading(const struct filling *f, const char *heading)
{
    glong half = (g_utf8_strlen(heading, -1) + 1) / 2;
    const char *rest = g_utf8_offset_to_pointer(heading, half);

    if (f->c->what != COLUMNS_TASKS || sheet_width(heading) <= PERIOD_LINE)
        return g_strdup(heading);
    return g_strdup_printf("%.*s\n%s", (int)(rest - heading), heading, rest);
}

static void
add_actual(struct filling *f, const struct bulletin_target *t,
           const char *period, const char *in_column)
{
    struct column column = {.kind = COLUMN_ACTUAL,
                            .metric = t->metric,
                            .period = period,
                            .group = t->streak ? NULL : t->metric};
    const char *word = in_column ? in_column : printed(f, "column.actual");
    g_autofree char *heading =
        t->streak ? g_strdup(t->metric) : period_heading(f, word);

    add(f, column, heading,
        t->streak ? 8 : MAX(sheet_width(heading), PERIOD_LEAST) + 0.5);
}

static const struct bulletin_target *
target_of_period(const struct bulletin *b, const char *metric,
                 const char *period)
{
    for (guint i = 0; i < b->targets->len; i++) {
        const struct bulletin_target *t = b->targets->pdata[i];

        if (g_str_equal(t->metric, metric) && g_str_equal(t->period, period))
            return t;
    }
    g_assert_not_reached();
}

static void
add_met(struct filling *f, const struct bulletin_target *t, guint periods)
{
    struct column column = {
        .kind = COLUMN_MET, .metric = t->metric, .group = t->metric};
    g_autoptr(value) more = value_map();
    g_autofree char *heading = NULL;

    value_set_int(more, "number", periods);
    heading = phrase(f->b, f->words, "line.met", more);
    add(f, column, heading, 11);
}

/* All columns of one task together: the target, then its periods; of how
 * many in a row, the last says all. */
static void
add_task(struct filling *f, const struct bulletin_target *t)
{
    g_autoptr(GPtrArray) periods = task_periods(f->b, t->metric);
    guint first = t->streak ? periods->len - 1 : 0;
    struct column column = {
        .kind = COLUMN_TARGET, .metric = t->metric, .group = t->metric};

    if (!t->streak)
        add(f, column, printed(f, "column.target"), 5.5);
    if (!t->streak && periods->len > PERIODS_SHOWN &&
        f->c->what != COLUMNS_TASKS) {
        add_met(f, t, periods->len);
        return;
    }
    for (guint i = first; i < periods->len; i++) {
        const struct bulletin_target *in =
            target_of_period(f->b, t->metric, periods->pdata[i]);

        add_actual(f, t, in->period, in->in_column);
    }
}

char *
task_key(const char *unit, const char *metric, const char *period)
{
    return g_strdup_printf("%s\n%s\n%s", unit, metric, period ? period : "");
}

static void
count_met(struct columns *c, const struct bulletin_target *t)
{
    char *key = task_key(t->unit, t->metric, NULL);
    int n = GPOINTER_TO_INT(g_hash_table_lookup(c->met, key));

    n = MAX(n, 1) + (t->outcome == TARGET_MET);
    g_hash_table_replace(c->met, key, GINT_TO_POINTER(n));
}

static void
tally(struct columns *c, const struct bulletin_target *t)
{
    struct task_tally *n = g_hash_table_lookup(c->tallies, t->unit);

    if (!n) {
        n = g_new0(struct task_tally, 1);
        g_hash_table_insert(c->tallies, (gpointer)t->unit, n);
    }
    if (t->streak || t->outcome == TARGET_NOT_YET)
        return;
    n->judged++;
    n->met += t->outcome == TARGET_MET;
}

/* The target itself is that of the last period. */
static void
add_tasks(struct filling *f)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < f->b->targets->len; i++) {
        struct bulletin_target *t = f->b->targets->pdata[i];

        g_hash_table_replace(f->c->targets,
                             task_key(t->unit, t->metric, t->period), t);
        g_hash_table_replace(f->c->targets, task_key(t->unit, t->metric, NULL),
                             t);
        count_met(f->c, t);
        tally(f->c, t);
        if (g_hash_table_add(seen, (gpointer)t->metric))
            add_task(f, t);
    }
}

/* ---- rankings, remarks ---- */

static void
add_rankings(struct filling *f)
{
    for (guint i = 0; i < f->b->rankings->len; i++) {
        const struct bulletin_ranking *r = f->b->rankings->pdata[i];
        struct column column = {
            .kind = COLUMN_PLACE_VALUE, .index = i, .group = r->name};

        if (!any_row(f->b, has_place, i))
            continue;
        if (r->per_cent)
            add(f, column, printed(f, "column.excess"), 9);
        column.kind = COLUMN_PLACE;
        add(f, column, printed(f, "column.rank"), 6.5);
        column.kind = COLUMN_AWARD;
        if (any_row(f->b, has_award, i))
            add(f, column, printed(f, "column.award"), 10);
    }
}

/* The longest in two lines, when it is too long for one. */
static double
remarks_width(GHashTable *remarks)
{
    double width = REMARK_LEAST;
    GHashTableIter i;
    gpointer text;

    g_hash_table_iter_init(&i, remarks);
    while (g_hash_table_iter_next(&i, NULL, &text)) {
        double line = sheet_width(text);

        width = MAX(width, line > REMARK_LINE ? MAX(line / 2, REMARK_LINE) + 3
                                              : line + 3);
    }
    return MIN(width, REMARK_MOST);
}

static void
add_remarks(struct filling *f)
{
    for (guint i = 0; i < f->b->honours->len; i++) {
        const struct bulletin_honour *h = f->b->honours->pdata[i];
        const char *before = g_hash_table_lookup(f->c->remarks, h->unit);

        if (before && strstr(before, h->text))
            continue;
        g_hash_table_replace(f->c->remarks, (gpointer)h->unit,
                             before ? g_strconcat(before,
                                                  printed(f, "line.semicolon"),
                                                  h->text, NULL)
                                    : g_strdup(h->text));
    }
    if (f->b->honours->len > 0)
        add_word(f, COLUMN_REMARK, "column.remark",
                 remarks_width(f->c->remarks));
}

/* Wide enough, with the others, for the title. */
static void
add_outcome(struct filling *f)
{
    double room = TITLE_ROOM;

    for (int i = 0; i < columns_count(f->c); i++)
        room -= column_at(f->c, i)->width;
    add_word(f, COLUMN_OUTCOME, "column.outcome", MAX(room, OUTCOME_LEAST));
}

static void
add_columns(struct filling *f)
{
    add_names(f);
    if (f->c->what == COLUMNS_TASKS) {
        add_tasks(f);
        add_outcome(f);
        return;
    }
    if (f->c->what == COLUMNS_SHEET)
        add_items(f);
    add_points(f);
    add_tasks(f);
    add_rankings(f);
    if (f->c->what == COLUMNS_SHEET)
        add_remarks(f);
}

struct columns *
columns_new(const struct bulletin *b, const struct phrases *words,
            enum columns_for what)
{
    struct columns *c = g_new0(struct columns, 1);
    struct filling f = {c, b, words};

    c->b = b;
    c->words = words;
    c->what = what;
    c->list = g_array_new(FALSE, FALSE, sizeof(struct column));
    g_array_set_clear_func(c->list, clear_column);
    c->targets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    c->met = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    c->tallies = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    c->remarks = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    c->texts = g_string_chunk_new(1024);
    add_columns(&f);
    return c;
}

void
columns_free(struct columns *c)
{
    if (!c)
        return;
    g_array_unref(c->list);
    g_hash_table_unref(c->targets);
    g_hash_table_unref(c->met);
    g_hash_table_unref(c->tallies);
    g_hash_table_unref(c->remarks);
    g_string_chunk_free(c->texts);
    g_free(c);
}

/* bulletin.c - the bulletin as data (see bulletin.h). */
#include "report/bulletin.h"

static void
free_row(gpointer data)
{
    struct bulletin_row *row = data;

    g_free(row->counts);
    g_free(row->amounts);
    g_free(row->places);
    g_free(row);
}

static void
free_class(gpointer data)
{
    struct bulletin_class *c = data;

    g_ptr_array_unref(c->rows);
    g_free(c);
}

struct bulletin *
bulletin_new(void)
{
    struct bulletin *b = g_new0(struct bulletin, 1);

    b->items = g_ptr_array_new_with_free_func(g_free);
    b->currencies = g_ptr_array_new();
    b->rankings = g_ptr_array_new_with_free_func(g_free);
    b->classes = g_ptr_array_new_with_free_func(free_class);
    b->adoptions = g_ptr_array_new_with_free_func(g_free);
    b->commissions = g_ptr_array_new_with_free_func(g_free);
    b->deductions = g_ptr_array_new_with_free_func(g_free);
    b->targets = g_ptr_array_new_with_free_func(g_free);
    b->honours = g_ptr_array_new_with_free_func(g_free);
    b->adjustments = g_ptr_array_new_with_free_func(g_free);
    b->earlier = g_ptr_array_new_with_free_func(g_free);
    b->notes = g_ptr_array_new_with_free_func(g_free);
    b->strings = g_string_chunk_new(4096);
    return b;
}

void
bulletin_free(struct bulletin *b)
{
    if (!b)
        return;
    g_ptr_array_unref(b->items);
    g_ptr_array_unref(b->currencies);
    g_ptr_array_unref(b->rankings);
    g_ptr_array_unref(b->classes);
    g_ptr_array_unref(b->adoptions);
    g_ptr_array_unref(b->commissions);
    g_ptr_array_unref(b->deductions);
    g_ptr_array_unref(b->targets);
    g_ptr_array_unref(b->honours);
    g_ptr_array_unref(b->adjustments);
    g_ptr_array_unref(b->earlier);
    g_ptr_array_unref(b->notes);
    g_string_chunk_free(b->strings);
    g_free(b);
}

const char *
bulletin_copy(struct bulletin *b, const char *text)
{
    return text ? g_string_chunk_insert_const(b->strings, text) : NULL;
}

/* Rows have a figure for each of what is added before them. */
static void
assert_no_rows(const struct bulletin *b)
{
    for (guint i = 0; i < b->classes->len; i++)
        g_assert(((struct bulletin_class *)b->classes->pdata[i])->rows->len ==
                 0);
}

guint
bulletin_add_item(struct bulletin *b, const char *name, const char *label,
                  const char *group)
{
    struct bulletin_item *item = g_new0(struct bulletin_item, 1);

    assert_no_rows(b);
    item->name = bulletin_copy(b, name);
    item->label = bulletin_copy(b, label ? label : name);
    item->group = bulletin_copy(b, group);
    g_ptr_array_add(b->items, item);
    return b->items->len - 1;
}

guint
bulletin_add_currency(struct bulletin *b, const char *name)
{
    assert_no_rows(b);
    g_ptr_array_add(b->currencies, (gpointer)bulletin_copy(b, name));
    return b->currencies->len - 1;
}

guint
bulletin_add_ranking(struct bulletin *b, const struct bulletin_ranking *r)
{
    struct bulletin_ranking *copy = g_memdup2(r, sizeof *r);

    assert_no_rows(b);
    copy->name = bulletin_copy(b, r->name);
    g_ptr_array_add(b->rankings, copy);
    return b->rankings->len - 1;
}

struct bulletin_class *
bulletin_add_class(struct bulletin *b, const char *name,
                   enum bulletin_standing standing)
{
    struct bulletin_class *c = g_new0(struct bulletin_class, 1);

    c->name = bulletin_copy(b, name);
    c->standing = standing;
    c->rows = g_ptr_array_new_with_free_func(free_row);
    g_ptr_array_add(b->classes, c);
    return c;
}

struct bulletin_row *
bulletin_add_row(struct bulletin *b, struct bulletin_class *c, const char *unit)
{
    struct bulletin_row *row = g_new0(struct bulletin_row, 1);

    row->unit = bulletin_copy(b, unit);
    row->counts = g_new0(decimal, b->items->len);
    row->amounts = g_new0(decimal, b->currencies->len);
    row->places = g_new0(struct bulletin_place, b->rankings->len);
    g_ptr_array_add(c->rows, row);
    return row;
}

void
bulletin_add_adoption(struct bulletin *b, const struct bulletin_adoption *a)
{
    struct bulletin_adoption *copy = g_memdup2(a, sizeof *a);

    copy->number = bulletin_copy(b, a->number);
    copy->title = bulletin_copy(b, a->title);
    copy->units = bulletin_copy(b, a->units);
    copy->item = bulletin_copy(b, a->item);
    copy->group = bulletin_copy(b, a->group);
    g_ptr_array_add(b->adoptions, copy);
}

void
bulletin_add_commission(struct bulletin *b, const struct bulletin_commission *c)
{
    struct bulletin_commission *copy = g_memdup2(c, sizeof *c);

    copy->number = bulletin_copy(b, c->number);
    copy->title = bulletin_copy(b, c->title);
    copy->level = bulletin_copy(b, c->level);
    copy->due = bulletin_copy(b, c->due);
    copy->unit = bulletin_copy(b, c->unit);
    copy->answered = bulletin_copy(b, c->answered);
    copy->answer = bulletin_copy(b, c->answer);
    copy->remark = bulletin_copy(b, c->remark);
    g_ptr_array_add(b->commissions, copy);
}

void
bulletin_add_deduction(struct bulletin *b, const struct bulletin_deduction *d)
{
    struct bulletin_deduction *copy = g_memdup2(d, sizeof *d);

    copy->unit = bulletin_copy(b, d->unit);
    copy->item = bulletin_copy(b, d->item);
    copy->about = bulletin_copy(b, d->about);
    copy->clause = bulletin_copy(b, d->clause);
    copy->remark = bulletin_copy(b, d->remark);
    g_ptr_array_add(b->deductions, copy);
}

void
bulletin_add_target(struct bulletin *b, const struct bulletin_target *t)
{
    struct bulletin_target *copy = g_memdup2(t, sizeof *t);

    copy->unit = bulletin_copy(b, t->unit);
    copy->metric = bulletin_copy(b, t->metric);
    copy->period = bulletin_copy(b, t->period);
    copy->in_column = bulletin_copy(b, t->in_column);
    g_ptr_array_add(b->targets, copy);
}

void
bulletin_add_honour(struct bulletin *b, const struct bulletin_honour *h)
{
    struct bulletin_honour *copy = g_memdup2(h, sizeof *h);

    copy->unit = bulletin_copy(b, h->unit);
    copy->text = bulletin_copy(b, h->text);
    copy->metric = bulletin_copy(b, h->metric);
    copy->period = bulletin_copy(b, h->period);
    copy->actual = bulletin_copy(b, h->actual);
    copy->reason = bulletin_copy(b, h->reason);
    copy->clause = bulletin_copy(b, h->clause);
    g_ptr_array_add(b->honours, copy);
}

void
bulletin_add_adjustment(struct bulletin *b, const struct bulletin_adjustment *a)
{
    struct bulletin_adjustment *copy = g_memdup2(a, sizeof *a);

    copy->unit = bulletin_copy(b, a->unit);
    copy->item = bulletin_copy(b, a->item);
    copy->about = bulletin_copy(b, a->about);
    copy->reason = bulletin_copy(b, a->reason);
    copy->currency = bulletin_copy(b, a->currency);
    g_ptr_array_add(b->adjustments, copy);
}

void
bulletin_add_earlier(struct bulletin *b, const struct bulletin_rules *r)
{
    struct bulletin_rules *rules = g_new0(struct bulletin_rules, 1);

    rules->title = bulletin_copy(b, r->title);
    rules->document = bulletin_copy(b, r->document);
    rules->until = r->until;
    g_ptr_array_add(b->earlier, rules);
}

void
bulletin_add_note(struct bulletin *b, const struct bulletin_note *n)
{
    struct bulletin_note *note = g_new0(struct bulletin_note, 1);

    note->clause = bulletin_copy(b, n->clause);
    note->name = bulletin_copy(b, n->name);
    note->text = bulletin_copy(b, n->text);
    g_ptr_array_add(b->notes, note);
}

/* ---- printing ---- */

/* Digits behind the point that show d whole. */
static int
places_of(decimal d)
{
    decimal step = DECIMAL_ONE;
    int places = 0;

    for (; d % step != 0; step /= 10)
        places++;
    return places;
}

int
bulletin_places(const struct bulletin *b)
{
    int n = 0;

    for (guint i = 0; i < b->classes->len; i++) {
        const struct bulletin_class *c = b->classes->pdata[i];

        for (guint j = 0; j < c->rows->len; j++) {
            const struct bulletin_row *row = c->rows->pdata[j];

            n = MAX(n, places_of(row->points));
            n = MAX(n, places_of(row->adjustment));
            n = MAX(n, places_of(row->to_date));
            for (guint k = 0; k < b->currencies->len; k++)
                n = MAX(n, places_of(row->amounts[k]));
        }
    }
    for (guint i = 0; i < b->deductions->len; i++) {
        const struct bulletin_deduction *d = b->deductions->pdata[i];

        n = MAX(n, places_of(d->points));
    }
    for (guint i = 0; i < b->adoptions->len; i++) {
        const struct bulletin_adoption *a = b->adoptions->pdata[i];

        n = MAX(n, places_of(a->points));
    }
    return n;
}

/* standings_adjust.c - what a bulletin says of the days before its period:
 * the difference between what was published of them and what is known now.
 *
 * Both sides are lists of lines; equal ones cancel out.  So the sum over the
 * bulletins of a series and their adjustments is what a fresh computation
 * gives, whatever was corrected in between (tests/tools/scorefacts.c draws
 * such years). */
#include "rules/standings_state.h"

#include <string.h>

/* ---- what was published ---- */

static void
line_free(void *data)
{
    struct published_line *l = data;

    g_free(l->who);
    g_free(l->of);
    g_free(l->item);
    g_free(l->number);
    g_free(l->currency);
    g_free(l);
}

struct published *
published_new(civil_day to)
{
    struct published *p = g_new0(struct published, 1);
    int year, month, day;

    day_to_ymd(to, &year, &month, &day);
    p->from = DAY_FIRST;
    p->detail = day_from_ymd(year - 1, 1, 1);
    p->to = to;
    p->lines = g_ptr_array_new_with_free_func(line_free);
    return p;
}

void
published_add(struct published *p, const struct published_line *line)
{
    struct published_line *l = g_memdup2(line, sizeof *line);

    l->who = g_strdup(line->who);
    l->of = g_strdup(line->of);
    l->item = g_strdup(line->item);
    l->number = g_strdup(line->number);
    l->currency = g_strdup(line->currency);
    g_ptr_array_add(p->lines, l);
}

void
published_free(struct published *p)
{
    if (!p)
        return;
    g_ptr_array_unref(p->lines);
    g_free(p);
}

const char *
mark_number(const struct facts *f, const struct score_mark *m)
{
    if (m->submission >= 0)
        return facts_submission(f, m->submission)->number;
    if (m->commission >= 0)
        return facts_commission(f, m->commission)->number;
    if (m->incident >= 0)
        return facts_incident(f, m->incident)->number;
    return NULL;
}

const char *
item_currency(const struct pack *p, const struct pack_item *item)
{
    return item->root < 0 ? NULL : pack_group(p, item->root)->currency;
}

/* ---- differences ---- */

/* Those of one row while they are summed up, by what they are about; what
 * comes to nothing is dropped at the end. */
struct differences {
    const struct pack *p;
    civil_day detail;   /* before it: the year's last day, and no number */
    GHashTable *by_key; /* "item\nnumber\nday" -> struct standing_adjustment */
    GPtrArray *all;     /* in order of appearance; borrowed from by_key */
};

static void
differences_open(struct differences *d, const struct pack *p, civil_day detail)
{
    d->p = p;
    d->detail = detail;
    d->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    d->all = g_ptr_array_new();
}

static civil_day
last_of_year(civil_day d)
{
    int year, month, day;

    day_to_ymd(d, &year, &month, &day);
    return day_from_ymd(year, 12, 31);
}

static struct standing_adjustment *
difference_at(struct differences *d, const char *item, const char *currency,
              const char *number, civil_day day)
{
    gboolean of_year = day < d->detail;
    g_autofree char *key = NULL;
    struct standing_adjustment *a;

    if (of_year) {
        number = NULL;
        day = last_of_year(day);
    }
    key = g_strdup_printf("%s\n%s\n%s\n%d", item, currency ? currency : "",
                          number ? number : "", day);
    a = g_hash_table_lookup(d->by_key, key);
    if (!a) {
        a = g_new0(struct standing_adjustment, 1);
        a->item = g_intern_string(item);
        a->currency = currency ? g_intern_string(currency) : NULL;
        a->number = g_strdup(number);
        a->day = day;
        a->of_year = of_year;
        g_hash_table_insert(d->by_key, g_steal_pointer(&key), a);
        g_ptr_array_add(d->all, a);
    }
    return a;
}

static void
add_now(struct differences *d, const struct facts *f,
        const struct score_line *l)
{
    const struct score_mark *m = l->mark;
    struct standing_adjustment *a =
        difference_at(d, m->item->name, item_currency(d->p, m->item),
                      mark_number(f, m), l->day);

    a->now += l->points;
    if (l->why != WHY_GONE && m->fact && !a->of_year) {
        a->by = m->fact->by;
        a->note = m->fact->note;
    }
}

/* Known by the name it has now. */
static void
add_published(struct differences *d, const struct published_line *l)
{
    const struct pack_item *item = pack_find_item(d->p, l->item);

    difference_at(d, item ? item->name : l->item, l->currency, l->number,
                  l->day)
        ->published += l->points;
}

static void
take_differences(struct standing_row *r, struct differences *d)
{
    for (guint n = 0; n < d->all->len; n++) {
        struct standing_adjustment *a = g_ptr_array_index(d->all, n);
        const struct pack_item *item = pack_find_item(d->p, a->item);

        a->points = a->now - a->published;
        a->label = item ? item->label : a->item;
        a->clause = item ? item->clause : NULL;
        if (a->points == 0) {
            standing_adjustment_free(a);
            continue;
        }
        if (!a->currency)
            r->adjustment += a->points;
        g_ptr_array_add(r->adjustments, a);
    }
    g_hash_table_unref(d->by_key);
    g_ptr_array_unref(d->all);
}

static void
drop_differences(struct differences *d)
{
    for (guint n = 0; n < d->all->len; n++)
        standing_adjustment_free(d->all->pdata[n]);
    g_hash_table_unref(d->by_key);
    g_ptr_array_unref(d->all);
}

static gboolean
any_difference(const struct differences *d)
{
    for (guint n = 0; n < d->all->len; n++) {
        const struct standing_adjustment *a = g_ptr_array_index(d->all, n);

        if (a->now != a->published)
            return TRUE;
    }
    return FALSE;
}

/* ---- what is known now ---- */

static const struct unit *
unit_of_person(const struct standings *t, score_who who)
{
    const struct roster *units = score_pack(t->score)->roster;
    int person = who - (int)units->units->len, unit;

    if (person < 0)
        return NULL;
    unit = facts_person(score_facts(t->score), person)->unit;
    return unit < 0 ? NULL : roster_unit(units, unit);
}

static void
know(struct published *p, const char *who, const char *of,
     const struct standing_adjustment *a)
{
    struct published_line line = {.who = (char *)who,
                                  .of = (char *)of,
                                  .item = (char *)a->item,
                                  .number = a->number,
                                  .currency = (char *)a->currency,
                                  .day = a->day,
                                  .points = a->now};

    if (a->now != 0)
        published_add(p, &line);
}

static void
know_all(const struct standings *t, score_who who, struct published *p)
{
    const struct unit *of = unit_of_person(t, who);
    g_autoptr(GPtrArray) now =
        score_lines(t->score, who, p->from, t->period.to);
    struct differences d;

    differences_open(&d, score_pack(t->score), p->detail);
    for (guint n = 0; n < now->len; n++)
        add_now(&d, score_facts(t->score), g_ptr_array_index(now, n));
    for (guint n = 0; n < d.all->len; n++)
        know(p, standings_key(t->score, who), of ? of->short_name : NULL,
             d.all->pdata[n]);
    drop_differences(&d);
}

struct published *
standings_known(const struct standings *t)
{
    struct published *p = published_new(t->period.to);

    for (int n = 0; n < score_n_credited(t->score); n++)
        know_all(t, score_credited(t->score, n), p);
    return p;
}

/* ---- by whom ---- */

/* A bulletin keeps the names of its day: what is renamed since is still the
 * same.  -1: nobody is called so any more. */
static score_who
who_published(const struct standings *t, const char *name)
{
    for (int n = 0; score_pack(t->score)->credit == CREDIT_AUTHORS &&
                    n < score_n_credited(t->score);
         n++)
        if (strcmp(name,
                   standings_key(t->score, score_credited(t->score, n))) == 0)
            return score_credited(t->score, n);
    return score_find_who(t->score, name);
}

/* Published lines by who they were given to: who + 1 -> GPtrArray of struct
 * published_line, borrowed. */
static GHashTable *
lines_by_who(const struct standings *t, const struct published *before)
{
    GHashTable *out = g_hash_table_new_full(NULL, NULL, NULL,
                                            (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint n = 0; n < before->lines->len; n++) {
        struct published_line *l = g_ptr_array_index(before->lines, n);
        gpointer who = g_hash_table_lookup(known, l->who);
        GPtrArray *lines;

        if (!who) {
            who = GINT_TO_POINTER(who_published(t, l->who) + 1);
            g_hash_table_insert(known, l->who, who);
        }
        lines = g_hash_table_lookup(out, who);
        if (!lines) {
            lines = g_ptr_array_new();
            g_hash_table_insert(out, who, lines);
        }
        g_ptr_array_add(lines, l);
    }
    return out;
}

static void
find_differences(const struct standings *t, score_who who,
                 const struct published *before, const GPtrArray *lines,
                 struct differences *d)
{
    g_autoptr(GPtrArray) now =
        score_lines(t->score, who, before->from, t->period.from - 1);

    for (guint n = 0; n < now->len; n++)
        add_now(d, score_facts(t->score), g_ptr_array_index(now, n));
    for (guint n = 0; lines && n < lines->len; n++)
        add_published(d, g_ptr_array_index(lines, n));
}

/* Whoever left has a row again when something about him was corrected. */
static void
adjust(struct standings *t, score_who who, const struct published *before,
       const GPtrArray *lines)
{
    struct standing_row *r =
        g_hash_table_lookup(t->by_who, GINT_TO_POINTER(who + 1));
    struct differences d;

    differences_open(&d, score_pack(t->score), before->detail);
    find_differences(t, who, before, lines, &d);
    if (!r && any_difference(&d))
        r = standings_add_row(t, who);
    if (r)
        take_differences(r, &d);
    else
        drop_differences(&d);
}

enum st
standings_adjust(struct standings *t, const struct published *before,
                 struct err *e)
{
    g_autoptr(GHashTable) lines = NULL;

    if (!before)
        return ST_OK;
    lines = lines_by_who(t, before);
    for (int n = 0; n < score_n_credited(t->score); n++) {
        score_who who = score_credited(t->score, n);

        adjust(t, who, before,
               g_hash_table_lookup(lines, GINT_TO_POINTER(who + 1)));
    }
    return standings_rank(t, e);
}

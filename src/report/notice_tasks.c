/* notice_tasks.c - who met the tasks of a period, and who has missed them
 * several times in a row. */
#include "report/notice_parts.h"

#include "report/bulletin_columns.h"

struct task {
    const char *metric, *period;
    int units, met;
    gboolean named;
    GString *done, *unmet; /* names; owned */
};

static void
clear_task(gpointer data)
{
    struct task *task = data;

    g_string_free(task->done, TRUE);
    g_string_free(task->unmet, TRUE);
}

static struct task *
task_of(GArray *tasks, const struct bulletin_target *t)
{
    struct task fresh = {
        .metric = t->metric, .period = t->period, .named = t->named};

    for (guint i = 0; i < tasks->len; i++) {
        struct task *task = &g_array_index(tasks, struct task, i);

        if (g_str_equal(task->metric, t->metric) &&
            g_str_equal(task->period, t->period))
            return task;
    }
    fresh.done = g_string_new(NULL);
    fresh.unmet = g_string_new(NULL);
    g_array_append_val(tasks, fresh);
    return &g_array_index(tasks, struct task, tasks->len - 1);
}

static void
append_shortfall(const struct notice *n, struct task *task,
                 const struct bulletin_target *t)
{
    struct value *v = value_map();
    g_autofree char *text = NULL;

    notice_set(v, "unit", t->unit);
    value_take_text(v, "actual",
                    t->blank ? g_strdup("") : decimal_format(t->actual));
    value_take_text(v, "target", decimal_format(t->target));
    text = notice_phrase(n, "part.shortfall", v);
    notice_join(task->unmet, phrases_get(n->words, "line.separator"), text);
}

/* The fewer are named; nobody needs the names of all, nor of those that are
 * criticised below. */
static struct value *
task_value(const struct task *task)
{
    struct value *v = value_map();
    int missed = task->units - task->met;
    gboolean all = task->met == 0 || missed == 0;

    notice_set(v, "metric", task->metric);
    notice_set(v, "period", task->period);
    value_set_int(v, "units", task->units);
    value_set_int(v, "met", task->met);
    value_set_int(v, "missed", missed);
    value_set_bool(v, "all_met", missed == 0);
    value_set_bool(v, "none_met", task->met == 0);
    value_set_text(v, "unmet",
                   all || task->named || missed > task->met ? ""
                                                            : task->unmet->str);
    value_set_text(v, "done",
                   all || missed <= task->met ? "" : task->done->str);
    return v;
}

static void
count_task(const struct notice *n, GArray *all, const struct bulletin_target *t)
{
    struct task *task = task_of(all, t);

    task->units++;
    if (t->outcome == TARGET_UNMET) {
        append_shortfall(n, task, t);
        return;
    }
    task->met++;
    notice_join(task->done, phrases_get(n->words, "line.separator"), t->unit);
}

/* The metrics of more periods than the table shows. */
static GHashTable *
many_periods(const struct notice *n)
{
    GHashTable *many = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < n->b->targets->len; i++) {
        const struct bulletin_target *t = n->b->targets->pdata[i];
        g_autoptr(GPtrArray) periods = NULL;

        if (!g_hash_table_add(seen, (gpointer)t->metric))
            continue;
        periods = task_periods(n->b, t->metric);
        if (periods->len > PERIODS_SHOWN)
            g_hash_table_add(many, (gpointer)t->metric);
    }
    return many;
}

/* A unit's task over all its judged periods; FALSE when it was told with an
 * earlier one.  Those of a unit stand together. */
static gboolean
whole_task(const GPtrArray *all, guint index, const char *period,
           struct bulletin_target *out)
{
    const struct bulletin_target *t = all->pdata[index];
    guint first = index;
    int judged = 0, met = 0;

    while (first > 0 &&
           g_str_equal(((struct bulletin_target *)all->pdata[first - 1])->unit,
                       t->unit))
        first--;
    for (guint i = first; i < all->len; i++) {
        const struct bulletin_target *o = all->pdata[i];

        if (!g_str_equal(o->unit, t->unit))
            break;
        if (!g_str_equal(o->metric, t->metric) || o->outcome == TARGET_NOT_YET)
            continue;
        if (i < index)
            return FALSE;
        judged++;
        met += o->outcome == TARGET_MET;
    }
    *out = *t;
    out->period = period;
    out->blank = FALSE;
    out->actual = met * DECIMAL_ONE;
    out->target = judged * DECIMAL_ONE;
    out->outcome = met == judged ? TARGET_MET : TARGET_UNMET;
    return TRUE;
}

struct value *
notice_tasks(const struct notice *n)
{
    const GPtrArray *targets = n->b->targets;
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct task));
    g_autoptr(GHashTable) many = many_periods(n);
    struct value *list = value_list(), *v = value_map();
    g_autofree char *every = NULL;

    value_set_text(v, "period", n->b->period);
    every = notice_phrase(n, "part.every", v);
    g_array_set_clear_func(all, clear_task);
    for (guint i = 0; i < targets->len; i++) {
        const struct bulletin_target *t = targets->pdata[i];
        struct bulletin_target whole;

        if (t->outcome == TARGET_NOT_YET || t->streak)
            continue;
        if (!g_hash_table_contains(many, t->metric))
            count_task(n, all, t);
        else if (whole_task(targets, i, every, &whole))
            count_task(n, all, &whole);
    }
    for (guint i = 0; i < all->len; i++)
        value_append(list, task_value(&g_array_index(all, struct task, i)));
    return list;
}

/* Is a later period of the same unit and task in the bulletin? */
static gboolean
has_later(const GPtrArray *all, guint index)
{
    const struct bulletin_target *t = all->pdata[index];

    for (guint i = index + 1; i < all->len; i++) {
        const struct bulletin_target *o = all->pdata[i];

        if (!g_str_equal(o->unit, t->unit))
            return FALSE; /* those of a unit stand together */
        if (g_str_equal(o->metric, t->metric))
            return TRUE;
    }
    return FALSE;
}

/* Those of whom the same number is told, in the order of the first. */
struct streak {
    const struct bulletin_target *first;
    GString *units; /* owned */
};

static void
clear_streak(gpointer data)
{
    g_string_free(((struct streak *)data)->units, TRUE);
}

static GString *
streak_units(GArray *streaks, const struct bulletin_target *t)
{
    struct streak fresh = {.first = t};

    for (guint i = 0; i < streaks->len; i++) {
        const struct streak *s = &g_array_index(streaks, struct streak, i);

        if (g_str_equal(s->first->metric, t->metric) &&
            s->first->actual == t->actual)
            return s->units;
    }
    fresh.units = g_string_new(NULL);
    g_array_append_val(streaks, fresh);
    return fresh.units;
}

/* Two or more in a row at the end, of those not criticised for it below. */
static GArray *
find_streaks(const struct notice *n)
{
    const GPtrArray *all = n->b->targets;
    GArray *streaks = g_array_new(FALSE, FALSE, sizeof(struct streak));

    g_array_set_clear_func(streaks, clear_streak);
    for (guint i = 0; i < all->len; i++) {
        const struct bulletin_target *t = all->pdata[i];

        if (t->streak && !t->blank && t->actual >= 2 * DECIMAL_ONE &&
            !(t->named && t->outcome == TARGET_UNMET) && !has_later(all, i))
            notice_join(streak_units(streaks, t),
                        phrases_get(n->words, "line.separator"), t->unit);
    }
    return streaks;
}

char *
notice_streaks(const struct notice *n)
{
    g_autoptr(GArray) streaks = find_streaks(n);
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < streaks->len; i++) {
        const struct streak *s = &g_array_index(streaks, struct streak, i);
        struct value *v = value_map();
        g_autofree char *text = NULL;

        notice_set(v, "metric", s->first->metric);
        notice_set(v, "units", s->units->str);
        value_take_text(v, "actual", decimal_format(s->first->actual));
        text = notice_phrase(n, "part.streak", v);
        notice_join(out, phrases_get(n->words, "line.semicolon"), text);
    }
    return g_string_free(out, FALSE);
}

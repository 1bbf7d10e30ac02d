/* facts.c - rows of the register -> facts of the evaluator. */
#include "register/facts_fill.h"

int
filling_index(GHashTable *map, gint64 id)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(map, &id)) - 1;
}

void
filling_remember(GHashTable *map, gint64 id, int index)
{
    g_hash_table_insert(map, g_memdup2(&id, sizeof id),
                        GINT_TO_POINTER(index + 1));
}

int
filling_unit(struct filling *f, const char *unit, const char *where)
{
    const struct unit *u = roster_find(f->pack->roster, unit);

    if (u)
        return u->index;
    g_ptr_array_add(f->skipped, g_strdup_printf("%s %s", where, unit));
    return -1;
}

/* ---- all ---- */

static enum st
fill(struct filling *f, civil_day from, civil_day to, struct err *e)
{
    g_autoptr(facts_scope) s = scope_new();
    gint64 due_from =
        from == DAY_FIRST ? G_MININT64 : clock_day_start(f->clock, from);
    gint64 due_to =
        to == DAY_LAST ? G_MAXINT64 : clock_day_start(f->clock, to + 1);
    enum st st = scope_fill(f->reg, s, from, to, due_from, due_to, e);

    if (st == ST_OK)
        st = filling_commissions(f, s, e);
    if (st == ST_OK)
        st = filling_submissions(f, s, e);
    if (st == ST_OK)
        st = filling_marks(f, s, from, to, e);
    return st == ST_OK ? filling_incidents(f, s, e) : st;
}

static GHashTable *
index_map(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

enum st
reg_facts_of(struct reg *reg, const struct pack *rules,
             const struct clock *clock, gint64 submission, struct facts **out,
             struct err *e)
{
    g_autoptr(facts) all = facts_new();
    g_autoptr(facts_scope) s = scope_new();
    g_autoptr(GHashTable) submissions = index_map();
    g_autoptr(GHashTable) commissions = index_map();
    g_autoptr(GPtrArray) skipped = g_ptr_array_new_with_free_func(g_free);
    struct filling f = {reg,         rules,       clock,  all,
                        submissions, commissions, skipped};
    enum st st = scope_fill_one(reg, s, submission, e);

    if (st == ST_OK)
        st = filling_submissions(&f, s, e);
    if (st == ST_OK) /* of no day, and beside those all that it has */
        st = filling_marks(&f, s, DAY_LAST, DAY_FIRST, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&all);
    return st;
}

enum st
reg_facts(struct reg *reg, const struct pack *rules, const struct clock *clock,
          civil_day from, civil_day to, struct facts **out,
          GPtrArray **skipped_out, struct err *e)
{
    g_autoptr(facts) all = facts_new();
    g_autoptr(GHashTable) submissions = index_map();
    g_autoptr(GHashTable) commissions = index_map();
    g_autoptr(GPtrArray) skipped = g_ptr_array_new_with_free_func(g_free);
    struct filling f = {reg,         rules,       clock,  all,
                        submissions, commissions, skipped};
    enum st st = fill(&f, from, to, e);

    if (st != ST_OK)
        return st;
    all->told = civil_time_at(clock, clock_now(clock));
    *out = g_steal_pointer(&all);
    if (skipped_out)
        *skipped_out = g_steal_pointer(&skipped);
    return ST_OK;
}

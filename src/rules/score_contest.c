/* score_contest.c - judging again what a day touched, and booking what has
 * changed. */
#include "base/i18n.h"
#include "rules/score_state.h"

/* ---- contests ---- */

struct contest_key {
    int cluster;
    struct pot_key pot;
};

struct keyed_contest { /* the key lives with the contest */
    struct contest contest;
    struct contest_key key;
};

static guint
key_hash(gconstpointer data)
{
    const struct contest_key *k = data;
    guint64 h = (guint64)k->cluster * 0x9E3779B97F4A7C15u;

    for (int i = 0; i < k->pot.n; i++) {
        h ^= (guint64)k->pot.part[i];
        h *= 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    return (guint)h;
}

static gboolean
key_equal(gconstpointer a, gconstpointer b)
{
    const struct contest_key *x = a, *y = b;

    return x->cluster == y->cluster && pot_key_compare(&x->pot, &y->pot) == 0;
}

GHashTable *
contests_new(void)
{
    return g_hash_table_new(key_hash, key_equal);
}

static struct contest *
contest_for(struct score *s, const struct gain *c)
{
    int index = s->plan.items[c->mark->m.item->index].cluster;
    const struct cluster *cluster = &s->plan.clusters[index];
    struct keyed_contest *k;
    struct contest_key key = {.cluster = index};

    if (!cluster->alone) {
        pot_key_of(s, cluster->per, cluster->office, c, &key.pot);
        k = g_hash_table_lookup(s->contests, &key);
        if (k)
            return &k->contest;
    }
    k = score_alloc(s, 1, sizeof *k);
    k->contest.cluster = index;
    k->contest.whole = TRUE;
    k->key = key;
    if (!cluster->alone)
        g_hash_table_insert(s->contests, &k->key, k);
    return &k->contest;
}

void
contest_rejoin(struct score *s, struct gain *c)
{
    c->contest = contest_for(s, c);
    c->next = c->contest->first;
    c->contest->first = c;
}

static void
list_touched(struct score *s, struct contest *contest)
{
    if (contest->touched)
        return;
    contest->touched = TRUE;
    g_ptr_array_add(s->touched[s->plan.clusters[contest->cluster].level],
                    contest);
}

void
contest_join(struct score *s, struct gain *c)
{
    contest_rejoin(s, c);
    list_touched(s, c->contest);
}

void
contest_touch(struct score *s, struct contest *contest)
{
    contest->whole = TRUE;
    list_touched(s, contest);
}

/* ---- booking ---- */

/* So no sum of lines can leave 64 bits. */
#define MOVED_MAX (G_MAXINT64 / 4)

static void
book(struct score *s, struct gain *c, decimal worth, enum line_why why)
{
    struct score_line *line;

    if (c->booked && worth == c->worth)
        return;
    s->moved += ABS(worth - c->worth);
    if (s->moved > MOVED_MAX)
        score_fail(s, _("the points of all are more than can be reckoned"));
    line = score_alloc(s, 1, sizeof *line);
    line->who = c->who;
    line->day = s->today;
    line->mark = &c->mark->m;
    line->points = worth - c->worth;
    line->worth = worth;
    line->value = c->value;
    line->rule = c->rule;
    line->refused = c->refused;
    line->why = why;
    line->group = why == WHY_LOST || why == WHY_CUT ? c->group : NULL;
    line->other = why == WHY_LOST ? c->other : NULL;
    c->worth = worth;
    c->booked = TRUE;
    g_ptr_array_add(s->lines, line);
    if (!s->who_lines[c->who])
        s->who_lines[c->who] = g_ptr_array_new();
    g_ptr_array_add(s->who_lines[c->who], line);
    who_touch(s, c->who);
}

static gboolean
zeroed(const struct score *s, const struct gain *c)
{
    const struct pack_item *item = c->mark->m.item;

    return s->plan.zeroing && !pack_group(s->p, item->root)->currency &&
           zeroed_on(s, c->who, c->mark->m.day);
}

static void
book_all(struct score *s, GPtrArray *gains)
{
    for (guint i = 0; i < gains->len; i++) {
        struct gain *c = gains->pdata[i];

        if (zeroed(s, c))
            book(s, c, 0, c->left ? WHY_ZEROED : c->why);
        else
            book(s, c, c->left, c->why);
    }
}

/* ---- judging ---- */

/* Those of a contest that live; those that died are booked out and leave
 * it. */
static void
gather(struct score *s, struct contest *contest, GPtrArray *out)
{
    struct gain **at = &contest->first;

    while (*at) {
        struct gain *c = *at;

        if (c->mark->alive) {
            g_ptr_array_add(out, c);
            at = &c->next;
        } else {
            *at = c->next;
            book(s, c, 0, WHY_GONE);
        }
    }
}

/* By item, day, order: as nth counts. */
static int
compare_counted(gconstpointer a, gconstpointer b, gpointer data)
{
    const struct gain *x = *(struct gain *const *)a;
    const struct gain *y = *(struct gain *const *)b;
    const struct live_mark *m = x->mark, *n = y->mark;

    (void)data;
    if (m->m.item != n->m.item)
        return m->m.item->index - n->m.item->index;
    if (m->m.day != n->m.day)
        return m->m.day < n->m.day ? -1 : 1;
    if (m->order != n->order)
        return m->order < n->order ? -1 : 1;
    return x < y ? -1 : x > y; /* two credited for one mark, as named */
}

struct counted_pot {
    struct contest_key key; /* the item in place of the cluster */
    int n;
};

/* How many of this kind its pot has now, c included. */
static int
count_in(const struct score *s, GHashTable *pots, const struct gain *c)
{
    const struct pack_item *item = c->mark->m.item;
    const struct pack_group *g = pack_group(s->p, item->group);
    struct contest_key key = {.cluster = item->index};
    struct counted_pot *pot;

    pot_key_of(s, g->per, (g->per & PER_OFFICE) != 0, c, &key.pot);
    pot = g_hash_table_lookup(pots, &key);
    if (!pot) {
        pot = g_new0(struct counted_pot, 1);
        pot->key = key;
        g_hash_table_insert(pots, &pot->key, pot);
    }
    return ++pot->n;
}

/* Which of its kind in its pot each is, for items that ask. */
static void
count_nth(struct score *s, GPtrArray *gains)
{
    g_autoptr(GHashTable) pots =
        g_hash_table_new_full(key_hash, key_equal, NULL, g_free);

    g_qsort_with_data(gains->pdata, (int)gains->len, sizeof(gpointer),
                      compare_counted, NULL);
    for (guint i = 0; i < gains->len; i++) {
        struct gain *c = gains->pdata[i];
        int nth;

        if (!s->plan.items[c->mark->m.item->index].counts)
            continue;
        nth = count_in(s, pots, c);
        if (c->nth != nth)
            c->valued = FALSE;
        c->nth = nth;
    }
}

static gboolean
some_count(const struct score *s, const GPtrArray *gains)
{
    for (guint i = 0; i < gains->len; i++) {
        const struct gain *c = gains->pdata[i];

        if (s->plan.items[c->mark->m.item->index].counts)
            return TRUE;
    }
    return FALSE;
}

static void
judge(struct score *s, struct contest *contest, GPtrArray *gains)
{
    gather(s, contest, gains);
    if (some_count(s, gains))
        count_nth(s, gains);
    for (guint i = 0; i < gains->len; i++) {
        struct gain *c = gains->pdata[i];
        const struct item_plan *ip = &s->plan.items[c->mark->m.item->index];

        if (!c->valued || ip->looks || ip->changes)
            gain_value(s, c);
    }
    pots_decide(s, s->plan.clusters[contest->cluster].top, gains);
    book_all(s, gains);
}

static GPtrArray *
bests_add(struct score *s)
{
    GPtrArray *best = g_ptr_array_new();

    g_ptr_array_add(s->bests, best);
    return best;
}

/* What lost stays lost until one of the best goes, which touches the whole
 * contest: else only the best and the new ones can change. */
static void
judge_keeping(struct score *s, struct contest *contest,
              const struct pack_group *g, GPtrArray *gains)
{
    if (!contest->best)
        contest->best = bests_add(s);
    if (contest->whole) {
        gather(s, contest, gains);
    } else {
        g_ptr_array_extend(gains, contest->best, NULL, NULL);
        for (struct gain *c = contest->first; c != contest->judged; c = c->next)
            g_ptr_array_add(gains, c);
    }
    for (guint i = 0; i < gains->len; i++)
        if (!((struct gain *)gains->pdata[i])->valued)
            gain_value(s, gains->pdata[i]);
    pot_keep(s, g, gains);
    g_ptr_array_set_size(contest->best, 0);
    for (guint i = 0; i < gains->len && i < (guint)g->keep; i++)
        g_ptr_array_add(contest->best, gains->pdata[i]);
    contest->judged = contest->first;
    book_all(s, gains);
}

static void
judge_one(struct score *s, struct contest *contest, GPtrArray *gains)
{
    const struct cluster *cluster = &s->plan.clusters[contest->cluster];

    contest->touched = FALSE;
    g_ptr_array_set_size(gains, 0);
    if (cluster->keeps)
        judge_keeping(s, contest, cluster->top, gains);
    else
        judge(s, contest, gains);
    contest->whole = FALSE;
}

void
contests_judge(struct score *s, int level)
{
    GPtrArray *touched = s->touched[level];
    g_autoptr(GPtrArray) gains = g_ptr_array_new();

    for (guint i = 0; i < touched->len && !s->failed; i++)
        judge_one(s, touched->pdata[i], gains);
    g_ptr_array_set_size(touched, 0);
}

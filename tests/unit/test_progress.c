/* How a unit stands (B9, D2): what is kept and brought along says at every
 * moment what all facts together say, under every pack. */
#include "intake/progress.h"

#include "intake/publish.h"
#include "intake/scoring.h"
#include "pack_fixture.h"
#include "register/commission.h"
#include "register/mark.h"
#include "register/progress.h"
#include "register/submission.h"
#include "register_fixture.h"

enum { STEPS = 120 };

struct world {
    char *dir;
    struct intake i;
    struct reg_act act;
    GRand *random;
    civil_day first; /* the story begins here */
    gint64 submissions[STEPS], marks[STEPS];
    int n_submissions, n_marks;
    gint64 commission;
    int recorded;
};

static const char *const packs[] = {"haicheng-2019", "haidong-2023",
                                    "panyu-2010", "sample-city",
                                    "tancheng-2019"};

static int
pick(struct world *w, int n)
{
    return g_rand_int_range(w->random, 0, n);
}

static const struct unit *
any_unit(struct world *w)
{
    const GPtrArray *units = w->i.office->pack->roster->units;

    return units->pdata[pick(w, MIN((int)units->len, 5))];
}

/* The pack as the office's own.  The one that comes without a list of units
 * gets one. */
static void
copy_rules(const char *dir, const char *name)
{
    g_autofree char *pack_path =
        g_strdup_printf("mailrules/%s/pack.yaml", name);
    g_autofree char *roster_path =
        g_strdup_printf("mailrules/%s/roster.yaml", name);
    g_autofree char *rules = NULL, *units = NULL;
    const char *empty;

    g_assert_true(g_file_get_contents(pack_path, &rules, NULL, NULL));
    g_assert_true(g_file_get_contents(roster_path, &units, NULL, NULL));
    empty = strstr(units, "units: []");
    scratch_put(dir, "pack.yaml", rules);
    scratch_put(dir, "roster.yaml",
                empty ? "units:\n"
                        "  - {name: 东山镇, class: 乡镇}\n"
                        "  - {name: 西山镇, class: 乡镇}\n"
                        "  - {name: 市教育局, class: 其他部门}\n"
                      : units);
}

static struct office *
load_office(const char *dir, const char *name)
{
    static const char text[] =
        "office: 某县人民政府办公室\nrules: pack.yaml\nmailbox: maildir:in\n"
        "outgoing: maildir:out\naddress: a@example.gov.cn\ndata: data\n"
        "staff:\n  - {name: 王芳, address: b@example.gov.cn}\n";
    g_autofree char *path = g_build_filename(dir, "baosong.yaml", NULL);
    struct office *o = NULL;

    copy_rules(dir, name);
    scratch_put(dir, "baosong.yaml", text);
    MUST(office_load(path, "2019-05-01T09:00:00+08:00", &o, E));
    return o;
}

/* The office opens on that day. */
static void
turn_to(struct world *w, civil_day day)
{
    struct clock *clock = &w->i.office->clock;

    clock->instant = clock_day_start(clock, day) + 9 * 3600;
    office_turn(w->i.office, day);
}

static struct world *
world_new(const char *name)
{
    struct world *w = g_new0(struct world, 1);
    const struct pack *p;
    int year, month, day;

    w->dir = scratch_make();
    w->i.office = load_office(w->dir, name);
    p = w->i.office->packs->pdata[0];
    day_to_ymd(p->effective, &year, &month, &day);
    w->first = day_from_ymd(year, 11, 10);
    w->random = g_rand_new_with_seed(20190310);
    w->act = (struct reg_act){NOW, "王芳", 0, 0};
    turn_to(w, w->first);
    MUST(reg_open(w->i.office->config->data, REG_WRITE, NOW, &w->i.reg, E));
    return w;
}

static void
world_free(struct world *w)
{
    reg_close(w->i.reg);
    office_free(w->i.office);
    g_rand_free(w->random);
    scratch_remove(w->dir);
    g_free(w);
}

/* ---- what happens ---- */

static void
submit(struct world *w, civil_day day)
{
    const struct pack *p = w->i.office->pack;
    g_autoptr(reg_submission) s = reg_submission_new();
    g_autofree char *number = NULL;
    const char *first = any_unit(w)->short_name;
    const char *second = any_unit(w)->short_name;
    gboolean kept = FALSE;
    gint64 id = 0;

    s->day = day;
    s->received = clock_day_start(&w->i.office->clock, day) + 36000;
    s->title = g_strdup_printf("标题%d", ++w->recorded);
    s->words = 100 + pick(w, 2000);
    if (p->forms[0] && pick(w, 2))
        s->category = g_strdup(p->forms[0]);
    g_ptr_array_add(s->credits, reg_credit_new(first, 0));
    if (pick(w, 4) == 0 && strcmp(first, second) != 0)
        g_ptr_array_add(s->credits, reg_credit_new(second, 0));
    if (w->commission && pick(w, 6) == 0)
        s->commission = w->commission;
    MUST(progress_before(&w->i, &kept, E));
    MUST(reg_submission_add(w->i.reg, s, NULL, &w->act, &id, &number, E));
    if (kept && !s->commission)
        MUST(progress_after(&w->i, id, E));
    w->submissions[w->n_submissions++] = id;
}

/* A mark that the desk may give: items that make themselves are refused by
 * none here, and count for nothing. */
static void
mark(struct world *w, civil_day day)
{
    const GPtrArray *items = w->i.office->pack->items;
    const struct pack_item *item = items->pdata[pick(w, (int)items->len)];
    g_autoptr(reg_mark) m = reg_mark_new();

    if (!w->n_submissions)
        return;
    m->item = g_strdup(item->name);
    m->submission = w->submissions[pick(w, w->n_submissions)];
    m->day = day;
    m->amount = DECIMAL_ONE;
    m->has_amount = pick(w, 2) != 0;
    MUST(reg_mark_add(w->i.reg, m, &w->act, &w->marks[w->n_marks++], E));
}

static void
commission(struct world *w, civil_day day)
{
    const GPtrArray *units = w->i.office->pack->roster->units;
    g_autoptr(reg_commission) c = reg_commission_new();
    g_autofree char *number = NULL;

    if (w->commission)
        return;
    c->title = g_strdup("关于春耕情况的约稿");
    c->day = day;
    c->issued = clock_day_start(&w->i.office->clock, day);
    c->due = c->issued + 5 * DAY_S;
    c->by = g_strdup("王芳");
    for (guint n = 0; n < MIN(units->len, 3); n++)
        reg_commission_ask(c, ((struct unit *)units->pdata[n])->short_name);
    MUST(reg_commission_add(w->i.reg, c, &w->act, &w->commission, &number, E));
}

static void
something(struct world *w, int step)
{
    civil_day day = w->first + step;
    int what = pick(w, 10);

    if (what == 0)
        mark(w, day);
    else if (what == 1 && step > STEPS / 3)
        commission(w, day);
    else
        submit(w, day - pick(w, 20)); /* also into the period before */
}

/* ---- what must be the same ---- */

static void
compare(struct world *w, const struct unit *u, civil_day day)
{
    const struct office *o = w->i.office;
    struct calendar cal = calendar_of(o->pack);
    struct period p = period_at(&cal, o->pack->bulletin, day);
    gint64 instant = clock_day_start(&o->clock, day) + 3600;
    g_autoptr(scoring) s = NULL;
    g_autoptr(standings) t = NULL;
    g_autoptr(value) v = NULL;
    g_autofree char *points = NULL, *submitted = NULL, *adopted = NULL;
    const struct standing_row *r;

    MUST(standings_now(o, w->i.reg, &p, &s, &t, E));
    MUST(unit_progress(&w->i, u, instant, &v, E));
    r = standings_of_unit(t, u);
    g_assert_true((r != NULL) == (v != NULL));
    if (!r)
        return;
    submitted = g_strdup_printf("%d", r->submitted);
    adopted = g_strdup_printf("%d", r->adopted);
    points = decimal_format(r->points);
    g_assert_cmpstr(value_get_text(value_get(v, "submitted")), ==, submitted);
    g_assert_cmpstr(value_get_text(value_get(v, "adopted")), ==, adopted);
    if (pack_has_points(o->pack))
        g_assert_cmpstr(value_get_text(value_get(v, "points")), ==, points);
}

static void
test_says_what_scores_say(gconstpointer data)
{
    struct world *w = world_new(data);

    for (int n = 0; n < STEPS; n++) {
        turn_to(w, w->first + n);
        MUST(reg_begin(w->i.reg, E));
        something(w, n);
        compare(w, any_unit(w), w->first + n - pick(w, 20));
        MUST(reg_commit(w->i.reg, E));
    }
    g_assert_cmpint(w->n_submissions, >, STEPS / 2);
    g_assert_cmpint(w->n_marks, >, 3);
    world_free(w);
}

/* ---- what is kept ---- */

static gint64
basis_is_kept(struct world *w)
{
    gboolean kept = FALSE;

    MUST(progress_before(&w->i, &kept, E));
    return kept;
}

static void
test_is_brought_along(void)
{
    struct world *w = world_new("tancheng-2019");
    g_autoptr(value) v = NULL;

    MUST(reg_begin(w->i.reg, E));
    submit(w, w->first);
    g_assert_false(basis_is_kept(w)); /* nobody has asked yet */
    MUST(unit_progress(&w->i, any_unit(w),
                       clock_day_start(&w->i.office->clock, w->first), &v, E));
    g_assert_true(basis_is_kept(w));
    for (int n = 0; n < 5; n++) {
        submit(w, w->first - n);
        g_assert_true(basis_is_kept(w));
    }
    mark(w, w->first);
    g_assert_false(basis_is_kept(w));
    MUST(reg_commit(w->i.reg, E));
    world_free(w);
}

/* A deadline passes without anybody's doing. */
static void
test_another_day(void)
{
    struct world *w = world_new("tancheng-2019");
    g_autoptr(value) v = NULL;

    MUST(reg_begin(w->i.reg, E));
    commission(w, w->first);
    for (int n = 0; n < 8; n++) {
        turn_to(w, w->first + n);
        g_assert_false(basis_is_kept(w));
        compare(w, any_unit(w), w->first + n);
        g_assert_true(basis_is_kept(w));
    }
    MUST(reg_commit(w->i.reg, E));
    world_free(w);
}

static void
test_other_rules(void)
{
    struct world *w = world_new("tancheng-2019");
    g_autoptr(value) v = NULL;

    MUST(reg_begin(w->i.reg, E));
    submit(w, w->first);
    MUST(unit_progress(&w->i, any_unit(w),
                       clock_day_start(&w->i.office->clock, w->first), &v, E));
    g_assert_true(basis_is_kept(w));
    w->i.office->rules_digest[0] ^= 1;
    g_assert_false(basis_is_kept(w));
    MUST(reg_commit(w->i.reg, E));
    world_free(w);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint n = 0; n < G_N_ELEMENTS(packs); n++) {
        g_autofree char *path = g_strdup_printf("/progress/same/%s", packs[n]);

        g_test_add_data_func(path, packs[n], test_says_what_scores_say);
    }
    g_test_add_func("/progress/kept", test_is_brought_along);
    g_test_add_func("/progress/another-day", test_another_day);
    g_test_add_func("/progress/other-rules", test_other_rules);
    return g_test_run();
}

/* The checks that ask the register: what is bunched on arrival, what is like
 * others, and what staff who accept it make of that. */
#include "rules/checks.h"

enum { QUARTER_DAYS = 5, YEAR_DAYS = 31 };

/* Days on which the unit has sent something. */
struct sent {
    struct unit *unit;
    int n, asked;
    civil_day days[40];
};

struct scene {
    struct pack *p;
    struct unit *unit, *other;
    GPtrArray *units;
    struct sent sent;
    struct arrival a;
    struct check_result got;
};

static civil_day
on(int month, int day)
{
    return day_from_ymd(2019, month, day);
}

/* sent_fn */
static int
count(const struct unit *u, civil_day from, civil_day to, void *user)
{
    struct sent *s = user;
    int n = 0;

    s->asked++;
    for (int i = 0; i < s->n; i++)
        n += u == s->unit && from <= s->days[i] && s->days[i] <= to;
    return n;
}

static void
add_check(struct pack *p, enum reason r, enum check_then then, int days,
          enum period_kind per)
{
    struct pack_check *c = pack_add_check(p);

    reason_add(&c->reasons, r);
    c->then = then;
    c->value = 80 * DECIMAL_ONE;
    c->days = days;
    c->per = per;
}

static void
scene_start(struct scene *s, enum check_then then)
{
    *s = (struct scene){.p = pack_new(), .units = g_ptr_array_new()};
    s->p->effective = on(1, 1);
    roster_add_class(s->p->roster, "单位", STANDING_RANKED);
    s->unit = roster_add(s->p->roster, "财政局", "区财政局");
    s->other = roster_add(s->p->roster, "民政局", "区民政局");
    add_check(s->p, REASON_BUNCHING, then, QUARTER_DAYS, PERIOD_QUARTER);
    g_ptr_array_add(s->units, s->unit);
    s->sent.unit = s->unit;
    s->a = (struct arrival){.form = -1,
                            .drafts = 1,
                            .units = s->units,
                            .sent = count,
                            .sent_user = &s->sent};
}

static void
scene_end(struct scene *s)
{
    g_ptr_array_unref(s->units);
    pack_free(s->p);
}

static void
sends(struct scene *s, int month, int day, int times)
{
    while (times-- > 0)
        s->sent.days[s->sent.n++] = on(month, day);
}

static gboolean
bunched(struct scene *s, int month, int day)
{
    s->a.day = on(month, day);
    checks_arrival(s->p, &s->a, &s->got);
    return reason_has(&s->got.reasons, REASON_BUNCHING);
}

/* The last five days are 27 to 31; with the one that comes, four of five are
 * 80 %. */
static void
test_share(void)
{
    struct scene s;

    scene_start(&s, THEN_HOLD);
    sends(&s, 2, 10, 1);
    sends(&s, 3, 27, 2);
    g_assert_false(bunched(&s, 3, 28));
    sends(&s, 3, 28, 1);
    g_assert_true(bunched(&s, 3, 28));
    g_assert_true(reason_has(&s.got.holds, REASON_BUNCHING));
    g_assert_cmpint(s.got.worst, ==, THEN_HOLD);
    g_assert_false(bunched(&s, 4, 1)); /* a new period */
    scene_end(&s);
}

static void
test_last_days(void)
{
    struct scene s;

    scene_start(&s, THEN_NOTE);
    g_assert_false(bunched(&s, 3, 26));
    g_assert_cmpint(s.sent.asked, ==, 0); /* costs nothing on other days */
    g_assert_true(bunched(&s, 3, 27));    /* the first of the quarter */
    g_assert_true(bunched(&s, 3, 31));
    g_assert_true(reason_has(&s.got.notes, REASON_BUNCHING));
    sends(&s, 2, 10, 1);
    g_assert_false(bunched(&s, 3, 31)); /* one of two */
    scene_end(&s);
}

static void
test_not_judged(void)
{
    struct scene s;

    scene_start(&s, THEN_HOLD);
    s.p->effective = on(1, 2);
    g_assert_false(bunched(&s, 3, 30));
    g_assert_true(bunched(&s, 6, 30));
    s.unit->from = on(5, 1);
    g_assert_false(bunched(&s, 6, 30));
    g_assert_true(bunched(&s, 9, 30));
    s.a.sent = NULL; /* a replay */
    g_assert_false(bunched(&s, 9, 30));
    scene_end(&s);
}

static void
test_joint(void)
{
    struct scene s;

    scene_start(&s, THEN_HOLD);
    sends(&s, 2, 10, 1);
    g_assert_false(bunched(&s, 3, 30));
    g_ptr_array_add(s.units, s.other);
    g_assert_true(bunched(&s, 3, 30));
    scene_end(&s);
}

/* Each check has its own period, and its own consequence. */
static void
test_each_its_own(void)
{
    struct scene s;

    scene_start(&s, THEN_NOTE);
    add_check(s.p, REASON_BUNCHING, THEN_RETURN, YEAR_DAYS, PERIOD_YEAR);
    sends(&s, 2, 10, 3);
    g_assert_true(bunched(&s, 12, 30));
    g_assert_cmpint(s.got.worst, ==, THEN_NOTE);
    s.sent.n = 0;
    g_assert_true(bunched(&s, 12, 30));
    g_assert_cmpint(s.got.worst, ==, THEN_RETURN);
    scene_end(&s);
}

static void
test_settled(void)
{
    struct scene s;

    scene_start(&s, THEN_HOLD);
    add_check(s.p, REASON_SIMILAR, THEN_RETURN, 0, PERIOD_NONE);
    add_check(s.p, REASON_SEVERAL_DRAFTS, THEN_RETURN, 0, PERIOD_NONE);
    reason_add(&s.a.others, REASON_SIMILAR);
    g_assert_true(bunched(&s, 3, 30));
    g_assert_cmpint(s.got.worst, ==, THEN_RETURN);
    s.a.settled = TRUE;
    g_assert_true(bunched(&s, 3, 30));
    g_assert_cmpint(s.got.worst, ==, THEN_NOTE);
    g_assert_cmpint(s.got.notes.n, ==, 2);
    s.a.drafts = 2; /* of what the mail itself is, staff know nothing yet */
    bunched(&s, 3, 30);
    g_assert_cmpint(s.got.worst, ==, THEN_RETURN);
    scene_end(&s);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/share", test_share);
    g_test_add_func("/checks/last-days", test_last_days);
    g_test_add_func("/checks/not-judged", test_not_judged);
    g_test_add_func("/checks/joint", test_joint);
    g_test_add_func("/checks/each-its-own", test_each_its_own);
    g_test_add_func("/checks/settled", test_settled);
    return g_test_run();
}

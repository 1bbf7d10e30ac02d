/* Commissions, incidents, bulletins, the history; and all of it as facts
 * for the evaluator. */
#include "register/chain.h"
#include "register/commission.h"
#include "register/facts.h"
#include "register/history.h"
#include "register/mark.h"
#include "register/publish.h"
#include "register/submission.h"
#include "unit/register_fixture.h"

#define DAY(m, d) day_from_ymd(2019, m, d)

static struct clock office;

static gint64
at(civil_day day, int hour)
{
    return clock_day_start(&office, day) + hour * 3600;
}

/* ---- making things ---- */

static gint64
submit(struct fixture *f, civil_day day, const char *units, gint64 commission)
{
    g_autoptr(reg_submission) s = reg_submission_new();
    g_auto(GStrv) names = g_strsplit(units, " ", -1);
    g_autofree char *number = NULL;
    gint64 id = 0;

    s->title = g_strdup("标题");
    s->category = g_strdup("信息");
    s->words = 386;
    s->day = day;
    s->received = at(day, 9);
    s->commission = commission;
    for (int i = 0; names[i]; i++)
        g_ptr_array_add(s->credits, reg_credit_new(names[i], 0));
    MUST(reg_submission_add(f->reg, s, NULL, &f->act, &id, &number, E));
    return id;
}

static gint64
mark(struct fixture *f, const char *item, gint64 submission, const char *unit,
     civil_day day)
{
    struct reg_mark m = {.item = (char *)item,
                         .submission = submission,
                         .unit = (char *)unit,
                         .day = day,
                         .quantity = DECIMAL_ONE};
    gint64 id = 0;

    MUST(reg_mark_add(f->reg, &m, &f->act, &id, E));
    return id;
}

static gint64
commission(struct fixture *f, civil_day day, civil_day due)
{
    g_autoptr(reg_commission) c = reg_commission_new();
    g_autofree char *number = NULL;
    gint64 id = 0;

    c->title = g_strdup("春耕");
    c->level = g_strdup("市级");
    c->day = day;
    c->issued = at(day, 9);
    c->due = at(due, 17);
    reg_commission_ask(c, "财政局");
    reg_commission_ask(c, "税务局");
    reg_commission_ask(c, "财政局");
    MUST(reg_commission_add(f->reg, c, &f->act, &id, &number, E));
    return id;
}

static struct pack *
small_pack(void)
{
    struct pack *p = pack_new();
    static const char *const units[] = {"财政局", "税务局", "教育局"};
    static const char *const forms[] = {"信息", NULL};

    roster_add_class(p->roster, "部门", STANDING_RANKED);
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        struct unit *u = roster_add(p->roster, units[i], units[i]);

        roster_name(p->roster, u, units[i], NULL);
    }
    g_strfreev(p->forms);
    p->forms = g_strdupv((char **)forms);
    pack_add_item(p, "普刊");
    pack_add_item(p, "以干代训");
    return p;
}

static struct facts *
facts_between(struct fixture *f, const struct pack *p, civil_day from,
              civil_day to, guint *skipped_out)
{
    g_autoptr(GPtrArray) skipped = NULL;
    struct facts *all = NULL;

    MUST(reg_facts(f->reg, p, &office, from, to, &all, &skipped, E));
    *skipped_out = skipped->len;
    return all;
}

/* ---- commissions ---- */

static void
test_commission(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_commission) c = NULL;
    const struct reg_commissioned *finance, *tax;
    gint64 id;

    MUST(reg_begin(f->reg, E));
    id = commission(f, DAY(3, 1), DAY(3, 10));
    submit(f, DAY(3, 9), "税务局", id);
    submit(f, DAY(3, 5), "教育局 税务局", id);
    MUST(reg_commission_waive(f->reg, id, "财政局", "书面", &f->act, E));
    REFUSED(ST_REJECT, "waived already",
            reg_commission_waive(f->reg, id, "财政局", NULL, &f->act, E));
    REFUSED(ST_REJECT, "was not asked",
            reg_commission_waive(f->reg, id, "教育局", NULL, &f->act, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_commission_find(f->reg, "[约稿2019-1]", &c, E));
    g_assert_cmpint(c->id, ==, id);
    g_assert_cmpstr(c->number, ==, "2019-01");
    g_assert_cmpuint(c->units->len, ==, 2);
    finance = c->units->pdata[0];
    tax = c->units->pdata[1];
    g_assert_cmpstr(finance->waived_note, ==, "书面");
    g_assert_cmpint(finance->answered, ==, 0);
    g_assert_cmpstr(tax->answer, ==, "2019-0002"); /* the earlier one */
    g_assert_cmpint(tax->answered, ==, at(DAY(3, 5), 9));
}

static guint
commissions_in(struct fixture *f, civil_day from, civil_day to)
{
    g_autoptr(GPtrArray) all = NULL;

    MUST(reg_commissions(f->reg, &office, from, to, &all, E));
    return all->len;
}

static void
test_commissions_listed(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(GPtrArray) due = NULL;
    gint64 id;

    MUST(reg_begin(f->reg, E));
    id = commission(f, DAY(3, 25), DAY(4, 2));
    commission(f, DAY(5, 1), DAY(5, 2));
    MUST(reg_commit(f->reg, E));
    g_assert_cmpuint(commissions_in(f, DAY(3, 1), DAY(3, 31)), ==, 1);
    g_assert_cmpuint(commissions_in(f, DAY(4, 1), DAY(4, 30)), ==, 1);
    g_assert_cmpuint(commissions_in(f, DAY(4, 3), DAY(4, 30)), ==, 0);
    g_assert_cmpuint(commissions_in(f, DAY_FIRST, DAY_LAST), ==, 2);
    MUST(reg_commissions_due(f->reg, at(DAY(4, 2), 18), &due, E));
    g_assert_cmpuint(due->len, ==, 1);
    MUST(reg_begin(f->reg, E));
    MUST(reg_commission_cancel(f->reg, id, &f->act, E));
    MUST(reg_commit(f->reg, E));
    g_assert_cmpuint(commissions_in(f, DAY(3, 1), DAY(4, 30)), ==, 0);
}

/* ---- incidents ---- */

static void
test_incident(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_incident) i = reg_incident_new(), got = NULL;
    g_autofree char *number = NULL;
    const struct reg_report *first;
    gint64 id = 0, s;

    i->unit = g_strdup("财政局");
    i->day = DAY(3, 1);
    i->happened = at(DAY(3, 1), 8);
    MUST(reg_begin(f->reg, E));
    MUST(reg_incident_add(f->reg, i, &f->act, &id, &number, E));
    s = submit(f, DAY(3, 1), "财政局", 0);
    MUST(reg_submission_reports(f->reg, s, id, "初报", &f->act, E));
    MUST(reg_incident_close(f->reg, id, &f->act, E));
    REFUSED(ST_REJECT, "closed already",
            reg_incident_close(f->reg, id, &f->act, E));
    MUST(reg_incident_reopen(f->reg, id, &f->act, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_incident_find(f->reg, "紧2019-01", &got, E));
    g_assert_cmpint(got->closed, ==, 0);
    g_assert_cmpuint(got->reports->len, ==, 1);
    first = got->reports->pdata[0];
    g_assert_cmpstr(first->stage, ==, "初报");
    g_assert_cmpstr(first->number, ==, "2019-0001");
}

/* ---- facts ---- */

static void
test_facts(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(pack) p = small_pack();
    g_autoptr(facts) all = NULL;
    const struct fact_submission *s;
    const struct fact_commission *c;
    const struct fact_mark *m;
    gint64 withdrawn, revoked, answered;
    guint skipped = 0;

    MUST(reg_begin(f->reg, E));
    answered = commission(f, DAY(3, 1), DAY(3, 10));
    submit(f, DAY(3, 5), "税务局 财政局", answered);
    withdrawn = submit(f, DAY(3, 6), "财政局", 0);
    MUST(reg_submission_withdraw(f->reg, withdrawn, NULL, &f->act, E));
    mark(f, "普刊", 1, NULL, DAY(3, 12));
    revoked = mark(f, "普刊", 1, NULL, DAY(3, 13));
    MUST(reg_mark_revoke(f->reg, revoked, NULL, &f->act, E));
    mark(f, "普刊", withdrawn, NULL, DAY(3, 14));
    mark(f, "以干代训", 0, "教育局", DAY(3, 31));
    MUST(reg_commission_waive(f->reg, answered, "财政局", "书面", &f->act, E));
    MUST(reg_commit(f->reg, E));
    all = facts_between(f, p, DAY(1, 1), DAY(12, 31), &skipped);
    g_assert_cmpuint(skipped, ==, 0);
    g_assert_cmpuint(all->submissions->len, ==, 1);
    g_assert_cmpuint(all->marks->len, ==, 2);
    s = facts_submission(all, 0);
    g_assert_cmpstr(s->number, ==, "2019-0001");
    g_assert_cmpint(s->n_units, ==, 2);
    g_assert_cmpint(s->units[0], ==, 1);
    g_assert_cmpint(s->units[1], ==, 0);
    g_assert_null(s->shares);
    g_assert_cmpint(s->form, ==, 0);
    g_assert_cmpint(s->words, ==, 386);
    g_assert_cmpint(s->commission, ==, 0);
    g_assert_true(s->received == civil_time_at(&office, at(DAY(3, 5), 9)));
    c = facts_commission(all, 0);
    g_assert_cmpstr(c->level, ==, "市级");
    g_assert_cmpint(c->n_duties, ==, 2);
    g_assert_cmpint(c->duties[0].waived, ==, DAY(3, 8)); /* NOW */
    g_assert_cmpint(c->duties[1].waived, ==, DAY_LAST);
    g_assert_true(civil_time_day(c->due) == DAY(3, 10));
    m = facts_mark(all, 1);
    g_assert_cmpstr(m->item, ==, "以干代训");
    g_assert_cmpint(m->submission, ==, -1);
    g_assert_cmpint(m->unit, ==, 2);
}

/* A month's facts bring along what they hang on, and nothing else. */
static void
test_facts_hang_together(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(pack) p = small_pack();
    g_autoptr(facts) april = NULL;
    gint64 c, first;
    guint skipped = 0;

    MUST(reg_begin(f->reg, E));
    c = commission(f, DAY(2, 1), DAY(2, 10));
    first = submit(f, DAY(2, 5), "财政局", c);
    submit(f, DAY(2, 6), "税务局", c); /* the other answer */
    submit(f, DAY(2, 7), "教育局", 0); /* has nothing to do with it */
    mark(f, "普刊", first, NULL, DAY(3, 1));
    mark(f, "普刊", first, NULL, DAY(4, 1)); /* the only thing of April */
    MUST(reg_commit(f->reg, E));
    april = facts_between(f, p, DAY(4, 1), DAY(4, 30), &skipped);
    g_assert_cmpuint(april->submissions->len, ==, 2);
    g_assert_cmpuint(april->commissions->len, ==, 1);
    g_assert_cmpuint(april->marks->len, ==, 2);
    g_assert_cmpint(facts_mark(april, 0)->day, ==, DAY(3, 1));
    g_assert_cmpint(facts_submission(april, 1)->units[0], ==, 1);
}

static void
test_facts_incident(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_incident) i = reg_incident_new();
    g_autoptr(pack) p = small_pack();
    g_autoptr(facts) april = NULL, may = NULL;
    g_autofree char *number = NULL;
    const struct fact_incident *got;
    gint64 id = 0, first, last;
    guint skipped = 0;

    i->unit = g_strdup("税务局");
    i->name = g_strdup("山火");
    i->day = DAY(3, 31);
    i->happened = at(DAY(3, 31), 22);
    MUST(reg_begin(f->reg, E));
    MUST(reg_incident_add(f->reg, i, &f->act, &id, &number, E));
    last = submit(f, DAY(4, 2), "税务局", 0);
    first = submit(f, DAY(3, 31), "税务局", 0);
    MUST(reg_submission_reports(f->reg, first, id, "初报", &f->act, E));
    MUST(reg_submission_reports(f->reg, last, id, "终报", &f->act, E));
    MUST(reg_commit(f->reg, E));
    april = facts_between(f, p, DAY(4, 1), DAY(4, 30), &skipped);
    g_assert_cmpuint(april->incidents->len, ==, 1);
    got = facts_incident(april, 0);
    g_assert_cmpint(got->unit, ==, 1);
    g_assert_cmpstr(got->name, ==, "山火");
    g_assert_cmpint(got->n_reports, ==, 2);
    g_assert_cmpstr(got->reports[0].stage, ==, "初报");
    g_assert_cmpint(got->reports[0].submission, ==, 1); /* 2019-0002 */
    g_assert_true(got->at == civil_time_at(&office, at(DAY(3, 31), 22)));
    may = facts_between(f, p, DAY(5, 1), DAY(5, 31), &skipped);
    g_assert_cmpuint(may->incidents->len + may->submissions->len, ==, 0);
}

static void
test_facts_unknown(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(pack) p = small_pack();
    g_autoptr(facts) all = NULL;
    guint skipped = 0;

    MUST(reg_begin(f->reg, E));
    submit(f, DAY(3, 5), "撤销的局", 0);
    mark(f, "没有的项", 1, NULL, DAY(3, 6));
    MUST(reg_commit(f->reg, E));
    all = facts_between(f, p, DAY(1, 1), DAY(12, 31), &skipped);
    g_assert_cmpuint(skipped, ==, 1);
    g_assert_cmpint(facts_submission(all, 0)->n_units, ==, 0);
    g_assert_cmpuint(all->marks->len, ==, 1); /* the score says of it */
}

/* ---- bulletins ---- */

static enum st
publish(struct fixture *f, const char *period, civil_day from, civil_day to,
        const char *scores, gint64 corrects, struct err *e)
{
    g_autoptr(reg_bulletin) b = reg_bulletin_new();
    g_autoptr(GBytes) bytes = g_bytes_new(scores, strlen(scores));
    gint64 id = 0;

    b->series = g_strdup("month");
    b->period = g_strdup(period);
    b->from = from;
    b->to = to;
    b->pack = g_strdup("tancheng-2019");
    b->scores = g_strdup(scores);
    b->corrects = corrects;
    g_ptr_array_add(b->files, reg_file_new("通报.xlsx", bytes));
    return reg_publish(f->reg, b, &f->act, &id, e);
}

static void
test_published(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_bulletin) march = NULL, before = NULL, none = NULL;
    g_autoptr(GBytes) file = NULL;
    gboolean published = FALSE;

    MUST(reg_begin(f->reg, E));
    MUST(publish(f, "2019-03", DAY(3, 1), DAY(3, 31), "first", 0, E));
    REFUSED(ST_REJECT, "is published",
            publish(f, "2019-03", DAY(3, 1), DAY(3, 31), "again", 0, E));
    REFUSED(ST_REJECT, "nothing to correct",
            publish(f, "2019-04", DAY(4, 1), DAY(4, 30), "x", 1, E));
    MUST(publish(f, "2019-03", DAY(3, 1), DAY(3, 31), "mended", 1, E));
    REFUSED(ST_REJECT, "is published", /* the first is corrected already */
            publish(f, "2019-03", DAY(3, 1), DAY(3, 31), "third", 1, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_published(f->reg, "month", "2019-03", &march, E));
    g_assert_cmpstr(march->scores, ==, "mended");
    g_assert_cmpint(march->corrects, ==, 1);
    MUST(reg_published_before(f->reg, "month", DAY(4, 1), &before, E));
    g_assert_cmpint(before->id, ==, march->id);
    MUST(reg_published_before(f->reg, "month", DAY(3, 31), &none, E));
    g_assert_null(none);
    MUST(reg_bulletin_file(f->reg, 1, "通报.xlsx", &file, E));
    g_assert_cmpuint(g_bytes_get_size(file), ==, 5);
    MUST(reg_published_day(f->reg, DAY(3, 15), &published, E));
    g_assert_true(published);
    MUST(reg_published_day(f->reg, DAY(4, 1), &published, E));
    g_assert_false(published);
}

static void
test_published_never_changes(void)
{
    static const char *const attempts[] = {
        "UPDATE bulletin SET scores = 'x'", "DELETE FROM bulletin",
        "UPDATE bulletin_file SET bytes = NULL", "DELETE FROM bulletin_file"};
    g_autoptr(fixture) f = fixture_new(REG_SERVE);

    MUST(reg_begin(f->reg, E));
    MUST(publish(f, "2019-03", DAY(3, 1), DAY(3, 31), "first", 0, E));
    MUST(reg_commit(f->reg, E));
    for (size_t i = 0; i < G_N_ELEMENTS(attempts); i++)
        REFUSED(ST_REJECT, "never changes", db_exec(f->reg, attempts[i], E));
}

/* ---- history ---- */

static void
write_history(struct fixture *f)
{
    MUST(reg_begin(f->reg, E));
    for (int i = 0; i < 5; i++)
        MUST(reg_history_add(f->reg, &f->act, "setting", "x", "a", "b", NULL,
                             E));
    MUST(reg_commit(f->reg, E));
}

static void
test_history(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(GPtrArray) of_x = NULL;
    const struct reg_change *c;

    write_history(f);
    MUST(reg_history_of(f->reg, "x", &of_x, E));
    g_assert_cmpuint(of_x->len, ==, 5);
    c = of_x->pdata[4];
    g_assert_cmpint(c->id, ==, 5);
    g_assert_cmpstr(c->by, ==, "王芳");
    g_assert_cmpstr(c->after, ==, "b");
    MUST(reg_history_verify(f->reg, E));
}

static void
test_history_append_only(void)
{
    static const char *const attempts[] = {
        "UPDATE history SET who = 'x'", "DELETE FROM history WHERE id = 5",
        "UPDATE history_words SET new = 'x'", "DELETE FROM history_words"};
    g_autoptr(fixture) f = fixture_new(REG_SERVE);

    write_history(f);
    for (size_t i = 0; i < G_N_ELEMENTS(attempts); i++)
        REFUSED(ST_REJECT, "append-only", db_exec(f->reg, attempts[i], E));
    MUST(reg_history_verify(f->reg, E));
}

static void
drop_triggers(struct fixture *f)
{
    MUST(db_exec(f->reg,
                 "DROP TRIGGER history_no_update;"
                 "DROP TRIGGER history_no_delete;"
                 "DROP TRIGGER history_words_no_update;"
                 "DROP TRIGGER history_words_no_delete",
                 E));
}

/* Somebody with the file and SQL of his own takes the triggers away. */
static void
test_history_tampered(void)
{
    static const char *const attempts[] = {
        "UPDATE history SET who = '李四' WHERE id = 3",
        "UPDATE history SET at = at + 1 WHERE id = 1",
        "UPDATE history_words SET new = 'c' WHERE change = 2",
        "UPDATE history_words SET old = NULL WHERE change = 2",
        "DELETE FROM history_words WHERE change = 4",
        "PRAGMA foreign_keys = OFF; DELETE FROM history WHERE id = 2",
        "DELETE FROM history_words WHERE change = 4;"
        "INSERT INTO history_purged VALUES (4, 5)"};

    for (size_t i = 0; i < G_N_ELEMENTS(attempts); i++) {
        g_autoptr(fixture) f = fixture_new(REG_SERVE);

        write_history(f);
        drop_triggers(f);
        MUST(reg_history_verify(f->reg, E));
        MUST(db_exec(f->reg, attempts[i], E));
        REFUSED(ST_REJECT, "tampered", reg_history_verify(f->reg, E));
    }
}

static char *
sql_text(struct fixture *f, const char *sql)
{
    g_autoptr(query) q = db_query(f->reg, sql);
    char *text = NULL;

    MUST(db_string(q, &text, E));
    return text;
}

/* He knows how a row is hashed, and puts its own hash right: it does not
 * belong before the next row any more. */
static void
test_history_forged_row(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *previous = NULL, *words = NULL, *hash = NULL, *sql = NULL;
    struct chain_link l = {3, NOW, "李四", 0, 0, "other", "x", 0, NULL};

    write_history(f);
    drop_triggers(f);
    previous = sql_text(f, "SELECT hash FROM history WHERE id = 2");
    l.words = words = sql_text(f, "SELECT words_hash FROM history "
                                  "WHERE id = 3");
    hash = chain_link(previous, &l);
    sql = g_strdup_printf("UPDATE history SET who = '李四', hash = '%s' "
                          "WHERE id = 3",
                          hash);
    MUST(db_exec(f->reg, sql, E));
    REFUSED(ST_REJECT, "change 4", reg_history_verify(f->reg, E));
}

/* Words with a hash that fits them do not belong to their row. */
static void
test_history_forged_words(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *salt = NULL, *hash = NULL, *sql = NULL;

    write_history(f);
    drop_triggers(f);
    salt = sql_text(f, "SELECT salt FROM history_words WHERE change = 3");
    hash = chain_words(salt, "a", "c", "setting");
    sql = g_strdup_printf("UPDATE history_words SET new = 'c' WHERE change = 3;"
                          "UPDATE history SET words_hash = '%s' WHERE id = 3",
                          hash);
    MUST(db_exec(f->reg, sql, E));
    REFUSED(ST_REJECT, "change 3", reg_history_verify(f->reg, E));
}

int
main(int argc, char **argv)
{
    int failed;

    office.zone = g_time_zone_new_identifier("Asia/Shanghai");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/register/commission/answers", test_commission);
    g_test_add_func("/register/commission/listed", test_commissions_listed);
    g_test_add_func("/register/incident/reports", test_incident);
    g_test_add_func("/register/facts/all", test_facts);
    g_test_add_func("/register/facts/hang-together", test_facts_hang_together);
    g_test_add_func("/register/facts/incident", test_facts_incident);
    g_test_add_func("/register/facts/unknown", test_facts_unknown);
    g_test_add_func("/register/publish/published", test_published);
    g_test_add_func("/register/publish/never-changes",
                    test_published_never_changes);
    g_test_add_func("/register/history/written", test_history);
    g_test_add_func("/register/history/append-only", test_history_append_only);
    g_test_add_func("/register/history/tampered", test_history_tampered);
    g_test_add_func("/register/history/forged-row", test_history_forged_row);
    g_test_add_func("/register/history/forged-words",
                    test_history_forged_words);
    failed = g_test_run();
    g_time_zone_unref(office.zone);
    return failed;
}

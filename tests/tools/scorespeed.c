/* scorespeed PACK [UNITS MARKS] - how long a year of an office takes to be
 * scored, beside reading the same facts out of SQLite (from memory, as bare
 * tables), by turns; and what a mark costs beside a year of a quarter of them.
 *
 * Every unit of a drawn roster sends submissions all year; every submission
 * gets some marks.  Prints one JSON object: medians of CPU time.  Ends with 1
 * when scoring takes longer than ten readings, or a mark costs half as much
 * again in the larger year. */
#include "pack/load.h"
#include "rules/score.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 5 };

struct size {
    int units, marks;
};

static void
die(const char *text)
{
    fprintf(stderr, "scorespeed: %s\n", text);
    exit(1);
}

/* Of this process: what others do on the machine does not count. */
static double
cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Units beyond those that the pack brings, over all classes. */
static void
fill_roster(struct pack *p, int units)
{
    int classes = (int)p->roster->classes->len;

    for (int i = (int)p->roster->units->len; i < units; i++) {
        g_autofree char *name = g_strdup_printf("单位%04d", i);
        struct unit *u = roster_add(p->roster, name, name);
        struct class_span span = {DAY_FIRST, i % classes};

        g_array_append_val(u->classes, span);
    }
}

static GPtrArray *
desk_items(const struct pack *p)
{
    GPtrArray *out = g_ptr_array_new();

    for (guint i = 0; i < p->items->len; i++)
        if (pack_item(p, (int)i)->when == WHEN_MARKED)
            g_ptr_array_add(out, pack_item(p, (int)i)->name);
    return out;
}

static void
add_submission(struct facts *f, const struct pack *p, GRand *rand, int n,
               int units)
{
    g_autofree char *number = g_strdup_printf("2019-%06d", n);
    int unit = g_rand_int_range(rand, 0, units);
    civil_day day = p->effective + g_rand_int_range(rand, 0, 300);
    struct fact_submission s = {.id = n,
                                .number = number,
                                .day = day,
                                .received = civil_time_end(day),
                                .units = &unit,
                                .n_units = 1,
                                .form = -1,
                                .words = 300,
                                .commission = -1};

    facts_add_submission(f, &s);
}

static struct facts *
draw(const struct pack *p, struct size size)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(2019);
    g_autoptr(GPtrArray) items = desk_items(p);
    struct facts *f = facts_new();
    int submissions = size.marks / 3;

    for (int i = 0; i < submissions; i++)
        add_submission(f, p, rand, i, size.units);
    for (int i = 0; i < size.marks; i++) {
        int of = g_rand_int_range(rand, 0, submissions);
        struct fact_mark m = {
            .id = i + 1,
            .item = items->pdata[g_rand_int_range(rand, 0, (int)items->len)],
            .day = facts_submission(f, of)->day + g_rand_int_range(rand, 0, 60),
            .submission = of,
            .unit = -1,
            .quantity = DECIMAL_ONE,
            .by = "王芳"};

        facts_add_mark(f, &m);
    }
    return f;
}

/* ---- the same facts in SQLite ---- */

static void
sql(sqlite3 *db, const char *text)
{
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
        die(sqlite3_errmsg(db));
}

static void
store(sqlite3 *db, const struct facts *f)
{
    sqlite3_stmt *st;

    sql(db, "BEGIN; CREATE TABLE submission(id INTEGER PRIMARY KEY, number "
            "TEXT, day INT, unit INT, words INT); CREATE TABLE mark(id INTEGER "
            "PRIMARY KEY, submission INT, item TEXT, day INT, quantity INT, "
            "staff TEXT)");
    sqlite3_prepare_v2(db, "INSERT INTO submission VALUES(?1,?2,?3,?4,?5)", -1,
                       &st, NULL);
    for (int i = 0; i < (int)f->submissions->len; i++) {
        const struct fact_submission *s = facts_submission(f, i);

        sqlite3_bind_int(st, 1, i);
        sqlite3_bind_text(st, 2, s->number, -1, SQLITE_STATIC);
        sqlite3_bind_int(st, 3, s->day);
        sqlite3_bind_int(st, 4, s->units[0]);
        sqlite3_bind_int(st, 5, s->words);
        sqlite3_step(st);
        sqlite3_reset(st);
    }
    sqlite3_finalize(st);
    sqlite3_prepare_v2(db, "INSERT INTO mark VALUES(?1,?2,?3,?4,?5,?6)", -1,
                       &st, NULL);
    for (int i = 0; i < (int)f->marks->len; i++) {
        const struct fact_mark *m = facts_mark(f, i);

        sqlite3_bind_int64(st, 1, m->id);
        sqlite3_bind_int(st, 2, m->submission);
        sqlite3_bind_text(st, 3, m->item, -1, SQLITE_STATIC);
        sqlite3_bind_int(st, 4, m->day);
        sqlite3_bind_int64(st, 5, m->quantity);
        sqlite3_bind_text(st, 6, m->by, -1, SQLITE_STATIC);
        sqlite3_step(st);
        sqlite3_reset(st);
    }
    sqlite3_finalize(st);
    sql(db, "COMMIT");
}

static gint64
read_out(sqlite3 *db, const char *text)
{
    sqlite3_stmt *st;
    gint64 bytes = 0;

    if (sqlite3_prepare_v2(db, text, -1, &st, NULL) != SQLITE_OK)
        die(sqlite3_errmsg(db));
    while (sqlite3_step(st) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(st); i++)
            bytes +=
                sqlite3_column_type(st, i) == SQLITE_TEXT
                    ? (gint64)strlen((const char *)sqlite3_column_text(st, i))
                    : sqlite3_column_int64(st, i) & 1;
    sqlite3_finalize(st);
    return bytes;
}

static double
time_reading(sqlite3 *db)
{
    double start = cpu_seconds();

    read_out(db, "SELECT * FROM submission ORDER BY id");
    read_out(db, "SELECT * FROM mark ORDER BY id");
    return cpu_seconds() - start;
}

static double
time_scoring(const struct pack *p, const struct facts *f)
{
    g_autoptr(score) s = NULL;
    struct err e = ERR_INIT;
    double start = cpu_seconds();

    if (score_new(p, f, p->effective + 365, &s, &e) != ST_OK)
        die(e.text);
    return cpu_seconds() - start;
}

/* ---- both, by turns ---- */

struct timing { /* medians */
    double score, read, ratio;
};

static int
compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double
median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, compare_doubles);
    return values[ROUNDS / 2];
}

static struct timing
measure(struct pack *p, struct size size)
{
    g_autoptr(facts) f = draw(p, size);
    double scored[ROUNDS], read[ROUNDS], ratio[ROUNDS];
    sqlite3 *db;

    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        die("no SQLite");
    store(db, f);
    for (int i = 0; i < ROUNDS; i++) {
        scored[i] = time_scoring(p, f);
        read[i] = time_reading(db);
        ratio[i] = scored[i] / read[i];
    }
    sqlite3_close(db);
    return (struct timing){median(scored), median(read), median(ratio)};
}

int
main(int argc, char **argv)
{
    struct size size = {2000, 200000}, quarter;
    struct pack *p = NULL;
    struct err e = ERR_INIT;
    struct timing all, some;
    double growth;

    if (argc != 2 && argc != 4)
        die("usage: scorespeed PACK [UNITS MARKS]");
    if (argc == 4) {
        size.units = (int)g_ascii_strtoll(argv[2], NULL, 10);
        size.marks = (int)g_ascii_strtoll(argv[3], NULL, 10);
    }
    if (pack_load(argv[1], &p, &e) != ST_OK)
        die(e.text);
    fill_roster(p, size.units);
    quarter = (struct size){size.units, size.marks / 4};
    some = measure(p, quarter);
    all = measure(p, size);
    growth = all.score / size.marks / (some.score / quarter.marks);
    printf("{\"pack\": \"%s\", \"units\": %d, \"marks\": %d, \"score_s\": "
           "%.3f, \"read_s\": %.3f, \"ratio\": %.1f, \"us_a_mark\": %.2f, "
           "\"growth\": %.2f}\n",
           p->id, size.units, size.marks, all.score, all.read, all.ratio,
           all.score * 1e6 / size.marks, growth);
    pack_free(p);
    return all.ratio <= 10 && growth <= 1.5 ? 0 : 1;
}

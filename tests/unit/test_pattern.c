/* Regular expressions of our own, and what lines that were made to hurt cost
 * the functions that look for something in them. */
#include "base/pattern.h"
#include "desk/asking.h"
#include "desk/when.h"
#include "rules/orders.h"
#include "rules/registration.h"
#include "unit/cpu_time.h"

#include <string.h>

static void
test_groups(void)
{
    static struct pattern day =
        PATTERN("(?J)(?<y>[0-9]{4})年|(?<m>[0-9]+)月(?<d>[0-9]+)?");
    static const char text[] = "于2019年3月12日";
    struct pattern_hit hit;
    g_autofree char *y = NULL, *m = NULL, *d = NULL, *none = NULL;

    g_assert_true(pattern_find(&day, text, 0, &hit));
    y = pattern_named(&hit, "y");
    none = pattern_named(&hit, "m");
    g_assert_cmpint(hit.start[0], ==, strlen("于"));
    g_assert_cmpint(hit.start[2], ==, -1);
    g_assert_true(pattern_find(&day, text, (size_t)hit.end[0], &hit));
    m = pattern_group(&hit, 2);
    d = pattern_named(&hit, "d");
    g_assert_cmpstr(y, ==, "2019");
    g_assert_cmpstr(none, ==, "");
    g_assert_cmpstr(m, ==, "3");
    g_assert_cmpstr(d, ==, "12");
    g_assert_false(pattern_find(&day, text, (size_t)hit.end[0], &hit));
    g_assert_cmpint(hit.start[3], >, 0); /* untouched */
}

/* Of two groups with one name, the one that took part. */
static void
test_same_name(void)
{
    static struct pattern p = PATTERN("(?J)^(?:甲(?<n>[0-9])|乙(?<n>[0-9]))$");
    struct pattern_hit hit;
    g_autofree char *n = NULL;

    g_assert_true(pattern_find(&p, "乙7", 0, &hit));
    n = pattern_named(&hit, "n");
    g_assert_cmpstr(n, ==, "7");
}

static void
test_characters(void)
{
    static struct pattern blank = PATTERN("^\\s+$"),
                          han = PATTERN("^\\p{Han}$"), word = PATTERN("^\\w$"),
                          end = PATTERN("a$");

    g_assert_true(pattern_matches(&blank, " \t　\xC2\xA0"));
    g_assert_true(pattern_matches(&han, "约"));
    g_assert_true(pattern_matches(&word, "约"));
    g_assert_false(pattern_matches(&han, "a"));
    g_assert_true(pattern_matches(&end, "ba"));
    g_assert_false(pattern_matches(&end, "ba\n"));
}

static void
test_split(void)
{
    static struct pattern p = PATTERN("[,，]\\s*");
    g_auto(GStrv) pieces = pattern_split(&p, ",甲， 乙,,丙");
    g_auto(GStrv) whole = pattern_split(&p, "甲乙");
    g_autofree char *joined = g_strjoinv("|", pieces);
    g_autofree char *other = pattern_replace(&p, "甲, 乙，", "和");

    g_assert_cmpstr(joined, ==, "|甲|乙||丙");
    g_assert_cmpuint(g_strv_length(whole), ==, 1);
    g_assert_cmpstr(other, ==, "甲和乙和");
}

/* ---- lines made to hurt ---- */

static char *
repeated(const char *begin, const char *what, size_t bytes, const char *end)
{
    GString *out = g_string_new(begin);

    while (out->len < bytes)
        g_string_append(out, what);
    return g_string_free(g_string_append(out, end), FALSE);
}

/* What would be tried in 2^60 ways is given up after PATTERN_STEPS. */
static void
test_steps(void)
{
    static struct pattern p = PATTERN("^(?:a+)+$");
    g_autofree char *few = repeated("", "a", 60, "");
    g_autofree char *evil = repeated("", "a", 60, "b");
    gint64 begin = cpu_time();

    g_assert_true(pattern_matches(&p, few));
    g_assert_false(pattern_matches(&p, evil));
    g_assert_cmpint(cpu_time() - begin, <, G_USEC_PER_SEC);
}

static void
test_bytes(void)
{
    static struct pattern p = PATTERN("a");
    g_autofree char *most = repeated("a", "b", PATTERN_BYTES, "");
    g_autofree char *more = repeated("a", "b", PATTERN_BYTES + 1, "");

    g_assert_true(pattern_matches(&p, most));
    g_assert_false(pattern_matches(&p, more));
}

static void
read_as_all(const char *line)
{
    g_autofree char *bare = orders_bare(line);
    g_autoptr(asking) a = asking_new(line);
    g_autoptr(reading) r = reading_new();
    g_autofree char *code = NULL;
    struct clock clock = {.zone = g_time_zone_new_utc()};
    gint64 at;

    r->subject = g_strdup(line);
    code = orders_code(r);
    g_assert_null(code);
    g_assert_false(orders_is_command(line) || orders_is_query(line));
    g_assert_false(orders_is_slip(line) || registration_is_line(line));
    g_assert_false(when_parse(line, &clock, TRUE, &at));
    g_time_zone_unref(clock.zone);
}

/* Quadratic work, over a megabyte, takes hours; a service has no machine
 * code of patterns to make it less. */
static void
test_hostile_lines(void)
{
    static const char *const lines[][3] = {
        {"x", " ", "x"},         {"x", "　", "x"},     {"1.", " ", "x"},
        {"；", " ", "x"},        {"x", "； ", "x"},    {"截", " ", "x"},
        {"3月", " ", "x"},       {"确认码", " ", "x"}, {"", "-", "x"},
        {"x", "截止时间 ", "x"}, {"x", "(", "x"},      {"x", "1", "x"}};
    static const size_t sizes[] = {1000, PATTERN_BYTES - 100, 256 << 10};
    gint64 begin = cpu_time();

    for (gsize n = 0; n < G_N_ELEMENTS(lines); n++)
        for (gsize s = 0; s < G_N_ELEMENTS(sizes); s++) {
            g_autofree char *line =
                repeated(lines[n][0], lines[n][1], sizes[s], lines[n][2]);

            g_test_message("%s%s...%s: %zu", lines[n][0], lines[n][1],
                           lines[n][2], sizes[s]);
            read_as_all(line);
        }
    g_assert_cmpint(cpu_time() - begin, <, 30 * G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pattern/groups", test_groups);
    g_test_add_func("/pattern/same-name", test_same_name);
    g_test_add_func("/pattern/characters", test_characters);
    g_test_add_func("/pattern/split", test_split);
    g_test_add_func("/pattern/steps-E13", test_steps);
    g_test_add_func("/pattern/bytes-E13", test_bytes);
    g_test_add_func("/pattern/hostile-lines-E13", test_hostile_lines);
    return g_test_run();
}

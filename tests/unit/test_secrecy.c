/* Markings of state secrecy: two sets written for it, and the rules that
 * tell them apart one by one. */
#include "draft/secrecy.h"
#include "unit/marks_file.h"

#include <locale.h>
#include <string.h>

static const char *
level_of(const char *text, enum secrecy_place place)
{
    return secrecy_name(secrecy_find(text, place));
}

static void
test_positive(void)
{
    int lines;

    g_assert_cmpint(
        count_wrong("tests/data/secrecy/positive.tsv", level_of, &lines), ==,
        0);
    g_assert_cmpint(lines, >=, 200);
}

static void
test_negative(void)
{
    int lines;

    g_assert_cmpint(
        count_wrong("tests/data/secrecy/negative.tsv", level_of, &lines), ==,
        0);
    g_assert_cmpint(lines, >=, 200);
}

/* The highest level counts, and only the first page for weak forms. */
static void
test_extent(void)
{
    g_autofree char *page = g_strnfill(7000, 'x');
    g_autofree char *weak = g_strconcat(page, "\n机密\n", NULL);
    g_autofree char *strong = g_strconcat(page, "\n机密★5年\n", NULL);
    g_autofree char *spoken = g_strconcat(page, "\n机密★5年某件\n", NULL);

    g_assert_cmpint(secrecy_find("秘密★1年\n绝密★长期", PLACE_DRAFT), ==,
                    SECRECY_TOP);
    g_assert_cmpint(secrecy_find(weak, PLACE_DRAFT), ==, SECRECY_NONE);
    g_assert_cmpint(secrecy_find(weak, PLACE_MARGINS), ==,
                    SECRECY_CONFIDENTIAL);
    g_assert_cmpint(secrecy_find(strong, PLACE_DRAFT), ==,
                    SECRECY_CONFIDENTIAL);
    g_assert_cmpint(secrecy_find(spoken, PLACE_DRAFT), ==, SECRECY_NONE);
}

/* Disguises that a reader does not see, and hostile lengths. */
static void
test_disguise(void)
{
    g_autofree char *stars = g_strnfill(100000, '*');
    g_autofree char *many = g_strconcat("秘密", stars, NULL);
    g_autofree char *long_line = g_strnfill(1000000, ' ');

    g_assert_cmpint(secrecy_find("机\xE2\x80\x8B密★5年", PLACE_DRAFT), ==,
                    SECRECY_CONFIDENTIAL);
    g_assert_cmpint(secrecy_find("\xE2\x80\xAE机密★5年", PLACE_BODY), ==,
                    SECRECY_CONFIDENTIAL);
    g_assert_cmpint(secrecy_find(many, PLACE_BODY), ==, SECRECY_NONE);
    g_assert_cmpint(secrecy_find(long_line, PLACE_BODY), ==, SECRECY_NONE);
    g_assert_cmpint(secrecy_find(NULL, PLACE_BODY), ==, SECRECY_NONE);
    g_assert_cmpint(secrecy_find("", PLACE_SUBJECT), ==, SECRECY_NONE);
    g_assert_cmpint(secrecy_find("密", PLACE_SUBJECT), ==, SECRECY_NONE);
}

int
main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/secrecy/positive", test_positive);
    g_test_add_func("/secrecy/negative", test_negative);
    g_test_add_func("/secrecy/extent", test_extent);
    g_test_add_func("/secrecy/disguise", test_disguise);
    return g_test_run();
}

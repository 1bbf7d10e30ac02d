/* A line of the log: what strangers wrote cannot end it, look like another of
 * its fields, or do something to the terminal that shows it. */
#include "base/log.h"

#include <string.h>

static void
test_escape(void)
{
    static const struct {
        const char *value, *escaped;
    } cases[] = {
        {"财政局", "财政局"},
        {"", "\"\""},
        {"a b", "\"a b\""},
        {"x event=sent", "\"x event=sent\""},
        {"a=b", "\"a=b\""},
        {"say \"no\"", "\"say \\\"no\\\"\""},
        {"a\\", "\"a\\\\\""},
        {"a\nerror event=forged", "\"a\\u{a}error event=forged\""},
        {"a\r\x1b[2J", "\"a\\u{d}\\u{1b}[2J\""},
        {"\xC2\x9b"
         "31m",
         "\"\\u{9b}31m\""},
        {"甲\u202etxt.exe", "\"甲\\u{202e}txt.exe\""},
        {"a\u2028error event=forged", "\"a\\u{2028}error event=forged\""},
        {"甲\u3164乙", "\"甲\\u{3164}乙\""},
        {"\xFF", "\uFFFD"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *escaped = log_escape(cases[i].value);

        g_assert_cmpstr(escaped, ==, cases[i].escaped);
    }
}

/* However long it is, one line stays one that can be read. */
static void
test_cut(void)
{
    g_autoptr(GString) s = g_string_new(NULL);

    for (int i = 0; i < 100000; i++)
        g_string_append(s, i % 2 ? "甲" : "\n");
    for (gsize at = 0; at < 2; at++) {
        g_autofree char *escaped = log_escape(s->str);

        g_assert_cmpuint(strlen(escaped), <, 4000);
        g_string_assign(s, ""); /* the same without anything to escape */
        for (int i = 0; i < 100000; i++)
            g_string_append(s, "甲");
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/log/escape", test_escape);
    g_test_add_func("/log/cut", test_cut);
    return g_test_run();
}

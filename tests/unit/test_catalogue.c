/* The office's texts: complete, filled rightly, and found wrong when they
 * are. */
#include "reply/catalogue.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *
templates(void)
{
    return "templates";
}

static struct catalogue *
load(void)
{
    struct err e = ERR_INIT;
    struct catalogue *c = NULL;
    enum st st = catalogue_load(templates(), NULL, &c, &e);

    g_assert_cmpstr(e.text, ==, "");
    g_assert_cmpint(st, ==, ST_OK);
    return c;
}

static gboolean
printable(const char *text)
{
    return g_utf8_validate(text, -1, NULL) && !strstr(text, "{{") &&
           !strstr(text, "}}");
}

/* Every letter can be filled with its samples, and with nothing. */
static void
test_letters(void)
{
    g_autoptr(catalogue) c = load();
    g_autoptr(value) nothing = value_map();

    for (int i = 0; i < LETTER_COUNT; i++) {
        const struct value *facts[] = {catalogue_sample(c, (enum letter)i),
                                       nothing};

        for (int j = 0; j < 2; j++) {
            struct err e = ERR_INIT;
            struct letter_text t = {NULL, NULL, NULL};

            g_test_message("%s", letter_name((enum letter)i));
            g_assert_cmpint(
                catalogue_write(c, (enum letter)i, facts[j], &t, &e), ==,
                ST_OK);
            g_assert_cmpstr(t.subject, !=, "");
            g_assert_null(strchr(t.subject, '\n'));
            g_assert_true(printable(t.text));
            g_assert_true(!t.html || printable(t.html));
            g_assert_cmpuint(strlen(t.text), <=, LETTER_TEXT_BYTES);
            letter_text_clear(&t);
        }
    }
}

static void
test_names(void)
{
    for (int i = 0; i < LETTER_COUNT; i++) {
        enum letter back = LETTER_COUNT;

        g_assert_true(letter_parse(letter_name((enum letter)i), &back));
        g_assert_cmpint(back, ==, i);
    }
    g_assert_false(letter_parse("reciept", &(enum letter){LETTER_COUNT}));
}

/* Every reason code has its words, with facts and without. */
static void
test_reasons(void)
{
    g_autoptr(catalogue) c = load();

    for (int i = 0; i < REASON_COUNT; i++) {
        struct reason_list one = {1, {(enum reason)i}};
        g_autoptr(value) list =
            catalogue_reasons(c, &one, NULL, REASON_FOR_DESK);
        const struct value *item = value_at(list, 0);

        g_test_message("%s", reason_name((enum reason)i));
        g_assert_cmpuint(value_length(list), ==, 1);
        g_assert_cmpstr(value_get_text(value_get(item, "code")), ==,
                        reason_name((enum reason)i));
        g_assert_true(value_truth(value_get(item, "short")));
        g_assert_true(value_truth(value_get(item, "what")));
    }
}

/* What a sender can mend says how; a return with such a reason is never
 * empty. */
static void
test_returns_say_what_to_do(void)
{
    g_autoptr(catalogue) c = load();

    for (int i = REASON_NO_TITLE; i <= REASON_INCOMPLETE; i++) {
        struct reason_list one = {1, {(enum reason)i}};
        g_autoptr(value) list =
            catalogue_reasons(c, &one, NULL, REASON_FOR_SENDER);

        g_test_message("%s", reason_name((enum reason)i));
        g_assert_cmpuint(value_length(list), ==, 1);
    }
}

static void
test_reader(void)
{
    g_autoptr(catalogue) c = load();
    struct reason_list list = {2, {REASON_SIMILAR, REASON_TOO_LONG}};
    g_autoptr(value) facts = value_map();
    g_autoptr(value) sender = NULL, desk = NULL;

    value_set_text(facts, "words", "523");
    value_set_text(facts, "limit", "400");
    value_set_text(facts, "category", "一般性信息");
    sender = catalogue_reasons(c, &list, facts, REASON_FOR_SENDER);
    desk = catalogue_reasons(c, &list, facts, REASON_FOR_DESK);
    g_assert_cmpuint(value_length(sender), ==, 1);
    g_assert_cmpuint(value_length(desk), ==, 2);
    g_assert_cmpstr(value_get_text(value_get(value_at(sender, 0), "what")), ==,
                    "稿件523字，一般性信息原则上控制在400字以内。");
}

static struct letter_text
write_return(const struct catalogue *c, const struct value *facts)
{
    struct err e = ERR_INIT;
    struct letter_text t = {NULL, NULL, NULL};

    g_assert_cmpint(catalogue_write(c, LETTER_RETURN, facts, &t, &e), ==,
                    ST_OK);
    return t;
}

/* Every reason at once, and a subject to copy with the gaps marked. */
static void
test_return(void)
{
    g_autoptr(catalogue) c = load();
    g_autoptr(value) facts = value_map();
    struct reason_list list = {2, {REASON_NO_PHONE, REASON_NO_DRAFT}};
    struct letter_text t;

    catalogue_set_office(c, "某县人民政府办公室", "6100000", "x@example.cn");
    value_set_text(facts, "title", "春耕");
    value_set_text(facts, "unit", "县农业农村局");
    value_set_text(facts, "submitter", "李强");
    value_set_text(facts, "commission", "2019-05");
    value_set(facts, "reasons",
              catalogue_reasons(c, &list, NULL, REASON_FOR_SENDER));
    t = write_return(c, facts);
    g_assert_cmpstr(t.subject, ==, "退回补正：春耕");
    g_assert_nonnull(strstr(t.text, "● 缺联系电话。"));
    g_assert_nonnull(strstr(t.text, "● 缺稿件。"));
    g_assert_nonnull(strstr(
        t.text, "\n[约稿2019-05] 春耕-县农业农村局-李强-【联系电话】\n"));
    g_assert_nonnull(
        strstr(t.text, "\n某县人民政府办公室\n\n（联系电话：6100000）\n"));
    g_assert_nonnull(strstr(t.html, "【联系电话】\n</p>"));
    letter_text_clear(&t);
}

/* B4, B9: what comes from mails cannot make a line, a tag or turn the
 * direction of writing. */
static void
test_hostile_facts(void)
{
    g_autoptr(catalogue) c = load();
    g_autoptr(value) facts = value_map();
    struct letter_text t;

    value_set_text(facts, "title", "a\r\nBcc: x@y\u202e<script>{{office}}");
    t = write_return(c, facts);
    g_assert_cmpstr(t.subject, ==, "退回补正：a Bcc: x@y<script>{{office}}");
    g_assert_nonnull(strstr(t.html, "a Bcc: x@y&lt;script&gt;{{office}}"));
    g_assert_null(strstr(t.text, "\u202e"));
    letter_text_clear(&t);
}

/* B7: a letter to a sender stays small whatever is in it. */
static void
test_size(void)
{
    g_autoptr(catalogue) c = load();
    g_autoptr(value) facts = value_map();
    g_autoptr(GString) title = g_string_new(NULL);
    struct value *reasons = value_list();
    struct letter_text t;

    for (int i = 0; i < 9000; i++)
        g_string_append(title, "题");
    value_set_text(facts, "title", title->str);
    for (int i = 0; i < 32; i++) {
        struct value *r = value_map();

        value_set_text(r, "what", title->str);
        value_append(reasons, r);
    }
    value_set(facts, "reasons", reasons);
    t = write_return(c, facts);
    g_assert_cmpuint(strlen(t.text), <=, LETTER_TEXT_BYTES);
    g_assert_true(g_utf8_validate(t.text, -1, NULL));
    g_assert_nonnull(strstr(t.text, "以下从略"));
    g_assert_null(t.html);
    letter_text_clear(&t);
}

static void
test_undeclared(void)
{
    g_autoptr(catalogue) c = load();
    g_autoptr(value) facts = value_map();
    struct value *notes = value_list(), *note = value_map();
    struct letter_text t = {NULL, NULL, NULL};
    struct err e = ERR_INIT;

    value_set_text(note, "waht", "x");
    value_append(notes, note);
    value_set(facts, "notes", notes);
    g_assert_cmpint(catalogue_write(c, LETTER_RECEIPT, facts, &t, &e), ==,
                    ST_FATAL);
    g_assert_nonnull(strstr(e.text, "\"waht\""));
    g_assert_null(t.text);
}

/* ---- an office's own texts ---- */

static void
expect_own(const char *name, const char *content, const char *complaint)
{
    g_autofree char *dir = g_dir_make_tmp("baosong-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autoptr(catalogue) c = NULL;
    struct err e = ERR_INIT;
    enum st st;

    g_assert_true(g_file_set_contents(path, content, -1, NULL));
    st = catalogue_load(templates(), dir, &c, &e);
    g_assert_cmpint(st, ==, complaint ? ST_REJECT : ST_OK);
    if (complaint && !strstr(e.text, complaint))
        g_error("got: %s", e.text);
    g_unlink(path);
    g_rmdir(dir);
}

static void
test_own_texts(void)
{
    expect_own("held.txt.mustache", "Subject: 收到\n{{subject}}\n", NULL);
    expect_own("held.txt.mustache", "Subject: 收到\n{{subjekt}}\n",
               "/held.txt.mustache:2:1: unknown name \"subjekt\", did you "
               "mean \"subject\"?");
    expect_own("held.txt.mustache", "收到\n",
               "the first line behind the comment must begin with");
    expect_own("held.html.mustache", "<p>{{#subject}}</p>",
               ":1:4: section {{#subject}} is not closed");
    expect_own("reciept.txt.mustache", "Subject: x\n",
               "did you mean \"receipt\"?");
    expect_own("held.txt.mustache", "Subject: \xB1\xA8\n",
               "not a text in UTF-8");
    expect_own("reasons.ini", "[no-title]\nshort=缺题目\n", NULL);
    expect_own("reasons.ini", "[no-title]\ndo={{wrods}}\n",
               "reasons.ini [no-title] do:1:1: unknown name \"wrods\", did "
               "you mean \"words\"?");
    expect_own("reasons.ini", "[no-titel]\nshort=x\n",
               "unknown key \"short\" in [no-titel], did you mean "
               "\"no-title.short\"?");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/catalogue/letters", test_letters);
    g_test_add_func("/catalogue/names", test_names);
    g_test_add_func("/catalogue/reasons", test_reasons);
    g_test_add_func("/catalogue/returns-say-what-to-do",
                    test_returns_say_what_to_do);
    g_test_add_func("/catalogue/reader", test_reader);
    g_test_add_func("/catalogue/return", test_return);
    g_test_add_func("/catalogue/B4-B9-hostile-facts", test_hostile_facts);
    g_test_add_func("/catalogue/B7-size", test_size);
    g_test_add_func("/catalogue/undeclared", test_undeclared);
    g_test_add_func("/catalogue/own-texts", test_own_texts);
    return g_test_run();
}

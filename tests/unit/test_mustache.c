/* Mustache: the behaviour that the specification demands, module by module,
 * and what is said about a template that is wrong. */
#include "reply/mustache.h"

#include <json-glib/json-glib.h>

static struct value *
from_json(JsonNode *node)
{
    struct value *v;

    if (JSON_NODE_HOLDS_ARRAY(node)) {
        JsonArray *array = json_node_get_array(node);

        v = value_list();
        for (guint i = 0; i < json_array_get_length(array); i++)
            value_append(v, from_json(json_array_get_element(array, i)));
        return v;
    }
    if (JSON_NODE_HOLDS_OBJECT(node)) {
        JsonObjectIter iter;
        const char *key;
        JsonNode *item;

        v = value_map();
        json_object_iter_init(&iter, json_node_get_object(node));
        while (json_object_iter_next(&iter, &key, &item))
            value_set(v, key, from_json(item));
        return v;
    }
    if (JSON_NODE_HOLDS_NULL(node))
        return value_bool(FALSE);
    if (json_node_get_value_type(node) == G_TYPE_BOOLEAN)
        return value_bool(json_node_get_boolean(node));
    return value_text(json_node_get_string(node));
}

static struct value *
facts(const char *json)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) node = json_from_string(json, &error);

    g_assert_no_error(error);
    return from_json(node);
}

struct spec_case {
    const char *name;
    const char *template;
    const char *data;
    const char *expected;
    const char *partials; /* JSON object, or NULL */
};

static const struct spec_case interpolation[] = {
    {"no tags", "Hello from {Mustache}!\n", "{}", "Hello from {Mustache}!\n",
     NULL},
    {"unknown charset", "标题：{{t}}。", "{\"t\":\"春耕\"}", "标题：春耕。",
     NULL},
    {"basic", "Hello, {{subject}}!", "{\"subject\":\"world\"}", "Hello, world!",
     NULL},
    {"no re-interpolation", "{{a}}: {{b}}", "{\"a\":\"{{b}}\",\"b\":\"{{a}}\"}",
     "{{b}}: {{a}}", NULL},
    {"escaping", "{{x}}", "{\"x\":\"& \\\" < > '\"}",
     "&amp; &quot; &lt; &gt; &#39;", NULL},
    {"triple", "{{{x}}}", "{\"x\":\"& \\\" < >\"}", "& \" < >", NULL},
    {"ampersand", "{{&x}}", "{\"x\":\"& \\\" < >\"}", "& \" < >", NULL},
    {"missing", "I ({{cannot}}) be seen!", "{}", "I () be seen!", NULL},
    {"missing triple", "({{{cannot}}})", "{}", "()", NULL},
    {"dotted", "{{a.b.c}} == {{#a}}{{#b}}{{c}}{{/b}}{{/a}}",
     "{\"a\":{\"b\":{\"c\":\"x\"}}}", "x == x", NULL},
    {"dotted, arbitrary depth", "{{a.b.c.d.e.name}}",
     "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"name\":\"Phil\"}}}}}}", "Phil",
     NULL},
    {"dotted, broken chain", "[{{a.b.c}}]", "{\"a\":{}}", "[]", NULL},
    {"dotted, broken chain does not fall back", "[{{a.b.c.name}}]",
     "{\"a\":{\"b\":{}},\"c\":{\"name\":\"Jim\"}}", "[]", NULL},
    {"dotted, first part through the context", "{{#a}}{{b.c.name}}{{/a}}",
     "{\"a\":{\"b\":{\"c\":{\"name\":\"Phil\"}}},"
     "\"b\":{\"c\":{\"name\":\"Wrong\"}}}",
     "Phil", NULL},
    {"dotted, context precedence", "[{{#a}}{{b.c}}{{/a}}]",
     "{\"a\":{\"b\":{}},\"b\":{\"c\":\"ERROR\"}}", "[]", NULL},
    {"implicit iterator", "{{#list}}({{.}}){{/list}}",
     "{\"list\":[\"a\",\"&\"]}", "(a)(&amp;)", NULL},
    {"implicit iterator raw", "{{#list}}({{{.}}}{{&.}}){{/list}}",
     "{\"list\":[\"&\"]}", "(&&)", NULL},
    {"surrounding white space", "| {{s}} |", "{\"s\":\"---\"}", "| --- |",
     NULL},
    {"not standalone", "  {{s}}\n", "{\"s\":\"---\"}", "  ---\n", NULL},
    {"triple not standalone", "  {{{s}}}\n", "{\"s\":\"---\"}", "  ---\n",
     NULL},
    {"padding", "|{{ s }}{{{ s }}}{{& s }}|", "{\"s\":\"-\"}", "|---|", NULL},
};

static const struct spec_case sections[] = {
    {"truthy", "\"{{#b}}shown{{/b}}\"", "{\"b\":true}", "\"shown\"", NULL},
    {"falsey", "\"{{#b}}shown{{/b}}\"", "{\"b\":false}", "\"\"", NULL},
    {"null", "\"{{#b}}shown{{/b}}\"", "{\"b\":null}", "\"\"", NULL},
    {"missing", "\"{{#b}}shown{{/b}}\"", "{}", "\"\"", NULL},
    {"empty text is falsey", "\"{{#b}}shown{{/b}}\"", "{\"b\":\"\"}", "\"\"",
     NULL},
    {"context", "{{#c}}Hi {{name}}.{{/c}}", "{\"c\":{\"name\":\"Joe\"}}",
     "Hi Joe.", NULL},
    {"parent context", "{{#sec}}{{a}}, {{b}}, {{c.d}}{{/sec}}",
     "{\"a\":\"foo\",\"b\":\"wrong\",\"sec\":{\"b\":\"bar\"},"
     "\"c\":{\"d\":\"baz\"}}",
     "foo, bar, baz", NULL},
    {"variable test", "{{#foo}}{{.}} is {{foo}}{{/foo}}", "{\"foo\":\"bar\"}",
     "bar is bar", NULL},
    {"list of maps", "{{#list}}{{item}}{{/list}}",
     "{\"list\":[{\"item\":\"1\"},{\"item\":\"2\"},{\"item\":\"3\"}]}", "123",
     NULL},
    {"empty list", "{{#list}}Yay{{/list}}", "{\"list\":[]}", "", NULL},
    {"doubled", "{{#b}}\n* first\n{{/b}}\n* {{two}}\n{{#b}}\n* third\n{{/b}}\n",
     "{\"b\":true,\"two\":\"second\"}", "* first\n* second\n* third\n", NULL},
    {"nested", "| A {{#b}}B {{#b}}C{{/b}} D{{/b}} E |", "{\"b\":true}",
     "| A B C D E |", NULL},
    {"nested falsey", "| A {{#b}}B {{#b}}C{{/b}} D{{/b}} E |", "{\"b\":false}",
     "| A  E |", NULL},
    {"nested lists",
     "{{#tops}}{{#middles}}{{tname}}{{mname}}."
     "{{#bottoms}}{{tname}}{{mname}}{{bname}}.{{/bottoms}}{{/middles}}"
     "{{/tops}}",
     "{\"tops\":[{\"tname\":\"A\",\"middles\":[{\"mname\":\"1\","
     "\"bottoms\":[{\"bname\":\"x\"},{\"bname\":\"y\"}]}]}]}",
     "A1.A1x.A1y.", NULL},
    {"list of lists", "{{#list}}({{#.}}{{.}}{{/.}}){{/list}}",
     "{\"list\":[[\"1\",\"2\"],[\"a\"]]}", "(12)(a)", NULL},
    {"context falls back",
     "{{#wrapper}}{{#list}}{{x}}{{y}}{{/list}}"
     "{{/wrapper}}",
     "{\"y\":\"-\",\"wrapper\":{\"list\":[{\"x\":\"1\"},{\"x\":\"2\"}]}}",
     "1-2-", NULL},
    {"dotted section", "\"{{#a.b.c}}Here{{/a.b.c}}\"",
     "{\"a\":{\"b\":{\"c\":true}}}", "\"Here\"", NULL},
    {"dotted broken", "\"{{#a.b.c}}Here{{/a.b.c}}\"", "{\"a\":{}}", "\"\"",
     NULL},
    {"surrounding white space", " | {{#b}}\t|\t{{/b}} | \n", "{\"b\":true}",
     " | \t|\t | \n", NULL},
    {"internal white space", " | {{#b}} {{! Important }}\n {{/b}} | \n",
     "{\"b\":true}", " |  \n  | \n", NULL},
    {"indented inline", " {{#b}}YES{{/b}}\n {{#b}}GOOD{{/b}}\n", "{\"b\":true}",
     " YES\n GOOD\n", NULL},
    {"standalone lines", "| This\n{{#b}}\n| Is\n{{/b}}\n| A Line\n",
     "{\"b\":true}", "| This\n| Is\n| A Line\n", NULL},
    {"indented standalone", "| This\n  {{#b}}\n| Is\n  {{/b}}\n| A Line\n",
     "{\"b\":true}", "| This\n| Is\n| A Line\n", NULL},
    {"standalone CR LF", "|\r\n{{#b}}\r\n{{/b}}\r\n|", "{\"b\":true}", "|\r\n|",
     NULL},
    {"standalone without previous line", "  {{#b}}\n#{{/b}}\n/", "{\"b\":true}",
     "#\n/", NULL},
    {"standalone without newline", "#{{#b}}\n/\n  {{/b}}", "{\"b\":true}",
     "#\n/\n", NULL},
    {"padding", "|{{# b }}={{/ b }}|", "{\"b\":true}", "|=|", NULL},
};

static const struct spec_case inverted[] = {
    {"falsey", "\"{{^b}}shown{{/b}}\"", "{\"b\":false}", "\"shown\"", NULL},
    {"truthy", "\"{{^b}}shown{{/b}}\"", "{\"b\":true}", "\"\"", NULL},
    {"context", "\"{{^c}}Hi {{c.name}}.{{/c}}\"", "{\"c\":{\"name\":\"Joe\"}}",
     "\"\"", NULL},
    {"list", "\"{{^l}}shown{{/l}}\"", "{\"l\":[{\"n\":\"1\"}]}", "\"\"", NULL},
    {"empty list", "\"{{^l}}shown{{/l}}\"", "{\"l\":[]}", "\"shown\"", NULL},
    {"missing", "[{{^x}}none{{/x}}]", "{}", "[none]", NULL},
    {"dotted broken", "\"{{^a.b.c}}Not Here{{/a.b.c}}\"", "{\"a\":{}}",
     "\"Not Here\"", NULL},
    {"nested", "| A {{^b}}B {{^b}}C{{/b}} D{{/b}} E |", "{\"b\":false}",
     "| A B C D E |", NULL},
    {"standalone", "| This\n{{^b}}\n|\n{{/b}}\n| Line\n", "{\"b\":false}",
     "| This\n|\n| Line\n", NULL},
    {"both", "{{#b}}yes{{/b}}{{^b}}no{{/b}}", "{\"b\":false}", "no", NULL},
};

static const struct spec_case comments[] = {
    {"inline", "12345{{! Comment }}67890", "{}", "1234567890", NULL},
    {"multiline", "12345{{!\n  many\n  lines\n}}67890\n", "{}", "1234567890\n",
     NULL},
    {"standalone", "Begin.\n{{! Comment }}\nEnd.\n", "{}", "Begin.\nEnd.\n",
     NULL},
    {"indented standalone", "Begin.\n  {{! Comment }}\nEnd.\n", "{}",
     "Begin.\nEnd.\n", NULL},
    {"standalone CR LF", "|\r\n{{! c }}\r\n|", "{}", "|\r\n|", NULL},
    {"standalone first line", "  {{! I'm Still Standalone }}\n!", "{}", "!",
     NULL},
    {"standalone last line", "!\n  {{! I'm Still Standalone }}", "{}", "!\n",
     NULL},
    {"multiline standalone",
     "Begin.\n{{!\nSomething's going on here...\n}}\n"
     "End.\n",
     "{}", "Begin.\nEnd.\n", NULL},
    {"indented inline", "  12 {{! 34 }}\n", "{}", "  12 \n", NULL},
    {"no variable is hidden", "c: {{! ! }}{{x}}", "{\"x\":\"1\"}", "c: 1",
     NULL},
};

static const struct spec_case delimiters[] = {
    {"pair", "{{=<% %>=}}(<%text%>)", "{\"text\":\"Hey!\"}", "(Hey!)", NULL},
    {"special characters", "({{=[ ]=}}[text])", "{\"text\":\"It worked!\"}",
     "(It worked!)", NULL},
    {"sections",
     "[\n{{#s}}\n  {{d}}\n  |d|\n{{/s}}\n\n{{= | | =}}\n|#s|\n  {{d}}\n"
     "  |d|\n|/s|\n]\n",
     "{\"s\":true,\"d\":\"I\"}", "[\n  I\n  |d|\n\n  {{d}}\n  I\n]\n", NULL},
    {"partials do not inherit",
     "[ {{>include}} ]\n{{= | | =}}\n[ |>include| ]"
     "\n",
     "{\"value\":\"yes\"}", "[ .yes. ]\n[ .yes. ]\n",
     "{\"include\":\".{{value}}.\"}"},
    {"post-partial", "[ {{>include}} ]\n[ .{{v}}.  .|v|. ]\n",
     "{\"v\":\"yes\"}", "[ .yes.  .yes. ]\n[ .yes.  .|v|. ]\n",
     "{\"include\":\".{{v}}. {{= | | =}} .|v|.\"}"},
    {"surrounding white space", "| {{=@ @=}} |", "{}", "|  |", NULL},
    {"standalone", "Begin.\n{{=@ @=}}\nEnd.\n", "{}", "Begin.\nEnd.\n", NULL},
    {"standalone without newline", "=\n  {{=@ @=}}", "{}", "=\n", NULL},
    {"padding", "|{{= @   @ =}}|", "{}", "||", NULL},
};

static const struct spec_case partials[] = {
    {"basic", "\"{{>text}}\"", "{}", "\"from partial\"",
     "{\"text\":\"from partial\"}"},
    {"failed lookup", "\"{{>text}}\"", "{}", "\"\"", "{}"},
    {"context", "\"{{>p}}\"", "{\"text\":\"content\"}", "\"*content*\"",
     "{\"p\":\"*{{text}}*\"}"},
    {"recursion", "{{>node}}",
     "{\"c\":\"X\",\"nodes\":[{\"c\":\"Y\",\"nodes\":[]}]}", "X<Y<>>",
     "{\"node\":\"{{c}}<{{#nodes}}{{>node}}{{/nodes}}>\"}"},
    {"nested", "{{>outer}}", "{\"a\":\"hello\",\"b\":\"world\"}",
     "*hello world!*",
     "{\"outer\":\"*{{a}} {{>inner}}*\",\"inner\":\"{{b}}!\"}"},
    {"surrounding white space", "| {{>p}} |", "{}", "| \t|\t |",
     "{\"p\":\"\\t|\\t\"}"},
    {"inline indentation", "  {{d}}  {{> p}}\n", "{\"d\":\"|\"}", "  |  >\n>\n",
     "{\"p\":\">\\n>\"}"},
    {"standalone CR LF", "|\r\n{{>p}}\r\n|", "{}", "|\r\n>|", "{\"p\":\">\"}"},
    {"standalone first line", "  {{>p}}\n>", "{}", "  >\n  >>",
     "{\"p\":\">\\n>\"}"},
    {"standalone last line", ">\n  {{>p}}", "{}", ">\n  >\n  >",
     "{\"p\":\">\\n>\"}"},
    {"indentation is of the partial, not of values", "\\\n {{>p}}\n/\n",
     "{\"content\":\"<\\n->\"}", "\\\n |\n <\n->\n |\n/\n",
     "{\"p\":\"|\\n{{{content}}}\\n|\\n\"}"},
    {"indentation adds up", " {{>a}}\n", "{}", "   x\n  y\n",
     "{\"a\":\" {{>b}}\\n y\\n\",\"b\":\" x\\n\"}"},
    {"padding", "|{{> p }}|", "{\"b\":true}", "|[]|", "{\"p\":\"[]\"}"},
};

static void
free_template(gpointer data)
{
    mustache_free(data);
}

static struct mustache *
compile(const char *name, const char *source)
{
    struct err e = ERR_INIT;
    struct mustache *m = NULL;
    enum st st = mustache_compile(name, source, MUSTACHE_HTML, &m, &e);

    g_assert_cmpstr(e.text, ==, "");
    g_assert_cmpint(st, ==, ST_OK);
    return m;
}

static GHashTable *
compile_partials(const char *json)
{
    GHashTable *all =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_template);
    g_autoptr(value) sources = facts(json ? json : "{}");
    g_autoptr(GPtrArray) names = value_keys(sources);

    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];

        g_hash_table_insert(
            all, g_strdup(name),
            compile(name, value_get_text(value_get(sources, name))));
    }
    return all;
}

static void
run_cases(const struct spec_case *cases, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autoptr(mustache) m = compile(cases[i].name, cases[i].template);
        g_autoptr(value) data = facts(cases[i].data);
        g_autoptr(GHashTable) table = compile_partials(cases[i].partials);
        g_autofree char *got = mustache_render(m, data, table);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(got, ==, cases[i].expected);
    }
}

static void
test_interpolation(void)
{
    run_cases(interpolation, G_N_ELEMENTS(interpolation));
}

static void
test_sections(void)
{
    run_cases(sections, G_N_ELEMENTS(sections));
}

static void
test_inverted(void)
{
    run_cases(inverted, G_N_ELEMENTS(inverted));
}

static void
test_comments(void)
{
    run_cases(comments, G_N_ELEMENTS(comments));
}

static void
test_delimiters(void)
{
    run_cases(delimiters, G_N_ELEMENTS(delimiters));
}

static void
test_partials(void)
{
    run_cases(partials, G_N_ELEMENTS(partials));
}

static void
test_plain(void)
{
    struct err e = ERR_INIT;
    g_autoptr(mustache) m = NULL;
    g_autoptr(value) data = facts("{\"x\":\"a<b\"}");
    g_autofree char *got = NULL;

    g_assert_cmpint(
        mustache_compile("t", "{{x}}{{{x}}}", MUSTACHE_PLAIN, &m, &e), ==,
        ST_OK);
    got = mustache_render(m, data, NULL);
    g_assert_cmpstr(got, ==, "a<ba<b");
}

/* A partial that includes itself over a value that never ends must end. */
static void
test_endless(void)
{
    g_autoptr(mustache) m = compile("t", "{{>p}}");
    g_autoptr(value) data = facts("{\"x\":true}");
    g_autoptr(GHashTable) table =
        compile_partials("{\"p\":\"{{#x}}.{{>p}}{{/x}}\"}");
    g_autofree char *got = mustache_render(m, data, table);

    g_assert_cmpuint(strlen(got), ==, 32);
}

static void
test_syntax_errors(void)
{
    static const struct {
        const char *source, *message;
    } cases[] = {
        {"a\n标题{{name", "t:2:3: tag not closed, }} expected"},
        {"{{{x}}", "t:1:1: tag not closed, }}} expected"},
        {"{{#a}}\n{{#b}}\n{{/a}}",
         "t:3:1: {{/a}} closes the section {{#b}} of line 2"},
        {"x {{/a}}", "t:1:3: {{/a}} closes nothing"},
        {"\n  {{^a}}x", "t:2:3: section {{^a}} is not closed"},
        {"{{ }}", "t:1:1: tag without a name"},
        {"{{a b}}", "t:1:1: name with a space: a b"},
        {"{{=<%=}}", "t:1:1: two delimiters expected, as in {{=<% %>=}}"},
        {"{{=a b c=}}", "t:1:1: two delimiters expected, as in {{=<% %>=}}"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct err e = ERR_INIT;
        struct mustache *m = NULL;

        g_assert_cmpint(
            mustache_compile("t", cases[i].source, MUSTACHE_HTML, &m, &e), ==,
            ST_REJECT);
        g_assert_null(m);
        g_assert_cmpint(e.status, ==, EXIT_CONFIGURATION);
        g_assert_cmpstr(e.text, ==, cases[i].message);
    }
}

static void
test_unknown_names(void)
{
    static const struct {
        const char *source, *message; /* NULL: nothing to complain about */
    } cases[] = {
        {"{{title}}{{#notes}}{{what}}{{title}}{{/notes}}", NULL},
        {"{{#notes}}{{only_second}}{{/notes}}", NULL},
        {"{{#title}}{{.}}{{/title}}{{^open}}{{sub.x}}{{/open}}", NULL},
        {"{{>p}}", NULL},
        {"a\n{{titel}}",
         "t:2:1: unknown name \"titel\", did you mean \"title\"?"},
        {"{{#notes}}{{wat}}{{/notes}}",
         "t:1:11: unknown name \"wat\", did you mean \"what\"?"},
        {"{{what}}", "t:1:1: unknown name \"what\""},
        {"{{^opne}}{{/opne}}",
         "t:1:1: unknown name \"opne\", did you mean \"open\"?"},
        {"{{sub.y}}", "t:1:1: unknown name \"sub.y\""},
        {"{{>q}}", "t:1:1: there is no partial \"q\""},
        {"{{>bad}}", "bad:1:3: unknown name \"zzzzzz\""},
        {"{{>self}}", "self:1:2: partial \"self\" includes itself"},
    };
    g_autoptr(value) sample =
        facts("{\"title\":\"t\",\"open\":true,\"sub\":{\"x\":\"1\"},"
              "\"notes\":[{\"what\":\"w\"},{\"only_second\":\"s\"}]}");
    g_autoptr(GHashTable) table = compile_partials(
        "{\"p\":\"{{title}}\",\"bad\":\"x {{zzzzzz}}\",\"self\":\"a{{>self}}\"}");

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct err e = ERR_INIT;
        g_autoptr(mustache) m = compile("t", cases[i].source);
        enum st st = mustache_check(m, sample, table, &e);

        g_assert_cmpint(st, ==, cases[i].message ? ST_REJECT : ST_OK);
        g_assert_cmpstr(e.text, ==, cases[i].message ? cases[i].message : "");
    }
}

static void
test_values(void)
{
    g_autoptr(value) map = value_map();
    g_autoptr(value) copy = NULL;

    value_set_text(map, "t", NULL);
    value_set_int(map, "n", -5);
    value_set_bool(map, "b", TRUE);
    value_set(map, "l", value_list());
    g_assert_false(value_truth(value_get(map, "t")));
    g_assert_false(value_truth(value_get(map, "l")));
    g_assert_false(value_truth(value_get(map, "missing")));
    g_assert_true(value_truth(value_get(map, "b")));
    g_assert_true(value_truth(map));
    copy = value_copy(map);
    value_set_int(map, "n", 6);
    g_assert_cmpstr(value_get_text(value_get(copy, "n")), ==, "-5");
    g_assert_cmpstr(value_get_text(value_get(map, "n")), ==, "6");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mustache/interpolation", test_interpolation);
    g_test_add_func("/mustache/sections", test_sections);
    g_test_add_func("/mustache/inverted", test_inverted);
    g_test_add_func("/mustache/comments", test_comments);
    g_test_add_func("/mustache/delimiters", test_delimiters);
    g_test_add_func("/mustache/partials", test_partials);
    g_test_add_func("/mustache/plain", test_plain);
    g_test_add_func("/mustache/endless", test_endless);
    g_test_add_func("/mustache/syntax-errors", test_syntax_errors);
    g_test_add_func("/mustache/unknown-names", test_unknown_names);
    g_test_add_func("/mustache/values", test_values);
    return g_test_run();
}

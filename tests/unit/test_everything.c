/* The made-up regulation of tests/data/rules/everything uses every key and
 * every word of the language; what a single pack cannot say twice stands in
 * everything-authors beside it. */
#include "pack/load.h"
#include "pack/pack_fields.h"
#include "unit/pack_fixture.h"

#define PACKS "tests/data/rules/"

static const char *const files[] = {
    PACKS "everything/pack.yaml",
    PACKS "everything/roster.yaml",
    PACKS "everything-authors/pack.yaml",
};

/* "items.when" and "items.when=late", by every file that is read. */
typedef GHashTable words_seen;

static void visit(const struct node *map, const struct field *table,
                  const char *path, words_seen *seen);

static const struct field *
field_of(const struct field *table, const char *key)
{
    for (; table->key; table++)
        if (g_str_equal(table->key, key))
            return table;
    return NULL;
}

static char *
path_to(const char *path, const char *key)
{
    return *path ? g_strdup_printf("%s.%s", path, key) : g_strdup(key);
}

static void
visit_value(const struct node *n, const struct field *f, const char *path,
            words_seen *seen)
{
    if (n->kind == NODE_MAP)
        visit(n, f->table, path, seen);
    else if (n->kind == NODE_TEXT)
        g_hash_table_add(seen, g_strdup_printf("%s=%s", path, n->text));
    for (guint i = 0; n->kind == NODE_LIST && i < n->items->len; i++)
        visit_value(n->items->pdata[i], f, path, seen);
}

static void
visit(const struct node *map, const struct field *table, const char *path,
      words_seen *seen)
{
    for (guint i = 0; i < map->items->len; i += 2) {
        const struct node *key = map->items->pdata[i];
        char *here = path_to(path, key->text);

        visit_value(map->items->pdata[i + 1], field_of(table, key->text), here,
                    seen);
        g_hash_table_add(seen, here);
    }
}

static void
visit_file(const char *file, words_seen *seen)
{
    gboolean is_roster = g_str_has_suffix(file, "roster.yaml");
    struct problems ps;
    g_autoptr(node) top = NULL;

    problems_init(&ps);
    top = yaml_read(file, &ps);
    g_assert_nonnull(top);
    visit(top, is_roster ? roster_fields : pack_fields, "", seen);
    problems_clear(&ps);
}

static words_seen *
words_of_the_packs(void)
{
    words_seen *seen =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
        visit_file(files[i], seen);
    return seen;
}

/* ---- what must be there ---- */

static void
require(words_seen *seen, const char *what)
{
    if (!g_hash_table_contains(seen, what))
        g_error("no pack says %s", what);
}

/* At the top a word is said once a pack: test_top tries the others.  Codes
 * are the words of `check`; an example cannot bring about all of them. */
static gboolean
says_all_words(const struct field *f, const char *path)
{
    return f->words && strchr(path, '.') && f->type != FIELD_CODES;
}

static void
require_all(words_seen *seen, const struct field *table, const char *path)
{
    for (const struct field *f = table; f->key; f++) {
        g_autofree char *here = path_to(path, f->key);

        require(seen, here);
        for (int i = 0; says_all_words(f, here) && f->words[i]; i++) {
            g_autofree char *word = g_strdup_printf("%s=%s", here, f->words[i]);

            require(seen, word);
        }
        if (f->table)
            require_all(seen, f->table, here);
    }
}

static void
test_words(void)
{
    g_autoptr(GHashTable) seen = words_of_the_packs();

    require_all(seen, pack_fields, "");
    require_all(seen, roster_fields, "");
}

/* Words that stand inside of values: selections, points, formulas. */
static void
test_values(void)
{
    static const char *const said[] = {
        "joint: equal", "points: [all]", "keep: all", "points: unstated",
        "value: unstated", "points: 2..8", "points: -2..", "value: 60",
        /* columns of items */
        "base * ", "quantity'", "nullif(amount", "- nth", "min(words",
        "class like", "form = ", "unit = ", "target - actual",
        /* columns of measures */
        "_target'", "_best'",
        /* functions */
        "abs(", "round(", "min(", "max(", "iif(", "ifnull(", "coalesce(",
        "nullif(", " like "};
    g_autofree char *text = NULL;

    g_assert_true(g_file_get_contents(files[0], &text, NULL, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++)
        if (!strstr(text, said[i]))
            g_error("%s does not say %s", files[0], said[i]);
}

/* Every word that may stand at the top is taken there. */
static void
test_top(void)
{
    g_autofree char *text = NULL, *units = NULL;

    g_assert_true(g_file_get_contents(files[0], &text, NULL, NULL));
    g_assert_true(g_file_get_contents(files[1], &units, NULL, NULL));
    for (const struct field *f = pack_fields; f->key; f++) {
        g_autofree char *line = g_strdup_printf("(?m)^%s: .*$", f->key);
        g_autoptr(GRegex) find = g_regex_new(line, 0, 0, NULL);

        /* credit: authors wants other examples; everything-authors has them */
        for (int i = 0; f->words && f->words[i] && f->words != credit_words;
             i++) {
            g_autofree char *with =
                g_strdup_printf("%s: %s", f->key, f->words[i]);
            g_autofree char *other =
                g_regex_replace_literal(find, text, -1, 0, with, 0, NULL);
            char *dir = scratch_make();
            g_autoptr(pack) p = NULL;
            struct err e = ERR_INIT;

            scratch_put(dir, "pack.yaml", other);
            scratch_put(dir, "roster.yaml", units);
            pack_load(dir, &p, &e);
            g_assert_cmpstr(e.text, ==, "");
            scratch_remove(dir);
        }
    }
}

/* A word that is taken out is missed: the tests above can fail. */
static void
test_a_word_less(void)
{
    g_autoptr(GHashTable) seen = words_of_the_packs();

    g_assert_true(g_hash_table_contains(seen, "items.when=surplus"));
    g_assert_false(g_hash_table_contains(seen, "items.when=surplusses"));
    if (g_test_subprocess()) {
        g_hash_table_remove(seen, "items.when=surplus");
        require_all(seen, pack_fields, "");
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*items.when=surplus*");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/everything/words", test_words);
    g_test_add_func("/everything/values", test_values);
    g_test_add_func("/everything/top", test_top);
    g_test_add_func("/everything/a-word-less", test_a_word_less);
    return g_test_run();
}

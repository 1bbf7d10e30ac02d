/* fuzz_mustache.c - a template, and a part that it may include. */
#include "fuzz/fuzz.h"
#include "reply/mustache.h"

#include <string.h>

static struct value *facts;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct value *list = value_list(), *unit = value_map();

    (void)argc;
    (void)argv;
    facts = value_map();
    value_set_text(unit, "name", "财政局");
    value_set_bool(unit, "first", TRUE);
    value_append(list, unit);
    value_append(list, value_copy(unit));
    value_set_text(facts, "subject", "<b>\"春耕\" & 'x'</b>");
    value_set_text(facts, "empty", "");
    value_set_bool(facts, "yes", TRUE);
    value_set_bool(facts, "no", FALSE);
    value_set(facts, "units", list);
    value_set(facts, "none", value_list());
    value_set(facts, "office", value_copy(unit));
    return 0;
}

/* Where no raw tag can stand, nothing of the facts comes out raw. */
static void
check_escaped(const char *source, const char *part, const char *out,
              enum mustache_escape escape)
{
    if (escape == MUSTACHE_HTML && !strchr(source, '&') &&
        !strchr(source, '=') && !strstr(source, "{{{") && !*part &&
        !strchr(source, '<'))
        FUZZ_MUST(!strchr(out, '<'));
}

static void
try(const char *source, const char *part, enum mustache_escape escape)
{
    g_autoptr(GHashTable) partials = g_hash_table_new_full(
        g_str_hash, g_str_equal, NULL, (GDestroyNotify)mustache_free);
    g_autoptr(mustache) m = NULL;
    struct mustache *p = NULL;
    g_autofree char *out = NULL;
    struct err e = ERR_INIT;

    if (mustache_compile("part", part, escape, &p, &e) == ST_OK)
        g_hash_table_insert(partials, (gpointer) "part", p);
    if (mustache_compile("source", source, escape, &m, &e) != ST_OK) {
        FUZZ_MUST(!m && g_str_has_prefix(e.text, "source:"));
        return;
    }
    if (mustache_check(m, facts, partials, &e) != ST_OK) {
        FUZZ_MUST(*e.text);
        return;
    }
    out = mustache_render(m, facts, partials);
    fuzz_text(out);
    check_escaped(source, part, out, escape);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    struct fuzz_input in = {(const char *)data, (const char *)data + len};
    g_autofree char *source = fuzz_take_text(&in);
    g_autofree char *part = fuzz_take_text(&in);

    try(source, part, MUSTACHE_PLAIN);
    try(source, part, MUSTACHE_HTML);
    return 0;
}

/* readdraft - what draft/ makes of files, one JSON object a line:
 * {"file", "kind", "state", "words", "ms", "text"}; for the tests over
 * corpora.  With --margins also what stands in the margins. */
#include "base/file.h"
#include "draft/draft.h"
#include "message/mail.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

static void
add(JsonBuilder *b, const char *name, const char *value)
{
    json_builder_set_member_name(b, name);
    if (value)
        json_builder_add_string_value(b, value);
    else
        json_builder_add_null_value(b);
}

static void
add_number(JsonBuilder *b, const char *name, gint64 value)
{
    json_builder_set_member_name(b, name);
    json_builder_add_int_value(b, value);
}

static void
print(JsonBuilder *b)
{
    g_autoptr(JsonGenerator) g = json_generator_new();
    g_autoptr(JsonNode) root = json_builder_get_root(b);
    g_autofree char *line = NULL;

    json_generator_set_root(g, root);
    line = json_generator_to_data(g, NULL);
    puts(line);
    fflush(stdout);
}

static gboolean
show(const char *path, gboolean margins)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    g_autofree char *data = NULL, *name = g_path_get_basename(path);
    struct err e = ERR_INIT;
    struct draft d;
    size_t len;
    gint64 start;

    if (file_read(path, G_MAXINT32, &data, &len, &e) != ST_OK) {
        fprintf(stderr, "%s\n", e.text);
        return FALSE;
    }
    start = g_get_monotonic_time();
    draft_read((const guint8 *)data, len, name, &draft_default_limits, &d);
    json_builder_begin_object(b);
    add(b, "file", path);
    add(b, "kind", file_kind_name(d.kind));
    add(b, "state", file_state_name(d.state));
    add_number(b, "words", d.words);
    add_number(b, "ms", (g_get_monotonic_time() - start) / 1000);
    add(b, "text", d.text);
    if (margins)
        add(b, "margins", d.margins);
    json_builder_end_object(b);
    print(b);
    draft_clear(&d);
    return TRUE;
}

int
main(int argc, char **argv)
{
    gboolean margins = argc > 1 && strcmp(argv[1], "--margins") == 0;
    gboolean ok = TRUE;

    mail_init();
    for (int i = margins ? 2 : 1; i < argc; i++)
        ok &= show(argv[i], margins);
    return ok ? 0 : 1;
}

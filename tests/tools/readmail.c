/* readmail FILE... - what mail_read() makes of each file, one JSON object a
 * line: for looking at a message, and for the corpus test. */
#include "message/mail.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

static void
add_string(JsonBuilder *b, const char *key, const char *value)
{
    json_builder_set_member_name(b, key);
    if (value)
        json_builder_add_string_value(b, value);
    else
        json_builder_add_null_value(b);
}

static void
add_int(JsonBuilder *b, const char *key, gint64 value)
{
    json_builder_set_member_name(b, key);
    json_builder_add_int_value(b, value);
}

static void
add_file(JsonBuilder *b, const struct reading_file *f)
{
    json_builder_begin_object(b);
    add_string(b, "name", f->name);
    add_string(b, "other_name", f->other_name);
    add_string(b, "type", f->type);
    add_string(b, "kind", file_kind_name(f->kind));
    add_string(b, "state", file_state_name(f->state));
    add_string(b, "sha256", f->sha256);
    add_string(b, "text", f->text);
    add_int(b, "size", f->size);
    add_int(b, "words", f->words);
    add_int(b, "incomplete", f->incomplete);
    add_int(b, "nested", f->nested);
    json_builder_end_object(b);
}

static void
add_files(JsonBuilder *b, const GPtrArray *files)
{
    json_builder_set_member_name(b, "attachments");
    json_builder_begin_array(b);
    for (guint i = 0; i < files->len; i++)
        add_file(b, g_ptr_array_index(files, i));
    json_builder_end_array(b);
}

static void
add_addresses(JsonBuilder *b, const char *key, const GPtrArray *list)
{
    json_builder_set_member_name(b, key);
    json_builder_begin_array(b);
    for (guint i = 0; i < list->len; i++) {
        const struct reading_address *a = g_ptr_array_index(list, i);

        json_builder_begin_object(b);
        add_string(b, "name", a->name);
        add_string(b, "address", a->address);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

static void
add_reading(JsonBuilder *b, const char *file, const struct reading *r)
{
    json_builder_begin_object(b);
    add_string(b, "file", file);
    add_int(b, "flags", r->flags);
    add_string(b, "machine", machine_name(r->machine));
    add_string(b, "machine_reason", r->machine_reason);
    add_string(b, "secrecy", secrecy_name(r->secrecy));
    add_string(b, "secrecy_rule", r->secrecy_rule);
    add_string(b, "subject", r->subject);
    add_string(b, "author", reading_author(r));
    add_addresses(b, "from", r->from);
    add_addresses(b, "to", r->to);
    add_string(b, "return_path", r->return_path);
    add_string(b, "message_id", r->message_id);
    add_string(b, "bounced_id", r->bounced_id);
    add_string(b, "bounce_action", r->bounce_action);
    add_string(b, "bounce_cause", r->bounce_cause);
    add_int(b, "bounce_permanent", r->bounce_permanent);
    add_string(b, "body", r->body);
    add_string(b, "own_text", r->own_text);
    add_string(b, "identity", r->identity);
    add_files(b, r->files);
    json_builder_end_object(b);
}

static void
print(const char *file, const struct reading *r)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    g_autoptr(JsonGenerator) g = json_generator_new();
    g_autofree char *text = NULL;
    JsonNode *root;

    add_reading(b, file, r);
    root = json_builder_get_root(b);
    json_generator_set_root(g, root);
    text = json_generator_to_data(g, NULL);
    json_node_free(root);
    puts(text);
}

int
main(int argc, char **argv)
{
    int bad = 0;

    mail_init();
    for (int i = 1; i < argc; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(reading) r = NULL;
        g_autofree char *data = NULL;
        gsize len;

        if (!g_file_get_contents(argv[i], &data, &len, &error)) {
            fprintf(stderr, "readmail: %s\n", error->message);
            bad = 1;
            continue;
        }
        r = mail_read((const guint8 *)data, len, NULL);
        print(argv[i], r);
    }
    return bad;
}

/* reading_wire.c - the reading as a GVariant, and back from a child that
 * nobody trusts.  Needs GLib only. */
#include "message/reading_members.h"
#include "base/address.h"
#include "base/text.h"

#include <string.h>

/* The words of secrecy_place_name(); anything else from a child is a lie. */
static const char *const secrecy_rules[] = {
    "subject", "file-name", "body", "draft", "margins",
};

/* ---- writing ---- */

/* The values are put together without format strings, and texts, which are
 * clean, are not validated here: in a reading of some texts both took longer
 * than all else.  Whoever reads them back validates. */
static GVariant *
string(const char *s)
{
    g_autoptr(GBytes) bytes = g_bytes_new(s, strlen(s) + 1);

    return g_variant_new_from_bytes(G_VARIANT_TYPE_STRING, bytes, TRUE);
}

/* What is not there is always the same value. */
static GVariant *
maybe(const char *s)
{
    static GVariant *nothing; /* made once, never freed */

    if (s)
        return g_variant_new_maybe(NULL, string(s));
    if (!nothing)
        nothing = g_variant_ref_sink(
            g_variant_new_maybe(G_VARIANT_TYPE_STRING, NULL));
    return nothing;
}

static GVariant *
write_members(const void *base, const struct member *table, size_t n)
{
    GVariant *all[MAX(READING_MEMBERS, READING_FILE_MEMBERS)];

    for (size_t i = 0; i < n; i++)
        all[i] = maybe(member_value(base, &table[i]));
    return g_variant_new_array(G_VARIANT_TYPE("ms"), all, n);
}

static GVariant *
write_addresses(const GPtrArray *addresses)
{
    GVariantBuilder b;

    g_variant_builder_init(&b, G_VARIANT_TYPE("a(msms)"));
    for (guint i = 0; i < addresses->len; i++) {
        const struct reading_address *a = g_ptr_array_index(addresses, i);
        GVariant *both[] = {maybe(a->name), maybe(a->address)};

        g_variant_builder_add_value(
            &b, g_variant_new_tuple(both, G_N_ELEMENTS(both)));
    }
    return g_variant_builder_end(&b);
}

static GVariant *
write_references(const GPtrArray *references)
{
    return g_variant_new_strv((const char *const *)references->pdata,
                              (gssize)references->len);
}

static GVariant *
write_trace(const GPtrArray *trace)
{
    GVariantBuilder b;

    g_variant_builder_init(&b, G_VARIANT_TYPE("a(bs)"));
    for (guint i = 0; i < trace->len; i++) {
        const struct reading_trace *t = g_ptr_array_index(trace, i);
        GVariant *both[] = {g_variant_new_boolean(t->is_auth),
                            string(t->value)};

        g_variant_builder_add_value(
            &b, g_variant_new_tuple(both, G_N_ELEMENTS(both)));
    }
    return g_variant_builder_end(&b);
}

static GVariant *
write_files(const GPtrArray *files)
{
    GVariantBuilder b;

    g_variant_builder_init(&b, G_VARIANT_TYPE("a(amsuuxibbb)"));
    for (guint i = 0; i < files->len; i++) {
        const struct reading_file *f = g_ptr_array_index(files, i);
        GVariant *all[] = {
            write_members(f, reading_file_members, READING_FILE_MEMBERS),
            g_variant_new_uint32(f->kind),
            g_variant_new_uint32(f->state),
            g_variant_new_int64(f->size),
            g_variant_new_int32(f->words),
            g_variant_new_boolean(f->incomplete),
            g_variant_new_boolean(f->nested),
            g_variant_new_boolean(f->bytes != NULL),
        };

        g_variant_builder_add_value(
            &b, g_variant_new_tuple(all, G_N_ELEMENTS(all)));
    }
    return g_variant_builder_end(&b);
}

static GVariant *
write_blobs(const GPtrArray *files)
{
    GVariantBuilder b;

    g_variant_builder_init(&b, G_VARIANT_TYPE("aay"));
    for (guint i = 0; i < files->len; i++) {
        const struct reading_file *f = g_ptr_array_index(files, i);

        if (f->bytes)
            g_variant_builder_add_value(
                &b, g_variant_new_from_bytes(G_VARIANT_TYPE_BYTESTRING,
                                             f->bytes, TRUE));
    }
    return g_variant_builder_end(&b);
}

static GVariant *
write_reading(const struct reading *r)
{
    GVariant *record[] = {
        g_variant_new_uint32(r->flags),
        g_variant_new_uint32(r->machine),
        g_variant_new_uint32(r->secrecy),
        g_variant_new_boolean(r->bounce_permanent),
        g_variant_new_boolean(r->body_is_html),
        string(r->secrecy_rule ? r->secrecy_rule : ""),
        write_members(r, reading_members, READING_MEMBERS),
        write_addresses(r->from),
        write_addresses(r->reply_to),
        write_addresses(r->to),
        write_references(r->references),
        write_trace(r->trace),
        write_files(r->files),
    };
    GVariant *both[] = {g_variant_new_tuple(record, G_N_ELEMENTS(record)),
                        write_blobs(r->files)};

    return g_variant_new_tuple(both, G_N_ELEMENTS(both));
}

/* GLib forgets what it knows of a type with the last value of it, and finds
 * it out again for the next: of an empty reading it never does. */
static void
keep_types(void)
{
    static GVariant *empty; /* made once, never freed */
    g_autoptr(reading) r = NULL;

    if (empty)
        return;
    r = reading_new();
    empty = g_variant_ref_sink(write_reading(r));
}

GVariant *
reading_to_variant(const struct reading *r)
{
    keep_types();
    return write_reading(r);
}

/* ---- reading back ---- */

static gboolean
line_ok(const char *s)
{
    g_autofree char *line = text_line(s);

    return strcmp(line, s) == 0;
}

static gboolean
hash_ok(const char *s)
{
    return strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64;
}

static gboolean
string_ok(const char *s, enum string_kind kind)
{
    if (!s)
        return TRUE;
    switch (kind) {
    case STRING_LINE:
        return line_ok(s);
    case STRING_TEXT:
        return text_is_clean(s);
    case STRING_ADDRESS:
        return address_valid(s);
    case STRING_PATH:
        return !*s || address_valid(s);
    case STRING_HASH:
        return hash_ok(s);
    }
    return FALSE;
}

static guint32
read_number(GVariant *record, gsize i)
{
    g_autoptr(GVariant) child = g_variant_get_child_value(record, i);

    return g_variant_get_uint32(child);
}

static gboolean
read_flag(GVariant *record, gsize i)
{
    g_autoptr(GVariant) child = g_variant_get_child_value(record, i);

    return g_variant_get_boolean(child);
}

/* The child's string, ours, or NULL. */
static char *
read_maybe(GVariant *parent, gsize i)
{
    g_autoptr(GVariant) child = g_variant_get_child_value(parent, i);
    g_autoptr(GVariant) string = g_variant_get_maybe(child);

    return string ? g_variant_dup_string(string, NULL) : NULL;
}

static gboolean
read_members(void *base, const struct member *table, size_t n, GVariant *v)
{
    gsize given = g_variant_n_children(v);

    if (given > n)
        return FALSE;
    for (size_t i = 0; i < given; i++) {
        char **s = member_at(base, &table[i]);

        *s = read_maybe(v, i);
        if (!string_ok(*s, table[i].kind))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_addresses(GPtrArray *addresses, GVariant *v)
{
    gsize n = g_variant_n_children(v);

    for (gsize i = 0; i < n; i++) {
        g_autoptr(GVariant) both = g_variant_get_child_value(v, i);
        struct reading_address *a = g_new0(struct reading_address, 1);

        a->name = read_maybe(both, 0);
        a->address = read_maybe(both, 1);
        g_ptr_array_add(addresses, a);
        if (!string_ok(a->name, STRING_LINE) ||
            !string_ok(a->address, STRING_ADDRESS))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_references(GPtrArray *references, GVariant *v)
{
    GVariantIter iter;
    char *id;

    g_variant_iter_init(&iter, v);
    while (g_variant_iter_next(&iter, "s", &id)) {
        g_ptr_array_add(references, id);
        if (!line_ok(id))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_trace(GPtrArray *trace, GVariant *v)
{
    GVariantIter iter;
    gboolean is_auth;
    char *value;

    g_variant_iter_init(&iter, v);
    while (g_variant_iter_next(&iter, "(bs)", &is_auth, &value)) {
        struct reading_trace *t = g_new0(struct reading_trace, 1);

        t->is_auth = is_auth;
        t->value = value;
        g_ptr_array_add(trace, t);
        if (!line_ok(value))
            return FALSE;
    }
    return TRUE;
}

/* The next of the blobs becomes the file's bytes, without a copy. */
static gboolean
read_blob(struct reading_file *f, GVariant *blobs, gsize *next)
{
    g_autoptr(GVariant) blob = NULL;

    if (*next >= g_variant_n_children(blobs))
        return FALSE;
    blob = g_variant_get_child_value(blobs, (*next)++);
    f->bytes = g_variant_get_data_as_bytes(blob);
    return (gint64)g_bytes_get_size(f->bytes) == f->size;
}

static gboolean
read_file(struct reading_file *f, GVariant *v, GVariant *blobs, gsize *next)
{
    g_autoptr(GVariant) strings = g_variant_get_child_value(v, 0);
    guint32 kind = read_number(v, 1), state = read_number(v, 2);

    g_variant_get_child(v, 3, "x", &f->size);
    g_variant_get_child(v, 4, "i", &f->words);
    if (!read_members(f, reading_file_members, READING_FILE_MEMBERS, strings) ||
        kind > FILE_LOCK || state > FILE_NO_TEXT || f->size < 0 || f->words < 0)
        return FALSE;
    f->kind = kind;
    f->state = state;
    f->incomplete = read_flag(v, 5);
    f->nested = read_flag(v, 6);
    return !read_flag(v, 7) || read_blob(f, blobs, next);
}

static gboolean
read_files(GPtrArray *files, GVariant *v, GVariant *blobs)
{
    gsize n = g_variant_n_children(v), next = 0;

    for (gsize i = 0; i < n; i++) {
        g_autoptr(GVariant) child = g_variant_get_child_value(v, i);
        struct reading_file *f = reading_file_new();

        g_ptr_array_add(files, f);
        if (!read_file(f, child, blobs, &next))
            return FALSE;
    }
    return next == g_variant_n_children(blobs);
}

static gboolean
read_secrecy_rule(struct reading *r, const char *rule)
{
    if (!*rule)
        return TRUE;
    for (size_t i = 0; i < G_N_ELEMENTS(secrecy_rules); i++)
        if (strcmp(rule, secrecy_rules[i]) == 0)
            r->secrecy_rule = secrecy_rules[i];
    return r->secrecy_rule != NULL;
}

static gboolean
read_scalars(struct reading *r, GVariant *record)
{
    guint32 flags = read_number(record, 0), machine = read_number(record, 1);
    guint32 secrecy = read_number(record, 2);
    g_autoptr(GVariant) rule = g_variant_get_child_value(record, 5);

    if (flags >= READING_FLAGS_END || machine > MACHINE_SUPPRESS ||
        secrecy > SECRECY_TOP)
        return FALSE;
    r->flags = flags;
    r->machine = machine;
    r->secrecy = secrecy;
    r->bounce_permanent = read_flag(record, 3);
    r->body_is_html = read_flag(record, 4);
    return read_secrecy_rule(r, g_variant_get_string(rule, NULL));
}

static gboolean
read_lists(struct reading *r, GVariant *record, GVariant *blobs)
{
    g_autoptr(GVariant) strings = g_variant_get_child_value(record, 6);
    g_autoptr(GVariant) from = g_variant_get_child_value(record, 7);
    g_autoptr(GVariant) reply_to = g_variant_get_child_value(record, 8);
    g_autoptr(GVariant) to = g_variant_get_child_value(record, 9);
    g_autoptr(GVariant) references = g_variant_get_child_value(record, 10);
    g_autoptr(GVariant) trace = g_variant_get_child_value(record, 11);
    g_autoptr(GVariant) files = g_variant_get_child_value(record, 12);

    return read_members(r, reading_members, READING_MEMBERS, strings) &&
           read_addresses(r->from, from) &&
           read_addresses(r->reply_to, reply_to) && read_addresses(r->to, to) &&
           read_references(r->references, references) &&
           read_trace(r->trace, trace) && read_files(r->files, files, blobs);
}

/* The record must be in normal form, which GVariant checks byte by byte.
 * The bytes of files need no such check: any bytes are good ones, and
 * offsets that lie give empty blobs, found out by their size. */
struct reading *
reading_from_variant(GVariant *v)
{
    g_autoptr(GVariant) record = NULL, blobs = NULL;
    g_autoptr(reading) r = NULL;

    keep_types();
    if (!g_variant_is_of_type(v, G_VARIANT_TYPE(READING_VARIANT_TYPE)))
        return NULL;
    record = g_variant_get_child_value(v, 0);
    blobs = g_variant_get_child_value(v, 1);
    if (!g_variant_is_normal_form(record))
        return NULL;
    r = reading_new();
    if (!read_scalars(r, record) || !read_lists(r, record, blobs))
        return NULL;
    if (r->secrecy != SECRECY_NONE)
        reading_wipe(r);
    return g_steal_pointer(&r);
}

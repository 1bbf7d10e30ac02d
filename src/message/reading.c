/* reading.c - see reading.h.
 *
 * The string members of a reading and of a file are described once, in two
 * tables; freeing, wiping, writing and checking all walk over the tables,
 * so that a member cannot be forgotten in one of them.  Needs GLib only:
 * the rules are linked with it. */
#include "message/reading.h"
#include "base/address.h"
#include "base/text.h"

#include <string.h>

/* What a string must be to be taken from the child. */
enum string_kind {
    STRING_LINE,
    STRING_TEXT,
    STRING_ADDRESS,
    STRING_PATH, /* an address, or "" for the null sender */
    STRING_HASH  /* 64 lower-case hexadecimal digits */
};

struct member {
    size_t offset;
    enum string_kind kind;
};

#define MEMBER(name, kind)                                                     \
    {                                                                          \
        offsetof(struct reading, name), kind                                   \
    }
static const struct member members[] = {
    MEMBER(machine_reason, STRING_LINE), MEMBER(subject, STRING_LINE),
    MEMBER(sender, STRING_ADDRESS),      MEMBER(return_path, STRING_PATH),
    MEMBER(message_id, STRING_LINE),     MEMBER(date_claim, STRING_LINE),
    MEMBER(bounced_id, STRING_LINE),     MEMBER(bounced_to, STRING_ADDRESS),
    MEMBER(body, STRING_TEXT),           MEMBER(own_text, STRING_TEXT),
    MEMBER(identity, STRING_HASH),       MEMBER(raw_hash, STRING_HASH),
};
#undef MEMBER

#define MEMBER(name, kind)                                                     \
    {                                                                          \
        offsetof(struct reading_file, name), kind                              \
    }
static const struct member file_members[] = {
    MEMBER(name, STRING_LINE), MEMBER(other_name, STRING_LINE),
    MEMBER(type, STRING_LINE), MEMBER(sha256, STRING_HASH),
    MEMBER(text, STRING_TEXT),
};
#undef MEMBER

/* ---- names ---- */

static const char *const kind_names[] = {
    [FILE_OTHER] = "other",     [FILE_DOCX] = "docx",
    [FILE_DOC] = "doc",         [FILE_WORDXML] = "wordxml",
    [FILE_RTF] = "rtf",         [FILE_HTML] = "html",
    [FILE_TEXT] = "text",       [FILE_ODT] = "odt",
    [FILE_PDF] = "pdf",         [FILE_OFD] = "ofd",
    [FILE_ZIP] = "zip",         [FILE_RAR] = "rar",
    [FILE_7Z] = "7z",           [FILE_IMAGE] = "image",
    [FILE_SHEET] = "sheet",     [FILE_SLIDES] = "slides",
    [FILE_MESSAGE] = "message", [FILE_TNEF] = "tnef",
    [FILE_EMPTY] = "empty",     [FILE_LOCK] = "lock",
};

static const char *const state_names[] = {
    [FILE_OK] = "ok",
    [FILE_ENCRYPTED] = "encrypted",
    [FILE_MACRO] = "macro",
    [FILE_UNREADABLE] = "unreadable",
    [FILE_OVER_LIMIT] = "over-limit",
    [FILE_NO_TEXT] = "no-text",
};

static const char *const machine_names[] = {
    [MACHINE_NO] = NULL,
    [MACHINE_AUTO_SUBMITTED] = "auto-submitted",
    [MACHINE_NULL_SENDER] = "null-sender",
    [MACHINE_LIST] = "list",
    [MACHINE_BULK] = "bulk",
    [MACHINE_BOUNCE] = "bounce",
    [MACHINE_RECEIPT] = "receipt",
    [MACHINE_RECALL] = "recall",
    [MACHINE_SELF] = "self",
    [MACHINE_ROBOT] = "robot",
    [MACHINE_SUPPRESS] = "suppress",
};

static const char *const secrecy_names[] = {
    [SECRECY_NONE] = NULL,
    [SECRECY_SECRET] = "秘密",
    [SECRECY_CONFIDENTIAL] = "机密",
    [SECRECY_TOP] = "绝密",
};

/* The words of secrecy_place_name(); anything else from a child is a lie. */
static const char *const secrecy_rules[] = {
    "subject", "file-name", "body", "draft", "margins",
};

const char *
file_kind_name(enum file_kind kind)
{
    return kind_names[kind];
}

const char *
file_state_name(enum file_state state)
{
    return state_names[state];
}

const char *
machine_name(enum machine machine)
{
    return machine_names[machine];
}

const char *
secrecy_name(enum secrecy level)
{
    return secrecy_names[level];
}

gboolean
file_kind_is_word(enum file_kind kind)
{
    switch (kind) {
    case FILE_DOCX:
    case FILE_DOC:
    case FILE_WORDXML:
    case FILE_RTF:
    case FILE_HTML:
    case FILE_TEXT:
        return TRUE;
    default:
        return FALSE;
    }
}

/* ---- making and freeing ---- */

static char **
member_at(void *base, const struct member *m)
{
    return (char **)((char *)base + m->offset);
}

static const char *
member_value(const void *base, const struct member *m)
{
    return *(char *const *)((const char *)base + m->offset);
}

static void
free_members(void *base, const struct member *table, size_t n)
{
    for (size_t i = 0; i < n; i++)
        g_clear_pointer(member_at(base, &table[i]), g_free);
}

struct reading *
reading_new(void)
{
    struct reading *r = g_new0(struct reading, 1);

    r->from =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_address_free);
    r->reply_to =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_address_free);
    r->to =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_address_free);
    r->references = g_ptr_array_new_with_free_func(g_free);
    r->trace =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_trace_free);
    r->files =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_file_free);
    return r;
}

void
reading_free(struct reading *r)
{
    if (!r)
        return;
    free_members(r, members, G_N_ELEMENTS(members));
    g_ptr_array_unref(r->from);
    g_ptr_array_unref(r->reply_to);
    g_ptr_array_unref(r->to);
    g_ptr_array_unref(r->references);
    g_ptr_array_unref(r->trace);
    g_ptr_array_unref(r->files);
    g_free(r);
}

struct reading_file *
reading_file_new(void)
{
    return g_new0(struct reading_file, 1);
}

void
reading_file_free(struct reading_file *f)
{
    if (!f)
        return;
    free_members(f, file_members, G_N_ELEMENTS(file_members));
    g_clear_pointer(&f->bytes, g_bytes_unref);
    g_free(f);
}

void
reading_address_free(struct reading_address *a)
{
    if (!a)
        return;
    g_free(a->name);
    g_free(a->address);
    g_free(a);
}

void
reading_trace_free(struct reading_trace *t)
{
    if (!t)
        return;
    g_free(t->value);
    g_free(t);
}

/* ---- wiping ---- */

static void
wipe_string(char **s)
{
    if (*s)
        explicit_bzero(*s, strlen(*s));
    g_clear_pointer(s, g_free);
}

static void
wipe_bytes(GBytes **bytes)
{
    gsize size;
    gpointer data;

    if (!*bytes)
        return;
    data = g_bytes_unref_to_data(g_steal_pointer(bytes), &size);
    if (data)
        explicit_bzero(data, size);
    g_free(data);
}

static void
wipe_file(struct reading_file *f)
{
    for (size_t i = 0; i < G_N_ELEMENTS(file_members); i++)
        wipe_string(member_at(f, &file_members[i]));
    wipe_bytes(&f->bytes);
}

static void
wipe_names(GPtrArray *addresses)
{
    for (guint i = 0; i < addresses->len; i++) {
        struct reading_address *a = g_ptr_array_index(addresses, i);

        wipe_string(&a->name);
    }
}

void
reading_wipe(struct reading *r)
{
    g_autofree char *path = g_steal_pointer(&r->return_path);

    for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
        wipe_string(member_at(r, &members[i]));
    r->return_path = g_steal_pointer(&path);
    wipe_names(r->from);
    wipe_names(r->reply_to);
    wipe_names(r->to);
    g_ptr_array_set_size(r->reply_to, 0);
    g_ptr_array_set_size(r->to, 0);
    g_ptr_array_set_size(r->references, 0);
    for (guint i = 0; i < r->files->len; i++)
        wipe_file(g_ptr_array_index(r->files, i));
    g_ptr_array_set_size(r->files, 0);
    r->body_is_html = FALSE;
    r->bounce_permanent = FALSE;
}

/* ---- writing ---- */

static GVariant *
write_members(const void *base, const struct member *table, size_t n)
{
    GVariantBuilder b;

    g_variant_builder_init(&b, G_VARIANT_TYPE("ams"));
    for (size_t i = 0; i < n; i++)
        g_variant_builder_add(&b, "ms", member_value(base, &table[i]));
    return g_variant_builder_end(&b);
}

static GVariant *
write_addresses(const GPtrArray *addresses)
{
    GVariantBuilder b;

    g_variant_builder_init(&b, G_VARIANT_TYPE("a(msms)"));
    for (guint i = 0; i < addresses->len; i++) {
        const struct reading_address *a = g_ptr_array_index(addresses, i);

        g_variant_builder_add(&b, "(msms)", a->name, a->address);
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

        g_variant_builder_add(&b, "(bs)", t->is_auth, t->value);
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

        g_variant_builder_add(
            &b, "(@amsuuxibbb)",
            write_members(f, file_members, G_N_ELEMENTS(file_members)),
            (guint32)f->kind, (guint32)f->state, f->size, (gint32)f->words,
            f->incomplete, f->nested, f->bytes != NULL);
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

GVariant *
reading_to_variant(const struct reading *r)
{
    return g_variant_new(
        "((uuubbs@ams@a(msms)@a(msms)@a(msms)@as@a(bs)@a(amsuuxibbb))@aay)",
        (guint32)r->flags, (guint32)r->machine, (guint32)r->secrecy,
        r->bounce_permanent, r->body_is_html,
        r->secrecy_rule ? r->secrecy_rule : "",
        write_members(r, members, G_N_ELEMENTS(members)),
        write_addresses(r->from), write_addresses(r->reply_to),
        write_addresses(r->to), write_references(r->references),
        write_trace(r->trace), write_files(r->files), write_blobs(r->files));
}

/* ---- reading back ---- */

static gboolean
is_control(gunichar c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c & 0xFFFE) == 0xFFFE ||
           (c >= 0xFDD0 && c <= 0xFDEF);
}

/* What text_clean() would leave as it is. */
static gboolean
text_ok(const char *s)
{
    for (const char *p = s; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (c != '\n' && c != '\t' && is_control(c))
            return FALSE;
    }
    return TRUE;
}

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
        return text_ok(s);
    case STRING_ADDRESS:
        return address_valid(s);
    case STRING_PATH:
        return !*s || address_valid(s);
    case STRING_HASH:
        return hash_ok(s);
    }
    return FALSE;
}

static gboolean
read_members(void *base, const struct member *table, size_t n, GVariant *v)
{
    if (g_variant_n_children(v) != n)
        return FALSE;
    for (size_t i = 0; i < n; i++) {
        char **s = member_at(base, &table[i]);

        g_variant_get_child(v, i, "ms", s);
        if (!string_ok(*s, table[i].kind))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_addresses(GPtrArray *addresses, GVariant *v)
{
    GVariantIter iter;
    char *name, *address;

    g_variant_iter_init(&iter, v);
    while (g_variant_iter_next(&iter, "(msms)", &name, &address)) {
        struct reading_address *a = g_new0(struct reading_address, 1);

        a->name = name;
        a->address = address;
        g_ptr_array_add(addresses, a);
        if (!string_ok(name, STRING_LINE) ||
            !string_ok(address, STRING_ADDRESS))
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
    g_autoptr(GVariant) strings = NULL;
    guint32 kind, state;
    gint32 words;
    gboolean has_bytes;

    g_variant_get(v, "(@amsuuxibbb)", &strings, &kind, &state, &f->size, &words,
                  &f->incomplete, &f->nested, &has_bytes);
    if (!read_members(f, file_members, G_N_ELEMENTS(file_members), strings) ||
        kind >= G_N_ELEMENTS(kind_names) ||
        state >= G_N_ELEMENTS(state_names) || f->size < 0 || words < 0)
        return FALSE;
    f->kind = kind;
    f->state = state;
    f->words = words;
    return !has_bytes || read_blob(f, blobs, next);
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
    guint32 flags, machine, secrecy;
    const char *rule;

    g_variant_get(record,
                  "(uuubb&samsa(msms)a(msms)a(msms)asa(bs)"
                  "a(amsuuxibbb))",
                  &flags, &machine, &secrecy, &r->bounce_permanent,
                  &r->body_is_html, &rule, NULL, NULL, NULL, NULL, NULL, NULL,
                  NULL);
    if (flags >= (READING_SPAM << 1) ||
        machine >= G_N_ELEMENTS(machine_names) ||
        secrecy >= G_N_ELEMENTS(secrecy_names))
        return FALSE;
    r->flags = flags;
    r->machine = machine;
    r->secrecy = secrecy;
    return read_secrecy_rule(r, rule);
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

    return read_members(r, members, G_N_ELEMENTS(members), strings) &&
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

const char *
reading_author(const struct reading *r)
{
    const struct reading_address *only;

    if (r->from->len != 1)
        return NULL;
    only = g_ptr_array_index(r->from, 0);
    return only->address;
}

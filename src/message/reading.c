/* reading.c - see reading.h: making, freeing and wiping; names.  Needs GLib
 * only, for the rules are linked with it. */
#include "message/reading.h"
#include "message/reading_members.h"

#include <string.h>

#define MEMBER(name, kind)                                                     \
    {                                                                          \
        offsetof(struct reading, name), kind                                   \
    }
const struct member reading_members[READING_MEMBERS] = {
    MEMBER(machine_reason, STRING_LINE), MEMBER(subject, STRING_LINE),
    MEMBER(sender, STRING_ADDRESS),      MEMBER(return_path, STRING_PATH),
    MEMBER(message_id, STRING_LINE),     MEMBER(was_date, STRING_LINE),
    MEMBER(bounced_id, STRING_LINE),     MEMBER(bounce_action, STRING_LINE),
    MEMBER(body, STRING_TEXT),           MEMBER(own_text, STRING_TEXT),
    MEMBER(identity, STRING_HASH),       MEMBER(raw_hash, STRING_HASH),
    MEMBER(bounce_cause, STRING_LINE),
};
#undef MEMBER

#define MEMBER(name, kind)                                                     \
    {                                                                          \
        offsetof(struct reading_file, name), kind                              \
    }
const struct member reading_file_members[READING_FILE_MEMBERS] = {
    MEMBER(name, STRING_LINE), MEMBER(other_name, STRING_LINE),
    MEMBER(type, STRING_LINE), MEMBER(sha256, STRING_HASH),
    MEMBER(text, STRING_TEXT), MEMBER(openness, STRING_LINE),
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

gboolean
file_kind_keeps_bytes(enum file_kind kind)
{
    return file_kind_is_word(kind) || kind == FILE_SHEET;
}

/* ---- making and freeing ---- */

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
    free_members(r, reading_members, READING_MEMBERS);
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
    free_members(f, reading_file_members, READING_FILE_MEMBERS);
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
    if (t->value) /* it outlives reading_wipe() */
        explicit_bzero(t->value, strlen(t->value));
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
    for (size_t i = 0; i < READING_FILE_MEMBERS; i++)
        wipe_string(member_at(f, &reading_file_members[i]));
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
    g_autofree char *sender = g_steal_pointer(&r->sender);

    for (size_t i = 0; i < READING_MEMBERS; i++)
        wipe_string(member_at(r, &reading_members[i]));
    r->return_path = g_steal_pointer(&path);
    r->sender = g_steal_pointer(&sender);
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

static const char *
suffix_of(const char *name)
{
    const char *dot = name ? strrchr(name, '.') : NULL;

    return dot && dot[1] ? dot + 1 : NULL;
}

/* Old programs shorten the one for others: 稿件.docx, GAOJIA~1.DOC. */
gboolean
reading_file_is_disguised(const struct reading_file *f)
{
    const char *one = suffix_of(f->name), *other = suffix_of(f->other_name);

    return one && other &&
           g_ascii_strncasecmp(one, other, MIN(strlen(one), strlen(other))) !=
               0;
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

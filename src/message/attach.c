/* attach.c - one file of a mail: kind, text, hash; and what is inside it.
 * See parts.h. */
#include "message/parts.h"
#include "draft/draft.h"
#include "draft/openness.h"
#include "message/hash.h"
#include "message/tnef.h"

#include <string.h>

enum { TNEF_FILES = 100 };

static void
look_at_names(struct gather *g, const struct reading_file *f,
              const char *entry_names)
{
    parts_look(g, f->name, PLACE_NAME);
    parts_look(g, f->other_name, PLACE_NAME);
    parts_look(g, entry_names, PLACE_NAME);
}

static char *
mark_of(const struct reading_file *f, const struct draft *d)
{
    const char *mark = openness_mark(f->name, PLACE_NAME);

    if (d->kind != FILE_SHEET)
        mark = openness_stricter(mark, openness_mark(d->text, PLACE_DRAFT));
    return g_strdup(
        openness_stricter(mark, openness_mark(d->margins, PLACE_MARGINS)));
}

static void
read_draft(struct gather *g, struct reading_file *f, const GByteArray *bytes)
{
    const guint8 *data = bytes->len ? bytes->data : (const guint8 *)"";
    struct draft d;

    draft_read(data, bytes->len, f->name, &draft_default_limits, &d);
    f->kind = d.kind;
    f->state = d.state;
    f->words = d.words;
    look_at_names(g, f, d.entry_names);
    if (d.kind != FILE_SHEET) /* a ledger repeats what was judged before */
        parts_look(g, d.text, PLACE_DRAFT);
    parts_look(g, d.margins, PLACE_MARGINS);
    f->openness = mark_of(f, &d);
    f->text = g_steal_pointer(&d.text);
    draft_clear(&d);
}

static void
note_span(struct gather *g, const struct attached *a, const char *sha256)
{
    struct identity_span span = {a->base64, a->base64_len, sha256};

    if (g->spans && a->base64)
        g_array_append_val(g->spans, span);
}

static struct reading_file *
new_file(struct gather *g, struct attached *a)
{
    struct reading_file *f = reading_file_new();

    f->name = g_steal_pointer(&a->name);
    f->other_name = g_steal_pointer(&a->other_name);
    f->type = g_steal_pointer(&a->type);
    f->incomplete = a->incomplete;
    f->nested = a->nested;
    f->size = a->bytes->len;
    f->sha256 = hash_sha256(a->bytes->data, a->bytes->len);
    note_span(g, a, f->sha256);
    read_draft(g, f, a->bytes);
    if (f->incomplete)
        g->r->flags |= READING_INCOMPLETE;
    if (a->forwarded && file_kind_is_word(f->kind))
        g->r->flags |= READING_FORWARDED;
    g_ptr_array_add(g->r->files, f);
    return f;
}

static void
open_tnef(struct gather *g, const GByteArray *bytes, unsigned depth,
          gboolean forwarded)
{
    gboolean damaged;
    g_autoptr(GArray) files =
        tnef_read(bytes->data, bytes->len, TNEF_FILES, &damaged);

    for (guint i = 0; i < files->len; i++) {
        struct tnef_file *t = &g_array_index(files, struct tnef_file, i);
        struct attached a = {
            .name = g_steal_pointer(&t->name),
            .type = g_strdup("application/octet-stream"),
            .bytes =
                g_byte_array_append(g_byte_array_new(), t->data, (guint)t->len),
            .incomplete = damaged && i + 1 == files->len,
            .nested = TRUE,
            .forwarded = forwarded,
            .depth = depth + 1,
        };

        attach_file(g, &a);
    }
}

void
attach_file(struct gather *g, struct attached *a)
{
    g_autoptr(GByteArray) bytes = a->bytes;
    unsigned depth = a->depth;
    gboolean forwarded = a->forwarded;
    struct reading_file *f = new_file(g, a);

    if (depth < g->limits->depth && f->kind == FILE_TNEF)
        open_tnef(g, bytes, depth, forwarded);
    else if (depth < g->limits->depth && f->kind == FILE_MESSAGE)
        parts_gather_nested(g, (const char *)bytes->data, bytes->len,
                            depth + 1);
    if (file_kind_keeps_bytes(f->kind))
        f->bytes = g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

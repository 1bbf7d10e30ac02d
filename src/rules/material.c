/* material.c - see material.h.
 *
 * Word beside PDF or pictures is normal: only where no Word file can be
 * taken is the sender told what the other files are. */
#include "rules/material.h"

#include <string.h>

static const struct reading_file *
file_at(const struct reading *r, guint i)
{
    return r->files->pdata[i];
}

static gboolean
has_name_of_word(const struct reading_file *f)
{
    return f->name && (g_str_has_suffix(f->name, ".doc") ||
                       g_str_has_suffix(f->name, ".docx") ||
                       g_str_has_suffix(f->name, ".wps"));
}

/* Word files, whatever their state; a file without bytes by its name. */
static gboolean
is_word(const struct reading_file *f)
{
    return file_kind_is_word(f->kind) ||
           (f->kind == FILE_EMPTY && has_name_of_word(f));
}

static gboolean
is_good(const struct reading_file *f)
{
    return file_kind_is_word(f->kind) && f->state == FILE_OK && f->text &&
           f->words > 0;
}

/* Is there a Word file outside forwarded messages?  Then those inside are
 * what is being answered, not what is sent. */
static gboolean
has_outer_word(const struct reading *r)
{
    for (guint i = 0; i < r->files->len; i++)
        if (is_word(file_at(r, i)) && !file_at(r, i)->nested)
            return TRUE;
    return FALSE;
}

static gboolean
is_same_draft(const struct reading_file *a, const struct reading_file *b)
{
    if (a->sha256 && b->sha256 && strcmp(a->sha256, b->sha256) == 0)
        return TRUE;
    return a->text && b->text && strcmp(a->text, b->text) == 0;
}

static gboolean
seen_before(const struct reading *r, guint i, gboolean outer)
{
    for (guint k = 0; k < i; k++)
        if (is_word(file_at(r, k)) && !(outer && file_at(r, k)->nested) &&
            is_same_draft(file_at(r, k), file_at(r, i)))
            return TRUE;
    return FALSE;
}

static void
add_state(const struct reading_file *f, struct material *out)
{
    switch (f->state) {
    case FILE_ENCRYPTED:
        reason_add(&out->faults, REASON_ENCRYPTED);
        break;
    case FILE_MACRO:
        reason_add(&out->faults, REASON_MACRO);
        break;
    case FILE_UNREADABLE:
    case FILE_OVER_LIMIT:
        if (f->incomplete)
            reason_add(&out->faults, REASON_INCOMPLETE);
        else
            out->unreadable = TRUE;
        break;
    case FILE_NO_TEXT:
    case FILE_OK:
        reason_add(&out->faults, REASON_EMPTY_DRAFT);
        break;
    }
}

/* Every different Word file: the good one is the draft. */
static void
weigh_word(const struct reading *r, struct material *out)
{
    gboolean outer = has_outer_word(r);

    for (guint i = 0; i < r->files->len; i++) {
        const struct reading_file *f = file_at(r, i);

        if (!is_word(f) || (outer && f->nested) || seen_before(r, i, outer))
            continue;
        out->count++;
        if (!is_good(f)) {
            add_state(f, out);
            continue;
        }
        if (f->incomplete)
            reason_add(&out->faults, REASON_INCOMPLETE);
        if (out->draft < 0)
            out->draft = (int)i;
        out->forwarded = f->nested && (r->flags & READING_FORWARDED);
    }
}

/* What a file that is no Word file is called in the answer. */
static enum reason
other_reason(const struct reading_file *f)
{
    switch (f->kind) {
    case FILE_ZIP:
    case FILE_RAR:
    case FILE_7Z:
        return f->state == FILE_ENCRYPTED ? REASON_ENCRYPTED : REASON_ARCHIVE;
    case FILE_EMPTY:
        return REASON_EMPTY_DRAFT;
    default:
        return f->state == FILE_ENCRYPTED ? REASON_ENCRYPTED : REASON_NOT_WORD;
    }
}

/* No Word file at all: say of everything else why it does not do. */
static void
weigh_others(const struct reading *r, struct material *out)
{
    for (guint i = 0; i < r->files->len; i++)
        if (file_at(r, i)->kind != FILE_MESSAGE)
            reason_add(&out->faults, other_reason(file_at(r, i)));
    if (r->flags & (READING_LINK_ONLY | READING_EXTERNAL))
        reason_add(&out->faults, REASON_LINK_ONLY);
    if (r->flags & READING_UUENCODED)
        reason_add(&out->faults, REASON_NOT_WORD);
}

void
material_weigh(const struct reading *r, gboolean need_word,
               struct material *out)
{
    *out = (struct material){.draft = -1};
    if (r->flags & READING_HEADER_ONLY) {
        reason_add(&out->faults, REASON_TOO_BIG);
        return;
    }
    if (r->flags & READING_PARTIAL)
        reason_add(&out->faults, REASON_PARTIAL);
    if (r->flags & READING_ENCRYPTED)
        reason_add(&out->faults, REASON_ENCRYPTED);
    if (r->flags & (READING_OVER_LIMIT | READING_MALFORMED))
        out->unreadable = TRUE;
    weigh_word(r, out);
    if (out->count == 0 && need_word && out->faults.n == 0)
        weigh_others(r, out);
    if ((r->flags & READING_INCOMPLETE) && out->draft < 0 && need_word)
        reason_add(&out->faults, REASON_INCOMPLETE);
    out->cut = (r->flags & READING_INCOMPLETE) && out->draft >= 0;
    if (out->draft < 0 && out->faults.n == 0 && !out->unreadable && need_word)
        reason_add(&out->faults, REASON_NO_DRAFT);
}

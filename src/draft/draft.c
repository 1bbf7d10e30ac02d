/* draft.c - see draft.h. */
#include "draft/draft.h"

#include "base/text.h"
#include "draft/doc.h"
#include "draft/docx.h"
#include "draft/html_doc.h"
#include "draft/kind.h"
#include "draft/rtf.h"
#include "draft/words.h"
#include "draft/wordxml.h"
#include "draft/xlsx.h"

const struct draft_limits draft_default_limits = {
    .entries = 1000,
    .entry_bytes = 50 * 1024 * 1024,
    .total_bytes = 100 * 1024 * 1024,
    .ratio = 100,
    .xml_depth = 256,
    .text_bytes = 10 * 1024 * 1024,
};

/* ---- the formats ---- */

static enum file_state
read_word(const guint8 *data, size_t len, const struct opened *o,
          const struct draft_limits *limits, GString *text, GString *margins)
{
    switch (o->kind) {
    case FILE_DOCX:
        if (o->zip)
            return docx_read(o->zip, &o->package, limits, text, margins);
        return wordxml_read(data, len, limits, text, margins);
    case FILE_WORDXML:
        return wordxml_read(data, len, limits, text, margins);
    case FILE_DOC: /* FILE_UNREADABLE: older than OLE2 */
        return o->ole ? doc_read(o->ole, limits, text, margins)
                      : FILE_UNREADABLE;
    case FILE_RTF:
        return rtf_read(data, len, limits, text, margins);
    case FILE_HTML:
        return html_doc_read(data, len, limits, text, margins);
    case FILE_TEXT:
        return text_doc_read(data, len, limits, text);
    case FILE_SHEET: /* not a ZIP: a format that no ledger of ours has */
        return o->zip ? xlsx_read(o->zip, limits, text) : FILE_OK;
    case FILE_EMPTY:
    case FILE_LOCK:
        return FILE_NO_TEXT;
    default:
        return FILE_OK;
    }
}

/* ---- what all share ---- */

static gboolean
is_blank(const char *text)
{
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);

        if (!g_unichar_isspace(c) && !text_is_invisible(c))
            return FALSE;
    }
    return TRUE;
}

/* Valid UTF-8 without controls, ended by a line end; NULL when nothing can
 * be seen in it.  Caller frees. */
static char *
clean(GString *raw, size_t limit)
{
    g_autofree char *text = NULL;

    if (raw->len > 0 && raw->str[raw->len - 1] != '\n')
        g_string_append_c(raw, '\n');
    text = text_clean(raw->str, MIN(raw->len, limit));
    return is_blank(text) ? NULL : g_steal_pointer(&text);
}

static void
read_opened(const guint8 *data, size_t len, const struct opened *o,
            const struct draft_limits *limits, struct draft *out)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) margins = g_string_new(NULL);

    out->state = read_word(data, len, o, limits, text, margins);
    if (out->state == FILE_OK || out->state == FILE_MACRO) {
        out->text = clean(text, limits->text_bytes);
    } else {
        /* no text to use, but a marking in it must be found */
        g_string_append_c(margins, '\n');
        g_string_append_len(margins, text->str, (gssize)text->len);
    }
    out->margins = clean(margins, 2 * limits->text_bytes);
    out->words = out->text ? words_count(out->text) : 0;
    if (out->state == FILE_OK && !out->text && file_kind_is_word(out->kind))
        out->state = FILE_NO_TEXT;
}

void
draft_read(const guint8 *data, size_t len, const char *name,
           const struct draft_limits *limits, struct draft *out)
{
    struct opened o;

    *out = (struct draft){.state = FILE_OK};
    kind_open(data, len, name, limits, &o);
    out->kind = o.kind;
    out->state = o.state;
    if (o.zip && o.kind == FILE_ZIP)
        out->entry_names = zip_names(o.zip);
    if (o.state == FILE_OK)
        read_opened(data, len, &o, limits, out);
    kind_close(&o);
}

void
draft_clear(struct draft *d)
{
    g_clear_pointer(&d->text, g_free);
    g_clear_pointer(&d->margins, g_free);
    g_clear_pointer(&d->entry_names, g_free);
}

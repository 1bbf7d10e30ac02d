/* wordml.c - see wordml.h.
 *
 * A document is a stack of stories: the main text at the bottom, above it
 * what interrupts it (a text box, a note or a header given in place).  A
 * story that ends goes where it belongs, and the one below goes on. */
#include "draft/wordml.h"

#include "draft/fields.h"
#include "draft/package.h"
#include "draft/symbols.h"

#include <string.h>

enum space {
    SPACE_OTHER,
    SPACE_WORD,
    SPACE_MATH,
    SPACE_COMPAT,
    SPACE_AML,
    SPACE_PACKAGE,
    SPACE_PROPERTY
};

/* What an element means to us. */
enum meaning {
    MEANS_NOTHING,
    MEANS_BINARY,
    MEANS_BOX,
    MEANS_BREAK,
    MEANS_CELL,
    MEANS_CHOICE,
    MEANS_DELETED,
    MEANS_FIELD,
    MEANS_HYPHEN,
    MEANS_MARGIN,
    MEANS_PARAGRAPH,
    MEANS_PARAGRAPH_STYLE,
    MEANS_PART,
    MEANS_PROPERTY,
    MEANS_REVISION,
    MEANS_ROW,
    MEANS_RUN,
    MEANS_SKIPPED,
    MEANS_STYLE,
    MEANS_SYMBOL,
    MEANS_TAB,
    MEANS_TEXT,
    MEANS_VANISH
};

struct element {
    const char *name;
    enum meaning meaning;
};

/* Sorted by name. */
static const struct element word_elements[] = {
    {"binData", MEANS_BINARY},
    {"br", MEANS_BREAK},
    {"comment", MEANS_SKIPPED},
    {"cr", MEANS_BREAK},
    {"del", MEANS_DELETED},
    {"delInstrText", MEANS_SKIPPED},
    {"delText", MEANS_SKIPPED},
    {"docOleData", MEANS_SKIPPED},
    {"docSuppData", MEANS_NOTHING}, /* holds binData: macros of 2003 XML */
    {"endnote", MEANS_MARGIN},
    {"fldChar", MEANS_FIELD},
    {"footnote", MEANS_MARGIN},
    {"ftr", MEANS_MARGIN},
    {"hdr", MEANS_MARGIN},
    {"instrText", MEANS_SKIPPED},
    {"moveFrom", MEANS_SKIPPED},
    {"noBreakHyphen", MEANS_HYPHEN},
    {"p", MEANS_PARAGRAPH},
    {"pPr", MEANS_PARAGRAPH_STYLE},
    {"pPrChange", MEANS_SKIPPED},
    {"pStyle", MEANS_STYLE},
    {"ptab", MEANS_TAB},
    {"r", MEANS_RUN},
    {"rPrChange", MEANS_SKIPPED},
    {"rt", MEANS_SKIPPED}, /* the reading above a character */
    {"sdtPr", MEANS_SKIPPED},
    {"sectPrChange", MEANS_SKIPPED},
    {"sym", MEANS_SYMBOL},
    {"symEx", MEANS_SYMBOL}, /* of Word 2016: beyond the BMP */
    {"t", MEANS_TEXT},
    {"tab", MEANS_TAB},
    {"tc", MEANS_CELL},
    {"tr", MEANS_ROW},
    {"txbxContent", MEANS_BOX},
    {"vanish", MEANS_VANISH},
};

static const struct {
    const char *uri;
    enum space space;
} spaces[] = {
    {"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
     SPACE_WORD},
    {"http://purl.oclc.org/ooxml/wordprocessingml/main", SPACE_WORD},
    {"http://schemas.microsoft.com/office/word/2003/wordml", SPACE_WORD},
    {"http://schemas.microsoft.com/office/word/2015/wordml/symex", SPACE_WORD},
    {"http://schemas.openxmlformats.org/officeDocument/2006/math", SPACE_MATH},
    {"http://purl.oclc.org/ooxml/officeDocument/math", SPACE_MATH},
    {"http://schemas.openxmlformats.org/markup-compatibility/2006",
     SPACE_COMPAT},
    {"http://schemas.microsoft.com/aml/2001/core", SPACE_AML},
    {"http://schemas.microsoft.com/office/2006/xmlPackage", SPACE_PACKAGE},
    {"urn:schemas-microsoft-com:office:office", SPACE_PROPERTY},
    {"http://purl.org/dc/elements/1.1/", SPACE_PROPERTY},
    {"http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
     SPACE_PROPERTY},
    {"http://schemas.openxmlformats.org/officeDocument/2006/"
     "extended-properties",
     SPACE_PROPERTY},
    {"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
     SPACE_PROPERTY},
    {"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
     SPACE_PROPERTY},
    {"http://purl.oclc.org/ooxml/officeDocument/extendedProperties",
     SPACE_PROPERTY},
    {"http://purl.oclc.org/ooxml/officeDocument/customProperties",
     SPACE_PROPERTY},
    {"http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes",
     SPACE_PROPERTY},
};

struct story {
    enum meaning kind; /* MEANS_BOX, MEANS_MARGIN; MEANS_NOTHING: the main */
    unsigned depth;    /* of the element that opened it */
    GString *text;
    GString *boxes;  /* text boxes waiting for their paragraph to end */
    unsigned runs;   /* open w:r */
    unsigned styles; /* open w:pPr */
    unsigned texts;  /* open w:t */
    gboolean hidden; /* w:vanish of the open run */
    gboolean unseen; /* the paragraph's style hides it */
    gboolean joined; /* the paragraph's mark is a tracked deletion */
};

struct wordml {
    struct sax *sax;
    GString *margins; /* borrowed */
    size_t limit, written;
    GPtrArray *stories;
    unsigned depth;
    unsigned skipped_at; /* depth of the element left out; 0: none is */
    unsigned choice_at;  /* depth of an mc:Choice already taken */
    struct fields fields;
    gboolean macro;
    const char *last_uri; /* libxml2 keeps one copy of each */
    enum space last_space;
};

/* ---- stories ---- */

static void
story_free(void *p)
{
    struct story *s = p;

    if (s->kind != MEANS_NOTHING)
        g_string_free(s->text, TRUE);
    g_string_free(s->boxes, TRUE);
    g_free(s);
}

static struct story *
top(const struct wordml *w)
{
    return g_ptr_array_index(w->stories, w->stories->len - 1);
}

static void
open_story(struct wordml *w, enum meaning kind, GString *text)
{
    struct story *s = g_new0(struct story, 1);

    s->kind = kind;
    s->depth = w->depth;
    s->text = text;
    s->boxes = g_string_new(NULL);
    g_ptr_array_add(w->stories, s);
}

static void
end_line(GString *text)
{
    if (text->len > 0 && text->str[text->len - 1] != '\n')
        g_string_append_c(text, '\n');
}

static void
close_story(struct wordml *w)
{
    struct story *s = top(w);

    end_line(s->text);
    g_string_append_len(w->margins, s->text->str, (gssize)s->text->len);
    if (s->kind == MEANS_BOX) {
        struct story *below =
            g_ptr_array_index(w->stories, w->stories->len - 2);

        g_string_append_len(below->boxes, s->text->str, (gssize)s->text->len);
    }
    g_ptr_array_remove_index(w->stories, w->stories->len - 1);
}

/* ---- text ---- */

static gboolean
is_shown(const struct wordml *w)
{
    return w->fields.codes == 0 && !top(w)->hidden && !top(w)->unseen;
}

static void
put(struct wordml *w, const char *bytes, size_t len)
{
    w->written += len;
    if (w->written > w->limit)
        sax_stop(w->sax, FILE_OVER_LIMIT);
    else
        g_string_append_len(top(w)->text, bytes, (gssize)len);
}

static void
put_in_run(struct wordml *w, const char *text)
{
    if (top(w)->runs > 0 && top(w)->styles == 0 && is_shown(w))
        put(w, text, strlen(text));
}

static void
end_paragraph(struct wordml *w)
{
    struct story *s = top(w);

    if (!s->joined)
        put(w, "\n", 1);
    s->joined = s->unseen = FALSE;
    if (s->boxes->len > 0) {
        end_line(s->text);
        put(w, s->boxes->str, s->boxes->len);
        g_string_truncate(s->boxes, 0);
    }
}

/* A cell's last paragraph ends with a tab, a row's last cell with a line
 * end: one row, one line, and the paragraphs inside a cell stay apart. */
static void
replace_end(GString *text, char from, char to)
{
    if (text->len > 0 && text->str[text->len - 1] == from)
        text->str[text->len - 1] = to;
}

/* ---- elements with attributes ---- */

static void
on_field(struct wordml *w, const struct sax_attributes *a)
{
    g_autofree char *type = sax_attribute(a, "fldCharType");

    if (g_strcmp0(type, "begin") == 0)
        fields_begin(&w->fields);
    else if (g_strcmp0(type, "separate") == 0)
        fields_separate(&w->fields);
    else
        fields_end(&w->fields);
}

static void
on_symbol(struct wordml *w, const struct sax_attributes *a)
{
    g_autofree char *font = sax_attribute(a, "font");
    g_autofree char *code = sax_attribute(a, "char");
    char utf8[7] = "";

    if (!code)
        return;
    g_unichar_to_utf8(
        symbol_char(font, (guint32)g_ascii_strtoull(code, NULL, 16)), utf8);
    put_in_run(w, utf8);
}

static void
on_vanish(struct wordml *w, const struct sax_attributes *a)
{
    g_autofree char *value = sax_attribute(a, "val");

    if (top(w)->runs == 0 || top(w)->styles > 0)
        return;
    top(w)->hidden =
        !value || !(strcmp(value, "0") == 0 || strcmp(value, "false") == 0 ||
                    strcmp(value, "off") == 0);
}

/* Styles are not read, but these two are Word's own, always hidden: what a
 * form of a web page leaves behind when it is pasted. */
static void
on_style(struct wordml *w, const struct sax_attributes *a)
{
    g_autofree char *style = sax_attribute(a, "val");

    if (g_strcmp0(style, "z-TopofForm") == 0 ||
        g_strcmp0(style, "z-BottomofForm") == 0)
        top(w)->unseen = TRUE;
}

/* aml:annotation of Word 2003 XML: all but insertions is not text. */
static gboolean
is_left_out(const struct sax_attributes *a)
{
    g_autofree char *type = sax_attribute(a, "type");

    return type && g_str_has_prefix(type, "Word.") &&
           strcmp(type, "Word.Insertion") != 0;
}

static void
on_binary(struct wordml *w, const struct sax_attributes *a)
{
    g_autofree char *name = sax_attribute(a, "name");

    if (name && g_ascii_strcasecmp(name, "editdata.mso") == 0)
        w->macro = TRUE;
    w->skipped_at = w->depth;
}

/* A part of flat OPC: the same parts count as in a .docx. */
static void
on_part(struct wordml *w, const struct sax_attributes *a)
{
    g_autofree char *type = sax_attribute(a, "contentType");

    w->macro |= type && package_type_is_macro(type);
    if (!type || package_part_of(type) == PART_OTHER)
        w->skipped_at = w->depth;
}

/* ---- events ---- */

static int
compare_element(const void *key, const void *element)
{
    return strcmp(key, ((const struct element *)element)->name);
}

static enum space
space_of(struct wordml *w, const char *uri)
{
    if (uri == w->last_uri)
        return w->last_space;
    w->last_uri = uri;
    w->last_space = SPACE_OTHER;
    for (size_t i = 0; i < G_N_ELEMENTS(spaces); i++)
        if (strcmp(uri, spaces[i].uri) == 0)
            w->last_space = spaces[i].space;
    return w->last_space;
}

/* Document properties are read wherever a dialect keeps them. */
static enum meaning
property_meaning(const char *local)
{
    static const char *const roots[] = {"coreProperties", "Properties",
                                        "DocumentProperties",
                                        "CustomDocumentProperties", NULL};

    return g_strv_contains(roots, local) ? MEANS_MARGIN : MEANS_PROPERTY;
}

static enum meaning
package_meaning(const char *local)
{
    if (strcmp(local, "part") == 0)
        return MEANS_PART;
    return strcmp(local, "binaryData") == 0 ? MEANS_SKIPPED : MEANS_NOTHING;
}

static enum meaning
meaning_of(struct wordml *w, const char *local, const char *uri)
{
    const struct element *e;

    switch (space_of(w, uri)) {
    case SPACE_WORD:
        e = bsearch(local, word_elements, G_N_ELEMENTS(word_elements),
                    sizeof *word_elements, compare_element);
        return e ? e->meaning : MEANS_NOTHING;
    case SPACE_MATH:
        return strcmp(local, "t") == 0 ? MEANS_TEXT : MEANS_NOTHING;
    case SPACE_COMPAT:
        if (strcmp(local, "Choice") == 0)
            return MEANS_CHOICE;
        return strcmp(local, "Fallback") == 0 ? MEANS_SKIPPED : MEANS_NOTHING;
    case SPACE_AML:
        return strcmp(local, "annotation") == 0 ? MEANS_REVISION
                                                : MEANS_NOTHING;
    case SPACE_PACKAGE:
        return package_meaning(local);
    case SPACE_PROPERTY:
        return property_meaning(local);
    default:
        return MEANS_NOTHING;
    }
}

static void
open_marked(struct wordml *w, enum meaning m, const struct sax_attributes *a)
{
    switch (m) {
    case MEANS_FIELD:
        on_field(w, a);
        break;
    case MEANS_SYMBOL:
        on_symbol(w, a);
        break;
    case MEANS_STYLE:
        on_style(w, a);
        break;
    case MEANS_VANISH:
        on_vanish(w, a);
        break;
    case MEANS_BINARY:
        on_binary(w, a);
        break;
    case MEANS_PART:
        on_part(w, a);
        break;
    case MEANS_REVISION:
        if (is_left_out(a))
            w->skipped_at = w->depth;
        break;
    case MEANS_CHOICE: /* of several alternatives the first is taken */
        if (w->choice_at == w->depth)
            w->skipped_at = w->depth;
        break;
    case MEANS_DELETED:
        if (top(w)->styles > 0)
            top(w)->joined = TRUE;
        w->skipped_at = w->depth;
        break;
    default:
        break;
    }
}

static void
on_start(void *user, const char *local, const char *uri,
         const struct sax_attributes *a)
{
    struct wordml *w = user;
    enum meaning m;

    w->depth++;
    if (w->skipped_at)
        return;
    m = meaning_of(w, local, uri);
    switch (m) {
    case MEANS_SKIPPED:
        w->skipped_at = w->depth;
        break;
    case MEANS_BOX:
    case MEANS_MARGIN:
        open_story(w, m, g_string_new(NULL));
        break;
    case MEANS_RUN:
        top(w)->runs++;
        break;
    case MEANS_PARAGRAPH_STYLE:
        top(w)->styles++;
        break;
    case MEANS_TEXT:
        top(w)->texts++;
        break;
    case MEANS_PROPERTY:
        top(w)->texts += top(w)->kind == MEANS_MARGIN;
        break;
    case MEANS_TAB:
        put_in_run(w, "\t");
        break;
    case MEANS_BREAK:
        put_in_run(w, "\n");
        break;
    case MEANS_HYPHEN:
        put_in_run(w, "-");
        break;
    default:
        open_marked(w, m, a);
    }
}

static void
close_element(struct wordml *w, enum meaning m)
{
    struct story *s = top(w);

    switch (m) {
    case MEANS_PARAGRAPH:
        end_paragraph(w);
        break;
    case MEANS_RUN:
        s->runs -= s->runs > 0;
        s->hidden = FALSE;
        break;
    case MEANS_PARAGRAPH_STYLE:
        s->styles -= s->styles > 0;
        break;
    case MEANS_TEXT:
        s->texts -= s->texts > 0;
        break;
    case MEANS_PROPERTY:
        if (s->kind == MEANS_MARGIN) {
            s->texts -= s->texts > 0;
            end_line(s->text);
        }
        break;
    case MEANS_CELL:
        replace_end(s->text, '\n', '\t');
        break;
    case MEANS_ROW:
        replace_end(s->text, '\t', '\n');
        break;
    case MEANS_CHOICE:
        w->choice_at = w->depth;
        break;
    case MEANS_BOX:
    case MEANS_MARGIN:
        if (s->depth == w->depth && w->stories->len > 1)
            close_story(w);
        break;
    default:
        break;
    }
}

static void
on_end(void *user, const char *local, const char *uri)
{
    struct wordml *w = user;

    if (w->skipped_at == 0) {
        close_element(w, meaning_of(w, local, uri));
        if (w->choice_at > w->depth)
            w->choice_at = 0;
    } else if (w->skipped_at == w->depth) {
        w->skipped_at = 0;
    }
    w->depth--;
}

static void
on_text(void *user, const char *bytes, size_t len)
{
    struct wordml *w = user;

    if (!w->skipped_at && top(w)->texts > 0 && is_shown(w))
        put(w, bytes, len);
}

static const struct sax_handler handler = {on_start, on_end, on_text};

/* ---- the reader ---- */

struct wordml *
wordml_new(GString *text, GString *margins, const struct draft_limits *limits)
{
    struct wordml *w = g_new0(struct wordml, 1);

    w->margins = margins;
    w->limit = limits->text_bytes;
    w->stories = g_ptr_array_new_with_free_func(story_free);
    w->sax = sax_new(&handler, w, limits);
    open_story(w, MEANS_NOTHING, text);
    return w;
}

void
wordml_free(struct wordml *w)
{
    if (!w)
        return;
    sax_free(w->sax);
    g_ptr_array_free(w->stories, TRUE);
    g_free(w);
}

gboolean
wordml_push(struct wordml *w, const guint8 *bytes, size_t len)
{
    return sax_push(w->sax, bytes, len);
}

enum file_state
wordml_finish(struct wordml *w)
{
    return sax_finish(w->sax);
}

gboolean
wordml_has_macro(const struct wordml *w)
{
    return w->macro;
}

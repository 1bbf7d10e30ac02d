/* document.c - see document.h. */
#include "report/document_parts.h"

#include "base/text.h"
#include "report/archive.h"
#include "report/package.h"

#include <string.h>

enum {
    DIGIT = 105,     /* twips of a digit in a table of 10.5 points */
    TABLE_SIZE = 21, /* ... in half-points */
    TABLE_SIZE_LEAST = 14,
    TABLE_SIZE_MOST = 24,
    SEAL_INDENT = 4,  /* characters between the date and the edge (7.3.5.1) */
    ANNEX_INDENT = 2, /* before 附件： (7.3.4) */
    TITLE_QUARTER = 110, /* twips of a quarter of a character of a title */
    SHRINK = 115 /* per cent that a table may be too wide for the page */
};

struct document {
    struct document_options options; /* its strings are owned, as are ... */
    GStringChunk *strings;           /* ... all of these */
    GStrv breaks;                    /* likewise */
    GString *body;
    gsize after_style; /* of the last paragraph: behind its <w:pStyle> */
    gboolean across;   /* the page is turned */
    gboolean opened;   /* nothing stands on this section's page yet */
    int columns;       /* of the table being written */
    int *widths;       /* in twips; owned */
    int size;          /* of its letters, in half-points */
};

static const char *const style_ids[] = {
    [PARAGRAPH_NUMBER] = "Number",    [PARAGRAPH_TITLE] = "Title",
    [PARAGRAPH_TO] = "Addressees",    [PARAGRAPH_TEXT] = "BodyText",
    [PARAGRAPH_HEADING] = "Heading1", [PARAGRAPH_SUBHEADING] = "Heading2",
    [PARAGRAPH_ANNEX] = "Annex",      [PARAGRAPH_ANNEX_TITLE] = "AnnexTitle",
    [PARAGRAPH_CAPTION] = "Caption",  [PARAGRAPH_NOTE] = "Note",
};
G_STATIC_ASSERT(G_N_ELEMENTS(style_ids) == PARAGRAPH_NUMBER_OF);

static const char *
keep(struct document *d, const char *text)
{
    return g_string_chunk_insert_const(d->strings, text);
}

static struct document_font
keep_font(struct document *d, struct document_font f)
{
    return (struct document_font){keep(d, f.name), keep(d, f.other)};
}

struct document *
document_new(const struct document_options *o, const char *const *breaks)
{
    struct document *d = g_new0(struct document, 1);

    d->breaks = g_strdupv((GStrv)breaks);
    d->strings = g_string_chunk_new(512);
    d->body = g_string_new(NULL);
    d->opened = TRUE;
    d->options =
        (struct document_options){.title = keep_font(d, o->title),
                                  .heading = keep_font(d, o->heading),
                                  .subheading = keep_font(d, o->subheading),
                                  .text = keep_font(d, o->text),
                                  .page = keep_font(d, o->page),
                                  .name = keep(d, o->name),
                                  .author = keep(d, o->author),
                                  .made = o->made};
    return d;
}

void
document_free(struct document *d)
{
    if (!d)
        return;
    g_string_chunk_free(d->strings);
    g_strfreev(d->breaks);
    g_string_free(d->body, TRUE);
    g_free(d->widths);
    g_free(d);
}

/* ---- text ---- */

/* A run; a tab and a line end are elements of their own. */
static void
append_run(GString *out, const char *text, int size)
{
    g_autofree char *clean = text_clean(text, strlen(text));
    const char *p = clean;

    g_string_append(out, "<w:r>");
    if (size)
        g_string_append_printf(out,
                               "<w:rPr><w:sz w:val=\"%d\"/>"
                               "<w:szCs w:val=\"%d\"/></w:rPr>",
                               size, size);
    while (*p) {
        gsize n = strcspn(p, "\t\n");
        g_autofree char *escaped = g_markup_escape_text(p, (gssize)n);

        if (n)
            g_string_append_printf(out, "<w:t xml:space=\"preserve\">%s</w:t>",
                                   escaped);
        p += n;
        if (*p)
            g_string_append(out, *p++ == '\t' ? "<w:tab/>" : "<w:br/>");
    }
    g_string_append(out, "</w:r>");
}

/* `more` is of the paragraph's properties, in the order of the schema. */
static void
append_paragraph(struct document *d, const char *style, const char *more,
                 const char *text)
{
    g_string_append_printf(d->body, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>",
                           style);
    d->after_style = d->body->len;
    g_string_append_printf(d->body, "%s</w:pPr>", more);
    if (*text)
        append_run(d->body, text, 0);
    g_string_append(d->body, "</w:p>");
    d->opened = FALSE;
}

/* In quarters of a character.  ASCII is half as wide as a Chinese character,
 * and Word, WPS and LibreOffice all leave a quarter between the two. */
static int
quarters(const char *text)
{
    gboolean narrow = FALSE;
    int n = 0;

    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gboolean ascii = g_utf8_get_char(p) < 0x80;

        n += (ascii ? 2 : 4) + (p > text && ascii != narrow);
        narrow = ascii;
    }
    return n;
}

/* How much of a title its first line takes, in quarters: the least
 * that a word for breaking allows and that is not less than the rest.  0: it
 * fits on one line, or there is no good place. */
static int
first_line(const struct document *d, const char *text, int room)
{
    int whole = quarters(text), best = 0;

    if (whole <= room)
        return 0;
    for (char **word = d->breaks; word && *word; word++) {
        const char *at = **word ? strstr(text, *word) : NULL;
        g_autofree char *before =
            at ? g_strndup(text, (gsize)(at - text)) : NULL;
        int first = before ? quarters(before) : 0;

        if (first <= room && first >= whole - first &&
            (best == 0 || first < best))
            best = first;
    }
    return best;
}

/* The line is made as narrow as its first part, so that it is broken there
 * and the text stays one text. */
static char *
title_margins(const struct document *d, const char *text)
{
    int width = d->across ? TEXT_WIDTH_ACROSS : TEXT_WIDTH;
    int first = first_line(d, text, width / TITLE_QUARTER);
    /* room for digits of other fonts, but not for one more character */
    int side = (width - (first * 2 + 7) * TITLE_QUARTER / 2) / 2;

    if (first == 0 || side <= 0)
        return g_strdup("");
    return g_strdup_printf("<w:ind w:left=\"%d\" w:right=\"%d\"/>", side, side);
}

void
document_paragraph(struct document *d, enum paragraph kind, const char *text)
{
    g_autofree char *more = NULL;

    if (kind == PARAGRAPH_ANNEX && d->opened)
        more = g_strdup("<w:pageBreakBefore w:val=\"0\"/>");
    else if (kind == PARAGRAPH_TITLE || kind == PARAGRAPH_ANNEX_TITLE)
        more = title_margins(d, text);
    append_paragraph(d, style_ids[kind], more ? more : "", text);
}

/* The last paragraph goes with what follows. */
static void
keep_with_next(struct document *d)
{
    if (d->after_style)
        g_string_insert(d->body, (gssize)d->after_style, "<w:keepNext/>");
}

void
document_annex_list(struct document *d, const char *head,
                    const char *const *names, guint n)
{
    int indent = ANNEX_INDENT * CHARACTER;
    int head_width = quarters(head) * CHARACTER / 4;
    int number_width = n > 9 ? CHARACTER * 2 : CHARACTER * 3 / 2;

    if (n == 0)
        return;
    keep_with_next(d);
    append_paragraph(d, "AnnexList", "", "");
    for (guint i = 0; i < n; i++) {
        int hanging = (i == 0 ? head_width : 0) + (n > 1 ? number_width : 0);
        int left = indent + head_width + (n > 1 ? number_width : 0);
        g_autofree char *number =
            n > 1 ? g_strdup_printf("%u.\t", i + 1) : g_strdup("");
        g_autofree char *text =
            g_strconcat(i == 0 ? head : "", number, names[i], NULL);
        g_autofree char *more = g_strdup_printf(
            "<w:tabs><w:tab w:val=\"left\" w:pos=\"%d\"/></w:tabs>"
            "<w:ind w:left=\"%d\" w:hanging=\"%d\"/>",
            left, left, hanging);

        append_paragraph(d, "AnnexList", more, text);
    }
}

/* Both are centred on one line; the longer one keeps its distance. */
void
document_sign(struct document *d, const char *office, const char *date)
{
    int difference = (quarters(date) - quarters(office)) * CHARACTER / 8;
    int date_right = SEAL_INDENT * CHARACTER;
    int office_right = date_right + difference;
    g_autofree char *office_more = NULL, *date_more = NULL;

    if (office_right < 0) {
        office_right = 0;
        date_right = -difference;
    }
    office_more = g_strdup_printf("<w:ind w:right=\"%d\"/>", office_right);
    /* the last of the block: what follows may begin a page */
    date_more = g_strdup_printf("<w:keepNext w:val=\"0\"/>"
                                "<w:ind w:right=\"%d\"/>",
                                date_right);
    keep_with_next(d);
    append_paragraph(d, "Signature", "", "");
    append_paragraph(d, "Signature", "", "");
    append_paragraph(d, "Signature", office_more, office);
    append_paragraph(d, "Signature", date_more, date);
}

/* ---- pages ---- */

static void
append_section(GString *out, gboolean across)
{
    static const char size[] = "<w:pgSz w:w=\"%d\" w:h=\"%d\"%s/>";
    static const char margins[] =
        "<w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" w:left=\"%d\" "
        "w:header=\"851\" w:footer=\"%d\" w:gutter=\"0\"/>";

    g_string_append(out, "<w:sectPr>"
                         "<w:footerReference w:type=\"default\" r:id=\"rId4\"/>"
                         "<w:footerReference w:type=\"even\" r:id=\"rId5\"/>");
    if (across) { /* the sheet turned clockwise: its binding edge on top */
        g_string_append_printf(out, size, PAGE_LONG, PAGE_SHORT,
                               " w:orient=\"landscape\"");
        g_string_append_printf(out, margins, MARGIN_LEFT, MARGIN_TOP,
                               MARGIN_RIGHT, MARGIN_BOTTOM, 900);
    } else {
        g_string_append_printf(out, size, PAGE_SHORT, PAGE_LONG, "");
        g_string_append_printf(out, margins, MARGIN_TOP, MARGIN_RIGHT,
                               MARGIN_BOTTOM, MARGIN_LEFT, FOOTER_DISTANCE);
    }
    g_string_append_printf(
        out, "<w:docGrid w:type=\"lines\" w:linePitch=\"%d\"/></w:sectPr>",
        LINE);
}

static void
turn(struct document *d, gboolean across)
{
    if (d->across == across)
        return;
    /* the section that ends here, in a paragraph of no height */
    g_string_append(d->body, "<w:p><w:pPr><w:spacing w:line=\"20\" "
                             "w:lineRule=\"exact\"/>");
    append_section(d->body, d->across);
    g_string_append(d->body, "</w:pPr></w:p>");
    d->across = across;
    d->opened = TRUE;
    d->after_style = 0;
}

static int
natural_width(const double *widths, int columns)
{
    double sum = 0;

    for (int i = 0; i < columns; i++)
        sum += widths[i];
    return (int)(sum * DIGIT);
}

void
document_turn_for(struct document *d, const double *widths, int columns)
{
    turn(d, natural_width(widths, columns) > TEXT_WIDTH * SHRINK / 100);
}

void
document_turn_back(struct document *d)
{
    turn(d, FALSE);
}

/* ---- tables ---- */

/* Columns take the whole width; letters grow and shrink with them. */
static void
fit_columns(struct document *d, const double *widths, int columns)
{
    int room = d->across ? TEXT_WIDTH_ACROSS : TEXT_WIDTH, taken = 0;
    double scale = (double)room / natural_width(widths, columns);

    g_free(d->widths);
    d->widths = g_new0(int, columns);
    d->columns = columns;
    for (int i = 0; i < columns; i++) {
        d->widths[i] = (int)(widths[i] * DIGIT * scale);
        taken += d->widths[i];
    }
    d->widths[columns - 1] += room - taken;
    d->size =
        CLAMP((int)(TABLE_SIZE * scale), TABLE_SIZE_LEAST, TABLE_SIZE_MOST);
}

void
document_table(struct document *d, const double *widths, int columns)
{
    static const char *const sides[] = {"top",   "left",    "bottom",
                                        "right", "insideH", "insideV"};

    fit_columns(d, widths, columns);
    g_string_append_printf(d->body,
                           "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" "
                           "w:type=\"dxa\"/><w:jc w:val=\"center\"/>"
                           "<w:tblBorders>",
                           d->across ? TEXT_WIDTH_ACROSS : TEXT_WIDTH);
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++)
        g_string_append_printf(d->body,
                               "<w:%s w:val=\"single\" w:sz=\"4\" "
                               "w:space=\"0\" w:color=\"000000\"/>",
                               sides[i]);
    g_string_append(d->body, "</w:tblBorders><w:tblLayout w:type=\"fixed\"/>"
                             "<w:tblCellMar><w:left w:w=\"40\" "
                             "w:type=\"dxa\"/><w:right w:w=\"40\" "
                             "w:type=\"dxa\"/></w:tblCellMar></w:tblPr>"
                             "<w:tblGrid>");
    for (int i = 0; i < columns; i++)
        g_string_append_printf(d->body, "<w:gridCol w:w=\"%d\"/>",
                               d->widths[i]);
    g_string_append(d->body, "</w:tblGrid>");
    d->opened = FALSE;
    d->after_style = 0;
}

static void
append_cell(struct document *d, const struct document_cell *c, int width,
            gboolean head)
{
    g_string_append_printf(
        d->body, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/>", width);
    if (c->span > 1)
        g_string_append_printf(d->body, "<w:gridSpan w:val=\"%d\"/>", c->span);
    if (c->merge != MERGE_NONE)
        g_string_append_printf(d->body, "<w:vMerge%s/>",
                               c->merge == MERGE_FIRST ? " w:val=\"restart\""
                                                       : "");
    if (c->shaded)
        g_string_append(d->body, "<w:shd w:val=\"clear\" w:color=\"auto\" "
                                 "w:fill=\"D9D9D9\"/>");
    g_string_append_printf(d->body,
                           "<w:vAlign w:val=\"center\"/></w:tcPr><w:p><w:pPr>"
                           "<w:pStyle w:val=\"%s\"/>%s</w:pPr>",
                           head ? "CellHead" : "Cell",
                           c->left ? "<w:jc w:val=\"left\"/>" : "");
    if (c->text && *c->text)
        append_run(d->body, c->text, d->size);
    g_string_append(d->body, "</w:p></w:tc>");
}

void
document_row(struct document *d, const struct document_cell *cells, int n,
             gboolean head)
{
    int column = 0;

    g_string_append_printf(d->body, "<w:tr><w:trPr><w:cantSplit/>%s</w:trPr>",
                           head ? "<w:tblHeader/>" : "");
    for (int i = 0; i < n; i++) {
        int width = 0, end = column + MAX(cells[i].span, 1);

        g_assert(end <= d->columns);
        while (column < end)
            width += d->widths[column++];
        append_cell(d, &cells[i], width, head);
    }
    g_assert(column == d->columns);
    g_string_append(d->body, "</w:tr>");
}

void
document_table_end(struct document *d)
{
    g_string_append(d->body, "</w:tbl>");
}

/* ---- the file ---- */

static char *
document_xml(struct document *d)
{
    GString *xml = g_string_new(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
        "<w:document " DOCUMENT_W "><w:body>");

    g_string_append_len(xml, d->body->str, (gssize)d->body->len);
    if (g_str_has_suffix(d->body->str, "</w:tbl>")) /* must not be the last */
        g_string_append(xml, "<w:p><w:pPr><w:spacing w:line=\"20\" "
                             "w:lineRule=\"exact\"/></w:pPr></w:p>");
    append_section(xml, d->across);
    g_string_append(xml, "</w:body></w:document>");
    return g_string_free(xml, FALSE);
}

/* All parts in one archive.  Caller unrefs. */
static GBytes *
pack(const GArray *parts, const char *xml)
{
    g_autoptr(archive) a = archive_in_memory();

    for (guint i = 0; i < parts->len; i++) {
        const struct document_part *part =
            &g_array_index(parts, struct document_part, i);

        archive_add(a, part->name, part->xml, strlen(part->xml));
    }
    archive_add(a, "word/document.xml", xml, strlen(xml));
    return archive_take(a);
}

enum st
document_finish(struct document *d, GBytes **out, struct err *e)
{
    const struct package_want want = {"word/document.xml", 1};
    g_autoptr(GArray) parts = document_parts(&d->options);
    g_autofree char *xml = document_xml(d);
    g_autoptr(GBytes) bytes = pack(parts, xml);
    gsize len = 0;
    const void *data = g_bytes_get_data(bytes, &len);
    enum st st = package_check(d->options.name, data, len, &want, e);

    if (st == ST_OK)
        *out = g_steal_pointer(&bytes);
    return st;
}

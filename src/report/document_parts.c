/* document_parts.c - styles, fonts, footers and properties of a .docx. */
#include "report/document_parts.h"

#include "base/text.h"

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define OPC "http://schemas.openxmlformats.org/package/2006/"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/"
#define WORD_TYPE                                                              \
    "application/vnd.openxmlformats-officedocument.wordprocessingml."

static const char content_types[] =
    XML "<Types xmlns=\"" OPC "content-types\">"
        "<Default Extension=\"rels\" ContentType=\"application/vnd."
        "openxmlformats-package.relationships+xml\"/>"
        "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        "<Override PartName=\"/word/document.xml\" ContentType=\"" WORD_TYPE
        "document.main+xml\"/>"
        "<Override PartName=\"/word/styles.xml\" ContentType=\"" WORD_TYPE
        "styles+xml\"/>"
        "<Override PartName=\"/word/settings.xml\" ContentType=\"" WORD_TYPE
        "settings+xml\"/>"
        "<Override PartName=\"/word/fontTable.xml\" ContentType=\"" WORD_TYPE
        "fontTable+xml\"/>"
        "<Override PartName=\"/word/footer1.xml\" ContentType=\"" WORD_TYPE
        "footer+xml\"/>"
        "<Override PartName=\"/word/footer2.xml\" ContentType=\"" WORD_TYPE
        "footer+xml\"/>"
        "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/"
        "vnd.openxmlformats-package.core-properties+xml\"/>"
        "<Override PartName=\"/docProps/app.xml\" ContentType=\"application/"
        "vnd.openxmlformats-officedocument.extended-properties+xml\"/>"
        "</Types>";

static const char package_relations[] = XML
    "<Relationships xmlns=\"" OPC "relationships\">"
    "<Relationship Id=\"rId1\" Type=\"" OFFICE
    "relationships/officeDocument\" Target=\"word/document.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"" OPC
    "relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>"
    "<Relationship Id=\"rId3\" Type=\"" OFFICE
    "relationships/extended-properties\" Target=\"docProps/app.xml\"/>"
    "</Relationships>";

static const char document_relations[] =
    XML "<Relationships xmlns=\"" OPC "relationships\">"
        "<Relationship Id=\"rId1\" Type=\"" OFFICE
        "relationships/styles\" Target=\"styles.xml\"/>"
        "<Relationship Id=\"rId2\" Type=\"" OFFICE
        "relationships/settings\" Target=\"settings.xml\"/>"
        "<Relationship Id=\"rId3\" Type=\"" OFFICE
        "relationships/fontTable\" Target=\"fontTable.xml\"/>"
        "<Relationship Id=\"rId4\" Type=\"" OFFICE
        "relationships/footer\" Target=\"footer1.xml\"/>"
        "<Relationship Id=\"rId5\" Type=\"" OFFICE
        "relationships/footer\" Target=\"footer2.xml\"/>"
        "</Relationships>";

static const char application[] =
    XML "<Properties xmlns=\"" OFFICE "extended-properties\">"
        "<Application>baosong</Application></Properties>";

static const char settings[] =
    XML "<w:settings " DOCUMENT_W ">"
        "<w:defaultTabStop w:val=\"420\"/>"
        "<w:evenAndOddHeaders/>"
        "<w:characterSpacingControl w:val=\"doNotCompress\"/>"
        "<w:compat><w:compatSetting w:name=\"compatibilityMode\" "
        "w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/>"
        "</w:compat>"
        "<w:themeFontLang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/>"
        "</w:settings>";

/* ---- fonts ---- */

static void
append_font(GString *out, const struct document_font *font, const char *family)
{
    g_autofree char *name = g_markup_escape_text(font->name, -1);
    g_autofree char *other = g_markup_escape_text(font->other, -1);

    /* 86: GB2312, by which Word chooses another Chinese font at need */
    g_string_append_printf(out,
                           "<w:font w:name=\"%s\"><w:altName w:val=\"%s\"/>"
                           "<w:charset w:val=\"86\"/><w:family w:val=\"%s\"/>"
                           "<w:pitch w:val=\"default\"/></w:font>",
                           name, other, family);
}

static char *
font_table(const struct document_options *o)
{
    const struct {
        const struct document_font *font;
        const char *family;
    } all[] = {{&o->text, "modern"},
               {&o->title, "auto"},
               {&o->heading, "modern"},
               {&o->subheading, "modern"},
               {&o->page, "auto"}};
    GString *out = g_string_new(XML "<w:fonts " DOCUMENT_W ">");

    for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
        gboolean again = FALSE;

        for (guint j = 0; j < i; j++)
            again |= g_str_equal(all[j].font->name, all[i].font->name);
        if (!again)
            append_font(out, all[i].font, all[i].family);
    }
    g_string_append(out, "</w:fonts>");
    return g_string_free(out, FALSE);
}

/* ---- styles ---- */

#define TWO_IN "<w:ind w:firstLineChars=\"200\" w:firstLine=\"630\"/>"
#define CENTRED "<w:jc w:val=\"center\"/>"
#define OUTLINE(level) "<w:outlineLvl w:val=\"" level "\"/>"
#define EXACT(more, line)                                                      \
    "<w:spacing " more " w:line=\"" line "\" w:lineRule=\"exact\"/>"
#define LOOSE(more) "<w:spacing " more " w:line=\"240\" w:lineRule=\"auto\"/>"
#define ABOVE(n) "w:before=\"" n "\""
#define BELOW(n) "w:after=\"" n "\""

enum font { FONT_TEXT, FONT_TITLE, FONT_HEADING, FONT_SUBHEADING, FONT_PAGE };

struct style {
    const char *id, *name;
    gboolean ours;         /* Word has none of this name */
    const char *paragraph; /* its properties, in the order of the schema */
    enum font font;
    int size; /* half-points, 0: that of the text */
};

static const struct style styles[] = {
    {"Number", "Document Number", TRUE,
     "<w:spacing " BELOW("1158") "/>" CENTRED, FONT_TEXT, 0},
    {"Title", "Title", FALSE,
     "<w:keepNext/>" EXACT(ABOVE("579") " " BELOW("579"), "680") CENTRED,
     FONT_TITLE, 44},
    {"Addressees", "Addressees", TRUE, "", FONT_TEXT, 0},
    {"BodyText", "Body Text", FALSE, TWO_IN, FONT_TEXT, 0},
    {"Heading1", "heading 1", FALSE, "<w:keepNext/>" TWO_IN OUTLINE("0"),
     FONT_HEADING, 0},
    {"Heading2", "heading 2", FALSE, "<w:keepNext/>" TWO_IN OUTLINE("1"),
     FONT_SUBHEADING, 0},
    {"AnnexList", "Annex List", TRUE,
     "<w:keepNext/><w:keepLines/><w:jc w:val=\"left\"/>", FONT_TEXT, 0},
    {"Signature", "Signature Block", TRUE,
     "<w:keepNext/><w:keepLines/><w:jc w:val=\"right\"/>", FONT_TEXT, 0},
    {"Annex", "Annex", TRUE, "<w:keepNext/><w:pageBreakBefore/>" OUTLINE("0"),
     FONT_HEADING, 0},
    {"AnnexTitle", "Annex Title", TRUE,
     "<w:keepNext/>" EXACT(ABOVE("579") " " BELOW("200"), "680") CENTRED,
     FONT_TITLE, 44},
    {"Caption", "caption", FALSE,
     "<w:keepNext/>" EXACT(ABOVE("160") " " BELOW("60"), "400"), FONT_HEADING,
     24},
    {"Note", "Note", TRUE, EXACT(ABOVE("80"), "320") "<w:jc w:val=\"left\"/>",
     FONT_TEXT, 20},
    {"Cell", "Table Cell", TRUE, LOOSE(ABOVE("30") " " BELOW("30")) CENTRED,
     FONT_TEXT, 24},
    {"CellHead", "Table Head", TRUE, LOOSE(ABOVE("30") " " BELOW("30")) CENTRED,
     FONT_HEADING, 24},
    {"Footer", "footer", FALSE, LOOSE(""), FONT_PAGE, 28},
};

static const struct document_font *
font_of(const struct document_options *o, enum font font)
{
    switch (font) {
    case FONT_TEXT:
        return &o->text;
    case FONT_TITLE:
        return &o->title;
    case FONT_HEADING:
        return &o->heading;
    case FONT_SUBHEADING:
        return &o->subheading;
    case FONT_PAGE:
        return &o->page;
    }
    g_assert_not_reached();
}

static void
append_run_fonts(GString *out, const struct document_font *font)
{
    g_autofree char *name = g_markup_escape_text(font->name, -1);

    g_string_append_printf(out,
                           "<w:rFonts w:ascii=\"%s\" w:eastAsia=\"%s\" "
                           "w:hAnsi=\"%s\" w:cs=\"%s\"/>",
                           name, name, name, name);
}

static void
append_size(GString *out, int half_points)
{
    g_string_append_printf(out, "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/>",
                           half_points, half_points);
}

/* Other sizes than the text's are not drawn in. */
static void
append_style(GString *out, const struct document_options *o,
             const struct style *s)
{
    g_string_append_printf(out,
                           "<w:style w:type=\"paragraph\"%s w:styleId=\"%s\">"
                           "<w:name w:val=\"%s\"/><w:basedOn "
                           "w:val=\"Normal\"/><w:qFormat/><w:pPr>%s</w:pPr>"
                           "<w:rPr>",
                           s->ours ? " w:customStyle=\"1\"" : "", s->id,
                           s->name, s->paragraph);
    append_run_fonts(out, font_of(o, s->font));
    if (s->size) {
        g_string_append(out, "<w:spacing w:val=\"0\"/>");
        append_size(out, s->size);
    }
    g_string_append(out, "</w:rPr></w:style>");
}

static char *
style_sheet(const struct document_options *o)
{
    GString *out = g_string_new(XML "<w:styles " DOCUMENT_W "><w:docDefaults>"
                                    "<w:rPrDefault><w:rPr>");

    append_run_fonts(out, &o->text);
    append_size(out, TEXT_SIZE);
    g_string_append_printf(
        out,
        "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/>"
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">"
        "<w:name w:val=\"Normal\"/><w:qFormat/><w:pPr>"
        "<w:widowControl w:val=\"0\"/><w:snapToGrid w:val=\"0\"/>"
        "<w:spacing w:line=\"%d\" w:lineRule=\"exact\"/>"
        "<w:jc w:val=\"both\"/></w:pPr><w:rPr><w:spacing w:val=\"%d\"/>"
        "</w:rPr></w:style>",
        LINE, CHARACTER - TEXT_SIZE * 10);
    for (guint i = 0; i < G_N_ELEMENTS(styles); i++)
        append_style(out, o, &styles[i]);
    g_string_append(out, "</w:styles>");
    return g_string_free(out, FALSE);
}

/* ---- footers ---- */

/* — 1 —, one character from the outer edge of the text. */
static char *
footer(const char *side)
{
    return g_strdup_printf(
        XML "<w:ftr " DOCUMENT_W "><w:p><w:pPr><w:pStyle w:val=\"Footer\"/>"
            "<w:ind w:%s=\"280\"/><w:jc w:val=\"%s\"/></w:pPr>"
            "<w:r><w:t xml:space=\"preserve\">\xE2\x80\x94 </w:t></w:r>"
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>"
            "<w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText>"
            "</w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>"
            "<w:r><w:t>1</w:t></w:r>"
            "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
            "<w:r><w:t xml:space=\"preserve\"> \xE2\x80\x94</w:t></w:r>"
            "</w:p></w:ftr>",
        side, side);
}

/* ---- properties ---- */

static char *
core_properties(const struct document_options *o)
{
    g_autofree char *line = text_line(o->name);
    g_autofree char *name = g_markup_escape_text(line, -1);
    g_autofree char *who = text_line(o->author);
    g_autofree char *author = g_markup_escape_text(who, -1);
    g_autoptr(GDateTime) made = g_date_time_new_from_unix_utc(o->made);
    g_autofree char *when = g_date_time_format(made, "%Y-%m-%dT%H:%M:%SZ");

    return g_strdup_printf(
        XML "<cp:coreProperties xmlns:cp=\"" OPC "metadata/core-properties\" "
            "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
            "xmlns:dcterms=\"http://purl.org/dc/terms/\" "
            "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
            "<dc:title>%s</dc:title><dc:creator>%s</dc:creator>"
            "<dcterms:created xsi:type=\"dcterms:W3CDTF\">%s</dcterms:created>"
            "<dcterms:modified xsi:type=\"dcterms:W3CDTF\">%s"
            "</dcterms:modified></cp:coreProperties>",
        name, author, when, when);
}

static void
clear_part(gpointer data)
{
    struct document_part *part = data;

    g_free(part->xml);
}

GArray *
document_parts(const struct document_options *o)
{
    const struct document_part all[] = {
        {"[Content_Types].xml", g_strdup(content_types)},
        {"_rels/.rels", g_strdup(package_relations)},
        {"docProps/app.xml", g_strdup(application)},
        {"docProps/core.xml", core_properties(o)},
        {"word/_rels/document.xml.rels", g_strdup(document_relations)},
        {"word/fontTable.xml", font_table(o)},
        {"word/footer1.xml", footer("right")},
        {"word/footer2.xml", footer("left")},
        {"word/settings.xml", g_strdup(settings)},
        {"word/styles.xml", style_sheet(o)}};
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct document_part));

    g_array_set_clear_func(out, clear_part);
    g_array_append_vals(out, all, G_N_ELEMENTS(all));
    return out;
}

/* package.c - see package.h. */
#include "draft/package.h"

#include "draft/sax.h"

#include <string.h>

static const struct {
    const char *needle;
    enum package_part part;
} types[] = {
    {"wordprocessingml.document.main+xml", PART_WORD},
    {"wordprocessingml.template.main+xml", PART_WORD},
    {"ms-word.document.macroEnabled.main+xml", PART_WORD},
    {"ms-word.template.macroEnabledTemplate.main+xml", PART_WORD},
    {"spreadsheetml.sheet.main+xml", PART_SHEET},
    {"spreadsheetml.template.main+xml", PART_SHEET},
    {"ms-excel.sheet.macroEnabled.main+xml", PART_SHEET},
    {"ms-excel.sheet.binary.macroEnabled.main", PART_SHEET},
    {"presentationml.presentation.main+xml", PART_SLIDES},
    {"presentationml.slideshow.main+xml", PART_SLIDES},
    {"ms-powerpoint.presentation.macroEnabled.main+xml", PART_SLIDES},
    {"wordprocessingml.header+xml", PART_MARGIN},
    {"wordprocessingml.footer+xml", PART_MARGIN},
    {"wordprocessingml.footnotes+xml", PART_MARGIN},
    {"wordprocessingml.endnotes+xml", PART_MARGIN},
    {"core-properties+xml", PART_PROPERTIES},
    {"extended-properties+xml", PART_PROPERTIES},
    {"custom-properties+xml", PART_PROPERTIES},
};

enum package_part
package_part_of(const char *content_type)
{
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (strstr(content_type, types[i].needle))
            return types[i].part;
    return PART_OTHER;
}

gboolean
package_type_is_macro(const char *content_type)
{
    return strstr(content_type, "vnd.ms-office.vbaProject") ||
           (strstr(content_type, "ms-word.") &&
            strstr(content_type, "macroEnabled"));
}

/* ---- [Content_Types].xml ---- */

struct listing {
    struct zip *z;
    struct package *p;
    gboolean seen[PART_PROPERTIES + 1];
};

static void
take_part(struct listing *l, enum package_part part, const char *name)
{
    /* an embedded document may bear the same type: the first one counts */
    gboolean is_main = part == PART_WORD && !l->p->main;
    const struct zip_entry *e;

    if (!name || (!is_main && part != PART_MARGIN && part != PART_PROPERTIES))
        return;
    e = zip_find(l->z, *name == '/' ? name + 1 : name);
    if (e && is_main)
        l->p->main = e;
    else if (e)
        g_ptr_array_add(part == PART_MARGIN ? l->p->margins : l->p->properties,
                        (gpointer)e);
}

static void
on_start(void *user, const char *local, const char *uri,
         const struct sax_attributes *a)
{
    struct listing *l = user;
    g_autofree char *type = sax_attribute(a, "ContentType");
    g_autofree char *name = sax_attribute(a, "PartName");
    enum package_part part;

    (void)local, (void)uri;
    if (!type)
        return;
    part = package_part_of(type);
    l->seen[part] = TRUE;
    l->p->macro |= package_type_is_macro(type);
    take_part(l, part, name);
}

static void
on_end(void *user, const char *local, const char *uri)
{
    (void)user, (void)local, (void)uri;
}

static void
on_text(void *user, const char *bytes, size_t len)
{
    (void)user, (void)bytes, (void)len;
}

static gboolean
push(const guint8 *bytes, size_t len, void *user)
{
    return sax_push(user, bytes, len);
}

static enum file_state
read_types(struct listing *l, const struct zip_entry *e,
           const struct draft_limits *limits)
{
    static const struct sax_handler handler = {on_start, on_end, on_text};
    g_autoptr(sax) x = sax_new(&handler, l, limits);
    enum file_state inflated = zip_inflate(l->z, e, push, x);
    enum file_state parsed = sax_finish(x);

    return parsed == FILE_OVER_LIMIT || inflated == FILE_OK ? parsed : inflated;
}

/* ---- what it is ---- */

static gboolean
has_folder(const struct zip *z, const char *folder)
{
    for (size_t i = 0; i < zip_count(z); i++)
        if (zip_starts(zip_entry_at(z, i), folder))
            return TRUE;
    return FALSE;
}

static enum file_kind
kind_by_types(const struct listing *l)
{
    if (l->seen[PART_WORD])
        return FILE_DOCX;
    if (l->seen[PART_SHEET])
        return FILE_SHEET;
    if (l->seen[PART_SLIDES])
        return FILE_SLIDES;
    return FILE_ZIP;
}

/* When the list cannot be read, the folders still tell. */
static enum file_kind
kind_by_folders(const struct zip *z)
{
    if (has_folder(z, "word/"))
        return FILE_DOCX;
    if (has_folder(z, "xl/"))
        return FILE_SHEET;
    return has_folder(z, "ppt/") ? FILE_SLIDES : FILE_ZIP;
}

static enum file_kind
kind_without_types(struct zip *z)
{
    const struct zip_entry *e = zip_find(z, "mimetype");
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *type = NULL;
    gsize len;

    if (zip_find(z, "OFD.xml"))
        return FILE_OFD;
    if (!e || e->size > 200 || zip_read(z, e, &bytes) != FILE_OK)
        return FILE_ZIP;
    len = g_bytes_get_size(bytes);
    type = g_strndup(len ? g_bytes_get_data(bytes, NULL) : "", len);
    if (g_str_has_prefix(type, "application/vnd.oasis.opendocument.text"))
        return FILE_ODT;
    if (g_str_has_prefix(type, "application/vnd.oasis.opendocument.spread"))
        return FILE_SHEET;
    if (g_str_has_prefix(type, "application/vnd.oasis.opendocument.pres"))
        return FILE_SLIDES;
    return FILE_ZIP;
}

void
package_read(struct zip *z, const struct draft_limits *limits,
             struct package *out)
{
    const struct zip_entry *e = zip_find(z, "[Content_Types].xml");
    struct listing l = {z, out, {FALSE}};

    *out = (struct package){.state = FILE_OK};
    out->margins = g_ptr_array_new();
    out->properties = g_ptr_array_new();
    if (!e) {
        out->kind = kind_without_types(z);
        return;
    }
    out->state = read_types(&l, e, limits);
    out->kind = out->state == FILE_OK ? kind_by_types(&l) : kind_by_folders(z);
    if (!out->main)
        out->main = zip_find(z, "word/document.xml");
    for (size_t i = 0; i < zip_count(z); i++)
        out->macro |= zip_ends(zip_entry_at(z, i), "vbaProject.bin");
}

void
package_clear(struct package *p)
{
    g_ptr_array_free(p->margins, TRUE);
    g_ptr_array_free(p->properties, TRUE);
}

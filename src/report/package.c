/* package.c - see package.h. */
#include "report/package.h"

#include <gsf/gsf.h>
#include <libxml/parser.h>
#include <string.h>

enum { PART_BYTES = 256 << 20, FOLDER_DEPTH = 8 };

struct look {
    const char *path;
    guint sheets;
    gboolean types; /* [Content_Types].xml was there */
    struct err *e;
};

static enum st
bad_part(const struct look *l, const char *name, const char *what)
{
    return err_set(l->e, ST_FATAL, EXIT_SOFTWARE,
                   "the workbook %s was not made well: %s in %s", l->path, what,
                   name);
}

/* The name of an element that must not be there, NULL if there is none. */
static const char *
forbidden(const xmlNode *node)
{
    static const char *const names[] = {"f", "hyperlink", "externalReference",
                                        "ddeLink", NULL};

    for (; node; node = node->next) {
        const char *below;

        if (node->type != XML_ELEMENT_NODE)
            continue;
        /* <c:f> of a chart is the reference to its cells */
        if (g_strv_contains(names, (const char *)node->name) &&
            !(node->ns && node->ns->prefix))
            return (const char *)node->name;
        below = forbidden(node->children);
        if (below)
            return below;
    }
    return NULL;
}

static enum st
check_xml(const struct look *l, const char *name, const char *data, int len)
{
    xmlDocPtr doc = xmlReadMemory(data, len, name, NULL,
                                  XML_PARSE_NONET | XML_PARSE_NOERROR |
                                      XML_PARSE_NOWARNING);
    const char *word;
    enum st st = ST_OK;

    if (!doc)
        return bad_part(l, name, "XML that is not well-formed");
    word = forbidden(xmlDocGetRootElement(doc));
    if (word)
        st = bad_part(l, name, word);
    xmlFreeDoc(doc);
    return st;
}

static enum st
check_file(struct look *l, const char *name, GsfInput *input)
{
    gsf_off_t size = gsf_input_size(input);
    g_autofree guint8 *data = NULL;

    if (size < 1 || size > PART_BYTES)
        return bad_part(l, name, "no content");
    data = g_malloc((gsize)size);
    if (!gsf_input_read(input, (size_t)size, data))
        return bad_part(l, name, "unreadable content");
    if (g_str_has_suffix(name, "[Content_Types].xml"))
        l->types = TRUE;
    if (g_str_has_prefix(name, "/xl/worksheets/sheet"))
        l->sheets++;
    if (!g_str_has_suffix(name, ".xml") && !g_str_has_suffix(name, ".rels"))
        return bad_part(l, name, "a part that is not XML");
    return check_xml(l, name, (const char *)data, (int)size);
}

static enum st
check_folder(struct look *l, const char *name, GsfInfile *folder, int depth)
{
    int n = gsf_infile_num_children(folder);
    enum st st = ST_OK;

    if (depth > FOLDER_DEPTH)
        return bad_part(l, name, "too many folders");
    for (int i = 0; i < n && st == ST_OK; i++) {
        g_autofree char *path =
            g_strconcat(name, "/", gsf_infile_name_by_index(folder, i), NULL);
        GsfInput *child = gsf_infile_child_by_index(folder, i);

        if (!child)
            return bad_part(l, path, "an unreadable part");
        if (GSF_IS_INFILE(child) &&
            gsf_infile_num_children(GSF_INFILE(child)) >= 0)
            st = check_folder(l, path, GSF_INFILE(child), depth + 1);
        else
            st = check_file(l, path, child);
        g_object_unref(child);
    }
    return st;
}

enum st
package_check(const char *path, guint sheets, struct err *e)
{
    struct look l = {path, 0, FALSE, e};
    GsfInput *file;
    GsfInfile *zip;
    enum st st;

    gsf_init();
    file = gsf_input_stdio_new(path, NULL);
    zip = file ? gsf_infile_zip_new(file, NULL) : NULL;
    st = zip ? check_folder(&l, "", zip, 0) : bad_part(&l, path, "no ZIP");
    if (st == ST_OK && (!l.types || l.sheets != sheets))
        st = bad_part(&l, path, "a missing part");
    g_clear_object(&zip);
    g_clear_object(&file);
    return st;
}

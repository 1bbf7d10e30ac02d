/* package.c - see package.h. */
#include "report/package.h"

#include "base/file.h"
#include "draft/zip.h"

#include <libxml/parser.h>
#include <string.h>

enum { FILE_BYTES = 256 << 20 };

/* Of our own files: a table of many equal rows shrinks to a thousandth. */
static const struct draft_limits limits = {.entries = 4096,
                                           .entry_bytes = FILE_BYTES,
                                           .total_bytes = (size_t)1 << 30,
                                           .ratio = 1032};

struct look {
    const char *name;
    const struct package_want *want;
    guint n;        /* of the wanted parts, so far */
    gboolean types; /* [Content_Types].xml was there */
    struct err *e;
};

static enum st
bad_part(const struct look *l, const char *part, const char *what)
{
    return err_set(l->e, ST_FATAL, EXIT_SOFTWARE,
                   "the file %s was not made well: %s in %s", l->name, what,
                   part);
}

/* The local name of an element that must not be there, NULL if there is
 * none.  <c:f> of a chart is the reference to its cells. */
static const char *
forbidden(const xmlNode *node)
{
    static const char *const names[] = {
        "hyperlink", "externalReference", "ddeLink", "object",
        "altChunk",  "control",           NULL};

    for (; node; node = node->next) {
        const char *name = (const char *)node->name, *below;

        if (node->type != XML_ELEMENT_NODE)
            continue;
        if (g_strv_contains(names, name) ||
            (strcmp(name, "f") == 0 && !(node->ns && node->ns->prefix)))
            return name;
        if (strcmp(name, "Relationship") == 0 &&
            xmlHasProp(node, (const xmlChar *)"TargetMode"))
            return "TargetMode";
        below = forbidden(node->children);
        if (below)
            return below;
    }
    return NULL;
}

static enum st
check_xml(const struct look *l, const char *part, GBytes *bytes)
{
    gsize len = 0;
    const char *data = g_bytes_get_data(bytes, &len);
    xmlDocPtr doc = xmlReadMemory(data, (int)len, part, NULL,
                                  XML_PARSE_NONET | XML_PARSE_NOERROR |
                                      XML_PARSE_NOWARNING);
    const char *word;
    enum st st = ST_OK;

    if (!doc)
        return bad_part(l, part, "XML that is not well-formed");
    word = forbidden(xmlDocGetRootElement(doc));
    if (word)
        st = bad_part(l, part, word);
    xmlFreeDoc(doc);
    return st;
}

static enum st
check_part(struct look *l, struct zip *z, const struct zip_entry *entry)
{
    g_autofree char *part = zip_entry_name(entry);
    g_autoptr(GBytes) bytes = NULL;

    if (!zip_ends(entry, ".xml") && !zip_ends(entry, ".rels"))
        return bad_part(l, part, "a part that is not XML");
    if (entry->size == 0)
        return bad_part(l, part, "no content");
    if (zip_read(z, entry, &bytes) != FILE_OK)
        return bad_part(l, part, "unreadable content");
    if (strcmp(part, "[Content_Types].xml") == 0)
        l->types = TRUE;
    if (zip_starts(entry, l->want->parts))
        l->n++;
    return check_xml(l, part, bytes);
}

enum st
package_check(const char *name, const void *data, size_t len,
              const struct package_want *want, struct err *e)
{
    struct look l = {name, want, 0, FALSE, e};
    g_autoptr(zip) z = NULL;
    enum st st = ST_OK;

    if (zip_open(data, len, &limits, &z) != FILE_OK)
        return bad_part(&l, "all", "no ZIP archive");
    for (size_t i = 0; st == ST_OK && i < zip_count(z); i++)
        st = check_part(&l, z, zip_entry_at(z, i));
    if (st == ST_OK && (!l.types || l.n != want->n))
        st = bad_part(&l, "all", "a missing part");
    return st;
}

enum st
package_check_file(const char *path, const struct package_want *want,
                   struct err *e)
{
    g_autofree char *data = NULL;
    size_t len = 0;
    enum st st = file_read(path, FILE_BYTES, &data, &len, e);

    return st == ST_OK ? package_check(path, data, len, want, e) : st;
}

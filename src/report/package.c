/* package.c - see package.h. */
#include "report/package.h"

#include "draft/sax.h"
#include "draft/zip.h"

#include <string.h>

enum {
    FILE_BYTES = 256 << 20,
    WORD_BYTES = 6 /* of the shortest name that is looked for, but <f> */
};

/* Of our own files: a table of many equal rows shrinks to a thousandth. */
static const struct draft_limits limits = {.entries = 4096,
                                           .entry_bytes = FILE_BYTES,
                                           .total_bytes = (size_t)1 << 30,
                                           .ratio = 1032,
                                           .xml_depth = 256};

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

/* ---- one part, as a stream: a sheet of 50,000 rows never is in memory ---- */

struct part {
    struct sax *parser;
    char word[32]; /* the first name that must not be there, "" if none */
};

/* <f> of a sheet is a formula, <c:f> of a chart the reference to its
 * cells. */
static gboolean
is_formula(const char *local, const char *uri)
{
    return strcmp(local, "f") == 0 &&
           strcmp(uri, "http://schemas.openxmlformats.org/spreadsheetml/2006/"
                       "main") == 0;
}

static gboolean
leads_outside(const char *local, const struct sax_attributes *a)
{
    g_autofree char *mode = NULL;

    if (strcmp(local, "Relationship") != 0)
        return FALSE;
    mode = sax_attribute(a, "TargetMode");
    return mode != NULL;
}

/* NULL: none that must not be there. */
static const char *
forbidden(const char *local, const struct sax_attributes *a)
{
    static const char *const names[] = {
        "hyperlink", "externalReference", "ddeLink", "object",
        "altChunk",  "control",           NULL};

    if (g_strv_contains(names, local))
        return local;
    return leads_outside(local, a) ? "TargetMode" : NULL;
}

/* Two million elements of a ledger are c, is, t and v. */
static void
part_start(void *user, const char *local, const char *uri,
           const struct sax_attributes *a)
{
    struct part *p = user;
    const char *word = NULL;

    if (strnlen(local, WORD_BYTES) == WORD_BYTES)
        word = forbidden(local, a);
    else if (is_formula(local, uri))
        word = local;
    if (!word)
        return;
    g_strlcpy(p->word, word, sizeof p->word);
    sax_stop(p->parser, FILE_UNREADABLE);
}

static void
part_end(void *user, const char *local, const char *uri)
{
    (void)user, (void)local, (void)uri;
}

static void
part_text(void *user, const char *bytes, size_t len)
{
    (void)user, (void)bytes, (void)len;
}

static gboolean
push(const guint8 *bytes, size_t len, void *user)
{
    return sax_push(user, bytes, len);
}

static enum st
check_xml(const struct look *l, struct zip *z, const struct zip_entry *entry,
          const char *name)
{
    static const struct sax_handler handler = {part_start, part_end, part_text};
    struct part p = {NULL, ""};
    g_autoptr(sax) parser = sax_new(&handler, &p, &limits);
    enum file_state inflated;

    p.parser = parser;
    inflated = zip_inflate(z, entry, push, parser);
    if (*p.word)
        return bad_part(l, name, p.word);
    if (sax_finish(parser) != FILE_OK)
        return bad_part(l, name, "XML that is not well-formed");
    return inflated == FILE_OK ? ST_OK
                               : bad_part(l, name, "unreadable content");
}

static enum st
check_part(struct look *l, struct zip *z, const struct zip_entry *entry)
{
    g_autofree char *part = zip_entry_name(entry);

    if (!zip_ends(entry, ".xml") && !zip_ends(entry, ".rels"))
        return bad_part(l, part, "a part that is not XML");
    if (entry->size == 0)
        return bad_part(l, part, "no content");
    if (strcmp(part, "[Content_Types].xml") == 0)
        l->types = TRUE;
    if (zip_starts(entry, l->want->parts))
        l->n++;
    return check_xml(l, z, entry, part);
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
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);

    if (!file)
        return err_set(e, ST_RETRY, EXIT_IO, "cannot read %s", path);
    return package_check(path, g_mapped_file_get_contents(file),
                         g_mapped_file_get_length(file), want, e);
}

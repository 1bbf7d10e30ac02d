/* xlsx.c - see xlsx.h: which parts of the package are sheets (ISO/IEC
 * 29500-2, 8.3: relationships), and the text made of them. */
#include "draft/xlsx_cells.h"

#include "base/text.h"
#include "draft/sax.h"

#include <string.h>

enum { SHEETS = 16, RELATIONS = 100 };

/* ---- relationships ---- */

struct relation {
    char *id;
    char *type;   /* the last segment: the beginning differs by edition */
    char *target; /* a name in the archive */
};

struct relations {
    const char *folder; /* that targets are relative to, "/xl" */
    GPtrArray *all;     /* of struct relation */
};

static void
relation_free(void *data)
{
    struct relation *r = data;

    g_free(r->id);
    g_free(r->type);
    g_free(r->target);
    g_free(r);
}

static void
relation_start(void *user, const char *local, const char *uri,
               const struct sax_attributes *a)
{
    struct relations *list = user;
    g_autofree char *type = NULL, *target = NULL, *whole = NULL;
    struct relation *r;

    (void)uri;
    if (strcmp(local, "Relationship") != 0 || list->all->len >= RELATIONS)
        return;
    type = sax_attribute(a, "Type");
    target = sax_attribute(a, "Target");
    if (!type || !target)
        return;
    whole = g_canonicalize_filename(target, list->folder);
    r = g_new0(struct relation, 1);
    r->id = sax_attribute(a, "Id");
    r->type = g_path_get_basename(type);
    r->target = g_strdup(whole + 1);
    g_ptr_array_add(list->all, r);
}

static void
no_end(void *user, const char *local, const char *uri)
{
    (void)user, (void)local, (void)uri;
}

static void
no_text(void *user, const char *bytes, size_t len)
{
    (void)user, (void)bytes, (void)len;
}

/* Those of the part `name`, "xl/workbook.xml"; "" for the package. */
static enum file_state
read_relations(struct xlsx *x, const char *name, GPtrArray **out)
{
    static const struct sax_handler handler = {relation_start, no_end, no_text};
    g_autofree char *base = *name ? g_path_get_basename(name) : g_strdup("");
    g_autofree char *dir = *name ? g_path_get_dirname(name) : g_strdup("");
    g_autofree char *folder = g_canonicalize_filename(dir, "/");
    g_autofree char *path = g_strconcat(folder, "/_rels/", base, ".rels", NULL);
    g_autofree char *part = g_canonicalize_filename(path, "/");
    struct relations list = {folder,
                             g_ptr_array_new_with_free_func(relation_free)};

    *out = list.all;
    return xlsx_parse(x, zip_find(x->zip, part + 1), &handler, &list);
}

static const struct relation *
find_relation(const GPtrArray *all, const char *type, const char *id)
{
    for (guint n = 0; n < all->len; n++) {
        const struct relation *r = g_ptr_array_index(all, n);

        if (strcmp(r->type, type) == 0 && (!id || g_strcmp0(r->id, id) == 0))
            return r;
    }
    return NULL;
}

static const struct zip_entry *
related(const struct xlsx *x, const GPtrArray *all, const char *type,
        const char *id)
{
    const struct relation *r = find_relation(all, type, id);

    return r ? zip_find(x->zip, r->target) : NULL;
}

/* ---- the workbook ---- */

struct sheet {
    char *id;   /* of the relation */
    char *name; /* as a line */
};

struct workbook {
    GPtrArray *sheets; /* of struct sheet */
    gboolean from_1904;
};

static void
sheet_free(void *data)
{
    struct sheet *s = data;

    g_free(s->id);
    g_free(s->name);
    g_free(s);
}

static struct sheet *
sheet_new(const struct sax_attributes *a)
{
    g_autofree char *name = sax_attribute(a, "name");
    struct sheet *s = g_new0(struct sheet, 1);

    s->id = sax_attribute(a, "id");
    s->name = text_line(name ? name : "");
    return s;
}

static void
workbook_start(void *user, const char *local, const char *uri,
               const struct sax_attributes *a)
{
    struct workbook *w = user;
    g_autofree char *value = NULL;

    (void)uri;
    if (strcmp(local, "sheet") == 0 && w->sheets->len < SHEETS) {
        struct sheet *s = sheet_new(a);

        if (s->id)
            g_ptr_array_add(w->sheets, s);
        else
            sheet_free(s);
    } else if (strcmp(local, "workbookPr") == 0) {
        value = sax_attribute(a, "date1904");
        w->from_1904 =
            value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
    }
}

/* All of them, also after a bad one: the token tells whether it matters. */
static enum file_state
read_sheets(struct xlsx *x, const struct workbook *w, const GPtrArray *parts,
            GString *out)
{
    enum file_state state = FILE_OK;

    for (guint n = 0; n < w->sheets->len; n++) {
        const struct sheet *s = g_ptr_array_index(w->sheets, n);
        g_autoptr(GString) rows = g_string_new("\n[");
        gboolean lists = FALSE;
        enum file_state one;

        g_string_append(rows, s->name);
        g_string_append(rows, "]\n");
        one = xlsx_read_sheet(x, related(x, parts, "worksheet", s->id), rows,
                              &lists);
        if (one != FILE_OK)
            state = one;
        else if (!lists)
            g_string_append_len(out, rows->str, (gssize)rows->len);
    }
    return state;
}

static enum file_state
read_workbook(struct xlsx *x, const char *name, GString *out)
{
    static const struct sax_handler handler = {workbook_start, no_end, no_text};
    g_autoptr(GPtrArray) sheets = g_ptr_array_new_with_free_func(sheet_free);
    g_autoptr(GPtrArray) parts = NULL;
    struct workbook w = {.sheets = sheets};
    enum file_state state = read_relations(x, name, &parts);

    if (state == FILE_OK)
        state = xlsx_parse(x, zip_find(x->zip, name), &handler, &w);
    if (state == FILE_OK)
        state = xlsx_read_strings(x, related(x, parts, "sharedStrings", NULL));
    if (state == FILE_OK)
        state = read_sheets(x, &w, parts, out);
    x->from_1904 = w.from_1904;
    return state;
}

static enum file_state
read_package(struct xlsx *x, GString *out)
{
    g_autoptr(GPtrArray) parts = NULL;
    enum file_state state = read_relations(x, "", &parts);
    const struct relation *r = find_relation(parts, "officeDocument", NULL);

    if (state != FILE_OK)
        return state;
    return read_workbook(x, r ? r->target : "xl/workbook.xml", out);
}

enum file_state
xlsx_read(struct zip *z, const struct draft_limits *limits, GString *text)
{
    g_autoptr(GPtrArray) strings = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) rows = g_string_new(NULL);
    struct xlsx x = {.zip = z, .limits = limits, .strings = strings};
    enum file_state state = read_package(&x, rows);
    g_autofree char *token = x.token;

    if (!token)
        return FILE_OK;
    if (state == FILE_OK && x.over)
        state = FILE_OVER_LIMIT;
    if (state != FILE_OK)
        return state;
    g_string_append(text, token);
    g_string_append(text, x.from_1904 ? XLSX_1904 "\n" : "\n");
    g_string_append(text, rows->str);
    return FILE_OK;
}

/* sheet_splice.c - see sheet_splice.h. */
#include "report/sheet_splice.h"

#include "draft/zip.h"
#include "report/archive.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

enum { PIECE = 64 * 1024 };

/* The library's workbook. */
struct made {
    char *data; /* the archive: small, for it has no rows */
    struct zip *z;
    const struct zip_entry *sheet;
    char *before; /* the sheet's text up to the empty row */
    char *behind; /* ... and after it */
};

static void
made_clear(struct made *m)
{
    zip_close(m->z);
    g_free(m->data);
    g_free(m->before);
    g_free(m->behind);
}

typedef struct made made;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(made, made_clear)

/* ---- what the library made ---- */

/* Only markup has a < : a text has &lt; there. */
static gboolean
split_at_row(struct made *m, const char *xml, int row)
{
    g_autofree char *mark = g_strdup_printf("<row r=\"%d\"", row);
    const char *begin = strstr(xml, mark);
    const char *end = begin ? strstr(begin, "</sheetData>") : NULL;

    if (!end)
        return FALSE;
    m->before = g_strndup(xml, (gsize)(begin - xml));
    m->behind = g_strdup(end);
    return TRUE;
}

static gboolean
find_row(struct made *m, int sheet, int row)
{
    g_autofree char *part = g_strdup_printf("xl/worksheets/sheet%d.xml", sheet);
    g_autoptr(GByteArray) xml = NULL;
    GBytes *bytes = NULL;

    m->sheet = zip_find(m->z, part);
    if (!m->sheet || zip_read(m->z, m->sheet, &bytes) != FILE_OK)
        return FALSE;
    xml = g_bytes_unref_to_array(bytes);
    g_byte_array_append(xml, (const guint8 *)"", 1);
    return split_at_row(m, (const char *)xml->data, row);
}

static enum st
read_made(const char *file, int sheet, int row, struct made *m,
          const char *name, struct err *e)
{
    gsize len = 0;

    if (!g_file_get_contents(file, &m->data, &len, NULL))
        return err_set(e, ST_RETRY, EXIT_IO, "cannot read %s", file);
    if (zip_open((const guint8 *)m->data, len, &draft_default_limits, &m->z) !=
            FILE_OK ||
        !find_row(m, sheet, row))
        return err_set(e, ST_FATAL, EXIT_SOFTWARE,
                       "the file %s was not made well: no place for its rows",
                       name);
    return ST_OK;
}

/* ---- the archive once more ---- */

static void
copy_part(struct archive *a, const struct made *m, const struct zip_entry *from)
{
    const struct archive_entry e = {.name = from->raw_name,
                                    .name_len = from->raw_len,
                                    .crc = from->crc,
                                    .packed = from->packed,
                                    .size = from->size};

    archive_begin(a, &e);
    archive_put(a, m->data + from->data, from->packed);
}

/* 0, or errno. */
static int
put_file(struct archive *a, FILE *file)
{
    g_autofree char *piece = g_malloc(PIECE);
    size_t n;

    while ((n = fread(piece, 1, PIECE, file)) > 0)
        archive_put(a, piece, n);
    return ferror(file) ? errno : 0;
}

static int
put_sheet(struct archive *a, const struct made *m,
          const struct sheet_rows_packed *rows)
{
    size_t len = strlen(m->before);
    g_autoptr(GByteArray) before = archive_deflate(m->before, len, FALSE);
    uLong crc = crc32(0, (const Bytef *)m->before, (uInt)len);
    const struct archive_entry e = {
        .name = m->sheet->raw_name,
        .name_len = m->sheet->raw_len,
        .crc = (guint32)crc32_combine(crc, rows->crc, (z_off_t)rows->size),
        .packed = before->len + rows->packed,
        .size = len + rows->size};

    archive_begin(a, &e);
    archive_put(a, before->data, before->len);
    return put_file(a, rows->file);
}

/* 0, or errno. */
static int
write_parts(FILE *out, const struct made *m,
            const struct sheet_rows_packed *rows)
{
    g_autoptr(archive) a = archive_new(out);
    int error = 0, finished;

    for (size_t i = 0; i < zip_count(m->z) && error == 0; i++) {
        const struct zip_entry *entry = zip_entry_at(m->z, i);

        if (entry == m->sheet)
            error = put_sheet(a, m, rows);
        else
            copy_part(a, m, entry);
    }
    finished = archive_finish(a);
    return error ? error : finished;
}

static enum st
write_again(const char *file, const struct made *m,
            const struct sheet_rows_packed *rows, const char *name,
            struct err *e)
{
    FILE *out = fopen(file, "we");
    int error = out ? write_parts(out, m, rows) : errno;

    if (out && fclose(out) != 0 && error == 0)
        error = errno;
    return error == 0 ? ST_OK
                      : err_set(e, ST_RETRY, EXIT_IO,
                                "cannot write the workbook %s: %s", name,
                                g_strerror(error));
}

enum st
sheet_splice(const char *file, int sheet, struct sheet_rows *rows,
             const char *name, struct err *e)
{
    g_auto(made) m = {0};
    struct sheet_rows_packed packed;
    enum st st = read_made(file, sheet, sheet_rows_at(rows), &m, name, e);

    if (st == ST_OK)
        st = sheet_rows_finish(rows, m.behind, &packed, e);
    if (st == ST_OK)
        st = write_again(file, &m, &packed, name, e);
    return st;
}

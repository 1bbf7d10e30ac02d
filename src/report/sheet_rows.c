/* sheet_rows.c - see sheet_rows.h. */
#include "report/sheet_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>
#define ZLIB_CONST /* input is not written to */
#include <zlib.h>

enum {
    BLOCK = 64 * 1024, /* bytes of XML that are deflated together */
    LEVEL = 1,         /* a quarter of the default's time, a third more bytes */
    NUMBER_CHARS = 32,
    CELL_HEAD = 12
};

/* How the cells of a column begin: <c r="AB */
struct head {
    char text[CELL_HEAD];
    size_t len;
};

struct sheet_rows {
    char *path;         /* of the workbook: for the sentence */
    FILE *file;         /* has no name any more */
    struct head *heads; /* of each column's cells */
    int columns;
    int first;
    int at;                    /* the row that is being written */
    char number[NUMBER_CHARS]; /* of the row, in each cell: 12" s=" */
    size_t number_len;
    int next;      /* the first column that may come */
    size_t begin;  /* where the row begins in `xml` */
    GString *xml;  /* not deflated yet */
    GString *head; /* of the row, for a moment */
    z_stream z;
    guint8 *chunk;
    guint32 crc;
    guint64 packed, size;
    int error; /* errno of the first failure, 0 when none */
};

/* ---- text ---- */

/* g_string_append() without a call for each: a row is a hundred pieces. */
static inline void
append_len(GString *s, const char *text, size_t len)
{
    if (s->len + len >= s->allocated_len) {
        g_string_append_len(s, text, (gssize)len);
        return;
    }
    memcpy(s->str + s->len, text, len);
    s->len += len;
    s->str[s->len] = '\0';
}

static inline void
append(GString *s, const char *text)
{
    append_len(s, text, strlen(text));
}

static void
append_int(GString *s, int n)
{
    char digits[NUMBER_CHARS], *p = digits + sizeof digits;
    int rest = n;

    do {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    append_len(s, p, (size_t)(digits + sizeof digits - p));
}

/* As the library writes it: %.16G, whatever the locale. */
static void
append_number(GString *s, double n)
{
    char digits[NUMBER_CHARS];

    if (n >= 1 && n < G_MAXINT && n == (int)n)
        append_int(s, (int)n);
    else
        append(s, g_ascii_formatd(digits, sizeof digits, "%.16G", n));
}

/* ---- the file ---- */

/* Beside the workbook, under a name that is swept away when we are killed
 * before it is gone. */
static FILE *
open_nameless(const char *path)
{
    g_autofree char *name =
        g_strdup_printf("%s.rows.%ld.tmp", path, (long)getpid());
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w+");

    if (fd >= 0)
        unlink(name);
    if (fd >= 0 && !file)
        close(fd);
    return file;
}

static enum st
cannot_write(const char *path, int error, struct err *e)
{
    return err_set(e, ST_RETRY, EXIT_IO, "cannot write the workbook %s: %s",
                   path, g_strerror(error));
}

static void
save_chunk(struct sheet_rows *r)
{
    size_t n = BLOCK - r->z.avail_out;

    if (fwrite(r->chunk, 1, n, r->file) != n && r->error == 0)
        r->error = errno;
    r->packed += n;
}

/* Everything that has come so far; with Z_FINISH it ends. */
static void
deflate_xml(struct sheet_rows *r, int flush)
{
    r->z.next_in = (const Bytef *)r->xml->str;
    r->z.avail_in = (uInt)r->xml->len;
    do {
        r->z.next_out = r->chunk;
        r->z.avail_out = BLOCK;
        deflate(&r->z, flush);
        save_chunk(r);
    } while (r->z.avail_out == 0);
    r->crc =
        (guint32)crc32(r->crc, (const Bytef *)r->xml->str, (uInt)r->xml->len);
    r->size += r->xml->len;
    g_string_truncate(r->xml, 0);
}

/* ---- beginning and end ---- */

static void
begin_row(struct sheet_rows *r, int row)
{
    r->at = row;
    r->next = 0;
    r->begin = r->xml->len;
    r->number_len =
        (size_t)g_snprintf(r->number, sizeof r->number, "%d\" s=\"", row + 1);
}

static struct head *
heads_of(int columns)
{
    struct head *heads = g_new(struct head, columns);
    char letters[LXW_MAX_COL_NAME_LENGTH];

    for (int i = 0; i < columns; i++) {
        lxw_col_to_name(letters, (lxw_col_t)i, FALSE);
        heads[i].len =
            (size_t)g_snprintf(heads[i].text, CELL_HEAD, "<c r=\"%s", letters);
    }
    return heads;
}

enum st
sheet_rows_new(const char *path, int first, int columns,
               struct sheet_rows **out, struct err *e)
{
    FILE *file = open_nameless(path);
    struct sheet_rows *r;
    int code;

    if (!file)
        return cannot_write(path, errno, e);
    r = g_new0(struct sheet_rows, 1);
    r->file = file;
    r->path = g_strdup(path);
    r->columns = columns;
    r->first = first;
    r->heads = heads_of(columns);
    r->xml = g_string_sized_new(2 * BLOCK);
    r->head = g_string_new(NULL);
    r->chunk = g_malloc(BLOCK);
    r->crc = (guint32)crc32(0, NULL, 0);
    code = deflateInit2(&r->z, LEVEL, Z_DEFLATED, -MAX_WBITS, 8,
                        Z_DEFAULT_STRATEGY);
    g_assert(code == Z_OK);
    begin_row(r, first);
    *out = r;
    return ST_OK;
}

void
sheet_rows_free(struct sheet_rows *r)
{
    if (!r)
        return;
    fclose(r->file);
    deflateEnd(&r->z);
    g_string_free(r->xml, TRUE);
    g_string_free(r->head, TRUE);
    g_free(r->chunk);
    g_free(r->heads);
    g_free(r->path);
    g_free(r);
}

int
sheet_rows_at(const struct sheet_rows *r)
{
    return r->at;
}

int
sheet_rows_count(const struct sheet_rows *r)
{
    return r->at - r->first;
}

enum st
sheet_rows_finish(struct sheet_rows *r, const char *rest,
                  struct sheet_rows_packed *out, struct err *e)
{
    g_string_append(r->xml, rest);
    deflate_xml(r, Z_FINISH);
    if (fseek(r->file, 0, SEEK_SET) != 0 && r->error == 0)
        r->error = errno; /* of what was written last */
    if (r->error != 0)
        return cannot_write(r->path, r->error, e);
    *out = (struct sheet_rows_packed){r->file, r->crc, r->packed, r->size};
    return ST_OK;
}

/* ---- cells ---- */

/* ECMA-376-1, 22.9.2.19: white space at an end is kept where one says so. */
static gboolean
has_edge(const char *text)
{
    return g_ascii_isspace(text[0]) || g_ascii_isspace(text[strlen(text) - 1]);
}

static void
append_escaped(GString *s, const char *text)
{
    for (;;) {
        size_t n = strcspn(text, "&<>");

        append_len(s, text, n);
        text += n;
        if (*text == '\0')
            return;
        append(s, *text == '&' ? "&amp;" : *text == '<' ? "&lt;" : "&gt;");
        text++;
    }
}

static void
begin_cell(struct sheet_rows *r, int column, int format)
{
    g_assert(column >= r->next && column < r->columns);
    r->next = column + 1;
    append_len(r->xml, r->heads[column].text, r->heads[column].len);
    append_len(r->xml, r->number, r->number_len);
    append_int(r->xml, format);
}

void
sheet_rows_text(struct sheet_rows *r, int column, const char *text, int format)
{
    begin_cell(r, column, format);
    if (*text == '\0') {
        append(r->xml, "\"/>");
        return;
    }
    append(r->xml, has_edge(text) ? "\" t=\"inlineStr\"><is>"
                                    "<t xml:space=\"preserve\">"
                                  : "\" t=\"inlineStr\"><is><t>");
    append_escaped(r->xml, text);
    append(r->xml, "</t></is></c>");
}

void
sheet_rows_number(struct sheet_rows *r, int column, double n, int format)
{
    begin_cell(r, column, format);
    append(r->xml, "\"><v>");
    append_number(r->xml, n);
    append(r->xml, "</v></c>");
}

/* Its height is known only now, and stands before its cells. */
void
sheet_rows_end(struct sheet_rows *r, double height)
{
    GString *head = g_string_truncate(r->head, 0);
    gboolean empty = r->next == 0;

    append(head, "<row r=\"");
    append_int(head, r->at + 1);
    append(head, "\" ht=\"");
    append_number(head, height);
    append(head, empty ? "\" customHeight=\"1\"/>" : "\" customHeight=\"1\">");
    g_string_insert_len(r->xml, (gssize)r->begin, head->str, (gssize)head->len);
    if (!empty)
        append(r->xml, "</row>");
    if (r->xml->len >= BLOCK)
        deflate_xml(r, Z_NO_FLUSH);
    begin_row(r, r->at + 1);
}

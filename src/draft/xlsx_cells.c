/* xlsx_cells.c - see xlsx_cells.h. */
#include "draft/xlsx_cells.h"

#include "base/text.h"
#include "draft/sax.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CELL_BYTES = 4 * XLSX_CELL_CHARS,
    TOKEN_BYTES = 100,
    MERGES = 1000 /* of a sheet; a table that is filled in has a few */
};

/* ---- parsing a part ---- */

static gboolean
push(const guint8 *bytes, size_t len, void *user)
{
    return sax_push(user, bytes, len);
}

enum file_state
xlsx_parse(struct xlsx *x, const struct zip_entry *e,
           const struct sax_handler *handler, void *user)
{
    g_autoptr(sax) parser = NULL;
    enum file_state inflated, parsed;

    if (!e)
        return FILE_OK;
    parser = sax_new(handler, user, x->limits);
    inflated = zip_inflate(x->zip, e, push, parser);
    parsed = sax_finish(parser);
    return parsed == FILE_OVER_LIMIT || inflated == FILE_OK ? parsed : inflated;
}

/* ---- text of a cell ---- */

/* A little more than a cell may have is kept, so that it is found too
 * long. */
static void
append(GString *s, const char *bytes, size_t len)
{
    if (s->len <= CELL_BYTES)
        g_string_append_len(s, bytes, (gssize)len);
}

static gboolean
is_escape(const char *s)
{
    if (strncmp(s, "_x", 2) != 0)
        return FALSE;
    for (int n = 2; n < 6; n++)
        if (!g_ascii_isxdigit(s[n]))
            return FALSE;
    return s[6] == '_';
}

/* "_x000D_" is the character of that code (18.4.12, ST_Xstring). */
static char *
unescape(const char *raw)
{
    GString *s = g_string_new(NULL);

    while (*raw) {
        if (is_escape(raw)) {
            gunichar c = (gunichar)strtoul(raw + 2, NULL, 16);

            if (c && g_unichar_validate(c))
                g_string_append_unichar(s, c);
            raw += 7;
        } else {
            g_string_append_c(s, *raw++);
        }
    }
    return g_string_free(s, FALSE);
}

static char *
string_of(struct xlsx *x, const GString *raw)
{
    g_autofree char *clean = text_clean(raw->str, raw->len);
    g_autofree char *plain = unescape(clean);
    g_autofree char *line = text_line(plain);

    if (raw->len > CELL_BYTES || g_utf8_strlen(line, -1) > XLSX_CELL_CHARS) {
        x->over = TRUE;
        return g_strdup("");
    }
    return g_steal_pointer(&line);
}

/* 386, 386.0 and 3.86E2 are one number. */
static char *
number_of(struct xlsx *x, const GString *raw)
{
    g_autofree char *text = string_of(x, raw);
    char *end = NULL;
    double d = g_ascii_strtod(text, &end);
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    if (end == text || *end || !isfinite(d))
        return g_steal_pointer(&text);
    return g_strdup(g_ascii_formatd(digits, sizeof digits, "%.12g", d));
}

/* ---- shared strings ---- */

struct string_reader {
    struct xlsx *x;
    GString *text;
    gboolean in_text;
    int phonetic; /* depth inside <rPh>: how to pronounce it */
};

static void
string_start(void *user, const char *local, const char *uri,
             const struct sax_attributes *a)
{
    struct string_reader *r = user;

    (void)uri, (void)a;
    if (strcmp(local, "si") == 0)
        g_string_truncate(r->text, 0);
    else if (strcmp(local, "rPh") == 0)
        r->phonetic++;
    else if (strcmp(local, "t") == 0)
        r->in_text = r->phonetic == 0;
}

static void
keep_string(struct string_reader *r)
{
    struct xlsx *x = r->x;
    char *s = string_of(x, r->text);

    x->string_bytes += strlen(s) + sizeof s;
    if (x->string_bytes > x->limits->text_bytes) {
        x->over = TRUE;
        g_free(s);
        return;
    }
    g_ptr_array_add(x->strings, s);
}

static void
string_end(void *user, const char *local, const char *uri)
{
    struct string_reader *r = user;

    (void)uri;
    if (strcmp(local, "si") == 0)
        keep_string(r);
    else if (strcmp(local, "rPh") == 0)
        r->phonetic--;
    else if (strcmp(local, "t") == 0)
        r->in_text = FALSE;
}

static void
string_text(void *user, const char *bytes, size_t len)
{
    struct string_reader *r = user;

    if (r->in_text)
        append(r->text, bytes, len);
}

enum file_state
xlsx_read_strings(struct xlsx *x, const struct zip_entry *e)
{
    static const struct sax_handler handler = {string_start, string_end,
                                               string_text};
    g_autoptr(GString) text = g_string_new(NULL);
    struct string_reader r = {.x = x, .text = text};

    return xlsx_parse(x, e, &handler, &r);
}

/* ---- a sheet ---- */

enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_STRING };

struct sheet_row {
    int number; /* as the sheet counts, from 1 */
    char *cells[XLSX_COLUMNS];
};

struct sheet_reader {
    struct xlsx *x;
    GPtrArray *rows; /* of struct sheet_row with something in them */
    int merges;      /* met so far */
    size_t bytes;    /* of all cells that are kept */
    GString *text;   /* of the present cell */
    gboolean in_text;
    int phonetic;
    enum cell_type type;
    int column;            /* of the present cell, from 0 */
    struct sheet_row *row; /* the present one, owned until it is kept */
    int number;            /* of the present row, or the last one */
    gboolean lists;        /* the token is on this sheet */
};

static void
row_free(void *data)
{
    struct sheet_row *row = data;

    for (int n = 0; n < XLSX_COLUMNS; n++)
        g_free(row->cells[n]);
    g_free(row);
}

/* "AB12" -> 27, and where the digits begin; -1 when it says nothing. */
static int
column_of(const char *reference, const char **row_out)
{
    int column = 0;

    for (; g_ascii_isupper(*reference); reference++)
        if (column <= XLSX_COLUMNS)
            column = column * 26 + (*reference - 'A' + 1);
    *row_out = reference;
    return column - 1;
}

/* 0 when it is none. */
static int
row_number(const char *text)
{
    guint64 n = 0;

    g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT32 - 1, &n, NULL);
    return (int)n;
}

static enum cell_type
type_of(const char *t)
{
    if (g_strcmp0(t, "s") == 0)
        return CELL_SHARED;
    return !t || strcmp(t, "n") == 0 ? CELL_NUMBER : CELL_STRING;
}

static void
begin_cell(struct sheet_reader *r, const struct sax_attributes *a)
{
    g_autofree char *reference = sax_attribute(a, "r");
    g_autofree char *type = sax_attribute(a, "t");
    const char *digits;
    int column = reference ? column_of(reference, &digits) : -1;

    r->column = column >= 0 ? column : r->column + 1;
    r->type = type_of(type);
    g_string_truncate(r->text, 0);
}

static void
begin_row(struct sheet_reader *r, const struct sax_attributes *a)
{
    g_autofree char *number = sax_attribute(a, "r");
    int n = number ? row_number(number) : 0;

    r->column = -1;
    r->number = n ? n : r->number + 1;
    if (!r->row)
        r->row = g_new0(struct sheet_row, 1);
}

/* Copies count: a long text over a thousand rows is too much. */
static void
copy_cell(struct sheet_reader *r, const char *text, char **cell)
{
    if (!text || *cell || r->x->over)
        return;
    r->bytes += strlen(text);
    if (r->bytes > r->x->limits->text_bytes)
        r->x->over = TRUE;
    else
        *cell = g_strdup(text);
}

/* What stands in the first of merged cells is meant for all of them; of the
 * others the spreadsheet keeps nothing. */
static void
fill_merged(struct sheet_reader *r, int first_row, int first, int last_row,
            int last)
{
    const struct sheet_row *from = NULL;

    for (guint n = 0; n < r->rows->len; n++) {
        struct sheet_row *row = g_ptr_array_index(r->rows, n);

        if (row->number == first_row)
            from = row;
        if (!from || row->number < first_row || row->number > last_row)
            continue;
        for (int c = first; c <= MIN(last, XLSX_COLUMNS - 1); c++)
            copy_cell(r, from->cells[first], &row->cells[c]);
    }
}

/* <mergeCell ref="K2:K3"/>, which stands behind all rows. */
static void
merge(struct sheet_reader *r, const struct sax_attributes *a)
{
    g_autofree char *reference = sax_attribute(a, "ref");
    g_auto(GStrv) ends = g_strsplit(reference ? reference : "", ":", 2);
    const char *first_row, *last_row;
    int first, last;

    if (!ends[0] || !ends[1])
        return;
    if (++r->merges > MERGES) {
        r->x->over = TRUE;
        return;
    }
    first = column_of(ends[0], &first_row);
    last = column_of(ends[1], &last_row);
    if (first >= 0 && first < XLSX_COLUMNS)
        fill_merged(r, row_number(first_row), first, row_number(last_row),
                    last);
}

static void
sheet_start(void *user, const char *local, const char *uri,
            const struct sax_attributes *a)
{
    struct sheet_reader *r = user;

    (void)uri;
    if (strcmp(local, "row") == 0)
        begin_row(r, a);
    else if (strcmp(local, "c") == 0)
        begin_cell(r, a);
    else if (strcmp(local, "mergeCell") == 0)
        merge(r, a);
    else if (strcmp(local, "rPh") == 0)
        r->phonetic++;
    else if (strcmp(local, "v") == 0 || strcmp(local, "t") == 0)
        r->in_text = r->phonetic == 0;
}

static char *
value_of(struct sheet_reader *r)
{
    guint64 n;

    if (r->type == CELL_STRING)
        return string_of(r->x, r->text);
    if (r->type == CELL_NUMBER)
        return number_of(r->x, r->text);
    if (!g_ascii_string_to_unsigned(r->text->str, 10, 0, G_MAXUINT32, &n,
                                    NULL) ||
        n >= r->x->strings->len)
        return g_strdup("");
    return g_strdup(g_ptr_array_index(r->x->strings, n));
}

static void
end_cell(struct sheet_reader *r)
{
    g_autofree char *value = value_of(r);

    if (g_str_has_prefix(value, XLSX_TOKEN) && strlen(value) < TOKEN_BYTES) {
        r->lists = TRUE;
        g_free(r->x->token);
        r->x->token = g_steal_pointer(&value);
    } else if (*value && r->column >= XLSX_COLUMNS) {
        r->x->over = TRUE;
    } else if (*value && r->row) {
        r->bytes += strlen(value);
        g_free(r->row->cells[r->column]);
        r->row->cells[r->column] = g_steal_pointer(&value);
    }
}

static gboolean
is_empty(const struct sheet_row *row)
{
    for (int n = 0; n < XLSX_COLUMNS; n++)
        if (row->cells[n])
            return FALSE;
    return TRUE;
}

static void
end_row(struct sheet_reader *r)
{
    struct xlsx *x = r->x;

    if (!r->row || is_empty(r->row))
        return;
    r->row->number = r->number;
    x->rows++;
    if (x->rows > XLSX_ROWS || r->bytes > x->limits->text_bytes)
        x->over = TRUE;
    if (x->over)
        row_free(r->row);
    else
        g_ptr_array_add(r->rows, r->row);
    r->row = NULL;
}

static void
put_row(const struct sheet_row *row, GString *out)
{
    int last = XLSX_COLUMNS - 1;

    while (last > 0 && !row->cells[last])
        last--;
    for (int n = 0; n <= last; n++) {
        g_string_append(out, n ? "\t" : "");
        g_string_append(out, row->cells[n] ? row->cells[n] : "");
    }
    g_string_append_c(out, '\n');
}

static void
sheet_end(void *user, const char *local, const char *uri)
{
    struct sheet_reader *r = user;

    (void)uri;
    if (strcmp(local, "c") == 0)
        end_cell(r);
    else if (strcmp(local, "row") == 0)
        end_row(r);
    else if (strcmp(local, "rPh") == 0)
        r->phonetic--;
    else if (strcmp(local, "v") == 0 || strcmp(local, "t") == 0)
        r->in_text = FALSE;
}

static void
sheet_text(void *user, const char *bytes, size_t len)
{
    struct sheet_reader *r = user;

    if (r->in_text)
        append(r->text, bytes, len);
}

enum file_state
xlsx_read_sheet(struct xlsx *x, const struct zip_entry *e, GString *out,
                gboolean *lists_out)
{
    static const struct sax_handler handler = {sheet_start, sheet_end,
                                               sheet_text};
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(row_free);
    struct sheet_reader r = {.x = x, .text = text, .rows = rows, .column = -1};
    enum file_state state = xlsx_parse(x, e, &handler, &r);

    for (guint n = 0; n < rows->len && out->len <= x->limits->text_bytes; n++)
        put_row(rows->pdata[n], out);
    x->over = x->over || out->len > x->limits->text_bytes;
    g_clear_pointer(&r.row, row_free);
    *lists_out = r.lists;
    return state;
}

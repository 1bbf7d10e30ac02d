/* ledger_read.c - see ledger_read.h. */
#include "report/ledger_read.h"

#include "reply/phrases.h"

#include <math.h>
#include <string.h>

enum {
    COLUMNS = 50,
    PAIRS = COLUMNS / 2,
    UNIX_SERIAL = 25569,   /* 1970-01-01, as spreadsheets count days */
    LAST_SERIAL = 2958465, /* 9999-12-31 */
    DAY_MINUTES = 24 * 60
};

/* Where the columns stand; -1: nowhere. */
struct layout {
    int facts[LEDGER_FACTS];
    int items[PAIRS], dates[PAIRS];
    int pairs;
    int remark;
};

static const char *const headings[] = {
    "column.number",    "column.received", "column.title",    "column.unit",
    "column.submitter", "column.phones",   "column.category", "column.words",
    "column.similar",   "column.status"};

G_STATIC_ASSERT(G_N_ELEMENTS(headings) == LEDGER_FACTS);

const char *
ledger_heading(const struct phrases *words, enum ledger_fact f)
{
    return phrases_get(words, headings[f]);
}

/* ---- dates ---- */

/* The first numbers in a text: 2019-03-05 09:12, 2019年3月5日 9:12. */
static int
numbers_in(const char *text, int *out, int most)
{
    int n = 0;

    while (*text && n < most) {
        if (!g_ascii_isdigit(*text)) {
            text++;
            continue;
        }
        for (out[n] = 0; g_ascii_isdigit(*text); text++)
            out[n] = MIN(out[n] * 10 + (*text - '0'), 99999999);
        n++;
    }
    return n;
}

static gboolean
valid_day(int y, int m, int d, civil_day *out)
{
    if (y < 1900 || y > 9999 || m < 1 || m > 12 || d < 1 || d > 31 ||
        !g_date_valid_dmy((GDateDay)d, (GDateMonth)m, (GDateYear)y))
        return FALSE;
    *out = day_from_ymd(y, m, d);
    return TRUE;
}

/* Minutes since 1970 of a cell that spreadsheets may write as a number of
 * days or as text; 20190312 is a date too. */
static gboolean
minutes_of(const char *cell, gint64 *out)
{
    char *end = NULL;
    double serial = g_ascii_strtod(cell, &end);
    int n[5] = {0}, count = 0;
    civil_day day;

    if (end != cell && !*end && serial >= 1 && serial <= LAST_SERIAL) {
        *out = (gint64)llround((serial - UNIX_SERIAL) * DAY_MINUTES);
        return TRUE;
    }
    count = numbers_in(cell, n, 5);
    if (count == 1 && n[0] > LAST_SERIAL) {
        n[2] = n[0] % 100;
        n[1] = n[0] / 100 % 100;
        n[0] = n[0] / 10000;
        count = 3;
    }
    if (count < 3 || !valid_day(n[0], n[1], n[2], &day) || n[3] > 23 ||
        n[4] > 59)
        return FALSE;
    *out = (gint64)day * DAY_MINUTES + n[3] * 60 + n[4];
    return TRUE;
}

static civil_day
day_of_minutes(gint64 minutes)
{
    gint64 day = minutes / DAY_MINUTES;

    return (civil_day)(minutes % DAY_MINUTES < 0 ? day - 1 : day);
}

static civil_day
day_of(const char *cell)
{
    gint64 minutes;

    return minutes_of(cell, &minutes) ? day_of_minutes(minutes) : DAY_NONE;
}

static char *
time_of(const char *cell)
{
    g_autofree char *day = NULL;
    gint64 minutes, of_day;

    if (!minutes_of(cell, &minutes))
        return g_strdup(cell);
    day = day_format(day_of_minutes(minutes));
    of_day = minutes - (gint64)day_of_minutes(minutes) * DAY_MINUTES;
    return g_strdup_printf("%s %02d:%02d", day, (int)of_day / 60,
                           (int)of_day % 60);
}

/* ---- headings ---- */

/* "标注2" -> 1; -1 when the heading is another one. */
static int
pair_of(const char *heading, const char *word)
{
    guint64 n;

    if (!g_str_has_prefix(heading, word) ||
        !g_ascii_string_to_unsigned(heading + strlen(word), 10, 1, PAIRS, &n,
                                    NULL))
        return -1;
    return (int)n - 1;
}

static void
place_column(struct layout *l, const struct phrases *words, const char *heading,
             int column)
{
    int item = pair_of(heading, phrases_get(words, "column.mark"));
    int date = pair_of(heading, phrases_get(words, "column.date"));

    for (int f = 0; f < LEDGER_FACTS; f++)
        if (strcmp(heading, phrases_get(words, headings[f])) == 0)
            l->facts[f] = column;
    if (strcmp(heading, phrases_get(words, "column.remark")) == 0)
        l->remark = column;
    if (item >= 0)
        l->items[item] = column;
    if (date >= 0)
        l->dates[date] = column;
    l->pairs = MAX(l->pairs, MAX(item, date) + 1);
}

/* FALSE: this row does not hold the headings. */
static gboolean
read_headings(struct layout *l, const struct phrases *words, char **cells)
{
    memset(l, 0xFF, sizeof *l); /* every column -1 */
    l->pairs = 0;
    for (int n = 0; n < COLUMNS && cells[n]; n++)
        place_column(l, words, cells[n], n);
    return l->facts[LEDGER_NUMBER] >= 0;
}

/* ---- rows ---- */

static void
mark_clear(void *data)
{
    struct returned_mark *m = data;

    g_free(m->item);
    g_free(m->written);
}

static void
row_free(void *data)
{
    struct returned_row *r = data;

    for (int f = 0; f < LEDGER_FACTS; f++)
        g_free(r->facts[f]);
    g_array_unref(r->marks);
    g_free(r->remark);
    g_free(r);
}

/* "" for an empty cell, NULL for a column that is not there. */
static const char *
cell_at(char **cells, int n_cells, int column)
{
    if (column < 0)
        return NULL;
    return column < n_cells ? cells[column] : "";
}

static struct returned_row *
read_row(const struct layout *l, char **cells)
{
    struct returned_row *r = g_new0(struct returned_row, 1);
    int n = (int)g_strv_length(cells);

    r->marks = g_array_new(FALSE, TRUE, sizeof(struct returned_mark));
    g_array_set_clear_func(r->marks, mark_clear);
    for (int f = 0; f < LEDGER_FACTS; f++) {
        const char *cell = cell_at(cells, n, l->facts[f]);

        r->facts[f] =
            cell && f == LEDGER_RECEIVED ? time_of(cell) : g_strdup(cell);
    }
    for (int k = 0; k < l->pairs; k++) {
        const char *item = cell_at(cells, n, l->items[k]);
        const char *date = cell_at(cells, n, l->dates[k]);
        struct returned_mark m = {.has_column = item != NULL,
                                  .item = g_strdup(item ? item : ""),
                                  .written = g_strdup(date ? date : ""),
                                  .day = date ? day_of(date) : DAY_NONE};

        g_array_append_val(r->marks, m);
    }
    r->remark = g_strdup(cell_at(cells, n, l->remark));
    return r;
}

/* The rows of one sheet, when it is the ledger. */
static gboolean
read_sheet(struct returned *r, const struct phrases *words, const char *sheet)
{
    g_auto(GStrv) lines = g_strsplit(sheet, "\n", -1);
    struct layout l;
    gboolean found = FALSE;

    for (char **line = lines; *line; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, "\t", -1);
        const char *number;

        if (!found) {
            found = read_headings(&l, words, cells);
            continue;
        }
        number =
            cell_at(cells, (int)g_strv_length(cells), l.facts[LEDGER_NUMBER]);
        if (number && *number)
            g_ptr_array_add(r->rows, read_row(&l, cells));
    }
    return found;
}

struct returned *
ledger_read(const char *text, const struct phrases *words)
{
    g_auto(GStrv) parts = g_strsplit(text, "\n\n", -1);
    g_autoptr(returned) r = g_new0(struct returned, 1);
    gboolean found = FALSE;

    r->rows = g_ptr_array_new_with_free_func(row_free);
    if (!parts[0])
        return NULL;
    r->token = g_strdup(parts[0]);
    for (int n = 1; parts[n] && !found; n++)
        found = read_sheet(r, words, parts[n]);
    return found ? g_steal_pointer(&r) : NULL;
}

void
returned_free(struct returned *r)
{
    if (!r)
        return;
    g_free(r->token);
    g_clear_pointer(&r->rows, g_ptr_array_unref);
    g_free(r);
}

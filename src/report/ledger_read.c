/* ledger_read.c - see ledger_read.h. */
#include "report/ledger_read.h"

#include "base/pattern.h"
#include "base/text.h"
#include "draft/xlsx.h"
#include "reply/phrases.h"

#include <math.h>
#include <string.h>

enum {
    COLUMNS = 50,
    PAIRS = COLUMNS / 2,
    UNIX_SERIAL = 25569,  /* 1970-01-01, as spreadsheets count days */
    SERIALS_1904 = 1462,  /* days that the other calendar is behind */
    FIRST_SERIAL = 36526, /* 2000-01-01: 2019 or 3.12 is no date */
    LAST_SERIAL = 73050,  /* 2099-12-31 */
    DAY_MINUTES = 24 * 60
};

/* Where the columns stand; -1: nowhere. */
struct layout {
    int facts[LEDGER_FACTS];
    int items[PAIRS], dates_at[PAIRS];
    int pairs;
    int remark;
    gboolean from_1904; /* how numbers are dates in this workbook */
};

static const char *const headings[] = {
    "column.number",    "column.received", "column.title",    "column.unit",
    "column.submitter", "column.phones",   "column.category", "column.words",
    "column.similar",   "column.status",   "column.notes",    "column.file"};

G_STATIC_ASSERT(G_N_ELEMENTS(headings) == LEDGER_FACTS);

const char *
ledger_heading(const struct phrases *words, enum ledger_fact f)
{
    return phrases_get(words, headings[f]);
}

/* ---- dates ---- */

/* What is written in words: 2019-3-12, 2019.3.12, 2019年3月12日 9时12分,
 * 3月12日, 3-12 (without its year not 3.12, which may be 3.1 or 3.120),
 * 20190312, and a weekday behind it. */
static struct pattern date_pattern = PATTERN(
    "(?J)^(?:(?<y>[0-9]{4})[-/.年](?<m>[0-9]{1,2})[-/.月](?<d>[0-9]{1,2})[日号]?"
    "|(?<y>[0-9]{2})年(?<m>[0-9]{1,2})月(?<d>[0-9]{1,2})[日号]?"
    "|(?<y>[0-9]{4})(?<m>[0-9]{2})(?<d>[0-9]{2})"
    "|(?<m>[0-9]{1,2})[-/月](?<d>[0-9]{1,2})[日号]?)"
    "(?:[ t]*(?<h>[0-9]{1,2})[:时点](?:(?<min>[0-9]{1,2})分?)?"
    "(?::[0-9]{2}(?:\\.[0-9]+)?)?z?)?"
    "(?: *\\(?(?:星期|周)[1-7日天]\\)?)?$");

/* A date and time of day as written; year 0: it was left out. */
struct written {
    int year, month, day, minute;
};

/* 二〇一九年三月十二日 -> 2019年3月12日; other text stays. */
static char *
arabic(const char *text)
{
    static const char digits[] = "〇一二三四五六七八九";
    GString *out = g_string_new(NULL);

    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p),
                 next = g_utf8_get_char(g_utf8_next_char(p));
        const char *digit =
            g_utf8_strchr(digits, -1, c == 0x96F6 /* 零 */ ? 0x3007 : c);
        gboolean tens = out->len > 0 && g_ascii_isdigit(out->str[out->len - 1]);
        gboolean units = next && g_utf8_strchr(digits, -1, next);

        if (digit)
            g_string_append_printf(
                out, "%d", (int)g_utf8_pointer_to_offset(digits, digit));
        else if (c == 0x5341 /* 十 */)
            g_string_append(out, tens ? units ? "" : "0" : units ? "1" : "10");
        else
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

static int
number(const struct pattern_hit *hit, const char *name)
{
    g_autofree char *text = pattern_named(hit, name);

    return *text ? (int)g_ascii_strtoll(text, NULL, 10) : 0;
}

static gboolean
read_written(const char *cell, struct written *out)
{
    g_autofree char *folded = text_fold(cell);
    g_autofree char *text = arabic(folded);
    struct pattern_hit hit;
    struct written w;

    if (!pattern_find(&date_pattern, text, 0, &hit))
        return FALSE;
    w = (struct written){number(&hit, "y"), number(&hit, "m"),
                         number(&hit, "d"),
                         number(&hit, "h") * 60 + number(&hit, "min")};
    if (w.year > 0 && w.year < 100)
        w.year += 2000;
    /* 2000 has a 29 February: whether this year has is seen later. */
    if (w.minute >= DAY_MINUTES ||
        !g_date_valid_dmy((GDateDay)w.day, (GDateMonth)w.month,
                          (GDateYear)(w.year ? w.year : 2000)))
        return FALSE;
    *out = w;
    return TRUE;
}

/* Minutes since 1970 of a cell that spreadsheets write as a number of
 * days. */
static gboolean
read_serial(const struct layout *l, const char *cell, gint64 *out)
{
    char *end = NULL;
    double serial = g_ascii_strtod(cell, &end);

    if (l->from_1904)
        serial += SERIALS_1904;
    if (end == cell || *end ||
        !(serial >= FIRST_SERIAL && serial < LAST_SERIAL + 1))
        return FALSE;
    *out = (gint64)llround((serial - UNIX_SERIAL) * DAY_MINUTES);
    return TRUE;
}

static void
read_day(const struct layout *l, const char *cell, struct returned_mark *m)
{
    struct written w;
    gint64 minutes;

    m->day = DAY_NONE;
    if (read_serial(l, cell, &minutes)) {
        m->day = (civil_day)(minutes / DAY_MINUTES); /* after 1970 */
    } else if (!read_written(cell, &w)) {
        return;
    } else if (w.year) {
        m->day = day_from_ymd(w.year, w.month, w.day);
    } else {
        m->month = w.month;
        m->month_day = w.day;
    }
}

/* The time of receipt as it was sent; what is none, as it stands. */
static char *
time_of(const struct layout *l, const char *cell)
{
    g_autofree char *day = NULL;
    struct written w;
    gint64 minutes;

    if (read_written(cell, &w) && w.year)
        minutes = (gint64)day_from_ymd(w.year, w.month, w.day) * DAY_MINUTES +
                  w.minute;
    else if (!read_serial(l, cell, &minutes))
        return g_strdup(cell);
    day = day_format((civil_day)(minutes / DAY_MINUTES));
    return g_strdup_printf("%s %02d:%02d", day,
                           (int)(minutes % DAY_MINUTES) / 60,
                           (int)(minutes % DAY_MINUTES) % 60);
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

/* Of two columns with one heading the first counts: the other is a copy. */
static void
place(int *at, int column)
{
    if (*at < 0)
        *at = column;
}

static void
place_column(struct layout *l, const struct phrases *words, const char *heading,
             int column)
{
    int item = pair_of(heading, phrases_get(words, "column.mark"));
    int date = pair_of(heading, phrases_get(words, "column.date"));

    for (int f = 0; f < LEDGER_FACTS; f++)
        if (strcmp(heading, phrases_get(words, headings[f])) == 0)
            place(&l->facts[f], column);
    if (strcmp(heading, phrases_get(words, "column.remark")) == 0)
        place(&l->remark, column);
    if (item >= 0)
        place(&l->items[item], column);
    if (date >= 0)
        place(&l->dates_at[date], column);
    l->pairs = MAX(l->pairs, MAX(item, date) + 1);
}

/* Full-width digits, and spaces put in to make it look better. */
static char *
heading_of(const char *cell)
{
    g_autofree char *folded = text_fold(cell);
    g_auto(GStrv) parts = g_strsplit(folded, " ", -1);

    return g_strjoinv("", parts);
}

static void
no_columns(struct layout *l)
{
    for (int n = 0; n < LEDGER_FACTS; n++)
        l->facts[n] = -1;
    for (int n = 0; n < PAIRS; n++)
        l->items[n] = l->dates_at[n] = -1;
    l->remark = -1;
    l->pairs = 0;
}

/* FALSE: this row does not hold the headings. */
static gboolean
read_headings(struct layout *l, const struct phrases *words, char **cells)
{
    no_columns(l);
    for (int n = 0; n < COLUMNS && cells[n]; n++) {
        g_autofree char *heading = heading_of(cells[n]);

        place_column(l, words, heading, n);
    }
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

static char *
fact_of(const struct layout *l, enum ledger_fact f, const char *cell)
{
    if (!cell)
        return NULL;
    if (f == LEDGER_RECEIVED)
        return time_of(l, cell);
    return f == LEDGER_NUMBER ? text_fold(cell) : g_strdup(cell);
}

static struct returned_row *
read_row(const struct layout *l, char **cells)
{
    struct returned_row *r = g_new0(struct returned_row, 1);
    int n = (int)g_strv_length(cells);

    r->marks = g_array_new(FALSE, TRUE, sizeof(struct returned_mark));
    g_array_set_clear_func(r->marks, mark_clear);
    for (int f = 0; f < LEDGER_FACTS; f++)
        r->facts[f] =
            fact_of(l, (enum ledger_fact)f, cell_at(cells, n, l->facts[f]));
    for (int k = 0; k < l->pairs; k++) {
        const char *item = cell_at(cells, n, l->items[k]);
        const char *date = cell_at(cells, n, l->dates_at[k]);
        struct returned_mark m = {.has_column = item != NULL,
                                  .item = g_strdup(item ? item : ""),
                                  .written = g_strdup(date ? date : ""),
                                  .day = DAY_NONE};

        if (date)
            read_day(l, date, &m);
        g_array_append_val(r->marks, m);
    }
    r->remark = g_strdup(cell_at(cells, n, l->remark));
    return r;
}

/* A row without a number that says more than one thing. */
static void
note_added(struct returned *r, char **cells)
{
    g_autoptr(GPtrArray) said = g_ptr_array_new();

    for (; *cells; cells++)
        if (**cells)
            g_ptr_array_add(said, *cells);
    if (said->len < 2)
        return;
    g_ptr_array_add(said, NULL);
    g_ptr_array_add(r->added, g_strjoinv(" ", (char **)said->pdata));
}

static void
take_line(struct returned *r, const struct layout *l,
          const struct phrases *words, char **cells)
{
    const char *cell =
        cell_at(cells, (int)g_strv_length(cells), l->facts[LEDGER_NUMBER]);

    if (!cell || !*cell)
        note_added(r, cells);
    else if (strcmp(cell, ledger_heading(words, LEDGER_NUMBER)) != 0)
        g_ptr_array_add(r->rows, read_row(l, cells));
}

/* Behind the row of headings; NULL: this sheet has none. */
static char **
find_headings(struct layout *l, const struct phrases *words, char **lines)
{
    for (; *lines; lines++) {
        g_auto(GStrv) cells = g_strsplit(*lines, "\t", -1);

        if (read_headings(l, words, cells))
            return lines + 1;
    }
    return NULL;
}

/* [name] -> name; "" when it has none. */
static char *
sheet_name(const char *line)
{
    size_t len = strlen(line);

    if (len < 2 || line[0] != '[' || line[len - 1] != ']')
        return g_strdup("");
    return g_strndup(line + 1, len - 2);
}

/* Of several ledgers in one workbook the first counts, the others are
 * named. */
static void
read_sheet(struct returned *r, const struct layout *common,
           const struct phrases *words, const char *sheet)
{
    g_auto(GStrv) lines = g_strsplit(sheet, "\n", -1);
    struct layout l = *common;
    char **line = find_headings(&l, words, lines);

    if (line && r->sheet) {
        g_ptr_array_add(r->others, sheet_name(lines[0]));
    } else if (line) {
        r->sheet = sheet_name(lines[0]);
        for (; *line; line++) {
            g_auto(GStrv) cells = g_strsplit(*line, "\t", -1);

            take_line(r, &l, words, cells);
        }
    }
}

struct returned *
ledger_read(const char *text, const struct phrases *words)
{
    g_auto(GStrv) parts = g_strsplit(text, "\n\n", -1);
    g_autoptr(returned) r = g_new0(struct returned, 1);
    struct layout l = {0};

    r->rows = g_ptr_array_new_with_free_func(row_free);
    r->added = g_ptr_array_new_with_free_func(g_free);
    r->others = g_ptr_array_new_with_free_func(g_free);
    if (!parts[0])
        return NULL;
    l.from_1904 = g_str_has_suffix(parts[0], XLSX_1904);
    r->token = g_strndup(parts[0], strlen(parts[0]) -
                                       (l.from_1904 ? strlen(XLSX_1904) : 0));
    for (int n = 1; parts[n]; n++)
        read_sheet(r, &l, words, parts[n]);
    return r->sheet ? g_steal_pointer(&r) : NULL;
}

void
returned_free(struct returned *r)
{
    if (!r)
        return;
    g_free(r->token);
    g_free(r->sheet);
    g_clear_pointer(&r->others, g_ptr_array_unref);
    g_clear_pointer(&r->rows, g_ptr_array_unref);
    g_clear_pointer(&r->added, g_ptr_array_unref);
    g_free(r);
}

/* ledger.c - the ledger as data (see ledger.h). */
#include "report/ledger.h"

#include "base/text.h"

static void
free_row(gpointer data)
{
    struct ledger_row *row = data;

    g_array_unref(row->marks);
    g_free(row);
}

struct ledger *
ledger_new(void)
{
    struct ledger *l = g_new0(struct ledger, 1);

    l->items = g_ptr_array_new();
    l->rows = g_ptr_array_new_with_free_func(free_row);
    l->strings = g_string_chunk_new(4096);
    return l;
}

void
ledger_free(struct ledger *l)
{
    if (!l)
        return;
    g_ptr_array_unref(l->items);
    g_ptr_array_unref(l->rows);
    g_string_chunk_free(l->strings);
    g_free(l);
}

const char *
ledger_copy(struct ledger *l, const char *text)
{
    return text ? g_string_chunk_insert_const(l->strings, text) : NULL;
}

void
ledger_add_item(struct ledger *l, const char *name)
{
    g_ptr_array_add(l->items, (gpointer)ledger_copy(l, name));
}

struct ledger_row *
ledger_add_row(struct ledger *l, const struct ledger_row *row)
{
    struct ledger_row *copy = g_memdup2(row, sizeof *row);

    copy->number = ledger_copy(l, row->number);
    copy->title = ledger_copy(l, row->title);
    copy->unit = ledger_copy(l, row->unit);
    copy->submitter = ledger_copy(l, row->submitter);
    copy->phones = ledger_copy(l, row->phones);
    copy->category = ledger_copy(l, row->category);
    copy->similar = ledger_copy(l, row->similar);
    copy->status = ledger_copy(l, row->status);
    copy->remark = ledger_copy(l, row->remark);
    copy->marks = g_array_new(FALSE, FALSE, sizeof(struct ledger_mark));
    g_ptr_array_add(l->rows, copy);
    return copy;
}

void
ledger_add_mark(struct ledger *l, struct ledger_row *row, const char *item,
                civil_day date)
{
    struct ledger_mark mark = {ledger_copy(l, item), date};

    g_array_append_val(row->marks, mark);
}

static char *
fact(const char *text)
{
    return text_line(text ? text : "");
}

char *
ledger_row_facts(const struct ledger_row *row)
{
    g_autofree char *day = day_format(row->day);
    char *cells[LEDGER_FACTS + 1] = {
        [LEDGER_NUMBER] = fact(row->number),
        [LEDGER_RECEIVED] = g_strdup_printf("%s %02d:%02d", day,
                                            row->minute / 60, row->minute % 60),
        [LEDGER_TITLE] = fact(row->title),
        [LEDGER_UNIT] = fact(row->unit),
        [LEDGER_SUBMITTER] = fact(row->submitter),
        [LEDGER_PHONES] = fact(row->phones),
        [LEDGER_CATEGORY] = fact(row->category),
        [LEDGER_WORDS] = g_strdup_printf("%d", row->words),
        [LEDGER_SIMILAR] = fact(row->similar),
        [LEDGER_STATUS] = fact(row->status)};
    char *joined = g_strjoinv("\t", cells);

    for (int n = 0; n < LEDGER_FACTS; n++)
        g_free(cells[n]);
    return joined;
}

char *
ledger_row_marks(const struct ledger_row *row)
{
    GString *s = g_string_new(NULL);

    for (guint n = 0; n < row->marks->len; n++) {
        const struct ledger_mark *m =
            &g_array_index(row->marks, struct ledger_mark, n);
        g_autofree char *day = day_format(m->date);

        g_string_append_printf(s, "%s\t%s\n", m->item, day);
    }
    return g_string_free(s, FALSE);
}

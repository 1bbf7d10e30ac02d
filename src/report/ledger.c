/* ledger.c - the ledger as data (see ledger.h). */
#include "report/ledger.h"

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

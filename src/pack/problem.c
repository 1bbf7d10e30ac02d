/* problem.c - see problem.h. */
#include "pack/problem.h"

#include "base/i18n.h"
#include "base/text.h"

#include <stdarg.h>
#include <string.h>

static void
problem_free(gpointer data)
{
    struct problem *p = data;

    g_free(p->text);
    g_free(p);
}

void
problems_init(struct problems *ps)
{
    ps->list = g_ptr_array_new_with_free_func(problem_free);
    ps->count = 0;
}

void
problems_clear(struct problems *ps)
{
    g_ptr_array_unref(ps->list);
    ps->list = NULL;
}

void
problem_add(struct problems *ps, const char *file, int line, int column,
            const char *format, ...)
{
    g_autofree char *text = NULL;
    struct problem *p;
    va_list args;

    ps->count++;
    if (ps->list->len >= PROBLEMS_MAX)
        return;
    p = g_new0(struct problem, 1);
    p->file = file;
    p->line = line;
    p->column = column;
    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    p->text = text_line(text); /* what it quotes may be many */
    g_ptr_array_add(ps->list, p);
}

void
problems_move(struct problems *to, struct problems *from)
{
    to->count += from->count;
    g_ptr_array_extend_and_steal(to->list, g_steal_pointer(&from->list));
}

/* By place; g_ptr_array_sort keeps the order of equals. */
static gint
compare(gconstpointer a, gconstpointer b)
{
    const struct problem *x = *(struct problem *const *)a;
    const struct problem *y = *(struct problem *const *)b;
    int order = strcmp(x->file, y->file);

    if (order == 0)
        order = (x->line > y->line) - (x->line < y->line);
    if (order == 0)
        order = (x->column > y->column) - (x->column < y->column);
    return order;
}

static char *
problem_line(const struct problem *p)
{
    if (p->line == 0)
        return g_strdup(p->text);
    return g_strdup_printf("%s:%d:%d: %s", p->file, p->line, p->column,
                           p->text);
}

enum st
problems_end(struct problems *ps, GPtrArray *lines, struct err *e)
{
    g_autofree char *first = NULL;

    if (ps->count == 0)
        return ST_OK;
    g_ptr_array_sort(ps->list, compare);
    for (guint i = 0; lines && i < ps->list->len; i++)
        g_ptr_array_add(lines, problem_line(ps->list->pdata[i]));
    first = problem_line(ps->list->pdata[0]);
    if (ps->count == 1)
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION, "%s", first);
    return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                   ngettext("%s (and %u more problem)",
                            "%s (and %u more problems)", ps->count - 1),
                   first, ps->count - 1);
}

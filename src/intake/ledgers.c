/* ledgers.c - see ledgers.h. */
#include "intake/ledgers.h"

#include "base/file.h"
#include "base/text.h"
#include "draft/xlsx.h"
#include "register/ledger.h"
#include "register/mark.h"
#include "reply/phrases.h"

#include <glib/gstdio.h>

enum {
    WORKBOOK_BYTES = 64 << 20,
    CELL_CHARS = 1000 /* far below what the reader takes */
};

void
ledger_made_clear(struct ledger_made *m)
{
    g_clear_pointer(&m->workbook, g_bytes_unref);
}

/* ---- a row ---- */

static char *
unit_names(const struct office *o, const struct reg_submission *s)
{
    GString *names = g_string_new(NULL);

    for (guint n = 0; n < s->credits->len; n++) {
        const struct reg_credit *c = g_ptr_array_index(s->credits, n);

        g_string_append_printf(names, "%s%s", n ? "、" : "",
                               office_unit_name(c->unit, (void *)o));
    }
    return g_string_free(names, FALSE);
}

char *
ledgers_remark(const struct reg_submission *s)
{
    g_autofree char *line = text_line(s->remark ? s->remark : "");

    return text_cut(line, CELL_CHARS);
}

static enum st
add_marks(struct ledger *l, struct ledger_row *row, struct reg *reg, gint64 id,
          struct err *e)
{
    g_autoptr(GPtrArray) marks = NULL;
    enum st st = reg_marks_of(reg, id, &marks, e);

    for (guint n = 0; st == ST_OK && n < marks->len; n++) {
        const struct reg_mark *m = g_ptr_array_index(marks, n);

        if (!m->revoked)
            ledger_add_mark(l, row, m->item, m->day);
    }
    return st;
}

enum st
ledgers_add_row(struct ledger *l, const struct office *o,
                const struct phrases *words, struct reg *reg,
                const struct reg_submission *s, struct ledger_row **out,
                struct err *e)
{
    g_autofree char *units = unit_names(o, s);
    g_autofree char *title = s->title ? text_cut(s->title, CELL_CHARS) : NULL;
    g_autofree char *remark = ledgers_remark(s);
    gint64 since = s->received - clock_day_start(&o->clock, s->day);
    struct ledger_row row = {
        .number = s->number,
        .day = s->day,
        .minute = (int)CLAMP(since / 60, 0, 24 * 60 - 1),
        .title = title,
        .unit = units,
        .submitter = s->submitter,
        .phones = s->phones,
        .category = s->category,
        .words = s->words,
        .words_noted = reason_has(&s->notes, REASON_TOO_LONG) ||
                       reason_has(&s->notes, REASON_TOO_SHORT),
        .similar = reason_has(&s->notes, REASON_SIMILAR)
                       ? phrases_get(words, "line.similar")
                       : NULL,
        .status = phrases_get(words, s->state == SUBMISSION_WITHDRAWN
                                         ? "status.withdrawn"
                                         : "status.recorded"),
        .remark = *remark ? remark : NULL};

    *out = ledger_add_row(l, &row);
    return add_marks(l, *out, reg, s->id, e);
}

/* ---- the whole ---- */

static struct ledger *
begin_ledger(const struct office *o, const struct period *p)
{
    struct ledger *l = ledger_new();
    g_autofree char *period = period_printed(p);
    g_autofree char *unique = g_uuid_string_random();
    g_autofree char *token = g_strconcat(XLSX_TOKEN, unique, NULL);

    l->office = ledger_copy(l, o->config->office);
    l->period = ledger_copy(l, period);
    l->token = ledger_copy(l, token);
    l->made = clock_now(&o->clock);
    for (guint n = 0; n < o->pack->items->len; n++) {
        const struct pack_item *item = pack_item(o->pack, (int)n);

        if (item->when == WHEN_MARKED && !item->retired)
            ledger_add_item(l, item->name);
    }
    return l;
}

static void
keep_row(GPtrArray *kept, gint64 submission, const struct ledger_row *row)
{
    struct reg_ledger_row *k = reg_ledger_row_new(submission);

    k->facts = ledger_row_facts(row);
    k->marks = ledger_row_marks(row);
    k->remark = text_line(row->remark ? row->remark : "");
    g_ptr_array_add(kept, k);
}

static enum st
fill_ledger(struct ledger *l, const struct office *o,
            const struct phrases *words, struct reg *reg,
            const struct period *p, GPtrArray *kept, struct err *e)
{
    g_autoptr(GPtrArray) all = NULL;
    enum st st = reg_submissions(reg, p->from, p->to, &all, e);

    for (guint n = 0; st == ST_OK && n < all->len; n++) {
        const struct reg_submission *s = g_ptr_array_index(all, n);
        struct ledger_row *row = NULL;

        if (s->state == SUBMISSION_PURGED)
            continue;
        st = ledgers_add_row(l, o, words, reg, s, &row, e);
        if (st == ST_OK)
            keep_row(kept, s->id, row);
    }
    return st;
}

/* The writer of workbooks wants a file. */
static enum st
write_bytes(const struct office *o, const struct ledger *l,
            const struct phrases *words, GBytes **out, struct err *e)
{
    g_autofree char *path =
        g_build_filename(o->config->data, ".ledger.xlsx", NULL);
    char *data = NULL;
    size_t len = 0;
    enum st st = ledger_write_xlsx(l, words, path, e);

    if (st == ST_OK)
        st = file_read(path, WORKBOOK_BYTES, &data, &len, e);
    g_unlink(path);
    if (st == ST_OK)
        *out = g_bytes_new_take(data, len);
    return st;
}

enum st
ledgers_make(const struct office *o, struct reg *reg, const struct period *p,
             const struct reg_act *act, struct ledger_made *out, struct err *e)
{
    g_autoptr(ledger) l = begin_ledger(o, p);
    g_autoptr(phrases) words = NULL;
    g_autoptr(GPtrArray) kept =
        g_ptr_array_new_with_free_func((GDestroyNotify)reg_ledger_row_free);
    g_autofree char *code = period_name(p);
    enum st st = ledger_load_words(o->templates, o->own_templates, &words, e);

    if (st == ST_OK)
        st = fill_ledger(l, o, words, reg, p, kept, e);
    if (st == ST_OK && kept->len > XLSX_ROWS - 1)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "%u submissions are too many for one ledger; ask for "
                       "a shorter period",
                       kept->len);
    if (st == ST_OK)
        st = reg_ledger_add(reg, l->token, code, kept, act, e);
    if (st == ST_OK)
        st = write_bytes(o, l, words, &out->workbook, e);
    if (st == ST_OK)
        out->rows = (int)kept->len;
    return st;
}

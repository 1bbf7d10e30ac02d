/* do_returned.c - a ledger that came back: what staff changed in it since it
 * was sent, carried out row by row as orders.
 *
 * Three states of a row are compared: as it was sent, as it came back, and
 * as the register has it now.  What the register changed meanwhile must be
 * part of what came back, else the row is refused: nobody's change is ever
 * overwritten unseen.  What came back and is so already is nothing to do. */
#include "desk/job.h"

#include "base/text.h"
#include "intake/ledgers.h"
#include "register/ledger.h"
#include "register/mark.h"
#include "report/ledger_read.h"
#include "reply/phrases.h"

#include <string.h>

struct returning {
    struct job *j;
    struct desk_answer *answer;
    const char *file;            /* its name, for what is about all of it */
    const struct phrases *words; /* of the workbook */
    GHashTable *sent;            /* number -> struct reg_ledger_row */
    GHashTable *seen;            /* numbers that were met */
    int before;                  /* lines of the answer, to begin with */
};

/* One row: marks as "普刊\t2019-03-12". */
struct merge {
    const struct returned_row *row;
    const struct reg_ledger_row *sent;
    struct reg_submission *now;
    GPtrArray *marks; /* of struct reg_mark: all of the submission */
    GPtrArray *was, *is, *wanted;
    char *remark_is;
};

static void
merge_clear(struct merge *m)
{
    g_clear_pointer(&m->now, reg_submission_free);
    g_clear_pointer(&m->marks, g_ptr_array_unref);
    g_clear_pointer(&m->was, g_ptr_array_unref);
    g_clear_pointer(&m->is, g_ptr_array_unref);
    g_clear_pointer(&m->wanted, g_ptr_array_unref);
    g_clear_pointer(&m->remark_is, g_free);
}

static gboolean
has(const GPtrArray *marks, const char *mark)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *)marks, mark,
                                            g_str_equal, NULL);
}

static gboolean
same(const GPtrArray *a, const GPtrArray *b)
{
    for (guint n = 0; n < a->len; n++)
        if (!has(b, g_ptr_array_index(a, n)))
            return FALSE;
    return a->len == b->len;
}

static void
add(GPtrArray *marks, const char *item, civil_day day)
{
    g_autofree char *printed = day_format(day);
    g_autofree char *mark = g_strdup_printf("%s\t%s", item, printed);

    if (!has(marks, mark))
        g_ptr_array_add(marks, g_steal_pointer(&mark));
}

/* The line of the answer for a whole row. */
static void
begin_row(struct returning *x, const char *number)
{
    struct desk_line *line = desk_answer_line(x->answer, number);

    x->j->line = line;
}

static enum st
refuse_row(struct returning *x, const char *number, const char *key,
           const char *what)
{
    struct value *v = job_fact("number", number);

    value_set_text(v, "what", what);
    begin_row(x, number);
    return job_refuse(x->j, key, v);
}

/* ---- what came back ---- */

/* The first guarded column that is not as it was sent; NULL: none. */
static const char *
changed_fact(const struct returning *x, const struct merge *m)
{
    g_auto(GStrv) sent = g_strsplit(m->sent->facts, "\t", -1);

    for (int f = 0; f < LEDGER_FACTS && sent[f]; f++)
        if (m->row->facts[f] && strcmp(m->row->facts[f], sent[f]) != 0)
            return ledger_heading(x->words, (enum ledger_fact)f);
    return NULL;
}

/* Without a date it is the mark of that item which is there, else one of
 * today. */
static void
add_undated(const struct returning *x, struct merge *m, const char *item)
{
    const GPtrArray *lists[] = {m->was, m->is};
    g_autofree char *prefix = g_strdup_printf("%s\t", item);

    for (size_t k = 0; k < G_N_ELEMENTS(lists); k++) {
        for (guint n = 0; n < lists[k]->len; n++) {
            const char *mark = g_ptr_array_index(lists[k], n);

            if (g_str_has_prefix(mark, prefix) && !has(m->wanted, mark)) {
                g_ptr_array_add(m->wanted, g_strdup(mark));
                return;
            }
        }
    }
    add(m->wanted, item, clock_today(&x->j->i->office->clock));
}

/* "3月12日": the first one that is not before the day of receipt; a date
 * that no year has stays none. */
static civil_day
day_of(const struct merge *m, const struct returned_mark *k)
{
    int year, month, day;

    if (!k->month)
        return k->day;
    day_to_ymd(m->now->day, &year, &month, &day);
    if (k->month * 100 + k->month_day < month * 100 + day)
        year++;
    return g_date_valid_dmy((GDateDay)k->month_day, (GDateMonth)k->month,
                            (GDateYear)year)
               ? day_from_ymd(year, k->month, k->month_day)
               : DAY_NONE;
}

static gboolean
was_sent(const struct merge *m, const char *item)
{
    g_autofree char *prefix = g_strdup_printf("%s\t", item);

    for (guint n = 0; n < m->was->len; n++)
        if (g_str_has_prefix(g_ptr_array_index(m->was, n), prefix))
            return TRUE;
    return FALSE;
}

/* The item meant by a cell, NULL: the row was refused. */
static const struct pack_item *
item_of(struct returning *x, const struct merge *m, const char *cell)
{
    struct job *j = x->j;
    g_autoptr(order) o = order_new(cell);
    const struct pack_item *item;
    char *answer;

    begin_row(x, m->sent->number);
    j->o = o;
    item = job_item(j, m->now, "unknown-item");
    j->o = NULL;
    if (item) {
        desk_answer_drop(x->answer);
        return item;
    }
    answer = g_strdup_printf("%s：%s", m->sent->number, j->line->answer);
    g_free(j->line->answer);
    j->line->answer = answer;
    return NULL;
}

/* FALSE: the row was refused. */
static gboolean
want_mark(struct returning *x, struct merge *m, guint n)
{
    const struct returned_mark *k =
        &g_array_index(m->row->marks, struct returned_mark, n);
    const char *number = m->sent->number, *item = k->item;
    civil_day day = day_of(m, k);

    if (!*item && *k->written && n >= m->was->len) {
        refuse_row(x, number, "ledger-no-item", k->written);
        return FALSE;
    }
    if (!*item)
        return TRUE;
    if (*k->written && day == DAY_NONE) {
        refuse_row(x, number, "ledger-date", k->written);
        return FALSE;
    }
    if (!was_sent(m, item)) {
        const struct pack_item *known = item_of(x, m, item);

        if (!known)
            return FALSE;
        item = known->name;
    }
    if (day == DAY_NONE)
        add_undated(x, m, item);
    else
        add(m->wanted, item, day);
    return TRUE;
}

/* A column of marks that is gone would look like marks taken away. */
static gboolean
columns_there(const struct merge *m)
{
    if (m->row->marks->len < m->was->len)
        return FALSE;
    for (guint n = 0; n < m->was->len; n++)
        if (!g_array_index(m->row->marks, struct returned_mark, n).has_column)
            return FALSE;
    return TRUE;
}

static gboolean
want_marks(struct returning *x, struct merge *m)
{
    if (!columns_there(m)) {
        refuse_row(x, m->sent->number, "ledger-column", NULL);
        return FALSE;
    }
    for (guint n = 0; n < m->row->marks->len; n++)
        if (!want_mark(x, m, n))
            return FALSE;
    return TRUE;
}

/* ---- what is ---- */

static GPtrArray *
marks_sent(const struct reg_ledger_row *sent)
{
    GPtrArray *marks = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) lines = g_strsplit(sent->marks, "\n", -1);

    for (char **l = lines; *l; l++)
        if (**l)
            g_ptr_array_add(marks, g_strdup(*l));
    return marks;
}

static enum st
begin_merge(struct returning *x, const struct returned_row *row,
            const struct reg_ledger_row *sent, struct merge *m, struct err *e)
{
    struct reg *reg = x->j->i->reg;
    enum st st = reg_submission_get(reg, sent->submission, &m->now, e);

    if (st == ST_OK)
        st = reg_marks_of(reg, sent->submission, &m->marks, e);
    if (st != ST_OK)
        return st;
    m->row = row;
    m->sent = sent;
    m->was = marks_sent(sent);
    m->is = g_ptr_array_new_with_free_func(g_free);
    m->wanted = g_ptr_array_new_with_free_func(g_free);
    m->remark_is = ledgers_remark(m->now);
    for (guint n = 0; n < m->marks->len; n++) {
        const struct reg_mark *k = g_ptr_array_index(m->marks, n);

        if (!k->revoked)
            add(m->is, k->item, k->day);
    }
    return ST_OK;
}

/* ---- the comparison ---- */

static gboolean
remark_changed(const struct merge *m)
{
    return m->row->remark && strcmp(m->row->remark, m->sent->remark) != 0;
}

static gboolean
nothing_to_do(const struct merge *m)
{
    if (same(m->wanted, m->was) && !remark_changed(m))
        return TRUE;
    return same(m->wanted, m->is) &&
           (!remark_changed(m) || strcmp(m->row->remark, m->remark_is) == 0);
}

/* Is something in the register now that was not sent and did not come back,
 * or gone that was sent and came back? */
static gboolean
in_conflict(const struct merge *m)
{
    for (guint n = 0; n < m->is->len; n++) {
        const char *mark = g_ptr_array_index(m->is, n);

        if (!has(m->was, mark) && !has(m->wanted, mark))
            return TRUE;
    }
    for (guint n = 0; n < m->was->len; n++) {
        const char *mark = g_ptr_array_index(m->was, n);

        if (has(m->wanted, mark) && !has(m->is, mark))
            return TRUE;
    }
    return m->row->remark && strcmp(m->remark_is, m->sent->remark) != 0 &&
           strcmp(m->remark_is, m->row->remark) != 0;
}

/* ---- carrying out ---- */

/* The live mark that takes its points and note along to another date. */
static const struct reg_mark *
moved_from(const struct merge *m, const char *item)
{
    for (guint n = 0; n < m->marks->len; n++) {
        const struct reg_mark *k = g_ptr_array_index(m->marks, n);
        g_autofree char *day = day_format(k->day);
        g_autofree char *mark = g_strdup_printf("%s\t%s", k->item, day);

        if (!k->revoked && strcmp(k->item, item) == 0 && has(m->was, mark) &&
            !has(m->wanted, mark))
            return k;
    }
    return NULL;
}

static void
append_options(GString *s, const struct reg_mark *old)
{
    if (old && old->quantity != DECIMAL_ONE) {
        g_autofree char *quantity = decimal_format(old->quantity);

        g_string_append_printf(s, " ×%s", quantity);
    }
    if (old && old->has_amount) {
        g_autofree char *amount = decimal_format(old->amount);

        g_string_append_printf(s, " =%s", amount);
    }
    if (old && old->note)
        g_string_append_printf(s, " %s", old->note);
}

/* TRUE in *done_out: the order was carried out. */
static enum st
order_mark(struct returning *x, const struct merge *m, const char *verb,
           const char *mark, gboolean *done_out, struct err *e)
{
    g_auto(GStrv) parts = g_strsplit(mark, "\t", 2);
    g_autoptr(GString) s = g_string_new(NULL);
    int before = x->answer->done;
    enum st st;

    g_string_printf(s, "%s %s %s %s", verb, m->sent->number, parts[0],
                    parts[1]);
    if (!has(m->was, mark))
        append_options(s, moved_from(m, parts[0]));
    st = desk_obey_line(x->j, s->str, x->answer, e);
    *done_out = x->answer->done > before;
    return st;
}

static enum st
change_remark(struct returning *x, const struct merge *m, struct err *e)
{
    const char *remark = m->row->remark;
    struct value *v = job_fact("number", m->sent->number);
    enum st st = reg_save(x->j->i->reg, e);

    if (st == ST_OK)
        st = reg_submission_correct(x->j->i->reg, m->sent->submission,
                                    FIELD_REMARK, *remark ? remark : NULL,
                                    &x->j->act, e);
    begin_row(x, m->sent->number);
    if (st != ST_OK) {
        value_free(v);
        return job_end_apart(x->j, st, e);
    }
    value_set_text(v, "what", *remark ? remark : NULL);
    x->answer->done++;
    job_done(x->j, "ledger-remark", v);
    return job_end_apart(x->j, ST_OK, e);
}

/* New marks first: when one is refused, none of the row is taken away, so
 * that a change of date never ends with neither. */
static enum st
carry_out(struct returning *x, const struct merge *m, struct err *e)
{
    gboolean done = TRUE, all = TRUE;
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < m->wanted->len; n++) {
        const char *mark = g_ptr_array_index(m->wanted, n);

        if (has(m->is, mark))
            continue;
        st = order_mark(x, m, "标注", mark, &done, e);
        all = all && done;
    }
    for (guint n = 0; st == ST_OK && all && n < m->was->len; n++) {
        const char *mark = g_ptr_array_index(m->was, n);

        if (!has(m->wanted, mark) && has(m->is, mark))
            st = order_mark(x, m, "撤销", mark, &done, e);
    }
    if (st == ST_OK && remark_changed(m) &&
        strcmp(m->row->remark, m->remark_is) != 0)
        st = change_remark(x, m, e);
    return st;
}

/* The row is refused with what it says now, so that nobody has to ask. */
static enum st
refuse_conflict(struct returning *x, const struct merge *m)
{
    struct value *v = job_fact("number", m->sent->number);
    g_autoptr(GString) now = g_string_new(NULL);

    for (guint n = 0; n < m->is->len; n++) {
        g_auto(GStrv) parts = g_strsplit(g_ptr_array_index(m->is, n), "\t", 2);

        g_string_append_printf(now, "%s%s %s", n ? "、" : "", parts[0],
                               parts[1]);
    }
    value_set_text(v, "now", now->str);
    value_set_text(v, "what", m->remark_is);
    begin_row(x, m->sent->number);
    return job_refuse(x->j, "ledger-conflict", v);
}

static enum st
judge_row(struct returning *x, struct merge *m, struct err *e)
{
    const char *number = m->sent->number, *column = changed_fact(x, m);

    if (column)
        return refuse_row(x, number, "ledger-fact", column);
    if (!want_marks(x, m) || nothing_to_do(m))
        return ST_OK;
    if (in_conflict(m))
        return refuse_conflict(x, m);
    return carry_out(x, m, e);
}

static enum st
take_row(struct returning *x, const struct returned_row *row, struct err *e)
{
    const char *number = row->facts[LEDGER_NUMBER];
    const struct reg_ledger_row *sent = g_hash_table_lookup(x->sent, number);
    struct merge m = {0};
    enum st st;

    if (!sent)
        return refuse_row(x, number, "ledger-foreign", NULL);
    if (!g_hash_table_add(x->seen, g_strdup(number)))
        return refuse_row(x, number, "ledger-twice", NULL);
    st = begin_merge(x, row, sent, &m, e);
    if (st == ST_OK)
        st = judge_row(x, &m, e);
    merge_clear(&m);
    return st;
}

/* ---- the workbook ---- */

static enum st
refuse_file(struct job *j, struct desk_answer *out,
            const struct reading_file *f, const char *key)
{
    j->line = desk_answer_line(out, f->name ? f->name : "");
    return job_refuse(j, key, job_fact("what", f->name));
}

static enum st
refuse_sheet(struct returning *x, const struct returned *r, const char *other)
{
    struct value *v = job_fact("sheet", r->sheet);

    value_set_text(v, "what", other);
    begin_row(x, x->file);
    return job_refuse(x->j, "ledger-other-sheet", v);
}

static enum st
take_rows(struct returning *x, const struct returned *r, GPtrArray *sent,
          struct err *e)
{
    enum st st = ST_OK;

    for (guint n = 0; n < sent->len; n++) {
        struct reg_ledger_row *row = g_ptr_array_index(sent, n);

        g_hash_table_insert(x->sent, row->number, row);
    }
    for (guint n = 0; st == ST_OK && n < r->rows->len; n++)
        st = take_row(x, g_ptr_array_index(r->rows, n), e);
    for (guint n = 0; st == ST_OK && n < r->added->len; n++)
        st = refuse_row(x, x->file, "ledger-added",
                        g_ptr_array_index(r->added, n));
    if (st == ST_OK && (int)x->answer->lines->len == x->before) {
        begin_row(x, x->file);
        x->answer->done++;
        st = job_done(x->j, "ledger-same", NULL);
    }
    for (guint n = 0; st == ST_OK && n < r->others->len; n++)
        st = refuse_sheet(x, r, g_ptr_array_index(r->others, n));
    return st;
}

enum st
do_returned(struct job *j, const struct reading_file *f,
            struct desk_answer *out, struct err *e)
{
    const struct office *o = j->i->office;
    g_autoptr(phrases) words = NULL;
    g_autoptr(returned) r = NULL;
    g_autoptr(GPtrArray) sent = NULL;
    struct returning x = {
        .j = j, .answer = out, .file = f->name ? f->name : ""};
    enum st st;

    if (!f->text)
        return refuse_file(j, out, f,
                           f->state == FILE_OK ? "ledger-none"
                                               : "ledger-unreadable");
    st = ledger_load_words(o->templates, o->own_templates, &words, e);
    if (st != ST_OK)
        return st;
    r = ledger_read(f->text, words);
    if (!r)
        return refuse_file(j, out, f, "ledger-none");
    st = reg_ledger_rows(j->i->reg, r->token, &sent, e);
    if (st != ST_OK)
        return st;
    if (!sent)
        return refuse_file(j, out, f, "ledger-unknown");
    if (sent->len == 0 && r->rows->len > 0)
        return refuse_file(j, out, f, "ledger-old");
    x.words = words;
    x.sent = g_hash_table_new(g_str_hash, g_str_equal);
    x.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    x.before = (int)out->lines->len;
    st = take_rows(&x, r, sent, e);
    g_hash_table_unref(x.sent);
    g_hash_table_unref(x.seen);
    return st;
}

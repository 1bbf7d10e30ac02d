/* ledgers.c - see ledgers.h; how one is sent is in ledgers_send.c. */
#include "intake/ledgers.h"

#include "base/file.h"
#include "base/text.h"
#include "draft/openness.h"
#include "draft/xlsx.h"
#include "intake/similar.h"
#include "intake/upkeep.h"
#include "register/ledger.h"
#include "register/mark.h"
#include "reply/phrases.h"

#include <glib/gstdio.h>
#include <string.h>

enum {
    WORKBOOK_BYTES = 64 << 20,
    CELL_CHARS = 1000, /* far below what the reader takes */
    OPENNESS_CHARS = 20,
    PAGE = 500, /* rows in memory at a time */
    PAIRS_MOST = (XLSX_COLUMNS - LEDGER_FACTS - 1) / 2
};

/* What is coloured where a row has it; every finding is also said in words. */
static const struct {
    enum reason reason;
    enum ledger_fact where;
} coloured[] = {{REASON_TOO_LONG, LEDGER_WORDS},
                {REASON_TOO_SHORT, LEDGER_WORDS},
                {REASON_UNREGISTERED_SENDER, LEDGER_SUBMITTER},
                {REASON_UNKNOWN_CATEGORY, LEDGER_CATEGORY},
                {REASON_NO_FIGURES, LEDGER_FILE},
                {REASON_BUNCHING, LEDGER_RECEIVED},
                {REASON_FUTURE_RECEIPT, LEDGER_RECEIVED}};

/* One ledger being made. */
struct making {
    const struct office *o;
    struct reg *reg;
    const struct period *p;
    const struct reg_act *act;
    const struct phrases *words;
    struct ledger head;
    struct ledger_writer *writer;
    gint64 id;     /* in the register; 0: to be looked at only */
    gint64 newest; /* that was seen before; 0: nothing was, nothing is new */
    int rows, fresh;
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

/* "公开属性：内部资料": what keeps the title out of the bulletin. */
static char *
openness_note(const struct making *m, const char *openness)
{
    g_autofree char *cut = text_cut(openness, OPENNESS_CHARS);

    return g_strconcat(phrases_get(m->words, "line.openness"), cut, NULL);
}

/* "新收、篇幅偏长、发件邮箱未备案"; NULL when nothing is worth a word. */
static char *
notes_of(struct making *m, const struct reg_submission *s)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);

    if (m->newest && s->id > m->newest) {
        g_ptr_array_add(words, g_strdup(phrases_get(m->words, "line.fresh")));
        m->fresh++;
    }
    for (int n = 0; n < s->notes.n; n++)
        if (s->notes.code[n] != REASON_SIMILAR) /* has a column of its own */
            g_ptr_array_add(
                words, catalogue_reason_name(m->o->letters, s->notes.code[n]));
    if (openness_is_restricted(s->openness))
        g_ptr_array_add(words, openness_note(m, s->openness));
    if (words->len == 0)
        return NULL;
    g_ptr_array_add(words, NULL);
    return g_strjoinv(phrases_get(m->words, "line.separator"),
                      (char **)words->pdata);
}

static enum st
add_marks(struct ledger_row *row, struct reg *reg, gint64 id, struct err *e)
{
    g_autoptr(GPtrArray) marks = NULL;
    enum st st = reg_marks_of(reg, id, &marks, e);

    for (guint n = 0; st == ST_OK && n < marks->len; n++) {
        const struct reg_mark *m = g_ptr_array_index(marks, n);

        if (!m->revoked)
            ledger_row_mark(row, m->item, m->day);
    }
    return st;
}

/* What it is like; only that it is, when the other has been purged since. */
static enum st
add_similar(const struct making *m, struct ledger_row *row,
            const struct reg_submission *s, struct err *e)
{
    g_autoptr(GPtrArray) findings = NULL;
    enum st st = reg_similar_of(m->reg, s->id, &findings, e);

    if (st == ST_OK)
        row->similar = similar_summary(findings);
    if (st == ST_OK && !row->similar && reason_has(&s->notes, REASON_SIMILAR))
        row->similar = g_strdup(phrases_get(m->words, "line.similar"));
    return st;
}

static char *
cell(const char *text)
{
    return text ? text_cut(text, CELL_CHARS) : NULL;
}

/* The facts of one submission; its marks come after. */
static struct ledger_row *
row_of(struct making *m, const struct reg_submission *s)
{
    struct ledger_row *row = ledger_row_new();
    gint64 since = s->received - clock_day_start(&m->o->clock, s->day);

    row->number = g_strdup(s->number);
    row->day = s->day;
    row->minute = (int)CLAMP(since / 60, 0, 24 * 60 - 1);
    row->title = cell(s->title);
    row->unit = unit_names(m->o, s);
    row->submitter = cell(s->submitter);
    row->phones = cell(s->phones);
    row->category = cell(s->category);
    row->words = s->words;
    row->status = g_strdup(phrases_get(
        m->words, s->state == SUBMISSION_WITHDRAWN ? "status.withdrawn"
                                                   : "status.recorded"));
    row->notes = notes_of(m, s);
    row->file = cell(s->file_name);
    row->remark = ledgers_remark(s);
    return row;
}

/* ---- all rows ---- */

static enum st
keep_row(const struct making *m, gint64 submission,
         const struct ledger_row *row, struct err *e)
{
    g_autofree char *facts = ledger_row_facts(row);
    g_autofree char *marks = ledger_row_marks(row);
    struct reg_ledger_row k = {.submission = submission,
                               .facts = facts,
                               .marks = marks,
                               .remark = row->remark};

    return m->id ? reg_ledger_keep(m->reg, m->id, &k, e) : ST_OK;
}

static enum st
put_row(struct making *m, const struct reg_submission *s, struct err *e)
{
    g_autoptr(ledger_row) row = NULL;
    enum st st;

    if (s->state == SUBMISSION_PURGED)
        return ST_OK;
    row = row_of(m, s);
    st = add_similar(m, row, s, e);
    if (st == ST_OK)
        st = add_marks(row, m->reg, s->id, e);
    if (st == ST_OK)
        st = keep_row(m, s->id, row, e);
    if (st == ST_OK)
        ledger_put(m->writer, row);
    m->rows++;
    return st;
}

static enum st
put_rows(struct making *m, struct err *e)
{
    g_autoptr(reg_submission) last = NULL;
    enum st st = ST_OK;
    guint got = PAGE;

    while (st == ST_OK && got == PAGE) {
        g_autoptr(GPtrArray) page = NULL;

        st = reg_submissions_page(m->reg, m->p->from, m->p->to, last, PAGE,
                                  &page, e);
        got = st == ST_OK ? page->len : 0;
        for (guint n = 0; st == ST_OK && n < got; n++)
            st = put_row(m, g_ptr_array_index(page, n), e);
        if (got > 0) {
            reg_submission_free(last);
            last = g_ptr_array_steal_index(page, got - 1);
        }
    }
    return st;
}

/* ---- the whole ---- */

/* Of this office and of this ledger alone, and not by chance: made again
 * after a crash the mail has the same bytes. */
static enum st
token_of(const struct making *m, const char *period, char **out, struct err *e)
{
    g_autofree char *seed = NULL, *hash = NULL;
    gint64 serial = 0;
    enum st st = reg_ledger_serial(m->reg, &serial, e);

    if (st != ST_OK)
        return st;
    seed = g_strdup_printf("%s %" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT " %s",
                           m->o->config->address, serial, period, m->act->at,
                           m->act->by);
    hash = text_sha256(seed, strlen(seed));
    *out = g_strdup_printf(XLSX_TOKEN "%.32s", hash);
    return ST_OK;
}

static GPtrArray *
item_names(const struct pack *p)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint n = 0; n < p->items->len; n++) {
        const struct pack_item *item = pack_item(p, (int)n);

        if (item->when == WHEN_MARKED && !item->retired)
            g_ptr_array_add(names, item->name);
    }
    return names;
}

static enum st
write_rows(struct making *m, const char *path, struct err *e)
{
    struct ledger_finding findings[G_N_ELEMENTS(coloured)];
    enum st st;

    for (gsize n = 0; n < G_N_ELEMENTS(coloured); n++)
        findings[n] = (struct ledger_finding){
            catalogue_reason_name(m->o->letters, coloured[n].reason),
            coloured[n].where};
    m->head.findings = findings;
    m->head.n_findings = G_N_ELEMENTS(findings);
    st = ledger_begin(&m->head, m->words, path, &m->writer, e);
    if (st == ST_OK)
        st = put_rows(m, e);
    if (st == ST_OK)
        st = ledger_end(m->writer, e);
    g_clear_pointer(&m->writer, ledger_writer_free);
    for (gsize n = 0; n < G_N_ELEMENTS(findings); n++)
        g_free((char *)findings[n].word);
    return st;
}

/* The writer of workbooks wants a file; should we be killed before it is
 * gone, it is swept away, for it holds what 清除 may have to remove. */
static enum st
write_bytes(struct making *m, GBytes **out, struct err *e)
{
    g_autofree char *path = upkeep_scratch(m->o->config->data, "ledger");
    char *data = NULL;
    size_t len = 0;
    enum st st = write_rows(m, path, e);

    if (st == ST_OK)
        st = file_read(path, WORKBOOK_BYTES, &data, &len, e);
    g_unlink(path);
    if (st == ST_OK)
        *out = g_bytes_new_take(data, len);
    return st;
}

/* More rows than are taken back: a ledger to be looked at, without a token
 * and without a copy in the register. */
static enum st
begin_register(struct making *m, char **token_out, struct err *e)
{
    g_autofree char *code = period_name(m->p);
    struct reg_ledger_size size;
    enum st st = reg_ledger_size(m->reg, m->p->from, m->p->to, &size, e);

    if (st == ST_OK)
        st = reg_ledger_newest(m->reg, m->act->by, &m->newest, e);
    if (st != ST_OK)
        return st;
    m->head.pairs = MIN(size.marks + 1, PAIRS_MOST);
    if (size.rows > XLSX_ROWS - 1)
        return ST_OK;
    st = token_of(m, code, token_out, e);
    m->head.token = *token_out;
    return st == ST_OK
               ? reg_ledger_add(m->reg, m->head.token, code, m->act, &m->id, e)
               : st;
}

enum st
ledgers_make(const struct office *o, struct reg *reg, const struct period *p,
             const struct reg_act *act, struct ledger_made *out, struct err *e)
{
    g_autoptr(phrases) words = NULL;
    g_autoptr(GPtrArray) items = item_names(o->pack);
    g_autofree char *printed = period_printed(p);
    g_autofree char *token = NULL;
    struct making m = {.o = o, .reg = reg, .p = p, .act = act};
    GBytes *workbook = NULL;
    enum st st = ledger_load_words(o->templates, o->own_templates, &words, e);

    m.words = words;
    m.head = (struct ledger){.office = o->config->office,
                             .period = printed,
                             .made = clock_now(&o->clock),
                             .items = items};
    if (st == ST_OK)
        st = begin_register(&m, &token, e);
    if (st == ST_OK)
        st = write_bytes(&m, &workbook, e);
    if (st == ST_OK)
        *out = (struct ledger_made){workbook, m.rows, m.fresh, m.id == 0};
    return st;
}

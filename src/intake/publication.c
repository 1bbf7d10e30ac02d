/* publication.c - see publication.h. */
#include "intake/publication.h"

#include "base/file.h"
#include "intake/letters.h"
#include "intake/publication_fill.h"
#include "intake/upkeep.h"
#include "report/notice.h"

#include <glib/gstdio.h>
#include <string.h>

#define OFFICE_TYPE "application/vnd.openxmlformats-officedocument."

enum { WORKBOOK_BYTES = 64 << 20 };

/* ---- the data ---- */

static void
fill_head(struct filling *f)
{
    struct bulletin *b = f->b;
    const struct clock *clock = &f->o->clock;
    g_autofree char *period = period_printed(&f->t->period);
    g_autofree char *cut_off = letter_time(clock, clock_now(clock));

    b->office = bulletin_copy(b, f->o->config->office);
    b->period = bulletin_copy(b, period);
    b->rules_title = bulletin_copy(b, f->pack->title);
    b->rules_document = bulletin_copy(b, f->pack->document);
    b->choices_by = bulletin_copy(b, f->pack->choices_by);
    b->from = f->t->period.from;
    b->to = f->t->period.to;
    b->dated = clock_today(clock);
    b->made = clock_now(clock);
    b->cut_off = bulletin_copy(b, cut_off);
    b->received = f->t->received;
    b->adopted = f->t->adopted;
}

static enum st
fill(struct filling *f, struct reg *reg, struct err *e)
{
    enum st st;

    fill_head(f);
    fill_rankings(f);
    fill_tables(f);
    fill_adoptions(f);
    fill_deductions(f);
    fill_targets(f);
    fill_adjustments(f);
    fill_notes(f);
    st = fill_honours(f, e);
    return st == ST_OK ? fill_commissions(f, reg, e) : st;
}

static enum st
new_with_words(const struct office *o, struct reg *reg,
               const struct standings *t, const struct phrases *words,
               struct bulletin **out, struct err *e)
{
    g_autoptr(bulletin) b = bulletin_new();
    struct filling f = {.o = o,
                        .t = t,
                        .score = t->score,
                        .pack = score_pack(t->score),
                        .facts = score_facts(t->score),
                        .words = words,
                        .b = b};
    enum st st = fill(&f, reg, e);

    g_clear_pointer(&f.rankings, g_array_unref);
    if (st == ST_OK)
        *out = g_steal_pointer(&b);
    return st;
}

enum st
publication_check_words(const struct office *o, struct err *e)
{
    g_autoptr(phrases) words = NULL;
    g_autoptr(notice_words) notice = NULL;
    enum st st = bulletin_load_words(o->templates, o->own_templates, &words, e);

    return st == ST_OK
               ? notice_load_words(o->templates, o->own_templates, &notice, e)
               : st;
}

/* ---- the files ---- */

/* libxlsxwriter writes files only: one beside the register, gone at once. */
static enum st
workbook_bytes(const struct office *o, const struct bulletin *b,
               const struct phrases *words, GBytes **out, struct err *e)
{
    g_autofree char *path = upkeep_scratch(o->config->data, "bulletin");
    char *data = NULL;
    size_t len = 0;
    enum st st = bulletin_write_xlsx(b, words, path, e);

    if (st == ST_OK)
        st = file_read(path, WORKBOOK_BYTES, &data, &len, e);
    g_unlink(path);
    if (st == ST_OK)
        *out = g_bytes_new_take(data, len);
    return st;
}

static void
name_file(struct publication_file *file, const char *title, const char *code,
          const char *suffix, const char *type)
{
    file->name = g_strconcat(title, suffix, NULL);
    file->ascii = g_strconcat("bulletin-", code, suffix, NULL);
    file->type = type;
}

enum st
publication_make(const struct office *o, struct reg *reg,
                 const struct standings *t, struct publication **out,
                 struct err *e)
{
    g_autoptr(publication) p = g_new0(struct publication, 1);
    g_autoptr(phrases) words = NULL;
    g_autoptr(notice_words) notice = NULL;
    g_autoptr(bulletin) b = NULL;
    g_autofree char *code = period_name(&t->period);
    enum st st = bulletin_load_words(o->templates, o->own_templates, &words, e);

    if (st == ST_OK)
        st = notice_load_words(o->templates, o->own_templates, &notice, e);
    if (st == ST_OK)
        st = new_with_words(o, reg, t, words, &b, e);
    if (st == ST_OK)
        st = workbook_bytes(o, b, words, &p->files[0].bytes, e);
    if (st == ST_OK)
        st = notice_docx(b, words, notice, &p->files[1].bytes, e);
    if (st != ST_OK)
        return st;
    p->title = bulletin_title(b, words);
    name_file(&p->files[0], p->title, code, ".xlsx",
              OFFICE_TYPE "spreadsheetml.sheet");
    name_file(&p->files[1], p->title, code, ".docx",
              OFFICE_TYPE "wordprocessingml.document");
    *out = g_steal_pointer(&p);
    return ST_OK;
}

void
publication_free(struct publication *p)
{
    if (!p)
        return;
    for (int n = 0; n < PUBLICATION_FILES; n++) {
        g_free(p->files[n].name);
        g_free(p->files[n].ascii);
        g_clear_pointer(&p->files[n].bytes, g_bytes_unref);
    }
    g_free(p->title);
    g_free(p);
}

void
publication_attach(const struct publication *p,
                   struct mail_attachment out[PUBLICATION_FILES])
{
    for (int n = 0; n < PUBLICATION_FILES; n++) {
        const struct publication_file *f = &p->files[n];
        gsize len = 0;
        const void *data = g_bytes_get_data(f->bytes, &len);

        out[n] =
            (struct mail_attachment){f->name, f->ascii, f->type, data, len};
    }
}

char *
publication_notice_path(const char *workbook)
{
    gsize len = strlen(workbook);

    if (len > 5 && g_ascii_strcasecmp(workbook + len - 5, ".xlsx") == 0)
        len -= 5;
    return g_strdup_printf("%.*s.docx", (int)len, workbook);
}

enum st
publication_write(const struct publication *p, const char *path, struct err *e)
{
    g_autofree char *beside = publication_notice_path(path);
    const char *const paths[PUBLICATION_FILES] = {path, beside};
    enum st st = ST_OK;

    for (int n = 0; st == ST_OK && n < PUBLICATION_FILES; n++) {
        gsize len = 0;
        const void *data = g_bytes_get_data(p->files[n].bytes, &len);

        st = file_write(paths[n], data, len, e);
    }
    return st;
}

char *
publication_title(const struct office *o, const struct period *p)
{
    g_autoptr(bulletin) b = bulletin_new();
    g_autoptr(phrases) words = NULL;
    g_autofree char *period = period_printed(p);
    struct err e = ERR_INIT;

    b->office = bulletin_copy(b, o->config->office);
    b->period = bulletin_copy(b, period);
    if (bulletin_load_words(o->templates, o->own_templates, &words, &e) !=
        ST_OK)
        return g_steal_pointer(&period);
    return bulletin_title(b, words);
}

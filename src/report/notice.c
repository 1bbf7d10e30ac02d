/* notice.c - see notice.h: words, and the filled text as paragraphs. */
#include "report/notice_parts.h"

#include "base/file.h"
#include "base/nearest.h"

#include <string.h>

enum { FILE_BYTES = 1 << 20 };

#define TEMPLATE "notice.docx.mustache"

/* A line's kind inside the program: a control and a letter.  Facts hold no
 * controls, so that a title cannot become a signature. */
#define MARK '\001'

static const char *const kinds[] = {[LINE_TEXT] = "",
                                    [LINE_NUMBER] = "【文号】",
                                    [LINE_TITLE] = "【标题】",
                                    [LINE_TO] = "【主送】",
                                    [LINE_HEADING] = "【一级】",
                                    [LINE_SUBHEADING] = "【二级】",
                                    [LINE_ANNEX] = "【附件】",
                                    [LINE_ANNEX_TABLE] = "【附件一览表】",
                                    [LINE_ANNEX_ADOPTIONS] = "【附件采用目录】",
                                    [LINE_OFFICE] = "【署名】",
                                    [LINE_DATE] = "【日期】",
                                    [LINE_KINDS] = NULL};

static const char *const known[] = {"font.title",
                                    "font.title_else",
                                    "font.heading",
                                    "font.heading_else",
                                    "font.subheading",
                                    "font.subheading_else",
                                    "font.text",
                                    "font.text_else",
                                    "font.page",
                                    "font.page_else",
                                    "head.number",
                                    "head.salutation",
                                    "head.office",
                                    "to.each",
                                    "to.separator",
                                    "to.others",
                                    "to.no_addressee",
                                    "title.breaks",
                                    "number.heading",
                                    "number.subheading",
                                    "number.annex_head",
                                    "number.annex",
                                    "part.every",
                                    "part.leader",
                                    "part.shortfall",
                                    "part.streak",
                                    "part.named",
                                    "part.award",
                                    "part.deduction",
                                    "part.returned",
                                    "part.said_once",
                                    "part.with_reasons",
                                    "part.adjust_up",
                                    "part.adjust_down",
                                    NULL};

/* ---- loading ---- */

static enum st
read_text(const char *dir, const char *own_dir, char **path_out, char **out,
          struct err *e)
{
    g_autofree char *path =
        g_build_filename(own_dir ? own_dir : dir, TEMPLATE, NULL);
    size_t len = 0;
    enum st st;

    if (own_dir && !g_file_test(path, G_FILE_TEST_EXISTS))
        return read_text(dir, NULL, path_out, out, e);
    st = file_read(path, FILE_BYTES, out, &len, e);
    if (st == ST_OK && !g_utf8_validate(*out, (gssize)len, NULL)) {
        g_clear_pointer(out, g_free);
        st = err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                     "%s: not a text in UTF-8", path);
    }
    if (st == ST_OK)
        *path_out = g_steal_pointer(&path);
    return st;
}

/* "【标题】…" -> its kind; *behind_out is where the text begins. */
static gboolean
line_kind(const char *line, enum line_kind *out, const char **behind_out)
{
    for (int k = LINE_TEXT + 1; k < LINE_KINDS; k++) {
        if (!g_str_has_prefix(line, kinds[k]))
            continue;
        *out = (enum line_kind)k;
        *behind_out = line + strlen(kinds[k]);
        return TRUE;
    }
    return FALSE;
}

static enum st
unknown_kind(const char *path, int number, const char *line, struct err *e)
{
    const char *end = strstr(line, "】");
    g_autofree char *word = g_strndup(
        line, end ? (gsize)(end - line) + strlen("】") : strlen("【"));
    const char *near = nearest_word(word, kinds + 1);

    return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                   "%s:%d:1: unknown kind of paragraph %s%s%s%s", path, number,
                   word, near ? ", did you mean " : "", near ? near : "",
                   near ? "?" : "");
}

/* The kinds at the beginnings of lines become marks. */
static enum st
mark_lines(const char *path, const char *text, char **out, struct err *e)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) marked = g_string_new(NULL);

    for (int i = 0; lines[i]; i++) {
        const char *behind = lines[i];
        enum line_kind kind = LINE_TEXT;

        if (line_kind(lines[i], &kind, &behind))
            g_string_append_printf(marked, "%c%c", MARK, 'A' + (int)kind);
        else if (g_str_has_prefix(lines[i], "【"))
            return unknown_kind(path, i + 1, lines[i], e);
        g_string_append_printf(marked, "%s%s", behind,
                               lines[i + 1] ? "\n" : "");
    }
    *out = g_string_free(g_steal_pointer(&marked), FALSE);
    return ST_OK;
}

static enum st
load_text(const char *dir, const char *own_dir, struct mustache **out,
          struct err *e)
{
    g_autofree char *path = NULL, *text = NULL, *marked = NULL;
    g_autoptr(mustache) m = NULL;
    g_autoptr(value) sample = notice_sample();
    enum st st = read_text(dir, own_dir, &path, &text, e);

    if (st == ST_OK)
        st = mark_lines(path, text, &marked, e);
    if (st == ST_OK)
        st = mustache_compile(path, marked, MUSTACHE_PLAIN, &m, e);
    if (st == ST_OK)
        st = mustache_check(m, sample, NULL, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&m);
    return st;
}

static enum st
check_phrases(const struct phrases *p, const struct value *sample,
              struct err *e)
{
    enum st st = ST_OK;

    for (const char *const *key = known; *key && st == ST_OK; key++) {
        g_autofree char *where = g_strconcat("notice.ini ", *key, NULL);
        g_autoptr(mustache) m = NULL;

        if (g_str_has_prefix(*key, "font.") || g_str_has_prefix(*key, "to.") ||
            g_str_has_prefix(*key, "title."))
            continue;
        st = mustache_compile(where, phrases_get(p, *key), MUSTACHE_PLAIN, &m,
                              e);
        if (st == ST_OK)
            st = mustache_check(m, sample, NULL, e);
    }
    return st;
}

enum st
notice_load_words(const char *dir, const char *own_dir,
                  struct notice_words **out, struct err *e)
{
    g_autoptr(notice_words) n = g_new0(struct notice_words, 1);
    g_autoptr(value) sample = notice_sample();
    enum st st = phrases_load(dir, own_dir, "notice.ini", known, &n->small, e);

    if (st == ST_OK)
        st = check_phrases(n->small, sample, e);
    if (st == ST_OK)
        st = load_text(dir, own_dir, &n->text, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&n);
    return st;
}

void
notice_words_free(struct notice_words *n)
{
    if (!n)
        return;
    phrases_free(n->small);
    mustache_free(n->text);
    g_free(n);
}

char *
notice_phrase(const struct notice *n, const char *name, struct value *facts)
{
    g_autoptr(value) v = facts;
    g_autoptr(mustache) m = NULL;
    struct err e = ERR_INIT;

    if (mustache_compile(name, phrases_get(n->n->small, name), MUSTACHE_PLAIN,
                         &m, &e) != ST_OK)
        g_error("%s", e.text); /* notice_load_words() has compiled it */
    return mustache_render(m, v, NULL);
}

/* ---- from the filled text to paragraphs ---- */

struct annex {
    enum line_kind kind;
    char *name;
};

struct writing {
    const struct notice *n;
    struct document *d;
    guint heading, subheading; /* the last one's number */
    GArray *annexes;           /* of struct annex */
    char *office, *date;
};

static char *
numbered(const struct notice *n, const char *name, guint number,
         const char *text)
{
    struct value *v = value_map();
    g_autofree char *head = NULL;

    value_take_text(v, "n", chinese_number(n->words, number));
    head = notice_phrase(n, name, v);
    return g_strconcat(head, text, NULL);
}

static void
write_heading(struct writing *w, enum line_kind kind, const char *text)
{
    gboolean first = kind == LINE_HEADING;
    g_autofree char *whole = NULL;

    if (first) {
        w->heading++;
        w->subheading = 0;
        whole = numbered(w->n, "number.heading", w->heading, text);
    } else {
        w->subheading++;
        whole = numbered(w->n, "number.subheading", w->subheading, text);
    }
    document_paragraph(w->d, first ? PARAGRAPH_HEADING : PARAGRAPH_SUBHEADING,
                       whole);
}

static void
replace(char **place, const char *text)
{
    g_free(*place);
    *place = g_strdup(text);
}

static void
write_line(struct writing *w, enum line_kind kind, const char *text)
{
    struct annex annex = {kind, NULL};

    switch (kind) {
    case LINE_TEXT:
        document_paragraph(w->d, PARAGRAPH_TEXT, text);
        return;
    case LINE_NUMBER:
        document_paragraph(w->d, PARAGRAPH_NUMBER, text);
        return;
    case LINE_TITLE:
        document_paragraph(w->d, PARAGRAPH_TITLE, text);
        return;
    case LINE_TO:
        document_paragraph(w->d, PARAGRAPH_TO, text);
        return;
    case LINE_HEADING:
    case LINE_SUBHEADING:
        write_heading(w, kind, text);
        return;
    case LINE_ANNEX:
    case LINE_ANNEX_TABLE:
    case LINE_ANNEX_ADOPTIONS:
        annex.name = g_strdup(text);
        g_array_append_val(w->annexes, annex);
        return;
    case LINE_OFFICE:
        replace(&w->office, text);
        return;
    case LINE_DATE:
        replace(&w->date, text);
        return;
    case LINE_KINDS:
        break;
    }
    g_assert_not_reached();
}

static void
write_text(struct writing *w)
{
    g_autoptr(value) facts = notice_facts(w->n);
    g_autofree char *text = mustache_render(w->n->n->text, facts, NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **l = lines; *l; l++) {
        enum line_kind kind = LINE_TEXT;
        char *line = *l;

        if (line[0] == MARK) {
            kind = (enum line_kind)(line[1] - 'A');
            line += 2;
        }
        g_strstrip(line);
        if (*line)
            write_line(w, kind, line);
    }
}

static void
write_annex_list(struct writing *w)
{
    g_autofree char *head =
        notice_phrase(w->n, "number.annex_head", value_map());
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < w->annexes->len; i++)
        g_ptr_array_add(names, g_array_index(w->annexes, struct annex, i).name);
    document_annex_list(w->d, head, (const char *const *)names->pdata,
                        names->len);
}

/* What stands behind the signature, each on pages of its own (7.3.7). */
static void
write_annexes(struct writing *w)
{
    for (guint i = 0; i < w->annexes->len; i++) {
        const struct annex *a = &g_array_index(w->annexes, struct annex, i);
        struct value *v = value_map();
        g_autofree char *head = NULL;

        if (w->annexes->len > 1)
            value_set_int(v, "n", i + 1);
        else
            value_set_text(v, "n", "");
        head = notice_phrase(w->n, "number.annex", v);
        if (a->kind == LINE_ANNEX_TABLE)
            notice_tables(w->n, w->d, head, a->name);
        else if (a->kind == LINE_ANNEX_ADOPTIONS)
            notice_adoptions(w->n, w->d, head, a->name);
    }
}

static void
clear_annex(gpointer data)
{
    g_free(((struct annex *)data)->name);
}

static struct document_font
font(const struct notice_words *n, const char *name, const char *other)
{
    return (struct document_font){phrases_get(n->small, name),
                                  phrases_get(n->small, other)};
}

enum st
notice_docx(const struct bulletin *b, const struct phrases *words,
            const struct notice_words *nw, GBytes **out, struct err *e)
{
    const struct notice n = {b, words, nw};
    g_autofree char *title = bulletin_title(b, words);
    const struct document_options options = {
        .title = font(nw, "font.title", "font.title_else"),
        .heading = font(nw, "font.heading", "font.heading_else"),
        .subheading = font(nw, "font.subheading", "font.subheading_else"),
        .text = font(nw, "font.text", "font.text_else"),
        .page = font(nw, "font.page", "font.page_else"),
        .name = title,
        .author = b->office,
        .made = b->made};
    g_auto(GStrv) breaks = g_strsplit(phrases_get(nw->small, "title.breaks"),
                                      phrases_get(words, "line.separator"), -1);
    g_autoptr(document) d = document_new(&options, (const char *const *)breaks);
    struct writing w = {.n = &n, .d = d};

    w.annexes = g_array_new(FALSE, FALSE, sizeof(struct annex));
    g_array_set_clear_func(w.annexes, clear_annex);
    write_text(&w);
    write_annex_list(&w);
    if (w.office && w.date)
        document_sign(d, w.office, w.date);
    write_annexes(&w);
    g_array_unref(w.annexes);
    g_free(w.office);
    g_free(w.date);
    return document_finish(d, out, e);
}

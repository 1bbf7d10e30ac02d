/* subject.c - see subject.h.
 *
 * A line is stripped of what mailers put before it, cut into tokens
 * (tokens.h), the ways to read it are weighed (views.h), and what the best
 * of them says for sure becomes fields. */
#include "rules/subject.h"

#include "base/text.h"
#include "rules/phone.h"
#include "rules/views.h"

#include <string.h>

/* Nobody writes such a line; reading it would only cost time. */
enum { MAX_LINE_CHARS = 1000 };

/* More than any label has, with a bracket before it. */
enum { LABEL_BYTES = 96 };

/* ---- in front of the subject ---- */

static int
skip_spaces(const struct runes *r, int at)
{
    while (at < r->n && g_unichar_isspace(r->folded[at]))
        at++;
    return at;
}

/* The end of "回复：", "Re[2]:", "[转发]" at `at`, or `at`. */
static int
prefix_end(const struct runes *r, int at)
{
    gboolean bracket =
        at < r->n && (r->folded[at] == '[' || r->folded[at] == '(' ||
                      r->folded[at] == 0x3010);
    int start = at + (bracket ? 1 : 0);

    for (int i = 0; labels_prefixes[i]; i++) {
        int n = runes_at(r, start, labels_prefixes[i]), end = start + n;

        if (n == 0)
            continue;
        while (end < r->n &&
               (r->folded[end] == '[' || r->folded[end] == ']' ||
                r->folded[end] == '(' || r->folded[end] == ')' ||
                r->folded[end] == ' ' || r->folded[end] == '^' ||
                r->folded[end] == 0x3011 || g_unichar_isdigit(r->folded[end])))
            end++;
        if (end < r->n && r->folded[end] == ':')
            return end + 1;
        if (bracket && end > start + n)
            return end;
    }
    return at;
}

static gboolean
number_from(const struct runes *r, int *at, int most, int *out)
{
    int n = 0, value = 0;

    while (*at < r->n && n < most && r->folded[*at] >= '0' &&
           r->folded[*at] <= '9') {
        value = value * 10 + (int)(r->folded[(*at)++] - '0');
        n++;
    }
    *out = value;
    return n > 0;
}

static gboolean
skip_any(const struct runes *r, int *at, const char *chars)
{
    gboolean any = FALSE;

    while (*at < r->n && r->folded[*at] != 0 &&
           g_utf8_strchr(chars, -1, r->folded[*at])) {
        ++*at;
        any = TRUE;
    }
    return any;
}

static gboolean
opens(gunichar c)
{
    return c == '[' || c == '(' || c == 0x3010 || c == 0x3014;
}

/* [约稿2019-05] at `at`: its end, or 0. */
static int
commission_at(const struct runes *r, int at, char **number_out)
{
    int year, number, start = at;

    while (at < r->n && opens(r->folded[at]))
        at++;
    if (!runes_at(r, at, "约稿"))
        return 0;
    at += 2;
    skip_any(r, &at, "通知编第号: -_");
    start = at;
    if (!number_from(r, &at, 4, &year) || at - start != 4 ||
        !skip_any(r, &at, "-–—年第 ") || !number_from(r, &at, 4, &number))
        return 0;
    skip_any(r, &at, "号期");
    skip_any(r, &at, "])】〕 :");
    *number_out = g_strdup_printf("%04d-%02d", year, number);
    return at;
}

/* The line without reply marks and commission mark.  *commission_out is set
 * to the mark's number when there is one. */
static char *
strip(const char *line, char **commission_out)
{
    g_autofree char *clean = text_line(line ? line : "");
    g_autoptr(runes) r = runes_new(clean);
    g_autofree char *head = NULL, *tail = NULL, *joined = NULL;
    int at = skip_spaces(r, 0), next;

    while ((next = prefix_end(r, at)) > at)
        at = skip_spaces(r, next);
    for (int i = at; i < r->n; i++) {
        g_autofree char *number = NULL;
        /* A run of brackets only from its beginning: there may be a million. */
        gboolean begun =
            i > at && opens(r->folded[i - 1]) && opens(r->folded[i]);
        int end = begun ? 0 : commission_at(r, i, &number);

        if (end == 0)
            continue;
        head = runes_text(r, at, i);
        tail = runes_text(r, end, r->n);
        joined = g_strconcat(head, " ", tail, NULL);
        *commission_out = g_steal_pointer(&number);
        return text_line(joined);
    }
    return runes_text(r, at, r->n);
}

char *
subject_strip(const char *line)
{
    g_autofree char *commission = NULL;

    return strip(line, &commission);
}

/* ---- from view to fields ---- */

static int
matching_bracket(const struct runes *r, int at, int step, int limit)
{
    static const char open[] = "([{【〔《", close[] = ")]}】〕》";
    const char *mine = step > 0 ? open : close,
               *other = step > 0 ? close : open;
    const char *p = g_utf8_strchr(mine, -1, r->folded[at]);
    gunichar wanted;

    if (!p || r->folded[at] == 0)
        return -1;
    wanted = g_utf8_get_char(
        g_utf8_offset_to_pointer(other, g_utf8_pointer_to_offset(mine, p)));
    for (int i = at + step; i != limit; i += step)
        if (r->folded[i] == wanted)
            return i;
    return -1;
}

/* A bracket whose partner is inside the title belongs to it. */
static void
take_brackets(const struct runes *r, int *start, int *end)
{
    if (*end < r->n && matching_bracket(r, *end, -1, *start - 1) >= *start)
        ++*end;
    if (*start > 0 && matching_bracket(r, *start - 1, 1, *end) >= 0)
        --*start;
}

/* 《标题》 stands for 标题 when it is all there is. */
static void
drop_quotes(const struct runes *r, int *start, int *end)
{
    if (*end - *start > 2 && r->folded[*start] == 0x300A &&
        matching_bracket(r, *start, 1, *end) == *end - 1) {
        ++*start;
        --*end;
    }
}

static char *
title_text(const struct subject_line *l, struct run run)
{
    int start = tokens_at(l, run.first)->start;
    int end = tokens_at(l, run.last)->end;

    take_brackets(l->r, &start, &end);
    drop_quotes(l->r, &start, &end);
    while (start < end && g_unichar_isspace(l->r->folded[start]))
        start++;
    while (end > start && g_unichar_isspace(l->r->folded[end - 1]))
        end--;
    return runes_text(l->r, start, end);
}

/* Letters of [start, end): a title of two digits is none. */
static gboolean
is_title_like(const char *title)
{
    int letters = 0;

    for (const char *p = title; *p; p = g_utf8_next_char(p))
        letters += g_unichar_isalpha(g_utf8_get_char(p)) ? 1 : 0;
    return letters >= 4;
}

static void
take_title(const struct subject_line *l, const struct judgement *j,
           struct fields *f)
{
    g_autofree char *title = NULL;

    if (j->best.title.first < 0) {
        f->title_found = j->title_sure ? FOUND_NOT : FOUND_UNSURE;
        return;
    }
    title = title_text(l, j->best.title);
    if (!j->title_sure || !is_title_like(title)) {
        f->title_found = FOUND_UNSURE;
        return;
    }
    f->title_found = FOUND;
    f->title = g_steal_pointer(&title);
}

static char *
run_text(const struct subject_line *l, struct run run)
{
    return runes_text(l->r, tokens_at(l, run.first)->start,
                      tokens_at(l, run.last)->end);
}

/* Everybody whom the line may mean, for staff. */
static void
take_near(const struct subject_context *c, const struct subject_line *l,
          struct fields *f)
{
    g_autoptr(GPtrArray) near = NULL;

    for (int i = 0; i < tokens_count(l); i++) {
        const struct token *t = tokens_at(l, i);

        for (guint k = 0; k < t->units->len; k++)
            if (!g_ptr_array_find(f->near, t->units->pdata[k], NULL))
                g_ptr_array_add(f->near, t->units->pdata[k]);
    }
    if (f->near->len > 0 || !f->unit_text)
        return;
    near = match_near(c->matcher, f->unit_text, 3);
    for (guint i = 0; i < near->len; i++)
        g_ptr_array_add(f->near, near->pdata[i]);
}

static void
take_unit(const struct subject_context *c, const struct subject_line *l,
          const struct judgement *j, struct fields *f)
{
    struct run run = j->best.unit;
    const struct token *t = run.first >= 0 ? tokens_at(l, run.first) : NULL;

    if (t && t->unit_end > t->start)
        f->unit_text = runes_text(l->r, t->start, t->unit_end);
    else if (t)
        f->unit_text = run_text(l, run);
    if (!t)
        f->unit_found = j->unit_sure ? FOUND_NOT : FOUND_UNSURE;
    else if (!j->unit_sure || t->shared_name)
        f->unit_found = FOUND_UNSURE;
    else
        f->unit_found = j->best.unit_known ? FOUND : FOUND_UNKNOWN;
    if (f->unit_found == FOUND) {
        g_ptr_array_unref(f->units);
        f->units = weigh_units(l, run);
    } else {
        take_near(c, l, f);
    }
}

/* 李强科长 is 李强, 王主任 is 王主任; two are joined by 、. */
static char *
submitter_text(const struct subject_line *l, struct run run)
{
    GString *out = g_string_new(NULL);

    for (int i = run.first; i <= run.last; i++) {
        const struct token *t = tokens_at(l, i);
        int end = person_name_end(l->r, t->unit_end, t->end);

        if (out->len > 0)
            g_string_append(out, "、");
        for (int k = t->unit_end; k < end; k++)
            if (!g_unichar_isspace(l->r->written[k]))
                g_string_append_unichar(out, l->r->written[k]);
    }
    return g_string_free(out, FALSE);
}

static void
take_submitter(const struct subject_line *l, const struct judgement *j,
               struct fields *f)
{
    struct run run = j->best.submitter;

    if (!j->submitter_sure)
        f->submitter_found = FOUND_UNSURE;
    else
        f->submitter_found = run.first < 0 ? FOUND_NOT : FOUND;
    if (f->submitter_found == FOUND)
        f->submitter = submitter_text(l, run);
}

static void
add_number(GPtrArray *list, const char *digits)
{
    if (!g_ptr_array_find_with_equal_func(list, digits, g_str_equal, NULL))
        g_ptr_array_add(list, g_strdup(digits));
}

static void
take_phones(const struct subject_line *l, struct run title, struct fields *f)
{
    for (int i = 0; i < tokens_count(l); i++) {
        const struct token *t = tokens_at(l, i);
        const struct phone *p;

        if (t->kind != TOKEN_PHONE ||
            (title.first >= 0 && i >= title.first && i <= title.last))
            continue;
        p = &g_array_index(l->phones, struct phone, t->phone);
        add_number(p->kind == PHONE_EXTENSION ? f->extensions : f->phones,
                   p->digits);
    }
}

/* Labels of other elements that stand in the line. */
static void
take_extras(const struct subject_line *l, struct fields *f)
{
    for (int i = 0; i < tokens_count(l); i++) {
        const struct token *t = tokens_at(l, i);
        char **to = t->label == LABEL_SIGNER     ? &f->signer
                    : t->label == LABEL_OPENNESS ? &f->openness
                    : t->label == LABEL_DATE     ? &f->date
                                                 : NULL;

        if (t->kind == TOKEN_EXTRA && to && !*to)
            *to = runes_text(l->r, t->start, t->end);
    }
    f->form = l->form;
    f->tagged = l->tagged;
}

/* Not one view: only what stands alone of its kind is taken. */
static void
take_what_is_sure(const struct subject_line *l, struct judgement *j)
{
    int units = 0, persons = 0;

    j->title_sure = FALSE;
    for (int i = 0; i < tokens_count(l); i++) {
        const struct token *t = tokens_at(l, i);
        struct run self = {i, i};

        if (t->kind != TOKEN_TEXT)
            continue;
        if (t->units->len > 0 && t->label != LABEL_TITLE) {
            units++;
            j->best.unit = self;
        }
        if (t->label == LABEL_SUBMITTER || t->person == PERSON_SURE) {
            persons++;
            j->best.submitter = self;
        }
    }
    j->best.unit_known = units == 1;
    j->unit_sure = units == 1;
    j->submitter_sure = persons == 1;
}

struct fields *
subject_read(const struct subject_context *c, const char *text)
{
    struct fields *f = fields_new();
    g_autofree char *bare = NULL;
    g_autoptr(subject_line) l = NULL;
    struct judgement j;

    if (text && g_utf8_strlen(text, -1) > MAX_LINE_CHARS) {
        f->title_found = FOUND_UNSURE;
        return f;
    }
    bare = strip(text, &f->commission);
    l = tokens_cut(c, bare);
    views_judge(l, &j);
    if (!j.readable && tokens_count(l) > 0)
        take_what_is_sure(l, &j);
    take_title(l, &j, f);
    take_unit(c, l, &j, f);
    take_submitter(l, &j, f);
    take_phones(l, j.best.title, f);
    take_extras(l, f);
    return f;
}

/* ---- file names ---- */

/* 春耕-县财政局 - 副本(1).docx without what copying and Word added. */
static char *
file_stem(const char *name)
{
    g_autofree char *line = text_line(name);
    GString *stem;
    char *dot = strrchr(line, '.'), *p;

    if (dot && dot > line && strlen(dot) <= 6)
        *dot = '\0';
    stem = g_string_new(line);
    if (g_str_has_suffix(stem->str, ")") &&
        (p = strrchr(stem->str, '(')) != NULL &&
        strspn(p + 1, "0123456789") == strlen(p) - 2)
        g_string_truncate(stem, (gsize)(p - stem->str));
    if (g_str_has_suffix(stem->str, "副本"))
        g_string_truncate(stem, stem->len - strlen("副本"));
    return g_string_free(stem, FALSE);
}

struct fields *
subject_read_file_name(const struct subject_context *c, const char *name)
{
    g_autofree char *stem = name ? file_stem(name) : NULL;

    return subject_read(c, stem);
}

/* ---- labelled lines of a body ---- */

static void
set_once(char **to, const char *value)
{
    if (!*to && *value)
        *to = g_strdup(value);
}

static void
read_units(const struct subject_context *c, const char *value, struct fields *f)
{
    g_autofree char *line = g_strconcat(value, NULL);
    g_autoptr(subject_line) l = tokens_cut(c, line);
    int n = tokens_count(l);
    struct run all = {0, n - 1};

    if (f->unit_found != FOUND_NOT || n == 0)
        return;
    f->unit_text = g_strdup(value);
    f->unit_found = FOUND;
    for (int i = 0; i < n; i++)
        if (tokens_at(l, i)->units->len == 0)
            f->unit_found = FOUND_UNKNOWN;
    if (f->unit_found == FOUND) {
        g_ptr_array_unref(f->units);
        f->units = weigh_units(l, all);
    } else {
        take_near(c, l, f);
    }
}

static void
read_phones(const char *value, struct fields *f)
{
    /* The label has been cut off; put one back for what needs it. */
    g_autofree char *line =
        g_strconcat(labels_word(LABEL_PHONE), ":", value, NULL);
    g_autoptr(GArray) phones = phone_scan(line);

    for (guint i = 0; i < phones->len; i++) {
        const struct phone *p = &g_array_index(phones, struct phone, i);

        add_number(p->kind == PHONE_EXTENSION ? f->extensions : f->phones,
                   p->digits);
    }
}

/* 李强 13905391234 behind 报送人: the name before the number. */
static void
read_submitter(const char *value, struct fields *f)
{
    g_autoptr(runes) r = runes_new(value);
    g_autoptr(GArray) phones = phone_scan(value);
    int end = phones->len ? g_array_index(phones, struct phone, 0).start : r->n;

    while (end > 0 && (g_unichar_isspace(r->folded[end - 1]) ||
                       g_utf8_strchr(",;:(、-", -1, r->folded[end - 1])))
        end--;
    if (f->submitter_found == FOUND_NOT && end > 0) {
        f->submitter = runes_text(r, 0, end);
        f->submitter_found = FOUND;
    }
    if (phones->len)
        read_phones(value, f);
}

static void
read_labelled(const struct subject_context *c, enum label label,
              const char *value, struct fields *f)
{
    switch (label) {
    case LABEL_TITLE:
        if (f->title_found == FOUND_NOT && is_title_like(value)) {
            f->title = g_strdup(value);
            f->title_found = FOUND;
        }
        break;
    case LABEL_UNIT:
        read_units(c, value, f);
        break;
    case LABEL_SUBMITTER:
        read_submitter(value, f);
        break;
    case LABEL_PHONE:
    case LABEL_EXTENSION:
        read_phones(value, f);
        break;
    case LABEL_SIGNER:
        set_once(&f->signer, value);
        break;
    case LABEL_OPENNESS:
        set_once(&f->openness, value);
        break;
    case LABEL_DATE:
        set_once(&f->date, value);
        break;
    default:
        break;
    }
}

static gboolean
begins_with_bracket(const struct runes *r)
{
    return r->n > 0 && (r->folded[0] == '[' || r->folded[0] == 0x3010);
}

/* Of a long line, and a paragraph is one, the beginning tells. */
static gboolean
may_be_labelled(const char *line)
{
    size_t len = LABEL_BYTES;
    enum label label = LABEL_NONE;
    g_autofree char *head = NULL;
    g_autoptr(runes) r = NULL;

    if (strlen(line) <= len || !text_is_line(line))
        return TRUE;
    while (((guchar)line[len] & 0xC0) == 0x80)
        len--;
    head = g_strndup(line, len);
    r = runes_new(head);
    return labels_at(r, begins_with_bracket(r) ? 1 : 0, &label) > 0;
}

/* The value of a line that begins with a label and a colon, or with a label
 * in brackets; NULL when it does not.  Caller frees. */
static char *
read_label(const char *line, enum label *out)
{
    g_autofree char *clean = text_line(line);
    g_autoptr(runes) r = runes_new(clean);
    gboolean bracket = begins_with_bracket(r);
    int at = bracket ? 1 : 0;
    int n = r->n <= MAX_LINE_CHARS ? labels_at(r, at, out) : 0;

    if (n == 0)
        return NULL;
    at = skip_spaces(r, at + n);
    if (at >= r->n ||
        !(r->folded[at] == ':' ||
          (bracket && (r->folded[at] == ']' || r->folded[at] == 0x3011))))
        return NULL;
    at++;
    if (bracket && at < r->n && r->folded[at] == ':')
        at++;
    at = skip_spaces(r, at);
    return runes_text(r, at, r->n);
}

static char *
labelled_value(const char *line, enum label *out)
{
    return may_be_labelled(line) ? read_label(line, out) : NULL;
}

struct fields *
subject_read_body(const struct subject_context *c, const char *text)
{
    struct fields *f = fields_new();
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);

    for (int i = 0; lines[i]; i++) {
        enum label label = LABEL_NONE;
        g_autofree char *value = labelled_value(lines[i], &label);

        if (value && label == LABEL_CATEGORY) {
            g_autofree char *line =
                g_strconcat(labels_word(LABEL_CATEGORY), ":", value, NULL);
            g_autoptr(subject_line) l = tokens_cut(c, line);

            f->form = f->form < 0 ? l->form : f->form;
        } else if (value) {
            read_labelled(c, label, value, f);
        }
    }
    return f;
}

char *
subject_body_text(const char *text)
{
    GString *out = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);

    for (int i = 0; lines[i]; i++) {
        enum label label = LABEL_NONE;
        g_autofree char *value = labelled_value(lines[i], &label);

        if (!value || label == LABEL_BODY) {
            g_string_append(out, value ? value : lines[i]);
            g_string_append_c(out, '\n');
        }
    }
    return g_string_free(out, FALSE);
}

/* fields.c - see fields.h. */
#include "rules/fields.h"

#include "rules/labels.h"

#include <string.h>

/* Between the names of several persons. */
#define AUTHORS_APART "、，,；;/／&＆"

struct fields *
fields_new(void)
{
    struct fields *f = g_new0(struct fields, 1);

    f->units = g_ptr_array_new();
    f->near = g_ptr_array_new();
    f->phones = g_ptr_array_new_with_free_func(g_free);
    f->extensions = g_ptr_array_new_with_free_func(g_free);
    f->form = -1;
    return f;
}

void
fields_free(struct fields *f)
{
    if (!f)
        return;
    g_free(f->title);
    g_ptr_array_unref(f->units);
    g_free(f->unit_text);
    g_ptr_array_unref(f->near);
    g_free(f->submitter);
    g_ptr_array_unref(f->phones);
    g_ptr_array_unref(f->extensions);
    g_free(f->commission);
    g_free(f->signer);
    g_free(f->openness);
    g_free(f->date);
    g_free(f);
}

struct unit *
fields_unit(const struct fields *f)
{
    return f->units->len ? f->units->pdata[0] : NULL;
}

gboolean
fields_has_phone(const struct fields *f)
{
    return f->phones->len > 0 || f->extensions->len > 0;
}

/* ---- filling ---- */

static void
add_all(GPtrArray *to, const GPtrArray *from, gboolean texts)
{
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add(to, texts ? g_strdup(from->pdata[i]) : from->pdata[i]);
}

static void
fill_text(char **to, const char *from)
{
    if (!*to)
        *to = g_strdup(from);
}

static gboolean
same_units(const struct fields *a, const struct fields *b)
{
    if (a->units->len != b->units->len)
        return FALSE;
    for (guint i = 0; i < a->units->len; i++)
        if (a->units->pdata[i] != b->units->pdata[i])
            return FALSE;
    return TRUE;
}

static void
fill_unit(struct fields *f, const struct fields *other)
{
    if (other->unit_found == FOUND_NOT)
        return;
    if (f->unit_found == FOUND) {
        if (other->unit_found != FOUND || same_units(f, other))
            return;
        f->unit_found = FOUND_UNSURE;
        add_all(f->near, f->units, FALSE);
        add_all(f->near, other->units, FALSE);
        g_ptr_array_set_size(f->units, 0);
        return;
    }
    if (f->unit_found == FOUND_UNSURE && other->unit_found != FOUND)
        return;
    f->unit_found = other->unit_found;
    g_ptr_array_set_size(f->units, 0);
    add_all(f->units, other->units, FALSE);
    add_all(f->near, other->near, FALSE);
    fill_text(&f->unit_text, other->unit_text);
}

static void
fill_basic(struct fields *f, const struct fields *other)
{
    if (f->title_found != FOUND && other->title_found == FOUND) {
        f->title_found = FOUND;
        f->title = g_strdup(other->title);
    }
    fill_unit(f, other);
    if (f->submitter_found != FOUND && other->submitter_found == FOUND) {
        f->submitter_found = FOUND;
        f->submitter = g_strdup(other->submitter);
    }
    if (!fields_has_phone(f)) {
        add_all(f->phones, other->phones, TRUE);
        add_all(f->extensions, other->extensions, TRUE);
    }
}

void
fields_fill(struct fields *f, const struct fields *other, gboolean basic)
{
    if (basic)
        fill_basic(f, other);
    if (f->form < 0)
        f->form = other->form;
    fill_text(&f->commission, other->commission);
    fill_text(&f->signer, other->signer);
    fill_text(&f->openness, other->openness);
    fill_text(&f->date, other->date);
    f->tagged = f->tagged || other->tagged;
}

/* ---- a subject to copy ---- */

static void
append_blank(GString *s, enum label label)
{
    g_string_append_printf(s, "〔%s〕", labels_word(label));
}

static void
append_title(GString *s, const struct fields *f, const struct fields *hints)
{
    if (f->title)
        g_string_append(s, f->title);
    else if (hints && hints->title)
        g_string_append(s, hints->title);
    else
        append_blank(s, LABEL_TITLE);
}

static void
append_units(GString *s, const struct fields *f, const struct fields *hints,
             const struct unit *registered)
{
    const GPtrArray *units = f->units->len ? f->units
                             : hints       ? hints->units
                                           : f->units;

    for (guint i = 0; i < units->len; i++)
        g_string_append_printf(s, "%s%s", i ? "、" : "",
                               ((struct unit *)units->pdata[i])->name);
    if (units->len == 0 && registered)
        g_string_append(s, registered->name);
    else if (units->len == 0)
        append_blank(s, LABEL_UNIT);
}

static void
append_submitter(GString *s, const struct fields *f, const struct fields *hints,
                 const struct informant *i)
{
    const char *name = f->submitter                ? f->submitter
                       : hints && hints->submitter ? hints->submitter
                       : i && i->name              ? i->name
                                                   : NULL;

    if (name)
        g_string_append(s, name);
    else
        append_blank(s, LABEL_SUBMITTER);
}

static void
append_numbers(GString *s, const GPtrArray *numbers, const char *between)
{
    for (guint i = 0; i < numbers->len; i++)
        g_string_append_printf(s, "%s%s", i ? between : "",
                               (const char *)numbers->pdata[i]);
}

static void
append_phones(GString *s, const struct fields *f, const struct fields *hints,
              const struct informant *i)
{
    const struct fields *from =
        fields_has_phone(f) || !hints || !fields_has_phone(hints) ? f : hints;

    append_numbers(s, from->phones, "，");
    if (from->extensions->len && from->phones->len)
        g_string_append(s, "转");
    else if (from->extensions->len)
        g_string_append(s, "分机");
    append_numbers(s, from->extensions, "、");
    if (fields_has_phone(from))
        return;
    if (i && i->phone)
        g_string_append(s, i->phone);
    else
        append_blank(s, LABEL_PHONE);
}

/* A separator that the title does not have. */
static char
separator_beside(const char *title)
{
    static const char separators[] = "-_|/+";

    for (size_t i = 0; separators[i]; i++)
        if (!title || !strchr(title, separators[i]))
            return separators[i];
    return '-';
}

char *
fields_suggest(const struct fields *f, const struct fields *hints,
               const struct unit *unit, const struct informant *i)
{
    GString *s = g_string_new(NULL);
    char between;

    append_title(s, f, hints);
    between = separator_beside(s->str);
    g_string_append_c(s, between);
    append_units(s, f, hints, unit);
    g_string_append_c(s, between);
    append_submitter(s, f, hints, i);
    g_string_append_c(s, between);
    append_phones(s, f, hints, i);
    return g_string_free(s, FALSE);
}

/* ---- authors ---- */

static const char *
author_end(const char *name)
{
    while (*name && !g_utf8_strchr(AUTHORS_APART, -1, g_utf8_get_char(name)))
        name = g_utf8_next_char(name);
    return name;
}

GPtrArray *
fields_authors(const char *submitter)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    const char *name = submitter ? submitter : "";

    while (*name) {
        const char *end = author_end(name);
        g_autofree char *one = g_strndup(name, (gsize)(end - name));

        if (*g_strstrip(one))
            g_ptr_array_add(out, g_steal_pointer(&one));
        name = *end ? g_utf8_next_char(end) : end;
    }
    return out;
}

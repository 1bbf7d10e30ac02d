/* values.c - a value of 字段= as the register keeps it: what 改 and 受理 write
 * is what a mail could have said. */
#include "desk/job.h"

#include "base/nearest.h"
#include "base/pattern.h"
#include "base/text.h"
#include "rules/labels.h"
#include "rules/phone.h"

static char *
refuse_value(struct job *j, const char *key, const char *text)
{
    job_refuse(j, key, job_fact("what", text));
    return NULL;
}

static void
add_number(GString *all, const char *digits)
{
    g_string_append_printf(all, "%s%s", all->len ? " " : "", digits);
}

/* Is all of the text from `start` on between the numbers only what parts
 * them? */
static gboolean
is_numbers_only(const char *text, int start, const GArray *phones)
{
    static const char between[] = " ,，、;；/|和及()（）";
    int at = 0;
    guint n = 0;

    for (const char *p = text; *p; p = g_utf8_next_char(p), at++) {
        const struct phone *f;

        while (n < phones->len &&
               g_array_index(phones, struct phone, n).end <= at)
            n++;
        f = n < phones->len ? &g_array_index(phones, struct phone, n) : NULL;
        if (at < start || (f && f->start <= at))
            continue;
        if (!g_utf8_strchr(between, -1, g_utf8_get_char(p)))
            return FALSE;
    }
    return TRUE;
}

/* 0539-6106766/6109100 are two, as they would be in a mail. */
static char *
phones_of(struct job *j, const char *text)
{
    g_autofree char *label = g_strconcat(labels_word(LABEL_PHONE), ":", NULL);
    g_autofree char *line = g_strconcat(label, text, NULL);
    g_autoptr(GArray) phones = phone_scan(line);
    g_autoptr(GString) all = g_string_new(NULL);
    gboolean ok = phones->len > 0;

    for (guint n = 0; n < phones->len; n++) {
        const struct phone *p = &g_array_index(phones, struct phone, n);

        ok = ok && p->kind != PHONE_EXTENSION;
        add_number(all, p->digits);
    }
    if (!ok || !is_numbers_only(line, (int)g_utf8_strlen(label, -1), phones))
        return refuse_value(j, "bad-phone", text);
    return g_strdup(all->str);
}

static char *
extensions_of(struct job *j, const char *text)
{
    static struct pattern between = PATTERN("[\\s,;/、]+");
    static struct pattern number = PATTERN("^(?:分机|转|内线)?([0-9]{1,8})$");
    g_autofree char *folded = text_fold(text);
    g_auto(GStrv) parts = pattern_split(&between, folded);
    g_autoptr(GString) all = g_string_new(NULL);
    struct pattern_hit hit;

    for (char **p = parts; *p; p++) {
        g_autofree char *digits = NULL;

        if (!pattern_find(&number, *p, 0, &hit))
            return refuse_value(j, "bad-extension", text);
        digits = pattern_group(&hit, 1);
        add_number(all, digits);
    }
    return g_strdup(all->str);
}

static char *
category_of(struct job *j, const char *text)
{
    const struct pack *p = j->i->office->pack;
    int form = pack_find_form(p, text);
    g_autofree char *names = g_strjoinv("、", p->forms);
    struct value *v;

    if (form >= 0)
        return g_strdup(p->forms[form]);
    v = job_fact("what", text);
    value_set_text(v, "near",
                   nearest_word(text, (const char *const *)p->forms));
    value_set_text(v, "names", *names ? names : NULL);
    job_refuse(j, "bad-category", v);
    return NULL;
}

char *
job_field_value(struct job *j, const char *name, const char *text)
{
    if (g_str_equal(name, "电话"))
        return phones_of(j, text);
    if (g_str_equal(name, "分机"))
        return extensions_of(j, text);
    if (g_str_equal(name, "类别"))
        return category_of(j, text);
    return g_strdup(text);
}

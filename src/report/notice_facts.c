/* notice_facts.c - what the text of the 通报 may name, from the bulletin. */
#include "report/notice_parts.h"

#include "base/text.h"
#include "report/bulletin_columns.h"

#include <string.h>

enum { LEADERS = 3 /* ranks that are named in the text */ };

const char *
notice_word(const struct notice *n, const char *name)
{
    return phrases_get(n->n->small, name);
}

/* Facts come partly from mails: one line, without controls. */
void
notice_set(struct value *v, const char *key, const char *text)
{
    value_take_text(v, key, text ? text_line(text) : g_strdup(""));
}

void
notice_join(GString *out, const char *separator, const char *text)
{
    if (out->len > 0)
        g_string_append(out, separator);
    g_string_append(out, text);
}

static char *
class_name(const struct notice *n, const struct bulletin_class *k)
{
    g_autofree char *wide = wide_brackets(n->words, k->name);

    return text_line(wide);
}

/* ---- salutation ---- */

static gboolean
names_no_addressee(const struct notice *n, const char *class_name)
{
    g_auto(GStrv) words =
        g_strsplit(notice_word(n, "to.no_addressee"),
                   phrases_get(n->words, "line.separator"), -1);

    for (char **word = words; *word; word++)
        if (**word && strstr(class_name, *word))
            return TRUE;
    return FALSE;
}

/* 各乡镇，各县直部门单位: the classes; one that is only a letter (A类) is
 * spoken to as 各有关单位. */
static char *
salutation(const struct notice *n)
{
    const char *own = notice_word(n, "head.salutation");
    g_autoptr(GString) out = g_string_new(NULL);
    gboolean others = FALSE;

    if (*own)
        return g_strdup(own);
    for (guint i = 0; i < n->b->classes->len; i++) {
        const struct bulletin_class *k = n->b->classes->pdata[i];
        const char *each = notice_word(n, "to.each");
        g_autofree char *name = class_name(n, k);
        g_autofree char *whole = NULL;

        if (k->standing > BULLETIN_LISTED || k->rows->len == 0)
            continue;
        if (names_no_addressee(n, k->name)) {
            others = TRUE;
            continue;
        }
        whole =
            g_strconcat(g_str_has_prefix(name, each) ? "" : each, name, NULL);
        notice_join(out, notice_word(n, "to.separator"), whole);
    }
    if (others || out->len == 0)
        notice_join(out, notice_word(n, "to.separator"),
                    notice_word(n, "to.others"));
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* ---- totals ---- */

static struct value *
levels(const struct notice *n)
{
    const GPtrArray *all = n->b->adoptions;
    struct value *list = value_list();
    g_autoptr(GPtrArray) groups = g_ptr_array_new();

    for (guint i = 0; i < all->len; i++) {
        const struct bulletin_adoption *a = all->pdata[i];

        if (!g_ptr_array_find_with_equal_func(groups, a->group, g_str_equal,
                                              NULL))
            g_ptr_array_add(groups, (gpointer)a->group);
    }
    for (guint g = 0; g < groups->len; g++) {
        struct value *v = value_map();
        int count = 0;

        for (guint i = 0; i < all->len; i++)
            count += g_str_equal(
                ((const struct bulletin_adoption *)all->pdata[i])->group,
                groups->pdata[g]);
        notice_set(v, "group", groups->pdata[g]);
        value_set_int(v, "count", count);
        value_set_bool(v, "last", g + 1 == groups->len);
        value_append(list, v);
    }
    return list;
}

/* ---- the best of each class ---- */

static void
append_leader(const struct notice *n, GString *out,
              const struct bulletin_row *row)
{
    struct value *v = value_map();
    g_autofree char *text = NULL;

    notice_set(v, "unit", row->unit);
    value_take_text(v, "points", decimal_format(row->points + row->adjustment));
    value_set_int(v, "rank", row->rank);
    text = notice_phrase(n, "part.leader", v);
    notice_join(out, phrases_get(n->words, "line.separator"), text);
}

static struct value *
leaders(const struct notice *n)
{
    struct value *list = value_list();

    for (guint i = 0; !n->b->no_points && i < n->b->classes->len; i++) {
        const struct bulletin_class *k = n->b->classes->pdata[i];
        g_autoptr(GString) units = g_string_new(NULL);
        struct value *v;

        for (guint j = 0; k->standing == BULLETIN_RANKED && j < k->rows->len;
             j++) {
            const struct bulletin_row *row = k->rows->pdata[j];

            if (row->rank > 0 && row->rank <= LEADERS &&
                row->points + row->adjustment > 0)
                append_leader(n, units, row);
        }
        if (units->len == 0)
            continue;
        v = value_map();
        value_take_text(v, "class", class_name(n, k));
        value_set_text(v, "units", units->str);
        value_append(list, v);
    }
    return list;
}

/* ---- commissions ---- */

static void
add_outcome(struct value *list, const struct notice *n, guint first,
            enum commission_outcome outcome, const char *name)
{
    const GPtrArray *all = n->b->commissions;
    const struct bulletin_commission *head = all->pdata[first];
    g_autoptr(GPtrArray) units = g_ptr_array_new();
    struct value *v;

    for (guint i = first; i < all->len; i++) {
        const struct bulletin_commission *c = all->pdata[i];

        if (g_str_equal(c->number, head->number) && c->outcome == outcome)
            g_ptr_array_add(units, (gpointer)c->unit);
    }
    if (units->len == 0)
        return;
    v = value_map();
    value_set_text(v, "outcome", phrases_get(n->words, name));
    value_take_text(v, "units", joined(n->words, units));
    value_set_bool(v, "first", value_length(list) == 0);
    value_append(list, v);
}

static struct value *
outcomes(const struct notice *n, guint first)
{
    struct value *list = value_list();

    add_outcome(list, n, first, COMMISSION_ANSWERED, "outcome.answered");
    add_outcome(list, n, first, COMMISSION_LATE, "outcome.late");
    add_outcome(list, n, first, COMMISSION_MISSED, "outcome.missed");
    add_outcome(list, n, first, COMMISSION_WAIVED, "outcome.waived");
    add_outcome(list, n, first, COMMISSION_OPEN, "outcome.open");
    return list;
}

static struct value *
commissions(const struct notice *n)
{
    const GPtrArray *all = n->b->commissions;
    struct value *list = value_list();

    for (guint i = 0; i < all->len; i++) {
        const struct bulletin_commission *c = all->pdata[i];
        const struct bulletin_commission *last = i ? all->pdata[i - 1] : NULL;
        struct value *v;

        if (last && g_str_equal(last->number, c->number))
            continue;
        v = value_map();
        notice_set(v, "number", c->number);
        notice_set(v, "title", c->title);
        notice_set(v, "level", c->level);
        notice_set(v, "due", c->due);
        value_set(v, "outcomes", outcomes(n, i));
        value_append(list, v);
    }
    return list;
}

/* ---- the whole ---- */

/* A list, and whether there is anything in it. */
static void
set_list(struct value *v, const char *name, struct value *list)
{
    g_autofree char *has = g_strconcat("has_", name, NULL);

    value_set_bool(v, has, value_length(list) > 0);
    value_set(v, name, list);
}

static void
set_idle(struct value *v, const struct notice *n)
{
    g_autoptr(GPtrArray) silent = units_silent(n->b);
    g_autoptr(GPtrArray) unadopted = units_unadopted(n->b, FALSE);

    value_take_text(v, "silent", joined(n->words, silent));
    value_take_text(v, "unadopted", joined(n->words, unadopted));
    value_set_bool(v, "has_idle", silent->len + unadopted->len > 0);
}

struct value *
notice_facts(const struct notice *n)
{
    struct value *v = value_map();
    const char *office = notice_word(n, "head.office");

    set_bulletin_names(v, n->b, n->words);
    value_take_text(v, "title", bulletin_title(n->b, n->words));
    value_set_text(v, "number", notice_word(n, "head.number"));
    value_take_text(v, "salutation", salutation(n));
    value_set_text(v, "office", *office ? office : n->b->office);
    value_take_text(v, "date", day_format_chinese(n->b->dated));
    set_list(v, "levels", levels(n));
    set_list(v, "leaders", leaders(n));
    set_list(v, "tasks", notice_tasks(n));
    value_take_text(v, "streaks", notice_streaks(n));
    set_list(v, "commissions", commissions(n));
    set_list(v, "praised", notice_honours(n, TRUE));
    set_list(v, "criticised", notice_honours(n, FALSE));
    set_list(v, "deductions", notice_deductions(n));
    set_list(v, "adjustments", notice_adjustments(n));
    value_set_bool(v, "has_adoptions", n->b->adoptions->len > 0);
    set_idle(v, n);
    return v;
}

/* ---- names ---- */

static const char *const plain_names[] = {
    "period", "scope", "cut_off", "rules", "document", "choices_by", "received",
    "adopted", "points", "from", "to", "title", "number", "office", "date",
    "salutation", "streaks", "silent", "unadopted", "has_idle", "has_adoptions",
    /* of the phrases of notice.ini */
    "n", "unit", "units", "rank", "actual", "target", "metric", "text",
    "reasons", "item", "times", "currency", NULL};

static const struct {
    const char *list;
    const char *names[12];
} list_names[] = {{"levels", {"group", "count", "last"}},
                  {"leaders", {"class", "units"}},
                  {"tasks",
                   {"metric", "period", "units", "met", "missed", "all_met",
                    "none_met", "unmet", "done"}},
                  {"commissions", {"number", "title", "level", "due"}},
                  {"praised", {"unit", "reasons"}},
                  {"criticised", {"unit", "reasons"}},
                  {"deductions", {"unit", "reasons"}},
                  {"adjustments", {"unit", "reasons"}}};

static struct value *
sample_outcomes(void)
{
    struct value *list = value_list(), *item = value_map();

    value_set_text(item, "outcome", "outcome");
    value_set_text(item, "units", "units");
    value_set_bool(item, "first", TRUE);
    value_append(list, item);
    return list;
}

struct value *
notice_sample(void)
{
    struct value *v = value_map();

    for (const char *const *name = plain_names; *name; name++)
        value_set_text(v, *name, *name);
    for (guint i = 0; i < G_N_ELEMENTS(list_names); i++) {
        struct value *list = value_list(), *item = value_map();

        for (const char *const *name = list_names[i].names; *name; name++)
            value_set_text(item, *name, *name);
        if (g_str_equal(list_names[i].list, "commissions"))
            value_set(item, "outcomes", sample_outcomes());
        value_append(list, item);
        set_list(v, list_names[i].list, list);
    }
    return v;
}

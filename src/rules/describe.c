/* describe.c - see describe.h: the parts of a pack in words. */
#include "rules/describe.h"

#include "base/i18n.h"
#include "rules/describe_words.h"

#include <string.h>

const char *
part_name(enum part part)
{
    static const char *const names[PARTS] = {
        [PART_HEAD] = N_("pack"),        [PART_CLASS] = N_("classes"),
        [PART_UNIT] = N_("units"),       [PART_CHECK] = N_("checks"),
        [PART_ITEM] = N_("items"),       [PART_GROUP] = N_("groups"),
        [PART_MEASURE] = N_("measures"), [PART_RANKING] = N_("rankings"),
    };

    return names[part];
}

/* ---- making ---- */
static void
field_clear(gpointer data)
{
    g_free(((struct described_field *)data)->text);
}

static void
described_free(gpointer data)
{
    struct described *d = data;

    g_free(d->name);
    g_strfreev(d->was);
    g_array_unref(d->fields);
    g_free(d);
}

static struct described *
begin(GPtrArray *out, enum part part, const char *name)
{
    struct described *d = g_new0(struct described, 1);

    d->part = part;
    d->name = g_strdup(name);
    d->was = g_new0(char *, 1);
    d->fields = g_array_new(FALSE, FALSE, sizeof(struct described_field));
    g_array_set_clear_func(d->fields, field_clear);
    g_ptr_array_add(out, d);
    return d;
}

/* Takes the text; NULL or "": not given. */
static void
put(struct described *d, const char *key, char *text)
{
    struct described_field f = {key, text};

    if (text && *text)
        g_array_append_val(d->fields, f);
    else
        g_free(text);
}

static void
put_copy(struct described *d, const char *key, const char *text)
{
    put(d, key, g_strdup(text));
}

const char *
described_text(const struct described *d, const char *key)
{
    for (guint i = 0; i < d->fields->len; i++) {
        const struct described_field *f =
            &g_array_index(d->fields, struct described_field, i);

        if (strcmp(f->key, key) == 0)
            return f->text;
    }
    return NULL;
}

/* ---- the top of the file ---- */
static void
describe_head(const struct pack *p, GPtrArray *out)
{
    struct described *d = begin(out, PART_HEAD, p->id);

    put_copy(d, N_("title"), p->title);
    put_copy(d, N_("document"), p->document);
    put(d, N_("version"), g_strdup_printf("%d", p->version));
    put(d, N_("effective"), day_format(p->effective));
    put_copy(d, N_("bulletin"), words_of_period(p->bulletin));
    put(d, N_("joint"), words_of_joint(p));
    put_copy(d, N_("credit"),
             p->credit == CREDIT_AUTHORS ? _("authors") : NULL);
    put(d, N_("decimals"), g_strdup_printf("%d", p->decimals));
    put(d, N_("forms"), g_strjoinv(_(", "), p->forms));
    put(d, N_("periods"), words_of_odd_periods(p));
    put_copy(d, N_("senders"), words_of_senders(p->senders));
    put_copy(d, N_("held-reply"),
             p->held_reply == HELD_REPLY_NOTICE ? _("a notice") : NULL);
    put_copy(d, N_("choices-by"), p->choices_by);
    put_copy(d, N_("note"), p->note);
}

/* ---- who ---- */
static void
describe_classes(const struct pack *p, GPtrArray *out)
{
    for (guint i = 0; i < p->roster->classes->len; i++) {
        const struct unit_class *c = roster_class(p->roster, (int)i);
        struct described *d = begin(out, PART_CLASS, c->name);

        put_copy(d, N_("standing"), words_of_standing(c->standing));
    }
}

static char *
strings_text(const GPtrArray *list)
{
    GString *s = g_string_new(NULL);

    for (guint i = 0; i < list->len; i++)
        words_add(s, _(", "), list->pdata[i]);
    return g_string_free(s, FALSE);
}

static GStrv
strings_copy(const GPtrArray *list)
{
    GStrv out = g_new0(char *, list->len + 1);

    for (guint i = 0; i < list->len; i++)
        out[i] = g_strdup(list->pdata[i]);
    return out;
}

static void
describe_units(const struct pack *p, GPtrArray *out)
{
    for (guint i = 0; i < p->roster->units->len; i++) {
        const struct unit *u = roster_unit(p->roster, (int)i);
        struct described *d = begin(out, PART_UNIT, u->name);

        g_strfreev(d->was);
        d->was = strings_copy(u->was);
        put(d, N_("class"), words_of_classes(p, u));
        put_copy(d, N_("short"),
                 strcmp(u->short_name, u->name) ? u->short_name : NULL);
        put(d, N_("from"), u->from > DAY_FIRST ? day_format(u->from) : NULL);
        put(d, N_("to"), u->to < DAY_LAST ? day_format(u->to) : NULL);
        put_copy(d, N_("credit-to"),
                 u->credit_to == u->index
                     ? NULL
                     : roster_unit(p->roster, u->credit_to)->name);
        put(d, N_("aliases"), strings_text(u->aliases));
    }
}

/* ---- checks ---- */
static char *
check_name(const struct pack *p, const struct pack_check *c)
{
    GString *s = g_string_new(NULL);

    for (int i = 0; i < c->reasons.n; i++)
        words_add(s, _(", "), words_of_reason(c->reasons.code[i]));
    if (c->forms.n) {
        g_autofree char *forms = words_of_forms(p, &c->forms);

        g_string_append_printf(s, _(" (%s)"), forms);
    }
    if (c->per != PERIOD_NONE)
        g_string_append_printf(s, _(" (%s)"), words_of_period(c->per));
    return g_string_free(s, FALSE);
}

static void
describe_checks(const struct pack *p, GPtrArray *out)
{
    for (guint i = 0; i < p->checks->len; i++) {
        const struct pack_check *c = p->checks->pdata[i];
        g_autofree char *name = check_name(p, c);
        struct described *d = begin(out, PART_CHECK, name);

        put_copy(d, N_("then"), words_of_then(c->then));
        put(d, N_("value"), c->value ? decimal_format(c->value) : NULL);
        put(d, N_("days"), c->days ? g_strdup_printf("%d", c->days) : NULL);
        put_copy(d, N_("text"), c->text);
        put_copy(d, N_("clause"), c->clause);
        put_copy(d, N_("choice"), c->choice);
    }
}

/* ---- items ---- */
static void
describe_items(const struct pack *p, GPtrArray *out)
{
    for (guint i = 0; i < p->items->len; i++) {
        const struct pack_item *item = pack_item(p, (int)i);
        struct described *d;

        if (item->retired)
            continue;
        d = begin(out, PART_ITEM, item->name);
        g_strfreev(d->was);
        d->was = g_strdupv(item->was);
        put_copy(d, N_("label"),
                 strcmp(item->label, item->name) ? item->label : NULL);
        put(d, N_("points"), words_of_worth(p, item));
        put(d, N_("group"), words_of_way(p, item->group));
        put_copy(d, N_("clause"), item->clause);
        put(d, N_("when"), words_of_when(p, item));
        put(d, N_("effect"), words_of_effect(item));
        put_copy(d, N_("choice"), item->choice);
    }
}

/* ---- groups ---- */
static char *
bound_text(gboolean given, decimal bound)
{
    return given ? decimal_format(bound) : NULL;
}

static void
describe_groups(const struct pack *p, GPtrArray *out)
{
    for (guint i = 0; i < p->groups->len; i++) {
        const struct pack_group *g = pack_group(p, (int)i);
        struct described *d;

        if (g->retired)
            continue;
        d = begin(out, PART_GROUP, g->name);
        put(d, N_("keep"),
            g->keep == KEEP_ALL
                ? g_strdup(_("all add up"))
                : g_strdup_printf(_("the highest %d"), g->keep));
        put(d, N_("per"), words_of_pot(g->per));
        put(d, N_("at-most"), bound_text(g->has_most, g->at_most));
        put(d, N_("at-least"), bound_text(g->has_least, g->at_least));
        put(d, N_("inside"), words_of_way(p, g->group));
        put_copy(d, N_("currency"), g->currency);
        put_copy(d, N_("clause"), g->clause);
        put_copy(d, N_("choice"), g->choice);
    }
}

/* ---- measures ---- */
static void
describe_measures(const struct pack *p, GPtrArray *out)
{
    for (guint i = 0; i < p->measures->len; i++) {
        const struct pack_measure *m = pack_measure(p, (int)i);
        struct described *d = begin(out, PART_MEASURE, m->name);

        put(d, N_("what"), words_of_measure(p, m));
        put(d, N_("forms"), words_of_forms(p, &m->forms));
        put_copy(d, N_("per"),
                 m->per == PERIOD_NONE ? NULL : words_of_period(m->per));
        put(d, N_("targets"), words_of_targets(p, m));
        put_copy(d, N_("clause"), m->clause);
        put_copy(d, N_("choice"), m->choice);
    }
}

/* ---- rankings ---- */
static char *
awards_text(const struct pack_ranking *r)
{
    GString *s = g_string_new(NULL);

    for (guint i = 0; i < r->awards->len; i++) {
        const struct pack_award *a =
            &g_array_index(r->awards, struct pack_award, i);
        g_autofree char *one =
            g_strdup_printf(_("%s: the best %d"), a->name, a->places);

        words_add(s, "\n", one);
    }
    return g_string_free(s, FALSE);
}

static void
describe_rankings(const struct pack *p, GPtrArray *out)
{
    for (guint i = 0; i < p->rankings->len; i++) {
        const struct pack_ranking *r = p->rankings->pdata[i];
        struct described *d = begin(out, PART_RANKING, r->name);

        put_copy(d, N_("per"), words_of_period(r->per));
        put_copy(d, N_("by"), pack_measure(p, r->by)->name);
        put_copy(d, N_("as"), words_of_rank(r->as));
        put(d, N_("together"), words_of_class_set(p, &r->classes));
        put(d, N_("requires"), words_of_measures(p, &r->requires));
        put(d, N_("awards"), awards_text(r));
        put_copy(d, N_("clause"), r->clause);
        put_copy(d, N_("choice"), r->choice);
    }
}

GPtrArray *
describe_pack(const struct pack *p)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(described_free);

    describe_head(p, out);
    describe_classes(p, out);
    describe_units(p, out);
    describe_checks(p, out);
    describe_items(p, out);
    describe_groups(p, out);
    describe_measures(p, out);
    describe_rankings(p, out);
    return out;
}

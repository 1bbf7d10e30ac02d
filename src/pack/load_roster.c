/* load_roster.c - classes and units: from `classes` and `units` of
 * pack.yaml, and from `units` of roster.yaml beside it. */
#include "base/address.h"
#include "base/i18n.h"
#include "base/nearest.h"
#include "base/text.h"
#include "pack/loading.h"

#include <string.h>

/* A unit while the roster grows, by its index. */
struct origin {
    const struct node *name;  /* where its name stands */
    const struct node *entry; /* its entry under `units`, or NULL */
};

struct building {
    struct loading *l;
    struct roster *roster;
    GArray *origins;      /* of struct origin */
    GHashTable *by_title; /* name or short name as written -> index + 1 */
};

static struct origin *
origin_of(const struct building *b, const struct unit *u)
{
    return &g_array_index(b->origins, struct origin, u->index);
}

static void
set_class(struct unit *u, civil_day from, int class_index)
{
    struct class_span span = {from, class_index};

    g_array_append_val(u->classes, span);
}

static struct unit *
titled(const struct building *b, const char *name)
{
    int index =
        name ? GPOINTER_TO_INT(g_hash_table_lookup(b->by_title, name)) : 0;

    return index ? roster_unit(b->roster, index - 1) : NULL;
}

static struct unit *
add_unit(struct building *b, const struct node *name, int class_index)
{
    struct unit *u = roster_add(b->roster, name->text, name->text);
    struct origin o = {name, NULL};

    set_class(u, DAY_FIRST, class_index);
    g_array_append_val(b->origins, o);
    g_hash_table_insert(b->by_title, g_strdup(name->text),
                        GINT_TO_POINTER(u->index + 1));
    return u;
}

/* ---- classes ---- */
static void
load_class_units(struct building *b, const struct node *map, int class_index)
{
    const GPtrArray *names =
        loading_entries(map, b->l->rehearsing ? "samples" : "units");

    for (guint i = 0; i < names->len; i++) {
        const struct node *name = names->pdata[i];
        const struct unit *u = titled(b, name->text);

        if (!u)
            add_unit(b, name, class_index);
        else if (unit_class_on(u, DAY_FIRST) != class_index)
            problem_at(b->l->ps, name, _("unit %s stands in two classes"),
                       name->text);
    }
}

static void
load_classes(struct building *b)
{
    const GPtrArray *maps = loading_entries(b->l->top, "classes");

    for (guint i = 0; i < maps->len; i++) {
        const struct node *map = maps->pdata[i];
        const struct node *name = node_get(map, "name");
        const struct unit_class *c = roster_add_class(
            b->roster, name->text,
            (enum standing)read_word(map, "standing", standing_words,
                                     STANDING_RANKED));

        if (!vocabulary_add(&b->l->classes, name->text, c->index))
            problem_at(b->l->ps, name, _("\"%s\" is there twice"), name->text);
        load_class_units(b, map, c->index);
    }
}

/* ---- one entry of `units` ---- */
static void
check_life(struct loading *l, const struct node *map)
{
    if (read_day(map, "from", DAY_FIRST) > read_day(map, "to", DAY_LAST))
        problem_at(l->ps, node_get(map, "to"), _("\"to\" is before \"from\""));
}

static void
load_moves(struct building *b, const struct node *map, struct unit *u)
{
    const GPtrArray *moves = loading_entries(map, "moves");
    civil_day last = DAY_FIRST;

    for (guint i = 0; i < moves->len; i++) {
        const struct node *move = moves->pdata[i];
        civil_day from = read_day(move, "from", DAY_NONE);
        int index = loading_find_key(b->l, &b->l->classes, move, "class");

        if (from <= last)
            problem_at(b->l->ps, node_get(move, "from"),
                       _("moves stand in the order of their dates"));
        else if (index >= 0)
            set_class(u, from, index);
        last = MAX(last, from);
    }
}

static void
load_informant(struct building *b, const struct node *map, struct unit *u)
{
    struct informant *i = g_new0(struct informant, 1);
    const struct node *address = node_get(map, "address");
    char *at;

    i->name = read_copy(map, "name");
    i->address = read_copy(map, "address");
    i->phone = read_copy(map, "phone");
    i->from = read_day(map, "from", DAY_FIRST);
    i->to = read_day(map, "to", DAY_LAST);
    check_life(b->l, map);
    if (address && !address_valid(address->text))
        problem_at(b->l->ps, address,
                   _("\"%s\" is not an e-mail address such as name@domain.cn"),
                   address->text);
    for (at = i->address ? strchr(i->address, '@') : NULL; at && *at; at++)
        *at = g_ascii_tolower(*at);
    g_ptr_array_add(u->informants, i);
}

static void
load_domains(struct building *b, const struct node *map, struct unit *u)
{
    const GPtrArray *names = loading_entries(map, "domains");

    for (guint i = 0; i < names->len; i++) {
        const struct node *n = names->pdata[i];
        g_autofree char *probe = g_strconcat("a@", n->text, NULL);

        if (address_valid(probe))
            g_ptr_array_add(u->domains, g_ascii_strdown(n->text, -1));
        else
            problem_at(b->l->ps, n, _("\"%s\" is not a mail domain"), n->text);
    }
}

static void
load_details(struct building *b, const struct node *map, struct unit *u)
{
    const GPtrArray *informants = loading_entries(map, "informants");

    u->from = read_day(map, "from", DAY_FIRST);
    u->to = read_day(map, "to", DAY_LAST);
    check_life(b->l, map);
    load_moves(b, map, u);
    load_domains(b, map, u);
    for (guint i = 0; i < informants->len; i++)
        load_informant(b, informants->pdata[i], u);
}

/* An entry without a class means a unit that has one: which? */
static void
no_class(struct building *b, const struct node *name)
{
    g_autofree const char **titles =
        (const char **)g_hash_table_get_keys_as_array(b->by_title, NULL);
    const char *near = nearest_word(name->text, titles);

    if (near)
        problem_at(b->l->ps, name,
                   _("unit %s stands in no class: \"class\" is missing, or did "
                     "you mean \"%s\"?"),
                   name->text, near);
    else
        problem_at(b->l->ps, name,
                   _("unit %s stands in no class: \"class\" is missing"),
                   name->text);
}

/* The class that an entry names, or that the unit has already; -1 and a
 * problem when it has none, or two. */
static int
entry_class(struct building *b, const struct node *map, const struct unit *u)
{
    const struct node *named = node_get(map, "class");
    const struct node *name = node_get(map, "name");
    int index;

    if (!named && u)
        return unit_class_on(u, DAY_FIRST);
    if (!named) {
        no_class(b, name);
        return -1;
    }
    index = loading_find(b->l, &b->l->classes, named);
    if (index >= 0 && u && unit_class_on(u, DAY_FIRST) != index) {
        problem_at(b->l->ps, named, _("unit %s stands in two classes"),
                   name->text);
        return -1;
    }
    return index;
}

static void
load_unit(struct building *b, const struct node *map)
{
    const struct node *name = node_get(map, "name");
    const char *short_name = read_text(map, "short");
    struct unit *u = titled(b, name->text);
    int class_index;

    if (!u)
        u = titled(b, short_name);
    if (u && origin_of(b, u)->entry) {
        problem_at(b->l->ps, name, _("unit %s is there twice"), name->text);
        return;
    }
    class_index = entry_class(b, map, u);
    if (class_index < 0)
        return;
    if (!u)
        u = add_unit(b, name, class_index);
    origin_of(b, u)->entry = map;
    g_free(u->name);
    u->name = g_strdup(name->text);
    if (short_name) {
        g_free(u->short_name);
        u->short_name = g_strdup(short_name);
    }
    load_details(b, map, u);
}

/* ---- names, when all units are there ---- */
static void
take_name(struct building *b, struct unit *u, const struct node *n)
{
    struct unit *other = NULL;

    if (roster_name(b->roster, u, n->text, &other)) {
        vocabulary_add(&b->l->units, n->text, u->index);
        return;
    }
    if (other == u)
        problem_at(b->l->ps, n, _("unit %s has the name \"%s\" twice"), u->name,
                   n->text);
    else
        problem_at(b->l->ps, n, _("\"%s\" already names the unit %s"), n->text,
                   other->name);
}

static void
take_names(struct building *b, struct unit *u, const struct node *map,
           const char *key, GPtrArray *out)
{
    const GPtrArray *names = loading_entries(map, key);

    for (guint i = 0; i < names->len; i++) {
        const struct node *n = names->pdata[i];

        take_name(b, u, n);
        g_ptr_array_add(out, g_strdup(n->text));
    }
}

static void
name_unit(struct building *b, struct unit *u)
{
    const struct origin *o = origin_of(b, u);
    const struct node *short_name =
        o->entry ? node_get(o->entry, "short") : NULL;
    const struct node *name = o->entry ? node_get(o->entry, "name") : o->name;
    g_autofree char *a = text_fold(u->short_name), *c = text_fold(u->name);

    take_name(b, u, name);
    if (short_name && strcmp(a, c) != 0)
        take_name(b, u, short_name);
    if (o->entry) {
        take_names(b, u, o->entry, "aliases", u->aliases);
        take_names(b, u, o->entry, "was", u->was);
    }
}

static void
load_credit(struct building *b, struct unit *u)
{
    const struct node *map = origin_of(b, u)->entry;
    int to = map ? loading_find_key(b->l, &b->l->units, map, "credit-to") : -1;

    if (to >= 0)
        u->credit_to = to;
}

/* Does the way that points take lead back to where it began? */
static gboolean
leads_back(const struct building *b, const struct unit *u)
{
    const struct unit *at = roster_unit(b->roster, u->credit_to);

    for (guint i = 0; i < b->roster->units->len && at != u; i++)
        at = roster_unit(b->roster, at->credit_to);
    return at == u && u->credit_to != u->index;
}

/* Points are handed on once: the end of the way must be named -- but to a
 * unit that was itself merged later. */
static void
check_credit(struct building *b, const struct unit *u)
{
    const struct unit *to = roster_unit(b->roster, u->credit_to);
    const struct node *n =
        to != u ? node_get(origin_of(b, u)->entry, "credit-to") : NULL;

    if (to == u)
        return;
    if (leads_back(b, u))
        problem_at(b->l->ps, n, _("the points of %s come back to it"), u->name);
    else if (!unit_keeps_points(to))
        problem_at(b->l->ps, n,
                   _("%s gives its own points to %s; name the unit that keeps "
                     "them"),
                   to->name, roster_unit(b->roster, to->credit_to)->name);
}

static void
load_entries(struct building *b, const struct node *top)
{
    const GPtrArray *maps = loading_entries(top, "units");

    for (guint i = 0; i < maps->len; i++)
        load_unit(b, maps->pdata[i]);
}

void
load_roster(struct loading *l)
{
    struct building b = {.l = l, .roster = l->pack->roster};

    b.origins = g_array_new(FALSE, FALSE, sizeof(struct origin));
    b.by_title = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    load_classes(&b);
    if (!l->rehearsing) {
        load_entries(&b, l->top);
        load_entries(&b, l->roster);
    }
    for (guint i = 0; i < b.roster->units->len; i++)
        name_unit(&b, roster_unit(b.roster, (int)i));
    for (guint i = 0; i < b.roster->units->len; i++)
        load_credit(&b, roster_unit(b.roster, (int)i));
    for (guint i = 0; i < b.roster->units->len; i++)
        check_credit(&b, roster_unit(b.roster, (int)i));
    g_hash_table_unref(b.by_title);
    g_array_unref(b.origins);
}

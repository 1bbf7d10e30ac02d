/* load_pack.c - pack.yaml and roster.yaml -> struct pack: the order of the
 * steps, and what stands at the top of the file. */
#include "base/i18n.h"
#include "pack/load.h"
#include "pack/loading.h"
#include "rules/period.h"

#include <string.h>

#define JOINT_PART_MAX 9 /* units in "2:1" */

/* ---- joint ---- */

/* "2:1" -> {2, 1}; FALSE when it is no ratio. */
static gboolean
parse_ratio(const char *text, GArray *out)
{
    g_auto(GStrv) parts = g_strsplit(text, ":", -1);
    gint64 sum = 0;

    for (int i = 0; parts[i]; i++) {
        const char *part = g_strstrip(parts[i]);
        gint64 n = g_ascii_strtoll(part, NULL, 10);

        if (i == JOINT_PART_MAX || !*part || strlen(part) > 6 ||
            part[strspn(part, "0123456789")])
            return FALSE;
        g_array_append_val(out, n);
        sum += n;
    }
    return out->len >= 2 && sum > 0;
}

static void
load_joint(struct loading *l)
{
    static const char *const words[] = {"full", "equal", "stated", NULL};
    const struct node *n = node_get(l->top, "joint");
    int word = word_index(n->text, words);

    l->pack->joint = word >= 0 ? (enum joint)word : JOINT_RATIO;
    if (word < 0 && !parse_ratio(n->text, l->pack->ratio))
        problem_at(l->ps, n,
                   _("\"%s\" is not full, equal, stated or a ratio such as "
                     "2:1"),
                   n->text);
}

/* ---- periods of unusual length ---- */
static void
check_overlap(const struct loading *l, const struct node *n,
              const struct odd_period *p)
{
    for (guint i = 0; i < l->pack->periods->len; i++) {
        const struct odd_period *q =
            &g_array_index(l->pack->periods, struct odd_period, i);

        if (p->kind == q->kind && p->from <= q->to && q->from <= p->to)
            problem_at(l->ps, n, _("%s and %s have days in common"), p->name,
                       q->name);
    }
}

static void
load_period(struct loading *l, const struct node *map)
{
    static const struct calendar usual = {0, NULL};
    const struct node *name = node_get(map, "name");
    struct period period;
    struct odd_period odd = {NULL, PERIOD_NONE, read_day(map, "from", DAY_NONE),
                             read_day(map, "to", DAY_NONE)};

    if (period_parse(&usual, name->text, &period))
        odd.kind = period.kind;
    if (odd.kind == PERIOD_NONE) {
        problem_at(l->ps, name,
                   _("\"%s\" is not a period such as 2019-03, 2019-Q1, "
                     "2019-H1, 2019 or 2019-W07"),
                   name->text);
        return;
    }
    if (odd.to < odd.from)
        problem_at(l->ps, node_get(map, "to"), _("\"to\" is before \"from\""));
    odd.name = name->text;
    check_overlap(l, name, &odd);
    g_array_append_val(l->pack->periods, odd);
    g_array_index(l->pack->periods, struct odd_period,
                  l->pack->periods->len - 1)
        .name = g_strdup(name->text);
}

/* ---- the top of the file ---- */
static void
load_forms(struct loading *l)
{
    g_strfreev(l->pack->forms);
    l->pack->forms = read_names(l->top, "forms");
    for (int i = 0; l->pack->forms[i]; i++)
        vocabulary_add(&l->forms, l->pack->forms[i], i);
}

static void
load_decimals(struct loading *l)
{
    l->pack->decimals = read_whole(l->top, "decimals", 2);
    if (l->pack->decimals > DECIMAL_PLACES)
        problem_at(l->ps, node_get(l->top, "decimals"),
                   _("at most six decimals are kept"));
}

void
load_head(struct loading *l)
{
    struct pack *p = l->pack;
    const GPtrArray *periods = loading_entries(l->top, "periods");

    p->id = read_copy(l->top, "pack");
    p->title = read_copy(l->top, "title");
    p->document = read_copy(l->top, "document");
    p->note = read_copy(l->top, "note");
    p->roster_note = l->roster ? read_copy(l->roster, "note") : NULL;
    p->version = read_whole(l->top, "version", 0);
    p->effective = read_day(l->top, "effective", DAY_NONE);
    loading_check_year(l, l->top, "effective", p->effective);
    p->choices_by = read_copy(l->top, "choices-by");
    p->credit =
        (enum credit)read_word(l->top, "credit", credit_words, CREDIT_UNITS);
    p->bulletin = (enum period_kind)read_word(l->top, "bulletin", period_words,
                                              PERIOD_MONTH);
    p->senders = (enum senders)read_word(l->top, "senders", senders_words,
                                         SENDERS_ANYONE);
    p->held_reply = (enum held_reply)read_word(l->top, "held-reply", held_words,
                                               HELD_REPLY_NONE);
    load_joint(l);
    load_decimals(l);
    load_forms(l);
    for (guint i = 0; i < periods->len; i++)
        load_period(l, periods->pdata[i]);
}

/* ---- choices ---- */
static const struct node *
first_choice(const struct node *n)
{
    const struct node *found =
        n->kind == NODE_MAP ? node_key(n, "choice") : NULL;

    for (guint i = 0; !found && n->items && i < n->items->len; i++)
        found = first_choice(n->items->pdata[i]);
    return found;
}

static void
load_choices(struct loading *l)
{
    const struct node *choice = first_choice(l->top);

    if (choice && !l->pack->choices_by)
        problem_at(l->ps, choice,
                   _("there are choices, so choices-by must say who made "
                     "them"));
}

/* ---- all of it ---- */
static void
init(struct loading *l)
{
    vocabulary_init(&l->forms, N_("a form"));
    vocabulary_init(&l->classes, N_("a class"));
    vocabulary_init(&l->units, N_("a unit"));
    vocabulary_init(&l->items, N_("an item"));
    vocabulary_init(&l->groups, N_("a group"));
    vocabulary_init(&l->measures, N_("a measure"));
    vocabulary_init(&l->rankings, N_("a ranking"));
}

static void
clear(struct loading *l)
{
    vocabulary_clear(&l->forms);
    vocabulary_clear(&l->classes);
    vocabulary_clear(&l->units);
    vocabulary_clear(&l->items);
    vocabulary_clear(&l->groups);
    vocabulary_clear(&l->measures);
    vocabulary_clear(&l->rankings);
}

/* Examples belong to one of the two: where there are samples, to the pack
 * that has them instead of the roster. */
static void
resolve(struct loading *l, gboolean examples)
{
    init(l);
    load_head(l);
    load_choices(l);
    load_roster(l);
    load_names(l);
    load_groups(l);
    load_items(l);
    load_measures(l);
    load_rankings(l);
    load_checks(l);
    if (l->ps->count == 0)
        load_cycles(l);
    if (examples)
        load_examples(l);
    clear(l);
}

static gboolean
has_samples(const struct node *top)
{
    const GPtrArray *classes = loading_entries(top, "classes");

    for (guint i = 0; i < classes->len; i++)
        if (node_get(classes->pdata[i], "samples"))
            return TRUE;
    return FALSE;
}

static void
resolve_all(struct pack *p, struct problems *ps, const struct node *top,
            const struct node *units)
{
    struct loading l = {.pack = p, .ps = ps, .top = top, .roster = units};
    struct loading samples = {.ps = ps, .top = top, .rehearsing = TRUE};

    resolve(&l, !has_samples(top));
    if (ps->count > 0 || !has_samples(top))
        return;
    p->rehearsal = samples.pack = pack_new();
    p->rehearsal->file = g_strdup(p->file);
    resolve(&samples, TRUE);
}

/* The tree of a file held to its table; NULL when it cannot be used. */
static struct node *
read_file(const char *file, const struct field *table, struct problems *ps)
{
    g_autoptr(node) top = yaml_read(file, ps);

    if (top)
        schema_check(top, table, ps);
    return ps->count ? NULL : g_steal_pointer(&top);
}

/* roster-2020.yaml for pack-2020.yaml, where there is one. */
static char *
own_roster(const char *folder, const char *file)
{
    g_autofree char *name = g_path_get_basename(file);
    g_autofree char *beside =
        g_str_has_prefix(name, "pack-")
            ? g_strconcat("roster-", name + strlen("pack-"), NULL)
            : g_strdup("roster.yaml");
    g_autofree char *path = g_build_filename(folder, beside, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path)
                                                 : NULL;
}

/* pack.yaml in a folder, or the file itself; the roster beside it. */
static void
find_files(const char *path, struct pack *p)
{
    g_autofree char *folder = NULL, *common = NULL;

    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        p->file = g_build_filename(path, "pack.yaml", NULL);
    else
        p->file = g_strdup(path);
    folder = g_path_get_dirname(p->file);
    common = g_build_filename(folder, "roster.yaml", NULL);
    p->roster_file = own_roster(folder, p->file);
    if (!p->roster_file && g_file_test(common, G_FILE_TEST_EXISTS))
        p->roster_file = g_steal_pointer(&common);
}

static void
load_files(struct pack *p, struct problems *ps)
{
    struct problems roster_ps;
    g_autoptr(node) top = read_file(p->file, pack_fields, ps);
    g_autoptr(node) units = NULL;

    /* A roster that is wrong is told even when the pack is wrong too. */
    problems_init(&roster_ps);
    if (p->roster_file)
        units = read_file(p->roster_file, roster_fields, &roster_ps);
    problems_move(ps, &roster_ps);
    if (ps->count == 0)
        resolve_all(p, ps, top, units);
}

enum st
pack_load_all(const char *path, struct pack **out, GPtrArray *problems,
              struct err *e)
{
    g_autoptr(pack) p = pack_new();
    struct problems ps;
    enum st st;

    problems_init(&ps);
    find_files(path, p);
    load_files(p, &ps);
    st = problems_end(&ps, problems, e);
    problems_clear(&ps);
    if (st == ST_OK)
        *out = g_steal_pointer(&p);
    return st;
}

enum st
pack_load(const char *path, struct pack **out, struct err *e)
{
    return pack_load_all(path, out, NULL, e);
}

/* ---- the packs of an office ---- */
static int
by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The pack files of a folder; the path itself when it is no folder or has
 * none, and is then complained of. */
static GPtrArray *
pack_files(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    while (dir && (name = g_dir_read_name(dir)))
        if (g_str_has_suffix(name, ".yaml") &&
            (g_str_has_prefix(name, "pack-") || !strcmp(name, "pack.yaml")))
            g_ptr_array_add(out, g_build_filename(path, name, NULL));
    g_ptr_array_sort(out, by_name);
    if (out->len == 0)
        g_ptr_array_add(out, g_strdup(path));
    return out;
}

static int
by_effective(gconstpointer a, gconstpointer b)
{
    const struct pack *x = *(struct pack *const *)a;
    const struct pack *y = *(struct pack *const *)b;

    return (x->effective > y->effective) - (x->effective < y->effective);
}

/* One follows the other; two of one day cannot. */
static enum st
make_series(GPtrArray *packs, struct err *e)
{
    g_ptr_array_sort(packs, by_effective);
    for (guint i = 1; i < packs->len; i++) {
        struct pack *p = packs->pdata[i];
        const struct pack *before = packs->pdata[i - 1];

        if (p->effective == before->effective)
            return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                           _("%s and %s are in force from the same day: only "
                             "one of them can be"),
                           before->file, p->file);
        pack_succeed(p, before);
    }
    return ST_OK;
}

enum st
pack_load_series(const char *path, GPtrArray **out, GPtrArray *problems,
                 struct err *e)
{
    g_autoptr(GPtrArray) files = pack_files(path);
    g_autoptr(GPtrArray) packs =
        g_ptr_array_new_with_free_func((GDestroyNotify)pack_free);
    enum st st = ST_OK;

    for (guint i = 0; i < files->len; i++) {
        struct pack *p = NULL;
        struct err why = ERR_INIT;
        enum st one = pack_load_all(files->pdata[i], &p, problems, &why);

        if (one == ST_OK)
            g_ptr_array_add(packs, p);
        else if (st == ST_OK)
            *e = why;
        st = st == ST_OK ? one : st;
    }
    if (st == ST_OK)
        st = make_series(packs, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&packs);
    return st;
}

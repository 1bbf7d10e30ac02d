/* office.c - see office.h. */
#include "intake/office.h"

#include "base/i18n.h"
#include "intake/publication.h"
#include "pack/load.h"
#include "rules/example.h"

#include <stdlib.h>
#include <string.h>

static gboolean
has_share(const char *dir)
{
    g_autofree char *rules = g_build_filename(dir, "mailrules", NULL);
    g_autofree char *templates = g_build_filename(dir, "templates", NULL);

    return g_file_test(rules, G_FILE_TEST_IS_DIR) &&
           g_file_test(templates, G_FILE_TEST_IS_DIR);
}

static char *
share_above_program(void)
{
    g_autofree char *exe = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *dir = exe ? g_path_get_dirname(exe) : NULL;

    for (int up = 0; dir && up < 4; up++) {
        g_autofree char *installed =
            g_build_filename(dir, "share", "baosong", NULL);
        char *parent;

        if (has_share(dir))
            return g_steal_pointer(&dir);
        if (has_share(installed))
            return g_steal_pointer(&installed);
        parent = g_path_get_dirname(dir);
        g_free(dir);
        dir = parent;
    }
    return NULL;
}

char *
office_share(void)
{
    const char *given = getenv("BAOSONG_SHARE");
    char *found;

    if (given && *given)
        return g_canonicalize_filename(given, NULL);
    found = share_above_program();
    return found ? found : g_strdup(PREFIX "/share/baosong");
}

const char *
office_config_path(const char *given)
{
    const char *environment = getenv("BAOSONG_CONFIG");

    if (given)
        return given;
    return environment && *environment ? environment : "baosong.yaml";
}

static enum st
set_clock(struct office *o, const char *now, struct err *e)
{
    o->clock.zone = o->config->zone;
    if (!now)
        return ST_OK;
    if (!clock_parse(&o->clock, now, &o->clock.instant))
        return err_set(e, ST_REJECT, EXIT_USAGE_ERROR,
                       _("--now: \"%s\" is not a time; write it as "
                         "2019-04-01T09:00:00+08:00"),
                       now);
    o->clock.fixed = TRUE;
    return ST_OK;
}

static enum st
load_letters(struct office *o, const char *share, struct err *e)
{
    g_autofree char *own = g_build_filename(o->config->data, "templates", NULL);
    enum st st;

    o->templates = g_build_filename(share, "templates", NULL);
    if (g_file_test(own, G_FILE_TEST_IS_DIR))
        o->own_templates = g_steal_pointer(&own);
    st = catalogue_load(o->templates, o->own_templates, &o->letters, e);
    if (st == ST_OK)
        catalogue_set_office(o->letters, o->config->office, o->config->phone,
                             o->config->address);
    return st == ST_OK ? publication_check_words(o, e) : st;
}

/* A pack is not used until its own examples agree with it. */
static enum st
verify_examples(const struct pack *p, struct err *e)
{
    g_autoptr(GPtrArray) outcomes = examples_run(p);

    for (guint n = 0; n < outcomes->len; n++) {
        const struct example_outcome *o = g_ptr_array_index(outcomes, n);

        if (!o->passed)
            return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                           _("%s:%d:%d: example \"%s\": %s (%d of the "
                             "examples fail: the pack or the example is "
                             "wrong)"),
                           o->place->file, o->place->line, o->place->column,
                           o->example->name, o->text,
                           example_failures(outcomes));
    }
    return ST_OK;
}

static enum st
load_packs(struct office *o, struct err *e)
{
    enum st st = pack_load_series(o->config->rules, &o->packs, NULL, e);

    for (guint n = 0; st == ST_OK && n < o->packs->len; n++)
        st = verify_examples(o->packs->pdata[n], e);
    if (st != ST_OK)
        return st;
    o->matchers = g_ptr_array_new_with_free_func((GDestroyNotify)matcher_free);
    for (guint n = 0; n < o->packs->len; n++) {
        const struct pack *p = o->packs->pdata[n];

        g_ptr_array_add(o->matchers, matcher_new(p->roster, o->config->office));
    }
    return ST_OK;
}

/* ---- what the rules are ---- */

static void
add_file(GChecksum *sum, const char *path)
{
    g_autofree char *data = NULL;
    gsize len = 0;

    if (!path || !g_file_get_contents(path, &data, &len, NULL))
        len = 0; /* none, or gone again: then it says nothing */
    g_checksum_update(sum, (const guchar *)&len, sizeof len);
    g_checksum_update(sum, (const guchar *)(data ? data : ""), (gssize)len);
}

static int
by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A pack's own file, and all rosters beside it. */
static void
add_rules(GChecksum *sum, const struct pack *p)
{
    g_autofree char *folder = g_path_get_dirname(p->file);
    g_autoptr(GPtrArray) rosters = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir)) != NULL)
        if (g_str_has_prefix(name, "roster"))
            g_ptr_array_add(rosters, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(rosters, by_text);
    add_file(sum, p->file);
    for (guint n = 0; n < rosters->len; n++)
        add_file(sum, rosters->pdata[n]);
}

static char *
digest_rules(const struct office *o)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    const char *zone = g_time_zone_get_identifier(o->config->zone);
    char *digest;

    for (guint n = 0; n < o->packs->len; n++)
        add_rules(sum, o->packs->pdata[n]);
    g_checksum_update(sum, (const guchar *)zone, -1);
    digest = g_strdup(g_checksum_get_string(sum));
    g_checksum_free(sum);
    return digest;
}

static guint
pack_index(const struct office *o, civil_day d)
{
    guint n = o->packs->len;

    while (n > 1 &&
           ((const struct pack *)o->packs->pdata[n - 1])->effective > d)
        n--;
    return n - 1;
}

struct pack *
office_pack_on(const struct office *o, civil_day d)
{
    return o->packs->pdata[pack_index(o, d)];
}

void
office_turn(struct office *o, civil_day d)
{
    guint n = pack_index(o, d);

    o->pack = o->packs->pdata[n];
    o->matcher = o->matchers->pdata[n];
}

gboolean
office_period(const struct office *o, const char *text, struct period *out)
{
    struct calendar cal = calendar_of(o->pack);

    for (guint n = o->packs->len; n-- > 0;) {
        const struct pack *p = o->packs->pdata[n];
        struct calendar its = calendar_of(p);
        struct period found;

        if (period_parse(&its, text, &found) &&
            office_pack_on(o, found.to) == p) {
            *out = found;
            return TRUE;
        }
    }
    return period_parse(&cal, text, out);
}

gboolean
office_period_is_slip(const struct office *o, const struct period *p)
{
    civil_day today = clock_today(&o->clock);

    return (p->to > today && !day_is_near(p->to, today)) ||
           !day_is_near(p->to, p->from);
}

enum st
office_load(const char *config_path, const char *now, struct office **out,
            struct err *e)
{
    g_autoptr(office) o = g_new0(struct office, 1);
    g_autofree char *share = office_share();
    enum st st;

    st = config_load(office_config_path(config_path), share, &o->config, e);
    if (st == ST_OK)
        st = set_clock(o, now, e);
    if (st == ST_OK)
        st = load_packs(o, e);
    if (st == ST_OK)
        st = load_letters(o, share, e);
    if (st != ST_OK)
        return st;
    o->rules_digest = digest_rules(o);
    office_turn(o, clock_today(&o->clock));
    *out = g_steal_pointer(&o);
    return ST_OK;
}

void
office_free(struct office *o)
{
    if (!o)
        return;
    g_clear_pointer(&o->matchers, g_ptr_array_unref);
    g_clear_pointer(&o->letters, catalogue_free);
    g_clear_pointer(&o->packs, g_ptr_array_unref);
    g_clear_pointer(&o->config, config_free);
    g_free(o->templates);
    g_free(o->rules_digest);
    g_free(o->own_templates);
    g_free(o);
}

const char *
office_unit_name(const char *short_name, void *user)
{
    const struct office *o = user;
    const struct unit *u = roster_find(o->pack->roster, short_name);

    return u ? u->name : short_name;
}

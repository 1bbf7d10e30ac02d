/* cmd_rules.c - the rule pack as the table that an auditor wants. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "report/json.h"

static char *
points_text(const struct points *p)
{
    g_autofree char *low = NULL, *high = NULL;

    switch (p->kind) {
    case POINTS_NUMBER:
        return decimal_format(p->number);
    case POINTS_RANGE:
        low = decimal_format(p->low);
        high = decimal_format(p->high);
        return g_strdup_printf("%s..%s", low, high);
    case POINTS_UNSTATED:
        return g_strdup(_("not stated"));
    case POINTS_FORMULA:
        return g_strdup_printf("=%s", p->formula.text);
    }
    g_assert_not_reached();
}

/* All cases of an item: "8 / 5 / 2". */
static char *
item_points(const struct pack_item *item)
{
    GString *s = g_string_new(NULL);

    for (guint n = 0; n < item->cases->len; n++) {
        const struct pack_case *k =
            &g_array_index(item->cases, struct pack_case, n);
        g_autofree char *text = points_text(&k->points);

        g_string_append_printf(s, "%s%s", n ? " / " : "", text);
    }
    return g_string_free(s, FALSE);
}

static const char *
group_name(const struct pack *p, const struct pack_item *item)
{
    return item->group < 0 ? NULL : pack_group(p, item->group)->name;
}

static void
rules_text(const struct pack *p)
{
    cmd_print("%s %s\n", p->title, p->document ? p->document : "");
    for (guint n = 0; n < p->items->len; n++) {
        const struct pack_item *item = pack_item(p, (int)n);
        const char *group = group_name(p, item);
        g_autofree char *points = item_points(item);
        g_autofree char *name = cmd_pad(item->name, 20);
        g_autofree char *label = cmd_pad(item->label, 16);
        g_autofree char *in = cmd_pad(group ? group : "", 12);
        g_autofree char *worth = cmd_pad(points, 8);

        cmd_print("%s %s %s %s %s\n", name, label, worth, in, item->clause);
        if (item->choice)
            cmd_print("%21s%s\n", "", item->choice);
    }
    for (guint n = 0; n < p->groups->len; n++) {
        const struct pack_group *g = pack_group(p, (int)n);
        g_autofree char *name = cmd_pad(g->name, 20);
        g_autofree char *keep = g->keep == KEEP_ALL
                                    ? g_strdup(_("all add up"))
                                    : g_strdup_printf(_("highest %d"), g->keep);

        cmd_print("%s %s  %s\n", name, keep, g->clause ? g->clause : "");
        if (g->choice)
            cmd_print("%21s%s\n", "", g->choice);
    }
}

static void
rules_json(const struct pack *p)
{
    g_autoptr(JsonBuilder) b = json_builder_new();

    json_builder_begin_object(b);
    json_text(b, "pack", p->id);
    json_text(b, "title", p->title);
    json_text(b, "document", p->document);
    json_int(b, "version", p->version);
    json_day(b, "effective", p->effective);
    json_builder_set_member_name(b, "items");
    json_builder_begin_array(b);
    for (guint n = 0; n < p->items->len; n++) {
        const struct pack_item *item = pack_item(p, (int)n);
        g_autofree char *points = item_points(item);

        json_builder_begin_object(b);
        json_text(b, "name", item->name);
        json_text(b, "label", item->label);
        json_text(b, "points", points);
        json_text(b, "group", group_name(p, item));
        json_text(b, "clause", item->clause);
        json_text(b, "choice", item->choice);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
    json_builder_end_object(b);
    cmd_print_json(json_builder_get_root(b));
}

int
cmd_rules(const struct cmd_context *c, int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, N_("as JSON"), NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(office) o = NULL;
    struct err e = ERR_INIT;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 0, 0, &status))
        return status;
    if (office_load(c->config, c->now, &o, &e) != ST_OK)
        return cmd_failed(c, &e);
    if (json)
        rules_json(o->pack);
    else
        rules_text(o->pack);
    return EXIT_DONE;
}

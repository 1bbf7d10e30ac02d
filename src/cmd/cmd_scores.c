/* cmd_scores.c - `scores`, `explain` and `bulletin`: what a period is worth. */
#include "cmd/cmd.h"

#include "base/file.h"
#include "base/i18n.h"
#include "cmd/scores_table.h"
#include "intake/publication.h"
#include "intake/publish.h"
#include "intake/scoring.h"
#include "report/scores_json.h"
#include "rules/explain.h"

#include <stdio.h>
#include <string.h>

struct reckoning {
    struct cmd_desk d;
    struct period period;
    struct scoring *s;
    struct standings *t;
};

static void
reckoning_clear(struct reckoning *r)
{
    g_clear_pointer(&r->t, standings_free);
    g_clear_pointer(&r->s, scoring_free);
    cmd_close(&r->d);
}

static int
reckon(const struct cmd_context *c, const char *text, struct reckoning *r)
{
    struct err e = ERR_INIT;
    int status;
    enum st st;

    memset(r, 0, sizeof *r);
    status = cmd_open(c, REG_READ, &r->d);
    if (status == EXIT_DONE)
        status = cmd_period(c, r->d.office, text, &r->period);
    if (status != EXIT_DONE)
        return status;
    office_turn(r->d.office, r->period.to);
    st = standings_now(r->d.office, r->d.reg, &r->period, &r->s, &r->t, &e);
    if (st != ST_OK)
        return cmd_failed(c, &e);
    for (guint n = 0; r->s->skipped && n < r->s->skipped->len; n++)
        fprintf(stderr, "baosong %s: %s\n", c->name,
                (const char *)g_ptr_array_index(r->s->skipped, n));
    return EXIT_DONE;
}

/* ---- scores ---- */

/* Of a published period what was published, unless it is to be recomputed:
 * NULL in *out when it is not published. */
static int
published_scores(const struct cmd_context *c, const char *text, JsonNode **out)
{
    g_autoptr(reg_bulletin) b = NULL;
    struct err e = ERR_INIT;
    struct period p;
    struct cmd_desk d;
    enum st st = ST_OK;
    int status = cmd_open(c, REG_READ, &d);

    if (status == EXIT_DONE)
        status = cmd_period(c, d.office, text, &p);
    if (status == EXIT_DONE)
        st = reg_published(d.reg, publish_series(&p), text, &b, &e);
    if (st == ST_OK && b)
        st = scores_json_shown(b->scores, out, &e);
    if (st != ST_OK)
        status = cmd_failed(c, &e);
    cmd_close(&d);
    return status;
}

static int
known_scores(const struct cmd_context *c, const char *text, JsonNode **out)
{
    struct reckoning r;
    int status = reckon(c, text, &r);

    if (status == EXIT_DONE)
        *out = scores_json(r.d.office->config->office, r.t, FALSE);
    reckoning_clear(&r);
    return status;
}

int
cmd_scores(const struct cmd_context *c, int argc, char **argv)
{
    gboolean json = FALSE, recompute = FALSE;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, N_("as JSON"), NULL},
        {"recompute", 0, 0, G_OPTION_ARG_NONE, &recompute,
         N_("a published period as now known"), NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    JsonNode *scores = NULL;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 1, 1, &status))
        return status;
    if (!recompute)
        status = published_scores(c, argv[1], &scores);
    if (status == EXIT_DONE && !scores)
        status = known_scores(c, argv[1], &scores);
    if (status == EXIT_DONE && !json)
        scores_table_print(scores);
    if (status == EXIT_DONE && json)
        cmd_print_json(g_steal_pointer(&scores));
    g_clear_pointer(&scores, json_node_unref);
    return status;
}

/* ---- explain ---- */

/* Points and each other currency add up by themselves. */
static void
print_total(const GPtrArray *lines, const char *currency)
{
    decimal sum = 0;
    g_autofree char *total = NULL;

    for (guint n = 0; n < lines->len; n++) {
        const struct explained *x = g_ptr_array_index(lines, n);

        if (g_strcmp0(x->currency, currency) == 0)
            sum += x->line->points;
    }
    total = decimal_format(sum);
    cmd_print("%-10s %8s%s\n", _("total"), total, currency ? currency : "");
}

static void
print_explained(const GPtrArray *lines)
{
    g_autoptr(GHashTable) others = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint n = 0; n < lines->len; n++) {
        const struct explained *x = g_ptr_array_index(lines, n);
        g_autofree char *day = day_format(x->line->day);
        g_autofree char *points = decimal_format(x->line->points);
        g_autofree char *item = cmd_pad(x->item, 18);

        cmd_print("%s %8s%s  %s %s", day, points,
                  x->currency ? x->currency : "", item, x->clause);
        cmd_print("%s%s", x->about ? "  " : "", x->about ? x->about : "");
        cmd_print("%s%s", x->by ? "  " : "", x->by ? x->by : "");
        cmd_print("%s%s\n", x->reason ? "  " : "", x->reason ? x->reason : "");
    }
    print_total(lines, NULL);
    for (guint n = 0; n < lines->len; n++) {
        const struct explained *x = g_ptr_array_index(lines, n);

        if (x->currency && g_hash_table_add(others, (gpointer)x->currency))
            print_total(lines, x->currency);
    }
}

static int
no_such(const struct cmd_context *c, const char *what)
{
    struct err e = ERR_INIT;

    err_set(&e, ST_REJECT, EXIT_BAD_DATA,
            _("\"%s\" is neither a unit of the roster nor the number of a "
              "submission"),
            what);
    return cmd_failed(c, &e);
}

int
cmd_explain(const struct cmd_context *c, int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(GPtrArray) lines = NULL;
    struct reckoning r;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 2, 2, &status))
        return status;
    status = reckon(c, argv[2], &r);
    if (status == EXIT_DONE) {
        int submission = facts_find_submission(r.s->facts, argv[1]);
        const struct roster *units = r.d.office->pack->roster;
        const struct unit *u = roster_find(units, argv[1]);
        score_who who = u ? roster_credit(units, u, r.period.from)
                          : score_find_who(r.s->score, argv[1]);

        if (submission >= 0)
            lines = explain_submission(r.s->score, submission, r.period.from,
                                       r.period.to);
        else if (who >= 0)
            lines = explain(r.s->score, who, r.period.from, r.period.to);
        if (lines)
            print_explained(lines);
        else
            status = no_such(c, argv[1]);
    }
    reckoning_clear(&r);
    return status;
}

/* ---- bulletin ---- */

static enum st
publish_all(struct cmd_desk *d, const struct period *p, const char *as,
            GPtrArray **without, struct err *e)
{
    const struct staff *s = cmd_staff(d->office->config, as, e);
    struct reg_act act = {.at = clock_now(&d->office->clock)};
    struct intake i = {.office = d->office, .reg = d->reg};
    int sent = 0;
    enum st st;

    if (!s)
        return ST_REJECT;
    act.by = s->name;
    st = reg_begin(d->reg, e);
    if (st == ST_OK)
        st = publish_bulletin(&i, p, FALSE, &act, &sent, without, e);
    return reg_end(d->reg, st, e);
}

/* Freeze and enqueue; `run`, or the next poll, sends. */
static int
publish_now(const struct cmd_context *c, const char *as, const char *text)
{
    g_autoptr(GPtrArray) without = NULL;
    struct err e = ERR_INIT;
    struct period p;
    struct cmd_desk d;
    int status = cmd_open(c, REG_WRITE, &d);

    if (status == EXIT_DONE)
        status = cmd_period(c, d.office, text, &p);
    if (status == EXIT_DONE && publish_all(&d, &p, as, &without, &e) != ST_OK)
        status = cmd_failed(c, &e);
    cmd_close(&d);
    for (guint n = 0; without && n < without->len; n++)
        fprintf(stderr, _("no address: %s\n"),
                (char *)g_ptr_array_index(without, n));
    return status;
}

/* What was published stays as it was: its own files, byte by byte. */
static enum st
write_published(const struct cmd_desk *d, const struct reg_bulletin *b,
                const char *path, struct err *e)
{
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < b->files->len; n++) {
        const struct reg_file *f = g_ptr_array_index(b->files, n);
        g_autofree char *beside = publication_notice_path(path);
        gboolean notice = g_str_has_suffix(f->name, ".docx");
        g_autoptr(GBytes) bytes = NULL;
        gsize len = 0;
        const void *data;

        st = reg_bulletin_file(d->reg, b->id, f->name, &bytes, e);
        if (st != ST_OK)
            break;
        data = g_bytes_get_data(bytes, &len);
        st = file_write(notice ? beside : path, data, len, e);
    }
    return st;
}

static enum st
write_computed(const struct reckoning *r, const char *path, struct err *e)
{
    g_autoptr(publication) made = NULL;
    enum st st = publication_make(r->d.office, r->d.reg, r->t, &made, e);

    return st == ST_OK ? publication_write(made, path, e) : st;
}

static int
write_bulletin(const struct cmd_context *c, const char *period,
               const char *path, gboolean recompute)
{
    g_autofree char *beside = publication_notice_path(path);
    g_autofree char *name = NULL;
    g_autoptr(reg_bulletin) b = NULL;
    struct err e = ERR_INIT;
    struct reckoning r;
    int status = reckon(c, period, &r);
    enum st st = ST_OK;

    if (status == EXIT_DONE) {
        name = period_name(&r.period);
        st = reg_published(r.d.reg, publish_series(&r.period), name, &b, &e);
        if (st == ST_OK)
            st = b && !recompute ? write_published(&r.d, b, path, &e)
                                 : write_computed(&r, path, &e);
        if (st != ST_OK)
            status = cmd_failed(c, &e);
    }
    if (status == EXIT_DONE)
        cmd_print("%s\n%s\n", path, beside);
    reckoning_clear(&r);
    return status;
}

int
cmd_bulletin(const struct cmd_context *c, int argc, char **argv)
{
    g_autofree char *output = NULL;
    g_autofree char *as = NULL;
    gboolean publish = FALSE, recompute = FALSE;
    const GOptionEntry entries[] = {
        {"as", 0, 0, G_OPTION_ARG_STRING, &as, N_("who publishes it"),
         N_("NAME")},
        {"publish", 0, 0, G_OPTION_ARG_NONE, &publish,
         N_("freeze it and send it to all units"), NULL},
        {"recompute", 0, 0, G_OPTION_ARG_NONE, &recompute,
         N_("a published period as now known"), NULL},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
         N_("the workbook to write, and beside it the .docx"), "FILE.xlsx"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 1, 1, &status))
        return status;
    if (publish)
        status = publish_now(c, as, argv[1]);
    if (publish && status != EXIT_DONE)
        return status;
    if (!output)
        output = g_strdup_printf("bulletin-%s.xlsx", argv[1]);
    return write_bulletin(c, argv[1], output, recompute);
}

/* cmd_scores.c - `scores` and `bulletin`: what a period is worth. */
#include "cmd/reckoning.h"

#include "base/file.h"
#include "base/i18n.h"
#include "cmd/scores_table.h"
#include "intake/publication.h"
#include "intake/publish.h"
#include "report/scores_json.h"

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
    int status = reckoning_make(c, text, &r);

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
        cmd_complain(_("no address: %s\n"),
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
    int status = reckoning_make(c, period, &r);
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

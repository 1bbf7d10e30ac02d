/* cmd_list.c - `list`: what was accepted. */
#include "cmd/cmd.h"

#include "cmd/submission.h"
#include "report/json.h"
#include "register/mark.h"

static enum st
add_similar(struct cmd_desk *d, JsonBuilder *b, const struct reg_submission *s,
            struct err *e)
{
    g_autoptr(GPtrArray) findings = NULL;
    enum st st = reg_similar_of(d->reg, s->id, &findings, e);

    json_builder_set_member_name(b, "similar");
    json_builder_begin_array(b);
    for (guint n = 0; findings && n < findings->len; n++) {
        json_builder_begin_object(b);
        finding_json(b, findings->pdata[n]);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
    return st;
}

static enum st
list_json(struct cmd_desk *d, const GPtrArray *all, struct err *e)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    enum st st = ST_OK;

    json_builder_begin_array(b);
    for (guint n = 0; st == ST_OK && n < all->len; n++) {
        const struct reg_submission *s = g_ptr_array_index(all, n);
        g_autoptr(GPtrArray) marks = NULL;

        st = reg_marks_of(d->reg, s->id, &marks, e);
        if (st != ST_OK)
            return st;
        json_builder_begin_object(b);
        submission_json(b, d->office, s, marks);
        st = add_similar(d, b, s, e);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
    cmd_print_json(json_builder_get_root(b));
    return st;
}

static char *
marks_line(const GPtrArray *marks)
{
    GString *line = g_string_new(NULL);

    for (guint n = 0; n < marks->len; n++) {
        const struct reg_mark *m = g_ptr_array_index(marks, n);

        if (!m->revoked)
            g_string_append_printf(line, "%s%s", line->len ? " " : "", m->item);
    }
    return g_string_free(line, FALSE);
}

static enum st
list_text(struct cmd_desk *d, const GPtrArray *all, struct err *e)
{
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < all->len; n++) {
        const struct reg_submission *s = g_ptr_array_index(all, n);
        g_autoptr(GPtrArray) marks = NULL;
        g_autofree char *when = clock_format(&d->office->clock, s->received);
        g_autofree char *names = submission_units(d->office, s);
        g_autofree char *unit = cmd_pad(names, 18);
        g_autofree char *line = NULL;

        st = reg_marks_of(d->reg, s->id, &marks, e);
        if (st != ST_OK)
            return st;
        line = marks_line(marks);
        cmd_print("%s  %s  %s %s%s%s\n", s->number, when, unit,
                  s->title ? s->title : "",
                  s->state == SUBMISSION_RECORDED ? "" : "  ",
                  s->state == SUBMISSION_RECORDED ? ""
                                                  : reg_state_name(s->state));
        if (line[0])
            cmd_print("%*s%s\n", 31, "", line);
    }
    return st;
}

static int
show(const struct cmd_context *c, struct cmd_desk *d, char **args,
     gboolean json)
{
    struct period p = {.from = DAY_FIRST, .to = DAY_LAST};
    g_autoptr(GPtrArray) all = NULL;
    struct err e = ERR_INIT;
    int status = *args ? cmd_period(c, d->office, *args, &p) : EXIT_DONE;
    enum st st;

    if (status != EXIT_DONE)
        return status;
    st = reg_submissions(d->reg, p.from, p.to, &all, &e);
    if (st == ST_OK)
        st = json ? list_json(d, all, &e) : list_text(d, all, &e);
    return st == ST_OK ? EXIT_DONE : cmd_failed(c, &e);
}

int
cmd_list(const struct cmd_context *c, int argc, char **argv)
{
    return cmd_view(c, argc, argv, 0, 1, show);
}

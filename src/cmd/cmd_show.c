/* cmd_show.c - `show`: one submission, with all that is known of it. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "cmd/submission.h"
#include "intake/similar.h"
#include "report/json.h"
#include "register/history.h"
#include "register/mark.h"
#include "register/outbox.h"
#include "register/view.h"

struct shown {
    reg_submission *s;
    GPtrArray *marks, *versions, *changes, *mails;
    GPtrArray *similar; /* of struct reg_similar */
    GPtrArray *texts;   /* of char*: of each, the text that its passages are
                           of, or NULL */
};

/* The passages stand in the draft of the one that came later. */
static enum st
gather_similar(struct cmd_desk *d, struct shown *x, struct err *e)
{
    enum st st = reg_similar_of(d->reg, x->s->id, &x->similar, e);

    x->texts = g_ptr_array_new_with_free_func(g_free);
    for (guint n = 0; st == ST_OK && n < x->similar->len; n++) {
        const struct reg_similar *f = x->similar->pdata[n];
        g_autoptr(reg_draft) draft = NULL;

        st = reg_submission_draft(d->reg, f->of, &draft, e);
        g_ptr_array_add(x->texts, draft ? g_strdup(draft->text) : NULL);
    }
    return st;
}

static enum st
gather(struct cmd_desk *d, const char *number, struct shown *x, struct err *e)
{
    enum st st = reg_submission_find(d->reg, number, &x->s, e);

    if (st == ST_OK && !x->s)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       _("there is no submission %s; `baosong list` shows "
                         "those that there are"),
                       number);
    if (st == ST_OK)
        st = reg_marks_of(d->reg, x->s->id, &x->marks, e);
    if (st == ST_OK)
        st = gather_similar(d, x, e);
    if (st == ST_OK)
        st = reg_versions(d->reg, x->s->id, &x->versions, e);
    if (st == ST_OK)
        st = reg_history_of(d->reg, x->s->number, &x->changes, e);
    if (st == ST_OK)
        st = reg_mails_about(d->reg, x->s->message, &x->mails, e);
    return st;
}

static void
shown_clear(struct shown *x)
{
    g_clear_pointer(&x->s, reg_submission_free);
    g_clear_pointer(&x->marks, g_ptr_array_unref);
    g_clear_pointer(&x->versions, g_ptr_array_unref);
    g_clear_pointer(&x->changes, g_ptr_array_unref);
    g_clear_pointer(&x->mails, g_ptr_array_unref);
    g_clear_pointer(&x->similar, g_ptr_array_unref);
    g_clear_pointer(&x->texts, g_ptr_array_unref);
}

static void
show_json_history(JsonBuilder *b, const struct office *o, const struct shown *x)
{
    json_builder_set_member_name(b, "history");
    json_builder_begin_array(b);
    for (guint n = 0; n < x->changes->len; n++) {
        const struct reg_change *k = g_ptr_array_index(x->changes, n);

        json_builder_begin_object(b);
        json_time(b, "at", &o->clock, k->at);
        json_text(b, "by", k->by);
        json_text(b, "what", k->what);
        json_text(b, "before", k->before);
        json_text(b, "after", k->after);
        json_text(b, "note", k->note);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

static void
show_json_passages(JsonBuilder *b, const struct reg_similar *f,
                   const char *text)
{
    json_builder_set_member_name(b, "passages");
    json_builder_begin_array(b);
    for (guint n = 0; text && n < f->passages->len; n++) {
        const struct reg_passage *p =
            &g_array_index(f->passages, struct reg_passage, n);
        g_autofree char *passage = similar_excerpt(text, p, G_MAXUINT);

        json_builder_add_string_value(b, passage);
    }
    json_builder_end_array(b);
}

static void
show_json_similar(JsonBuilder *b, const struct shown *x)
{
    json_builder_set_member_name(b, "similar");
    json_builder_begin_array(b);
    for (guint n = 0; n < x->similar->len; n++) {
        json_builder_begin_object(b);
        finding_json(b, x->similar->pdata[n]);
        show_json_passages(b, x->similar->pdata[n], x->texts->pdata[n]);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

static void
show_json(struct cmd_desk *d, const struct shown *x)
{
    const struct office *o = d->office;
    g_autoptr(JsonBuilder) b = json_builder_new();
    g_autofree char *path =
        reg_view_path(d->reg, x->s, office_unit_name, d->office);

    json_builder_begin_object(b);
    submission_json(b, o, x->s, x->marks);
    json_int(b, "version", x->s->version);
    json_text(b, "commission", x->s->commission_number);
    json_text(b, "file", x->s->file_name);
    json_text(b, "kind", x->s->file_kind);
    json_text(b, "sha256", x->s->file_sha256);
    json_text(b, "path", path);
    show_json_similar(b, x);
    json_builder_set_member_name(b, "mails");
    json_builder_begin_array(b);
    for (guint n = 0; n < x->mails->len; n++) {
        const struct reg_mail *m = g_ptr_array_index(x->mails, n);

        json_builder_begin_object(b);
        json_text(b, "kind", reg_mail_kind_name(m->kind));
        json_text(b, "to", m->to);
        json_text(b, "state", reg_mail_state_name(m->state));
        json_text(b, "message_id", m->mail_id);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
    show_json_history(b, o, x);
    json_builder_end_object(b);
    cmd_print_json(json_builder_get_root(b));
}

static void
show_line(const char *label, const char *text)
{
    g_autofree char *padded = cmd_pad(label, 14);

    if (text && *text)
        cmd_print("%s%s\n", padded, text);
}

static void
show_marks(const struct shown *x)
{
    for (guint n = 0; n < x->marks->len; n++) {
        const struct reg_mark *m = g_ptr_array_index(x->marks, n);
        g_autofree char *day = day_format(m->day);
        g_autofree char *line =
            g_strdup_printf("%s %s %s%s%s%s", day, m->item, m->by ? m->by : "",
                            m->note ? " " : "", m->note ? m->note : "",
                            m->revoked ? _(" (revoked)") : "");

        show_line(_("mark"), line);
    }
}

static void
show_similar(const struct shown *x)
{
    for (guint n = 0; n < x->similar->len; n++) {
        const struct reg_similar *f = x->similar->pdata[n];
        const char *text = x->texts->pdata[n];
        g_autofree char *line = g_strdup_printf(
            _("%s %s: %d%% of this draft, %d%% of the other"),
            f->number ? f->number : f->reference, f->title ? f->title : "",
            similar_percent(f->here), similar_percent(f->there));

        show_line(_("similar to"), line);
        for (guint k = 0; text && k < f->passages->len; k++) {
            g_autofree char *passage = similar_excerpt(
                text, &g_array_index(f->passages, struct reg_passage, k),
                G_MAXUINT);

            show_line("", passage);
        }
    }
}

static void
show_text(struct cmd_desk *d, const struct shown *x)
{
    const struct clock *clock = &d->office->clock;
    const struct reg_submission *s = x->s;
    g_autofree char *when = clock_format(clock, s->received);
    g_autofree char *names = submission_units(d->office, s);
    g_autofree char *words = g_strdup_printf("%d", s->words);
    g_autofree char *path =
        reg_view_path(d->reg, s, office_unit_name, d->office);

    show_line(_("number"), s->number);
    show_line(_("received"), when);
    show_line(_("title"), s->title);
    show_line(_("unit"), names);
    show_line(_("submitter"), s->submitter);
    show_line(_("phone"), s->phones);
    show_line(_("extension"), s->extensions);
    show_line(_("category"), s->category);
    show_line(_("words"), words);
    show_line(_("openness"), s->openness);
    show_line(_("status"), reg_state_name(s->state));
    for (int n = 0; n < s->notes.n; n++)
        show_line(_("note"), reason_name(s->notes.code[n]));
    show_line(_("draft"), path);
    show_similar(x);
    show_marks(x);
    for (guint n = 0; n < x->changes->len; n++) {
        const struct reg_change *k = g_ptr_array_index(x->changes, n);
        g_autofree char *at = clock_format(clock, k->at);
        /* of what was taken away, what it was */
        const char *is = k->after ? k->after : k->before ? k->before : "";
        g_autofree char *line =
            g_strdup_printf("%s %s %s %s%s%s", at, k->by, k->what, is,
                            k->note ? " " : "", k->note ? k->note : "");

        show_line(_("history"), line);
    }
}

static int
show(const struct cmd_context *c, struct cmd_desk *d, char **args,
     gboolean json)
{
    struct shown x = {0};
    struct err e = ERR_INIT;
    enum st st = gather(d, args[0], &x, &e);

    if (st == ST_OK && json)
        show_json(d, &x);
    else if (st == ST_OK)
        show_text(d, &x);
    shown_clear(&x);
    return st == ST_OK ? EXIT_DONE : cmd_failed(c, &e);
}

int
cmd_show(const struct cmd_context *c, int argc, char **argv)
{
    return cmd_view(c, argc, argv, 1, 1, show);
}

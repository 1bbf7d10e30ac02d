/* cmd_list.c - `list`, `show` and `held`: what the register says. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "intake/similar.h"
#include "report/json.h"
#include "register/history.h"
#include "register/mark.h"
#include "register/message.h"
#include "register/outbox.h"
#include "register/submission.h"
#include "register/view.h"

#include <string.h>

/* ---- what is common ---- */

static char *
unit_names(const struct office *o, const struct reg_submission *s)
{
    GString *names = g_string_new(NULL);

    for (guint n = 0; n < s->credits->len; n++) {
        const struct reg_credit *k = g_ptr_array_index(s->credits, n);

        g_string_append_printf(names, "%s%s", n ? "、" : "",
                               office_unit_name(k->unit, (void *)o));
    }
    return g_string_free(names, FALSE);
}

static const char *
first_unit(const struct reg_submission *s)
{
    const struct reg_credit *k =
        s->credits->len ? g_ptr_array_index(s->credits, 0) : NULL;

    return k ? k->unit : NULL;
}

static void
write_marks(JsonBuilder *b, const GPtrArray *marks)
{
    json_builder_set_member_name(b, "marks");
    json_builder_begin_array(b);
    for (guint n = 0; n < marks->len; n++) {
        const struct reg_mark *m = g_ptr_array_index(marks, n);

        if (m->revoked)
            continue;
        json_builder_begin_object(b);
        json_text(b, "item", m->item);
        json_day(b, "date", m->day);
        json_decimal(b, "quantity", m->quantity);
        if (m->has_amount)
            json_decimal(b, "amount", m->amount);
        json_text(b, "unit", m->unit);
        json_text(b, "note", m->note);
        json_text(b, "by", m->by);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

/* What a finding says of both, from the side of this submission. */
static void
write_similar(JsonBuilder *b, const struct reg_similar *f)
{
    json_text(b, "number", f->number);
    json_text(b, "unit", f->unit);
    json_text(b, "title", f->title);
    json_text(b, "reference", f->reference);
    json_int(b, "percent", similar_percent(f->here));
    json_int(b, "percent_of_other", similar_percent(f->there));
}

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
        write_similar(b, findings->pdata[n]);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
    return st;
}

static void
write_submission(JsonBuilder *b, const struct office *o,
                 const struct reg_submission *s, const GPtrArray *marks)
{
    g_autofree char *names = unit_names(o, s);

    json_text(b, "number", s->number);
    json_time(b, "received", &o->clock, s->received);
    json_text(b, "title", s->title);
    json_text(b, "unit", first_unit(s));
    json_text(b, "unit_name", names);
    json_text(b, "submitter", s->submitter);
    json_words(b, "phones", s->phones);
    json_words(b, "extensions", s->extensions);
    json_text(b, "category", s->category);
    json_int(b, "words", s->words);
    json_text(b, "status", reg_state_name(s->state));
    json_reasons(b, "notes", &s->notes);
    write_marks(b, marks);
}

/* ---- list ---- */

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
        write_submission(b, d->office, s, marks);
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
        g_autofree char *names = unit_names(d->office, s);
        g_autofree char *unit = cmd_pad(names, 18);
        g_autofree char *line = NULL;

        st = reg_marks_of(d->reg, s->id, &marks, e);
        if (st != ST_OK)
            return st;
        line = marks_line(marks);
        cmd_print("%s  %s  %s %s%s%s%s\n", s->number, when, unit,
                  s->title ? s->title : "",
                  s->state == SUBMISSION_RECORDED ? "" : "  ",
                  s->state == SUBMISSION_RECORDED ? ""
                                                  : reg_state_name(s->state),
                  line[0] ? "  " : "");
        if (line[0])
            cmd_print("%*s%s\n", 31, "", line);
    }
    return st;
}

int
cmd_list(const struct cmd_context *c, int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, N_("as JSON"), NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    struct period p = {.from = DAY_FIRST, .to = DAY_LAST};
    g_autoptr(GPtrArray) all = NULL;
    struct err e = ERR_INIT;
    struct cmd_desk d;
    enum st st;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 0, 1, &status))
        return status;
    status = cmd_open(c, REG_READ, &d);
    if (status == EXIT_DONE && argc > 1)
        status = cmd_period(c, d.office, argv[1], &p);
    if (status == EXIT_DONE) {
        st = reg_submissions(d.reg, p.from, p.to, &all, &e);
        if (st == ST_OK)
            st = json ? list_json(&d, all, &e) : list_text(&d, all, &e);
        status = st == ST_OK ? EXIT_DONE : cmd_failed(c, &e);
    }
    cmd_close(&d);
    return status;
}

/* ---- held ---- */

static void
held_json(const struct office *o, const GPtrArray *open)
{
    g_autoptr(JsonBuilder) b = json_builder_new();

    json_builder_begin_array(b);
    for (guint n = 0; n < open->len; n++) {
        const struct reg_message *m = g_ptr_array_index(open, n);

        json_builder_begin_object(b);
        json_text(b, "handle", m->handle);
        json_text(b, "verdict", verdict_name(m->verdict));
        json_reasons(b, "reasons", &m->reasons);
        json_time(b, "received", &o->clock, m->received);
        json_text(b, "sender", m->sender);
        json_text(b, "subject", m->subject);
        json_text(b, "title", m->title);
        json_text(b, "unit", m->unit);
        json_text(b, "submitter", m->submitter);
        json_words(b, "phones", m->phones);
        json_int(b, "size", m->size);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
    cmd_print_json(json_builder_get_root(b));
}

static void
held_text(const struct office *o, const GPtrArray *open)
{
    for (guint n = 0; n < open->len; n++) {
        const struct reg_message *m = g_ptr_array_index(open, n);
        g_autofree char *when = clock_format(&o->clock, m->received);
        g_autofree char *handle = cmd_pad(m->handle, 8);

        cmd_print("%s %s  %s  %s  %s", handle, when, verdict_name(m->verdict),
                  m->sender ? m->sender : "-", m->subject ? m->subject : "");
        for (int k = 0; k < m->reasons.n; k++)
            cmd_print("  [%s]", reason_name(m->reasons.code[k]));
        cmd_print("\n");
    }
}

int
cmd_held(const struct cmd_context *c, int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, N_("as JSON"), NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(GPtrArray) open = NULL;
    struct err e = ERR_INIT;
    struct cmd_desk d;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 0, 0, &status))
        return status;
    status = cmd_open(c, REG_READ, &d);
    if (status == EXIT_DONE && reg_messages_open(d.reg, &open, &e) != ST_OK)
        status = cmd_failed(c, &e);
    if (status == EXIT_DONE && json)
        held_json(d.office, open);
    else if (status == EXIT_DONE)
        held_text(d.office, open);
    cmd_close(&d);
    return status;
}

/* ---- show ---- */

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
        write_similar(b, x->similar->pdata[n]);
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
    write_submission(b, o, x->s, x->marks);
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
    g_autofree char *names = unit_names(d->office, s);
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
    show_line(_("status"), reg_state_name(s->state));
    for (int n = 0; n < s->notes.n; n++)
        show_line(_("note"), reason_name(s->notes.code[n]));
    show_line(_("draft"), path);
    show_similar(x);
    show_marks(x);
    for (guint n = 0; n < x->changes->len; n++) {
        const struct reg_change *k = g_ptr_array_index(x->changes, n);
        g_autofree char *at = clock_format(clock, k->at);
        g_autofree char *line = g_strdup_printf(
            "%s %s %s %s", at, k->by, k->what, k->after ? k->after : "");

        show_line(_("history"), line);
    }
}

int
cmd_show(const struct cmd_context *c, int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, N_("as JSON"), NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    struct shown x = {0};
    struct err e = ERR_INIT;
    struct cmd_desk d;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 1, 1, &status))
        return status;
    status = cmd_open(c, REG_READ, &d);
    if (status == EXIT_DONE && gather(&d, argv[1], &x, &e) != ST_OK)
        status = cmd_failed(c, &e);
    if (status == EXIT_DONE && json)
        show_json(&d, &x);
    else if (status == EXIT_DONE)
        show_text(&d, &x);
    shown_clear(&x);
    cmd_close(&d);
    return status;
}

/* cmd_replay.c - what would be decided about each file; touches nothing. */
#include "cmd/cmd.h"

#include "base/file.h"
#include "base/i18n.h"
#include "report/json.h"
#include "intake/incoming.h"
#include "message/mail.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { PREFIX_CHARS = 200 };

static const struct reading_file *
draft_of(const struct incoming *a, const struct decision *d)
{
    if (!a->reading || d->draft < 0)
        return NULL;
    return g_ptr_array_index(a->reading->files, (guint)d->draft);
}

/* The draft's text, else the body's. */
static const char *
text_of(const struct incoming *a, const struct decision *d)
{
    const struct reading_file *f = draft_of(a, d);

    if (f && f->text)
        return f->text;
    return a->reading ? a->reading->body : NULL;
}

static char *
text_prefix(const char *text)
{
    GString *s = g_string_new(NULL);
    gboolean gap = FALSE;
    int n = 0;

    for (const char *p = text; *p && n < PREFIX_CHARS;
         p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (g_unichar_isspace(c)) {
            gap = s->len > 0;
            continue;
        }
        if (gap && n < PREFIX_CHARS - 1) {
            g_string_append_c(s, ' ');
            n++;
        }
        gap = FALSE;
        g_string_append_unichar(s, c);
        n++;
    }
    return g_string_free(s, FALSE);
}

static void
write_attachments(JsonBuilder *b, const struct reading *r)
{
    json_builder_begin_array(b);
    for (guint n = 0; r && n < r->files->len; n++) {
        const struct reading_file *f = g_ptr_array_index(r->files, n);

        json_builder_begin_object(b);
        json_text(b, "name", f->name);
        json_text(b, "kind", file_kind_name(f->kind));
        json_text(b, "state", file_state_name(f->state));
        json_int(b, "size", f->size);
        json_text(b, "sha256", f->sha256);
        json_int(b, "words", f->words);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

/* Every content field of a quarantined message is null. */
static void
write_content(JsonBuilder *b, const struct office *o, const struct incoming *a,
              const struct decision *d, gboolean whole_text)
{
    gboolean secret = d->verdict == VERDICT_QUARANTINED;
    const struct fields *f = d->fields;
    const struct unit *u = secret ? NULL : fields_unit(f);
    const char *text = secret ? NULL : text_of(a, d);
    g_autofree char *prefix = text ? text_prefix(text) : NULL;

    json_text(b, "subject", secret || !a->reading ? NULL : a->reading->subject);
    json_text(b, "title", secret ? NULL : f->title);
    json_text(b, "unit", u ? u->short_name : NULL);
    json_text(b, "unit_name", u ? u->name : NULL);
    json_text(b, "submitter", secret ? NULL : f->submitter);
    json_strings(b, "phones", secret ? NULL : f->phones);
    json_strings(b, "extensions", secret ? NULL : f->extensions);
    json_text(b, "category",
              !secret && f->form >= 0 ? o->pack->forms[f->form] : NULL);
    json_text(b, "openness", secret ? NULL : f->openness);
    json_builder_set_member_name(b, "words");
    if (secret)
        json_builder_add_null_value(b);
    else
        json_builder_add_int_value(b, d->words);
    json_text(b, "text_prefix", prefix);
    if (whole_text)
        json_text(b, "text", text);
    json_builder_set_member_name(b, "attachments");
    if (secret)
        json_builder_add_null_value(b);
    else
        write_attachments(b, a->reading);
}

static void
write_json(JsonBuilder *b, const struct office *o, const char *file,
           const struct incoming *a, const struct decision *d, gboolean text)
{
    const struct reading *r = a->reading;

    json_builder_begin_object(b);
    json_text(b, "file", file);
    json_text(b, "verdict", verdict_name(d->verdict));
    json_reasons(b, "reasons", &d->reasons);
    json_reasons(b, "notes", &d->notes);
    write_content(b, o, a, d, text);
    json_text(b, "machine", r ? machine_name(r->machine) : NULL);
    json_text(b, "secrecy", r ? secrecy_name(r->secrecy) : NULL);
    json_text(b, "reply_to", d->reply_to);
    json_text(b, "cause", a->cause);
    json_builder_end_object(b);
}

static void
print_list(const char *label, const struct reason_list *list)
{
    if (list->n == 0)
        return;
    cmd_print("  %s:", label);
    for (int n = 0; n < list->n; n++)
        cmd_print(" %s", reason_name(list->code[n]));
    cmd_print("\n");
}

static void
print_line(const char *label, const char *text)
{
    if (text && *text)
        cmd_print("  %s: %s\n", label, text);
}

static void
print_text(const char *file, const struct incoming *a, const struct decision *d,
           gboolean whole)
{
    const struct unit *u = fields_unit(d->fields);
    g_autofree char *words = g_strdup_printf("%d", d->words);

    cmd_print("%s: %s\n", file, verdict_name(d->verdict));
    print_list(_("reasons"), &d->reasons);
    print_list(_("notes"), &d->notes);
    print_line(_("cause"), a->cause);
    if (d->verdict == VERDICT_QUARANTINED)
        return;
    print_line(_("subject"), a->reading ? a->reading->subject : NULL);
    print_line(_("title"), d->fields->title);
    print_line(_("unit"), u ? u->name : d->fields->unit_text);
    print_line(_("submitter"), d->fields->submitter);
    for (guint n = 0; n < d->fields->phones->len; n++)
        print_line(_("phone"), g_ptr_array_index(d->fields->phones, n));
    print_line(_("openness"), d->fields->openness);
    print_line(_("words"), words);
    print_line(_("reply to"), d->reply_to);
    print_line(_("subject to copy"), d->suggestion);
    if (whole && text_of(a, d))
        cmd_print("\n%s\n", text_of(a, d));
}

/* The file's time stands in for the time of receipt, where it can be one. */
static enum st
read_file(struct office *o, struct reader_pool *readers, const char *path,
          struct incoming *a, struct err *e)
{
    struct reader_result r;
    g_autofree char *data = NULL;
    struct stat info;
    size_t len = 0;
    enum st st = file_read(path, (size_t)o->config->size_limit, &data, &len, e);

    if (st != ST_OK)
        return st;
    incoming_keep_header(a, (const guint8 *)data, len);
    st = reader_read(readers, (const guint8 *)data, len, 0, &r, e);
    if (st != ST_OK)
        return st;
    a->outcome = r.outcome;
    a->cause = r.cause;
    a->reading = g_steal_pointer(&r.reading);
    a->ref.received = clock_now(&o->clock);
    if (stat(path, &info) == 0)
        a->ref.received = MIN(a->ref.received, (gint64)info.st_mtime);
    a->ref.size = (gint64)len;
    reader_result_clear(&r);
    return ST_OK;
}

struct replay {
    struct office *office;
    struct reader_pool *readers;
    gboolean json, text;
};

/* One object a file, one a line: a long run can be read as it goes. */
static void
print_json(const struct replay *x, const char *path, const struct incoming *a,
           const struct decision *d)
{
    g_autoptr(JsonBuilder) b = json_builder_new();

    write_json(b, x->office, path, a, d, x->text);
    cmd_print_json_line(json_builder_get_root(b));
}

static enum st
replay_one(const struct replay *x, const char *path, struct err *e)
{
    struct incoming *a = incoming_new();
    struct decision d = {0};
    enum st st = read_file(x->office, x->readers, path, a, e);

    if (st == ST_OK) {
        incoming_check(x->office, a);
        judge(x->office, a, clock_now(&x->office->clock), NULL, &d);
        if (x->json)
            print_json(x, path, a, &d);
        else
            print_text(path, a, &d, x->text);
        decision_clear(&d);
    }
    incoming_free(a);
    return st;
}

int
cmd_replay(const struct cmd_context *c, int argc, char **argv)
{
    struct replay x = {NULL, NULL, FALSE, FALSE};
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &x.json, N_("as JSON"), NULL},
        {"text", 0, 0, G_OPTION_ARG_NONE, &x.text,
         N_("with the draft's whole text"), NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(office) o = NULL;
    struct mail_context *context = NULL;
    struct err e = ERR_INIT;
    int status = EXIT_DONE;

    if (!cmd_options(c, entries, &argc, &argv, 1, -1, &status))
        return status;
    if (office_load(c->config, c->now, &o, &e) != ST_OK ||
        intake_readers(o, &context, &x.readers, &e) != ST_OK)
        return cmd_failed(c, &e);
    x.office = o;
    for (int n = 1; n < argc; n++)
        if (replay_one(&x, argv[n], &e) != ST_OK)
            status = cmd_failed(c, &e);
    reader_pool_free(x.readers);
    g_free(context);
    return status;
}

/* cmd_held.c - `held`: what waits for staff. */
#include "cmd/cmd.h"

#include "report/json.h"
#include "register/message.h"

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

static int
show(const struct cmd_context *c, struct cmd_desk *d, char **args,
     gboolean json)
{
    g_autoptr(GPtrArray) open = NULL;
    struct err e = ERR_INIT;

    (void)args;
    if (reg_messages_open(d->reg, &open, &e) != ST_OK)
        return cmd_failed(c, &e);
    if (json)
        held_json(d->office, open);
    else
        held_text(d->office, open);
    return EXIT_DONE;
}

int
cmd_held(const struct cmd_context *c, int argc, char **argv)
{
    return cmd_view(c, argc, argv, 0, 0, show);
}

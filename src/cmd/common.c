/* common.c - what the commands share: options, printing, opening. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct command *
command_of(const struct cmd_context *c)
{
    const struct command *k = commands;

    while (strcmp(k->name, c->name) != 0)
        k++;
    return k;
}

gboolean
cmd_options(const struct cmd_context *c, const GOptionEntry *entries, int *argc,
            char ***argv, int least, int most, int *status_out)
{
    const struct command *k = command_of(c);
    g_autofree char *usage = g_strdup_printf("%s %s", k->name, k->arguments);
    g_autoptr(GOptionContext) context = g_option_context_new(k->arguments);
    g_autoptr(GError) error = NULL;
    int given;

    g_option_context_set_summary(context, _(k->summary));
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, entries, "baosong");
    for (int n = 1; n < *argc && strcmp((*argv)[n], "--") != 0; n++) {
        if (strcmp((*argv)[n], "--help") == 0) {
            g_autofree char *help =
                g_option_context_get_help(context, TRUE, NULL);

            fputs(help, stdout);
            *status_out = EXIT_DONE;
            return FALSE;
        }
    }
    *status_out = EXIT_USAGE_ERROR;
    if (!g_option_context_parse(context, argc, argv, &error)) {
        cmd_complain("baosong %s: %s\n", c->name, error->message);
        return FALSE;
    }
    if (*argc > 1 && strcmp((*argv)[1], "--") == 0) {
        memmove(*argv + 1, *argv + 2, (size_t)(*argc - 1) * sizeof **argv);
        (*argc)--;
    }
    given = *argc - 1;
    if (given >= least && (most < 0 || given <= most)) {
        *status_out = EXIT_DONE;
        return TRUE;
    }
    fprintf(stderr, _("Usage: baosong %s\n"), usage);
    return FALSE;
}

int
cmd_failed(const struct cmd_context *c, const struct err *e)
{
    cmd_complain("baosong %s: %s\n", c->name, e->text);
    return e->status == EXIT_DONE ? EXIT_SOFTWARE : (int)e->status;
}

/* A character of a JSON string as RFC 8259, 7 escapes it. */
static void
append_escape(GString *out, gunichar c)
{
    if (c >= 0x10000) {
        c -= 0x10000;
        g_string_append_printf(out, "\\u%04x", 0xD800U + (c >> 10));
        c = 0xDC00U + (c & 0x3FF);
    }
    g_string_append_printf(out, "\\u%04x", c);
}

/* JSON is read by people too: what turns a line around is escaped, which
 * says the same. */
static char *
escape_invisible(const char *json)
{
    GString *out;

    if (!text_hides_something(json))
        return g_strdup(json);
    out = g_string_new(NULL);
    for (const char *p = json; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (text_is_invisible(c))
            append_escape(out, c);
        else
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

static void
print_node(JsonNode *node, gboolean pretty)
{
    g_autofree char *text = json_to_string(node, pretty);
    g_autofree char *escaped = escape_invisible(text);

    puts(escaped);
    json_node_unref(node);
}

void
cmd_print_json(JsonNode *node)
{
    print_node(node, TRUE);
}

void
cmd_print_json_line(JsonNode *node)
{
    print_node(node, FALSE);
}

/* Text of a mail, a pack or a server must not steer the terminal that it is
 * shown on. */
G_GNUC_PRINTF(2, 0)
static void
print_visible(FILE *to, const char *format, va_list args)
{
    g_autofree char *text = g_strdup_vprintf(format, args);
    g_autofree char *visible = text_visible(text);

    fputs(visible, to);
}

void
cmd_print(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_visible(stdout, format, args);
    va_end(args);
}

void
cmd_complain(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_visible(stderr, format, args);
    va_end(args);
}

void
cmd_print_tally(const struct tally *t)
{
    g_autoptr(GString) s = g_string_new(NULL);

    for (int v = 0; v <= VERDICT_QUERY; v++)
        if (t->verdicts[v])
            g_string_append_printf(s, " %s=%d", verdict_name((enum verdict)v),
                                   t->verdicts[v]);
    printf("%s: %d%s, sent=%d unsent=%d\n", _("looked at"), t->seen, s->str,
           t->sent, t->unsent);
}

int
cmd_width(const char *s)
{
    int w = 0;

    for (; *s; s = g_utf8_next_char(s)) {
        gunichar c = g_utf8_get_char(s);

        if (!g_unichar_iszerowidth(c))
            w += g_unichar_iswide(c) || text_is_cjk(c) ? 2 : 1;
    }
    return w;
}

char *
cmd_pad(const char *s, int width)
{
    int w = cmd_width(s);

    return g_strdup_printf("%s%*s", s, MAX(width - w, 0), "");
}

int
cmd_period(const struct cmd_context *c, const struct office *o,
           const char *text, struct period *out)
{
    struct err e = ERR_INIT;

    if (!office_period(o, text, out))
        err_set(
            &e, ST_REJECT, EXIT_USAGE_ERROR,
            _("\"%s\" is not a period; write 2019-03, 2019-Q1, 2019-H1, 2019, "
              "2019-W07 or 2019-01-01..2019-02-28"),
            text);
    else if (office_period_is_slip(o, out))
        err_set(&e, ST_REJECT, EXIT_USAGE_ERROR,
                _("\"%s\" is longer than ten years, or ends later than in ten "
                  "years; write a nearer or shorter one"),
                text);
    else
        return EXIT_DONE;
    return cmd_failed(c, &e);
}

int
cmd_open(const struct cmd_context *c, enum reg_mode mode, struct cmd_desk *out)
{
    struct err e = ERR_INIT;
    enum st st;

    memset(out, 0, sizeof *out);
    st = office_load(c->config, c->now, &out->office, &e);
    if (st == ST_OK)
        st = reg_open(out->office->config->data, mode,
                      clock_now(&out->office->clock), &out->reg, &e);
    if (st == ST_OK)
        return EXIT_DONE;
    cmd_close(out);
    return cmd_failed(c, &e);
}

void
cmd_close(struct cmd_desk *d)
{
    g_clear_pointer(&d->reg, reg_close);
    g_clear_pointer(&d->office, office_free);
}

int
cmd_view(const struct cmd_context *c, int argc, char **argv, int least,
         int most, cmd_view_fn show)
{
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, N_("as JSON"), NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    struct cmd_desk d;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, least, most, &status))
        return status;
    status = cmd_open(c, REG_READ, &d);
    if (status == EXIT_DONE)
        status = show(c, &d, argv + 1, json);
    cmd_close(&d);
    return status;
}

/* main.c - global options, and the table of commands. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "base/log.h"

#include <errno.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define VERSION "0.1"

const struct command commands[] = {
    {"run", "", N_("stay: watch the mailbox, process, reply, send what is due"),
     cmd_run},
    {"poll", "", N_("do once everything that run does, then exit"), cmd_poll},
    {"replay", "[--json] [--text] FILE.eml...",
     N_("say what would be decided about each file; touches nothing"),
     cmd_replay},
    {"import", "PATH...",
     N_("take in .eml files, an mbox or a Maildir from the past"), cmd_import},
    {"desk", "[--as NAME] COMMAND...",
     N_("a staff command, in the same words as by mail; - reads one a line"),
     cmd_desk},
    {"list", "[--json] [PERIOD]", N_("the register"), cmd_list},
    {"show", "[--json] NUMBER", N_("all about one submission"), cmd_show},
    {"held", "[--json]", N_("what waits for staff"), cmd_held},
    {"scores", "[--json] [--recompute] PERIOD",
     N_("points, counts and ranks of every unit"), cmd_scores},
    {"explain", "UNIT|NUMBER PERIOD", N_("each line of a score, and why"),
     cmd_explain},
    {"rules", "[--json] [PACK] | --diff OLD NEW",
     N_("the rule pack as tables; what two packs say differently"), cmd_rules},
    {"bulletin", "[--publish] [--recompute] PERIOD [-o FILE.xlsx] [--as NAME]",
     N_("the bulletin workbook"), cmd_bulletin},
    {"ledger", "PERIOD [-o FILE.xlsx] | --apply FILE.xlsx",
     N_("the register as a workbook to fill in"), cmd_ledger},
    {"check", "[--rules PATH...]",
     N_("look through configuration, rules, templates, mailbox, register"),
     cmd_check},
    {"status", "[--json]", N_("last poll, messages held, outbox, what is due"),
     cmd_status},
    {"preview", "TEMPLATE", N_("a letter filled with sample facts"),
     cmd_preview},
    {"backup", "FILE", N_("a consistent copy of the register while running"),
     cmd_backup},
    {NULL, NULL, NULL, NULL}};

static void
print_usage(FILE *to)
{
    fprintf(to, "%s\n\n",
            _("Usage: baosong [-c FILE] [--now TIME] [-v] COMMAND ..."));
    for (const struct command *k = commands; k->name; k++)
        fprintf(to, "  %-9s %s\n", k->name, _(k->summary));
    fprintf(to, "\n%s\n",
            _("baosong COMMAND --help says more. The configuration is "
              "baosong.yaml, $BAOSONG_CONFIG, or FILE."));
}

/* Passwords, and mail that may be secret, are in memory: no core file may
 * take them to a disk, and no other program of this user may look in. */
static void
keep_memory_private(void)
{
    struct rlimit none = {0, 0};

    if (setrlimit(RLIMIT_CORE, &none) || prctl(PR_SET_DUMPABLE, 0))
        log_event(LOG_WARN, "memory-not-private", "cause", g_strerror(errno),
                  NULL);
}

/* Large blocks are given back as soon as they are freed: mails of 25 MB come
 * now and then, and the program stays for months.  Small ones are kept, for
 * the next mail, of whichever thread. */
static void
keep_memory_small(void)
{
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
    mallopt(M_ARENA_MAX, 1);
}

static void
set_up(void)
{
    g_autofree char *share = office_share();
    g_autofree char *built =
        g_build_filename(share, "build", "share", "locale", NULL);
    g_autofree char *installed = g_build_filename(share, "..", "locale", NULL);

    setlocale(LC_ALL, "");
    bindtextdomain("baosong",
                   g_file_test(built, G_FILE_TEST_IS_DIR) ? built : installed);
    bind_textdomain_codeset("baosong", "UTF-8");
    textdomain("baosong");
    signal(SIGPIPE, SIG_IGN);
    keep_memory_private();
    keep_memory_small();
    umask(077); /* drafts and telephone numbers are nobody else's business */
}

static const struct command *
find_command(const char *name)
{
    for (const struct command *k = commands; k->name; k++)
        if (strcmp(k->name, name) == 0)
            return k;
    return NULL;
}

/* Options up to the first word that is not one; what follows belongs to the
 * command. */
static gboolean
global_options(struct cmd_context *c, int *argc, char ***argv, int *status)
{
    char *file = NULL, *now = NULL;
    gboolean version = FALSE, help = FALSE;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, NULL, NULL},
        {"now", 0, 0, G_OPTION_ARG_STRING, &now, NULL, NULL},
        {"verbose", 'v', 0, G_OPTION_ARG_NONE, &c->verbose, NULL, NULL},
        {"version", 0, 0, G_OPTION_ARG_NONE, &version, NULL, NULL},
        {"help", 'h', 0, G_OPTION_ARG_NONE, &help, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;

    g_option_context_set_strict_posix(context, TRUE);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, entries, NULL);
    *status = EXIT_USAGE_ERROR;
    if (!g_option_context_parse(context, argc, argv, &error)) {
        fprintf(stderr, "baosong: %s\n", error->message);
        return FALSE;
    }
    c->config = file; /* lives as long as the program */
    c->now = now;
    if (!version && !help)
        return TRUE;
    if (version)
        puts("baosong " VERSION);
    else
        print_usage(stdout);
    *status = EXIT_DONE;
    return FALSE;
}

int
main(int argc, char **argv)
{
    static struct cmd_context c; /* keeps the strings of the options */
    g_autofree char *title = NULL;
    const struct command *k;
    int status;

    set_up();
    if (!global_options(&c, &argc, &argv, &status))
        return status;
    if (c.verbose)
        log_set_level(LOG_DEBUG);
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE_ERROR;
    }
    k = find_command(argv[1]);
    if (!k) {
        fprintf(stderr,
                _("baosong: there is no command \"%s\"; see baosong "
                  "--help\n"),
                argv[1]);
        return EXIT_USAGE_ERROR;
    }
    c.name = k->name;
    title = g_strdup_printf("baosong %s", k->name);
    g_set_prgname(title);
    return k->run(&c, argc - 1, argv + 1);
}

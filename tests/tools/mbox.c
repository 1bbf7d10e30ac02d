/* mbox - drive a mailbox or a way out from the command line, for tests.
 *
 *   mbox [options] URL COMMAND...
 *
 * The commands are carried out one after the other on one driver:
 *   open close list              (list prints "uid received size [key]")
 *   after=V:U                    what list is told that we know
 *   expect                       says so before open, mailbox_expect()
 *   fetch                        all that the last list gave
 *   move=FOLDER                  the same, FOLDER by its number
 *   move=FOLDER:N                only the N-th of them
 *   refile=FROM:TO:SIZE:RECEIVED:SHA256   (prints "refiled 0" or "refiled 1")
 *   wait=SECONDS sleep=SECONDS
 *   time                         (prints "SECONDS s" since the beginning)
 *   send=TO:FILE check rest      (mail from --from; URL is of a way out)
 *   batch=TO,TO...:FILE          (a mail to each, --connections at once)
 * The first that fails prints "error RESULT STATUS SENTENCE" and ends the
 * program with that status, unless --go-on was given. */
#include "mailbox/mailbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct tool {
    struct mailbox *mailbox;
    struct outgoing *outgoing;
    GArray *refs;
    guint32 validity, after;
    int sent;
    gint64 began;
};

static char *password, *tls_ca, *from, *save_dir;
static gboolean plain, go_on, outgoing, discard;
static int timeout_seconds = 5, connections = 1;
static gint64 size_limit = 25 * 1000 * 1000;

static GOptionEntry options[] = {
    {"password", 0, 0, G_OPTION_ARG_STRING, &password, "login with this",
     "WORD"},
    {"ca", 0, 0, G_OPTION_ARG_FILENAME, &tls_ca, "trust these", "FILE"},
    {"from", 0, 0, G_OPTION_ARG_STRING, &from, "envelope sender", "ADDRESS"},
    {"save", 0, 0, G_OPTION_ARG_FILENAME, &save_dir, "keep what is fetched",
     "DIR"},
    {"plain", 0, 0, G_OPTION_ARG_NONE, &plain, "no TLS", NULL},
    {"go-on", 0, 0, G_OPTION_ARG_NONE, &go_on, "do not stop at errors", NULL},
    {"out", 0, 0, G_OPTION_ARG_NONE, &outgoing, "URL is a way out", NULL},
    {"discard", 0, 0, G_OPTION_ARG_NONE, &discard, "say nothing of mails",
     NULL},
    {"connections", 0, 0, G_OPTION_ARG_INT, &connections, "at once", "N"},
    {"timeout", 0, 0, G_OPTION_ARG_INT, &timeout_seconds, "seconds", "N"},
    {"limit", 0, 0, G_OPTION_ARG_INT64, &size_limit, "bytes a message", "N"},
    {NULL}};

static enum st
print_fetched(struct fetched *message, void *user, struct err *e)
{
    g_autofree char *sum = NULL;

    (void)user;
    (void)e;
    if (discard)
        return ST_OK;
    if (message->trouble) {
        printf("trouble %u %s\n", message->ref->uid, message->trouble);
        return ST_OK;
    }
    sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, message->data,
                                      message->len);
    printf("message %u %zu %s%s\n", message->ref->uid, message->len, sum,
           message->header_only ? " header" : "");
    if (save_dir) {
        g_autofree char *path =
            g_strdup_printf("%s/%u", save_dir, message->ref->uid);

        g_file_set_contents(path, (const char *)message->data,
                            (gssize)message->len, NULL);
    }
    return ST_OK;
}

static enum st
list(struct tool *t, struct err *e)
{
    g_autoptr(GArray) refs = message_refs_new();
    enum st st =
        t->mailbox->driver->list(t->mailbox, t->validity, t->after, refs, e);

    if (st != ST_OK)
        return st;
    for (guint i = 0; i < refs->len; i++) {
        const struct message_ref *ref =
            &g_array_index(refs, struct message_ref, i);

        printf("listed %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "%s%s\n",
               ref->uid, ref->received, ref->size, ref->key ? " " : "",
               ref->key ? ref->key : "");
    }
    printf("validity %u count %u\n",
           refs->len ? g_array_index(refs, struct message_ref, 0).validity : 0,
           refs->len);
    g_array_unref(t->refs);
    t->refs = g_steal_pointer(&refs);
    return ST_OK;
}

static enum st
move(struct tool *t, const char *argument, struct err *e)
{
    const struct mailbox_driver *driver = t->mailbox->driver;
    enum folder to = (enum folder)atoi(argument);
    const char *colon = strchr(argument, ':');
    guint i = colon ? (guint)atoi(colon + 1) : 0;

    if (!colon)
        return driver->move_all(t->mailbox, t->refs, to, e);
    if (i >= t->refs->len)
        return err_set(e, ST_REJECT, EXIT_USAGE_ERROR, "no message %u", i);
    return driver->move(t->mailbox,
                        &g_array_index(t->refs, struct message_ref, i), to, e);
}

static enum st
wait_for(struct tool *t, const char *argument, struct err *e)
{
    gint64 start = g_get_monotonic_time();
    enum st st =
        t->mailbox->driver->wait(t->mailbox, (unsigned)atoi(argument), -1, e);

    printf("waited %.1f\n",
           (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC);
    return st;
}

static enum st
refile(struct tool *t, const char *argument, struct err *e)
{
    g_auto(GStrv) p = g_strsplit(argument, ":", 5);
    struct message_sought sought = {.size_limit = size_limit};
    gboolean found = FALSE;
    enum st st;

    if (g_strv_length(p) != 5)
        return err_set(e, ST_REJECT, EXIT_USAGE_ERROR, "refile: five words");
    sought.size = g_ascii_strtoll(p[2], NULL, 10);
    sought.received = g_ascii_strtoll(p[3], NULL, 10);
    sought.sha256 = *p[4] ? p[4] : NULL;
    st =
        t->mailbox->driver->refile(t->mailbox, &sought, (enum folder)atoi(p[0]),
                                   (enum folder)atoi(p[1]), &found, e);
    if (st == ST_OK)
        printf("refiled %d\n", found);
    return st;
}

static void
print_time(const struct tool *t)
{
    gint64 took = g_get_monotonic_time() - t->began;

    printf("%.4f s\n", (double)took / G_USEC_PER_SEC);
}

/* Wait for answers, and print them; how many there were. */
static guint
print_answers(struct tool *t)
{
    static const char *const names[] = {
        "ok", "later", "never", "uncertain", "null-sender-refused", "no-login"};
    g_autoptr(GArray) answers =
        g_array_new(FALSE, FALSE, sizeof(struct answer));

    outgoing_wait(t->outgoing, answers);
    for (guint n = 0; n < answers->len; n++) {
        const struct answer *a = &g_array_index(answers, struct answer, n);

        printf("sent %s%s%s\n", names[a->sent], a->sent ? " " : "",
               a->err.text);
    }
    return answers->len;
}

/* "TO,TO:FILE" as one mail to all, or as one to each. */
static enum st
send_file(struct tool *t, const char *argument, gboolean each, struct err *e)
{
    const char *colon = strrchr(argument, ':');
    g_autofree char *to = g_strndup(argument, (gsize)(colon - argument));
    g_auto(GStrv) recipients = g_strsplit(to, ",", -1);
    guint count = each ? g_strv_length(recipients) : 1, put = 0, done = 0;
    g_autofree struct parcel *parcels = g_new0(struct parcel, count);
    g_autofree const char **one = g_new0(const char *, 2 * count);
    g_autofree char *unique = g_strdup_printf("test.%d", ++t->sent);
    g_autofree char *data = NULL;
    gsize len;

    if (!g_file_get_contents(colon + 1, &data, &len, NULL))
        return err_set(e, ST_REJECT, EXIT_USAGE_ERROR, "no file %s", colon + 1);
    outgoing_expect(t->outgoing, count);
    while (done < count) {
        for (; put < count && outgoing_room(t->outgoing) > 0; put++) {
            one[2 * put] = recipients[put];
            parcels[put] = (struct parcel){
                from ? from : "",
                each ? one + 2 * put : (const char *const *)recipients, data,
                len, unique};
            outgoing_put(t->outgoing, &parcels[put]);
        }
        done += print_answers(t);
    }
    return ST_OK;
}

static enum st
obey(struct tool *t, const char *command, struct err *e)
{
    if (strcmp(command, "open") == 0)
        return t->mailbox->driver->open(t->mailbox, e);
    if (strcmp(command, "expect") == 0) {
        mailbox_expect(t->mailbox, t->after);
        return ST_OK;
    }
    if (strcmp(command, "close") == 0) {
        t->mailbox->driver->close(t->mailbox);
        return ST_OK;
    }
    if (strcmp(command, "time") == 0) {
        print_time(t);
        return ST_OK;
    }
    if (strcmp(command, "list") == 0)
        return list(t, e);
    if (strcmp(command, "fetch") == 0)
        return t->mailbox->driver->fetch(t->mailbox, t->refs, size_limit,
                                         print_fetched, NULL, e);
    if (g_str_has_prefix(command, "after="))
        return sscanf(command + 6, "%u:%u", &t->validity, &t->after) == 2
                   ? ST_OK
                   : ST_REJECT;
    if (g_str_has_prefix(command, "move="))
        return move(t, command + 5, e);
    if (g_str_has_prefix(command, "refile="))
        return refile(t, command + 7, e);
    if (g_str_has_prefix(command, "wait="))
        return wait_for(t, command + 5, e);
    if (g_str_has_prefix(command, "send="))
        return send_file(t, command + 5, FALSE, e);
    if (g_str_has_prefix(command, "batch="))
        return send_file(t, command + 6, TRUE, e);
    if (strcmp(command, "check") == 0)
        return outgoing_check(t->outgoing, e);
    if (strcmp(command, "rest") == 0) {
        outgoing_rest(t->outgoing);
        return ST_OK;
    }
    if (g_str_has_prefix(command, "sleep=")) {
        g_usleep((gulong)(g_ascii_strtod(command + 6, NULL) * 1e6));
        return ST_OK;
    }
    return err_set(e, ST_REJECT, EXIT_USAGE_ERROR, "no command %s", command);
}

static enum exit_status
report(enum st st, const struct err *e)
{
    static const char *const names[] = {"ok", "retry", "reject", "fatal"};

    printf("error %s %d %s\n", names[st], e->status, e->text);
    return e->status ? e->status : EXIT_SOFTWARE;
}

static enum st
start(struct tool *t, const char *url, struct err *e)
{
    struct mailbox_config in = {
        url, password, tls_ca, plain, (unsigned)timeout_seconds, NULL};
    struct outgoing_config out = {.url = url,
                                  .password = password,
                                  .tls_ca = tls_ca,
                                  .tls_none = plain,
                                  .connections = (guint)connections,
                                  .timeout = (unsigned)timeout_seconds};

    t->refs = message_refs_new();
    return outgoing ? outgoing_new(&out, &t->outgoing, e)
                    : mailbox_new(&in, &t->mailbox, e);
}

static void
stop(struct tool *t)
{
    mailbox_free(t->mailbox);
    outgoing_free(t->outgoing);
    g_array_unref(t->refs);
    g_free(password);
    g_free(tls_ca);
    g_free(from);
    g_free(save_dir);
}

int
main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context =
        g_option_context_new("URL COMMAND... - drive a mailbox");
    struct tool t = {.began = g_get_monotonic_time()};
    int status = EXIT_DONE;
    struct err e = ERR_INIT;
    enum st st;

    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, NULL) || argc < 2)
        return EXIT_USAGE_ERROR;
    setvbuf(stdout, NULL, _IOLBF, 0);
    st = start(&t, argv[1], &e);
    if (st != ST_OK)
        status = (int)report(st, &e);
    for (int i = 2; i < argc && (status == EXIT_DONE || go_on); i++) {
        st = obey(&t, argv[i], &e);
        if (st != ST_OK)
            status = (int)report(st, &e);
        else
            printf("done %s\n", argv[i]);
    }
    stop(&t);
    return status;
}

/* sendspeed CONFIG COUNT FILE - COUNT receipts, each with the bytes of FILE,
 * are put into the outbox of an office and sent as a poll sends them: from
 * the register, with every answer recorded.  Prints "SECONDS s SENT". */
#include "intake/intake.h"
#include "register/outbox.h"

#include <stdio.h>
#include <stdlib.h>

static void
must(enum st st, const struct err *e)
{
    if (st == ST_OK)
        return;
    fprintf(stderr, "sendspeed: %s\n", e->text);
    exit(1);
}

static void
add_mail(struct reg *reg, int n, GBytes *bytes, gint64 now)
{
    g_autoptr(reg_mail) m = reg_mail_new();
    struct err e = ERR_INIT;

    must(reg_mail_next_id(reg, &m->id, &e), &e);
    m->kind = MAIL_REPLY;
    m->to = g_strdup_printf("u%d@tancheng.example", n % 300);
    m->envelope_from = g_strdup("");
    m->mail_id = g_strdup_printf("<bench.%d@tancheng.example>", n);
    m->subject = g_strdup("受理回执");
    m->data = g_bytes_ref(bytes);
    m->created = m->next = now;
    must(reg_mail_add(reg, m, &e), &e);
}

static void
fill_outbox(struct intake *i, int count, GBytes *bytes)
{
    gint64 now = clock_now(&i->office->clock);
    struct err e = ERR_INIT;

    must(reg_begin(i->reg, &e), &e);
    for (int n = 0; n < count; n++)
        add_mail(i->reg, n, bytes, now);
    must(reg_commit(i->reg, &e), &e);
}

int
main(int argc, char **argv)
{
    g_autoptr(office) o = NULL;
    g_autoptr(GBytes) bytes = NULL;
    struct intake i = {0};
    struct tally tally = {0};
    struct err e = ERR_INIT;
    char *data = NULL;
    gsize len = 0;
    gint64 start;

    if (argc != 4 || !g_file_get_contents(argv[3], &data, &len, NULL))
        return 64;
    bytes = g_bytes_new_take(data, len);
    must(office_load(argv[1], NULL, &o, &e), &e);
    i.office = o;
    must(reg_open(o->config->data, REG_SERVE, clock_now(&o->clock), &i.reg, &e),
         &e);
    must(intake_servers(&i, &e), &e);
    fill_outbox(&i, atoi(argv[2]), bytes);
    start = g_get_monotonic_time();
    must(intake_send(&i, &tally, &e), &e);
    printf("%.4f s %d\n",
           (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC,
           tally.sent);
    mailbox_free(i.mailbox);
    outgoing_free(i.outgoing);
    reg_close(i.reg);
    return 0;
}

/* fill CONFIG COUNT - a register with COUNT messages that were accepted and
 * answered long ago, spread over the years before, for measuring how the cost
 * of a message grows. */
#include "intake/intake.h"
#include "register/outbox.h"
#include "register/submission.h"

#include <stdio.h>
#include <stdlib.h>

enum { TOGETHER = 5000, YEARS = 10, DAY = 86400 };

static void
must(enum st st, const struct err *e)
{
    if (st == ST_OK)
        return;
    fprintf(stderr, "fill: %s\n", e->text);
    exit(1);
}

static gint64
add_message(struct reg *reg, const struct office *o, guint n, gint64 at)
{
    g_autoptr(reg_message) m = reg_message_new();
    g_autofree char *key = g_strdup_printf("old %u", n);
    struct reg_place place = {
        .mailbox = o->config->mailbox, .validity = 1, .uid = n + 1};
    struct err e = ERR_INIT;
    gint64 id = 0;

    m->received = at;
    m->receipt = RECEIPT_INTERNALDATE;
    m->size = 100000;
    m->sender = g_strdup_printf("u%u@tancheng.example", n % 300);
    m->verdict = VERDICT_ACCEPTED;
    m->identity = g_compute_checksum_for_string(G_CHECKSUM_SHA256, key, -1);
    m->raw_hash = g_strdup(m->identity);
    m->message_id = g_strdup_printf("<%.16s@tancheng.example>", m->identity);
    m->subject = g_strdup_printf("扎实推进重点工作取得实效之%u", n);
    must(reg_message_add(reg, m, &place, FOLDER_ACCEPTED, at, &id, NULL, &e),
         &e);
    must(reg_moved(reg, &place, &e), &e);
    return id;
}

static void
add_submission(struct reg *reg, const struct office *o, guint n, gint64 at,
               gint64 message)
{
    const GPtrArray *units = o->pack->roster->units;
    const struct unit *u = units->pdata[n % units->len];
    struct reg_act act = {at, REG_PROGRAM, 0, message};
    g_autoptr(reg_submission) s = reg_submission_new();
    g_autoptr(reg_draft) d = reg_draft_new();
    g_autofree char *number = NULL;
    struct err e = ERR_INIT;
    gint64 id = 0;

    s->message = message;
    s->received = at;
    s->day = clock_day(&o->clock, at);
    s->title = g_strdup_printf("扎实推进重点工作取得实效之%u", n);
    s->submitter = g_strdup("张敏");
    s->words = 600;
    g_ptr_array_add(s->credits, reg_credit_new(u->short_name, 0));
    d->kind = g_strdup("body");
    d->text = g_strdup_printf("第%u号稿件的正文。", n);
    d->bytes = g_bytes_new(d->text, strlen(d->text));
    must(reg_submission_add(reg, s, d, &act, &id, &number, &e), &e);
}

static void
add_reply(struct reg *reg, guint n, gint64 at, gint64 message)
{
    g_autoptr(reg_mail) m = reg_mail_new();
    struct err e = ERR_INIT;

    must(reg_mail_next_id(reg, &m->id, &e), &e);
    m->kind = MAIL_REPLY;
    m->message = message;
    m->to = g_strdup_printf("u%u@tancheng.example", n % 300);
    m->envelope_from = g_strdup("");
    m->mail_id = reg_mail_key(m->id);
    m->subject = g_strdup("受理回执");
    m->data = g_bytes_new_static("x", 1);
    m->created = m->next = at;
    must(reg_mail_add(reg, m, &e), &e);
    must(reg_mail_sent(reg, m->id, at, &e), &e);
}

int
main(int argc, char **argv)
{
    g_autoptr(office) o = NULL;
    struct reg *reg = NULL;
    struct err e = ERR_INIT;
    gint64 now;
    guint count;

    if (argc != 3)
        return 64;
    count = (guint)atoi(argv[2]);
    must(office_load(argv[1], "2019-03-01T00:00:00+08:00", &o, &e), &e);
    now = clock_now(&o->clock);
    must(reg_open(o->config->data, REG_SERVE, now, &reg, &e), &e);
    for (guint n = 0; n < count; n++) {
        gint64 at = now - (gint64)YEARS * 365 * DAY +
                    (gint64)n * YEARS * 365 * DAY / count;
        gint64 message;

        if (n % TOGETHER == 0)
            must(reg_begin(reg, &e), &e);
        message = add_message(reg, o, n, at);
        add_submission(reg, o, n, at, message);
        add_reply(reg, n, at, message);
        if (n % TOGETHER == TOGETHER - 1 || n + 1 == count)
            must(reg_commit(reg, &e), &e);
    }
    must(reg_mail_settle(reg, &e), &e);
    must(reg_begin(reg, &e), &e);
    must(reg_position_set(reg, o->config->mailbox, 1, 0, now, &e), &e);
    must(reg_commit(reg, &e), &e);
    reg_close(reg);
    return 0;
}

/* fuzz_desk.c - the desk's orders carried out on a register with a few
 * submissions and mails, and undone again.  Whatever stands in a line, it is
 * answered: only a register that fails may end them.
 *
 * Three fields, the last two may be missing: orders, the text of a ledger
 * that comes back with them, and what is written to the office. */
#include "base/text.h"
#include "desk/desk.h"
#include "draft/words.h"
#include "draft/xlsx.h"
#include "fuzz/fuzz.h"
#include "intake/incoming.h"
#include "intake/similar_index.h"
#include "message/mail.h"
#include "register/ledger.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 12, RECEIVED = 1553072400 };

static const char config_text[] =
    "office: 郯城县人民政府办公室信息科\nrules: tancheng-2019\n"
    "mailbox: maildir:in\noutgoing: maildir:out\n"
    "address: xxk@mail.tancheng.example\ndata: data\nstaff:\n"
    "  - {name: 王芳, address: wangfang@mail.tancheng.example}\n";

static const char beginning[] =
    "补录 财政局 财政资金直达基层 2019-03-05\n"
    "补录 税务局 减税降费政策落地 2019-03-06\n"
    "标注 2019-0001 普刊 2019-03-12\n"
    "联合 2019-0002 财政局 税务局\n"
    "信息员 财政局 张敏 zm@tancheng.example 0539-6201001\n"
    "约稿 春耕备播\n截止：2019-03-29\n单位：财政局、税务局\n\n"
    "紧急 2019-0002 发生=2019-03-05 9:30\n"
    "台账 2019-03\n";

/* What is held, what is quarantined, and what is accepted; the last answers
 * a commission. */
static const struct {
    const char *mail, *draft;
} mails[] = {{"From: <who@elsewhere.example>\nMessage-ID: <1@b>\n"
              "Subject: 政府工作有序-某某局-李强-13905391234\n\n",
              "某某局办了一件事。"},
             {"From: <zm@tancheng.example>\nMessage-ID: <2@b>\nSubject: a\n\n"
              "机密★1年\n",
              NULL},
             {"From: <zm@tancheng.example>\nMessage-ID: <3@b>\n"
              "Subject: 春管工作有序开展-财政局-张敏-0539-6201001\n\n",
              "县财政局筹措资金，支持春季田间管理。"},
             {"From: <zm@tancheng.example>\nMessage-ID: <4@b>\n"
              "Subject: [约稿2019-01]春耕备播进展-财政局-张敏-0539-6201001\n\n",
              "全县春耕备播进展顺利。"}};

/* Of the ledger that stands in the register then. */
static const char token[] = XLSX_TOKEN "4db3ed738b2e904baa6eeb9e5ea4fcbd";

static struct intake flow;
static struct desk *orders;

static void
fail(const struct err *e)
{
    fprintf(stderr, "%s\n", e->text);
    abort();
}

static void
begin(void)
{
    struct err e = ERR_INIT;

    if (reg_begin(flow.reg, &e) != ST_OK)
        fail(&e);
}

static void
obey(const char *text, const struct reading *r, struct desk_answer *out)
{
    struct err e = ERR_INIT;

    if (desk_obey(&flow, "王芳", text, r, 0, out, &e) != ST_OK)
        fail(&e);
}

static void
attach(struct reading *r, enum file_kind kind, const char *name,
       const char *text)
{
    struct reading_file *f = reading_file_new();

    f->kind = kind;
    f->name = g_strdup(name);
    f->text = g_strdup(text);
    f->bytes = g_bytes_new(text, strlen(text));
    f->size = (gint64)strlen(text);
    f->words = words_count(text);
    g_ptr_array_add(r->files, f);
}

static void
take_in(const char *mail, const char *draft)
{
    struct incoming *a = incoming_new();
    struct recorded done = {0};
    struct err e = ERR_INIT;

    a->ref.received = RECEIVED;
    a->ref.size = (gint64)strlen(mail);
    a->silent = a->settled = TRUE;
    a->outcome = READER_READ;
    a->reading = mail_read((const guint8 *)mail, strlen(mail), NULL);
    if (draft)
        attach(a->reading, FILE_DOCX, "稿件.docx", draft);
    if (record_incoming(&flow, a, &done, &e) != ST_OK)
        fail(&e);
    recorded_clear(&done);
    incoming_free(a);
}

static void
remove_data(void)
{
    g_autofree char *command =
        g_strdup_printf("rm -rf '%s/data'", fuzz_folder());

    reg_close(g_steal_pointer(&flow.reg));
    if (system(command) != 0)
        fprintf(stderr, "cannot run: %s\n", command);
}

static void
open_office(void)
{
    const char *path =
        fuzz_file("baosong.yaml", config_text, strlen(config_text));
    g_autofree char *here = g_get_current_dir();
    struct err e = ERR_INIT;

    g_setenv("BAOSONG_SHARE", here, TRUE);
    if (office_load(path, "2019-03-20T17:00:00+08:00", &flow.office, &e) !=
            ST_OK ||
        desk_new(flow.office, &orders, &e) != ST_OK ||
        reg_open(flow.office->config->data, REG_WRITE,
                 clock_now(&flow.office->clock), &flow.reg, &e) != ST_OK)
        fail(&e);
    flow.desk = desk_hooks(orders);
}

/* What the seeds speak of is there. */
static void
check_beginning(void)
{
    static const char *const handles[] = {"待-1", "待-2"};
    g_autoptr(GPtrArray) rows = NULL;
    struct err e = ERR_INIT;

    FUZZ_MUST(reg_ledger_rows(flow.reg, token, &rows, &e) == ST_OK && rows);
    for (size_t i = 0; i < G_N_ELEMENTS(handles); i++) {
        g_autoptr(reg_message) m = NULL;

        FUZZ_MUST(reg_message_find(flow.reg, handles[i], &m, &e) == ST_OK);
        FUZZ_MUST(m && m->open);
    }
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct desk_answer a = {0};
    struct err e = ERR_INIT;

    (void)argc;
    (void)argv;
    mail_init();
    open_office();
    atexit(remove_data);
    begin();
    obey(beginning, NULL, &a);
    FUZZ_MUST(a.done >= 8);
    for (size_t i = 0; i < G_N_ELEMENTS(mails); i++)
        take_in(mails[i].mail, mails[i].draft);
    check_beginning();
    if (reg_commit(flow.reg, &e) != ST_OK)
        fail(&e);
    desk_answer_clear(&a);
    return 0;
}

static char *
first_lines(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", LINES + 1);

    if (g_strv_length(lines) > LINES)
        g_clear_pointer(&lines[LINES], g_free);
    return g_strjoinv("\n", lines);
}

/* The mail that brings back a ledger; NULL when there is none. */
static struct reading *
returning(const char *lines, const char *ledger)
{
    struct reading *r;

    if (!*ledger)
        return NULL;
    r = reading_new();
    r->own_text = g_strdup(lines);
    attach(r, FILE_SHEET, "台账.xlsx", ledger);
    return r;
}

static void
check_answer(const struct desk_answer *a)
{
    int done = 0;

    for (guint i = 0; i < a->lines->len; i++) {
        const struct desk_line *l = g_ptr_array_index(a->lines, i);

        FUZZ_MUST(*l->answer);
        fuzz_text(l->answer);
        fuzz_line(l->order);
    }
    for (guint i = 0; i < a->lines->len; i++)
        done += ((struct desk_line *)a->lines->pdata[i])->done ? 1 : 0;
    FUZZ_MUST(done <= a->done);
}

/* A unit asks about itself, staff order by mail, proven or not: all are
 * answered, whatever they write. */
static void
write_in(const char *text)
{
    g_autoptr(reading) r = reading_new();
    struct reading_address *from = g_new0(struct reading_address, 1);
    struct decision d = {.informant_unit =
                             roster_unit(flow.office->pack->roster, 0),
                         .reply_to = (char *)"zm@tancheng.example"};
    struct err e = ERR_INIT;
    gboolean sent = FALSE;

    from->address = g_strdup("wangfang@mail.tancheng.example");
    g_ptr_array_add(r->from, from);
    r->own_text = g_strdup(text);
    r->subject = text_line(text);
    if (flow.desk->query(&flow, r, &d, 1, &e) != ST_OK ||
        flow.desk->unproven(&flow, r, 2, &sent, &e) != ST_OK ||
        flow.desk->command(&flow, r, 3, &e) != ST_OK)
        fail(&e);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    struct fuzz_input in = {(const char *)data, (const char *)data + len};
    g_autofree char *text = fuzz_take_text(&in);
    g_autofree char *ledger = fuzz_take_text(&in);
    g_autofree char *letter = fuzz_take_text(&in);
    g_autofree char *lines = first_lines(text);
    g_autoptr(reading) r = returning(lines, ledger);
    struct desk_answer a = {0};

    begin();
    obey(lines, r, &a);
    check_answer(&a);
    desk_answer_clear(&a);
    if (*letter)
        write_in(letter);
    reg_rollback(flow.reg);
    g_clear_pointer(&flow.similar, similar_free);
    return 0;
}

/* fuzz_desk.c - the desk's orders carried out on a register with a few
 * submissions and mails, and undone again.  Whatever stands in a line, it is
 * answered: only a register that fails may end them.
 *
 * Four fields, the last three may be missing: orders, the text of a ledger
 * that comes back with them, what is written to the office, and anything for
 * the second office, whose regulation uses every word of the language. */
#include "base/text.h"
#include "draft/words.h"
#include "draft/xlsx.h"
#include "fuzz/fuzz_office.h"
#include "intake/incoming.h"
#include "message/mail.h"
#include "register/command.h"
#include "register/ledger.h"

enum { LINES = 12, BULLETINS = 2, OFFICES = 2, A_DAY = 86400 };

/* What is held, what is quarantined, and what is accepted; one answers a
 * commission, two have the same draft, one registers an informant, one brings
 * orders that nothing proves, and one stops two informants. */
struct arrival {
    const char *mail, *draft;
};

static const char same_draft[] =
    "县财政局把春耕备播资金作为当前支农工作的重点，提前谋划，主动对接。一是"
    "摸清底数，会同农业农村局逐镇核定种植面积和资金需求。二是加快拨付，开辟"
    "绿色通道，三月上旬已拨付农业生产发展资金二百六十万元。三是强化监管，建立"
    "台账，按旬调度，确保资金直达农户。目前全县小麦返青水已浇灌四十二万亩。";

static const struct arrival arrivals_1[] = {
    {"From: <who@elsewhere.example>\nMessage-ID: <1@b>\n"
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
     "全县春耕备播进展顺利。"},
    {"From: <zm@tancheng.example>\nMessage-ID: <5@b>\n"
     "Subject: 支农资金直达农户-财政局-张敏-0539-6201001\n\n",
     same_draft},
    {"From: <wl@tancheng.example>\nMessage-ID: <6@b>\n"
     "Subject: 春耕资金拨付加快-税务局-王磊-0539-6201002\n\n",
     same_draft},
    {"From: <who@elsewhere.example>\nMessage-ID: <7@b>\n"
     "Subject: 信息员备案 税务局 李强\n\n",
     NULL},
    {"From: <" WANG ">\nMessage-ID: <8@b>\nSubject: 命令\n\n"
     "标注 2019-0003 普刊\n",
     NULL},
    {"From: <who@elsewhere.example>\nMessage-ID: <9@b>\n"
     "Subject: 政策宣讲有序开展-某某局-李强-13905391234\n\n",
     "某某局宣讲政策。"},
    {"From: <who@elsewhere.example>\nMessage-ID: <10@b>\n"
     "Subject: 信息员停用 zm@tancheng.example\n\n"
     "信息员停用 wl@tancheng.example\n",
     NULL}};

static const struct arrival arrivals_2[] = {
    {"From: <who@elsewhere.example>\nMessage-ID: <1@b>\n"
     "Subject: 政务信息：长篇-政府工作有序-某某局-李强-6106766\n\n",
     "某某局办了一件事。"},
    {"From: <zhangsan@example.gov.cn>\nMessage-ID: <2@b>\n"
     "Subject: 政务信息：短篇-春管工作有序开展-云山县-张三-6106766\n\n",
     same_draft},
    {"From: <zhangsan@example.gov.cn>\nMessage-ID: <3@b>\n"
     "Subject: 政务信息：短篇-夏粮收购准备就绪-云山县-张三-6106766\n\n",
     "云山县提前备好仓容。"}};

struct office_tried {
    const char *config, *beginning;
    const struct arrival *arrivals;
    size_t n_arrivals;
    const char *now;
    gint64 received;
    const char *after[4]; /* the ledger was sent: commands, ended by NULL */
    const char *writer;
    struct intake flow;
};

static struct office_tried offices[OFFICES] = {
    {.config = "office: 郯城县人民政府办公室信息科\nrules: tancheng-2019\n"
               "mailbox: maildir:in\noutgoing: maildir:out\n"
               "address: xxk@mail.tancheng.example\ndata: data-1\nstaff:\n"
               "  - {name: 王芳, address: " WANG "}\n",
     .beginning = "补录 财政局 财政资金直达基层 2019-03-05\n"
                  "补录 税务局 减税降费政策落地 2019-03-06\n"
                  "标注 2019-0001 普刊 2019-03-12\n"
                  "联合 2019-0002 财政局 税务局\n"
                  "信息员 财政局 张敏 zm@tancheng.example 0539-6201001\n"
                  "约稿 春耕备播\n截止：2019-03-29\n单位：财政局、税务局\n\n"
                  "紧急 2019-0002 发生=2019-03-05 9:30\n"
                  "台账 2019-03\n",
     .arrivals = arrivals_1,
     .n_arrivals = G_N_ELEMENTS(arrivals_1),
     .now = "2019-03-20T17:00:00+08:00",
     .received = 1553072400,
     .after = {"标注 2019-0002 普刊 2019-03-14 另有批示\n"
               "撤销 2019-0001 普刊\n"
               "标注 2019-0001 普刊 2019-03-12 ×2 好评\n",
               "受理 待-5 单位=税务局\n", "撤销命令 3\n"},
     .writer = "zm@tancheng.example"},
    {.config = OFFICE_OF_EVERYTHING("data-2"),
     .beginning = "补录 云山县 春耕备播有序推进 2024-05-06\n"
                  "补录 云水县 防汛物资储备到位 2024-05-06\n"
                  "补录 教育局 校园安全专项整治 2024-05-07\n"
                  "标注 2024-0001 简报 2024-05-07\n"
                  "联合 2024-0002 云水县 教育局\n"
                  "约稿 防汛备汛\n截止：2024-05-20\n层级：省\n"
                  "单位：云山县、云水县\n\n"
                  "紧急 2024-0003 发生=2024-05-06 9:30\n"
                  "记分 云山县 酌情加分 =5 2024-05-08 防汛\n"
                  "台账 2024-05\n",
     .arrivals = arrivals_2,
     .n_arrivals = G_N_ELEMENTS(arrivals_2),
     .now = "2024-05-15T09:00:00+08:00",
     .received = 1715734800,
     .writer = "zhangsan@example.gov.cn"}};

/* Of the ledger that stands in the first register then. */
static const char token[] = XLSX_TOKEN "4db3ed738b2e904baa6eeb9e5ea4fcbd";

static void
obey(struct office_tried *o, const char *text, const struct reading *r,
     struct desk_answer *out)
{
    struct err e = ERR_INIT;

    if (desk_obey(&o->flow, "王芳", text, r, 0, out, &e) != ST_OK)
        office_fail(&e);
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
take_in(struct office_tried *o, const struct arrival *l)
{
    struct incoming *a = incoming_new();
    struct recorded done = {0};
    struct err e = ERR_INIT;

    a->ref.received = o->received;
    a->ref.size = (gint64)strlen(l->mail);
    a->silent = a->settled = TRUE;
    a->outcome = READER_READ;
    a->reading = mail_read((const guint8 *)l->mail, strlen(l->mail), NULL);
    if (l->draft)
        attach(a->reading, FILE_DOCX, "稿件.docx", l->draft);
    if (record_incoming(&o->flow, a, &done, &e) != ST_OK)
        office_fail(&e);
    recorded_clear(&done);
    incoming_free(a);
}

static void
remove_data(void)
{
    for (int n = 0; n < OFFICES; n++)
        office_remove(&offices[n].flow);
}

static void
furnish(struct office_tried *o)
{
    office_open(&o->flow, o->config, o->now);
    office_begin(&o->flow);
    office_obey_all(&o->flow, o->beginning);
    for (size_t i = 0; i < o->n_arrivals; i++)
        take_in(o, &o->arrivals[i]);
    office_commit(&o->flow);
    for (int n = 0; o->after[n]; n++) {
        office_begin(&o->flow);
        office_obey_all(&o->flow, o->after[n]);
        office_commit(&o->flow);
    }
}

static gint64
open_message(struct office_tried *o, const char *handle)
{
    g_autoptr(reg_message) m = NULL;
    struct err e = ERR_INIT;

    FUZZ_MUST(reg_message_find(o->flow.reg, handle, &m, &e) == ST_OK);
    FUZZ_MUST(m && m->open);
    return m->id;
}

/* One proves the orders of Wang Fang's mail, one came too late. */
static void
know_codes(struct office_tried *o, gint64 orders, gint64 late)
{
    gint64 now = clock_now(&o->flow.office->clock);
    struct err e = ERR_INIT;

    office_begin(&o->flow);
    if (reg_code_add(o->flow.reg, WANG, orders, "123456", now, now + A_DAY,
                     &e) != ST_OK ||
        reg_code_add(o->flow.reg, WANG, late, "654321", now - 2 * A_DAY,
                     now - A_DAY, &e) != ST_OK)
        office_fail(&e);
    office_commit(&o->flow);
}

/* What the seeds speak of is there. */
static void
check_beginning(struct office_tried *o)
{
    g_autoptr(GPtrArray) rows = NULL;
    struct err e = ERR_INIT;

    FUZZ_MUST(reg_ledger_rows(o->flow.reg, token, &rows, &e) == ST_OK && rows);
    open_message(o, "待-1");
    open_message(o, "待-2");
    know_codes(o, open_message(o, "待-4"), open_message(o, "待-3"));
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    mail_init();
    atexit(remove_data);
    for (int n = 0; n < OFFICES; n++)
        furnish(&offices[n]);
    check_beginning(&offices[0]);
    return 0;
}

/* Most of the time would go into its workbook and its letter. */
static gboolean
makes_a_bulletin(const char *line)
{
    return g_str_has_prefix(line, "通报") || g_str_has_prefix(line, "发布") ||
           g_str_has_prefix(line, "更正");
}

/* The first so many, and of those that make a bulletin the first two. */
static char *
first_lines(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) s = g_string_new(NULL);
    int bulletins = 0;

    for (int n = 0; lines[n] && n < LINES; n++) {
        bulletins += makes_a_bulletin(lines[n]) ? 1 : 0;
        if (!makes_a_bulletin(lines[n]) || bulletins <= BULLETINS)
            g_string_append_printf(s, "%s%s", n ? "\n" : "", lines[n]);
    }
    return g_string_free(g_steal_pointer(&s), FALSE);
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
write_in(struct office_tried *o, const char *text)
{
    const struct roster *units = o->flow.office->pack->roster;
    g_autoptr(reading) r = reading_new();
    struct reading_address *from = g_new0(struct reading_address, 1);
    struct decision d = {.informant_unit = roster_unit(units, 0),
                         .reply_to = (char *)o->writer};
    struct err e = ERR_INIT;
    gboolean sent = FALSE;

    from->address = g_strdup(WANG);
    g_ptr_array_add(r->from, from);
    r->own_text = g_strdup(text);
    r->subject = text_line(text);
    if (o->flow.desk->query(&o->flow, r, &d, 1, &e) != ST_OK ||
        o->flow.desk->unproven(&o->flow, r, 2, &sent, &e) != ST_OK ||
        o->flow.desk->command(&o->flow, r, 3, &e) != ST_OK)
        office_fail(&e);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    struct fuzz_input in = {(const char *)data, (const char *)data + len};
    g_autofree char *text = fuzz_take_text(&in);
    g_autofree char *ledger = fuzz_take_text(&in);
    g_autofree char *written = fuzz_take_text(&in);
    g_autofree char *second = fuzz_take_text(&in);
    g_autofree char *lines = first_lines(text);
    g_autofree char *letter = first_lines(written);
    struct office_tried *o = &offices[*second ? 1 : 0];
    g_autoptr(reading) r = returning(lines, ledger);
    struct desk_answer a = {0};

    office_begin(&o->flow);
    obey(o, lines, r, &a);
    check_answer(&a);
    desk_answer_clear(&a);
    if (*letter)
        write_in(o, letter);
    office_forget(&o->flow);
    return 0;
}

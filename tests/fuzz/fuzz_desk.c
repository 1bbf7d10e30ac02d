/* fuzz_desk.c - the desk's orders carried out on a register with a few
 * submissions, and undone again.  Whatever stands in a line, it is answered:
 * only a register that fails may end them. */
#include "base/text.h"
#include "desk/desk.h"
#include "fuzz/fuzz.h"
#include "intake/intake.h"
#include "intake/similar_index.h"
#include "message/mail.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 12 };

static const char config_text[] =
    "office: 郯城县人民政府办公室信息科\nrules: tancheng-2019\n"
    "mailbox: maildir:in\noutgoing: maildir:out\n"
    "address: xxk@mail.tancheng.example\ndata: data\nstaff:\n"
    "  - {name: 王芳, address: wangfang@mail.tancheng.example}\n";

static const char beginning[] =
    "补录 财政局 财政资金直达基层 2019-03-05\n"
    "补录 税务局 减税降费政策落地 2019-03-06\n"
    "标注 2019-0001 普刊 2019-03-12\n"
    "联合 2019-0002 财政局:6 税务局:4\n"
    "信息员 财政局 张敏 zm@tancheng.example 0539-6201001\n"
    "约稿 春耕备播\n";

static struct intake flow;
static struct desk *orders;

static void
fail(const struct err *e)
{
    fprintf(stderr, "%s\n", e->text);
    abort();
}

static void
obey(const char *text, struct desk_answer *out)
{
    struct err e = ERR_INIT;

    if (reg_begin(flow.reg, &e) != ST_OK ||
        desk_obey(&flow, "王芳", text, NULL, 0, out, &e) != ST_OK)
        fail(&e);
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
    obey(beginning, &a);
    FUZZ_MUST(a.done >= 5);
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

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    g_autofree char *text = text_clean((const char *)data, len);
    g_autofree char *lines = first_lines(text);
    struct desk_answer a = {0};
    int done = 0;

    obey(lines, &a);
    for (guint i = 0; i < a.lines->len; i++) {
        const struct desk_line *l = g_ptr_array_index(a.lines, i);

        FUZZ_MUST(*l->answer);
        fuzz_text(l->answer);
        fuzz_line(l->order);
        done += l->done ? 1 : 0;
    }
    FUZZ_MUST(done == a.done);
    desk_answer_clear(&a);
    reg_rollback(flow.reg);
    g_clear_pointer(&flow.similar, similar_free);
    return 0;
}

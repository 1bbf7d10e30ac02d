/* fuzz_office.h - an office of a fuzz target: its register lies in the
 * target's folder, and what is written into it is rolled back. */
#ifndef TESTS_FUZZ_OFFICE_H
#define TESTS_FUZZ_OFFICE_H

#include "desk/desk.h"
#include "fuzz/fuzz.h"
#include "intake/informants.h"
#include "intake/similar_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WANG "wangfang@mail.tancheng.example"

/* An office whose regulation uses every word of the language.  Nobody's mail is
 * ever proven to it. */
#define OFFICE_OF_EVERYTHING(data)                                             \
    "office: 云岭市人民政府办公室\n"                                 \
    "rules: tests/data/rules/everything\n"                                     \
    "mailbox: maildir:in\noutgoing: maildir:out\n"                             \
    "address: xxk@mail.tancheng.example\ndata: " data "\nstaff:\n"             \
    "  - {name: 王芳, address: " WANG "}\n"

G_NORETURN static inline void
office_fail(const struct err *e)
{
    fprintf(stderr, "%s\n", e->text);
    abort();
}

static inline void
office_begin(struct intake *i)
{
    struct err e = ERR_INIT;

    if (reg_begin(i->reg, &e) != ST_OK)
        office_fail(&e);
}

static inline void
office_commit(struct intake *i)
{
    struct err e = ERR_INIT;

    if (reg_commit(i->reg, &e) != ST_OK)
        office_fail(&e);
}

/* Also what the program has in its memory of it. */
static inline void
office_forget(struct intake *i)
{
    struct err e = ERR_INIT;

    reg_rollback(i->reg);
    g_clear_pointer(&i->similar, similar_free);
    if (informants_refresh(i->office, i->reg, &e) != ST_OK)
        office_fail(&e);
}

/* Of a configuration whose `data` is a folder below fuzz_folder(). */
static inline void
office_open(struct intake *i, const char *text, const char *now)
{
    g_autofree char *here = g_get_current_dir();
    struct desk *made = NULL;
    struct err e = ERR_INIT;

    g_setenv("BAOSONG_SHARE", here, TRUE);
    if (office_load(fuzz_file("baosong.yaml", text, strlen(text)), now,
                    &i->office, &e) != ST_OK ||
        desk_new(i->office, &made, &e) != ST_OK ||
        reg_open(i->office->config->data, REG_WRITE,
                 clock_now(&i->office->clock), &i->reg, &e) != ST_OK)
        office_fail(&e);
    i->desk = desk_hooks(made);
}

/* What happened before: every line of it is carried out. */
static inline void
office_obey_all(struct intake *i, const char *text)
{
    struct desk_answer a = {0};
    struct err e = ERR_INIT;

    if (desk_obey(i, "王芳", text, NULL, 0, &a, &e) != ST_OK)
        office_fail(&e);
    for (guint n = 0; n < a.lines->len; n++) {
        const struct desk_line *l = g_ptr_array_index(a.lines, n);

        if (!l->done)
            fprintf(stderr, "%s: %s\n", l->order, l->answer);
        FUZZ_MUST(l->done);
    }
    desk_answer_clear(&a);
}

static inline void
office_remove(struct intake *i)
{
    g_autofree char *command =
        g_strdup_printf("rm -rf '%s'", i->office->config->data);

    reg_close(g_steal_pointer(&i->reg));
    if (system(command) != 0)
        fprintf(stderr, "cannot run: %s\n", command);
}

#endif

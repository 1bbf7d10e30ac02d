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

/* register_fixture.h - a register in a directory of its own, for tests. */
#ifndef TESTS_REGISTER_FIXTURE_H
#define TESTS_REGISTER_FIXTURE_H

#include "register/db.h"
#include "register/register.h"

#include <glib/gstdio.h>
#include <string.h>

#define NOW 1552000000 /* 2019-03-08 07:06:40 in Shanghai */
#define DAY_S 86400

struct fixture {
    char *dir;
    struct reg *reg;
    struct reg_act act;
};

static inline void
must(enum st st, const struct err *e)
{
    if (st != ST_OK)
        g_error("%s", e->text);
}

#define MUST(call)                                                             \
    do {                                                                       \
        struct err err_ = ERR_INIT;                                            \
        must((call), &err_);                                                   \
    } while (0)
#define E (&err_)

/* The call is refused with this result, and its sentence has this word. */
#define REFUSED(result, word, call)                                            \
    do {                                                                       \
        struct err err_ = ERR_INIT;                                            \
        g_assert_cmpint((call), ==, (result));                                 \
        if (!strstr(err_.text, (word)))                                        \
            g_error("\"%s\" does not say %s", err_.text, (word));              \
    } while (0)

static inline void
remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *child = g_build_filename(path, name, NULL);

        if (g_file_test(child, G_FILE_TEST_IS_DIR) &&
            !g_file_test(child, G_FILE_TEST_IS_SYMLINK))
            remove_tree(child);
        else
            g_remove(child);
    }
    g_rmdir(path);
}

static inline struct fixture *
fixture_new(enum reg_mode mode)
{
    struct fixture *f = g_new0(struct fixture, 1);

    f->dir = g_dir_make_tmp("baosong-test-XXXXXX", NULL);
    f->act = (struct reg_act){NOW, "王芳", 0, 0};
    MUST(reg_open(f->dir, mode, NOW, &f->reg, E));
    return f;
}

static inline void
fixture_free(struct fixture *f)
{
    reg_close(f->reg);
    remove_tree(f->dir);
    g_free(f->dir);
    g_free(f);
}
typedef struct fixture fixture;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(fixture, fixture_free)

static inline void
reopen(struct fixture *f, enum reg_mode mode)
{
    reg_close(g_steal_pointer(&f->reg));
    MUST(reg_open(f->dir, mode, NOW, &f->reg, E));
}

/* First column of the only row, behind the back of the register. */
static inline gint64
sql_number(struct reg *reg, const char *sql)
{
    g_autoptr(query) q = db_query(reg, sql);
    gint64 n = 0;

    MUST(db_number(q, &n, E));
    return n;
}

#endif

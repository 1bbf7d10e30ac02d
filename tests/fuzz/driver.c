/* driver.c - a fuzz target without libFuzzer.
 *
 *     fuzz_NAME [-N] [-sSEED] [-dI] FILE|FOLDER...
 *
 * Runs the target over every file, then over N mutations (1000) of them,
 * always the same ones for the same seed.  -dI writes the I-th to standard
 * output and runs nothing.  The last line is "N inputs". */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 64 << 10, CHANGES_MAX = 6 };

static GPtrArray *seeds; /* of GByteArray */

static void
add_file(const char *path)
{
    char *data = NULL;
    gsize len;

    if (g_file_get_contents(path, &data, &len, NULL))
        g_ptr_array_add(seeds, g_byte_array_new_take((guint8 *)data, len));
}

static int
by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Files in the order of their names: the mutations depend on it. */
static void
add_path(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    if (!dir) {
        add_file(path);
        return;
    }
    while ((name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(names, g_build_filename(path, name, NULL));
    g_ptr_array_sort(names, by_name);
    for (guint i = 0; i < names->len; i++)
        add_file(names->pdata[i]);
}

/* ---- mutations ---- */

static const GByteArray *
any_seed(GRand *r)
{
    return seeds->pdata[g_rand_int_range(r, 0, (gint32)seeds->len)];
}

static guint
any_place(GRand *r, const GByteArray *a)
{
    return a->len ? (guint)g_rand_int_range(r, 0, (gint32)a->len) : 0;
}

static void
change_byte(GRand *r, GByteArray *a)
{
    static const guint8 interesting[] = {0,    1,    '\n', '\r', ' ',  '"',
                                         '(',  '<',  '=',  '?',  '{',  '\\',
                                         0x7F, 0x80, 0xC2, 0xFE, 0xFF, 0x1F};

    if (!a->len)
        return;
    if (g_rand_boolean(r))
        a->data[any_place(r, a)] = (guint8)g_rand_int(r);
    else
        a->data[any_place(r, a)] =
            interesting[g_rand_int_range(r, 0, G_N_ELEMENTS(interesting))];
}

static void
remove_piece(GRand *r, GByteArray *a)
{
    guint at = any_place(r, a);

    if (a->len)
        g_byte_array_remove_range(
            a, at, (guint)g_rand_int_range(r, 0, (gint32)(a->len - at) + 1));
}

static void
insert(GByteArray *a, guint at, const guint8 *bytes, guint len)
{
    guint old = a->len;

    if (old + len > BYTES_MAX || len == 0)
        return;
    g_byte_array_set_size(a, old + len);
    memmove(a->data + at + len, a->data + at, old - at);
    memcpy(a->data + at, bytes, len);
}

/* A piece of a seed, of this one or another, once or many times. */
static void
insert_piece(GRand *r, GByteArray *a)
{
    const GByteArray *from = any_seed(r);
    guint start = any_place(r, from);
    guint len = (guint)g_rand_int_range(r, 0, (gint32)(from->len - start) + 1);
    guint at = any_place(r, a);
    int times = g_rand_int_range(r, 0, 8) ? 1 : 200;

    for (int i = 0; i < times; i++)
        insert(a, at, from->data + start, MIN(len, 200));
}

static void
mutate(GRand *r, GByteArray *a)
{
    switch (g_rand_int_range(r, 0, 4)) {
    case 0:
        remove_piece(r, a);
        break;
    case 1:
        insert_piece(r, a);
        break;
    default:
        change_byte(r, a);
    }
}

static GByteArray *
make_input(guint32 seed, unsigned i)
{
    GRand *r = g_rand_new_with_seed(seed + i);
    const GByteArray *from = any_seed(r);
    GByteArray *a = g_byte_array_new();

    g_byte_array_append(a, from->data, MIN(from->len, BYTES_MAX));
    for (int n = g_rand_int_range(r, 1, CHANGES_MAX); n > 0; n--)
        mutate(r, a);
    g_rand_free(r);
    return a;
}

/* ---- running ---- */

/* A copy of the exact size, so that ASan sees a read behind its end. */
static void
run_one(const guint8 *data, size_t len)
{
    guint8 *copy = g_malloc(len ? len : 1);

    if (len)
        memcpy(copy, data, len);
    LLVMFuzzerTestOneInput(copy, len);
    g_free(copy);
}

static void
run_mutations(guint32 seed, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        GByteArray *a = make_input(seed, i);

        run_one(a->data, a->len);
        g_byte_array_unref(a);
    }
}

static int
dump(guint32 seed, unsigned i)
{
    g_autoptr(GByteArray) a = make_input(seed, i);

    return fwrite(a->data, 1, a->len, stdout) == a->len ? 0 : 1;
}

int
main(int argc, char **argv)
{
    unsigned n = 1000;
    guint32 seed = 1;
    int show = -1;

    seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++) {
        if (g_str_has_prefix(argv[i], "-s"))
            seed = (guint32)atoi(argv[i] + 2);
        else if (g_str_has_prefix(argv[i], "-d"))
            show = atoi(argv[i] + 2);
        else if (argv[i][0] == '-')
            n = (unsigned)atoi(argv[i] + 1);
        else
            add_path(argv[i]);
    }
    if (seeds->len == 0)
        return 64;
    if (show >= 0)
        return dump(seed, (unsigned)show);
    for (guint i = 0; i < seeds->len; i++) {
        const GByteArray *a = seeds->pdata[i];

        run_one(a->data, a->len);
    }
    run_mutations(seed, n);
    printf("%u inputs\n", seeds->len + n);
    g_ptr_array_unref(seeds);
    return 0;
}

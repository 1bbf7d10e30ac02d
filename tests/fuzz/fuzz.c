/* fuzz.c - see fuzz.h. */
#include "fuzz/fuzz.h"

#include "base/text.h"
#include "make_zip.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FIELD_END = 0x1F };

/* What GLib complains of is a fault of ours. */
__attribute__((constructor)) static void
complaints_end(void)
{
    g_log_set_always_fatal((GLogLevelFlags)(G_LOG_FATAL_MASK |
                                            G_LOG_LEVEL_CRITICAL |
                                            G_LOG_LEVEL_WARNING));
}

void
fuzz_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

void
fuzz_text(const char *s)
{
    g_autofree char *clean = NULL;

    if (!s)
        return;
    FUZZ_MUST(g_utf8_validate(s, -1, NULL));
    clean = text_clean(s, strlen(s));
    FUZZ_MUST(strcmp(s, clean) == 0);
}

void
fuzz_line(const char *s)
{
    g_autofree char *line = NULL;

    if (!s)
        return;
    fuzz_text(s);
    line = text_line(s);
    FUZZ_MUST(strcmp(s, line) == 0);
}

void
fuzz_digits(const char *s)
{
    if (s)
        FUZZ_MUST(*s && s[strspn(s, "0123456789")] == '\0');
}

const char *
fuzz_bytes(struct fuzz_input *in, size_t *len_out)
{
    const char *start = in->at;
    size_t left = (size_t)(in->end - in->at);
    const char *end = left ? memchr(start, FIELD_END, left) : NULL;

    *len_out = end ? (size_t)(end - start) : left;
    in->at = end ? end + 1 : in->end;
    return start;
}

char *
fuzz_take_text(struct fuzz_input *in)
{
    size_t len;
    const char *bytes = fuzz_bytes(in, &len);

    return text_clean(bytes, len);
}

char *
fuzz_take_line(struct fuzz_input *in)
{
    g_autofree char *text = fuzz_take_text(in);

    return text_line(text);
}

/* ---- parts of a ZIP ---- */

static void
store(struct make_zip *z, const char *name, const char *data, size_t len)
{
    guint32 crc = (guint32)crc32(0, (const Bytef *)data, (uInt)len);
    guint32 at = z->bytes->len;

    put32(z->bytes, 0x04034b50);
    put16(z->bytes, 20);
    make_zip_fields(z->bytes, 0, 0, crc, (guint32)len, (guint32)len,
                    strlen(name));
    g_byte_array_append(z->bytes, (const guint8 *)name, (guint)strlen(name));
    g_byte_array_append(z->bytes, (const guint8 *)data, (guint)len);
    make_zip_record(z, name, 0, 0, crc, (guint32)len, (guint32)len, at);
}

/* Up to the next line that begins with "@@ ", or the end. */
static const char *
part_end(const char *at, const char *end)
{
    const char *mark = g_strstr_len(at, end - at, "\n@@ ");

    return mark ? mark + 1 : end;
}

GByteArray *
fuzz_zip(const guint8 *data, size_t len)
{
    const char *at = (const char *)data, *end = at + len;
    struct make_zip z;

    if (len < 3 || memcmp(at, "@@ ", 3) != 0)
        return NULL;
    make_zip_init(&z);
    while (at < end) {
        const char *next = part_end(at, end);
        const char *line = memchr(at, '\n', (size_t)(next - at));
        const char *body = line ? line + 1 : next;
        g_autofree char *name =
            g_strndup(at + 3, (gsize)((line ? line : next) - at - 3));

        store(&z, name, body, (size_t)(next - body));
        at = next;
    }
    return make_zip_end(&z);
}

/* ---- files ---- */

static char *folder;
static GHashTable *written;

static void
remove_folder(void)
{
    GHashTableIter iter;
    gpointer path;

    g_hash_table_iter_init(&iter, written);
    while (g_hash_table_iter_next(&iter, &path, NULL))
        g_unlink(path);
    g_rmdir(folder);
    g_hash_table_unref(written);
    g_free(folder);
}

/* In memory where that can be had: it is written a thousand times a second. */
const char *
fuzz_folder(void)
{
    if (folder)
        return folder;
    folder = g_strdup("/dev/shm/baosong-fuzz-XXXXXX");
    if (!g_mkdtemp(folder)) {
        g_free(folder);
        folder = g_dir_make_tmp("baosong-fuzz-XXXXXX", NULL);
    }
    FUZZ_MUST(folder);
    written = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    atexit(remove_folder);
    return folder;
}

const char *
fuzz_file(const char *name, const void *data, size_t len)
{
    char *path = g_build_filename(fuzz_folder(), name, NULL);
    FILE *f = fopen(path, "wbe");

    FUZZ_MUST(f && fwrite(data, 1, len, f) == len && fclose(f) == 0);
    g_hash_table_add(written, path);
    return path;
}

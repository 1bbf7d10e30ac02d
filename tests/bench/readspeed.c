/* readspeed mail|word ROUNDS FILE... - how fast messages are read into
 * readings, or Word files into text, in one process, from memory.  A line
 * "SECONDS s COUNT BYTES" for each round. */
#include "draft/draft.h"
#include "message/mail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct file {
    char *data;
    gsize len;
};

static size_t
read_as_mail(const struct file *f)
{
    g_autoptr(reading) r = mail_read((const guint8 *)f->data, f->len, NULL);

    return r->files->len;
}

static size_t
read_as_word(const struct file *f)
{
    struct draft d;
    size_t n;

    draft_read((const guint8 *)f->data, f->len, NULL, &draft_default_limits,
               &d);
    n = d.text ? strlen(d.text) : 0;
    draft_clear(&d);
    return n;
}

static void
one_round(const GArray *files, gboolean mail)
{
    gint64 start = g_get_monotonic_time();
    guint64 bytes = 0;
    size_t found = 0;

    for (guint n = 0; n < files->len; n++) {
        const struct file *f = &g_array_index(files, struct file, n);

        found += mail ? read_as_mail(f) : read_as_word(f);
        bytes += f->len;
    }
    printf("%.5f s %u %" G_GUINT64_FORMAT " %zu\n",
           (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC,
           files->len, bytes, found);
}

int
main(int argc, char **argv)
{
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(struct file));

    if (argc < 4)
        return 64;
    mail_init();
    for (int n = 3; n < argc; n++) {
        struct file f;

        if (!g_file_get_contents(argv[n], &f.data, &f.len, NULL))
            return 1;
        g_array_append_val(files, f);
    }
    for (int n = 0; n < atoi(argv[2]); n++)
        one_round(files, strcmp(argv[1], "mail") == 0);
    for (guint n = 0; n < files->len; n++)
        g_free(g_array_index(files, struct file, n).data);
    return 0;
}

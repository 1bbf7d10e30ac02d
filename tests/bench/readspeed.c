/* readspeed mime|mail|word ROUNDS FILE... - how fast files are read in one
 * process, from memory:
 *   mime  messages taken apart, and everything in them decoded, by the modules
 *         that the program does it with: what other MIME readers do
 *   mail  messages read into readings: that, and the Word text, the hashes,
 *         the search for markings, the HTML as text, the sender's own words
 *   word  Word files into text
 * A line "SECONDS s COUNT BYTES FOUND" for each round. */
#include "draft/draft.h"
#include "message/leaf.h"
#include "message/mail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct file {
    char *data;
    gsize len;
};

static size_t
decode_leaf(const struct mime *m, GMimeObject *part)
{
    g_autofree char *charset = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    struct leaf l;
    size_t n;

    leaf_init(&l, m, part);
    charset = params_get(l.type, "charset");
    if (g_str_has_prefix(leaf_type(&l), "text/"))
        charset_append(text, charset, leaf_chars(&l), l.bytes->len);
    n = l.bytes->len;
    leaf_clear(&l);
    return n;
}

/* All leaves below a part; how many bytes they have decoded. */
static size_t
decode_below(const struct mime *m, GMimeObject *part)
{
    size_t n = 0;

    if (GMIME_IS_MULTIPART(part))
        for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(part));
             i++)
            n += decode_below(
                m, g_mime_multipart_get_part(GMIME_MULTIPART(part), i));
    else if (GMIME_IS_PART(part))
        n += decode_leaf(m, part);
    return n;
}

static size_t
take_apart(const struct file *f)
{
    const struct mail_limits *limits = &mail_default_limits;
    g_autofree char *subject = NULL;
    const struct header_field *field;
    struct mime m = {0};
    struct header h;
    size_t n = 0;

    header_scan(&h, f->data, f->len, limits->header_fields,
                limits->header_bytes);
    field = header_find(&h, "Subject", NULL);
    if (field)
        subject = header_text(field, NULL);
    if (mime_split(&m, &h, f->data, f->len, limits->parts) && m.root)
        n = decode_below(&m, m.root);
    mime_clear(&m);
    header_clear(&h);
    return n;
}

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

static const struct {
    const char *name;
    size_t (*read)(const struct file *f);
} modes[] = {
    {"mime", take_apart}, {"mail", read_as_mail}, {"word", read_as_word}};

static void
one_round(const GArray *files, size_t (*read)(const struct file *f))
{
    gint64 start = g_get_monotonic_time();
    guint64 bytes = 0;
    size_t found = 0;

    for (guint n = 0; n < files->len; n++) {
        const struct file *f = &g_array_index(files, struct file, n);

        found += read(f);
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
    size_t mode = 0;

    while (argc > 3 && mode < G_N_ELEMENTS(modes) &&
           strcmp(argv[1], modes[mode].name) != 0)
        mode++;
    if (argc < 4 || mode == G_N_ELEMENTS(modes))
        return 64;
    mail_init();
    for (int n = 3; n < argc; n++) {
        struct file f;

        if (!g_file_get_contents(argv[n], &f.data, &f.len, NULL))
            return 1;
        g_array_append_val(files, f);
    }
    for (int n = 0; n < atoi(argv[2]); n++)
        one_round(files, modes[mode].read);
    for (guint n = 0; n < files->len; n++)
        g_free(g_array_index(files, struct file, n).data);
    return 0;
}

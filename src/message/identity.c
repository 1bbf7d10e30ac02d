/* identity.c - see identity.h. */
#include "message/identity.h"

#include "message/hash.h"

#include <stdio.h>
#include <string.h>

static const struct identity_span *
span_at(const GArray *spans, guint i)
{
    return &g_array_index(spans, struct identity_span, i);
}

/* Every run of white space one space, so that another server's folding
 * changes nothing. */
static void
add_field(struct hash *sum, const struct header *h, const char *name)
{
    const struct header_field *f = header_find(h, name, NULL);
    g_autofree char *line = f ? header_line(f) : g_strdup("");

    hash_add(sum, line, strlen(line));
    hash_add(sum, "\n", 1);
}

/* Their number first, so that no text can be taken for them. */
static void
add_hashes(struct hash *sum, const GArray *spans)
{
    char count[16];

    hash_add(sum, count,
             (size_t)snprintf(count, sizeof count, "%u\n", spans->len));
    for (guint i = 0; i < spans->len; i++)
        hash_add(sum, span_at(spans, i)->sha256,
                 strlen(span_at(spans, i)->sha256));
}

static void
add_text(struct hash *sum, const char *p, const char *end)
{
    while (p < end) {
        const char *cr = memchr(p, '\r', (size_t)(end - p));

        hash_add(sum, p, (size_t)((cr ? cr : end) - p));
        p = cr ? cr + 1 : end;
    }
}

static void
add_body(struct hash *sum, const char *p, size_t len, const GArray *spans)
{
    const char *end = p + len;

    while (end > p && (end[-1] == '\n' || end[-1] == '\r'))
        end--;
    for (guint i = 0; i < spans->len; i++) {
        const struct identity_span *s = span_at(spans, i);

        add_text(sum, p, MIN(s->at, end));
        p = MAX(p, s->at + s->len);
    }
    add_text(sum, p, end);
}

char *
identity_of(const struct header *h, const char *data, size_t len,
            const GArray *spans)
{
    struct hash *sum = hash_start();

    add_field(sum, h, "Message-ID");
    add_field(sum, h, "From");
    add_field(sum, h, "Date");
    add_field(sum, h, "Subject");
    add_hashes(sum, spans);
    add_body(sum, data + h->body, len - h->body, spans);
    return hash_end(sum);
}

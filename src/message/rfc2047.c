/* rfc2047.c - see rfc2047.h. */
#include "message/rfc2047.h"
#include "base/text.h"
#include "message/codec.h"

#include <string.h>

enum { LABEL_BYTES = 60 }; /* longer ones are no charset */

/* One encoded word as found; all borrowed from the field. */
struct word {
    const char *label;
    size_t label_len;
    char encoding; /* 'b' or 'q' */
    const char *text;
    size_t text_len;
    const char *end; /* behind the "?=" */
};

/* Bytes of one charset waiting for the next word's. */
struct decoder {
    GString *out;
    GByteArray *pending;
    char *label; /* of pending; NULL when nothing is pending */
    enum charset_result worst;
};

/* "?=", also with white space between; NULL when there is none. */
static const char *
find_close(const char *p, const char *end, const char **behind_out)
{
    for (; (p = memchr(p, '?', (size_t)(end - p))) != NULL; p++) {
        const char *q = text_skip_wsp(p + 1, end);

        if (q < end && *q == '=') {
            *behind_out = q + 1;
            return p;
        }
    }
    return NULL;
}

/* The charset between "=?" and "?": a token, white space around it. */
static const char *
scan_label(const char *p, const char *end, struct word *w)
{
    const char *stop;

    p = text_skip_wsp(p, end);
    w->label = p;
    if (end - p > LABEL_BYTES)
        end = p + LABEL_BYTES;
    while (p<end && * p> ' ' && *p != '?' && *p != '=')
        p++;
    w->label_len = (size_t)(p - w->label);
    stop = text_skip_wsp(p, end);
    return stop < end && *stop == '?' ? stop + 1 : NULL;
}

/* Does a word start at p, which points at "=?"?  `*open` becomes FALSE when
 * no word can be closed from here on, so that a field of openings without
 * an end is not searched again and again. */
static gboolean
scan_word(const char *p, const char *end, struct word *w, gboolean *open)
{
    const char *close;

    p = scan_label(p + 2, end, w);
    if (!p)
        return FALSE;
    p = text_skip_wsp(p, end);
    if (end - p < 4)
        return FALSE;
    w->encoding = g_ascii_tolower(*p);
    p = text_skip_wsp(p + 1, end);
    if ((w->encoding != 'b' && w->encoding != 'q') || p >= end || *p != '?')
        return FALSE;
    w->text = p + 1;
    close = find_close(w->text, end, &w->end);
    *open = close != NULL;
    if (!close)
        return FALSE;
    w->text_len = (size_t)(close - w->text);
    return w->encoding == 'q' || codec_is_base64(w->text, w->text_len);
}

static void
raise_worst(struct decoder *d, enum charset_result result)
{
    d->worst = MAX(d->worst, result);
}

static void
flush(struct decoder *d)
{
    if (!d->label)
        return;
    raise_worst(
        d, charset_append(d->out, d->label, d->pending->data, d->pending->len));
    g_byte_array_set_size(d->pending, 0);
    g_clear_pointer(&d->label, g_free);
}

static void
add_word(struct decoder *d, const struct word *w)
{
    g_autofree char *label = g_strndup(w->label, w->label_len);

    if (d->label && !charset_equal(d->label, label))
        flush(d);
    if (!d->label)
        d->label = g_steal_pointer(&label);
    if (w->encoding == 'q')
        codec_q(d->pending, w->text, w->text_len);
    else
        codec_base64(d->pending, w->text, w->text_len);
}

static void
add_plain(struct decoder *d, const char *text, size_t len)
{
    flush(d);
    raise_worst(d, charset_append(d->out, NULL, text, len));
}

/* Text up to the next word; white space between two words is none. */
static void
add_gap(struct decoder *d, const char *from, const char *to, gboolean last)
{
    if (from == to || (!last && d->label && text_skip_wsp(from, to) == to))
        return;
    add_plain(d, from, (size_t)(to - from));
}

static void
decode(struct decoder *d, const char *raw, size_t len)
{
    const char *end = raw + len, *from = raw, *p = raw;
    gboolean open = TRUE;

    while (open && p < end && (p = memchr(p, '=', (size_t)(end - p))) != NULL) {
        struct word w;

        if (end - p < 2 || p[1] != '?' || !scan_word(p, end, &w, &open)) {
            p++;
            continue;
        }
        add_gap(d, from, p, FALSE);
        add_word(d, &w);
        from = p = w.end;
    }
    add_gap(d, from, end, TRUE);
    flush(d);
}

char *
rfc2047_decode_whole(const char *raw, size_t len, enum charset_result *worst)
{
    g_autoptr(GString) out = g_string_sized_new(len + 1);
    g_autoptr(GByteArray) pending = g_byte_array_new();
    struct decoder d = {out, pending, NULL, CHARSET_EXACT};

    decode(&d, raw, len);
    if (worst)
        *worst = MAX(*worst, d.worst);
    return text_clean(out->str, out->len);
}

char *
rfc2047_decode(const char *raw, size_t len, enum charset_result *worst)
{
    g_autofree char *clean = rfc2047_decode_whole(raw, len, worst);

    return text_line(clean);
}

gboolean
rfc2047_hides_something(const char *raw, size_t len)
{
    g_autofree char *whole = rfc2047_decode_whole(raw, len, NULL);

    return text_hides_something(whole);
}

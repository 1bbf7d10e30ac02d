/* smime.c - see smime.h. */
#include "message/smime.h"

#include <string.h>

enum {
    TAG_OCTETS = 0x04,
    TAG_OID = 0x06,
    TAG_OCTETS_PARTS = 0x24, /* an octet string in pieces */
    TAG_SEQUENCE = 0x30,
    TAG_SET = 0x31,
    TAG_EXPLICIT_0 = 0xA0,
    DEPTH_MAX = 16,
};

/* 1.2.840.113549.1.7.x: data 1, signedData 2, envelopedData 3. */
static const guint8 pkcs7[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07};

struct slice {
    const guint8 *p, *end;
};

/* One element: tag and content.  An indefinite length runs to the end of
 * what it stands in; its end mark is then met as an element of tag 0. */
struct element {
    guint8 tag;
    gboolean indefinite;
    struct slice content;
};

/* The length octets behind a tag; FALSE when they lie. */
static gboolean
take_length(struct slice *s, struct element *e)
{
    size_t len = 0, octets;

    if (s->p >= s->end)
        return FALSE;
    octets = *s->p++;
    e->indefinite = octets == 0x80;
    if (octets < 0x80) {
        len = octets;
    } else if (e->indefinite) {
        len = (size_t)(s->end - s->p);
    } else {
        octets &= 0x7F;
        if (octets > 4 || octets > (size_t)(s->end - s->p))
            return FALSE;
        while (octets--)
            len = len << 8 | *s->p++;
    }
    if (len > (size_t)(s->end - s->p))
        return FALSE;
    e->content.p = s->p;
    e->content.end = s->p + len;
    return TRUE;
}

/* The next element, s behind its header.  FALSE at the end, at an end mark
 * and where the bytes are no BER. */
static gboolean
take(struct slice *s, struct element *e)
{
    if (s->p >= s->end)
        return FALSE;
    e->tag = *s->p++;
    return e->tag != 0 && (e->tag & 0x1F) != 0x1F && take_length(s, e);
}

/* Behind the element whose content is next: of an indefinite one by going
 * through what is inside. */
static gboolean
skip(struct slice *s, const struct element *e, int depth)
{
    struct element inner;

    if (!e->indefinite) {
        s->p = e->content.end;
        return TRUE;
    }
    while (s->end - s->p >= 2 && (s->p[0] || s->p[1]))
        if (depth >= DEPTH_MAX || !take(s, &inner) ||
            !skip(s, &inner, depth + 1))
            return FALSE;
    if (s->end - s->p < 2)
        return FALSE;
    s->p += 2;
    return TRUE;
}

/* Go into the next element when it has that tag. */
static gboolean
enter(struct slice *s, guint8 tag)
{
    struct element e;

    if (!take(s, &e) || e.tag != tag)
        return FALSE;
    *s = e.content;
    return TRUE;
}

/* The last arc of an identifier of PKCS #7; 0 when it is another. */
static int
take_pkcs7(struct slice *s)
{
    struct element e;
    size_t len;

    if (!take(s, &e) || e.tag != TAG_OID || e.indefinite)
        return 0;
    len = (size_t)(e.content.end - e.content.p);
    s->p = e.content.end;
    if (len != sizeof pkcs7 + 1 || memcmp(e.content.p, pkcs7, len - 1) != 0)
        return 0;
    return e.content.p[len - 1];
}

/* An octet string, whole or in pieces. */
static gboolean
collect(GByteArray *out, struct slice s, int depth)
{
    struct element e;
    gboolean any = FALSE;

    while (take(&s, &e)) {
        if (e.tag == TAG_OCTETS)
            g_byte_array_append(out, e.content.p,
                                (guint)(e.content.end - e.content.p));
        else if (e.tag != TAG_OCTETS_PARTS || depth >= DEPTH_MAX ||
                 !collect(out, e.content, depth + 1))
            return FALSE;
        any = TRUE;
        if (!skip(&s, &e, 0))
            return FALSE;
    }
    return any;
}

/* SignedData: version, digest algorithms, then the content. */
static gboolean
find_content(struct slice *s)
{
    struct element e;

    if (!enter(s, TAG_EXPLICIT_0) || !enter(s, TAG_SEQUENCE) || !take(s, &e) ||
        !skip(s, &e, 0) || !take(s, &e) || e.tag != TAG_SET || !skip(s, &e, 0))
        return FALSE;
    return enter(s, TAG_SEQUENCE) && take_pkcs7(s) == 1 &&
           enter(s, TAG_EXPLICIT_0);
}

enum smime
smime_open(const guint8 *data, size_t len, GByteArray **content_out)
{
    struct slice s = {data, data + len};
    g_autoptr(GByteArray) content = g_byte_array_new();
    int type;

    if (!enter(&s, TAG_SEQUENCE))
        return SMIME_NONE;
    type = take_pkcs7(&s);
    if (type == 3)
        return SMIME_ENVELOPED;
    if (type != 2 || !find_content(&s) || !collect(content, s, 0))
        return SMIME_NONE;
    *content_out = g_steal_pointer(&content);
    return SMIME_SIGNED;
}

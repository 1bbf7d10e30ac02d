/* tnef.c - see tnef.h.
 *
 * A stream is a signature, a key, and attributes: level, id, length, data,
 * checksum.  An attachment starts at attAttachRendData; its name stands in
 * attAttachTitle (short, in the sender's code page) and, better, among the
 * MAPI properties of attAttachment. */
#include "message/tnef.h"
#include "base/text.h"
#include "message/charset.h"

#include <string.h>

#define TNEF_SIGNATURE 0x223E9F78u

enum {
    ATT_OEM_CODEPAGE = 0x9007,
    ATT_ATTACH_RENDDATA = 0x9002,
    ATT_ATTACH_TITLE = 0x8010,
    ATT_ATTACH_DATA = 0x800F,
    ATT_ATTACHMENT = 0x9005,
};

enum {
    PR_ATTACH_FILENAME = 0x3704,
    PR_ATTACH_LONG_FILENAME = 0x3707,
};

enum {
    PT_SHORT = 2,
    PT_LONG = 3,
    PT_FLOAT = 4,
    PT_DOUBLE = 5,
    PT_CURRENCY = 6,
    PT_APPTIME = 7,
    PT_ERROR = 10,
    PT_BOOLEAN = 11,
    PT_OBJECT = 13,
    PT_I8 = 20,
    PT_STRING8 = 30,
    PT_UNICODE = 31,
    PT_SYSTIME = 64,
    PT_CLSID = 72,
    PT_BINARY = 258,
    PT_MULTI = 0x1000,
};

/* A slice that is read from the front; `bad` once it was too short. */
struct cursor {
    const guint8 *p, *end;
    gboolean bad;
};

struct stream {
    GArray *files;
    unsigned max;
    char *codepage; /* "cp936"; of names that are not Unicode */
};

static const guint8 *
take(struct cursor *c, size_t n)
{
    const guint8 *p = c->p;

    if (c->bad || (size_t)(c->end - c->p) < n) {
        c->bad = TRUE;
        return NULL;
    }
    c->p += n;
    return p;
}

static guint32
take_number(struct cursor *c, size_t bytes)
{
    const guint8 *p = take(c, bytes);
    guint32 n = 0;

    for (size_t i = bytes; p && i > 0; i--)
        n = n << 8 | p[i - 1];
    return n;
}

/* ---- names ---- */

static char *
decode_name(const guint8 *data, size_t len, const char *charset)
{
    g_autoptr(GString) s = g_string_new(NULL);
    g_autofree char *clean = NULL;
    char *line;

    charset_append(s, charset, data, len);
    clean = text_clean(s->str, strlen(s->str)); /* ended by NUL */
    line = text_line(clean);
    if (!*line)
        g_clear_pointer(&line, g_free);
    return line;
}

static struct tnef_file *
current(struct stream *s)
{
    return s->files->len
               ? &g_array_index(s->files, struct tnef_file, s->files->len - 1)
               : NULL;
}

static void
set_name(struct stream *s, char *name)
{
    struct tnef_file *f = current(s);

    if (!f || !name) {
        g_free(name);
        return;
    }
    g_free(f->name);
    f->name = name;
}

/* ---- MAPI properties of an attachment ---- */

/* Bytes of one value of a fixed size, padded to four; 0: not fixed. */
static size_t
fixed_size(guint32 type)
{
    switch (type) {
    case PT_SHORT:
    case PT_LONG:
    case PT_FLOAT:
    case PT_ERROR:
    case PT_BOOLEAN:
        return 4;
    case PT_DOUBLE:
    case PT_CURRENCY:
    case PT_APPTIME:
    case PT_I8:
    case PT_SYSTIME:
        return 8;
    case PT_CLSID:
        return 16;
    default:
        return 0;
    }
}

/* A property with an id from 0x8000 on has a name in front of its value. */
static void
skip_property_name(struct cursor *c)
{
    guint32 len;

    take(c, 16); /* the set it belongs to */
    if (take_number(c, 4) == 0) {
        take(c, 4);
        return;
    }
    len = take_number(c, 4);
    take(c, len);
    take(c, (4 - len % 4) % 4);
}

static void
read_value(struct cursor *c, struct stream *s, guint32 id, guint32 type)
{
    guint32 len = take_number(c, 4);
    const guint8 *data = take(c, len);

    take(c, (4 - len % 4) % 4);
    if (!data || (id != PR_ATTACH_LONG_FILENAME &&
                  (id != PR_ATTACH_FILENAME || current(s)->name)))
        return;
    if (type == PT_UNICODE)
        set_name(s, decode_name(data, len, "utf-16le"));
    else if (type == PT_STRING8)
        set_name(s, decode_name(data, len, s->codepage));
}

static void
read_property(struct cursor *c, struct stream *s)
{
    guint32 type = take_number(c, 2), id = take_number(c, 2), n = 1;
    size_t size = fixed_size(type & ~(guint32)PT_MULTI);

    if (id >= 0x8000)
        skip_property_name(c);
    if (type & PT_MULTI || size == 0)
        n = take_number(c, 4);
    for (guint32 i = 0; i < n && !c->bad; i++) {
        if (size)
            take(c, size);
        else
            read_value(c, s, id, type);
    }
}

static void
read_properties(struct stream *s, const guint8 *data, size_t len)
{
    struct cursor c = {data, data + len, FALSE};
    guint32 n = take_number(&c, 4);

    if (!current(s))
        return;
    for (guint32 i = 0; i < n && !c.bad; i++)
        read_property(&c, s);
}

/* ---- attributes ---- */

static void
start_file(struct stream *s)
{
    struct tnef_file f = {NULL, (const guint8 *)"", 0};

    if (s->files->len < s->max)
        g_array_append_val(s->files, f);
}

static void
read_attribute(struct stream *s, guint32 id, const guint8 *data, size_t len)
{
    struct cursor c = {data, data + len, FALSE};
    struct tnef_file *f = current(s);
    char name[16];

    switch (id & 0xFFFF) {
    case ATT_OEM_CODEPAGE:
        g_snprintf(name, sizeof name, "cp%u", take_number(&c, 4));
        g_free(s->codepage);
        s->codepage = g_strdup(name);
        break;
    case ATT_ATTACH_RENDDATA:
        start_file(s);
        break;
    case ATT_ATTACH_TITLE:
        if (f && !f->name)
            set_name(s, decode_name(data, len, s->codepage));
        break;
    case ATT_ATTACH_DATA:
        if (f) {
            f->data = data;
            f->len = len;
        }
        break;
    case ATT_ATTACHMENT:
        read_properties(s, data, len);
        break;
    }
}

static void
clear_file(gpointer p)
{
    g_free(((struct tnef_file *)p)->name);
}

GArray *
tnef_read(const guint8 *data, size_t len, unsigned max, gboolean *damaged_out)
{
    struct cursor c = {data, data + len, FALSE};
    struct stream s = {g_array_new(FALSE, FALSE, sizeof(struct tnef_file)), max,
                       NULL};

    g_array_set_clear_func(s.files, clear_file);
    take(&c, 6);
    while (c.p < c.end && !c.bad) {
        guint32 level = take_number(&c, 1), id = take_number(&c, 4);
        guint32 size = take_number(&c, 4);
        const guint8 *value = take(&c, size);

        take(&c, 2); /* a sum that nobody is forced to keep */
        if (level != 1 && level != 2)
            c.bad = TRUE; /* garbage behind the last attribute */
        else if (value)
            read_attribute(&s, id, value, size);
    }
    g_free(s.codepage);
    *damaged_out = c.bad;
    return s.files;
}

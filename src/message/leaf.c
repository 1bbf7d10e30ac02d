/* leaf.c - see leaf.h. */
#include "message/leaf.h"
#include "base/text.h"
#include "message/codec.h"

#include <string.h>

struct params *
leaf_field(GMimeObject *part, const char *name)
{
    const char *raw = mime_header(part, name);

    return params_parse(raw ? raw : "", raw ? strlen(raw) : 0);
}

static gboolean
is_uu(const char *encoding)
{
    return g_ascii_strcasecmp(encoding, "x-uuencode") == 0 ||
           g_ascii_strcasecmp(encoding, "uuencode") == 0 ||
           g_ascii_strcasecmp(encoding, "x-uue") == 0;
}

static void
decode(struct leaf *l, const char *encoding)
{
    g_autofree char *line = encoding ? text_line(encoding) : g_strdup("");
    const char *data = l->encoded;
    size_t len = l->encoded_len;

    l->bytes = g_byte_array_new();
    l->is_base64 = g_ascii_strncasecmp(line, "base64", 6) == 0;
    if (l->is_base64)
        l->cut = !codec_base64(l->bytes, data, len);
    else if (g_ascii_strncasecmp(line, "quoted-printable", 16) == 0)
        codec_quoted_printable(l->bytes, data, len);
    else if (is_uu(line))
        l->cut = !codec_uu(l->bytes, data, len);
    else
        g_byte_array_append(l->bytes, (const guint8 *)data, (guint)len);
}

void
leaf_init(struct leaf *l, const struct mime *m, GMimeObject *part)
{
    memset(l, 0, sizeof *l);
    l->type = leaf_field(part, "Content-Type");
    l->disposition = leaf_field(part, "Content-Disposition");
    params_file_name(l->disposition, l->type, &l->name, &l->other_name,
                     &l->name_hides);
    mime_content(m, GMIME_PART(part), &l->encoded, &l->encoded_len);
    decode(l, mime_header(part, "Content-Transfer-Encoding"));
}

void
leaf_clear(struct leaf *l)
{
    params_free(l->type);
    params_free(l->disposition);
    g_free(l->name);
    g_free(l->other_name);
    g_clear_pointer(&l->bytes, g_byte_array_unref);
}

const char *
leaf_type(const struct leaf *l)
{
    return strchr(l->type->value, '/') ? l->type->value : "text/plain";
}

const char *
leaf_chars(const struct leaf *l)
{
    return l->bytes->len ? (const char *)l->bytes->data : "";
}

/* wordxml.c - see wordxml.h. */
#include "draft/wordxml.h"

#include "draft/wordml.h"
#include "message/charset.h"

#include <string.h>

enum { DECLARATION_BYTES_MAX = 200, CHUNK = 64 * 1024 };

/* The encoding that the declaration names, NULL when there is none or it is
 * one that libxml2 reads without iconv (which the sandbox forbids it to
 * open).  *after_out is the length of the declaration. */
static char *
foreign_encoding(const guint8 *data, size_t len, size_t *after_out)
{
    g_autofree char *head =
        g_strndup((const char *)data, MIN(len, DECLARATION_BYTES_MAX));
    char *end = strstr(head, "?>"), *name = strstr(head, "encoding=");
    size_t n;

    if (!g_str_has_prefix(head, "<?xml") || !end || !name || name > end)
        return NULL;
    name += strlen("encoding=") + 1;
    n = strcspn(name, "\"'");
    if (g_ascii_strncasecmp(name, "utf", 3) == 0)
        return NULL;
    *after_out = (size_t)(end + 2 - head);
    return g_strndup(name, n);
}

static void
push_all(struct wordml *w, const guint8 *data, size_t len)
{
    for (size_t at = 0; at < len; at += CHUNK)
        if (!wordml_push(w, data + at, MIN(CHUNK, len - at)))
            return;
}

static void
push_document(struct wordml *w, const guint8 *data, size_t len)
{
    size_t after = 0;
    g_autofree char *encoding = foreign_encoding(data, len, &after);
    g_autoptr(GString) utf8 = NULL;

    if (!encoding) {
        push_all(w, data, len);
        return;
    }
    utf8 = g_string_sized_new(len + len / 2);
    charset_append(utf8, encoding, data + after, len - after);
    push_all(w, (const guint8 *)utf8->str, utf8->len);
}

enum file_state
wordxml_read(const guint8 *data, size_t len, const struct draft_limits *limits,
             GString *text, GString *margins)
{
    g_autoptr(wordml) w = NULL;
    enum file_state state;

    if (len > limits->entry_bytes)
        return FILE_OVER_LIMIT;
    w = wordml_new(text, margins, limits);
    push_document(w, data, len);
    state = wordml_finish(w);
    return state == FILE_OK && wordml_has_macro(w) ? FILE_MACRO : state;
}

/* sax.c - see sax.h. */
#include "draft/sax.h"

#include <string.h>

enum { TOKEN_BYTES_MAX = 1024 * 1024 };

struct sax {
    xmlParserCtxtPtr parser; /* owned */
    const struct sax_handler *handler;
    void *user;
    unsigned depth, depth_max;
    enum file_state state;
};

void
sax_stop(struct sax *x, enum file_state state)
{
    if (x->state == FILE_OK)
        x->state = state;
    xmlStopParser(x->parser);
}

static void
on_start(void *user, const xmlChar *local, const xmlChar *prefix,
         const xmlChar *uri, int n_namespaces, const xmlChar **namespaces,
         int n_attributes, int n_defaulted, const xmlChar **attributes)
{
    struct sax *x = user;
    struct sax_attributes a = {n_attributes, attributes};

    (void)prefix, (void)n_namespaces, (void)namespaces, (void)n_defaulted;
    if (x->state != FILE_OK)
        return;
    if (++x->depth > x->depth_max) {
        sax_stop(x, FILE_OVER_LIMIT);
        return;
    }
    x->handler->start(x->user, (const char *)local,
                      uri ? (const char *)uri : "", &a);
}

static void
on_end(void *user, const xmlChar *local, const xmlChar *prefix,
       const xmlChar *uri)
{
    struct sax *x = user;

    (void)prefix;
    if (x->state != FILE_OK)
        return;
    x->depth--;
    x->handler->end(x->user, (const char *)local, uri ? (const char *)uri : "");
}

static void
on_text(void *user, const xmlChar *bytes, int len)
{
    struct sax *x = user;

    if (x->state == FILE_OK)
        x->handler->text(x->user, (const char *)bytes, (size_t)len);
}

static void
on_doctype(void *user, const xmlChar *name, const xmlChar *id,
           const xmlChar *system)
{
    (void)name, (void)id, (void)system;
    sax_stop(user, FILE_UNREADABLE);
}

/* libxml2 wants one, else it prints. */
static void
on_error(void *user, xmlErrorPtr error)
{
    (void)user, (void)error;
}

struct sax *
sax_new(const struct sax_handler *handler, void *user,
        const struct draft_limits *limits)
{
    static xmlSAXHandler callbacks = {
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = on_doctype,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .serror = on_error,
    };
    struct sax *x = g_new0(struct sax, 1);

    x->handler = handler;
    x->user = user;
    x->depth_max = limits->xml_depth;
    x->parser = xmlCreatePushParserCtxt(&callbacks, x, NULL, 0, NULL);
    if (!x->parser)
        g_error("libxml2: out of memory");
    xmlCtxtUseOptions(x->parser, XML_PARSE_NONET);
    return x;
}

void
sax_free(struct sax *x)
{
    if (!x)
        return;
    xmlFreeParserCtxt(x->parser);
    g_free(x);
}

/* A push parser looks at an unfinished token again with every piece: its
 * length is limited, or 50 MB of one attribute would take minutes. */
static gboolean
token_is_long(const struct sax *x)
{
    const xmlParserInput *in = x->parser->input;

    return in && in->end - in->cur > TOKEN_BYTES_MAX;
}

gboolean
sax_push(struct sax *x, const guint8 *bytes, size_t len)
{
    if (x->state != FILE_OK)
        return FALSE;
    if (xmlParseChunk(x->parser, (const char *)bytes, (int)len, 0) != 0 &&
        !x->parser->wellFormed)
        sax_stop(x, FILE_UNREADABLE);
    else if (token_is_long(x))
        sax_stop(x, FILE_OVER_LIMIT);
    return x->state == FILE_OK;
}

enum file_state
sax_finish(struct sax *x)
{
    if (x->state != FILE_OK)
        return x->state;
    xmlParseChunk(x->parser, NULL, 0, 1);
    return x->state == FILE_OK && !x->parser->wellFormed ? FILE_UNREADABLE
                                                         : x->state;
}

char *
sax_attribute(const struct sax_attributes *a, const char *local)
{
    for (int i = 0; i < a->n; i++) {
        const xmlChar *const *at = a->list + 5 * i;

        if (strcmp((const char *)at[0], local) == 0)
            return g_strndup((const char *)at[3], (gsize)(at[4] - at[3]));
    }
    return NULL;
}

/* sax.h - XML from strangers, pushed through libxml2 piece by piece.
 *
 * No DOCTYPE (refused outright: no document we read needs one), hence no
 * entities; nothing is fetched; depth and the length of one token are
 * limited.  Namespaces are resolved by libxml2. */
#ifndef DRAFT_SAX_H
#define DRAFT_SAX_H

#include "draft/draft.h"

#include <libxml/parser.h>

/* The attributes of one element, borrowed for the call. */
struct sax_attributes {
    int n;
    const xmlChar **list; /* libxml2's groups of five */
};

/* The value of an attribute by its local name, whatever its namespace;
 * NULL when it is not there.  Caller frees. */
char *sax_attribute(const struct sax_attributes *a, const char *local);

struct sax_handler {
    void (*start)(void *user, const char *local, const char *uri,
                  const struct sax_attributes *a);
    void (*end)(void *user, const char *local, const char *uri);
    void (*text)(void *user, const char *bytes, size_t len);
};

struct sax;

struct sax *sax_new(const struct sax_handler *handler, void *user,
                    const struct draft_limits *limits);
void sax_free(struct sax *x);
typedef struct sax sax;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sax, sax_free)

/* Feed the next bytes; FALSE when there is no use in more. */
gboolean sax_push(struct sax *x, const guint8 *bytes, size_t len);

/* End of the document.  FILE_OK, FILE_UNREADABLE (not well-formed, DOCTYPE,
 * an encoding that is not Unicode) or FILE_OVER_LIMIT. */
enum file_state sax_finish(struct sax *x);

/* A handler calls this when it has had enough: sax_finish() then gives
 * `state`. */
void sax_stop(struct sax *x, enum file_state state);

#endif

/* yaml.h - a YAML file as a tree in which every node knows its place.
 *
 * Built on libyaml's events.  libcyaml is not used: it names the previous
 * key for an unknown one, takes an empty file for success and knows nothing
 * of keys given twice.  Only the plain part of YAML is taken: one document,
 * UTF-8, no anchors, aliases, tags or keys that are not text; every scalar is
 * a text, so that no value is ever read as a date, a number or a truth by
 * accident. */
#ifndef PACK_YAML_H
#define PACK_YAML_H

#include "pack/problem.h"

/* Limits on a file that is not what it should be. */
#define YAML_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define YAML_MAX_DEPTH 12
#define YAML_MAX_NODES 200000

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP };

struct node {
    enum node_kind kind;
    const char *file;         /* borrowed from the caller of yaml_read */
    int line, column;         /* from 1; columns count characters */
    int end_line, end_column; /* one behind the last character */
    char *text;               /* NODE_TEXT */
    gboolean quoted;          /* NODE_TEXT */
    GPtrArray *items; /* of struct node; NODE_MAP: key, value, key, value */
};

/* The top node, or NULL with the problem added.  `file` must outlive the
 * tree. */
struct node *yaml_read(const char *file, struct problems *ps);

/* The same of bytes in memory; `file` only names them. */
struct node *
yaml_parse(const char *file, const char *data, size_t len, struct problems *ps);

void node_free(struct node *n);
typedef struct node node;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(node, node_free)

/* The value, or the key itself, of a key in a map; NULL if it is not
 * there. */
const struct node *node_get(const struct node *map, const char *key);
const struct node *node_key(const struct node *map, const char *key);

#endif

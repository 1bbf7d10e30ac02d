/* mustache_tree.h - a compiled template, for mustache*.c alone. */
#ifndef REPLY_MUSTACHE_TREE_H
#define REPLY_MUSTACHE_TREE_H

#include "reply/mustache.h"

enum node_kind {
    NODE_LITERAL,
    NODE_VARIABLE,
    NODE_RAW,
    NODE_SECTION,
    NODE_INVERTED,
    NODE_PARTIAL
};

struct node {
    enum node_kind kind;
    char *text;          /* the literal, or the name in the tag */
    char *indent;        /* of a partial alone on its line, else NULL */
    GPtrArray *children; /* of struct node: sections only */
    int line, column;    /* of the tag, from 1; columns are characters */
};

struct mustache {
    char *file;
    enum mustache_escape escape;
    GPtrArray *nodes; /* of struct node */
};

#endif

/* formula.h - a formula of a pack, and what it gives.
 *
 * An SQL expression over named columns, as a tree that pack/formula.c makes
 * of its text.  Everything is exact: numbers are fractions, a comparison is
 * never off by a last digit, and only the result is rounded.  There is
 * nothing in it that could look at a table, the clock or chance, and no more
 * work than its own length, which the loader bounds. */
#ifndef RULES_FORMULA_H
#define RULES_FORMULA_H

#include "rules/exact.h"

enum formula_kind { /* of what a part gives; each may be blank as well */
                    FORMULA_BLANK, /* nothing else: NULL */
                    FORMULA_NUMBER,
                    FORMULA_TEXT
};

enum formula_op {
    FORMULA_IS_NULL_WORD, /* NULL */
    FORMULA_IS_NUMBER,
    FORMULA_IS_TEXT,
    FORMULA_IS_COLUMN,
    FORMULA_NEGATE,
    FORMULA_NOT,
    FORMULA_AND,
    FORMULA_OR,
    FORMULA_ADD,
    FORMULA_SUBTRACT,
    FORMULA_MULTIPLY,
    FORMULA_DIVIDE, /* two whole numbers to a whole one */
    FORMULA_REMAINDER,
    FORMULA_CONCATENATE,
    FORMULA_EQUAL,
    FORMULA_UNEQUAL,
    FORMULA_LESS,
    FORMULA_LESS_OR_EQUAL,
    FORMULA_GREATER,
    FORMULA_GREATER_OR_EQUAL,
    FORMULA_SAME,    /* a IS b: never blank */
    FORMULA_BETWEEN, /* value, low, high */
    FORMULA_IN,      /* value, then the list */
    FORMULA_LIKE,    /* text, pattern, maybe the escape sign */
    FORMULA_CASE,    /* condition, value, ..., at the end maybe the rest */
    FORMULA_CASE_OF, /* the same behind what is compared */
    FORMULA_ABS,
    FORMULA_ROUND,
    FORMULA_MIN,
    FORMULA_MAX,
    FORMULA_IIF,
    FORMULA_COALESCE, /* and ifnull */
    FORMULA_NULLIF
};

struct formula_node {
    enum formula_op op;
    enum formula_kind kind;
    struct exact number; /* FORMULA_IS_NUMBER */
    gboolean whole;      /* ... written without a point */
    char *text;          /* FORMULA_IS_TEXT; owned */
    int column;          /* FORMULA_IS_COLUMN */
    GPtrArray *parts;    /* of struct formula_node, owned; never NULL */
    int refs;
};

struct formula_node *
formula_node_new(enum formula_op op, enum formula_kind kind);
/* A pack that follows another shares its trees. */
struct formula_node *formula_node_ref(struct formula_node *n);
void formula_node_unref(struct formula_node *n);

/* What stands in a column. */
struct formula_cell {
    enum formula_kind kind;
    struct ratio number;
    const char *text; /* borrowed until the formula is done */
};

/* Asked only for the columns that the result depends on. */
typedef struct formula_cell (*formula_column)(gpointer self, int column);

enum formula_end {
    FORMULA_DONE,
    FORMULA_BEYOND,  /* a number on the way, or the result, does not fit */
    FORMULA_TOO_LONG /* too much work: a pattern of LIKE on a long text */
};

/* *blank_out, or *out rounded half away from zero to six places. */
enum formula_end
formula_evaluate(const struct formula_node *top, formula_column column,
                 gpointer self, gboolean *blank_out, decimal *out);

#endif

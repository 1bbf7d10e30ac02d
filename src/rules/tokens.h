/* tokens.h - a subject line cut at its separators, and what each piece may
 * be.  The first half of rules/subject.c's work; nothing is decided here. */
#ifndef RULES_TOKENS_H
#define RULES_TOKENS_H

#include "rules/labels.h"
#include "rules/match.h"
#include "rules/person.h"
#include "rules/subject.h"

/* Kinds of separators; what stands between two tokens is a set of them,
 * 0 when they are glued together. */
enum separator {
    SEP_SPACE = 1 << 0,
    SEP_DASH = 1 << 1,
    SEP_UNDERSCORE = 1 << 2,
    SEP_PIPE = 1 << 3,
    SEP_SLASH = 1 << 4,
    SEP_PLUS = 1 << 5,
    SEP_COMMA = 1 << 6,
    SEP_ENUM = 1 << 7, /* 、 */
    SEP_SEMICOLON = 1 << 8,
    SEP_COLON = 1 << 9,
    SEP_OTHER = 1 << 10, /* ~ * # & = > 。 */
    SEP_OPEN = 1 << 11,  /* any bracket */
    SEP_CLOSE = 1 << 12
};

enum token_kind {
    TOKEN_TEXT,
    TOKEN_PHONE, /* a number or extension */
    TOKEN_LABEL, /* 标题, 联系人: consumed */
    TOKEN_NOISE, /* 信息报送: nothing, unless inside the title */
    TOKEN_EXTRA  /* the value of a label such as 签发人: consumed */
};

struct token {
    enum token_kind kind;
    int start, end;   /* characters of the line */
    unsigned gap;     /* separators before it */
    enum label label; /* what a label before it calls it */

    GPtrArray *units;     /* of struct unit: the whole token names them, in
                             order; empty: it does not */
    gboolean shared_name; /* a name that several units of the roster bear */
    int unit_end;         /* of 县商务局何平: where the unit ends and the
                             person begins; else = start */
    gboolean begins_unit; /* its first characters name one */
    gboolean body;        /* shape of a body's name, unknown to the roster */
    gboolean section;     /* 信息科: a part of a unit */
    gboolean date;        /* nothing but a date */
    enum person person;   /* of the token, or of what stands behind
                             unit_end */
    gboolean dotted;      /* a name with middle dots */
    int phone;            /* index in line.phones, of TOKEN_PHONE */
};

struct subject_line {
    struct runes *r;
    GArray *phones; /* of struct phone */
    GArray *tokens; /* of struct token */
    unsigned tail;  /* separators behind the last token */
    gboolean tagged;
    int form; /* category mark, index in context.forms; -1: none */
};

/* Cut a line that has been stripped of reply marks.  Caller frees. */
struct subject_line *
tokens_cut(const struct subject_context *c, const char *text);
void tokens_free(struct subject_line *l);
typedef struct subject_line subject_line;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(subject_line, tokens_free)

struct token *tokens_at(const struct subject_line *l, int i);
int tokens_count(const struct subject_line *l);

/* Separators between token i and the one before it. */
unsigned tokens_gap(const struct subject_line *l, int i);

/* Is the token set apart by brackets on both sides: 【标题】? */
gboolean tokens_is_bracketed(const struct subject_line *l, int i);

/* The mark that closes what this one opens (《 “ 「), 0 for all others. */
gunichar tokens_closing_quote(gunichar open);

#endif

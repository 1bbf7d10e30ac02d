/* schema.h - what may stand in a file, as a table, and the one walker that
 * holds configuration, pack and roster to it.
 *
 * The walker reports every unknown, missing or wrongly typed key.  Only when
 * it found nothing may the readers below be used: they assume that what is
 * there has its type. */
#ifndef PACK_SCHEMA_H
#define PACK_SCHEMA_H

#include "base/day.h"
#include "base/decimal.h"
#include "pack/yaml.h"

enum field_type {
    FIELD_TEXT,    /* one value, not empty */
    FIELD_NAME,    /* a text of one line without invisible characters */
    FIELD_NUMBER,  /* a decimal, exact */
    FIELD_WHOLE,   /* 0, 1, 2 ... */
    FIELD_COUNT,   /* 1, 2, 3 ... */
    FIELD_DAY,     /* 2019-03-05 */
    FIELD_MOMENT,  /* 2019-03-05 or 2019-03-05 08:30 */
    FIELD_WORD,    /* one of `words` */
    FIELD_WORDS,   /* list of names, at least one */
    FIELD_LIST,    /* list of names, maybe empty */
    FIELD_NUMBERS, /* list of decimals, at least one */
    FIELD_CHOICES, /* list of some of `words`, at least one */
    FIELD_CODES,   /* list of some of `words`, maybe empty */
    FIELD_SOME,    /* one name or a list of names */
    FIELD_MAPS,    /* list of mappings, each as `table` says */
    FIELD_SIZE,    /* bytes: 25 MB */
    FIELD_TIME     /* seconds: 60 s, 5 min, 3 days */
};

struct field {
    const char *key;
    enum field_type type;
    gboolean required;
    const char *const *words;  /* NULL-terminated */
    const struct field *table; /* ended by a NULL key */
};

/* Add a problem at a node. */
void problem_at(struct problems *ps, const struct node *n, const char *format,
                ...) G_GNUC_PRINTF(3, 4);

/* "X is not one of a, b, c; did you mean b?" at a node. */
void problem_not_one_of(struct problems *ps, const struct node *n,
                        const char *const *words);

/* What an input method puts where a number, a date or one of our words is
 * expected (２, －3), and between the words of a list (，、): a problem that
 * says what to write, and TRUE.  For texts that were found wrong already; a
 * nearest name (or NULL) that has such a comma itself is what was meant. */
gboolean problem_of_width(struct problems *ps, const struct node *n);
gboolean
problem_of_list(struct problems *ps, const struct node *n, const char *near);

/* Hold a tree to a table. */
void schema_check(const struct node *top, const struct field *table,
                  struct problems *ps);

/* ---- reading what passed; `otherwise` when the key is not there ---- */
const char *read_text(const struct node *map, const char *key); /* borrowed */
char *read_copy(const struct node *map, const char *key);       /* or NULL */
decimal read_number(const struct node *map, const char *key, decimal otherwise);
int read_whole(const struct node *map, const char *key, int otherwise);
civil_day
read_day(const struct node *map, const char *key, civil_day otherwise);
gint64 read_size(const struct node *map, const char *key, gint64 otherwise);
gint64 read_seconds(const struct node *map, const char *key, gint64 otherwise);

/* Index of the value in `words`. */
int read_word(const struct node *map, const char *key, const char *const *words,
              int otherwise);

/* The names of a list (or the one name of FIELD_SOME); never NULL. */
GStrv read_names(const struct node *map, const char *key);

/* "2019-03-05 08:30": the day, and the minute of it; -1 without a time. */
gboolean parse_moment(const char *text, civil_day *day_out, int *minute_out);

/* "3 days", "60 s" -> seconds. */
gboolean parse_seconds(const char *text, gint64 *out);

/* Is it a number but for its many places? */
gboolean has_too_many_places(const char *text);

/* "a, b, c ...", as many as a message has room for.  Caller frees. */
char *names_listed(const GPtrArray *names);

/* nearest_word() among the strings of an array. */
const char *nearest_in(const char *word, GPtrArray *words);

/* Index in a NULL-terminated list, -1 if not there. */
int word_index(const char *word, const char *const *words);

#endif

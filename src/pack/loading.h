/* loading.h - what the files that build a pack share: the trees, the pack
 * that grows, the names that may be referred to. */
#ifndef PACK_LOADING_H
#define PACK_LOADING_H

#include "pack/formula.h"
#include "pack/pack_fields.h"
#include "rules/pack.h"

/* The names of one kind, looked up as people write them (text_fold), or
 * exactly. */
struct vocabulary {
    const char *kind; /* N_("a class"), for "... is expected" */
    gboolean exact;
    GHashTable *index; /* name, folded unless exact -> index + 1 */
    GPtrArray *words;  /* of char*: the names as written, for suggestions */
};

struct loading {
    struct pack *pack;
    struct problems *ps;
    const struct node *top;    /* pack.yaml */
    const struct node *roster; /* roster.yaml, or NULL */
    gboolean rehearsing;       /* the sample units stand for the roster */
    struct vocabulary forms, classes, units, items, groups, measures, rankings;
};

void vocabulary_init(struct vocabulary *v, const char *kind);
void vocabulary_clear(struct vocabulary *v);

/* FALSE when the name is there already. */
gboolean vocabulary_add(struct vocabulary *v, const char *name, int index);
int vocabulary_find(const struct vocabulary *v, const char *name); /* -1 */

/* Index of the name at n, or -1 and a problem with the nearest name. */
int loading_find(const struct loading *l, const struct vocabulary *v,
                 const struct node *n);

/* The same for the value of a key; -1 without a problem when it is not
 * there. */
int loading_find_key(const struct loading *l, const struct vocabulary *v,
                     const struct node *map, const char *key);

/* The names in the list under a key, into a set. */
void loading_find_all(const struct loading *l, const struct vocabulary *v,
                      const struct node *map, const char *key,
                      struct index_set *out);

/* Names of items and groups and the word `all` -> items. */
void loading_select(const struct loading *l, const struct node *map,
                    const char *key, struct index_set *out);

/* The day under a key (DAY_NONE: there is none) must be of our time: a year
 * mistyped (0219, 3019) would be walked through day by day, or never come. */
void loading_check_year(const struct loading *l, const struct node *map,
                        const char *key, civil_day d);

struct place loading_place(const struct node *n);

/* Entries of a top key of pack.yaml: never NULL, maybe empty.  Of struct
 * node, borrowed. */
const GPtrArray *loading_entries(const struct node *map, const char *key);

/* The steps, in this order. */
void load_head(struct loading *l);
void load_roster(struct loading *l);
void load_names(struct loading *l);
void load_groups(struct loading *l);
void load_items(struct loading *l);
void load_measures(struct loading *l);
void load_rankings(struct loading *l);
void load_checks(struct loading *l);
void load_examples(struct loading *l);

/* Formulas, circles and choices: only of a pack in which all names are
 * right. */
void load_cycles(struct loading *l);

/* Words of checks -> reasons. */
void
load_reasons(const struct node *map, const char *key, struct reason_list *out);

/* The text of a number, a range, `unstated` or a formula over these
 * columns. */
void load_points(const struct loading *l, const struct node *n,
                 const struct formula_columns *columns, struct points *out);

#endif

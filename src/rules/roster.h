/* roster.h - who submits: classes, units, their names in use, informants.
 *
 * Plain data, filled from pack.yaml and roster.yaml by pack/.  A unit is
 * named inside the program by its short name (简称, 财政局): the register
 * keeps it, JSON calls it "unit".  The printed name (县财政局) is
 * "unit_name".  Names are looked up whole; finding a unit inside a sentence
 * is rules/match.h's. */
#ifndef RULES_ROSTER_H
#define RULES_ROSTER_H

#include "base/day.h"

/* How a class stands in tables. */
enum standing {
    STANDING_RANKED,
    STANDING_LISTED,     /* shown, without a rank */
    STANDING_UNCREDITED, /* counted in totals, credited to nobody */
    STANDING_HIDDEN      /* not shown */
};

struct unit_class {
    int index;  /* in roster.classes */
    char *name; /* 类别, 序列 */
    enum standing standing;
};

/* From this day on the unit stands in this class. */
struct class_span {
    civil_day from;
    int class_index;
};

struct informant {
    char *name;
    char *address;      /* addr-spec, domain in lower case; NULL if unknown */
    char *phone;        /* as written, or NULL */
    civil_day from, to; /* DAY_FIRST, DAY_LAST: always; both included */
    gboolean by_desk;   /* registered by 信息员, not in the roster's file */
};

struct unit {
    int index;             /* in roster.units */
    char *short_name;      /* 财政局; the key everywhere */
    char *name;            /* 县财政局, as printed */
    GPtrArray *aliases;    /* of char*: other names in use */
    GPtrArray *was;        /* of char*: former names */
    GArray *classes;       /* of struct class_span, ascending, the first from
                              DAY_FIRST; never empty */
    civil_day from, to;    /* the unit exists; both included */
    int credit_to;         /* who gets what this unit earns, see
                              roster_credit(); itself if nobody */
    GPtrArray *informants; /* of struct informant */
    GPtrArray *domains;    /* of char*: lower-case mail domains of the unit */
};

struct roster {
    GPtrArray *classes; /* of struct unit_class, as the pack orders them */
    GPtrArray *units;   /* of struct unit, as the annex orders them */
    GHashTable *names;  /* folded name -> struct unit, borrowed */
};

struct roster *roster_new(void);
void roster_free(struct roster *r);
typedef struct roster roster;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(roster, roster_free)

struct unit_class *roster_class(const struct roster *r, int index);
struct unit *roster_unit(const struct roster *r, int index);

/* The class of that name, NULL if none. */
struct unit_class *roster_find_class(const struct roster *r, const char *name);

/* The unit that has exactly this short, printed, other or former name (white
 * space, full and half width, case of ASCII letters do not matter), NULL if
 * none.  A name belongs to one unit only: the loader refuses else. */
struct unit *roster_find(const struct roster *r, const char *name);

/* Index of the class in which a unit stands on a day. */
int unit_class_on(const struct unit *u, civil_day d);

/* Does the unit exist on the whole of [from, to]? */
gboolean unit_spans(const struct unit *u, civil_day from, civil_day to);

/* Does it exist on some day of [from, to]? */
gboolean unit_meets(const struct unit *u, civil_day from, civil_day to);

/* Who gets what a unit earns on a day: the unit itself, or the one that it is
 * credited to -- from the day after its end, if it has one: what it earned
 * before it was merged stays its own.  Index in roster.units. */
int roster_credit(const struct roster *r, const struct unit *u, civil_day d);

/* Has it points of its own, on some day at least? */
gboolean unit_keeps_points(const struct unit *u);

/* The informant registered under this address on that day, and the unit;
 * FALSE and the outputs untouched when there is none.  An address may be
 * registered for several units (one person sends for a bureau and its
 * centre): `n_out` says for how many, the outputs are the first. */
gboolean roster_informant(const struct roster *r, const char *address,
                          civil_day d, struct unit **unit_out,
                          struct informant **informant_out, int *n_out);

/* Is the domain of this address known: a unit's, or an informant's? */
gboolean
roster_knows_domain(const struct roster *r, const char *address, civil_day d);

/* ---- filling (pack/ only) ---- */
struct unit_class *
roster_add_class(struct roster *r, const char *name, enum standing standing);
struct unit *
roster_add(struct roster *r, const char *short_name, const char *name);

/* Let a name mean this unit.  FALSE when another unit, or this one, has it
 * already: *other_out is who. */
gboolean roster_name(struct roster *r, struct unit *u, const char *name,
                     struct unit **other_out);

void informant_free(struct informant *i);

#endif

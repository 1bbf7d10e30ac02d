/* describe.h - a rule pack in words, part by part: what `rules` prints and
 * what `rules --diff` compares.
 *
 * A field is called by its word in the language (docs/rules.md), which is
 * also a msgid; its text is for people, in the language of the command line.
 * Nothing is left out that decides a verdict, a point or a rank: two packs
 * without a change here differ in their examples, notes to the roster and
 * comments only. */
#ifndef RULES_DESCRIBE_H
#define RULES_DESCRIBE_H

#include "rules/pack.h"

enum part {
    PART_HEAD, /* one entry, the pack itself */
    PART_CLASS,
    PART_UNIT,
    PART_CHECK,
    PART_ITEM,
    PART_GROUP,
    PART_MEASURE,
    PART_RANKING,
    PARTS
};

/* "items": the section of the language; of PART_HEAD "pack". */
const char *part_name(enum part part);

struct described_field {
    const char *key;
    char *text; /* may have several lines */
};

struct described {
    enum part part;
    char *name;     /* of a check what it looks for, and where */
    GStrv was;      /* former names, never NULL */
    GArray *fields; /* of struct described_field; what is not given is not
                       there */
};

/* Every part in the order of the file.  Of struct described, freed with the
 * array. */
GPtrArray *describe_pack(const struct pack *p);

/* The text of a field, NULL when it is not given.  Borrowed. */
const char *described_text(const struct described *d, const char *key);

/* ---- two packs ---- */
enum change_kind { CHANGE_ADDED, CHANGE_REMOVED, CHANGE_RENAMED, CHANGE_FIELD };

struct change {
    enum change_kind kind;
    enum part part;
    char *name; /* as it is now; of what is gone, as it was */
    /* CHANGE_FIELD: which one, before and after; NULL is "not given"; of
     * several lines those that differ, on one line.  CHANGE_RENAMED: the
     * name before and after.  CHANGE_ADDED and CHANGE_REMOVED: NULL. */
    const char *key;
    char *before, *after;
};

/* What happened between two packs, in the order of the parts.  Of struct
 * change, freed with the array. */
GPtrArray *
describe_changes(const struct pack *before, const struct pack *after);

#endif

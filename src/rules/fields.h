/* fields.h - what was understood of a submission: the elements that the
 * regulation asks for, and how sure each of them is.
 *
 * "Never guess wrongly": a field is FOUND only when there is one reading. */
#ifndef RULES_FIELDS_H
#define RULES_FIELDS_H

#include "rules/roster.h"

enum found {
    FOUND_NOT,    /* nothing there */
    FOUND,        /* there, and read in one way only */
    FOUND_UNSURE, /* there, but it can be read in several ways */
    FOUND_UNKNOWN /* unit only: a name that the roster does not have */
};

struct fields {
    enum found title_found;
    char *title; /* as written; NULL unless FOUND */

    enum found unit_found;
    GPtrArray *units; /* of struct unit, borrowed from the roster, in the
                         order written; one, or several of a joint item;
                         empty unless FOUND */
    char *unit_text;  /* as written, also when not known; or NULL */
    GPtrArray *near;  /* of struct unit: who may be meant, for staff */

    enum found submitter_found;
    char *submitter; /* 李强, or 王主任; NULL unless FOUND */

    GPtrArray *phones;     /* of char*: ASCII digits */
    GPtrArray *extensions; /* of char*: likewise */

    int form;         /* category, index in pack.forms; -1: not stated */
    char *commission; /* "2019-05" of [约稿2019-05], or NULL */
    gboolean tagged; /* the tag that the pack asks for (政务信息) is there */

    /* from labelled lines, where the pack wants them */
    char *signer, *openness, *date;
};

struct fields *fields_new(void);
void fields_free(struct fields *f);
typedef struct fields fields;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(fields, fields_free)

/* The first unit, NULL unless there is one. */
struct unit *fields_unit(const struct fields *f);

/* Is there a way to call the submitter: a phone or an extension? */
gboolean fields_has_phone(const struct fields *f);

/* Take from `other` what is missing in `f`, never what is there.  A unit
 * that both name, differently, becomes unsure.  Title, unit, submitter and
 * phones only when `basic`; the labelled extras always. */
void fields_fill(struct fields *f, const struct fields *other, gboolean basic);

/* The persons that a 报送人 names: 张三/李四 are two.  Of char*, freed with the
 * array; empty for NULL. */
GPtrArray *fields_authors(const char *submitter);

/* A subject to copy: what is known stands in it, what is not is named in
 * 〔〕.  `hints` (the attachment's name read in the same way, or NULL) and
 * the sender's registration (or NULL) are used for this only.  Caller
 * frees. */
char *fields_suggest(const struct fields *f, const struct fields *hints,
                     const struct unit *unit, const struct informant *i);

#endif

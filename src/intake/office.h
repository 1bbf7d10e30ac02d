/* office.h - what one office is made of: configuration, rule pack, letters,
 * clock.  Loaded once by every command, before anything hostile is read. */
#ifndef INTAKE_OFFICE_H
#define INTAKE_OFFICE_H

#include "base/day.h"
#include "pack/config.h"
#include "reply/catalogue.h"
#include "rules/match.h"
#include "rules/pack.h"
#include "rules/period.h"

struct office {
    struct config *config;
    GPtrArray *packs;        /* of struct pack, ascending by the day from which
                                they are in force; never empty */
    GPtrArray *matchers;     /* of struct matcher, one a pack */
    struct pack *pack;       /* the one in force now, see office_turn() */
    struct matcher *matcher; /* of pack->roster */
    struct catalogue *letters;
    char *rules_digest;  /* of every file of the packs, and what else
                            decides on which day something falls */
    struct clock clock;  /* its zone is the configuration's */
    char *templates;     /* folder of the letters */
    char *own_templates; /* DATA/templates where the office keeps its own
                            words, or NULL when there is no such folder */
};
typedef struct office office;

/* `now` is the text of --now or NULL for the real clock.  Everything that is
 * wrong is one sentence with status 78 (64 for `now`). */
enum st office_load(const char *config_path, const char *now,
                    struct office **out, struct err *e);
void office_free(struct office *o);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(office, office_free)

/* The pack in force on a day (the first one, before there was any). */
struct pack *office_pack_on(const struct office *o, civil_day d);

/* Let office->pack and its matcher be those in force on a day: today's while
 * mail is judged and orders are obeyed, those of a period's last day while
 * it is reckoned. */
void office_turn(struct office *o, civil_day d);

/* A period by its name, as the pack in force at its end has it: an odd period
 * of a pack that is over keeps its days.  FALSE: no period is called so. */
gboolean
office_period(const struct office *o, const char *text, struct period *out);

/* Does it end more than ten years from now, or is it longer than that?  A slip
 * of the pen, and every month and week in it would be reckoned. */
gboolean office_period_is_slip(const struct office *o, const struct period *p);

/* The folder that holds the program's own mailrules/ and templates/:
 * $BAOSONG_SHARE, else the nearest folder above the program that has both,
 * else share/baosong beside its bin/, else the one of `make install`.
 * Caller frees. */
char *office_share(void);

/* The configuration's path: `given`, else $BAOSONG_CONFIG, else
 * baosong.yaml.  Borrowed. */
const char *office_config_path(const char *given);

/* The printed name of a unit given by its short name; the short name itself
 * when the roster does not know it (any more).  Borrowed.  `user` is the
 * struct office: fits reg_unit_name_fn. */
const char *office_unit_name(const char *short_name, void *user);

#endif

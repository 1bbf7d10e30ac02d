/* material.h - what a message brings: which file is the draft, and what is
 * wrong with the files.  Pure. */
#ifndef RULES_MATERIAL_H
#define RULES_MATERIAL_H

#include "message/reading.h"
#include "rules/verdict.h"

struct material {
    int draft; /* index in reading.files, -1: none that can be read */
    int count; /* different Word files, readable or not */
    struct reason_list faults; /* for the sender: not-word, macro ... */
    gboolean unreadable;       /* for staff: damaged, or over a limit */
    gboolean forwarded;        /* the draft came in a forwarded message */
    gboolean cut;              /* the mail may be incomplete, the draft is
                                  not */
};

/* `need_word`: the draft must be a Word file.  Else only what keeps the
 * message from being read is a fault. */
void material_weigh(const struct reading *r, gboolean need_word,
                    struct material *out);

#endif

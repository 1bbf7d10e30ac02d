/* fields.h - which text of a Word document is the code of a field (PAGE,
 * HYPERLINK, DDE ...) and not its result.  Fields nest, also inside codes. */
#ifndef DRAFT_FIELDS_H
#define DRAFT_FIELDS_H

#include <glib.h>

/* Beyond that depth a field's code is taken for text. */
enum { FIELDS_MAX = 64 };

/* Zero-initialised: no field is open. */
struct fields {
    guint8 in_code[FIELDS_MAX]; /* of each open field: still its code? */
    unsigned open;
    unsigned codes; /* how many of them are */
};

static inline void
fields_begin(struct fields *f)
{
    if (f->open < FIELDS_MAX) {
        f->in_code[f->open] = TRUE;
        f->codes++;
    }
    f->open++;
}

static inline void
fields_separate(struct fields *f)
{
    if (f->open > 0 && f->open <= FIELDS_MAX && f->in_code[f->open - 1]) {
        f->in_code[f->open - 1] = FALSE;
        f->codes--;
    }
}

static inline void
fields_end(struct fields *f)
{
    fields_separate(f);
    f->open -= f->open > 0;
}

#endif

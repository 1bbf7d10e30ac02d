/* problem.h - everything wrong with a file, each with its exact place. */
#ifndef PACK_PROBLEM_H
#define PACK_PROBLEM_H

#include "base/err.h"

/* A file that is not YAML at all can be wrong everywhere: more are counted,
 * not kept. */
#define PROBLEMS_MAX 100

struct problem {
    const char *file; /* borrowed */
    int line, column; /* 0: about the file as a whole, named in text */
    char *text;
};

struct problems {
    GPtrArray *list; /* of struct problem */
    guint count;     /* all of them, also those not kept */
};

void problems_init(struct problems *ps);
void problems_clear(struct problems *ps);

void problem_add(struct problems *ps, const char *file, int line, int column,
                 const char *format, ...) G_GNUC_PRINTF(5, 6);

/* Put the problems of one list behind those of another, and clear it. */
void problems_move(struct problems *to, struct problems *from);

/* In the order of the file: each as FILE:LINE:COLUMN: text into `lines` (of
 * char*, may be NULL); the first, and how many more, into *e.
 * ST_OK when there are none, else ST_REJECT. */
enum st problems_end(struct problems *ps, GPtrArray *lines, struct err *e);

#endif

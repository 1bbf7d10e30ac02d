/* bulletin_words.h - the printed words of the bulletin with facts in them. */
#ifndef REPORT_BULLETIN_WORDS_H
#define REPORT_BULLETIN_WORDS_H

#include "reply/phrases.h"
#include "reply/value.h"
#include "report/bulletin.h"

/* A phrase with names in it, filled from the bulletin and `more` (may be
 * NULL).  Caller frees. */
char *phrase(const struct bulletin *b, const struct phrases *words,
             const char *name, const struct value *more);

/* The names that are filled from the bulletin, into a map: period, scope,
 * from, to, cut_off, office, received, adopted, points, rules, document,
 * choices_by. */
void set_bulletin_names(struct value *v, const struct bulletin *b,
                        const struct phrases *words);

/* A document's number with the brackets that are printed.  Caller frees. */
char *document_number(const struct phrases *words, const char *text);

/* Names of classes are often typed with half-width brackets; between Chinese
 * characters wide ones stand.  Caller frees. */
char *wide_brackets(const struct phrases *words, const char *text);

/* 一, 二 ... 九十九.  Caller frees. */
char *chinese_number(const struct phrases *words, guint n);

#endif

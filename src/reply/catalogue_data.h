/* catalogue_data.h - the loaded catalogue, for catalogue.c and letter.c. */
#ifndef REPLY_CATALOGUE_DATA_H
#define REPLY_CATALOGUE_DATA_H

#include "reply/catalogue.h"
#include "reply/mustache.h"

enum reason_word {
    REASON_SHORT,
    REASON_WHAT,
    REASON_DO,
    REASON_DESK,
    REASON_WORDS
};

struct catalogue {
    struct mustache *text[LETTER_COUNT];
    struct mustache *html[LETTER_COUNT]; /* NULL: the letter has none */
    GHashTable *text_parts;              /* name -> struct mustache */
    GHashTable *html_parts;
    struct value *samples[LETTER_COUNT]; /* [common] among them */
    struct value *reason_sample;
    struct mustache *reasons[REASON_COUNT][REASON_WORDS];
    struct value *office; /* map of office, phone, address */
};

#endif

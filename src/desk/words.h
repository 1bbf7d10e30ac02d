/* words.h - what the desk answers. */
#ifndef DESK_WORDS_H
#define DESK_WORDS_H

#include "reply/phrases.h"
#include "reply/value.h"

enum st desk_words_load(const char *dir, const char *own_dir,
                        struct phrases **out, struct err *e);

/* The word "desk.<key>" filled with facts.  Caller frees. */
char *desk_say(const struct phrases *words, const char *key,
               const struct value *facts);

#endif

/* chain.h - the hashes that make a change of the history show. */
#ifndef REGISTER_CHAIN_H
#define REGISTER_CHAIN_H

#include <glib.h>

struct chain_link { /* one row, strings borrowed */
    gint64 id, at;
    const char *who;
    gint64 command, message;
    const char *what, *subject;
    gint64 object;
    const char *words; /* chain_words() of what it quotes */
};

/* Of what a row quotes.  The salt keeps a purged title from being confirmed
 * by hashing a guess.  Caller frees. */
char *chain_words(const char *salt, const char *old, const char *new,
                  const char *note);

/* Of a row and all before it.  Caller frees. */
char *chain_link(const char *previous, const struct chain_link *l);

/* 16 random bytes in hexadecimal.  Caller frees. */
char *chain_salt(void);

#endif

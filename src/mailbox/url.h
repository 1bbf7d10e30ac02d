/* url.h - where a server is and who logs in, read from one word of the
 * configuration. */
#ifndef MAILBOX_URL_H
#define MAILBOX_URL_H

#include "base/err.h"

enum scheme { SCHEME_IMAP, SCHEME_IMAPS, SCHEME_SMTP, SCHEME_SMTPS };

struct server_url {
    enum scheme scheme;
    char *user; /* or NULL */
    char *host; /* a name or an address, an IPv6 one without brackets */
    guint16 port;
    char *mailbox; /* UTF-8, INBOX when not given; IMAP only, else NULL */
};

/* "imaps://user@host[:port]/INBOX", "smtp://user@host[:port]".  The user
 * ends at the last @ before the path, since user names of many providers
 * are addresses; %xx is decoded in user and mailbox.  A password in it is
 * refused: configurations are read by many.  ST_REJECT, status 78: *e says
 * what is wrong; *out untouched. */
enum st
server_url_parse(const char *text, struct server_url *out, struct err *e);
void server_url_clear(struct server_url *url);

/* Is it this very machine, so that plain text harms nobody? */
gboolean server_url_is_loopback(const struct server_url *url);

/* The path of "maildir:PATH", borrowed from text; NULL for other words. */
const char *maildir_url_path(const char *text);

#endif

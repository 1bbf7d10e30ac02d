/* html.h - an HTML mail as the text that a reader sees.
 *
 * Parsed by libxml2's HTML parser as a stream of events: no tree, no
 * network, no DTD, limited in depth and size. */
#ifndef MESSAGE_HTML_H
#define MESSAGE_HTML_H

#include <glib.h>

struct html_text {
    char *text; /* what is shown; scripts, styles, titles and hidden parts
                   left out */
    char *own;  /* of that, what is neither quoted nor white on white */
    gboolean over_limit; /* nested too deeply or too long: cut there */
};

/* `html` is valid UTF-8 whatever its meta tags say.  Clear with
 * html_text_clear(). */
void html_read(const char *html, size_t max_bytes, struct html_text *out);
void html_text_clear(struct html_text *t);

/* The charset that a meta tag near the start names, or NULL.  Caller
 * frees. */
char *html_meta_charset(const char *bytes, size_t len);

#endif

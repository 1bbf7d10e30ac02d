/* body.h - the text of a mail, gathered from its text parts. */
#ifndef MESSAGE_BODY_H
#define MESSAGE_BODY_H

#include "message/leaf.h"
#include "message/parts.h"

/* The text of one branch of the tree. */
struct body {
    GString *text; /* all that is shown */
    GString *own;  /* of that, what the writer wrote himself */
    gboolean html; /* some of it was HTML */
};

void body_init(struct body *b);
void body_clear(struct body *b);
gboolean body_is_blank(const struct body *b);

/* Append text, at most as much as the limits allow. */
void body_append(struct gather *g, struct body *to, const char *text,
                 const char *own, gboolean html);

/* Append a leaf's text, and set the flags that follow from it. */
void body_take_plain(struct gather *g, const struct leaf *l, struct body *body);
void body_take_html(struct gather *g, const struct leaf *l, struct body *body);

#endif

/* body.h - the text of a mail, gathered from its text parts. */
#ifndef MESSAGE_BODY_H
#define MESSAGE_BODY_H

#include "message/leaf.h"
#include "message/parts.h"

/* The text of one branch of the tree. */
struct body {
    GString *text; /* all that is shown */
    GString *own;  /* of that, what the writer wrote himself */
    GString *rest; /* of other text parts (richtext, calendar): the text
                      where there is no other */
    gboolean html; /* some of text was HTML */
};

void body_init(struct body *b);
void body_clear(struct body *b);
gboolean body_is_blank(const struct body *b);

/* Append a leaf's text as its type says, set the flags that follow, and look
 * for markings: also in text that in the end is not shown. */
void body_take(struct gather *g, const struct leaf *l, struct body *body);

/* Look for markings in a text part that is a file. */
void body_look_at_file(struct gather *g, const struct leaf *l);

/* Append one body to another. */
void body_join(struct gather *g, struct body *to, const struct body *from);

/* Let the rest be the text when there is no other. */
void body_finish(struct gather *g, struct body *b);

#endif

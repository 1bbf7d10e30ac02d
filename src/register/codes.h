/* codes.h - closed sets and numbers as the register writes them. */
#ifndef REGISTER_CODES_H
#define REGISTER_CODES_H

#include "mailbox/mailbox.h"
#include "rules/verdict.h"

/* "too-long similar"; "" for none.  Caller frees. */
char *codes_format(const struct reason_list *list);
/* Words that this program does not know (of a newer one) are left out. */
void codes_parse(const char *text, struct reason_list *out);

/* "inbox", "accepted" ... */
const char *codes_folder(enum folder f);
enum folder codes_folder_parse(const char *name);

/* Index of `name` in names[0..n), or `otherwise`. */
int
codes_index(const char *const *names, int n, const char *name, int otherwise);

#define NUMBER_WIDTH 4 /* of submissions */
#define ISSUE_WIDTH 2  /* of commissions and incidents */

/* "2019-0012" from 2019 and 12; width is the least number of digits. */
char *codes_number(int year, int serial, int width);
/* The reverse, forgiving: full-width digits and dashes, leading zeros,
 * brackets and words in front ("[约稿2019-5]"). */
gboolean codes_number_parse(const char *text, int *year_out, int *serial_out);

/* An address as a key: lower case, since no office tells letters apart. */
char *codes_address_key(const char *address);

#endif

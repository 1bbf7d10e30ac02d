/* phone.h - telephone numbers as people write them, in any text.
 *
 * Numbers: mobiles (13905391234, 139-0539-1234, +86 ...), local numbers of
 * 7 or 8 digits with or without an area code (0539-6201234, （0539）6106766,
 * 0913—6155328), 400 numbers, and runs whose separator was lost
 * (22542042258332 is two).  Extensions: 转601, 分机8012, 内线32047.  No
 * numbers: years and dates (20190305), roads (205国道), amounts
 * (6201234万元), identity cards.  Full-width digits are digits.  Pure. */
#ifndef RULES_PHONE_H
#define RULES_PHONE_H

#include <glib.h>

enum phone_kind {
    PHONE_MOBILE,
    PHONE_FIXED,    /* with or without area code */
    PHONE_EXTENSION /* alone, or behind the number before it */
};

struct phone {
    enum phone_kind kind;
    int start, end;  /* characters of the text, end not included */
    char digits[20]; /* ASCII digits, area code first, no country code */
};

/* Every number in the text, in order; what stands around it has been looked
 * at.  Of struct phone; caller unrefs. */
GArray *phone_scan(const char *text);

#endif

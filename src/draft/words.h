/* words.h - 字数 as Word counts it (GB offices quote this number). */
#ifndef DRAFT_WORDS_H
#define DRAFT_WORDS_H

/* CJK characters and full-width marks are one each; each maximal run of
 * other non-space characters is one; what cannot be seen counts nothing.
 * Full-width are Unicode's wide and full-width characters, and those of
 * ambiguous width that Chinese text uses as such: — … “ ” ‘ ’ ·
 * `text` is valid UTF-8.  Pure. */
int words_count(const char *text);

#endif

/* secrecy.h - does a text carry a marking of state secrecy (GB/T 9704
 * 7.2.2: 密级★保密期限)?
 *
 * Markings: 秘密★1年, 机密★5年, 绝密★长期, 机密★, letter-spaced
 * 「秘　密★1年」, 秘密*1年, 【机密】 and 密级：机密 at the start of a
 * line, and a line that is nothing but the word.  Not markings: 商业秘密,
 * 工作秘密, 投票秘密, 保密工作 in prose; ★ and ☆ as ratings; a marking
 * quoted or explained within a sentence; a list of the three levels.
 * The rules one by one are in docs/drafts.md. */
#ifndef DRAFT_SECRECY_H
#define DRAFT_SECRECY_H

#include "message/reading.h"

enum secrecy_place {
    PLACE_SUBJECT,
    PLACE_NAME,   /* of a file or of a ZIP's entry, one a line */
    PLACE_BODY,   /* text of the mail */
    PLACE_DRAFT,  /* main text of a Word file: its first page counts; further
                     down only a line that is a whole marking with its star */
    PLACE_MARGINS /* headers, footers, text boxes, properties */
};

/* The highest level found, SECRECY_NONE if none.  Pure.  `text` is valid
 * UTF-8, or NULL. */
enum secrecy secrecy_find(const char *text, enum secrecy_place place);

/* The static word for a place, as in reading.secrecy_rule: "subject",
 * "file-name", "body", "draft", "margins". */
const char *secrecy_place_name(enum secrecy_place place);

#endif

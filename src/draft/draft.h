/* draft.h - the text of a Word file, from its bytes.
 *
 * Runs inside the sandboxed reader, after mail_init() has set up libxml2 and
 * the charsets.  Pure: bytes in, text out; no file, no clock.  What counts as
 * text is in docs/drafts.md: paragraphs, tables and text boxes of the main
 * document in reading order; tracked insertions yes, tracked deletions never,
 * hidden text no; headers, footers, notes and properties are looked through
 * for markings and are not part of the text.
 */
#ifndef DRAFT_DRAFT_H
#define DRAFT_DRAFT_H

#include "message/reading.h"

/* Limits of every expansion. */
struct draft_limits {
    size_t entries;     /* of a ZIP: 1000 */
    size_t entry_bytes; /* one entry inflated: 50 MB */
    size_t total_bytes; /* all entries inflated: 100 MB */
    unsigned ratio;     /* inflated : packed, after 100 kB: 100 */
    unsigned xml_depth; /* 256 */
    size_t text_bytes;  /* of the text: 10 MB */
};

extern const struct draft_limits draft_default_limits;

struct draft {
    enum file_kind kind;
    enum file_state state;
    char *text;    /* main text, paragraphs ended by \n; NULL when not read.
                    * Of a ledger that comes back: its cells (xlsx.h).
                    * Given with FILE_OK and FILE_MACRO; what was read before
                    * a limit was met is given with FILE_OVER_LIMIT, so that a
                    * marking in it is found */
    char *margins; /* headers, footers, text boxes, properties: for markings */
    char *entry_names; /* of a ZIP: entry names, one a line, for markings */
    int words;         /* 字数 of text */
};

/* Never fails: what cannot be read is said in out->state.  *out must be
 * cleared by draft_clear(). */
void draft_read(const guint8 *data, size_t len, const char *name,
                const struct draft_limits *limits, struct draft *out);
void draft_clear(struct draft *d);

#endif

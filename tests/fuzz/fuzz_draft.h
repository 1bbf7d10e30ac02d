/* fuzz_draft.h - what every reader of a draft promises. */
#ifndef TESTS_FUZZ_DRAFT_H
#define TESTS_FUZZ_DRAFT_H

#include "draft/draft.h"
#include "fuzz/fuzz.h"

#include <string.h>

/* Smaller than the program's, so that they are met. */
static const struct draft_limits fuzz_limits = {.entries = 40,
                                                .entry_bytes = 256 << 10,
                                                .total_bytes = 512 << 10,
                                                .ratio = 100,
                                                .xml_depth = 64,
                                                .text_bytes = 16 << 10};

static inline void
fuzz_read_draft(const guint8 *data, size_t len, const char *name)
{
    struct draft d;

    draft_read(data, len, name, &fuzz_limits, &d);
    fuzz_text(d.text);
    fuzz_text(d.margins);
    fuzz_text(d.entry_names);
    FUZZ_MUST(d.words >= 0 && d.kind <= FILE_LOCK && d.state <= FILE_NO_TEXT);
    FUZZ_MUST(!d.text || d.state == FILE_OK || d.state == FILE_MACRO ||
              d.state == FILE_OVER_LIMIT);
    /* U+FFFD for a byte that could not be read is the most that it grows */
    FUZZ_MUST(!d.text || strlen(d.text) <= 4 * fuzz_limits.text_bytes);
    draft_clear(&d);
}

#endif

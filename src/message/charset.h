/* charset.h - bytes with the label of a charset, which may be wrong -> UTF-8.
 *
 * Labels are read as the WHATWG reads them (gb2312, gbk and their cousins
 * mean GB18030; iso-8859-1 means windows-1252), with the misspellings of
 * docs/quirks.md.  A label that the bytes contradict is not believed, and
 * nothing is ever lost: what cannot be decoded becomes U+FFFD.
 *
 * Needs GLib and the C library only. */
#ifndef MESSAGE_CHARSET_H
#define MESSAGE_CHARSET_H

#include <glib.h>

enum charset_result {
    CHARSET_EXACT,   /* as labelled, or plain ASCII */
    CHARSET_GUESSED, /* no label, or not the labelled one: UTF-8 or GB18030 */
    CHARSET_DAMAGED  /* some bytes became U+FFFD */
};

/* Open every conversion.  Must have been called before a seccomp filter
 * forbids open(): under one, iconv_open() fails and text would turn to
 * mojibake without a word.  Later calls do nothing. */
void charset_init(void);

/* Do two labels mean one charset?  (Words of one charset are joined before
 * they are converted.) */
gboolean charset_equal(const char *a, const char *b);

/* Is the label known?  "x-unknown" and "" are not. */
gboolean charset_known(const char *label);

/* Append the bytes to `out` as UTF-8; label may be NULL.  Controls and NUL
 * are left for text_clean(). */
enum charset_result
charset_append(GString *out, const char *label, const void *bytes, size_t len);

/* Is it valid UTF-8 in which at least two characters are Chinese?  Such
 * bytes are UTF-8 whatever the label says. */
gboolean charset_is_chinese_utf8(const char *bytes, size_t len);

#endif

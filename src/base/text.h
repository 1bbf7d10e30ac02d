/* text.h - text from outside made safe, and text compared as people do.
 *
 * Every string inside the program is valid UTF-8 without controls; these
 * are the gates it comes through. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <glib.h>

/* Bytes that claim to be UTF-8 -> valid UTF-8.  Invalid bytes, NUL and the
 * noncharacters become U+FFFD; C0 and C1 controls other than tab and line
 * feed are dropped; CR LF and CR become LF.  Caller frees. */
char *text_clean(const char *bytes, size_t len);

/* Would text_clean() leave this valid UTF-8 as it is? */
gboolean text_is_clean(const char *text);

/* What a browser shows for a numeric reference of HTML (&#147;): for the C1
 * controls the character that windows-1252 has there (HTML Living Standard,
 * 13.2.5.80), else c itself. */
gunichar text_of_reference(gunichar c);

/* For one line of output: text_clean, every run of white space one space,
 * none at the ends; bidi controls and invisible characters (General
 * Category Cf, Hangul fillers, variation selectors) are dropped.
 * Caller frees. */
char *text_line(const char *text);

/* Would text_line() leave it as it is?  TRUE for certain, and of most lines;
 * FALSE also where a closer look is needed. */
gboolean text_is_line(const char *text);

/* NFKC of len bytes, or of all with -1; and `n` characters as UTF-8.  GLib's
 * own functions give NULL when memory is refused; here that ends the program,
 * as every other allocation does: a line that could not be looked at must not
 * pass for one that holds nothing.  Caller frees. */
char *text_nfkc(const char *text, gssize len);
char *text_from_runes(const gunichar *runes, glong n);

/* For comparing: text_line, then NFKC (full-width forms become half-width)
 * and lower case of ASCII letters.  Caller frees. */
char *text_fold(const char *text);

/* At most `chars` characters, never cut inside one; with U+2026 as the last
 * when something was cut off.  Caller frees. */
char *text_cut(const char *text, size_t chars);

/* Is c a CJK ideograph (any extension), kana, hangul or bopomofo? */
gboolean text_is_cjk(gunichar c);

/* White space of a header field, folds included (RFC 5322, 3.2.2), and what
 * comes behind it. */
static inline gboolean
text_is_wsp(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static inline const char *
text_skip_wsp(const char *p, const char *end)
{
    while (p < end && text_is_wsp(*p))
        p++;
    return p;
}

/* The character of valid text that has three bytes, as nearly all that is not
 * ASCII has here. */
static inline gunichar
text_three_bytes(const guchar *s)
{
    return (gunichar)(s[0] & 0x0F) << 12 | (gunichar)(s[1] & 0x3F) << 6 |
           (s[2] & 0x3F);
}

/* The character at *p of valid text, and *p behind it: what g_utf8_get_char()
 * says, without a call for each of the thousands that are compared. */
static inline gunichar
text_take_char(const char **p)
{
    const guchar *s = (const guchar *)*p;
    gunichar c;

    if (s[0] < 0x80) {
        *p += 1;
        return s[0];
    }
    if (s[0] >= 0xE0 && s[0] < 0xF0) {
        *p += 3;
        return text_three_bytes(s);
    }
    c = g_utf8_get_char(*p);
    *p = g_utf8_next_char(*p);
    return c;
}

/* Characters that show nothing or turn the direction of writing. */
gboolean text_is_invisible(gunichar c);

/* Does text_line() leave out of valid UTF-8 what may deceive?  Selectors
 * behind emoji do no harm. */
gboolean text_hides_something(const char *text);

/* For a terminal: text_clean, and what text_hides_something() looks for
 * stands there as <U+202E>; what joins (U+200D) stays.  Caller frees. */
char *text_visible(const char *text);

/* A file name that Windows, WPS and a mail client accept: text_line, the
 * characters \ / : * ? " < > | and controls become _, no dot or space at
 * the end, no device name (CON, NUL ...), at most `bytes` bytes of UTF-8
 * cut between characters, keeping a short extension.  Caller frees. */
char *text_file_name(const char *name, size_t bytes);

/* SHA-256 as 64 lower-case hexadecimal digits.  Caller frees. */
char *text_sha256(const void *data, size_t len);

#endif

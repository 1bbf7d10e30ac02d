/* fuzz.h - what every fuzz target shares.
 *
 * A target is one file with LLVMFuzzerTestOneInput().  With clang it is
 * linked with libFuzzer (`make fuzz`); with gcc with driver.c, which runs it
 * over its seeds and a fixed number of mutations of them (`make check`).  A
 * target does not only look for crashes: what comes out is held to what the
 * function promises. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <glib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

/* Ends the process, saying what did not hold. */
#define FUZZ_MUST(holds)                                                       \
    ((holds) ? (void)0 : fuzz_failed(__FILE__, __LINE__, #holds))
G_NORETURN void fuzz_failed(const char *file, int line, const char *what);

/* A line as text_line() gives it; text as text_clean() does; only digits.
 * NULL is as good. */
void fuzz_line(const char *s);
void fuzz_text(const char *s);
void fuzz_digits(const char *s);

/* The input as fields one after another, each ended by the byte 0x1F. */
struct fuzz_input {
    const char *at, *end;
};

/* The next field's bytes, not ended by 0; length 0 behind the last. */
const char *fuzz_bytes(struct fuzz_input *in, size_t *len_out);

/* The same as text that came through the gate, or as one line of it, as all
 * text inside the program has.  Caller frees. */
char *fuzz_take_text(struct fuzz_input *in);
char *fuzz_take_line(struct fuzz_input *in);

/* A ZIP of the parts that follow lines "@@ name": so that the bytes that are
 * changed are those of the parts, not a checksum's.  NULL when the input does
 * not begin with such a line.  Caller frees. */
GByteArray *fuzz_zip(const guint8 *data, size_t len);

/* A folder of our own that goes away at exit.  Borrowed. */
const char *fuzz_folder(void);

/* Write a file into it; the path.  Borrowed until the next call. */
const char *fuzz_file(const char *name, const void *data, size_t len);

#endif

/* err.h - how every part says that something went wrong.
 *
 * The result says what the caller should do; the sentence for the operator
 * goes into a struct err on the caller's stack.  Only the flow logs. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <glib.h>

enum st {
    ST_OK = 0, /* done */
    ST_RETRY,  /* not now: the same call may succeed later */
    ST_REJECT, /* never: this input is bad; go on with the next */
    ST_FATAL   /* stop: nothing that follows could be trusted */
};

/* Exit statuses of the program (sysexits.h and interface of the commands). */
enum exit_status {
    EXIT_DONE = 0,
    EXIT_USAGE_ERROR = 64,
    EXIT_BAD_DATA = 65,
    EXIT_UNAVAILABLE = 69,
    EXIT_SOFTWARE = 70,
    EXIT_IO = 74,
    EXIT_TRY_AGAIN = 75,
    EXIT_LOGIN_REFUSED = 77,
    EXIT_CONFIGURATION = 78
};

struct err {
    enum exit_status status; /* what the program should exit with */
    char text[2000];         /* one sentence, with the cure where known */
};

#define ERR_INIT                                                               \
    {                                                                          \
        EXIT_DONE, ""                                                          \
    }

/* Fill *e (may be NULL) and give back st, so that `return err_set(...)`. */
enum st err_set(struct err *e, enum st st, enum exit_status status,
                const char *format, ...) G_GNUC_PRINTF(4, 5);

/* Put "what: " in front of the sentence that is there. */
void err_prefix(struct err *e, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif

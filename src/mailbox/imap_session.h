/* imap_session.h - our own IMAP session on a connection that libcurl has
 * logged in on: commands, their answers, and what the server says between.
 *
 * It knows the protocol and one selected mailbox; what to fetch and where
 * to move is the driver's business (imap.h). */
#ifndef MAILBOX_IMAP_SESSION_H
#define MAILBOX_IMAP_SESSION_H

#include "mailbox/imap_parse.h"
#include "mailbox/wire.h"

enum imap_state {
    IMAP_AUTHENTICATED, /* logged in, nothing selected */
    IMAP_SELECTED,      /* the inbox */
    IMAP_ELSEWHERE,     /* another folder */
    IMAP_IDLING,        /* IDLE was sent, DONE was not */
    IMAP_BROKEN         /* of no further use; close it */
};

struct imap_session;

/* The tagged end of a command. */
struct imap_answer {
    enum imap_status status;
    enum imap_code code;
    char *text; /* owned; fit for people */
};

void imap_answer_clear(struct imap_answer *answer);

/* Called with each untagged response while an answer is awaited.  Literals
 * are in `literals`, a GByteArray each, good for the time of the call.  Not
 * ST_OK breaks the session off and is what the caller gets. */
typedef enum st (*imap_untagged_fn)(const struct imap_response *r,
                                    const GPtrArray *literals, void *user,
                                    struct err *e);

enum st imap_session_open(const struct wire_config *config,
                          struct imap_session **out, struct err *e);
void imap_session_close(struct imap_session *s); /* says LOGOUT if it can */

/* What the server has told us so far. */
struct imap_facts {
    unsigned capabilities;
    gboolean capabilities_known; /* as they are after login */
    guint32 validity, uidnext;   /* of the inbox; 0 when not told */
    guint32 exists;
    gboolean news; /* EXISTS has grown since this was last reset */
};

struct imap_facts *imap_facts(struct imap_session *s);
enum imap_state imap_state(const struct imap_session *s);
void imap_set_state(struct imap_session *s, enum imap_state to);
const char *imap_state_name(enum imap_state state);

/* Longer literals are cut to this; `imap_was_cut` of the literal's index
 * then says so. */
void imap_set_literal_limit(struct imap_session *s, size_t bytes);
gboolean imap_was_cut(const struct imap_session *s, guint literal);

/* Send a command, not waiting for its answer; *tag_out is what
 * imap_await() takes.  While one is awaited, untagged responses to others
 * in flight may come. */
enum st imap_send(struct imap_session *s, unsigned *tag_out, struct err *e,
                  const char *format, ...) G_GNUC_PRINTF(4, 5);

/* Read until the answer of the tag, whatever it says. */
enum st imap_await(struct imap_session *s, unsigned tag, imap_untagged_fn fn,
                   void *user, struct imap_answer *answer_out, struct err *e);

/* Both at once, and NO or BAD is ST_RETRY with the server's sentence. */
enum st imap_run(struct imap_session *s, imap_untagged_fn fn, void *user,
                 struct err *e, const char *format, ...) G_GNUC_PRINTF(5, 6);

/* The answer's sentence as an error: "COPY: the server says: ...". */
enum st imap_refused(const char *command, const struct imap_answer *answer,
                     struct err *e);

/* IDLE: ST_OK once the server has agreed, *agreed_out FALSE when it said
 * NO or BAD instead.  Then wait, then end it. */
enum st imap_idle_start(struct imap_session *s, unsigned *tag_out,
                        gboolean *agreed_out, struct err *e);
enum st imap_idle_end(struct imap_session *s, unsigned tag, struct err *e);

/* Wait at most `us` microseconds for something untagged; reads what comes.
 * Ends early when there are news. */
enum st imap_listen(struct imap_session *s, gint64 us, int stop_fd,
                    enum wire_event *event_out, struct err *e);

/* "name" -> "\"name\"" for the wire.  Caller frees. */
char *imap_quote(const char *name);

#endif

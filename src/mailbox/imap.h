/* imap.h - the IMAP driver's state, shared by its files alone.
 *
 * imap.c opens, imap_list.c lists, imap_folders.c finds and makes the
 * folders, imap_fetch.c brings messages, imap_move.c moves them out of the
 * inbox, imap_refile.c from folder to folder, imap_recall.c back,
 * imap_idle.c waits.
 * Position is (validity, uid), never \Seen: people read the same mailbox. */
#ifndef MAILBOX_IMAP_H
#define MAILBOX_IMAP_H

#include "mailbox/driver.h"
#include "mailbox/imap_session.h"

struct imap_listing; /* imap_list.c */

struct imap {
    struct mailbox base;
    struct server_url url;
    char *password, *tls_ca;
    gboolean tls_none;
    unsigned timeout;
    const int *stop_fd;

    struct imap_session *session; /* or NULL */
    gboolean fresh;               /* selected, and not listed since */
    gboolean expecting;           /* list() will follow open(), with this */
    guint32 expected_after;
    struct imap_listing *ahead;  /* asked along with SELECT, or NULL */
    char *inbox;                 /* its name on the wire */
    char *folders[FOLDER_COUNT]; /* on the wire; NULL: not found yet */
    char delimiter;              /* of folders; 0: there is none */

    /* what must not go backwards while the validity stays */
    guint32 seen_validity, seen_uid;

    /* Sizes differ from the mails' on some servers (Exchange estimates).
     * One that was met twice with the same length is believed. */
    gboolean sizes_are_estimates;
    guint32 doubtful_uid;
    size_t doubtful_len;

    /* per folder, what was in it before we copied anything: imap_copy.c */
    GHashTable *copies[FOLDER_COUNT];
    GHashTable *copied; /* uids that this session has copied */
};

/* Log in, select, find the folders.  A session that is open ends. */
enum st imap_open(struct mailbox *m, struct err *e);
void imap_close(struct mailbox *m);

/* Select the inbox anew, which refreshes all that is known about it. */
enum st imap_select(struct imap *im, struct err *e);

/* The inbox, selected; ST_RETRY when there is no connection. */
enum st imap_want_inbox(struct imap *im, struct err *e);

/* Of the inbox that is selected: ST_FATAL when its numbers cannot be
 * trusted. */
enum st imap_check_numbering(struct imap *im, struct err *e);

/* LIST is sent by the first and awaited by the second, so that it travels
 * with other commands; `note` gives what comes meanwhile to
 * imap_folders_note().  What is missing is then made by the last. */
enum st imap_folders_ask(struct imap *im, unsigned *tag_out, struct err *e);
enum st imap_folders_await(struct imap *im, unsigned tag, imap_untagged_fn note,
                           struct err *e);
void imap_folders_note(struct imap *im, const struct imap_response *r);
enum st imap_folders_settle(struct imap *im, struct err *e);
/* All over again: somebody has renamed or removed a folder. */
enum st imap_folders_find(struct imap *im, struct err *e);

/* The listing that expect() announced is sent behind SELECT, before anybody
 * knows what that says; *tag_out is 0 when none was announced.  What comes
 * is kept until list() asks for it, a SELECT forgets it. */
enum st imap_list_ask(struct imap *im, unsigned *tag_out, struct err *e);
void imap_list_note(struct imap *im, const struct imap_response *r);
void imap_list_forget(struct imap *im);

void imap_expect(struct mailbox *m, guint32 after);
enum st imap_list(struct mailbox *m, guint32 validity, guint32 after,
                  GArray *refs_out, struct err *e);

/* SELECT or EXAMINE a folder: how many messages are in it; and ask for
 * `items` of the newest, `fn` gets each answer. */
enum st imap_enter(struct imap *im, const char *command, enum folder f,
                   guint32 *count_out, struct err *e);
enum st
imap_newest(struct imap *im, const char *command, enum folder f,
            const char *items, imap_untagged_fn fn, void *user, struct err *e);

enum st imap_fetch(struct mailbox *m, const GArray *refs, gint64 size_limit,
                   fetched_fn fn, void *user, struct err *e);
enum st imap_move_all(struct mailbox *m, const GArray *refs, enum folder to,
                      struct err *e);
enum st imap_refile(struct mailbox *m, const struct message_sought *sought,
                    enum folder from, enum folder to, gboolean *found_out,
                    struct err *e);
enum st
imap_recall(struct mailbox *m, gint64 since, guint *n_out, struct err *e);
enum st
imap_wait(struct mailbox *m, unsigned seconds, int stop_fd, struct err *e);

/* A server without MOVE: copy, mark, remove, each safe to repeat. */
enum st imap_copy_all(struct imap *im, const guint32 *uids, guint n,
                      enum folder to, struct err *e);
void imap_copies_forget(struct imap *im);

/* The commands alone, upon a set of uids of what is selected. */
enum st
imap_move_set(struct imap *im, const char *set, enum folder to, struct err *e);
enum st
imap_copy_set(struct imap *im, const char *set, enum folder to, struct err *e);
enum st imap_remove_set(struct imap *im, const char *set, struct err *e);

/* Append "5,7:9" of uids[0..n), ascending, no longer than SET_BYTES; gives
 * how many went in.  Ranges hold nothing that is not in uids. */
#define IMAP_SET_BYTES 900
guint imap_set_append(GString *out, const guint32 *uids, guint n);

#endif

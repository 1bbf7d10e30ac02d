/* driver.h - what the drivers of this folder share with one another, and
 * nobody else needs. */
#ifndef MAILBOX_DRIVER_H
#define MAILBOX_DRIVER_H

#include "mailbox/mailbox.h"
#include "mailbox/url.h"

enum { TIMEOUT_DEFAULT = 60 }; /* seconds of silence */

struct mailbox *
imap_new(const struct server_url *url, const struct mailbox_config *config);

/* How mail goes out (mailbox.h says what each does): one struct for each way,
 * its first member this. */
struct outgoing {
    void (*expect)(struct outgoing *o, guint mails);
    guint (*room)(struct outgoing *o);
    void (*put)(struct outgoing *o, const struct parcel *parcel);
    void (*wait)(struct outgoing *o, GArray *answers);
    enum st (*check)(struct outgoing *o, struct err *e);
    void (*rest)(struct outgoing *o);
    void (*free)(struct outgoing *o);
};

struct outgoing *
smtp_new(const struct server_url *url, const struct outgoing_config *config);
struct outgoing *maildir_out_new(const char *path);

/* new/, cur/ and tmp/ below `path`, made when missing, mode 0700. */
enum st maildir_make(const char *path, struct err *e);

/* Length of the header with its blank line; len when there is none. */
size_t header_length(const guint8 *data, size_t len);

/* driver->move by way of driver->move_all. */
enum st move_one(struct mailbox *m, const struct message_ref *ref,
                 enum folder to, struct err *e);

#endif

/* config.h - the office's configuration, baosong.yaml, as a struct.
 *
 * Paths in it are absolute: relative ones in the file count from the file's
 * own folder.  Every key is described in docs/configuration.md. */
#ifndef PACK_CONFIG_H
#define PACK_CONFIG_H

#include "base/day.h"
#include "base/err.h"

/* How password-file names the folder of systemd's LoadCredential=; kept as it
 * is, and looked up when the password is read. */
#define CONFIG_CREDENTIALS "${CREDENTIALS_DIRECTORY}/"

struct staff {
    char *name;
    char *address;
};

/* A line of the holidays file. */
struct special_day {
    civil_day day;
    gboolean worked; /* a weekend day that is worked (调休), else a day off */
};

struct config {
    char *path; /* the file, as given */

    char *office;           /* printed in replies and bulletins */
    char *rules;            /* the pack's folder or file, found */
    char *mailbox;          /* imaps://, imap://, or maildir:/absolute/path */
    char *outgoing;         /* smtps://, smtp://, or maildir:/absolute/path */
    char *password_file;    /* or NULL */
    char *password_command; /* or NULL */
    char *outgoing_password_file; /* NULL: the same password as the mailbox */
    char *outgoing_password_command;
    char *address;    /* the office's own */
    char *data;       /* folder of register and drafts */
    GPtrArray *staff; /* of struct staff, never empty */

    char *timezone;         /* Asia/Shanghai */
    GTimeZone *zone;        /* the same, opened; never NULL */
    char *phone;            /* or NULL */
    char *tls_ca;           /* file, or NULL */
    gboolean tls_none;      /* loopback servers only */
    GStrv trusted_authserv; /* never NULL, maybe empty; as the next three */
    GStrv own_hosts;
    GStrv alert_addresses;    /* all staff unless given */
    GStrv secrecy_officers;   /* addresses; all staff unless given */
    civil_day answer_since;   /* a date, or DAY_NONE: by age, the next */
    gint64 answer_age;        /* seconds; mail older than this at the first
                                 run is not answered: 3 days */
    gint64 size_limit;        /* bytes: 25 MB */
    gint64 poll_interval;     /* seconds: 60 */
    int alert_after;          /* failures in a row: 3 */
    int replies_per_day;      /* to one address: 20 */
    int replies_per_hour;     /* in all: 200 */
    gint64 disk_floor;        /* bytes: 200 MB */
    int outgoing_connections; /* 2 */
    /* null: replies have the null envelope sender; own: the office's
     * address, for servers that demand it.  Not given: null is tried, own
     * when the server refuses. */
    gboolean return_path_given, return_path_own;
    int ledger_at;    /* minute of the working day from which the ledger is
                         sent by itself: 8:30; -1 never */
    char *references; /* folder of published texts, or NULL */
    GArray *holidays; /* of struct special_day, ascending; maybe empty */
};

void config_free(struct config *c);
typedef struct config config;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(config, config_free)

/* The member of staff with this name, or this address; NULL if none.  Of a
 * NULL address nobody. */
const struct staff *
config_staff_named(const struct config *c, const char *name);
const struct staff *
config_staff_at(const struct config *c, const char *address);

/* Is it a working day: Monday to Friday but the holidays, and the weekend
 * days that the holidays file says are worked? */
gboolean config_is_working_day(const struct config *c, civil_day d);

/* Read the password now: the first line of the file, or of what the command
 * prints (run without a shell, 30 seconds).  *out is NULL when neither is
 * configured.  A file that others can read is refused.  Wipe it with
 * config_password_free. */
enum st
config_mailbox_password(const struct config *c, char **out, struct err *e);
enum st
config_outgoing_password(const struct config *c, char **out, struct err *e);
void config_password_free(char *password);

#endif

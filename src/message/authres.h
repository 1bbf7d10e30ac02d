/* authres.h - was this mail proven to come from its From address?
 *
 * Reads the Authentication-Results fields (RFC 8601) that the office's own
 * server has written.  A field counts only when its authserv-id is one of
 * the trusted ones and it stands above the first Received field of a
 * foreign host: everything below that line may be the sender's invention.
 * Pure. */
#ifndef MESSAGE_AUTHRES_H
#define MESSAGE_AUTHRES_H

#include "message/reading.h"

enum proof {
    PROOF_NONE,   /* nothing is said that counts */
    PROOF_PROVEN, /* dmarc=pass, aligned dkim=pass, or auth=pass */
    PROOF_FAILED  /* dmarc=fail by the office's own server */
};

/* trace: reading.trace, top first.  `trusted` are authserv-ids, `own_hosts`
 * the hosts whose Received fields lie above or between the office's own
 * fields; both NULL-terminated, either may be NULL.  Without trusted
 * authserv-ids nothing is ever proven. */
enum proof
authres_proof(const GPtrArray *trace, const char *const *trusted,
              const char *const *own_hosts, const char *from_address);

#endif

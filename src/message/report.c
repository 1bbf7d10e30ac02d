/* report.c - see report.h. */
#include "message/report.h"
#include "message/address.h"
#include "message/header.h"

#include <string.h>

enum { REPORT_FIELDS = 100, REPORT_BYTES = 64 * 1024, REPORT_BLOCKS = 50 };

/* "rfc822; a@b.cn" -> the address. */
static char *
recipient(const char *line)
{
    const char *semicolon = strchr(line, ';');

    return address_normal(semicolon ? semicolon + 1 : line);
}

static void
read_block(struct reading *r, const struct header *h)
{
    g_autofree char *final = header_line_of(h, "Final-Recipient");
    g_autofree char *original = header_line_of(h, "Original-Recipient");
    g_autofree char *action = header_line_of(h, "Action");
    g_autofree char *status = header_line_of(h, "Status");

    if (!r->bounced_to && original)
        r->bounced_to = recipient(original);
    if (!r->bounced_to && final)
        r->bounced_to = recipient(final);
    if (action && g_ascii_strcasecmp(action, "failed") == 0 &&
        (!status || status[0] == '5'))
        r->bounce_permanent = TRUE;
}

/* A block about the server, then one about each recipient. */
void
report_read_status(struct reading *r, const char *text, size_t len)
{
    for (unsigned i = 0; i < REPORT_BLOCKS && len > 0; i++) {
        struct header h;
        size_t used;

        header_scan(&h, text, len, REPORT_FIELDS, REPORT_BYTES);
        read_block(r, &h);
        used = MAX(h.body, 1);
        header_clear(&h);
        text += used;
        len -= used;
    }
}

void
report_read_original(struct reading *r, const char *text, size_t len)
{
    g_autofree char *line = NULL;
    struct header h;
    const char *end;

    header_scan(&h, text, len, REPORT_FIELDS, REPORT_BYTES);
    line = header_line_of(&h, "Message-ID");
    if (line && !r->bounced_id)
        r->bounced_id = header_message_id(line, &end);
    header_clear(&h);
}

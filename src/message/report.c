/* report.c - see report.h. */
#include "message/report.h"
#include "base/text.h"
#include "message/header.h"

#include <string.h>

enum {
    REPORT_FIELDS = 100,
    REPORT_BYTES = 64 * 1024,
    REPORT_BLOCKS = 50,
    CAUSE_CHARS = 200
};

/* "smtp; 550 5.1.1 no such user" -> "550 5.1.1 no such user". */
static char *
diagnostic(const char *line)
{
    const char *semicolon = strchr(line, ';');
    g_autofree char *text = text_line(semicolon ? semicolon + 1 : line);

    return text_cut(text, CAUSE_CHARS);
}

static void
take_id(struct reading *r, const char *line)
{
    const char *end;

    if (!r->bounced_id)
        r->bounced_id = header_message_id(line, &end);
}

/* One mail of ours has one recipient: the block that says "failed" is about
 * it, whatever a list behind it made of the mail. */
static void
read_block(struct reading *r, const struct header *h)
{
    g_autofree char *action = header_line_of(h, "Action");
    g_autofree char *id = header_line_of(h, "Original-Message-ID");
    g_autofree char *status = header_line_of(h, "Status");
    g_autofree char *why = header_line_of(h, "Diagnostic-Code");

    if (id)
        take_id(r, id);
    if (!action || g_strcmp0(r->bounce_action, "failed") == 0)
        return;
    g_free(r->bounce_action);
    r->bounce_action = g_ascii_strdown(action, -1);
    g_free(r->bounce_cause);
    r->bounce_permanent = g_str_equal(r->bounce_action, "failed") &&
                          (!status || status[0] == '5');
    r->bounce_cause = why ? diagnostic(why) : g_steal_pointer(&status);
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

    header_scan(&h, text, len, REPORT_FIELDS, REPORT_BYTES);
    line = header_line_of(&h, "Message-ID");
    if (line)
        take_id(r, line);
    header_clear(&h);
}

/* fuzz_compose.c - a reply built of hostile text, read again by the code
 * that reads the world's mail: exactly the headers that were meant. */
#include "base/text.h"
#include "fuzz/fuzz.h"
#include "message/header.h"
#include "message/mail.h"
#include "reply/compose.h"

#include <string.h>

static struct clock shanghai;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    mail_init();
    shanghai.zone = g_time_zone_new_identifier("Asia/Shanghai");
    FUZZ_MUST(shanghai.zone);
    return 0;
}

/* The names in order; those in brackets may be left out. */
static void
check_names(const struct header *h)
{
    static const char *const names[] = {"From",
                                        "To",
                                        "Subject",
                                        "Date",
                                        "Message-ID",
                                        "[In-Reply-To",
                                        "[References",
                                        "Auto-Submitted",
                                        "X-Auto-Response-Suppress",
                                        COMPOSE_LOOP_HEADER,
                                        "MIME-Version",
                                        "Content-Type",
                                        "[Content-Transfer-Encoding"};
    guint at = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        gboolean optional = names[i][0] == '[';
        const char *name = names[i] + optional;
        gboolean here =
            at < h->fields->len &&
            header_field_is(&g_array_index(h->fields, struct header_field, at),
                            name);

        FUZZ_MUST(here || optional);
        at += here ? 1 : 0;
    }
    FUZZ_MUST(at == h->fields->len);
}

/* RFC 5322 2.1.1; no byte that is not ASCII, no lone CR or LF. */
static void
check_lines(const char *data, size_t len)
{
    size_t line = 0;

    for (size_t i = 0; i < len; i++, line++) {
        FUZZ_MUST((guint8)data[i] < 0x7F && data[i] != '\0');
        FUZZ_MUST((data[i] == '\n') == (i > 0 && data[i - 1] == '\r'));
        FUZZ_MUST(line <= 999);
        if (data[i] == '\n')
            line = 0;
    }
}

/* Without those of a mail that is attached. */
static guint
count_files(const struct reading *r)
{
    guint n = 0;

    for (guint i = 0; i < r->files->len; i++)
        n += !((const struct reading_file *)r->files->pdata[i])->nested;
    return n;
}

static void
check_again(const struct outgoing_mail *m, const char *data, size_t len)
{
    g_autoptr(reading) r = mail_read((const guint8 *)data, len, NULL);
    g_autofree char *line = text_line(m->subject);
    struct header h;

    header_scan(&h, data, len, 100, 1 << 20);
    check_names(&h);
    check_lines(data, len);
    header_clear(&h);
    FUZZ_MUST(!(r->flags & (READING_INCOMPLETE | READING_REPEATED_HEADER)));
    if (r->secrecy != SECRECY_NONE)
        return; /* nothing is left of it */
    FUZZ_MUST(r->from->len == 1);
    FUZZ_MUST(r->to->len == (g_str_is_ascii(m->to) ? 1 : 0));
    FUZZ_MUST(count_files(r) == m->n_attachments);
    FUZZ_MUST(g_str_has_prefix(line, r->subject ? r->subject : "") ||
              g_str_has_suffix(r->subject, "…"));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    struct fuzz_input in = {(const char *)data, (const char *)data + len};
    g_autofree char *subject = fuzz_take_text(&in), *to = fuzz_take_text(&in),
                    *office = fuzz_take_text(&in), *text = fuzz_take_text(&in),
                    *html = fuzz_take_text(&in), *id = fuzz_take_text(&in),
                    *reference = fuzz_take_text(&in),
                    *name = fuzz_take_text(&in);
    const char *const references[] = {reference, id, NULL};
    struct mail_attachment file = {
        name, "file.xlsx", "application/octet-stream", text, strlen(text)};
    struct outgoing_mail m = {.occasion =
                                  *html ? OCCASION_REPLY : OCCASION_NOTICE,
                              .office = office,
                              .from = "xxk@mail.example.gov.cn",
                              .to = to,
                              .subject = subject,
                              .text = text,
                              .html = *html ? html : NULL,
                              .key = "mail-12",
                              .instant = 1551749400,
                              .clock = &shanghai,
                              .in_reply_to = id,
                              .references = references,
                              .attachments = &file,
                              .n_attachments = *name ? 1 : 0};
    g_autofree char *bytes = NULL;
    struct err e = ERR_INIT;
    size_t n = 0;
    enum st st = compose_mail(&m, &bytes, &n, &e);

    FUZZ_MUST(st == ST_OK || st == ST_REJECT);
    if (st == ST_OK)
        check_again(&m, bytes, n);
    return 0;
}

/* fuzz_text.c - the gates that all text comes through, and what looks at
 * text: markings, 字数, HTML. */
#include "base/text.h"
#include "draft/openness.h"
#include "draft/secrecy.h"
#include "draft/words.h"
#include "fuzz/fuzz.h"
#include "message/html.h"
#include "message/mail.h"

#include <string.h>

enum { NAME_BYTES = 120, CUT = 30, HTML_BYTES = 4 << 10 };

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    mail_init();
    return 0;
}

static void
check_gates(const char *text)
{
    g_autofree char *line = text_line(text), *fold = text_fold(text),
                    *cut = text_cut(text, CUT),
                    *name = text_file_name(text, NAME_BYTES),
                    *again = text_file_name(name, NAME_BYTES);

    fuzz_line(line);
    fuzz_text(fold);
    fuzz_text(cut);
    fuzz_line(name);
    FUZZ_MUST(g_utf8_strlen(cut, -1) <= CUT);
    FUZZ_MUST(strlen(name) <= NAME_BYTES && *name);
    FUZZ_MUST(!strpbrk(name, "\\/:*?\"<>|\n\t"));
    FUZZ_MUST(strcmp(name, again) == 0);
}

static void
check_html(const char *text)
{
    struct html_text h;
    g_autofree char *charset = html_meta_charset(text, strlen(text));

    FUZZ_MUST(!charset || *charset);
    html_read(text, HTML_BYTES, &h);
    fuzz_text(h.text);
    fuzz_text(h.own);
    html_text_clear(&h);
}

/* Text that is not shown, or quoted, is not the author's own (D10, D11). */
static void
check_hidden(const char *text)
{
    static const char *const around[][2] = {
        {"<p>a</p><div style=\"display:none\">", "</div>"},
        {"<p>a</p><blockquote>", "</blockquote>"}};
    g_autofree char *escaped = g_markup_escape_text(text, -1);

    for (size_t i = 0; i < G_N_ELEMENTS(around); i++) {
        g_autofree char *page =
            g_strconcat(around[i][0], escaped, around[i][1], NULL);
        struct html_text h;

        html_read(page, HTML_BYTES, &h);
        FUZZ_MUST(h.over_limit || strcmp(g_strstrip(h.own), "a") == 0);
        html_text_clear(&h);
    }
}

/* A marking on a line of its own is found wherever the line stands on the
 * first page, whatever stands around it. */
static void
check_marking(const char *text)
{
    g_autofree char *first = g_strconcat("机密★1年\n", text, NULL);

    for (int place = PLACE_SUBJECT; place <= PLACE_MARGINS; place++)
        secrecy_find(text, (enum secrecy_place)place);
    FUZZ_MUST(secrecy_find(first, PLACE_DRAFT) >= SECRECY_CONFIDENTIAL);
}

/* A mark restricts; what else stands below does not take it away. */
static void
check_openness(const char *text)
{
    g_autofree char *first = g_strconcat("内部资料\n", text, NULL);

    for (int place = PLACE_SUBJECT; place <= PLACE_MARGINS; place++) {
        const char *mark = openness_mark(text, (enum secrecy_place)place);

        FUZZ_MUST(!mark || openness_is_restricted(mark));
    }
    FUZZ_MUST(openness_mark(first, PLACE_DRAFT) != NULL);
    FUZZ_MUST(openness_is_restricted(openness_stricter(text, "内部资料")));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    g_autofree char *text = text_clean((const char *)data, len);

    fuzz_text(text);
    check_gates(text);
    FUZZ_MUST(words_count(text) >= 0);
    FUZZ_MUST((size_t)words_count(text) <= strlen(text));
    check_marking(text);
    check_openness(text);
    check_html(text);
    check_hidden(text);
    return 0;
}

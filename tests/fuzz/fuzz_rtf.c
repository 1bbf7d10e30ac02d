/* fuzz_rtf.c - Rich Text Format; what draft_read() would take for something
 * else is for fuzz_doc. */
#include "draft/rtf.h"
#include "fuzz/fuzz_draft.h"
#include "message/mail.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    mail_init();
    return 0;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) margins = g_string_new(NULL);

    if (len >= 4 && memcmp(data, "{\\rt", 4) == 0)
        fuzz_read_draft(data, len, "稿件.doc");
    rtf_read(data, len, &fuzz_limits, text, margins);
    FUZZ_MUST(text->len <= 2 * fuzz_limits.text_bytes);
    return 0;
}

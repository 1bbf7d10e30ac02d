/* fuzz_docx.c - a ZIP as it stands, or its parts ("@@ name" lines); whatever
 * else is called so is for fuzz_doc. */
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
    GByteArray *made = fuzz_zip(data, len);

    if (made) {
        fuzz_read_draft(made->data, made->len, "稿件.docx");
        g_byte_array_unref(made);
    } else if (len >= 2 && memcmp(data, "PK", 2) == 0) {
        fuzz_read_draft(data, len, "稿件.docx");
    }
    return 0;
}

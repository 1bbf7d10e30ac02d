/* fuzz_doc.c - any file that is called .doc: binary Word files first of all,
 * and the HTML, web archives, XML and text that office systems save under
 * that name. */
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
    fuzz_read_draft(data, len, "稿件.doc");
    return 0;
}

/* fuzz_xlsx.c - a ledger that came back: the cells, and the rows in them. */
#include "base/text.h"
#include "draft/xlsx.h"
#include "fuzz/fuzz_draft.h"
#include "message/mail.h"
#include "report/ledger_read.h"

static struct phrases *words;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct err e = ERR_INIT;

    (void)argc;
    (void)argv;
    mail_init();
    FUZZ_MUST(ledger_load_words("templates", NULL, &words, &e) == ST_OK);
    return 0;
}

static void
check_cells(const char *text)
{
    g_auto(GStrv) rows = g_strsplit(text, "\n", -1);

    for (char **row = rows; *row; row++) {
        g_auto(GStrv) cells = g_strsplit(*row, "\t", -1);

        FUZZ_MUST(g_strv_length(cells) <= XLSX_COLUMNS);
        for (char **cell = cells; *cell; cell++)
            fuzz_line(*cell);
    }
}

static void
check_rows(const char *text)
{
    g_autoptr(returned) r = ledger_read(text, words);

    for (guint i = 0; r && i < r->rows->len; i++) {
        const struct returned_row *row = r->rows->pdata[i];

        for (guint f = 0; f < LEDGER_FACTS; f++)
            fuzz_line(row->facts[f]);
        fuzz_line(row->remark);
        FUZZ_MUST(row->facts[LEDGER_NUMBER] && *row->facts[LEDGER_NUMBER]);
    }
}

static void
check_ledger(const guint8 *data, size_t len)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(zip) z = NULL;

    if (zip_open(data, len, &fuzz_limits, &z) != FILE_OK)
        return;
    if (xlsx_read(z, &fuzz_limits, text) != FILE_OK)
        return;
    FUZZ_MUST(text->len == 0 || g_str_has_prefix(text->str, XLSX_TOKEN));
    check_cells(text->str);
    check_rows(text->str);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    GByteArray *made = fuzz_zip(data, len);

    if (made) {
        check_ledger(made->data, made->len);
        fuzz_read_draft(made->data, made->len, "台账.xlsx");
        g_byte_array_unref(made);
    } else {
        check_ledger(data, len);
    }
    return 0;
}

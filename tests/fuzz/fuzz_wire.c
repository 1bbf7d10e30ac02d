/* fuzz_wire.c - the answer of a reader that has been taken over: what is
 * believed of it is clean, and written again it is believed again. */
#include "fuzz/fuzz.h"
#include "message/reading.h"

#include <string.h>

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

static void
check_file(const struct reading_file *f)
{
    fuzz_line(f->name);
    fuzz_line(f->other_name);
    fuzz_line(f->type);
    fuzz_text(f->text);
    FUZZ_MUST(file_kind_name(f->kind) && file_state_name(f->state));
    FUZZ_MUST(f->size >= 0 && f->words >= 0);
    FUZZ_MUST(!f->bytes || (gint64)g_bytes_get_size(f->bytes) == f->size);
}

static void
check(const struct reading *r)
{
    fuzz_line(r->subject);
    fuzz_line(r->machine_reason);
    fuzz_line(r->was_date);
    fuzz_line(r->message_id);
    fuzz_text(r->body);
    fuzz_text(r->own_text);
    for (guint i = 0; i < r->from->len; i++)
        fuzz_line(((struct reading_address *)r->from->pdata[i])->name);
    for (guint i = 0; i < r->references->len; i++)
        fuzz_line(r->references->pdata[i]);
    for (guint i = 0; i < r->trace->len; i++)
        fuzz_line(((struct reading_trace *)r->trace->pdata[i])->value);
    for (guint i = 0; i < r->files->len; i++)
        check_file(r->files->pdata[i]);
    if (r->secrecy != SECRECY_NONE)
        FUZZ_MUST(!r->subject && !r->body && r->files->len == 0);
}

static void
check_again(const struct reading *r)
{
    g_autoptr(GVariant) v = g_variant_ref_sink(reading_to_variant(r));
    g_autoptr(reading) again = reading_from_variant(v);
    g_autoptr(GVariant) w = NULL;

    FUZZ_MUST(again);
    w = g_variant_ref_sink(reading_to_variant(again));
    FUZZ_MUST(g_variant_equal(v, w));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    guint8 *copy = g_memdup2(data, len);
    g_autoptr(GVariant) v = g_variant_ref_sink(g_variant_new_from_data(
        G_VARIANT_TYPE(READING_VARIANT_TYPE), copy, len, FALSE, g_free, copy));
    g_autoptr(reading) r = reading_from_variant(v);

    if (r) {
        check(r);
        check_again(r);
    }
    return 0;
}

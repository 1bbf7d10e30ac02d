/* fuzz_mail.c - a message as bytes: what the reader makes of it must pass
 * the checks that the program makes of a reader's answer, and be decided. */
#include "fuzz/fuzz.h"
#include "message/mail.h"
#include "pack/load.h"
#include "rules/decide.h"

static struct pack *rules;
static struct matcher *names;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct err e = ERR_INIT;

    (void)argc;
    (void)argv;
    mail_init();
    FUZZ_MUST(pack_load("mailrules/tancheng-2019", &rules, &e) == ST_OK);
    names = matcher_new(rules->roster, "郯城县人民政府办公室信息科");
    return 0;
}

/* The way of an honest reader's answer: it is never taken for a lie. */
static struct reading *
carry(const struct reading *r)
{
    g_autoptr(GVariant) v = g_variant_ref_sink(reading_to_variant(r));
    struct reading *read = reading_from_variant(v);

    FUZZ_MUST(read);
    return read;
}

static void
check_decision(const struct reading *r)
{
    struct decide_input in = {.reading = r,
                              .pack = rules,
                              .matcher = names,
                              .own_address = "xxk@mail.example.gov.cn",
                              .received = 1551749400,
                              .now = 1551749400,
                              .day = 17960};
    struct decision d;

    decide(&in, &d);
    fuzz_line(d.fields->title);
    fuzz_line(d.suggestion);
    FUZZ_MUST(d.draft < (int)r->files->len && d.words >= 0);
    FUZZ_MUST(!d.reply_to || r->machine == MACHINE_NO);
    decision_clear(&d);
}

/* What is marked secret leaves nothing. */
static void
check_wiped(const struct reading *r)
{
    FUZZ_MUST(!r->subject && !r->body && !r->own_text && !r->raw_hash);
    FUZZ_MUST(!r->identity && !r->message_id && r->files->len == 0);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    const struct mail_context context = {"xxk@mail.example.gov.cn",
                                         &mail_default_limits, FALSE};
    g_autoptr(reading) r = mail_read(data, len, &context);
    g_autoptr(reading) carried = carry(r);

    if (carried->secrecy != SECRECY_NONE)
        check_wiped(carried);
    check_decision(carried);
    return 0;
}

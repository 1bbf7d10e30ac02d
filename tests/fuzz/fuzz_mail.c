/* fuzz_mail.c - a message as bytes: what the reader makes of it must pass
 * the checks that the program makes of a reader's answer, and be decided. */
#include "fuzz/fuzz.h"
#include "message/mail.h"
#include "pack/load.h"
#include "rules/decide.h"

/* Smaller than the program's, so that they are met. */
static const struct mail_limits limits = {.parts = 40,
                                          .depth = 8,
                                          .header_bytes = 16 << 10,
                                          .header_fields = 100,
                                          .text_bytes = 8 << 10};
static struct pack *rules, *second; /* the second has informants */
static struct matcher *names, *second_names;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct err e = ERR_INIT;

    (void)argc;
    (void)argv;
    mail_init();
    FUZZ_MUST(pack_load("mailrules/tancheng-2019", &rules, &e) == ST_OK);
    FUZZ_MUST(pack_load("tests/data/rules/everything", &second, &e) == ST_OK);
    names = matcher_new(rules->roster, "郯城县人民政府办公室信息科");
    second_names = matcher_new(second->roster, "云岭市人民政府办公室");
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

static gboolean
is_from(const struct reading *r, const char *address)
{
    for (guint i = 0; i < r->from->len; i++) {
        const struct reading_address *a = r->from->pdata[i];

        if (g_strcmp0(a->address, address) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Whoever he is and whatever he writes, only staff's proven mail is obeyed,
 * nothing forged is answered, and no machine, nor we ourselves. */
static void
check_decision(const struct decide_input *in)
{
    const struct reading *r = in->reading;
    struct decision d;

    decide(in, &d);
    fuzz_line(d.fields->title);
    fuzz_line(d.suggestion);
    FUZZ_MUST(d.draft < (int)r->files->len && d.words >= 0);
    FUZZ_MUST(!d.reply_to || r->machine == MACHINE_NO);
    FUZZ_MUST(!d.reply_to || in->proof != PROOF_FAILED);
    FUZZ_MUST(!d.reply_to || !is_from(r, in->own_address));
    FUZZ_MUST(!d.reply_to || !in->old);
    FUZZ_MUST((d.verdict == VERDICT_QUARANTINED) ==
              (r->secrecy != SECRECY_NONE));
    FUZZ_MUST(d.verdict != VERDICT_COMMAND ||
              (in->is_staff && r->from->len == 1 &&
               ((in->proof == PROOF_PROVEN && !in->same_id_other_text) ||
                in->codes)));
    FUZZ_MUST(!d.registers ||
              (d.informant && in->proof == PROOF_PROVEN && !in->old));
    FUZZ_MUST(d.verdict != VERDICT_ACCEPTED || !in->same_message);
    decision_clear(&d);
}

static void
check_decisions(const struct reading *r)
{
    struct decide_input in = {.reading = r,
                              .pack = rules,
                              .matcher = names,
                              .own_address = "xxk@mail.example.gov.cn",
                              .received = 1551749400,
                              .now = 1551749400,
                              .day = 17960};

    /* who has no address is nobody's staff */
    for (int is_staff = 0; is_staff <= (r->from->len > 0); is_staff++) {
        for (int proof = PROOF_NONE; proof <= PROOF_FAILED; proof++) {
            in.is_staff = is_staff;
            in.proof = (enum proof)proof;
            check_decision(&in);
        }
    }
    in.is_staff = r->from->len == 1; /* a code, in a mail from before */
    in.proof = PROOF_NONE;
    in.codes = in.old = TRUE;
    check_decision(&in);
    in.codes = FALSE; /* orders from before, proven */
    in.proof = PROOF_PROVEN;
    check_decision(&in);
    in.same_id_other_text = TRUE; /* and worked on */
    in.old = FALSE;
    check_decision(&in);
    in.is_staff = FALSE;
    in.same_message = TRUE;
    check_decision(&in);
}

/* What is marked secret leaves nothing. */
static void
check_wiped(const struct reading *r)
{
    FUZZ_MUST(!r->subject && !r->body && !r->own_text && !r->raw_hash);
    FUZZ_MUST(!r->identity && !r->message_id && r->files->len == 0);
}

/* An informant may write, whom the mail's server has proven to be one. */
static void
check_informant(const struct reading *r)
{
    struct decide_input in = {.reading = r,
                              .pack = second,
                              .matcher = second_names,
                              .own_address = "xxk@mail.example.gov.cn",
                              .received = 1715734800,
                              .now = 1715734800,
                              .day = 19858,
                              .proof = PROOF_PROVEN};

    check_decision(&in);
    in.old = TRUE;
    check_decision(&in);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    const struct mail_context context = {"xxk@mail.example.gov.cn", &limits,
                                         FALSE};
    g_autoptr(reading) r = mail_read(data, len, &context);
    g_autoptr(reading) carried = carry(r);

    if (carried->secrecy != SECRECY_NONE)
        check_wiped(carried);
    check_decisions(carried);
    check_informant(carried);
    return 0;
}

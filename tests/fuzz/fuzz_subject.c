/* fuzz_subject.c - a subject line, a file name, a body with labels.
 *
 * Four fields, the last three may be missing: the line, the sender's name, the
 * body, and anything for the second roster, which has every key of one. */
#include "fuzz/fuzz.h"
#include "pack/load.h"
#include "rules/subject.h"
#include "unit/tancheng.h"

static const char *const forms[] = {"简讯", "专报类信息", NULL};
static struct roster *units; /* of the first */
static struct pack *second_pack;
static struct subject_context contexts[2];

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct err e = ERR_INIT;

    (void)argc;
    (void)argv;
    FUZZ_MUST(pack_load("tests/data/rules/everything", &second_pack, &e) ==
              ST_OK);
    units = tancheng_roster();
    contexts[0] = (struct subject_context){matcher_new(units, TANCHENG_OFFICE),
                                           forms, "政务信息", NULL, units};
    contexts[1] = (struct subject_context){
        matcher_new(second_pack->roster, "云岭市人民政府办公室"), forms, NULL,
        NULL, second_pack->roster};
    return 0;
}

/* The line that a sender may copy: of what he wrote, of what else is known
 * (`hints`), and of who he is. */
static void
check_suggested(const struct fields *f, const struct fields *hints)
{
    const struct unit *unit = roster_unit(units, 0);
    const struct informant who = {.name = (char *)"张敏",
                                  .phone = (char *)"0539-6201001"};
    g_autofree char *alone = fields_suggest(f, NULL, NULL, NULL);
    g_autofree char *helped = fields_suggest(f, hints, unit, &who);

    fuzz_line(alone);
    fuzz_line(helped);
}

static void
check_authors(const struct fields *f)
{
    g_autoptr(GPtrArray) authors = fields_authors(f->submitter);

    for (guint i = 0; i < authors->len; i++)
        fuzz_line(authors->pdata[i]);
}

static void
check(const struct fields *f)
{
    FUZZ_MUST(!fields_unit(f) == (f->units->len == 0));
    check_authors(f);
    FUZZ_MUST((f->title_found == FOUND) == (f->title != NULL));
    FUZZ_MUST((f->unit_found == FOUND) == (f->units->len > 0));
    FUZZ_MUST((f->submitter_found == FOUND) == (f->submitter != NULL));
    fuzz_line(f->title);
    fuzz_line(f->unit_text);
    fuzz_line(f->submitter);
    fuzz_line(f->signer);
    fuzz_line(f->openness);
    fuzz_line(f->date);
    for (guint i = 0; i < f->phones->len; i++)
        fuzz_digits(f->phones->pdata[i]);
    for (guint i = 0; i < f->extensions->len; i++)
        fuzz_digits(f->extensions->pdata[i]);
}

static struct subject_context
with_sender(const struct subject_context *c, const char *sender)
{
    struct subject_context out = *c;

    out.sender_name = sender;
    return out;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    struct fuzz_input in = {(const char *)data, (const char *)data + len};
    g_autofree char *line = fuzz_take_line(&in);
    g_autofree char *sender = fuzz_take_line(&in);
    g_autofree char *body = fuzz_take_text(&in);
    g_autofree char *second = fuzz_take_text(&in);
    struct subject_context c = with_sender(&contexts[*second ? 1 : 0], sender);
    g_autoptr(fields) f = subject_read(&c, line);
    g_autoptr(fields) named = subject_read_file_name(&c, line);
    g_autoptr(fields) labelled = subject_read_body(&c, body);
    g_autofree char *rest = subject_body_text(body);
    g_autofree char *stripped = subject_strip(line);

    check(f);
    check(named);
    check(labelled);
    fuzz_text(rest);
    fuzz_line(stripped);
    check_suggested(f, labelled);
    check_suggested(named, f);
    fields_fill(f, labelled, TRUE);
    fields_fill(f, named, TRUE);
    check(f);
    return 0;
}

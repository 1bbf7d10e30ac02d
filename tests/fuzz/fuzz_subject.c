/* fuzz_subject.c - a subject line, a file name, a body with labels. */
#include "fuzz/fuzz.h"
#include "rules/subject.h"
#include "unit/tancheng.h"

static struct roster *units;
static struct matcher *names;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    units = tancheng_roster();
    names = matcher_new(units, TANCHENG_OFFICE);
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
check(const struct fields *f)
{
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

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    static const char *const forms[] = {"简讯", "专报", NULL};
    struct fuzz_input in = {(const char *)data, (const char *)data + len};
    g_autofree char *line = fuzz_take_line(&in);
    g_autofree char *sender = fuzz_take_line(&in);
    g_autofree char *body = fuzz_take_text(&in);
    struct subject_context c = {names, forms, "政务信息", sender, units};
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

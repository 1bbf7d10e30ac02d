/* write_letters TEMPLATES DIR: every letter of the catalogue, filled with its
 * samples and composed, as DIR/LETTER.eml, for readers that are not ours. */
#include "reply/catalogue.h"
#include "reply/compose.h"

#include <stdio.h>

static const char workbook[] = "PK\x03\x04 a workbook";

static enum st
write_letter(const struct catalogue *c, const struct clock *clock,
             enum letter letter, const char *dir, struct err *e)
{
    struct mail_attachment sheet = {
        "关于2019年3月份全县政务信息采用情况的通报.xlsx",
        "bulletin-2019-03.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        workbook, sizeof workbook - 1};
    struct outgoing_mail m = {.occasion = OCCASION_REPLY,
                              .office = "郯城县人民政府办公室信息科",
                              .from = "xxk@mail.example.gov.cn",
                              .to = "li@example.gov.cn",
                              .key = letter_name(letter),
                              .instant = clock->instant,
                              .clock = clock,
                              .in_reply_to = "<draft@example.gov.cn>"};
    g_autofree char *path =
        g_strdup_printf("%s/%s.eml", dir, letter_name(letter));
    struct letter_text t = {NULL, NULL, NULL};
    g_autofree char *data = NULL;
    size_t len = 0;
    enum st st = catalogue_write(c, letter, catalogue_sample(c, letter), &t, e);

    if (st != ST_OK)
        return st;
    m.subject = t.subject;
    m.text = t.text;
    m.html = t.html;
    m.attachments = &sheet;
    m.n_attachments = letter == LETTER_BULLETIN_DRAFT;
    st = compose_mail(&m, &data, &len, e);
    letter_text_clear(&t);
    if (st == ST_OK && !g_file_set_contents(path, data, (gssize)len, NULL))
        st = err_set(e, ST_FATAL, EXIT_IO, "cannot write %s", path);
    return st;
}

int
main(int argc, char **argv)
{
    struct clock clock = {TRUE, 1551749400,
                          g_time_zone_new_identifier("Asia/Shanghai")};
    g_autoptr(catalogue) c = NULL;
    struct err e = ERR_INIT;
    enum st st;

    if (argc != 3) {
        fprintf(stderr, "usage: write_letters TEMPLATES DIR\n");
        return EXIT_USAGE_ERROR;
    }
    st = catalogue_load(argv[1], NULL, &c, &e);
    for (int i = 0; i < LETTER_COUNT && st == ST_OK; i++)
        st = write_letter(c, &clock, (enum letter)i, argv[2], &e);
    g_time_zone_unref(clock.zone);
    if (st != ST_OK)
        fprintf(stderr, "%s\n", e.text);
    return st == ST_OK ? EXIT_DONE : EXIT_SOFTWARE;
}

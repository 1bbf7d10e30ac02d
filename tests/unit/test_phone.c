/* Telephone numbers as people write them, and what is none. */
#include "rules/phone.h"

#include <locale.h>
#include <string.h>

struct sample {
    const char *text;
    const char *numbers; /* joined by ",", extensions with "+" */
};

static const struct sample samples[] = {
    /* local numbers, with and without area code */
    {"6106766", "6106766"},
    {"62048653", "62048653"},
    {"６１０６７６６", "6106766"},
    {"0539-6201234", "05396201234"},
    {"0539 6201234", "05396201234"},
    {"0539—6201234", "05396201234"},
    {"0913—6155328", "09136155328"},
    {"0412-2310718", "04122310718"},
    {"０５３９－６２０５６７８", "05396205678"},
    {"05396201234", "05396201234"},
    {"053962012345", "053962012345"},
    {"（0539）6106766", "05396106766"},
    {"(0539) 6106766", "05396106766"},
    {"010-62048653", "01062048653"},
    {"02062048653", "02062048653"},
    {"+86-539-6201234", "05396201234"},
    /* mobiles */
    {"13383209773", "13383209773"},
    {"手机13383209773", "13383209773"},
    {"张三13800000000", "13800000000"},
    {"139 0539 1234", "13905391234"},
    {"139-0539-1234", "13905391234"},
    {"+8613905391234", "13905391234"},
    {"+86 139 0539 1234", "13905391234"},
    {"0086-13905391234", "13905391234"},
    /* several */
    {"6106766,6109100", "6106766,6109100"},
    {"62048653、62048385", "62048653,62048385"},
    {"6208901，13705391234", "6208901,13705391234"},
    {"6106766/6109100", "6106766,6109100"},
    {"22542042258332", "2254204,2258332"},
    {"6204865362048385", "62048653,62048385"},
    {"139053912346201234", "13905391234,6201234"},
    {"620123413905391234", "6201234,13905391234"},
    {"1390539123415253901234", "13905391234,15253901234"},
    /* extensions */
    {"6201122转601", "6201122,+601"},
    {"（0539）6106766转8012", "05396106766,+8012"},
    {"6106766-8012", "6106766,+8012"},
    {"6106766（转8012）", "6106766,+8012"},
    {"6106766 转 8012", "6106766,+8012"},
    {"6106766转分机8012", "6106766,+8012"},
    {"6106766ext8012", "6106766,+8012"},
    {"分机32047", "+32047"},
    {"内线：32047", "+32047"},
    {"电话：32047", "+32047"},
    {"短号 62047", "+62047"},
    /* none */
    {"", ""},
    {"2019", ""},
    {"2019年", ""},
    {"20190305", ""},
    {"19991231", ""},
    {"205国道", ""},
    {"32047", ""},
    {"12345", ""},
    {"1.2345678", ""},
    {"6201234万元", ""},
    {"6201234.5", ""},
    {"6201234人次", ""},
    {"约6201234", ""},
    {"¥6201234", ""},
    {"第6201234号", ""},
    {"370121198001011234", ""}, /* identity card */
    {"620123456", ""},          /* nine digits */
    {"123456789012345", ""},
    {"1234567", ""}, /* no local number begins with 1 */
    {"A6201234", ""},
    {"12800000000", ""},
    {"2018-2019", ""},
    {"2019-03-05", ""},
    {"00000000", ""},
    /* in a line */
    {"郯政办字〔2019〕10号 6106766", "6106766"},
    {"2019年第8期-冯程-6208901", "6208901"},
    {"205国道改建 电话：6207890", "6207890"},
};

static char *
joined(const GArray *phones)
{
    GString *s = g_string_new(NULL);

    for (guint i = 0; i < phones->len; i++) {
        const struct phone *p = &g_array_index(phones, struct phone, i);

        g_string_append_printf(s, "%s%s%s", s->len ? "," : "",
                               p->kind == PHONE_EXTENSION ? "+" : "",
                               p->digits);
    }
    return g_string_free(s, FALSE);
}

static void
test_samples(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autoptr(GArray) phones = phone_scan(samples[i].text);
        g_autofree char *got = joined(phones);

        if (strcmp(got, samples[i].numbers) != 0) {
            g_test_message("%s: expected \"%s\", got \"%s\"", samples[i].text,
                           samples[i].numbers, got);
            g_test_fail();
        }
    }
}

/* Places are in order, do not overlap, and lie within the line. */
static void
test_places(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autoptr(GArray) phones = phone_scan(samples[i].text);
        int end = 0, n = (int)g_utf8_strlen(samples[i].text, -1);

        for (guint k = 0; k < phones->len; k++) {
            const struct phone *p = &g_array_index(phones, struct phone, k);

            g_assert_cmpint(p->start, >=, end);
            g_assert_cmpint(p->end, >, p->start);
            g_assert_cmpint(p->end, <=, n);
            end = p->end;
        }
    }
}

/* Nothing of any length or mixture breaks the scan. */
static void
test_noise(void)
{
    static const char alphabet[] = "0123456789-() 转分机+86:/,年万.电话#xe";
    GRand *rand = g_rand_new_with_seed(2019);
    glong letters = g_utf8_strlen(alphabet, -1);

    for (int i = 0; i < 20000; i++) {
        GString *s = g_string_new(NULL);
        int n = g_rand_int_range(rand, 0, 40);

        while (n-- > 0)
            g_string_append_unichar(
                s, g_utf8_get_char(g_utf8_offset_to_pointer(
                       alphabet, g_rand_int_range(rand, 0, (gint32)letters))));
        g_array_unref(phone_scan(s->str));
        g_string_free(s, TRUE);
    }
    g_rand_free(rand);
}

int
main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/phone/forms", test_samples);
    g_test_add_func("/phone/places", test_places);
    g_test_add_func("/phone/noise", test_noise);
    return g_test_run();
}

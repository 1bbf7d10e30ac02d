/* fuzz_order.c - a line of the desk taken apart in every way that an order
 * is, and the mail that it stands in. */
#include "base/text.h"
#include "desk/order.h"
#include "desk/when.h"
#include "fuzz/fuzz.h"
#include "message/quote.h"
#include "rules/orders.h"
#include "rules/period.h"

#include <string.h>

enum { TODAY = 17960, LINES = 10 };

static struct clock shanghai;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    shanghai = (struct clock){TRUE, 1551749400, NULL};
    shanghai.zone = g_time_zone_new_identifier("Asia/Shanghai");
    FUZZ_MUST(shanghai.zone);
    return 0;
}

static void
take_field(struct order *o, gboolean pair)
{
    g_autofree char *name = NULL, *value = NULL;

    if (pair ? order_take_pair(o, &name, &value)
             : order_take_field(o, &name, &value)) {
        FUZZ_MUST(*name && *value);
        fuzz_line(name);
        fuzz_line(value);
    }
}

/* One way to take the next word; whatever it is, the words are used up. */
static void
take_one(struct order *o, guint how)
{
    g_autofree char *word = NULL;
    decimal points;
    civil_day day;

    switch (how % 7) {
    case 0:
        word = order_take_number(o);
        break;
    case 1:
        word = order_take_handle(o);
        break;
    case 2:
        order_take_day(o, TODAY, &day);
        break;
    case 3:
        order_take_quantity(o, &points);
        break;
    case 4:
        order_take_amount(o, &points);
        break;
    case 5:
        take_field(o, how % 2 == 0);
        break;
    default:
        order_take(o);
    }
    fuzz_line(word);
}

static void
take_all(const char *line)
{
    for (guint first = 0; first < 7; first++) {
        g_autoptr(order) o = order_new(line);
        g_autofree char *rest = NULL;
        guint before = o->next;

        for (guint i = first; order_peek(o) && i < first + 40; i++) {
            take_one(o, i);
            FUZZ_MUST(o->next >= before && o->next <= o->words->len);
            before = o->next;
        }
        rest = order_take_rest(o);
        fuzz_line(rest);
    }
}

/* A period is found again by its name, and its neighbours by its ends. */
static void
check_period(const struct calendar *cal, const char *line)
{
    struct period p, again;
    g_autofree char *name = NULL, *printed = NULL;

    if (!period_parse(cal, line, &p))
        return;
    FUZZ_MUST(p.from <= p.to);
    name = period_name(&p);
    printed = period_printed(&p);
    fuzz_line(name);
    fuzz_line(printed);
    FUZZ_MUST(period_parse(cal, name, &again) && period_same(&p, &again));
    if (p.kind == PERIOD_NONE)
        return;
    again = period_next(cal, &p);
    FUZZ_MUST(again.from > p.to);
    again = period_previous(cal, &again);
    FUZZ_MUST(period_same(&p, &again));
}

static void
check_line(const char *line)
{
    /* a quarter that is longer, one with days that nobody has on either
     * side of it, and a month that takes days of both its neighbours */
    static const struct odd_period odd[] = {
        {(char *)"2019-Q1", PERIOD_QUARTER, 17886, 17996},
        {(char *)"2019-Q3", PERIOD_QUARTER, 18109, 18154},
        {(char *)"2019-02", PERIOD_MONTH, 17921, 17957}};
    const struct calendar usual = {0, NULL};
    const struct calendar own = {G_N_ELEMENTS(odd), odd};
    gint64 instant = G_MININT64;

    take_all(line);
    orders_is_command(line);
    orders_is_query(line);
    orders_is_slip(line);
    check_period(&usual, line);
    check_period(&own, line);
    if (when_parse(line, &shanghai, TRUE, &instant))
        FUZZ_MUST(instant > G_MININT64);
}

static void
check_mail(const char *text)
{
    g_autoptr(reading) r = reading_new();
    g_autofree char *code = NULL;

    r->own_text = quote_strip(text);
    r->subject = text_line(text);
    fuzz_text(r->own_text);
    orders_find(r, orders_is_command);
    code = orders_code(r);
    fuzz_digits(code);
    FUZZ_MUST(!code || strlen(code) == 6);
    quote_has_big_file_link(text);
}

/* Nothing of what is quoted is an order of who quotes it (D10). */
static void
check_quoted(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autofree char *joined = g_strjoinv("\n> ", lines);
    g_autofree char *quoted = g_strconcat("> ", joined, "\n", NULL);
    g_autofree char *own = quote_strip(quoted);

    FUZZ_MUST(!*g_strstrip(own));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    g_autofree char *text = text_clean((const char *)data, len);
    g_auto(GStrv) lines = g_strsplit(text, "\n", LINES);

    for (char **line = lines; *line; line++)
        check_line(*line);
    check_mail(text);
    check_quoted(text);
    return 0;
}

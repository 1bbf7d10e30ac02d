/* options.c - see options.h. */
#include "desk/options.h"

#include "base/pattern.h"

#define NUMERAL "[〇零○一二三四五六七八九十廿卅]"

/* 2019-03-12前, 2019-3, 3月32号, 3月, 13-45, 12日, 20190312, 三月十二日. */
static struct pattern like_day = PATTERN(
    "^(?:[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]|[0-9]{1,2}月[0-9]{1,2}|"
    "(?:[0-9]{4}[-/.年]?)?[0-9]{1,2}[-/.月]份?$|[0-9]{4}[-/.年][0-9]{1,2}$|"
    "[0-9]{4}年?$|[0-9]{1,2}[-/.][0-9]{1,2}[日号]?$|[0-9]{1,2}[日号]$|"
    "(?:19|20)[0-9]{6}$|" NUMERAL "{2,4}年" NUMERAL "{1,2}月|" NUMERAL
    "{1,2}月" NUMERAL "{1,3}[日号])");
static struct pattern like_when =
    PATTERN("^(?:(?:大?前|昨|今|明|当|本|后)[天日]|"
            "[上本这下]*个?(?:周|星期|礼拜)[一二三四五六日天末]|"
            "[上本这下]个?月(?:[0-9]{1,2}[日号]|底|末|初)?)$");
static struct pattern plain_day =
    PATTERN("^(?:[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}[日号]?|"
            "[0-9]{1,2}月[0-9]{1,2}[日号]?)$");

static struct pattern like_quantity =
    PATTERN("^(?:[×✕✖╳x*][-+.0-9一二三四五六七八九十两]|[0-9.]+[×✕✖╳x*]$|"
            "[-+]?[0-9]+(?:\\.[0-9]+)?[人名次个篇条件期项天倍]$|"
            "[-+]?[0-9]{1,3}(?:\\.[0-9]+)?$)");
static struct pattern plain_quantity = PATTERN("^×[0-9]+(?:\\.[0-9]+)?$");
static struct pattern like_amount = PATTERN("^=|^[-+]?[0-9.]+分$");
static struct pattern plain_amount = PATTERN("^=[-+]?[0-9]+(?:\\.[0-9]+)?分?$");

gboolean
options_like_day(const char *word)
{
    return pattern_matches(&like_day, word) ||
           pattern_matches(&like_when, word);
}

gboolean
options_plain_day(const char *word)
{
    return pattern_matches(&plain_day, word);
}

static gboolean
find_fault(struct options *x, enum options_fault fault, const char *word)
{
    x->fault = fault;
    x->word = g_strdup(word);
    return FALSE;
}

/* TRUE: it was one, and taken.  Behind a date 3-5 is a page. */
static gboolean
take_day(struct order *o, civil_day today, struct options *x)
{
    g_autofree char *word = g_strdup(order_peek(o));

    if (x->has_day)
        return options_plain_day(word) && find_fault(x, OPTIONS_TWICE, word);
    if (order_take_day(o, today, &x->day))
        return x->has_day = TRUE;
    return options_like_day(word) && find_fault(x, OPTIONS_DAY, word);
}

/* Behind a quantity, 2人 is a remark. */
static gboolean
take_quantity(struct order *o, struct options *x)
{
    g_autofree char *word = g_strdup(order_peek(o));
    decimal n = 0;

    if (x->has_quantity)
        return pattern_matches(&plain_quantity, word) &&
               find_fault(x, OPTIONS_TWICE, word);
    if (!order_take_quantity(o, &n))
        return pattern_matches(&like_quantity, word) &&
               find_fault(x, OPTIONS_QUANTITY, word);
    if (n <= 0 || n > OPTIONS_MOST * DECIMAL_ONE)
        return find_fault(x, OPTIONS_QUANTITY, word);
    x->quantity = n;
    return x->has_quantity = TRUE;
}

static gboolean
take_amount(struct order *o, struct options *x)
{
    g_autofree char *word = g_strdup(order_peek(o));

    if (x->has_amount)
        return pattern_matches(&plain_amount, word) &&
               find_fault(x, OPTIONS_TWICE, word);
    if (order_take_amount(o, &x->amount))
        return x->has_amount = TRUE;
    return pattern_matches(&like_amount, word) &&
           find_fault(x, OPTIONS_AMOUNT, word);
}

/* Only what can hardly be anything else. */
static void
look_at_note(const struct order *o, gboolean day_only, struct options *x)
{
    for (guint n = o->next; n < o->words->len && !x->fault; n++) {
        const char *word = g_ptr_array_index(o->words, n);

        if ((!x->has_day && options_plain_day(word)) ||
            (!day_only && !x->has_quantity &&
             pattern_matches(&plain_quantity, word)) ||
            (!day_only && !x->has_amount &&
             pattern_matches(&plain_amount, word)))
            find_fault(x, OPTIONS_LATE, word);
    }
}

/* A value before a quantity: 5分 has digits, too. */
static gboolean
take_one(struct order *o, civil_day today, gboolean day_only, struct options *x)
{
    if (take_day(o, today, x) || x->fault)
        return !x->fault;
    if (day_only)
        return FALSE;
    if (take_amount(o, x) || x->fault)
        return !x->fault;
    return take_quantity(o, x);
}

void
options_take(struct order *o, civil_day today, gboolean day_only,
             struct options *out)
{
    *out = (struct options){.day = today, .quantity = DECIMAL_ONE};
    while (order_peek(o) && take_one(o, today, day_only, out))
        ;
    if (!out->fault)
        look_at_note(o, day_only, out);
    if (!out->fault)
        out->note = order_take_rest(o);
}

void
options_clear(struct options *x)
{
    g_clear_pointer(&x->note, g_free);
    g_clear_pointer(&x->word, g_free);
}

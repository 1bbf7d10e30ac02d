/* phone.c - see phone.h.
 *
 * At every digit that begins a number, the forms are tried from the most
 * definite to the least; what stands before and behind decides whether a
 * run of digits is a number at all. */
#include "rules/phone.h"

#include "base/text.h"
#include "rules/labels.h"
#include "rules/runes.h"

#include <string.h>

struct scan {
    const struct runes *r;
    GArray *out; /* of struct phone */
};

static gboolean
is_digit(const struct runes *r, int at)
{
    return at >= 0 && at < r->n && r->folded[at] >= '0' && r->folded[at] <= '9';
}

static int
digits_from(const struct runes *r, int at)
{
    int n = 0;

    while (is_digit(r, at + n))
        n++;
    return n;
}

/* What joins the parts of one number: 0539-6201234, 0913—6155328. */
static gboolean
is_joint(gunichar c)
{
    return c == '-' || c == ' ' || (c >= 0x2010 && c <= 0x2015) ||
           c == 0x2212 || c == 0x2500;
}

static int
joints_from(const struct runes *r, int at)
{
    int n = 0;

    while (n < 3 && at + n < r->n && is_joint(r->folded[at + n]))
        n++;
    return n;
}

/* A number that takes [start, end); its digits begin at `from`, joints among
 * them are left out. */
static void
add_span(struct scan *s, enum phone_kind kind, int start, int from, int end)
{
    struct phone p = {kind, start, end, ""};
    size_t n = 0;

    for (int i = from; i < end && n < sizeof p.digits - 1; i++)
        if (is_digit(s->r, i))
            p.digits[n++] = (char)s->r->folded[i];
    g_array_append_val(s->out, p);
}

/* The same, with the 0 that an area code has at home. */
static void
add_international(struct scan *s, int start, int from, int end)
{
    struct phone *p;

    add_span(s, PHONE_FIXED, start, from, end);
    p = &g_array_index(s->out, struct phone, s->out->len - 1);
    memmove(p->digits + 1, p->digits, sizeof p->digits - 2);
    p->digits[0] = '0';
}

/* ---- what is no number ---- */

static int
number_at(const struct runes *r, int at, int n)
{
    int value = 0;

    for (int i = at; i < at + n; i++)
        value = value * 10 + (int)(r->folded[i] - '0');
    return value;
}

/* 20190305 */
static gboolean
is_date(const struct runes *r, int at)
{
    int year = number_at(r, at, 4), month = number_at(r, at + 4, 2),
        day = number_at(r, at + 6, 2);

    return year >= 1949 && year <= 2099 && month >= 1 && month <= 12 &&
           day >= 1 && day <= 31;
}

/* What counts or measures: 6201234万元, 205国道. */
static gboolean
is_measure(gunichar c)
{
    return c == '%' || c == 0x2030 ||
           (text_is_cjk(c) &&
            g_utf8_strchr("万亿千百元亩吨斤公里米户人名个项家次辆台套年月日号"
                          "度国省条件头只株册份起例平立方余多",
                          -1, c) != NULL);
}

/* What makes the digits behind it an amount or a document's number. */
static gboolean
is_amount_mark(gunichar c)
{
    return c == '.' || c == '$' || c == 0xA5 || c == 0xFFE5 || c == 0x3014 ||
           (text_is_cjk(c) &&
            g_utf8_strchr("第约达为共超近增减破", -1, c) != NULL);
}

/* May a number stand at [start, end)? */
static gboolean
stands_free(const struct runes *r, int start, int end)
{
    gunichar before = start > 0 ? r->folded[start - 1] : ' ';
    gunichar behind = end < r->n ? r->folded[end] : ' ';

    if (is_digit(r, start - 1) || is_digit(r, end))
        return FALSE;
    if (g_unichar_isalpha(before) && before < 0x80 &&
        !labels_before(r, start, LABEL_PHONE))
        return FALSE;
    if (behind == '.' && is_digit(r, end + 1))
        return FALSE;
    return !is_measure(behind) && !is_amount_mark(before);
}

/* ---- forms; each gives the end of what it took, or 0 ---- */

/* +86, 0086, (+86), 86-: characters to skip before a number. */
static int
country_at(const struct runes *r, int at)
{
    static const char *const codes[] = {"(+86)", "+86", "(86)", "0086", "86-"};

    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        int n = runes_at(r, at, codes[i]);

        if (n > 0)
            return n + joints_from(r, at + n);
    }
    return 0;
}

static gboolean
is_mobile(const struct runes *r, int at)
{
    return is_digit(r, at) && r->folded[at] == '1' && is_digit(r, at + 1) &&
           r->folded[at + 1] >= '3';
}

/* 13905391234, 139-0539-1234. */
static int
mobile_at(const struct runes *r, int at)
{
    int a, b;

    if (!is_mobile(r, at))
        return 0;
    if (digits_from(r, at) == 11)
        return at + 11;
    if (digits_from(r, at) != 3)
        return 0;
    a = at + 3 + joints_from(r, at + 3);
    if (a == at + 3 || digits_from(r, a) != 4)
        return 0;
    b = a + 4 + joints_from(r, a + 4);
    return b > a + 4 && digits_from(r, b) == 4 ? b + 4 : 0;
}

static gboolean
is_local(const struct runes *r, int at, int n)
{
    return (n == 7 || n == 8) && r->folded[at] >= '2' && r->folded[at] <= '8' &&
           !(n == 8 && is_date(r, at));
}

/* Digits of an area code at `at`: 010 and 02x have three, others four. */
static int
area_digits(const struct runes *r, int at)
{
    if (!is_digit(r, at) || r->folded[at] != '0' || !is_digit(r, at + 1) ||
        r->folded[at + 1] == '0')
        return 0;
    return r->folded[at + 1] <= '2' ? 3 : 4;
}

/* (0539)6106766, 0539-6201234, 05396201234. */
static int
area_at(const struct runes *r, int at)
{
    gboolean bracket = at < r->n && r->folded[at] == '(';
    int start = at + (bracket ? 1 : 0), area = area_digits(r, start);
    int run = digits_from(r, start), local;

    if (area == 0 || run < area)
        return 0;
    if (run > area)
        return !bracket && is_local(r, start + area, run - area) ? start + run
                                                                 : 0;
    local = start + area;
    if (local < r->n && r->folded[local] == ')')
        local++;
    else if (bracket)
        return 0;
    if (local < r->n && (r->folded[local] == '/' || r->folded[local] == '_'))
        local++;
    local += joints_from(r, local);
    run = digits_from(r, local);
    return local > start + area && is_local(r, local, run) ? local + run : 0;
}

/* 539-6201234 behind +86: the area code without its 0. */
static int
bare_area_at(const struct runes *r, int at)
{
    int area = digits_from(r, at), local = at + area, run;

    if (area < 2 || area > 3)
        return 0;
    local += joints_from(r, local);
    run = digits_from(r, local);
    return local > at + area && is_local(r, local, run) ? local + run : 0;
}

/* 400-123-4567. */
static int
service_at(const struct runes *r, int at)
{
    int digits = 0, i = at;

    if (!runes_at(r, at, "400") && !runes_at(r, at, "800"))
        return 0;
    while (digits < 10 && i < r->n) {
        if (is_digit(r, i))
            digits++;
        else if (r->folded[i] != '-' || i == at)
            break;
        i++;
    }
    return digits == 10 && !is_digit(r, i) && i - at >= 10 ? i : 0;
}

/* A run that is two numbers whose separator was lost, when it can be cut in
 * one way only. */
static gboolean
add_double(struct scan *s, int at, int run)
{
    int cut = 0, cuts = 0;

    for (int n = 7; n <= run - 7; n++) {
        int rest = run - n;
        gboolean first = n == 11 ? is_mobile(s->r, at) : is_local(s->r, at, n);
        gboolean second =
            rest == 11 ? is_mobile(s->r, at + n) : is_local(s->r, at + n, rest);

        /* One office writes its numbers with the same length. */
        if (first && second && (n == rest || n == 11 || rest == 11)) {
            cut = n;
            cuts++;
        }
    }
    /* 18 digits with a date of birth inside are an identity card. */
    if (cuts != 1 || (run == 18 && is_date(s->r, at + 6)))
        return FALSE;
    add_span(s, cut == 11 ? PHONE_MOBILE : PHONE_FIXED, at, at, at + cut);
    add_span(s, run - cut == 11 ? PHONE_MOBILE : PHONE_FIXED, at + cut,
             at + cut, at + run);
    return TRUE;
}

/* ---- extensions ---- */

/* The end of an extension's mark at `at` (转, 转分机, -8012), or 0. */
static int
extension_mark(const struct runes *r, int at)
{
    static const char *const marks[] = {"转接", "转分机", "转",   "分机号",
                                        "分机", "内线",   "ext.", "ext",
                                        "#",    "*",      "x"};
    int start = at;

    while (at < r->n && (r->folded[at] == ' ' || r->folded[at] == '(' ||
                         r->folded[at] == ',' || r->folded[at] == 0x3001))
        at++;
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        int n = runes_at(r, at, marks[i]);

        if (n > 0) {
            at += n;
            while (at < r->n && (r->folded[at] == ' ' || r->folded[at] == ':'))
                at++;
            return at;
        }
    }
    /* 6106766-8012: a hyphen and nothing else, and no year behind it. */
    if (start < r->n && r->folded[start] == '-' &&
        digits_from(r, start + 1) >= 3 && digits_from(r, start + 1) <= 4 &&
        !runes_at(r, start + 1, "19") && !runes_at(r, start + 1, "20"))
        return start + 1;
    return 0;
}

/* Take the extension behind a number that ends at `end`. */
static int
take_extension(struct scan *s, int end)
{
    int at = extension_mark(s->r, end), n = at > 0 ? digits_from(s->r, at) : 0;
    int closing = 0;

    if (n < 2 || n > 6)
        return end;
    if (s->r->folded[end] == '(' && at + n < s->r->n &&
        s->r->folded[at + n] == ')')
        closing = 1;
    add_span(s, PHONE_EXTENSION, end, at, at + n + closing);
    return at + n + closing;
}

/* 分机32047 and 电话：32047, with no number before them. */
static int
lone_extension_at(struct scan *s, int at)
{
    int n = digits_from(s->r, at);
    gboolean labelled = labels_before(s->r, at, LABEL_EXTENSION) > 0;

    if (n < 3 || n > 6 || is_digit(s->r, at - 1))
        return 0;
    if (!labelled && (n < 4 || !labels_before(s->r, at, LABEL_PHONE)))
        return 0;
    add_span(s, PHONE_EXTENSION, at, at, at + n);
    return at + n;
}

/* ---- one place after the other ---- */

/* A run of digits that is one number by itself, or two. */
static int
run_at(struct scan *s, int at)
{
    int run = digits_from(s->r, at);

    if (run == 0 || !stands_free(s->r, at, at + run))
        return 0;
    if (is_local(s->r, at, run) ||
        ((run == 7 || run == 8) && labels_before(s->r, at, LABEL_PHONE) &&
         !is_date(s->r, at)))
        add_span(s, PHONE_FIXED, at, at, at + run);
    else if (!add_double(s, at, run))
        return 0;
    return take_extension(s, at + run);
}

static int
number_at_place(struct scan *s, int at)
{
    int skip = country_at(s->r, at), start = at + skip, end;

    end = mobile_at(s->r, start);
    if (end > 0 && stands_free(s->r, at, end)) {
        add_span(s, PHONE_MOBILE, at, start, end);
        return take_extension(s, end);
    }
    if (skip == 0 && !is_digit(s->r, at) && s->r->folded[at] != '(')
        return 0;
    end = skip > 0 ? bare_area_at(s->r, start) : 0;
    if (end > 0 && stands_free(s->r, at, end)) {
        add_international(s, at, start, end);
        return take_extension(s, end);
    }
    end = area_at(s->r, start);
    if (end == 0)
        end = service_at(s->r, start);
    if (end > 0 && stands_free(s->r, at, end)) {
        add_span(s, PHONE_FIXED, at, start, end);
        return take_extension(s, end);
    }
    end = lone_extension_at(s, at);
    return end > 0 ? end : run_at(s, at);
}

GArray *
phone_scan(const char *text)
{
    g_autoptr(runes) r = runes_new(text);
    struct scan s = {r, g_array_new(FALSE, FALSE, sizeof(struct phone))};

    for (int at = 0; at < r->n;) {
        int end = number_at_place(&s, at);

        if (end == 0)
            end = at + MAX(digits_from(r, at), 1);
        at = end;
    }
    return s.out;
}

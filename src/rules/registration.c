/* registration.c - see registration.h. */
#include "rules/registration.h"

#include "base/address.h"
#include "base/pattern.h"
#include "base/text.h"
#include "rules/person.h"
#include "rules/phone.h"
#include "rules/subject.h"

#include <string.h>

enum { ENTRIES_MOST = 20, LINE_BYTES = 1000 };

#define FIRST_WORD "信息员"

static struct pattern first_line = PATTERN(
    "^" FIRST_WORD "(?:(?<on>备案|登记|报备|变更|调整)|(?<off>停用|注销))"
    "(?:申请|表)?(?![\\p{Han}])[:\\s,;-]*");
static struct pattern labelled = PATTERN(
    "^(?:(?<unit>报送单位|单位名称|单位)|(?<name>信息员姓名|姓名|信息员|"
    "报送人|联系人)|(?<address>电子邮箱|电子邮件|邮箱|邮件地址|email)|"
    "(?<phone>联系电话|办公电话|手机号码|手机|电话))\\s*:\\s*(?<what>.+)$");

/* A dash between digits belongs to the number. */
static struct pattern separators =
    PATTERN("[\\s,、;|/]+|(?<![0-9])-+|-+(?![0-9])");

static void
registration_free(void *data)
{
    struct registration *r = data;

    g_free(r->name);
    g_free(r->address);
    g_free(r->phone);
    g_free(r);
}

gboolean
registration_is_line(const char *line)
{
    g_autofree char *bare = NULL, *folded = NULL;

    /* Nothing in a plain line folds to these ideographs but themselves. */
    if (text_is_line(line) && !strstr(line, FIRST_WORD))
        return FALSE;
    bare = subject_strip(line);
    folded = text_fold(bare);
    return g_str_has_prefix(folded, FIRST_WORD) &&
           pattern_matches(&first_line, folded);
}

/* ---- what one word is ---- */

static gboolean
take_address(struct registration *r, const char *word)
{
    if (!strchr(word, '@') || !address_valid(word))
        return FALSE;
    if (!r->address) {
        r->address = g_strdup(word);
        for (char *p = strchr(r->address, '@'); *p; p++)
            *p = g_ascii_tolower(*p);
    }
    return TRUE;
}

static gboolean
take_phone(struct registration *r, const char *word)
{
    g_autoptr(GArray) phones = phone_scan(word);

    if (phones->len == 0)
        return FALSE;
    if (!r->phone)
        r->phone = g_strdup(word);
    return TRUE;
}

static gboolean
take_unit(struct registration *r, const char *word, const struct matcher *m)
{
    struct unit *u = NULL;

    if (match_unit(m, word, &u) != MATCH_ONE)
        return FALSE;
    if (!r->unit)
        r->unit = u;
    return TRUE;
}

/* 科员 张三: what is no name is left out. */
static void
take_name(struct registration *r, const char *word)
{
    g_autoptr(runes) line = runes_new(word);

    if (!r->name && (person_kind(line, 0, line->n) >= PERSON_PLAIN ||
                     person_is_dotted(line, 0, line->n)))
        r->name = g_strdup(word);
}

static void
take_words(struct registration *r, const char *text, const struct matcher *m)
{
    g_auto(GStrv) words = pattern_split(&separators, text);

    for (char **w = words; *w; w++)
        if (**w && !take_address(r, *w) && !take_phone(r, *w) &&
            !take_unit(r, *w, m))
            take_name(r, *w);
}

/* ---- lines ---- */

/* A label says what its word is. */
static void
take_labelled(struct registration *r, const struct pattern_hit *found,
              const struct matcher *m)
{
    g_autofree char *unit = pattern_named(found, "unit");
    g_autofree char *name = pattern_named(found, "name");
    g_autofree char *address = pattern_named(found, "address");
    g_autofree char *what = pattern_named(found, "what");

    g_strstrip(what);
    if (*unit)
        take_unit(r, what, m);
    else if (*name && !r->name)
        r->name = g_strdup(what);
    else if (*address)
        take_address(r, what);
    else
        take_phone(r, what);
}

static void
read_line(GPtrArray *all, const char *line, const struct matcher *m)
{
    g_autofree char *bare = text_fold(line);
    struct pattern_hit begin, label;
    struct registration *last =
        all->len ? g_ptr_array_index(all, all->len - 1) : NULL;
    g_autofree char *off = NULL;

    if (strlen(bare) > LINE_BYTES)
        return;
    if (!pattern_find(&first_line, bare, 0, &begin)) {
        if (last && pattern_find(&labelled, bare, 0, &label))
            take_labelled(last, &label, m);
        return;
    }
    if (all->len == ENTRIES_MOST)
        return;
    last = g_new0(struct registration, 1);
    off = pattern_named(&begin, "off");
    last->stop = *off != '\0';
    take_words(last, bare + begin.end[0], m);
    g_ptr_array_add(all, last);
}

/* A first line that names the matter only (信息员备案 县财政局) is the heading
 * of the others. */
static void
merge_heading(GPtrArray *all)
{
    const struct registration *first = all->len ? all->pdata[0] : NULL;

    if (all->len < 2 || first->name || first->address || first->phone)
        return;
    for (guint n = 1; n < all->len; n++) {
        struct registration *r = g_ptr_array_index(all, n);

        r->unit = r->unit ? r->unit : first->unit;
    }
    g_ptr_array_remove_index(all, 0);
}

/* The last entry before `n` that has the same address; NULL: none. */
static struct registration *
said_before(const GPtrArray *all, guint n)
{
    const struct registration *r = all->pdata[n];

    while (r->address && n-- > 0) {
        struct registration *before = all->pdata[n];

        if (before->address &&
            g_ascii_strcasecmp(before->address, r->address) == 0)
            return before;
    }
    return NULL;
}

static gboolean
is_repeated(const struct registration *a, const struct registration *b)
{
    return a->stop == b->stop && (!a->unit || !b->unit || a->unit == b->unit) &&
           (!a->name || !b->name || g_str_equal(a->name, b->name));
}

static void
take_over(char **to, char **from)
{
    if (!*to)
        *to = g_steal_pointer(from);
}

/* The subject says it, and the body says it again, or more of it. */
static void
merge_repeated(GPtrArray *all)
{
    for (guint n = all->len; n-- > 0;) {
        struct registration *r = all->pdata[n];
        struct registration *before = said_before(all, n);

        if (!before || !is_repeated(before, r))
            continue;
        before->unit = before->unit ? before->unit : r->unit;
        take_over(&before->name, &r->name);
        take_over(&before->phone, &r->phone);
        g_ptr_array_remove_index(all, n);
    }
}

GPtrArray *
registration_read(const struct reading *r, const struct matcher *m)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(registration_free);
    g_autofree char *subject = subject_strip(r->subject ? r->subject : "");
    g_auto(GStrv) lines = g_strsplit(r->own_text ? r->own_text : "", "\n", -1);

    read_line(all, subject, m);
    for (char **l = lines; *l; l++)
        read_line(all, *l, m);
    merge_heading(all);
    merge_repeated(all);
    return all;
}

static gboolean
is_own(const struct registration *r, const struct unit *unit,
       const struct roster *all_units, civil_day day)
{
    struct informant *known = NULL;
    struct unit *his = NULL;

    if (!r->address || (r->unit && r->unit != unit))
        return FALSE;
    if (roster_informant(all_units, r->address, day, &his, &known, NULL) &&
        (his != unit || (r->stop && !known->by_desk)))
        return FALSE;
    return r->stop ? known != NULL : r->name != NULL;
}

/* One address that two people have, or that comes and goes; that somebody
 * stops and another follows there is none. */
static gboolean
contradicts(const GPtrArray *all, guint n)
{
    const struct registration *r = all->pdata[n];
    const struct registration *before = said_before(all, n);

    return before && (!before->stop || r->stop);
}

gboolean
registration_is_own(const GPtrArray *all, const struct unit *unit,
                    const struct roster *all_units, civil_day day)
{
    for (guint n = 0; n < all->len; n++)
        if (!is_own(g_ptr_array_index(all, n), unit, all_units, day) ||
            contradicts(all, n))
            return FALSE;
    return unit && all->len > 0;
}

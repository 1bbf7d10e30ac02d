/* registration.c - see registration.h. */
#include "rules/registration.h"

#include "base/address.h"
#include "base/text.h"
#include "rules/person.h"
#include "rules/phone.h"
#include "rules/subject.h"

#include <string.h>

enum { ENTRIES_MOST = 20, LINE_BYTES = 1000 };

#define FIRST_WORD "信息员"

static const char pattern[] =
    "^" FIRST_WORD "(?:(?<on>备案|登记|报备|变更|调整)|(?<off>停用|注销))"
    "(?:申请|表)?(?![\\p{Han}])[:\\s,;-]*";
static const char labelled[] =
    "^(?:(?<unit>报送单位|单位名称|单位)|(?<name>信息员姓名|姓名|信息员|"
    "报送人|联系人)|(?<address>电子邮箱|电子邮件|邮箱|邮件地址|email)|"
    "(?<phone>联系电话|办公电话|手机号码|手机|电话))\\s*:\\s*(?<what>.+)$";

/* A dash between digits belongs to the number. */
static const char separators[] = "[\\s,、;|/]+|(?<![0-9])-+|-+(?![0-9])";

struct patterns {
    GRegex *line, *label, *separator;
};

static void
patterns_init(struct patterns *p)
{
    p->line = g_regex_new(pattern, 0, 0, NULL);
    p->label = g_regex_new(labelled, 0, 0, NULL);
    p->separator = g_regex_new(separators, 0, 0, NULL);
}

static void
patterns_clear(struct patterns *p)
{
    g_regex_unref(p->line);
    g_regex_unref(p->label);
    g_regex_unref(p->separator);
}

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
           g_regex_match_simple(pattern, folded, 0, 0);
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
take_words(struct registration *r, const struct patterns *p, const char *text,
           const struct matcher *m)
{
    g_auto(GStrv) words = g_regex_split(p->separator, text, 0);

    for (char **w = words; *w; w++)
        if (**w && !take_address(r, *w) && !take_phone(r, *w) &&
            !take_unit(r, *w, m))
            take_name(r, *w);
}

/* ---- lines ---- */

/* A label says what its word is. */
static void
take_labelled(struct registration *r, GMatchInfo *found,
              const struct matcher *m)
{
    g_autofree char *unit = g_match_info_fetch_named(found, "unit");
    g_autofree char *name = g_match_info_fetch_named(found, "name");
    g_autofree char *address = g_match_info_fetch_named(found, "address");
    g_autofree char *what = g_match_info_fetch_named(found, "what");

    g_strstrip(what);
    if (unit && *unit)
        take_unit(r, what, m);
    else if (name && *name && !r->name)
        r->name = g_strdup(what);
    else if (address && *address)
        take_address(r, what);
    else
        take_phone(r, what);
}

static void
read_line(GPtrArray *all, const struct patterns *p, const char *line,
          const struct matcher *m)
{
    g_autofree char *bare = text_fold(line);
    g_autoptr(GMatchInfo) begin = NULL;
    g_autoptr(GMatchInfo) label = NULL;
    struct registration *last =
        all->len ? g_ptr_array_index(all, all->len - 1) : NULL;
    g_autofree char *off = NULL;
    int end = 0;

    if (strlen(bare) > LINE_BYTES)
        return;
    if (!g_regex_match(p->line, bare, 0, &begin)) {
        if (last && g_regex_match(p->label, bare, 0, &label))
            take_labelled(last, label, m);
        return;
    }
    if (all->len == ENTRIES_MOST)
        return;
    last = g_new0(struct registration, 1);
    off = g_match_info_fetch_named(begin, "off");
    last->stop = off && *off;
    g_match_info_fetch_pos(begin, 0, NULL, &end);
    take_words(last, p, bare + end, m);
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

GPtrArray *
registration_read(const struct reading *r, const struct matcher *m)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(registration_free);
    g_autofree char *subject = subject_strip(r->subject ? r->subject : "");
    g_auto(GStrv) lines = g_strsplit(r->own_text ? r->own_text : "", "\n", -1);
    struct patterns p;

    patterns_init(&p);
    read_line(all, &p, subject, m);
    for (char **l = lines; *l; l++)
        read_line(all, &p, *l, m);
    patterns_clear(&p);
    merge_heading(all);
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

gboolean
registration_is_own(const GPtrArray *all, const struct unit *unit,
                    const struct roster *all_units, civil_day day)
{
    for (guint n = 0; n < all->len; n++)
        if (!is_own(g_ptr_array_index(all, n), unit, all_units, day))
            return FALSE;
    return unit && all->len > 0;
}

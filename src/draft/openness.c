/* openness.c - see openness.h.
 *
 * A mark stands by itself: it is a whole line, or in brackets at the edge of
 * one, or behind a label, or a field of a subject.  So only the beginnings of
 * lines are looked at, and of a line that begins with none of a few
 * characters not even that. */
#include "draft/openness.h"

#include "base/text.h"
#include "draft/mark_line.h"

#include <string.h>

enum {
    LINE_BYTES_MAX = 1600, /* of a line, what is looked at */
    FIRST_PAGE_LINES = 30  /* not counting empty ones */
};

/* Where a word is a mark. */
enum stands {
    STANDS_ALONE, /* a line of its own, too */
    STANDS_APART, /* in brackets, behind a label or 此件: alone it may be a
                     heading */
    STANDS_LABELLED
};

/* The words; rank 0 only goes with others.  The ranks are how strictly they
 * say it: of a mark and of what the sender states the stricter counts. */
static const struct openness_word {
    const char *word;
    int rank;
    enum stands stands;
    const char *says; /* what is carried, where not the word itself */
} words[] = {
    {"工作秘密", 4, STANDS_ALONE, NULL},
    {"内部资料", 3, STANDS_ALONE, NULL},
    {"内部文件", 3, STANDS_ALONE, NULL},
    {"内部材料", 3, STANDS_ALONE, NULL},
    {"内部使用", 3, STANDS_ALONE, NULL},
    {"内部参考", 3, STANDS_ALONE, NULL},
    {"内部参阅", 3, STANDS_ALONE, NULL},
    {"内部", 3, STANDS_LABELLED, NULL},
    {"注意保存", 3, STANDS_ALONE, NULL},
    {"注意保管", 3, STANDS_ALONE, NULL},
    {"不予公开", 2, STANDS_ALONE, NULL},
    {"不对外公开", 2, STANDS_ALONE, NULL},
    {"不宜公开", 2, STANDS_ALONE, NULL},
    {"暂不公开", 2, STANDS_ALONE, NULL},
    {"不公开", 2, STANDS_ALONE, NULL},
    {"否", 2, STANDS_LABELLED, "不公开"},
    {"依申请公开", 1, STANDS_APART, NULL},
    {"请注意保存", 0, STANDS_ALONE, NULL},
    {"请注意保管", 0, STANDS_ALONE, NULL},
    {"妥善保管", 0, STANDS_ALONE, NULL},
    {"请妥善保管", 0, STANDS_ALONE, NULL},
    {"请勿外传", 0, STANDS_ALONE, NULL},
    {"不得外传", 0, STANDS_ALONE, NULL},
    {"严禁外传", 0, STANDS_ALONE, NULL},
    {"不得翻印", 0, STANDS_ALONE, NULL},
    {"仅供参考", 0, STANDS_ALONE, NULL},
    {"仅供领导参考", 0, STANDS_ALONE, NULL},
    {"仅供领导参阅", 0, STANDS_ALONE, NULL},
    {"发布", 0, STANDS_ALONE, NULL},
};

/* What says that it is open, or nothing. */
static const char *const open_words[] = {
    "主动公开", "主动",     "公开",     "可公开", "可以公开",
    "同意公开", "全文公开", "对外公开", "是",     NULL};
static const char *const empty_words[] = {"无", "未填", "未填写", NULL};

static const char *const labels[] = {
    "公开属性",     "信息公开属性", "公开方式", "公开选项",
    "信息公开选项", "是否公开",     "密级",     NULL};

/* What stands before the word in 此件不予公开, 仅供内部使用. */
static const char *const leads[] = {"此件", "本件",   "本文", "本稿",
                                    "该件", "本信息", "仅供", "仅限",
                                    "属于", "属",     NULL};

/* ---- lines ---- */

static gboolean
is_opening(gunichar c)
{
    return char_is_one_of(c, "[({【〔〖");
}

static gboolean
is_closing(gunichar c)
{
    return char_is_one_of(c, "])}】〕〗");
}

/* ---- phrases ---- */

/* 内部资料，注意保存: [from, to) and the strictest of its words. */
struct phrase {
    const struct openness_word *word;
    int to;
    gboolean led; /* by 此件 */
};

static const struct openness_word *
match_word(const struct line *l, int i, int *to_out)
{
    const struct openness_word *found = NULL;
    int longest = -1;

    for (size_t k = 0; k < G_N_ELEMENTS(words); k++) {
        int to = line_match(l, i, words[k].word);

        if (to > longest) {
            longest = to;
            found = &words[k];
        }
    }
    *to_out = longest;
    return found;
}

static int
skip_between(const struct line *l, int i)
{
    while (char_is_blank(l->c[i]) || char_is_one_of(l->c[i], ",;.、。;·!-—"))
        i++;
    return i;
}

/* 工作秘密★1年: a term as behind a level of secrecy. */
static int
skip_term(const struct line *l, int i)
{
    int at = line_skip_blanks(l, i);

    if (!char_is_star(l->c[at]))
        return i;
    do
        at++;
    while (char_is_one_of(l->c[at],
                          " 0123456789一二三四五六七八九十年个月日天长期"));
    return at;
}

static gboolean
read_phrase(const struct line *l, int i, struct phrase *out)
{
    int lead, to;

    *out = (struct phrase){0};
    while ((lead = line_match_any(l, i, leads)) >= 0) {
        out->led = TRUE;
        i = line_skip_blanks(l, lead);
    }
    for (;;) {
        const struct openness_word *w = match_word(l, i, &to);

        if (!w || (!out->word && w->rank == 0))
            return out->word != NULL;
        if (!out->word || w->rank > out->word->rank)
            out->word = w;
        out->to = skip_term(l, to);
        i = skip_between(l, out->to);
    }
}

/* ---- lines of a text ---- */

/* Nothing but ornaments, or the number of an issue behind a gap.  What ends
 * in ；is an item of a list. */
static gboolean
line_ends(const struct line *l, int i)
{
    int at = i;

    while (char_is_blank(l->c[at]) || is_closing(l->c[at]) ||
           char_is_one_of(l->c[at], "-=—。.!*"))
        at++;
    if (l->c[at] == 0)
        return !l->cut;
    return char_is_blank(l->c[i]) &&
           (l->c[i] == '\t' || char_is_blank(l->c[i + 1])) &&
           char_is_one_of(l->c[at], "第总(〔No0123456789");
}

/* 公开属性：不予公开, 【公开属性】依申请公开, 是否公开：否, 密级：内部. */
static const struct openness_word *
labelled(const struct line *l, int i)
{
    int at = line_match_any(l, i, labels), value = at;
    gboolean parted = FALSE;
    struct phrase p;

    if (at < 0)
        return NULL;
    while (char_is_one_of(l->c[value], " \t:])}】〕〗"))
        parted |= l->c[value++] != ' ';
    if (!parted)
        return NULL;
    if (is_opening(l->c[value]))
        value++;
    return read_phrase(l, value, &p) && !text_is_cjk(l->c[p.to]) ? p.word
                                                                 : NULL;
}

/* By itself on the line, or in brackets before what follows. */
static gboolean
marks_line(const struct line *l, const struct phrase *p, gboolean bracket,
           gboolean first)
{
    if (bracket && !is_closing(l->c[line_skip_blanks(l, p->to)]))
        return FALSE;
    if (p->word->stands == STANDS_LABELLED)
        return FALSE;
    if (line_ends(l, p->to))
        return p->led ||
               (first && (bracket || p->word->stands == STANDS_ALONE));
    return first && bracket && p->word->stands == STANDS_ALONE;
}

/* 8.公开属性：of a form; before a mark it would be an item of a list. */
static int
skip_number(const struct line *l, int i)
{
    while (char_is_one_of(l->c[i], " -*●·.、0123456789"))
        i++;
    return i;
}

static const struct openness_word *
look_at_line(const struct line *l, gboolean first)
{
    const struct openness_word *w;
    struct phrase p;
    gboolean bracket;
    int i = 0;

    while (char_is_blank(l->c[i]) || l->c[i] == 0x2014)
        i++;
    bracket = is_opening(l->c[i]);
    if (bracket)
        i = line_skip_blanks(l, i + 1);
    w = labelled(l, bracket ? i : skip_number(l, i));
    if (w || !read_phrase(l, i, &p))
        return w;
    return marks_line(l, &p, bracket, first) ? p.word : NULL;
}

/* ---- subjects and names ---- */

/* The edge of a field: of the line, or a separator. */
static gboolean
is_edge(gunichar c)
{
    return c == 0 || char_is_separator(c);
}

static gunichar
before(const struct line *l, int i)
{
    while (i > 0 && char_is_blank(l->c[i - 1]))
        i--;
    return i > 0 ? l->c[i - 1] : 0;
}

/* In brackets where a field begins or ends, else a field of its own; what
 * begins the subject may be set off by a blank. */
static gboolean
marks_name(const struct line *l, int from, const struct phrase *p)
{
    gunichar left = before(l, from), right = l->c[line_skip_blanks(l, p->to)];
    int open = from - 1, close = line_skip_blanks(l, p->to);

    if (is_opening(left) && is_closing(right)) {
        while (!is_opening(l->c[open]))
            open--;
        return is_edge(before(l, open)) ||
               is_edge(l->c[line_skip_blanks(l, close + 1)]);
    }
    if (p->word->stands != STANDS_ALONE)
        return FALSE;
    if (left == 0 || left == ':')
        return is_edge(right) || right == ',' || char_is_blank(l->c[p->to]);
    return char_is_separator(left) && is_edge(right);
}

static const struct openness_word *
look_at_name(const struct line *l)
{
    const struct openness_word *strictest = NULL;

    for (int i = 0; i < l->n; i++) {
        const struct openness_word *w = labelled(l, i);
        struct phrase p;

        if (!w && read_phrase(l, i, &p) && p.word->stands != STANDS_LABELLED &&
            marks_name(l, i, &p))
            w = p.word;
        if (w && (!strictest || w->rank > strictest->rank))
            strictest = w;
    }
    return strictest;
}

/* ---- texts ---- */

/* Can a line of a text that begins so bear a mark?  Most cannot. */
static gboolean
may_mark(const char *line, size_t len)
{
    const char *end = line + len;

    for (const char *p = line; p < end; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (text_is_cjk(c))
            return char_is_one_of(c, "工内注不暂依此本该仅属公信是密");
        if (g_ascii_isalpha((char)MIN(c, 0x7F)) && c < 0x80)
            return FALSE;
    }
    return FALSE;
}

static const struct openness_word *
look_at_text(const char *text, gboolean margins)
{
    const struct openness_word *strictest = NULL;
    int lines = 0;

    for (const char *p = text; *p;) {
        size_t len = strcspn(p, "\n");
        struct line l;

        lines += len > 0;
        if (may_mark(p, len)) {
            const struct openness_word *w;

            line_fold(p, len, LINE_BYTES_MAX, &l);
            w = look_at_line(&l, margins || lines <= FIRST_PAGE_LINES);
            if (w && (!strictest || w->rank > strictest->rank))
                strictest = w;
        }
        p += len + (p[len] == '\n');
    }
    return strictest;
}

static const char *
said(const struct openness_word *w)
{
    return !w ? NULL : w->says ? w->says : w->word;
}

const char *
openness_mark(const char *text, enum secrecy_place place)
{
    struct line l;

    if (!text)
        return NULL;
    if (place != PLACE_SUBJECT && place != PLACE_NAME)
        return said(look_at_text(text, place == PLACE_MARGINS));
    line_fold(text, strlen(text), LINE_BYTES_MAX, &l);
    return said(look_at_name(&l));
}

/* ---- what the register keeps ---- */

/* 0: says nothing, or that it is open; 1 also for what nobody knows. */
static int
rank_of_line(const struct line *l)
{
    int start = 0, rank = 0, open;
    struct phrase p;

    while (l->c[start] && !text_is_cjk(l->c[start]))
        start++;
    if (!l->c[start])
        return 0;
    if (read_phrase(l, start, &p))
        return p.word->rank;
    for (int i = start; i < l->n; i++) {
        int to;
        const struct openness_word *w = match_word(l, i, &to);

        if (w && w->stands != STANDS_LABELLED)
            rank = MAX(rank, w->rank);
    }
    open = line_match_any(l, start, open_words);
    if (rank > 0 || open >= 0)
        return rank;
    open = line_match_any(l, start, empty_words);
    return open >= 0 && line_ends(l, open) ? 0 : 1;
}

static int
rank_of(const char *openness)
{
    struct line l;

    if (!openness)
        return 0;
    line_fold(openness, strlen(openness), LINE_BYTES_MAX, &l);
    return rank_of_line(&l);
}

gboolean
openness_is_restricted(const char *openness)
{
    return rank_of(openness) > 0;
}

const char *
openness_stricter(const char *a, const char *b)
{
    return !a || rank_of(b) > rank_of(a) ? b : a;
}

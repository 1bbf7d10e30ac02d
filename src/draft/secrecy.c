/* secrecy.c - see secrecy.h.
 *
 * A text is looked at line by line; only lines that hold 密 cost anything.
 * Such a line is folded (full-width forms, traditional characters, the many
 * stars) and every place where a level begins is tried: what stands before
 * it and behind it tells a marking from prose. */
#include "draft/secrecy.h"

#include "base/text.h"
#include "draft/mark_line.h"

#include <string.h>

enum {
    FIRST_PAGE_LINES = 60,
    FIRST_PAGE_BYTES = 6000, /* about 2000 characters */
    LABEL_CHARS_MAX = 10
};

/* A level found in a line: [from, to) is the word with its star and term. */
struct mark {
    enum secrecy level;
    int from, to;
    gboolean starred;
    gboolean asterisk; /* the star is a plain * */
    gboolean term;
};

/* ---- small words ---- */

static gboolean
is_opening(gunichar c)
{
    return char_is_one_of(c, "[({<【〔〖「『〈［");
}

static gboolean
is_closing(gunichar c)
{
    return char_is_one_of(c, "])}>】〕〗」』〉］");
}

/* ---- level, star, term ---- */

static int
match_level(const struct line *l, int i, enum secrecy *level_out)
{
    static const struct {
        const char *word;
        enum secrecy level;
    } words[] = {{"绝密", SECRECY_TOP},
                 {"机密", SECRECY_CONFIDENTIAL},
                 {"秘密", SECRECY_SECRET}};

    for (size_t k = 0; k < G_N_ELEMENTS(words); k++) {
        int end = line_match(l, i, words[k].word), grade;

        if (end < 0)
            continue;
        grade = line_match(l, line_skip_blanks(l, end), "级");
        *level_out = words[k].level;
        return grade >= 0 && l->c[grade] != 0x522B ? grade : end; /* 级别 */
    }
    return -1;
}

static gboolean
is_number(gunichar c)
{
    return (c >= '0' && c <= '9') ||
           char_is_one_of(c, "一二三四五六七八九十百两〇半");
}

/* 1年, 6个月, 15天, 二十年, 2025年12月31日, 长期, 启用前 ...; -1: none. */
static int
match_term(const struct line *l, int i)
{
    static const char *const lasting[] = {"长期", "永久", "解密", NULL};
    static const char *const units[] = {"个月", "年", "月", "天",
                                        "日",   "周", NULL};
    int end = line_match_any(l, i, lasting), at = i;

    if (end >= 0)
        return end;
    while (is_number(l->c[at])) {
        int unit;

        while (is_number(l->c[at]))
            at++;
        unit = line_match_any(l, line_skip_blanks(l, at), units);
        if (unit < 0)
            break;
        end = at = unit;
    }
    if (end >= 0)
        return end;
    /* until some event: 会议开始前, 启用前, 公布前 */
    for (at = i; at < i + LABEL_CHARS_MAX && text_is_cjk(l->c[at]); at++)
        if (at > i && l->c[at] == 0x524D)
            return at + 1;
    return -1;
}

/* The mark whose level begins at i. */
static gboolean
read_mark(const struct line *l, int i, struct mark *m)
{
    int end, at;

    *m = (struct mark){.from = i};
    end = match_level(l, i, &m->level);
    if (end < 0)
        return FALSE;
    m->to = end;
    at = line_skip_blanks(l, end);
    if (char_is_star(l->c[at])) {
        m->starred = TRUE;
        m->asterisk = l->c[at] == '*';
        m->to = at + 1;
        at = line_skip_blanks(l, at + 1);
        if (char_is_star(l->c[at])) /* a rating, or bold type in plain text */
            return FALSE;
    }
    end = match_term(l, at);
    if (end >= 0) {
        m->term = TRUE;
        m->to = end;
    }
    return TRUE;
}

/* ---- what stands around ---- */

/* Is the line empty, but for ornaments, from i on? */
static gboolean
nothing_follows(const struct line *l, int i)
{
    while (char_is_blank(l->c[i]) || is_closing(l->c[i]) ||
           char_is_one_of(l->c[i], "-=—。.;，,"))
        i++;
    return l->c[i] == 0 && !l->cut;
}

/* 特急 and the like, which GB/T 9704 sets beside or below the level. */
static gboolean
only_urgency_follows(const struct line *l, int i)
{
    static const char *const words[] = {"特急", "加急", "急件", "特提",
                                        "平急", "紧急", NULL};
    int end = line_match_any(l, line_skip_blanks(l, i), words);

    return end >= 0 && nothing_follows(l, end);
}

/* Whole line: 000012, No.12, 份号：0012, 第3份 and blanks before the mark. */
static gboolean
only_number_before(const struct line *l, int to)
{
    static const char *const words[] = {"份号", "编号", "No", "NO",
                                        "no",   "№",    NULL};
    int i = line_skip_blanks(l, 0), end = line_match_any(l, i, words);
    int digits = 0;

    i = end >= 0 ? end : i;
    while (i < to && char_is_one_of(l->c[i], ":. 第"))
        i++;
    while (i < to && l->c[i] >= '0' && l->c[i] <= '9') {
        digits++;
        i++;
    }
    while (i < to &&
           (char_is_blank(l->c[i]) || char_is_one_of(l->c[i], "份号")))
        i++;
    return i == to && digits > 0 && to > 0 && char_is_blank(l->c[to - 1]);
}

/* 主题：, 附件1： of a forwarded mail's head. */
static gboolean
only_heading_before(const struct line *l, int i, int to)
{
    static const char *const words[] = {"主题",   "标题", "题目",    "附件",
                                        "文件名", "名称", "Subject", NULL};
    int end = line_match_any(l, i, words);

    while (end >= 0 && end < to &&
           (char_is_blank(l->c[end]) || is_number(l->c[end])))
        end++;
    return end >= 0 && end < to && l->c[end] == ':' &&
           line_skip_blanks(l, end + 1) == to;
}

/* Before the mark stands nothing, an opening bracket, or a copy number. */
static gboolean
begins_line(const struct line *l, const struct mark *m)
{
    int i = line_skip_blanks(l, 0);

    while (i < m->from &&
           (is_opening(l->c[i]) || char_is_blank(l->c[i]) ||
            char_is_star(l->c[i]) || char_is_one_of(l->c[i], "-=—>")))
        i++;
    return i == m->from || only_number_before(l, m->from) ||
           only_heading_before(l, i, m->from);
}

/* A wide gap: what is set flush right on the line of something else. */
static gboolean
after_gap(const struct line *l, int i)
{
    return i > 0 &&
           (l->c[i - 1] == '\t' || (i > 1 && char_is_blank(l->c[i - 1]) &&
                                    char_is_blank(l->c[i - 2])));
}

static const char *const level_labels[] = {"密级",     "秘密等级", "保密等级",
                                           "涉密等级", "定密",     NULL};

/* 密级：, 文件密级和保密期限：, 保密等级 ... right before the mark, at the
 * start of the line or of a field. */
static gboolean
after_label(const struct line *l, int to)
{
    int i = to, start;

    while (i > 0 && (char_is_blank(l->c[i - 1]) || is_opening(l->c[i - 1]) ||
                     l->c[i - 1] == ':'))
        i--;
    for (start = i; start > 0 && i - start < LABEL_CHARS_MAX; start--)
        if (!text_is_cjk(l->c[start - 1]) && l->c[start - 1] != ' ')
            break;
    for (; i < to && start < i; start++)
        if (line_match_any(l, start, level_labels) >= 0)
            return TRUE;
    return FALSE;
}

/* Behind 密级：机密 the next field of a form may follow at once. */
static gboolean
label_ends(const struct line *l, int i)
{
    static const char *const words[] = {"保密期限", "期限", "份号", "紧急",
                                        "缓急",     "定密", "编号", NULL};

    return !text_is_cjk(l->c[i]) || line_match_any(l, i, words) >= 0;
}

/* 密级：□绝密 ☑机密 □秘密: of the levels in a form one is ticked. */
static gboolean
is_ticked(const struct line *l, const struct mark *m)
{
    static const char ticks[] = "☑✓✔√■☒", boxes[] = "☑✓✔√■☒□○◯";
    int before = m->from - 1, after = line_skip_blanks(l, m->to);

    for (int i = 0; i < l->n; i++) {
        if (line_match_any(l, i, level_labels) < 0)
            continue;
        while (before > 0 && char_is_blank(l->c[before]))
            before--;
        if (before >= 0 && char_is_one_of(l->c[before], boxes))
            return char_is_one_of(l->c[before], ticks);
        return char_is_one_of(l->c[after], ticks);
    }
    return FALSE;
}

/* 绝密、机密、秘密: the levels are being listed, none is given. */
static gboolean
is_list(const struct line *l)
{
    enum secrecy first = SECRECY_NONE, level;

    for (int i = 0; i < l->n; i++) {
        if (match_level(l, i, &level) < 0)
            continue;
        if (first != SECRECY_NONE && level != first)
            return TRUE;
        first = level;
    }
    return FALSE;
}

/* Words by which a sentence goes on about the marking before it. */
static gboolean
is_talked_about(const struct line *l, int i)
{
    static const char *const words[] = {
        "是", "的", "为", "等", "字样", "表示", "标志", "标识", "指", "属",
        "和", "或", "与", "、", "\"",   "”",    "’",    "'",    NULL};

    return line_match_any(l, line_skip_blanks(l, i), words) >= 0;
}

/* Compounds that are no state secret, and prose right before the word. */
static gboolean
is_compound(const struct line *l, int from)
{
    static const char *const words[] = {"商业", "工作", "国家", "企业",
                                        "技术", "个人", "军事", "警务",
                                        "审判", "内部", NULL};

    for (int i = MAX(0, from - 6); i < from; i++) {
        int end = line_match_any(l, i, words);

        if (end >= 0 && line_skip_blanks(l, end) == from)
            return TRUE;
    }
    return FALSE;
}

/* ---- places ---- */

/* The mark is all there is on the line (with copy number, urgency). */
static gboolean
is_whole_line(const struct line *l, const struct mark *m)
{
    return begins_line(l, m) &&
           (nothing_follows(l, m->to) || only_urgency_follows(l, m->to));
}

static gboolean
is_bracketed(const struct line *l, const struct mark *m)
{
    int before = m->from - 1, after = line_skip_blanks(l, m->to);

    while (before >= 0 && char_is_blank(l->c[before]))
        before--;
    return before >= 0 && is_opening(l->c[before]) && is_closing(l->c[after]);
}

/* A field of its own between separators, as in 标题-机密-单位.docx. */
static gboolean
is_field(const struct line *l, const struct mark *m, gboolean name)
{
    gunichar before = m->from > 0 ? l->c[m->from - 1] : 0;
    gunichar after = l->c[m->to];
    gboolean first = m->from == 0 || (before == ' ' && m->from == 1);

    if (first || before == ':') /* 转发：机密 某材料 */
        return after == 0 || char_is_blank(after) || char_is_separator(after);
    if (char_is_separator(before))
        return after == 0 || char_is_separator(after);
    return name && char_is_blank(before) && (after == 0 || after == '.');
}

/* In a subject or a file name there are no sentences: a marking counts
 * wherever it stands. */
static gboolean
marks_name(const struct line *l, const struct mark *m, gboolean name)
{
    if (m->starred && (m->term || !m->asterisk))
        return !is_compound(l, m->from);
    if (is_list(l))
        return FALSE;
    return is_whole_line(l, m) || is_bracketed(l, m) ||
           after_label(l, m->from) || is_field(l, m, name);
}

/* In running text it must begin its line, or be set apart. */
static gboolean
marks_text(const struct line *l, const struct mark *m)
{
    if (is_whole_line(l, m))
        return TRUE;
    if (is_list(l))
        return is_ticked(l, m);
    if (is_talked_about(l, m->to))
        return FALSE;
    if (after_label(l, m->from))
        return label_ends(l, m->to);
    if (begins_line(l, m) && is_bracketed(l, m))
        return TRUE;
    if (!m->starred || (m->asterisk && !m->term))
        return FALSE;
    return begins_line(l, m) || (m->term && after_gap(l, m->from));
}

/* Does it count below the first page? */
static gboolean
marks_anywhere(const struct line *l, const struct mark *m)
{
    return m->starred && !m->asterisk && is_whole_line(l, m);
}

static enum secrecy
look_at_line(const struct line *l, enum secrecy_place place, gboolean first)
{
    enum secrecy highest = SECRECY_NONE;
    struct mark m;

    for (int i = 0; i < l->n; i++) {
        gboolean counts;

        if (!read_mark(l, i, &m))
            continue;
        if (place == PLACE_SUBJECT || place == PLACE_NAME)
            counts = marks_name(l, &m, place == PLACE_NAME);
        else
            counts = first ? marks_text(l, &m) : marks_anywhere(l, &m);
        if (counts && m.level > highest)
            highest = m.level;
    }
    return highest;
}

/* "机密.docx" is the word and nothing else. */
static void
drop_extension(struct line *l)
{
    int dot = l->n - 1;

    while (dot > 0 && dot > l->n - 6 && g_unichar_isalnum(l->c[dot]) &&
           l->c[dot] < 0x80)
        dot--;
    if (dot > 0 && dot < l->n - 1 && l->c[dot] == '.') {
        l->n = dot;
        l->c[dot] = 0;
    }
}

enum secrecy
secrecy_find(const char *text, enum secrecy_place place)
{
    enum secrecy highest = SECRECY_NONE;
    const char *p = text;
    int lines = 0;

    while (p && *p) {
        size_t len = strcspn(p, "\n");
        struct line l;

        lines += len > 0;
        if (memmem(p, len, "密", strlen("密"))) {
            gboolean first =
                place == PLACE_MARGINS ||
                (lines <= FIRST_PAGE_LINES && p - text <= FIRST_PAGE_BYTES);
            enum secrecy level;

            line_fold(p, MIN(len, 8 * LINE_CHARS_MAX), G_MAXSIZE, &l);
            if (place == PLACE_NAME)
                drop_extension(&l);
            level = look_at_line(&l, place, first);
            highest = MAX(highest, level);
        }
        p += len + (p[len] == '\n');
    }
    return highest;
}

const char *
secrecy_place_name(enum secrecy_place place)
{
    static const char *const names[] = {
        [PLACE_SUBJECT] = "subject", [PLACE_NAME] = "file-name",
        [PLACE_BODY] = "body",       [PLACE_DRAFT] = "draft",
        [PLACE_MARGINS] = "margins",
    };

    return names[place];
}

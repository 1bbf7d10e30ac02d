/* orders.c - see orders.h. */
#include "rules/orders.h"

#include "base/pattern.h"
#include "base/text.h"
#include "rules/runes.h"
#include "rules/subject.h"

#include <string.h>

static const char *const command_words[] = {
    "标注", "撤销", "撤销命令", "记分",     "联合", "约稿",
    "免约", "催办", "紧急",     "终结",     "受理", "退回",
    "忽略", "重办", "解除隔离", "确认涉密", "清除", "改",
    "补录", "退稿", "信息员",   "台账",     "通报", "发布",
    "更正", "得分", "查询",     "帮助",     NULL};

static const char *const query_words[] = {"得分", "查询", "帮助", NULL};

static struct pattern list_mark =
    PATTERN("^(?:[(（]?[0-9０-９]{1,2}[、.．)）]|[-*•·●◆■])\\s*+(?=\\p{Han})");
static struct pattern first_code =
    PATTERN("^(?:确认码? ?:? ?)?([0-9]{6})[。.]?$");
static struct pattern named_code = PATTERN("^确认码? ?:? ?([0-9]{6})[。.]?$");
static struct pattern subject_code =
    PATTERN("确认码? ?:? ?([0-9]{6})(?![0-9])");

static const char *
before_blanks(const char *begin, const char *end)
{
    while (end > begin) {
        const char *last = g_utf8_prev_char(end);

        if (!g_unichar_isspace(g_utf8_get_char(last)))
            break;
        end = last;
    }
    return end;
}

/* The end of a line without the mark there and the blanks around it.  Looked
 * for from behind: anybody's line may be a megabyte of blanks. */
static const char *
before_end_mark(const char *line)
{
    const char *end = line + strlen(line);
    const char *bare = before_blanks(line, end);
    const char *mark = bare > line ? g_utf8_prev_char(bare) : bare;

    return *mark && g_utf8_strchr("。；;", -1, g_utf8_get_char(mark))
               ? before_blanks(line, mark)
               : end;
}

char *
orders_bare(const char *line)
{
    struct pattern_hit hit;
    const char *begin =
        pattern_find(&list_mark, line, 0, &hit) ? line + hit.end[0] : line;

    return g_strndup(begin, (gsize)(before_end_mark(begin) - begin));
}

static gboolean
begins_with(const char *line, const char *const *words)
{
    g_autofree char *listed = orders_bare(line);
    g_autofree char *bare = subject_strip(listed);
    g_autoptr(runes) r = runes_new(bare);

    for (; *words; words++) {
        int n = runes_at(r, 0, *words);

        if (n > 0 && (n == r->n || !g_unichar_isalpha(r->folded[n])))
            return TRUE;
    }
    return FALSE;
}

gboolean
orders_is_command(const char *line)
{
    return begins_with(line, command_words);
}

/* The same letters but for one. */
static gboolean
is_one_off(const struct runes *word, const char *verb)
{
    g_autoptr(runes) v = runes_new(verb);
    int wrong = 0;

    if (word->n != v->n || v->n < 2)
        return FALSE;
    for (int i = 0; i < v->n; i++)
        wrong += word->folded[i] != v->folded[i];
    return wrong == 1;
}

gboolean
orders_is_slip(const char *line)
{
    g_autofree char *listed = orders_bare(line);
    g_autofree char *bare = subject_strip(listed);
    g_autofree char *folded = text_fold(bare);
    g_auto(GStrv) words = g_strsplit(g_strstrip(folded), " ", -1);
    g_autoptr(runes) first = runes_new(words[0] ? words[0] : "");
    guint n = g_strv_length(words);

    if (n < 2 || (n < 3 && !g_ascii_isdigit(*words[1]) &&
                  !g_str_has_prefix(words[1], "待")))
        return FALSE;
    for (const char *const *v = command_words; *v; v++)
        if (is_one_off(first, *v))
            return TRUE;
    return FALSE;
}

gboolean
orders_is_query(const char *line)
{
    return begins_with(line, query_words);
}

gboolean
orders_find(const struct reading *r, gboolean (*is_order)(const char *line))
{
    g_auto(GStrv) lines = g_strsplit(r->own_text ? r->own_text : "", "\n", -1);

    if (r->subject && is_order(r->subject))
        return TRUE;
    for (int i = 0; lines[i]; i++)
        if (is_order(lines[i]))
            return TRUE;
    return FALSE;
}

static char *
code_in(const char *line, struct pattern *p)
{
    g_autofree char *folded = text_fold(line);
    struct pattern_hit hit;

    return pattern_find(p, folded, 0, &hit) ? pattern_group(&hit, 1) : NULL;
}

char *
orders_code(const struct reading *r)
{
    g_auto(GStrv) lines = g_strsplit(r->own_text ? r->own_text : "", "\n", -1);
    gboolean first = TRUE;

    for (char **l = lines; *l; l++) {
        char *code;

        g_strstrip(*l);
        if (!**l)
            continue;
        code = code_in(*l, first ? &first_code : &named_code);
        first = FALSE;
        if (code)
            return code;
    }
    return first && r->subject ? code_in(r->subject, &subject_code) : NULL;
}

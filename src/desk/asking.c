/* asking.c - see asking.h. */
#include "desk/asking.h"

#include "base/text.h"

enum label { LABEL_LEVEL, LABEL_DUE, LABEL_UNITS, LABEL_REQUIREMENT, LABELS };

/* Offices write 单 位： as well, and 截止时间：. */
static const char *const patterns[LABELS] = {
    [LABEL_LEVEL] = "层\\s*级\\s*[:：]",
    [LABEL_DUE] = "截\\s*止(?:时间|日期)?\\s*[:：]",
    [LABEL_UNITS] = "(?:约稿|报送)?单\\s*位\\s*[:：]",
    [LABEL_REQUIREMENT] = "要\\s*求\\s*[:：]"};

/* Bytes of the label at the line's start; 0: none. */
static gsize
label_at(const char *line, enum label which)
{
    g_autofree char *pattern = g_strconcat("^\\s*", patterns[which], NULL);
    g_autoptr(GRegex) re = g_regex_new(pattern, 0, 0, NULL);
    g_autoptr(GMatchInfo) m = NULL;
    int start = 0, end = 0;

    if (!g_regex_match(re, line, 0, &m))
        return 0;
    g_match_info_fetch_pos(m, 0, &start, &end);
    return (gsize)end;
}

static gsize
find_label(const char *line, enum label *out)
{
    for (int which = 0; which < LABELS; which++) {
        gsize n = label_at(line, (enum label)which);

        if (n > 0) {
            *out = (enum label)which;
            return n;
        }
    }
    return 0;
}

gboolean
asking_is_labelled(const char *line)
{
    enum label which;

    return find_label(line, &which) > 0;
}

static char **
field(struct asking *a, enum label which)
{
    switch (which) {
    case LABEL_LEVEL:
        return &a->level;
    case LABEL_DUE:
        return &a->due;
    case LABEL_UNITS:
        return &a->units;
    case LABEL_REQUIREMENT:
    case LABELS:
        break;
    }
    return &a->requirement;
}

static void
append(char **where, const char *text)
{
    g_autofree char *line = text_line(text);
    char *both;

    if (!*line)
        return;
    both = *where ? g_strdup_printf("%s %s", *where, line) : g_strdup(line);
    g_free(*where);
    *where = both;
}

/* Labels written behind the title get a line of their own. */
static char *
break_first_line(const char *text)
{
    g_autofree char *any = g_strdup_printf(
        "\\s+(?=(?:%s|%s|%s|%s))", patterns[LABEL_LEVEL], patterns[LABEL_DUE],
        patterns[LABEL_UNITS], patterns[LABEL_REQUIREMENT]);
    g_autoptr(GRegex) re = g_regex_new(any, 0, 0, NULL);
    g_auto(GStrv) both = g_strsplit(text, "\n", 2);
    g_autofree char *first = g_regex_replace_literal(re, both[0] ? both[0] : "",
                                                     -1, 0, "\n", 0, NULL);

    return g_strdup_printf("%s\n%s", first, both[0] && both[1] ? both[1] : "");
}

/* What stands behind the order's word. */
static char *
title_of(const char *line)
{
    g_autoptr(GRegex) word = g_regex_new("^\\s*约稿\\s*[:：]?\\s*", 0, 0, NULL);
    g_autofree char *rest =
        g_regex_replace_literal(word, line, -1, 0, "", 0, NULL);

    return text_line(rest);
}

struct asking *
asking_new(const char *text)
{
    struct asking *a = g_new0(struct asking, 1);
    g_autofree char *broken = break_first_line(text);
    g_auto(GStrv) lines = g_strsplit(broken, "\n", -1);
    char **where = &a->requirement;

    a->title = title_of(lines[0]);
    for (char **l = lines + 1; *l; l++) {
        enum label which;
        gsize n = find_label(*l, &which);

        if (n > 0)
            where = field(a, which);
        append(where, *l + n);
    }
    return a;
}

void
asking_free(struct asking *a)
{
    if (!a)
        return;
    g_free(a->title);
    g_free(a->level);
    g_free(a->due);
    g_free(a->units);
    g_free(a->requirement);
    g_free(a);
}

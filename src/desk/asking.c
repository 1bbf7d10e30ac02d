/* asking.c - see asking.h. */
#include "desk/asking.h"

#include "base/pattern.h"
#include "base/text.h"

enum label { LABEL_LEVEL, LABEL_DUE, LABEL_UNITS, LABEL_REQUIREMENT, LABELS };

/* Offices write 单 位： as well, and 截止时间：. */
#define LEVEL "层\\s*+级\\s*+[:：]"
#define DUE "截\\s*+止(?:时间|日期)?\\s*+[:：]"
#define UNITS "(?:约稿|报送)?单\\s*+位\\s*+[:：]"
#define REQUIREMENT "要\\s*+求\\s*+[:：]"

/* At the line's start. */
static struct pattern labels[LABELS] = {[LABEL_LEVEL] = PATTERN("^\\s*+" LEVEL),
                                        [LABEL_DUE] = PATTERN("^\\s*+" DUE),
                                        [LABEL_UNITS] = PATTERN("^\\s*+" UNITS),
                                        [LABEL_REQUIREMENT] =
                                            PATTERN("^\\s*+" REQUIREMENT)};

static struct pattern before_labels =
    PATTERN("(?<!\\s)\\s++(?=" LEVEL "|" DUE "|" UNITS "|" REQUIREMENT ")");

static struct pattern order_word = PATTERN("^\\s*+约稿\\s*+[:：]?\\s*+");

/* Bytes of what stands at the line's start; 0: it does not. */
static gsize
length_of(struct pattern *p, const char *line)
{
    struct pattern_hit hit;

    return pattern_find(p, line, 0, &hit) ? (gsize)hit.end[0] : 0;
}

static gsize
find_label(const char *line, enum label *out)
{
    for (int which = 0; which < LABELS; which++) {
        gsize n = length_of(&labels[which], line);

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
    g_auto(GStrv) both = g_strsplit(text, "\n", 2);
    g_autofree char *first =
        pattern_replace(&before_labels, both[0] ? both[0] : "", "\n");

    return g_strdup_printf("%s\n%s", first, both[0] && both[1] ? both[1] : "");
}

struct asking *
asking_new(const char *text)
{
    struct asking *a = g_new0(struct asking, 1);
    g_autofree char *broken = break_first_line(text);
    g_auto(GStrv) lines = g_strsplit(broken, "\n", -1);
    char **where = &a->requirement;

    a->title = text_line(lines[0] + length_of(&order_word, lines[0]));
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

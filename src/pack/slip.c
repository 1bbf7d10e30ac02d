/* slip.c - see slip.h. */
#include "pack/slip.h"

#include "base/i18n.h"

#include <string.h>

/* Where in a line we are. */
struct walk {
    const char *at, *end; /* of the line, without its line feed */
    int column;
    gboolean begins; /* a key, a value or a sign may begin here */
    gboolean key;    /* and it may be a key */
    char quote;      /* inside these; 0 outside */
};

static const struct {
    const char *wide, *plain;
} brackets[] = {
    {"｛", "{"}, {"｝", "}"}, {"［", "["},
    {"］", "]"}, {"【", "["}, {"】", "]"},
};

static gboolean
starts_at(const char *p, const char *end, const char *text)
{
    size_t n = strlen(text);

    return (size_t)(end - p) >= n && memcmp(p, text, n) == 0;
}

static gboolean
starts(const struct walk *w, const char *text)
{
    return starts_at(w->at, w->end, text);
}

static gboolean
wide_space_at(const char *p, const char *end)
{
    return starts_at(p, end, "\u3000") || starts_at(p, end, "\u00A0");
}

static char *
wide_bracket(const struct walk *w)
{
    for (gsize i = 0; i < G_N_ELEMENTS(brackets); i++)
        if (starts(w, brackets[i].wide))
            return g_strdup_printf(
                _("\"%s\" is a full-width sign; here YAML reads only \"%s\""),
                brackets[i].wide, brackets[i].plain);
    return NULL;
}

/* Behind a word in the letters of our keys; p itself if there is none. */
static const char *
behind_key(const char *p, const char *end)
{
    while (p < end && (g_ascii_islower(*p) || *p == '-'))
        p++;
    return p;
}

/* "name：财政局", "name:财政局": a word of ours and a colon that is none.
 * A space of another kind behind it is told by itself. */
static gboolean
wrong_colon(const struct walk *w)
{
    const char *p = behind_key(w->at, w->end);

    if (p == w->at || p == w->end)
        return FALSE;
    if (*p == ':')
        return p + 1 < w->end && p[1] != ' ' && p[1] != '\r' &&
               !wide_space_at(p + 1, w->end);
    return starts_at(p, w->end, "：");
}

/* "{name: 采用，keep: 1}": behind the comma there is a key. */
static gboolean
wide_comma(const struct walk *w)
{
    const char *p = w->at + strlen("，"), *behind;

    if (!starts(w, "，"))
        return FALSE;
    while (p < w->end && *p == ' ')
        p++;
    behind = behind_key(p, w->end);
    return behind > p && behind < w->end &&
           (*behind == ':' || starts_at(behind, w->end, "："));
}

static char *
slip_here(const struct walk *w)
{
    char *bracket = wide_bracket(w);

    if (bracket)
        return bracket;
    if (wide_comma(w))
        return g_strdup(_("between two keys stands a half-width comma"));
    if (w->begins && wide_space_at(w->at, w->end))
        return g_strdup(_("a full-width or unbreakable space; only plain "
                          "spaces indent and separate"));
    if (w->begins && w->key && wrong_colon(w))
        return g_strdup(_("a key is followed by \": \", a half-width colon "
                          "and a space"));
    return NULL;
}

/* What the character just passed makes of the place behind it. */
static void
pass(struct walk *w)
{
    char c = *w->at;
    gboolean before_space = w->at + 1 == w->end || w->at[1] == ' ' ||
                            wide_space_at(w->at + 1, w->end);

    if (w->quote) {
        if (c == w->quote)
            w->quote = 0;
    } else if (w->begins && (c == '\'' || c == '"')) {
        w->quote = c;
        w->begins = FALSE;
    } else if (strchr("{[,", c) || (w->begins && c == '-' && before_space)) {
        w->begins = w->key = TRUE;
    } else if (c == ':' && before_space) {
        w->begins = TRUE;
        w->key = FALSE;
    } else if (c != ' ') {
        w->begins = FALSE;
    }
    w->at = g_utf8_next_char(w->at);
    w->column++;
}

static gboolean
is_comment(const struct walk *w)
{
    return *w->at == '#' && (w->column == 1 || w->at[-1] == ' ');
}

/* The first slip of a line: its column and words; 0 if there is none. */
static int
look_at_line(const char *line, const char *end, char **text_out)
{
    struct walk w = {line, end, 1, TRUE, TRUE, 0};

    for (; w.at < w.end; pass(&w)) {
        char *text;

        if (w.quote)
            continue;
        if (is_comment(&w))
            return 0;
        text = slip_here(&w);
        if (text) {
            *text_out = text;
            return w.column;
        }
    }
    return 0;
}

gboolean
slip_find(const char *data, size_t len, int first, int last, struct slip *out)
{
    const char *end = data + len, *p = data;

    for (int line = 1; p < end && line <= last; line++) {
        const char *feed = memchr(p, '\n', (size_t)(end - p));
        const char *stop = feed ? feed : end;
        int column = line < first ? 0 : look_at_line(p, stop, &out->text);

        if (column) {
            out->line = line;
            out->column = column;
            return TRUE;
        }
        p = feed ? feed + 1 : end;
    }
    return FALSE;
}

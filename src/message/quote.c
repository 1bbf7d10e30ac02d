/* quote.c - see quote.h. */
#include "message/quote.h"
#include "base/text.h"

#include <string.h>

enum {
    HEAD_LINES = 6,   /* within which a quoted head shows its second field */
    HEAD_BYTES = 400, /* longer lines are no head */
};

/* Titles between dashes above a quoted message, folded. */
static const char *const rules[] = {
    "原始邮件",          "原邮件",     "原始消息",
    "转发邮件",          "转发的邮件", "original message",
    "forwarded message", "邮件原件",   NULL,
};

/* First fields of a quoted head, and those of which one must follow. */
static const char *const first_fields[] = {
    "发件人:", "发信人:", "寄件者:", "from:", NULL};
static const char *const next_fields[] = {
    "发送时间:", "发送日期:", "日期:", "时间:", "收件人:",  "主题:",
    "抄送:",     "sent:",     "date:", "to:",   "subject:", NULL,
};

static gboolean
begins_with_any(const char *line, const char *const *words)
{
    for (; *words; words++)
        if (g_str_has_prefix(line, *words))
            return TRUE;
    return FALSE;
}

/* Folded, and without the asterisks with which some show bold type. */
static char *
plain_line(const char *line, size_t len)
{
    g_autofree char *copy = g_strndup(line, MIN(len, HEAD_BYTES));
    char *folded = text_fold(copy);
    char *to = folded;

    for (const char *p = folded; *p; p++)
        if (*p != '*')
            *to++ = *p;
    *to = '\0';
    return g_strchug(folded);
}

/* "-----原始邮件-----", at least three dashes on the left. */
static gboolean
is_rule(const char *line)
{
    size_t dashes = strspn(line, "-_= ");

    return dashes >= 3 && begins_with_any(line + dashes, rules);
}

/* "On … wrote:", 在 … 写道:, 于 … 写道: with an address or a date in it. */
static gboolean
is_attribution(const char *line)
{
    if (!g_str_has_suffix(line, "写道:") && !g_str_has_suffix(line, "wrote:") &&
        !g_str_has_suffix(line, "写到:"))
        return FALSE;
    return strchr(line, '@') || strpbrk(line, "0123456789") ||
           g_str_has_prefix(line, "在") || g_str_has_prefix(line, "on ");
}

static const char *
next_line(const char *p)
{
    const char *lf = strchr(p, '\n');

    return lf ? lf + 1 : p + strlen(p);
}

static size_t
line_length(const char *p)
{
    return strcspn(p, "\n");
}

/* Does another field of a quoted head stand below? */
static gboolean
head_follows(const char *p)
{
    for (int i = 0; i < HEAD_LINES && *p; i++, p = next_line(p)) {
        g_autofree char *line = plain_line(p, line_length(p));

        if (begins_with_any(line, next_fields))
            return TRUE;
    }
    return FALSE;
}

/* "On Fri, 1 Mar 2019\n李明 <a@b.cn> wrote:" is broken by some mailers. */
static gboolean
is_broken_attribution(const char *line, const char *below)
{
    g_autofree char *second = plain_line(below, line_length(below));

    return (g_str_has_prefix(line, "on ") || g_str_has_prefix(line, "在")) &&
           strpbrk(line, "0123456789") &&
           (g_str_has_suffix(second, "wrote:") ||
            g_str_has_suffix(second, "写道:"));
}

static gboolean
is_quote_head(const char *p, const char *line)
{
    const char *below = next_line(p);

    return is_rule(line) || is_attribution(line) ||
           (begins_with_any(line, first_fields) && head_follows(below)) ||
           is_broken_attribution(line, below);
}

static gboolean
is_signature(const char *p, size_t len)
{
    return (len == 3 && memcmp(p, "-- ", 3) == 0) ||
           (len == 2 && memcmp(p, "--", 2) == 0);
}

/* Ordinary characters of Chinese prose, none of which folds to anything that
 * is looked for below, but for the letter w: ASCII, ideographs, and
 * punctuation of U+2000, U+3000 and U+FF00 on.  Bytes of it; 0: another. */
static size_t
ordinary(const char *p)
{
    guchar lead = (guchar)p[0], next = (guchar)p[1];

    if (lead < 0x80)
        return lead == 'w' || lead == 'W' ? 0 : 1;
    if ((lead >= 0xE4 && lead <= 0xE9) || (lead == 0xE3 && next == 0x80) ||
        (lead == 0xE2 && next == 0x80) ||
        (lead == 0xEF && next == 0xBC && (guchar)p[2] < 0xA0))
        return 3;
    return 0;
}

static const char *
behind_indent(const char *line)
{
    for (;;) {
        if (*line == ' ' || *line == '\t')
            line++;
        else if (strncmp(line, "\xE3\x80\x80", 3) == 0)
            line += 3;
        else
            return line;
    }
}

/* What nothing that is looked for begins with: an ideograph but for some, a
 * digit, most letters, a quotation mark. */
static gboolean
begins_prose(const char *line)
{
    static const char *const beginnings[] = {"发", "寄", "在", "于", NULL};
    guchar lead = (guchar)*line;

    if (lead >= 0xE4 && lead <= 0xE9)
        return !begins_with_any(line, beginnings);
    if (lead == 0xE2)
        return strncmp(line, "“", 3) == 0 || strncmp(line, "‘", 3) == 0;
    return g_ascii_isalnum(lead) && !strchr("oOfF", lead);
}

/* Nothing that is looked for can be in such a line: it begins with none of
 * it, and nobody writes in it.  Most lines are so, and need not be folded. */
static gboolean
is_prose(const char *line, size_t len)
{
    const char *end = line + len;

    line = behind_indent(line);
    if (line >= end || !begins_prose(line))
        return FALSE;
    while (line < end) {
        size_t n = ordinary(line);

        if (n == 0 || (n == 3 && strncmp(line, "写", 3) == 0))
            return FALSE;
        line += n;
    }
    return TRUE;
}

static void
keep_line(GString *out, const char *p, size_t len)
{
    g_string_append_len(out, p, (gssize)len);
    if (p[len])
        g_string_append_c(out, '\n');
}

char *
quote_strip(const char *text)
{
    GString *out = g_string_sized_new(strlen(text) + 1);

    for (const char *p = text; *p; p = next_line(p)) {
        size_t len = line_length(p);
        g_autofree char *line = NULL;

        if (is_prose(p, len)) {
            keep_line(out, p, len);
            continue;
        }
        line = plain_line(p, len);
        if (is_signature(p, len) || is_quote_head(p, line))
            break;
        if (*line == '>' || g_str_has_prefix(line, "发自我的"))
            continue;
        keep_line(out, p, len);
    }
    return g_string_free(out, FALSE);
}

/* ---- files that were only linked ---- */

static const char *const link_marks[] = {
    "mail.qq.com/cgi-bin/ftnexs_download",
    "mail.qq.com/ftn/download",
    "/large-attachment-download/",
    "mail.163.com/filehub/",
    "dashi.163.com/projects/",
    "fs.163.com/fs/display",
    "u.163.com/",
    "/coremail/s?func=lp:filetransfer",
    "func=nf:download",
    "/webmail/filetransfer",
};
static const char *const link_words[] = {"超大附件", "文件中转站", "云附件",
                                         "大附件下载"};

gboolean
quote_has_big_file_link(const char *text)
{
    g_autofree char *lower = NULL;

    if (!strstr(text, "://"))
        return FALSE;
    lower = g_ascii_strdown(text, -1);
    for (size_t i = 0; i < G_N_ELEMENTS(link_marks); i++)
        if (strstr(lower, link_marks[i]))
            return TRUE;
    for (size_t i = 0; i < G_N_ELEMENTS(link_words); i++)
        if (strstr(lower, link_words[i]))
            return TRUE;
    return FALSE;
}

/* machine.c - see machine.h.
 *
 * The rules are one table of checks, tried in order: the first that holds
 * names the kind and the field.  What is most certain comes first, so that
 * a bounce is called a bounce although it also has a null sender. */
#include "message/machine.h"
#include "base/text.h"

#include <string.h>

enum {
    REASON_CHARS = 120,
    OWN_ID_DIGITS = 32,
    SUBJECT_CHARS = 60 /* longer than any beginning that is looked for */
};

/* ---- one field ---- */

/* Comments may hold comments, and quoted brackets (RFC 5322 3.2.2). */
static const char *
skip_comments(const char *p)
{
    int depth = 0;

    for (; *p; p++) {
        if (*p == '(')
            depth++;
        else if (depth && *p == ')')
            depth--;
        else if (depth && *p == '\\' && p[1])
            p++;
        else if (!depth && *p != ' ' && *p != '\t')
            break;
    }
    return p;
}

/* The first word of a value, without comments and parameters (A2). */
static char *
keyword(const char *line)
{
    line = skip_comments(line);
    return g_ascii_strdown(line, (gssize)strcspn(line, " ;(,\t"));
}

/* One line: a field without a value has no blank behind its name. */
static char *
reason_field(const char *name, const char *value)
{
    g_autofree char *whole = g_strconcat(name, *value ? ": " : "", value, NULL);

    return text_cut(whole, REASON_CHARS);
}

/* The field's line when it is there, as the reason. */
static char *
field_present(const struct header *h, const char *name)
{
    g_autofree char *line = header_line_of(h, name);

    return line ? reason_field(name, line) : NULL;
}

static char *
any_present(const struct header *h, const char *const *names)
{
    for (; *names; names++) {
        char *reason = field_present(h, *names);

        if (reason)
            return reason;
    }
    return NULL;
}

/* Does any field of that name have (or, when `unless` is given, not have)
 * one of the keywords?  Of two fields the worse one counts (A5). */
static char *
keyword_among(const struct header *h, const char *name,
              const char *const *words, const char *unless)
{
    const struct header_field *f;
    guint at = 0;

    while ((f = header_find(h, name, &at)) != NULL) {
        g_autofree char *line = header_line(f);
        g_autofree char *word = keyword(line);

        if (unless ? strcmp(word, unless) != 0 && *word
                   : g_strv_contains(words, word))
            return reason_field(name, line);
    }
    return NULL;
}

/* ---- subjects ---- */

/* Folded: full-width marks are half-width there, letters lower case. */
static const char *const auto_subjects[] = {
    "自动回复",      "自动答复",     "自動回覆",   "automatic reply",
    "auto reply",    "auto-reply",   "autoreply",  "out of office",
    "out-of-office", "外出:",        "外出自动",   "外出答复",
    "外出回复",      "外出中",       "不在办公室", "auto response",
    "auto-response", "autoresponse", "auto:",      NULL,
};
static const char *const bounce_subjects[] = {
    "退信",
    "系统退信",
    "邮件退回",
    "邮件投递失败",
    "投递失败",
    "未送达:",
    "undelivered mail",
    "undeliverable",
    "delivery status notification",
    "delivery failure",
    "mail delivery failed",
    "mail delivery failure",
    "returned mail",
    "failure notice",
    NULL,
};
static const char *const receipt_subjects[] = {
    "回执(已",
    "回执:(已",
    "已读:",
    "已读回执",
    "未读:",
    "未经阅读即被删除:",
    "阅读回执",
    "已读邮件回执",
    "送达回执",
    "read:",
    "not read:",
    "read receipt",
    "return receipt",
    "disposition notification",
    NULL,
};
static const char *const recall_subjects[] = {
    "邮件撤回", "撤回:", "召回:", "recall:", "message recall", NULL,
};
/* QQ's own words: nobody begins a subject so, whatever is attached. */
static const char *const sure_recall_subjects[] = {
    "发信方已撤回邮件",
    "发件人已撤回",
    NULL,
};

/* The subject begins so, brackets around the words or not. */
static char *
subject_surely_begins(const struct machine_facts *f, const char *const *words)
{
    g_autofree char *head = NULL, *folded = NULL;
    const char *start;

    if (!f->subject)
        return NULL;
    head = text_cut(f->subject, SUBJECT_CHARS);
    folded = text_fold(head);
    start = folded;
    while (g_str_has_prefix(start, "[") || g_str_has_prefix(start, "(") ||
           g_str_has_prefix(start, "【"))
        start = g_utf8_next_char(start);
    for (; *words; words++)
        if (g_str_has_prefix(start, *words))
            return reason_field("Subject", f->subject);
    return NULL;
}

/* The same, unless a draft is attached: then a person may have written it. */
static char *
subject_begins(const struct machine_facts *f, const char *const *words)
{
    return f->has_word ? NULL : subject_surely_begins(f, words);
}

/* ---- senders ---- */

/* local@domain is `own`, with or without a +tag, in any case (A21). */
static gboolean
is_own(const char *address, const char *own)
{
    const char *at = strrchr(address, '@'), *plus = strchr(address, '+');
    const char *own_at = strrchr(own, '@');
    size_t len = (size_t)((plus && plus < at ? plus : at) - address);

    return own_at && len == (size_t)(own_at - own) &&
           g_ascii_strncasecmp(address, own, len) == 0 &&
           g_ascii_strcasecmp(at, own_at) == 0;
}

static const char *const daemon_names[] = {
    "mailer-daemon", "mailerdaemon", "mail-daemon", "double-bounce", NULL,
};
static const char *const robot_names[] = {
    "listserv", "majordomo",           "bounce",
    "bounces",  "notification",        "notifications",
    "robot",    "system-notification", NULL,
};
static const char *const robot_prefixes[] = {
    "owner-", "bounce-", "bounces-", "bounce+", "bounces+", NULL,
};
static const char *const robot_suffixes[] = {
    "-request", "-bounces", "-bounce", "-owner", NULL,
};
/* Anywhere in the name, between marks and with a number behind them. */
static const char *const robot_words[] = {
    "noreply",    "donotreply",   "autoreply", "no-reply",
    "auto-reply", "do-not-reply", NULL,
};
static const char *const daemon_titles[] = {
    "mail delivery system",
    "mail delivery subsystem",
    "mailer-daemon",
    "系统退信",
    NULL,
};
static const char *const robot_titles[] = {"系统邮件", "系统消息", "系统通知",
                                           NULL};

/* "srv_No.Reply2" and "-srv-no-reply-" are the same words. */
static char *
words_of_local(const char *local)
{
    GString *s = g_string_new("-");

    for (const char *p = local; *p; p++) {
        if (g_ascii_isalpha(*p) || (*p & 0x80))
            g_string_append_c(s, *p);
        else if (s->str[s->len - 1] != '-')
            g_string_append_c(s, '-');
    }
    if (s->str[s->len - 1] != '-')
        g_string_append_c(s, '-');
    return g_string_free(s, FALSE);
}

static gboolean
says_no_reply(const char *local)
{
    g_autofree char *words = words_of_local(local);

    for (const char *const *p = robot_words; *p; p++) {
        g_autofree char *word = g_strconcat("-", *p, "-", NULL);

        if (strstr(words, word))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_robot_local(const char *local)
{
    g_autofree char *untagged = g_strndup(local, strcspn(local, "+"));

    if (g_strv_contains(robot_names, untagged) || says_no_reply(local))
        return TRUE;
    for (const char *const *p = robot_prefixes; *p; p++)
        if (g_str_has_prefix(local, *p))
            return TRUE;
    for (const char *const *p = robot_suffixes; *p; p++)
        if (g_str_has_suffix(untagged, *p))
            return TRUE;
    return FALSE;
}

/* The display name without the marks around it: 【系统通知】 and 系统通知: */
static char *
bare_title(const char *name)
{
    g_autofree char *folded = text_fold(name);
    char *start = folded, *end = folded + strlen(folded);

    while (*start && !g_unichar_isalnum(g_utf8_get_char(start)))
        start = g_utf8_next_char(start);
    while (end > start &&
           !g_unichar_isalnum(g_utf8_get_char(g_utf8_prev_char(end))))
        end = g_utf8_prev_char(end);
    return g_strndup(start, (gsize)(end - start));
}

/* The reason when a sender bears a name of the two lists. */
static char *
sender_among(const GPtrArray *from, const char *const *locals,
             const char *const *titles, gboolean patterns)
{
    for (guint i = 0; i < from->len; i++) {
        const struct reading_address *a = g_ptr_array_index(from, i);
        const char *shown = a->address ? a->address : a->name;
        g_autofree char *title = a->name ? bare_title(a->name) : NULL;
        g_autofree char *local =
            a->address ? g_ascii_strdown(a->address,
                                         strrchr(a->address, '@') - a->address)
                       : g_strdup(title);

        if (shown && ((local && g_strv_contains(locals, local)) ||
                      (patterns && local && is_robot_local(local)) ||
                      (title && g_strv_contains(titles, title))))
            return reason_field("From", shown);
    }
    return NULL;
}

/* ---- the checks, each giving its reason or NULL ---- */

/* A letter of this program, ours or another office's, whose other marks a
 * server on the way has taken off (A22). */
static char *
own_message_id(const struct header *h)
{
    g_autofree char *id = header_line_of(h, "Message-ID");
    size_t n = strlen(MACHINE_OWN_ID);

    if (!id || strncmp(id, MACHINE_OWN_ID, n) != 0 ||
        strspn(id + n, "0123456789abcdef") != OWN_ID_DIGITS ||
        id[n + OWN_ID_DIGITS] != '@')
        return NULL;
    return reason_field("Message-ID", id);
}

static char *
check_self(const struct machine_facts *f)
{
    char *reason = field_present(f->header, MACHINE_LOOP_HEADER);

    if (!reason)
        reason = own_message_id(f->header);

    for (guint i = 0; !reason && f->own_address && i < f->from->len; i++) {
        const struct reading_address *a = g_ptr_array_index(f->from, i);

        if (a->address && is_own(a->address, f->own_address))
            reason = reason_field("From", a->address);
    }
    return reason;
}

static char *
check_receipt(const struct machine_facts *f)
{
    if (f->report_type &&
        strcmp(f->report_type, "disposition-notification") == 0)
        return reason_field("report-type", f->report_type);
    return subject_begins(f, receipt_subjects);
}

static char *
check_bounce(const struct machine_facts *f)
{
    char *reason;

    if (f->report_type)
        return reason_field("report-type", f->report_type);
    reason = field_present(f->header, "X-Failed-Recipients");
    if (!reason)
        reason = sender_among(f->from, daemon_names, daemon_titles, FALSE);
    return reason ? reason : subject_begins(f, bounce_subjects);
}

static char *
check_recall(const struct machine_facts *f)
{
    char *reason = subject_surely_begins(f, sure_recall_subjects);

    return reason ? reason : subject_begins(f, recall_subjects);
}

static char *
check_auto(const struct machine_facts *f)
{
    static const char *const names[] = {
        "X-Autoreply",  "X-Autorespond", "X-Autoresponder",
        "X-Auto-Reply", "X-AutoReply",   "X-Mail-Autoreply",
        NULL,
    };
    static const char *const yes[] = {"true", "yes", "1", NULL};
    char *reason = keyword_among(f->header, "Auto-Submitted", NULL, "no");

    if (!reason)
        reason = keyword_among(f->header, "X-Auto-Submitted", NULL, "no");
    if (!reason)
        reason = keyword_among(f->header, "X-QQ-AUTO-REPLY", yes, NULL);
    if (!reason)
        reason = any_present(f->header, names);
    return reason ? reason : subject_begins(f, auto_subjects);
}

static char *
check_null_sender(const struct machine_facts *f)
{
    g_autofree char *path = header_line_of(f->header, "Return-Path");

    if (!path || strspn(path, "<> ") != strlen(path))
        return NULL;
    return g_strdup("Return-Path: <>");
}

static char *
check_list(const struct machine_facts *f)
{
    static const char *const names[] = {
        "List-Id",        "List-Post",  "List-Unsubscribe", "List-Help",
        "List-Subscribe", "List-Owner", "List-Archive",     NULL,
    };

    return any_present(f->header, names);
}

static char *
check_bulk(const struct machine_facts *f)
{
    static const char *const words[] = {
        "bulk", "junk", "list", "auto_reply", "auto-reply", NULL,
    };

    return keyword_among(f->header, "Precedence", words, NULL);
}

static char *
check_robot(const struct machine_facts *f)
{
    return sender_among(f->from, robot_names, robot_titles, TRUE);
}

static gboolean
asks_for_silence(const char *line)
{
    g_auto(GStrv) words = g_strsplit_set(line, ",; ", -1);

    for (char **w = words; *w; w++)
        if (g_ascii_strcasecmp(*w, "All") == 0 ||
            g_ascii_strcasecmp(*w, "AutoReply") == 0)
            return TRUE;
    return FALSE;
}

/* A13, A14: OOF alone asks only for no out-of-office message; of several
 * fields any that asks for more counts. */
static char *
check_suppress(const struct machine_facts *f)
{
    static const char name[] = "X-Auto-Response-Suppress";
    const struct header_field *field;
    guint at = 0;

    while ((field = header_find(f->header, name, &at)) != NULL) {
        g_autofree char *line = header_line(field);

        if (asks_for_silence(line))
            return reason_field(name, line);
    }
    return NULL;
}

enum machine
machine_find(const struct machine_facts *facts, char **reason_out)
{
    static const struct {
        enum machine kind;
        char *(*check)(const struct machine_facts *f);
    } checks[] = {
        {MACHINE_SELF, check_self},
        {MACHINE_RECEIPT, check_receipt},
        {MACHINE_BOUNCE, check_bounce},
        {MACHINE_RECALL, check_recall},
        {MACHINE_AUTO_SUBMITTED, check_auto},
        {MACHINE_NULL_SENDER, check_null_sender},
        {MACHINE_LIST, check_list},
        {MACHINE_BULK, check_bulk},
        {MACHINE_ROBOT, check_robot},
        {MACHINE_SUPPRESS, check_suppress},
    };

    *reason_out = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
        *reason_out = checks[i].check(facts);
        if (*reason_out)
            return checks[i].kind;
    }
    return MACHINE_NO;
}

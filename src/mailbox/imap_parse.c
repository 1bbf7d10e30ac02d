/* imap_parse.c - see imap_parse.h. */
#include "mailbox/imap_parse.h"

#include "base/day.h"

#include <string.h>

enum { NESTING_LIMIT = 64 };

/* What is still to be read of a line. */
struct cursor {
    const char *p, *end;
    const GPtrArray *literals;
    guint literal; /* the next one */
};

/* ---- tokens ---- */

static gboolean
take(struct cursor *c, char ch)
{
    if (c->p == c->end || *c->p != ch)
        return FALSE;
    c->p++;
    return TRUE;
}

/* An atom; also flags (\Seen) and item names up to their bracket. */
static gboolean
take_word(struct cursor *c, const char **word, size_t *len)
{
    const char *start = c->p;

    while (c->p < c->end && (guchar)*c->p > 0x20 && *c->p != 0x7F &&
           !strchr("(){\"[]", *c->p))
        c->p++;
    *word = start;
    *len = (size_t)(c->p - start);
    return *len > 0;
}

static gboolean
word_is(const char *word, size_t len, const char *name)
{
    return len == strlen(name) && g_ascii_strncasecmp(word, name, len) == 0;
}

/* At most 32 bits, as every number of the protocol. */
static gboolean
take_number(struct cursor *c, guint32 *out)
{
    guint64 n = 0;
    const char *start = c->p;

    while (c->p < c->end && g_ascii_isdigit(*c->p)) {
        n = n * 10 + (guint64)(*c->p++ - '0');
        if (n > G_MAXUINT32)
            return FALSE;
    }
    if (c->p == start)
        return FALSE;
    *out = (guint32)n;
    return TRUE;
}

/* `into` may be NULL: then the string is passed over. */
static gboolean
take_quoted(struct cursor *c, GString *into)
{
    if (!take(c, '"'))
        return FALSE;
    for (; c->p < c->end; c->p++) {
        if (*c->p == '"') {
            c->p++;
            return TRUE;
        }
        if (*c->p == '\\' && c->p + 1 < c->end)
            c->p++;
        if (into)
            g_string_append_c(into, *c->p);
    }
    return FALSE;
}

static gboolean
take_literal(struct cursor *c, guint *index_out)
{
    guint32 size;

    if (!take(c, '{') || !take_number(c, &size) || !take(c, '}'))
        return FALSE;
    if (!c->literals || c->literal >= c->literals->len)
        return FALSE;
    *index_out = c->literal++;
    return TRUE;
}

static gboolean
take_nil(struct cursor *c)
{
    struct cursor ahead = *c;
    const char *word;
    size_t len;

    if (!take_word(&ahead, &word, &len) || !word_is(word, len, "NIL"))
        return FALSE;
    *c = ahead;
    return TRUE;
}

/* A string in any of its three forms. */
static gboolean
take_astring(struct cursor *c, GString *into)
{
    const char *word;
    size_t len;
    guint index;

    if (c->p < c->end && *c->p == '"')
        return take_quoted(c, into);
    if (c->p < c->end && *c->p == '{') {
        const GByteArray *bytes;

        if (!take_literal(c, &index))
            return FALSE;
        bytes = g_ptr_array_index(c->literals, index);
        g_string_append_len(into, (const char *)bytes->data, bytes->len);
        return TRUE;
    }
    if (!take_word(c, &word, &len))
        return FALSE;
    g_string_append_len(into, word, (gssize)len);
    return TRUE;
}

/* One token inside a value that we have no use for. */
static gboolean
skip_token(struct cursor *c)
{
    const char *word;
    size_t len;
    guint index;

    if (*c->p == '"')
        return take_quoted(c, NULL);
    if (*c->p == '{')
        return take_literal(c, &index);
    if (*c->p == '[' || *c->p == ']') {
        c->p++; /* BODY[...] in a list: brackets need not match for us */
        return TRUE;
    }
    return take_word(c, &word, &len);
}

/* A whole value: one token, or a list with all that is in it. */
static gboolean
skip_value(struct cursor *c)
{
    int depth = 0;

    do {
        while (depth > 0 && take(c, ' '))
            continue;
        if (take(c, '(')) {
            if (++depth > NESTING_LIMIT)
                return FALSE;
        } else if (take(c, ')')) {
            if (--depth < 0)
                return FALSE;
        } else if (c->p == c->end || !skip_token(c)) {
            return FALSE;
        }
    } while (depth > 0);
    return TRUE;
}

/* ---- dates ---- */

static int
month_of(const char *name)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr",
                                         "May", "Jun", "Jul", "Aug",
                                         "Sep", "Oct", "Nov", "Dec"};

    for (int i = 0; i < 12; i++)
        if (g_ascii_strncasecmp(name, months[i], 3) == 0)
            return i + 1;
    return 0;
}

/* Exactly `digits` digits, of which the first may be a space. */
static gboolean
take_digits(struct cursor *c, int digits, int *out)
{
    int n = 0;

    for (int i = 0; i < digits; i++, c->p++) {
        if (c->p == c->end ||
            !(g_ascii_isdigit(*c->p) || (i == 0 && *c->p == ' ')))
            return FALSE;
        n = n * 10 + (*c->p == ' ' ? 0 : *c->p - '0');
    }
    *out = n;
    return TRUE;
}

/* "17-Jul-1996" as seconds at its start. */
static gboolean
take_day(struct cursor *c, gint64 *out)
{
    int day, month, year;

    if (!take_digits(c, 2, &day) || !take(c, '-') || c->end - c->p < 3)
        return FALSE;
    month = month_of(c->p);
    c->p += 3;
    if (!take(c, '-') || !take_digits(c, 4, &year) || !month || year < 1 ||
        !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return FALSE;
    *out = (gint64)day_from_ymd(year, month, day) * 86400;
    return TRUE;
}

static gboolean
take_time(struct cursor *c, gint64 *out)
{
    int h, m, s;

    if (!take_digits(c, 2, &h) || !take(c, ':') || !take_digits(c, 2, &m) ||
        !take(c, ':') || !take_digits(c, 2, &s) || h > 23 || m > 59 || s > 60)
        return FALSE;
    *out = h * 3600 + m * 60 + s;
    return TRUE;
}

static gboolean
take_zone(struct cursor *c, gint64 *out)
{
    gboolean is_east = take(c, '+');
    int h, m;

    if ((!is_east && !take(c, '-')) || !take_digits(c, 2, &h) ||
        !take_digits(c, 2, &m) || h > 14 || m > 59)
        return FALSE;
    *out = (h * 3600 + m * 60) * (is_east ? 1 : -1);
    return TRUE;
}

gboolean
imap_date_parse(const char *text, size_t len, gint64 *out)
{
    struct cursor c = {text, text + len, NULL, 0};
    gint64 day, time, zone;

    if (!take_day(&c, &day) || !take(&c, ' ') || !take_time(&c, &time) ||
        !take(&c, ' ') || !take_zone(&c, &zone) || c.p != c.end)
        return FALSE;
    *out = day + time - zone;
    return TRUE;
}

/* ---- responses ---- */

static void
take_capabilities(struct cursor *c, unsigned *out)
{
    static const struct {
        const char *name;
        enum imap_capability bit;
    } known[] = {{"ID", IMAP_CAN_ID},
                 {"MOVE", IMAP_CAN_MOVE},
                 {"UIDPLUS", IMAP_CAN_UIDPLUS},
                 {"IDLE", IMAP_CAN_IDLE}};
    const char *word;
    size_t len;

    *out = 0;
    for (;;) {
        while (take(c, ' '))
            continue;
        if (!take_word(c, &word, &len))
            return;
        for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
            if (word_is(word, len, known[i].name))
                *out |= known[i].bit;
    }
}

static void
take_code_argument(struct cursor *c, struct imap_response *r)
{
    if (r->code == IMAP_CODE_CAPABILITY)
        take_capabilities(c, &r->capabilities);
    else if (r->code == IMAP_CODE_UIDVALIDITY || r->code == IMAP_CODE_UIDNEXT)
        if (!take(c, ' ') || !take_number(c, &r->number))
            r->number = 0;
}

/* "[UIDNEXT 5] text"; what is no code is text. */
static void
take_text(struct cursor *c, struct imap_response *r)
{
    static const struct {
        const char *name;
        enum imap_code code;
    } known[] = {{"CAPABILITY", IMAP_CODE_CAPABILITY},
                 {"UIDVALIDITY", IMAP_CODE_UIDVALIDITY},
                 {"UIDNEXT", IMAP_CODE_UIDNEXT},
                 {"TRYCREATE", IMAP_CODE_TRYCREATE},
                 {"ALREADYEXISTS", IMAP_CODE_ALREADYEXISTS}};
    const char *word;
    size_t len;

    while (take(c, ' '))
        continue;
    r->text = c->p;
    if (!take(c, '[') || !take_word(c, &word, &len))
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (word_is(word, len, known[i].name))
            r->code = known[i].code;
    take_code_argument(c, r);
}

static gboolean
status_of(const char *word, size_t len, enum imap_status *out)
{
    static const char *const names[] = {[IMAP_OK] = "OK",
                                        [IMAP_NO] = "NO",
                                        [IMAP_BAD] = "BAD",
                                        [IMAP_BYE] = "BYE",
                                        [IMAP_PREAUTH] = "PREAUTH"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (word_is(word, len, names[i])) {
            *out = (enum imap_status)i;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
parse_list(struct cursor *c, struct imap_response *r)
{
    struct cursor flags;

    r->kind = IMAP_LIST;
    if (!take(c, ' '))
        return FALSE;
    flags = *c;
    if (!skip_value(c) || !take(c, ' '))
        return FALSE;
    r->selectable = TRUE;
    while (flags.p < c->p) {
        if (*flags.p == '\\' &&
            (g_ascii_strncasecmp(flags.p, "\\Noselect", 9) == 0 ||
             g_ascii_strncasecmp(flags.p, "\\NonExistent", 12) == 0))
            r->selectable = FALSE;
        flags.p++;
    }
    if (!take_nil(c)) {
        if (!take_quoted(c, r->string) || r->string->len > 1)
            return FALSE;
        r->delimiter = r->string->str[0];
        g_string_truncate(r->string, 0);
    }
    return take(c, ' ') && take_astring(c, r->string);
}

/* INTERNALDATE is a quoted string; NIL from servers that have lost it. */
static gboolean
take_date(struct cursor *c, gint64 *out)
{
    g_autoptr(GString) date = NULL;

    if (take_nil(c))
        return TRUE;
    date = g_string_new(NULL);
    if (!take_quoted(c, date))
        return FALSE;
    /* a date that cannot be is as good as none */
    imap_date_parse(date->str, date->len, out);
    return TRUE;
}

static gboolean
take_body(struct cursor *c, struct imap_response *r)
{
    if (take_nil(c))
        return TRUE;
    if (c->p < c->end && *c->p == '"') {
        g_string_truncate(r->string, 0);
        r->body = IMAP_BODY_STRING;
        return take_quoted(c, r->string);
    }
    r->body = IMAP_BODY_LITERAL;
    return take_literal(c, &r->body_literal);
}

/* "[]", "[HEADER]<0>" behind BODY: TRUE when it is what we ask for. */
static gboolean
take_section(struct cursor *c, gboolean *wanted)
{
    const char *start = c->p, *close;

    *wanted = FALSE;
    if (!take(c, '['))
        return TRUE; /* BODY alone is a structure */
    close = memchr(c->p, ']', (size_t)(c->end - c->p));
    if (!close)
        return FALSE;
    c->p = close + 1;
    *wanted = word_is(start, (size_t)(c->p - start), "[]") ||
              word_is(start, (size_t)(c->p - start), "[HEADER]");
    if (take(c, '<')) {
        guint32 origin;

        return take_number(c, &origin) && take(c, '>');
    }
    return TRUE;
}

/* "(\Seen \Deleted)": of all flags one is of interest. */
static gboolean
take_flags(struct cursor *c, struct imap_response *r)
{
    static const char deleted[] = "\\Deleted";
    const size_t len = sizeof deleted - 1;
    const char *from = c->p;

    if (!skip_value(c))
        return FALSE;
    for (const char *p = from; p + len < c->p; p++)
        if (g_ascii_strncasecmp(p, deleted, len) == 0 &&
            (p[len] == ' ' || p[len] == ')'))
            r->deleted = TRUE;
    return TRUE;
}

static gboolean
take_item(struct cursor *c, struct imap_response *r)
{
    const char *word;
    size_t len;
    gboolean wanted;

    if (!take_word(c, &word, &len) || !take_section(c, &wanted) ||
        !take(c, ' '))
        return FALSE;
    if (word_is(word, len, "UID"))
        return take_number(c, &r->uid);
    if (word_is(word, len, "RFC822.SIZE")) {
        r->has_size = TRUE;
        return take_number(c, &r->size);
    }
    if (word_is(word, len, "INTERNALDATE"))
        return take_date(c, &r->received);
    if (word_is(word, len, "FLAGS"))
        return take_flags(c, r);
    if (wanted && word_is(word, len, "BODY"))
        return take_body(c, r);
    return skip_value(c);
}

static gboolean
parse_fetch(struct cursor *c, struct imap_response *r)
{
    r->kind = IMAP_FETCH;
    if (!take(c, ' ') || !take(c, '('))
        return FALSE;
    if (!take(c, ')')) {
        do {
            if (!take_item(c, r))
                return FALSE;
        } while (take(c, ' '));
        if (!take(c, ')'))
            return FALSE;
    }
    while (take(c, ' '))
        continue;
    return c->p == c->end;
}

/* "* 5 EXISTS" and its like. */
static gboolean
parse_numbered(struct cursor *c, struct imap_response *r)
{
    const char *word;
    size_t len;

    if (!take_number(c, &r->number) || !take(c, ' ') ||
        !take_word(c, &word, &len))
        return FALSE;
    if (word_is(word, len, "FETCH"))
        return parse_fetch(c, r);
    if (word_is(word, len, "EXISTS"))
        r->kind = IMAP_EXISTS;
    else if (word_is(word, len, "EXPUNGE"))
        r->kind = IMAP_EXPUNGE;
    return TRUE;
}

static gboolean
parse_untagged(struct cursor *c, struct imap_response *r)
{
    const char *word;
    size_t len;

    r->kind = IMAP_IGNORED;
    if (c->p < c->end && g_ascii_isdigit(*c->p))
        return parse_numbered(c, r);
    if (!take_word(c, &word, &len))
        return FALSE;
    if (status_of(word, len, &r->status)) {
        r->kind = IMAP_CONDITION;
        take_text(c, r);
    } else if (word_is(word, len, "CAPABILITY")) {
        r->kind = IMAP_CAPABILITY;
        take_capabilities(c, &r->capabilities);
    } else if (word_is(word, len, "LIST")) {
        return parse_list(c, r);
    }
    return TRUE;
}

static gboolean
parse_tagged(struct cursor *c, struct imap_response *r)
{
    const char *word;
    size_t len;

    r->kind = IMAP_TAGGED;
    if (!take_word(c, &word, &len) || len >= sizeof r->tag)
        return FALSE;
    memcpy(r->tag, word, len);
    r->tag[len] = '\0';
    if (!take(c, ' ') || !take_word(c, &word, &len) ||
        !status_of(word, len, &r->status) || r->status > IMAP_BAD)
        return FALSE;
    take_text(c, r);
    return TRUE;
}

void
imap_response_init(struct imap_response *r)
{
    memset(r, 0, sizeof *r);
    r->string = g_string_new(NULL);
}

void
imap_response_clear(struct imap_response *r)
{
    g_string_free(r->string, TRUE);
    r->string = NULL;
}

gboolean
imap_parse(const struct imap_line *line, struct imap_response *r)
{
    struct cursor c = {line->text, line->text + line->len, line->literals, 0};
    GString *string = r->string;

    memset(r, 0, sizeof *r);
    r->string = g_string_truncate(string, 0);
    r->text = "";
    if (take(&c, '+')) {
        r->kind = IMAP_CONTINUE;
        return TRUE;
    }
    if (take(&c, '*'))
        return take(&c, ' ') && parse_untagged(&c, r);
    return parse_tagged(&c, r);
}

/* Text for people ends a response; there {5} is what it looks like. */
static gboolean
is_prose(const char *text, size_t len)
{
    struct cursor c = {text, text + len, NULL, 0};
    const char *word;
    size_t n;
    enum imap_status status;

    if (!take(&c, '*'))
        return TRUE; /* tagged, or + */
    return take(&c, ' ') && take_word(&c, &word, &n) &&
           status_of(word, n, &status);
}

gboolean
imap_announces_literal(const char *text, size_t len, guint32 *size_out)
{
    struct cursor c = {NULL, text + len, NULL, 0};
    const char *open;
    guint32 size;

    if (len < 3 || text[len - 1] != '}')
        return FALSE;
    open = text + len - 2;
    while (open > text && g_ascii_isdigit(*open))
        open--;
    c.p = open;
    if (!take(&c, '{') || !take_number(&c, &size) || is_prose(text, len))
        return FALSE;
    *size_out = size;
    return TRUE;
}

/* fuzz_imap.c - what an IMAP server says: lines, literals apart, as
 * imap_session.c hands them on; and the names of folders. */
#include "fuzz/fuzz.h"
#include "mailbox/imap_parse.h"
#include "mailbox/utf7.h"

#include <string.h>

enum { LITERALS = 16 };

struct server {
    const char *at, *end;
    GString *line;
    GPtrArray *literals;
};

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

static void
read_piece(struct server *s)
{
    const char *end = memchr(s->at, '\n', (size_t)(s->end - s->at));

    g_string_append_len(s->line, s->at, (end ? end : s->end) - s->at);
    s->at = end ? end + 1 : s->end;
    if (s->line->len > 0 && s->line->str[s->line->len - 1] == '\r')
        g_string_truncate(s->line, s->line->len - 1);
}

/* A logical line; FALSE at the end, or where the session would give up. */
static gboolean
read_line(struct server *s)
{
    guint32 size;

    g_string_truncate(s->line, 0);
    g_ptr_array_set_size(s->literals, 0);
    do {
        if (s->at == s->end)
            return FALSE;
        read_piece(s);
        if (!imap_announces_literal(s->line->str, s->line->len, &size))
            return TRUE;
        if (s->literals->len == LITERALS || size > (size_t)(s->end - s->at))
            return FALSE;
        g_ptr_array_add(s->literals,
                        g_byte_array_append(g_byte_array_new(),
                                            (const guint8 *)s->at, size));
        s->at += size;
    } while (TRUE);
}

static void
check_name(const char *name)
{
    g_autofree char *text = utf7_decode(name);
    g_autofree char *again = text ? utf7_encode(text) : NULL;

    if (!text)
        return;
    FUZZ_MUST(g_utf8_validate(text, -1, NULL));
    FUZZ_MUST(strcmp(again, name) == 0); /* two names never look like one */
}

static void
check_fetch(const struct imap_response *r, const GPtrArray *literals)
{
    if (r->body == IMAP_BODY_LITERAL)
        FUZZ_MUST(r->body_literal < literals->len);
    if (r->body == IMAP_BODY_STRING)
        FUZZ_MUST(r->string);
}

static void
parse(const struct server *s)
{
    struct imap_line line = {s->line->str, s->line->len, s->literals};
    struct imap_response r;

    imap_response_init(&r);
    if (imap_parse(&line, &r)) {
        FUZZ_MUST(r.kind <= IMAP_IGNORED && r.status <= IMAP_PREAUTH);
        FUZZ_MUST(memchr(r.tag, '\0', sizeof r.tag));
        if (r.kind == IMAP_FETCH)
            check_fetch(&r, s->literals);
        if (r.kind == IMAP_LIST)
            check_name(r.string->str);
    }
    imap_response_clear(&r);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    struct server s = {
        (const char *)data, (const char *)data + len, g_string_new(NULL),
        g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref)};

    while (read_line(&s))
        parse(&s);
    g_string_free(s.line, TRUE);
    g_ptr_array_unref(s.literals);
    return 0;
}

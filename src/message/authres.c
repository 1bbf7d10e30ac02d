/* authres.c - see authres.h. */
#include "message/authres.h"

#include <stdlib.h>
#include <string.h>

static gboolean
among(const char *const *list, const char *name)
{
    for (; list && name && *list; list++)
        if (g_ascii_strcasecmp(*list, name) == 0)
            return TRUE;
    return FALSE;
}

/* ---- tokens of RFC 8601 2.2 ---- */

/* Behind comments and white space; NULL when a comment does not end. */
static const char *
skip_cfws(const char *p)
{
    int depth = 0;

    for (; *p; p++) {
        if (depth && *p == '\\' && p[1])
            p++;
        else if (*p == '(')
            depth++;
        else if (depth && *p == ')')
            depth--;
        else if (!depth && *p != ' ' && *p != '\t')
            break;
    }
    return depth ? NULL : p;
}

/* A quoted string or a run of characters up to a delimiter, and the CFWS
 * behind it.  NULL when it is not well-formed. */
static const char *
scan_token(const char *p, const char *delimiters, char **token_out)
{
    g_autoptr(GString) token = g_string_new(NULL);

    if (*p == '"') {
        for (p++; *p && *p != '"'; p++) {
            if (*p == '\\' && p[1])
                p++;
            g_string_append_c(token, *p);
        }
        if (!*p++)
            return NULL;
    }
    for (; *p && !strchr(delimiters, *p); p++)
        g_string_append_c(token, *p);
    p = skip_cfws(p);
    if (!p)
        return NULL;
    *token_out = g_strdup(token->str);
    return p;
}

/* ---- one result: method=result, and its properties ---- */

struct result {
    char *method, *value;      /* "dmarc", "pass" */
    char *header_from;         /* header.from */
    char *header_d, *header_i; /* of DKIM */
    char *smtp_auth;           /* smtp.auth */
};

static void
result_clear(struct result *r)
{
    g_free(r->method);
    g_free(r->value);
    g_free(r->header_from);
    g_free(r->header_d);
    g_free(r->header_i);
    g_free(r->smtp_auth);
    memset(r, 0, sizeof *r);
}

static void
take(struct result *r, const char *name, char *value)
{
    char **slot = NULL;

    if (!r->method) {
        r->method = g_ascii_strdown(name, (gssize)strcspn(name, "/ "));
        slot = &r->value;
    } else if (g_ascii_strcasecmp(name, "header.from") == 0) {
        slot = &r->header_from;
    } else if (g_ascii_strcasecmp(name, "header.d") == 0) {
        slot = &r->header_d;
    } else if (g_ascii_strcasecmp(name, "header.i") == 0) {
        slot = &r->header_i;
    } else if (g_ascii_strcasecmp(name, "smtp.auth") == 0) {
        slot = &r->smtp_auth;
    }
    if (slot && !*slot)
        *slot = value;
    else
        g_free(value);
}

/* name=value; NULL when it is not. */
static const char *
scan_pair(const char *p, struct result *r)
{
    g_autofree char *name = NULL;
    char *value = NULL;

    p = scan_token(p, "= \t;(\"", &name);
    if (!p || *p != '=' || !*name)
        return NULL;
    p = skip_cfws(p + 1);
    if (p)
        p = scan_token(p, " \t;(\"", &value);
    if (!p)
        return NULL;
    take(r, name, value);
    return p;
}

/* From behind one ';' to the next.  "none" stands alone. */
static const char *
scan_result(const char *p, struct result *r)
{
    if (g_ascii_strncasecmp(p, "none", 4) == 0 && (!p[4] || p[4] == ' '))
        return skip_cfws(p + 4);
    while (p && *p && *p != ';')
        p = scan_pair(p, r);
    return p;
}

/* ---- what a result proves ---- */

static const char *
domain_of(const char *address)
{
    const char *at = strrchr(address, '@');

    return at ? at + 1 : address;
}

/* From's domain is the signer's, or lies under it. */
static gboolean
aligned(const char *from_domain, const char *signer)
{
    size_t len = strlen(from_domain), n = strlen(signer);

    if (n == 0 || n > len || !strchr(signer, '.'))
        return FALSE;
    return g_ascii_strcasecmp(from_domain + len - n, signer) == 0 &&
           (n == len || from_domain[len - n - 1] == '.');
}

/* A login without its domain is the server's own user. */
static gboolean
same_identity(const char *login, const char *from, const char *server)
{
    const char *domain = domain_of(from);

    if (strchr(login, '@'))
        return g_ascii_strcasecmp(login, from) == 0;
    return strlen(login) == (size_t)(domain - 1 - from) &&
           g_ascii_strncasecmp(login, from, strlen(login)) == 0 &&
           aligned(server, domain);
}

static enum proof
judge(const struct result *r, const char *from, const char *server)
{
    const char *domain = domain_of(from);
    gboolean pass = r->value && g_ascii_strcasecmp(r->value, "pass") == 0;

    if (!r->method)
        return PROOF_NONE;
    if (strcmp(r->method, "dmarc") == 0) {
        if (r->value && g_ascii_strcasecmp(r->value, "fail") == 0)
            return PROOF_FAILED;
        return pass && (!r->header_from ||
                        g_ascii_strcasecmp(domain_of(r->header_from), domain) ==
                            0)
                   ? PROOF_PROVEN
                   : PROOF_NONE;
    }
    if (pass && strcmp(r->method, "dkim") == 0) {
        const char *signer = r->header_d ? r->header_d : r->header_i;

        return signer && aligned(domain, domain_of(signer)) ? PROOF_PROVEN
                                                            : PROOF_NONE;
    }
    if (pass && strcmp(r->method, "auth") == 0 && r->smtp_auth)
        return same_identity(r->smtp_auth, from, server) ? PROOF_PROVEN
                                                         : PROOF_NONE;
    return PROOF_NONE;
}

/* PROOF_FAILED outweighs all: a server that says both is not understood. */
static enum proof
field_proof(const char *value, const char *const *trusted, const char *from,
            gboolean *counted_out)
{
    g_autofree char *server = NULL;
    const char *p = skip_cfws(value);
    enum proof best = PROOF_NONE;

    *counted_out = FALSE;
    p = p ? scan_token(p, " \t;(", &server) : NULL;
    if (!p || !among(trusted, server))
        return PROOF_NONE;
    *counted_out = TRUE;
    while (g_ascii_isdigit(*p)) /* the version */
        p++;
    p = skip_cfws(p);
    while (p && *p == ';') {
        struct result r = {0};

        p = skip_cfws(p + 1);
        p = p ? scan_result(p, &r) : NULL;
        if (p)
            best = MAX(best, judge(&r, from, server));
        result_clear(&r);
    }
    return p && !*p ? best : PROOF_NONE;
}

/* ---- where the office's own fields end ---- */

/* The host behind "from" or "by", and where it ends; NULL when the word is
 * not there. */
static char *
received_host(const char *value, const char *word, const char **end_out)
{
    size_t n = strlen(word);
    const char *p = skip_cfws(value);

    while (p && *p && *p != ';') {
        if (g_ascii_strncasecmp(p, word, n) == 0 && p[n] == ' ') {
            p = skip_cfws(p + n);
            if (!p)
                return NULL;
            *end_out = p + strcspn(p, " ;()");
            return g_strndup(p, (gsize)(*end_out - p));
        }
        p = skip_cfws(p + MAX(strcspn(p, " ;("), 1));
    }
    return NULL;
}

/* 172.16.0.0/12 */
static gboolean
is_private_172(const char *ip)
{
    char *end;
    long second;

    if (!g_str_has_prefix(ip, "172."))
        return FALSE;
    second = strtol(ip + 4, &end, 10);
    return *end == '.' && second >= 16 && second <= 31;
}

static gboolean
is_private_ip(const char *ip)
{
    return g_str_has_prefix(ip, "127.") || g_str_has_prefix(ip, "10.") ||
           g_str_has_prefix(ip, "192.168.") || strcmp(ip, "::1") == 0 ||
           g_str_has_prefix(ip, "fd") || g_str_has_prefix(ip, "fe80:") ||
           is_private_172(ip);
}

/* Behind the first comment comes another client, "(evil.cn [6.6.6.6])": the
 * first is what the client said of itself.  What TLS was used is no client. */
static gboolean
is_contradicted(const char *comment)
{
    const char *end = strchr(comment, ')'), *by;

    if (strstr(comment, "may be forged") || !end)
        return TRUE;
    by = strstr(end, " by ");
    return memchr(end, '[', by ? (size_t)(by - end) : strlen(end)) != NULL;
}

/* What the server saw of the client, "(name [1.2.3.4])" behind the name
 * that the client gave for itself, must not speak against it.  A name that
 * ends otherwise than at a blank is more than a name. */
static gboolean
client_is_own(const char *p, const char *const *own_hosts)
{
    g_autofree char *seen = NULL, *ip = NULL;
    const char *bracket;

    if (*p && *p != ' ' && *p != '(')
        return FALSE;
    if (*p == ' ')
        p++;
    if (*p != '(')
        return TRUE;
    if (is_contradicted(p))
        return FALSE;
    seen = g_strndup(p + 1, strcspn(p + 1, " [)"));
    if (among(own_hosts, seen))
        return TRUE;
    bracket = p + 1 + strcspn(p + 1, "[)");
    if (*bracket != '[')
        bracket = p;
    ip = g_strndup(bracket + 1, strcspn(bracket + 1, "])"));
    return (!*seen || g_ascii_strcasecmp(seen, "unknown") == 0 ||
            g_ascii_strcasecmp(seen, "localhost") == 0 ||
            g_ascii_isdigit(*seen)) &&
           is_private_ip(g_str_has_prefix(ip, "IPv6:") ? ip + 5 : ip);
}

/* Written by an own host about mail that came from an own host: below it
 * the office's own fields go on.  Any other is the border. */
static gboolean
is_internal(const char *value, const char *const *own_hosts)
{
    const char *end = NULL;
    g_autofree char *by = received_host(value, "by", &end);
    g_autofree char *from = received_host(value, "from", &end);

    if (!among(own_hosts, by))
        return FALSE;
    if (!from)
        return TRUE;
    return (among(own_hosts, from) ||
            g_ascii_strcasecmp(from, "localhost") == 0) &&
           client_is_own(end, own_hosts);
}

/* The zone ends at the first foreign Received, and also at the first
 * Received below a field that counted: the border server writes its result
 * next to its own Received, never again further down. */
enum proof
authres_proof(const GPtrArray *trace, const char *const *trusted,
              const char *const *own_hosts, const char *from_address)
{
    enum proof best = PROOF_NONE;
    gboolean seen = FALSE;

    if (!from_address || !trusted)
        return PROOF_NONE;
    for (guint i = 0; i < trace->len; i++) {
        const struct reading_trace *t = g_ptr_array_index(trace, i);
        gboolean counted = FALSE;

        if (!t->is_auth && (seen || !is_internal(t->value, own_hosts)))
            break;
        if (t->is_auth)
            best = MAX(best,
                       field_proof(t->value, trusted, from_address, &counted));
        seen |= counted;
    }
    return best;
}

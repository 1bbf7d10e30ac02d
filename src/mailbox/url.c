/* url.c - see url.h. */
#include "mailbox/url.h"

#include <gio/gio.h>
#include <string.h>

static const struct {
    const char *prefix;
    enum scheme scheme;
    guint16 port;
} schemes[] = {
    {"imap://", SCHEME_IMAP, 143},
    {"imaps://", SCHEME_IMAPS, 993},
    {"smtp://", SCHEME_SMTP, 587},
    {"smtps://", SCHEME_SMTPS, 465},
};

static enum st
refuse(struct err *e, const char *text, const char *what)
{
    return err_set(e, ST_REJECT, EXIT_CONFIGURATION, "\"%s\": %s", text, what);
}

/* What is left of the text behind the scheme; NULL if there is none. */
static const char *
take_scheme(const char *text, struct server_url *url)
{
    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
        if (!g_str_has_prefix(text, schemes[i].prefix))
            continue;
        url->scheme = schemes[i].scheme;
        url->port = schemes[i].port;
        return text + strlen(schemes[i].prefix);
    }
    return NULL;
}

static gboolean
has_control(const char *s)
{
    for (; *s; s++)
        if ((guchar)*s < 0x20 || *s == 0x7F)
            return TRUE;
    return FALSE;
}

static gboolean
decode(const char *from, size_t len, char **out)
{
    g_autofree char *raw = g_strndup(from, len);
    char *plain = g_uri_unescape_string(raw, NULL);

    if (plain && *plain && !has_control(plain) &&
        g_utf8_validate(plain, -1, NULL)) {
        *out = plain;
        return TRUE;
    }
    g_free(plain);
    return FALSE;
}

static gboolean
host_is_sound(const char *host)
{
    if (strchr(host, ':'))
        return g_hostname_is_ip_address(host);
    return *host && strspn(host, "abcdefghijklmnopqrstuvwxyz"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789.-_") == strlen(host);
}

/* "host", "host:port", "[::1]:port" */
static gboolean
take_host(char *text, struct server_url *url)
{
    char *colon, *host = text;
    guint64 port;

    if (*text == '[') {
        char *end = strchr(text, ']');

        if (!end || (end[1] && end[1] != ':'))
            return FALSE;
        *end = '\0';
        host++;
        colon = end[1] ? end + 1 : NULL;
    } else {
        colon = strchr(text, ':');
    }
    if (colon) {
        if (!g_ascii_string_to_unsigned(colon + 1, 10, 1, 65535, &port, NULL))
            return FALSE;
        *colon = '\0';
        url->port = (guint16)port;
    }
    if (!host_is_sound(host))
        return FALSE;
    url->host = g_strdup(host);
    return TRUE;
}

static gboolean
take_mailbox(const char *path, struct server_url *url)
{
    if (url->scheme == SCHEME_SMTP || url->scheme == SCHEME_SMTPS)
        return *path == '\0' || strcmp(path, "/") == 0;
    if (*path == '\0' || strcmp(path, "/") == 0) {
        url->mailbox = g_strdup("INBOX");
        return TRUE;
    }
    return decode(path + 1, strlen(path + 1), &url->mailbox);
}

enum st
server_url_parse(const char *text, struct server_url *out, struct err *e)
{
    struct server_url url = {0};
    const char *rest = take_scheme(text, &url);
    const char *path, *at;
    g_autofree char *authority = NULL, *host = NULL;
    enum st st = ST_OK;

    if (!rest)
        return refuse(e, text,
                      "expected imaps://, imap://, smtps://, smtp:// or "
                      "maildir:");
    path = rest + strcspn(rest, "/");
    authority = g_strndup(rest, (gsize)(path - rest));
    at = strrchr(authority, '@');
    host = g_strdup(at ? at + 1 : authority);
    if (at && memchr(authority, ':', (size_t)(at - authority)))
        st = refuse(e, at + 1,
                    "a password does not belong in the configuration; use "
                    "password-file");
    else if (at && !decode(authority, (size_t)(at - authority), &url.user))
        st = refuse(e, text, "the user name before @ is not readable");
    else if (!take_host(host, &url))
        st = refuse(e, text, "expected a host name and maybe :port");
    else if (!take_mailbox(path, &url))
        st = refuse(e, text, "what follows the host is not readable");
    if (st != ST_OK) {
        server_url_clear(&url);
        return st;
    }
    *out = url;
    return ST_OK;
}

void
server_url_clear(struct server_url *url)
{
    g_clear_pointer(&url->user, g_free);
    g_clear_pointer(&url->host, g_free);
    g_clear_pointer(&url->mailbox, g_free);
}

gboolean
server_url_is_loopback(const struct server_url *url)
{
    g_autoptr(GInetAddress) address = NULL;

    /* libcurl resolves this name itself, to the loopback addresses only */
    if (g_ascii_strcasecmp(url->host, "localhost") == 0)
        return TRUE;
    address = g_inet_address_new_from_string(url->host);
    return address && g_inet_address_get_is_loopback(address);
}

const char *
maildir_url_path(const char *text)
{
    return g_str_has_prefix(text, "maildir:") && text[8] ? text + 8 : NULL;
}

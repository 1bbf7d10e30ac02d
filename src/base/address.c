/* address.c - see address.h. */
#include "base/address.h"
#include "base/text.h"

#include <string.h>

enum { ADDRESS_BYTES = 254, LOCAL_BYTES = 64, LABEL_BYTES = 63 };

static gboolean
is_local_char(gunichar c)
{
    if (c >= 0x80) /* U+FFFD: of what stood there nobody knows */
        return g_unichar_isgraph(c) && c != 0xFFFD && !text_is_invisible(c);
    return g_ascii_isalnum((char)c) ||
           (c && strchr("!#$%&'*+-/=?^_`{|}~.", (int)c));
}

static gboolean
local_valid(const char *local, size_t len)
{
    const char *end = local + len;

    if (len == 0 || len > LOCAL_BYTES || local[0] == '.' || end[-1] == '.')
        return FALSE;
    for (const char *p = local; p < end; p = g_utf8_next_char(p)) {
        if (!is_local_char(g_utf8_get_char(p)))
            return FALSE;
        if (p[0] == '.' && p[1] == '.')
            return FALSE;
        if (p[0] == '=' && p[1] == '?') /* an encoded word has no place here */
            return FALSE;
    }
    return TRUE;
}

static gboolean
label_valid(const char *label, size_t len)
{
    if (len == 0 || len > LABEL_BYTES || label[0] == '-' ||
        label[len - 1] == '-')
        return FALSE;
    for (size_t i = 0; i < len; i++)
        if (!g_ascii_isalnum(label[i]) && label[i] != '-')
            return FALSE;
    return TRUE;
}

/* At least two labels, the last not a number: an IP address without its
 * brackets is no domain, and localhost is nobody's. */
static gboolean
domain_valid(const char *domain)
{
    const char *label = domain;
    unsigned labels = 0;

    for (;;) {
        size_t len = strcspn(label, ".");

        if (!label_valid(label, len))
            return FALSE;
        labels++;
        if (!label[len])
            break;
        label += len + 1;
    }
    return labels >= 2 && strspn(label, "0123456789") < strlen(label) &&
           g_ascii_strcasecmp(label, "localhost") != 0 &&
           g_ascii_strcasecmp(domain, "localhost.localdomain") != 0;
}

gboolean
address_valid(const char *address)
{
    const char *at;

    if (!address || strlen(address) > ADDRESS_BYTES ||
        !g_utf8_validate(address, -1, NULL))
        return FALSE;
    at = strrchr(address, '@');
    return at && local_valid(address, (size_t)(at - address)) &&
           domain_valid(at + 1);
}

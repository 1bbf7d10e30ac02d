/* chain.c - see chain.h. */
#include "register/chain.h"

#include <string.h>
#include <sys/random.h>

/* Length before each text, so that no two rows give the same bytes. */
static void
hash_text(GChecksum *sum, const char *text)
{
    char length[24] = "-:";

    if (text)
        g_snprintf(length, sizeof length, "%zu:", strlen(text));
    g_checksum_update(sum, (const guchar *)length, -1);
    if (text)
        g_checksum_update(sum, (const guchar *)text, -1);
}

static void
hash_number(GChecksum *sum, gint64 n)
{
    char text[24];

    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, n);
    hash_text(sum, text);
}

char *
chain_words(const char *salt, const char *old, const char *new,
            const char *note)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    hash_text(sum, salt);
    hash_text(sum, old);
    hash_text(sum, new);
    hash_text(sum, note);
    return g_strdup(g_checksum_get_string(sum));
}

char *
chain_link(const char *previous, const struct chain_link *l)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    hash_text(sum, previous);
    hash_number(sum, l->id);
    hash_number(sum, l->at);
    hash_text(sum, l->who);
    hash_number(sum, l->command);
    hash_number(sum, l->message);
    hash_text(sum, l->what);
    hash_text(sum, l->subject);
    hash_number(sum, l->object);
    hash_text(sum, l->words);
    return g_strdup(g_checksum_get_string(sum));
}

char *
chain_salt(void)
{
    static const char digits[] = "0123456789abcdef";
    guint8 bytes[16];
    char *hex = g_malloc0(2 * sizeof bytes + 1);

    g_assert(getrandom(bytes, sizeof bytes, 0) == sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    return hex;
}

/* smtp_mail.c - see smtp_mail.h. */
#include "mailbox/smtp_mail.h"

#include <string.h>

unsigned
smtp_extensions(const char *greeting)
{
    static const struct {
        const char *name;
        enum smtp_extension bit;
    } known[] = {{"PIPELINING", EXT_PIPELINING},
                 {"SIZE", EXT_SIZE},
                 {"8BITMIME", EXT_8BITMIME},
                 {"SMTPUTF8", EXT_SMTPUTF8}};
    g_auto(GStrv) lines = g_strsplit(greeting, "\n", -1);
    unsigned found = 0;

    for (char **p = lines; *p; p++) {
        if (strncmp(*p, "220", 3) == 0)
            found = 0;
        if (strncmp(*p, "250", 3) != 0 || strlen(*p) < 5)
            continue;
        (*p)[4 + strcspn(*p + 4, " \r")] = '\0';
        for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
            if (g_ascii_strcasecmp(*p + 4, known[i].name) == 0)
                found |= known[i].bit;
    }
    return found;
}

/* The grammar was checked where the addresses came in; a line feed that got
 * past would be a command of its own here, so it is checked again. */
gboolean
smtp_mail_sound(const struct parcel *p)
{
    if (*p->from && !address_valid(p->from))
        return FALSE;
    for (const char *const *r = p->recipients; *r; r++)
        if (!address_valid(*r))
            return FALSE;
    return p->recipients[0] != NULL;
}

static gboolean
has_8bit(const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((guchar)data[i] >= 0x80)
            return TRUE;
    return FALSE;
}

gboolean
smtp_mail_needs_utf8(const struct parcel *p)
{
    gboolean needs = has_8bit(p->from, strlen(p->from));

    for (const char *const *r = p->recipients; *r; r++)
        needs |= has_8bit(*r, strlen(*r));
    return needs;
}

GString *
smtp_mail_text(const struct parcel *p)
{
    GString *out = g_string_sized_new(p->len + p->len / 50 + 8);
    const char *at = p->data, *end = p->data + p->len;

    while (at < end) {
        const char *stop = at;

        while (stop < end && *stop != '\r' && *stop != '\n')
            stop++;
        if (*at == '.')
            g_string_append_c(out, '.');
        g_string_append_len(out, at, stop - at);
        g_string_append(out, "\r\n");
        if (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n')
            stop++;
        at = stop < end ? stop + 1 : end;
    }
    g_string_append(out, ".\r\n");
    return out;
}

static char *
mail_command(const struct parcel *p, unsigned extensions, size_t size)
{
    GString *out = g_string_new(NULL);

    g_string_printf(out, "MAIL FROM:<%s>", p->from);
    if (extensions & EXT_SIZE)
        g_string_append_printf(out, " SIZE=%zu", size);
    if ((extensions & EXT_8BITMIME) && has_8bit(p->data, p->len))
        g_string_append(out, " BODY=8BITMIME");
    if (smtp_mail_needs_utf8(p))
        g_string_append(out, " SMTPUTF8");
    g_string_append(out, "\r\n");
    return g_string_free(out, FALSE);
}

GPtrArray *
smtp_mail_commands(const struct parcel *p, unsigned extensions, size_t size)
{
    GPtrArray *commands = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(commands, mail_command(p, extensions, size));
    for (const char *const *r = p->recipients; *r; r++)
        g_ptr_array_add(commands, g_strdup_printf("RCPT TO:<%s>\r\n", *r));
    g_ptr_array_add(commands, g_strdup("DATA\r\n"));
    return commands;
}

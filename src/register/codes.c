/* codes.c - see codes.h. */
#include "register/codes.h"

#include "base/text.h"

#include <string.h>

char *
codes_format(const struct reason_list *list)
{
    GString *out = g_string_new(NULL);

    for (int i = 0; i < list->n; i++)
        g_string_append_printf(out, "%s%s", i ? " " : "",
                               reason_name(list->code[i]));
    return g_string_free(out, FALSE);
}

void
codes_parse(const char *text, struct reason_list *out)
{
    g_auto(GStrv) words = g_strsplit(text ? text : "", " ", -1);

    out->n = 0;
    for (int i = 0; words[i]; i++) {
        enum reason r;

        if (*words[i] && reason_parse(words[i], &r))
            reason_add(out, r);
    }
}

static const char *const folders[FOLDER_COUNT] = {
    [FOLDER_INBOX] = "inbox",       [FOLDER_ACCEPTED] = "accepted",
    [FOLDER_RETURNED] = "returned", [FOLDER_IGNORED] = "ignored",
    [FOLDER_HELD] = "held",
};

const char *
codes_folder(enum folder f)
{
    return folders[f];
}

enum folder
codes_folder_parse(const char *name)
{
    return (enum folder)codes_index(folders, FOLDER_COUNT, name, FOLDER_INBOX);
}

int
codes_index(const char *const *names, int n, const char *name, int otherwise)
{
    for (int i = 0; i < n; i++)
        if (g_strcmp0(names[i], name) == 0)
            return i;
    return otherwise;
}

char *
codes_number(int year, int serial, int width)
{
    return g_strdup_printf("%d-%0*d", year, width, serial);
}

/* Up to `most` digits; 0 when there are none or more. */
static int
digits(const char **p, int most)
{
    int value = 0, n = 0;

    for (; g_ascii_isdigit(**p); (*p)++, n++)
        value = n < most ? value * 10 + (**p - '0') : 0;
    return n <= most ? value : 0;
}

static gboolean
skip_dash(const char **p)
{
    static const char *const dashes[] = {"-", "—", "–", "−", "‐", "‑", "_"};

    for (size_t i = 0; i < G_N_ELEMENTS(dashes); i++) {
        if (g_str_has_prefix(*p, dashes[i])) {
            *p += strlen(dashes[i]);
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
codes_number_parse(const char *text, int *year_out, int *serial_out)
{
    g_autofree char *folded = text_fold(text);
    const char *p = folded + strcspn(folded, "0123456789");
    int year = digits(&p, 4);
    int serial;

    if (year < 1900 || !skip_dash(&p))
        return FALSE;
    serial = digits(&p, 9);
    if (serial < 1 ||
        !(*p == '\0' || strcmp(p, "]") == 0 || strcmp(p, "】") == 0))
        return FALSE;
    *year_out = year;
    *serial_out = serial;
    return TRUE;
}

char *
codes_address_key(const char *address)
{
    return address ? g_utf8_strdown(address, -1) : NULL;
}

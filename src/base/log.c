/* log.c - see log.h. */
#include "base/log.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

enum { VALUE_CHARS = 200 };

static enum log_level threshold = LOG_INFO;

static const char *const level_names[] = {"debug", "info", "warn", "error"};

void
log_set_level(enum log_level level)
{
    threshold = level;
}

/* Prints as what it is, on this line. */
static gboolean
is_seen(gunichar c)
{
    return g_unichar_isprint(c) && !g_unichar_isspace(c) &&
           !text_is_invisible(c);
}

static gboolean
is_plain(const char *value)
{
    if (!*value)
        return FALSE;
    for (const char *p = value; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (c == '"' || c == '\\' || c == '=' || !is_seen(c))
            return FALSE;
    }
    return TRUE;
}

static void
append_quoted(GString *out, const char *value)
{
    int n = 0;

    g_string_append_c(out, '"');
    for (const char *p = value; *p && n < VALUE_CHARS;
         p = g_utf8_next_char(p), n++) {
        gunichar c = g_utf8_get_char(p);

        if (c == '"' || c == '\\')
            g_string_append_printf(out, "\\%c", (char)c);
        else if (c == ' ' || is_seen(c))
            g_string_append_unichar(out, c);
        else
            g_string_append_printf(out, "\\u{%x}", (unsigned)c);
    }
    g_string_append_c(out, '"');
}

char *
log_escape(const char *value)
{
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    GString *out;

    if (is_plain(valid) && g_utf8_strlen(valid, -1) <= VALUE_CHARS)
        return g_steal_pointer(&valid);
    out = g_string_new(NULL);
    append_quoted(out, valid);
    return g_string_free(out, FALSE);
}

void
log_event(enum log_level level, const char *event, ...)
{
    g_autoptr(GString) line = g_string_new(NULL);
    va_list args;

    if (level < threshold)
        return;
    g_string_append_printf(line, "%s event=%s", level_names[level], event);
    va_start(args, event);
    for (const char *key; (key = va_arg(args, const char *)) != NULL;) {
        const char *value = va_arg(args, const char *);
        g_autofree char *safe = NULL;

        if (!value)
            continue;
        safe = log_escape(value);
        g_string_append_printf(line, " %s=%s", key, safe);
    }
    va_end(args);
    g_string_append_c(line, '\n');
    fputs(line->str, stderr);
}

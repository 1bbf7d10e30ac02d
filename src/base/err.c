/* err.c - see err.h. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

enum st
err_set(struct err *e, enum st st, enum exit_status status, const char *format,
        ...)
{
    if (e) {
        va_list args;

        va_start(args, format);
        g_vsnprintf(e->text, sizeof e->text, format, args);
        va_end(args);
        e->status = status;
    }
    return st;
}

void
err_prefix(struct err *e, const char *format, ...)
{
    va_list args;
    g_autofree char *old = NULL;
    g_autofree char *what = NULL;

    if (!e)
        return;
    old = g_strdup(e->text);
    va_start(args, format);
    what = g_strdup_vprintf(format, args);
    va_end(args);
    g_snprintf(e->text, sizeof e->text, "%s: %s", what, old);
}

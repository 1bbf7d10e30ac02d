/* upkeep.c - see upkeep.h. */
#include "intake/upkeep.h"

#include "intake/similar_index.h"
#include "register/history.h"
#include "register/status.h"
#include "register/view.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { VIEW_DAYS = 31, FORGOTTEN_AFTER = 3600 };

static const char SCRUB[] = "scrub";

/* ---- debris ---- */

/* NAME.PID.tmp, and nobody of that PID is there any more. */
static gboolean
is_of_the_dead(const char *name)
{
    g_auto(GStrv) parts = g_strsplit(name, ".", -1);
    guint n = g_strv_length(parts);
    gint64 pid = 0;

    return n >= 3 && strcmp(parts[n - 1], "tmp") == 0 &&
           g_ascii_string_to_signed(parts[n - 2], 10, 2, G_MAXINT32, &pid,
                                    NULL) &&
           kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

/* libxlsxwriter's tmp.XXXXXXXXXX loses its name as soon as it has one, unless
 * the program was killed in between. */
static gboolean
is_forgotten(const char *name, const char *path)
{
    GStatBuf sb;

    return g_str_has_prefix(name, "tmp.") && strlen(name) == 14 &&
           g_lstat(path, &sb) == 0 && S_ISREG(sb.st_mode) &&
           time(NULL) - sb.st_mtime > FORGOTTEN_AFTER;
}

void
upkeep_sweep(const struct intake *i)
{
    const char *data = i->office->config->data;
    g_autoptr(GDir) dir = g_dir_open(data, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(data, name, NULL);

        if (is_of_the_dead(name) || is_forgotten(name, path))
            g_unlink(path);
    }
}

/* ---- 清除 ---- */

enum st
upkeep_ask_scrub(struct intake *i, struct err *e)
{
    return reg_setting_set(i->reg, SCRUB, "asked", e);
}

static enum st
forget_scrub(struct intake *i, struct err *e)
{
    enum st st = reg_begin(i->reg, e);

    if (st == ST_OK)
        st = reg_setting_drop(i->reg, SCRUB, e);
    if (st == ST_OK)
        return reg_commit(i->reg, e);
    reg_rollback(i->reg);
    return st;
}

enum st
upkeep_scrub(struct intake *i, struct err *e)
{
    g_autofree char *asked = NULL;
    enum st st = reg_setting_get(i->reg, SCRUB, &asked, e);

    if (st != ST_OK || !asked)
        return st;
    st = reg_view(i->reg, DAY_FIRST, DAY_LAST, office_unit_name, i->office, e);
    if (st == ST_OK)
        st = reg_scrub(i->reg, e);
    if (st == ST_OK)
        st = similar_index_forget(i, e);
    return st == ST_OK ? forget_scrub(i, e) : st;
}

/* ---- the view ---- */

enum st
upkeep_view(struct intake *i, struct err *e)
{
    civil_day today = clock_today(&i->office->clock);
    g_autofree char *head = NULL;
    enum st st = reg_history_head(i->reg, &head, e);

    if (st != ST_OK || g_strcmp0(head, i->viewed) == 0)
        return st;
    st = reg_view(i->reg, today - VIEW_DAYS, today, office_unit_name, i->office,
                  e);
    if (st != ST_OK)
        return st;
    g_free(i->viewed);
    i->viewed = g_steal_pointer(&head);
    return ST_OK;
}

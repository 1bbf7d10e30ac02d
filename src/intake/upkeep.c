/* upkeep.c - see upkeep.h. */
#include "intake/upkeep.h"

#include "intake/similar_index.h"
#include "register/history.h"
#include "register/status.h"
#include "register/view.h"
#include "register/view_queue.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { VIEW_DAYS = 31, FORGOTTEN_AFTER = 3600 };

static const char SCRUB[] = "scrub";

/* ---- debris ---- */

char *
upkeep_scratch(const char *data, const char *name)
{
    return g_strdup_printf("%s/%s.%ld.tmp", data, name, (long)getpid());
}

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
    return reg_end(i->reg, st, e);
}

enum st
upkeep_scrub(struct intake *i, struct err *e)
{
    g_autofree char *asked = NULL;
    enum st st = reg_setting_get(i->reg, SCRUB, &asked, e);

    if (st != ST_OK || !asked)
        return st;
    view_queue_settle(i->views);
    st = reg_view(i->reg, DAY_FIRST, DAY_LAST, office_unit_name, i->office, e);
    if (st == ST_OK)
        st = reg_scrub(i->reg, e);
    if (st == ST_OK)
        st = similar_index_forget(i, e);
    return st == ST_OK ? forget_scrub(i, e) : st;
}

/* ---- the view ---- */

/* How far the view goes is kept beside it, and like it is not flushed: what
 * is lost of either is made again. */
static char *
state_path(const struct intake *i)
{
    return g_build_filename(i->office->config->data, "view.state", NULL);
}

/* What is no such file says day 0: nothing is known. */
static void
read_state(const struct intake *i, struct view_state *out)
{
    g_autofree char *path = state_path(i);
    g_autofree char *text = NULL;
    char *day = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return;
    out->upto = g_ascii_strtoll(text, &day, 10);
    out->day = (civil_day)g_ascii_strtoll(day, NULL, 10);
}

static void
write_state(const struct intake *i, const struct view_state *v)
{
    g_autofree char *path = state_path(i);
    FILE *f = fopen(path, "we");

    if (!f)
        return; /* then the next program looks through all of it */
    fprintf(f, "%" G_GINT64_FORMAT " %d\n", v->upto, v->day);
    fclose(f);
}

/* Once a day the months are looked through as a whole; between that only what
 * is new is written, unless something else has changed. */
static enum st
bring_up_to_date(struct intake *i, civil_day today, struct err *e)
{
    gboolean whole = i->view.day != today;
    enum st st = ST_OK;

    view_queue_settle(i->views);
    if (!whole)
        st = reg_view_since(i->reg, i->view.upto, office_unit_name, i->office,
                            &whole, e);
    if (st == ST_OK && whole)
        st = reg_view(i->reg, today - VIEW_DAYS, today, office_unit_name,
                      i->office, e);
    return st;
}

enum st
upkeep_view(struct intake *i, struct err *e)
{
    civil_day today = clock_today(&i->office->clock);
    struct view_state now = {.day = today};
    enum st st = reg_view_last(i->reg, &now.upto, e);

    /* The files are not flushed one by one: after a power cut some are gone,
     * whatever the note of them says. */
    if (st == ST_OK && i->view.day == 0 && reg_survived(i->reg))
        read_state(i, &i->view);
    if (st != ST_OK || (now.upto == i->view.upto && i->view.day == today))
        return st;
    st = bring_up_to_date(i, today, e);
    if (st != ST_OK)
        return st;
    i->view = now;
    write_state(i, &now);
    return ST_OK;
}

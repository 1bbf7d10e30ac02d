/* digest.c - see digest.h. */
#include "intake/digest.h"

#include "base/log.h"
#include "intake/letters.h"
#include "register/command.h"
#include "register/history.h"
#include "register/message.h"
#include "register/outbox.h"
#include "register/status.h"
#include "register/view.h"
#include "rules/verdict.h"

enum {
    LISTED = 25,   /* orders */
    SUBJECTS = 10, /* of one kind in one order */
    DAY = 86400,
    LOOK_BACK = 7 * DAY /* where no letter went out before */
};

static const char TOLD[] = "orders-told", REFUSAL[] = "code-wrong ";

/* How far a morning's letters went, and which they were: a line of the
 * setting, the newest first. */
struct told {
    gint64 command, history; /* ids */
    gint64 at;
    gint64 before, last; /* its mails are after the one, up to the other */
};

static struct told
told_parse(const char *line)
{
    gint64 n[5] = {0};
    char *next = (char *)line;

    for (guint k = 0; k < G_N_ELEMENTS(n); k++)
        n[k] = g_ascii_strtoll(next, &next, 10);
    return (struct told){n[0], n[1], n[2], n[3], n[4]};
}

static void
told_print(const struct told *t, GString *out)
{
    g_string_append_printf(out,
                           "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                           " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                           " %" G_GINT64_FORMAT "\n",
                           t->command, t->history, t->at, t->before, t->last);
}

/* Down to the last that was sent, those that still may be.  What 清除 took
 * before, or a register that was restored, or what the server refused, told
 * nobody anything. */
static enum st
read_lines(struct intake *i, GArray *lines, struct err *e)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) all = NULL;
    enum st st = reg_setting_get(i->reg, TOLD, &text, e);
    gboolean sent = FALSE, open = FALSE;

    all = g_strsplit(text ? text : "", "\n", -1);
    for (guint n = 0; st == ST_OK && all[n] && *all[n] && !sent; n++) {
        struct told t = told_parse(all[n]);

        st = reg_mails_fate(i->reg, t.before, t.last, &sent, &open, e);
        if (sent || open)
            g_array_append_val(lines, t);
    }
    return st;
}

static enum st
read_told(struct intake *i, struct told *out, struct err *e)
{
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof *out);
    enum st st = read_lines(i, lines, e);

    *out = (struct told){.at = clock_now(&i->office->clock) - LOOK_BACK};
    if (st != ST_OK)
        return st;
    if (lines->len == 0)
        return reg_command_before(i->reg, out->at, &out->command, e);
    *out = g_array_index(lines, struct told, 0);
    return ST_OK;
}

static enum st
write_told(struct intake *i, const struct told *now, struct err *e)
{
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof *now);
    g_autoptr(GString) text = g_string_new(NULL);
    enum st st = read_lines(i, lines, e);

    g_array_prepend_val(lines, *now);
    for (guint n = 0; n < lines->len; n++)
        told_print(&g_array_index(lines, struct told, n), text);
    return st == ST_OK ? reg_setting_set(i->reg, TOLD, text->str, e) : st;
}

enum st
digest_told(struct intake *i, gint64 before, struct err *e)
{
    struct told t = {.at = clock_now(&i->office->clock), .before = before};
    enum st st = reg_command_before(i->reg, G_MAXINT64, &t.command, e);

    if (st == ST_OK)
        st = reg_view_last(i->reg, &t.history, e);
    if (st == ST_OK)
        st = reg_mail_last(i->reg, &t.last, e);
    return st == ST_OK ? write_told(i, &t, e) : st;
}

enum st
digest_note_refusal(struct intake *i, gint64 message, struct err *e)
{
    g_autofree char *key =
        g_strdup_printf("%s%" G_GINT64_FORMAT, REFUSAL, message);
    gboolean first = FALSE;

    return reg_once(i->reg, key, clock_now(&i->office->clock), &first, e);
}

/* ---- one order ---- */

/* Changes of one kind. */
struct kind {
    char *name;        /* as the template calls it */
    GString *subjects; /* numbers, handles, units, addresses */
    int n;
};

static void
kind_free(void *data)
{
    struct kind *k = data;

    g_free(k->name);
    g_string_free(k->subjects, TRUE);
    g_free(k);
}

/* A decision about a mail by what was decided. */
static char *
kind_name(const struct reg_change *c)
{
    enum verdict v;

    if (g_str_equal(c->what, "decide") && c->after &&
        verdict_parse(c->after, &v) &&
        (v <= VERDICT_IGNORED || v == VERDICT_HELD))
        return g_strdup(c->after);
    if (g_str_equal(c->what, "other") && c->note &&
        g_str_has_prefix(c->note, "release"))
        return g_strdup("release");
    return g_strdelimit(g_strdup(c->what), "-", '_');
}

static struct kind *
kind_in(GPtrArray *kinds, const struct reg_change *c)
{
    g_autofree char *name = kind_name(c);
    struct kind *k;

    for (guint n = 0; n < kinds->len; n++) {
        k = g_ptr_array_index(kinds, n);
        if (g_str_equal(k->name, name))
            return k;
    }
    k = g_new0(struct kind, 1);
    k->name = g_steal_pointer(&name);
    k->subjects = g_string_new(NULL);
    g_ptr_array_add(kinds, k);
    return k;
}

static gboolean
is_mark(const struct reg_change *c)
{
    return g_str_equal(c->what, "mark") || g_str_equal(c->what, "revoke") ||
           g_str_equal(c->what, "restore");
}

/* "2019-0001 普刊 2019-03-12": of what a change says only the item of a mark,
 * which the rules have, may stand here. */
static void
kind_add(struct kind *k, const struct reg_change *c, const struct office *o)
{
    const char *what = is_mark(c) ? (c->after ? c->after : c->before) : NULL;
    const char *subject = c->subject;

    if (k->n++ >= SUBJECTS)
        return;
    if (is_mark(c) && !g_ascii_isdigit(*subject))
        subject = office_unit_name(subject, (void *)o);
    g_string_append_printf(k->subjects, "%s%s%s%s", k->n > 1 ? "、" : "",
                           subject, what ? " " : "", what ? what : "");
}

static struct value *
kind_facts(const struct kind *k)
{
    struct value *v = value_map();

    value_set_bool(v, k->name, TRUE);
    value_set_text(v, "subjects", k->subjects->str);
    if (k->n > SUBJECTS)
        value_set_int(v, "all", k->n);
    return v;
}

static struct value *
changes_facts(const GPtrArray *changes, const struct office *o)
{
    g_autoptr(GPtrArray) kinds = g_ptr_array_new_with_free_func(kind_free);
    struct value *list = value_list();

    for (guint n = 0; n < changes->len; n++) {
        const struct reg_change *c = g_ptr_array_index(changes, n);

        kind_add(kind_in(kinds, c), c, o);
    }
    for (guint n = 0; n < kinds->len; n++)
        value_append(list, kind_facts(g_ptr_array_index(kinds, n)));
    return list;
}

static enum st
order_facts(struct intake *i, const struct reg_command *c, struct value *list,
            struct err *e)
{
    const struct office *o = i->office;
    g_autoptr(GPtrArray) changes = NULL;
    g_autoptr(reg_message) m = NULL;
    struct value *v;
    enum st st = reg_history_of_command(i->reg, c->id, &changes, e);

    if (st == ST_OK && c->message)
        st = reg_message_get(i->reg, c->message, &m, e);
    if (st != ST_OK)
        return st;
    v = value_map();
    value_set_int(v, "number", c->number);
    value_take_text(v, "at", letter_time(&o->clock, c->at));
    value_set_text(v, "name", c->by);
    value_set_text(v, "address", m ? m->sender : NULL);
    value_set_bool(v, "typed", c->message == 0);
    value_set_bool(v, "undone", c->undone != 0);
    value_set(v, "changes", changes_facts(changes, o));
    value_append(list, v);
    return ST_OK;
}

/* ---- all of them ---- */

static enum st
list_orders(struct intake *i, const struct told *told, struct value *list,
            struct err *e)
{
    g_autoptr(GPtrArray) orders = NULL;
    enum st st =
        reg_commands_changing(i->reg, told->command, LISTED, &orders, e);

    for (guint n = 0; st == ST_OK && n < orders->len; n++)
        st = order_facts(i, g_ptr_array_index(orders, n), list, e);
    return st;
}

static enum st
add_orders(struct intake *i, const struct told *told, struct value *v,
           gboolean *news_out, struct err *e)
{
    struct value *list = value_list();
    struct reg_commands since = {0, 0};
    enum st st = list_orders(i, told, list, e);

    value_set(v, "orders", list);
    if (st == ST_OK)
        st = reg_commands_since(i->reg, told->command, &since, e);
    if (st != ST_OK || since.changing == 0)
        return st;
    *news_out = TRUE;
    value_set_int(v, "ordered", since.changing);
    if (since.changing > LISTED)
        value_set_int(v, "unlisted", since.changing - LISTED);
    if (since.others > 0)
        value_set_int(v, "others", since.others);
    return ST_OK;
}

static enum st
add_refusals(struct intake *i, const struct told *told, struct value *v,
             gboolean *news_out, struct err *e)
{
    int n = 0;
    enum st st = reg_once_count(i->reg, REFUSAL, told->at, &n, e);

    if (st != ST_OK || n == 0)
        return st;
    *news_out = TRUE;
    value_set_int(v, "refusals", n);
    return ST_OK;
}

/* Rows that were there the last time and are not now have left no gap. */
static enum st
add_chain(struct intake *i, const struct told *told, struct value *v,
          gboolean *news_out, struct err *e)
{
    struct err broken = ERR_INIT;
    gint64 last = 0;
    enum st whole = reg_history_verify(i->reg, &broken);
    enum st st = reg_view_last(i->reg, &last, e);

    if (st == ST_OK && whole != ST_OK && whole != ST_REJECT) {
        *e = broken;
        return whole;
    }
    if (st != ST_OK)
        return st;
    if (whole == ST_OK && last >= told->history) {
        value_set_int(v, "whole", last);
        return ST_OK;
    }
    log_event(LOG_ERROR, "history-broken", "cause",
              whole == ST_OK ? "rows at its end are missing" : broken.text,
              NULL);
    *news_out = TRUE;
    value_set_bool(v, "broken", TRUE);
    return ST_OK;
}

enum st
digest_facts(struct intake *i, struct value *v, gboolean *news_out,
             struct err *e)
{
    struct told told = {0};
    enum st st = read_told(i, &told, e);

    if (st == ST_OK)
        st = add_orders(i, &told, v, news_out, e);
    if (st == ST_OK)
        st = add_refusals(i, &told, v, news_out, e);
    return st == ST_OK ? add_chain(i, &told, v, news_out, e) : st;
}

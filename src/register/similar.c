/* similar.c - see similar.h. */
#include "register/similar.h"

#include "register/codes.h"
#include "register/db.h"

#include <string.h>

struct reg_similar *
reg_similar_new(void)
{
    struct reg_similar *s = g_new0(struct reg_similar, 1);

    s->passages = g_array_new(FALSE, FALSE, sizeof(struct reg_passage));
    return s;
}

void
reg_similar_free(struct reg_similar *s)
{
    if (!s)
        return;
    g_free(s->reference);
    g_free(s->number);
    g_free(s->title);
    g_free(s->unit);
    g_array_unref(s->passages);
    g_free(s);
}

/* ---- passages as text: "120+36 300+80" ---- */

static char *
format_passages(const GArray *passages)
{
    GString *s = g_string_new(NULL);

    for (guint i = 0; i < passages->len; i++) {
        const struct reg_passage *p =
            &g_array_index(passages, struct reg_passage, i);

        g_string_append_printf(s, "%s%u+%u", i ? " " : "", p->at, p->len);
    }
    return g_string_free(s, FALSE);
}

static gboolean
parse_guint(const char *text, guint *out)
{
    guint64 n;

    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT, &n, NULL))
        return FALSE;
    *out = (guint)n;
    return TRUE;
}

static void
parse_passages(const char *text, GArray *passages)
{
    g_auto(GStrv) all = g_strsplit(text ? text : "", " ", -1);

    for (char **one = all; *one; one++) {
        char *plus = strchr(*one, '+');
        struct reg_passage p;

        if (!plus)
            continue;
        *plus = '\0';
        if (parse_guint(*one, &p.at) && parse_guint(plus + 1, &p.len))
            g_array_append_val(passages, p);
    }
}

/* ---- writing ---- */

static enum st
insert(struct reg *reg, gint64 submission, guint position,
       const struct reg_similar *s, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO similar (submission, position, other, "
                      "reference, degree, here, there, passages) "
                      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    g_autofree char *passages = format_passages(s->passages);

    db_bind(q, 1, submission);
    db_bind(q, 2, position);
    db_bind_id(q, 3, s->other);
    db_bind_text(q, 4, s->reference);
    db_bind(q, 5, s->degree);
    db_bind(q, 6, s->here);
    db_bind(q, 7, s->there);
    db_bind_text(q, 8, passages);
    return db_run(q, e);
}

enum st
reg_similar_set(struct reg *reg, gint64 submission, const GPtrArray *findings,
                struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "DELETE FROM similar WHERE submission = ?1");
    enum st st;

    db_bind(q, 1, submission);
    st = db_run(q, e);
    for (guint i = 0; st == ST_OK && i < findings->len; i++)
        st = insert(reg, submission, i, findings->pdata[i], e);
    return st;
}

/* ---- reading ---- */

static gpointer
read_finding(struct query *q)
{
    struct reg_similar *s = reg_similar_new();

    s->of = db_int(q, 0);
    s->other = db_int(q, 1);
    s->reference = db_text(q, 2);
    s->degree = (int)db_int(q, 3);
    s->here = (int)db_int(q, 4);
    s->there = (int)db_int(q, 5);
    parse_passages(db_peek(q, 6), s->passages);
    if (!db_is_null(q, 7))
        s->number =
            codes_number((int)db_int(q, 7), (int)db_int(q, 8), NUMBER_WIDTH);
    s->title = db_text(q, 9);
    s->unit = db_text(q, 10);
    return s;
}

#define OTHER_COLUMNS                                                          \
    "o.year, o.serial, o.title, "                                              \
    "(SELECT c.unit FROM credit c WHERE c.submission = o.id "                  \
    "ORDER BY c.position LIMIT 1)"

enum st
reg_similar_of(struct reg *reg, gint64 submission, GPtrArray **out,
               struct err *e)
{
    g_autoptr(query) earlier = db_query(
        reg, "SELECT x.submission, x.other, x.reference, x.degree, x.here, "
             "x.there, x.passages, " OTHER_COLUMNS " FROM similar x "
             "LEFT JOIN submission o ON o.id = x.other "
             "WHERE x.submission = ?1 ORDER BY x.position");
    g_autoptr(query) later = db_query(
        reg, "SELECT x.submission, x.submission, NULL, x.degree, x.there, "
             "x.here, x.passages, " OTHER_COLUMNS " FROM similar x "
             "JOIN submission o ON o.id = x.submission "
             "WHERE x.other = ?1 ORDER BY x.submission, x.position");
    g_autoptr(GPtrArray) all = NULL, more = NULL;
    GDestroyNotify free_row = (GDestroyNotify)reg_similar_free;
    enum st st;

    db_bind(earlier, 1, submission);
    db_bind(later, 1, submission);
    st = db_list(earlier, read_finding, free_row, &all, e);
    if (st == ST_OK)
        st = db_list(later, read_finding, free_row, &more, e);
    if (st != ST_OK)
        return st;
    g_ptr_array_extend_and_steal(all, g_steal_pointer(&more));
    *out = g_steal_pointer(&all);
    return ST_OK;
}

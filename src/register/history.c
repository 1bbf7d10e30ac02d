/* history.c - the append-only log: reading and verifying it. */
#include "register/history.h"

#include "register/chain.h"
#include "register/change.h"

#define CHANGE_COLUMNS                                                         \
    "h.id, h.at, h.who, h.command, h.message, h.what, h.subject, h.object, "   \
    "w.old, w.new, w.note, w.change IS NULL "                                  \
    "FROM history h LEFT JOIN history_words w ON w.change = h.id "

void
reg_change_free(struct reg_change *c)
{
    if (!c)
        return;
    g_free(c->by);
    g_free(c->what);
    g_free(c->subject);
    g_free(c->before);
    g_free(c->after);
    g_free(c->note);
    g_free(c);
}

static gpointer
read_change(struct query *q)
{
    struct reg_change *c = g_new0(struct reg_change, 1);

    c->id = db_int(q, 0);
    c->at = db_int(q, 1);
    c->by = db_text(q, 2);
    c->command = db_int(q, 3);
    c->message = db_int(q, 4);
    c->what = db_text(q, 5);
    c->subject = db_text(q, 6);
    c->object = db_int(q, 7);
    c->before = db_text(q, 8);
    c->after = db_text(q, 9);
    c->note = db_text(q, 10);
    c->purged = db_int(q, 11) != 0;
    return c;
}

static enum st
list(struct query *q, GPtrArray **out, struct err *e)
{
    return db_list(q, read_change, (GDestroyNotify)reg_change_free, out, e);
}

enum st
reg_history_of(struct reg *reg, const char *subject, GPtrArray **out,
               struct err *e)
{
    g_autoptr(query) q = db_query(reg, "SELECT " CHANGE_COLUMNS
                                       "WHERE h.subject = ?1 ORDER BY h.id");

    db_bind_text(q, 1, subject);
    return list(q, out, e);
}

enum st
reg_history_of_command(struct reg *reg, gint64 command, GPtrArray **out,
                       struct err *e)
{
    g_autoptr(query) q = db_query(reg, "SELECT " CHANGE_COLUMNS
                                       "WHERE h.command = ?1 ORDER BY h.id");

    db_bind(q, 1, command);
    return list(q, out, e);
}

/* ---- verifying ---- */

#define VERIFY_COLUMNS                                                         \
    "h.id, h.at, h.who, h.command, h.message, h.what, h.subject, h.object, "   \
    "h.words_hash, h.hash, w.salt, w.old, w.new, w.note, "                     \
    "EXISTS (SELECT 1 FROM history_purged p JOIN history c ON c.id = p.purge " \
    "AND c.what = 'purge' WHERE p.change = h.id) "                             \
    "FROM history h LEFT JOIN history_words w ON w.change = h.id "

/* Words are what was hashed, or were taken away by a recorded purge. */
static gboolean
words_fit(struct query *q)
{
    g_autofree char *hash = NULL;

    if (db_is_null(q, 10))
        return db_int(q, 14) != 0;
    hash = chain_words(db_peek(q, 10), db_peek(q, 11), db_peek(q, 12),
                       db_peek(q, 13));
    return g_strcmp0(hash, db_peek(q, 8)) == 0;
}

static gboolean
link_fits(struct query *q, gint64 expected, const char *previous)
{
    struct chain_link l = {db_int(q, 0),  db_int(q, 1), db_peek(q, 2),
                           db_int(q, 3),  db_int(q, 4), db_peek(q, 5),
                           db_peek(q, 6), db_int(q, 7), db_peek(q, 8)};
    g_autofree char *hash = chain_link(previous, &l);

    return l.id == expected && g_strcmp0(hash, db_peek(q, 9)) == 0;
}

enum st
reg_history_verify(struct reg *reg, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " VERIFY_COLUMNS "ORDER BY h.id");
    g_autofree char *previous = g_strdup("");
    gboolean row = TRUE;

    for (gint64 id = 1;; id++) {
        enum st st = db_next(q, &row, e);

        if (st != ST_OK || !row)
            return st;
        if (!link_fits(q, id, previous) || !words_fit(q))
            return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                           "%s: the history was tampered with at change "
                           "%" G_GINT64_FORMAT,
                           reg->path, id);
        g_free(previous);
        previous = db_text(q, 9);
    }
}

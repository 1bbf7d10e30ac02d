/* command.c - orders of the desk, each obeyed once. */
#include "register/command.h"

#include "register/db.h"

void
reg_command_free(struct reg_command *c)
{
    if (!c)
        return;
    g_free(c->by);
    g_free(c->identity);
    g_free(c->text);
    g_free(c->answer);
    g_free(c->undone_by);
    g_free(c);
}

static gpointer
read_command(struct query *q)
{
    struct reg_command *c = g_new0(struct reg_command, 1);

    c->id = db_int(q, 0);
    c->number = (int)db_int(q, 1);
    c->by = db_text(q, 2);
    c->identity = db_text(q, 3);
    c->message = db_int(q, 4);
    c->text = db_text(q, 5);
    c->answer = db_text(q, 6);
    c->at = db_int(q, 7);
    c->undone = db_int(q, 8);
    c->undone_by = db_text(q, 9);
    return c;
}

static enum st
insert(struct reg *reg, const struct reg_command *c, gint64 number,
       struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO command (number, who, identity, message, text, at) "
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    db_bind(q, 1, number);
    db_bind_text(q, 2, c->by);
    db_bind_text(q, 3, c->identity);
    db_bind_id(q, 4, c->message);
    db_bind_text(q, 5, c->text);
    db_bind(q, 6, c->at);
    return db_run(q, e);
}

enum st
reg_command_obeyed(struct reg *reg, const char *identity, gboolean *obeyed_out,
                   struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT id FROM command WHERE identity = ?1");
    gint64 id = 0;
    enum st st;

    db_bind_text(q, 1, identity);
    st = db_number(q, &id, e);
    if (st == ST_OK)
        *obeyed_out = id != 0;
    return st;
}

enum st
reg_command_add(struct reg *reg, const struct reg_command *c, gint64 *id_out,
                int *number_out, struct err *e)
{
    gboolean obeyed = FALSE;
    gint64 number = 0;
    enum st st = reg_command_obeyed(reg, c->identity, &obeyed, e);

    if (st == ST_OK && obeyed)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "this mail was obeyed before");
    if (st == ST_OK)
        st = db_counter(reg, "command", &number, e);
    if (st == ST_OK)
        st = insert(reg, c, number, e);
    if (st == ST_OK) {
        *id_out = db_last_id(reg);
        *number_out = (int)number;
    }
    return st;
}

enum st
reg_command_answered(struct reg *reg, gint64 id, const char *answer,
                     struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE command SET answer = ?2 WHERE id = ?1");

    db_bind(q, 1, id);
    db_bind_text(q, 2, answer);
    return db_run(q, e);
}

#define COMMAND_COLUMNS                                                        \
    "c.id, c.number, c.who, c.identity, c.message, c.text, c.answer, c.at, "   \
    "c.undone, c.undone_by FROM command c "

enum st
reg_command_find(struct reg *reg, int number, struct reg_command **out,
                 struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " COMMAND_COLUMNS "WHERE c.number = ?1");
    gpointer row = NULL;
    enum st st;

    db_bind(q, 1, number);
    st = db_one(q, read_command, &row, e);
    if (st == ST_OK)
        *out = row;
    return st;
}

/* ---- what was ordered lately ---- */

#define CHANGED "EXISTS (SELECT 1 FROM history WHERE command = c.id)"

enum st
reg_commands_since(struct reg *reg, gint64 after, struct reg_commands *out,
                   struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT coalesce(sum(" CHANGED "), 0), count(*) "
                      "FROM command c WHERE c.id > ?1");
    gboolean row = FALSE;
    enum st st;

    db_bind(q, 1, after);
    st = db_next(q, &row, e);
    if (st != ST_OK)
        return st;
    out->changing = (int)db_int(q, 0);
    out->others = (int)db_int(q, 1) - out->changing;
    return ST_OK;
}

enum st
reg_commands_changing(struct reg *reg, gint64 after, int most, GPtrArray **out,
                      struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " COMMAND_COLUMNS "WHERE c.id > ?1 AND " CHANGED
                      " ORDER BY c.id LIMIT ?2");

    db_bind(q, 1, after);
    db_bind(q, 2, most);
    return db_list(q, read_command, (GDestroyNotify)reg_command_free, out, e);
}

enum st
reg_command_before(struct reg *reg, gint64 at, gint64 *id_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT coalesce(max(id), 0) FROM command WHERE at < ?1");

    db_bind(q, 1, at);
    return db_number(q, id_out, e);
}

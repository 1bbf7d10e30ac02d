/* transaction.c - all or nothing. */
#include "register/db.h"

#include "base/step.h"

/* A writer asks for the write lock at once: to find out at the first INSERT
 * that another program has it would mean to do the reading again. */
enum st
reg_begin(struct reg *reg, struct err *e)
{
    enum st st;

    g_assert(!reg->in_transaction);
    st = db_exec(reg, reg->mode == REG_READ ? "BEGIN" : "BEGIN IMMEDIATE", e);
    reg->in_transaction = st == ST_OK;
    return st;
}

enum st
reg_begin_reading(struct reg *reg, struct err *e)
{
    enum st st;

    g_assert(!reg->in_transaction);
    st = db_exec(reg, "BEGIN", e);
    reg->in_transaction = st == ST_OK;
    return st;
}

enum st
reg_commit(struct reg *reg, struct err *e)
{
    enum st st;

    g_assert(reg->in_transaction);
    if (reg->mode != REG_READ)
        step("commit");
    if (sqlite3_get_autocommit(reg->db))
        st = err_set(e, ST_RETRY, EXIT_IO,
                     "%s: the transaction was rolled back", reg->path);
    else
        st = db_exec(reg, "COMMIT", e);
    if (st != ST_OK)
        reg_rollback(reg);
    reg->in_transaction = FALSE;
    if (reg->mode != REG_READ)
        step("committed");
    return st;
}

/* Its own result says nothing new: SQLite may have rolled back already. */
void
reg_rollback(struct reg *reg)
{
    if (reg->in_transaction && !sqlite3_get_autocommit(reg->db))
        sqlite3_exec(reg->db, "ROLLBACK", NULL, NULL, NULL);
    reg->in_transaction = FALSE;
    g_clear_pointer(&reg->mailbox_url, g_free);
}

enum st
reg_end(struct reg *reg, enum st st, struct err *e)
{
    if (st == ST_OK)
        return reg_commit(reg, e);
    reg_rollback(reg);
    return st;
}

static enum st
savepoint(struct reg *reg, const char *sql, struct err *e)
{
    g_assert(reg->in_transaction);
    if (sqlite3_get_autocommit(reg->db))
        return err_set(e, ST_RETRY, EXIT_IO,
                       "%s: the transaction was rolled back", reg->path);
    return db_exec(reg, sql, e);
}

enum st
reg_save(struct reg *reg, struct err *e)
{
    return savepoint(reg, "SAVEPOINT one", e);
}

enum st
reg_keep(struct reg *reg, struct err *e)
{
    return savepoint(reg, "RELEASE one", e);
}

enum st
reg_undo(struct reg *reg, struct err *e)
{
    g_clear_pointer(&reg->mailbox_url, g_free);
    return savepoint(reg, "ROLLBACK TO one; RELEASE one", e);
}

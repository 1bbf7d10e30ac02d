/* transaction.c - all or nothing. */
#include "register/db.h"

#include "base/step.h"
#include "base/thread.h"

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

/* Beside the program, or in it. */
static gpointer
commit(gpointer user)
{
    struct reg *reg = user;

    if (sqlite3_get_autocommit(reg->db))
        reg->committed =
            err_set(&reg->not_committed, ST_RETRY, EXIT_IO,
                    "%s: the transaction was rolled back", reg->path);
    else
        reg->committed = db_exec(reg, "COMMIT", &reg->not_committed);
    return NULL;
}

static void
begin_commit(struct reg *reg)
{
    g_assert(reg->in_transaction && !reg->committing);
    if (reg->mode != REG_READ)
        step("commit");
    reg->committing = TRUE;
}

void
reg_commit_beside(struct reg *reg)
{
    begin_commit(reg);
    if (sqlite3_threadsafe())
        reg->commit_thread = thread_begin("commit", commit, reg);
    if (!reg->commit_thread)
        commit(reg);
}

enum st
reg_commit(struct reg *reg, struct err *e)
{
    begin_commit(reg);
    commit(reg);
    return reg_commit_await(reg, e);
}

enum st
reg_commit_await(struct reg *reg, struct err *e)
{
    g_assert(reg->committing);
    if (reg->commit_thread)
        g_thread_join(g_steal_pointer(&reg->commit_thread));
    reg->committing = FALSE;
    if (reg->committed != ST_OK) {
        if (e)
            *e = reg->not_committed;
        reg_rollback(reg);
    }
    reg->in_transaction = FALSE;
    if (reg->mode != REG_READ)
        step("committed");
    return reg->committed;
}

/* Its own result says nothing new: SQLite may have rolled back already. */
void
reg_rollback(struct reg *reg)
{
    g_assert(!reg->committing);
    if (reg->in_transaction && !sqlite3_get_autocommit(reg->db))
        sqlite3_exec(reg->db, "ROLLBACK", NULL, NULL, NULL);
    reg->in_transaction = FALSE;
    g_clear_pointer(&reg->mailbox_url, g_free);
}

enum st
reg_end(struct reg *reg, enum st st, struct err *e)
{
    if (st != ST_OK) {
        reg_rollback(reg);
        return st;
    }
    return reg_commit(reg, e);
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

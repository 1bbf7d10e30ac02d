/* handle.c - an open register as a thing: made, and left in good order. */
#include "register/checkpoint.h"

#include <unistd.h>

const char *
reg_data(const struct reg *reg)
{
    return reg->data;
}

struct reg *
db_handle_new(const char *data, enum reg_mode mode)
{
    struct reg *reg = g_new0(struct reg, 1);

    reg->mode = mode;
    reg->data = g_strdup(data);
    reg->path = g_build_filename(data, "register.db", NULL);
    reg->statements = g_hash_table_new(NULL, NULL);
    reg->lock_fd = reg->state_fd = -1;
    return reg;
}

static void
finalize_statements(struct reg *reg)
{
    GHashTableIter it;
    gpointer q;

    g_hash_table_iter_init(&it, reg->statements);
    while (g_hash_table_iter_next(&it, NULL, &q)) {
        sqlite3_finalize(((struct query *)q)->stmt);
        g_free(q);
    }
    g_hash_table_unref(reg->statements);
}

/* Only a register that was found whole is written to while closing.  Where
 * that fails the log keeps what it has, and the next program, told that this
 * one failed, looks at every page. */
static void
checkpoint_last(struct reg *reg)
{
    int rc;

    if (reg->state_fd < 0 || !reg->healthy || reg->broken)
        return;
    rc = sqlite3_wal_checkpoint_v2(reg->db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                   NULL, NULL);
    reg->broken = (rc & 0xff) == SQLITE_IOERR;
}

/* Also after a failure it is said that nobody was killed. */
static void
leave_in_order(struct reg *reg)
{
    if (reg->state_fd < 0)
        return;
    reg->state.open = reg->state.failed = reg->broken;
    if (reg->healthy && lock_state_alone(reg->state_fd))
        lock_state_write(reg->state_fd, &reg->state, NULL);
    close(reg->state_fd);
}

void
reg_close(struct reg *reg)
{
    if (!reg)
        return;
    reg_rollback(reg);
    finalize_statements(reg);
    checkpoint_settle(reg, reg->checkpoint, NULL); /* it marks the register */
    checkpoint_end(reg->checkpoint);
    checkpoint_last(reg);
    sqlite3_close(reg->db);
    leave_in_order(reg);
    if (reg->lock_fd >= 0)
        close(reg->lock_fd);
    g_free(reg->data);
    g_free(reg->path);
    g_free(reg->mailbox_url);
    g_free(reg);
}

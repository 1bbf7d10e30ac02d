/* checkpoint.c - see checkpoint.h. */
#include "register/checkpoint.h"

#include "base/thread.h"

enum {
    LOG_LONG = 2000, /* pages, 16 MB: four batches */
    LOG_MOST = 8000  /* then the program waits */
};

struct checkpoint {
    char *path;
    GThread *thread; /* NULL: not begun, or there is none to be had */
    GMutex lock;     /* for all below */
    GCond changed;
    gboolean asked, copying, ending;
    int failure; /* of a flush; SQLITE_OK: none */
};

/* ---- the thread ---- */

/* The first query makes SQLite see that there is a log. */
static sqlite3 *
connect_to(const char *path)
{
    sqlite3 *db = NULL;
    int persist = 1;
    int rc = sqlite3_open_v2(path, &db,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                                 SQLITE_OPEN_NOFOLLOW,
                             NULL);

    if (rc == SQLITE_OK) {
        sqlite3_extended_result_codes(db, 1);
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        sqlite3_file_control(db, NULL, SQLITE_FCNTL_PERSIST_WAL, &persist);
        rc = sqlite3_exec(db,
                          "PRAGMA synchronous = FULL;"
                          "SELECT count(*) FROM migration",
                          NULL, NULL, NULL);
    }
    if (rc == SQLITE_OK)
        return db;
    sqlite3_close(db);
    return NULL;
}

/* Only a flush that failed is a failure, for the next one would say that all
 * is well: of all else the log still has every page, and stays longer. */
static int
copy_back(sqlite3 *db)
{
    int rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE,
                                       NULL, NULL);

    return rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC ? rc
                                                                    : SQLITE_OK;
}

static gboolean
is_wanted(struct checkpoint *c)
{
    while (!c->asked && !c->ending)
        g_cond_wait(&c->changed, &c->lock);
    c->copying = c->asked;
    c->asked = FALSE;
    return c->copying;
}

static gpointer
copy_when_asked(gpointer user)
{
    struct checkpoint *c = user;
    sqlite3 *db = NULL;

    thread_step_back();
    g_mutex_lock(&c->lock);
    while (is_wanted(c)) {
        int rc = SQLITE_OK;

        g_mutex_unlock(&c->lock);
        if (!db)
            db = connect_to(c->path);
        if (db)
            rc = copy_back(db);
        g_mutex_lock(&c->lock);
        c->copying = FALSE;
        c->failure = c->failure ? c->failure : rc;
        g_cond_broadcast(&c->changed);
    }
    g_mutex_unlock(&c->lock);
    sqlite3_close(db);
    return NULL;
}

/* ---- the program ---- */

static int
wait_for(struct checkpoint *c)
{
    int failure;

    g_mutex_lock(&c->lock);
    while (c->asked || c->copying)
        g_cond_wait(&c->changed, &c->lock);
    failure = c->failure;
    g_mutex_unlock(&c->lock);
    return failure;
}

static int
ask(struct checkpoint *c)
{
    int failure;

    g_mutex_lock(&c->lock);
    c->asked = TRUE;
    failure = c->failure;
    g_cond_broadcast(&c->changed);
    g_mutex_unlock(&c->lock);
    return failure;
}

/* What this returns becomes the result of the COMMIT, which has taken place. */
static int
committed(void *user, sqlite3 *db, const char *name, int pages)
{
    struct checkpoint *c = user;
    int failure;

    (void)name;
    if (pages < LOG_LONG)
        return SQLITE_OK;
    if (!c->thread && sqlite3_threadsafe())
        c->thread = thread_begin("checkpoint", copy_when_asked, c);
    if (c->thread && pages < LOG_MOST)
        return ask(c);
    failure = wait_for(c);
    return failure ? failure : copy_back(db);
}

struct checkpoint *
checkpoint_begin(struct reg *reg)
{
    struct checkpoint *c = g_new0(struct checkpoint, 1);

    c->path = g_strdup(reg->path);
    g_mutex_init(&c->lock);
    g_cond_init(&c->changed);
    sqlite3_wal_hook(reg->db, committed, c);
    return c;
}

enum st
checkpoint_settle(struct reg *reg, struct checkpoint *c, struct err *e)
{
    int failure = c ? wait_for(c) : SQLITE_OK;

    if (!failure)
        return ST_OK;
    reg->broken = TRUE;
    return err_set(e, ST_FATAL, EXIT_IO,
                   "%s: its log could not be copied back (%s). Stop here; "
                   "put a backup in its place if `baosong check` says that "
                   "it is damaged",
                   reg->path, sqlite3_errstr(failure));
}

void
checkpoint_end(struct checkpoint *c)
{
    if (!c)
        return;
    g_mutex_lock(&c->lock);
    c->ending = TRUE;
    g_cond_broadcast(&c->changed);
    g_mutex_unlock(&c->lock);
    if (c->thread)
        g_thread_join(c->thread);
    g_mutex_clear(&c->lock);
    g_cond_clear(&c->changed);
    g_free(c->path);
    g_free(c);
}

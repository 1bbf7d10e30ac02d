/* migrate.c - from an older version of the schema to the present one. */
#include "register/schema.h"

#include "base/step.h"

static enum st
pragma_number(struct reg *reg, const char *sql, gint64 *out, struct err *e)
{
    g_autoptr(query) q = db_query(reg, sql);

    return db_number(q, out, e);
}

static enum st
has_table(struct reg *reg, const char *name, gint64 *out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT count(*) FROM sqlite_schema "
                      "WHERE type = 'table' AND (?1 IS NULL OR name = ?1)");

    db_bind_text(q, 1, name);
    return db_number(q, out, e);
}

enum st
schema_version(struct reg *reg, int *out, struct err *e)
{
    gint64 application = 0, tables = 0, ours = 0, version = 0;
    enum st st = pragma_number(reg, "PRAGMA application_id", &application, e);

    if (st == ST_OK)
        st = has_table(reg, NULL, &tables, e);
    if (st == ST_OK)
        st = has_table(reg, "migration", &ours, e);
    if (st != ST_OK)
        return st;
    if (tables == 0 && application == 0) {
        *out = 0;
        return ST_OK;
    }
    if (!ours || application != SCHEMA_APPLICATION_ID)
        return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                       "%s is a database of another program; set `data` to "
                       "a directory of its own",
                       reg->path);
    st = pragma_number(reg, "SELECT max(version) FROM migration", &version, e);
    if (st == ST_OK)
        *out = (int)version;
    return st;
}

static enum st
note_version(struct reg *reg, int version, gint64 now, struct err *e)
{
    g_autofree char *sql =
        g_strdup_printf("INSERT INTO migration (version, applied) VALUES (%d, "
                        "%" G_GINT64_FORMAT ")",
                        version, now);

    return db_exec(reg, sql, e);
}

static enum st
apply(struct reg *reg, const struct migration *m, gint64 now, struct err *e)
{
    enum st st = ST_OK;

    for (int i = 0; st == ST_OK && m->statements[i]; i++)
        st = db_exec(reg, m->statements[i], e);
    if (st == ST_OK)
        st = note_version(reg, m->version, now, e);
    if (st != ST_OK)
        err_prefix(e, "migration to version %d", m->version);
    return st;
}

static enum st
apply_all(struct reg *reg, const struct migration *list, int n, int from,
          gint64 now, struct err *e)
{
    enum st st = db_exec(reg, "BEGIN IMMEDIATE", e);

    sqlite3_db_config(reg->db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    for (int i = 0; st == ST_OK && i < n; i++)
        if (list[i].version > from)
            st = apply(reg, &list[i], now, e);
    sqlite3_db_config(reg->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    step("migrate");
    if (st == ST_OK)
        st = db_exec(reg, "COMMIT", e);
    if (!sqlite3_get_autocommit(reg->db))
        sqlite3_exec(reg->db, "ROLLBACK", NULL, NULL, NULL);
    step("migrated");
    return st;
}

enum st
schema_migrate(struct reg *reg, const struct migration *list, int n, gint64 now,
               struct err *e)
{
    int version = 0;
    enum st st = schema_version(reg, &version, e);

    if (st != ST_OK || version == list[n - 1].version)
        return st;
    if (version > list[n - 1].version)
        return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                       "%s was written by a newer baosong (its schema is %d, "
                       "this program knows %d); install that one again",
                       reg->path, version, list[n - 1].version);
    return apply_all(reg, list, n, version, now, e);
}

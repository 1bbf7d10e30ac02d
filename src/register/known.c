/* known.c - was this message, or its content, seen before?  And what was
 * read of those that wait for staff. */
#include "register/message.h"

#include "register/db.h"

enum { LARGE = 1 << 20 }; /* a second copy of it would weigh */

static enum st
first(struct reg *reg, const char *sql, const char *text, gint64 *id_out,
      struct err *e)
{
    g_autoptr(query) q = db_query(reg, sql);

    db_bind_text(q, 1, text);
    return db_number(q, id_out, e);
}

/* Is the number that it gives above 0? */
static enum st
is_any(query *q, gboolean *out, struct err *e)
{
    gint64 n = 0;
    enum st st = db_number(q, &n, e);

    if (st == ST_OK)
        *out = n > 0;
    return st;
}

enum st
reg_known_identity(struct reg *reg, const char *identity, gint64 received,
                   const char *raw_hash, gint64 *id_out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT id FROM message WHERE identity = ?1 "
             "ORDER BY received <> ?2, raw_hash IS NOT ?3, id LIMIT 1");
    gint64 any = 0;
    enum st st = first(reg, "SELECT id FROM message WHERE identity = ?1",
                       identity, &any, e);

    if (st != ST_OK || !any) { /* most are new: nothing is to be sorted */
        *id_out = 0;
        return st;
    }
    db_bind_text(q, 1, identity);
    db_bind(q, 2, received);
    db_bind_text(q, 3, raw_hash);
    return db_number(q, id_out, e);
}

enum st
reg_known_originals(struct reg *reg, const char *identity, GArray *ids,
                    struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT id FROM message WHERE identity = ?1 "
                      "AND verdict <> 'duplicate' ORDER BY id");
    gboolean row = FALSE;
    enum st st;

    db_bind_text(q, 1, identity);
    while ((st = db_next(q, &row, e)) == ST_OK && row) {
        gint64 id = db_int(q, 0);

        g_array_append_val(ids, id);
    }
    return st;
}

enum st
reg_message_decided(struct reg *reg, gint64 id, gboolean *out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT EXISTS (SELECT 1 FROM history "
                      "WHERE what = 'decide' AND object = ?1)");

    db_bind(q, 1, id);
    return is_any(q, out, e);
}

enum st
reg_known_message_id(struct reg *reg, const char *message_id,
                     const char *identity, gint64 *id_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT id FROM message WHERE message_id = ?1 "
                      "AND identity IS NOT ?2 ORDER BY id LIMIT 1");

    db_bind_text(q, 1, message_id);
    db_bind_text(q, 2, identity);
    return db_number(q, id_out, e);
}

enum st
reg_known_heeded(struct reg *reg, const char *message_id, const char *identity,
                 const char *sender, gint64 *id_out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT id FROM message WHERE message_id = ?1 "
             "AND identity IS NOT ?2 AND verdict <> 'duplicate' "
             "AND coalesce(sender, '') = coalesce(?3, '') COLLATE NOCASE "
             "AND NOT (verdict = 'held' AND (' ' || reasons || ' ' LIKE "
             "'% unproven-command %' OR ' ' || reasons || ' ' LIKE "
             "'% failed-authentication %' OR ' ' || reasons || ' ' LIKE "
             "'% several-senders %')) ORDER BY id LIMIT 1");

    db_bind_text(q, 1, message_id);
    db_bind_text(q, 2, identity);
    db_bind_text(q, 3, sender);
    return db_number(q, id_out, e);
}

enum st
reg_known_bytes(struct reg *reg, const char *raw_hash, gint64 since,
                gint64 *id_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT id FROM message WHERE raw_hash = ?1 "
                      "AND message_id IS NULL "
                      "AND received >= ?2 ORDER BY id LIMIT 1");

    db_bind_text(q, 1, raw_hash);
    db_bind(q, 2, since);
    return db_number(q, id_out, e);
}

/* Of what left no hash: when it came, how large, from whom. */
static enum st
by_receipt(struct query *q, gint64 received, gint64 size, const char *sender,
           gint64 *id_out, struct err *e)
{
    db_bind(q, 1, received);
    db_bind(q, 2, size);
    db_bind_text(q, 3, sender);
    return db_number(q, id_out, e);
}

enum st
reg_known_quarantined(struct reg *reg, gint64 received, gint64 size,
                      const char *sender, gint64 *id_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT id FROM message WHERE verdict = 'quarantined' "
                      "AND received = ?1 AND size = ?2 "
                      "AND coalesce(sender, '') = coalesce(?3, '') "
                      "ORDER BY id LIMIT 1");

    return by_receipt(q, received, size, sender, id_out, e);
}

enum st
reg_known_purged(struct reg *reg, gint64 received, gint64 size,
                 const char *sender, gint64 *id_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT id FROM message WHERE verdict = 'quarantined' "
                      "AND received = ?1 AND size = ?2 "
                      "AND coalesce(sender, '') = coalesce(?3, '') "
                      "AND purged IS NOT NULL ORDER BY id LIMIT 1");

    return by_receipt(q, received, size, sender, id_out, e);
}

/* Nothing else judges a quarantined message anew. */
#define WAS_RELEASED                                                           \
    "EXISTS (SELECT 1 FROM history h JOIN history_words w ON w.change = h.id " \
    "WHERE h.what = 'decide' AND h.object = m.id "                             \
    "AND w.old LIKE 'quarantined%')"

enum st
reg_known_released(struct reg *reg, gint64 received, gint64 size,
                   const char *sender, gint64 *id_out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT m.id FROM message m WHERE m.received = ?1 "
             "AND m.size = ?2 AND coalesce(m.sender, '') = coalesce(?3, '') "
             "AND m.verdict <> 'quarantined' AND " WAS_RELEASED
             " ORDER BY m.id LIMIT 1");

    return by_receipt(q, received, size, sender, id_out, e);
}

enum st
reg_message_released(struct reg *reg, gint64 id, gboolean *released_out,
                     struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT count(*) FROM message m WHERE m.id = ?1 "
                      "AND m.verdict <> 'quarantined' AND " WAS_RELEASED);

    db_bind(q, 1, id);
    return is_any(q, released_out, e);
}

/* ---- what was read ---- */

static enum st
is_quarantined(struct reg *reg, gint64 message, gint64 *out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT verdict = 'quarantined' FROM message "
                      "WHERE id = ?1");

    db_bind(q, 1, message);
    return db_number(q, out, e);
}

/* A large one piece by piece: SQLite would copy it whole into its row. */
static enum st
keep(struct reg *reg, gint64 message, GBytes *bytes, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO kept (message, reading) VALUES (?1, ?2) "
                      "ON CONFLICT (message) DO UPDATE SET reading = ?2");
    gboolean is_large = g_bytes_get_size(bytes) > LARGE;
    enum st st;

    db_bind(q, 1, message);
    if (is_large)
        db_bind_zeros(q, 2, g_bytes_get_size(bytes));
    else
        db_bind_bytes(q, 2, bytes);
    st = db_run(q, e);
    return st == ST_OK && is_large
               ? db_write_blob(reg, "kept", "reading", message, bytes, e)
               : st;
}

enum st
reg_reading_keep(struct reg *reg, gint64 message, GBytes *bytes, struct err *e)
{
    gint64 secret = 0;
    enum st st = is_quarantined(reg, message, &secret, e);

    if (st != ST_OK)
        return st;
    if (secret)
        return err_set(e, ST_FATAL, EXIT_SOFTWARE,
                       "content of a quarantined message was to be kept");
    return keep(reg, message, bytes, e);
}

enum st
reg_reading_get(struct reg *reg, gint64 message, GBytes **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT reading FROM kept WHERE message = ?1");
    gboolean row = FALSE;
    enum st st;

    db_bind(q, 1, message);
    st = db_next(q, &row, e);
    if (st == ST_OK)
        *out = row ? db_bytes(q, 0) : NULL;
    return st;
}

/* fingerprints.c - see fingerprints.h. */
#include "register/fingerprints.h"

#include "register/codes.h"
#include "register/db.h"

/* ---- one ---- */

static enum st
add(struct reg *reg, gint64 draft, gint64 reference, guint64 whole,
    GBytes *hashes, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO fingerprint (draft, reference, whole, "
                      "hashes) VALUES (?1, ?2, ?3, ?4)");

    db_bind_id(q, 1, draft);
    db_bind_id(q, 2, reference);
    db_bind(q, 3, (gint64)whole);
    db_bind_bytes(q, 4, hashes);
    return db_run(q, e);
}

enum st
reg_fingerprint_add(struct reg *reg, gint64 draft, guint64 whole,
                    GBytes *hashes, struct err *e)
{
    return add(reg, draft, 0, whole, hashes, e);
}

enum st
reg_fingerprint_is(struct reg *reg, gint64 id, guint64 whole, gboolean *out,
                   struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT count(*) FROM fingerprint WHERE id = ?1 AND whole = ?2");
    gint64 n = 0;
    enum st st;

    db_bind(q, 1, id);
    db_bind(q, 2, (gint64)whole);
    st = db_number(q, &n, e);
    *out = n > 0;
    return st;
}

void
reg_fingerprint_free(struct reg_fingerprint *f)
{
    if (!f)
        return;
    g_clear_pointer(&f->hashes, g_bytes_unref);
    g_free(f->text);
    g_free(f->name);
    g_free(f);
}

static gpointer
read_one(struct query *q)
{
    struct reg_fingerprint *f = g_new0(struct reg_fingerprint, 1);

    f->draft = db_int(q, 0);
    f->reference = db_int(q, 1);
    f->whole = (guint64)db_int(q, 2);
    f->hashes = db_bytes(q, 3);
    f->text = db_text(q, 4);
    f->name = db_text(q, 5);
    return f;
}

enum st
reg_fingerprint_get(struct reg *reg, gint64 id, struct reg_fingerprint **out,
                    struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT f.draft, f.reference, f.whole, f.hashes, "
             "coalesce(d.text, r.text), r.name FROM fingerprint f "
             "LEFT JOIN draft d ON d.id = f.draft "
             "LEFT JOIN reference r ON r.id = f.reference WHERE f.id = ?1");
    gpointer row = NULL;
    enum st st;

    db_bind(q, 1, id);
    st = db_one(q, read_one, &row, e);
    if (st == ST_OK)
        *out = row;
    return st;
}

/* ---- all ---- */

enum st
reg_fingerprints_dropped(struct reg *reg, gint64 *out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT value FROM counter WHERE name = 'fingerprints dropped'");

    return db_number(q, out, e);
}

enum st
reg_fingerprints_count(struct reg *reg, gint64 *n_out, gint64 *bytes_out,
                       struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT count(*), sum(length(hashes)) FROM fingerprint");
    gboolean row = FALSE;
    enum st st = db_next(q, &row, e);

    if (st == ST_OK) {
        *n_out = db_int(q, 0);
        *bytes_out = db_int(q, 1);
    }
    return st;
}

/* NOT INDEXED: by the rowid alone.  Statistics that were taken while there was
 * one row make SQLite walk over the whole of another index. */
enum st
reg_fingerprints(struct reg *reg, gint64 after, reg_fingerprint_fn take,
                 void *user, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT id, whole, hashes FROM fingerprint NOT INDEXED "
                      "WHERE id > ?1 ORDER BY id");
    gboolean row = FALSE;
    enum st st;

    db_bind(q, 1, after);
    st = db_next(q, &row, e);
    while (st == ST_OK && row) {
        gsize size = 0;
        const void *hashes = db_peek_bytes(q, 2, &size);

        st = take(db_int(q, 0), (guint64)db_int(q, 1), hashes, size, user, e);
        if (st == ST_OK)
            st = db_next(q, &row, e);
    }
    return st;
}

enum st
reg_fingerprints_whole(struct reg *reg, guint64 whole, int most, GArray **out,
                       struct err *e)
{
    g_autoptr(query) q = db_query(
        reg,
        "SELECT id FROM fingerprint WHERE whole = ?1 ORDER BY id LIMIT ?2");
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    gboolean row = FALSE;
    enum st st;

    db_bind(q, 1, (gint64)whole);
    db_bind(q, 2, most);
    st = db_next(q, &row, e);
    while (st == ST_OK && row) {
        gint64 id = db_int(q, 0);

        g_array_append_val(ids, id);
        st = db_next(q, &row, e);
    }
    if (st == ST_OK)
        *out = g_steal_pointer(&ids);
    return st;
}

/* ---- who sent a draft ---- */

static void
sender_free(struct reg_sender *s)
{
    g_free(s->number);
    g_ptr_array_unref(s->units);
    g_free(s);
}

static struct reg_sender *
sender_of(struct query *q)
{
    struct reg_sender *s = g_new0(struct reg_sender, 1);

    s->submission = db_int(q, 0);
    s->number =
        codes_number((int)db_int(q, 1), (int)db_int(q, 2), NUMBER_WIDTH);
    s->units = g_ptr_array_new_with_free_func(g_free);
    return s;
}

/* One row for each unit; those of one submission follow each other. */
enum st
reg_draft_senders(struct reg *reg, gint64 draft, GPtrArray **out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT DISTINCT s.id, s.year, s.serial, c.unit, c.position "
             "FROM version v JOIN submission s ON s.id = v.submission "
             "LEFT JOIN credit c ON c.submission = s.id "
             "WHERE v.draft = ?1 AND s.state <> 'purged' "
             "ORDER BY s.id, c.position");
    g_autoptr(GPtrArray) all =
        g_ptr_array_new_with_free_func((GDestroyNotify)sender_free);
    struct reg_sender *last = NULL;
    gboolean row = FALSE;
    enum st st;

    db_bind(q, 1, draft);
    st = db_next(q, &row, e);
    for (; st == ST_OK && row; st = db_next(q, &row, e)) {
        if (!last || last->submission != db_int(q, 0)) {
            last = sender_of(q);
            g_ptr_array_add(all, last);
        }
        if (!db_is_null(q, 3))
            g_ptr_array_add(last->units, db_text(q, 3));
    }
    if (st == ST_OK)
        *out = g_steal_pointer(&all);
    return st;
}

/* ---- drafts without ---- */

enum st
reg_fingerprints_missing(struct reg *reg, gboolean *out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT count(*) FROM setting WHERE name = 'fingerprints'");
    gint64 n = 0;
    enum st st = db_number(q, &n, e);

    *out = n > 0;
    return st;
}

enum st
reg_fingerprint_lacking(struct reg *reg, gint64 after, gint64 *id_out,
                        char **text_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT d.id, d.text FROM draft d WHERE d.id > ?1 "
                      "AND d.text IS NOT NULL AND NOT EXISTS "
                      "(SELECT 1 FROM fingerprint f WHERE f.draft = d.id) "
                      "ORDER BY d.id LIMIT 1");
    gboolean row = FALSE;
    enum st st;

    db_bind(q, 1, after);
    st = db_next(q, &row, e);
    if (st != ST_OK)
        return st;
    *id_out = row ? db_int(q, 0) : 0;
    *text_out = row ? db_text(q, 1) : NULL;
    return ST_OK;
}

enum st
reg_fingerprints_complete(struct reg *reg, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "DELETE FROM setting WHERE name = 'fingerprints'");

    return db_run(q, e);
}

/* ---- published texts ---- */

void
reg_reference_free(struct reg_reference *r)
{
    if (!r)
        return;
    g_free(r->name);
    g_free(r);
}

static gpointer
read_reference(struct query *q)
{
    struct reg_reference *r = g_new0(struct reg_reference, 1);

    r->id = db_int(q, 0);
    r->name = db_text(q, 1);
    r->size = db_int(q, 2);
    r->modified = db_int(q, 3);
    return r;
}

enum st
reg_references(struct reg *reg, GPtrArray **out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT id, name, size, modified FROM reference ORDER BY name");

    return db_list(q, read_reference, (GDestroyNotify)reg_reference_free, out,
                   e);
}

enum st
reg_reference_add(struct reg *reg, const struct reg_reference *r,
                  const char *text, guint64 whole, GBytes *hashes,
                  struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO reference (name, size, modified, text) "
                      "VALUES (?1, ?2, ?3, ?4)");
    enum st st;

    db_bind_text(q, 1, r->name);
    db_bind(q, 2, r->size);
    db_bind(q, 3, r->modified);
    db_bind_text(q, 4, text);
    st = db_run(q, e);
    if (st != ST_OK || !hashes)
        return st;
    return add(reg, 0, db_last_id(reg), whole, hashes, e);
}

enum st
reg_reference_drop(struct reg *reg, gint64 id, struct err *e)
{
    g_autoptr(query) print =
        db_query(reg, "DELETE FROM fingerprint WHERE reference = ?1");
    g_autoptr(query) text =
        db_query(reg, "DELETE FROM reference WHERE id = ?1");
    enum st st;

    db_bind(print, 1, id);
    db_bind(text, 1, id);
    st = db_run(print, e);
    return st == ST_OK ? db_run(text, e) : st;
}

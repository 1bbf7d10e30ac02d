/* draft_store.c - see draft_store.h. */
#include "register/draft_store.h"

#include "register/fingerprints.h"

enum { LARGE = 4 << 20 };

struct reg_draft *
reg_draft_new(void)
{
    return g_new0(struct reg_draft, 1);
}

void
reg_draft_free(struct reg_draft *d)
{
    if (!d)
        return;
    g_free(d->name);
    g_free(d->kind);
    g_free(d->sha256);
    g_clear_pointer(&d->bytes, g_bytes_unref);
    g_free(d->text);
    g_clear_pointer(&d->fingerprint, g_bytes_unref);
    g_free(d);
}

enum st
draft_find(struct reg *reg, const char *sha256, gint64 *id_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT id FROM draft WHERE sha256 = ?1");

    db_bind_text(q, 1, sha256);
    return db_number(q, id_out, e);
}

/* Is it so large that a second copy would weigh? */
static gboolean
is_large(const struct reg_draft *d)
{
    return g_bytes_get_size(d->bytes) > LARGE;
}

static enum st
insert(struct reg *reg, const struct reg_draft *d, const char *sha256,
       struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO draft (sha256, kind, size, words, text, bytes) "
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    db_bind_text(q, 1, sha256);
    db_bind_text(q, 2, d->kind);
    db_bind(q, 3, (gint64)g_bytes_get_size(d->bytes));
    db_bind(q, 4, d->words);
    db_bind_text(q, 5, d->text);
    if (is_large(d))
        db_bind_zeros(q, 6, g_bytes_get_size(d->bytes));
    else
        db_bind_bytes(q, 6, d->bytes);
    return db_run(q, e);
}

static enum st
insert_whole(struct reg *reg, const struct reg_draft *d, const char *sha256,
             gint64 *id_out, struct err *e)
{
    enum st st = insert(reg, d, sha256, e);
    gint64 id = db_last_id(reg);

    if (st == ST_OK && is_large(d))
        st = db_write_blob(reg, "draft", "bytes", id, d->bytes, e);
    if (st == ST_OK)
        *id_out = id;
    return st;
}

static char *
hash(GBytes *bytes)
{
    return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
}

enum st
draft_put(struct reg *reg, const struct reg_draft *d, gint64 *id_out,
          struct err *e)
{
    g_autofree char *sha256 = d->sha256 ? g_strdup(d->sha256) : hash(d->bytes);
    gint64 id = 0;
    enum st st = draft_find(reg, sha256, &id, e);

    if (st == ST_OK && id == 0) {
        st = insert_whole(reg, d, sha256, &id, e);
        if (st == ST_OK && d->fingerprint)
            st = reg_fingerprint_add(reg, id, d->whole, d->fingerprint, e);
    }
    if (st == ST_OK)
        *id_out = id;
    return st;
}

static gpointer
read_draft(struct query *q)
{
    struct reg_draft *d = reg_draft_new();

    d->sha256 = db_text(q, 0);
    d->kind = db_text(q, 1);
    d->words = (int)db_int(q, 2);
    d->text = db_text(q, 3);
    d->bytes = db_bytes(q, 4);
    return d;
}

enum st
draft_get(struct reg *reg, gint64 id, const char *name, struct reg_draft **out,
          struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT sha256, kind, words, text, bytes FROM draft "
                      "WHERE id = ?1");
    g_autoptr(reg_draft) d = NULL;
    g_autofree char *sum = NULL;
    gpointer row = NULL;
    enum st st;

    db_bind(q, 1, id);
    st = db_one(q, read_draft, &row, e);
    if (st != ST_OK)
        return st;
    d = row;
    if (d) {
        sum = hash(d->bytes);
        if (g_strcmp0(sum, d->sha256) != 0)
            return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                           "%s is damaged: draft %s is not what was recorded",
                           reg->path, d->sha256);
        d->name = g_strdup(name);
    }
    *out = g_steal_pointer(&d);
    return ST_OK;
}

#define UNUSED_DRAFTS                                                          \
    "draft WHERE "                                                             \
    "NOT EXISTS (SELECT 1 FROM version v WHERE v.draft = draft.id) "           \
    "AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.draft = draft.id)"

enum st
draft_drop_unused(struct reg *reg, struct err *e)
{
    g_autoptr(query) prints =
        db_query(reg, "DELETE FROM fingerprint WHERE draft IN "
                      "(SELECT id FROM " UNUSED_DRAFTS ")");
    g_autoptr(query) drafts = db_query(reg, "DELETE FROM " UNUSED_DRAFTS);
    enum st st = db_run(prints, e);

    return st == ST_OK ? db_run(drafts, e) : st;
}

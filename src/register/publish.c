/* publish.c - published bulletins, frozen. */
#include "register/publish.h"

#include "register/change.h"

struct reg_file *
reg_file_new(const char *name, GBytes *bytes)
{
    struct reg_file *f = g_new0(struct reg_file, 1);

    f->name = g_strdup(name);
    f->bytes = bytes ? g_bytes_ref(bytes) : NULL;
    return f;
}

void
reg_file_free(struct reg_file *f)
{
    if (!f)
        return;
    g_free(f->name);
    g_free(f->sha256);
    g_clear_pointer(&f->bytes, g_bytes_unref);
    g_free(f);
}

struct reg_bulletin *
reg_bulletin_new(void)
{
    struct reg_bulletin *b = g_new0(struct reg_bulletin, 1);

    b->files = g_ptr_array_new_with_free_func((GDestroyNotify)reg_file_free);
    return b;
}

void
reg_bulletin_free(struct reg_bulletin *b)
{
    if (!b)
        return;
    g_free(b->series);
    g_free(b->period);
    g_free(b->by);
    g_free(b->pack);
    g_free(b->scores);
    g_ptr_array_unref(b->files);
    g_free(b);
}

/* ---- reading ---- */

#define BULLETIN_COLUMNS                                                       \
    "b.id, b.series, b.period, b.first_day, b.last_day, b.published, b.who, "  \
    "b.pack, b.scores, b.corrects FROM bulletin b "

static gpointer
read_bulletin(struct query *q)
{
    struct reg_bulletin *b = reg_bulletin_new();

    b->id = db_int(q, 0);
    b->series = db_text(q, 1);
    b->period = db_text(q, 2);
    b->from = (civil_day)db_int(q, 3);
    b->to = (civil_day)db_int(q, 4);
    b->published = db_int(q, 5);
    b->by = db_text(q, 6);
    b->pack = db_text(q, 7);
    b->scores = db_text(q, 8);
    b->corrects = db_int(q, 9);
    return b;
}

static enum st
add_files(struct reg *reg, struct reg_bulletin *b, struct err *e)
{
    g_autoptr(query) q = db_query(reg, "SELECT name, sha256 FROM bulletin_file "
                                       "WHERE bulletin = ?1 ORDER BY name");
    gboolean row = TRUE;

    db_bind(q, 1, b->id);
    for (;;) {
        enum st st = db_next(q, &row, e);
        struct reg_file *f;

        if (st != ST_OK || !row)
            return st;
        f = reg_file_new(db_peek(q, 0), NULL);
        f->sha256 = db_text(q, 1);
        g_ptr_array_add(b->files, f);
    }
}

static enum st
one(struct reg *reg, struct query *q, struct reg_bulletin **out, struct err *e)
{
    g_autoptr(reg_bulletin) b = NULL;
    gpointer row = NULL;
    enum st st = db_one(q, read_bulletin, &row, e);

    b = row;
    if (st == ST_OK && b)
        st = add_files(reg, b, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&b);
    return st;
}

enum st
reg_published(struct reg *reg, const char *series, const char *period,
              struct reg_bulletin **out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT " BULLETIN_COLUMNS
             "WHERE b.series = ?1 AND b.period = ?2 ORDER BY b.id DESC "
             "LIMIT 1");

    db_bind_text(q, 1, series);
    db_bind_text(q, 2, period);
    return one(reg, q, out, e);
}

enum st
reg_published_before(struct reg *reg, const char *series, civil_day day,
                     struct reg_bulletin **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " BULLETIN_COLUMNS
                      "WHERE b.series = ?1 AND b.last_day < ?2 "
                      "ORDER BY b.last_day DESC, b.id DESC LIMIT 1");

    db_bind_text(q, 1, series);
    db_bind(q, 2, day);
    return one(reg, q, out, e);
}

enum st
reg_corrections_since(struct reg *reg, const struct reg_bulletin *last,
                      civil_day day, GPtrArray **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " BULLETIN_COLUMNS
                      "WHERE b.series = ?1 AND b.last_day < ?2 AND b.id > ?3 "
                      "AND b.corrects IS NOT NULL ORDER BY b.id");

    db_bind_text(q, 1, last->series);
    db_bind(q, 2, day);
    db_bind(q, 3, last->id);
    return db_list(q, read_bulletin, (GDestroyNotify)reg_bulletin_free, out, e);
}

enum st
reg_bulletin_scores(struct reg *reg, gint64 id, char **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT scores FROM bulletin WHERE id = ?1");
    gboolean row = FALSE;
    enum st st;

    db_bind(q, 1, id);
    st = db_next(q, &row, e);
    if (st == ST_OK)
        *out = row ? db_text(q, 0) : NULL;
    return st;
}

enum st
reg_published_day(struct reg *reg, civil_day day, gboolean *published_out,
                  struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT count(*) FROM bulletin WHERE first_day <= ?1 "
                      "AND last_day >= ?1");
    gint64 n = 0;
    enum st st;

    db_bind(q, 1, day);
    st = db_number(q, &n, e);
    if (st == ST_OK)
        *published_out = n > 0;
    return st;
}

static enum st
get_file(struct reg *reg, gint64 bulletin, const char *name, GBytes **out,
         char **sha256_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT bytes, sha256 FROM bulletin_file "
                      "WHERE bulletin = ?1 AND name = ?2");
    gboolean row = FALSE;
    enum st st;

    db_bind(q, 1, bulletin);
    db_bind_text(q, 2, name);
    st = db_next(q, &row, e);
    if (st == ST_OK && row) {
        *out = db_bytes(q, 0);
        *sha256_out = db_text(q, 1);
    }
    return st;
}

enum st
reg_bulletin_file(struct reg *reg, gint64 bulletin, const char *name,
                  GBytes **out, struct err *e)
{
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *recorded = NULL, *sum = NULL;
    enum st st = get_file(reg, bulletin, name, &bytes, &recorded, e);

    if (st != ST_OK)
        return st;
    if (bytes) {
        sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
        if (g_strcmp0(sum, recorded) != 0)
            return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                           "%s is damaged: %s is not what was published",
                           reg->path, name);
    }
    *out = g_steal_pointer(&bytes);
    return ST_OK;
}

/* ---- freezing ---- */

static enum st
insert(struct reg *reg, const struct reg_bulletin *b, const struct reg_act *act,
       struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO bulletin (series, period, first_day, last_day, "
             "published, who, pack, scores, corrects) "
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

    db_bind_text(q, 1, b->series);
    db_bind_text(q, 2, b->period);
    db_bind(q, 3, b->from);
    db_bind(q, 4, b->to);
    db_bind(q, 5, act->at);
    db_bind_text(q, 6, act->by);
    db_bind_text(q, 7, b->pack);
    db_bind_text(q, 8, b->scores);
    db_bind_id(q, 9, b->corrects);
    return db_run(q, e);
}

static enum st
insert_file(struct reg *reg, gint64 bulletin, const struct reg_file *f,
            struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO bulletin_file (bulletin, name, sha256, bytes) "
             "VALUES (?1, ?2, ?3, ?4)");
    g_autofree char *sum =
        g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, f->bytes);

    db_bind(q, 1, bulletin);
    db_bind_text(q, 2, f->name);
    db_bind_text(q, 3, sum);
    db_bind_bytes(q, 4, f->bytes);
    return db_run(q, e);
}

static enum st
freeze(struct reg *reg, const struct reg_bulletin *b, const struct reg_act *act,
       gint64 *id_out, struct err *e)
{
    g_autofree char *subject = g_strdup_printf("%s %s", b->series, b->period);
    struct change_words words = {NULL, b->pack, NULL};
    enum st st = insert(reg, b, act, e);
    gint64 id;

    if (st != ST_OK)
        return st;
    id = db_last_id(reg);
    for (guint i = 0; st == ST_OK && i < b->files->len; i++)
        st = insert_file(reg, id, b->files->pdata[i], e);
    if (st == ST_OK)
        st = change_add(reg, act, CHANGE_PUBLISH, subject, id, &words, NULL, e);
    if (st == ST_OK)
        *id_out = id;
    return st;
}

enum st
reg_publish(struct reg *reg, const struct reg_bulletin *b,
            const struct reg_act *act, gint64 *id_out, struct err *e)
{
    g_autoptr(reg_bulletin) last = NULL;
    enum st st = reg_published(reg, b->series, b->period, &last, e);

    if (st != ST_OK)
        return st;
    if (last && b->corrects != last->id)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "%s is published; what changed since is an adjustment "
                       "of the next bulletin, or publish a correction",
                       b->period);
    if (!last && b->corrects)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "%s is not published: there is nothing to correct",
                       b->period);
    return freeze(reg, b, act, id_out, e);
}

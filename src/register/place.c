/* place.c - mailboxes, positions, places, attempts. */
#include "register/message.h"

#include "register/codes.h"
#include "register/db.h"

/* ---- mailboxes and positions ---- */

/* A mailbox keeps its number; what was read of it is forgotten with a
 * transaction that is undone. */
static enum st
mailbox_id(struct reg *reg, const char *url, gint64 *out, struct err *e)
{
    g_autoptr(query) q = NULL;
    gint64 id = 0;
    enum st st;

    if (g_strcmp0(reg->mailbox_url, url) == 0) {
        *out = reg->mailbox;
        return ST_OK;
    }
    q = db_query(reg, "SELECT id FROM mailbox WHERE url = ?1");
    db_bind_text(q, 1, url);
    st = db_number(q, &id, e);
    if (st != ST_OK)
        return st;
    if (id) {
        g_free(reg->mailbox_url);
        reg->mailbox_url = g_strdup(url);
        reg->mailbox = id;
    }
    *out = id;
    return ST_OK;
}

/* Found, or made with nothing looked through yet. */
static enum st
mailbox_need(struct reg *reg, const char *url, gint64 *out, struct err *e)
{
    g_autoptr(query) q = NULL;
    gint64 id = 0;
    enum st st = mailbox_id(reg, url, &id, e);

    if (st == ST_OK && id == 0) {
        q = db_query(reg, "INSERT INTO mailbox (url, validity, highest_uid) "
                          "VALUES (?1, 0, 0)");
        db_bind_text(q, 1, url);
        st = db_run(q, e);
        id = db_last_id(reg);
    }
    if (st == ST_OK)
        *out = id;
    return st;
}

enum st
reg_position_get(struct reg *reg, const char *mailbox, struct reg_position *out,
                 struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT first_seen IS NOT NULL, validity, highest_uid, "
                      "first_seen FROM mailbox WHERE url = ?1");
    struct reg_position p = {0};
    gboolean row = FALSE;
    enum st st;

    db_bind_text(q, 1, mailbox);
    st = db_next(q, &row, e);
    if (st != ST_OK)
        return st;
    if (row) {
        p.known = db_int(q, 0) != 0;
        p.validity = (guint32)db_int(q, 1);
        p.highest_uid = (guint32)db_int(q, 2);
        p.first_seen = db_int(q, 3);
    }
    *out = p;
    return ST_OK;
}

enum st
reg_position_set(struct reg *reg, const char *mailbox, guint32 validity,
                 guint32 highest_uid, gint64 now, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE mailbox SET validity = ?2, highest_uid = ?3, "
                      "first_seen = coalesce(first_seen, ?4) WHERE id = ?1");
    gint64 id = 0;
    enum st st = mailbox_need(reg, mailbox, &id, e);

    if (st != ST_OK)
        return st;
    db_bind(q, 1, id);
    db_bind(q, 2, validity);
    db_bind(q, 3, highest_uid);
    db_bind(q, 4, now);
    return db_run(q, e);
}

/* ---- places ---- */

static char *
place_name(const struct reg_place *p)
{
    return p->key ? g_strdup(p->key) : g_strdup_printf("%u", p->uid);
}

enum st
reg_place_find(struct reg *reg, const struct reg_place *place,
               gint64 *message_out, gboolean *moved_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT p.message, p.moved FROM place p "
                      "JOIN mailbox m ON m.id = p.mailbox "
                      "WHERE m.url = ?1 AND p.validity = ?2 AND p.name = ?3");
    g_autofree char *name = place_name(place);
    gboolean row = FALSE;
    enum st st;

    db_bind_text(q, 1, place->mailbox);
    db_bind(q, 2, place->validity);
    db_bind_text(q, 3, name);
    st = db_next(q, &row, e);
    if (st != ST_OK)
        return st;
    *message_out = row ? db_int(q, 0) : 0;
    *moved_out = row && db_int(q, 1);
    return ST_OK;
}

static enum st
forget_claim(struct reg *reg, gint64 mailbox, guint32 validity,
             const char *name, struct err *e)
{
    g_autoptr(query) q = db_query(reg, "DELETE FROM claim WHERE mailbox = ?1 "
                                       "AND validity = ?2 AND name = ?3");

    db_bind(q, 1, mailbox);
    db_bind(q, 2, validity);
    db_bind_text(q, 3, name);
    return db_run(q, e);
}

static enum st
write_place(struct reg *reg, const char *sql, gint64 mailbox,
            const struct reg_place *place, const char *name, gint64 message,
            enum folder to, struct err *e)
{
    g_autoptr(query) q = db_query(reg, sql);

    db_bind(q, 1, mailbox);
    db_bind(q, 2, place->validity);
    db_bind_text(q, 3, name);
    db_bind(q, 4, place->uid);
    db_bind(q, 5, message);
    db_bind_text(q, 6, codes_folder(to));
    return db_run(q, e);
}

/* Most are new.  An upsert of a row with references may fail in its second
 * half, and so keeps a copy of each page that it touches: twice the time. */
enum st
reg_place_add(struct reg *reg, const struct reg_place *place, gint64 message,
              enum folder to, struct err *e)
{
    g_autofree char *name = place_name(place);
    gint64 mailbox = 0;
    enum st st = mailbox_need(reg, place->mailbox, &mailbox, e);

    if (st == ST_OK)
        st = write_place(reg,
                         "INSERT INTO place (mailbox, validity, name, uid, "
                         "message, folder, moved) "
                         "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0) "
                         "ON CONFLICT (mailbox, validity, name) DO NOTHING",
                         mailbox, place, name, message, to, e);
    if (st == ST_OK && db_changed(reg) == 0)
        st = write_place(reg,
                         "UPDATE place SET uid = ?4, message = ?5, "
                         "folder = ?6, moved = 0 WHERE mailbox = ?1 "
                         "AND validity = ?2 AND name = ?3",
                         mailbox, place, name, message, to, e);
    return st == ST_OK ? forget_claim(reg, mailbox, place->validity, name, e)
                       : st;
}

enum st
reg_place_waiting(struct reg *reg, gint64 message, gboolean *waiting_out,
                  struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT count(*) FROM place p "
             "JOIN mailbox m ON m.id = p.mailbox AND m.validity = p.validity "
             "WHERE p.message = ?1 AND p.moved = 0");
    gint64 n = 0;
    enum st st;

    db_bind(q, 1, message);
    st = db_number(q, &n, e);
    if (st == ST_OK)
        *waiting_out = n > 0;
    return st;
}

/* ---- moves ---- */

void
reg_move_free(struct reg_move *m)
{
    if (!m)
        return;
    g_free(m->mailbox);
    message_ref_clear(&m->ref);
    g_free(m);
}

#define MOVE_COLUMNS                                                           \
    "p.message, b.url, p.validity, p.uid, p.name, m.received, m.size, "        \
    "p.folder FROM place p JOIN mailbox b ON b.id = p.mailbox "                \
    "JOIN message m ON m.id = p.message "

/* A name that is not the uid is a Maildir's key. */
static gpointer
read_move(struct query *q)
{
    struct reg_move *m = g_new0(struct reg_move, 1);
    g_autofree char *uid = NULL;

    m->message = db_int(q, 0);
    m->mailbox = db_text(q, 1);
    m->ref.validity = (guint32)db_int(q, 2);
    m->ref.uid = (guint32)db_int(q, 3);
    uid = g_strdup_printf("%u", m->ref.uid);
    if (g_strcmp0(uid, db_peek(q, 4)) != 0)
        m->ref.key = db_text(q, 4);
    m->ref.received = db_int(q, 5);
    m->ref.size = db_int(q, 6);
    m->to = codes_folder_parse(db_peek(q, 7));
    return m;
}

enum st
reg_moves(struct reg *reg, const char *mailbox, guint32 validity,
          GPtrArray **out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT " MOVE_COLUMNS
             "WHERE p.moved = 0 AND p.folder <> 'inbox' AND b.url = ?1 "
             "AND p.validity = ?2 ORDER BY p.uid, p.name");

    db_bind_text(q, 1, mailbox);
    db_bind(q, 2, validity);
    return db_list(q, read_move, (GDestroyNotify)reg_move_free, out, e);
}

enum st
reg_moved(struct reg *reg, const struct reg_place *place, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE place SET moved = 1 WHERE validity = ?2 AND name = ?3 "
             "AND mailbox = (SELECT id FROM mailbox WHERE url = ?1)");
    g_autofree char *name = place_name(place);

    db_bind_text(q, 1, place->mailbox);
    db_bind(q, 2, place->validity);
    db_bind_text(q, 3, name);
    return db_run(q, e);
}

static enum st
send_from_inbox(struct reg *reg, gint64 message, enum folder to, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE place SET folder = ?2 WHERE message = ?1 AND moved = 0");

    db_bind(q, 1, message);
    db_bind_text(q, 2, codes_folder(to));
    return db_run(q, e);
}

enum st
reg_place_send(struct reg *reg, gint64 message, enum folder to, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE place SET refile = nullif(?2, folder) "
                      "WHERE message = ?1 AND moved = 1 AND folder <> 'inbox'");
    enum st st;

    db_bind(q, 1, message);
    db_bind_text(q, 2, codes_folder(to));
    st = db_run(q, e);
    return st == ST_OK ? send_from_inbox(reg, message, to, e) : st;
}

/* ---- from folder to folder ---- */

void
reg_refile_free(struct reg_refile *r)
{
    if (!r)
        return;
    g_free(r->raw_hash);
    g_free(r);
}

static gpointer
read_refile(struct query *q)
{
    struct reg_refile *r = g_new0(struct reg_refile, 1);

    r->message = db_int(q, 0);
    r->from = codes_folder_parse(db_peek(q, 1));
    r->to = codes_folder_parse(db_peek(q, 2));
    r->size = db_int(q, 3);
    r->received = db_int(q, 4);
    r->raw_hash = db_text(q, 5);
    return r;
}

/* A message that was dragged about has several places; it lies in one. */
enum st
reg_refiles(struct reg *reg, const char *mailbox, GPtrArray **out,
            struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT DISTINCT p.message, p.folder, p.refile, m.size, "
                      "m.received, m.raw_hash FROM place p "
                      "JOIN mailbox b ON b.id = p.mailbox "
                      "JOIN message m ON m.id = p.message "
                      "WHERE p.refile IS NOT NULL AND b.url = ?1 "
                      "ORDER BY p.message, p.folder");

    db_bind_text(q, 1, mailbox);
    return db_list(q, read_refile, (GDestroyNotify)reg_refile_free, out, e);
}

enum st
reg_refiled(struct reg *reg, const char *mailbox, const struct reg_refile *r,
            struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE place SET folder = refile, refile = NULL "
             "WHERE message = ?2 AND folder = ?3 AND refile IS NOT NULL "
             "AND mailbox = (SELECT id FROM mailbox WHERE url = ?1)");

    db_bind_text(q, 1, mailbox);
    db_bind(q, 2, r->message);
    db_bind_text(q, 3, codes_folder(r->from));
    return db_run(q, e);
}

static enum st
count_places(struct reg *reg, const char *mailbox, const char *sql, gint64 upto,
             gint64 *out, struct err *e)
{
    g_autoptr(query) q = db_query(reg, sql);

    db_bind_text(q, 1, mailbox);
    db_bind(q, 2, upto);
    return db_number(q, out, e);
}

#define COUNT_PLACES                                                           \
    "SELECT count(*) FROM place p JOIN mailbox m ON m.id = p.mailbox "         \
    "AND m.validity = p.validity WHERE m.url = ?1 AND p.message "

enum st
reg_place_count(struct reg *reg, const char *mailbox, gint64 upto,
                gint64 *known_out, gint64 *fresh_out, struct err *e)
{
    gint64 known = 0, fresh = 0;
    enum st st =
        count_places(reg, mailbox, COUNT_PLACES "<= ?2", upto, &known, e);

    if (st == ST_OK)
        st = count_places(reg, mailbox, COUNT_PLACES "> ?2", upto, &fresh, e);
    if (st != ST_OK)
        return st;
    *known_out = known;
    *fresh_out = fresh;
    return ST_OK;
}

/* ---- attempts ---- */

static enum st
count_claim(struct reg *reg, gint64 mailbox, guint32 validity, const char *name,
            gint64 now, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO claim (mailbox, validity, name, attempts, last) "
             "VALUES (?1, ?2, ?3, 1, ?4) ON CONFLICT (mailbox, validity, "
             "name) DO UPDATE SET attempts = claim.attempts + 1, last = ?4");

    db_bind(q, 1, mailbox);
    db_bind(q, 2, validity);
    db_bind_text(q, 3, name);
    db_bind(q, 4, now);
    return db_run(q, e);
}

static enum st
claim_attempts(struct reg *reg, gint64 mailbox, guint32 validity,
               const char *name, gint64 *out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT attempts FROM claim WHERE mailbox = ?1 "
                      "AND validity = ?2 AND name = ?3");

    db_bind(q, 1, mailbox);
    db_bind(q, 2, validity);
    db_bind_text(q, 3, name);
    return db_number(q, out, e);
}

enum st
reg_claim(struct reg *reg, const struct reg_place *place, gint64 now,
          struct err *e)
{
    g_autofree char *name = place_name(place);
    gint64 mailbox = 0;
    enum st st = mailbox_need(reg, place->mailbox, &mailbox, e);

    return st == ST_OK
               ? count_claim(reg, mailbox, place->validity, name, now, e)
               : st;
}

enum st
reg_claimed(struct reg *reg, const struct reg_place *place, int *attempts_out,
            struct err *e)
{
    g_autofree char *name = place_name(place);
    gint64 mailbox = 0, attempts = 0;
    enum st st = mailbox_id(reg, place->mailbox, &mailbox, e);

    if (st == ST_OK)
        st = claim_attempts(reg, mailbox, place->validity, name, &attempts, e);
    if (st == ST_OK)
        *attempts_out = (int)attempts;
    return st;
}

static enum st
count_down(struct reg *reg, gint64 mailbox, guint32 validity, const char *name,
           struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE claim SET attempts = attempts - 1 "
                      "WHERE mailbox = ?1 AND validity = ?2 AND name = ?3");

    db_bind(q, 1, mailbox);
    db_bind(q, 2, validity);
    db_bind_text(q, 3, name);
    return db_run(q, e);
}

enum st
reg_unclaim(struct reg *reg, const struct reg_place *place, struct err *e)
{
    g_autofree char *name = place_name(place);
    gint64 mailbox = 0, attempts = 0;
    enum st st = mailbox_id(reg, place->mailbox, &mailbox, e);

    if (st == ST_OK)
        st = count_down(reg, mailbox, place->validity, name, e);
    if (st == ST_OK)
        st = claim_attempts(reg, mailbox, place->validity, name, &attempts, e);
    if (st == ST_OK && attempts <= 0)
        st = forget_claim(reg, mailbox, place->validity, name, e);
    return st;
}

enum st
reg_claims_any(struct reg *reg, gboolean *out, struct err *e)
{
    g_autoptr(query) q = db_query(reg, "SELECT count(*) FROM claim");
    gint64 n = 0;
    enum st st = db_number(q, &n, e);

    if (st == ST_OK)
        *out = n > 0;
    return st;
}

enum st
reg_claims_drop(struct reg *reg, struct err *e)
{
    g_autoptr(query) q = db_query(reg, "DELETE FROM claim");

    return db_run(q, e);
}

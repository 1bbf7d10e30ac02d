/* history.c - the append-only log: writing it, walking it, reading it. */
#include "register/history.h"

#include "register/change.h"

#include <string.h>
#include <sys/random.h>

static const char *const names[CHANGE_COUNT] = {
    [CHANGE_SUBMIT] = "submit",
    [CHANGE_REVISE] = "revise",
    [CHANGE_CORRECT] = "correct",
    [CHANGE_CREDIT] = "credit",
    [CHANGE_AUTHORS] = "authors",
    [CHANGE_ANSWERS] = "answers",
    [CHANGE_REPORTS] = "reports",
    [CHANGE_NOTE] = "note",
    [CHANGE_WITHDRAW] = "withdraw",
    [CHANGE_REINSTATE] = "reinstate",
    [CHANGE_MARK] = "mark",
    [CHANGE_REVOKE] = "revoke",
    [CHANGE_RESTORE] = "restore",
    [CHANGE_COMMISSION] = "commission",
    [CHANGE_COMMISSION_CANCEL] = "commission-cancel",
    [CHANGE_WAIVE] = "waive",
    [CHANGE_UNWAIVE] = "unwaive",
    [CHANGE_INCIDENT] = "incident",
    [CHANGE_INCIDENT_CLOSE] = "incident-close",
    [CHANGE_INCIDENT_REOPEN] = "incident-reopen",
    [CHANGE_INCIDENT_CANCEL] = "incident-cancel",
    [CHANGE_INFORMANT] = "informant",
    [CHANGE_INFORMANT_END] = "informant-end",
    [CHANGE_DECIDE] = "decide",
    [CHANGE_CLOSE] = "close",
    [CHANGE_PUBLISH] = "publish",
    [CHANGE_PURGE] = "purge",
    [CHANGE_UNDO] = "undo",
    [CHANGE_OTHER] = "other",
};

const char *
change_name(enum change c)
{
    return names[c];
}

gboolean
change_parse(const char *name, enum change *out)
{
    for (int i = 0; i < CHANGE_COUNT; i++) {
        if (g_strcmp0(names[i], name) == 0) {
            *out = (enum change)i;
            return TRUE;
        }
    }
    return FALSE;
}

/* ---- hashing ---- */

/* Length before each text, so that no two rows give the same bytes. */
static void
hash_text(GChecksum *sum, const char *text)
{
    g_autofree char *length =
        text ? g_strdup_printf("%zu:", strlen(text)) : g_strdup("-:");

    g_checksum_update(sum, (const guchar *)length, -1);
    if (text)
        g_checksum_update(sum, (const guchar *)text, -1);
}

static void
hash_number(GChecksum *sum, gint64 n)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, n);

    hash_text(sum, text);
}

static char *
words_hash(const char *salt, const char *old, const char *new, const char *note)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    hash_text(sum, salt);
    hash_text(sum, old);
    hash_text(sum, new);
    hash_text(sum, note);
    return g_strdup(g_checksum_get_string(sum));
}

struct link { /* one row of the chain, strings borrowed */
    gint64 id, at;
    const char *who;
    gint64 command, message;
    const char *what, *subject;
    gint64 object;
    const char *words_hash;
};

static char *
link_hash(const char *previous, const struct link *l)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    hash_text(sum, previous);
    hash_number(sum, l->id);
    hash_number(sum, l->at);
    hash_text(sum, l->who);
    hash_number(sum, l->command);
    hash_number(sum, l->message);
    hash_text(sum, l->what);
    hash_text(sum, l->subject);
    hash_number(sum, l->object);
    hash_text(sum, l->words_hash);
    return g_strdup(g_checksum_get_string(sum));
}

/* Keeps a purged title from being confirmed by hashing a guess. */
static char *
new_salt(void)
{
    guint8 bytes[16];
    GString *hex = g_string_new(NULL);

    g_assert(getrandom(bytes, sizeof bytes, 0) == sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        g_string_append_printf(hex, "%02x", bytes[i]);
    return g_string_free(hex, FALSE);
}

/* ---- writing ---- */

static enum st
last_link(struct reg *reg, gint64 *id_out, char **hash_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT id, hash FROM history ORDER BY id DESC LIMIT 1");
    gboolean row = FALSE;
    enum st st = db_next(q, &row, e);

    if (st != ST_OK)
        return st;
    *id_out = row ? db_int(q, 0) : 0;
    *hash_out = row ? db_text(q, 1) : g_strdup("");
    return ST_OK;
}

static enum st
insert_link(struct reg *reg, const struct link *l, const char *hash,
            struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO history (id, at, who, command, message, what, "
             "subject, object, words_hash, hash) "
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");

    db_bind(q, 1, l->id);
    db_bind(q, 2, l->at);
    db_bind_text(q, 3, l->who);
    db_bind_id(q, 4, l->command);
    db_bind_id(q, 5, l->message);
    db_bind_text(q, 6, l->what);
    db_bind_text(q, 7, l->subject);
    db_bind(q, 8, l->object);
    db_bind_text(q, 9, l->words_hash);
    db_bind_text(q, 10, hash);
    return db_run(q, e);
}

static enum st
insert_words(struct reg *reg, gint64 change, const char *salt,
             const struct change_words *w, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO history_words (change, salt, old, new, note) "
             "VALUES (?1, ?2, ?3, ?4, ?5)");

    db_bind(q, 1, change);
    db_bind_text(q, 2, salt);
    db_bind_text(q, 3, w->old);
    db_bind_text(q, 4, w->new);
    db_bind_text(q, 5, w->note);
    return db_run(q, e);
}

enum st
change_add(struct reg *reg, const struct reg_act *act, enum change what,
           const char *subject, gint64 object, const struct change_words *words,
           gint64 *id_out, struct err *e)
{
    static const struct change_words none;
    const struct change_words *w = words ? words : &none;
    g_autofree char *salt = new_salt();
    g_autofree char *over = words_hash(salt, w->old, w->new, w->note);
    g_autofree char *previous = NULL, *hash = NULL;
    struct link l = {0,           act->at, act->by, act->command, act->message,
                     names[what], subject, object,  over};
    enum st st = last_link(reg, &l.id, &previous, e);

    if (st != ST_OK)
        return st;
    l.id++;
    hash = link_hash(previous, &l);
    st = insert_link(reg, &l, hash, e);
    if (st == ST_OK)
        st = insert_words(reg, l.id, salt, w, e);
    if (st == ST_OK && id_out)
        *id_out = l.id;
    return st;
}

enum st
change_add_numbered(struct reg *reg, const struct reg_act *act,
                    enum change what, const char *series, const char *number,
                    gint64 object, const struct change_words *words,
                    struct err *e)
{
    g_autofree char *subject = g_strconcat(series, number, NULL);

    return change_add(reg, act, what, subject, object, words, NULL, e);
}

enum st
reg_history_add(struct reg *reg, const struct reg_act *act, const char *what,
                const char *subject, const char *before, const char *after,
                const char *note, struct err *e)
{
    g_autofree char *said =
        note ? g_strdup_printf("%s: %s", what, note) : g_strdup(what);
    struct change_words words = {before, after, said};

    return change_add(reg, act, CHANGE_OTHER, subject, 0, &words, NULL, e);
}

/* ---- taking words away ---- */

enum st
change_purge_begin(struct reg *reg, gint64 purge, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO purging (purge) VALUES (?1)");

    db_bind(q, 1, purge);
    return db_run(q, e);
}

enum st
change_purge_end(struct reg *reg, struct err *e)
{
    g_autoptr(query) q = db_query(reg, "DELETE FROM purging");

    return db_run(q, e);
}

#define OF_SUBJECT                                                             \
    "SELECT h.id FROM history h JOIN history_words w ON w.change = h.id "      \
    "WHERE (h.subject = ?1 OR h.message = ?2) AND h.id <> ?3"

static enum st
about(struct reg *reg, const char *sql, const char *subject, gint64 message,
      gint64 purge, struct err *e)
{
    g_autoptr(query) q = db_query(reg, sql);

    db_bind_text(q, 1, subject);
    db_bind(q, 2, message);
    db_bind(q, 3, purge);
    return db_run(q, e);
}

enum st
change_purge_words(struct reg *reg, const char *subject, gint64 message,
                   gint64 purge, struct err *e)
{
    enum st st =
        about(reg,
              "INSERT INTO history_purged (change, purge) "
              "SELECT id, ?3 FROM history WHERE id IN (" OF_SUBJECT ")",
              subject, message, purge, e);

    if (st != ST_OK)
        return st;
    return about(reg,
                 "DELETE FROM history_words WHERE change IN (" OF_SUBJECT ")",
                 subject, message, purge, e);
}

/* ---- reading ---- */

#define CHANGE_COLUMNS                                                         \
    "h.id, h.at, h.who, h.command, h.message, h.what, h.subject, h.object, "   \
    "w.old, w.new, w.note, w.change IS NULL "                                  \
    "FROM history h LEFT JOIN history_words w ON w.change = h.id "

void
reg_change_free(struct reg_change *c)
{
    if (!c)
        return;
    g_free(c->by);
    g_free(c->what);
    g_free(c->subject);
    g_free(c->before);
    g_free(c->after);
    g_free(c->note);
    g_free(c);
}

static gpointer
read_change(struct query *q)
{
    struct reg_change *c = g_new0(struct reg_change, 1);

    c->id = db_int(q, 0);
    c->at = db_int(q, 1);
    c->by = db_text(q, 2);
    c->command = db_int(q, 3);
    c->message = db_int(q, 4);
    c->what = db_text(q, 5);
    c->subject = db_text(q, 6);
    c->object = db_int(q, 7);
    c->before = db_text(q, 8);
    c->after = db_text(q, 9);
    c->note = db_text(q, 10);
    c->purged = db_int(q, 11) != 0;
    return c;
}

static enum st
list(struct query *q, GPtrArray **out, struct err *e)
{
    return db_list(q, read_change, (GDestroyNotify)reg_change_free, out, e);
}

enum st
reg_history_of(struct reg *reg, const char *subject, GPtrArray **out,
               struct err *e)
{
    g_autoptr(query) q = db_query(reg, "SELECT " CHANGE_COLUMNS
                                       "WHERE h.subject = ?1 ORDER BY h.id");

    db_bind_text(q, 1, subject);
    return list(q, out, e);
}

enum st
reg_history_of_command(struct reg *reg, gint64 command, GPtrArray **out,
                       struct err *e)
{
    g_autoptr(query) q = db_query(reg, "SELECT " CHANGE_COLUMNS
                                       "WHERE h.command = ?1 ORDER BY h.id");

    db_bind(q, 1, command);
    return list(q, out, e);
}

enum st
reg_history(struct reg *reg, gint64 from, gint64 to, GPtrArray **out,
            struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " CHANGE_COLUMNS
                      "WHERE h.at >= ?1 AND h.at < ?2 ORDER BY h.id");

    db_bind(q, 1, from);
    db_bind(q, 2, to);
    return list(q, out, e);
}

enum st
reg_history_head(struct reg *reg, char **out, struct err *e)
{
    gint64 id = 0;

    return last_link(reg, &id, out, e);
}

/* ---- verifying ---- */

#define VERIFY_COLUMNS                                                         \
    "h.id, h.at, h.who, h.command, h.message, h.what, h.subject, h.object, "   \
    "h.words_hash, h.hash, w.salt, w.old, w.new, w.note, "                     \
    "EXISTS (SELECT 1 FROM history_purged p JOIN history c ON c.id = p.purge " \
    "AND c.what = 'purge' WHERE p.change = h.id) "                             \
    "FROM history h LEFT JOIN history_words w ON w.change = h.id "

/* Words are what was hashed, or were taken away by a recorded purge. */
static gboolean
words_fit(struct query *q)
{
    g_autofree char *hash = NULL;

    if (db_is_null(q, 10))
        return db_int(q, 14) != 0;
    hash = words_hash(db_peek(q, 10), db_peek(q, 11), db_peek(q, 12),
                      db_peek(q, 13));
    return g_strcmp0(hash, db_peek(q, 8)) == 0;
}

static gboolean
link_fits(struct query *q, gint64 expected, const char *previous)
{
    struct link l = {db_int(q, 0),  db_int(q, 1), db_peek(q, 2),
                     db_int(q, 3),  db_int(q, 4), db_peek(q, 5),
                     db_peek(q, 6), db_int(q, 7), db_peek(q, 8)};
    g_autofree char *hash = link_hash(previous, &l);

    return l.id == expected && g_strcmp0(hash, db_peek(q, 9)) == 0;
}

enum st
reg_history_verify(struct reg *reg, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " VERIFY_COLUMNS "ORDER BY h.id");
    g_autofree char *previous = g_strdup("");
    gboolean row = TRUE;

    for (gint64 id = 1;; id++) {
        enum st st = db_next(q, &row, e);

        if (st != ST_OK || !row)
            return st;
        if (!link_fits(q, id, previous) || !words_fit(q))
            return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                           "%s: the history was tampered with at change "
                           "%" G_GINT64_FORMAT,
                           reg->path, id);
        g_free(previous);
        previous = db_text(q, 9);
    }
}

/* change.c - the append-only log: what can happen, writing it, and taking
 * its words away. */
#include "register/change.h"

#include "register/chain.h"
#include "register/history.h"

static const char *const names[CHANGE_COUNT] = {
    [CHANGE_SUBMIT] = "submit",
    [CHANGE_REVISE] = "revise",
    [CHANGE_CORRECT] = "correct",
    [CHANGE_CREDIT] = "credit",
    [CHANGE_AUTHORS] = "authors",
    [CHANGE_ANSWERS] = "answers",
    [CHANGE_REPORTS] = "reports",
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
    [CHANGE_INCIDENT_RESTORE] = "incident-restore",
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

/* ---- writing ---- */

enum st
change_last(struct reg *reg, gint64 *id_out, char **hash_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT id, hash FROM history "
                      "WHERE id = (SELECT max(id) FROM history)");
    gboolean row = FALSE;
    enum st st = db_next(q, &row, e);

    if (st != ST_OK)
        return st;
    *id_out = row ? db_int(q, 0) : 0;
    *hash_out = row ? db_text(q, 1) : g_strdup("");
    return ST_OK;
}

static enum st
insert_link(struct reg *reg, const struct chain_link *l, const char *hash,
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
    db_bind_text(q, 9, l->words);
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
    g_autofree char *salt = chain_salt();
    g_autofree char *over = chain_words(salt, w->old, w->new, w->note);
    g_autofree char *previous = NULL, *hash = NULL;
    struct chain_link l = {
        0,           act->at, act->by, act->command, act->message,
        names[what], subject, object,  over};
    enum st st = change_last(reg, &l.id, &previous, e);

    if (st != ST_OK)
        return st;
    l.id++;
    hash = chain_link(previous, &l);
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

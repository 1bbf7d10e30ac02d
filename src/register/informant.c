/* informant.c - see informant.h. */
#include "register/informant.h"

#include "register/change.h"
#include "register/codes.h"
#include "register/history.h"

enum { MONTH = 30 * 86400 };

void
reg_informant_free(struct reg_informant *i)
{
    if (!i)
        return;
    g_free(i->unit);
    g_free(i->name);
    g_free(i->address);
    g_free(i->phone);
    g_free(i);
}
typedef struct reg_informant reg_informant;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reg_informant, reg_informant_free)

#define INFORMANT_COLUMNS                                                      \
    "id, unit, name, address, phone, since, until FROM informant "

static gpointer
read_informant(struct query *q)
{
    struct reg_informant *i = g_new0(struct reg_informant, 1);

    i->id = db_int(q, 0);
    i->unit = db_text(q, 1);
    i->name = db_text(q, 2);
    i->address = db_text(q, 3);
    i->phone = db_text(q, 4);
    i->since = db_int(q, 5);
    i->until = db_int(q, 6);
    return i;
}

static enum st
find_live(struct reg *reg, const char *key, struct reg_informant **out,
          struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " INFORMANT_COLUMNS
                      "WHERE address_key = ?1 AND until IS NULL");
    gpointer row = NULL;
    enum st st;

    db_bind_text(q, 1, key);
    st = db_one(q, read_informant, &row, e);
    if (st == ST_OK)
        *out = row;
    return st;
}

/* "财政局 张三 13800000000" */
static char *
describe(const struct reg_informant *i)
{
    return g_strdup_printf("%s %s%s%s", i->unit, i->name, i->phone ? " " : "",
                           i->phone ? i->phone : "");
}

static enum st
end(struct reg *reg, gint64 id, gint64 at, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE informant SET until = ?2 WHERE id = ?1");

    db_bind(q, 1, id);
    db_bind(q, 2, at);
    return db_run(q, e);
}

static enum st
insert(struct reg *reg, const struct reg_informant *i, const char *key,
       gint64 at, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO informant (unit, name, address, address_key, "
             "phone, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    db_bind_text(q, 1, i->unit);
    db_bind_text(q, 2, i->name);
    db_bind_text(q, 3, i->address);
    db_bind_text(q, 4, key);
    db_bind_text(q, 5, i->phone);
    db_bind(q, 6, at);
    return db_run(q, e);
}

/* The row that ends is named in the note: the undo brings it back. */
static enum st
log_informant(struct reg *reg, gint64 id, const struct reg_informant *old,
              const struct reg_informant *i, const struct reg_act *act,
              struct err *e)
{
    g_autofree char *before = old ? describe(old) : NULL;
    g_autofree char *after = describe(i);
    g_autofree char *note =
        old ? g_strdup_printf("%" G_GINT64_FORMAT, old->id) : NULL;
    struct change_words words = {before, after, note};

    return change_add(reg, act, CHANGE_INFORMANT, i->address, id, &words, NULL,
                      e);
}

enum st
reg_informant_add(struct reg *reg, const struct reg_informant *i,
                  const struct reg_act *act, gint64 *id_out, struct err *e)
{
    g_autofree char *key = codes_address_key(i->address);
    g_autoptr(reg_informant) old = NULL;
    gint64 id;
    enum st st = find_live(reg, key, &old, e);

    if (st == ST_OK && old)
        st = end(reg, old->id, act->at, e);
    if (st == ST_OK)
        st = insert(reg, i, key, act->at, e);
    if (st != ST_OK)
        return st;
    id = db_last_id(reg);
    st = log_informant(reg, id, old, i, act, e);
    if (st == ST_OK)
        st = reg_address_good(reg, i->address, e);
    if (st == ST_OK && id_out)
        *id_out = id;
    return st;
}

enum st
reg_informant_end(struct reg *reg, const char *address,
                  const struct reg_act *act, struct err *e)
{
    g_autofree char *key = codes_address_key(address);
    g_autofree char *before = NULL;
    g_autoptr(reg_informant) old = NULL;
    struct change_words words = {NULL, NULL, NULL};
    enum st st = find_live(reg, key, &old, e);

    if (st == ST_OK && !old)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "nobody is registered under %s", address);
    if (st != ST_OK)
        return st;
    before = describe(old);
    words.old = before;
    st = end(reg, old->id, act->at, e);
    return st == ST_OK ? change_add(reg, act, CHANGE_INFORMANT_END,
                                    old->address, old->id, &words, NULL, e)
                       : st;
}

enum st
reg_informants(struct reg *reg, const char *unit, gint64 at, GPtrArray **out,
               struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " INFORMANT_COLUMNS
                      "WHERE (?1 IS NULL OR unit = ?1) AND since <= ?2 "
                      "AND (until IS NULL OR until > ?2) ORDER BY unit, id");

    db_bind_text(q, 1, unit);
    db_bind(q, 2, at);
    return db_list(q, read_informant, (GDestroyNotify)reg_informant_free, out,
                   e);
}

/* ---- undoing ---- */

/* Only while the address is free. */
static enum st
revive(struct reg *reg, gint64 id, gboolean *done_out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE informant SET until = NULL WHERE id = ?1 "
             "AND NOT EXISTS (SELECT 1 FROM informant o WHERE "
             "o.address_key = informant.address_key AND o.until IS NULL)");
    enum st st;

    db_bind(q, 1, id);
    st = db_run(q, e);
    if (st == ST_OK)
        *done_out = db_changed(reg) > 0;
    return st;
}

static enum st
log_revived(struct reg *reg, gint64 id, const struct reg_change *c,
            const struct reg_act *act, struct err *e)
{
    struct change_words words = {NULL, c->before, NULL};

    return change_add(reg, act, CHANGE_INFORMANT, c->subject, id, &words, NULL,
                      e);
}

enum st
informant_undo_end(struct reg *reg, const struct reg_change *c,
                   const struct reg_act *act, struct err *e)
{
    gboolean done = FALSE;
    enum st st = revive(reg, c->object, &done, e);

    if (st == ST_OK && !done)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "%s was registered again since", c->subject);
    return st == ST_OK ? log_revived(reg, c->object, c, act, e) : st;
}

/* The registration ends, and the one before it (in the note) holds again. */
enum st
informant_undo_add(struct reg *reg, const struct reg_change *c,
                   const struct reg_act *act, struct err *e)
{
    g_autofree char *key = codes_address_key(c->subject);
    g_autoptr(reg_informant) live = NULL;
    gint64 earlier = c->note ? g_ascii_strtoll(c->note, NULL, 10) : 0;
    gboolean done = FALSE;
    enum st st = find_live(reg, key, &live, e);

    if (st == ST_OK && (!live || live->id != c->object))
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "the registration of %s was changed again later",
                       c->subject);
    if (st == ST_OK)
        st = reg_informant_end(reg, c->subject, act, e);
    if (st == ST_OK && earlier)
        st = revive(reg, earlier, &done, e);
    return st == ST_OK && done ? log_revived(reg, earlier, c, act, e) : st;
}

/* ---- addresses that do not work ---- */

enum st
reg_address_bounces(struct reg *reg, const char *address, gint64 since,
                    int *times_out, struct err *e)
{
    g_autoptr(query) q = db_query(reg, "SELECT times FROM bounce "
                                       "WHERE address_key = ?1 AND last >= ?2");
    g_autofree char *key = codes_address_key(address);
    gint64 times = 0;
    enum st st;

    db_bind_text(q, 1, key);
    db_bind(q, 2, since);
    st = db_number(q, &times, e);
    if (st == ST_OK)
        *times_out = (int)times;
    return st;
}

enum st
reg_address_bounced(struct reg *reg, const char *address, gint64 now,
                    int *times_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO bounce (address_key, times, last) "
                      "VALUES (?1, 1, ?2) ON CONFLICT (address_key) "
                      "DO UPDATE SET times = 1 + (last >= ?3) * times, "
                      "last = max(last, ?2)");
    g_autofree char *key = codes_address_key(address);
    enum st st;

    db_bind_text(q, 1, key);
    db_bind(q, 2, now);
    db_bind(q, 3, now - MONTH);
    st = db_run(q, e);
    return st == ST_OK ? reg_address_bounces(reg, address, 0, times_out, e)
                       : st;
}

enum st
reg_address_good(struct reg *reg, const char *address, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "DELETE FROM bounce WHERE address_key = ?1");
    g_autofree char *key = codes_address_key(address);

    db_bind_text(q, 1, key);
    return db_run(q, e);
}

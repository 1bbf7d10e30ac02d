/* code.c - one-time codes that prove a staff command where the mail server
 * does not (docs/security.md). */
#include "register/command.h"

#include "base/text.h"
#include "register/codes.h"
#include "register/db.h"

#include <string.h>

#define WRONG_ANSWERS 5

/* Bound to the address: the same digits sent to two people differ. */
static char *
code_hash(const char *key, const char *code)
{
    g_autofree char *folded = text_fold(code);
    g_autofree char *both = g_strdup_printf("%s\n%s", key, folded);

    return text_sha256(both, strlen(both));
}

static enum st
kill_codes_of(struct reg *reg, gint64 message, gint64 now, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE code SET dead = ?2 WHERE message = ?1 AND dead IS NULL");

    db_bind(q, 1, message);
    db_bind(q, 2, now);
    return db_run(q, e);
}

enum st
reg_code_add(struct reg *reg, const char *address, gint64 message,
             const char *code, gint64 now, gint64 expires, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO code (address_key, message, hash, created, "
                      "expires, wrong) VALUES (?1, ?2, ?3, ?4, ?5, 0)");
    g_autofree char *key = codes_address_key(address);
    g_autofree char *hash = code_hash(key, code);
    enum st st = kill_codes_of(reg, message, now, e);

    if (st != ST_OK)
        return st;
    db_bind_text(q, 1, key);
    db_bind(q, 2, message);
    db_bind_text(q, 3, hash);
    db_bind(q, 4, now);
    db_bind(q, 5, expires);
    return db_run(q, e);
}

struct known_code {
    gint64 id, message, expires;
    gboolean dead;
};

/* The live one; else one that was used, or is void. */
static enum st
find_right(struct reg *reg, const char *key, const char *hash,
           struct known_code *out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT id, message, expires, dead IS NOT NULL FROM code "
                      "WHERE address_key = ?1 AND hash = ?2 "
                      "ORDER BY dead IS NOT NULL, id DESC LIMIT 1");
    gboolean row = FALSE;
    enum st st;

    db_bind_text(q, 1, key);
    db_bind_text(q, 2, hash);
    st = db_next(q, &row, e);
    if (st == ST_OK && row)
        *out = (struct known_code){db_int(q, 0), db_int(q, 1), db_int(q, 2),
                                   db_int(q, 3) != 0};
    return st;
}

/* A guess is counted against every live code of the address. */
static enum st
count_wrong(struct reg *reg, const char *key, gint64 now, enum reg_code *out,
            struct err *e)
{
    g_autoptr(query) count = db_query(
        reg, "UPDATE code SET wrong = wrong + 1 WHERE address_key = ?1 "
             "AND dead IS NULL AND expires >= ?2");
    g_autoptr(query) kill =
        db_query(reg, "UPDATE code SET dead = ?2 WHERE address_key = ?1 "
                      "AND dead IS NULL AND wrong >= ?3");
    enum st st;

    db_bind_text(count, 1, key);
    db_bind(count, 2, now);
    db_bind_text(kill, 1, key);
    db_bind(kill, 2, now);
    db_bind(kill, 3, WRONG_ANSWERS);
    st = db_run(count, e);
    if (st == ST_OK)
        *out = db_changed(reg) > 0 ? CODE_WRONG : CODE_NONE;
    if (st == ST_OK)
        st = db_run(kill, e);
    if (st == ST_OK && db_changed(reg) > 0)
        *out = CODE_VOID;
    return st;
}

enum st
reg_code_check(struct reg *reg, const char *address, const char *code,
               gint64 now, enum reg_code *out, gint64 *message_out,
               struct err *e)
{
    g_autofree char *key = codes_address_key(address);
    g_autofree char *hash = code_hash(key, code);
    struct known_code found = {0, 0, 0, FALSE};
    enum st st = find_right(reg, key, hash, &found, e);

    if (st != ST_OK)
        return st;
    if (found.id == 0 || found.dead) {
        st = count_wrong(reg, key, now, out, e);
        if (st == ST_OK && *out == CODE_NONE && found.dead)
            *out = CODE_WRONG;
        return st;
    }
    st = kill_codes_of(reg, found.message, now, e);
    if (st != ST_OK)
        return st;
    *out = found.expires >= now ? CODE_RIGHT : CODE_EXPIRED;
    if (*out == CODE_RIGHT)
        *message_out = found.message;
    return ST_OK;
}

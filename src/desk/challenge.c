/* challenge.c - see challenge.h. */
#include "desk/challenge.h"

#include "base/log.h"
#include "desk/job.h"
#include "desk/settle.h"
#include "intake/digest.h"
#include "intake/incoming.h"
#include "intake/letters.h"
#include "register/command.h"

#include <errno.h>
#include <sys/random.h>

enum {
    CODES = 1000000, /* six digits */
    LIFETIME = 86400,
    /* Whoever forges our staff must not fill their mailboxes. */
    A_DAY = 20,
    REFUSALS_A_DAY = 5
};

/* ---- sending ---- */

/* Every code is as likely as any other: what would favour some is drawn
 * again. */
static enum st
draw_code(char **out, struct err *e)
{
    const guint32 limit = G_MAXUINT32 - G_MAXUINT32 % CODES;
    guint32 n = 0;

    do {
        if (getrandom(&n, sizeof n, 0) != (ssize_t)sizeof n)
            return err_set(e, ST_FATAL, EXIT_SOFTWARE, "getrandom: %s",
                           g_strerror(errno));
    } while (n >= limit);
    *out = g_strdup_printf("%06u", n % CODES);
    return ST_OK;
}

/* May one more of these go to the address today? */
static enum st
room_today(struct intake *i, const char *what, const char *address, int limit,
           gboolean *out, struct err *e)
{
    enum st st = ST_OK;

    *out = FALSE;
    for (int n = 1; st == ST_OK && !*out && n <= limit; n++) {
        g_autofree char *nth = g_strdup_printf("%s %s %d", what, address, n);

        st = once_today(i, nth, out, e);
    }
    return st;
}

static void
add_commands(struct value *v, const struct reading *r)
{
    g_autoptr(GPtrArray) orders = desk_orders(r);
    struct value *list = value_list();

    for (guint n = 0; n < orders->len; n++)
        value_append(list, value_text(g_ptr_array_index(orders, n)));
    for (guint n = 0; n < r->files->len; n++)
        value_append(
            list,
            value_text(
                ((struct reading_file *)g_ptr_array_index(r->files, n))->name));
    value_set(v, "commands", list);
}

static enum st
post_code(struct intake *i, const struct staff *who, const struct reading *r,
          const struct reg_message *m, const char *code, struct err *e)
{
    const struct clock *clock = &i->office->clock;
    gint64 now = clock_now(clock);
    g_autoptr(value) v = value_map();
    struct post p = {.letter = LETTER_CHALLENGE,
                     .kind = MAIL_CODE,
                     .to = who->address,
                     .message = m->id,
                     .about = r,
                     .facts = v};

    value_set_text(v, "name", who->name);
    value_set_text(v, "code", code);
    value_take_text(v, "received", letter_time(clock, m->received));
    value_take_text(v, "expires", letter_time(clock, now + LIFETIME));
    add_commands(v, r);
    return post_letter(i, &p, e);
}

static enum st
tell_spent(struct intake *i, const struct staff *who, struct err *e)
{
    g_autoptr(value) v = value_map();
    gboolean first = FALSE;
    enum st st = room_today(i, "codes-spent", who->address, 1, &first, e);

    value_set_text(v, "sender", who->address);
    value_set_int(v, "limit", A_DAY);
    return st == ST_OK && first ? post_to_staff(i, LETTER_CODES_SPENT, v, 0, e)
                                : st;
}

enum st
challenge_send(struct intake *i, const struct reading *r, gint64 message,
               gboolean *sent_out, struct err *e)
{
    const struct staff *who =
        config_staff_at(i->office->config, reading_author(r));
    gint64 now = clock_now(&i->office->clock);
    g_autoptr(reg_message) m = NULL;
    g_autofree char *code = NULL;
    gboolean room = FALSE;
    enum st st =
        who ? room_today(i, "code", who->address, A_DAY, &room, e) : ST_OK;

    if (st == ST_OK && who && !room)
        return tell_spent(i, who, e);
    if (st != ST_OK || !room)
        return st;
    st = reg_message_get(i->reg, message, &m, e);
    if (st == ST_OK)
        st = draw_code(&code, e);
    if (st == ST_OK)
        st = reg_code_add(i->reg, who->address, message, code, now,
                          now + LIFETIME, e);
    if (st == ST_OK)
        st = post_code(i, who, r, m, code, e);
    if (st == ST_OK)
        *sent_out = TRUE;
    return st;
}

/* ---- the code that came back ---- */

/* To the registered address; of a code that is void, to all staff. */
static enum st
post_refusal(struct intake *i, const struct staff *who, const struct reading *r,
             gint64 message, enum reg_code what, struct err *e)
{
    g_autoptr(GPtrArray) staff = staff_addresses(i->office->config);
    const char *only[] = {who->address, NULL};
    g_autoptr(value) v = value_map();
    struct post p = {.letter = LETTER_CODE_REFUSED,
                     .kind = MAIL_STAFF,
                     .message = message,
                     .about = what == CODE_VOID ? NULL : r,
                     .facts = v};

    value_set_text(v, "sender", who->address);
    value_set_bool(v, "wrong", what == CODE_WRONG);
    value_set_bool(v, "expired", what == CODE_EXPIRED);
    value_set_bool(v, "voided", what == CODE_VOID);
    value_set_bool(v, "settled", what == CODE_RIGHT);
    return post_to_all(
        i, &p, what == CODE_VOID ? (const char *const *)staff->pdata : only, e);
}

/* Where no code was sent nobody waits for an answer, and whoever forged the
 * mail gets none.  That codes are void is news even behind many a guess. */
static enum st
refuse(struct intake *i, const struct staff *who, const struct reading *r,
       gint64 message, enum reg_code what, struct err *e)
{
    gboolean room = FALSE;
    enum st st = ST_OK;

    log_event(LOG_WARN, "code-refused", "address", who->address, NULL);
    if (what != CODE_NONE && what != CODE_RIGHT)
        st = digest_note_refusal(i, message, e);
    if (st == ST_OK && what != CODE_NONE)
        st = room_today(i, what == CODE_VOID ? "code-void" : "code-refused",
                        who->address, REFUSALS_A_DAY, &room, e);
    return st == ST_OK && room ? post_refusal(i, who, r, message, what, e) : st;
}

/* The held mail is a command from now on, and is carried out as it was
 * read then. */
static enum st
carry_out(struct intake *i, const struct staff *who, gint64 proven,
          const struct incoming *a, struct err *e)
{
    const struct reason_list none = {0};
    struct reg_act act = {clock_now(&i->office->clock), who->name, 0, proven};
    enum st st = settle(i, proven, VERDICT_COMMAND, &none, &none, &act, e);

    return st == ST_OK ? i->desk->command(i, a->reading, proven, e) : st;
}

/* Staff may have settled it in the meantime. */
static enum st
carry_out_held(struct intake *i, const struct staff *who,
               const struct reading *r, gint64 message, gint64 proven,
               struct err *e)
{
    g_autoptr(reg_message) m = NULL;
    struct incoming *a = NULL;
    enum st st = reg_message_get(i->reg, proven, &m, e);

    if (st == ST_OK && m && m->open && m->verdict == VERDICT_HELD)
        st = incoming_kept(i, m, &a, e);
    if (st == ST_OK && a)
        st = carry_out(i, who, proven, a, e);
    else if (st == ST_OK)
        st = refuse(i, who, r, message, CODE_RIGHT, e);
    incoming_free(a);
    return st;
}

enum st
challenge_answer(struct intake *i, const struct reading *r, gint64 message,
                 const char *code, struct err *e)
{
    const struct staff *who =
        config_staff_at(i->office->config, reading_author(r));
    enum reg_code what = CODE_WRONG;
    gint64 proven = 0;
    enum st st =
        reg_code_check(i->reg, who->address, code, clock_now(&i->office->clock),
                       &what, &proven, e);

    if (st != ST_OK)
        return st;
    if (what == CODE_RIGHT)
        return carry_out_held(i, who, r, message, proven, e);
    return refuse(i, who, r, message, what, e);
}

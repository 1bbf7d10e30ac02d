/* message.c - messages: recorded and found again. */
#include "register/message.h"

#include "base/text.h"
#include "register/codes.h"
#include "register/message_row.h"

#include <string.h>

static const char *const receipts[] = {
    [RECEIPT_INTERNALDATE] = "internaldate",
    [RECEIPT_MTIME] = "mtime",
    [RECEIPT_FROM_LINE] = "from-line",
    [RECEIPT_RECEIVED] = "received",
    [RECEIPT_FILE] = "file",
};

/* The first character of a handle says what waits behind it. */
static const char *
handle_kind(enum verdict v)
{
    switch (v) {
    case VERDICT_HELD:
    case VERDICT_QUARANTINED:
        return "待";
    case VERDICT_RETURNED:
        return "退";
    case VERDICT_IGNORED:
        return "略";
    case VERDICT_DUPLICATE:
        return "重";
    case VERDICT_COMMAND:
        return "令";
    case VERDICT_QUERY:
        return "问";
    case VERDICT_ACCEPTED:
        break;
    }
    return NULL;
}

struct reg_message *
reg_message_new(void)
{
    return g_new0(struct reg_message, 1);
}

void
reg_message_free(struct reg_message *m)
{
    if (!m)
        return;
    g_free(m->sender);
    g_free(m->rule);
    g_free(m->identity);
    g_free(m->raw_hash);
    g_free(m->message_id);
    g_free(m->subject);
    g_free(m->title);
    g_free(m->unit);
    g_free(m->submitter);
    g_free(m->phones);
    g_free(m->extensions);
    g_free(m->category);
    g_free(m->answers);
    g_free(m->handle);
    g_free(m->number);
    g_free(m);
}

/* ---- writing ---- */

static gboolean
waits(enum verdict v)
{
    return v == VERDICT_HELD || v == VERDICT_QUARANTINED;
}

/* Parameters 4.. of INSERT and UPDATE alike: what a judgement says. */
void
message_bind(struct query *q, const struct reg_message *m, const char *reasons,
             const char *notes)
{
    db_bind_text(q, 4, verdict_name(m->verdict));
    db_bind_text(q, 5, reasons);
    db_bind_text(q, 6, notes);
    db_bind_text(q, 7, m->rule);
    db_bind_text(q, 8, m->identity);
    db_bind_text(q, 9, m->raw_hash);
    db_bind_text(q, 10, m->message_id);
    db_bind_text(q, 11, m->subject);
    db_bind_text(q, 12, m->title);
    db_bind_text(q, 13, m->unit);
    db_bind_text(q, 14, m->submitter);
    db_bind_text(q, 15, m->phones);
    db_bind_text(q, 16, m->extensions);
    db_bind_text(q, 17, m->category);
    db_bind_text(q, 18, m->answers);
    db_bind_id(q, 19, m->original);
    db_bind(q, 20, waits(m->verdict));
}

static enum st
insert(struct reg *reg, const struct reg_message *m, gint64 now, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO message (received, receipt, size, verdict, reasons, "
             "notes, rule, identity, raw_hash, message_id, subject, title, "
             "unit, submitter, phones, extensions, category, answers, "
             "original, is_open, sender, recorded) VALUES (?1, ?2, ?3, ?4, "
             "?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
             "?18, ?19, ?20, ?21, ?22)");
    g_autofree char *reasons = codes_format(&m->reasons);
    g_autofree char *notes = codes_format(&m->notes);

    db_bind(q, 1, m->received);
    db_bind_text(q, 2, receipts[m->receipt]);
    db_bind(q, 3, m->size);
    message_bind(q, m, reasons, notes);
    db_bind_text(q, 21, m->sender);
    db_bind(q, 22, now);
    return db_run(q, e);
}

static enum st
set_handle(struct reg *reg, gint64 id, const char *kind, gint64 number,
           struct err *e)
{
    g_autoptr(query) q = db_query(reg, "UPDATE message SET handle_kind = ?2, "
                                       "handle_number = ?3 WHERE id = ?1");

    db_bind(q, 1, id);
    db_bind_text(q, 2, kind);
    db_bind(q, 3, number);
    return db_run(q, e);
}

/* A message keeps the handle it has: staff may have written it down. */
enum st
message_need_handle(struct reg *reg, gint64 id, enum verdict verdict,
                    char **out, struct err *e)
{
    const char *kind = handle_kind(verdict);
    g_autofree char *counter = g_strdup_printf("handle %s", kind ? kind : "");
    gint64 number = 0;
    enum st st;

    if (!kind) {
        *out = NULL;
        return ST_OK;
    }
    st = db_counter(reg, counter, &number, e);
    if (st == ST_OK)
        st = set_handle(reg, id, kind, number, e);
    if (st == ST_OK)
        *out = g_strdup_printf("%s-%" G_GINT64_FORMAT, kind, number);
    return st;
}

gboolean
message_says(const struct reg_message *m)
{
    return m->identity || m->raw_hash || m->message_id || m->subject ||
           m->title || m->unit || m->submitter || m->phones || m->extensions ||
           m->category || m->answers;
}

enum st
reg_message_add(struct reg *reg, const struct reg_message *m,
                const struct reg_place *place, enum folder to, gint64 now,
                gint64 *id_out, char **handle_out, struct err *e)
{
    g_autofree char *handle = NULL;
    gint64 id;
    enum st st;

    if (m->verdict == VERDICT_QUARANTINED && message_says(m))
        return err_set(e, ST_FATAL, EXIT_SOFTWARE,
                       "content of a quarantined message was to be recorded");
    st = insert(reg, m, now, e);
    if (st != ST_OK)
        return st;
    id = db_last_id(reg);
    st = message_need_handle(reg, id, m->verdict, &handle, e);
    if (st == ST_OK && place)
        st = reg_place_add(reg, place, id, to, e);
    if (st != ST_OK)
        return st;
    *id_out = id;
    if (handle_out)
        *handle_out = g_steal_pointer(&handle);
    return ST_OK;
}

/* ---- reading ---- */

#define MESSAGE_COLUMNS                                                        \
    "m.id, m.received, m.receipt, m.size, m.sender, m.verdict, m.reasons, "    \
    "m.notes, m.rule, m.identity, m.raw_hash, m.message_id, m.subject, "       \
    "m.title, m.unit, m.submitter, m.phones, m.extensions, m.category, "       \
    "m.answers, m.handle_kind, m.handle_number, m.original, m.is_open, "       \
    "m.recorded, s.year, s.serial FROM message m "                             \
    "LEFT JOIN version v ON v.message = m.id "                                 \
    "LEFT JOIN submission s ON s.id = v.submission "

static void
read_judgement(struct query *q, struct reg_message *m)
{
    if (!verdict_parse(db_peek(q, 5), &m->verdict))
        m->verdict = VERDICT_HELD; /* of a newer program: let staff look */
    codes_parse(db_peek(q, 6), &m->reasons);
    codes_parse(db_peek(q, 7), &m->notes);
    m->rule = db_text(q, 8);
}

static gpointer
read_message(struct query *q)
{
    struct reg_message *m = reg_message_new();

    m->id = db_int(q, 0);
    m->received = db_int(q, 1);
    m->receipt = (enum reg_receipt)codes_index(receipts, G_N_ELEMENTS(receipts),
                                               db_peek(q, 2), RECEIPT_FILE);
    m->size = db_int(q, 3);
    m->sender = db_text(q, 4);
    read_judgement(q, m);
    m->identity = db_text(q, 9);
    m->raw_hash = db_text(q, 10);
    m->message_id = db_text(q, 11);
    m->subject = db_text(q, 12);
    m->title = db_text(q, 13);
    m->unit = db_text(q, 14);
    m->submitter = db_text(q, 15);
    m->phones = db_text(q, 16);
    m->extensions = db_text(q, 17);
    m->category = db_text(q, 18);
    m->answers = db_text(q, 19);
    if (!db_is_null(q, 20))
        m->handle = g_strdup_printf("%s-%" G_GINT64_FORMAT, db_peek(q, 20),
                                    db_int(q, 21));
    m->original = db_int(q, 22);
    m->open = db_int(q, 23) != 0;
    m->recorded = db_int(q, 24);
    if (!db_is_null(q, 25))
        m->number =
            codes_number((int)db_int(q, 25), (int)db_int(q, 26), NUMBER_WIDTH);
    return m;
}

static enum st
one(struct query *q, struct reg_message **out, struct err *e)
{
    gpointer row = NULL;
    enum st st = db_one(q, read_message, &row, e);

    if (st == ST_OK)
        *out = row;
    return st;
}

enum st
reg_message_get(struct reg *reg, gint64 id, struct reg_message **out,
                struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " MESSAGE_COLUMNS "WHERE m.id = ?1");

    db_bind(q, 1, id);
    return one(q, out, e);
}

/* "待-7", "待７", "退—3": a kind, an optional dash, digits, no more. */
static gboolean
parse_handle(const char *text, char **kind_out, gint64 *number_out)
{
    g_autofree char *folded = text_fold(text);
    const char *p = *folded ? g_utf8_next_char(folded) : folded;
    const char *digits = p + strcspn(p, "0123456789");
    char *end = NULL;
    gint64 number = g_ascii_strtoll(digits, &end, 10);

    if (number <= 0 || *end || g_utf8_strlen(p, digits - p) > 1)
        return FALSE;
    *kind_out = g_strndup(folded, (gsize)(p - folded));
    *number_out = number;
    return TRUE;
}

enum st
reg_message_find(struct reg *reg, const char *handle, struct reg_message **out,
                 struct err *e)
{
    g_autoptr(query) q = NULL;
    g_autofree char *kind = NULL;
    gint64 number = 0;

    if (!parse_handle(handle, &kind, &number)) {
        *out = NULL;
        return ST_OK;
    }
    q = db_query(reg, "SELECT " MESSAGE_COLUMNS
                      "WHERE m.handle_kind = ?1 AND m.handle_number = ?2");
    db_bind_text(q, 1, kind);
    db_bind(q, 2, number);
    return one(q, out, e);
}

static enum st
list(struct query *q, GPtrArray **out, struct err *e)
{
    return db_list(q, read_message, (GDestroyNotify)reg_message_free, out, e);
}

enum st
reg_messages_open(struct reg *reg, GPtrArray **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " MESSAGE_COLUMNS
                      "WHERE m.is_open = 1 ORDER BY m.received, m.id");

    return list(q, out, e);
}

enum st
reg_message_last(struct reg *reg, gint64 *id_out, struct err *e)
{
    g_autoptr(query) q = db_query(reg, "SELECT max(id) FROM message");

    return db_number(q, id_out, e);
}

enum st
reg_messages_before(struct reg *reg, const char *mailbox, gint64 before,
                    gint64 after, GPtrArray **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " MESSAGE_COLUMNS
                      "WHERE m.id > ?3 AND m.received < ?2 AND m.id IN "
                      "(SELECT p.message FROM place p "
                      "JOIN mailbox b ON b.id = p.mailbox WHERE b.url = ?1) "
                      "ORDER BY m.id");

    db_bind_text(q, 1, mailbox);
    db_bind(q, 2, before);
    db_bind(q, 3, after);
    return list(q, out, e);
}

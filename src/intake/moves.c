/* moves.c - what is recorded goes to the folder of its verdict.
 *
 * Only what the register says is moved, and only after it says so; that it
 * was moved is recorded afterwards.  Killed in between, the next look moves
 * it again, which changes nothing.  What staff decide about has been moved
 * to 待处理 by then; from there it goes to its folder in the same way. */
#include "intake/look.h"

#include "base/log.h"
#include "base/step.h"

/* One target folder at a time, then say so in the register. */
static enum st
move_group(struct look *l, GPtrArray *moves, enum folder to, struct err *e)
{
    g_autoptr(GArray) refs = message_refs_new();
    struct mailbox *m = l->i->mailbox;
    enum st st;

    for (guint n = 0; n < moves->len; n++) {
        const struct reg_move *move = g_ptr_array_index(moves, n);
        struct message_ref ref = move->ref;

        if (move->to != to)
            continue;
        ref.key = g_strdup(ref.key);
        g_array_append_val(refs, ref);
    }
    if (refs->len == 0)
        return ST_OK;
    step("move");
    st = look_outcome(m->driver->move_all(m, refs, to, e));
    step("moved");
    if (st == ST_OK)
        st = reg_begin(l->i->reg, e);
    for (guint n = 0; st == ST_OK && n < refs->len; n++) {
        struct reg_place p =
            look_place(l, &g_array_index(refs, struct message_ref, n));

        st = reg_moved(l->i->reg, &p, e);
    }
    return reg_end(l->i->reg, st, e);
}

/* Found by what it is: its uid in the folder is not known. */
static enum st
refile(struct look *l, const struct reg_refile *r, struct err *e)
{
    struct mailbox *m = l->i->mailbox;
    struct message_sought sought = {.size = r->size,
                                    .received = r->received,
                                    .sha256 = r->raw_hash,
                                    .size_limit =
                                        l->i->office->config->size_limit};
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, r->message);
    gboolean found = FALSE;
    enum st st;

    step("refile");
    st = look_outcome(m->driver->refile(m, &sought, r->from, r->to, &found, e));
    step("refiled");
    if (st == ST_OK)
        st = reg_begin(l->i->reg, e);
    if (st == ST_OK)
        st = reg_refiled(l->i->reg, look_url(l), r, e);
    st = reg_end(l->i->reg, st, e);
    if (st == ST_OK)
        log_event(LOG_INFO, "refiled", "message", id, "to", folder_name(r->to),
                  "found", found ? "yes" : "no", NULL);
    return st;
}

static enum st
refile_all(struct look *l, struct err *e)
{
    g_autoptr(GPtrArray) list = NULL;
    enum st st = reg_refiles(l->i->reg, look_url(l), &list, e);

    for (guint n = 0; st == ST_OK && n < list->len; n++)
        st = refile(l, g_ptr_array_index(list, n), e);
    return st;
}

/* Nothing can lie in the inbox while its validity is not known, and nothing
 * of ours where it has another and gave no message under that. */
static enum st
move_inbox(struct look *l, struct err *e)
{
    struct mailbox *m = l->i->mailbox;
    g_autoptr(GPtrArray) moves = NULL;
    enum st st;

    if (!l->validity || l->validity != m->driver->validity(m))
        return ST_OK;
    st = reg_moves(l->i->reg, look_url(l), l->validity, &moves, e);
    for (int to = FOLDER_ACCEPTED; st == ST_OK && to < FOLDER_COUNT; to++)
        st = move_group(l, moves, (enum folder)to, e);
    return st;
}

enum st
look_move(struct look *l, struct err *e)
{
    enum st st = move_inbox(l, e);

    return st == ST_OK ? refile_all(l, e) : st;
}

/* fingerprint_tail.c - see fingerprint_tail.h. */
#include "draft/fingerprint_tail.h"

#include <string.h>

enum { FIRST_SLOTS = 1024 };

void
tail_init(struct tail *t)
{
    t->slots = g_new0(struct tail_slot, FIRST_SLOTS);
    t->mask = FIRST_SLOTS - 1;
    t->used = 0;
    t->postings = g_array_new(FALSE, FALSE, sizeof(struct tail_posting));
    t->drafts = g_array_new(FALSE, FALSE, sizeof(struct tail_draft));
}

void
tail_clear(struct tail *t)
{
    g_clear_pointer(&t->slots, g_free);
    g_clear_pointer(&t->postings, g_array_unref);
    g_clear_pointer(&t->drafts, g_array_unref);
}

/* The hashes are evenly spread already; the highest bits are not used up by
 * anything else here. */
static struct tail_slot *
slot_of(struct tail_slot *slots, guint32 mask, guint32 hash)
{
    guint32 i = hash & mask;

    while (slots[i].used_count && slots[i].hash != hash)
        i = (i + 1) & mask;
    return &slots[i];
}

const struct tail_slot *
tail_find(const struct tail *t, guint32 hash)
{
    const struct tail_slot *s = slot_of(t->slots, t->mask, hash);

    return s->used_count > 1 ? s : NULL;
}

/* Never more than half full.  Slots whose postings were all dropped stay
 * behind: they are few, for only the last drafts are ever dropped. */
static void
make_room(struct tail *t)
{
    guint32 mask = t->mask * 2 + 1;
    struct tail_slot *slots;

    if (t->used < t->mask / 2)
        return;
    slots = g_new0(struct tail_slot, (gsize)mask + 1);
    t->used = 0;
    for (guint32 i = 0; i <= t->mask; i++) {
        const struct tail_slot *s = &t->slots[i];

        if (s->used_count < 2)
            continue;
        *slot_of(slots, mask, s->hash) = *s;
        t->used++;
    }
    g_free(t->slots);
    t->slots = slots;
    t->mask = mask;
}

static void
add_hash(struct tail *t, guint32 hash)
{
    struct tail_posting p = {.draft = t->drafts->len, .hash = hash};
    struct tail_slot *s;

    make_room(t);
    s = slot_of(t->slots, t->mask, hash);
    if (s->used_count == 0) {
        s->hash = hash;
        s->used_count = 1;
        t->used++;
    }
    p.next = s->head;
    g_array_append_val(t->postings, p);
    s->head = t->postings->len;
    s->used_count++;
}

void
tail_add(struct tail *t, guint32 id, const struct fingerprint *f)
{
    struct tail_draft d = {id, f->n, f->whole};

    for (guint i = 0; i < f->n; i++)
        add_hash(t, f->hashes[i]);
    g_array_append_val(t->drafts, d);
}

void
tail_drop_last(struct tail *t)
{
    const struct tail_draft *d =
        &g_array_index(t->drafts, struct tail_draft, t->drafts->len - 1);

    for (guint i = 0; i < d->hashes; i++) {
        const struct tail_posting *p = &g_array_index(
            t->postings, struct tail_posting, t->postings->len - 1);
        struct tail_slot *s = slot_of(t->slots, t->mask, p->hash);

        s->head = p->next;
        s->used_count--;
        g_array_set_size(t->postings, t->postings->len - 1);
    }
    g_array_set_size(t->drafts, t->drafts->len - 1);
}

/* reader_queue.c - see reader_queue.h. */
#include "message/reader_queue.h"

#include <string.h>

enum {
    MESSAGE_RING = 6 << 20,
    ANSWER_RING = 12 << 20,
    ROOM_BESIDE = 64 << 10, /* an answer is hardly larger than its message */
    PAGE = 4096             /* and begins aligned, as a GVariant must */
};

void
reader_queue_init(struct reader_queue *q, size_t message_bytes,
                  size_t answer_bytes)
{
    memset(q, 0, sizeof *q);
    q->message_bytes = message_bytes;
    q->answer_bytes = answer_bytes;
}

const struct reader_slot *
reader_queue_first(const struct reader_queue *q)
{
    return &q->slots[q->first];
}

static struct reader_slot *
slot_at(struct reader_queue *q, unsigned i)
{
    return &q->slots[(q->first + i) % READER_QUEUE_SLOTS];
}

static const struct reader_slot *
last(const struct reader_queue *q)
{
    return &q->slots[(q->first + q->n - 1) % READER_QUEUE_SLOTS];
}

static size_t
paged(size_t n)
{
    return (n + PAGE - 1) & ~(size_t)(PAGE - 1);
}

/* A place of `want` bytes behind `end`, where what begins at `tail` is the
 * oldest thing that is still there; FALSE when the ring has none. */
static gboolean
place(size_t ring, size_t tail, size_t end, size_t want, size_t *out)
{
    if (end > tail) { /* free: behind the last, and before the first */
        if (end + want <= ring)
            *out = end;
        else if (want < tail)
            *out = 0;
        else
            return FALSE;
        return TRUE;
    }
    *out = end;
    return end + want < tail;
}

/* A message that the ring cannot hold has everything for itself. */
static gboolean
needs_all(size_t len)
{
    return paged(len) > MESSAGE_RING / 2;
}

static gboolean
find_place(const struct reader_queue *q, size_t len, struct reader_slot *out)
{
    const struct reader_slot *tail = reader_queue_first(q), *end = last(q);

    out->room = paged(len + ROOM_BESIDE);
    return place(MIN(MESSAGE_RING, q->message_bytes), tail->at,
                 end->at + paged(MAX(end->len, 1)), paged(MAX(len, 1)),
                 &out->at) &&
           place(MIN(ANSWER_RING, q->answer_bytes), tail->room_at,
                 end->room_at + end->room, out->room, &out->room_at);
}

gboolean
reader_queue_fits(const struct reader_queue *q, size_t len, gboolean alone)
{
    struct reader_slot s;

    if (q->n == 0)
        return TRUE;
    if (alone || needs_all(len) || last(q)->alone || q->n == READER_QUEUE_SLOTS)
        return FALSE;
    return find_place(q, len, &s);
}

const struct reader_slot *
reader_queue_push(struct reader_queue *q, size_t len, gboolean alone,
                  unsigned flags, void *ticket)
{
    struct reader_slot s = {.room = paged(len + ROOM_BESIDE)};
    struct reader_slot *slot;

    alone = alone || needs_all(len);
    if (q->n > 0) {
        gboolean found = !alone && find_place(q, len, &s);

        g_assert(found);
    }
    if (alone)
        s.room = q->answer_bytes;
    s.len = len;
    s.alone = alone;
    s.flags = flags;
    s.ticket = ticket;
    q->touched = MAX(q->touched, s.at + len);
    slot = slot_at(q, q->n++);
    *slot = s;
    return slot;
}

void
reader_queue_unpush(struct reader_queue *q)
{
    g_assert(q->n > 0);
    q->n--;
}

void
reader_queue_pop(struct reader_queue *q)
{
    g_assert(q->n > 0);
    q->first = (q->first + 1) % READER_QUEUE_SLOTS;
    q->n--;
}

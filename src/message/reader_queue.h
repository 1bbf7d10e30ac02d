/* reader_queue.h - where the messages before one reader lie in the memory
 * that it shares with the program, and where their answers go.
 *
 * Both are rings: what came first is done first, and its place is free
 * again.  A message that is larger than the ring, or whose answer was larger
 * than its room, has the whole memory to itself.  Pure arithmetic. */
#ifndef MESSAGE_READER_QUEUE_H
#define MESSAGE_READER_QUEUE_H

#include <glib.h>

enum { READER_QUEUE_SLOTS = 128 };

struct reader_slot {
    size_t at, len;       /* of the message */
    size_t room_at, room; /* for its answer */
    unsigned flags;
    gboolean alone; /* has all there is */
    void *ticket;
};

struct reader_queue {
    size_t message_bytes, answer_bytes; /* of the memory */
    struct reader_slot slots[READER_QUEUE_SLOTS];
    unsigned first, n;
    size_t touched, touched_room; /* how far the memory has been used */
};

void reader_queue_init(struct reader_queue *q, size_t message_bytes,
                       size_t answer_bytes);

/* Is there a place for a message of so many bytes now?  len is at most
 * message_bytes; alone: with all the room for its answer. */
gboolean
reader_queue_fits(const struct reader_queue *q, size_t len, gboolean alone);

/* Take it.  The slot is valid until it is popped. */
const struct reader_slot *
reader_queue_push(struct reader_queue *q, size_t len, gboolean alone,
                  unsigned flags, void *ticket);
/* Give back what was pushed last. */
void reader_queue_unpush(struct reader_queue *q);

/* The one that is being read; n > 0. */
const struct reader_slot *reader_queue_first(const struct reader_queue *q);
void reader_queue_pop(struct reader_queue *q);

#endif

/* ole.c - see ole.h. */
#include "draft/ole.h"

#include "draft/bytes.h"

#include <string.h>

enum {
    HEADER_BYTES = 512,
    HEADER_FAT_SECTORS = 109, /* named in the header; more in the DIFAT */
    ENTRY_BYTES = 128,
    NAME_MAX_UNITS = 32,
    TYPE_STORAGE = 1,
    TYPE_STREAM = 2,
    TYPE_ROOT = 5,
    MINI_SHIFT = 6
};

#define LAST_SECTOR 0xFFFFFFFAu /* what follows are special values */
#define NO_ENTRY 0xFFFFFFFFu

static const guint8 magic[8] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};

struct entry {
    char name[NAME_MAX_UNITS]; /* lower case; '?' for what is not ASCII */
    guint8 type;
    gboolean top; /* directly below the root */
    guint32 left, right, child;
    guint32 start;
    guint32 size;
};

struct ole {
    const guint8 *data;
    size_t len;
    unsigned shift;     /* of a sector's size: 9 or 12 */
    guint32 n_sectors;  /* in the file, a cut last one included */
    guint32 mini_limit; /* shorter streams lie in the mini stream */
    guint32 mini_table; /* first sector of the mini FAT */
    GArray *fat;        /* of guint32: sectors that hold the FAT */
    GArray *entries;    /* of struct entry; [0] is the root */
};

/* ---- sectors ---- */

static size_t
sector_bytes(const struct ole *o)
{
    return (size_t)1 << o->shift;
}

static size_t
sector_place(const struct ole *o, guint32 sector)
{
    return ((size_t)sector + 1) << o->shift;
}

static gboolean
sector_is_whole(const struct ole *o, guint32 sector)
{
    return sector < o->n_sectors &&
           within(sector_place(o, sector), sector_bytes(o), o->len);
}

/* The sector after this one; NO_ENTRY when the table does not say. */
static guint32
next_sector(const struct ole *o, guint32 sector)
{
    guint32 per_sector = (guint32)(sector_bytes(o) / 4);
    guint32 i = sector / per_sector;

    if (i >= o->fat->len)
        return NO_ENTRY;
    return get32(o->data + sector_place(o, g_array_index(o->fat, guint32, i)) +
                 (size_t)(sector % per_sector) * 4);
}

/* Add a sector of the FAT; FALSE when it is not there or there are more
 * than the file could need. */
static gboolean
add_fat_sector(struct ole *o, guint32 sector)
{
    if (!sector_is_whole(o, sector) || o->fat->len > o->n_sectors)
        return FALSE;
    g_array_append_val(o->fat, sector);
    return TRUE;
}

static gboolean
load_fat(struct ole *o)
{
    guint32 wanted = get32(o->data + 44), difat = get32(o->data + 68);
    guint32 links = (guint32)(sector_bytes(o) / 4) - 1;

    for (guint32 i = 0; i < HEADER_FAT_SECTORS && i < wanted; i++)
        if (!add_fat_sector(o, get32(o->data + 76 + (size_t)i * 4)))
            return FALSE;
    for (guint32 step = 0; o->fat->len < wanted; step++) {
        const guint8 *p = o->data + sector_place(o, difat);

        if (!sector_is_whole(o, difat) || step > o->n_sectors)
            return FALSE;
        for (guint32 i = 0; i < links && o->fat->len < wanted; i++)
            if (!add_fat_sector(o, get32(p + (size_t)i * 4)))
                return FALSE;
        difat = get32(p + (size_t)links * 4);
    }
    return TRUE;
}

/* `size` bytes of the chain that begins at `sector`; NULL when it ends, or
 * leaves the file, before. */
static GByteArray *
read_chain(const struct ole *o, guint32 sector, size_t size)
{
    g_autoptr(GByteArray) out = NULL;

    if (size > o->len)
        return NULL;
    out = g_byte_array_sized_new((guint)size);
    while (out->len < size) {
        size_t want = MIN(sector_bytes(o), size - out->len);

        if (sector >= o->n_sectors ||
            !within(sector_place(o, sector), want, o->len))
            return NULL;
        g_byte_array_append(out, o->data + sector_place(o, sector),
                            (guint)want);
        sector = next_sector(o, sector);
    }
    return g_steal_pointer(&out);
}

/* A chain whose length is told by its end alone.  One that does not end
 * within the file's number of sectors is a loop. */
static GByteArray *
read_to_end(const struct ole *o, guint32 sector)
{
    g_autoptr(GByteArray) out = g_byte_array_new();

    for (guint32 step = 0; sector < LAST_SECTOR; step++) {
        if (step >= o->n_sectors || !sector_is_whole(o, sector))
            return NULL;
        g_byte_array_append(out, o->data + sector_place(o, sector),
                            (guint)sector_bytes(o));
        sector = next_sector(o, sector);
    }
    return g_steal_pointer(&out);
}

/* ---- directory ---- */

static void
add_entry(struct ole *o, const guint8 *p)
{
    struct entry e = {.type = p[66],
                      .left = get32(p + 68),
                      .right = get32(p + 72),
                      .child = get32(p + 76),
                      .start = get32(p + 116),
                      .size = get32(p + 120)};
    int units = get16(p + 64) / 2;

    for (int i = 0; i < units - 1 && i < NAME_MAX_UNITS - 1; i++) {
        guint16 c = get16(p + 2 * i);

        e.name[i] = c < 0x80 ? g_ascii_tolower((char)c) : '?';
    }
    g_array_append_val(o->entries, e);
}

static struct entry *
entry_at(const struct ole *o, guint32 i)
{
    return &g_array_index(o->entries, struct entry, i);
}

/* Mark what hangs below the root as top.  The tree is walked with a list of
 * our own, and what is marked is not walked again: no depth, no loop. */
static void
mark_top(struct ole *o)
{
    g_autoptr(GArray) waiting = g_array_new(FALSE, FALSE, sizeof(guint32));

    g_array_append_val(waiting, entry_at(o, 0)->child);
    while (waiting->len > 0) {
        guint32 i = g_array_index(waiting, guint32, waiting->len - 1);

        g_array_set_size(waiting, waiting->len - 1);
        if (i == 0 || i >= o->entries->len || entry_at(o, i)->top)
            continue;
        entry_at(o, i)->top = TRUE;
        g_array_append_val(waiting, entry_at(o, i)->left);
        g_array_append_val(waiting, entry_at(o, i)->right);
    }
}

static gboolean
load_directory(struct ole *o)
{
    g_autoptr(GByteArray) bytes = read_to_end(o, get32(o->data + 48));

    if (!bytes || bytes->len < ENTRY_BYTES)
        return FALSE;
    for (guint at = 0; at + ENTRY_BYTES <= bytes->len; at += ENTRY_BYTES)
        add_entry(o, bytes->data + at);
    if (entry_at(o, 0)->type != TYPE_ROOT)
        return FALSE;
    mark_top(o);
    return TRUE;
}

/* ---- the file ---- */

static gboolean
load(struct ole *o)
{
    if (o->len < HEADER_BYTES || o->len > G_MAXUINT32 / 2 ||
        memcmp(o->data, magic, sizeof magic) != 0)
        return FALSE;
    o->shift = get16(o->data + 30);
    if ((o->shift != 9 && o->shift != 12) ||
        get16(o->data + 32) != MINI_SHIFT || o->len <= sector_bytes(o))
        return FALSE;
    o->n_sectors = (guint32)((o->len - 1) >> o->shift);
    o->mini_limit = get32(o->data + 56);
    o->mini_table = get32(o->data + 60);
    return load_fat(o) && load_directory(o);
}

void
ole_close(struct ole *o)
{
    if (!o)
        return;
    g_array_free(o->fat, TRUE);
    g_array_free(o->entries, TRUE);
    g_free(o);
}

struct ole *
ole_open(const guint8 *data, size_t len)
{
    struct ole *o = g_new0(struct ole, 1);

    o->data = data;
    o->len = len;
    o->fat = g_array_new(FALSE, FALSE, sizeof(guint32));
    o->entries = g_array_new(FALSE, TRUE, sizeof(struct entry));
    if (load(o))
        return o;
    ole_close(o);
    return NULL;
}

static const struct entry *
find_entry(const struct ole *o, const char *name, gboolean anywhere)
{
    for (guint32 i = 1; i < o->entries->len; i++) {
        const struct entry *e = entry_at(o, i);

        if ((e->top || anywhere) &&
            (e->type == TYPE_STREAM || e->type == TYPE_STORAGE) &&
            g_ascii_strcasecmp(e->name, name) == 0)
            return e;
    }
    return NULL;
}

gboolean
ole_has(const struct ole *o, const char *name)
{
    return find_entry(o, name, FALSE) != NULL;
}

gboolean
ole_has_anywhere(const struct ole *o, const char *name)
{
    return find_entry(o, name, TRUE) != NULL;
}

/* Short streams: sectors of 64 bytes inside the root's own stream. */
static GByteArray *
read_mini(const struct ole *o, const struct entry *e)
{
    const struct entry *root = entry_at(o, 0);
    g_autoptr(GByteArray) stream = read_chain(o, root->start, root->size);
    g_autoptr(GByteArray) table = read_to_end(o, o->mini_table);
    g_autoptr(GByteArray) out = g_byte_array_new();
    guint32 sector = e->start;

    while (stream && table && out->len < e->size) {
        size_t at = (size_t)sector << MINI_SHIFT;
        guint want = MIN(1u << MINI_SHIFT, e->size - out->len);

        if (!within(at, want, stream->len) ||
            !within((size_t)sector * 4, 4, table->len))
            return NULL;
        g_byte_array_append(out, stream->data + at, want);
        sector = get32(table->data + (size_t)sector * 4);
    }
    return stream && table ? g_steal_pointer(&out) : NULL;
}

GBytes *
ole_read(const struct ole *o, const char *name, size_t limit)
{
    const struct entry *e = find_entry(o, name, FALSE);
    GByteArray *bytes;

    if (!e || e->type != TYPE_STREAM || e->size > limit || e->size > o->len)
        return NULL;
    bytes = e->size < o->mini_limit ? read_mini(o, e)
                                    : read_chain(o, e->start, e->size);
    return bytes ? g_byte_array_free_to_bytes(bytes) : NULL;
}

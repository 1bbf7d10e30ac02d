/* similar_index.c - see similar_index.h. */
#include "intake/similar_index.h"

#include "base/file.h"
#include "base/log.h"
#include "base/step.h"
#include "draft/fingerprint_base.h"
#include "register/fingerprints.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    TAIL_IDLE = 1024, /* drafts beside the file: not worth making it anew */
    TAIL_BUSY = 32768,
    PART_IDLE = 16, /* nor while they are less than a sixteenth of it */
    PART_BUSY = 8
};

struct similar {
    struct fingerprint_index *index;
    void *map; /* of the file, or NULL */
    gsize map_size;
    gint64 dropped; /* as the register said when all this was made */
};

static char *
file_path(const struct intake *i)
{
    return g_build_filename(reg_data(i->reg), "similar.index", NULL);
}

/* ---- the file ---- */

static void
unmap(struct similar *s)
{
    if (s->map)
        munmap(s->map, s->map_size);
    s->map = NULL;
}

static gboolean
map_file(struct similar *s, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat sb;
    void *map = MAP_FAILED;

    if (fd < 0)
        return FALSE;
    if (fstat(fd, &sb) == 0 && S_ISREG(sb.st_mode) && sb.st_size > 0)
        map = mmap(NULL, (gsize)sb.st_size, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (map == MAP_FAILED)
        return FALSE;
    s->map = map;
    s->map_size = (gsize)sb.st_size;
    return TRUE;
}

/* Is the file made from the register that we have? */
static enum st
is_true(struct similar *s, struct reg *reg, gboolean *out, struct err *e)
{
    guint32 id;
    guint64 whole;

    *out = FALSE;
    if (!fingerprint_index_base(s->index, s->map, s->map_size,
                                (guint64)s->dropped) ||
        !fingerprint_index_last(s->index, &id, &whole))
        return ST_OK;
    return reg_fingerprint_is(reg, id, whole, out, e);
}

static enum st
use_file(struct similar *s, const struct intake *i, struct err *e)
{
    g_autofree char *path = file_path(i);
    gboolean usable = FALSE;
    enum st st = ST_OK;

    if (!map_file(s, path))
        return ST_OK;
    st = is_true(s, i->reg, &usable, e);
    if (usable)
        return st;
    fingerprint_index_free(s->index);
    s->index = fingerprint_index_new();
    unmap(s);
    return st;
}

/* ---- in step with the register ---- */

static enum st
take_row(gint64 id, guint64 whole, const void *hashes, gsize size, void *user,
         struct err *e)
{
    struct similar *s = user;
    struct fingerprint f;

    if (id > G_MAXUINT32 || !fingerprint_unpack(hashes, size, whole, &f))
        return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                       "fingerprint %" G_GINT64_FORMAT " is damaged", id);
    fingerprint_index_add(s->index, (guint32)id, &f);
    fingerprint_clear(&f);
    return ST_OK;
}

/* What was taken from a transaction that was undone goes away again. */
static enum st
drop_undone(struct similar *s, struct reg *reg, gint64 *last_out, struct err *e)
{
    gboolean there = FALSE;
    guint32 id = 0;
    guint64 whole;
    enum st st = ST_OK;

    while (st == ST_OK && !there) {
        if (!fingerprint_index_last(s->index, &id, &whole)) {
            *last_out = 0;
            return ST_OK;
        }
        st = reg_fingerprint_is(reg, id, whole, &there, e);
        if (!there && !fingerprint_index_drop_last(s->index))
            return err_set(e, ST_FATAL, EXIT_SOFTWARE,
                           "the index of fingerprints is not of this "
                           "register");
    }
    *last_out = id;
    return st;
}

static enum st
catch_up(struct similar *s, struct reg *reg, struct err *e)
{
    gint64 last = 0;
    enum st st = drop_undone(s, reg, &last, e);

    return st == ST_OK ? reg_fingerprints(reg, last, take_row, s, e) : st;
}

/* ---- drafts from before there were fingerprints ---- */

static enum st
add_fingerprint(struct reg *reg, gint64 draft, const char *text, struct err *e)
{
    g_autoptr(GBytes) packed = NULL;
    struct plain plain;
    struct fingerprint f;
    enum st st = ST_OK;

    plain_of(text, &plain);
    fingerprint_of(&plain, &f);
    packed = fingerprint_pack(&f);
    if (f.n > 0)
        st = reg_fingerprint_add(reg, draft, f.whole, packed, e);
    fingerprint_clear(&f);
    plain_clear(&plain);
    return st;
}

static enum st
add_missing(struct reg *reg, struct err *e)
{
    gboolean missing = FALSE;
    gint64 draft = 0;
    enum st st = reg_fingerprints_missing(reg, &missing, e);

    while (st == ST_OK && missing) {
        g_autofree char *text = NULL;

        st = reg_fingerprint_lacking(reg, draft, &draft, &text, e);
        if (st == ST_OK && draft == 0)
            return reg_fingerprints_complete(reg, e);
        if (st == ST_OK)
            st = add_fingerprint(reg, draft, text, e);
    }
    return st;
}

/* ---- opening ---- */

void
similar_free(struct similar *s)
{
    if (!s)
        return;
    fingerprint_index_free(s->index);
    unmap(s);
    g_free(s);
}

static enum st
open_index(struct intake *i, gint64 dropped, struct err *e)
{
    struct similar *s = g_new0(struct similar, 1);
    enum st st;

    s->index = fingerprint_index_new();
    s->dropped = dropped;
    st = use_file(s, i, e);
    if (st == ST_OK)
        i->similar = s;
    else
        similar_free(s);
    return st;
}

enum st
similar_index_ready(struct intake *i, struct similar **out, struct err *e)
{
    gint64 dropped = 0;
    enum st st = reg_fingerprints_dropped(i->reg, &dropped, e);

    if (st == ST_OK && i->similar && i->similar->dropped != dropped)
        g_clear_pointer(&i->similar, similar_free);
    if (st == ST_OK && !i->similar) {
        st = add_missing(i->reg, e);
        if (st == ST_OK)
            st = open_index(i, dropped, e);
    }
    if (st == ST_OK)
        st = catch_up(i->similar, i->reg, e);
    *out = i->similar;
    return st;
}

guint
similar_index_find(struct similar *s, const struct fingerprint *f,
                   guint16 *weights, struct alike *out)
{
    return fingerprint_index_find(s->index, f, weights, out);
}

guint16 *
similar_index_weigh(struct similar *s, const struct fingerprint *f)
{
    guint16 *weights = g_new0(guint16, f->n + 1);

    fingerprint_index_weigh(s->index, f, weights);
    return weights;
}

guint
similar_index_drafts(const struct similar *s)
{
    return fingerprint_index_drafts(s->index);
}

/* ---- making the file ---- */

struct making {
    struct base_maker *maker;
    gboolean filling; /* the second time */
};

static enum st
make_row(gint64 id, guint64 whole, const void *hashes, gsize size, void *user,
         struct err *e)
{
    struct making *m = user;
    struct fingerprint f;

    if (id > G_MAXUINT32 || !fingerprint_unpack(hashes, size, whole, &f))
        return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                       "fingerprint %" G_GINT64_FORMAT " is damaged", id);
    if (m->filling)
        base_maker_add(m->maker, (guint32)id, &f);
    else
        base_maker_count(m->maker, &f);
    fingerprint_clear(&f);
    return ST_OK;
}

static enum st
fill(struct making *m, struct reg *reg, int fd, gint64 dropped, struct err *e)
{
    gsize size = base_maker_size(m->maker), used;
    void *map;
    enum st st;

    if (posix_fallocate(fd, 0, (off_t)size)) /* a full disk would kill us */
        return err_set(e, ST_RETRY, EXIT_IO, "there is no room for %s",
                       "similar.index");
    map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        return err_set(e, ST_RETRY, EXIT_IO, "similar.index: %s",
                       g_strerror(errno));
    base_maker_begin(m->maker, map, (guint64)dropped);
    m->filling = TRUE;
    st = reg_fingerprints(reg, 0, make_row, m, e);
    used = st == ST_OK ? base_maker_end(m->maker) : size;
    munmap(map, size);
    if (st == ST_OK && ftruncate(fd, (off_t)used))
        st = err_set(e, ST_RETRY, EXIT_IO, "similar.index: %s",
                     g_strerror(errno));
    return st;
}

/* One snapshot of the register for both times. */
static enum st
make_in(struct intake *i, int fd, struct err *e)
{
    struct making m = {0};
    gint64 n = 0, bytes = 0, dropped = 0;
    enum st st = reg_fingerprints_dropped(i->reg, &dropped, e);

    if (st == ST_OK)
        st = reg_fingerprints_count(i->reg, &n, &bytes, e);
    if (st != ST_OK)
        return st;
    m.maker = base_maker_new((guint32)n, (guint64)bytes / sizeof(guint32));
    st = reg_fingerprints(i->reg, 0, make_row, &m, e);
    if (st == ST_OK)
        st = fill(&m, i->reg, fd, dropped, e);
    base_maker_free(m.maker);
    return st;
}

static enum st
make_file(struct intake *i, const char *temporary, struct err *e)
{
    int fd = open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    enum st st;

    if (fd < 0)
        return err_set(e, ST_RETRY, EXIT_IO, "cannot write %s: %s", temporary,
                       g_strerror(errno));
    st = reg_begin_reading(i->reg, e);
    if (st == ST_OK)
        st = make_in(i, fd, e);
    reg_rollback(i->reg);
    close(fd);
    return st;
}

static enum st
make(struct intake *i, struct err *e)
{
    g_autofree char *path = file_path(i);
    g_autofree char *temporary =
        g_strdup_printf("%s.%ld.tmp", path, (long)getpid());
    enum st st = make_file(i, temporary, e);

    step("similar");
    if (st == ST_OK)
        st = file_publish(temporary, path, e);
    if (st != ST_OK)
        unlink(temporary);
    g_clear_pointer(&i->similar, similar_free);
    return st;
}

enum st
similar_index_settle(struct intake *i, gboolean idle, struct err *e)
{
    guint tail, all;

    if (!i->similar)
        return ST_OK;
    tail = fingerprint_index_tail(i->similar->index);
    all = fingerprint_index_drafts(i->similar->index);
    if (tail <= (idle ? TAIL_IDLE : TAIL_BUSY) ||
        tail <= all / (idle ? PART_IDLE : PART_BUSY))
        return ST_OK;
    return make(i, e);
}

/* ---- 清除 ---- */

static enum st
overwrite(const char *path, int fd, struct err *e)
{
    static const char zeros[65536];
    struct stat sb;
    gint64 left = fstat(fd, &sb) == 0 ? sb.st_size : -1;

    while (left > 0) {
        ssize_t n = write(fd, zeros, MIN((gsize)left, sizeof zeros));

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        left -= n;
    }
    if (left != 0 || fsync(fd))
        return err_set(e, ST_RETRY, EXIT_IO, "cannot overwrite %s: %s", path,
                       g_strerror(errno));
    return ST_OK;
}

enum st
similar_index_forget(const struct intake *i, struct err *e)
{
    g_autofree char *path = file_path(i);
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    enum st st;

    if (fd < 0 && errno == ENOENT)
        return ST_OK;
    if (fd < 0)
        return err_set(e, ST_RETRY, EXIT_IO, "cannot open %s: %s", path,
                       g_strerror(errno));
    st = overwrite(path, fd, e);
    close(fd);
    if (st == ST_OK && unlink(path))
        st = err_set(e, ST_RETRY, EXIT_IO, "cannot delete %s: %s", path,
                     g_strerror(errno));
    return st;
}

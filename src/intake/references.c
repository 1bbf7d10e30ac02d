/* references.c - see references.h. */
#include "intake/references.h"

#include "base/file.h"
#include "base/log.h"
#include "draft/fingerprint.h"
#include "register/fingerprints.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { DEEPEST = 8 }; /* folders in folders */

/* ---- what lies in the folder ---- */

struct walk {
    const char *root;
    GHashTable *files; /* name under root -> struct reg_reference */
};

static void
add_file(struct walk *w, const char *name, const struct stat *sb)
{
    struct reg_reference *r = g_new0(struct reg_reference, 1);

    r->name = g_strdup(name);
    r->size = (gint64)sb->st_size;
    r->modified = (gint64)sb->st_mtime;
    g_hash_table_insert(w->files, r->name, r);
}

static enum st
walk_folder(struct walk *w, const char *name, int depth, struct err *e);

/* A name that is not UTF-8 could not be shown; links may lead in circles. */
static enum st
walk_entry(struct walk *w, const char *name, int depth, struct err *e)
{
    g_autofree char *path = g_build_filename(w->root, name, NULL);
    struct stat sb;

    if (!g_utf8_validate(name, -1, NULL) || lstat(path, &sb) != 0)
        return ST_OK;
    if (S_ISDIR(sb.st_mode) && depth < DEEPEST)
        return walk_folder(w, name, depth + 1, e);
    if (S_ISREG(sb.st_mode) && sb.st_size > 0)
        add_file(w, name, &sb);
    return ST_OK;
}

static enum st
walk_folder(struct walk *w, const char *name, int depth, struct err *e)
{
    g_autofree char *path = g_build_filename(w->root, name, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *entry;
    enum st st = ST_OK;

    if (!dir)
        return err_set(e, ST_RETRY, EXIT_IO, "cannot look into %s: %s", path,
                       g_strerror(errno));
    while (st == ST_OK && (entry = g_dir_read_name(dir)) != NULL) {
        g_autofree char *below =
            *name ? g_build_filename(name, entry, NULL) : g_strdup(entry);

        if (entry[0] != '.' && entry[0] != '~')
            st = walk_entry(w, below, depth, e);
    }
    return st;
}

/* ---- one text ---- */

struct text {
    char *text; /* NULL: none */
    struct fingerprint print;
    GBytes *packed; /* NULL: nothing to compare */
};

static void
text_clear(struct text *t)
{
    g_free(t->text);
    fingerprint_clear(&t->print);
    g_clear_pointer(&t->packed, g_bytes_unref);
}

static void
take_print(struct text *t)
{
    struct plain plain;

    plain_of(t->text, &plain);
    fingerprint_of(&plain, &t->print);
    if (t->print.n > 0)
        t->packed = fingerprint_pack(&t->print);
    plain_clear(&plain);
}

/* Why there is no text to compare with, or NULL. */
static const char *
take_text(struct reader_result *r, struct text *out)
{
    struct reading_file *f;

    if (r->outcome != READER_READ)
        return r->cause;
    if (r->reading->secrecy != SECRECY_NONE)
        return "it bears a marking of secrecy";
    f = r->reading->files->len ? r->reading->files->pdata[0] : NULL;
    if (!f || !f->text)
        return f ? file_state_name(f->state) : "no-text";
    out->text = g_steal_pointer(&f->text);
    take_print(out);
    return out->packed ? NULL : "too short";
}

static void
log_left_out(const struct reg_reference *r, const char *why)
{
    log_event(LOG_WARN, "reference-left-out", "file", r->name, "cause", why,
              NULL);
}

static enum st
read_text(struct intake *i, const struct reg_reference *r, struct text *out,
          struct err *e)
{
    gint64 limit = i->office->config->size_limit;
    g_autofree char *path =
        g_build_filename(i->office->config->references, r->name, NULL);
    g_autofree char *data = NULL;
    struct reader_result result = {0};
    const char *why;
    size_t len = 0;
    enum st st;

    if (r->size > limit) {
        log_left_out(r, "larger than size-limit");
        return ST_OK;
    }
    st = file_read(path, (size_t)limit, &data, &len, e);
    if (st != ST_OK)
        return st;
    st = reader_read(i->readers, (const guint8 *)data, len, READER_PUBLISHED,
                     &result, e);
    if (st != ST_OK)
        return st;
    why = take_text(&result, out);
    if (why)
        log_left_out(r, why);
    reader_result_clear(&result);
    return ST_OK;
}

static enum st
replace(struct intake *i, gint64 old, const struct reg_reference *r,
        const struct text *t, struct err *e)
{
    enum st st = reg_begin(i->reg, e);

    if (st == ST_OK && old)
        st = reg_reference_drop(i->reg, old, e);
    if (st == ST_OK && r)
        st =
            reg_reference_add(i->reg, r, t->text, t->print.whole, t->packed, e);
    return reg_end(i->reg, st, e);
}

/* What cannot be read now is tried again at the next look; the others do not
 * wait for it. */
static enum st
take_in(struct intake *i, gint64 old, const struct reg_reference *r,
        struct err *e)
{
    struct text t = {0};
    struct err why = ERR_INIT;
    enum st st = read_text(i, r, &t, &why);

    if (st == ST_OK) {
        st = replace(i, old, r, &t, e);
    } else if (st == ST_REJECT) {
        log_left_out(r, why.text);
        st = ST_OK;
    } else {
        *e = why;
    }
    text_clear(&t);
    return st;
}

/* ---- all ---- */

static gboolean
is_unchanged(const struct reg_reference *known, const struct reg_reference *r)
{
    return known->size == r->size && known->modified == r->modified;
}

/* What the register has, against the folder; what is left over is new. */
static enum st
compare_known(struct intake *i, GHashTable *files, struct err *e)
{
    g_autoptr(GPtrArray) known = NULL;
    enum st st = reg_references(i->reg, &known, e);

    for (guint n = 0; st == ST_OK && n < known->len; n++) {
        const struct reg_reference *k = known->pdata[n];
        const struct reg_reference *r = g_hash_table_lookup(files, k->name);

        if (!r)
            st = replace(i, k->id, NULL, NULL, e);
        else if (!is_unchanged(k, r))
            st = take_in(i, k->id, r, e);
        g_hash_table_remove(files, k->name);
    }
    return st;
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum st
take_new(struct intake *i, GHashTable *files, struct err *e)
{
    guint n = 0;
    g_autofree gpointer *names = g_hash_table_get_keys_as_array(files, &n);
    enum st st = ST_OK;

    qsort(names, n, sizeof *names, compare_names);
    for (guint k = 0; st == ST_OK && k < n && !intake_stopping(i); k++)
        st = take_in(i, 0, g_hash_table_lookup(files, names[k]), e);
    return st;
}

enum st
references_refresh(struct intake *i, struct err *e)
{
    g_autoptr(GHashTable) files = g_hash_table_new_full(
        g_str_hash, g_str_equal, NULL, (GDestroyNotify)reg_reference_free);
    struct walk w = {i->office->config->references, files};
    enum st st = ST_OK;

    if (w.root)
        st = walk_folder(&w, "", 0, e);
    if (st == ST_OK)
        st = compare_known(i, files, e);
    return st == ST_OK ? take_new(i, files, e) : st;
}

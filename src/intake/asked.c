/* asked.c - see asked.h. */
#include "intake/asked.h"

#include "intake/similar.h"
#include "rules/checks.h"

#include <string.h>

/* ---- what a draft is like ---- */

void
alike_clear(struct alike *l)
{
    g_clear_pointer(&l->draft, reg_draft_free);
    g_clear_pointer(&l->findings, g_ptr_array_unref);
}

static struct reg_draft *
draft_row(const struct incoming *a, const struct decision *d)
{
    struct reg_draft *row = reg_draft_new();
    const struct reading_file *f;

    row->words = d->words;
    if (d->draft < 0) {
        const char *body = a->reading->body ? a->reading->body : "";

        row->kind = g_strdup("body");
        row->text = g_strdup(body);
        row->bytes = g_bytes_new(body, strlen(body));
        return row;
    }
    f = g_ptr_array_index(a->reading->files, (guint)d->draft);
    row->name = g_strdup(f->name);
    row->kind = g_strdup(file_kind_name(f->kind));
    row->sha256 = g_strdup(f->sha256);
    row->bytes = f->bytes ? g_bytes_ref(f->bytes) : NULL;
    row->text = g_strdup(f->text);
    return row;
}

static GPtrArray *
unit_names(const struct fields *f)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint n = 0; n < f->units->len; n++)
        g_ptr_array_add(names, ((struct unit *)f->units->pdata[n])->short_name);
    return names;
}

enum st
alike_look(struct intake *i, const struct incoming *a, const struct decision *d,
           struct alike *l, struct err *e)
{
    g_autoptr(GPtrArray) units = NULL;

    if (l->draft)
        return ST_OK;
    units = unit_names(d->fields);
    l->draft = draft_row(a, d);
    return similar_find(i, l->draft, units, &l->findings, e);
}

/* alike_fn */
static gboolean
is_alike(const struct decision *d, void *user)
{
    struct asked *q = user;

    if (q->st == ST_OK)
        q->st = alike_look(q->i, q->a, d, q->alike, q->e);
    return q->st == ST_OK && q->alike->findings->len > 0;
}

/* ---- how many a unit has sent ---- */

static void
count_as(struct asked *q, const char *name, civil_day from, civil_day to,
         int *sum)
{
    int n = 0;

    if (q->st == ST_OK)
        q->st = reg_submission_count(q->i->reg, name, from, to, &n, q->e);
    *sum += n;
}

/* sent_fn: also what is kept under its former names. */
static int
count_sent(const struct unit *u, civil_day from, civil_day to, void *user)
{
    int sum = 0;

    count_as(user, u->short_name, from, to, &sum);
    for (guint n = 0; n < u->was->len; n++)
        if (strcmp(u->was->pdata[n], u->short_name) != 0)
            count_as(user, u->was->pdata[n], from, to, &sum);
    return sum;
}

gboolean
asked_by_checks(struct asked *q, struct decide_input *in)
{
    const struct pack *p = q->i->office->pack;

    in->asked_user = q;
    if (checks_ask(p, REASON_BUNCHING))
        in->sent = count_sent;
    if (q->alike && checks_ask(p, REASON_SIMILAR))
        in->alike = is_alike;
    return in->sent || in->alike;
}

/* do_publish.c - 通报, 发布, 更正. */
#include "desk/job.h"

#include "intake/due.h"
#include "intake/letters.h"
#include "intake/publication.h"
#include "intake/publish.h"
#include "register/publish.h"

gboolean
job_period_of(struct job *j, const char *word, struct period *out)
{
    const struct office *o = j->i->office;
    /* words are folded to lower case: 2019-q1, 2019-w07 */
    g_autofree char *upper = g_ascii_strup(word, -1);
    gboolean is_one =
        office_period(o, word, out) || office_period(o, upper, out);

    if (is_one && !office_period_is_slip(o, out))
        return TRUE;
    job_refuse(j, is_one ? "far-period" : "bad-period", job_fact("what", word));
    return FALSE;
}

gboolean
job_period(struct job *j, const char *usage, struct period *out)
{
    const char *word = order_take(j->o);

    if (word)
        return job_period_of(j, word, out);
    job_refuse(j, usage, NULL);
    return FALSE;
}

enum st
do_bulletin(struct job *j, struct err *e)
{
    g_autofree char *title = NULL;
    struct period p;
    enum st st;

    if (!job_period(j, "usage-period", &p))
        return ST_OK;
    st = due_bulletin_draft(j->i, &p, e);
    if (st != ST_OK)
        return st;
    title = publication_title(j->i->office, &p);
    return job_done(j, "bulletin-sent", job_fact("title", title));
}

/* What is published stays as it is, and only that can be corrected. */
static enum st
may_publish(struct job *j, const struct period *p, gboolean correct,
            gboolean *ok_out, struct err *e)
{
    g_autofree char *name = period_name(p);
    g_autofree char *printed = period_printed(p);
    g_autoptr(reg_bulletin) last = NULL;
    struct value *v;
    enum st st = reg_published(j->i->reg, publish_series(p), name, &last, e);

    *ok_out = st == ST_OK && correct == (last != NULL);
    if (st != ST_OK || *ok_out)
        return st;
    v = job_fact("period", printed);
    value_set_text(v, "code", name);
    return job_refuse(j, correct ? "not-published" : "published-already", v);
}

static enum st
publish(struct job *j, gboolean correct, struct err *e)
{
    const struct office *o = j->i->office;
    g_autoptr(GPtrArray) without = NULL;
    g_autofree char *title = NULL;
    struct value *v;
    struct period p;
    gboolean ok = FALSE;
    int sent = 0;
    enum st st;

    if (!job_period(j, "usage-period", &p))
        return ST_OK;
    if (!publish_is_over(o, &p)) {
        g_autofree char *printed = period_printed(&p);

        return job_refuse(j, "not-over", job_fact("period", printed));
    }
    st = may_publish(j, &p, correct, &ok, e);
    if (st == ST_OK && ok)
        st = publish_bulletin(j->i, &p, correct, &j->act, &sent, &without, e);
    if (st != ST_OK || !ok)
        return st;
    title = publication_title(o, &p);
    v = job_fact("title", title);
    value_set_int(v, "sent", sent);
    value_take_text(v, "without", letter_list(without));
    return job_done(j, correct ? "corrected-now" : "published-now", v);
}

enum st
do_publish(struct job *j, struct err *e)
{
    return publish(j, FALSE, e);
}

enum st
do_republish(struct job *j, struct err *e)
{
    return publish(j, TRUE, e);
}

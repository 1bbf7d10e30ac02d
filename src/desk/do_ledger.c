/* do_ledger.c - 台账: the register of a period, mailed to who asks. */
#include "desk/job.h"

#include "intake/ledgers.h"
#include "intake/letters.h"

static enum st
post_ledger(struct job *j, const struct period *p, const struct ledger_made *m,
            struct err *e)
{
    const struct office *o = j->i->office;
    const struct staff *who = config_staff_named(o->config, j->act.by);
    g_autoptr(value) v = value_map();
    g_autofree char *code = period_name(p);
    g_autofree char *ascii = g_strdup_printf("ledger-%s.xlsx", code);
    g_autofree char *period = period_printed(p);
    g_autofree char *file = g_strdup_printf("%s台账.xlsx", period);
    struct mail_attachment a = {file, ascii, LEDGER_TYPE, NULL, 0};
    struct post post = {.letter = LETTER_LEDGER,
                        .kind = MAIL_LEDGER,
                        .to = who->address,
                        .facts = v,
                        .attachments = &a,
                        .n_attachments = 1};

    a.data = g_bytes_get_data(m->workbook, &a.len);
    value_set_text(v, "name", who->name);
    value_set_text(v, "period", period);
    value_set_int(v, "count", m->rows);
    value_take_text(v, "made", letter_time(&o->clock, clock_now(&o->clock)));
    value_set_text(v, "file", file);
    return post_letter(j->i, &post, e);
}

enum st
do_ledger(struct job *j, struct err *e)
{
    struct ledger_made m = {0};
    struct period p;
    struct value *v;
    enum st st;

    if (!job_period(j, "usage-ledger", &p))
        return ST_OK;
    st = ledgers_make(j->i->office, j->i->reg, &p, &j->act, &m, e);
    if (st == ST_REJECT)
        return job_refuse(j, "ledger-too-many", NULL);
    if (st == ST_OK)
        st = post_ledger(j, &p, &m, e);
    v = value_map();
    value_take_text(v, "period", period_printed(&p));
    value_set_int(v, "count", m.rows);
    ledger_made_clear(&m);
    if (st != ST_OK) {
        value_free(v);
        return st;
    }
    return job_done(j, "ledger-sent", v);
}

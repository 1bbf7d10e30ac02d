/* do_ledger.c - 台账: the register of a period, mailed to who asks. */
#include "desk/job.h"

#include "draft/xlsx.h"
#include "intake/ledgers.h"

enum st
do_ledger(struct job *j, struct err *e)
{
    const struct staff *who =
        config_staff_named(j->i->office->config, j->act.by);
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
        st = ledgers_post(j->i, &p, &m, who, e);
    ledger_made_clear(&m);
    if (st != ST_OK)
        return st;
    v = value_map();
    value_take_text(v, "period", period_printed(&p));
    value_set_int(v, "count", m.rows);
    if (m.look_only)
        value_set_int(v, "look_only", XLSX_ROWS - 1);
    return job_done(j, "ledger-sent", v);
}

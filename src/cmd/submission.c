/* submission.c - see submission.h. */
#include "cmd/submission.h"

#include "intake/similar.h"
#include "register/mark.h"
#include "report/json.h"

char *
submission_units(const struct office *o, const struct reg_submission *s)
{
    GString *names = g_string_new(NULL);

    for (guint n = 0; n < s->credits->len; n++) {
        const struct reg_credit *k = g_ptr_array_index(s->credits, n);

        g_string_append_printf(names, "%s%s", n ? "、" : "",
                               office_unit_name(k->unit, (void *)o));
    }
    return g_string_free(names, FALSE);
}

static const char *
first_unit(const struct reg_submission *s)
{
    const struct reg_credit *k =
        s->credits->len ? g_ptr_array_index(s->credits, 0) : NULL;

    return k ? k->unit : NULL;
}

static void
write_marks(JsonBuilder *b, const GPtrArray *marks)
{
    json_builder_set_member_name(b, "marks");
    json_builder_begin_array(b);
    for (guint n = 0; n < marks->len; n++) {
        const struct reg_mark *m = g_ptr_array_index(marks, n);

        if (m->revoked)
            continue;
        json_builder_begin_object(b);
        json_text(b, "item", m->item);
        json_day(b, "date", m->day);
        json_decimal(b, "quantity", m->quantity);
        if (m->has_amount)
            json_decimal(b, "amount", m->amount);
        json_text(b, "unit", m->unit);
        json_text(b, "note", m->note);
        json_text(b, "by", m->by);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

void
finding_json(JsonBuilder *b, const struct reg_similar *f)
{
    json_text(b, "number", f->number);
    json_text(b, "unit", f->unit);
    json_text(b, "title", f->title);
    json_text(b, "reference", f->reference);
    json_int(b, "percent", similar_percent(f->here));
    json_int(b, "percent_of_other", similar_percent(f->there));
}

void
submission_json(JsonBuilder *b, const struct office *o,
                const struct reg_submission *s, const GPtrArray *marks)
{
    g_autofree char *names = submission_units(o, s);

    json_text(b, "number", s->number);
    json_time(b, "received", &o->clock, s->received);
    json_text(b, "title", s->title);
    json_text(b, "unit", first_unit(s));
    json_text(b, "unit_name", names);
    json_text(b, "submitter", s->submitter);
    json_words(b, "phones", s->phones);
    json_words(b, "extensions", s->extensions);
    json_text(b, "category", s->category);
    json_int(b, "words", s->words);
    json_text(b, "openness", s->openness);
    json_text(b, "status", reg_state_name(s->state));
    json_reasons(b, "notes", &s->notes);
    write_marks(b, marks);
}

/* Attempts at messages: none is read before its attempt is on the disk. */
#include "intake/look.h"

#include "intake/office.h"
#include "unit/register_fixture.h"

enum { MESSAGES = 400 };

struct scene {
    struct fixture *f;
    struct reg *other; /* what the next program would see */
    struct config config;
    struct office office;
    struct intake intake;
    struct look look;
};

static void
scene_start(struct scene *s)
{
    memset(s, 0, sizeof *s);
    s->f = fixture_new(REG_SERVE);
    MUST(reg_open(s->f->dir, REG_READ, NOW, &s->other, E));
    s->config.mailbox = (char *)"maildir:mailbox";
    s->office.config = &s->config;
    s->office.clock = (struct clock){.fixed = TRUE, .instant = NOW};
    s->intake = (struct intake){.office = &s->office, .reg = s->f->reg};
    s->look.i = &s->intake;
    s->look.todo = g_array_new(FALSE, TRUE, sizeof(struct message_ref));
    s->look.candidates = g_array_new(FALSE, TRUE, sizeof(struct candidate));
    for (guint n = 0; n < MESSAGES; n++) {
        struct message_ref ref = {.uid = n + 1, .validity = 1};
        struct candidate c = {0};

        g_array_append_val(s->look.todo, ref);
        g_array_append_val(s->look.candidates, c);
    }
}

static void
scene_end(struct scene *s)
{
    g_array_unref(s->look.todo);
    g_array_unref(s->look.candidates);
    reg_close(s->other);
    fixture_free(s->f);
}

/* Those that stand are those that a program would find after a kill now. */
static void
assert_stand(const struct scene *s, guint wanted)
{
    g_assert_cmpint(sql_number(s->other, "SELECT count(*) FROM claim"), ==,
                    wanted);
    for (guint n = 0; n < MESSAGES; n++)
        g_assert_cmpint(claims_stand(&s->look, n), ==, n < wanted);
}

/* A batch claims what comes behind it.  Until it is committed, a message that
 * it claims has to wait. */
static void
test_batch_under_way(void)
{
    struct scene s;

    scene_start(&s);
    assert_stand(&s, 0);
    MUST(claims_take(&s.look, 0, E));
    assert_stand(&s, 3 * LOOK_BATCH);
    s.look.taken = 2 * LOOK_BATCH;
    MUST(reg_begin(s.f->reg, E));
    MUST(claims_ahead(&s.look, E));
    s.look.committing = TRUE;
    assert_stand(&s, 3 * LOOK_BATCH);
    reg_commit_beside(s.f->reg);
    g_assert_false(claims_stand(&s.look, 3 * LOOK_BATCH));
    MUST(reg_commit_await(s.f->reg, E));
    s.look.committing = FALSE;
    assert_stand(&s, 4 * LOOK_BATCH);
    scene_end(&s);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/claims/F8r-batch-under-way", test_batch_under_way);
    return g_test_run();
}

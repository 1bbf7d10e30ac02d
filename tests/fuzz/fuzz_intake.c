/* fuzz_intake.c - what a reader that has been taken over may claim, as far as
 * it is believed, on its whole way: decided, recorded, answered.  Whatever
 * it claims, the register takes it, and nobody is written to but who wrote,
 * and staff.
 *
 * Messages, each from one line "@@" to the next.  Every other line is a claim,
 * named by its first character, or one of the body; "O..." says how the
 * message arrived (h: its header says so, too), and in the first line with a 2
 * that it is the second office to which all come. */
#include "base/text.h"
#include "fuzz/fuzz_office.h"
#include "intake/incoming.h"
#include "intake/notices.h"
#include "message/mail.h"
#include "register/outbox.h"

enum { MESSAGES = 5, OFFICES = 2, MAILS_MOST = 100 };

#define ZHANG "zm@tancheng.example"

/* In the second nobody's mail is ever proven, so that staff are sent codes. */
static struct office_tried {
    const char *config, *beginning, *now;
    gint64 received;
    struct intake flow;
} offices[OFFICES] = {
    {.config = "office: 郯城县人民政府办公室信息科\nrules: tancheng-2019\n"
               "mailbox: maildir:in\noutgoing: maildir:out\n"
               "address: xxk@mail.tancheng.example\ndata: data-1\n"
               "trusted-authserv: [mx.tancheng.example]\nstaff:\n"
               "  - {name: 王芳, address: " WANG "}\n",
     .beginning = "补录 财政局 财政资金直达基层 2019-03-05\n"
                  "补录 税务局 减税降费政策落地 2019-03-06\n"
                  "信息员 财政局 张敏 " ZHANG " 0539-6201001\n"
                  "约稿 春耕备播\n截止：2019-03-29\n单位：财政局、税务局\n\n",
     .now = "2019-03-20T17:00:00+08:00",
     .received = 1553072400},
    {.config = OFFICE_OF_EVERYTHING("data-2"),
     .beginning = "补录 云山县 春耕备播有序推进 2024-05-06\n"
                  "约稿 防汛备汛\n截止：2024-05-20\n层级：省\n"
                  "单位：云山县、云水县\n\n",
     .now = "2024-05-15T09:00:00+08:00",
     .received = 1715734800}};

static void
remove_data(void)
{
    for (int n = 0; n < OFFICES; n++)
        office_remove(&offices[n].flow);
}

static void
furnish(struct office_tried *o)
{
    office_open(&o->flow, o->config, o->now);
    office_begin(&o->flow);
    office_obey_all(&o->flow, o->beginning);
    office_commit(&o->flow);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    mail_init();
    atexit(remove_data);
    for (int n = 0; n < OFFICES; n++)
        furnish(&offices[n]);
    return 0;
}

/* ---- the claims ---- */

static struct reading_address *
new_address(const char *text)
{
    struct reading_address *a = g_new0(struct reading_address, 1);
    const char *bracket = strchr(text, '<');

    a->address = g_strdup(bracket ? bracket + 1 : text);
    a->name = bracket ? g_strndup(text, (gsize)(bracket - text)) : NULL;
    return a;
}

static struct reading_trace *
new_trace(const char *text)
{
    struct reading_trace *t = g_new0(struct reading_trace, 1);

    t->is_auth = *text == '!';
    t->value = g_strdup(t->is_auth ? text + 1 : text);
    return t;
}

static void
set(char **where, const char *text)
{
    g_free(*where);
    *where = g_strdup(text);
}

static void
add_line(char **where, const char *text)
{
    g_autofree char *before = *where;

    *where = before ? g_strconcat(before, "\n", text, NULL) : g_strdup(text);
}

/* Of the file that was begun last. */
static void
claim_of_file(struct reading_file *f, char key, const char *text)
{
    switch (key) {
    case 'o':
        set(&f->other_name, text);
        break;
    case 'y':
        set(&f->type, text);
        break;
    case 'h':
        set(&f->sha256, text);
        break;
    case 'x':
        add_line(&f->text, text);
        break;
    case 'e':
        set(&f->openness, text);
        break;
    case 'w':
        f->words = atoi(text);
        break;
    case 'K': /* kind, state, and what else is odd about it */
        f->kind = (enum file_kind)(text[0] ? text[0] - 'a' : 0);
        f->state = (enum file_state)(text[0] && text[1] ? text[1] - 'a' : 0);
        f->nested = strchr(text, '+') != NULL;
        f->incomplete = strchr(text, '-') != NULL;
        break;
    default: /* 'z': the bytes */
        g_clear_pointer(&f->bytes, g_bytes_unref);
        f->bytes = g_bytes_new(text, strlen(text));
        f->size = (gint64)strlen(text);
    }
}

static void
begin_file(struct reading *r, const char *name)
{
    struct reading_file *f = reading_file_new();

    f->name = *name ? g_strdup(name) : NULL;
    g_ptr_array_add(r->files, f);
}

/* machine, secrecy (each a letter), flags */
static void
claim_nature(struct reading *r, const char *text)
{
    r->machine = (enum machine)(text[0] ? text[0] - 'a' : 0);
    r->secrecy = (enum secrecy)(text[0] && text[1] ? text[1] - 'a' : 0);
    if (text[0] && text[1])
        r->flags = (unsigned)g_ascii_strtoull(text + 2, NULL, 10);
    r->bounce_permanent = strchr(text, '!') != NULL;
}

static gboolean
claim_string(struct reading *r, char key, const char *text)
{
    const struct {
        char key;
        char **where;
    } strings[] = {{'s', &r->subject},      {'M', &r->machine_reason},
                   {'S', &r->sender},       {'p', &r->return_path},
                   {'i', &r->message_id},   {'d', &r->was_date},
                   {'b', &r->bounced_id},   {'B', &r->bounce_action},
                   {'c', &r->bounce_cause}, {'I', &r->identity},
                   {'H', &r->raw_hash}};

    for (size_t n = 0; n < G_N_ELEMENTS(strings); n++) {
        if (strings[n].key == key) {
            set(strings[n].where, text);
            return TRUE;
        }
    }
    return FALSE;
}

static void
claim(struct reading *r, const char *line)
{
    const char key = *line, *text = key ? line + 1 : line;

    if (claim_string(r, key, text))
        return;
    if (key == 'f')
        g_ptr_array_add(r->from, new_address(text));
    else if (key == 't')
        g_ptr_array_add(r->to, new_address(text));
    else if (key == 'r')
        g_ptr_array_add(r->reply_to, new_address(text));
    else if (key == 'R')
        g_ptr_array_add(r->references, g_strdup(text));
    else if (key == 'A')
        g_ptr_array_add(r->trace, new_trace(text));
    else if (key == 'm')
        claim_nature(r, text);
    else if (key == 'n')
        begin_file(r, text);
    else if (key && strchr("oyhxewKz", key) && r->files->len > 0)
        claim_of_file(r->files->pdata[r->files->len - 1], key, text);
    else if (key == 'q')
        add_line(&r->body, text);
    else
        add_line(&r->own_text, line);
}

/* As it is believed; NULL: it is not. */
static struct reading *
believed(const struct reading *r)
{
    g_autoptr(GVariant) v = g_variant_ref_sink(reading_to_variant(r));

    return reading_from_variant(v);
}

/* One message: what is claimed of it, and how it came. */
struct arrival {
    struct reading *claimed;
    gboolean old, silent, renumbered, released, dragged_back;
    gboolean is_true; /* the header that was fetched says the same */
};

static void
arrive(struct arrival *a, const char *how)
{
    a->old |= strchr(how, 'o') != NULL;
    a->silent |= strchr(how, 's') != NULL;
    a->renumbered |= strchr(how, 'n') != NULL;
    a->released |= strchr(how, 'r') != NULL;
    a->dragged_back |= strchr(how, 'k') != NULL;
    a->is_true |= strchr(how, 'h') != NULL;
}

/* The lines up to the next "@@". */
static void
next_arrival(char ***lines, struct arrival *out)
{
    struct reading *r = reading_new();

    for (; **lines && strcmp(**lines, "@@") != 0; (*lines)++) {
        if (***lines == 'O')
            arrive(out, **lines);
        else
            claim(r, **lines);
    }
    if (**lines)
        (*lines)++;
    if (!r->body)
        r->body = g_strdup(r->own_text);
    out->claimed = r;
}

/* ---- what becomes of them ---- */

/* Only of a mail that may be answered at all. */
static void
note_author(const struct reading *r, GHashTable *authors)
{
    const char *author = reading_author(r);

    if (author && r->machine == MACHINE_NO)
        g_hash_table_add(authors, g_strdup(author));
}

static void
put_addresses(GString *out, const char *name, const GPtrArray *addresses)
{
    if (addresses->len == 0)
        return;
    g_string_append(out, name);
    for (guint i = 0; i < addresses->len; i++) {
        const struct reading_address *a = addresses->pdata[i];

        g_string_append_printf(out, "%s <%s>", i ? "," : "",
                               a->address ? a->address : "");
    }
    g_string_append_c(out, '\n');
}

/* A header that says what is claimed. */
static void
keep_header_of(struct incoming *a, const struct reading *r)
{
    g_autoptr(GString) s = g_string_new(NULL);

    for (guint i = 0; i < r->trace->len; i++) {
        const struct reading_trace *t = r->trace->pdata[i];

        g_string_append_printf(
            s, "%s: %s\n", t->is_auth ? "Authentication-Results" : "Received",
            t->value);
    }
    put_addresses(s, "From:", r->from);
    put_addresses(s, "To:", r->to);
    if (r->sender)
        g_string_append_printf(s, "Sender: %s\n", r->sender);
    incoming_keep_header(a, (const guint8 *)s->str, s->len);
}

static struct incoming *
incoming_of(const struct office_tried *o, const struct arrival *from,
            const char *key, gint64 last)
{
    struct incoming *a = incoming_new();

    a->place = (struct reg_place){.mailbox = "maildir:in", .key = key};
    a->ref.received = o->received;
    a->ref.size = 1000;
    a->settled = TRUE;
    a->old = from->old;
    a->silent = from->silent;
    a->renumbered = from->renumbered;
    a->released = from->released;
    a->known = from->dragged_back ? last : 0;
    a->reading = believed(from->claimed);
    a->outcome = a->reading ? READER_READ : READER_LIED;
    a->cause = a->reading ? NULL : "malformed-answer";
    if (a->reading && from->is_true)
        keep_header_of(a, a->reading);
    return a;
}

/* Its id in the register. */
static gint64
take_in(struct office_tried *o, const struct arrival *from, int n, gint64 last,
        GHashTable *authors)
{
    g_autofree char *key = g_strdup_printf("%d.M1.host", n);
    struct incoming *a = incoming_of(o, from, key, last);
    gboolean marked = a->reading && a->reading->secrecy != SECRECY_NONE;
    struct recorded done = {0};
    struct err e = ERR_INIT;
    gint64 id;

    if (a->reading && !a->old && !a->silent)
        note_author(a->reading, authors);
    if (record_incoming(&o->flow, a, &done, &e) != ST_OK ||
        notices_post(&o->flow, a, &done, &e) != ST_OK)
        office_fail(&e);
    id = done.message;
    FUZZ_MUST(id > 0);
    FUZZ_MUST(a->reading || done.verdict == VERDICT_HELD || done.again);
    FUZZ_MUST(!marked || done.verdict == VERDICT_QUARANTINED);
    FUZZ_MUST(a->header || done.again || done.verdict != VERDICT_COMMAND ||
              o != offices);
    recorded_clear(&done);
    incoming_free(a);
    return id;
}

/* The author, staff, or an informant, whom a registered one may name. */
static gboolean
may_be_written_to(const struct office_tried *o, GHashTable *authors,
                  const char *address)
{
    const struct office *here = o->flow.office;

    return strcmp(address, WANG) == 0 ||
           g_hash_table_contains(authors, address) ||
           roster_informant(here->pack->roster, address,
                            clock_today(&here->clock), NULL, NULL, NULL);
}

/* Asked after each message: an informant who was told may be struck off the
 * list by the next. */
static void
check_letters(struct office_tried *o, GHashTable *authors)
{
    g_autoptr(GPtrArray) mails = NULL;
    struct err e = ERR_INIT;

    if (reg_mail_due(o->flow.reg, G_MAXINT64, &mails, MAILS_MOST, &e) != ST_OK)
        office_fail(&e);
    for (guint n = 0; n < mails->len; n++) {
        const struct reg_mail *m = mails->pdata[n];

        fuzz_line(m->subject);
        if (m->message == 0)
            continue;
        FUZZ_MUST(may_be_written_to(o, authors, m->to));
        g_hash_table_add(authors, g_strdup(m->to));
    }
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    g_autofree char *text = text_clean((const char *)data, len);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GHashTable) authors =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gboolean second = lines[0] && *lines[0] == 'O' && strchr(lines[0], '2');
    struct office_tried *o = &offices[second ? 1 : 0];
    char **at = lines;
    gint64 last = 0;

    office_begin(&o->flow);
    for (int n = 0; *at && n < MESSAGES; n++) {
        struct arrival a = {0};

        next_arrival(&at, &a);
        last = take_in(o, &a, n, last, authors);
        check_letters(o, authors);
        reading_free(a.claimed);
    }
    office_forget(&o->flow);
    return 0;
}

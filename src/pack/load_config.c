/* load_config.c - baosong.yaml -> struct config. */
#include "pack/load_config.h"

#include "base/address.h"
#include "base/i18n.h"
#include "mailbox/url.h"
#include "pack/load.h"

#include <stddef.h>
#include <string.h>

#define DAY_SECONDS 86400
#define LEDGER_AT (8 * 60 + 30) /* the office opens */
#define MB ((gint64)1024 * 1024)

struct configuring {
    struct config *c;
    struct problems *ps;
    const struct node *top;
    char *folder;      /* of the file: where relative paths begin */
    const char *share; /* or NULL */
};

static const char *const tls_words[] = {"none", NULL};
static const char *const return_words[] = {"null", "own", NULL};

/* clang-format off */
#define MUST TRUE
#define MAY FALSE
static const struct field staff_fields[] = {
    {"name", FIELD_NAME, MUST, NULL, NULL},
    {"address", FIELD_NAME, MUST, NULL, NULL},
    {NULL, FIELD_TEXT, MAY, NULL, NULL}};

static const struct field config_fields[] = {
    {"office", FIELD_NAME, MUST, NULL, NULL},
    {"rules", FIELD_NAME, MUST, NULL, NULL},
    {"mailbox", FIELD_NAME, MUST, NULL, NULL},
    {"outgoing", FIELD_NAME, MUST, NULL, NULL},
    {"password-file", FIELD_NAME, MAY, NULL, NULL},
    {"password-command", FIELD_NAME, MAY, NULL, NULL},
    {"outgoing-password-file", FIELD_NAME, MAY, NULL, NULL},
    {"outgoing-password-command", FIELD_NAME, MAY, NULL, NULL},
    {"address", FIELD_NAME, MUST, NULL, NULL},
    {"data", FIELD_NAME, MUST, NULL, NULL},
    {"staff", FIELD_MAPS, MUST, NULL, staff_fields},
    {"timezone", FIELD_NAME, MAY, NULL, NULL},
    {"phone", FIELD_NAME, MAY, NULL, NULL},
    {"tls-ca", FIELD_NAME, MAY, NULL, NULL},
    {"tls", FIELD_WORD, MAY, tls_words, NULL},
    {"trusted-authserv", FIELD_SOME, MAY, NULL, NULL},
    {"own-hosts", FIELD_SOME, MAY, NULL, NULL},
    {"answer-since", FIELD_NAME, MAY, NULL, NULL},
    {"size-limit", FIELD_SIZE, MAY, NULL, NULL},
    {"poll-interval", FIELD_TIME, MAY, NULL, NULL},
    {"alert-after", FIELD_COUNT, MAY, NULL, NULL},
    {"alert-address", FIELD_SOME, MAY, NULL, NULL},
    {"secrecy-officers", FIELD_SOME, MAY, NULL, NULL},
    {"replies-per-day", FIELD_COUNT, MAY, NULL, NULL},
    {"replies-per-hour", FIELD_COUNT, MAY, NULL, NULL},
    {"disk-floor", FIELD_SIZE, MAY, NULL, NULL},
    {"outgoing-connections", FIELD_COUNT, MAY, NULL, NULL},
    {"return-path", FIELD_WORD, MAY, return_words, NULL},
    {"holidays", FIELD_NAME, MAY, NULL, NULL},
    {"ledger-at", FIELD_NAME, MAY, NULL, NULL},
    {"reference-texts", FIELD_NAME, MAY, NULL, NULL},
    {NULL, FIELD_TEXT, MAY, NULL, NULL}};
/* clang-format on */

/* ---- paths ---- */
static char *
absolute(const struct configuring *g, const char *path)
{
    return g_canonicalize_filename(path, g->folder);
}

static char *
read_path(const struct configuring *g, const char *key)
{
    const char *path = read_text(g->top, key);

    return path ? absolute(g, path) : NULL;
}

static void
must_exist(const struct configuring *g, const char *key, const char *path)
{
    if (path && !g_file_test(path, G_FILE_TEST_IS_REGULAR))
        problem_at(g->ps, node_get(g->top, key), _("there is no file %s"),
                   path);
}

static void
load_references(struct configuring *g)
{
    g->c->references = read_path(g, "reference-texts");
    if (g->c->references && !g_file_test(g->c->references, G_FILE_TEST_IS_DIR))
        problem_at(g->ps, node_get(g->top, "reference-texts"),
                   _("there is no folder %s"), g->c->references);
}

/* ---- rules ---- */

/* The pack under a folder: the folder itself, or in its mailrules/. */
static char *
rules_under(const char *folder, const char *name)
{
    g_autofree char *plain = g_canonicalize_filename(name, folder);
    g_autofree char *packs = g_build_filename(folder, "mailrules", NULL);
    g_autofree char *inside = g_canonicalize_filename(name, packs);
    g_autofree char *plain_pack = g_build_filename(plain, "pack.yaml", NULL);
    g_autofree char *inside_pack = g_build_filename(inside, "pack.yaml", NULL);

    if (g_file_test(plain, G_FILE_TEST_IS_REGULAR) ||
        g_file_test(plain_pack, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer(&plain);
    if (g_file_test(inside_pack, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer(&inside);
    return NULL;
}

/* Names of the packs that are there, to suggest one. */
static void
list_packs(const char *folder, GPtrArray *out)
{
    g_autofree char *packs = g_build_filename(folder, "mailrules", NULL);
    g_autoptr(GDir) dir = g_dir_open(packs, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir)))
        g_ptr_array_add(out, g_strdup(name));
}

static void
no_rules(const struct configuring *g, const struct node *n)
{
    g_autoptr(GPtrArray) packs = g_ptr_array_new_with_free_func(g_free);
    const char *near;

    list_packs(g->folder, packs);
    if (g->share)
        list_packs(g->share, packs);
    near = nearest_in(n->text, packs);
    if (near)
        problem_at(g->ps, n,
                   _("no pack.yaml is found for \"%s\"; did you mean \"%s\"?"),
                   n->text, near);
    else
        problem_at(g->ps, n,
                   _("no pack.yaml is found for \"%s\": a folder with one is "
                     "expected, or the name of one in mailrules/"),
                   n->text);
}

char *
pack_find(const char *folder, const char *share, const char *name)
{
    char *found = rules_under(folder, name);

    return found || !share ? found : rules_under(share, name);
}

static void
load_rules(struct configuring *g)
{
    const struct node *n = node_get(g->top, "rules");

    g->c->rules = pack_find(g->folder, g->share, n->text);
    if (!g->c->rules)
        no_rules(g, n);
}

/* ---- servers ---- */
static void
check_scheme(const struct configuring *g, const struct node *n,
             const struct server_url *url, gboolean incoming)
{
    gboolean imap = url->scheme == SCHEME_IMAP || url->scheme == SCHEME_IMAPS;

    if (imap != incoming)
        problem_at(g->ps, n,
                   incoming
                       ? _("\"%s\": imaps://, imap:// or maildir: is expected")
                       : _("\"%s\": smtps://, smtp:// or maildir: is expected"),
                   n->text);
    else if (incoming && !url->user)
        problem_at(
            g->ps, n,
            _("\"%s\" says no user: imaps://user@host/INBOX is expected"),
            n->text);
}

static void
check_tls(const struct configuring *g, const struct server_url *url)
{
    const struct node *tls = node_get(g->top, "tls");

    if (tls && !server_url_is_loopback(url))
        problem_at(g->ps, tls,
                   _("tls: none is for a server on this machine only, and %s "
                     "is not"),
                   url->host);
}

/* A password is needed to log in; who needs one must say where it is. */
static void
check_password(const struct configuring *g, const struct node *n,
               const struct server_url *url, gboolean incoming)
{
    const struct config *c = g->c;

    if (!url->user || c->password_file || c->password_command ||
        (!incoming &&
         (c->outgoing_password_file || c->outgoing_password_command)))
        return;
    problem_at(g->ps, n,
               _("password-file or password-command is missing: %s asks for a "
                 "password"),
               url->host);
}

static char *
load_server(const struct configuring *g, const char *key, gboolean incoming)
{
    const struct node *n = node_get(g->top, key);
    const char *path = maildir_url_path(n->text);
    struct server_url url;
    struct err e = ERR_INIT;

    if (path) {
        g_autofree char *whole = absolute(g, path);

        return g_strconcat("maildir:", whole, NULL);
    }
    if (server_url_parse(n->text, &url, &e) != ST_OK) {
        problem_at(g->ps, n, "%s", e.text);
        return NULL;
    }
    check_scheme(g, n, &url, incoming);
    check_tls(g, &url);
    check_password(g, n, &url, incoming);
    server_url_clear(&url);
    return g_strdup(n->text);
}

/* What lies in the service's own folder is looked for when it is needed. */
static char *
read_secret_path(const struct configuring *g, const char *key)
{
    const char *path = read_text(g->top, key);

    return path && g_str_has_prefix(path, CONFIG_CREDENTIALS)
               ? g_strdup(path)
               : read_path(g, key);
}

static void
load_passwords(struct configuring *g)
{
    static const char *const pairs[][2] = {
        {"password-file", "password-command"},
        {"outgoing-password-file", "outgoing-password-command"}};
    struct config *c = g->c;

    c->password_file = read_secret_path(g, "password-file");
    c->password_command = read_copy(g->top, "password-command");
    c->outgoing_password_file = read_secret_path(g, "outgoing-password-file");
    c->outgoing_password_command =
        read_copy(g->top, "outgoing-password-command");
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (node_get(g->top, pairs[i][0]) && node_get(g->top, pairs[i][1]))
            problem_at(g->ps, node_key(g->top, pairs[i][1]),
                       _("%s or %s, not both"), pairs[i][0], pairs[i][1]);
}

static void
load_servers(struct configuring *g)
{
    struct config *c = g->c;

    load_passwords(g);
    c->tls_none = node_get(g->top, "tls") != NULL;
    c->tls_ca = read_path(g, "tls-ca");
    must_exist(g, "tls-ca", c->tls_ca);
    c->mailbox = load_server(g, "mailbox", TRUE);
    c->outgoing = load_server(g, "outgoing", FALSE);
    if (c->mailbox && c->outgoing && strcmp(c->mailbox, c->outgoing) == 0)
        problem_at(g->ps, node_get(g->top, "outgoing"),
                   _("outgoing is the mailbox itself: replies would be read as "
                     "submissions; name another Maildir"));
}

/* ---- people ---- */
static char *
load_address(const struct configuring *g, const struct node *n)
{
    char *address = g_strdup(n->text);

    if (!address_valid(n->text))
        problem_at(g->ps, n,
                   _("\"%s\" is not an e-mail address such as "
                     "name@example.gov.cn"),
                   n->text);
    for (char *p = strchr(address, '@'); p && *p; p++)
        *p = g_ascii_tolower(*p);
    return address;
}

static void
check_staff(const struct configuring *g, const struct node *map,
            const struct staff *s)
{
    if (config_staff_named(g->c, s->name))
        problem_at(g->ps, node_get(map, "name"), _("\"%s\" is there twice"),
                   s->name);
    if (config_staff_at(g->c, s->address))
        problem_at(g->ps, node_get(map, "address"), _("\"%s\" is there twice"),
                   s->address);
    if (g_ascii_strcasecmp(s->address, g->c->address) == 0)
        problem_at(g->ps, node_get(map, "address"),
                   _("\"%s\" is the office's own address, whose mail is never "
                     "read as a command; staff have their own"),
                   s->address);
}

static void
load_staff(struct configuring *g)
{
    const struct node *list = node_get(g->top, "staff");

    if (list->items->len == 0)
        problem_at(g->ps, list, _("the list \"%s\" is empty"), "staff");
    for (guint i = 0; i < list->items->len; i++) {
        const struct node *map = list->items->pdata[i];
        struct staff *s = g_new0(struct staff, 1);

        s->name = read_copy(map, "name");
        s->address = load_address(g, node_get(map, "address"));
        check_staff(g, map, s);
        g_ptr_array_add(g->c->staff, s);
    }
}

/* The addresses under a key, or those of all staff. */
static GStrv
load_addresses(const struct configuring *g, const char *key)
{
    g_autoptr(GStrvBuilder) out = g_strv_builder_new();
    const struct node *n = node_get(g->top, key);
    guint count = n && n->kind == NODE_LIST ? n->items->len : n != NULL;

    for (guint i = 0; i < count; i++) {
        g_autofree char *address =
            load_address(g, n->kind == NODE_LIST ? n->items->pdata[i] : n);

        g_strv_builder_add(out, address);
    }
    for (guint i = 0; !n && i < g->c->staff->len; i++)
        g_strv_builder_add(out,
                           ((struct staff *)g->c->staff->pdata[i])->address);
    return g_strv_builder_end(out);
}

static void
load_people(struct configuring *g)
{
    const struct node *own = node_get(g->top, "address");

    g->c->address = load_address(g, own);
    if (!g_str_is_ascii(g->c->address))
        problem_at(g->ps, own,
                   _("\"%s\" is not all ASCII: most servers would take no "
                     "letter from it; give the office an address that is"),
                   g->c->address);
    load_staff(g);
    g->c->alert_addresses = load_addresses(g, "alert-address");
    g->c->secrecy_officers = load_addresses(g, "secrecy-officers");
    g->c->trusted_authserv = read_names(g->top, "trusted-authserv");
    g->c->own_hosts = read_names(g->top, "own-hosts");
}

/* ---- numbers ---- */
struct limit {
    const char *key;
    gint64 otherwise, least, most;
    size_t at; /* of the gint64, or int, in struct config */
    gint64 of; /* how many of the unit that bounds are said in */
    const char *unit;
};

static const struct limit sizes[] = {
    {"size-limit", 25 * MB, MB / 10, 1024 * MB,
     offsetof(struct config, size_limit), MB, " MB"},
    {"disk-floor", 200 * MB, 0, G_MAXINT64, offsetof(struct config, disk_floor),
     MB, " MB"},
};

static const struct limit counts[] = {
    {"alert-after", 3, 1, 1000, offsetof(struct config, alert_after), 1, ""},
    {"replies-per-day", 20, 1, 100000, offsetof(struct config, replies_per_day),
     1, ""},
    {"replies-per-hour", 200, 1, 1000000,
     offsetof(struct config, replies_per_hour), 1, ""},
    {"outgoing-connections", 2, 1, 20,
     offsetof(struct config, outgoing_connections), 1, ""},
};

static const struct limit interval = {"poll-interval",
                                      60,
                                      5,
                                      DAY_SECONDS,
                                      offsetof(struct config, poll_interval),
                                      1,
                                      " s"};

static gint64
within(const struct configuring *g, const struct limit *limit, gint64 n)
{
    if (n < limit->least || n > limit->most)
        problem_at(g->ps, node_get(g->top, limit->key),
                   _("\"%s\" is out of range: at least %.3g%s, at most "
                     "%.15g%s"),
                   read_text(g->top, limit->key),
                   (double)limit->least / (double)limit->of, limit->unit,
                   (double)limit->most / (double)limit->of, limit->unit);
    return n;
}

static void
load_limits(struct configuring *g)
{
    char *base = (char *)g->c;

    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
        *(gint64 *)(void *)(base + sizes[i].at) = within(
            g, &sizes[i], read_size(g->top, sizes[i].key, sizes[i].otherwise));
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        *(int *)(void *)(base + counts[i].at) = (int)within(
            g, &counts[i],
            read_whole(g->top, counts[i].key, (int)counts[i].otherwise));
    g->c->poll_interval = within(
        g, &interval, read_seconds(g->top, interval.key, interval.otherwise));
}

/* A date, or an age. */
static void
load_answer_since(struct configuring *g)
{
    const struct node *n = node_get(g->top, "answer-since");
    struct config *c = g->c;

    c->answer_since = DAY_NONE;
    c->answer_age = 3 * DAY_SECONDS;
    if (n && !day_parse(n->text, &c->answer_since) &&
        !parse_seconds(n->text, &c->answer_age))
        problem_at(g->ps, n,
                   _("\"%s\" is neither a date such as 2019-03-05 nor an age "
                     "such as 3 days"),
                   n->text);
}

/* "08:30", in minutes of the day. */
static gboolean
parse_clock(const char *text, int *out)
{
    g_auto(GStrv) part = g_strsplit(text, ":", 3);
    guint64 hour, minute;

    if (g_strv_length(part) != 2 || strlen(part[0]) > 2 ||
        strlen(part[1]) > 2 ||
        !g_ascii_string_to_unsigned(part[0], 10, 0, 23, &hour, NULL) ||
        !g_ascii_string_to_unsigned(part[1], 10, 0, 59, &minute, NULL))
        return FALSE;
    *out = (int)(hour * 60 + minute);
    return TRUE;
}

static void
load_ledger_at(struct configuring *g)
{
    const struct node *n = node_get(g->top, "ledger-at");
    struct config *c = g->c;

    c->ledger_at = LEDGER_AT;
    if (n && strcmp(n->text, "never") == 0)
        c->ledger_at = -1;
    else if (n && !parse_clock(n->text, &c->ledger_at))
        problem_at(g->ps, n,
                   _("\"%s\" is neither a time of day such as 08:30 nor "
                     "\"never\""),
                   n->text);
}

static void
load_time(struct configuring *g)
{
    const struct node *n = node_get(g->top, "timezone");
    struct config *c = g->c;

    c->timezone = read_copy(g->top, "timezone");
    if (!c->timezone)
        c->timezone = g_strdup("Asia/Shanghai");
    c->zone = g_time_zone_new_identifier(c->timezone);
    if (!c->zone && n)
        problem_at(g->ps, n,
                   _("no time zone is called \"%s\"; Asia/Shanghai is one"),
                   n->text);
    else if (!c->zone) /* a machine without zone files */
        c->zone = g_time_zone_new_offset(8 * 3600);
    load_answer_since(g);
    load_ledger_at(g);
}

/* ---- all of it ---- */
static void
load_rest(struct configuring *g)
{
    struct config *c = g->c;
    int way = read_word(g->top, "return-path", return_words, -1);

    c->phone = read_copy(g->top, "phone");
    c->return_path_given = way >= 0;
    c->return_path_own = way == 1;
    c->data = read_path(g, "data");
    if (g_file_test(c->data, G_FILE_TEST_EXISTS) &&
        !g_file_test(c->data, G_FILE_TEST_IS_DIR))
        problem_at(g->ps, node_get(g->top, "data"), _("%s is not a folder"),
                   c->data);
}

static void
resolve(struct configuring *g)
{
    g->c->office = read_copy(g->top, "office");
    load_rules(g);
    load_servers(g);
    load_references(g);
    load_people(g);
    load_limits(g);
    load_time(g);
    load_rest(g);
}

/* Reads the holidays too: *holidays_out is the name that their problems
 * borrow. */
static void
load_file(struct config *c, const char *share, struct problems *ps,
          char **holidays_out)
{
    g_autoptr(node) top = yaml_read(c->path, ps);
    g_autofree char *whole = g_canonicalize_filename(c->path, NULL);
    struct configuring g = {.c = c, .ps = ps, .top = top, .share = share};

    if (top)
        schema_check(top, config_fields, ps);
    if (ps->count)
        return;
    g.folder = g_path_get_dirname(whole);
    resolve(&g);
    *holidays_out = read_path(&g, "holidays");
    if (*holidays_out)
        holidays_read(*holidays_out, c->holidays, ps);
    g_free(g.folder);
}

enum st
config_load_all(const char *path, const char *share, struct config **out,
                GPtrArray *problems, struct err *e)
{
    g_autoptr(config) c = config_new();
    g_autofree char *holidays = NULL;
    struct problems ps;
    enum st st;

    c->path = g_strdup(path);
    problems_init(&ps);
    load_file(c, share, &ps, &holidays);
    st = problems_end(&ps, problems, e);
    problems_clear(&ps);
    if (st == ST_OK)
        *out = g_steal_pointer(&c);
    return st;
}

enum st
config_load(const char *path, const char *share, struct config **out,
            struct err *e)
{
    return config_load_all(path, share, out, NULL, e);
}

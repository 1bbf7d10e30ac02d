/* catalogue.c - loading the texts and finding what is wrong with them (see
 * catalogue.h). */
#include "reply/catalogue_data.h"

#include "base/file.h"
#include "base/nearest.h"
#include "reply/phrases.h"
#include "reply/samples.h"

#include <string.h>

enum { FILE_BYTES = 1 << 20 };

#define TEXT_SUFFIX ".txt.mustache"
#define HTML_SUFFIX ".html.mustache"

static const char *const letter_names[] = {"receipt",
                                           "return",
                                           "held",
                                           "quarantine",
                                           "query-answer",
                                           "command-answer",
                                           "challenge",
                                           "held-notice",
                                           "quarantine-notice",
                                           "bulletin-draft",
                                           "ledger",
                                           "published",
                                           "first-run",
                                           "alert",
                                           "undelivered",
                                           "silenced",
                                           "renumbered",
                                           "restored",
                                           "disk-low",
                                           "bulletin",
                                           "commission",
                                           "reminder",
                                           "commission-over",
                                           "code-refused",
                                           "criticism",
                                           "quota",
                                           "quota-sent",
                                           "incident",
                                           "commission-cancelled",
                                           "similar-notice",
                                           "registered",
                                           "registered-notice",
                                           "uncounted",
                                           "codes-spent",
                                           "not-done",
                                           "own-name",
                                           "waiting",
                                           NULL};

G_STATIC_ASSERT(G_N_ELEMENTS(letter_names) == LETTER_COUNT + 1);

static const char *const reason_words[REASON_WORDS] = {"short", "what", "do",
                                                       "desk"};

const char *
letter_name(enum letter letter)
{
    return letter_names[letter];
}

gboolean
letter_parse(const char *name, enum letter *out)
{
    for (int i = 0; i < LETTER_COUNT; i++) {
        if (g_str_equal(name, letter_names[i])) {
            *out = (enum letter)i;
            return TRUE;
        }
    }
    return FALSE;
}

/* ---- files ---- */

/* The office's own file where it has one. */
static char *
choose(const char *dir, const char *own_dir, const char *name)
{
    g_autofree char *own = NULL;

    if (own_dir) {
        own = g_build_filename(own_dir, name, NULL);
        if (g_file_test(own, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&own);
    }
    return g_build_filename(dir, name, NULL);
}

static enum st
load_template(const char *path, enum mustache_escape escape,
              struct mustache **out, struct err *e)
{
    g_autofree char *source = NULL;
    size_t len = 0;
    enum st st = file_read(path, FILE_BYTES, &source, &len, e);

    if (st != ST_OK)
        return st;
    if (!g_utf8_validate(source, (gssize)len, NULL))
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                       "%s: not a text in UTF-8", path);
    return mustache_compile(path, source, escape, out, e);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Loaded by report/notice.c. */
static gboolean
is_report(const char *name)
{
    return g_str_equal(name, "notice.docx.mustache");
}

/* The names of a folder's templates, sorted; nothing for no folder. */
static GPtrArray *
template_names(const char *path)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir)) != NULL)
        if (g_str_has_suffix(name, ".mustache") && !is_report(name))
            g_ptr_array_add(names, g_strdup(name));
    if (dir)
        g_dir_close(dir);
    g_ptr_array_sort(names, compare_names);
    return names;
}

static gboolean
split_name(const char *name, char **stem_out, enum mustache_escape *escape_out)
{
    gboolean html = g_str_has_suffix(name, HTML_SUFFIX);

    if (!html && !g_str_has_suffix(name, TEXT_SUFFIX))
        return FALSE;
    *escape_out = html ? MUSTACHE_HTML : MUSTACHE_PLAIN;
    *stem_out = g_strndup(name, strlen(name) -
                                    strlen(html ? HTML_SUFFIX : TEXT_SUFFIX));
    return TRUE;
}

static enum st
stray_file(const char *path, const char *stem, struct err *e)
{
    const char *near = stem ? nearest_word(stem, letter_names) : NULL;

    return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                   "%s is no letter's text (LETTER.txt.mustache or "
                   "LETTER.html.mustache)%s%s%s",
                   path, near ? ", did you mean \"" : "", near ? near : "",
                   near ? "\"?" : "");
}

/* A misspelt file would silently not be used. */
static enum st
check_strays(const char *dir, struct err *e)
{
    g_autoptr(GPtrArray) names = template_names(dir);

    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(dir, names->pdata[i], NULL);
        g_autofree char *stem = NULL;
        enum mustache_escape escape;
        enum letter letter;

        if (!split_name(names->pdata[i], &stem, &escape) ||
            !letter_parse(stem, &letter))
            return stray_file(path, stem, e);
    }
    return ST_OK;
}

static enum st
load_parts(struct catalogue *c, const char *dir, struct err *e)
{
    g_autofree char *folder = g_build_filename(dir, "parts", NULL);
    g_autoptr(GPtrArray) names = template_names(folder);

    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
        g_autofree char *stem = NULL;
        enum mustache_escape escape;
        struct mustache *m = NULL;
        enum st st;

        if (!split_name(names->pdata[i], &stem, &escape))
            return stray_file(path, NULL, e);
        st = load_template(path, escape, &m, e);
        if (st != ST_OK)
            return st;
        g_hash_table_replace(escape == MUSTACHE_HTML ? c->html_parts
                                                     : c->text_parts,
                             g_steal_pointer(&stem), m);
    }
    return ST_OK;
}

/* ---- samples ---- */

static void
add_missing(struct value *map, const struct value *from)
{
    g_autoptr(GPtrArray) keys = value_keys(from);

    for (guint i = 0; i < keys->len; i++)
        if (!value_get(map, keys->pdata[i]))
            value_set(map, keys->pdata[i],
                      value_copy(value_get(from, keys->pdata[i])));
}

static enum st
need_section(const struct value *all, const char *name, const char *path,
             const struct value **out, struct err *e)
{
    *out = value_get(all, name);
    if (*out)
        return ST_OK;
    return err_set(e, ST_REJECT, EXIT_CONFIGURATION, "%s: no section [%s]",
                   path, name);
}

static enum st
load_samples(struct catalogue *c, const char *dir, struct err *e)
{
    g_autofree char *path = g_build_filename(dir, "samples.ini", NULL);
    g_autoptr(value) all = NULL;
    const struct value *common = NULL, *section = NULL;
    enum st st = samples_load(path, &all, e);

    if (st == ST_OK)
        st = need_section(all, "common", path, &common, e);
    for (int i = 0; i < LETTER_COUNT && st == ST_OK; i++) {
        st = need_section(all, letter_names[i], path, &section, e);
        if (st != ST_OK)
            break;
        c->samples[i] = value_copy(section);
        add_missing(c->samples[i], common);
    }
    if (st == ST_OK)
        st = need_section(all, "reason", path, &section, e);
    if (st == ST_OK) {
        c->reason_sample = value_copy(section);
        c->office = value_copy(common);
    }
    return st;
}

/* ---- letters ---- */

/* The first line of a text is its subject, whatever the facts are. */
static enum st
check_subject(const struct mustache *m, const struct value *sample,
              GHashTable *parts, const char *path, struct err *e)
{
    g_autofree char *text = mustache_render(m, sample, parts);

    if (g_str_has_prefix(text, "Subject: "))
        return ST_OK;
    return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                   "%s: the first line behind the comment must begin with "
                   "\"Subject: \"",
                   path);
}

static enum st
load_text(struct catalogue *c, const char *dir, const char *own_dir,
          enum letter letter, struct err *e)
{
    g_autofree char *name =
        g_strconcat(letter_names[letter], TEXT_SUFFIX, NULL);
    g_autofree char *path = choose(dir, own_dir, name);
    struct mustache **m = &c->text[letter];
    enum st st = load_template(path, MUSTACHE_PLAIN, m, e);

    if (st == ST_OK)
        st = mustache_check(*m, c->samples[letter], c->text_parts, e);
    if (st == ST_OK)
        st = check_subject(*m, c->samples[letter], c->text_parts, path, e);
    return st;
}

static enum st
load_html(struct catalogue *c, const char *dir, const char *own_dir,
          enum letter letter, struct err *e)
{
    g_autofree char *name =
        g_strconcat(letter_names[letter], HTML_SUFFIX, NULL);
    g_autofree char *path = choose(dir, own_dir, name);
    struct mustache **m = &c->html[letter];
    enum st st;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return ST_OK;
    st = load_template(path, MUSTACHE_HTML, m, e);
    if (st == ST_OK)
        st = mustache_check(*m, c->samples[letter], c->html_parts, e);
    return st;
}

static enum st
load_letters(struct catalogue *c, const char *dir, const char *own_dir,
             struct err *e)
{
    enum st st = ST_OK;

    for (int i = 0; i < LETTER_COUNT && st == ST_OK; i++) {
        st = load_text(c, dir, own_dir, (enum letter)i, e);
        if (st == ST_OK)
            st = load_html(c, dir, own_dir, (enum letter)i, e);
    }
    return st;
}

/* ---- reasons ---- */

static char *
reason_key(int reason, int word)
{
    return g_strconcat(reason_name((enum reason)reason), ".",
                       reason_words[word], NULL);
}

static enum st
compile_reason(struct catalogue *c, const struct phrases *p, const char *file,
               int reason, int word, struct err *e)
{
    g_autofree char *key = reason_key(reason, word);
    g_autofree char *where =
        g_strdup_printf("%s [%s] %s", file, reason_name((enum reason)reason),
                        reason_words[word]);
    struct mustache **m = &c->reasons[reason][word];
    enum st st =
        mustache_compile(where, phrases_get(p, key), MUSTACHE_PLAIN, m, e);

    if (st == ST_OK)
        st = mustache_check(*m, c->reason_sample, NULL, e);
    return st;
}

static enum st
load_reasons(struct catalogue *c, const char *dir, const char *own_dir,
             struct err *e)
{
    const char *file = "reasons.ini";
    g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(phrases) p = NULL;
    enum st st;

    for (int i = 0; i < REASON_COUNT * REASON_WORDS; i++)
        g_ptr_array_add(known, reason_key(i / REASON_WORDS, i % REASON_WORDS));
    g_ptr_array_add(known, NULL);
    st = phrases_load(dir, own_dir, file, (const char *const *)known->pdata, &p,
                      e);
    for (int i = 0; i < REASON_COUNT * REASON_WORDS && st == ST_OK; i++)
        st = compile_reason(c, p, file, i / REASON_WORDS, i % REASON_WORDS, e);
    return st;
}

/* ---- the whole ---- */

static void
free_template(gpointer data)
{
    mustache_free(data);
}

static struct catalogue *
new_catalogue(void)
{
    struct catalogue *c = g_new0(struct catalogue, 1);

    c->text_parts =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_template);
    c->html_parts =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_template);
    return c;
}

enum st
catalogue_load(const char *dir, const char *own_dir, struct catalogue **out,
               struct err *e)
{
    g_autoptr(catalogue) c = new_catalogue();
    enum st st = check_strays(dir, e);

    if (st == ST_OK && own_dir)
        st = check_strays(own_dir, e);
    if (st == ST_OK)
        st = load_samples(c, dir, e);
    if (st == ST_OK)
        st = load_parts(c, dir, e);
    if (st == ST_OK && own_dir)
        st = load_parts(c, own_dir, e);
    if (st == ST_OK)
        st = load_letters(c, dir, own_dir, e);
    if (st == ST_OK)
        st = load_reasons(c, dir, own_dir, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&c);
    return st;
}

void
catalogue_free(struct catalogue *c)
{
    if (!c)
        return;
    for (int i = 0; i < LETTER_COUNT; i++) {
        mustache_free(c->text[i]);
        mustache_free(c->html[i]);
        value_free(c->samples[i]);
    }
    for (int i = 0; i < REASON_COUNT * REASON_WORDS; i++)
        mustache_free(c->reasons[i / REASON_WORDS][i % REASON_WORDS]);
    g_hash_table_unref(c->text_parts);
    g_hash_table_unref(c->html_parts);
    value_free(c->reason_sample);
    value_free(c->office);
    g_free(c);
}

const struct value *
catalogue_sample(const struct catalogue *c, enum letter letter)
{
    return c->samples[letter];
}

void
catalogue_set_office(struct catalogue *c, const char *office, const char *phone,
                     const char *address)
{
    value_set_text(c->office, "office", office);
    value_set_text(c->office, "phone", phone);
    value_set_text(c->office, "address", address);
    value_set_text(c->office, "today", NULL);
}

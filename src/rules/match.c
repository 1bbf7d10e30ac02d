/* match.c - see match.h.
 *
 * Two tables, both from folded name to unit: names as the roster has them,
 * and names brought to one form (own place in front and usual tail taken
 * off).  A name that two units would share in the second table means
 * neither. */
#include "rules/match.h"

#include "base/text.h"
#include "rules/runes.h"

#include <string.h>

struct matcher {
    const struct roster *roster;
    GHashTable *exact; /* folded name -> struct unit */
    GHashTable *plain; /* plain form -> struct unit, or `shared` */
    GPtrArray *places; /* of char*: folded prefixes, longest first */
    GHashTable *ends;  /* the characters that a name can end in */
    char *place;       /* 郯城县, or NULL */
};

/* Stands in `plain` for a form that several units have. */
static struct unit shared;

char *
match_fold(const char *text)
{
    g_autofree char *line = text_line(text);
    g_autoptr(runes) r = runes_new(line);
    GString *out = g_string_new(NULL);

    for (int i = 0; i < r->n; i++)
        if (!g_unichar_isspace(r->folded[i]))
            g_string_append_unichar(out, r->folded[i]);
    return g_string_free(out, FALSE);
}

/* ---- the office's place ---- */

/* The office's name up to what says that it is an office. */
static char *
place_chain(const char *office)
{
    static const char *const ends[] = {"人民政府", "政府", "委员会", "委办",
                                       "办公"};
    static const char *const levels[] = {"县", "区", "市", "省",
                                         "旗", "州", "盟"};
    g_autofree char *folded = match_fold(office);
    char *p = folded;

    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        char *at = strstr(folded, ends[i]);

        if (at)
            *at = '\0';
    }
    if (g_str_has_prefix(p, "中共"))
        p += strlen("中共");
    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++)
        if (g_str_has_suffix(p, levels[i]))
            return g_strdup(p);
    return NULL;
}

/* 郯城县 of 山东省临沂市郯城县: what follows the last level inside. */
static const char *
own_place(const char *chain)
{
    static const char *const levels[] = {"省", "市", "自治区", "自治州", "盟"};
    const char *own = chain;

    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++) {
        const char *p = chain;

        while ((p = strstr(p, levels[i])) != NULL) {
            p += strlen(levels[i]);
            if (p > own && g_utf8_strlen(p, -1) >= 2)
                own = p;
        }
    }
    return own;
}

static int
by_length(gconstpointer a, gconstpointer b)
{
    size_t x = strlen(*(char *const *)a), y = strlen(*(char *const *)b);

    return x < y ? 1 : x > y ? -1 : 0;
}

static void
add_place(GPtrArray *places, const char *text, size_t len)
{
    if (len > 0)
        g_ptr_array_add(places, g_strndup(text, len));
}

/* 广州市番禺区, 番禺区, 番禺, 区. */
static void
places_of_office(struct matcher *m, const char *office)
{
    g_autofree char *chain = office ? place_chain(office) : NULL;
    const char *own, *level;

    if (!chain)
        return;
    own = own_place(chain);
    level = g_utf8_prev_char(own + strlen(own));
    add_place(m->places, chain, strlen(chain));
    if (own != chain)
        add_place(m->places, own, strlen(own));
    if (g_utf8_strlen(own, -1) >= 3)
        add_place(m->places, own, (size_t)(level - own));
    add_place(m->places, level, strlen(level));
    m->place = g_strdup(own);
}

/* What the roster's printed names have in front of the short ones: 县. */
static void
places_of_roster(struct matcher *m)
{
    for (guint i = 0; i < m->roster->units->len; i++) {
        const struct unit *u = m->roster->units->pdata[i];
        g_autofree char *name = match_fold(u->name);
        g_autofree char *stem = match_fold(u->short_name);

        if (strlen(name) > strlen(stem) && g_str_has_suffix(name, stem)) {
            name[strlen(name) - strlen(stem)] = '\0';
            if (!g_ptr_array_find_with_equal_func(m->places, name, g_str_equal,
                                                  NULL))
                add_place(m->places, name, strlen(name));
        }
    }
}

/* ---- one form for every name ---- */

/* The name behind the office's own place; the name itself without one.
 * 山东省郯城县财政局: higher places may stand before the own one. */
static const char *
skip_place(const struct matcher *m, const char *name)
{
    const char *at = m->place ? strstr(name, m->place) : NULL;

    if (at && at > name && at - name <= 36) {
        const char *level = g_utf8_prev_char(at);

        if (g_str_has_prefix(level, "省") || g_str_has_prefix(level, "市") ||
            g_str_has_prefix(level, "区") || g_str_has_prefix(level, "州"))
            return at + strlen(m->place);
    }
    for (guint i = 0; i < m->places->len; i++)
        if (g_str_has_prefix(name, m->places->pdata[i]))
            return name + strlen(m->places->pdata[i]);
    return name;
}

/* A tail that changes nothing when it stands behind such an end. */
struct tail {
    const char *tail;
    const char *ends; /* the character before it is one of these */
    const char *instead;
};

static const struct tail tails[] = {
    {"党委政府", "镇乡", ""},
    {"人民政府", "镇乡", ""},
    {"政府", "镇乡", ""},
    {"街道办事处", NULL, "街道"},
    {"街道办", NULL, "街道"},
    {"管理委员会", "区园", ""},
    {"管委会", "区园", ""},
    {"管委", "区园", ""},
    {"办公室", "局镇乡心委行社", ""},
    {"办公室", NULL, "办"},
};

static void
drop_tail(GString *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(tails); i++) {
        const struct tail *t = &tails[i];
        const char *before;

        if (!g_str_has_suffix(name->str, t->tail) ||
            name->len <= strlen(t->tail))
            continue;
        before = g_utf8_prev_char(name->str + name->len - strlen(t->tail));
        if (t->ends && !g_utf8_strchr(t->ends, -1, g_utf8_get_char(before)))
            continue;
        g_string_truncate(name, name->len - strlen(t->tail));
        g_string_append(name, t->instead);
        return;
    }
}

static const char *const sections[] = {"科", "股", "室"};

/* 县财政局国库科: the bureau speaks through its section. */
static void
drop_section(GString *name)
{
    const char *end, *last = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(sections); i++)
        if (g_str_has_suffix(name->str, sections[i]))
            last = name->str;
    if (!last || !(end = g_utf8_strchr(name->str, -1, 0x5C40))) /* 局 */
        return;
    end = g_utf8_next_char(end);
    if (*end && g_utf8_strlen(end, -1) <= 6)
        g_string_truncate(name, (gsize)(end - name->str));
}

/* So short or so common that it names nobody in particular. */
static gboolean
is_common(const char *name)
{
    static const char *const common[] = {
        "街道",   "街道办",   "开发区", "景区", "管委会", "办事处", "办公室",
        "调查队", "人民政府", "政府办", "分局", "支行",   "中心"};

    for (size_t i = 0; i < G_N_ELEMENTS(common); i++)
        if (strcmp(name, common[i]) == 0)
            return TRUE;
    return g_utf8_strlen(name, -1) < 2;
}

static char *
without_tail(const char *name)
{
    GString *s = g_string_new(name);

    drop_tail(s);
    drop_section(s);
    return g_string_free(s, FALSE);
}

/* The plain form, or NULL when nothing of a name is left.  What would be
 * common to all places keeps its own: 郯城街道.  Caller frees. */
static char *
plain_name(const struct matcher *m, const char *folded)
{
    g_autofree char *stem = without_tail(skip_place(m, folded));
    g_autofree char *whole = NULL;

    if (!is_common(stem))
        return g_steal_pointer(&stem);
    whole = without_tail(folded);
    return is_common(whole) ? NULL : g_steal_pointer(&whole);
}

/* ---- the tables ---- */

static void
learn(struct matcher *m, struct unit *u, const char *name)
{
    char *folded = match_fold(name);
    char *plain = plain_name(m, folded);
    struct unit *before;

    g_hash_table_replace(m->exact, folded, u);
    if (!plain)
        return;
    before = g_hash_table_lookup(m->plain, plain);
    g_hash_table_replace(m->plain, plain, before && before != u ? &shared : u);
}

static void
learn_unit(struct matcher *m, struct unit *u)
{
    learn(m, u, u->short_name);
    learn(m, u, u->name);
    for (guint i = 0; i < u->aliases->len; i++)
        learn(m, u, u->aliases->pdata[i]);
    for (guint i = 0; i < u->was->len; i++)
        learn(m, u, u->was->pdata[i]);
}

static gunichar
last_char(const char *start, const char *end)
{
    return end > start ? g_utf8_get_char(g_utf8_prev_char(end)) : 0;
}

static void
add_end(struct matcher *m, const char *name)
{
    gunichar c = last_char(name, name + strlen(name));

    g_hash_table_add(m->ends, GUINT_TO_POINTER(c));
}

static void
add_ends(struct matcher *m, GHashTable *names)
{
    GHashTableIter it;
    gpointer name;

    g_hash_table_iter_init(&it, names);
    while (g_hash_table_iter_next(&it, &name, NULL))
        add_end(m, name);
}

/* Of the names themselves, and of what is taken off before they are looked
 * for. */
static void
learn_ends(struct matcher *m)
{
    add_ends(m, m->exact);
    add_ends(m, m->plain);
    for (size_t i = 0; i < G_N_ELEMENTS(tails); i++)
        add_end(m, tails[i].tail);
    for (size_t i = 0; i < G_N_ELEMENTS(sections); i++)
        add_end(m, sections[i]);
}

struct matcher *
matcher_new(const struct roster *r, const char *place)
{
    struct matcher *m = g_new0(struct matcher, 1);

    m->roster = r;
    m->exact = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    m->plain = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    m->places = g_ptr_array_new_with_free_func(g_free);
    m->ends = g_hash_table_new(NULL, NULL);
    places_of_office(m, place);
    places_of_roster(m);
    g_ptr_array_sort(m->places, by_length);
    for (guint i = 0; i < r->units->len; i++)
        learn_unit(m, r->units->pdata[i]);
    learn_ends(m);
    return m;
}

void
matcher_free(struct matcher *m)
{
    if (!m)
        return;
    g_hash_table_unref(m->exact);
    g_hash_table_unref(m->plain);
    g_ptr_array_unref(m->places);
    g_hash_table_unref(m->ends);
    g_free(m->place);
    g_free(m);
}

static enum match
match_folded(const struct matcher *m, const char *folded, struct unit **out)
{
    struct unit *u = g_hash_table_lookup(m->exact, folded);
    g_autofree char *plain = NULL;

    if (!u && (plain = plain_name(m, folded)) != NULL)
        u = g_hash_table_lookup(m->plain, plain);
    if (u == &shared)
        return MATCH_AMBIGUOUS;
    if (!u)
        return MATCH_NONE;
    *out = u;
    return MATCH_ONE;
}

enum match
match_unit(const struct matcher *m, const char *text, struct unit **out)
{
    g_autofree char *folded = match_fold(text);

    return match_folded(m, folded, out);
}

/* ---- shapes ---- */

gboolean
match_is_body(const char *text)
{
    static const char *const ends[] = {
        "局",     "办",     "委",     "镇",     "乡",     "街道",   "办事处",
        "管委会", "委员会", "中心",   "大队",   "支队",   "总队",   "分局",
        "学院",   "学校",   "医院",   "法院",   "检察院", "公司",   "支行",
        "银行",   "联社",   "供销社", "协会",   "联合会", "工会",   "妇联",
        "残联",   "团县委", "政府",   "党委",   "开发区", "景区",   "园区",
        "办公室", "事务所", "管理所", "派出所", "服务站", "工作站", "指挥部",
        "集团",   "调查队", "财政所", "司法所", "卫生院", "厅",     "署",
        "工商联", "党校",   "专班"};
    /* Words that end so and are no bodies: 新格局, 村村通办, 返乡. */
    static const char *const words[] = {
        "格局", "布局",   "开局", "大局", "全局", "结局", "破局", "僵局",
        "困局", "定局",   "变局", "新局", "举办", "开办", "承办", "主办",
        "协办", "督办",   "交办", "转办", "专办", "领办", "创办", "申办",
        "停办", "好办",   "通办", "网办", "快办", "代办", "帮办", "即办",
        "联办", "催办",   "返乡", "下乡", "城乡", "回乡", "家乡", "水乡",
        "故乡", "乡镇",   "城镇", "古镇", "强镇", "重镇", "名镇", "常委",
        "政委", "为中心", "公办", "民办", "兴办", "查办", "包办"};
    g_autofree char *folded = match_fold(text);
    glong n = g_utf8_strlen(folded, -1);

    if (n < 3 || n > 16)
        return FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_has_suffix(folded, words[i]))
            return FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
        if (g_str_has_suffix(folded, ends[i]))
            return TRUE;
    return FALSE;
}

/* ---- candidates for staff ---- */

enum { NEAR_MAX_CHARS = 24, NEAR_PERCENT = 50 };

/* Longest common subsequence, in characters. */
static int
common_chars(const struct runes *a, const struct runes *b)
{
    int row[NEAR_MAX_CHARS + 1] = {0};

    for (int i = 0; i < a->n && i < NEAR_MAX_CHARS; i++) {
        int diagonal = 0;

        for (int j = 0; j < b->n && j < NEAR_MAX_CHARS; j++) {
            int above = row[j + 1];

            if (a->folded[i] == b->folded[j])
                row[j + 1] = diagonal + 1;
            else
                row[j + 1] = MAX(row[j], above);
            diagonal = above;
        }
    }
    return row[MIN(b->n, NEAR_MAX_CHARS)];
}

/* How alike are two plain forms, in per cent? */
static int
likeness(const struct runes *a, const char *name)
{
    g_autoptr(runes) b = runes_new(name);

    return 200 * common_chars(a, b) / MAX(a->n + b->n, 1);
}

struct candidate {
    struct unit *unit;
    int percent;
};

static int
by_likeness(gconstpointer a, gconstpointer b)
{
    const struct candidate *x = a, *y = b;

    if (x->percent != y->percent)
        return y->percent - x->percent;
    return x->unit->index - y->unit->index;
}

/* Best likeness of any of a unit's plain forms. */
static GHashTable *
likenesses(const struct matcher *m, const struct runes *a)
{
    GHashTable *best = g_hash_table_new(NULL, NULL);
    GHashTableIter it;
    gpointer name, unit;

    g_hash_table_iter_init(&it, m->plain);
    while (g_hash_table_iter_next(&it, &name, &unit)) {
        int p = likeness(a, name);

        if (unit != &shared &&
            p > GPOINTER_TO_INT(g_hash_table_lookup(best, unit)))
            g_hash_table_insert(best, unit, GINT_TO_POINTER(p));
    }
    return best;
}

GPtrArray *
match_near(const struct matcher *m, const char *text, guint max)
{
    GPtrArray *near = g_ptr_array_new();
    g_autofree char *folded = match_fold(text);
    g_autofree char *plain = plain_name(m, folded);
    g_autoptr(runes) a = runes_new(plain ? plain : folded);
    g_autoptr(GHashTable) best = likenesses(m, a);
    g_autoptr(GArray) found =
        g_array_new(FALSE, FALSE, sizeof(struct candidate));
    GHashTableIter it;
    gpointer unit, percent;

    g_hash_table_iter_init(&it, best);
    while (g_hash_table_iter_next(&it, &unit, &percent)) {
        struct candidate c = {unit, GPOINTER_TO_INT(percent)};

        if (c.percent >= NEAR_PERCENT)
            g_array_append_val(found, c);
    }
    g_array_sort(found, by_likeness);
    for (guint i = 0; i < found->len && i < max; i++)
        g_ptr_array_add(near, g_array_index(found, struct candidate, i).unit);
    return near;
}

/* ---- units inside a sentence ---- */

enum { MENTION_MAX_CHARS = 24 };

/* Does the name at [start, end) go on into another body's name (财政局票据
 * 中心), or is it the tail of one (国家统计局, 市财政局)? */
static gboolean
is_part_of_longer(const char *text, const char *start, const char *end)
{
    static const char *const before[] = {"国家", "中国", "全国",
                                         "省",   "市",   "部"};
    static const char *const after[] = {"大队", "支队", "分局",   "调查队",
                                        "支行", "中心", "管理处", "分行"};

    for (size_t i = 0; i < G_N_ELEMENTS(before); i++) {
        size_t n = strlen(before[i]);

        if ((size_t)(start - text) >= n &&
            strncmp(start - n, before[i], n) == 0)
            return TRUE;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(after); i++) {
        const char *at = strstr(end, after[i]);

        if (at && at - end <= 12)
            return TRUE;
    }
    return FALSE;
}

/* Where at the most a name ends that starts at p. */
static const char *
name_limit(const char *p)
{
    for (int n = 0; n < MENTION_MAX_CHARS && *p; n++) {
        if (g_unichar_isspace(g_utf8_get_char(p)))
            break;
        p = g_utf8_next_char(p);
    }
    return p;
}

static char *
name_of_prefix(const char *p, const char *end)
{
    g_autofree char *text = g_strndup(p, (gsize)(end - p));

    return match_fold(text);
}

static gboolean
may_end(const struct matcher *m, const char *start, const char *end)
{
    return g_hash_table_contains(m->ends,
                                 GUINT_TO_POINTER(last_char(start, end)));
}

/* The longest name that starts at p; its end, NULL if none does.  Folded is
 * the whole at once, where folding leaves out none of its characters; then
 * hardly any beginning ends as a name can. */
static const char *
longest_name(const struct matcher *m, const char *p, struct unit **out)
{
    const char *limit = name_limit(p), *found = NULL;
    g_autofree char *whole = g_strndup(p, (gsize)(limit - p));
    g_autofree char *folded = match_fold(whole);
    gboolean one_to_one = g_utf8_strlen(folded, -1) == g_utf8_strlen(whole, -1);
    const char *end = p, *folded_end = folded;

    for (int n = 0; end < limit; n++) {
        g_autofree char *name = NULL;

        end = g_utf8_next_char(end);
        if (one_to_one)
            folded_end = g_utf8_next_char(folded_end);
        if (n == 0 /* no name is so short */ ||
            (one_to_one && !may_end(m, folded, folded_end)))
            continue;
        name = one_to_one ? g_strndup(folded, (gsize)(folded_end - folded))
                          : name_of_prefix(p, end);
        if (match_folded(m, name, out) == MATCH_ONE)
            found = end;
    }
    return found;
}

gboolean
match_begins(const struct matcher *m, const char *text)
{
    struct unit *u = NULL;
    const char *end = longest_name(m, text, &u);

    return end && !is_part_of_longer(text, text, end);
}

/* doc_runs.c - see doc_runs.h. */
#include "draft/doc_runs.h"

#include "draft/bytes.h"

enum {
    PAGE_BYTES = 512,
    PAGE_NUMBER_MASK = 0x3FFFFF,
    SPRM_DELETED = 0x0800,
    SPRM_HIDDEN = 0x083C,
    SPRM_SYMBOL = 0x6A09,
    SPRM_ROW_END = 0x2417,
    SPRM_TABS = 0xC615,
    SPRM_TABLE = 0xD608,
    LOOK_ON = 1,
    LOOK_NOT_AS_STYLE = 0x81 /* styles that hide text are not looked at */
};

/* ---- modifiers ---- */

/* Bytes of the operand behind the modifier's number; 0 when cut off. */
static size_t
operand_bytes(guint16 sprm, const guint8 *p, size_t left)
{
    static const guint8 fixed[8] = {1, 1, 2, 4, 2, 2, 0, 3};
    unsigned kind = sprm >> 13;
    size_t n = fixed[kind];

    if (kind == 6) {
        if (left < 2)
            return 0;
        if (sprm == SPRM_TABLE)
            n = (size_t)get16(p) + 1;
        else if (sprm == SPRM_TABS && p[0] == 255)
            return 0; /* its length is not told: nothing follows it */
        else
            n = (size_t)p[0] + 1;
    }
    return n <= left ? n : 0;
}

static gboolean
is_on(guint8 operand)
{
    return operand == LOOK_ON || operand == LOOK_NOT_AS_STYLE;
}

void
doc_look_apply(struct doc_look *look, const guint8 *grpprl, size_t len)
{
    while (len > 2) {
        guint16 sprm = get16(grpprl);
        const guint8 *operand = grpprl + 2;
        size_t n = operand_bytes(sprm, operand, len - 2);

        if (n == 0)
            return;
        if (sprm == SPRM_DELETED)
            look->deleted = is_on(*operand);
        else if (sprm == SPRM_HIDDEN)
            look->hidden = is_on(*operand);
        else if (sprm == SPRM_ROW_END)
            look->row_end = is_on(*operand);
        else if (sprm == SPRM_SYMBOL) {
            look->font = get16(operand);
            look->symbol = get16(operand + 2);
        }
        grpprl += 2 + n;
        len -= 2 + n;
    }
}

/* ---- pages ---- */

/* Modifiers of the i-th run of a page, *len_out bytes; NULL when it has
 * none or they leave the page. */
static const guint8 *
page_modifiers(enum doc_plcf which, const guint8 *page, unsigned runs,
               unsigned i, size_t *len_out)
{
    size_t stride = which == DOC_CHARACTERS ? 1 : 13;
    size_t entry = (size_t)(runs + 1) * 4 + i * stride, at, n;

    if (entry >= PAGE_BYTES - 1 || page[entry] == 0)
        return NULL;
    at = (size_t)page[entry] * 2;
    n = page[at++];
    if (which == DOC_PARAGRAPHS) {
        n = n ? n * 2 - 1 : (size_t)page[at++] * 2;
        if (n < 2)
            return NULL;
        at += 2; /* the style's number */
        n -= 2;
    }
    if (!within(at, n, PAGE_BYTES))
        return NULL;
    *len_out = n;
    return page + at;
}

static gboolean
look_is_plain(const struct doc_look *l)
{
    return !l->deleted && !l->hidden && !l->row_end && l->symbol == 0;
}

static gboolean
add_run(GArray *runs, const struct doc_run *run)
{
    guint32 last = runs->len == 0
                       ? 0
                       : g_array_index(runs, struct doc_run, runs->len - 1).to;

    if (run->from < last || run->to < run->from)
        return FALSE;
    g_array_append_val(runs, *run);
    return TRUE;
}

static gboolean
read_page(enum doc_plcf which, const guint8 *page, GArray *runs)
{
    unsigned n = page[PAGE_BYTES - 1];

    if ((size_t)(n + 1) * 4 > PAGE_BYTES - 1)
        return FALSE;
    for (unsigned i = 0; i < n; i++) {
        struct doc_run run = {
            get32(page + (size_t)i * 4), get32(page + (size_t)i * 4 + 4), {0}};
        size_t len;
        const guint8 *p = page_modifiers(which, page, n, i, &len);

        if (p)
            doc_look_apply(&run.look, p, len);
        if (!look_is_plain(&run.look) && !add_run(runs, &run))
            return FALSE;
    }
    return TRUE;
}

gboolean
doc_runs_read(enum doc_plcf which, const guint8 *plcf, size_t plcf_len,
              const guint8 *main, size_t main_len, GArray *runs)
{
    size_t n = plcf_len < 4 ? 0 : (plcf_len - 4) / 8;
    guint32 before = 0;

    for (size_t i = 0; i < n; i++) {
        guint32 first = get32(plcf + 4 * i);
        size_t page = get32(plcf + 4 * (n + 1) + 4 * i) & PAGE_NUMBER_MASK;

        /* ascending, so that a page cannot be read a million times */
        if ((i > 0 && first <= before) ||
            !within(page * PAGE_BYTES, PAGE_BYTES, main_len) ||
            !read_page(which, main + page * PAGE_BYTES, runs))
            return FALSE;
        before = first;
    }
    return TRUE;
}

const struct doc_run *
doc_runs_find(const GArray *runs, guint32 fc)
{
    guint low = 0, high = runs->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(runs, struct doc_run, middle).to <= fc)
            low = middle + 1;
        else
            high = middle;
    }
    return low < runs->len ? &g_array_index(runs, struct doc_run, low) : NULL;
}

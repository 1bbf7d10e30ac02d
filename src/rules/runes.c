/* runes.c - see runes.h. */
#include "rules/runes.h"

#include "base/text.h"

#include <string.h>

/* Traditional and simplified forms of characters that names of bodies and
 * labels are made of; one pair after the other. */
static const char pairs[] =
    "縣县區区鎮镇鄉乡發发財财務务農农業业監监審审計计統统經经濟济貿贸衛卫"
    "體体廣广電电視视護护環环機机關关應应進进會会員员聯联總总婦妇殘残黨党"
    "團团協协國国際际資资產产規规劃划設设鐵铁橋桥銀银險险稅税檢检質质藥药"
    "醫医療疗學学書书檔档圖图館馆場场點点單单報报標标題题話话號号內内線线"
    "轉转約约辦办處处隊队廳厅幹干節节氣气災灾糧粮儲储備备漁渔園园綠绿運运"
    "輸输郵邮訊讯網网絡络術术試试驗验買买賣卖價价費费衞卫遊游灣湾嶺岭島岛"
    "東东長长門门馬马龍龙陳陈鄭郑劉刘張张楊杨趙赵吳吴黃黄孫孙羅罗謝谢許许"
    "韓韩馮冯鄧邓蕭萧葉叶蘇苏呂吕蔣蒋賈贾鄒邹閻阎龔龚萬万錢钱嚴严湯汤錄录"
    "復复覆复專专調调職职責责導导領领義义優优華华興兴豐丰寶宝實实請请證证"
    "認认識识訴诉訪访譯译軍军";

/* The common block, nearly all of what is written: nothing in it is another
 * form of something else.  All pairs are of it. */
enum { FIRST_IDEOGRAPH = 0x4E00, LAST_IDEOGRAPH = 0x9FFF };

static gboolean
is_ideograph(gunichar c)
{
    return c >= FIRST_IDEOGRAPH && c <= LAST_IDEOGRAPH;
}

/* The simplified form of each ideograph, 0 where it is its own.  By place, not
 * hashed: it is asked for every character of every subject and short line. */
static const guint16 *
simplified_table(void)
{
    static guint16 table[LAST_IDEOGRAPH - FIRST_IDEOGRAPH + 1];
    static gsize made;

    if (g_once_init_enter(&made)) {
        for (const char *p = pairs; *p;) {
            gunichar from = g_utf8_get_char(p);
            const char *q = g_utf8_next_char(p);

            g_assert(is_ideograph(from));
            table[from - FIRST_IDEOGRAPH] = (guint16)g_utf8_get_char(q);
            p = g_utf8_next_char(q);
        }
        g_once_init_leave(&made, 1);
    }
    return table;
}

gunichar
runes_fold(gunichar c)
{
    gunichar plain[4], simple;

    /* Circled and superscript digits are no digits of a number. */
    if (c >= 0x80 && !is_ideograph(c) &&
        g_unichar_type(c) != G_UNICODE_OTHER_NUMBER &&
        g_unichar_fully_decompose(c, TRUE, plain, G_N_ELEMENTS(plain)) == 1)
        c = plain[0];
    if (c < 0x80)
        return c == '\t' || c == '\n' ? ' '
                                      : (gunichar)g_ascii_tolower((char)c);
    if (!is_ideograph(c))
        return c;
    simple = simplified_table()[c - FIRST_IDEOGRAPH];
    return simple ? simple : c;
}

struct runes *
runes_new(const char *text)
{
    struct runes *r = g_new0(struct runes, 1);
    glong n;

    r->written = g_utf8_to_ucs4_fast(text, -1, &n);
    r->n = (int)n;
    r->folded = g_new(gunichar, (gsize)n + 1);
    for (glong i = 0; i < n; i++)
        r->folded[i] = runes_fold(r->written[i]);
    r->folded[n] = 0;
    return r;
}

void
runes_free(struct runes *r)
{
    if (!r)
        return;
    g_free(r->written);
    g_free(r->folded);
    g_free(r);
}

char *
runes_text(const struct runes *r, int start, int end)
{
    return text_from_runes(r->written + start, end - start);
}

int
runes_at(const struct runes *r, int at, const char *word)
{
    int n = 0;

    for (const char *p = word; *p; n++)
        if (at + n >= r->n || r->folded[at + n] != text_take_char(&p))
            return 0;
    return n;
}

int
runes_before(const struct runes *r, int end, const char *word)
{
    const char *last = g_utf8_prev_char(word + strlen(word));
    int n;

    if (end < 1 || r->folded[end - 1] != text_take_char(&last))
        return 0; /* nearly always: the length of the word is not needed */
    n = (int)g_utf8_strlen(word, -1);
    return n <= end ? runes_at(r, end - n, word) : 0;
}

gboolean
runes_is(const struct runes *r, int start, int end, const char *word)
{
    int n = runes_at(r, start, word);

    return n > 0 && start + n == end;
}

gboolean
runes_is_any(const struct runes *r, int start, int end,
             const char *const *words)
{
    for (; *words; words++)
        if (runes_is(r, start, end, *words))
            return TRUE;
    return FALSE;
}

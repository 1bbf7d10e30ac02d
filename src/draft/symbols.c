/* symbols.c - see symbols.h.
 *
 * Only what office drafts use: stars, check boxes, bullets, arrows and the
 * circled digits of Wingdings; Symbol's Greek is left to those who write
 * mathematics. */
#include "draft/symbols.h"

static const struct {
    guint8 code;
    gunichar c;
} wingdings[] = {
    {0x6C, 0x25CF}, {0x6E, 0x25A0}, {0x6F, 0x25A1}, {0x71, 0x25A1},
    {0x72, 0x25A1}, {0x75, 0x25C6}, {0x76, 0x2756}, {0xA8, 0x25A1},
    {0xAB, 0x2605}, {0xB2, 0x2606}, {0xD8, 0x27A2}, {0xE0, 0x2192},
    {0xE8, 0x2794}, {0xFB, 0x2717}, {0xFC, 0x2713}, {0xFD, 0x2612},
    {0xFE, 0x2611},
};

static const struct {
    guint8 code;
    gunichar c;
} wingdings2[] = {
    {0x4F, 0x2717}, {0x50, 0x2713}, {0x51, 0x2612}, {0x52, 0x2611},
    {0x53, 0x2612}, {0x54, 0x2612}, {0xA3, 0x25A1}, {0xEA, 0x2605},
};

gunichar
symbol_char(const char *font, guint32 code)
{
    guint8 low = (guint8)(code & 0xFF);

    if (code < 0xF000 || code > 0xF0FF) {
        /* a character of an ordinary font */
        if (code >= 0x80 || !font || !g_str_has_prefix(font, "Wingdings"))
            return g_unichar_validate(code) && code >= 0x20 ? code : 0xFFFD;
    }
    if (g_strcmp0(font, "Wingdings") == 0) {
        if (low >= 0x81 && low <= 0x8A) /* circled 1 to 10 */
            return 0x2460 + (gunichar)(low - 0x81);
        for (gsize i = 0; i < G_N_ELEMENTS(wingdings); i++)
            if (wingdings[i].code == low)
                return wingdings[i].c;
    } else if (g_strcmp0(font, "Wingdings 2") == 0) {
        for (gsize i = 0; i < G_N_ELEMENTS(wingdings2); i++)
            if (wingdings2[i].code == low)
                return wingdings2[i].c;
    } else if (g_strcmp0(font, "Symbol") == 0 && low >= 0x20 && low < 0x40) {
        return low;
    }
    return 0xFFFD;
}

/* Mailbox names on the wire: RFC 3501's own examples, ours, and impostors. */
#include "mailbox/utf7.h"

static const struct {
    const char *utf8, *wire;
} pairs[] = {
    {"INBOX", "INBOX"},
    {"已受理", "&XfJT13QG-"},
    {"已退回", "&XfKQAFbe-"},
    {"已忽略", "&XfJf,XVl-"},
    {"待处理", "&X4VZBHQG-"},
    {"其他文件夹", "&UXZO1mWHTvZZOQ-"},
    {"A&B", "A&-B"},
    {"&", "&-"},
    {"", ""},
    {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
    {"a é b", "a &AOk- b"},
    {"𠮷野家", "&2ELft5HOW7Y-"}, /* beyond the BMP: a surrogate pair */
    {"tab\there", "tab&AAk-here"},
};

static const char *const impostors[] = {
    "&",            /* not ended */
    "&XfJT13QG",    /* not ended */
    "&Jjo!",        /* not ended, ! */
    "&XfJ T13QG-",  /* a space inside */
    "&XfJT13QG/-",  /* / instead of , */
    "&XfI-&U9c-",   /* two runs where there is one */
    "&AGE-",        /* an ASCII letter */
    "&ACY-",        /* & has a form of its own */
    "&2EI-",        /* half a surrogate pair */
    "&37c-",        /* the other half */
    "&XfJ-",        /* bits left over that are not zero */
    "&AA-",         /* not a whole unit */
    "&A-",          /* less */
    "\xE5\xB7\xB2", /* raw UTF-8 */
    "a\nb",
};

static void
test_both_ways(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *wire = utf7_encode(pairs[i].utf8);
        g_autofree char *utf8 = utf7_decode(pairs[i].wire);

        g_assert_cmpstr(wire, ==, pairs[i].wire);
        g_assert_cmpstr(utf8, ==, pairs[i].utf8);
    }
}

static void
test_impostors(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(impostors); i++) {
        g_autofree char *utf8 = utf7_decode(impostors[i]);

        g_test_message("%s", impostors[i]);
        g_assert_null(utf8);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/utf7/both-ways", test_both_ways);
    g_test_add_func("/utf7/impostors", test_impostors);
    return g_test_run();
}

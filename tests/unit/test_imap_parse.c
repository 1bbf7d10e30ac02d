/* Responses of IMAP servers, well-behaved, strange and hostile. */
#include "mailbox/imap_parse.h"

#include <string.h>

/* A line of test text: \x01 stands for nothing; literals are given apart. */
static gboolean
parse(const char *text, struct imap_response *r, const char *const *literals)
{
    g_autoptr(GPtrArray) array =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    struct imap_line line = {text, strlen(text), array};

    for (; literals && *literals; literals++) {
        GByteArray *bytes = g_byte_array_new();

        g_byte_array_append(bytes, (const guint8 *)*literals,
                            (guint)strlen(*literals));
        g_ptr_array_add(array, bytes);
    }
    return imap_parse(&line, r);
}

static void
test_status(void)
{
    static const struct {
        const char *text;
        enum imap_kind kind;
        enum imap_status status;
        enum imap_code code;
        guint32 number;
        const char *prose;
    } cases[] = {
        {"b7 OK done", IMAP_TAGGED, IMAP_OK, IMAP_CODE_NONE, 0, "done"},
        {"b7 NO", IMAP_TAGGED, IMAP_NO, IMAP_CODE_NONE, 0, ""},
        {"b7 bad what?", IMAP_TAGGED, IMAP_BAD, IMAP_CODE_NONE, 0, "what?"},
        {"b7 NO [TRYCREATE] no such folder", IMAP_TAGGED, IMAP_NO,
         IMAP_CODE_TRYCREATE, 0, "[TRYCREATE] no such folder"},
        {"* OK [UIDVALIDITY 1551760200] ok", IMAP_CONDITION, IMAP_OK,
         IMAP_CODE_UIDVALIDITY, 1551760200, "[UIDVALIDITY 1551760200] ok"},
        {"* OK [UIDVALIDITY 0] ok", IMAP_CONDITION, IMAP_OK,
         IMAP_CODE_UIDVALIDITY, 0, "[UIDVALIDITY 0] ok"},
        {"* OK [UIDVALIDITY 4294967296] ok", IMAP_CONDITION, IMAP_OK,
         IMAP_CODE_UIDVALIDITY, 0, "[UIDVALIDITY 4294967296] ok"},
        {"* OK [UIDVALIDITY] ok", IMAP_CONDITION, IMAP_OK,
         IMAP_CODE_UIDVALIDITY, 0, "[UIDVALIDITY] ok"},
        {"* OK [uidnext 4294967295] Predicted", IMAP_CONDITION, IMAP_OK,
         IMAP_CODE_UIDNEXT, 4294967295u, "[uidnext 4294967295] Predicted"},
        {"* BYE shutting down {5}", IMAP_CONDITION, IMAP_BYE, IMAP_CODE_NONE, 0,
         "shutting down {5}"},
        {"* PREAUTH hello", IMAP_CONDITION, IMAP_PREAUTH, IMAP_CODE_NONE, 0,
         "hello"},
        {"* OK [PERMANENTFLAGS (\\Deleted \\*)] l", IMAP_CONDITION, IMAP_OK,
         IMAP_CODE_NONE, 0, "[PERMANENTFLAGS (\\Deleted \\*)] l"},
        {"* 23 EXISTS", IMAP_EXISTS, IMAP_OK, IMAP_CODE_NONE, 23, ""},
        {"* 0 exists", IMAP_EXISTS, IMAP_OK, IMAP_CODE_NONE, 0, ""},
        {"* 4 EXPUNGE", IMAP_EXPUNGE, IMAP_OK, IMAP_CODE_NONE, 4, ""},
        {"* 4 RECENT", IMAP_IGNORED, IMAP_OK, IMAP_CODE_NONE, 4, ""},
        {"+ idling", IMAP_CONTINUE, IMAP_OK, IMAP_CODE_NONE, 0, ""},
        {"+", IMAP_CONTINUE, IMAP_OK, IMAP_CODE_NONE, 0, ""},
        {"* FLAGS (\\Seen)", IMAP_IGNORED, IMAP_OK, IMAP_CODE_NONE, 0, ""},
        {"* X-UNHEARD OF \"({[", IMAP_IGNORED, IMAP_OK, IMAP_CODE_NONE, 0, ""},
    };
    struct imap_response r;

    imap_response_init(&r);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].text);
        g_assert_true(parse(cases[i].text, &r, NULL));
        g_assert_cmpint(r.kind, ==, cases[i].kind);
        g_assert_cmpint(r.status, ==, cases[i].status);
        g_assert_cmpint(r.code, ==, cases[i].code);
        g_assert_cmpuint(r.number, ==, cases[i].number);
        g_assert_cmpstr(r.text, ==, cases[i].prose);
    }
    imap_response_clear(&r);
}

static void
test_capability(void)
{
    struct imap_response r;

    imap_response_init(&r);
    g_assert_true(
        parse("* CAPABILITY IMAP4rev1 IDLE move X-ID AUTH=PLAIN", &r, NULL));
    g_assert_cmpint(r.kind, ==, IMAP_CAPABILITY);
    g_assert_cmpuint(r.capabilities, ==, IMAP_CAN_IDLE | IMAP_CAN_MOVE);
    g_assert_true(
        parse("b1 OK [CAPABILITY IMAP4rev1 ID UIDPLUS] in", &r, NULL));
    g_assert_cmpint(r.code, ==, IMAP_CODE_CAPABILITY);
    g_assert_cmpuint(r.capabilities, ==, IMAP_CAN_ID | IMAP_CAN_UIDPLUS);
    imap_response_clear(&r);
}

static void
test_list(void)
{
    static const char *const name[] = {"in\"literal", NULL};
    static const struct {
        const char *text;
        const char *const *literals;
        const char *name;
        char delimiter;
        gboolean selectable;
    } cases[] = {
        {"* LIST (\\HasNoChildren) \"/\" INBOX", NULL, "INBOX", '/', TRUE},
        {"* LIST () \".\" \"&XfJT1nQG-\"", NULL, "&XfJT1nQG-", '.', TRUE},
        {"* LIST (\\Noselect) NIL \"a \\\"b\\\\\"", NULL, "a \"b\\", 0, FALSE},
        {"* LIST (\\HasChildren \\NonExistent) \"\\\\\" x", NULL, "x", '\\',
         FALSE},
        {"* LIST () \"/\" {10}", name, "in\"literal", '/', TRUE},
        {"* LIST () \"\" NIL", NULL, "NIL", 0, TRUE},
    };
    struct imap_response r;

    imap_response_init(&r);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].text);
        g_assert_true(parse(cases[i].text, &r, cases[i].literals));
        g_assert_cmpint(r.kind, ==, IMAP_LIST);
        g_assert_cmpstr(r.string->str, ==, cases[i].name);
        g_assert_cmpint(r.delimiter, ==, cases[i].delimiter);
        g_assert_cmpint(r.selectable, ==, cases[i].selectable);
    }
    imap_response_clear(&r);
}

/* Items come in any order, with others between. */
static void
test_fetch(void)
{
    static const char *const body[] = {"the body", NULL};
    static const char *const two[] = {"structure", "the body", NULL};
    static const struct {
        const char *text;
        const char *const *literals;
        guint literal;
    } cases[] = {
        {"* 3 FETCH (UID 17 INTERNALDATE \" 5-Mar-2019 09:30:00 +0800\" "
         "RFC822.SIZE 8 BODY[] {8})",
         body, 0},
        {"* 3 FETCH (BODY[] {8} RFC822.SIZE 8 FLAGS (\\Seen $a) UID 17 "
         "INTERNALDATE \"05-Mar-2019 01:30:00 +0000\")",
         body, 0},
        {"* 3 fetch (uid 17 rfc822.size 8 internaldate "
         "\"04-mar-2019 20:30:00 -0500\" body[HEADER]<0> {8}) ",
         body, 0},
        {"* 3 FETCH (MODSEQ (624140003) BODYSTRUCTURE (\"a\" NIL {9} "
         "((1 \"\\\")\"))) UID 17 RFC822.SIZE 8 INTERNALDATE "
         "\"05-Mar-2019 01:30:00 +0000\" BODY[] {8})",
         two, 1},
    };
    struct imap_response r;

    imap_response_init(&r);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].text);
        g_assert_true(parse(cases[i].text, &r, cases[i].literals));
        g_assert_cmpint(r.kind, ==, IMAP_FETCH);
        g_assert_cmpuint(r.number, ==, 3);
        g_assert_cmpuint(r.uid, ==, 17);
        g_assert_cmpint(r.received, ==, 1551749400);
        g_assert_true(r.has_size);
        g_assert_cmpuint(r.size, ==, 8);
        g_assert_cmpint(r.body, ==, IMAP_BODY_LITERAL);
        g_assert_cmpuint(r.body_literal, ==, cases[i].literal);
    }
    imap_response_clear(&r);
}

static void
test_fetch_odd(void)
{
    static const char *const body[] = {"x", NULL};
    struct imap_response r;

    imap_response_init(&r);
    /* C5: gone meanwhile */
    g_assert_true(parse("* 3 FETCH (UID 17 BODY[] NIL)", &r, NULL));
    g_assert_cmpint(r.body, ==, IMAP_BODY_NONE);
    g_assert_true(parse("* 3 FETCH ()", &r, NULL));
    g_assert_cmpuint(r.uid, ==, 0);
    /* an unasked change of flags */
    g_assert_true(parse("* 3 FETCH (FLAGS (\\Seen))", &r, NULL));
    g_assert_false(r.has_size);
    g_assert_false(r.deleted);
    g_assert_true(parse("* 3 FETCH (FLAGS (\\Seen \\deleted))", &r, NULL));
    g_assert_true(r.deleted);
    imap_response_clear(&r);
    imap_response_init(&r);
    g_assert_true(parse("* 3 FETCH (FLAGS (\\DeletedNot $Deleted))", &r, NULL));
    g_assert_false(r.deleted);
    /* a short body may be quoted */
    g_assert_true(parse("* 3 FETCH (UID 1 BODY[] \"a\\\\b\")", &r, NULL));
    g_assert_cmpint(r.body, ==, IMAP_BODY_STRING);
    g_assert_cmpstr(r.string->str, ==, "a\\b");
    /* a part is not the message */
    g_assert_true(parse("* 3 FETCH (BODY[1.MIME] {1} UID 1)", &r, body));
    g_assert_cmpint(r.body, ==, IMAP_BODY_NONE);
    g_assert_true(
        parse("* 3 FETCH (BODY[HEADER.FIELDS (DATE X)] {1} UID 1)", &r, body));
    g_assert_cmpint(r.body, ==, IMAP_BODY_NONE);
    /* dates that cannot be */
    g_assert_true(parse(
        "* 3 FETCH (INTERNALDATE \"31-Feb-2019 01:00:00 +0000\")", &r, NULL));
    g_assert_cmpint(r.received, ==, 0);
    g_assert_true(parse("* 3 FETCH (INTERNALDATE NIL UID 4)", &r, NULL));
    g_assert_cmpuint(r.uid, ==, 4);
    imap_response_clear(&r);
}

static void
test_dates(void)
{
    static const struct {
        const char *text;
        gint64 instant; /* 0: none */
    } cases[] = {
        {"17-Jul-1996 02:44:25 -0700", 837596665},
        {" 5-Mar-2019 09:30:00 +0800", 1551749400},
        {"05-mar-2019 09:30:00 +0800", 1551749400},
        {"29-Feb-2024 23:59:60 +0000", 1709251200},
        {"29-Feb-2023 00:00:00 +0000", 0},
        {"5-Mar-2019 09:30:00 +0800", 0},
        {"05-Mar-2019 24:30:00 +0800", 0},
        {"05-Mar-2019 09:30:00 +0800 ", 0},
        {"05-Mar-2019 09:30:00 +1500", 0},
        {"05-Mar-2019 09:30:00 0800", 0},
        {"05-Mar-2019 09:30:00", 0},
        {"05-Mrz-2019 09:30:00 +0000", 0},
        {"-5-Mar-2019 09:30:00 +0000", 0},
        {"05-Mar-0000 09:30:00 +0000", 0},
        {"05-M", 0},
        {"", 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 got = 0;

        g_test_message("%s", cases[i].text);
        g_assert_cmpint(
            imap_date_parse(cases[i].text, strlen(cases[i].text), &got), ==,
            cases[i].instant != 0);
        g_assert_cmpint(got, ==, cases[i].instant);
    }
}

/* C8 and other lies: what is against the grammar is not read on. */
static void
test_nonsense(void)
{
    static const char *const one[] = {"x", NULL};
    static const char *const cases[] = {
        "",
        "*",
        "* ",
        "*OK",
        "b1",
        "b1 ",
        "b1 MAYBE",
        "b1 BYE",
        "this line is from the middle of somebody's mail",
        "averyveryverylongtag OK",
        "* 3 FETCH",
        "* 3 FETCH (",
        "* 3 FETCH (UID 17",
        "* 3 FETCH (UID 17 BODY[] {1}",
        "* 3 FETCH (UID 17 BODY[] {1}x)",
        "* 3 FETCH (UID 17 BODY[] {1}) trailing",
        "* 3 FETCH (UID 17 BODY[] {1} {1})",
        "* 3 FETCH (UID 17 BODY[ {1})",
        "* 3 FETCH (UID 99999999999)",
        "* 3 FETCH (UID x)",
        "* 3 FETCH (UID 17 BODY[] atom)",
        "* 3 FETCH (BODY[]<0 {1})",
        "* 3 FETCH (FLAGS (\\Seen UID 17)",
        "* 3 FETCH (FLAGS )",
        "* 3 FETCH (INTERNALDATE \"05-Mar)",
        "* 99999999999 EXISTS",
        "* LIST",
        "* LIST (\\Noselect \"/\" x",
        "* LIST () / x",
        "* LIST () \"//\" x",
        "* LIST () \"/\"",
    };
    struct imap_response r;

    imap_response_init(&r);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i]);
        g_assert_false(parse(cases[i], &r, one));
    }
    imap_response_clear(&r);
}

static void
test_nesting(void)
{
    g_autoptr(GString) deep = g_string_new("* 1 FETCH (X ");
    struct imap_response r;

    imap_response_init(&r);
    for (int i = 0; i < 30000; i++)
        g_string_append_c(deep, '(');
    for (int i = 0; i < 30000; i++)
        g_string_append_c(deep, ')');
    g_string_append_c(deep, ')');
    g_assert_false(parse(deep->str, &r, NULL));
    imap_response_clear(&r);
}

static void
test_announcements(void)
{
    static const struct {
        const char *text;
        gboolean announces;
        guint32 size;
    } cases[] = {
        {"* 3 FETCH (UID 17 BODY[] {8}", TRUE, 8},
        {"* 3 FETCH (BODY[] {4294967295}", TRUE, 4294967295u},
        {"* 3 FETCH (BODY[] {4294967296}", FALSE, 0},
        {"* 3 FETCH (BODY[] {0}", TRUE, 0},
        {"* LIST () \"/\" {10}", TRUE, 10},
        {"* 3 FETCH (BODY[] {}", FALSE, 0},
        {"* 3 FETCH (BODY[] 8}", FALSE, 0},
        {"* OK your quota is {8}", FALSE, 0},
        {"* BYE {8}", FALSE, 0},
        {"b1 OK {8}", FALSE, 0},
        {"+ {8}", FALSE, 0},
        {"{8}", FALSE, 0},
        {"", FALSE, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint32 size = 0;

        g_test_message("%s", cases[i].text);
        g_assert_cmpint(
            imap_announces_literal(cases[i].text, strlen(cases[i].text), &size),
            ==, cases[i].announces);
        g_assert_cmpuint(size, ==, cases[i].size);
    }
}

/* Every line above all wrong in one place, or cut: no crash, and what is
 * said to be there is there. */
static void
test_damage(void)
{
    static const char *const seeds[] = {
        "* 3 FETCH (UID 17 INTERNALDATE \" 5-Mar-2019 09:30:00 +0800\" "
        "RFC822.SIZE 8 BODY[HEADER]<0> {8} BODY[] \"a\\\\b\")",
        "* LIST (\\Noselect) \"/\" {10}",
        "b7 NO [UIDNEXT 12] text",
        "* CAPABILITY IMAP4rev1 IDLE MOVE",
    };
    static const char *const one[] = {"x", NULL};
    static const char bytes[] = "\x01 \"\\(){}[]<>*+0aZ\x7F\x80\xFF";
    struct imap_response r;
    int parsed = 0;

    imap_response_init(&r);
    for (size_t s = 0; s < G_N_ELEMENTS(seeds); s++) {
        for (size_t at = 0; at < strlen(seeds[s]); at++) {
            for (size_t b = 0; b < sizeof bytes; b++) {
                g_autofree char *text = g_strdup(seeds[s]);

                text[at] = bytes[b]; /* the last one cuts */
                if (!parse(text, &r, one))
                    continue;
                parsed++;
                if (r.kind == IMAP_FETCH && r.body == IMAP_BODY_LITERAL)
                    g_assert_cmpuint(r.body_literal, ==, 0);
            }
        }
    }
    g_assert_cmpint(parsed, >, 100);
    imap_response_clear(&r);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/imap-parse/status", test_status);
    g_test_add_func("/imap-parse/capability", test_capability);
    g_test_add_func("/imap-parse/list", test_list);
    g_test_add_func("/imap-parse/fetch", test_fetch);
    g_test_add_func("/imap-parse/fetch-odd-C5-C6", test_fetch_odd);
    g_test_add_func("/imap-parse/dates", test_dates);
    g_test_add_func("/imap-parse/nonsense-C8-C18", test_nonsense);
    g_test_add_func("/imap-parse/nesting", test_nesting);
    g_test_add_func("/imap-parse/announcements", test_announcements);
    g_test_add_func("/imap-parse/damage", test_damage);
    return g_test_run();
}

/* fuzz_header.c - one header field: encoded words, parameters, addresses,
 * ids; and bytes under a label of a charset.  Two fields: the label, and the
 * value. */
#include "fuzz/fuzz.h"
#include "base/address.h"
#include "message/address.h"
#include "message/codec.h"
#include "message/header.h"
#include "message/params.h"
#include "message/rfc2047.h"

#include <string.h>

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    charset_init();
    return 0;
}

static void
check_params(const char *raw, size_t len)
{
    g_autoptr(params) p = params_parse(raw, len);
    g_autofree char *name = NULL, *other = NULL, *boundary = NULL;
    gboolean hides;

    params_file_name(p, p, &name, &other, &hides);
    boundary = params_get(p, "boundary");
    fuzz_line(name);
    fuzz_line(other);
    fuzz_line(boundary);
    FUZZ_MUST(!name || *name);
    FUZZ_MUST(!other || strcmp(name, other) != 0);
}

static void
check_addresses(const char *raw, size_t len)
{
    g_autoptr(GPtrArray) list =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_address_free);

    address_parse(list, raw, len);
    FUZZ_MUST(list->len <= ADDRESS_LIST_MAX);
    for (guint i = 0; i < list->len; i++) {
        const struct reading_address *a = list->pdata[i];

        fuzz_line(a->name);
        fuzz_line(a->address);
        FUZZ_MUST(!a->address || address_valid(a->address));
    }
}

static void
check_ids(const char *text)
{
    const char *end = text;
    char *id;

    while ((id = header_message_id(end, &end)) != NULL) {
        size_t n = strlen(id);

        FUZZ_MUST(n >= 5 && n <= 998 && id[0] == '<' && id[n - 1] == '>');
        fuzz_line(id);
        FUZZ_MUST(!strpbrk(id, " \t\r\n"));
        g_free(id);
    }
}

/* What base64 decodes to, encoded again, decodes to the same. */
static void
check_codecs(const char *raw, size_t len)
{
    g_autoptr(GByteArray) once = g_byte_array_new();
    g_autoptr(GByteArray) again = g_byte_array_new();
    g_autoptr(GByteArray) other = g_byte_array_new();
    g_autofree char *coded = NULL;

    codec_base64(once, raw, len);
    coded = g_base64_encode(once->data, once->len);
    FUZZ_MUST(codec_base64(again, coded, strlen(coded)));
    FUZZ_MUST(once->len == again->len &&
              (once->len == 0 || !memcmp(once->data, again->data, once->len)));
    codec_quoted_printable(other, raw, len);
    FUZZ_MUST(other->len <= len);
    codec_uu(other, raw, len);
    codec_q(other, raw, len);
    codec_percent(other, raw, len);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    struct fuzz_input in = {(const char *)data, (const char *)data + len};
    size_t label_len, n;
    const char *label_bytes = fuzz_bytes(&in, &label_len);
    g_autofree char *label = g_strndup(label_bytes, label_len);
    const char *raw = fuzz_bytes(&in, &n);
    enum charset_result worst = CHARSET_EXACT;
    g_autofree char *line = rfc2047_decode(raw, n, &worst);
    g_autoptr(GString) text = g_string_new(NULL);

    fuzz_line(line);
    charset_append(text, label, raw, n);
    FUZZ_MUST(g_utf8_validate_len(text->str, text->len, NULL) ||
              memchr(text->str, '\0', text->len));
    check_params(raw, n);
    check_addresses(raw, n);
    check_ids(line);
    check_codecs(raw, n);
    return 0;
}

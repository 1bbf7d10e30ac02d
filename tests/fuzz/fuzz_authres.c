/* fuzz_authres.c - Authentication-Results and Received: the From address,
 * then a line each, "A" or "R" in front; "H" before what a stranger calls
 * himself. */
#include "fuzz/fuzz.h"
#include "message/authres.h"

#include <string.h>

static const char *const trusted[] = {"mx.own.gov.cn", NULL};
static const char *const own_hosts[] = {"mx.own.gov.cn", "relay.own.gov.cn",
                                        NULL};

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

static void
add(GPtrArray *trace, gboolean is_auth, const char *value)
{
    struct reading_trace *t = g_new0(struct reading_trace, 1);

    t->is_auth = is_auth;
    t->value = g_strdup(value);
    g_ptr_array_add(trace, t);
}

/* Whatever stands below a stranger's Received line changes nothing (D3). */
static void
check_below(GPtrArray *trace, const char *from)
{
    enum proof above;

    add(trace, FALSE, "from evil.example by evil.example with SMTP");
    above = authres_proof(trace, trusted, own_hosts, from);
    add(trace, TRUE, "mx.own.gov.cn; dmarc=pass header.from=own.gov.cn");
    add(trace, TRUE, "mx.own.gov.cn; dmarc=fail");
    add(trace, FALSE, "from mx.own.gov.cn by mx.own.gov.cn with ESMTP");
    FUZZ_MUST(authres_proof(trace, trusted, own_hosts, from) == above);
}

/* However a stranger calls himself, the line that our own server writes of
 * him is where our own fields end (D3). */
static void
check_stranger(const char *helo)
{
    g_autoptr(GPtrArray) trace =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_trace_free);
    g_autofree char *word = g_strdelimit(g_strdup(helo), " \t", '-');
    g_autofree char *line =
        g_strdup_printf("from %s (evil.example [6.6.6.6]) by relay.own.gov.cn "
                        "(Postfix) with ESMTPS id 1; x",
                        word);

    add(trace, FALSE, line);
    add(trace, TRUE, "mx.own.gov.cn; dmarc=pass header.from=own.gov.cn");
    FUZZ_MUST(authres_proof(trace, trusted, own_hosts, "wang@own.gov.cn") ==
              PROOF_NONE);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    struct fuzz_input in = {(const char *)data, (const char *)data + len};
    g_autofree char *from = fuzz_take_line(&in);
    g_autoptr(GPtrArray) trace =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_trace_free);
    enum proof proof;

    while (in.at < in.end) {
        g_autofree char *line = fuzz_take_line(&in);

        if (*line == 'H')
            check_stranger(line + 1);
        else if (*line)
            add(trace, *line == 'A', line + 1);
    }
    proof = authres_proof(trace, trusted, own_hosts, from);
    FUZZ_MUST(proof <= PROOF_FAILED);
    FUZZ_MUST(authres_proof(trace, NULL, own_hosts, from) == PROOF_NONE);
    check_below(trace, from);
    return 0;
}

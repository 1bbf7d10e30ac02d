/* Who is a machine, and who is proven: headers only. */
#include "base/text.h"
#include "message/authres.h"
#include "message/address.h"
#include "message/machine.h"

#include <string.h>

#define OWN "xxk@office.example.gov.cn"

struct mail {
    const char *id;     /* of the requirement */
    const char *header; /* without From, To and Subject */
    const char *from, *subject, *report;
    gboolean word;
    enum machine want;
};

static enum machine
judge(const struct mail *m, char **reason_out)
{
    g_autoptr(GPtrArray) from =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_address_free);
    const char *sender = m->from ? m->from : "李明 <liming@example.cn>";
    struct header h;
    struct machine_facts facts = {
        .header = &h,
        .report_type = m->report,
        .subject = m->subject ? m->subject : "春耕情况-归昌乡-李明-6106766",
        .from = from,
        .own_address = OWN,
        .has_word = m->word,
    };
    enum machine got;

    header_scan(&h, m->header, strlen(m->header), 100, 10000);
    address_parse(from, sender, strlen(sender));
    got = machine_find(&facts, reason_out);
    header_clear(&h);
    return got;
}

static const struct mail mails[] = {
    {"person", "X-Mailer: Foxmail 7.2\n", NULL, NULL, NULL, FALSE, MACHINE_NO},
    {"A1", "Auto-Submitted: auto-replied\n", NULL, NULL, NULL, TRUE,
     MACHINE_AUTO_SUBMITTED},
    {"A2", "Auto-Submitted: auto-generated; x=y (cron)\n", NULL, NULL, NULL,
     FALSE, MACHINE_AUTO_SUBMITTED},
    {"A2 comment", "Auto-Submitted: (no) auto-replied\n", NULL, NULL, NULL,
     FALSE, MACHINE_AUTO_SUBMITTED},
    {"A2 nested comment", "Auto-Submitted: (a (no) b) auto-replied\n", NULL,
     NULL, NULL, FALSE, MACHINE_AUTO_SUBMITTED},
    {"A2 quoted bracket", "Auto-Submitted: (a \\) no) auto-replied\n", NULL,
     NULL, NULL, FALSE, MACHINE_AUTO_SUBMITTED},
    {"A3 nested comment", "Auto-Submitted: (a (b)) no\n", NULL, NULL, NULL,
     TRUE, MACHINE_NO},
    {"A3", "Auto-Submitted: no\n", NULL, NULL, NULL, FALSE, MACHINE_NO},
    {"A3 parameter", "Auto-Submitted: No; x=y\n", NULL, NULL, NULL, FALSE,
     MACHINE_NO},
    {"A4", "auto-submitted: AUTO-REPLIED\n", NULL, NULL, NULL, FALSE,
     MACHINE_AUTO_SUBMITTED},
    {"A5", "Auto-Submitted: no\nAuto-Submitted: auto-replied\n", NULL, NULL,
     NULL, FALSE, MACHINE_AUTO_SUBMITTED},
    {"A6", "Return-Path: <>\n", NULL, NULL, NULL, TRUE, MACHINE_NULL_SENDER},
    {"A7", "Return-Path: <liming@example.cn>\n", NULL, NULL, NULL, FALSE,
     MACHINE_NO},
    {"A8", "", "Mail Delivery System <MAILER-DAEMON@mx.example.cn>", NULL, NULL,
     FALSE, MACHINE_BOUNCE},
    {"A8 name alone", "", "MAILER-DAEMON", NULL, NULL, FALSE, MACHINE_BOUNCE},
    {"A8 postmaster may be human", "", "postmaster@example.cn", NULL, NULL,
     FALSE, MACHINE_NO},
    {"A8 postmaster with report", "", "postmaster@example.cn", NULL,
     "delivery-status", FALSE, MACHINE_BOUNCE},
    {"A9", "", "owner-x@example.cn", NULL, NULL, FALSE, MACHINE_ROBOT},
    {"A9 request", "", "x-request@example.cn", NULL, NULL, FALSE,
     MACHINE_ROBOT},
    {"A9 bounces", "", "x-bounces@example.cn", NULL, NULL, FALSE,
     MACHINE_ROBOT},
    {"A9 noreply", "", "NoReply@example.cn", NULL, NULL, TRUE, MACHINE_ROBOT},
    {"A9 no-reply", "", "no-reply@example.cn", NULL, NULL, FALSE,
     MACHINE_ROBOT},
    {"A9 system", "", "系统邮件 <x@example.cn>", NULL, NULL, FALSE,
     MACHINE_ROBOT},
    {"A9 word inside", "", "noreply.service@example.cn", NULL, NULL, FALSE,
     MACHINE_ROBOT},
    {"A9 number behind", "", "srv-noreply1@example.cn", NULL, NULL, FALSE,
     MACHINE_ROBOT},
    {"A9 two words", "", "oa.No_Reply-2@example.cn", NULL, NULL, FALSE,
     MACHINE_ROBOT},
    {"A9 do not", "", "do.not.reply@example.cn", NULL, NULL, FALSE,
     MACHINE_ROBOT},
    {"A9 tag", "", "x-request+abc@example.cn", NULL, NULL, FALSE,
     MACHINE_ROBOT},
    {"A9 noreply with tag", "", "noreply+abc@example.cn", NULL, NULL, FALSE,
     MACHINE_ROBOT},
    {"A9 notice", "", "\"系统通知：\" <x@example.cn>", NULL, NULL, FALSE,
     MACHINE_ROBOT},
    {"A9 notice in brackets", "", "【系统通知】 <x@example.cn>", NULL, NULL,
     FALSE, MACHINE_ROBOT},
    {"A9 human: reply", "", "reply@example.cn", NULL, NULL, FALSE, MACHINE_NO},
    {"A9 human: norely", "", "norely@example.cn", NULL, NULL, FALSE,
     MACHINE_NO},
    {"A9 human: request", "", "request@example.cn", NULL, NULL, FALSE,
     MACHINE_NO},
    {"A9 human: request with tag", "", "request+a@example.cn", NULL, NULL,
     FALSE, MACHINE_NO},
    {"A9 human: sonoreply", "", "sonoreply@example.cn", NULL, NULL, FALSE,
     MACHINE_NO},
    {"A9 human: noreplyzhang", "", "noreplyzhang@example.cn", NULL, NULL, FALSE,
     MACHINE_NO},
    {"A9 human: reply.no", "", "reply.no@example.cn", NULL, NULL, FALSE,
     MACHINE_NO},
    {"A9 human: nuo-reply", "", "nuo-reply@example.cn", NULL, NULL, FALSE,
     MACHINE_NO},
    {"A9 human: tag alone", "", "liming+request@example.cn", NULL, NULL, FALSE,
     MACHINE_NO},
    {"A9 human: a name", "", "张系统 <zhangxitong@example.cn>", NULL, NULL,
     FALSE, MACHINE_NO},
    {"A9 human: an office", "", "县系统通知科 <x@example.cn>", NULL, NULL,
     FALSE, MACHINE_NO},
    {"A10", "List-Id: <x.example.cn>\n", NULL, NULL, NULL, FALSE, MACHINE_LIST},
    {"A10 empty", "List-Id:\n", NULL, NULL, NULL, FALSE, MACHINE_LIST},
    {"A10 unsubscribe", "list-unsubscribe: <mailto:x@y.cn>\n", NULL, NULL, NULL,
     FALSE, MACHINE_LIST},
    {"A10 archive", "List-Archive: <http://x.cn>\n", NULL, NULL, NULL, FALSE,
     MACHINE_LIST},
    {"A11", "Precedence: bulk\n", NULL, NULL, NULL, FALSE, MACHINE_BULK},
    {"A11 junk", "Precedence: Junk\n", NULL, NULL, NULL, FALSE, MACHINE_BULK},
    {"A11 auto_reply", "Precedence: auto_reply\n", NULL, NULL, NULL, FALSE,
     MACHINE_BULK},
    {"A11 nested comment", "Precedence: (a(b)) bulk\n", NULL, NULL, NULL, FALSE,
     MACHINE_BULK},
    {"A12", "Precedence: first-class\n", NULL, NULL, NULL, FALSE, MACHINE_NO},
    {"A13", "X-Auto-Response-Suppress: OOF\n", NULL, NULL, NULL, FALSE,
     MACHINE_NO},
    {"A14", "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply\n", NULL,
     NULL, NULL, TRUE, MACHINE_SUPPRESS},
    {"A14 two fields",
     "X-Auto-Response-Suppress: OOF\nX-Auto-Response-Suppress: All\n", NULL,
     NULL, NULL, TRUE, MACHINE_SUPPRESS},
    {"A13 two fields",
     "X-Auto-Response-Suppress: OOF\nX-Auto-Response-Suppress: DR\n", NULL,
     NULL, NULL, FALSE, MACHINE_NO},
    {"A14 all", "X-Auto-Response-Suppress: All\n", NULL, NULL, NULL, TRUE,
     MACHINE_SUPPRESS},
    {"A15", "X-QQ-AUTO-REPLY: true\n", NULL, "自动回复:退回通知", NULL, FALSE,
     MACHINE_AUTO_SUBMITTED},
    {"A15 header alone", "X-QQ-AUTO-REPLY: true\n", NULL, NULL, NULL, TRUE,
     MACHINE_AUTO_SUBMITTED},
    {"A16", "", NULL, "自动回复: 您好", NULL, FALSE, MACHINE_AUTO_SUBMITTED},
    {"A16 full width", "", NULL, "自动答复：外出", NULL, FALSE,
     MACHINE_AUTO_SUBMITTED},
    {"A16 brackets", "", NULL, "【自动回复】已收到", NULL, FALSE,
     MACHINE_AUTO_SUBMITTED},
    {"A16 exchange", "", NULL, "Automatic reply: x", NULL, FALSE,
     MACHINE_AUTO_SUBMITTED},
    {"A16 out of office", "", NULL, "Out of Office: x", NULL, FALSE,
     MACHINE_AUTO_SUBMITTED},
    {"A16 bounce", "", NULL, "系统退信", NULL, FALSE, MACHINE_BOUNCE},
    {"A16 returned", "", NULL, "退信：x", NULL, FALSE, MACHINE_BOUNCE},
    {"A17", "", NULL, "自动回复系统上线-县财政局-张敏-6201001", NULL, TRUE,
     MACHINE_NO},
    {"A16 a title about going out", "", NULL, "外出务工人员返乡情况", NULL,
     FALSE, MACHINE_NO},
    {"A18", "Return-Path: <>\n", NULL, NULL, "delivery-status", FALSE,
     MACHINE_BOUNCE},
    {"A18 other report", "", NULL, NULL, "feedback-report", FALSE,
     MACHINE_BOUNCE},
    {"A18 header", "X-Failed-Recipients: a@b.cn\n", NULL, NULL, NULL, FALSE,
     MACHINE_BOUNCE},
    {"A19", "", NULL, NULL, "disposition-notification", FALSE, MACHINE_RECEIPT},
    {"A19 coremail", "", NULL, "回执（已显示）- 春耕情况", NULL, FALSE,
     MACHINE_RECEIPT},
    {"A19 outlook", "", NULL, "已读: 春耕情况", NULL, FALSE, MACHINE_RECEIPT},
    {"A20", "Disposition-Notification-To: liming@example.cn\n", NULL, NULL,
     NULL, TRUE, MACHINE_NO},
    {"A21", "", OWN, NULL, NULL, TRUE, MACHINE_SELF},
    {"A21 case", "", "XXK@Office.Example.GOV.cn", NULL, NULL, FALSE,
     MACHINE_SELF},
    {"A21 tag", "", "xxk+x@office.example.gov.cn", NULL, NULL, FALSE,
     MACHINE_SELF},
    {"A21 display name only", "", "\"" OWN "\" <liming@example.cn>", NULL, NULL,
     FALSE, MACHINE_NO},
    {"A21 longer local part", "", "xxk2@office.example.gov.cn", NULL, NULL,
     FALSE, MACHINE_NO},
    {"A22", "X-Baosong-Loop: 1\n", NULL, NULL, NULL, TRUE, MACHINE_SELF},
    {"A22 our Message-ID",
     "Message-ID: <baosong.0123456789abcdef0123456789abcdef@other.cn>\n", NULL,
     NULL, NULL, TRUE, MACHINE_SELF},
    {"A22 a name like ours", "Message-ID: <baosong.abcdef@unit.cn>\n", NULL,
     NULL, NULL, TRUE, MACHINE_NO},
    {"A22 an answer to ours",
     "In-Reply-To: <baosong.0123456789abcdef0123456789abcdef@other.cn>\n", NULL,
     NULL, NULL, TRUE, MACHINE_NO},
    {"A16 notes", "", NULL, "AUTO: Zhang is out of the office", NULL, FALSE,
     MACHINE_AUTO_SUBMITTED},
    {"recall", "", NULL, "发信方已撤回邮件：春耕情况", NULL, FALSE,
     MACHINE_RECALL},
    {"recall, with a draft", "", NULL, "发信方已撤回邮件：春耕情况", NULL, TRUE,
     MACHINE_RECALL},
    {"recall outlook", "", NULL, "撤回: 春耕情况", NULL, FALSE, MACHINE_RECALL},
    {"re is no robot", "", NULL, "回复：春耕情况", NULL, FALSE, MACHINE_NO},
};

static void
test_table(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(mails); i++) {
        g_autofree char *reason = NULL;
        enum machine got = judge(&mails[i], &reason);

        if (got != mails[i].want)
            g_error("%s: %s (%s)", mails[i].id, machine_name(got), reason);
        g_assert_true((reason != NULL) == (got != MACHINE_NO));
        g_assert_true(!reason || text_is_line(reason)); /* else a lie */
    }
}

/* ---- proof of the sender ---- */

#define MX "mx.office.gov.cn"
#define STORE "store.office.gov.cn"
#define BORDER                                                                 \
    "R:from mail.unit.gov.cn (mail.unit.gov.cn [198.51.100.7]) by " MX         \
    " (Postfix) with ESMTPS id 1; Fri, 1 Mar 2019 08:00:00 +0800\n"
#define INNER                                                                  \
    "R:from " MX " (" MX " [10.0.0.5]) by " STORE                              \
    " with ESMTP id 2; Fri, 1 Mar 2019 08:00:01 +0800\n"
#define LMTP "R:by " STORE " with LMTP id 3; Fri, 1 Mar 2019 08:00:02 +0800\n"
#define FORGED "A:" MX "; dmarc=pass header.from=office.gov.cn\n"

struct trail {
    const char *id;
    const char *lines; /* "A:" and "R:" from the top */
    enum proof want;
};

static const struct trail trails[] = {
    {"plain dmarc", "A:" MX "; dmarc=pass header.from=office.gov.cn\n" BORDER,
     PROOF_PROVEN},
    {"dmarc of another domain",
     "A:" MX "; dmarc=pass header.from=evil.cn\n" BORDER, PROOF_NONE},
    {"dmarc fail", "A:" MX "; dmarc=fail header.from=office.gov.cn\n" BORDER,
     PROOF_FAILED},
    {"fail outweighs",
     "A:" MX "; dkim=pass header.d=office.gov.cn; dmarc=fail\n" BORDER,
     PROOF_FAILED},
    {"spf alone", "A:" MX "; spf=pass smtp.mailfrom=office.gov.cn\n" BORDER,
     PROOF_NONE},
    {"dkim aligned", "A:" MX "; dkim=pass header.d=office.gov.cn\n" BORDER,
     PROOF_PROVEN},
    {"dkim by identity",
     "A:" MX "; dkim=pass header.i=@office.gov.cn header.s=x\n" BORDER,
     PROOF_PROVEN},
    {"dkim of another",
     "A:" MX "; dkim=pass header.d=office.gov.cn.evil.cn\n" BORDER, PROOF_NONE},
    {"dkim of a name that ends alike",
     "A:" MX "; dkim=pass header.d=ice.gov.cn\n" BORDER, PROOF_NONE},
    {"dkim fail", "A:" MX "; dkim=fail header.d=office.gov.cn\n" BORDER,
     PROOF_NONE},
    {"auth of the same",
     "A:" MX "; auth=pass (LOGIN) smtp.auth=wang@office.gov.cn\n" BORDER,
     PROOF_PROVEN},
    {"auth without domain", "A:" MX "; auth=pass smtp.auth=wang\n" BORDER,
     PROOF_PROVEN},
    {"auth of another",
     "A:" MX "; auth=pass smtp.auth=li@office.gov.cn\n" BORDER, PROOF_NONE},
    {"none", "A:" MX "; none\n" BORDER, PROOF_NONE},
    {"no field", BORDER, PROOF_NONE},
    {"D3 below our Received", BORDER FORGED, PROOF_NONE},
    {"D3 below a foreign one", BORDER "R:from a by b; x\n" FORGED, PROOF_NONE},
    {"D3 below own and inner", INNER BORDER FORGED, PROOF_NONE},
    {"own hosts above", LMTP INNER FORGED BORDER, PROOF_PROVEN},
    {"only the border's own block counts",
     LMTP INNER "A:" MX "; spf=none\n" BORDER FORGED, PROOF_NONE},
    {"behind a field that counted no other does",
     LMTP "A:" MX "; spf=none\n" INNER FORGED BORDER, PROOF_NONE},
    {"a client that calls itself ours",
     "R:from " MX " (evil.cn [6.6.6.6]) by " STORE " with ESMTP; x\n" FORGED,
     PROOF_NONE},
    {"the same without a name",
     "R:from " MX " (unknown [6.6.6.6]) by " STORE " with ESMTP; x\n" FORGED,
     PROOF_NONE},
    {"a name that the server doubts",
     "R:from " MX " (" MX " [6.6.6.6] (may be forged)) by " STORE
     " with ESMTP; x\n" FORGED,
     PROOF_NONE},
    {"a comment that the client brought with it",
     "R:from " MX " (" MX " [10.1.2.3]) (evil.cn [6.6.6.6]) by " STORE
     " with ESMTP; x\n" FORGED,
     PROOF_NONE},
    {"a name that hides in a comment before itself",
     "R:from (" MX ")" MX " (evil.cn [6.6.6.6]) by " STORE
     " with ESMTP; x\n" FORGED,
     PROOF_NONE},
    {"a name that does not end where ours does",
     "R:from " MX ")x (evil.cn [6.6.6.6]) by " STORE " with ESMTP; x\n" FORGED,
     PROOF_NONE},
    {"how it was encrypted is no client",
     "R:from " MX " (" MX " [10.1.2.3]) (using TLSv1.3 with cipher A (256/256 "
     "bits)) (No client certificate requested) by " STORE
     " (Postfix) with ESMTPS id [1]; x\n" FORGED,
     PROOF_PROVEN},
    {"a private address is ours",
     "R:from " MX " (unknown [10.1.2.3]) by " STORE " with ESMTP; x\n" FORGED,
     PROOF_PROVEN},
    {"D4 longer name",
     "A:" MX ".evil.com; dmarc=pass header.from=office.gov.cn\n" BORDER,
     PROOF_NONE},
    {"D4 case", "A:MX.OFFICE.GOV.CN; dmarc=pass\n" BORDER, PROOF_PROVEN},
    {"D4 version and comments",
     "A:(x) " MX " (y) 1 ; (z) dmarc = pass (p=none) "
     "header.from=office.gov.cn\n" BORDER,
     PROOF_PROVEN},
    {"D4 another server",
     "A:mx.other.cn; dmarc=pass header.from=office.gov.cn\n" BORDER,
     PROOF_NONE},
    {"quoted value is no result",
     "A:" MX "; spf=fail smtp.mailfrom=\"x; dmarc=pass\"\n" BORDER, PROOF_NONE},
    {"comment is no result",
     "A:" MX "; spf=fail (; dmarc=pass) smtp.mailfrom=x\n" BORDER, PROOF_NONE},
    {"a comment that does not end",
     "A:" MX "; dmarc=pass header.from=office.gov.cn; spf=fail (x\n" BORDER,
     PROOF_NONE},
    {"several results",
     "A:" MX "; spf=pass smtp.mailfrom=x; dkim=none; dmarc=pass "
     "(p=NONE sp=NONE) header.from=office.gov.cn\n" BORDER,
     PROOF_PROVEN},
    {"two fields", "A:" MX "; spf=pass\nA:" MX "; dmarc=pass\n" BORDER,
     PROOF_PROVEN},
};

static GPtrArray *
make_trace(const char *lines)
{
    g_auto(GStrv) split = g_strsplit(lines, "\n", -1);
    GPtrArray *trace =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_trace_free);

    for (char **l = split; **l; l++) {
        struct reading_trace *t = g_new0(struct reading_trace, 1);

        t->is_auth = **l == 'A';
        t->value = g_strdup(*l + 2);
        g_ptr_array_add(trace, t);
    }
    return trace;
}

static void
test_proof(void)
{
    static const char *const trusted[] = {MX, NULL};
    static const char *const own[] = {MX, STORE, NULL};

    for (size_t i = 0; i < G_N_ELEMENTS(trails); i++) {
        g_autoptr(GPtrArray) trace = make_trace(trails[i].lines);
        enum proof got =
            authres_proof(trace, trusted, own, "wang@office.gov.cn");

        if (got != trails[i].want)
            g_error("%s: %d", trails[i].id, (int)got);
    }
}

/* D6: without a trusted server nothing is proven; without own hosts only
 * what stands above every Received counts. */
static void
test_proof_configuration(void)
{
    static const char *const trusted[] = {MX, NULL};
    static const char *const none[] = {NULL};
    g_autoptr(GPtrArray) top = make_trace(FORGED BORDER);
    g_autoptr(GPtrArray) inner = make_trace(INNER FORGED BORDER);
    const char *wang = "wang@office.gov.cn";

    g_assert_cmpint(authres_proof(top, NULL, NULL, wang), ==, PROOF_NONE);
    g_assert_cmpint(authres_proof(top, none, none, wang), ==, PROOF_NONE);
    g_assert_cmpint(authres_proof(top, trusted, NULL, wang), ==, PROOF_PROVEN);
    g_assert_cmpint(authres_proof(inner, trusted, NULL, wang), ==, PROOF_NONE);
    g_assert_cmpint(authres_proof(top, trusted, none, NULL), ==, PROOF_NONE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/machine/A1-A22", test_table);
    g_test_add_func("/authres/proof-D2-D5-A30", test_proof);
    g_test_add_func("/authres/configuration-D6", test_proof_configuration);
    return g_test_run();
}

/* labels.h - the words by which people name the elements of a submission:
 * 标题：… 报送单位：… 联系人：… 电话：…  The one place that lists them. */
#ifndef RULES_LABELS_H
#define RULES_LABELS_H

#include "rules/runes.h"

enum label {
    LABEL_NONE,
    LABEL_TITLE,
    LABEL_UNIT,
    LABEL_SUBMITTER,
    LABEL_PHONE,
    LABEL_EXTENSION,
    LABEL_SIGNER,
    LABEL_OPENNESS,
    LABEL_DATE,
    LABEL_CATEGORY,
    LABEL_COMMISSION,
    LABEL_BODY,
    LABEL_NOISE /* says nothing: 供稿, 报送 */
};

/* The longest label that begins at `at`: its characters, 0 when there is
 * none. */
int labels_at(const struct runes *r, int at, enum label *out);

/* Is [start, end) one whole label, and which? */
enum label labels_whole(const struct runes *r, int start, int end);

/* A label of this kind that ends at `end`, colons, blanks and a closing
 * bracket behind it included: its characters, 0 when there is none. */
int labels_before(const struct runes *r, int end, enum label label);

/* How the element is called in a subject to copy: 信息标题, 报送单位,
 * 报送人, 联系电话, 类别; "" for the others. */
const char *labels_word(enum label label);

/* What people write in a subject and says nothing about the item: 信息报送,
 * 请查收.  NULL-terminated, folded. */
extern const char *const labels_noise[];

/* Marks that a mailer or a sender puts before a subject, folded, without
 * the colon: re, fwd, 回复, 转发.  NULL-terminated. */
extern const char *const labels_prefixes[];

/* Those of them that a mailer's automatic reply begins with. */
extern const char *const labels_automatic[];

#endif

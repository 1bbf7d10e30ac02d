/* openness.h - what a sender says about publishing his item (公开属性), and
 * the marks that say the same without a label: 内部资料, 注意保存, 工作秘密,
 * 不予公开.  None of them is a marking of state secrecy (secrecy.h): the item
 * is taken in and counted, but its title is not printed in what is published.
 *
 * Why also 依申请公开: 政府信息公开条例 (2019) knows what an organ publishes of
 * its own accord (主动公开, 第十九条), what it gives to one who applies for it
 * (依申请公开, 第二十七条), and what it does not give (不予公开, 第十四 to
 * 十六条).  A bulletin is publication of one's own accord.  The rules one by
 * one are in docs/drafts.md. */
#ifndef DRAFT_OPENNESS_H
#define DRAFT_OPENNESS_H

#include "draft/secrecy.h"

/* The strictest mark in the text, as the table spells it, or NULL.  A word in
 * a sentence is none.  Pure.  `text` is valid UTF-8, or NULL. */
const char *openness_mark(const char *text, enum secrecy_place place);

/* Does what stands as 公开属性 in the register keep the title out of what is
 * published?  Not when it is NULL, says nothing, or says that it is open;
 * whatever else it says, yes: what was printed cannot be called back. */
gboolean openness_is_restricted(const char *openness);

/* The stricter of two, either may be NULL; of equals the first.  Borrowed. */
const char *openness_stricter(const char *a, const char *b);

#endif

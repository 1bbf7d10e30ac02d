/* notice_parts.h - the parts of the 通报, for notice*.c alone. */
#ifndef REPORT_NOTICE_PARTS_H
#define REPORT_NOTICE_PARTS_H

#include "reply/mustache.h"
#include "reply/phrases.h"
#include "report/bulletin_words.h"
#include "report/document.h"
#include "report/notice.h"

/* What a line of the template is. */
enum line_kind {
    LINE_TEXT,
    LINE_NUMBER,
    LINE_TITLE,
    LINE_TO,
    LINE_HEADING,
    LINE_SUBHEADING,
    LINE_ANNEX,           /* a name in the list of annexes */
    LINE_ANNEX_TABLE,     /* ... and the tables of the classes behind */
    LINE_ANNEX_ADOPTIONS, /* ... and the adopted titles */
    LINE_OFFICE,
    LINE_DATE,
    LINE_KINDS
};

struct notice_words {
    struct phrases *small; /* notice.ini */
    struct mustache *text; /* its line kinds are marked by a control */
};

struct notice {
    const struct bulletin *b;
    const struct phrases *words; /* bulletin.ini */
    const struct notice_words *n;
};

/* notice.ini, filled.  Caller frees; `facts` is freed. */
char *
notice_phrase(const struct notice *n, const char *name, struct value *facts);

/* A word of notice.ini as it stands.  Borrowed. */
const char *notice_word(const struct notice *n, const char *name);
/* Facts come partly from mails: one line, without controls; NULL is "". */
void notice_set(struct value *v, const char *key, const char *text);
void notice_join(GString *out, const char *separator, const char *text);

/* ---- notice_tasks.c, notice_named.c ---- */
struct value *notice_tasks(const struct notice *n);
char *notice_streaks(const struct notice *n);
struct value *notice_honours(const struct notice *n, gboolean good);
struct value *notice_deductions(const struct notice *n);
struct value *notice_adjustments(const struct notice *n);

/* ---- notice_facts.c ---- */

/* All that the template may name. */
struct value *notice_facts(const struct notice *n);
/* The same names with something under each, to check a template by. */
struct value *notice_sample(void);

/* ---- notice_annex.c ---- */
void notice_tables(const struct notice *n, struct document *d, const char *head,
                   const char *title);
void notice_adoptions(const struct notice *n, struct document *d,
                      const char *head, const char *title);

#endif

/* publication.h - a period's standings become what is printed: the bulletin
 * workbook and the 通报 as a Word file. */
#ifndef INTAKE_PUBLICATION_H
#define INTAKE_PUBLICATION_H

#include "intake/office.h"
#include "register/register.h"
#include "reply/compose.h"
#include "report/bulletin.h"
#include "rules/standings.h"

/* The words and the template of both: whether they could be filled.  Said
 * when the program starts, not on the first of the month. */
enum st publication_check_words(const struct office *o, struct err *e);

/* Both files, finished. */
enum { PUBLICATION_FILES = 2 };

struct publication_file {
    char *name;       /* 关于2019年3月份…的通报.xlsx */
    char *ascii;      /* bulletin-2019-03.xlsx */
    const char *type; /* static */
    GBytes *bytes;
};

struct publication {
    char *title; /* 关于2019年3月份全县政务信息采用情况的通报 */
    struct publication_file files[PUBLICATION_FILES]; /* .xlsx, .docx */
};
typedef struct publication publication;

enum st publication_make(const struct office *o, struct reg *reg,
                         const struct standings *t, struct publication **out,
                         struct err *e);
void publication_free(struct publication *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(publication, publication_free)

/* Both as attachments, which borrow from it. */
void publication_attach(const struct publication *p,
                        struct mail_attachment out[PUBLICATION_FILES]);

/* X.xlsx -> X.docx, where the 通报 stands beside the workbook.  Caller
 * frees. */
char *publication_notice_path(const char *workbook);

/* Write both: the workbook to `path`, the 通报 beside it. */
enum st
publication_write(const struct publication *p, const char *path, struct err *e);

/* The title alone.  Caller frees. */
char *publication_title(const struct office *o, const struct period *p);

#endif

/* publication.h - a period's standings become the bulletin that is printed. */
#ifndef INTAKE_PUBLICATION_H
#define INTAKE_PUBLICATION_H

#include "intake/office.h"
#include "register/register.h"
#include "report/bulletin.h"
#include "rules/standings.h"

/* All that the workbook shows.  Caller frees. */
enum st publication_new(const struct office *o, struct reg *reg,
                        const struct standings *t, struct bulletin **out,
                        struct err *e);

/* The finished workbook, at `path` or in memory. */
enum st
publication_write(const struct office *o, struct reg *reg,
                  const struct standings *t, const char *path, struct err *e);
enum st
publication_bytes(const struct office *o, struct reg *reg,
                  const struct standings *t, GBytes **out, struct err *e);

/* 关于2019年3月份全县政务信息采用情况的通报.  Caller frees. */
char *publication_title(const struct office *o, const struct period *p);

#endif

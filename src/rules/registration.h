/* registration.h - a unit tells the office who its informants are
 * (信息员备案), in a mail:
 *
 *     信息员备案 县财政局 张三 zhangsan@example.gov.cn 0539-6201001
 *     信息员停用 lisi@example.gov.cn
 *
 * in the subject or a line of the body; what is said may also stand in
 * labelled lines behind it (单位：… 姓名：… 邮箱：… 电话：…).  Pure. */
#ifndef RULES_REGISTRATION_H
#define RULES_REGISTRATION_H

#include "message/reading.h"
#include "rules/match.h"

struct registration {
    gboolean stop;     /* this address is not used any more */
    struct unit *unit; /* borrowed; NULL: not named, or not known */
    char *name;        /* the next three NULL when not there */
    char *address;     /* domain in lower case */
    char *phone;       /* as written */
};

/* Does the line begin with such a word? */
gboolean registration_is_line(const char *line);

/* All that the mail says, in order, what it says twice once; empty when it is
 * no such mail.  Of struct registration; caller unrefs. */
GPtrArray *registration_read(const struct reading *r, const struct matcher *m);

/* May it be done because an informant of `unit` says so, without asking the
 * desk: everything is there and of one mind, nothing concerns another unit,
 * and who is to stop was registered by the desk, not in the roster's file. */
gboolean registration_is_own(const GPtrArray *all, const struct unit *unit,
                             const struct roster *all_units, civil_day day);

#endif

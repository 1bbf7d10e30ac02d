/* schema.h - the tables, as a list of migrations. */
#ifndef REGISTER_SCHEMA_H
#define REGISTER_SCHEMA_H

#include "register/db.h"

/* Version n of the schema is made from version n - 1 by these statements;
 * version 0 is an empty file.  A released migration is never edited. */
struct migration {
    int version;
    const char *const *statements; /* ended by NULL */
};

extern const struct migration schema_migrations[];
extern const int schema_migrations_count;

/* "BSRG": marks the file as ours in its header. */
#define SCHEMA_APPLICATION_ID 0x42535247

/* Version of the open file: 0 for an empty one.  ST_FATAL when it is no
 * register at all. */
enum st schema_version(struct reg *reg, int *out, struct err *e);

/* Bring it to the last of `list` (ascending versions, without gaps), in one
 * transaction; ST_FATAL, and nothing done, when it is beyond that. */
enum st schema_migrate(struct reg *reg, const struct migration *list, int n,
                       gint64 now, struct err *e);

#endif

/* load.h - rule pack, roster and configuration from YAML.
 *
 * Strict: an unknown key, a key given twice, a wrong type, an impossible
 * value, a name that nothing has are errors that say
 * FILE:LINE:COLUMN: what is wrong, what was expected, the nearest word.
 * Columns count characters.  Everything wrong is found at once: the
 * struct err holds the first problem and how many more there are. */
#ifndef PACK_LOAD_H
#define PACK_LOAD_H

#include "base/err.h"
#include "pack/config.h"
#include "rules/pack.h"

/* `path` is a folder with pack.yaml (and roster.yaml), or a pack file (with
 * a roster.yaml beside it or none).  ST_REJECT with EXIT_CONFIGURATION, *out
 * untouched, when anything is wrong. */
enum st pack_load(const char *path, struct pack **out, struct err *e);

/* The same, and every problem goes into `problems` (of char*, the whole
 * line with its position). */
enum st pack_load_all(const char *path, struct pack **out, GPtrArray *problems,
                      struct err *e);

/* All packs of an office, ascending by the day from which they are in force:
 * every pack*.yaml of a folder (pack.yaml, pack-2020.yaml ...), each with its
 * own roster-2020.yaml or else roster.yaml; or the one file.  Each follows
 * the one before it (pack_succeed()).  Of struct pack, freed with the array. */
enum st pack_load_series(const char *path, GPtrArray **out, GPtrArray *problems,
                         struct err *e);

/* The pack that a name means: a path from `folder`, else a folder in its
 * mailrules/, else the same under `share` (may be NULL).  NULL when there is
 * none.  Caller frees. */
char *pack_find(const char *folder, const char *share, const char *name);

/* `share` is where the program's own mailrules/ folder lies, or NULL. */
enum st config_load(const char *path, const char *share, struct config **out,
                    struct err *e);
enum st
config_load_all(const char *path, const char *share, struct config **out,
                GPtrArray *problems, struct err *e);

#endif

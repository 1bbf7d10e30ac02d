/* load_config.h - between the files that read the configuration. */
#ifndef PACK_LOAD_CONFIG_H
#define PACK_LOAD_CONFIG_H

#include "pack/config.h"
#include "pack/schema.h"

struct config *config_new(void);

/* Read a file of special days into `out` (of struct special_day, ascending).
 * `file` must outlive the problems. */
void holidays_read(const char *file, GArray *out, struct problems *ps);

#endif

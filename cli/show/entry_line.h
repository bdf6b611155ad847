#pragma once
#include "common/journal/entry.h"

/* The entry as one object of JSON, without what is only of use to the machine: hashes and kept replies. No line break at
 * the end. `service`: whose journal it is of. */
void entry_line(const char *service, const struct entry *entry, struct buf *out);

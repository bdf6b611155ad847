#pragma once
#include "common/core/arena.h"
#include "common/core/bytes.h"

/* traces: whether something personal can be read in bytes, however it was written.
 *
 * A text is looked for as it is, in lower and in upper case and with е for ё; eleven digits also as a SNILS is written, a
 * day (1991-03-14) also the other ways round. Each of these in UTF-8, Windows-1251, UTF-16 of both orders, and in base64
 * of each, beginning anywhere. A form of fewer than six bytes would be met by chance and is refused.
 *
 * Ownership  everything in the arena. */
struct traces { struct trace *list; size_t n, room; struct arena *arena; };
struct trace { const char *form, *coding; struct bytes bytes; };

void traces_add(struct traces *traces, const char *text);
/* The first that is found; NULL: none. */
const struct trace *traces_in(const struct traces *traces, struct bytes bytes);
/* Every regular file below `path` (or the file itself), and the names of all; each() for a find. Returns how many files were
 * read; -1: something could not be. */
long traces_walk(const struct traces *traces, const char *path, void (*each)(const char *file, const struct trace *trace));

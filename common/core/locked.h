#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* locked: memory for what must not reach a disk: kept out of swap (mlock), out of core dumps and of forked processes,
 * wiped when a piece is given back and when all of it is.
 *
 * Ownership  one reservation of address space, which costs nothing; so much of it is taken and locked as is used. Pieces come from it and
 *            go back to it by their size. locked_close() ends all of them.
 * Threads    the holder's lock.
 * Bounds     `max` bytes. What may be locked is the machine's to say (RLIMIT_MEMLOCK): where that does not suffice a
 *            warning is logged once, and either nothing more is to be had or, with `unlocked`, it goes on in memory that
 *            may be swapped.
 * Errors     locked_alloc() gives NULL: locked_trouble() says which of the two bounds it was. */
enum locked_trouble { LOCKED_GOOD, LOCKED_FULL, LOCKED_REFUSED };

struct locked;
struct locked *locked_open(size_t max, bool unlocked);      /* NULL: no address space */
void   locked_close(struct locked **locked);
void  *locked_alloc(struct locked *locked, size_t n);       /* zeroed, aligned to 16; at most LOCKED_PIECE bytes */
void   locked_free(struct locked *locked, void *at, size_t n);      /* `n` as it was asked for */
enum locked_trouble locked_trouble(const struct locked *locked);
size_t locked_used(const struct locked *locked);            /* taken from the machine */
bool   locked_all(const struct locked *locked);             /* nothing of it may be swapped */
#define LOCKED_PIECE 4096

/* No core dump of this process is written, to a file or to a program that collects them: whatever else it holds in memory
 * (a card that is being read, a list) would be in it. Holds for what it starts as well. */
void dumps_none(void);

#pragma once
#include "proto/federal.h"
#include "proto/indicators.h"
#include "proto/profile.h"
#include "proto/roster_registers.h"

/* blocks: what services answer, as cells of the passport. Pure: values in, cells out, in the arena; every cell that
 * has no value is a gap with its reason. */
struct block_cells { struct cell *at; uint32_t n, room; struct arena *arena; };

/* Rows of an answer that came in pages. What is more than was read may not look as if it were not there. */
struct block_rows { uint32_t n; bool whole; };

/* Block 7: each indicator of the profile with value, plan and whether it is met; one that was not answered is a gap. */
void blocks_results(const struct profile *profile, const struct value *values, struct block_rows read, struct block_cells *out);

/* Block 2. More than BLOCK_PROGRAMMES_MAX: the last row is a gap that says how many are left out, at least. */
#define BLOCK_PROGRAMMES_MAX 2000
struct block_programme {
    const struct programme_row *row;
    const char *provider, *number;          /* titles; NULL: not known */
    uint64_t runs, enrolled, completed;     /* of the passport's year */
    bool runs_unknown;                      /* not all of its runs were read */
};
void blocks_programmes(const struct block_programme *programmes, struct block_rows read, struct block_cells *out);
/* Counts the runs of the year: they come by programme, then by day (programmes.run.list); where they are not whole, the
 * programme of the last one and those after it in that order are not known. */
void blocks_runs(const struct run_row *runs, struct block_rows read, uint64_t year, struct block_programme *programmes, uint32_t n);

/* Blocks 3 and 6: what stands in the registers whose `passport` is the block, a row each: what it is, whose, how many places, since
 * when, and what else is said of it. Nothing in them, or no such register: one gap. More than BLOCK_ENTRIES_MAX: the last row is a
 * gap, as in block 2. */
#define BLOCK_ENTRIES_MAX 2000
struct block_entry { const struct profile_register *reg; const struct listing *listing; const char *organisation; };   /* title; NULL: not known */
void blocks_registers(const struct profile *profile, uint64_t block, const struct block_entry *entries, struct block_rows read,
                      struct block_cells *out);

/* Cut into parts that fit into an entry each; at least one, also where there is nothing. */
#define BLOCK_PART_BYTES (40 * 1024)
#define BLOCK_PART_CELLS 400
uint32_t blocks_part(const struct block_cells *cells, uint32_t from);     /* how many cells the part from there has */
uint32_t blocks_parts(const struct block_cells *cells);
struct hash blocks_digest(const struct block_cells *cells);

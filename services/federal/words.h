#pragma once
#include "proto/federal.h"

/* words: the passport's own Russian words: names of blocks and columns, values that are kinds, why a cell is a
 * gap. They are part of the document that leaves the region (package and sheets), which has one language whatever
 * the one who makes it reads; so they stand here and not in the catalogue of sentences. Pure.
 *
 * Editions   What is approved is hashed with its words, and has to be written in the very same ones later, whatever
 *            program does it. So the approval records the number of their edition, and every edition stays in the
 *            program: a word that changes is a row more in words.c, of a new edition, and no row is ever changed or
 *            taken away. (The other way, to keep the package's bytes in the journal, costs megabytes an approval and
 *            an approval that is not over until all of them are in; a table costs a line a changed word.)
 *            tests/data/passport/words-N.txt holds each edition as it was given out: test_package fails when a word
 *            of it changes, or comes without an edition of its own. The form of the package itself (package.c) is
 *            held likewise by golden.json; to change that is a new format_version, as docs/passport.md says. */
#define WORDS_EDITION 3                     /* the newest: of drafts, and of what is approved from now on */

/* That of a passport: what its content's hash was made with; of a draft the newest. */
unsigned words_edition(const struct passport *passport);

const char *words_block(unsigned edition, uint64_t number);                 /* names of Югра прил. № 1, in the order of the act */
const char *words_column(unsigned edition, uint64_t block, const char *column);     /* the key itself where it was typed in */
const char *words_gap(unsigned edition, const struct cell *gap, struct arena *arena);       /* «заполнит R14: …» */
const char *words_service(unsigned edition, const char *service);
const char *words_origin(unsigned edition, const struct cell *cell, struct arena *arena);   /* one line, for a sheet */
/* All of an edition, a line a word: what the tests hold. */
void words_all(unsigned edition, struct buf *out);

/* These become values and titles of cells, and so stand in the journal: no edition is needed to say them again. */
const char *words_kind(int programme_kind);
/* What the blocks that no service fills yet are waiting for, and what stands in one in which nothing is. */
struct words_waiting { uint64_t block; const char *row, *title, *functions[2]; };
extern const struct words_waiting WORDS_WAITING[];
extern const uint32_t WORDS_WAITING_COUNT;
/* Those that services fill, in the order in which they are asked for. */
#define BLOCKS_FILLED_COUNT 4
extern const uint64_t BLOCKS_FILLED[BLOCKS_FILLED_COUNT];

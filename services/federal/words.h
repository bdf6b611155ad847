#pragma once
#include "proto/federal.h"

/* words: the passport's own Russian words: names of blocks and columns, values that are kinds, why a cell is a
 * gap. They are part of the document that leaves the region (package and sheets), which has one language whatever
 * the one who makes it reads; so they stand here and not in the catalogue of sentences. Pure.
 * What is approved is hashed with them: to change a word is to change the format (docs/passport.md), and what was
 * approved before and is not delivered yet would be held back as changed. */
const char *words_block(uint64_t number);                       /* names of Югра прил. № 1, in the order of the act */
const char *words_column(uint64_t block, const char *column);   /* the key itself where it was typed in */
const char *words_kind(int programme_kind);
const char *words_gap(const struct cell *gap, struct arena *arena);     /* «заполнит R14: …» */
const char *words_service(const char *service);
const char *words_origin(const struct cell *cell, struct arena *arena);     /* one line, for a sheet */

/* What the blocks that no service fills yet are waiting for. */
struct words_waiting { uint64_t block; const char *row, *title, *functions[2]; };
extern const struct words_waiting WORDS_WAITING[];
extern const uint32_t WORDS_WAITING_COUNT;

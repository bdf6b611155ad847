#pragma once
#include "proto/diagnostics.h"

/* scoring: answers and an instrument in, shares by competency out (D5). No sockets, no store.
 *
 * Rule       a task gives all its points for exactly its key and none for anything else; a task
 *            without an answer gives none. A deficit is a share strictly under the cut, compared in
 *            integers: got * 100 < cut * of, so that a share that equals the cut is no deficit
 *            (Югра, прил. № 1; Чукотка, раздел V). */

/* `chosen` is ascending, as the message says; so is the key. */
bool scoring_right(const struct task *task, const uint64_t *chosen, uint32_t n);
bool scoring_is_deficit(uint64_t got, uint64_t of, uint64_t cut_percent);

/* One share for each competency of the instrument, in the order of its tasks. Of two answers to one
 * task the last counts. Returns how many were written; strings belong to the instrument. */
uint32_t scoring_shares(const struct instrument *instrument, const struct answer *answers, uint32_t n,
                        struct share shares[DEFICITS_MAX]);

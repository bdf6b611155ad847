#pragma once
#include "proto/roster_training.h"

/* training_rules: who has been trained as an act demands, and until when one has time (R4a). Pure.
 *
 * Term       of the first: within_months from the first day in the register; of the next: valid_months from the last document's
 *            day. A document from before counts as well, for as long as it is valid. Last days are days in time. */
bool training_counts(const struct profile_training *training, const struct trained *trained);
/* On that day; `trained` in any order, later ones are not known yet. */
struct training_row training_standing(const struct profile_training *training, day_t obliged, const struct trained *trained, uint32_t n,
                                      day_t on);
void training_add(struct training_sum *sum, const struct training_row *row);

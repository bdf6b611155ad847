#pragma once
#include "proto/roster_expert.h"
#include "services/roster/registers/register_rules.h"

/* expert_rules: who may judge a work, what an opinion must say, and what several of them come to (R13). Pure.
 *
 * Conflict   an expert does not judge what he has made himself, what was made where he works (a branch or unit counts as the
 *            organisation that it belongs to), and what somebody has made, or an organisation, to whom either of the two has
 *            declared a tie that lasts on that day. Otherwise he is free; the acts name no other interest.
 * Result     the mean of the opinions; where two of them lie further apart than the direction allows, one more than
 *            wanted is needed, and the result is their median: one stray opinion does not decide. */
struct expert_party {                   /* the expert; and, as one, all whose work it is */
    const struct uuid *persons;   uint32_t person_n;
    const struct uuid *houses;    uint32_t house_n;     /* organisations they work in, are, or have a part in */
};
enum expert_conflict expert_conflict(const struct expert_party *expert, const struct expert_party *work,
                                     const struct tie *ties, uint32_t n, day_t on);

/* Each criterion of the direction once, none else, within its points. */
bool opinion_good(const struct profile_direction *direction, const struct expert_point *points, uint32_t n, struct arena *arena,
                  struct register_fault *fault);
uint32_t opinion_share(const struct profile_direction *direction, const struct expert_point *points, uint32_t n);    /* per mille */

/* What has been submitted, as shares; at most OPINIONS_MAX. */
struct opinions { uint32_t share, missing; bool apart, positive; };     /* missing: so many more before it can be closed */
struct opinions opinions_weigh(const struct profile_direction *direction, const uint32_t *shares, uint32_t n);
/* How far the i-th lies from the mean of the others; n > 1. */
uint32_t opinion_off(const uint32_t *shares, uint32_t n, uint32_t i);

/* Work that he still owes. */
bool assignment_open(const struct assignment *assignment);
/* What one assignment adds to its expert's standing (all but compared and off). */
struct expert_standing assignment_counts(const struct assignment *assignment);

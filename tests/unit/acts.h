#pragma once
#include "proto/profile.h"

/* acts: a profile beside the transcription of the five acts (tests/data/acts/indicators.yaml): titles, units, criteria
 * and printed targets to the letter, the targets a machine reads, nothing left out, nothing that no act has, and
 * functions awaited that docs/functions.md knows. The transcription is read by libyaml alone, without any code that
 * reads profiles. What differs is collected, so that the controls can see the comparison find a changed letter.
 *
 * Lifetime   text lives in the arena given.
 * Errors     of the test itself (a file that is not there, a rule of an unknown kind): cmocka's failure. */
#define ACTS_LINES 64                                       /* U 6; S 7 and 6; C 21 and 4; K 14; T 6 */

struct differences { uint32_t n, lines; char at[100][300]; };   /* lines: those of the acts that were found */

/* `found` is added to. */
void acts_compare(struct arena *arena, const char *region, const struct profile *profile, struct differences *found);
/* Path of a file of the source tree; good for the next three calls. */
const char *acts_path(const char *name);
const char *acts_text(struct arena *arena, const char *file);

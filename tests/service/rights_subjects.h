#pragma once
#include "tests/service/region.h"

/* rights_subjects: for every method of a region that asks about reach (tests/data/rights.csv), a body about ANNA, school A,
 * or what belongs to them. A command that would change those is refused for another reason to whoever may give it, so that
 * the bodies after it find them as they were. */
struct asked { const struct msg_desc *takes; const void *body; };

/* takes NULL: there is none for the method. The body is good until the next call. What the region does not have and a body
 * needs (an entry of a register, a document) is made once and kept for the process, which asks about one region alone. */
struct asked rights_subject(struct region *region, const char *method);

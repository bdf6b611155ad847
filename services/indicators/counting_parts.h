#pragma once
#include "services/indicators/counting.h"

/* counting_parts: what the files of counting share and nobody else includes. */
void marks_start(struct marks *marks, const struct rules *rules, struct arena *arena);
void marks_set(struct marks *marks, const struct uuid *unit, uint32_t cell);
/* From the year on, to the last one when the rule is cumulative. */
void marks_set_years(struct marks *marks, const struct rule *rule, uint32_t column, uint32_t year, const struct place *place,
                     const struct place *within);

bool place_has(const struct place *place, const struct uuid *id);
bool rule_takes_post(const struct rule *rule, const struct worker_post *post, day_t day);
/* The worker has the rule's fact, and those beside it, in that year. */
bool worker_has_facts(const struct rules *rules, const struct rule *rule, const struct worker *worker, uint32_t year);

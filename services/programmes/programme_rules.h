#pragma once
#include "services/programmes/programmes_state.h"

/* programme_rules: hours against kind, and standing in the federal registry. Values in, values out.
 *
 * Source     professional development from 16 hours, retraining from 250 (приказ Минобрнауки от 01.07.2013
 *            № 499, п. 12; domain of T 1.3 «Дополнительная профессиональная программа»); what is shorter
 *            is non-formal and no ДПП. */
#define HOURS_DEVELOPMENT_MIN 16
#define HOURS_RETRAINING_MIN  250

/* NULL, or the rule of the field `hours` that is broken: too_few, too_many. */
const char *hours_rule(int kind, uint64_t hours);

/* In the registry on [included, excluded): the day of inclusion is in, the day of exclusion is out. */
bool registry_holds(const struct registry_change *list, uint32_t n, day_t day);
/* NULL, or why a change to `included` on that day cannot follow the ones that are known:
 * already_included, not_included, out_of_order. */
const char *registry_fault(const struct registry_change *list, uint32_t n, bool included, day_t day);

#pragma once
#include "proto/routes.h"
#include "services/shared/staff_rules.h"

/* fact_rules: what recorded facts must satisfy before anybody is looked up: the same at a node, as they are entered,
 * and at the region, when they are decided.
 *
 * Use        pure: the message and the day in, the first fault out.
 * Rule       a counted fact has happened, and not longer ago than the profile's `back_days`. */
bool fact_day_good(day_t day, day_t today, uint64_t back_days);
/* routes.support.record. `form`: its name in normal form; one form is one form, however it was typed. */
bool support_check(const struct support_record *record, day_t today, uint64_t back_days, struct arena *arena,
                   const char **form, struct staff_fault *fault);
/* programmes.completion.record */
bool completion_check(const struct completion_record *record, day_t today, uint64_t back_days, struct staff_fault *fault);

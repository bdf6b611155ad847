#include "services/shared/fact_rules.h"

#include <stdio.h>

#include "common/core/text.h"
#include "common/store/key.h"

static bool fault_is(struct staff_fault *fault, const char *reason, const char *path, const char *rule)
{
    *fault = (struct staff_fault){ .reason = reason, .path = path, .rule = rule };
    return false;
}

bool fact_day_good(day_t day, day_t today, uint64_t back_days)
{
    return day > 0 && day <= today && today - day <= back_days;
}

bool support_check(const struct support_record *record, day_t today, uint64_t back_days, struct arena *arena,
                   const char **form, struct staff_fault *fault)
{
    if (!fact_day_good(record->day, today, back_days)) {
        fault_is(fault, "day_not_allowed", "day", "range");
        fault->arg[0].name = "back_days";
        snprintf(fault->arg[0].value, sizeof fault->arg[0].value, "%u", (unsigned)back_days);
        fault->n = 1;
        return false;
    }
    *form = text_nfc(arena, record->form);
    if ((*form)[0] == '\0')
        return fault_is(fault, "message", "form", "too_short");
    return strlen(*form) <= KEY_TEXT_MAX || fault_is(fault, "message", "form", "too_long");
}

bool completion_check(const struct completion_record *record, day_t today, uint64_t back_days, struct staff_fault *fault)
{
    if (record->enrolled == 0)
        return fault_is(fault, "day_out_of_range", "enrolled", "range");
    if (record->enrolled > record->day)
        return fault_is(fault, "enrolled_after_day", "enrolled", "range");
    return fact_day_good(record->day, today, back_days) || fault_is(fault, "day_out_of_range", "day", "range");
}

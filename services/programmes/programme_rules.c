#include "services/programmes/programme_rules.h"

const char *hours_rule(int kind, uint64_t hours)
{
    switch (kind) {
    case PROGRAMME_DEVELOPMENT: return hours < HOURS_DEVELOPMENT_MIN ? "too_few" : NULL;
    case PROGRAMME_RETRAINING:  return hours < HOURS_RETRAINING_MIN ? "too_few" : NULL;
    default:                    return hours >= HOURS_DEVELOPMENT_MIN ? "too_many" : NULL;
    }
}

bool registry_holds(const struct registry_change *list, uint32_t n, day_t day)
{
    bool holds = false;

    for (uint32_t i = 0; i < n && list[i].day <= day; i++)
        holds = list[i].included;
    return holds;
}

/* Changes come in the order of their days: what was counted by an earlier one stays true. */
const char *registry_fault(const struct registry_change *list, uint32_t n, bool included, day_t day)
{
    if (n > 0 && day <= list[n - 1].day)
        return "out_of_order";
    bool holds = registry_holds(list, n, day);
    if (included && holds)
        return "already_included";
    return !included && !holds ? "not_included" : NULL;
}

#include "services/routes/load.h"

/* Place of the unit in the chain; `n`: it is not there. */
static uint32_t nearness(const struct uuid *unit, const struct uuid *chain, uint32_t n)
{
    uint32_t i = 0;
    while (i < n && !uuid_equal(unit, &chain[i]))
        i++;
    return i;
}

static bool before(const struct load_tutor *a, uint32_t near_a, const struct load_tutor *b, uint32_t near_b)
{
    if (a->load != b->load)
        return a->load < b->load;
    return near_a != near_b ? near_a < near_b : uuid_compare(&a->person, &b->person) < 0;
}

uint32_t load_pick(const struct load_tutor *list, uint32_t n, const struct uuid *charge,
                   const struct uuid *chain, uint32_t chain_n)
{
    uint32_t best = LOAD_NONE, best_near = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t near = nearness(&list[i].covers, chain, chain_n);
        if (near == chain_n || uuid_equal(&list[i].person, charge) || (list[i].limit != 0 && list[i].load >= list[i].limit))
            continue;
        if (best == LOAD_NONE || before(&list[i], near, &list[best], best_near)) {
            best = i;
            best_near = near;
        }
    }
    return best;
}

struct uuid load_covers(int org_kind, const struct uuid *chain, uint32_t n)
{
    bool itself = org_kind == ORG_REGION || org_kind == ORG_MUNICIPALITY || n < 2;
    return chain[itself ? 0 : 1];
}

#include <string.h>
#include "services/routes/effect.h"

static const struct share *share_of(const struct share *shares, uint32_t n, const char *competency)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(shares[i].competency, competency) == 0)
            return &shares[i];
    return NULL;
}

static bool have_common(const struct effect_earlier *earlier, const struct share *after, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (share_of(earlier->shares, earlier->n, after[i].competency) != NULL)
            return true;
    return false;
}

uint32_t effect_choose(const struct effect_earlier *list, uint32_t count, day_t day, const struct share *after, uint32_t n)
{
    uint32_t best = EFFECT_NONE;
    for (uint32_t i = 0; i < count; i++)
        if (list[i].day < day && (best == EFFECT_NONE || list[i].day >= list[best].day) && have_common(&list[i], after, n))
            best = i;
    return best;
}

uint32_t effect_rows(const struct share *before, uint32_t before_n, const struct share *after, uint32_t after_n,
                     struct effect_row rows[DEFICITS_MAX])
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < after_n && n < DEFICITS_MAX; i++) {
        const struct share *then = share_of(before, before_n, after[i].competency);
        if (then != NULL)
            rows[n++] = (struct effect_row){
                .competency = after[i].competency, .before_got = then->got, .before_of = then->of,
                .after_got = after[i].got, .after_of = after[i].of,
                .deficit_before = then->deficit, .deficit_after = after[i].deficit };
    }
    return n;
}

struct effect_sum effect_sum(const struct effect_row *rows, uint32_t n)
{
    struct effect_sum sum = { 0, 0, 0 };
    for (uint32_t i = 0; i < n; i++) {
        sum.closed += rows[i].deficit_before && !rows[i].deficit_after;
        sum.left += rows[i].deficit_before && rows[i].deficit_after;
        sum.fresh += !rows[i].deficit_before && rows[i].deficit_after;
    }
    return sum;
}

#include "services/diagnostics/scoring.h"

bool scoring_right(const struct task *task, const uint64_t *chosen, uint32_t n)
{
    if (n != task->key.n)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (chosen[i] != task->key.at[i])
            return false;
    return true;
}

bool scoring_is_deficit(uint64_t got, uint64_t of, uint64_t cut_percent)
{
    return got * 100 < cut_percent * of;
}

static struct share *share_of(struct share *shares, uint32_t *n, const char *competency)
{
    for (uint32_t i = 0; i < *n; i++)
        if (strcmp(shares[i].competency, competency) == 0)
            return &shares[i];
    if (*n == DEFICITS_MAX)     /* publish refuses such an instrument */
        return NULL;
    shares[*n] = (struct share){ .competency = competency };
    return &shares[(*n)++];
}

static const struct answer *answer_to(const struct task *task, const struct answer *answers, uint32_t n)
{
    for (uint32_t i = n; i > 0; i--)
        if (answers[i - 1].task == task->number)
            return &answers[i - 1];
    return NULL;
}

uint32_t scoring_shares(const struct instrument *instrument, const struct answer *answers, uint32_t n,
                        struct share shares[DEFICITS_MAX])
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < instrument->tasks.n; i++) {
        const struct task *task = &instrument->tasks.at[i];
        struct share *share = share_of(shares, &count, task->competency);
        if (share == NULL)
            continue;
        const struct answer *answer = answer_to(task, answers, n);
        share->of += task->points;
        if (answer != NULL && scoring_right(task, answer->chosen.at, answer->chosen.n))
            share->got += task->points;
    }
    for (uint32_t i = 0; i < count; i++)
        shares[i].deficit = scoring_is_deficit(shares[i].got, shares[i].of, instrument->cut_percent);
    return count;
}

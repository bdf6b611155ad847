#include <stdlib.h>
#include "services/routes/planner.h"

/* One programme seen from one half of the plan: only the deficits it may answer there. */
struct candidate { uint64_t answers; uint32_t programme; };
struct half {
    const struct plan_programme *programmes;
    struct candidate *list; uint32_t n;
    uint32_t classes;           /* deficits that differ; answers hold classes once they are merged */
    uint32_t class_of[PLAN_DEFICITS_MAX];
};
struct cost { uint64_t hours; uint32_t steps; };

static uint64_t bit(uint32_t i)             { return UINT64_C(1) << i; }
static uint32_t bits(uint64_t mask)         { return (uint32_t)__builtin_popcountll(mask); }
static uint32_t lowest(uint64_t mask)       { return (uint32_t)__builtin_ctzll(mask); }
static bool covers(uint64_t by, uint64_t all) { return (all & ~by) == 0; }

static int programme_order(const struct plan_programme *a, const struct plan_programme *b)
{
    if (a->hours != b->hours)
        return a->hours < b->hours ? -1 : 1;
    int by_code = strcmp(a->code, b->code);
    return by_code != 0 ? by_code : uuid_compare(&a->id, &b->id);
}

/* Of equal hours the one that answers more comes first: it then dominates the other. */
static int candidate_order(const void *left, const void *right, void *arg)
{
    const struct candidate *a = left, *b = right;
    const struct plan_programme *p = arg;
    if (p[a->programme].hours == p[b->programme].hours && bits(a->answers) != bits(b->answers))
        return bits(a->answers) > bits(b->answers) ? -1 : 1;
    return programme_order(&p[a->programme], &p[b->programme]);
}

static void half_collect(struct half *half, const struct plan_programme *programmes, uint32_t n,
                         bool federal, uint64_t targets, struct arena *arena)
{
    *half = (struct half){ .programmes = programmes, .list = ARENA_LIST(arena, struct candidate, n + 1) };
    for (uint32_t i = 0; i < n; i++)
        if (programmes[i].federal == federal && (programmes[i].answers & targets) != 0)
            half->list[half->n++] = (struct candidate){ programmes[i].answers & targets, i };
    qsort_r(half->list, half->n, sizeof *half->list, candidate_order, (void *)programmes);
}

/* The list is sorted by hours: one whose deficits an earlier one answers too is never needed. */
static void half_drop_dominated(struct half *half)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < half->n; i++) {
        bool needed = true;
        for (uint32_t k = 0; k < kept && needed; k++)
            needed = !covers(half->list[k].answers, half->list[i].answers);
        if (needed)
            half->list[kept++] = half->list[i];
    }
    half->n = kept;
}

static bool same_candidates(const struct half *half, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < half->n; i++)
        if (((half->list[i].answers >> a) & 1) != ((half->list[i].answers >> b) & 1))
            return false;
    return true;
}

/* Deficits answered by the same programmes become one. */
static void half_merge(struct half *half, uint64_t targets)
{
    uint32_t first[PLAN_DEFICITS_MAX];
    for (uint64_t left = targets; left != 0; left &= left - 1) {
        uint32_t deficit = lowest(left), c = 0;
        while (c < half->classes && !same_candidates(half, first[c], deficit))
            c++;
        if (c == half->classes)
            first[half->classes++] = deficit;
        half->class_of[deficit] = c;
    }
    for (uint32_t i = 0; i < half->n; i++) {
        uint64_t merged = 0;
        for (uint64_t left = half->list[i].answers; left != 0; left &= left - 1)
            merged |= bit(half->class_of[lowest(left)]);
        half->list[i].answers = merged;
    }
}

static bool cheaper(struct cost a, struct cost b)
{
    return a.hours != b.hours ? a.hours < b.hours : a.steps < b.steps;
}

/* best[mask]: the cheapest cover of these classes. The lowest open class has to be answered by somebody,
 * so that each set of programmes is met in one order only. */
static uint32_t cover_exact(const struct half *half, uint32_t *chosen, struct arena *arena)
{
    struct state { struct cost cost; uint32_t via; uint32_t from; } *best;
    uint32_t full = (uint32_t)(bit(half->classes) - 1), n = 0;
    best = ARENA_LIST(arena, struct state, full + 1);
    for (uint32_t mask = 1; mask <= full; mask++)
        best[mask].cost.hours = UINT64_MAX;
    for (uint32_t mask = 0; mask < full; mask++) {
        if (best[mask].cost.hours == UINT64_MAX)
            continue;
        uint64_t open = bit(lowest(~(uint64_t)mask));
        for (uint32_t i = 0; i < half->n; i++) {
            if ((half->list[i].answers & open) == 0)
                continue;
            uint32_t next = mask | (uint32_t)half->list[i].answers;
            struct cost cost = { best[mask].cost.hours + half->programmes[half->list[i].programme].hours,
                                 best[mask].cost.steps + 1 };
            if (cheaper(cost, best[next].cost))
                best[next] = (struct state){ cost, i, mask };
        }
    }
    for (uint32_t mask = full; mask != 0; mask = best[mask].from)
        chosen[n++] = best[mask].via;
    return n;
}

/* Fewest hours for each class newly answered, again and again. */
static uint32_t cover_greedy(const struct half *half, uint32_t *chosen)
{
    uint64_t open = half->classes == 64 ? UINT64_MAX : bit(half->classes) - 1;
    uint32_t n = 0;
    while (open != 0) {
        uint32_t best = PLAN_NONE;
        for (uint32_t i = 0; i < half->n; i++) {
            uint64_t news = bits(half->list[i].answers & open);
            if (news == 0)
                continue;
            if (best == PLAN_NONE ||
                half->programmes[half->list[i].programme].hours * bits(half->list[best].answers & open) <
                half->programmes[half->list[best].programme].hours * news)
                best = i;
        }
        open &= ~half->list[best].answers;
        chosen[n++] = best;
    }
    return n;
}

/* What greed took early may have become needless; the dearest goes first. */
static uint32_t cover_prune(const struct half *half, uint32_t *chosen, uint32_t n)
{
    for (uint32_t c = half->n; c > 0; c--) {            /* candidates by hours, from the dearest */
        uint64_t rest = 0;
        uint32_t at = PLAN_NONE;
        for (uint32_t i = 0; i < n; i++) {
            if (chosen[i] == c - 1)
                at = i;
            else
                rest |= half->list[chosen[i]].answers;
        }
        if (at != PLAN_NONE && covers(rest, half->list[c - 1].answers))
            chosen[at] = chosen[--n];
    }
    return n;
}

/* Appends one half's steps; each still answers all it can. */
static void plan_half(const struct plan_programme *programmes, uint32_t n, bool federal, uint64_t targets,
                      struct arena *arena, struct plan_step *steps, uint32_t *count)
{
    struct half half;
    uint32_t chosen[PLAN_DEFICITS_MAX], taken;
    if (targets == 0)
        return;
    half_collect(&half, programmes, n, federal, targets, arena);
    half_drop_dominated(&half);
    half_merge(&half, targets);
    if (half.classes <= PLAN_EXACT_MAX)
        taken = cover_exact(&half, chosen, arena);
    else
        taken = cover_prune(&half, chosen, cover_greedy(&half, chosen));
    for (uint32_t i = 0; i < taken; i++) {
        uint32_t programme = half.list[chosen[i]].programme;
        steps[(*count)++] = (struct plan_step){
            .programme = programme, .alternative = PLAN_NONE,
            .answers = programmes[programme].answers & targets,
            .reason = federal ? STEP_FEDERAL_FEWEST_HOURS : STEP_FEWEST_HOURS };
    }
}

/* rank[i]: 0 for the worst deficit. Equal shares keep the order they were given in. */
static void severity_ranks(const struct plan_deficit *deficits, uint32_t n, uint32_t *rank)
{
    for (uint32_t i = 0; i < n; i++) {
        rank[i] = 0;
        for (uint32_t k = 0; k < n; k++) {
            uint64_t mine = deficits[i].got * deficits[k].of, other = deficits[k].got * deficits[i].of;
            rank[i] += other < mine || (other == mine && k < i);
        }
    }
}

static uint32_t worst_rank(uint64_t answers, const uint32_t *rank)
{
    uint32_t worst = UINT32_MAX;
    for (; answers != 0; answers &= answers - 1)
        if (rank[lowest(answers)] < worst)
            worst = rank[lowest(answers)];
    return worst;
}

struct by_severity { const uint32_t *rank; const struct plan_programme *programmes; };
static int step_order(const void *left, const void *right, void *arg)
{
    const struct by_severity *by = arg;
    const struct plan_step *a = left, *b = right;
    uint32_t of_a = worst_rank(a->answers, by->rank), of_b = worst_rank(b->answers, by->rank);
    if (of_a != of_b)
        return of_a < of_b ? -1 : 1;
    return programme_order(&by->programmes[a->programme], &by->programmes[b->programme]);
}

/* Each deficit stays with the first step that answers it. No step is left empty: the covers have no
 * needless programme. */
static void share_out(struct plan_step *steps, uint32_t n, struct by_severity *by)
{
    uint64_t taken = 0;
    qsort_r(steps, n, sizeof *steps, step_order, by);
    for (uint32_t i = 0; i < n; i++) {
        steps[i].answers &= ~taken;
        taken |= steps[i].answers;
    }
    qsort_r(steps, n, sizeof *steps, step_order, by);
}

static uint32_t find_alternative(const struct plan *plan, const struct plan_step *step,
                                 const struct plan_programme *programmes, uint32_t n)
{
    uint32_t best = PLAN_NONE;
    for (uint32_t i = 0; i < n; i++) {
        bool in_plan = false;
        for (uint32_t k = 0; k < plan->n && !in_plan; k++)
            in_plan = plan->step[k].programme == i;
        if (in_plan || !covers(programmes[i].answers, step->answers))
            continue;
        if (best == PLAN_NONE || programmes[i].federal > programmes[best].federal ||
            (programmes[i].federal == programmes[best].federal &&
             programme_order(&programmes[i], &programmes[best]) < 0))
            best = i;
    }
    return best;
}

void plan_route(const struct plan_deficit *deficits, uint32_t deficit_count,
                const struct plan_programme *programmes, uint32_t programme_count,
                struct arena *arena, struct plan *plan)
{
    struct plan_step steps[PLAN_DEFICITS_MAX];
    uint32_t rank[PLAN_DEFICITS_MAX], n = 0;
    uint64_t all = deficit_count == 64 ? UINT64_MAX : bit(deficit_count) - 1, any = 0, federal = 0;
    for (uint32_t i = 0; i < programme_count; i++) {
        any |= programmes[i].answers & all;
        if (programmes[i].federal)
            federal |= programmes[i].answers & all;
    }
    plan_half(programmes, programme_count, true, federal, arena, steps, &n);
    plan_half(programmes, programme_count, false, any & ~federal, arena, steps, &n);

    severity_ranks(deficits, deficit_count, rank);
    share_out(steps, n, &(struct by_severity){ rank, programmes });
    *plan = (struct plan){ .uncovered = all & ~any };
    for (uint32_t i = 0; i < n; i++) {
        if (plan->n < STEPS_MAX)
            plan->step[plan->n++] = steps[i];
        else
            plan->uncovered |= steps[i].answers;
    }
    for (uint32_t i = 0; i < plan->n; i++)
        plan->step[i].alternative = find_alternative(plan, &plan->step[i], programmes, programme_count);
}

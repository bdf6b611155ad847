#pragma once
#include "proto/routes.h"

/* planner: deficits and programmes in, the steps of a draft out (M2). No sockets, no store.
 *
 * Rules      1. Every deficit that some programme answers is answered.
 *            2. One that a programme of the federal registry answers is answered by such a programme
 *               (Югра пп. 4.2, 6.1.3; Томск, показатель 3: «вошедшие в ФР ДПП»).
 *            3. Under 1 and 2: the fewest hours in all; then the fewest steps.
 *            4. Ties go to fewer hours, then the code, then the id, so that the order in which
 *               programmes are handed in does not matter.
 * How        a programme of the federal registry answers no deficit of the rest, so the two halves are
 *            set covers of their own. Up to PLAN_EXACT_MAX deficits that differ (those answered by the
 *            same programmes are one) the cover is exact, by dynamic programming over their subsets;
 *            above that it is the greedy one (Chvátal 1979), less what turns out to be needless.
 * Steps      come worst deficit first; a deficit stands in one step only, so that the alternative of
 *            a step can take its place without leaving anything open. */
#define PLAN_EXACT_MAX      12
#define PLAN_DEFICITS_MAX   DEFICITS_MAX

struct plan_deficit   { const char *competency; uint64_t got, of; };    /* severity: the smaller share, the worse */
struct plan_programme {
    struct uuid id; const char *code; uint64_t hours; bool federal;
    uint64_t answers;                                       /* bit i: deficit i */
};
struct plan_step {
    uint32_t programme, alternative;                        /* numbers in `programmes`; PLAN_NONE */
    uint64_t answers;
    enum step_reason reason;
};
#define PLAN_NONE UINT32_MAX
struct plan { uint32_t n; struct plan_step step[STEPS_MAX]; uint64_t uncovered; };

/* At most PLAN_DEFICITS_MAX deficits. More steps than STEPS_MAX: the least severe are left uncovered. */
void plan_route(const struct plan_deficit *deficits, uint32_t deficit_count,
                const struct plan_programme *programmes, uint32_t programme_count,
                struct arena *arena, struct plan *plan);

#include "services/roster/experts/expert_rules.h"

#include <string.h>

/* ── who may ──────────────────────────────────────────────────────────────── */

static bool among(const struct uuid *id, const struct uuid *ids, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (uuid_equal(id, &ids[i]))
            return true;
    return false;
}

static bool common(const struct uuid *a, uint32_t a_n, const struct uuid *b, uint32_t b_n)
{
    for (uint32_t i = 0; i < a_n; i++)
        if (among(&a[i], b, b_n))
            return true;
    return false;
}

static bool tie_lasts(const struct tie *tie, day_t on)
{
    return tie->from <= on && (tie->until == 0 || on <= tie->until);
}

static bool of_party(const struct uuid *id, const struct expert_party *party)
{
    return among(id, party->persons, party->person_n) || among(id, party->houses, party->house_n);
}

/* Whoever of the two has declared it. A tie to one's own place of work says nothing. */
static bool binds(const struct tie *tie, const struct expert_party *a, const struct expert_party *b)
{
    return among(&tie->person, a->persons, a->person_n) && of_party(&tie->other, b);
}

enum expert_conflict expert_conflict(const struct expert_party *expert, const struct expert_party *work,
                                     const struct tie *ties, uint32_t n, day_t on)
{
    if (common(expert->persons, expert->person_n, work->persons, work->person_n))
        return EXPERT_HIMSELF;
    if (common(expert->houses, expert->house_n, work->houses, work->house_n))
        return EXPERT_SAME_PLACE;
    for (uint32_t i = 0; i < n; i++)
        if (tie_lasts(&ties[i], on) && (binds(&ties[i], expert, work) || binds(&ties[i], work, expert)))
            return EXPERT_TIED;
    return EXPERT_FREE;
}

/* ── an opinion ───────────────────────────────────────────────────────────── */

static bool fault_is(struct register_fault *fault, const char *reason, const char *path, const char *rule, const char *arg, const char *value)
{
    *fault = (struct register_fault){ reason, path, rule, arg, value };
    return false;
}

static const struct expert_criterion *criterion_of(const struct profile_direction *direction, const char *code)
{
    for (uint32_t i = 0; i < direction->criteria.n; i++)
        if (strcmp(direction->criteria.at[i].code, code) == 0)
            return &direction->criteria.at[i];
    return NULL;
}

static bool given(const struct expert_point *points, uint32_t n, const char *code)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(points[i].criterion, code) == 0)
            return true;
    return false;
}

bool opinion_good(const struct profile_direction *direction, const struct expert_point *points, uint32_t n, struct arena *arena,
                  struct register_fault *fault)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct expert_criterion *criterion = criterion_of(direction, points[i].criterion);
        const char *path = arena_format(arena, "points[%u]", i);
        if (criterion == NULL)
            return fault_is(fault, "criterion_unknown", arena_format(arena, "%s.criterion", path), "profile", "criterion", points[i].criterion);
        if (given(points, i, points[i].criterion))
            return fault_is(fault, "criterion_repeated", arena_format(arena, "%s.criterion", path), "repeated", NULL, NULL);
        if (points[i].points > criterion->most)
            return fault_is(fault, "points_over", arena_format(arena, "%s.points", path), "range", "most",
                            arena_format(arena, "%u", (unsigned)criterion->most));
    }
    for (uint32_t i = 0; i < direction->criteria.n; i++)
        if (!given(points, n, direction->criteria.at[i].code))
            return fault_is(fault, "criterion_missing", "points", "missing", "criterion", direction->criteria.at[i].title);
    return true;
}

uint32_t opinion_share(const struct profile_direction *direction, const struct expert_point *points, uint32_t n)
{
    uint64_t most = 0, sum = 0;

    for (uint32_t i = 0; i < direction->criteria.n; i++)
        most += direction->criteria.at[i].most;
    for (uint32_t i = 0; i < n; i++)
        sum += points[i].points;
    return most != 0 ? (uint32_t)((sum * 1000 + most / 2) / most) : 0;
}

/* ── several ──────────────────────────────────────────────────────────────── */

static uint32_t mean(const uint32_t *shares, uint32_t n)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < n; i++)
        sum += shares[i];
    return n != 0 ? (uint32_t)((sum + n / 2) / n) : 0;
}

static uint32_t median(const uint32_t *shares, uint32_t n)
{
    uint32_t sorted[OPINIONS_MAX];

    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = i;
        for (; at > 0 && sorted[at - 1] > shares[i]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = shares[i];
    }
    return n % 2 != 0 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2] + 1) / 2;
}

static bool lie_apart(const struct profile_direction *direction, const uint32_t *shares, uint32_t n)
{
    uint32_t least = 1000, most = 0;

    for (uint32_t i = 0; i < n; i++) {
        least = shares[i] < least ? shares[i] : least;
        most = shares[i] > most ? shares[i] : most;
    }
    return direction->apart != 0 && n > 1 && most - least > direction->apart * 10;
}

struct opinions opinions_weigh(const struct profile_direction *direction, const uint32_t *shares, uint32_t n)
{
    struct opinions opinions = { .apart = lie_apart(direction, shares, n) };
    uint32_t wanted = (uint32_t)direction->opinions + opinions.apart;

    opinions.missing = n < wanted ? wanted - n : 0;
    if (n != 0)
        opinions.share = opinions.apart ? median(shares, n) : mean(shares, n);
    opinions.positive = opinions.share >= direction->pass * 10;
    return opinions;
}

uint32_t opinion_off(const uint32_t *shares, uint32_t n, uint32_t i)
{
    uint32_t others[OPINIONS_MAX], count = 0;

    for (uint32_t j = 0; j < n; j++)
        if (j != i)
            others[count++] = shares[j];
    uint32_t middle = mean(others, count);
    return shares[i] > middle ? shares[i] - middle : middle - shares[i];
}

/* ── how an expert works ──────────────────────────────────────────────────── */

bool assignment_open(const struct assignment *assignment)
{
    return assignment->stage == ASSIGNMENT_OFFERED || assignment->stage == ASSIGNMENT_ACCEPTED || assignment->stage == ASSIGNMENT_RETURNED;
}

struct expert_standing assignment_counts(const struct assignment *assignment)
{
    bool done = assignment->stage == ASSIGNMENT_SUBMITTED;

    return (struct expert_standing){
        .assigned = 1, .open = assignment_open(assignment), .done = done, .late = done && assignment->submitted > assignment->due,
        .refused = assignment->stage == ASSIGNMENT_REFUSED, .withdrawn = assignment->stage == ASSIGNMENT_WITHDRAWN,
        .returned = assignment->returns, .unpaid = done && assignment->paid == 0 };
}

#include "services/indicators/counting.h"

/* ── marks ────────────────────────────────────────────────────────────────── */

static void marks_start(struct marks *marks, const struct rules *rules, struct arena *arena)
{
    *marks = (struct marks){ .rules = rules, .arena = arena };
}

static void marks_set(struct marks *marks, const struct uuid *unit, uint32_t cell, enum side side)
{
    uint32_t i = 0;

    while (i < marks->n && !uuid_equal(&marks->at[i].unit, unit))
        i++;
    if (i == marks->room) {
        uint32_t room = marks->room != 0 ? marks->room * 2 : CHAIN_MAX;
        struct unit_marks *at = ARENA_LIST(marks->arena, struct unit_marks, room);
        if (marks->n != 0)
            memcpy(at, marks->at, marks->n * sizeof *at);
        marks->at = at;
        marks->room = room;
    }
    if (i == marks->n)
        marks->at[marks->n++] = (struct unit_marks){ *unit, arena_alloc(marks->arena, marks->rules->cells) };
    marks->at[i].cell[cell] |= (uint8_t)(1u << side);
}

/* ── what a count asks for ────────────────────────────────────────────────── */

static bool place_has(const struct place *place, const struct uuid *id)
{
    for (uint32_t i = 0; i < place->n; i++)
        if (uuid_equal(&place->at[i], id))
            return true;
    return false;
}

static bool rule_takes_post(const struct rule *rule, const struct worker_post *post, day_t day)
{
    return post->from <= day && (post->until == 0 || day <= post->until)
        && (rule->posts & (1u << post->kind)) != 0
        && (rule->organisations == 0 || (rule->organisations & (1u << post->org_kind)) != 0);
}

static bool rule_takes_age(const struct rule *rule, const struct worker *worker, day_t day)
{
    return !rule->young || (worker->young_from <= day && day < worker->young_until);
}

/* A route rests on the result of a procedure; a completion answers it when it names the route and the
 * route names the programme, a draft too: who chose by it chose by the result. */
static const struct worker_route *route_answered(const struct worker *worker, const struct worker_completion *done)
{
    for (uint32_t i = 0; i < worker->routes.n; i++) {
        const struct worker_route *route = &worker->routes.at[i];
        if (uuid_equal(&route->id, &done->route))
            return place_has(&route->programmes, &done->programme) ? route : NULL;
    }
    return NULL;
}

static bool rule_takes_completion(const struct rule *rule, const struct worker *worker,
                                  const struct worker_completion *done)
{
    bool of_topic = rule->topic == NULL;

    if (!done->raises || (rule->federal && !done->federal))
        return false;
    for (uint32_t i = 0; i < done->topics.n && !of_topic; i++)
        of_topic = strcmp(done->topics.at[i], rule->topic) == 0;
    if (!of_topic)
        return false;
    if (!rule->by_route && rule->owner < 0)
        return true;
    const struct worker_route *route = route_answered(worker, done);
    return route != NULL && (rule->owner < 0 || rule->owner == route->owner);
}

/* The facts of one worker that a count takes, one after another: day 0 says there are no more. */
struct fact_walk { const struct rule *rule; const struct worker *worker; uint32_t next; };

static day_t fact_next(struct fact_walk *walk, const struct place **place)
{
    const struct worker *w = walk->worker;
    const struct rule *rule = walk->rule;

    for (uint32_t i; ; ) {
        i = walk->next++;
        switch (rule->fact) {
        case FACT_DIAGNOSED:
            if (i >= w->sittings.n)
                return 0;
            if (rule->owner >= 0 && rule->owner != w->sittings.at[i].owner)
                continue;
            *place = &w->sittings.at[i].place;
            return w->sittings.at[i].day;
        case FACT_ROUTE_AGREED:
            if (i >= w->routes.n)
                return 0;
            if (w->routes.at[i].agreed == 0 || (rule->owner >= 0 && rule->owner != w->routes.at[i].owner))
                continue;
            *place = &w->routes.at[i].place;
            return w->routes.at[i].agreed;
        case FACT_COMPLETED:
            if (i >= w->completions.n)
                return 0;
            if (!rule_takes_completion(rule, w, &w->completions.at[i]))
                continue;
            *place = &w->completions.at[i].place;
            return w->completions.at[i].day;
        case FACT_SUPPORTED:
            if (i >= w->supports.n)
                return 0;
            *place = &w->supports.at[i].place;
            return w->supports.at[i].day;
        default:
            return 0;
        }
    }
}

/* The years, by index, in whose span the day lies: [*first, *end). */
static void years_of(const struct rules *c, const struct rule *rule, day_t day, uint32_t *first, uint32_t *end)
{
    uint32_t y = 0;

    while (y < c->years && day > c->ends[y])
        y++;
    *first = y;
    if (y == c->years || day < c->starts[0])
        *end = y;
    else
        *end = rule->cumulative ? c->years : y + 1;
}

/* ── persons ──────────────────────────────────────────────────────────────── */

/* Marks the units above posts held on `day`; with a fact's place, only those that stand above it too. */
static void mark_worker(struct marks *marks, const struct rule *rule, const struct worker *worker, day_t day,
                        const struct place *within, uint32_t cell, enum side side)
{
    if (!rule_takes_age(rule, worker, day))
        return;
    for (uint32_t p = 0; p < worker->posts.n; p++) {
        const struct worker_post *post = &worker->posts.at[p];
        if (!rule_takes_post(rule, post, day))
            continue;
        for (uint32_t u = 0; u < post->place.n; u++)
            if (within == NULL || place_has(within, &post->place.at[u]))
                marks_set(marks, &post->place.at[u], cell, side);
    }
}

static void count_worker_side(struct marks *marks, const struct worker *worker, uint32_t indicator, enum side side)
{
    const struct rules *c = marks->rules;
    const struct rule *rule = &c->rule[indicator][side];

    if (rule->fact == FACT_NONE) {
        for (uint32_t y = 0; y < c->years; y++)
            mark_worker(marks, rule, worker, c->ends[y], NULL, cell_of(c, indicator, y), side);
        return;
    }
    struct fact_walk walk = { rule, worker, 0 };
    const struct place *place;
    for (day_t day; (day = fact_next(&walk, &place)) != 0; ) {
        uint32_t y, end;
        for (years_of(c, rule, day, &y, &end); y < end; y++)
            mark_worker(marks, rule, worker, rule->on == ON_DATE ? c->ends[y] : day, place,
                        cell_of(c, indicator, y), side);
    }
}

void count_worker(const struct rules *rules, const struct worker *worker, struct arena *arena, struct marks *marks)
{
    marks_start(marks, rules, arena);
    if (worker->posts.n == 0)
        return;                                     /* in no population yet */
    for (uint32_t i = 0; i < rules->indicators; i++)
        for (enum side side = 0; side < SIDES; side++)
            if (rules->rule[i][side].subject == SUBJECT_PERSON)
                count_worker_side(marks, worker, i, side);
}

/* ── teams ────────────────────────────────────────────────────────────────── */

static const struct worker_post *member_post(const struct rule *rule, const struct worker *worker,
                                             const struct uuid *organisation, day_t day)
{
    const struct worker_post *found = NULL;

    for (uint32_t p = 0; p < worker->posts.n; p++) {
        const struct worker_post *post = &worker->posts.at[p];
        if (rule_takes_post(rule, post, day) && uuid_equal(&post->place.at[0], organisation)
            && (found == NULL || post->kind == POST_HEAD))
            found = post;                           /* who is head and deputy at once is the head */
    }
    return found;
}

static bool member_has_fact(const struct rules *c, const struct rule *rule, const struct worker *worker, uint32_t year)
{
    struct fact_walk walk = { rule, worker, 0 };
    const struct place *place;
    uint32_t first, end;

    if (rule->fact == FACT_NONE)
        return true;
    for (day_t day; (day = fact_next(&walk, &place)) != 0; ) {
        years_of(c, rule, day, &first, &end);
        if (first <= year && year < end)
            return true;
    }
    return false;
}

/* The place of the team when it counts in that year, else NULL. */
static const struct place *team_counts(const struct rules *c, const struct rule *rule,
                                       const struct team_record *team, uint32_t year)
{
    uint32_t members = 0, with = 0, others = 0, others_with = 0;
    bool head_with = false;
    const struct place *place = NULL;

    for (uint32_t m = 0; m < team->n; m++) {
        const struct worker_post *post = member_post(rule, team->member[m], &team->organisation, c->ends[year]);
        if (post == NULL)
            continue;
        bool has = member_has_fact(c, rule, team->member[m], year);
        place = place == NULL ? &post->place : place;
        members++;
        with += has;
        if (post->kind == POST_HEAD) {
            head_with |= has;
        } else {
            others++;
            others_with += has;
        }
    }
    switch (rule->members) {
    case TEAM_ALL: return with == members ? place : NULL;
    case TEAM_ANY: return with > 0 ? place : NULL;
    default:       return head_with && (others == 0 || others_with > 0) ? place : NULL;
    }
}

void count_team(const struct rules *rules, const struct team_record *team, struct arena *arena, struct marks *marks)
{
    marks_start(marks, rules, arena);
    for (uint32_t i = 0; i < rules->indicators; i++)
        for (enum side side = 0; side < SIDES; side++) {
            const struct rule *rule = &rules->rule[i][side];
            for (uint32_t y = 0; y < rules->years && rule->subject == SUBJECT_TEAM; y++) {
                const struct place *place = team_counts(rules, rule, team, y);
                for (uint32_t u = 0; place != NULL && u < place->n; u++)
                    marks_set(marks, &place->at[u], cell_of(rules, i, y), side);
            }
        }
}

/* ── programmes ───────────────────────────────────────────────────────────── */

static bool days_within(const struct days *days, day_t from, day_t until)
{
    for (uint32_t i = 0; i < days->n; i++)
        if (from <= days->at[i] && days->at[i] <= until)
            return true;
    return false;
}

static bool rule_takes_programme(const struct rules *c, const struct rule *rule,
                                 const struct programme_record *programme, uint32_t year)
{
    day_t from = rule->cumulative ? c->starts[0] : c->starts[year], until = c->ends[year];

    if (programme->kind == PROGRAMME_NON_FORMAL || (rule->owner >= 0 && rule->owner != programme->provider_kind))
        return false;
    if (rule->fact == FACT_NONE)
        return true;
    return days_within(&programme->runs, from, until)
        && (rule->fact == FACT_RUN || days_within(&programme->included, from, until));
}

void count_programme(const struct rules *rules, const struct programme_record *programme,
                     struct arena *arena, struct marks *marks)
{
    marks_start(marks, rules, arena);
    for (uint32_t i = 0; i < rules->indicators; i++)
        for (enum side side = 0; side < SIDES; side++) {
            const struct rule *rule = &rules->rule[i][side];
            for (uint32_t y = 0; y < rules->years && rule->subject == SUBJECT_PROGRAMME; y++)
                if (rule_takes_programme(rules, rule, programme, y)) {
                    marks_set(marks, &rules->profile->region->id, cell_of(rules, i, y), side);
                    marks_set(marks, &programme->provider, cell_of(rules, i, y), side);
                }
        }
}

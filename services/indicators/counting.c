#include "services/indicators/counting_parts.h"

/* Marks, and which facts of a person a count takes. */

/* ── marks ────────────────────────────────────────────────────────────────── */

void marks_start(struct marks *marks, const struct rules *rules, struct arena *arena)
{
    *marks = (struct marks){ .rules = rules, .arena = arena };
}

void marks_set(struct marks *marks, const struct uuid *unit, uint32_t cell)
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
        marks->at[marks->n++] = (struct unit_marks){ *unit, ARENA_LIST(marks->arena, uint64_t, marks->rules->cells / 64 + 1) };
    marks->at[i].bits[cell / 64] |= UINT64_C(1) << cell % 64;
}

bool marked(const struct marks *marks, const struct uuid *unit, uint32_t cell)
{
    for (uint32_t i = 0; i < marks->n; i++)
        if (uuid_equal(&marks->at[i].unit, unit))
            return (marks->at[i].bits[cell / 64] >> cell % 64 & 1) != 0;
    return false;
}

void marks_set_years(struct marks *marks, const struct rule *rule, uint32_t column, uint32_t year, const struct place *place,
                     const struct place *within)
{
    const struct rules *c = marks->rules;

    for (uint32_t u = 0; u < place->n; u++)
        if (within == NULL || place_has(within, &place->at[u]))
            for (uint32_t y = year; y < (rule->cumulative ? c->years : year + 1); y++)
                marks_set(marks, &place->at[u], cell_of(c, column, y));
}

/* ── what a count asks for ────────────────────────────────────────────────── */

bool place_has(const struct place *place, const struct uuid *id)
{
    for (uint32_t i = 0; i < place->n; i++)
        if (uuid_equal(&place->at[i], id))
            return true;
    return false;
}

static bool asks_for(uint32_t bits, int kind)
{
    return bits == 0 || (bits >> kind & 1) != 0;
}

bool rule_takes_post(const struct rule *rule, const struct worker_post *post, day_t day)
{
    return post->from <= day && (post->until == 0 || day <= post->until)
        && (rule->posts >> post->kind & 1) != 0 && asks_for(rule->organisations, post->org_kind);
}

static bool in_band(const struct worker *worker, const char *id, day_t day)
{
    for (uint32_t i = 0; i < worker->bands.n; i++) {
        const struct band_span *span = &worker->bands.at[i];
        if (span->from <= day && (span->until == 0 || day < span->until) && strcmp(span->band, id) == 0)
            return true;
    }
    return false;
}

static bool rule_takes_age(const struct rule *rule, const struct worker *worker, day_t day)
{
    for (uint32_t i = 0; i < rule->bands.n; i++)
        if (!in_band(worker, rule->bands.at[i], day))
            return false;
    return true;
}

/* A route rests on the result of a procedure; a completion answers it when it names the route and the
 * route names the programme, a draft too: who chose by it chose by the result. */
static const struct worker_route *route_answered(const struct worker *worker, const struct worker_training *done)
{
    for (uint32_t i = 0; i < worker->routes.n; i++) {
        const struct worker_route *route = &worker->routes.at[i];
        if (uuid_equal(&route->id, &done->route))
            return place_has(&route->programmes, &done->programme) ? route : NULL;
    }
    return NULL;
}

static bool want_takes_training(const struct want *want, const struct worker *worker, const struct worker_training *done)
{
    bool of_topic = want->topic == NULL;

    if (!done->raises || (want->federal && !done->federal) || !asks_for(want->providers, done->provider_kind))
        return false;
    for (uint32_t i = 0; i < done->topics.n && !of_topic; i++)
        of_topic = strcmp(done->topics.at[i], want->topic) == 0;
    if (!of_topic)
        return false;
    if (!want->by_route && want->owners == 0)
        return true;
    const struct worker_route *route = route_answered(worker, done);
    return route != NULL && asks_for(want->owners, route->owner);
}

/* ── the facts of one worker that are asked for, one after another ────────── */

struct span { day_t first, last; const struct place *place; };  /* most facts are of one day */
struct fact_walk { const struct want *want; const struct worker *worker; uint32_t next; };

static struct span on_day(day_t day, const struct place *place)
{
    return (struct span){ day, day, place };
}

static bool fact_next(struct fact_walk *walk, struct span *span)
{
    const struct worker *w = walk->worker;
    const struct want *want = walk->want;

    for (uint32_t i; ; ) {
        i = walk->next++;
        switch (want->fact) {
        case FACT_DIAGNOSED:
            if (i >= w->sittings.n)
                return false;
            if (!asks_for(want->owners, w->sittings.at[i].owner))
                continue;
            *span = on_day(w->sittings.at[i].day, &w->sittings.at[i].place);
            return true;
        case FACT_ROUTE_AGREED:
            if (i >= w->routes.n)
                return false;
            if (w->routes.at[i].agreed == 0 || !asks_for(want->owners, w->routes.at[i].owner))
                continue;
            *span = on_day(w->routes.at[i].agreed, &w->routes.at[i].place);
            return true;
        case FACT_COMPLETED:
        case FACT_ENROLLED: {
            bool completed = want->fact == FACT_COMPLETED;
            if (i >= (completed ? w->completions.n : w->enrolments.n))
                return false;
            const struct worker_training *done = completed ? &w->completions.at[i] : &w->enrolments.at[i];
            if (!want_takes_training(want, w, done))
                continue;
            *span = on_day(done->day, &done->place);
            return true;
        }
        case FACT_SUPPORTED:
            if (i >= w->supports.n)
                return false;
            *span = on_day(w->supports.at[i].day, &w->supports.at[i].place);
            return true;
        case FACT_ASSIGNED: {
            if (i >= w->assignments.n)
                return false;
            const struct worker_assignment *a = &w->assignments.at[i];
            if (!asks_for(want->tutors, a->kind) || (a->until != 0 && a->until <= a->from))
                continue;
            *span = (struct span){ a->from, a->until != 0 ? a->until - 1 : DAY_MAX, &a->place };
            return true;
        }
        default:
            return false;
        }
    }
}

static bool has_fact(const struct want *want, const struct worker *worker, day_t from, day_t until)
{
    struct fact_walk walk = { want, worker, 0 };

    for (struct span span; fact_next(&walk, &span); )
        if (span.first <= until && span.last >= from)
            return true;
    return false;
}

static bool has_also(const struct rules *c, const struct rule *rule, const struct worker *worker, uint32_t year)
{
    for (uint32_t i = 0; i < rule->also_n; i++)
        if (!has_fact(&rule->also[i], worker, rule->also[i].ever ? 0 : c->starts[year], c->ends[year]))
            return false;
    return true;
}

bool worker_has_facts(const struct rules *c, const struct rule *rule, const struct worker *worker, uint32_t year)
{
    return (rule->want.fact == FACT_NONE || has_fact(&rule->want, worker, c->starts[year], c->ends[year]))
        && has_also(c, rule, worker, year);
}

/* ── persons ──────────────────────────────────────────────────────────────── */

/* Marks the units above posts held on `day`; with a fact's place, only those that stand above it too. */
static void mark_worker(struct marks *marks, uint32_t column, const struct worker *worker, day_t day,
                        const struct place *within, uint32_t year)
{
    const struct rule *rule = &marks->rules->column[column];

    if (!rule_takes_age(rule, worker, day) || !has_also(marks->rules, rule, worker, year))
        return;
    for (uint32_t p = 0; p < worker->posts.n; p++)
        if (rule_takes_post(rule, &worker->posts.at[p], day))
            marks_set_years(marks, rule, column, year, &worker->posts.at[p].place, within);
}

static void count_person(struct marks *marks, const struct worker *worker, uint32_t column)
{
    const struct rules *c = marks->rules;
    const struct rule *rule = &c->column[column];

    if (rule->want.fact == FACT_NONE) {
        for (uint32_t y = 0; y < c->years; y++)
            mark_worker(marks, column, worker, c->ends[y], NULL, y);
        return;
    }
    struct fact_walk walk = { &rule->want, worker, 0 };
    for (struct span span; fact_next(&walk, &span); ) {
        bool lasts = span.last > span.first;
        for (uint32_t y = 0; y < c->years && c->starts[y] <= span.last; y++)
            if (span.first <= c->ends[y] && (!lasts || rule->on != ON_DATE || c->ends[y] <= span.last))
                mark_worker(marks, column, worker,
                            rule->on == ON_DATE ? c->ends[y] : span.first > c->starts[y] ? span.first : c->starts[y],
                            span.place, y);
    }
}

/* The worker as a charge: one more for his tutor. */
static void count_charge(struct marks *marks, const struct worker *worker, uint32_t column)
{
    const struct rules *c = marks->rules;
    const struct rule *rule = &c->column[column];

    for (uint32_t i = 0; i < worker->assignments.n; i++) {
        const struct worker_assignment *a = &worker->assignments.at[i];
        for (uint32_t y = 0; y < c->years && asks_for(rule->want.tutors, a->kind); y++) {
            bool taken = rule->posts == 0;
            for (uint32_t p = 0; p < worker->posts.n && !taken; p++)
                taken = rule_takes_post(rule, &worker->posts.at[p], c->ends[y]);
            if (taken && a->from <= c->ends[y] && (a->until == 0 || c->ends[y] < a->until)
                && rule_takes_age(rule, worker, c->ends[y]))
                marks_set(marks, &a->tutor, cell_of(c, column, y));
        }
    }
}

void count_worker(const struct rules *rules, const struct worker *worker, struct arena *arena, struct marks *marks)
{
    marks_start(marks, rules, arena);
    if (worker->posts.n == 0)
        return;                                     /* in no population yet */
    for (uint32_t i = 0; i < rules->columns; i++)
        if (rules->column[i].subject == SUBJECT_PERSON)
            count_person(marks, worker, i);
        else if (rules->column[i].subject == SUBJECT_TUTOR)
            count_charge(marks, worker, i);
}

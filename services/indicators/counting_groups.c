#include "services/indicators/counting_parts.h"

/* What is counted by more than one person's record: teams and their members; and programmes. */

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
        bool has = worker_has_facts(c, rule, team->member[m], year);
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
    for (uint32_t i = 0; i < rules->columns; i++)
        for (uint32_t y = 0; y < rules->years && rules->column[i].subject == SUBJECT_TEAM; y++) {
            const struct place *place = team_counts(rules, &rules->column[i], team, y);
            if (place != NULL)
                marks_set_years(marks, &rules->column[i], i, y, place, NULL);
        }
}

void count_member(const struct rules *rules, const struct worker *worker, const struct team_record *teams, uint32_t n,
                  struct arena *arena, struct marks *marks)
{
    marks_start(marks, rules, arena);
    for (uint32_t i = 0; i < rules->columns; i++) {
        const struct rule *rule = &rules->column[i];
        for (uint32_t t = 0; t < n && rule->subject == SUBJECT_TEAM_MEMBER; t++)
            for (uint32_t y = 0; y < rules->years; y++) {
                const struct worker_post *post = member_post(rule, worker, &teams[t].organisation, rules->ends[y]);
                if (post != NULL && team_counts(rules, rule, &teams[t], y) != NULL)
                    marks_set_years(marks, rule, i, y, &post->place, NULL);
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

static day_t last_until(const struct days *days, day_t until)
{
    day_t last = 0;

    for (uint32_t i = 0; i < days->n && days->at[i] <= until; i++)
        last = days->at[i];
    return last;
}

static bool rule_takes_programme(const struct rules *c, const struct rule *rule,
                                 const struct programme_record *programme, uint32_t year)
{
    day_t from = rule->cumulative ? c->starts[0] : c->starts[year], until = c->ends[year];

    if (programme->kind == PROGRAMME_NON_FORMAL
        || (rule->want.providers != 0 && (rule->want.providers >> programme->provider_kind & 1) == 0))
        return false;
    if (rule->want.fact == FACT_NONE)
        return true;
    if (!days_within(&programme->runs, from, until))
        return false;
    switch (rule->want.fact) {
    case FACT_INCLUDED: return days_within(&programme->included, from, until);
    case FACT_LISTED:   return last_until(&programme->included, until) > last_until(&programme->excluded, until);
    default:            return true;
    }
}

void count_programme(const struct rules *rules, const struct programme_record *programme,
                     struct arena *arena, struct marks *marks)
{
    marks_start(marks, rules, arena);
    for (uint32_t i = 0; i < rules->columns; i++)
        for (uint32_t y = 0; y < rules->years && rules->column[i].subject == SUBJECT_PROGRAMME; y++)
            if (rule_takes_programme(rules, &rules->column[i], programme, y)) {
                marks_set(marks, &rules->profile->region->id, cell_of(rules, i, y));
                marks_set(marks, &programme->provider, cell_of(rules, i, y));
            }
}

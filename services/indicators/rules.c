#include "services/indicators/counting.h"

/* The profile's counts made ready: names looked up once, years as days. */

static bool kinds_bits(const struct enum_desc *names, uint32_t n, const char *const *text, uint32_t *bits)
{
    _Static_assert(org_kind_count <= 32 && post_kind_count <= 32, "kinds are bits of a u32");
    for (uint32_t i = 0; i < n; i++) {
        int kind = enum_find(names, text[i], strlen(text[i]));
        if (kind < 0)
            return false;
        *bits |= 1u << kind;
    }
    return true;
}

/* NULL, or what of the count cannot be counted. */
static const char *rule_fault(const struct rule *rule)
{
    bool of_programme = rule->fact == FACT_RUN || rule->fact == FACT_INCLUDED;

    if (rule->subject != SUBJECT_PROGRAMME && rule->posts == 0)
        return "counts_nobody";
    if (rule->fact != FACT_NONE && of_programme != (rule->subject == SUBJECT_PROGRAMME))
        return "fact_of_another_subject";
    if ((rule->federal || rule->by_route || rule->topic != NULL) && rule->fact != FACT_COMPLETED)
        return "qualifier_without_completion";
    if (rule->owner >= 0 && (rule->fact == FACT_SUPPORTED
                             || (rule->fact == FACT_NONE && rule->subject != SUBJECT_PROGRAMME)))
        return "owner_without_fact";
    return NULL;
}

static const char *rule_make(struct rule *rule, const struct count *count, bool cumulative)
{
    *rule = (struct rule){
        .subject = count->subject, .on = count->on, .fact = count->fact, .members = count->members, .owner = -1,
        .young = count->young, .federal = count->federal, .by_route = count->by_route, .cumulative = cumulative,
        .topic = count->topic != NULL && count->topic[0] != '\0' ? count->topic : NULL,
    };
    if (!kinds_bits(&post_kind_names, count->posts.n, count->posts.at, &rule->posts)
        || !kinds_bits(&org_kind_names, count->organisations.n, count->organisations.at, &rule->organisations))
        return "kind_unknown";
    const char *owner = count->owners.n != 0 ? count->owners.at[0] : count->providers.n != 0 ? count->providers.at[0] : NULL;
    if (owner != NULL && (rule->owner = enum_find(&org_kind_names, owner, strlen(owner))) < 0)
        return "owner_unknown";
    return rule_fault(rule);
}

/* Posts always matter to a team; routes do where a completion has to answer one. */
static uint32_t team_facts(const struct rule *rule)
{
    if (rule->subject != SUBJECT_TEAM)
        return 1u << FACT_NONE;
    return 1u << FACT_NONE | 1u << rule->fact | (rule->by_route || rule->owner >= 0 ? 1u << FACT_ROUTE_AGREED : 0);
}

/* Titles, targets and readings may change without counting anew; these may not. */
static struct bytes counting_part(const struct profile *profile, struct arena *arena)
{
    struct buf buf = { 0 };

    buf_put(&buf, &profile->region->id, sizeof profile->region->id);
    buf_format(&buf, "%llu-%llu", (unsigned long long)profile->first_year, (unsigned long long)profile->last_year);
    for (uint32_t i = 0; i < profile->indicators.n; i++) {
        buf_byte(&buf, profile->indicators.at[i].cumulative);
        msg_encode(&count_desc, profile->indicators.at[i].numerator, &buf);
        msg_encode(&count_desc, profile->indicators.at[i].denominator, &buf);
    }
    struct bytes part = arena_bytes(arena, buf_bytes(&buf));
    buf_free(&buf);
    return part;
}

bool rules_make(struct rules *rules, const struct profile *profile, struct arena *arena,
                    const char **code, const char **fault)
{
    uint32_t years = (uint32_t)(profile->last_year - profile->first_year + 1);

    *rules = (struct rules){
        .profile = profile, .indicators = profile->indicators.n, .years = years,
        .cells = profile->indicators.n * years,
        .rule = arena_alloc(arena, sizeof *rules->rule * profile->indicators.n),
        .starts = ARENA_LIST(arena, day_t, years), .ends = ARENA_LIST(arena, day_t, years),
    };
    for (uint32_t y = 0; y < years; y++) {
        rules->starts[y] = day_of((int)(profile->first_year + y), 1, 1);
        rules->ends[y] = day_of((int)(profile->first_year + y), 12, 31);
    }
    for (uint32_t i = 0; i < profile->indicators.n; i++) {
        const struct indicator *row = &profile->indicators.at[i];
        *code = row->code;
        if (row->numerator == NULL || row->denominator == NULL) {
            *fault = "not_countable_yet";
            return false;
        }
        if ((*fault = rule_make(&rules->rule[i][SIDE_NUMERATOR], row->numerator, row->cumulative)) != NULL
            || (*fault = rule_make(&rules->rule[i][SIDE_DENOMINATOR], row->denominator, row->cumulative)) != NULL)
            return false;
        for (enum side side = 0; side < SIDES; side++)
            rules->team_facts |= team_facts(&rules->rule[i][side]);
    }
    rules->says = counting_part(profile, arena);
    return true;
}

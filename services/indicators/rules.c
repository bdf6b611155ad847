#include "services/indicators/counting.h"

/* The profile's counts made ready: names looked up once, years as days, counts that say the same as one. */

#define CATALOGUE_BYTES (240u * 1024)       /* indicators.catalogue.get answers with the whole profile in one frame */

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

static const char *topic_of(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* NULL, or what of the fact cannot be asked for. */
static const char *want_fault(const struct want *want, int subject)
{
    bool of_programme = want->fact == FACT_RUN || want->fact == FACT_INCLUDED || want->fact == FACT_LISTED;
    bool training = want->fact == FACT_COMPLETED || want->fact == FACT_ENROLLED;

    if (want->fact != FACT_NONE && of_programme != (subject == SUBJECT_PROGRAMME))
        return "fact_of_another_subject";
    if (((want->by_route || want->topic != NULL) && !training) || (want->federal && want->fact != FACT_COMPLETED))
        return "qualifier_without_training";
    if (want->owners != 0 && !training && want->fact != FACT_DIAGNOSED && want->fact != FACT_ROUTE_AGREED)
        return "owner_without_procedure";
    if (want->providers != 0 && !training && subject != SUBJECT_PROGRAMME)
        return "provider_without_programme";
    if (want->tutors != 0 && want->fact != FACT_ASSIGNED && subject != SUBJECT_TUTOR)
        return "tutors_without_assignment";
    return NULL;
}

static const char *rule_fault(const struct rule *rule)
{
    bool of_posts = rule->subject != SUBJECT_PROGRAMME && rule->subject != SUBJECT_TUTOR;
    const char *fault = want_fault(&rule->want, rule->subject);

    if (of_posts && rule->posts == 0)
        return "counts_nobody";
    if (rule->also_n != 0 && !of_posts)
        return "also_of_no_person";
    for (uint32_t i = 0; i < rule->also_n && fault == NULL; i++)
        fault = want_fault(&rule->also[i], rule->subject);
    if (rule->subject == SUBJECT_TUTOR
        && (rule->on != ON_DATE || rule->cumulative || (rule->want.fact != FACT_ASSIGNED && rule->want.fact != FACT_NONE)))
        return "tutors_are_counted_on_a_date";
    return fault;
}

#define BITS(from, names, to) kinds_bits(&names, (from)->n, (from)->at, &(to))

static const char *const YOUNG_ALONE[] = { BAND_YOUNG };

static const char *rule_make(struct rule *rule, const struct count *count, bool cumulative)
{
    *rule = (struct rule){
        .subject = count->subject, .on = count->on, .members = count->members,
        .cumulative = cumulative && count->fact != FACT_NONE, .also_n = count->also.n,
        .want = { .fact = count->fact, .federal = count->federal, .by_route = count->by_route, .topic = topic_of(count->topic) },
    };
    if (!BITS(&count->posts, post_kind_names, rule->posts) || !BITS(&count->organisations, org_kind_names, rule->organisations)
        || !BITS(&count->owners, org_kind_names, rule->want.owners) || !BITS(&count->providers, org_kind_names, rule->want.providers)
        || !BITS(&count->tutors, tutor_kind_names, rule->want.tutors))
        return "kind_unknown";
    rule->bands.n = count->bands.n;
    rule->bands.at = count->bands.at;
    if (count->young) {                     /* the shorter way of saying it */
        rule->bands.n = 1;
        rule->bands.at = YOUNG_ALONE;
    }
    for (uint32_t i = 0; i < count->also.n; i++) {
        const struct also *also = &count->also.at[i];
        struct want *want = &rule->also[i];
        *want = (struct want){ .fact = also->fact, .federal = also->federal, .by_route = also->by_route, .ever = also->ever,
                               .topic = topic_of(also->topic) };
        if (!BITS(&also->owners, org_kind_names, want->owners) || !BITS(&also->providers, org_kind_names, want->providers)
            || !BITS(&also->tutors, tutor_kind_names, want->tutors))
            return "kind_unknown";
    }
    return rule_fault(rule);
}

/* Posts always matter to a team; routes do where a completion has to answer one. */
static uint32_t want_facts(const struct want *want)
{
    return 1u << want->fact | (want->by_route || want->owners != 0 ? 1u << FACT_ROUTE_AGREED : 0);
}

static uint32_t team_facts(const struct rule *rule)
{
    uint32_t facts = 1u << FACT_NONE | want_facts(&rule->want);

    if (rule->subject != SUBJECT_TEAM && rule->subject != SUBJECT_TEAM_MEMBER)
        return 0;
    for (uint32_t i = 0; i < rule->also_n; i++)
        facts |= want_facts(&rule->also[i]);
    return facts;
}

/* ── columns ──────────────────────────────────────────────────────────────── */

struct making { struct rules *rules; struct arena *arena; struct bytes *text; uint32_t room; const char *fault; };

/* The column that counts so: one for all lines that say the same. */
static uint32_t column_of(struct making *m, const struct count *count, bool cumulative)
{
    struct rules *rules = m->rules;
    struct buf buf = { 0 };
    uint32_t i = 0;

    if (count == NULL || m->fault != NULL)
        return NO_COLUMN;
    buf_byte(&buf, cumulative && count->fact != FACT_NONE);
    msg_encode(&count_desc, count, &buf);
    while (i < rules->columns && !bytes_equal(m->text[i], buf_bytes(&buf)))
        i++;
    if (i == rules->columns) {
        struct rule *rule = &rules->column[i];
        m->text[i] = arena_bytes(m->arena, buf_bytes(&buf));
        m->fault = rule_make(rule, count, cumulative);
        rules->columns++;
        rules->team_facts |= team_facts(rule);
        rules->members |= rule->subject == SUBJECT_TEAM_MEMBER;
        rules->tutors |= rule->subject == SUBJECT_TUTOR;
    }
    buf_free(&buf);
    return i;
}

static struct line line_of(struct making *m, const struct count *numerator, const struct count *denominator, bool cumulative)
{
    struct line line = { { [SIDE_NUMERATOR] = column_of(m, numerator, cumulative) } };

    line.column[SIDE_DENOMINATOR] = column_of(m, denominator, cumulative);
    return line;
}

static bool counts_along(const struct indicator *in)
{
    for (uint32_t i = 0; i < in->targets.n; i++)
        if (in->targets.at[i].cumulative)
            return in->numerator != NULL;
    return false;
}

static void lines_make(struct making *m, const struct indicator *in, struct line *line)
{
    line[LINE_MAIN] = line_of(m, in->numerator, in->denominator, in->cumulative);
    line[LINE_CUMULATIVE] = counts_along(in) ? line_of(m, in->numerator, in->denominator, true) : line_of(m, NULL, NULL, false);
    for (uint32_t b = 0; b < BESIDE_MAX; b++) {
        const struct beside *beside = b < in->beside.n ? &in->beside.at[b] : NULL;
        line[LINE_BESIDE_1 + b] = beside == NULL ? line_of(m, NULL, NULL, false)
                                                 : line_of(m, beside->numerator, beside->denominator, in->cumulative);
    }
}

/* Titles, targets and readings may change without counting anew; columns and years may not. */
static struct bytes counting_part(const struct making *m)
{
    const struct profile *profile = m->rules->profile;
    struct buf buf = { 0 };

    buf_put(&buf, &profile->region->id, sizeof profile->region->id);
    buf_format(&buf, "%llu-%llu", (unsigned long long)profile->first_year, (unsigned long long)profile->last_year);
    for (uint32_t i = 0; i < m->rules->columns; i++)
        buf_put(&buf, m->text[i].at, m->text[i].n);
    struct bytes part = arena_bytes(m->arena, buf_bytes(&buf));
    buf_free(&buf);
    return part;
}

static bool catalogue_fits(const struct profile *profile)
{
    struct buf buf = { 0 };

    msg_encode(&profile_desc, profile, &buf);
    bool fits = buf.n <= CATALOGUE_BYTES;
    buf_free(&buf);
    return fits;
}

bool rules_make(struct rules *rules, const struct profile *profile, struct arena *arena,
                const char **code, const char **fault)
{
    uint32_t years = (uint32_t)(profile->last_year - profile->first_year + 1), room = profile->indicators.n * value_line_count * SIDES;
    struct making making = { .rules = rules, .arena = arena, .text = ARENA_LIST(arena, struct bytes, room), .room = room };

    *rules = (struct rules){
        .profile = profile, .indicators = profile->indicators.n, .years = years,
        .column = ARENA_LIST(arena, struct rule, room),
        .line = arena_alloc(arena, sizeof *rules->line * profile->indicators.n),
        .starts = ARENA_LIST(arena, day_t, years), .ends = ARENA_LIST(arena, day_t, years),
    };
    for (uint32_t y = 0; y < years; y++) {
        rules->starts[y] = day_of((int)(profile->first_year + y), 1, 1);
        rules->ends[y] = day_of((int)(profile->first_year + y), 12, 31);
    }
    for (uint32_t i = 0; i < profile->indicators.n && making.fault == NULL; i++) {
        *code = profile->indicators.at[i].code;
        lines_make(&making, &profile->indicators.at[i], rules->line[i]);
    }
    if (making.fault == NULL && !catalogue_fits(profile))
        making.fault = "catalogue_too_long";
    rules->cells = rules->columns * years;
    rules->says = counting_part(&making);
    *fault = making.fault;
    return making.fault == NULL;
}

struct rules rules_of_column(const struct rules *rules, uint32_t column)
{
    struct rules one = *rules;

    one.column = &rules->column[column];
    one.columns = 1;
    one.cells = rules->years;
    return one;
}

#include "services/roster/staffing/staffing.h"

#include "common/service/pages.h"
#include "services/roster/units/totals.h"

/* The staff of a unit on a day: structure, who will leave, which subjects want whom. */

static enum verdict staffing_need(struct ctx *ctx, const struct uuid *unit, day_t on, const struct profile_staffing **staffing,
                                  struct population_rule *rule)
{
    if (unit_at_hand(ctx, unit, NULL) != VERDICT_OK)
        return VERDICT_REFUSED;
    if ((*staffing = roster_config(ctx)->profile->staffing) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "staffing_not_defined");
    return population_need(ctx, (*staffing)->population, on, rule);
}

static bool said(const char *text) { return text != NULL && text[0] != '\0'; }

/* ── the answer, as it grows ──────────────────────────────────────────────── */

struct staff {
    struct ctx *ctx;
    const struct profile_staffing *by;
    struct population_rule rule;
    day_t on;
    struct staffing sum;
    struct arena scratch;
    struct uuid person;
    bool seen, mismatched;          /* of the person at hand: in some post of the population; in one that does not match */
};

static const char *band_title(const struct profile *profile, const char *id)
{
    for (uint32_t i = 0; i < profile->bands.n; i++)
        if (strcmp(profile->bands.at[i].id, id) == 0)
            return profile->bands.at[i].title;
    return id;
}

static void staff_begin(struct staff *staff)
{
    const struct profile *profile = roster_config(staff->ctx)->profile;
    struct staffing *sum = &staff->sum;

    sum->bands.at = ARENA_LIST(staff->ctx->arena, struct staffing_band, staff->by->bands.n + 1);
    for (; sum->bands.n < staff->by->bands.n; sum->bands.n++) {
        const char *id = staff->by->bands.at[sum->bands.n];
        sum->bands.at[sum->bands.n] = (struct staffing_band){ .band = id, .title = band_title(profile, id) };
    }
    sum->subjects.at = ARENA_LIST(staff->ctx->arena, struct staffing_subject, STAFFING_SUBJECTS_MAX);
    if (!said(staff->by->leaving))
        return;
    uint32_t years = staff->by->years != 0 ? (uint32_t)staff->by->years : 10;
    sum->leaving.at = ARENA_LIST(staff->ctx->arena, struct staffing_year, years + 1);
    sum->leaving.n = years + 1;         /* the first: have come to it already */
    for (uint32_t i = 1; i <= years; i++)
        sum->leaving.at[i].year = (uint32_t)day_year(staff->on) + i - 1;
}

/* The row of a subject, in the order of names; NULL: there is no room for one more. */
static struct staffing_subject *subject_of(struct staff *staff, const char *name)
{
    struct staffing_subject *rows = staff->sum.subjects.at;
    uint32_t low = 0, high = staff->sum.subjects.n;

    name = name != NULL ? name : "";
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        int order = strcmp(rows[middle].subject, name);
        if (order == 0)
            return &rows[middle];
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    if (staff->sum.subjects.n == STAFFING_SUBJECTS_MAX) {
        staff->sum.more = true;
        return NULL;
    }
    memmove(rows + low + 1, rows + low, (staff->sum.subjects.n - low) * sizeof *rows);
    rows[low] = (struct staffing_subject){ .subject = arena_string(staff->ctx->arena, name, strlen(name)) };
    staff->sum.subjects.n++;
    return &rows[low];
}

/* ── people ───────────────────────────────────────────────────────────────── */

/* The year in which somebody comes to the band for good: the last time that it begins. */
static void leaver(struct staff *staff, const struct band_span *bands, uint32_t n)
{
    day_t comes = 0;
    bool ever = false;

    for (uint32_t i = 0; i < n; i++)
        if (strcmp(bands[i].band, staff->by->leaving) == 0 && (bands[i].until == 0 || bands[i].until > staff->on)) {
            comes = bands[i].from;
            ever = true;
        }
    if (!ever)
        return;
    uint32_t ahead = comes <= staff->on ? 0 : (uint32_t)(day_year(comes) - day_year(staff->on)) + 1;
    if (ahead < staff->sum.leaving.n)
        staff->sum.leaving.at[ahead].people++;
}

static void staff_person(struct staff *staff)
{
    struct person_bands bands = { 0 };
    bool mismatched = staff->mismatched, seen = staff->seen;

    staff->seen = staff->mismatched = false;
    if (!seen)
        return;
    state_bands(staff->ctx, &staff->person, &bands);
    if (!population_takes_person(&staff->rule, bands.spans.at, bands.spans.n, staff->on))
        return;
    staff->sum.people++;
    staff->sum.mismatched += mismatched;
    for (uint32_t i = 0; i < staff->sum.bands.n; i++)
        staff->sum.bands.at[i].people += bands_hold(bands.spans.at, bands.spans.n, staff->by->bands.at[i], staff->on);
    if (said(staff->by->unpedagogical))
        staff->sum.unpedagogical += bands_hold(bands.spans.at, bands.spans.n, staff->by->unpedagogical, staff->on);
    if (said(staff->by->leaving))
        leaver(staff, bands.spans.at, bands.spans.n);
}

/* Its subject stands in the post alone; `scratch` takes what is read for it. */
static void staff_post(struct staff *staff, const struct unit_post *row, struct arena *scratch)
{
    struct arena *kept = staff->ctx->arena;
    struct staffing_subject *subject = NULL;
    struct post_opened post;

    staff->seen = true;
    staff->mismatched |= row->brief.matching == SAID_NO;
    staff->ctx->arena = scratch;
    bool known = state_post(staff->ctx, &row->post, &post);
    staff->ctx->arena = kept;
    if (known && (subject = subject_of(staff, post.subject)) != NULL) {
        subject->posts++;
        subject->mismatched += row->brief.matching == SAID_NO;
    }
    arena_reset(scratch);
}

static void staff_row(void *arg, const struct unit_post *row)
{
    struct staff *staff = arg;

    if (!uuid_equal(&row->person, &staff->person)) {
        staff_person(staff);
        staff->person = row->person;
    }
    if (population_takes_post(&staff->rule, &row->brief, staff->on))
        staff_post(staff, row, &staff->scratch);
}

static void staff_people(struct staff *staff, const struct total *total)
{
    staff->scratch = (struct arena){ .keep = 1 << 16 };
    total_posts(total, staff_row, staff);
    staff_person(staff);
    arena_free(&staff->scratch);
}

static void staff_vacancy(struct staff *staff, const struct vacancy *vacancy)
{
    struct staffing_subject *subject = subject_of(staff, vacancy->subject);

    staff->sum.vacancies++;
    staff->sum.load += vacancy->load;
    if (subject != NULL) {
        subject->vacancies++;
        subject->load += vacancy->load;
    }
}

static void staff_vacancies(struct staff *staff, const struct total *total, const struct total_place *place)
{
    struct key prefix = key_of_uuid(&place->unit);
    struct bytes key, value;
    struct vacancy vacancy;
    struct scan scan;

    scan_begin(&scan, staff->ctx->txn, T_UNIT_VACANCIES, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value)) {
        struct uuid id = key_last_uuid(key);
        if (state_vacancy(staff->ctx, &id, &vacancy) && vacancy_held(&vacancy, staff->on) && total_takes(total, place, &vacancy.chain.at[0]))
            staff_vacancy(staff, &vacancy);
    }
    scan_end(&scan);
}

enum verdict query_staffing_get(struct ctx *ctx, const void *query)
{
    const struct population_in *asked = query;
    struct staff staff = { .ctx = ctx, .on = asked->on };

    if (staffing_need(ctx, &asked->unit, asked->on, &staff.by, &staff.rule) != VERDICT_OK)
        return VERDICT_REFUSED;
    staff_begin(&staff);
    struct total total = total_of(ctx, &asked->unit, asked->on, asked->as, asked->tree);
    staff_people(&staff, &total);
    for (uint32_t i = 0; i < total.n; i++)
        staff_vacancies(&staff, &total, &total.at[i]);
    reply(ctx, &staff.sum);
    return VERDICT_OK;
}

/* ── whom to retrain ──────────────────────────────────────────────────────── */

enum verdict query_retraining_list(struct ctx *ctx, const void *query)
{
    const struct retraining_of *asked = query;
    day_t on = asked->on != 0 ? asked->on : ctx->today;
    struct key prefix = key_of_uuid(&asked->unit);
    const struct profile_staffing *staffing;
    struct retraining_list list = { 0 };
    struct person_bands bands = { 0 };
    struct population_rule rule;
    struct uuid of = UUID_NIL;
    struct bytes key, value;
    struct unit_post row;
    struct pages pages;

    if (staffing_need(ctx, &asked->unit, on, &staffing, &rule) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (pages_open(&pages, ctx, T_UNIT_POSTS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct retraining_row, pages.limit);
    while (pages_next(&pages, &key, &value) && state_unit_post(ctx, key, value, &row)) {
        struct post_opened post;
        if (!population_takes_post(&rule, &row.brief, on))
            continue;
        if (!uuid_equal(&row.person, &of)) {
            bands = (struct person_bands){ 0 };
            state_bands(ctx, &row.person, &bands);
            of = row.person;
        }
        bool none = said(staffing->unpedagogical) && bands_hold(bands.spans.at, bands.spans.n, staffing->unpedagogical, on),
             other = row.brief.matching == SAID_NO;
        if ((!none && !other) || !population_takes_person(&rule, bands.spans.at, bands.spans.n, on) || !state_post(ctx, &row.post, &post))
            continue;
        if (!pages_take(&pages, key, sizeof(struct retraining_row) + (post.subject != NULL ? strlen(post.subject) : 0)))
            break;
        list.rows.at[list.rows.n++] = (struct retraining_row){ row.person, row.post, row.brief.organisation, post.subject,
                                                               none && other ? RETRAIN_BOTH : none ? RETRAIN_UNPEDAGOGICAL : RETRAIN_MISMATCHED };
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

#include "common/service/pages.h"
#include "services/roster/merge/one.h"
#include "services/roster/people/people.h"
#include "services/roster/registers/duties.h"
#include "services/roster/training/obliged.h"

/* Who must be trained, who has been, who is due; how it stands against what was agreed. */

enum verdict query_training_kinds(struct ctx *ctx, const void *query)
{
    const struct profile *profile = roster_config(ctx)->profile;
    struct training_lines list = { { profile->training.n, profile->training.at } };

    (void)query;
    reply(ctx, &list);
    return VERDICT_OK;
}

/* ── what somebody has ────────────────────────────────────────────────────── */

/* What a query needs for each person, once: it may look at thousands. */
struct desk { const struct profile_training *training; day_t on; struct uuid *ids; struct trained *list; };

static struct desk desk_of(struct ctx *ctx, const struct profile_training *training, day_t on)
{
    return (struct desk){ training, on, ARENA_LIST(ctx->arena, struct uuid, TRAINED_MAX), ARENA_LIST(ctx->arena, struct trained, 2 * TRAINED_MAX) };
}

static uint32_t trained_outside(struct ctx *ctx, const struct desk *desk, const struct uuid *person, struct trained *list, uint32_t most)
{
    struct key prefix = key_of_uuid(person);
    uint32_t known = txn_ids(ctx->txn, T_PERSON_TRAININGS, key_bytes(&prefix), true, desk->ids, most), n = 0;

    for (uint32_t i = 0; i < known; i++) {
        struct key key = key_of_uuid(&desk->ids[i]);
        struct training training;
        if (txn_get_msg(ctx->txn, T_TRAININGS, key_bytes(&key), &training_desc, ctx->arena, &training))
            list[n++] = (struct trained){ .id = training.id, .day = training.day, .training = training.training };
    }
    return n;
}

static uint32_t trained_here(struct ctx *ctx, const struct uuid *person, struct trained *list, uint32_t most)
{
    struct key prefix = key_of_uuid(person);
    struct bytes at, value;
    struct scan scan;
    uint32_t n = 0;

    scan_begin(&scan, ctx->txn, T_TRAINED, key_bytes(&prefix));
    scan_backwards(&scan);
    while (n < most && scan_next(&scan, &at, &value)) {
        struct key key = { 0 };
        key_raw(&key, at.at, at.n);
        n += txn_get_msg(ctx->txn, T_TRAINED, key_bytes(&key), &trained_desc, ctx->arena, &list[n]);
    }
    scan_end(&scan);
    return n;
}

static struct training_row standing(struct ctx *ctx, const struct desk *desk, const struct obliged *one)
{
    struct uuid ids[SAME_ONE_MAX];
    uint32_t same = same_one(ctx, &one->person, ids), n = 0;

    for (uint32_t i = 0; i < same; i++) {
        n += trained_outside(ctx, desk, &ids[i], desk->list + n, n < TRAINED_MAX ? TRAINED_MAX - n : 0);
        n += trained_here(ctx, &ids[i], desk->list + n, 2 * TRAINED_MAX - n);
    }
    struct training_row row = training_standing(desk->training, one->since, desk->list, n, desk->on);
    row.person = one->person;
    row.entry = one->entry;
    return row;
}

enum verdict query_training_of(struct ctx *ctx, const void *query)
{
    const struct person_of *asked = query;
    struct outside_list list = { .rows.at = ARENA_LIST(ctx->arena, struct training, OUTSIDE_TRAININGS_MAX) };
    struct uuid same[SAME_ONE_MAX], *ids = ARENA_LIST(ctx->arena, struct uuid, OUTSIDE_TRAININGS_MAX);
    struct person_state state;

    if (!state_person(ctx, &asked->person, &state))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unknown");
    if (!person_reached(ctx, &asked->person, &state))
        return REFUSE_REACH(ctx);
    for (uint32_t i = 0, records = same_one(ctx, &asked->person, same); i < records; i++) {
        struct key prefix = key_of_uuid(&same[i]);
        uint32_t n = txn_ids(ctx->txn, T_PERSON_TRAININGS, key_bytes(&prefix), true, ids, OUTSIDE_TRAININGS_MAX - list.rows.n);
        for (uint32_t k = 0; k < n; k++) {
            struct key key = key_of_uuid(&ids[k]);
            list.rows.n += txn_get_msg(ctx->txn, T_TRAININGS, key_bytes(&key), &training_desc, ctx->arena, &list.rows.at[list.rows.n]);
        }
    }
    reply(ctx, &list);
    return VERDICT_OK;
}

/* ── lists and sums ───────────────────────────────────────────────────────── */

/* `rule`: what it points at is filled where a population must, else it becomes NULL. */
static enum verdict training_of_unit(struct ctx *ctx, const char *id, const struct uuid *unit, day_t on, const struct profile_training **training,
                                     struct population_rule **rule)
{
    if ((*training = training_named(ctx, id)) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "training_unknown");
    if (unit_at_hand(ctx, unit, NULL) != VERDICT_OK)
        return VERDICT_REFUSED;
    if ((*training)->population != NULL && (*training)->population[0] != '\0')
        return population_need(ctx, (*training)->population, on, *rule);
    *rule = NULL;
    return VERDICT_OK;
}

static bool row_wanted(const struct trainings_of *asked, const struct training_row *row)
{
    return (asked->state == TRAINING_ANY || row->state == asked->state) && (asked->due_by == 0 || (row->due != 0 && row->due <= asked->due_by));
}

static enum verdict list_by_population(struct ctx *ctx, const struct trainings_of *asked, const struct desk *desk,
                                       const struct population_rule *rule, struct training_list *list)
{
    struct key prefix = key_of_uuid(&asked->unit);
    struct bytes key, value;
    struct unit_post post;
    struct obliged one;
    struct pages pages;

    if (pages_open(&pages, ctx, T_UNIT_POSTS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list->rows.at = ARENA_LIST(ctx->arena, struct training_row, pages.limit);
    while (pages_next(&pages, &key, &value) && state_unit_post(ctx, key, value, &post)) {
        struct training_row row = { 0 };
        bool must = obliged_of_post(ctx, rule, &post, desk->on, &one);
        if (must)
            row = standing(ctx, desk, &one);
        if (!must || !row_wanted(asked, &row)) {
            if (!pages_pass(&pages, key))
                break;
            continue;
        }
        if (!pages_take(&pages, key, sizeof row))
            break;
        list->rows.at[list->rows.n++] = row;
    }
    list->next = pages_end(&pages, ctx->arena);
    return VERDICT_OK;
}

/* Who must by an entry stands in one page, so that `next` can be an entry. */
static enum verdict list_by_register(struct ctx *ctx, const struct trainings_of *asked, const struct desk *desk, struct training_list *list)
{
    struct key prefix = listings_of_unit(&asked->unit, desk->training->register_id);
    struct obliged *crowd = ARENA_LIST(ctx->arena, struct obliged, OBLIGED_OF_ENTRY_MAX);
    struct listing_brief brief;
    struct bytes key, value;
    struct listing listing;
    struct pages pages;
    struct uuid entry;

    if (pages_open(&pages, ctx, T_UNIT_LISTINGS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list->rows.at = ARENA_LIST(ctx->arena, struct training_row, pages.limit + OBLIGED_OF_ENTRY_MAX);
    while (pages_next(&pages, &key, &value) && state_brief(ctx, key, value, &entry, &brief)) {
        uint32_t must = 0, n = 0;
        if (state_listing(ctx, &entry, &listing) && !listing_again(ctx, &listing, &asked->unit, desk->on))
            must = obliged_of_entry(ctx, desk->training, &listing, desk->on, crowd);
        for (uint32_t i = 0; i < must; i++) {
            struct training_row row = standing(ctx, desk, &crowd[i]);
            if (row_wanted(asked, &row))
                list->rows.at[list->rows.n + n++] = row;
        }
        if (n == 0)
            continue;
        if (list->rows.n >= pages.limit || !pages_take(&pages, key, n * sizeof(struct training_row))) {
            pages.full = true;
            break;
        }
        list->rows.n += n;
    }
    list->next = pages_end(&pages, ctx->arena);
    return VERDICT_OK;
}

enum verdict query_training_list(struct ctx *ctx, const void *query)
{
    const struct trainings_of *asked = query;
    day_t on = asked->on != 0 ? asked->on : ctx->today;
    const struct profile_training *training;
    struct training_list list = { 0 };
    struct population_rule defined, *rule = &defined;

    if (training_of_unit(ctx, asked->training, &asked->unit, on, &training, &rule) != VERDICT_OK)
        return VERDICT_REFUSED;
    const struct desk desk = desk_of(ctx, training, on);
    if ((rule != NULL ? list_by_population(ctx, asked, &desk, rule, &list) : list_by_register(ctx, asked, &desk, &list)) != VERDICT_OK)
        return VERDICT_REFUSED;
    reply(ctx, &list);
    return VERDICT_OK;
}

/* The unit itself, and each municipality that stands below it today. */
static struct training_sum *sums_begun(struct ctx *ctx, const struct uuid *unit, uint32_t *n)
{
    struct training_sum *sums = ARENA_LIST(ctx->arena, struct training_sum, TRAINING_UNITS_MAX);
    struct bytes key, value;
    struct scan scan;

    *n = 0;
    sums[(*n)++].unit = *unit;
    scan_begin(&scan, ctx->txn, T_ORGANISATION_CODES, bytes(NULL, 0));
    while (*n < TRAINING_UNITS_MAX && scan_next(&scan, &key, &value)) {
        struct organisation one;
        struct uuid id;
        memcpy(id.b, value.at, sizeof id.b);
        if (!uuid_equal(&id, unit) && state_organisation(ctx, &id, &one) && one.kind == ORG_MUNICIPALITY &&
            id_among(unit, one.chain.at, one.chain.n))
            sums[(*n)++].unit = id;
    }
    scan_end(&scan);
    return sums;
}

static void add_agreed(struct ctx *ctx, struct training_sum *sums, uint32_t n, const struct listing *agreement, const char *training, day_t on)
{
    struct key prefix = key_of_uuid(&agreement->entry);
    struct bytes key, value;
    struct scan scan;
    struct duty duty;

    scan_begin(&scan, ctx->txn, T_ENTRY_DUTIES, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value)) {
        struct uuid id = key_last_uuid(key);
        if (!state_duty(ctx, &id, &duty) || duty.training == NULL || strcmp(duty.training, training) != 0 || duty.dropped != 0)
            continue;
        for (uint32_t i = 0; i < n; i++)
            if (id_among(&sums[i].unit, agreement->chain.at, agreement->chain.n)) {
                sums[i].agreed += duty.number;
                sums[i].agreed_by_now += duty.due <= on ? duty.number : 0;
            }
    }
    scan_end(&scan);
}

/* Each sum by itself: who must in two municipalities counts in each, and once in the whole. */
enum verdict query_training_count(struct ctx *ctx, const void *query)
{
    const struct training_count_of *asked = query;
    day_t on = asked->on != 0 ? asked->on : ctx->today;
    struct population_rule defined, *rule = &defined;
    const struct profile_training *training;
    struct training_counts counts = { 0 };
    struct listing_brief brief;
    struct bytes key, value;
    struct listing listing;
    struct uuid entry;
    struct scan scan;

    if (training_of_unit(ctx, asked->training, &asked->unit, on, &training, &rule) != VERDICT_OK)
        return VERDICT_REFUSED;
    const struct desk desk = desk_of(ctx, training, on);
    counts.rows.at = sums_begun(ctx, &asked->unit, &counts.rows.n);
    for (uint32_t i = 0; i < counts.rows.n; i++) {
        struct crowd crowd = obliged_of_unit(ctx, training, rule, &counts.rows.at[i].unit, on);
        for (uint32_t k = 0; k < crowd.n; k++) {
            struct training_row row = standing(ctx, &desk, &crowd.at[k]);
            training_add(&counts.rows.at[i], &row);
        }
    }
    if (training->agreements != NULL && training->agreements[0] != '\0') {
        struct key agreed = listings_of_unit(&asked->unit, training->agreements);
        scan_begin(&scan, ctx->txn, T_UNIT_LISTINGS, key_bytes(&agreed));
        while (scan_next(&scan, &key, &value) && state_brief(ctx, key, value, &entry, &brief))
            if (state_listing(ctx, &entry, &listing) && listing_holds(&listing, on))
                add_agreed(ctx, counts.rows.at, counts.rows.n, &listing, training->id, on);
        scan_end(&scan);
    }
    reply(ctx, &counts);
    return VERDICT_OK;
}

#include "common/service/pages.h"
#include "services/roster/experts/calls.h"

/* Calls with their applications in the order of points; what is owed in a register. */

enum verdict query_call_list(struct ctx *ctx, const void *query)
{
    const struct calls_of *asked = query;
    struct key prefix = calls_of_register(asked->register_id);
    struct call_list list = { 0 };
    struct bytes key, value;
    struct pages pages;

    if (register_named(ctx, asked->register_id) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "register_unknown");
    if (pages_open(&pages, ctx, T_REGISTER_CALLS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct call, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct uuid id = key_last_uuid(key);
        struct call call;
        if (!state_call(ctx, &id, &call))
            continue;
        if (!pages_take(&pages, key, stored_size(ctx, T_CALLS, &id)))
            break;
        list.rows.at[list.rows.n++] = call;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

/* ── applications ─────────────────────────────────────────────────────────── */

static bool has_result(const struct application_row *row)
{
    return row->outcome == REVIEW_POSITIVE || row->outcome == REVIEW_NEGATIVE;
}

/* Those with a result first, the most points first; the rest in the order of application. */
static bool before(const struct application_row *a, const struct application_row *b)
{
    return has_result(a) != has_result(b) ? has_result(a) : has_result(a) && a->share > b->share;
}

static void rows_ranked(struct application_row *rows, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        struct application_row row = rows[i];
        uint32_t at = i;
        for (; at > 0 && before(&row, &rows[at - 1]); at--)
            rows[at] = rows[at - 1];
        rows[at] = row;
    }
    for (uint32_t i = 0; i < n && has_result(&rows[i]); i++)
        rows[i].rank = i > 0 && rows[i].share == rows[i - 1].share ? rows[i - 1].rank : i + 1;
}

static bool row_read(struct ctx *ctx, const struct application *application, struct application_row *row)
{
    struct listing listing;
    struct review review;

    if (!state_listing(ctx, &application->entry, &listing) || !state_review(ctx, &application->review, &review))
        return false;
    *row = (struct application_row){ .entry = listing.entry, .review = review.review, .member = listing.member, .title = listing.title,
                                     .stage = listing.stage, .outcome = review.outcome, .share = review.share };
    return true;
}

enum verdict query_call_get(struct ctx *ctx, const void *query)
{
    const struct registered *asked = query;
    struct application *list = ARENA_LIST(ctx->arena, struct application, APPLICATIONS_MAX);
    struct application_row *rows = ARENA_LIST(ctx->arena, struct application_row, APPLICATIONS_MAX);
    struct call call;
    struct call_card card = { .call = &call };

    if (!state_call(ctx, &asked->id, &call))
        return refuse(ctx, PROBLEM_NOT_FOUND, "call_unknown");
    uint32_t n = state_applications(ctx, &asked->id, list, APPLICATIONS_MAX), taken = 0;
    for (uint32_t i = 0; i < n; i++)
        taken += row_read(ctx, &list[i], &rows[taken]);
    card.applied = taken;
    rows_ranked(rows, taken);
    card.rows.at = rows;
    for (uint32_t i = 0; i < taken; i++) {
        struct listing listing;
        card.admitted += rows[i].stage != STAGE_PROPOSED && rows[i].stage != STAGE_DECLINED;
        if (state_listing(ctx, &rows[i].entry, &listing) && listing_reached(ctx, &listing))
            rows[card.rows.n++] = rows[i];
    }
    reply(ctx, &card);
    return VERDICT_OK;
}

/* ── what is owed ─────────────────────────────────────────────────────────── */

static bool wanted(const struct duties_in *asked, const struct duty *duty)
{
    return (!asked->open || duty_owed(duty)) && (asked->from == 0 || duty->due >= asked->from) &&
           (asked->until == 0 || duty->due <= asked->until) && (asked->kind == NULL || asked->kind[0] == '\0' || strcmp(asked->kind, duty->kind) == 0);
}

#define DUTIES_OF_ONE_MAX 200       /* of one entry in a page of the register's: the earlier ones by roster.duty.list */

/* The last ones of an entry, and what they take. */
static uint32_t duties_of_entry(struct ctx *ctx, const struct uuid *entry, const struct duties_in *asked, struct duty *duties, size_t *size)
{
    struct key prefix = key_of_uuid(entry);
    struct bytes key, value;
    struct scan scan;
    uint32_t n = 0;

    *size = 0;
    scan_begin(&scan, ctx->txn, T_ENTRY_DUTIES, key_bytes(&prefix));
    scan_backwards(&scan);
    for (uint32_t i = 0; i < DUTIES_OF_ONE_MAX && scan_next(&scan, &key, &value); i++) {
        struct uuid id = key_last_uuid(key);
        if (!state_duty(ctx, &id, &duties[n]) || !wanted(asked, &duties[n]))
            continue;
        *size += stored_size(ctx, T_DUTIES, &id);
        n++;
    }
    scan_end(&scan);
    return n;
}

/* An entry's duties stand in one page, so that `next` can be an entry. */
enum verdict query_duty_due(struct ctx *ctx, const void *query)
{
    const struct duties_in *asked = query;
    struct key prefix = listings_of_unit(&asked->unit, asked->register_id);
    struct duty_list list = { 0 };
    struct listing_brief brief;
    struct bytes key, value;
    struct pages pages;
    struct uuid entry;

    if (register_named(ctx, asked->register_id) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "register_unknown");
    if (unit_at_hand(ctx, &asked->unit, NULL) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (pages_open(&pages, ctx, T_UNIT_LISTINGS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct duty, pages.limit + DUTIES_OF_ONE_MAX);
    while (pages_next(&pages, &key, &value) && state_brief(ctx, key, value, &entry, &brief)) {
        size_t size;
        uint32_t n = duties_of_entry(ctx, &entry, asked, list.rows.at + list.rows.n, &size);
        if (n == 0)
            continue;
        if (list.rows.n >= pages.limit || !pages_take(&pages, key, size)) {
            pages.full = true;
            break;
        }
        list.rows.n += n;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

#include "common/service/pages.h"
#include "services/indicators/indicators_state.h"

/* What no service counts: somebody says it, on a day, with the documents it rests on. Kept for good: a later
 * word stands beside the earlier one and counts in its place. */

static struct key judged_key(const char *act, const char *indicator, uint64_t year)
{
    struct key key = { 0 };

    key_text(&key, act);
    key_text(&key, indicator);
    key_u32(&key, (uint32_t)year);
    return key;
}

static uint64_t newest_number(struct ctx *ctx, const char *act, const char *indicator, uint64_t year)
{
    struct key key = judged_key(act, indicator, year);
    struct bytes value;

    if (!txn_get(ctx->txn, T_JUDGED, key_bytes(&key), &value))
        return 0;
    struct key_reader reader = key_read(value);
    return key_read_u64(&reader);
}

bool judgement_newest(struct ctx *ctx, const struct indicator *indicator, uint64_t year, struct judgement *judgement)
{
    uint64_t number = newest_number(ctx, indicator->act, indicator->code, year);
    struct key key = key_of_u64(number);

    return number != 0 && txn_get_msg(ctx->txn, T_JUDGEMENTS, key_bytes(&key), &judgement_desc, ctx->arena, judgement);
}

/* ── indicators.judgement.record ──────────────────────────────────────────── */

static enum verdict judgement_allowed(struct ctx *ctx, const struct profile *profile, const struct indicator *in,
                                      const struct judgement *said)
{
    uint32_t back_days = (uint32_t)profile->routes->back_days;

    if (in->measure != MEASURE_YES_NO && in->measure != MEASURE_JUDGED)
        return refuse_indicator(ctx, "indicator_not_judged", said->indicator);
    if (said->graded && in->measure != MEASURE_JUDGED)
        return refuse_indicator(ctx, "grade_not_asked", said->indicator);
    if (!said->graded && said->grade != 0)
        return refuse_field(ctx, "grade_not_said", "graded", "missing");
    if (said->year < profile->first_year || said->year > profile->last_year)
        return refuse_year(ctx, said->year, "year_unknown");
    if (said->year > (uint64_t)day_year(ctx->today))
        return refuse_year(ctx, said->year, "year_to_come");
    for (uint32_t i = 0; i < said->documents.n; i++)
        if (said->documents.at[i][0] == '\0')
            return refuse_field(ctx, "document_empty", arena_format(ctx->arena, "documents[%u]", i), "too_short");
    if (day_allowed(ctx, said->day, back_days))
        return VERDICT_OK;
    refuse(ctx, PROBLEM_INVALID, "day_not_allowed");
    refuse_arg(ctx, "back_days", arena_format(ctx->arena, "%u", (unsigned)back_days));
    return VERDICT_REFUSED;
}

enum verdict decide_judgement(struct ctx *ctx, const void *command)
{
    const struct profile *profile = ((const struct rules *)ctx->config)->profile;
    struct judgement said = *(const struct judgement *)command;
    const char *fault;
    uint32_t at;

    if (!may_reach(ctx, &profile->region->id, 1))
        return REFUSE_REACH(ctx);
    if (!indicator_find(profile, said.act, said.indicator, &at, &fault))
        return refuse_indicator(ctx, fault, said.indicator);
    if (judgement_allowed(ctx, profile, &profile->indicators.at[at], &said) != VERDICT_OK)
        return VERDICT_REFUSED;
    said.act = profile->indicators.at[at].act;
    said.indicator = profile->indicators.at[at].code;
    said.by = uuid_is_nil(&ctx->who->actor) ? ctx->who->id : ctx->who->actor;
    emit(ctx, "indicators.judgement.recorded", &said, &profile->region->id, 1);
    return VERDICT_OK;
}

void apply_judgement(struct ctx *ctx, const void *event)
{
    const struct judgement *said = event;
    struct key number = key_of_u64(ctx->entry->number), of = judged_key(said->act, said->indicator, said->year);

    txn_put_msg(ctx->txn, T_JUDGEMENTS, key_bytes(&number), &judgement_desc, said);
    txn_put(ctx->txn, T_JUDGED, key_bytes(&of), key_bytes(&number));
}

/* ── indicators.judgement.list ────────────────────────────────────────────── */

static bool judgement_asked(const struct judgements_of *of, const struct judgement *j)
{
    return (of->act == NULL || of->act[0] == '\0' || strcmp(of->act, j->act) == 0)
        && (of->indicator == NULL || of->indicator[0] == '\0' || strcmp(of->indicator, j->indicator) == 0)
        && (of->year == 0 || of->year == j->year);
}

enum verdict answer_judgements(struct ctx *ctx, const void *query)
{
    const struct judgements_of *of = query;
    struct judgement_list list = { 0 };
    struct bytes key, value;
    struct pages pages;

    if (of->after.n != 0 && of->after.n != sizeof(uint64_t))
        return refuse(ctx, PROBLEM_INVALID, "page_unknown");
    pages_begin(&pages, ctx, T_JUDGEMENTS, bytes(NULL, 0), of->after, of->limit);
    list.rows.at = ARENA_LIST(ctx->arena, struct judgement_row, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct judgement *j = ARENA_NEW(ctx->arena, struct judgement);
        struct key_reader reader = key_read(key);
        uint64_t number = key_read_u64(&reader);
        if (!txn_get_msg(ctx->txn, T_JUDGEMENTS, key, &judgement_desc, ctx->arena, j) || !judgement_asked(of, j))
            continue;
        if (!pages_take(&pages, key, value.n + 64))
            break;
        list.rows.at[list.rows.n++] = (struct judgement_row){ number, newest_number(ctx, j->act, j->indicator, j->year) == number, j };
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

#include "common/core/text.h"
#include "common/service/pages.h"
#include "services/roster/staffing/staffing.h"

/* roster.vacancy.*: posts that nobody holds. */

bool state_vacancy(struct ctx *ctx, const struct uuid *id, struct vacancy *vacancy)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_VACANCIES, key_bytes(&key), &vacancy_desc, ctx->arena, vacancy);
}

bool vacancy_held(const struct vacancy *vacancy, day_t on) { return post_held(vacancy->from, vacancy->until, on); }

void apply_vacancy(struct ctx *ctx, const void *event)
{
    const struct vacancy *vacancy = event;
    struct key key = key_of_uuid(&vacancy->vacancy);

    txn_put_msg(ctx->txn, T_VACANCIES, key_bytes(&key), &vacancy_desc, vacancy);
    for (uint32_t i = 0; i < vacancy->chain.n; i++) {
        struct key of = key_of_uuid(&vacancy->chain.at[i]);
        key_u32(&of, vacancy->from);
        key_uuid(&of, &vacancy->vacancy);
        txn_put(ctx->txn, T_UNIT_VACANCIES, key_bytes(&of), bytes("", 0));
    }
}

static enum verdict emit_vacancy(struct ctx *ctx, const char *event, const struct vacancy *vacancy)
{
    if (texts_fit(ctx, &vacancy_desc, vacancy) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, event, vacancy, vacancy->chain.at, vacancy->chain.n);
    return VERDICT_OK;
}

enum verdict decide_vacancy_open(struct ctx *ctx, const void *command)
{
    const struct vacancy_open *in = command;
    struct vacancy made = { .post = tidied(ctx, in->post), .subject = tidied(ctx, in->subject), .load = in->load, .from = in->from };
    struct organisation place;

    if (unit_at_hand(ctx, &in->organisation, &place) != VERDICT_OK)
        return VERDICT_REFUSED;
    int kind = made.post != NULL ? staff_post_kind(&roster_config(ctx)->posts, made.post, ctx->arena) : -1;
    if (kind < 0)
        return refuse_field(ctx, "post_unknown", "post", "unknown");
    if (in->from > ctx->today)
        return refuse_field(ctx, "vacancy_future", "from", "range");
    if (organisation_holds(ctx, &place, in->from, 0) != VERDICT_OK)
        return VERDICT_REFUSED;
    made.vacancy = decide_id(ctx);
    made.kind = (enum post_kind)kind;
    made.chain.n = place.chain.n;
    made.chain.at = place.chain.at;
    if (emit_vacancy(ctx, "roster.vacancy.opened", &made) != VERDICT_OK)
        return VERDICT_REFUSED;
    return reply_made(ctx, &made.vacancy);
}

/* Filled by a post of the same organisation; the eve of its first day is the last one vacant. */
static enum verdict filled_by(struct ctx *ctx, const struct vacancy_close *in, struct vacancy *vacancy)
{
    struct post_opened post;

    if ((in->end == VACANCY_FILLED) != !uuid_is_nil(&in->by))
        return refuse_field(ctx, "vacancy_filled_by_whom", "by", in->end == VACANCY_FILLED ? "missing" : "conflict");
    if (in->end != VACANCY_FILLED)
        return VERDICT_OK;
    if (!state_post(ctx, &in->by, &post) || !uuid_equal(&post.chain.at[0], &vacancy->chain.at[0]))
        return refuse_field(ctx, "vacancy_filled_by_whom", "by", "unknown");
    vacancy->by = in->by;
    if (vacancy->until == 0)
        vacancy->until = post.from > vacancy->from ? post.from - 1 : vacancy->from;
    return VERDICT_OK;
}

enum verdict decide_vacancy_close(struct ctx *ctx, const void *command)
{
    const struct vacancy_close *in = command;
    struct organisation place;
    struct vacancy vacancy;

    if (!state_vacancy(ctx, &in->vacancy, &vacancy) || !state_organisation(ctx, &vacancy.chain.at[0], &place))
        return refuse(ctx, PROBLEM_NOT_FOUND, "vacancy_unknown");
    if (!may_reach(ctx, place.chain.at, place.chain.n))
        return REFUSE_REACH(ctx);
    if (vacancy.end != VACANCY_VACANT)
        return refuse(ctx, PROBLEM_CONFLICT, "vacancy_over");
    vacancy.until = in->until;
    if (in->end == VACANCY_VACANT)
        return refuse_field(ctx, "empty", "end", "empty");
    if (filled_by(ctx, in, &vacancy) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (in->end == VACANCY_MISTAKEN)
        vacancy.until = vacancy.from - 1;
    else if (vacancy.until == 0)
        vacancy.until = ctx->today > vacancy.from ? ctx->today : vacancy.from;
    if (in->end != VACANCY_MISTAKEN && vacancy.until < vacancy.from)
        return refuse_field(ctx, "vacancy_until_before_from", "until", "order");
    if (vacancy.until > ctx->today)
        return refuse_field(ctx, "vacancy_future", "until", "range");
    vacancy.end = in->end;
    return emit_vacancy(ctx, "roster.vacancy.closed", &vacancy);
}

/* ── the list ─────────────────────────────────────────────────────────────── */

static bool text_is(struct ctx *ctx, const char *asked, const char *text)
{
    return asked == NULL || asked[0] == '\0' ||
           (text != NULL && strcmp(text_fold(ctx->arena, asked), text_fold(ctx->arena, text)) == 0);
}

enum verdict query_vacancy_list(struct ctx *ctx, const void *query)
{
    const struct vacancies_of *asked = query;
    day_t on = asked->on != 0 ? asked->on : ctx->today;
    struct key prefix = key_of_uuid(&asked->unit);
    struct vacancy_list list = { 0 };
    struct bytes key, value;
    struct pages pages;

    if (unit_at_hand(ctx, &asked->unit, NULL) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (pages_open(&pages, ctx, T_UNIT_VACANCIES, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct vacancy, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct uuid id = key_last_uuid(key);
        struct vacancy vacancy;
        if (!state_vacancy(ctx, &id, &vacancy) || !vacancy_held(&vacancy, on) || !text_is(ctx, asked->subject, vacancy.subject) ||
            !text_is(ctx, asked->post, vacancy.post))
            continue;
        if (!pages_take(&pages, key, stored_size(ctx, T_VACANCIES, &id)))
            break;
        list.rows.at[list.rows.n++] = vacancy;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

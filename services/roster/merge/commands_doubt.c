#include "services/roster/merge/doubts.h"

#include "common/core/err.h"
#include "common/service/pages.h"
#include "services/roster/merge/merge.h"
#include "services/roster/people/worker_row.h"

bool doubt_reason(const char *reason)
{
    static const char *const DOUBTS[] = { "person_ambiguous", "code_of_another", "snils_of_another" };

    for (size_t i = 0; i < sizeof DOUBTS / sizeof *DOUBTS; i++)
        if (strcmp(DOUBTS[i], reason) == 0)
            return true;
    return false;
}

/* ── state ────────────────────────────────────────────────────────────────── */

static struct key row_key(const void *row)
{
    struct key key = { 0 };
    key_raw(&key, row, HASH_SIZE);
    return key;
}

static struct key person_row_key(const struct uuid *person, const void *row)
{
    struct key key = key_of_uuid(person);
    key_raw(&key, row, HASH_SIZE);
    return key;
}

static struct key unit_doubt_key(const struct uuid *unit, const struct uuid *doubt)
{
    struct key key = key_of_uuid(unit);
    key_uuid(&key, doubt);
    return key;
}

static bool uuid_at(struct ctx *ctx, table_t table, const struct key *key, struct uuid *id)
{
    struct bytes value;

    if (!txn_get(ctx->txn, table, key_bytes(key), &value))
        return false;
    if (value.n != sizeof id->b)
        txn_fail(ctx->txn, ERR_CORRUPT);
    else
        memcpy(id->b, value.at, sizeof id->b);
    return value.n == sizeof id->b;
}

static bool state_doubt(struct ctx *ctx, const struct uuid *id, struct doubt *doubt)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_DOUBTS, key_bytes(&key), &doubt_desc, ctx->arena, doubt);
}

bool state_decision(struct ctx *ctx, const struct hash *row, struct uuid *person)
{
    struct key key = row_key(row->b);
    return uuid_at(ctx, T_DECISIONS, &key, person);
}

void state_decision_put(struct ctx *ctx, const void *row, const struct uuid *person)
{
    struct key key = row_key(row), of = person_row_key(person, row);

    txn_put(ctx->txn, T_DECISIONS, key_bytes(&key), bytes(person->b, sizeof person->b));
    if (!uuid_is_nil(person))
        txn_put(ctx->txn, T_PERSON_DECISIONS, key_bytes(&of), bytes("", 0));
}

void state_decisions_drop(struct ctx *ctx, const struct uuid *person)
{
    struct key prefix = key_of_uuid(person);
    struct bytes key;
    struct scan scan;

    for (bool more = true; more && ctx->txn->err == 0; ) {      /* collect, then delete */
        struct key one = { 0 };
        scan_begin(&scan, ctx->txn, T_PERSON_DECISIONS, key_bytes(&prefix));
        if ((more = scan_next(&scan, &key, NULL)))
            key_raw(&one, key.at, key.n);
        scan_end(&scan);
        if (!more)
            break;
        struct key row = row_key(one.b + sizeof person->b);
        txn_delete(ctx->txn, T_DECISIONS, key_bytes(&row));
        txn_delete(ctx->txn, T_PERSON_DECISIONS, key_bytes(&one));
    }
}

/* ── raising one ──────────────────────────────────────────────────────────── */

static uint32_t doubts_waiting(struct ctx *ctx, const struct uuid *unit)
{
    struct key prefix = key_of_uuid(unit);
    struct bytes key;
    struct scan scan;
    uint32_t n = 0;

    scan_begin(&scan, ctx->txn, T_UNIT_DOUBTS, key_bytes(&prefix));
    while (n < DOUBTS_MAX && scan_next(&scan, &key, NULL))
        n++;
    scan_end(&scan);
    return n;
}

static void candidates_of(struct ctx *ctx, const struct match *match, struct doubt *doubt)
{
    struct list_candidate *at = ARENA_LIST(ctx->arena, struct list_candidate, LIST_CANDIDATES_MAX);

    doubt->candidates.at = at;
    for (uint32_t i = 0; i < match->n; i++)
        at[doubt->candidates.n++] = (struct list_candidate){ match->candidate[i].person, match->candidate[i].score };
}

enum verdict decide_doubt_raise(struct ctx *ctx, const void *command)
{
    const struct doubt_raise *in = command;
    const struct uuid *region = &roster_config(ctx)->profile->region->id;
    struct worker_row *row = ARENA_NEW(ctx->arena, struct worker_row);
    struct uuid known = UUID_NIL;

    if (worker_row_take(ctx, NULL, in->row, row) == VERDICT_OK)
        return refuse(ctx, PROBLEM_CONFLICT, "not_doubtful");
    const char *reason = refusal_take(ctx)->reason;
    if (!doubt_reason(reason))
        return worker_row_take(ctx, NULL, in->row, row);        /* says for itself what is wrong with it */
    struct key by_row = row_key(row->hashes.row.b);
    if (uuid_at(ctx, T_DOUBT_ROWS, &by_row, &known)) {
        reply(ctx, &(struct registered){ known });
        return VERDICT_OK;
    }
    if (doubts_waiting(ctx, region) == DOUBTS_MAX)
        return refuse_most(ctx, "too_many_doubts", DOUBTS_MAX);
    struct doubt doubt = { .doubt = decide_id(ctx), .row = bytes(row->hashes.row.b, HASH_SIZE),
                           .chain = { row->organisation.chain.n, row->organisation.chain.at }, .post = row->in.post, .reason = reason,
                           .list = tidied(ctx, in->list), .line = in->line, .day = ctx->today };
    candidates_of(ctx, &row->match, &doubt);
    if (texts_fit(ctx, &doubt_desc, &doubt) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, "roster.doubt.raised", &doubt, region, 1);
    reply(ctx, &(struct registered){ doubt.doubt });
    return VERDICT_OK;
}

/* ── deciding it ──────────────────────────────────────────────────────────── */

static enum verdict person_for(struct ctx *ctx, const struct uuid *person)
{
    struct person_state state;

    if (uuid_is_nil(person))
        return refuse_field(ctx, "doubt_needs_person", "person", "missing");
    return privacy_person(ctx, person, &state) != VERDICT_OK ? VERDICT_REFUSED : not_merged(ctx, &state);
}

enum verdict decide_doubt_decide(struct ctx *ctx, const void *command)
{
    const struct doubt_decide *in = command;
    const struct uuid *region = &roster_config(ctx)->profile->region->id;
    struct doubt doubt;

    if (!state_doubt(ctx, &in->doubt, &doubt))
        return refuse(ctx, PROBLEM_NOT_FOUND, "doubt_unknown");
    if (!may_reach(ctx, doubt.chain.at, doubt.chain.n))
        return REFUSE_REACH(ctx);
    if (in->outcome == DOUBT_PERSON) {
        if (person_for(ctx, &in->person) != VERDICT_OK)
            return VERDICT_REFUSED;
    } else if (!uuid_is_nil(&in->person))
        return refuse_field(ctx, "doubt_has_no_person", "person", "conflict");
    if (in->outcome == DOUBT_NEW && strcmp(doubt.reason, "snils_of_another") == 0)
        return refuse(ctx, PROBLEM_CONFLICT, "snils_taken");
    struct doubt_decided decided = { in->doubt, doubt.row, in->outcome, in->person, ctx->today };
    emit(ctx, "roster.doubt.decided", &decided, region, 1);
    return VERDICT_OK;
}

/* ── events ───────────────────────────────────────────────────────────────── */

void apply_doubt_raised(struct ctx *ctx, const void *event)
{
    const struct doubt *doubt = event;
    struct key key = key_of_uuid(&doubt->doubt), by_row = row_key(doubt->row.at);

    txn_put_msg(ctx->txn, T_DOUBTS, key_bytes(&key), &doubt_desc, doubt);
    txn_put(ctx->txn, T_DOUBT_ROWS, key_bytes(&by_row), bytes(doubt->doubt.b, sizeof doubt->doubt.b));
    for (uint32_t i = 0; i < doubt->chain.n; i++) {
        struct key by_unit = unit_doubt_key(&doubt->chain.at[i], &doubt->doubt);
        txn_put(ctx->txn, T_UNIT_DOUBTS, key_bytes(&by_unit), bytes("", 0));
    }
}

void apply_doubt_decided(struct ctx *ctx, const void *event)
{
    const struct doubt_decided *decided = event;
    struct key key = key_of_uuid(&decided->doubt), by_row = row_key(decided->row.at);
    struct doubt doubt;

    if (!state_doubt(ctx, &decided->doubt, &doubt))
        return;
    for (uint32_t i = 0; i < doubt.chain.n; i++) {
        struct key by_unit = unit_doubt_key(&doubt.chain.at[i], &doubt.doubt);
        txn_delete(ctx->txn, T_UNIT_DOUBTS, key_bytes(&by_unit));
    }
    txn_delete(ctx->txn, T_DOUBT_ROWS, key_bytes(&by_row));
    txn_delete(ctx->txn, T_DOUBTS, key_bytes(&key));
    if (decided->outcome != DOUBT_DROP)
        state_decision_put(ctx, decided->row.at, &decided->person);
}

/* ── asked ────────────────────────────────────────────────────────────────── */

static bool candidate_there(const struct doubt *doubt, uint32_t n, const struct uuid *person)
{
    for (uint32_t i = 0; i < n; i++)
        if (uuid_equal(&doubt->candidates.at[i].person, person))
            return true;
    return false;
}

/* Whom the asker reaches, each once: two of them may have become one. */
static void reached_alone(struct ctx *ctx, struct doubt *doubt)
{
    struct person_state state;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < doubt->candidates.n; i++) {
        struct list_candidate one = doubt->candidates.at[i];
        one.person = person_now(ctx, &one.person);
        if (state_person(ctx, &one.person, &state) && person_reached(ctx, &one.person, &state) && !candidate_there(doubt, kept, &one.person))
            doubt->candidates.at[kept++] = one;
    }
    doubt->candidates.n = kept;
}

enum verdict query_doubt_list(struct ctx *ctx, const void *query)
{
    const struct doubts_of *asked = query;
    struct key prefix = key_of_uuid(&asked->unit);
    struct doubt_list list = { 0 };
    struct pages pages;
    struct bytes key, value;

    if (unit_at_hand(ctx, &asked->unit, NULL) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (pages_open(&pages, ctx, T_UNIT_DOUBTS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct doubt, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct key_reader reader = key_read(key);
        key_read_uuid(&reader);
        struct uuid id = key_read_uuid(&reader);
        struct doubt *doubt = &list.rows.at[list.rows.n];
        if (!pages_take(&pages, key, stored_size(ctx, T_DOUBTS, &id)))
            break;
        if (!state_doubt(ctx, &id, doubt))
            continue;
        reached_alone(ctx, doubt);
        list.rows.n++;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

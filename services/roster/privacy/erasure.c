#include "common/core/failpoint.h"
#include "common/core/text.h"
#include "proto/roles.h"
#include "services/roster/merge/doubts.h"
#include "services/roster/merge/merge.h"

enum verdict privacy_person(struct ctx *ctx, const struct uuid *person, struct person_state *state)
{
    struct person_erased erased;
    struct key key = key_of_uuid(person);

    if (!state_person(ctx, person, state))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unknown");
    if (!person_reached(ctx, person, state))
        return REFUSE_REACH(ctx);
    if (!person_gone(state))
        return VERDICT_OK;
    refuse(ctx, PROBLEM_CONFLICT, "erased_already");
    if (txn_get_msg(ctx->txn, T_ERASED, key_bytes(&key), &person_erased_desc, ctx->arena, &erased))
        refuse_arg(ctx, "act", erased.act);
    return VERDICT_REFUSED;
}

uint32_t privacy_scope(const struct uuid *person, const struct person_state *state, struct uuid scope[ENTRY_SCOPES_MAX])
{
    return scope_of(person, NULL, 0, state->scope.at, state->scope.n, scope);
}

enum verdict privacy_act(struct ctx *ctx, const char **act)
{
    *act = text_nfc(ctx->arena, *act);
    return (*act)[strspn(*act, " \t\n\r")] != '\0' ? VERDICT_OK : refuse_field(ctx, "act_empty", "act", "missing");
}

bool post_unended(struct ctx *ctx, const struct uuid *person, struct post_opened *post)
{
    struct moves moves;

    moves_load(ctx, person, &moves);
    for (uint32_t i = 0; i < moves.n; i++)
        if (moves.posts[i].until == 0 || (moves.posts[i].until >= ctx->today && moves.posts[i].until >= moves.posts[i].from)) {
            *post = moves.posts[i];
            return true;
        }
    return false;
}

/* The entry, then the end of the key: both are in this transaction or neither. */
static void erase_record(struct ctx *ctx, const struct person_state *state, struct person_erased *erased)
{
    struct uuid scope[ENTRY_SCOPES_MAX];

    emit(ctx, "roster.person.erased", erased, scope, privacy_scope(&erased->person, state, scope));
    vault_erase(ctx, &erased->person, msg_encode_in(ctx->arena, &person_erased_desc, erased));
}

/* The records merged into his are his. */
void erase_now(struct ctx *ctx, const struct person_state *state, struct person_erased *erased)
{
    struct merge_others others = merged_into(ctx, &erased->person);
    struct person_state other;

    for (uint32_t i = 0; i < others.n; i++) {
        struct person_erased along = *erased;
        along.person = others.at[i];
        if (state_person(ctx, &along.person, &other) && !person_gone(&other))
            erase_record(ctx, &other, &along);
    }
    erase_record(ctx, state, erased);
}

enum verdict decide_person_erase(struct ctx *ctx, const void *command)
{
    const struct person_erase *erase = command;
    struct person_erased erased = { .person = erase->person, .act = erase->act, .ground = erase->ground, .day = ctx->today };
    struct person_blocked blocked;
    struct person_state state;
    struct post_opened post;

    if (privacy_person(ctx, &erase->person, &state) != VERDICT_OK || privacy_act(ctx, &erased.act) != VERDICT_OK ||
        texts_fit(ctx, &person_erased_desc, &erased) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (not_merged(ctx, &state) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (state_blocked(ctx, &erase->person, &blocked))
        return refuse_blocked(ctx, PROBLEM_CONFLICT, &blocked);
    if (post_unended(ctx, &erase->person, &post)) {
        refuse(ctx, PROBLEM_CONFLICT, "in_post");
        refuse_days(ctx, post.from, post.until);
        return VERDICT_REFUSED;
    }
    erase_now(ctx, &state, &erased);
    return VERDICT_OK;
}

/* A row that is sent again to a store from before it, under its old id: it would make the very person whose key is gone. */
enum verdict not_erased_since(struct ctx *ctx, const struct uuid *person)
{
    struct person_erased erased;
    struct msg_error error;
    struct bytes act;

    if (!vault_erased(ctx, person, &act))
        return VERDICT_OK;
    refuse(ctx, PROBLEM_CONFLICT, "erased_already");
    if (msg_decode(&person_erased_desc, act, MSG_LENIENT, ctx->arena, &erased, &error) == 0)
        refuse_arg(ctx, "act", erased.act);
    return VERDICT_REFUSED;
}

/* Nobody is erased who is in a post: what this store holds as going on had ended by then, and it has lost the end. Whoever sends the
 * end again may set the day right; nobody else could know that there is one. */
static void posts_end_before(struct ctx *ctx, const struct uuid *person, const struct person_state *state, day_t erased)
{
    struct uuid ids[SCOPE_IDS_MAX];
    struct moves moves;
    bool ended[POSTS_MAX] = { false }, any = false;

    moves_load(ctx, person, &moves);
    for (uint32_t i = 0; i < moves.n; i++) {
        struct post_opened *post = &moves.posts[i];
        if (SABOTAGE("ends_forgotten") || (post->until != 0 && (post->until < erased || post->until < post->from)))
            continue;
        post->until = post->from < erased ? erased - 1 : post->from - 1;
        any = ended[i] = true;
    }
    uint32_t n = moves_scope(&moves, ctx->today, ids);
    for (uint32_t i = 0; i < moves.n; i++)
        if (ended[i])
            emit_post_closed(ctx, &moves.posts[i], ids, n);
    if (any)
        moves_emit(ctx, person, state, &moves);
}

/* A store from before the erasure: its key is gone from the vault, and its tables have not heard of it. */
enum verdict decide_erasure_repeat(struct ctx *ctx, const void *command)
{
    const struct person_of *asked = command;
    struct person_state state;
    struct person_erased erased;
    struct msg_error error;
    struct bytes act;

    if (!ctx->who->self)
        return refuse(ctx, PROBLEM_DENIED, "not_ours");
    if (!state_person(ctx, &asked->person, &state))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unknown");
    if (person_gone(&state))
        return VERDICT_OK;                      /* said twice: nothing more */
    if (!vault_erased(ctx, &asked->person, &act) ||
        msg_decode(&person_erased_desc, act, MSG_LENIENT, ctx->arena, &erased, &error) != 0)
        return refuse(ctx, PROBLEM_CONFLICT, "not_erased");
    erased.person = asked->person;
    erased.again = true;
    posts_end_before(ctx, &asked->person, &state, erased.day);
    erase_now(ctx, &state, &erased);
    return VERDICT_OK;
}

/* What he was found by. The codes of all lists stand under him in T_PERSON_CODES. */
static void drop_hashes(struct ctx *ctx, const struct uuid *person, const struct person_state *state)
{
    struct key prefix = key_of_uuid(person);
    struct bytes key;
    struct scan scan;

    if (SABOTAGE("hashes_kept"))
        return;
    if (state->match_snils.n > 0)
        state_match_drop(ctx, T_MATCH_SNILS, state->match_snils.at, person);
    state_names_drop(ctx, person, state);
    for (bool more = true; more && ctx->txn->err == 0; ) {      /* collect, then delete */
        struct key one = { 0 };
        scan_begin(&scan, ctx->txn, T_PERSON_CODES, key_bytes(&prefix));
        if ((more = scan_next(&scan, &key, NULL)))
            key_raw(&one, key.at, key.n);
        scan_end(&scan);
        if (more) {
            state_match_drop(ctx, T_MATCH_CODES, one.b + sizeof person->b, person);
            txn_delete(ctx->txn, T_PERSON_CODES, key_bytes(&one));
        }
    }
}

void apply_person_erased(struct ctx *ctx, const void *event)
{
    const struct person_erased *erased = event;
    struct key key = key_of_uuid(&erased->person);
    struct person_state state;

    if (!state_person(ctx, &erased->person, &state))
        return;
    if (!uuid_is_nil(&state.into))
        found_by(ctx, &erased->person, &state, &state.into, &erased->person);
    drop_hashes(ctx, &erased->person, &state);
    state_decisions_drop(ctx, &erased->person);
    block_lift(ctx, &erased->person);
    state.sealed = state.match_snils = state.match_name = state.match_full = state.match_given = bytes("", 0);
    state_person_put(ctx, &erased->person, &state);
    txn_put_msg(ctx->txn, T_ERASED, key_bytes(&key), &person_erased_desc, erased);
}

enum verdict query_person_standing(struct ctx *ctx, const void *query)
{
    const struct person_of *asked = query;
    struct key key = key_of_uuid(&asked->person);
    struct person_standing standing = { 0 };
    struct person_erased erased;
    struct person_blocked blocked;
    struct person_state state;

    if (!state_person(ctx, &asked->person, &state))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unknown");
    if (!person_reached(ctx, &asked->person, &state))
        return REFUSE_REACH(ctx);
    if (txn_get_msg(ctx->txn, T_ERASED, key_bytes(&key), &person_erased_desc, ctx->arena, &erased))
        standing.erased = &erased;
    if (state_blocked(ctx, &asked->person, &blocked))
        standing.blocked = &blocked;
    reply(ctx, &standing);
    return VERDICT_OK;
}

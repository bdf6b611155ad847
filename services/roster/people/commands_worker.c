#include "common/service/vault_intake.h"
#include "services/roster/people/worker_row.h"
#include "services/roster/privacy/privacy.h"

#include "common/core/failpoint.h"

/* roster.worker.record: one row of a staff list. What a row leaves out is not said, and stays as it was;
 * a row that says nothing new answers without events, so that a list can be sent again. */

/* ── the events ───────────────────────────────────────────────────────────── */

static void emit_person(struct ctx *ctx, struct worker_row *row, const struct uuid *ids, uint32_t n)
{
    const struct person_state *state = &row->match.known.state;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct person_registered event = {
        .person = row->person, .sealed = state->sealed,
        .bands = { row->bands.spans.n, row->bands.spans.at }, .told = row->bands.told };

    if (row->match.found && !row->person_changed)
        return;
    if (!row->match.found || row->card_changed)
        event.sealed = vault_seal(ctx, &row->person, msg_encode_in(ctx->arena, &person_card_desc, &row->card));
    if (row->match.decided)
        event.decided = bytes(row->hashes.row.b, HASH_SIZE);
    struct match_hashes hashes = match_hash(ctx, &row->card);       /* with what was known before */
    hashes.code = row->hashes.code;
    match_said(&hashes, &event);
    if (row->match.found)
        emit(ctx, "roster.person.changed", &event, scope,
             scope_of(&row->person, NULL, 0, state->scope.at, state->scope.n, scope));
    else
        emit(ctx, "roster.person.registered", &event, scope, scope_of(&row->person, NULL, 0, ids, n, scope));
}

static void emit_posts(struct ctx *ctx, const struct worker_row *row, const struct uuid *ids, uint32_t n)
{
    for (uint32_t i = 0; i < row->moves.ended_n; i++)
        emit_post_closed(ctx, &row->moves.posts[row->moves.ended[i]], ids, n);
    if (row->edit == EDIT_ENDED)
        emit_post_closed(ctx, &row->post, ids, n);
    else if (row->edit != EDIT_NONE)
        emit_post_opened(ctx, &row->post, ids, n);
}

enum verdict decide_worker_record(struct ctx *ctx, const void *command)
{
    const struct worker_record *given = command;
    struct worker_row *row = ARENA_NEW(ctx->arena, struct worker_row);
    struct uuid ids[SCOPE_IDS_MAX];
    enum verdict verdict;

    verdict = worker_row_take(ctx, NULL, given, row);
    if (row->unsealed)
        vault_intake_note(ctx, &ctx->who->id, row->generation);     /* a refused row tells it, too */
    if (verdict != VERDICT_OK)
        return verdict;
    if (given->ground.n > 0 && !SABOTAGE("ground_forgotten") && !bytes_equal(given->ground, bytes(row->ground.b, HASH_SIZE)))
        return refuse(ctx, PROBLEM_CONFLICT, "ground_moved");
    if (!row->match.found && not_erased_since(ctx, &row->person) != VERDICT_OK)
        return VERDICT_REFUSED;
    uint32_t n = moves_scope(&row->moves, ctx->today, ids);
    emit_person(ctx, row, ids, n);
    emit_posts(ctx, row, ids, n);
    if (row->match.found && row->edit != EDIT_NONE) {
        row->moves.bands = &row->bands;
        moves_emit(ctx, &row->person, &row->match.known.state, &row->moves);
    }
    struct worker_recorded recorded = {
        .person = row->person, .post = row->post.post, .new_person = !row->match.found, .new_post = row->edit == EDIT_NEW,
        .changed = row->person_changed || row->edit == EDIT_CHANGED || row->edit == EDIT_ENDED };
    reply(ctx, &recorded);
    return VERDICT_OK;
}

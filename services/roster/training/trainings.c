#include "services/roster/training/trainings.h"

#include "services/roster/merge/one.h"

/* Training entered with its document, and the copy of what programmes have documented. */

const struct profile_training *training_named(const struct ctx *ctx, const char *id)
{
    const struct profile *profile = roster_config(ctx)->profile;

    for (uint32_t i = 0; i < profile->training.n; i++)
        if (strcmp(profile->training.at[i].id, id) == 0)
            return &profile->training.at[i];
    return NULL;
}

/* ── tables ───────────────────────────────────────────────────────────────── */

static bool state_training(struct ctx *ctx, const struct uuid *id, struct training *training)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_TRAININGS, key_bytes(&key), &training_desc, ctx->arena, training);
}

static struct key person_training(const struct training *training)
{
    struct key key = key_of_uuid(&training->person);
    key_uuid(&key, &training->id);
    return key;
}

void apply_training_recorded(struct ctx *ctx, const void *event)
{
    const struct training *training = event;
    struct key key = key_of_uuid(&training->id), of = person_training(training);

    txn_put_msg(ctx->txn, T_TRAININGS, key_bytes(&key), &training_desc, training);
    txn_put(ctx->txn, T_PERSON_TRAININGS, key_bytes(&of), bytes("", 0));
}

void apply_training_struck(struct ctx *ctx, const void *event)
{
    const struct training_struck *struck = event;
    struct key key = key_of_uuid(&struck->id), of = key_of_uuid(&struck->person);

    key_uuid(&of, &struck->id);
    txn_delete(ctx->txn, T_TRAININGS, key_bytes(&key));
    txn_delete(ctx->txn, T_PERSON_TRAININGS, key_bytes(&of));
}

/* All of them, whatever the profile counts today: it may count others tomorrow. */
void take_trained(struct ctx *ctx, const void *event)
{
    const struct completion *completion = event;
    struct trained trained = { .id = completion->completion, .day = completion->day, .kind = completion->kind,
                               .provider_kind = completion->provider_kind, .topics = { completion->topics.n, completion->topics.at } };
    struct key key = key_of_uuid(&completion->person);

    key_u32(&key, completion->day);
    key_uuid(&key, &completion->completion);
    txn_put_msg(ctx->txn, T_TRAINED, key_bytes(&key), &trained_desc, &trained);
}

/* ── commands ─────────────────────────────────────────────────────────────── */

static enum verdict person_at_hand(struct ctx *ctx, const struct uuid *id, const struct profile_training *training, struct person_state *person)
{
    const struct profile_register *reg;

    if (!state_person(ctx, id, person))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unknown");
    if (!person_reached(ctx, id, person))
        return REFUSE_REACH(ctx);
    if (training == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "training_unknown");
    if (training->deciders.n > 0)           /* a population's: no register says who */
        return role_among(ctx, "register_not_decider", training->deciders.at, training->deciders.n);
    if ((reg = register_named(ctx, training->register_id != NULL ? training->register_id : "")) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "training_unknown");
    return role_among(ctx, "register_not_decider", reg->deciders.at, reg->deciders.n);
}

static enum verdict emit_training(struct ctx *ctx, const char *event, const struct msg_desc *desc, const void *body, const struct uuid *person)
{
    struct uuid ids[SCOPE_IDS_MAX], scope[ENTRY_SCOPES_MAX], now = person_now(ctx, person);
    struct moves moves;

    if (texts_fit(ctx, desc, body) != VERDICT_OK)
        return VERDICT_REFUSED;
    moves_load(ctx, &now, &moves);
    uint32_t n = moves_scope(&moves, ctx->today, ids);
    emit(ctx, event, body, scope, scope_of(&now, ids, n, NULL, 0, scope));
    return VERDICT_OK;
}

static bool recorded_already(struct ctx *ctx, const struct training *made)
{
    struct uuid *ids = ARENA_LIST(ctx->arena, struct uuid, TRAINED_MAX), same[SAME_ONE_MAX];
    uint32_t same_n = same_one(ctx, &made->person, same);
    struct training other;

    for (uint32_t k = 0; k < same_n; k++) {
        struct key prefix = key_of_uuid(&same[k]);
        uint32_t n = txn_ids(ctx->txn, T_PERSON_TRAININGS, key_bytes(&prefix), true, ids, TRAINED_MAX);
        for (uint32_t i = 0; i < n; i++)
            if (state_training(ctx, &ids[i], &other) && strcmp(other.training, made->training) == 0 && other.day == made->day &&
                strcmp(other.document, made->document) == 0)
                return true;
    }
    return false;
}

enum verdict decide_training_record(struct ctx *ctx, const void *command)
{
    const struct training_record *in = command;
    const struct profile_training *training = training_named(ctx, in->training);
    struct training made = { .person = person_now(ctx, &in->person), .training = in->training, .day = in->day, .document = tidied(ctx, in->document),
                             .provider = tidied(ctx, in->provider), .title = tidied(ctx, in->title) };
    struct person_state person;

    if (person_at_hand(ctx, &in->person, training, &person) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!training->outside)
        return refuse_field(ctx, "training_not_outside", "training", "profile");
    if (made.document == NULL)
        return refuse_field(ctx, "empty", "document", "empty");
    if (made.provider == NULL)
        return refuse_field(ctx, "empty", "provider", "empty");
    if (in->day > ctx->today)
        return refuse_field(ctx, "training_future", "day", "range");
    if (recorded_already(ctx, &made))
        return refuse_field(ctx, "training_repeated", "document", "repeated");
    made.id = decide_id(ctx);
    if (emit_training(ctx, "roster.training.recorded", &training_desc, &made, &in->person) != VERDICT_OK)
        return VERDICT_REFUSED;
    return reply_made(ctx, &made.id);
}

enum verdict decide_training_strike(struct ctx *ctx, const void *command)
{
    const struct training_strike *in = command;
    struct person_state person;
    struct training training;

    if (!state_training(ctx, &in->id, &training))
        return refuse(ctx, PROBLEM_NOT_FOUND, "training_not_recorded");
    if (person_at_hand(ctx, &training.person, training_named(ctx, training.training), &person) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct training_struck struck = { training.id, training.person, training.training, tidied(ctx, in->reason) };
    if (struck.reason == NULL)
        return refuse_field(ctx, "empty", "reason", "empty");
    return emit_training(ctx, "roster.training.struck", &training_struck_desc, &struck, &training.person);
}

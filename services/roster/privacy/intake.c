#include "services/roster/privacy/intake.h"

#include <inttypes.h>

#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/core/log.h"
#include "common/service/errand.h"

#define LOOK_EVERY (60 * MOMENT_MINUTE)

/* ── what the journal has said ────────────────────────────────────────────── */

static struct key generation_key(uint64_t generation)
{
    struct key key = { 0 };
    key_u64(&key, generation);
    return key;
}

static day_t day_of_generation(struct ctx *ctx, uint64_t generation)
{
    struct key key = generation_key(generation);
    struct intake_turned turned;
    return txn_get_msg(ctx->txn, T_INTAKE, key_bytes(&key), &intake_turned_desc, ctx->arena, &turned) ? turned.day : 0;
}

void apply_intake_turned(struct ctx *ctx, const void *event)
{
    const struct intake_turned *turned = event;
    struct key key = generation_key(turned->generation);
    txn_put_msg(ctx->txn, T_INTAKE, key_bytes(&key), &intake_turned_desc, turned);
}

void apply_intake_dropped(struct ctx *ctx, const void *event)
{
    const struct intake_dropped *dropped = event;
    for (bool more = true; more && ctx->txn->err == ERR_OK; ) {
        struct bytes key;
        struct scan scan;
        struct key one = { 0 };
        scan_begin(&scan, ctx->txn, T_INTAKE, bytes(NULL, 0));
        more = scan_next(&scan, &key, NULL);
        if (more) {
            struct key_reader reader = key_read(key);
            more = key_read_u64(&reader) < dropped->below;
            key_raw(&one, key.at, key.n);
        }
        scan_end(&scan);
        if (more)
            txn_delete(ctx->txn, T_INTAKE, key_bytes(&one));
    }
}

/* ── turning ──────────────────────────────────────────────────────────────── */

static uint64_t newest_of(struct ctx *ctx)
{
    uint64_t kept[INTAKE_KEPT_MAX];
    uint32_t n = vault_intake_kept(ctx, kept);
    return n > 0 ? kept[n - 1] : 0;
}

static void say_turned(struct ctx *ctx, uint64_t generation)
{
    const uint8_t *key = vault_intake_public(ctx);
    if (key == NULL)
        return;
    const struct intake_turned turned = { generation, bytes(key, INTAKE_KEY), ctx->today };
    emit(ctx, "roster.intake.turned", &turned, NULL, 0);
    reply(ctx, &turned);
}

enum verdict decide_intake_turn(struct ctx *ctx, const void *command)
{
    uint64_t generation;
    (void)command;

    if (vault_intake_public(ctx) == NULL)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "no_vault");
    if (!vault_intake_turn(ctx, &generation)) {
        refuse(ctx, PROBLEM_CONFLICT, "intake_too_many");
        refuse_arg(ctx, "most", arena_format(ctx->arena, "%d", INTAKE_KEPT_MAX));
        return VERDICT_REFUSED;
    }
    say_turned(ctx, generation);
    return VERDICT_OK;
}

/* A store from before the turn with the vault of after it: the journal has to say again what followers hold for known. */
enum verdict decide_intake_announce(struct ctx *ctx, const void *command)
{
    uint64_t newest = newest_of(ctx);
    (void)command;

    if (!ctx->who->self)
        return refuse(ctx, PROBLEM_DENIED, "not_ours");
    if (newest > 0 && day_of_generation(ctx, newest) == 0)
        say_turned(ctx, newest);
    return VERDICT_OK;
}

enum verdict decide_intake_took(struct ctx *ctx, const void *command)
{
    const struct intake_took *took = command;

    if (vault_intake_public(ctx) == NULL)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "no_vault");
    if (took->generation > newest_of(ctx)) {
        refuse_field(ctx, "intake_unknown", "generation", "unknown");
        refuse_arg(ctx, "generation", arena_format(ctx->arena, "%" PRIu64, took->generation));
        return VERDICT_REFUSED;
    }
    vault_intake_note(ctx, &ctx->who->id, took->generation);
    return VERDICT_OK;
}

/* ── dropping ─────────────────────────────────────────────────────────────── */

struct older {
    uint64_t kept[INTAKE_KEPT_MAX], newest, below;  /* below: what nobody needs any more; 0: nothing is to be dropped */
    uint32_t kept_n, senders_n, behind;
    struct intake_seals *senders;
    bool more;
    day_t drops;                                    /* not before it by itself */
};

static bool is_behind(const struct intake_seals *sender, uint64_t generation)
{
    return !sender->sealed || sender->apart || sender->generation < generation;
}

static void older_look(struct ctx *ctx, struct older *older)
{
    older->kept_n = vault_intake_kept(ctx, older->kept);
    older->newest = older->kept_n > 0 ? older->kept[older->kept_n - 1] : 0;
    older->senders = ARENA_LIST(ctx->arena, struct intake_seals, INTAKE_SENDERS_MAX);
    older->senders_n = vault_intake_senders(ctx, older->senders, INTAKE_SENDERS_MAX, &older->more);
    for (uint32_t i = 0; i < older->senders_n; i++)
        older->behind += is_behind(&older->senders[i], older->newest);
    older->below = older->kept_n > 1 ? older->newest : 0;
    if (older->below != 0)
        older->drops = day_of_generation(ctx, older->newest) + INTAKE_KEEP_DAYS;
}

enum verdict decide_intake_drop(struct ctx *ctx, const void *command)
{
    const struct intake_drop *drop = command;
    struct older older = { 0 };

    older_look(ctx, &older);
    if (ctx->who->role == ROLE_SERVICE && !ctx->who->self)
        return refuse(ctx, PROBLEM_DENIED, "not_ours");
    if (older.below == 0)
        return refuse(ctx, PROBLEM_CONFLICT, "intake_nothing_old");
    if ((older.behind > 0 || older.more) && (!drop->anyway || ctx->who->self) && !SABOTAGE("intake_impatient")) {
        refuse(ctx, PROBLEM_CONFLICT, "intake_behind");
        refuse_arg(ctx, "behind", arena_format(ctx->arena, "%" PRIu32, older.behind));
        return VERDICT_REFUSED;
    }
    if (ctx->who->self && ctx->today < older.drops) {
        refuse(ctx, PROBLEM_CONFLICT, "intake_early");
        return refuse_arg_day(ctx, "until", older.drops);
    }
    const struct intake_dropped dropped = { older.below, ctx->today };
    emit(ctx, "roster.intake.dropped", &dropped, NULL, 0);
    reply(ctx, &dropped);
    vault_intake_drop(ctx, older.below);
    return VERDICT_OK;
}

/* ── queries ──────────────────────────────────────────────────────────────── */

/* What a node seals personal fields to, as they are entered. */
enum verdict query_intake_get(struct ctx *ctx, const void *query)
{
    const uint8_t *key = vault_intake_public(ctx);

    (void)query;
    if (key == NULL)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "no_vault");
    reply(ctx, &(struct intake_key){ bytes(key, INTAKE_KEY), newest_of(ctx) });
    return VERDICT_OK;
}

enum verdict query_intake_standing(struct ctx *ctx, const void *query)
{
    const uint8_t *key = vault_intake_public(ctx);
    struct older older = { 0 };

    (void)query;
    if (key == NULL)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "no_vault");
    older_look(ctx, &older);
    struct intake_standing standing = { .key = bytes(key, INTAKE_KEY), .more = older.more, .behind = older.behind, .drops = older.drops,
        .kept = { older.kept_n, ARENA_LIST(ctx->arena, struct intake_kept, INTAKE_KEPT_MAX) },
        .senders = { older.senders_n, ARENA_LIST(ctx->arena, struct intake_sender, INTAKE_SENDERS_MAX) } };
    for (uint32_t i = 0; i < older.kept_n; i++)
        standing.kept.at[i] = (struct intake_kept){ older.kept[i], day_of_generation(ctx, older.kept[i]) };
    for (uint32_t i = 0; i < older.senders_n; i++) {
        const struct intake_seals *seals = &older.senders[i];
        standing.senders.at[i] = (struct intake_sender){ .sender = seals->sender, .generation = seals->generation, .since = seals->since,
            .apart = seals->apart, .behind = is_behind(seals, older.newest) };
    }
    reply(ctx, &standing);
    return VERDICT_OK;
}

/* ── the errand ───────────────────────────────────────────────────────────── */

struct look { bool announce, drop; uint64_t newest; };

static void look_at(struct ctx *ctx, void *arg)
{
    struct look *look = arg;
    struct older older = { 0 };

    if (vault_intake_public(ctx) == NULL)
        return;
    older_look(ctx, &older);
    look->newest = older.newest;
    look->announce = older.newest > 0 && day_of_generation(ctx, older.newest) == 0;
    look->drop = older.below != 0 && older.behind == 0 && !older.more && ctx->today >= older.drops && !look->announce;
}

static int submit(struct errand *errand, const char *method, const struct msg_desc *desc, const void *body, uint64_t generation)
{
    struct hash hash = hash_two(bytes_of(method), bytes(&generation, sizeof generation));
    struct uuid command = uuid_v7(errand->now / MOMENT_MS, hash.b);
    const struct problem *problem = NULL;
    int err = errand_submit(errand, &command, method, desc, body, NULL, NULL, &problem);

    if (err == ERR_OK && problem != NULL)
        log_error("guard", "%s: %s", method, problem->reason);
    return err;
}

void intake_guard_step(struct errand *errand, struct intake_guard *guard)
{
    static const struct nothing nothing;
    const struct intake_drop drop = { false };
    struct look look = { 0 };
    int err = ERR_OK;

    if (guard->looked != 0 && errand->now >= guard->looked && errand->now - guard->looked < LOOK_EVERY)
        return;
    if (errand_read(errand, look_at, &look) != ERR_OK)
        return;
    if (look.announce)
        err = submit(errand, "roster.intake.announce", &nothing_desc, &nothing, look.newest);
    if (err == ERR_OK && look.drop) {
        err = submit(errand, "roster.intake.drop", &intake_drop_desc, &drop, look.newest);
        log_info("guard", "the older key of the intake was dropped: all have sent under the newer one");
    }
    guard->looked = err == ERR_OK ? errand->now : 0;
}

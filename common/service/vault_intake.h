#pragma once
#include "common/service/service.h"

/* vault_intake: what others seal for this service as it is entered.
 *
 * An X25519 pair that is made with the vault, its secret wrapped by the master key and kept beside the persons' keys,
 * so that it is in the backups. Who has the public one (a node, over the network or out of a file) seals personal
 * fields with crypto_box_seal and cannot read them any more; this service opens them in decide.
 *
 * Turning    makes a pair of the next *generation* (0: made with the vault). What is sealed from then on is sealed to the
 *            newest; what was sealed before opens as long as the older secrets are kept, so that a node that is away for
 *            weeks gets its rows in. The vault remembers for each sender under which generation he sealed last: his queue
 *            keeps its order, so whoever has sent under a new one has nothing left under an older.
 * Copies     both a new secret and the end of an old one ask for the key-encryption key to be turned (vault.h): a store from
 *            before the new one does not open without the newest backup of the vault, in which it is, so that nothing sealed
 *            to it is lost by a restore; and copies from before the old one's end hold noise. */
#define INTAKE_KEY      32
#define INTAKE_OVERHEAD 48
#define INTAKE_KEPT_MAX 8                       /* generations at once: as many secrets are tried on what does not open */

/* The newest; NULL: no vault. Lives in ctx->arena. */
const uint8_t *vault_intake_public(struct ctx *ctx);
/* Those that are kept, the oldest first; their number, at least 1 in a service with a vault. */
uint32_t vault_intake_kept(struct ctx *ctx, uint64_t generations[INTAKE_KEPT_MAX]);
/* False: not sealed for this service, or to a secret that is gone, or damaged. `generation` may be NULL. */
bool vault_intake_open(struct ctx *ctx, struct bytes sealed, struct bytes *plain, uint64_t *generation);

/* Of decide alone, like all that changes the vault (vault.h). */
bool vault_intake_turn(struct ctx *ctx, uint64_t *generation);  /* false: INTAKE_KEPT_MAX are kept */
void vault_intake_drop(struct ctx *ctx, uint64_t below);        /* secrets of generations below it; never the newest */
void vault_intake_note(struct ctx *ctx, const struct uuid *sender, uint64_t generation);

/* Who has sealed for this service, or has a queue here that is not closed (chain.h) and has moved within the time in which
 * commands are run at all. */
struct intake_seals {
    struct uuid sender;
    bool sealed;                                /* he has, and this is how: */
    uint64_t generation;
    moment_t since;                             /* when he began to use it, here */
    bool apart;                                 /* a copy of his is held back, or let through: what it holds may be older */
};
/* All of them, by their ids; at most `most` (then there may be more: *more). */
uint32_t vault_intake_senders(struct ctx *ctx, struct intake_seals *list, uint32_t most, bool *more);

/* The sender's side; needs neither vault nor ctx. Not repeatable: the ephemeral pair is of `random`. */
struct random_source;
int  intake_seal(const uint8_t public_key[INTAKE_KEY], struct bytes plain, const struct random_source *random,
                 struct arena *arena, struct bytes *sealed);

#include "common/core/err.h"
#include "common/core/log.h"
#include "common/service/errand.h"
#include "common/service/vault_copies.h"
#include "services/roster/privacy/intake.h"
#include "services/roster/privacy/privacy.h"

#define REPEAT_AT_ONCE 64

/* A store that was restored is looked through once, at the start: the keys of those who were erased since are gone
 * from the vault, so their cards are noise; what is left to do is what apply does of an erasure. */
struct guard { struct vault_turn turn; struct vault_copies copies; struct intake_guard intake; bool looked; struct uuid after; };
_Static_assert(sizeof(struct guard) <= GUARD_MEMORY, "the errand's memory");

struct left_over { struct uuid after, persons[REPEAT_AT_ONCE]; uint32_t n; };

static void find_left_over(struct ctx *ctx, void *arg)
{
    struct left_over *left = arg;
    struct uuid gone[REPEAT_AT_ONCE], after = left->after;
    struct person_state state;

    for (uint32_t n; left->n < REPEAT_AT_ONCE && (n = vault_erased_after(ctx, &after, gone, REPEAT_AT_ONCE)) > 0; after = gone[n - 1])
        for (uint32_t i = 0; i < n && left->n < REPEAT_AT_ONCE; i++)
            if (state_person(ctx, &gone[i], &state) && !person_gone(&state))
                left->persons[left->n++] = gone[i];
}

/* What is refused would be refused again: it is said, and the others go on. An error: it has to be asked again. */
static int repeat(struct errand *errand, const struct uuid *person, uint32_t *done)
{
    struct hash hash = hash_two(bytes(errand->incarnation.b, sizeof errand->incarnation.b), bytes(person->b, sizeof person->b));
    struct uuid command = uuid_v7(errand->now / MOMENT_MS, hash.b);
    struct person_of body = { *person };
    const struct problem *problem = NULL;
    int err = errand_submit(errand, &command, "roster.erasure.repeat", &person_of_desc, &body, NULL, NULL, &problem);

    if (err == ERR_OK && problem != NULL)
        log_error("guard", "an erasure cannot be repeated: %s", problem->reason);
    *done += err == ERR_OK && problem == NULL;
    return err;
}

static uint64_t copies_days(const struct errand *errand)
{
    const struct roster_config *config = errand->config;
    const struct profile_privacy *privacy = config != NULL ? config->profile->privacy : NULL;
    return privacy != NULL ? privacy->vault_backup_days : PROFILE_VAULT_DAYS;
}

uint32_t guard_step(struct errand *errand)
{
    struct guard *guard = errand->memory;
    struct left_over left = { .after = guard->after };
    uint32_t done = 0;

    vault_copies_prune(errand, &guard->copies, copies_days(errand));
    if (guard->looked) {
        intake_guard_step(errand, &guard->intake);
        return vault_turn_step(errand, &guard->turn);
    }
    if (errand_read(errand, find_left_over, &left) != ERR_OK)
        return 1000;
    guard->looked = left.n == 0;
    for (uint32_t i = 0; i < left.n; i++) {
        if (repeat(errand, &left.persons[i], &done) != ERR_OK)
            return 1000;
        guard->after = left.persons[i];
    }
    if (done > 0)
        log_warning("guard", "erased again, since this store was from before: %u", done);
    return 0;
}

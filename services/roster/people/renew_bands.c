#include "services/roster/people/people.h"

#include "common/core/failpoint.h"
#include "services/roster/privacy/privacy.h"

/* After the profile has got other bands: everybody's are worked out again, a batch at a time. Whose have changed is told
 * with roster.person.changed; the days of closed years keep what was told of them, bands that are new begin with the open ones. */

#define PEOPLE_SEEN   200       /* looked at in one batch: each card is opened */
#define CHANGED_BATCH 40        /* then the next batch */
#define PERSON_BYTES  (2000 + BAND_SPANS_MAX * 70 + 400)        /* of such an entry, at most */
_Static_assert(CHANGED_BATCH + 2 < ENTRY_GROUP_MAX, "a batch fits into a group");
_Static_assert(CHANGED_BATCH * 3000 + PERSON_BYTES < ENTRY_GROUP_BYTES, "and its bytes, for cards as they are");

static uint32_t people_after(struct ctx *ctx, const struct uuid *after, struct uuid *people)
{
    struct key from = key_of_uuid(after);
    struct bytes key;
    struct scan scan;
    uint32_t n = 0;

    scan_begin(&scan, ctx->txn, T_PERSONS, bytes(NULL, 0));
    scan_from(&scan, key_bytes(&from));
    while (n < PEOPLE_SEEN && scan_next(&scan, &key, NULL)) {
        struct key_reader reader = key_read(key);
        struct uuid person = key_read_uuid(&reader);
        if (uuid_compare(&person, after) > 0)
            people[n++] = person;
    }
    scan_end(&scan);
    return n;
}

/* Bytes of what was said; 0: nothing has changed. Who was erased keeps the bands he had. */
static size_t renew_one(struct ctx *ctx, const struct uuid *person)
{
    struct known known = { .id = *person };
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct person_bands bands;
    struct person_state state;

    if (!state_person(ctx, person, &state) || person_gone(&state) || !match_open(ctx, &state, &known))
        return 0;
    if (bands_of_card(ctx, &known.card, &known.bands, &bands) != VERDICT_OK) {
        refusal_take(ctx);              /* mended in too many closed years: they stay as they are */
        return 0;
    }
    if (bands_equal(bands.spans.at, bands.spans.n, known.bands.spans.at, known.bands.spans.n))
        return 0;
    struct match_hashes hashes = match_hash(ctx, &known.card);
    struct person_registered event = { .person = *person, .sealed = state.sealed, .bands = { bands.spans.n, bands.spans.at }, .told = bands.told };
    match_said(&hashes, &event);
    emit(ctx, "roster.person.changed", &event, scope, privacy_scope(person, &state, scope));
    return state.sealed.n + bands.spans.n * 70 + 400;
}

enum verdict fire_bands_renew(struct ctx *ctx, const struct uuid *after, moment_t due)
{
    struct uuid *people = ARENA_LIST(ctx->arena, struct uuid, PEOPLE_SEEN);
    uint32_t n = people_after(ctx, after, people), i = 0, changed = 0;
    size_t bytes = 0;

    (void)due;
    while (i < n && changed < CHANGED_BATCH && bytes < CHANGED_BATCH * 3000) {
        size_t said = renew_one(ctx, &people[i++]);
        changed += said > 0;
        bytes += said;
    }
    if (i < n || n == PEOPLE_SEEN)
        emit(ctx, "roster.bands.renewing", &(struct bands_renewing){ people[i - 1] }, &roster_config(ctx)->profile->region->id, 1);
    return VERDICT_OK;
}

enum verdict decide_bands_renew(struct ctx *ctx, const void *command)
{
    (void)command;
    emit(ctx, "roster.bands.renewing", &(struct bands_renewing){ UUID_NIL }, &roster_config(ctx)->profile->region->id, 1);
    return VERDICT_OK;
}

void apply_bands_renewing(struct ctx *ctx, const void *event)
{
    const struct bands_renewing *renewing = event;
    timer_set(ctx, TIMER_BANDS_RENEW, &renewing->after, timer_at_once(ctx));
}

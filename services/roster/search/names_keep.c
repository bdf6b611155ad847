#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/journal/journal.h"
#include "common/service/errand.h"
#include "services/roster/privacy/privacy.h"
#include "services/roster/search/search.h"

/* Who keeps the index up: marks from apply, and an errand that reads what is marked, slice by slice. */

#define SLICE      200                      /* people of one read transaction */
#define REST_MS    60000                    /* each commit wakes it */
#define RETRY_MS   200
#define GATHER     64                       /* so few marks wait for more, so long: a search looks at them meanwhile */
#define GATHER_MS  200

void *names_memory_open(bool unlocked) { return names_open(unlocked); }
void names_memory_close(void *memory) { names_close(memory); }

void search_mark(struct ctx *ctx, const struct uuid *person, bool gone)
{
    struct names *names = service_memory(ctx);

    if (SABOTAGE("mark_forgotten"))
        return;
    if (gone)
        names_forget(names, person);
    names_mark(names, person, ctx->entry->number);
}

bool search_finds(struct ctx *ctx, const struct uuid *person, const struct person_state *state)
{
    struct person_blocked blocked;
    return !person_gone(state) && uuid_is_nil(&state->into) && !state_blocked(ctx, person, &blocked);
}

/* As he is in this state. */
static bool read_anew(struct ctx *ctx, struct names *names, const struct uuid *id, const struct person_state *state)
{
    struct known known = { .id = *id };
    char *text = NULL;

    if (search_finds(ctx, id, state) && match_open(ctx, state, &known))
        text = names_text(ctx->arena, known.card.family, known.card.given, known.card.patronymic);
    return names_put(names, id, text);
}

static uint32_t refresh(struct ctx *ctx, struct names *names, uint64_t number)
{
    struct names_marked *marked = ARENA_LIST(ctx->arena, struct names_marked, SLICE);
    uint32_t n = names_marks(names, number, marked, SLICE);
    struct person_state state;

    for (uint32_t i = 0; i < n && ctx->txn->err == ERR_OK; i++)
        if (!state_person(ctx, &marked[i].person, &state))
            names_put(names, &marked[i].person, NULL);
        else if (!read_anew(ctx, names, &marked[i].person, &state))
            return 0;                       /* no room: nobody is found */
    if (ctx->txn->err == ERR_OK)
        names_refreshed(names, marked, n);
    return n;
}

/* True: there is more to do at once. */
static bool build(struct ctx *ctx, struct names *names, const struct uuid *after)
{
    struct key from = key_of_uuid(after);
    struct uuid last = *after;
    struct person_state state;
    struct bytes key;
    struct scan scan;
    uint32_t n = 0;
    bool good = true;

    scan_begin(&scan, ctx->txn, T_PERSONS, bytes("", 0));
    if (!uuid_is_nil(after))
        scan_after(&scan, key_bytes(&from));
    while (good && n < SLICE && scan_next(&scan, &key, NULL)) {
        struct key_reader reader = key_read(key);
        last = key_read_uuid(&reader);
        good = !state_person(ctx, &last, &state) || read_anew(ctx, names, &last, &state);
        n++;
    }
    scan_end(&scan);
    if (!good || ctx->txn->err != ERR_OK)
        return false;
    names_built(names, &last, n < SLICE);
    return n == SLICE;
}

struct looked { bool more, waits; };

static void look(struct ctx *ctx, void *arg)
{
    struct names *names = service_memory(ctx);
    struct looked *looked = arg;
    struct journal_head head = { 0 };
    struct names_standing standing;
    struct uuid after;

    journal_head(ctx->txn, ctx->arena, &head);
    looked->more = refresh(ctx, names, head.number) == SLICE;
    if (names_building(names, head.number, &after))
        looked->more |= build(ctx, names, &after);
    names_stand(names, &standing);
    looked->waits = standing.phase == NAMES_BUILDING;
}

struct keeping { moment_t read; };          /* when marks were last read */
_Static_assert(sizeof(struct keeping) <= NAMES_MEMORY, "the errand's memory");

/* Ms until there is enough to be read; 0: now. */
static uint32_t gathers(const struct errand *errand, const struct keeping *keeping)
{
    moment_t waited = (errand->now - keeping->read) / MOMENT_MS;
    struct names_standing standing;

    names_stand(errand_service_memory(errand), &standing);
    if (standing.phase == NAMES_BUILDING || standing.marks >= GATHER)
        return 0;
    if (standing.marks == 0)
        return REST_MS;
    return waited < 0 || waited >= GATHER_MS ? 0 : (uint32_t)(GATHER_MS - waited);
}

uint32_t names_step(struct errand *errand)
{
    struct keeping *keeping = errand->memory;
    struct looked looked = { 0 };
    uint32_t rest = gathers(errand, keeping);

    if (rest > 0)
        return rest;
    int err = errand_read(errand, look, &looked);
    arena_wipe(errand->arena);              /* the cards that were opened: not left where they may be swapped */
    if (err != ERR_OK)
        return RETRY_MS;
    keeping->read = errand->now;
    return looked.more ? 0 : looked.waits ? RETRY_MS : GATHER_MS;
}

enum verdict query_names_get(struct ctx *ctx, const void *query)
{
    struct names_standing standing;

    (void)query;
    names_stand(service_memory(ctx), &standing);
    standing.records = txn_count(ctx->txn, T_PERSONS);
    reply(ctx, &standing);
    return VERDICT_OK;
}

#include <stdlib.h>
#include "services/routes/routes.h"

/* The copy of the registry: what each competency's deficit is answered by, and since when a programme has
 * been in the federal registry (it may leave and come back: each change keeps its day). */

static struct key answers_key(const char *competency, const struct programme *programme)
{
    struct key key = { 0 };
    key_text(&key, competency);
    key_u32(&key, (uint32_t)programme->hours);
    key_uuid(&key, &programme->id);
    return key;
}

/* The registry takes longer texts than a framework has codes for; no deficit is called like that. */
static bool is_code(const char *competency)
{
    size_t n = strlen(competency);
    return n > 0 && n <= COMPETENCY_CODE;
}

bool programme_find(struct ctx *ctx, const struct uuid *id, struct programme *programme)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_PROGRAMME, key_bytes(&key), &programme_desc, ctx->arena, programme);
}

/* The same id again is the programme's present form: what it no longer answers goes out of the index. */
void registry_take_registered(struct ctx *ctx, const void *event)
{
    const struct programme *programme = event;
    struct key key = key_of_uuid(&programme->id), code = { 0 };
    struct programme old;
    if (programme_find(ctx, &programme->id, &old))
        for (uint32_t i = 0; i < old.competencies.n; i++)
            if (is_code(old.competencies.at[i])) {
                struct key gone = answers_key(old.competencies.at[i], &old);
                txn_delete(ctx->txn, T_ANSWERS, key_bytes(&gone));
            }
    txn_put_msg(ctx->txn, T_PROGRAMME, key_bytes(&key), &programme_desc, programme);
    key_text(&code, programme->code);
    for (uint32_t i = 0; i < programme->competencies.n; i++)
        if (is_code(programme->competencies.at[i])) {
            struct key answers = answers_key(programme->competencies.at[i], programme);
            txn_put(ctx->txn, T_ANSWERS, key_bytes(&answers), key_bytes(&code));
        }
}

static void take_federal(struct ctx *ctx, const struct programme_included *change, bool in)
{
    struct key key = key_of_uuid(&change->programme);
    uint8_t value = in;
    key_u32(&key, change->day);
    txn_put(ctx->txn, T_FEDERAL, key_bytes(&key), bytes(&value, 1));
}

void registry_take_included(struct ctx *ctx, const void *event)
{
    take_federal(ctx, event, true);
}

void registry_take_excluded(struct ctx *ctx, const void *event)
{
    take_federal(ctx, event, false);
}

static bool federal_on(struct ctx *ctx, const struct uuid *programme, day_t day)
{
    struct key prefix = key_of_uuid(programme);
    struct bytes key, value;
    struct scan scan;
    bool in = false;
    scan_begin(&scan, ctx->txn, T_FEDERAL, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value)) {        /* a programme enters and leaves a few times in its life */
        struct key_reader reader = key_read(key);
        key_read_uuid(&reader);
        if (key_read_u32(&reader) > day)
            break;
        in = value.n == 1 && *(const uint8_t *)value.at != 0;
    }
    scan_end(&scan);
    return in;
}

/* ── what may answer these deficits ───────────────────────────────────────── */

struct candidates { struct plan_programme *at; uint32_t n, room; };

static struct plan_programme *candidates_add(struct candidates *list, struct arena *arena)
{
    if (list->n == list->room) {
        uint32_t room = list->room == 0 ? 64 : list->room * 2;
        struct plan_programme *more = ARENA_LIST(arena, struct plan_programme, room);
        if (list->n > 0)
            memcpy(more, list->at, list->n * sizeof *more);
        list->at = more;
        list->room = room;
    }
    return &list->at[list->n++];
}

static void collect(struct ctx *ctx, const char *competency, uint64_t bit, struct candidates *list)
{
    struct key prefix = { 0 };
    struct bytes key, value;
    struct scan scan;
    key_text(&prefix, competency);
    scan_begin(&scan, ctx->txn, T_ANSWERS, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key), code = key_read(value);
        struct plan_programme *programme = candidates_add(list, ctx->arena);
        key_read_text(&reader);
        programme->hours = key_read_u32(&reader);
        programme->id = key_read_uuid(&reader);
        const char *text = key_read_text(&code);
        programme->code = arena_string(ctx->arena, text, strlen(text));
        programme->answers = bit;
        if (reader.bad || code.bad)
            txn_fail(ctx->txn, ERR_CORRUPT);
    }
    scan_end(&scan);
}

static int by_id(const void *left, const void *right)
{
    const struct plan_programme *a = left, *b = right;
    return uuid_compare(&a->id, &b->id);
}

/* A programme that answers three deficits was met three times. */
static void merge(struct candidates *list)
{
    uint32_t n = 0;
    if (list->n > 0)
        qsort(list->at, list->n, sizeof *list->at, by_id);
    for (uint32_t i = 0; i < list->n; i++) {
        if (n > 0 && uuid_equal(&list->at[n - 1].id, &list->at[i].id))
            list->at[n - 1].answers |= list->at[i].answers;
        else
            list->at[n++] = list->at[i];
    }
    list->n = n;
}

/* ── a draft's steps ──────────────────────────────────────────────────────── */

_Static_assert(DEFICITS_MAX <= 64, "a plan keeps its deficits as bits");

static uint32_t names_of(struct arena *arena, const struct plan_deficit *deficits, uint64_t mask, const char ***names)
{
    uint32_t n = 0;
    *names = ARENA_LIST(arena, const char *, DEFICITS_MAX);
    for (uint32_t i = 0; i < DEFICITS_MAX; i++)
        if (mask >> i & 1)
            (*names)[n++] = deficits[i].competency;
    return n;
}

static void write_step(struct ctx *ctx, const struct plan_step *chosen, const struct plan_deficit *deficits,
                       const struct candidates *list, struct step *step)
{
    const struct plan_programme *programme = &list->at[chosen->programme];
    struct programme known, other;
    step->programme = programme->id;
    step->title = programme->code;
    step->hours = programme->hours;
    step->federal = programme->federal;
    step->reason = chosen->reason;
    step->deficits.n = names_of(ctx->arena, deficits, chosen->answers, &step->deficits.at);
    if (programme_find(ctx, &programme->id, &known))
        step->title = known.title;
    if (chosen->alternative == PLAN_NONE)
        return;
    step->alternative = list->at[chosen->alternative].id;
    if (programme_find(ctx, &step->alternative, &other))
        step->alternative_title = other.title;
}

void registry_plan(struct ctx *ctx, const struct sitting_scored *scored, struct route_drafted *draft)
{
    struct plan_deficit *deficits = ARENA_LIST(ctx->arena, struct plan_deficit, DEFICITS_MAX);
    struct plan *plan = ARENA_NEW(ctx->arena, struct plan);
    struct candidates list = { NULL, 0, 0 };
    uint32_t n = 0;
    for (uint32_t i = 0; i < scored->shares.n; i++) {
        const struct share *share = &scored->shares.at[i];
        if (!share->deficit)
            continue;
        collect(ctx, share->competency, UINT64_C(1) << n, &list);
        deficits[n++] = (struct plan_deficit){ share->competency, share->got, share->of };
    }
    merge(&list);
    for (uint32_t i = 0; i < list.n; i++)
        list.at[i].federal = federal_on(ctx, &list.at[i].id, draft->day);
    plan_route(deficits, n, list.at, list.n, ctx->arena, plan);

    draft->steps.n = plan->n;
    draft->steps.at = ARENA_LIST(ctx->arena, struct step, STEPS_MAX);
    for (uint32_t i = 0; i < plan->n; i++) {
        draft->steps.at[i].number = i + 1;
        write_step(ctx, &plan->step[i], deficits, &list, &draft->steps.at[i]);
    }
    draft->uncovered.n = names_of(ctx->arena, deficits, plan->uncovered, &draft->uncovered.at);
}

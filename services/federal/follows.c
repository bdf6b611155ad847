#include "services/federal/federal.h"

/* Learners of a programme in a year, counted from the journal of programmes: its queries speak of persons, and
 * a passport needs none. Sums over entries that come once each: the order does not matter. */

enum { ENROLLED = 1, COMPLETED = 2 };

static struct key done_key(const struct uuid *programme, uint64_t year)
{
    struct key key = key_of_uuid(programme);
    key_u32(&key, (uint32_t)year);
    return key;
}

struct done done_find(struct ctx *ctx, const struct uuid *programme, uint64_t year)
{
    struct key key = done_key(programme, year);
    struct bytes value;
    struct done done = { 0 };
    if (txn_get(ctx->txn, T_DONE, key_bytes(&key), &value)) {
        struct key_reader reader = key_read(value);
        done.enrolled = key_read_u64(&reader);
        done.completed = key_read_u64(&reader);
    }
    return done;
}

uint64_t done_read(struct ctx *ctx)
{
    struct key key = key_of_u64(0);
    struct bytes value;
    struct key_reader reader = { 0 };
    if (txn_get(ctx->txn, T_READ, key_bytes(&key), &value))
        reader = key_read(value);
    else
        return 0;
    return key_read_u64(&reader);
}

/* Persons, each once a year and programme: an enrolment may be said twice, and one may be in two runs. */
static void done_add(struct ctx *ctx, const struct uuid *programme, const struct uuid *person, day_t day, uint8_t what)
{
    uint64_t year = (uint64_t)day_year(day);
    struct key key = done_key(programme, year), learner = key, one = key_of_u64(0);
    struct bytes value;
    uint8_t was = 0;
    key_uuid(&learner, person);
    if (txn_get(ctx->txn, T_LEARNER, key_bytes(&learner), &value) && value.n == 1)
        memcpy(&was, value.at, 1);
    if ((was & what) == 0) {
        uint8_t is = was | what;
        struct done done = done_find(ctx, programme, year);
        struct key sums = key_of_u64(done.enrolled + ((what & ENROLLED) != 0));
        key_u64(&sums, done.completed + ((what & COMPLETED) != 0));
        txn_put(ctx->txn, T_LEARNER, key_bytes(&learner), bytes(&is, 1));
        txn_put(ctx->txn, T_DONE, key_bytes(&key), key_bytes(&sums));
    }
    if (ctx->entry->number > done_read(ctx)) {
        struct key number = key_of_u64(ctx->entry->number);
        txn_put(ctx->txn, T_READ, key_bytes(&one), key_bytes(&number));
    }
}

void take_enrolment_opened(struct ctx *ctx, const void *event)
{
    const struct enrolment *enrolment = event;
    done_add(ctx, &enrolment->programme, &enrolment->person, enrolment->day, ENROLLED);
}

/* The day of enrolment stands in the document too: history comes without an enrolment of its own. */
void take_completion_recorded(struct ctx *ctx, const void *event)
{
    const struct completion *completion = event;
    done_add(ctx, &completion->programme, &completion->person, completion->enrolled, ENROLLED);
    done_add(ctx, &completion->programme, &completion->person, completion->day, COMPLETED);
}

/* ── the number in the federal registry ───────────────────────────────────── */

const char *registry_number(struct ctx *ctx, const struct uuid *programme)
{
    struct key key = key_of_uuid(programme);
    struct bytes value;
    if (!txn_get(ctx->txn, T_REGISTRY, key_bytes(&key), &value))
        return NULL;
    struct key_reader reader = key_read(value);
    key_read_u32(&reader);
    const char *number = key_read_text(&reader);
    return reader.bad ? NULL : arena_string(ctx->arena, number, strlen(number));
}

void take_programme_included(struct ctx *ctx, const void *event)
{
    const struct programme_included *included = event;
    struct key key = key_of_uuid(&included->programme), value = { 0 };
    struct bytes there;
    if (included->number == NULL || included->number[0] == '\0')
        return;
    if (txn_get(ctx->txn, T_REGISTRY, key_bytes(&key), &there)) {
        struct key_reader reader = key_read(there);
        if (key_read_u32(&reader) > included->day)
            return;
    }
    key_u32(&value, included->day);
    key_text(&value, included->number);
    txn_put(ctx->txn, T_REGISTRY, key_bytes(&key), key_bytes(&value));
}

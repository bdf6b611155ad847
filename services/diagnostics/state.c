#include "services/diagnostics/diagnostics.h"

MSG_DEFINE(competency_row, COMPETENCY_ROW_FIELDS)
MSG_DEFINE(sitting_row, SITTING_ROW_FIELDS)

/* ── keys ─────────────────────────────────────────────────────────────────── */

static struct key code_key(enum code_of of, const char *code)
{
    struct key key = { 0 };
    key_u8(&key, (uint8_t)of);
    key_text(&key, code);
    return key;
}

static struct key text_key(const char *text)
{
    struct key key = { 0 };
    key_text(&key, text);
    return key;
}

static struct key task_key(const struct uuid *id, uint64_t task)
{
    struct key key = key_of_uuid(id);
    key_u32(&key, (uint32_t)task);
    return key;
}

static struct key pair_key(const struct uuid *person, const struct uuid *procedure)
{
    struct key key = key_of_uuid(person);
    key_uuid(&key, procedure);
    return key;
}

static struct key count_key(const struct uuid *unit, uint32_t year, const char *competency)
{
    struct key key = key_of_uuid(unit);
    key_u32(&key, year);
    key_text(&key, competency);
    return key;
}

static bool get_by_id(struct ctx *ctx, table_t table, const struct uuid *id, const struct msg_desc *desc, void *out)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, table, key_bytes(&key), desc, ctx->arena, out);
}

static void put_by_id(struct ctx *ctx, table_t table, const struct uuid *id, const struct msg_desc *desc, const void *in)
{
    struct key key = key_of_uuid(id);
    txn_put_msg(ctx->txn, table, key_bytes(&key), desc, in);
}

/* ── frameworks, instruments, procedures ──────────────────────────────────── */

bool code_find(struct ctx *ctx, enum code_of of, const char *code, struct uuid *id)
{
    struct key key = code_key(of, code);
    struct bytes value;
    if (!txn_get(ctx->txn, T_CODE, key_bytes(&key), &value))
        return false;
    struct key_reader reader = key_read(value);
    *id = key_read_uuid(&reader);
    return true;
}

void code_put(struct ctx *ctx, enum code_of of, const char *code, const struct uuid *id)
{
    struct key key = code_key(of, code);
    txn_put(ctx->txn, T_CODE, key_bytes(&key), bytes(id->b, sizeof id->b));
}

bool framework_find(struct ctx *ctx, const struct uuid *id, struct framework *framework)
{
    return get_by_id(ctx, T_FRAMEWORK, id, &framework_desc, framework);
}

void framework_put(struct ctx *ctx, const struct framework *framework)
{
    put_by_id(ctx, T_FRAMEWORK, &framework->id, &framework_desc, framework);
    for (uint32_t i = 0; i < framework->competencies.n; i++) {
        const struct competency *competency = &framework->competencies.at[i];
        struct competency_row row = { framework->id, competency->title };
        struct key key = text_key(competency->code);
        txn_put_msg(ctx->txn, T_COMPETENCY, key_bytes(&key), &competency_row_desc, &row);
    }
}

bool competency_find(struct ctx *ctx, const char *code, struct competency_row *row)
{
    struct key key = text_key(code);
    return txn_get_msg(ctx->txn, T_COMPETENCY, key_bytes(&key), &competency_row_desc, ctx->arena, row);
}

bool instrument_find(struct ctx *ctx, const struct uuid *id, struct instrument *instrument)
{
    return get_by_id(ctx, T_INSTRUMENT, id, &instrument_desc, instrument);
}

void instrument_put(struct ctx *ctx, const struct instrument *instrument)
{
    put_by_id(ctx, T_INSTRUMENT, &instrument->id, &instrument_desc, instrument);
    for (uint32_t i = 0; i < instrument->tasks.n; i++) {
        const struct task *task = &instrument->tasks.at[i];
        struct key key = task_key(&instrument->id, task->number);
        uint8_t form[2] = { (uint8_t)task->kind, (uint8_t)task->options.n };
        txn_put(ctx->txn, T_FORM, key_bytes(&key), bytes(form, sizeof form));
    }
}

bool form_find(struct ctx *ctx, const struct uuid *instrument, uint64_t task, enum task_kind *kind, uint32_t *options)
{
    struct key key = task_key(instrument, task);
    struct bytes value;
    if (!txn_get(ctx->txn, T_FORM, key_bytes(&key), &value) || value.n != 2)
        return false;
    *kind = (enum task_kind)((const uint8_t *)value.at)[0];
    *options = ((const uint8_t *)value.at)[1];
    return true;
}

bool procedure_find(struct ctx *ctx, const struct uuid *id, struct procedure *procedure)
{
    return get_by_id(ctx, T_PROCEDURE, id, &procedure_desc, procedure);
}

void procedure_put(struct ctx *ctx, const struct procedure *procedure)
{
    put_by_id(ctx, T_PROCEDURE, &procedure->id, &procedure_desc, procedure);
}

/* ── sittings ─────────────────────────────────────────────────────────────── */

bool sitting_find(struct ctx *ctx, const struct uuid *id, struct sitting_row *row)
{
    return get_by_id(ctx, T_SITTING, id, &sitting_row_desc, row);
}

void sitting_put(struct ctx *ctx, const struct uuid *id, const struct sitting_row *row)
{
    struct key key = pair_key(&row->person, &row->procedure), value = { 0 };
    put_by_id(ctx, T_SITTING, id, &sitting_row_desc, row);
    key_uuid(&key, id);
    key_u8(&value, row->state == SITTING_OPEN);
    key_u32(&value, row->day);
    txn_put(ctx->txn, T_SITTING_OF, key_bytes(&key), key_bytes(&value));
}

static bool sitting_find_of(struct ctx *ctx, const struct uuid *person, const struct uuid *procedure, day_t day,
                            struct uuid *sitting)
{
    struct key prefix = pair_key(person, procedure);
    struct bytes key, value;
    struct scan scan;
    bool found = false;
    scan_begin(&scan, ctx->txn, T_SITTING_OF, key_bytes(&prefix));
    while (!found && scan_next(&scan, &key, &value)) {
        struct key_reader id = key_read(key), what = key_read(value);
        bool open = key_read_u8(&what) != 0;
        found = day == 0 ? open : key_read_u32(&what) == day;
        key_read_uuid(&id);
        key_read_uuid(&id);
        *sitting = key_read_uuid(&id);
    }
    scan_end(&scan);
    return found;
}

bool sitting_of_one(struct ctx *ctx, const struct uuid *person, const struct uuid *procedure, day_t day, struct uuid *sitting)
{
    struct uuid ids[PLACES_SAME_MAX];
    for (uint32_t i = places_same_one(ctx, person, ids); i > 0; i--)
        if (sitting_find_of(ctx, &ids[i - 1], procedure, day, sitting))
            return true;
    return false;
}

void answer_put(struct ctx *ctx, const struct uuid *sitting, const struct answer *answer)
{
    struct key key = task_key(sitting, answer->task);
    uint8_t chosen[OPTIONS_MAX];
    for (uint32_t i = 0; i < answer->chosen.n; i++)
        chosen[i] = (uint8_t)answer->chosen.at[i];
    txn_put(ctx->txn, T_ANSWER, key_bytes(&key), bytes(chosen, answer->chosen.n));
}

struct answer_list answers_of(struct ctx *ctx, const struct uuid *sitting)
{
    struct answer_list list = { 0, ARENA_LIST(ctx->arena, struct answer, TASKS_MAX) };
    struct key prefix = key_of_uuid(sitting);
    struct bytes key, value;
    struct scan scan;
    scan_begin(&scan, ctx->txn, T_ANSWER, key_bytes(&prefix));
    while (list.n < TASKS_MAX && scan_next(&scan, &key, &value)) {
        struct answer *answer = &list.at[list.n++];
        struct key_reader reader = key_read(key);
        key_read_uuid(&reader);
        answer->task = key_read_u32(&reader);
        answer->chosen.n = (uint32_t)value.n;
        answer->chosen.at = ARENA_LIST(ctx->arena, uint64_t, value.n);
        for (size_t i = 0; i < value.n; i++)
            answer->chosen.at[i] = ((const uint8_t *)value.at)[i];
    }
    scan_end(&scan);
    return list;
}

bool score_find(struct ctx *ctx, const struct uuid *sitting, struct sitting_scored *scored)
{
    return get_by_id(ctx, T_SCORE, sitting, &sitting_scored_desc, scored);
}

void score_put(struct ctx *ctx, const struct sitting_scored *scored)
{
    put_by_id(ctx, T_SCORE, &scored->sitting, &sitting_scored_desc, scored);
}

/* ── distinct persons by unit, year and competency ────────────────────────── */

uint64_t count_get(struct ctx *ctx, const struct uuid *unit, uint32_t year, const char *competency)
{
    struct key key = count_key(unit, year, competency);
    struct bytes value;
    if (!txn_get(ctx->txn, T_COUNT, key_bytes(&key), &value))
        return 0;
    struct key_reader reader = key_read(value);
    return key_read_u64(&reader);
}

static struct key mark_key(const struct uuid *person, uint32_t year, const struct uuid *unit)
{
    struct key key = key_of_uuid(person);
    key_u32(&key, year);
    key_uuid(&key, unit);
    return key;
}

static bool marked(struct ctx *ctx, const struct uuid *person, const struct uuid *unit, uint32_t year, const char *competency)
{
    struct key mark = mark_key(person, year, unit);
    struct bytes there;
    key_text(&mark, competency);
    return txn_get(ctx->txn, T_MARK, key_bytes(&mark), &there);
}

/* What the record has been counted for, and one of `others` too. */
static void doubles_of(struct ctx *ctx, const struct uuid *person, const struct uuid *others, uint32_t n, const struct uuid *unit, uint32_t year,
                       count_double *each, void *arg)
{
    struct key prefix = mark_key(person, year, unit);
    struct bytes key, value;
    struct scan scan;
    scan_begin(&scan, ctx->txn, T_MARK, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key);
        bool twice = false;
        key_read_uuid(&reader);
        key_read_u32(&reader);
        key_read_uuid(&reader);
        const char *competency = key_read_text(&reader);
        for (uint32_t i = 0; i < n && !twice; i++)
            twice = marked(ctx, &others[i], unit, year, competency);
        if (twice)
            each(arg, competency);
    }
    scan_end(&scan);
}

/* Records of one person that were merged are counted apart: apply does not know of it. */
void count_doubles(struct ctx *ctx, const struct uuid *unit, uint32_t year, count_double *each, void *arg)
{
    struct uuid one[PLACES_SAME_MAX];
    struct bytes key, value;
    struct scan scan;
    uint32_t n = 0;
    scan_begin(&scan, ctx->txn, PLACES_MERGED, bytes(NULL, 0));
    while (scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key);
        struct uuid kept = key_read_uuid(&reader), gone = key_read_uuid(&reader);
        if (n == 0 || n == PLACES_SAME_MAX || !uuid_equal(&one[0], &kept)) {
            one[0] = kept;
            n = 1;
        }
        doubles_of(ctx, &gone, one, n, unit, year, each, arg);
        one[n++] = gone;
    }
    scan_end(&scan);
}

static void count_once(struct ctx *ctx, const struct uuid *person, const struct uuid *unit, uint32_t year,
                       const char *competency)
{
    struct key mark = mark_key(person, year, unit), key = count_key(unit, year, competency), value = { 0 };
    if (marked(ctx, person, unit, year, competency))
        return;
    key_text(&mark, competency);
    key_u64(&value, count_get(ctx, unit, year, competency) + 1);
    txn_put(ctx->txn, T_MARK, key_bytes(&mark), bytes("", 0));
    txn_put(ctx->txn, T_COUNT, key_bytes(&key), key_bytes(&value));
}

void count_scored(struct ctx *ctx, const struct sitting_scored *scored)
{
    uint32_t year = (uint32_t)day_year(scored->day);
    for (uint32_t u = 0; u < scored->chain.n; u++) {
        const struct uuid *unit = &scored->chain.at[u];
        count_once(ctx, &scored->person, unit, year, "");
        for (uint32_t i = 0; i < scored->shares.n; i++)
            if (scored->shares.at[i].deficit)
                count_once(ctx, &scored->person, unit, year, scored->shares.at[i].competency);
    }
}

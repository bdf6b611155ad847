#include "tests/service/parrot.h"

#include <unistd.h>

#include "common/core/err.h"

MSG_DEFINE(parrot_say, PARROT_SAY_FIELDS)
MSG_DEFINE(parrot_said, PARROT_SAID_FIELDS)
MSG_DEFINE(parrot_count, PARROT_COUNT_FIELDS)
MSG_DEFINE(parrot_repeat, PARROT_REPEAT_FIELDS)
MSG_DEFINE(parrot_noise, PARROT_NOISE_FIELDS)

#define SAYERS  (ROLE(ROLE_CONSOLE) | ROLE(ROLE_SERVICE))
#define READERS (SAYERS | ROLE(ROLE_OPERATOR))

static const struct enum_desc ROLES = {
    "role", (const char *const[]){ "service", "operator", "console" }, 3,
};

/* ── parrot ───────────────────────────────────────────────────────────────── */
enum { T_WORDS = TABLE_OWN };
static const struct table_def PARROT_TABLES[] = { { "words", TABLE_STATE } };

static uint64_t count_get(struct ctx *ctx, const char *text)
{
    struct key key = { 0 };
    struct parrot_count count = { 0 };

    key_text(&key, text);
    txn_get_msg(ctx->txn, T_WORDS, key_bytes(&key), &parrot_count_desc, ctx->arena, &count);
    return count.count;
}

static void count_add(struct ctx *ctx, const char *text)
{
    struct parrot_count count = { count_get(ctx, text) + 1 };
    struct key key = { 0 };

    key_text(&key, text);
    txn_put_msg(ctx->txn, T_WORDS, key_bytes(&key), &parrot_count_desc, &count);
}

static enum verdict decide_say(struct ctx *ctx, const void *command)
{
    const struct parrot_say *say = command;
    struct parrot_said said = { say->text };
    struct parrot_count count = { count_get(ctx, "") };

    if (say->slow_ms > 0)
        usleep((useconds_t)say->slow_ms * 1000);
    if (strcmp(say->text, "no") == 0)
        return refuse(ctx, PROBLEM_CONFLICT, "will_not");
    for (uint64_t i = 0; i < (say->times > 0 ? say->times : 1); i++, count.count++)
        emit(ctx, "parrot.word.said", &said, &say->scope, uuid_is_nil(&say->scope) ? 0 : 1);
    reply(ctx, &count);
    return VERDICT_OK;
}

static void apply_said(struct ctx *ctx, const void *event)
{
    const struct parrot_said *said = event;

    if (strcmp(said->text, "crash") == 0)
        txn_fail(ctx->txn, ERR_CORRUPT);
    count_add(ctx, "");
    if (strlen(said->text) <= KEY_TEXT_MAX)
        count_add(ctx, said->text);
}

static enum verdict query_count(struct ctx *ctx, const void *query)
{
    struct parrot_count count = { count_get(ctx, "") };

    (void)query;
    reply(ctx, &count);
    return VERDICT_OK;
}

static enum verdict query_get(struct ctx *ctx, const void *query)
{
    const struct parrot_said *said = query;
    struct parrot_count count = { strlen(said->text) <= KEY_TEXT_MAX ? count_get(ctx, said->text) : 0 };

    if (count.count == 0)
        return refuse(ctx, PROBLEM_NOT_FOUND, "never_said");
    reply(ctx, &count);
    return VERDICT_OK;
}

static enum verdict query_repeat(struct ctx *ctx, const void *query)
{
    const struct parrot_repeat *repeat = query;
    struct parrot_noise noise = { bytes(arena_alloc(ctx->arena, repeat->bytes), repeat->bytes) };

    if (repeat->slow_ms > 0)
        usleep((useconds_t)repeat->slow_ms * 1000);
    reply(ctx, &noise);
    return VERDICT_OK;
}

static const struct command_def PARROT_COMMANDS[] = {
    { "parrot.word.say", &parrot_say_desc, &parrot_count_desc, SAYERS, decide_say, NULL },
};
static const struct event_def PARROT_EVENTS[] = { { "parrot.word.said", 1, &parrot_said_desc, apply_said } };
static const struct query_def PARROT_QUERIES[] = {
    { "parrot.word.count", &nothing_desc, &parrot_count_desc, READERS, query_count },
    { "parrot.word.get", &parrot_said_desc, &parrot_count_desc, SAYERS, query_get },
    { "parrot.word.repeat", &parrot_repeat_desc, &parrot_noise_desc, SAYERS, query_repeat },
};
const struct service parrot_service = {
    .name = "parrot", .state_version = 1, .roles = &ROLES, .follow_roles = SAYERS,
    .follow_public = ROLE(ROLE_CONSOLE),
    .tables = PARROT_TABLES, .table_count = 1, .commands = PARROT_COMMANDS, .command_count = 1,
    .events = PARROT_EVENTS, .event_count = 1, .queries = PARROT_QUERIES, .query_count = 3,
};

/* ── echo ─────────────────────────────────────────────────────────────────── */
enum { T_HEARD = TABLE_OWN };
static const struct table_def ECHO_TABLES[] = { { "heard", TABLE_COPY } };

static void project_said(struct ctx *ctx, const void *event)
{
    (void)event;
    count_add(ctx, "");
}

static const struct query_def ECHO_QUERIES[] = {
    { "echo.word.count", &nothing_desc, &parrot_count_desc, READERS, query_count },
};
static const struct projection_def ECHO_PROJECTIONS[] = {
    { "parrot", "parrot.word.said", 1, &parrot_said_desc, project_said },
};
_Static_assert((int)T_HEARD == (int)T_WORDS, "both count in the same table_t");
const struct service echo_service = {
    .name = "echo", .state_version = 1, .copy_version = 1, .roles = &ROLES, .follow_roles = SAYERS,
    .tables = ECHO_TABLES, .table_count = 1, .queries = ECHO_QUERIES, .query_count = 1,
    .projections = ECHO_PROJECTIONS, .projection_count = 1,
};

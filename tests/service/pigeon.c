#include "tests/service/parrot.h"

#include <stdio.h>

#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/core/files.h"
#include "common/core/log.h"
#include "common/service/errand.h"

MSG_DEFINE(pigeon_note, PIGEON_NOTE_FIELDS)
MSG_DEFINE(pigeon_count, PIGEON_COUNT_FIELDS)

#define SELF ROLE(ROLE_SERVICE)
#define MOST 64

static const struct enum_desc ROLES = {
    "role", (const char *const[]){ "service", "operator", "console" }, 3,
};
enum { T_NOTES = TABLE_OWN, T_ON_WING };
static const struct table_def TABLES[] = { { "notes", TABLE_STATE }, { "on_wing", TABLE_STATE } };

static bool note_get(struct ctx *ctx, table_t table, const char *name, struct pigeon_note *note)
{
    struct key key = { 0 };
    key_text(&key, name);
    return txn_get_msg(ctx->txn, table, key_bytes(&key), &pigeon_note_desc, ctx->arena, note);
}

/* ── the service ──────────────────────────────────────────────────────────── */

static enum verdict decide_take(struct ctx *ctx, const void *command)
{
    const struct pigeon_note *note = command;
    struct pigeon_note known;
    if (!ctx->who->self)
        return refuse(ctx, PROBLEM_DENIED, "not_yours");
    if (service_cap_bytes(ctx) > 0 && store_used(ctx) >= service_cap_bytes(ctx))
        return refuse(ctx, PROBLEM_UNAVAILABLE, "no_space");
    if (note->text == NULL)
        return refuse_field(ctx, "message", "text", "missing");
    if (note_get(ctx, T_NOTES, note->name, &known))
        return refuse(ctx, PROBLEM_CONFLICT, "known");
    emit(ctx, "pigeon.note.taken", note, NULL, 0);
    return VERDICT_OK;
}

static enum verdict decide_answer(struct ctx *ctx, const void *command)
{
    const struct pigeon_note *note = command;
    struct pigeon_note known;
    if (!ctx->who->self)
        return refuse(ctx, PROBLEM_DENIED, "not_yours");
    if (!note_get(ctx, T_NOTES, note->name, &known))
        return refuse(ctx, PROBLEM_NOT_FOUND, "no_such_note");
    if (!known.answered)
        emit(ctx, "pigeon.note.answered", note, NULL, 0);
    return VERDICT_OK;
}

static void note_put(struct ctx *ctx, table_t table, const struct pigeon_note *note)
{
    struct key key = { 0 };
    key_text(&key, note->name);
    txn_put_msg(ctx->txn, table, key_bytes(&key), &pigeon_note_desc, note);
}

static void apply_taken(struct ctx *ctx, const void *event)
{
    note_put(ctx, T_NOTES, event);
    note_put(ctx, T_ON_WING, event);
}

static void apply_answered(struct ctx *ctx, const void *event)
{
    struct pigeon_note note = *(const struct pigeon_note *)event;
    struct key key = { 0 };
    note.answered = true;
    note_put(ctx, T_NOTES, &note);
    key_text(&key, note.name);
    txn_delete(ctx->txn, T_ON_WING, key_bytes(&key));
}

static enum verdict query_count(struct ctx *ctx, const void *query)
{
    struct pigeon_count count = { .taken = txn_count(ctx->txn, T_NOTES) };
    count.answered = count.taken - txn_count(ctx->txn, T_ON_WING);
    (void)query;
    reply(ctx, &count);
    return VERDICT_OK;
}

/* ── the errand ───────────────────────────────────────────────────────────── */

struct bag { char in[400], out[400]; struct uuid sent[MOST]; uint32_t n; };
struct loft { struct errand *errand; struct pigeon_note *note[MOST]; uint32_t n; };

static struct uuid id_of(struct errand *errand, const char *kind, const struct pigeon_note *note)
{
    struct bytes key = msg_encode_in(errand->arena, &pigeon_note_desc, note);
    struct hash hash = hash_two(bytes_of(kind), key);
    return uuid_v7(uuid_ms(&errand->journal), hash.b);
}

static int take_file(void *arg, const char *name)
{
    struct errand *errand = arg;
    struct bag *bag = errand->memory;
    struct buf text = { 0 };
    const struct problem *problem;
    char path[600];
    snprintf(path, sizeof path, "%s/%s", bag->in, name);
    int err = file_get(path, 8000, &text);
    if (err == ERR_OK) {
        struct pigeon_note note = { .name = name, .text = arena_string(errand->arena, (const char *)text.at, text.n) };
        struct uuid id = id_of(errand, "take", &note);
        if (SABOTAGE("drop_first"))         /* for the control of a test: it has to miss the note */
            file_drop(bag->in, name);
        err = errand_submit(errand, &id, "pigeon.note.take", &pigeon_note_desc, &note, NULL, NULL, &problem);
        if (err == ERR_OK && (problem == NULL || strcmp(problem->reason, "known") == 0))
            err = file_drop(bag->in, name);
        FAILPOINT("pigeon_took");
    }
    buf_free(&text);
    return errand_ending(errand) ? ERR_TIMEOUT : err;
}

static void look(struct ctx *ctx, void *arg)
{
    struct loft *loft = arg;
    struct bytes key, value;
    struct scan scan;
    struct msg_error error;
    scan_begin(&scan, ctx->txn, T_ON_WING, bytes(NULL, 0));
    while (loft->n < MOST && scan_next(&scan, &key, &value)) {
        struct pigeon_note *note = loft->note[loft->n++] = ARENA_NEW(ctx->arena, struct pigeon_note);
        if (msg_decode(&pigeon_note_desc, value, MSG_LENIENT, ctx->arena, note, &error) != ERR_OK)
            txn_fail(ctx->txn, ERR_CORRUPT);
    }
    scan_end(&scan);
}

static void landed(void *arg, void *tag, const struct client_reply *reply)
{
    struct loft *loft = arg;
    struct errand *errand = loft->errand;
    const struct pigeon_note *sent = loft->note[(uintptr_t)tag];
    struct pigeon_note note = { .name = sent->name };
    struct parrot_count count;
    struct msg_error error;
    const struct problem *problem;
    if (reply->err != ERR_OK)
        return;
    if (reply->problem != NULL && !reply->has_position)
        return;                             /* not decided: it flies again */
    if (reply->problem != NULL)
        note.refusal = arena_string(errand->arena, reply->problem->reason, strlen(reply->problem->reason));
    else if (msg_decode(&parrot_count_desc, reply->body, MSG_LENIENT, errand->arena, &count, &error) == ERR_OK)
        note.answer = count.count;
    /* First what the world outside sees: it can be done again with the same bytes. */
    struct bag *bag = errand->memory;
    const char *text = arena_format(errand->arena, "%s %llu\n", note.refusal != NULL ? note.refusal : "said",
                                    (unsigned long long)note.answer);
    if (file_put(bag->out, note.name, bytes_of(text)) != ERR_OK)
        return;
    struct uuid id = id_of(errand, "answer", &note);
    errand_submit(errand, &id, "pigeon.note.answer", &pigeon_note_desc, &note, NULL, NULL, &problem);
}

static uint32_t step(struct errand *errand)
{
    struct bag *bag = errand->memory;
    struct loft loft = { .errand = errand };
    snprintf(bag->in, sizeof bag->in, "%s/in", errand->files);
    snprintf(bag->out, sizeof bag->out, "%s/out", errand->files);
    if (dir_make(bag->in, 0750) != ERR_OK || dir_make(bag->out, 0750) != ERR_OK)
        return 1000;
    dir_each(bag->in, take_file, errand);
    if (errand_read(errand, look, &loft) != ERR_OK)
        return 1000;
    errand_hang_up(errand, "parrot");       /* what an earlier step left */
    for (uint32_t i = 0; i < loft.n; i++) {
        const struct parrot_say say = { .text = loft.note[i]->text };
        const struct client_request request = {
            .method = "parrot.word.say", .body = msg_encode_in(errand->arena, &parrot_say_desc, &say), .deadline_ms = 2000,
            .command = id_of(errand, "say", &(struct pigeon_note){ .name = loft.note[i]->name, .text = loft.note[i]->text }),
        };
        if (errand_send(errand, "parrot", &request, (void *)(uintptr_t)i) != ERR_OK)
            break;
    }
    while (errand_outstanding(errand, "parrot") > 0 && !errand_ending(errand))
        errand_poll(errand, "parrot", 100, landed, &loft);
    return loft.n > 0 ? 100 : 50;
}

static const struct command_def COMMANDS[] = {
    { "pigeon.note.take", &pigeon_note_desc, &nothing_desc, SELF, decide_take, NULL },
    { "pigeon.note.answer", &pigeon_note_desc, &nothing_desc, SELF, decide_answer, NULL },
};
static const struct event_def EVENTS[] = {
    { "pigeon.note.taken", 1, &pigeon_note_desc, apply_taken },
    { "pigeon.note.answered", 1, &pigeon_note_desc, apply_answered },
};
static const struct query_def QUERIES[] = {
    { "pigeon.note.count", &nothing_desc, &pigeon_count_desc, SELF, query_count },
};
static const struct errand_def ERRANDS[] = { { "flight", sizeof(struct bag), step, NULL } };
const struct service pigeon_service = {
    .name = "pigeon", .state_version = 1, .roles = &ROLES, .follow_roles = SELF, .tables = ROWS(TABLES),
    .commands = ROWS(COMMANDS), .events = ROWS(EVENTS), .queries = ROWS(QUERIES), .errands = ROWS(ERRANDS),
};

/* The work of history load: runs, sittings, agreements, support. */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/history/history_parts.h"
#include "common/core/err.h"
#include "common/core/log.h"
#include "proto/routes.h"

void history_after_roster(struct history *history, struct pipe *pipe)
{
    if (history->roster.known)
        pipe_after(pipe, &history->roster.at);
}

static void after_diagnostics(struct history *history, struct pipe *pipe)
{
    history_after_roster(history, pipe);
    if (history->diagnostics.known)
        pipe_after(pipe, &history->diagnostics.at);
}

void history_unknown(struct pipe *pipe, uint32_t line, const char *reason, const char *field)
{
    pipe_refuse(pipe, line, PROBLEM_NOT_FOUND, reason, field, "unknown", 0);
}

/* ── runs ─────────────────────────────────────────────────────────────────── */
const char *history_run_name(const struct uuid *programme, const char *code, struct arena *arena)
{
    char text[UUID_TEXT + 1];

    uuid_format(programme, text);
    return arena_format(arena, "%s/%s", text, code);
}

/* One with a code has an id that follows from it, so that enrolments can name it whenever it was loaded. */
static void run_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct run_line *read = row;
    const struct uuid *programme = lookup_get(&history->programmes, read->programme);
    bool coded = read->code != NULL && *read->code != '\0';

    if (programme == NULL) {
        history_unknown(pipe, line, "programme_unknown", "programme");
        return;
    }
    struct run run = { .programme = *programme, .day = read->day, .until = read->until, .places = read->places };
    if (coded) {
        const char *name = history_run_name(programme, read->code, arena);
        run.code = read->code;
        run.id = uuid_derive("run", bytes_of(name));
        lookup_put(&history->runs, name, &run.id);
    }
    pipe_message(pipe, line, &run);
}

int history_runs(struct history *history)
{
    static const struct history_table TABLE = {
        "runs.csv", "Потоки программ", "programmes.run.record", RUN_COLUMN, &RUN_COLUMN_N, &run_line_desc, history_after_roster, run_send, NULL };
    return history_table_load(history, &TABLE);
}

/* ── sittings ─────────────────────────────────────────────────────────────── */
static void sitting_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row,
                         struct arena *arena)
{
    const struct sitting_row_of *read = row;
    const struct uuid *procedure = lookup_get(&history->procedures, read->procedure);
    const struct uuid *person = lookup_get(&history->persons, read->person);
    bool named = read->organisation != NULL && *read->organisation != '\0';
    const struct uuid *organisation = named ? lookup_get(&history->organisations, read->organisation) : &UUID_NIL;
    struct answers_read answers;

    if (procedure == NULL)
        history_unknown(pipe, line, "procedure_unknown", "procedure");
    else if (person == NULL)
        history_unknown(pipe, line, "person_unknown", "person");
    else if (organisation == NULL)
        history_unknown(pipe, line, "organisation_unknown", "organisation");
    else if (!answers_read(read->answers, arena, &answers))
        pipe_refuse(pipe, line, PROBLEM_INVALID, "message", "answers", "type", 0);
    else {
        history->key_of_line[line] = history_pair(read->procedure, read->person, &history->cli->arena);
        const struct sitting_record record = { .procedure = *procedure, .person = *person,
                                               .organisation = *organisation,
                                               .day = read->day, .answers = { answers.n, answers.at } };
        pipe_message(pipe, line, &record);
    }
}

/* One that was there already names itself in the refusal. */
static void sitting_taken(void *arg, uint32_t line, const struct client_reply *reply)
{
    struct history *history = arg;
    struct uuid made = history_made(reply);

    for (uint32_t i = 0; reply->problem != NULL && i < reply->problem->args.n; i++)
        if (strcmp(reply->problem->args.at[i].name, "sitting") == 0)
            uuid_parse(&made, reply->problem->args.at[i].value, strlen(reply->problem->args.at[i].value));
    lookup_put(&history->sittings, history->key_of_line[line], &made);
}

int history_sittings(struct history *history)
{
    static const struct history_table TABLE = {
        "sittings.csv", "Прохождения", "diagnostics.sitting.record", SITTING_COLUMN, &SITTING_COLUMN_N, &sitting_row_of_desc,
        history_after_roster, sitting_send, sitting_taken };
    return history_table_load(history, &TABLE);
}

/* ── agreements ───────────────────────────────────────────────────────────── */
bool history_route(const struct history *history, const char *procedure, const char *person, struct uuid *route)
{
    struct arena arena = { 0 };
    const struct uuid *sitting = lookup_get(&history->sittings, history_pair(procedure, person, &arena));

    if (sitting != NULL)
        *route = uuid_derive("route", bytes(sitting->b, sizeof sitting->b));
    arena_free(&arena);
    return sitting != NULL;
}

static void agreement_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row,
                           struct arena *arena)
{
    const struct agreement_row *read = row;
    struct agreement_record record = { .day = read->day };

    (void)arena;
    if (!history_route(history, read->procedure, read->person, &record.route))
        history_unknown(pipe, line, "route_unknown", "person");
    else
        pipe_message(pipe, line, &record);
}

int history_agreements(struct history *history)
{
    static const struct history_table TABLE = {
        "agreements.csv", "Согласования маршрутов", "routes.agreement.record", AGREEMENT_COLUMN, &AGREEMENT_COLUMN_N,
        &agreement_row_desc, after_diagnostics, agreement_send, NULL };
    return history_table_load(history, &TABLE);
}

/* ── support ──────────────────────────────────────────────────────────────── */
static void support_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row,
                         struct arena *arena)
{
    const struct support_row *read = row;
    const struct uuid *person = lookup_get(&history->persons, read->person);

    (void)arena;
    if (person == NULL)
        history_unknown(pipe, line, "person_unknown", "person");
    else
        pipe_message(pipe, line, &(struct support_record){ .person = *person, .form = read->form, .day = read->day });
}

int history_support(struct history *history)
{
    static const struct history_table TABLE = {
        "support.csv", "Поддержка молодых педагогов", "routes.support.record", SUPPORT_COLUMN, &SUPPORT_COLUMN_N,
        &support_row_desc, history_after_roster, support_send, NULL };
    return history_table_load(history, &TABLE);
}

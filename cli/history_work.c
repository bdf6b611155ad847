/* The work of history load: runs, sittings, agreements, completions, support. */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/history_parts.h"
#include "common/core/err.h"
#include "common/core/log.h"
#include "proto/routes.h"

static void after_roster(struct history *history, struct pipe *pipe)
{
    if (history->roster.known)
        pipe_after(pipe, &history->roster.at);
}

static void after_diagnostics(struct history *history, struct pipe *pipe)
{
    after_roster(history, pipe);
    if (history->diagnostics.known)
        pipe_after(pipe, &history->diagnostics.at);
}

static void unknown(struct pipe *pipe, uint32_t line, const char *reason, const char *field)
{
    pipe_refuse(pipe, line, PROBLEM_NOT_FOUND, reason, field, "unknown", 0);
}

/* ── runs ─────────────────────────────────────────────────────────────────── */
static void run_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct run_line *read = row;
    const struct uuid *programme = lookup_get(&history->programmes, read->programme);

    (void)arena;
    if (programme == NULL)
        unknown(pipe, line, "programme_unknown", "programme");
    else
        pipe_message(pipe, line, &(struct run){ .programme = *programme, .day = read->day });
}

int history_runs(struct history *history)
{
    static const struct history_table TABLE = {
        "runs.csv", "Потоки программ", "programmes.run.record", RUN_COLUMN, &RUN_COLUMN_N, &run_line_desc, after_roster, run_send, NULL };
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
        unknown(pipe, line, "procedure_unknown", "procedure");
    else if (person == NULL)
        unknown(pipe, line, "person_unknown", "person");
    else if (organisation == NULL)
        unknown(pipe, line, "organisation_unknown", "organisation");
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
    struct registered registered = { 0 };
    struct arena arena = { 0 };
    struct msg_error error;

    if (reply->problem == NULL)
        msg_decode(&registered_desc, reply->body, MSG_LENIENT, &arena, &registered, &error);
    for (uint32_t i = 0; reply->problem != NULL && i < reply->problem->args.n; i++)
        if (strcmp(reply->problem->args.at[i].name, "sitting") == 0)
            uuid_parse(&registered.id, reply->problem->args.at[i].value, strlen(reply->problem->args.at[i].value));
    lookup_put(&history->sittings, history->key_of_line[line], &registered.id);
    arena_free(&arena);
}

int history_sittings(struct history *history)
{
    static const struct history_table TABLE = {
        "sittings.csv", "Прохождения", "diagnostics.sitting.record", SITTING_COLUMN, &SITTING_COLUMN_N, &sitting_row_of_desc,
        after_roster, sitting_send, sitting_taken };
    return history_table_load(history, &TABLE);
}

/* ── agreements ───────────────────────────────────────────────────────────── */
/* Who knows the sitting knows the route. */
static bool route_of(const struct history *history, const char *procedure, const char *person, struct uuid *route)
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
    if (!route_of(history, read->procedure, read->person, &record.route))
        unknown(pipe, line, "route_unknown", "person");
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

/* ── completions ──────────────────────────────────────────────────────────── */
/* Where a step is named instead of a programme, the route is asked first; its answer sends the completion. */
struct asking { struct history *history; struct pipe routes; };

static void step_taken(void *arg, uint32_t line, const struct client_reply *reply)
{
    struct asking *asking = arg;
    struct history *history = asking->history;
    struct completion_record *record = &history->waiting[line];
    struct arena arena = { 0 };
    struct route route;
    struct msg_error error;

    if (msg_decode(&route_desc, reply->body, MSG_LENIENT, &arena, &route, &error) == ERR_OK)
        for (uint32_t i = 0; i < route.draft->steps.n; i++)
            if (route.draft->steps.at[i].number == history->step[line])
                record->programme = route.draft->steps.at[i].programme;
    arena_free(&arena);
    if (uuid_is_nil(&record->programme))
        unknown(history->into, line, "step_unknown", "what");
    else
        pipe_message(history->into, line, record);
}

static bool step_read(const char *text, uint64_t *step)
{
    char *end;

    if (*text < '1' || *text > '9')
        return false;
    *step = strtoull(text, &end, 10);
    return *end == '\0';
}

static bool completion_read(struct history *history, struct pipe *pipe, const struct csv_row *row, struct sheet *sheet,
                            struct completion_record *record, uint64_t *step)
{
    struct completion_row read;
    struct msg_error error;
    struct buf body = { 0 };

    csv_message(&completion_row_desc, sheet->columns, sheet->n, &sheet->mapping, row, &body);
    int err = msg_decode(&completion_row_desc, buf_bytes(&body), MSG_STRICT, &sheet->row_arena, &read, &error);
    buf_free(&body);
    if (err != ERR_OK) {
        pipe_refuse(pipe, row->line, PROBLEM_INVALID, "message", error.path, error.rule, error.limit);
        return false;
    }
    const struct uuid *person = lookup_get(&history->persons, read.person);
    const struct uuid *programme = lookup_get(&history->programmes, read.what);
    bool by_route = read.procedure != NULL && *read.procedure != '\0';
    *step = 0;
    *record = (struct completion_record){ .enrolled = read.enrolled, .day = read.day,
                                          .document = arena_string(&sheet->arena, read.document,
                                                                   strlen(read.document)) };
    if (person == NULL)
        unknown(pipe, row->line, "person_unknown", "person");
    else if (by_route && !route_of(history, read.procedure, read.person, &record->route))
        unknown(pipe, row->line, "route_unknown", "procedure");
    else if (programme == NULL && !(by_route && step_read(read.what, step)))
        unknown(pipe, row->line, "programme_unknown", "what");
    else {
        record->person = *person;
        record->programme = programme != NULL ? *programme : UUID_NIL;
        return true;
    }
    return false;
}

static void completions_send(struct history *history, struct sheet *sheet, struct asking *asking)
{
    struct completion_record record;
    struct csv_row row;
    uint64_t step;

    while (asking->routes.err == ERR_OK && history->into->err == ERR_OK && sheet_next(sheet, &row)) {
        if (!completion_read(history, history->into, &row, sheet, &record, &step))
            continue;
        if (step == 0) {
            pipe_message(history->into, row.line, &record);
            continue;
        }
        history->waiting[row.line] = record;
        history->step[row.line] = step;
        pipe_message(&asking->routes, row.line, &(struct route_move){ record.route });
    }
}

/* Refusals of both pipes are about the same rows: those of the routes are moved over. */
static void refusals_move(struct pipe *from, struct pipe *to)
{
    for (uint32_t i = 0; i < from->refused.n; i++) {
        struct problem problem;
        struct msg_error error;
        if (msg_decode(&problem_desc, from->refused.at[i].problem, MSG_LENIENT, &from->arena, &problem,
                       &error) == ERR_OK)
            pipe_refuse(to, from->refused.at[i].line, problem.code, problem.reason, "procedure", "unknown", 0);
    }
}

static int completions_load(struct history *history, struct sheet *sheet)
{
    struct pipe into;
    struct asking asking = { .history = history };
    int code = pipe_open(&into, history->cli, "programmes.completion.record", &sheet->hash,
                         "Документы о квалификации", sheet->rows);

    if (code != CLI_OK)
        return code;
    history->into = &into;
    after_roster(history, &into);
    if ((code = pipe_open(&asking.routes, history->cli, "routes.route.get", &sheet->hash, "Шаги маршрутов",
                          0)) == CLI_OK) {
        asking.routes.taken = step_taken;
        asking.routes.arg = &asking;
        completions_send(history, sheet, &asking);
        code = pipe_close(&asking.routes);
        refusals_move(&asking.routes, &into);
        pipe_free(&asking.routes);
    }
    int closed = pipe_close(&into);
    sheet_say_refused(history->cli, sheet, &into);
    history_stood(history, &into);
    pipe_free(&into);
    history->into = NULL;
    return code == CLI_OK ? closed : code;
}

int history_completions(struct history *history)
{
    struct sheet sheet;
    int code = sheet_open(history->cli, &sheet, history_path(history, "completions.csv"), COMPLETION_COLUMN,
                          COMPLETION_COLUMN_N);

    if (code == CLI_OK) {
        history->waiting = ARENA_LIST(&sheet.arena, struct completion_record, sheet.last_line + 1);
        history->step = ARENA_LIST(&sheet.arena, uint64_t, sheet.last_line + 1);
        code = completions_load(history, &sheet);
    }
    sheet_close(&sheet);
    return code;
}

/* ── support ──────────────────────────────────────────────────────────────── */
static void support_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row,
                         struct arena *arena)
{
    const struct support_row *read = row;
    const struct uuid *person = lookup_get(&history->persons, read->person);

    (void)arena;
    if (person == NULL)
        unknown(pipe, line, "person_unknown", "person");
    else
        pipe_message(pipe, line, &(struct support_record){ .person = *person, .form = read->form, .day = read->day });
}

int history_support(struct history *history)
{
    static const struct history_table TABLE = {
        "support.csv", "Поддержка молодых педагогов", "routes.support.record", SUPPORT_COLUMN, &SUPPORT_COLUMN_N,
        &support_row_desc, after_roster, support_send, NULL };
    return history_table_load(history, &TABLE);
}

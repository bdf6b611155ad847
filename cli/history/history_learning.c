/* Learning, of history load: enrolments, attestations, documents. */
#include <stdlib.h>

#include "cli/history/history_parts.h"
#include "common/core/err.h"

/* ── rows that ask a route for its step ───────────────────────────────────── */
struct stepping {
    struct history *history;
    const struct history_stepped *how;
    struct pipe into, routes;
    void **waiting;                     /* by line: the message that waits for the programme of its step */
    uint64_t *step;
};

static void step_taken(void *arg, uint32_t line, const struct client_reply *reply)
{
    struct stepping *s = arg;
    struct uuid programme = UUID_NIL;
    struct arena arena = { 0 };
    struct route route;
    struct msg_error error;

    if (msg_decode(&route_desc, reply->body, MSG_LENIENT, &arena, &route, &error) == ERR_OK)
        for (uint32_t i = 0; i < route.draft->steps.n; i++)
            if (route.draft->steps.at[i].number == s->step[line])
                programme = route.draft->steps.at[i].programme;
    arena_free(&arena);
    if (uuid_is_nil(&programme))
        history_unknown(&s->into, line, "step_unknown", "step");
    else if (s->how->stepped(s->history, &s->into, line, &programme, s->waiting[line]))
        pipe_message(&s->into, line, s->waiting[line]);
}

static void stepped_row(struct stepping *s, struct sheet *sheet, const struct csv_row *row)
{
    const struct msg_desc *desc = s->how->table.desc;
    void *read = arena_alloc(&sheet->list.row_arena, desc->size), *message = arena_alloc(&sheet->list.arena, s->how->message_size);
    struct uuid route = UUID_NIL;
    uint64_t step = 0;
    struct msg_error error;
    struct buf body = { 0 };

    list_message(&sheet->list, desc, row, &body);
    int err = msg_decode(desc, buf_bytes(&body), MSG_STRICT, &sheet->list.row_arena, read, &error);
    buf_free(&body);
    if (err != ERR_OK) {
        pipe_refuse(&s->into, row->line, PROBLEM_INVALID, "message", error.path, error.rule, error.limit);
        return;
    }
    memset(message, 0, s->how->message_size);
    if (!s->how->row(s->history, &s->into, row->line, read, &sheet->list.arena, message, &route, &step))
        return;
    if (step == 0) {
        pipe_message(&s->into, row->line, message);
        return;
    }
    s->waiting[row->line] = message;
    s->step[row->line] = step;
    pipe_message(&s->routes, row->line, &(struct route_move){ route });
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

static int stepped_send(struct stepping *s, struct sheet *sheet)
{
    struct csv_row row;
    int code = pipe_open(&s->routes, s->history->cli, "routes.route.get", &sheet->hash, "Шаги маршрутов", 0);

    if (code == CLI_OK) {
        s->routes.taken = step_taken;
        s->routes.arg = s;
        while (s->routes.err == ERR_OK && s->into.err == ERR_OK && sheet_next(sheet, &row))
            stepped_row(s, sheet, &row);
        code = pipe_close(&s->routes);
        refusals_move(&s->routes, &s->into);
        pipe_free(&s->routes);
    }
    return code;
}

int history_stepped_load(struct history *history, const struct history_stepped *how)
{
    const struct history_table *table = &how->table;
    struct stepping s = { .history = history, .how = how };
    struct sheet sheet;
    int code = sheet_open(history->cli, &sheet, history_path(history, table->file), table->columns, *table->n);

    if (code == CLI_OK && (code = pipe_open(&s.into, history->cli, table->method, &sheet.hash, table->what,
                                            sheet.list.rows)) == CLI_OK) {
        s.waiting = ARENA_LIST(&sheet.list.arena, void *, sheet.list.last_line + 1);
        s.step = ARENA_LIST(&sheet.list.arena, uint64_t, sheet.list.last_line + 1);
        if (table->ready != NULL)
            table->ready(history, &s.into);
        code = stepped_send(&s, &sheet);
        int closed = pipe_close(&s.into);
        code = code == CLI_OK ? closed : code;
        sheet_say_refused(history->cli, &sheet, &s.into);
        history_stood(history, &s.into);
        pipe_free(&s.into);
    }
    sheet_close(&sheet);
    return code;
}

/* ── enrolments ───────────────────────────────────────────────────────────── */
/* The run of that programme, and with it who the enrolment is. */
static bool enrolment_name(struct history *history, struct pipe *pipe, uint32_t line, const struct uuid *programme,
                           const char *code, const char *run_code, struct enrolment_record *record)
{
    struct arena *arena = &history->cli->arena;
    const struct uuid *run = lookup_get(&history->runs, history_run_name(programme, run_code, arena));

    if (run == NULL) {
        history_unknown(pipe, line, "run_unknown", "run");
        return false;
    }
    struct buf key = { 0 };
    buf_text(&key, code);
    buf_put(&key, run->b, sizeof run->b);
    buf_put(&key, record->person.b, sizeof record->person.b);
    record->run = *run;
    record->id = uuid_derive("enrolment of a folder", buf_bytes(&key));
    buf_free(&key);
    lookup_put(&history->enrolments, code, &record->id);
    lookup_put(&history->learnt, code, programme);
    return true;
}

/* The record and what its name is made of; the record stands first, so that it can be sent as it is. */
struct enrolling { struct enrolment_record record; const char *code, *run; };

static bool enrolment_row_read(struct history *history, struct pipe *pipe, uint32_t line, const void *row,
                               struct arena *arena, void *message, struct uuid *route, uint64_t *step)
{
    const struct enrolment_line *read = row;
    struct enrolling *e = message;
    const struct uuid *person = lookup_get(&history->persons, read->person);
    const char *slash = strrchr(read->run, '/');
    const char *of = slash != NULL ? arena_string(arena, read->run, (size_t)(slash - read->run)) : "";
    const struct uuid *programme = lookup_get(&history->programmes, of);
    bool by_route = read->procedure != NULL && *read->procedure != '\0';

    if (person == NULL)
        history_unknown(pipe, line, "person_unknown", "person");
    else if (by_route && read->step == 0)
        pipe_refuse(pipe, line, PROBLEM_INVALID, "message", "step", "missing", 0);
    else if (by_route && !history_route(history, read->procedure, read->person, route))
        history_unknown(pipe, line, "route_unknown", "procedure");
    else if (slash != NULL ? programme == NULL : !by_route)
        history_unknown(pipe, line, "run_unknown", "run");
    else {
        e->record = (struct enrolment_record){ .person = *person, .day = read->day, .route = *route,
                                               .step = by_route ? read->step : 0 };
        e->code = arena_string(arena, read->code, strlen(read->code));
        e->run = arena_string(arena, read->run, strlen(read->run));
        *step = slash == NULL ? read->step : 0;
        return slash == NULL || enrolment_name(history, pipe, line, programme, e->code, slash + 1, &e->record);
    }
    return false;
}

static bool enrolment_stepped(struct history *history, struct pipe *pipe, uint32_t line, const struct uuid *programme,
                              void *message)
{
    struct enrolling *e = message;
    return enrolment_name(history, pipe, line, programme, e->code, e->run, &e->record);
}

int history_enrolments(struct history *history)
{
    static const struct history_stepped TABLE = {
        { "enrolments.csv", "Зачисления", "programmes.enrolment.record", ENROLMENT_COLUMN, &ENROLMENT_COLUMN_N,
          &enrolment_line_desc, history_after_roster, NULL, NULL },
        sizeof(struct enrolling), enrolment_row_read, enrolment_stepped };
    return history_stepped_load(history, &TABLE);
}

/* The same file again: who has left, and when. */
static void departure_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row,
                           struct arena *arena)
{
    const struct enrolment_line *read = row;
    const struct uuid *enrolment = lookup_get(&history->enrolments, read->code);
    int reason = read->reason != NULL && *read->reason != '\0' ? end_reason_read(read->reason) : END_WITHDREW;

    (void)arena;
    if (read->left == 0 || enrolment == NULL)       /* stayed; or was refused, and it was said */
        return;
    if (reason < 0)
        pipe_refuse(pipe, line, PROBLEM_INVALID, "message", "reason", "no_such_name", 0);
    else
        pipe_message(pipe, line, &(struct enrolment_end){ *enrolment, read->left, reason });
}

int history_departures(struct history *history)
{
    static const struct history_table TABLE = {
        "enrolments.csv", "Выбывшие", "programmes.enrolment.end", ENROLMENT_COLUMN, &ENROLMENT_COLUMN_N,
        &enrolment_line_desc, history_after_roster, departure_send, NULL };
    history->again = true;
    int code = history_table_load(history, &TABLE);
    history->again = false;
    return code;
}

/* ── attestations ─────────────────────────────────────────────────────────── */
/* Three times through the file: interim ones, final ones that were not passed, those that were. Nothing may follow a
 * final one that is passed, and a service that is started again meanwhile is sent what it has not answered in no
 * order. */
static void attestation_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, bool final,
                             bool passed)
{
    const struct attestation_line *read = row;
    const struct uuid *enrolment = lookup_get(&history->enrolments, read->enrolment);
    int kind = attestation_kind_read(read->kind);

    if (kind < 0 && !history->again)
        pipe_refuse(pipe, line, PROBLEM_INVALID, "message", "kind", "no_such_name", 0);
    if (kind != (final ? ATTESTATION_FINAL : ATTESTATION_INTERIM) || (final && read->passed != passed))
        return;
    if (enrolment == NULL)
        history_unknown(pipe, line, "enrolment_unknown", "enrolment");
    else
        pipe_message(pipe, line, &(struct attestation_record){ *enrolment, kind, read->passed, read->day });
}

static void interim_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    (void)arena;
    attestation_send(history, pipe, line, row, false, false);
}

static void failed_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    (void)arena;
    attestation_send(history, pipe, line, row, true, false);
}

static void passed_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    (void)arena;
    attestation_send(history, pipe, line, row, true, true);
}

int history_attestations(struct history *history)
{
#define PASS(what, row) \
    { "attestations.csv", what, "programmes.attestation.record", ATTESTATION_COLUMN, &ATTESTATION_COLUMN_N, &attestation_line_desc, \
      history_after_roster, row, NULL }
    static const struct history_table TABLES[] = {
        PASS("Аттестации промежуточные", interim_send), PASS("Аттестации, не сданные", failed_send), PASS("Аттестации итоговые", passed_send),
    };
#undef PASS

    return history_tables_load(history, TABLES, sizeof TABLES / sizeof *TABLES);
}

/* ── documents ────────────────────────────────────────────────────────────── */
static bool step_number(const char *text, uint64_t *step)
{
    char *end;

    if (*text < '1' || *text > '9')
        return false;
    *step = strtoull(text, &end, 10);
    return *end == '\0';
}

static bool completion_row_read(struct history *history, struct pipe *pipe, uint32_t line, const void *row,
                                struct arena *arena, void *message, struct uuid *route, uint64_t *step)
{
    const struct completion_row *read = row;
    struct completion_record *record = message;
    const struct uuid *person = lookup_get(&history->persons, read->person);
    const struct uuid *programme = lookup_get(&history->programmes, read->what);
    bool by_route = read->procedure != NULL && *read->procedure != '\0';
    bool enrolled = read->enrolment != NULL && *read->enrolment != '\0';
    const struct uuid *enrolment = enrolled ? lookup_get(&history->enrolments, read->enrolment) : NULL;

    *record = (struct completion_record){ .enrolled = read->enrolled, .day = read->day,
                                          .document = arena_string(arena, read->document, strlen(read->document)) };
    if (person == NULL)
        history_unknown(pipe, line, "person_unknown", "person");
    else if (by_route && !history_route(history, read->procedure, read->person, &record->route))
        history_unknown(pipe, line, "route_unknown", "procedure");
    else if (enrolled && enrolment == NULL)
        history_unknown(pipe, line, "enrolment_unknown", "enrolment");
    else if (programme == NULL && !(by_route && step_number(read->what, step)))
        history_unknown(pipe, line, "programme_unknown", "what");
    else {
        if (enrolled) {                             /* the enrolment knows the programme of the step */
            record->enrolment = *enrolment;
            programme = lookup_get(&history->learnt, read->enrolment);
            record->step = *step;
            *step = 0;
        }
        record->person = *person;
        record->programme = programme != NULL ? *programme : UUID_NIL;
        *route = record->route;
        return true;
    }
    return false;
}

static bool completion_stepped(struct history *history, struct pipe *pipe, uint32_t line, const struct uuid *programme,
                               void *message)
{
    (void)history;
    (void)pipe;
    (void)line;
    ((struct completion_record *)message)->programme = *programme;
    return true;
}

int history_completions(struct history *history)
{
    static const struct history_stepped TABLE = {
        { "completions.csv", "Документы о квалификации", "programmes.completion.record", COMPLETION_COLUMN,
          &COMPLETION_COLUMN_N, &completion_row_desc, history_after_roster, NULL, NULL },
        sizeof(struct completion_record), completion_row_read, completion_stepped };
    return history_stepped_load(history, &TABLE);
}

#include "cli/history/history.h"

#include <inttypes.h>
#include <unistd.h>

#include "cli/history/history_parts.h"
#include "common/core/err.h"
#include "common/core/log.h"
#include "proto/roster.h"

#define SETTLE_MS 300000

const char *history_path(struct history *history, const char *file)
{
    return arena_format(&history->cli->arena, "%s/%s", history->dir, file);
}

const char *history_pair(const char *procedure, const char *person, struct arena *arena)
{
    return arena_format(arena, "%s;%s", procedure, person);
}

void history_stood(struct history *history, const struct pipe *pipe)
{
    const char *service = pipe->method.service;

    if (pipe->has_last && strcmp(service, "roster") == 0) {
        history->roster.at = pipe->last;
        history->roster.known = true;
    } else if (pipe->has_last && strcmp(service, "diagnostics") == 0) {
        history->diagnostics.at = pipe->last;
        history->diagnostics.known = true;
    } else if (pipe->has_last && strcmp(service, "programmes") == 0) {
        history->programmes_at.at = pipe->last;
        history->programmes_at.known = true;
    } else if (pipe->has_last && strcmp(service, "routes") == 0) {
        history->routes.at = pipe->last;
        history->routes.known = true;
    }
    history->rows += pipe->answered;
    history->known += pipe->known;
    history->refused += pipe->refused.n;
}

/* A query that depends on all that was done so far: answered when the service has taken it in. */
int history_settle(struct history *history, const char *service)
{
    static const char *const ASK[] = { "diagnostics.procedure.list", "programmes.programme.list", "routes.route.list" };
    struct position after[3];
    uint32_t n = 0;
    const char *name = NULL;
    struct client_reply reply = { 0 };
    struct method method;
    const struct page first = { .limit = 1 };

    if (history->roster.known)
        after[n++] = history->roster.at;
    if (history->diagnostics.known && strcmp(service, "diagnostics") != 0 && strcmp(service, "programmes") != 0)
        after[n++] = history->diagnostics.at;
    if (history->programmes_at.known && strcmp(service, "routes") == 0)
        after[n++] = history->programmes_at.at;
    for (size_t i = 0; i < sizeof ASK / sizeof *ASK && name == NULL; i++)
        if (strncmp(ASK[i], service, strlen(service)) == 0)
            name = ASK[i];
    if (name == NULL || !describe_method(name, &method))
        return CLI_OK;
    struct client *client = cli_client(history->cli, service, method.roles, &reply.err);
    if (client == NULL)
        return cli_outcome(history->cli, name, reply.err, &reply, "its endpoint");
    struct client_request request = { .method = name, .after = after, .after_count = n, .deadline_ms = SETTLE_MS };
    if (method.takes == &page_desc)
        request.body = msg_encode_in(&history->cli->arena, &page_desc, &first);
    int err = client_call(client, &request, &history->cli->arena, &reply);
    return cli_outcome(history->cli, name, err, &reply, "its endpoint");
}

/* ── one table ────────────────────────────────────────────────────────────── */
static void rows_send(struct history *history, struct sheet *sheet, struct pipe *pipe,
                      const struct history_table *table)
{
    struct csv_row row;
    struct msg_error error;
    struct buf body = { 0 };
    void *message = arena_alloc(&sheet->list.arena, table->desc->size);

    while (pipe->err == ERR_OK && sheet_next(sheet, &row)) {
        buf_clear(&body);
        list_message(&sheet->list, table->desc, &row, &body);
        if (msg_decode(table->desc, buf_bytes(&body), MSG_STRICT, &sheet->list.row_arena, message, &error) == ERR_OK)
            table->row(history, pipe, row.line, message, &sheet->list.row_arena);
        else if (!history->again)
            pipe_refuse(pipe, row.line, PROBLEM_INVALID, "message", error.path, error.rule, error.limit);
    }
    buf_free(&body);
}

int history_table_load(struct history *history, const struct history_table *table)
{
    struct sheet sheet;
    struct pipe pipe;
    int code = sheet_open(history->cli, &sheet, history_path(history, table->file), table->columns, *table->n);

    if (code == CLI_OK && (code = pipe_open(&pipe, history->cli, table->method, &sheet.hash, table->what,
                                            sheet.list.rows)) == CLI_OK) {
        pipe.arg = history;
        pipe.taken = table->taken;
        history->lines = sheet.list.last_line + 1;
        history->key_of_line = ARENA_LIST(&sheet.list.arena, const char *, history->lines);
        if (table->ready != NULL)
            table->ready(history, &pipe);
        rows_send(history, &sheet, &pipe, table);
        code = pipe_close(&pipe);
        sheet_say_refused(history->cli, &sheet, &pipe);
        history_stood(history, &pipe);
        pipe_free(&pipe);
    }
    sheet_close(&sheet);
    history->key_of_line = NULL;
    return code;
}

static bool read_before(struct history *history, const char *file)
{
    for (uint32_t i = 0; i < history->files; i++)
        if (strcmp(history->file[i], file) == 0)
            return true;
    if (history->files < HISTORY_FILES_MAX)
        history->file[history->files++] = file;
    return false;
}

int history_tables_load(struct history *history, const struct history_table *tables, size_t n)
{
    int code = CLI_OK;

    for (size_t i = 0; code == CLI_OK && i < n; i++) {
        if (access(history_path(history, tables[i].file), R_OK) != 0)
            continue;
        history->again = read_before(history, tables[i].file);
        code = history_table_load(history, &tables[i]);
    }
    history->again = false;
    return code;
}

struct uuid history_made(const struct client_reply *reply)
{
    struct registered registered = { 0 };
    struct arena arena = { 0 };
    struct msg_error error;

    bool made = reply->problem == NULL && msg_decode(&registered_desc, reply->body, MSG_LENIENT, &arena, &registered, &error) == ERR_OK;
    arena_free(&arena);
    return made ? registered.id : UUID_NIL;
}

void history_keep(struct lookup *lookup, const char *key, const struct client_reply *reply)
{
    struct uuid made = history_made(reply);

    if (!uuid_is_nil(&made))
        lookup_put(lookup, key, &made);
}

/* ── the whole ────────────────────────────────────────────────────────────── */
static int staff(struct history *history)
{
    struct staff_totals totals = { 0 };
    int code = staff_send(history->cli, history_path(history, "staff.csv"), NULL, &totals, &history->roster.at,
                          &history->roster.known);

    if (code == CLI_OK)
        staff_say(&totals);
    history->rows += totals.rows;
    history->known += totals.known;
    history->refused += totals.refused;
    return code;
}

static int settle_before_sittings(struct history *history)
{
    int code = history_settle(history, "diagnostics");
    return code == CLI_OK ? history_settle(history, "routes") : code;
}

static int settle_before_routes(struct history *history)
{
    return history_settle(history, "routes");
}

/* Each after those it rests on. Routes have to know the programmes before a result makes them draft; those
 * with a file that need not be there are left out without it. */
static const struct { int (*load)(struct history *history); const char *file; } STEPS[] = {
    { history_organisations, NULL }, { staff, NULL }, { history_persons, NULL }, { history_documents, NULL },
    { history_runs, NULL }, { settle_before_sittings, NULL }, { history_sittings, NULL }, { settle_before_routes, NULL },
    { history_agreements, NULL }, { history_enrolments, "enrolments.csv" }, { history_departures, "enrolments.csv" },
    { history_attestations, "attestations.csv" }, { history_completions, NULL }, { history_support, NULL },
    { history_tutors, "tutors.csv" }, { history_assignments, "assignments.csv" }, { history_judgements, "judgements.json" },
    { history_papers, "papers.csv" }, { history_registers, "registers.csv" }, { history_consents, NULL }, { history_experts, NULL },
    { history_changes, "changes.csv" },
};

static bool file_is_there(struct history *history, const char *file)
{
    return file == NULL || access(history_path(history, file), R_OK) == 0;
}

static int folder_check(struct history *history)
{
    static const char *const FILES[] = {
        "organisations.csv", "staff.csv", "framework.json", "instrument.json", "procedures.json", "programmes.json",
        "runs.csv", "sittings.csv", "agreements.csv", "completions.csv", "support.csv",
    };

    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++)
        if (access(history_path(history, FILES[i]), R_OK) != 0)
            return cli_say(CLI_FAILED, "%s: нет такого файла; ничего не загружено", history_path(history, FILES[i]));
    return CLI_OK;
}

static void history_free(struct history *history)
{
    lookup_free(&history->organisations);
    lookup_free(&history->persons);
    lookup_free(&history->programmes);
    lookup_free(&history->procedures);
    lookup_free(&history->sittings);
    lookup_free(&history->runs);
    lookup_free(&history->contests);
    lookup_free(&history->works);
    lookup_free(&history->opinions);
    lookup_free(&history->entries);
    lookup_free(&history->duties);
    lookup_free(&history->papers);
    lookup_free(&history->enrolments);
    lookup_free(&history->learnt);
}

int verb_history_load(struct cli *cli, int argc, char **argv)
{
    struct history history = { .cli = cli };

    if (argc != 2)
        return cli_usage("history load", "нужна одна папка");
    history.dir = argv[1];
    int code = cli_config(cli);
    if (code == CLI_OK)
        code = folder_check(&history);
    for (size_t i = 0; code == CLI_OK && i < sizeof STEPS / sizeof *STEPS; i++)
        code = file_is_there(&history, STEPS[i].file) ? STEPS[i].load(&history) : CLI_OK;
    if (code == CLI_OK) {
        fprintf(stderr, "всего строк %" PRIu64 ", внесено раньше %" PRIu64 ", не принято %" PRIu64 "\n",
                history.rows, history.known, history.refused);
        code = history.refused == 0 ? CLI_OK : history.refused < history.rows ? CLI_PARTLY : CLI_FAILED;
    }
    history_free(&history);
    return code;
}

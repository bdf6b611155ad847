/* The roster's part of history load: organisations level by level, then everybody's identifiers. */
#include "cli/history/history_parts.h"
#include "common/core/err.h"
#include "proto/roster.h"

static void organisation_taken(void *arg, uint32_t line, const struct client_reply *reply)
{
    struct history *history = arg;
    struct uuid made = history_made(reply);

    lookup_put(&history->organisations, history->key_of_line[line], &made);
}

/* The struct of a row; false: refused, with the reason said. */
static bool organisation_read(struct history *history, struct sheet *sheet, struct pipe *pipe,
                              const struct csv_row *row, struct organisation_register *in)
{
    struct organisation_row read;
    struct msg_error error;
    struct buf body = { 0 };
    int kind = -1;

    list_message(&sheet->list, &organisation_row_desc, row, &body);
    int err = msg_decode(&organisation_row_desc, buf_bytes(&body), MSG_STRICT, &sheet->list.row_arena, &read, &error);
    buf_free(&body);
    if (err != ERR_OK)
        pipe_refuse(pipe, row->line, PROBLEM_INVALID, "message", error.path, error.rule, error.limit);
    else if ((kind = organisation_kind_read(read.kind)) < 0)
        pipe_refuse(pipe, row->line, PROBLEM_INVALID, "message", "kind", "no_such_name", 0);
    if (kind < 0)
        return false;
    const struct uuid *parent = read.parent != NULL ? lookup_get(&history->organisations, read.parent) : NULL;
    *in = (struct organisation_register){ .code = read.code, .kind = kind, .title = read.title, .opened = read.opened,
                                          .parent = parent != NULL ? *parent : UUID_NIL };
    if (kind == ORG_REGION)
        in->id = history->cli->config.region;
    history->key_of_line[row->line] = arena_string(&sheet->list.arena, read.code, strlen(read.code));
    return true;
}

/* Rows that can be sent now: their parent is known. Returns how many. */
static uint32_t level_send(struct history *history, struct sheet *sheet, struct pipe *pipe, bool *tried)
{
    struct csv_row row;
    uint32_t n = 0;

    list_rewind(&sheet->list);
    while (pipe->err == ERR_OK && sheet_next(sheet, &row)) {
        const char *parent = sheet_cell(sheet, &row, 3);
        struct organisation_register in;
        if (tried[row.line] || (*parent != '\0' && lookup_get(&history->organisations, parent) == NULL))
            continue;
        tried[row.line] = true;
        n++;
        if (organisation_read(history, sheet, pipe, &row, &in))
            pipe_message(pipe, row.line, &in);
    }
    pipe_drain(pipe);
    return n;
}

static int levels_send(struct history *history, struct sheet *sheet, struct pipe *pipe)
{
    bool *tried = ARENA_LIST(&sheet->list.arena, bool, sheet->list.last_line + 1);
    struct csv_row row;
    int code = CLI_OK;

    history->key_of_line = ARENA_LIST(&sheet->list.arena, const char *, sheet->list.last_line + 1);
    while (code == CLI_OK && level_send(history, sheet, pipe, tried) > 0)
        code = lookup_ask(&history->organisations, history->cli, "roster.organisation.find");
    list_rewind(&sheet->list);
    while (pipe->err == ERR_OK && sheet_next(sheet, &row))
        if (!tried[row.line])
            pipe_refuse(pipe, row.line, PROBLEM_NOT_FOUND, "parent_unknown", "parent", "unknown", 0);
    return code;
}

int history_organisations(struct history *history)
{
    struct sheet sheet;
    struct pipe pipe;
    int code = sheet_open(history->cli, &sheet, history_path(history, "organisations.csv"), ORGANISATION_COLUMN,
                          ORGANISATION_COLUMN_N);

    if (code == CLI_OK
        && (code = pipe_open(&pipe, history->cli, "roster.organisation.register", &sheet.hash, "Организации",
                             sheet.list.rows)) == CLI_OK) {
        pipe.arg = history;
        pipe.taken = organisation_taken;
        code = levels_send(history, &sheet, &pipe);
        int closed = pipe_close(&pipe);
        code = code == CLI_OK ? closed : code;
        sheet_say_refused(history->cli, &sheet, &pipe);
        history_stood(history, &pipe);
        pipe_free(&pipe);
    }
    sheet_close(&sheet);
    return code;
}

/* Who is who, after the staff list: by its own codes. */
int history_persons(struct history *history)
{
    struct sheet sheet;
    struct csv_row row;
    int code = sheet_open(history->cli, &sheet, history_path(history, "staff.csv"), STAFF_COLUMN, STAFF_COLUMN_COUNT);

    while (code == CLI_OK && sheet_next(&sheet, &row))
        if (*sheet_cell(&sheet, &row, 0) != '\0')
            lookup_put(&history->persons, sheet_cell(&sheet, &row, 0), &UUID_NIL);
    sheet_close(&sheet);
    return code == CLI_OK ? lookup_ask(&history->persons, history->cli, "roster.person.find") : code;
}

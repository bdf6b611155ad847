#include "cli/lists/roster_import.h"

#include <inttypes.h>

#include "cli/lists/roster_check.h"
#include "cli/lists/sheet.h"
#include "cli/lists/staff_list.h"
#include "common/core/err.h"
#include "proto/roster.h"

struct taking { struct staff_totals *totals; struct pipe *pipe; };

static void row_taken(void *arg, uint32_t line, const struct client_reply *reply)
{
    struct staff_totals *totals = ((struct taking *)arg)->totals;
    struct arena arena = { 0 };
    struct worker_recorded recorded;
    struct msg_error error;

    (void)line;
    if (!((struct taking *)arg)->pipe->replayed && reply->problem == NULL
        && msg_decode(&worker_recorded_desc, reply->body, MSG_LENIENT, &arena, &recorded, &error) == ERR_OK) {
        totals->persons += recorded.new_person;
        totals->posts += recorded.new_post;
        totals->changed += recorded.changed;
        totals->unchanged += !recorded.new_person && !recorded.new_post && !recorded.changed;
    }
    arena_free(&arena);
}

/* The message's own checks are made here first: what cannot be decoded is not worth sending. */
static void row_send(struct sheet *sheet, struct pipe *pipe, const struct csv_row *row)
{
    struct worker_record record;
    struct msg_error error;
    struct buf body = { 0 };

    list_message(&sheet->list, &worker_record_desc, row, &body);
    if (msg_decode(&worker_record_desc, buf_bytes(&body), MSG_STRICT, &sheet->list.row_arena, &record, &error) == ERR_OK)
        pipe_send(pipe, row->line, buf_bytes(&body));
    else
        sheet_refuse(sheet, pipe, row, &error);
    buf_free(&body);
}

int staff_send(struct cli *cli, const char *path, const char *map, struct staff_totals *totals, struct position *last,
               bool *has_last)
{
    struct sheet sheet;
    struct pipe pipe;
    struct csv_row row;
    int code = sheet_open_mapped(cli, &sheet, path, STAFF_COLUMN, STAFF_COLUMN_COUNT, map);

    if (code == CLI_OK && (code = pipe_open(&pipe, cli, "roster.worker.record", &sheet.hash, "Работники",
                                            sheet.list.rows)) == CLI_OK) {
        struct taking taking = { totals, &pipe };
        pipe.taken = row_taken;
        pipe.arg = &taking;
        while (sheet_next(&sheet, &row))
            row_send(&sheet, &pipe, &row);
        code = pipe_close(&pipe);
        sheet_say_refused(cli, &sheet, &pipe);
        totals->rows = sheet.list.rows;
        totals->known = pipe.known;
        totals->refused = pipe.refused.n;
        *last = pipe.last;
        *has_last = pipe.has_last;
        pipe_free(&pipe);
    }
    sheet_close(&sheet);
    return code;
}

int staff_code(const struct staff_totals *totals)
{
    return totals->refused == 0 ? CLI_OK : totals->refused < totals->rows ? CLI_PARTLY : CLI_FAILED;
}

void staff_say(const struct staff_totals *totals)
{
    fprintf(stderr, "строк %" PRIu64 ": новых людей %" PRIu64 ", новых должностей %" PRIu64 ", изменено %" PRIu64
            ", без изменений %" PRIu64 ", внесено раньше %" PRIu64 ", не принято %" PRIu64 "\n", totals->rows, totals->persons,
            totals->posts, totals->changed, totals->unchanged, totals->known, totals->refused);
}

int verb_roster_import(struct cli *cli, int argc, char **argv)
{
    struct staff_totals totals = { 0 };
    struct import_how how;
    struct position last;
    const char *path, *at;
    bool has_last;

    if (!import_options("roster import", argc, argv, &path, &how))
        return CLI_USAGE;
    if (how.vanished != NULL || how.keep)
        return cli_usage("roster import", "--vanished и --keep — для roster check");
    int code = cli_config(cli);
    if (code == CLI_OK && (how.full || how.delta || roster_begun(cli, path, &how, &at) || sheet_is_bundle(path)))
        return roster_reconcile(cli, path, &how);
    if (code != CLI_OK || (code = staff_send(cli, path, how.map, &totals, &last, &has_last)) != CLI_OK)
        return code;
    staff_say(&totals);
    return staff_code(&totals);
}

#include "cli/registers/room.h"

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "cli/registers/register.h"
#include "proto/roster_bookings.h"

/* ── what is free ───────────────────────────────────────────────────────────────── */
static const struct export_column FREE_COLUMNS[] = {
    { "mark", "column.mark", EXPORT_TEXT, NULL, false },     { "unit", "column.organisation", EXPORT_TEXT, NULL, false },
    { "title", "column.title", EXPORT_LONG, NULL, false },   { "capacity", "column.capacity", EXPORT_NUMBER, NULL, false },
    { "free", "column.free", EXPORT_NUMBER, NULL, false },   { "id", "column.id", EXPORT_TEXT, NULL, true },
};

int verb_room_free(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct free_of ask = { .limit = 500 };
    struct free_list list;
    struct units units;
    int code = args_read("room free", &argc, argv, ARGS({ "from", ARG_DAY, &ask.from, true }, { "until", ARG_DAY, &ask.until, true },
                         { "places", ARG_NUMBER, &ask.places, false }, EXPORT_ARGS(&out)), "REGISTER [UNIT]", 1, 2);
    if (code != CLI_OK || (code = refer_unit(cli, argc > 2 ? argv[2] : NULL, &ask.unit)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    ask.register_id = argv[1];
    export_start(&out, cli, FREE_COLUMNS, sizeof FREE_COLUMNS / sizeof *FREE_COLUMNS);
    do {
        if ((code = cli_ask(cli, "roster.booking.free", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct free_row *row = &list.rows.at[i];
            export_row(&out, (const char *const[]){ refer_mark(cli, &row->entry), units_code(&units, &row->unit), row->title,
                       export_number(cli, row->capacity), export_number(cli, row->free), export_id(cli, &row->entry) });
        }
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}

/* ── what is taken ────────────────────────────────────────────────────────── */
static const struct export_column BOOKING_COLUMNS[] = {
    { "mark",   "column.mark",   EXPORT_TEXT,   NULL, false }, { "from",      "column.from",      EXPORT_DAY,    NULL, false },
    { "until",  "column.until",  EXPORT_DAY,    NULL, false }, { "places",    "column.capacity",  EXPORT_NUMBER, NULL, false },
    { "for",    "column.whom",   EXPORT_PERSON, NULL, false }, { "what_for",  "column.what_for",  EXPORT_LONG,   NULL, false },
    { "cancelled", "column.cancelled", EXPORT_FLAG, NULL, false }, { "reason", "column.reason",   EXPORT_TEXT,   NULL, true  },
    { "id",     "column.id",     EXPORT_TEXT,   NULL, true  },
};

struct booking_rows { struct export out; struct units units; };
static void booking_row(void *arg, const void *of)
{
    const struct booking *row = of;
    struct booking_rows *rows = arg;
    struct cli *cli = rows->out.cli;
    export_row(&rows->out, (const char *const[]){ refer_mark(cli, &row->booking), export_day(cli, row->from), export_day(cli, row->until),
               export_number(cli, row->places), uuid_is_nil(&row->organisation) ? export_id(cli, &row->person) : units_code(&rows->units, &row->organisation),
               row->purpose, row->cancelled ? "yes" : "", row->reason, export_id(cli, &row->booking) });
}

int verb_room_list(struct cli *cli, int argc, char **argv)
{
    struct booking_rows rows = { 0 };
    struct bookings_of ask = { .limit = 500 };
    struct listing listing;
    int code = args_read("room list", &argc, argv, ARGS({ "from", ARG_DAY, &ask.from, false }, { "until", ARG_DAY, &ask.until, false },
                         { "all", ARG_FLAG, &ask.all, false }, EXPORT_NAMES_ARGS(&rows.out)), "REGISTER ENTRY", 2, 2);
    if (code != CLI_OK || (code = refer_entry(cli, argv[1], argv[2], &listing)) != CLI_OK || (code = units_fetch(&rows.units, cli, 0)) != CLI_OK)
        return code;
    ask.entry = listing.entry;
    export_start(&rows.out, cli, BOOKING_COLUMNS, sizeof BOOKING_COLUMNS / sizeof *BOOKING_COLUMNS);
    code = cli_each(cli, "roster.booking.list", &ask, booking_row, &rows);
    return code == CLI_OK ? export_end(&rows.out) : code;
}

int verb_room_book(struct cli *cli, int argc, char **argv)
{
    struct booking_make in = { .places = 1 };
    struct registered made;
    const char *whom = NULL;
    bool person = false;
    struct uuid id;
    int code = args_read("room book", &argc, argv, ARGS({ "from", ARG_DAY, &in.from, true }, { "until", ARG_DAY, &in.until, true },
                         { "places", ARG_NUMBER, &in.places, false }, { "for", ARG_TEXT, &whom, false }, { "purpose", ARG_TEXT, &in.purpose, true }),
                         "REGISTER ENTRY", 2, 2);
    if (code == CLI_OK && whom != NULL && (code = refer_either(cli, whom, &id, &person)) == CLI_OK)
        *(person ? &in.person : &in.organisation) = id;
    if (code != CLI_OK || (code = register_entry(cli, argv, &in.entry)) != CLI_OK)
        return code;
    return refer_made(cli, cli_ask(cli, "roster.booking.make", &in, &made), &made);
}

struct booking_sought { const char *mark; struct uuid booking; bool found; };
static void booking_fits(void *arg, const void *of)
{
    const struct booking *booking = of;
    struct booking_sought *sought = arg;
    if (!refer_mark_is(&booking->booking, sought->mark))
        return;
    sought->booking = booking->booking;
    sought->found = true;
}

int verb_room_cancel(struct cli *cli, int argc, char **argv)
{
    struct booking_cancel in = { 0 };
    struct bookings_of ask = { .limit = 500 };
    int code = args_read("room cancel", &argc, argv, ARGS({ "reason", ARG_TEXT, &in.reason, true }), "REGISTER ENTRY BOOKING", 3, 3);
    if (code != CLI_OK || (code = register_entry(cli, argv, &ask.entry)) != CLI_OK)
        return code;
    struct booking_sought sought = { .mark = argv[3] };
    if ((code = cli_each(cli, "roster.booking.list", &ask, booking_fits, &sought)) != CLI_OK)
        return code;
    if (!sought.found)
        return cli_say(CLI_FAILED, "%s", cli_word(cli, "reason.booking_unknown"));
    in.booking = sought.booking;
    return cli_do(cli, "roster.booking.cancel", &in);
}

/* register activity: what came of a register's entries in a period: who took part, what was planned, done, late. */
#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "cli/registers/register.h"
#include "proto/roster_activity.h"

static const struct export_column COLUMNS[] = {
    { "entry",   "column.entry",   EXPORT_LONG,   NULL, false }, { "place",   "column.place",         EXPORT_TEXT,   NULL, false },
    { "parts",   "column.parts",   EXPORT_NUMBER, NULL, false }, { "joined",  "column.joined",        EXPORT_NUMBER, NULL, true  },
    { "left",    "column.left",    EXPORT_NUMBER, NULL, true  }, { "missing", "column.missing_roles", EXPORT_TEXT,   NULL, true  },
    { "kind",    "column.kind",    EXPORT_TEXT,   NULL, false }, { "planned", "column.planned",       EXPORT_NUMBER, NULL, false },
    { "done",    "column.fulfilled_count", EXPORT_NUMBER, NULL, false }, { "late", "column.late",     EXPORT_NUMBER, NULL, false },
    { "overdue", "column.overdue_duties", EXPORT_NUMBER, NULL, false }, { "dropped", "column.dropped_count", EXPORT_NUMBER, NULL, true },
    { "nobodys", "column.nobodys", EXPORT_NUMBER, NULL, true  }, { "people",  "column.took_part",     EXPORT_NUMBER, NULL, true  },
    { "last",    "column.last_done", EXPORT_DAY,  NULL, true  }, { "holds",   "column.in_force",      EXPORT_FLAG,   NULL, true  },
    { "more",    "column.more",    EXPORT_FLAG,   NULL, true  }, { "id",      "column.id",            EXPORT_TEXT,   NULL, true  },
};

static const char *missing_said(struct cli *cli, const struct activity_row *row)
{
    const char *line = "";
    for (uint32_t i = 0; i < row->missing.n; i++)
        line = arena_format(&cli->arena, "%s%s%s", line, i > 0 ? ", " : "", row->missing.at[i]);
    return line;
}

static void line_of(struct export *out, const struct units *units, const struct activity_row *row, const struct activity_kind *kind)
{
    struct cli *cli = out->cli;
    bool titled = row->title != NULL && row->title[0] != '\0';
    const char *name = titled ? row->title : units_code(units, &row->member);
    export_row(out, (const char *const[]){ name, units_code(units, &row->place), export_number(cli, row->parts), export_number(cli, row->joined),
               export_number(cli, row->left), missing_said(cli, row), kind->kind, export_number(cli, kind->planned),
               export_number(cli, kind->done), export_number(cli, kind->late), export_number(cli, kind->overdue),
               export_number(cli, kind->dropped), export_number(cli, kind->nobodys), export_number(cli, kind->people),
               export_day(cli, kind->last), row->holds ? "yes" : "", row->more ? "yes" : "", export_id(cli, &row->entry) });
}

/* A line for each kind of duty of which there were any; one without a kind, where there were none. */
static void lines_of(struct export *out, const struct units *units, const struct activity_row *row)
{
    static const struct activity_kind none = { .kind = "" };
    uint32_t shown = 0;
    for (uint32_t i = 0; i < row->kinds.n; i++)
        if (row->kinds.at[i].planned + row->kinds.at[i].dropped > 0) {
            line_of(out, units, row, &row->kinds.at[i]);
            shown++;
        }
    if (shown == 0)
        line_of(out, units, row, &none);
}

int verb_register_activity(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct activity_of ask = { .limit = ACTIVITY_ROWS_MAX };
    struct activity_list list;
    struct units units;
    const char *unit = NULL;
    int code = args_read("register activity", &argc, argv, ARGS({ "unit", ARG_TEXT, &unit, false }, { "from", ARG_DAY, &ask.from, false },
                         { "until", ARG_DAY, &ask.until, false }, EXPORT_ARGS(&out)), "REGISTER", 1, 1);
    if (code == CLI_OK)
        code = cli_config(cli);
    ask.register_id = argv[1];
    ask.unit = cli->config.region;
    if (code == CLI_OK && unit != NULL)
        code = refer_organisation(cli, unit, &ask.unit);
    if (code != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    export_start(&out, cli, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    do {
        if ((code = cli_ask(cli, "roster.register.activity", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++)
            lines_of(&out, &units, &list.rows.at[i]);
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}

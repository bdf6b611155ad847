#include "cli/people/team.h"

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "proto/roster.h"

static const struct export_column COLUMNS[] = {
    { "post",  "column.post",  EXPORT_TEXT, NULL, false }, { "from", "column.from", EXPORT_DAY,  NULL, false },
    { "until", "column.until", EXPORT_DAY,  NULL, false }, { "id",   "column.id",   EXPORT_PERSON, NULL, false },
};

int verb_org_team(struct cli *cli, int argc, char **argv)
{
    struct population_of ask = { 0 };
    struct export out = { 0 };
    struct team team;
    int code = args_read("org team", &argc, argv, ARGS({ "on", ARG_DAY, &ask.on, false }, EXPORT_NAMES_ARGS(&out)), "CODE", 1, 1);
    if (code == CLI_OK && ask.on == 0)
        args_day("today", &ask.on);
    if (code != CLI_OK || (code = refer_organisation(cli, argv[1], &ask.unit)) != CLI_OK
        || (code = cli_ask(cli, "roster.team.get", &ask, &team)) != CLI_OK)
        return code;
    export_start(&out, cli, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    for (uint32_t i = 0; i < team.members.n; i++) {
        const struct post_opened *post = &team.members.at[i];
        export_row(&out, (const char *const[]){ post->title, export_day(cli, post->from), export_day(cli, post->until),
                   export_id(cli, &post->person) });
    }
    return export_end(&out);
}

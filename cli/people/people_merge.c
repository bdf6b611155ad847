#include "cli/people/people_merge.h"

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "proto/roster_merge.h"

int verb_people_merge(struct cli *cli, int argc, char **argv)
{
    struct person_merge in = { 0 };
    int code = args_read("people merge", &argc, argv, ARGS({ "ground", ARG_TEXT, &in.ground, true }), "KEPT GONE", 2, 2);
    if (code != CLI_OK || (code = refer_person(cli, argv[1], &in.kept)) != CLI_OK || (code = refer_person(cli, argv[2], &in.gone)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.person.merge", &in);
}

int verb_people_unmerge(struct cli *cli, int argc, char **argv)
{
    struct person_unmerge in = { 0 };
    int code = args_read("people unmerge", &argc, argv, ARGS({ "ground", ARG_TEXT, &in.ground, true }), "GONE", 1, 1);
    if (code != CLI_OK || (code = refer_person(cli, argv[1], &in.gone)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.person.unmerge", &in);
}

static const struct export_column COLUMNS[] = {
    { "gone",  "column.gone",  EXPORT_TEXT,   NULL, false }, { "day",     "column.day",     EXPORT_DAY,    NULL, false },
    { "posts", "column.posts", EXPORT_NUMBER, NULL, false }, { "ground", "column.ground", EXPORT_LONG, NULL, false },
};

int verb_people_merges(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct person_of ask;
    struct merges merges;
    int code = args_read("people merges", &argc, argv, ARGS(EXPORT_ARGS(&out)), "PERSON", 1, 1);
    if (code != CLI_OK || (code = refer_person(cli, argv[1], &ask.person)) != CLI_OK
        || (code = cli_ask(cli, "roster.person.merges", &ask, &merges)) != CLI_OK)
        return code;
    if (!uuid_is_nil(&merges.into) && !cli->json && out.csv == NULL && out.xlsx == NULL)
        export_line(cli, "column.kept", export_id(cli, &merges.into));
    export_start(&out, cli, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    for (uint32_t i = 0; i < merges.rows.n; i++) {
        const struct person_merged *row = &merges.rows.at[i];
        export_row(&out, (const char *const[]){ export_id(cli, &row->gone), export_day(cli, row->day), export_number(cli, row->posts.n), row->ground });
    }
    return export_end(&out);
}

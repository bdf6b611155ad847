#include "cli/people/person.h"

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "proto/roster_people.h"
#include "proto/roster_privacy.h"

/* ── how his data stand ───────────────────────────────────────────────────── */
int verb_people_block(struct cli *cli, int argc, char **argv)
{
    struct person_block in = { 0 };
    const char *ground = NULL;
    int code = args_read("people block", &argc, argv, ARGS({ "act", ARG_TEXT, &in.act, true }, { "ground", ARG_TEXT, &ground, true },
                         { "until", ARG_DAY, &in.until, false }, { "erase", ARG_FLAG, &in.erase, false }), "PERSON", 1, 1);
    if (code != CLI_OK || (code = refer_word(cli, "people block", &block_ground_names, ground, &in.ground)) != CLI_OK
        || (code = refer_person(cli, argv[1], &in.person)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.person.block", &in);
}

int verb_people_unblock(struct cli *cli, int argc, char **argv)
{
    struct person_unblock in = { 0 };
    int code = args_read("people unblock", &argc, argv, ARGS({ "act", ARG_TEXT, &in.act, true }), "PERSON", 1, 1);
    if (code != CLI_OK || (code = refer_person(cli, argv[1], &in.person)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.person.unblock", &in);
}

static const struct export_column STANDING_COLUMNS[] = {
    { "state",  "column.stage",  EXPORT_TEXT, "person_state", false }, { "day",   "column.from",  EXPORT_DAY,  NULL, false },
    { "until",  "column.until",  EXPORT_DAY,  NULL,           false }, { "erase", "column.erase", EXPORT_FLAG, NULL, false },
    { "act",    "column.act",    EXPORT_TEXT, NULL,           false }, { "why",   "column.ground", EXPORT_LONG, NULL, false },
};

static const char *ground_said(struct cli *cli, const struct enum_desc *names, int ground)
{
    return cli->json ? names->names[ground] : cli_word(cli, arena_format(&cli->arena, "%s.%s", names->name, names->names[ground]));
}

int verb_people_standing(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct person_of ask;
    struct person_standing standing;
    int code = args_read("people standing", &argc, argv, ARGS(EXPORT_ARGS(&out)), "PERSON", 1, 1);
    if (code != CLI_OK || (code = refer_person(cli, argv[1], &ask.person)) != CLI_OK
        || (code = cli_ask(cli, "roster.person.standing", &ask, &standing)) != CLI_OK)
        return code;
    export_start(&out, cli, STANDING_COLUMNS, sizeof STANDING_COLUMNS / sizeof *STANDING_COLUMNS);
    if (standing.erased != NULL)
        export_row(&out, (const char *const[]){ "erased", export_day(cli, standing.erased->day), NULL, NULL, standing.erased->act,
                   ground_said(cli, &erase_ground_names, standing.erased->ground) });
    if (standing.blocked != NULL)
        export_row(&out, (const char *const[]){ "blocked", export_day(cli, standing.blocked->day), export_day(cli, standing.blocked->until),
                   standing.blocked->erase ? "yes" : "", standing.blocked->act, ground_said(cli, &block_ground_names, standing.blocked->ground) });
    if (standing.erased == NULL && standing.blocked == NULL)
        export_row(&out, (const char *const[]){ "in_use", NULL, NULL, NULL, NULL, NULL });
    return export_end(&out);
}

/* ── whom a definition yields ─────────────────────────────────────────────── */
static const struct export_column MEMBER_COLUMNS[] = {
    { "code", "column.code", EXPORT_TEXT, NULL,        false }, { "title",  "column.organisation", EXPORT_LONG,   NULL, false },
    { "kind", "column.kind", EXPORT_TEXT, "post_kind", false }, { "person", "column.person",       EXPORT_PERSON, NULL, false },
};

struct member_rows { struct export out; struct units units; };
static void member_row(void *arg, const void *of)
{
    const struct population_member *row = of;
    struct member_rows *rows = arg;
    export_row(&rows->out, (const char *const[]){ units_code(&rows->units, &row->organisation), units_title(&rows->units, &row->organisation),
               post_kind_names.names[row->kind], export_id(rows->out.cli, &row->person) });
}

int verb_people_population(struct cli *cli, int argc, char **argv)
{
    struct population_yields ask = { .limit = 1000 };
    struct member_rows rows = { 0 };
    const char *unit = NULL;
    int code = args_read("people population", &argc, argv, ARGS({ "unit", ARG_TEXT, &unit, false }, { "on", ARG_DAY, &ask.on, false },
                         EXPORT_NAMES_ARGS(&rows.out)), "POPULATION", 1, 1);
    if (code != CLI_OK || (code = refer_unit(cli, unit, &ask.unit)) != CLI_OK || (code = units_fetch(&rows.units, cli, 0)) != CLI_OK)
        return code;
    ask.population = argv[1];
    export_start(&rows.out, cli, MEMBER_COLUMNS, sizeof MEMBER_COLUMNS / sizeof *MEMBER_COLUMNS);
    code = cli_each(cli, "roster.population.list", &ask, member_row, &rows);
    return code == CLI_OK ? export_end(&rows.out) : code;
}

int verb_people_renew(struct cli *cli, int argc, char **argv)
{
    int code = args_read("people renew", &argc, argv, NULL, 0, "", 0, 0);
    return code == CLI_OK ? cli_do(cli, "roster.bands.renew", NULL) : code;
}

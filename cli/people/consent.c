#include "cli/people/consent.h"

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "proto/roster_privacy.h"

static const struct export_column COLUMNS[] = {
    { "purpose",   "column.purpose",   EXPORT_TEXT, "consent_purpose", false }, { "text",     "column.text_version", EXPORT_TEXT, NULL, false },
    { "day",       "column.given",     EXPORT_DAY,  NULL,              false }, { "withdrawn", "column.withdrawn",   EXPORT_DAY,  NULL, false },
    { "document",  "column.document",  EXPORT_TEXT, NULL,              false },
};

int verb_consent_list(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct person_of ask;
    struct consent_list list;
    int code = args_read("consent list", &argc, argv, ARGS(EXPORT_ARGS(&out)), "PERSON", 1, 1);
    if (code != CLI_OK || (code = refer_person(cli, argv[1], &ask.person)) != CLI_OK
        || (code = cli_ask(cli, "roster.consent.list", &ask, &list)) != CLI_OK)
        return code;
    export_start(&out, cli, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    for (uint32_t i = 0; i < list.rows.n; i++) {
        const struct consent *row = &list.rows.at[i];
        export_row(&out, (const char *const[]){ consent_purpose_names.names[row->purpose], row->text, export_day(cli, row->day),
                   export_day(cli, row->withdrawn), row->document });
    }
    return export_end(&out);
}

int verb_consent_give(struct cli *cli, int argc, char **argv)
{
    struct consent_give in = { 0 };
    int code = args_read("consent give", &argc, argv, ARGS({ "text", ARG_TEXT, &in.text, true }, { "day", ARG_DAY, &in.day, true },
                         { "document", ARG_TEXT, &in.document, false }), "PERSON PURPOSE", 2, 2);
    if (code != CLI_OK || (code = refer_word(cli, "consent give", &consent_purpose_names, argv[2], &in.purpose)) != CLI_OK
        || (code = refer_person(cli, argv[1], &in.person)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.consent.give", &in);
}

int verb_consent_withdraw(struct cli *cli, int argc, char **argv)
{
    struct consent_withdraw in = { 0 };
    int code = args_read("consent withdraw", &argc, argv, ARGS({ "day", ARG_DAY, &in.day, true }, { "document", ARG_TEXT, &in.document, false }),
                         "PERSON PURPOSE", 2, 2);
    if (code != CLI_OK || (code = refer_word(cli, "consent withdraw", &consent_purpose_names, argv[2], &in.purpose)) != CLI_OK
        || (code = refer_person(cli, argv[1], &in.person)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.consent.withdraw", &in);
}

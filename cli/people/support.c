#include "cli/people/support.h"

#include "cli/refer/args.h"
#include "cli/refer/refer.h"
#include "proto/routes.h"

int verb_support_record(struct cli *cli, int argc, char **argv)
{
    struct support_record in = { 0 };
    struct registered made;
    const char *unit = NULL;
    int code = args_read("support record", &argc, argv, ARGS({ "day", ARG_DAY, &in.day, true }, { "unit", ARG_TEXT, &unit, false }),
                         "PERSON and FORM", 2, 2);

    if (code != CLI_OK)
        return code;
    in.form = argv[2];
    if ((code = refer_person(cli, argv[1], &in.person)) != CLI_OK
        || (unit != NULL && (code = refer_organisation(cli, unit, &in.organisation)) != CLI_OK))
        return code;
    return refer_made(cli, cli_ask(cli, "routes.support.record", &in, &made), &made);
}

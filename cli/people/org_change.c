/* org add, rename, move, found, merge, split, close, reopen: each a command of its own, with its day and its ground. */
#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/history/history_parts.h"
#include "cli/people/org.h"
#include "cli/refer/refer.h"
#include "proto/roster_tree.h"

#define CHANGE_ARGS(in) { "day", ARG_DAY, &(in).day, true }, { "ground", ARG_TEXT, &(in).ground, true }, \
                        { "document", ARG_TEXT, &(in).document, false }

int verb_org_add(struct cli *cli, int argc, char **argv)
{
    struct organisation_register in = { 0 };
    struct registered made;
    const char *parent = NULL;
    int code = args_read("org add", &argc, argv, ARGS({ "under", ARG_TEXT, &parent, false }, { "opened", ARG_DAY, &in.opened, false }),
                         "CODE KIND TITLE", 3, 3);
    if (code != CLI_OK)
        return code;
    in.code = argv[1];
    in.title = argv[3];
    if ((in.kind = organisation_kind_read(argv[2])) < 0)
        return cli_usage("org add", "%s: no such kind of organisation", argv[2]);
    if ((parent == NULL) != (in.kind == ORG_REGION))
        return cli_usage("org add", "--under is needed by all but the region");
    if ((code = cli_config(cli)) != CLI_OK || (parent != NULL && (code = refer_organisation(cli, parent, &in.parent)) != CLI_OK))
        return code;
    in.id = parent == NULL ? cli->config.region : UUID_NIL;
    return refer_made(cli, cli_ask(cli, "roster.organisation.register", &in, &made), &made);
}

int verb_org_rename(struct cli *cli, int argc, char **argv)
{
    struct organisation_rename in = { 0 };
    int code = args_read("org rename", &argc, argv, ARGS(CHANGE_ARGS(in)), "CODE TITLE", 2, 2);
    if (code != CLI_OK || (code = refer_organisation(cli, argv[1], &in.id)) != CLI_OK)
        return code;
    in.title = argv[2];
    return cli_do(cli, "roster.organisation.rename", &in);
}

int verb_org_move(struct cli *cli, int argc, char **argv)
{
    struct organisation_move in = { 0 };
    int code = args_read("org move", &argc, argv, ARGS(CHANGE_ARGS(in)), "CODE ABOVE", 2, 2);
    if (code != CLI_OK || (code = refer_organisation(cli, argv[1], &in.id)) != CLI_OK
        || (code = refer_organisation(cli, argv[2], &in.parent)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.organisation.move", &in);
}

int verb_org_found(struct cli *cli, int argc, char **argv)
{
    struct organisation_found in = { 0 };
    int code = args_read("org found", &argc, argv, ARGS(CHANGE_ARGS(in)), "CODE FOUNDER", 2, 2);
    if (code != CLI_OK || (code = refer_organisation(cli, argv[1], &in.id)) != CLI_OK
        || (code = refer_organisation(cli, argv[2], &in.founder)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.organisation.found", &in);
}

static int refer_all(struct cli *cli, const char *const *codes, uint32_t n, struct uuid *ids)
{
    int code = CLI_OK;
    for (uint32_t i = 0; code == CLI_OK && i < n; i++)
        code = refer_organisation(cli, codes[i], &ids[i]);
    return code;
}

int verb_org_merge(struct cli *cli, int argc, char **argv)
{
    struct organisation_merge in = { 0 };
    struct uuid units[MERGE_MAX];
    const char *into = NULL;
    int code = args_read("org merge", &argc, argv, ARGS({ "into", ARG_TEXT, &into, true }, CHANGE_ARGS(in)), "CODE…", 1, MERGE_MAX);
    if (code != CLI_OK)
        return code;
    in.units.n = (uint32_t)(argc - 1);
    in.units.at = units;
    if ((code = refer_all(cli, (const char *const *)argv + 1, in.units.n, units)) != CLI_OK
        || (code = refer_organisation(cli, into, &in.into)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.organisation.merge", &in);
}

int verb_org_split(struct cli *cli, int argc, char **argv)
{
    struct organisation_split in = { 0 };
    struct uuid parts[ARG_LIST_MAX];
    struct arg_list into = { 0 };
    int code = args_read("org split", &argc, argv, ARGS({ "into", ARG_LIST, &into, true }, { "goes-on", ARG_FLAG, &in.goes_on, false },
                         CHANGE_ARGS(in)), "CODE", 1, 1);
    if (code != CLI_OK)
        return code;
    if (into.n > MERGE_MAX)
        return cli_usage("org split", "--into: at most %d times", MERGE_MAX);
    in.into.n = into.n;
    in.into.at = parts;
    if ((code = refer_organisation(cli, argv[1], &in.id)) != CLI_OK || (code = refer_all(cli, into.at, into.n, parts)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.organisation.split", &in);
}

static int close_or_reopen(struct cli *cli, int argc, char **argv, const char *verb, const char *method)
{
    struct organisation_close in = { 0 };
    int code = args_read(verb, &argc, argv, ARGS(CHANGE_ARGS(in)), "CODE", 1, 1);
    if (code != CLI_OK || (code = refer_organisation(cli, argv[1], &in.id)) != CLI_OK)
        return code;
    return cli_do(cli, method, &in);
}

int verb_org_close(struct cli *cli, int argc, char **argv)
{
    return close_or_reopen(cli, argc, argv, "org close", "roster.organisation.close");
}

int verb_org_reopen(struct cli *cli, int argc, char **argv)
{
    return close_or_reopen(cli, argc, argv, "org reopen", "roster.organisation.reopen");
}

/* intake status, turn, drop: the key that nodes seal personal fields to. */
#include <getopt.h>
#include <inttypes.h>

#include "cli/cli.h"
#include "cli/show/table.h"
#include "common/core/err.h"
#include "proto/roles.h"
#include "proto/roster_intake.h"

static const char *number(struct cli *cli, uint64_t value) { return arena_format(&cli->arena, "%" PRIu64, value); }

static const char *day_text(struct cli *cli, day_t day)
{
    char text[DAY_TEXT + 1];

    day_format(day, text);
    return day != 0 ? arena_string(&cli->arena, text, strlen(text)) : cli_word(cli, "intake.with_vault");
}

static const char *sender_name(struct cli *cli, const struct uuid *id)
{
    const struct principal_key *row = cli->principals != NULL ? principals_by_id(cli->principals, id) : NULL;
    char text[UUID_TEXT + 1];

    uuid_format(id, text);
    const char *name = row != NULL ? row->name : text;
    return row != NULL && row->revoked ? arena_format(&cli->arena, "%s (%s)", name, cli_word(cli, "intake.revoked"))
                                       : arena_string(&cli->arena, name, strlen(name));
}

static void senders_print(struct cli *cli, const struct intake_standing *standing)
{
    const struct table_column columns[] = { { cli_word(cli, "intake.node"), SIDE_LEFT }, { cli_word(cli, "intake.under"), SIDE_RIGHT },
                                            { cli_word(cli, "intake.since"), SIDE_LEFT }, { cli_word(cli, "intake.waited"), SIDE_LEFT } };
    struct text_table table;

    table_start(&table, &cli->arena, columns, sizeof columns / sizeof *columns);
    for (uint32_t i = 0; i < standing->senders.n; i++) {
        const struct intake_sender *row = &standing->senders.at[i];
        char moment[MOMENT_TEXT + 1] = "—";
        if (row->since != 0)
            moment_format(row->since, moment);
        table_row(&table, (const char *[]){ sender_name(cli, &row->sender), row->since != 0 ? number(cli, row->generation) : "—",
            arena_string(&cli->arena, moment, strlen(moment)),
            !row->behind ? "" : cli_word(cli, row->apart ? "intake.apart" : row->since == 0 ? "intake.nothing_yet" : "intake.behind") });
    }
    putchar('\n');
    table_print(&table, stdout, cli_width());
    if (standing->more)
        puts(cli_word(cli, "intake.more"));
}

static void standing_print(struct cli *cli, const struct intake_standing *standing)
{
    for (uint32_t i = 0; i < standing->kept.n; i++) {
        const struct catalogue_arg args[] = { { "generation", number(cli, standing->kept.at[i].generation) },
                                              { "day", day_text(cli, standing->kept.at[i].day) } };
        puts(cli_words(cli, i + 1 == standing->kept.n ? "intake.newest" : "intake.older", args, 2));
    }
    if (standing->drops != 0) {
        const struct catalogue_arg args[] = { { "behind", number(cli, standing->behind) }, { "day", day_text(cli, standing->drops) } };
        puts(cli_words(cli, standing->behind > 0 ? "intake.waits" : "intake.drops", args, 2));
    }
    if (standing->senders.n > 0)
        senders_print(cli, standing);
}

int verb_intake_status(struct cli *cli, int argc, char **argv)
{
    struct intake_standing standing;
    char says[400] = "";
    (void)argv;

    if (argc != 1)
        return cli_usage("intake status", "takes no arguments");
    int code = cli_config(cli);
    if (code != CLI_OK || (code = cli_ask(cli, "roster.intake.standing", NULL, &standing)) != CLI_OK)
        return code;
    if (cli->json) {
        cli_print_json(&intake_standing_desc, &standing);
        return CLI_OK;
    }
    if (cli->principals == NULL)
        principals_load(&cli->principals, cli->config.keys, &role_names, says);     /* without it: identifiers */
    standing_print(cli, &standing);
    return CLI_OK;
}

/* The key-encryption key follows, so that no store from before opens without the newest keys; and those are copied at once. */
static int keys_follow(struct cli *cli)
{
    char *backup[] = { (char[]){ "vault backup" }, NULL };
    bool done = false;
    int code = vault_wait(cli, &done);

    if (code != CLI_OK)
        return code;
    if (!done) {
        puts(cli_word(cli, "intake.vault_later"));
        return CLI_OK;
    }
    puts(cli_word(cli, "intake.vault_turned"));
    return verb_vault_backup(cli, 1, backup);
}

int verb_intake_turn(struct cli *cli, int argc, char **argv)
{
    struct intake_turned turned;
    (void)argv;

    if (argc != 1)
        return cli_usage("intake turn", "takes no arguments");
    int code = cli_config(cli);
    if (code != CLI_OK || (code = cli_ask(cli, "roster.intake.turn", NULL, &turned)) != CLI_OK)
        return code;
    const struct catalogue_arg args[] = { { "generation", number(cli, turned.generation) } };
    puts(cli_words(cli, "intake.turned", args, 1));
    return keys_follow(cli);
}

int verb_intake_drop(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "anyway", no_argument, NULL, 'a' }, { 0 } };
    struct intake_drop drop = { 0 };
    struct intake_dropped dropped;

    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        if (c == 'a')
            drop.anyway = true;
        else
            return CLI_USAGE;
    if (optind != argc)
        return cli_usage("intake drop", "takes no arguments but --anyway");
    int code = cli_config(cli);
    if (code != CLI_OK || (code = cli_ask(cli, "roster.intake.drop", &drop, &dropped)) != CLI_OK)
        return code;
    const struct catalogue_arg args[] = { { "below", number(cli, dropped.below) } };
    puts(cli_words(cli, "intake.dropped", args, 1));
    return keys_follow(cli);
}

void intake_say(struct cli *cli)
{
    struct intake_standing standing;
    struct client_reply reply;

    if (cli_try(cli, "roster.intake.standing", NULL, &standing, &reply, NULL) != ERR_OK || reply.problem != NULL || standing.kept.n < 2)
        return;
    const struct catalogue_arg args[] = { { "kept", number(cli, standing.kept.n) }, { "behind", number(cli, standing.behind) } };
    puts(cli_words(cli, "status.intake", args, 2));
}

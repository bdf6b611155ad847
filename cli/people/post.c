#include "cli/people/post.h"

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "proto/roster_tree.h"

struct sought { struct uuid person, organisation; const char *title; day_t on; };

/* The one post that he holds there on that day; `title` tells several apart. */
static int post_find(struct cli *cli, const char *verb, const struct sought *sought, struct uuid *post)
{
    struct workers_of ask = { .unit = sought->organisation, .on = sought->on, .limit = 1000 };
    struct worker_list list;
    const char *titles = "";
    uint32_t fit = 0;
    do {
        int code = cli_ask(cli, "roster.worker.list", &ask, &list);
        if (code != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct post_opened *row = &list.rows.at[i];
            if (!uuid_equal(&row->person, &sought->person) || !uuid_equal(&row->chain.at[0], &sought->organisation)
                || (sought->title != NULL && strcmp(row->title, sought->title) != 0))
                continue;
            titles = arena_format(&cli->arena, "%s%s%s", titles, fit++ > 0 ? ", " : "", row->title);
            *post = row->post;
        }
        ask.after = list.next;
    } while (ask.after.n > 0);
    if (fit > 1)
        return cli_usage(verb, "--title is needed, there are several posts: %s", titles);
    return fit == 1 ? CLI_OK : cli_say(CLI_FAILED, "%s", cli_word(cli, "refer.no_post"));
}

static int sought_read(struct cli *cli, char **argv, struct sought *sought)
{
    int code = refer_person(cli, argv[1], &sought->person);
    return code == CLI_OK ? refer_organisation(cli, argv[2], &sought->organisation) : code;
}

int verb_post_close(struct cli *cli, int argc, char **argv)
{
    struct sought sought = { 0 };
    struct post_close in = { 0 };
    int code = args_read("post close", &argc, argv, ARGS({ "until", ARG_DAY, &in.until, true }, { "title", ARG_TEXT, &sought.title, false }),
                         "PERSON ORGANISATION", 2, 2);
    sought.on = in.until;
    if (code != CLI_OK || (code = sought_read(cli, argv, &sought)) != CLI_OK
        || (code = post_find(cli, "post close", &sought, &in.post)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.post.close", &in);
}

int verb_post_transfer(struct cli *cli, int argc, char **argv)
{
    struct sought sought = { 0 };
    struct post_transfer in = { 0 };
    struct registered made;
    int code = args_read("post transfer", &argc, argv, ARGS({ "day", ARG_DAY, &in.day, true }, { "title", ARG_TEXT, &sought.title, false }),
                         "PERSON FROM TO", 3, 3);
    sought.on = in.day - 1;             /* the last day where he was */
    if (code != CLI_OK || (code = sought_read(cli, argv, &sought)) != CLI_OK
        || (code = refer_organisation(cli, argv[3], &in.organisation)) != CLI_OK
        || (code = post_find(cli, "post transfer", &sought, &in.post)) != CLI_OK)
        return code;
    return refer_made(cli, cli_ask(cli, "roster.post.transfer", &in, &made), &made);
}

/* route: one individual route, of those within reach the one with most to see, or the one named. */
#include <getopt.h>
#include <inttypes.h>
#include "cli/refer/refer.h"
#include "cli/routes/route_page.h"
#include "common/core/err.h"
#include "proto/routes.h"

#define LOOK_PAGES 5                /* of the list, for one that shows most */
#define PAGE_ROWS  200

/* How much there is to see in a route: alternatives first, then steps, but not too many of them. */
static uint32_t worth(const struct route *route)
{
    const struct route_drafted *d = route->draft;
    uint32_t n = d->steps.n <= 4 ? d->steps.n * 2 : 4;
    for (uint32_t i = 0; i < d->steps.n; i++)
        n += d->steps.at[i].alternative_title != NULL && *d->steps.at[i].alternative_title != '\0' && i < 3 ? 3 : 0;
    for (uint32_t i = 0; i < route->step_states.n; i++)
        n += route->step_states.at[i].state != STEP_PLANNED ? 1 : 0;
    return n + (d->uncovered.n > 0 ? 1 : 0) + (route->agreed != 0 ? 1 : 0);
}

static int pick(struct cli *cli, const struct uuid *person, struct route *best)
{
    struct routes_of ask = { .person = *person, .limit = PAGE_ROWS };
    bool found = false;
    for (unsigned page = 0; page < LOOK_PAGES; page++) {
        struct route_list list;
        int code = cli_ask(cli, "routes.route.list", &ask, &list);
        if (code != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++)
            if (!found || worth(&list.rows.at[i]) > worth(best)) {
                *best = list.rows.at[i];
                found = true;
            }
        ask.after = list.next;
        if (list.next.n == 0)
            break;
    }
    return found ? CLI_OK : cli_say(CLI_FAILED, "%s", cli_word(cli, "route.none"));
}

int verb_route(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "person", required_argument, NULL, 'p' }, { 0 } };
    struct uuid person = UUID_NIL;
    const char *who = NULL;
    struct route_move id = { UUID_NIL };
    struct route route;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        if (c != 'p')
            return CLI_USAGE;
        else
            who = optarg;
    if (argc - optind > 1 || (argc > optind && !uuid_parse(&id.route, argv[optind], strlen(argv[optind]))))
        return cli_usage("route", "at most one ROUTE, a UUID");
    int code = cli_config(cli);
    if (code == CLI_OK && who != NULL)
        code = refer_person(cli, who, &person);
    if (code == CLI_OK)
        code = argc > optind ? cli_ask(cli, "routes.route.get", &id, &route) : pick(cli, &person, &route);
    if (code != CLI_OK)
        return code;
    if (cli->json)
        cli_print_json(&route_desc, &route);
    else
        route_page_print(cli, &route);
    return CLI_OK;
}

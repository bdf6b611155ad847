/* route: one individual route with the reasons of its steps, in words. No names: a person is an id here. */
#include <getopt.h>
#include <inttypes.h>
#include "cli/cli.h"
#include "common/core/err.h"
#include "proto/routes.h"

#define LOOK_PAGES 5                /* of the list, for one that shows most */
#define PAGE_ROWS  200

/* What is known of the deficits beside the route itself; either may be missing. */
struct behind { struct framework framework; struct sitting sitting; bool has_framework, has_sitting; };

static bool got(struct cli *cli, const char *method, const void *takes, void *gives)
{
    struct client_reply reply;
    int err = cli_try(cli, method, takes, gives, &reply, NULL);
    return err == ERR_OK && reply.problem == NULL;
}

/* procedure → instrument → framework, for the titles of competencies; the sitting, for got and of. */
static void look_behind(struct cli *cli, const struct route_drafted *draft, struct behind *behind)
{
    struct procedure procedure;
    struct instrument instrument;
    const struct sitting_id sitting = { draft->sitting };
    behind->has_sitting = got(cli, "diagnostics.sitting.get", &sitting, &behind->sitting);
    behind->has_framework = got(cli, "diagnostics.procedure.get", &(struct id){ draft->procedure }, &procedure)
        && got(cli, "diagnostics.instrument.get", &(struct id){ procedure.instrument }, &instrument)
        && got(cli, "diagnostics.framework.get", &(struct id){ instrument.framework }, &behind->framework);
}

static const char *competency_title(const struct behind *behind, const char *code)
{
    for (uint32_t i = 0; behind->has_framework && i < behind->framework.competencies.n; i++)
        if (strcmp(behind->framework.competencies.at[i].code, code) == 0)
            return behind->framework.competencies.at[i].title;
    return code;
}

static const char *deficit_text(struct cli *cli, const struct behind *behind, const char *code)
{
    const char *title = competency_title(behind, code);
    for (uint32_t i = 0; behind->has_sitting && i < behind->sitting.shares.n; i++) {
        const struct share *s = &behind->sitting.shares.at[i];
        if (strcmp(s->competency, code) != 0)
            continue;
        const struct catalogue_arg args[] = { { "title", title },
            { "got", arena_format(&cli->arena, "%" PRIu64, s->got) }, { "of", arena_format(&cli->arena, "%" PRIu64, s->of) } };
        return cli_words(cli, "route.deficit", args, 3);
    }
    return title;
}

static const char *name_of(struct cli *cli, const char *prefix, const struct enum_desc *names, int value)
{
    return cli_word(cli, arena_format(&cli->arena, "%s.%s", prefix,
                                      value >= 0 && value < names->count ? names->names[value] : "?"));
}

static void print_step(struct cli *cli, const struct behind *behind, const struct step *step)
{
    const struct catalogue_arg args[] = {
        { "number", arena_format(&cli->arena, "%" PRIu64, step->number) }, { "title", step->title },
        { "hours", arena_format(&cli->arena, "%" PRIu64, step->hours) } };
    printf("\n  %s%s\n", cli_words(cli, "route.step", args, 3), step->federal ? cli_word(cli, "route.federal") : "");
    for (uint32_t i = 0; i < step->deficits.n; i++) {
        const struct catalogue_arg arg[] = { { "deficit", deficit_text(cli, behind, step->deficits.at[i]) } };
        printf("     %s\n", cli_words(cli, "route.because", arg, 1));
    }
    printf("     %s\n", name_of(cli, "step_reason", &step_reason_names, step->reason));
    if (step->alternative_title != NULL && *step->alternative_title != '\0') {
        const struct catalogue_arg arg[] = { { "title", step->alternative_title } };
        printf("     %s\n", cli_words(cli, "route.alternative", arg, 1));
    }
}

static void print_route(struct cli *cli, const struct route *route)
{
    const struct route_drafted *d = route->draft;
    struct behind behind = { 0 };
    char id[UUID_TEXT + 1], person[UUID_TEXT + 1], day[DAY_TEXT + 1] = "", agreed[DAY_TEXT + 1] = "";
    look_behind(cli, d, &behind);
    uuid_format(&d->route, id);
    uuid_format(&d->person, person);
    day_format_ru(d->day, day);
    if (route->agreed != 0)
        day_format_ru(route->agreed, agreed);
    const struct catalogue_arg args[] = { { "route", id }, { "person", person }, { "day", day }, { "agreed", agreed },
                                          { "state", name_of(cli, "route_state", &route_state_names, route->state) } };
    printf("%s\n%s\n", cli_words(cli, "route.title", args, 5),
           cli_words(cli, route->agreed != 0 ? "route.agreed" : "route.drafted", args, 5));
    if (route->overdue)
        printf("%s\n", cli_word(cli, "route.overdue"));
    for (uint32_t i = 0; i < d->steps.n; i++)
        print_step(cli, &behind, &d->steps.at[i]);
    for (uint32_t i = 0; i < d->uncovered.n; i++) {
        const struct catalogue_arg arg[] = { { "deficit", deficit_text(cli, &behind, d->uncovered.at[i]) } };
        printf("\n  %s\n", cli_words(cli, "route.uncovered", arg, 1));
    }
    if (d->steps.n == 0 && d->uncovered.n == 0)
        printf("\n  %s\n", cli_word(cli, "route.empty"));
}

/* How much there is to see in a route: alternatives first, then steps, but not too many of them. */
static uint32_t worth(const struct route *route)
{
    const struct route_drafted *d = route->draft;
    uint32_t n = d->steps.n <= 4 ? d->steps.n * 2 : 4;
    for (uint32_t i = 0; i < d->steps.n; i++)
        n += d->steps.at[i].alternative_title != NULL && *d->steps.at[i].alternative_title != '\0' && i < 3 ? 3 : 0;
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
    struct route_move id = { UUID_NIL };
    struct route route;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        if (c != 'p')
            return CLI_USAGE;
        else if (!uuid_parse(&person, optarg, strlen(optarg)))
            return cli_usage("route", "--person %s: not a UUID", optarg);
    if (argc - optind > 1 || (argc > optind && !uuid_parse(&id.route, argv[optind], strlen(argv[optind]))))
        return cli_usage("route", "at most one ROUTE, a UUID");
    int code = cli_config(cli);
    if (code == CLI_OK)
        code = argc > optind ? cli_ask(cli, "routes.route.get", &id, &route) : pick(cli, &person, &route);
    if (code != CLI_OK)
        return code;
    if (cli->json)
        cli_print_json(&route_desc, &route);
    else
        print_route(cli, &route);
    return CLI_OK;
}

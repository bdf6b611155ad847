/* node people, routes, programmes, frameworks: what the node has brought down of the region, for who sits there. Names
 * are not among it: a person is an identifier with his posts. */
#include "cli/node.h"

#include <inttypes.h>

#include "cli/table.h"

typedef void page_show(struct cli *cli, struct text_table *table, const void *list);

struct copy_view {
    const char *verb, *method;
    const char *columns[6];                 /* sentences node.col.* */
    enum table_side sides[6];
    uint32_t column_count;
    const struct msg_desc *gives;
    size_t next;                            /* offset of `next` in what it gives */
    page_show *show;
};

static const char *day(struct cli *cli, day_t day)
{
    char text[DAY_TEXT + 1];
    if (day == 0)
        return "";
    day_format_ru(day, text);
    return arena_string(&cli->arena, text, strlen(text));
}

static const char *id(struct cli *cli, const struct uuid *id)
{
    char text[UUID_TEXT + 1];
    uuid_format(id, text);
    return arena_string(&cli->arena, text, UUID_TEXT);
}

static const char *number(struct cli *cli, uint64_t value)
{
    return arena_format(&cli->arena, "%" PRIu64, value);
}

/* ── people ───────────────────────────────────────────────────────────────── */

static void show_people(struct cli *cli, struct text_table *table, const void *list)
{
    const struct node_persons *persons = list;

    for (uint32_t i = 0; i < persons->rows.n; i++) {
        const struct node_person *row = &persons->rows.at[i];
        for (uint32_t p = 0; p < row->posts.n; p++) {
            const struct post_opened *post = &row->posts.at[p];
            table_row(table, (const char *[]){ p == 0 ? id(cli, &row->person) : "", post->title, post->subject,
                      day(cli, post->from), day(cli, post->until), p < row->places.n ? row->places.at[p] : "" });
        }
        if (row->posts.n == 0)
            table_row(table, (const char *[]){ id(cli, &row->person), "", "", "", "", "" });
    }
}

/* ── routes ───────────────────────────────────────────────────────────────── */

/* Where it stands: the first step that is not done. */
static const char *standing(struct cli *cli, const struct route *route, uint32_t *done)
{
    const char *text = "";

    *done = 0;
    for (uint32_t i = 0; i < route->step_states.n; i++) {
        const struct step_now *step = &route->step_states.at[i];
        if (step->state == STEP_ACCEPTED)
            (*done)++;
        else if (*text == '\0')
            text = arena_format(&cli->arena, "%" PRIu64 ": %s%s%s", step->step,
                                cli_word(cli, arena_format(&cli->arena, "step_state.%s", step_state_names.names[step->state])),
                                step->comment != NULL && *step->comment != '\0' ? "; " : "", step->comment != NULL ? step->comment : "");
    }
    return text;
}

static void show_routes(struct cli *cli, struct text_table *table, const void *list)
{
    const struct route_list *routes = list;

    for (uint32_t i = 0; i < routes->rows.n; i++) {
        const struct route *route = &routes->rows.at[i];
        uint32_t done;
        const char *at = standing(cli, route, &done);
        table_row(table, (const char *[]){ id(cli, &route->draft->route), id(cli, &route->draft->person),
                  cli_word(cli, arena_format(&cli->arena, "route_state.%s", route_state_names.names[route->state])),
                  day(cli, route->agreed), arena_format(&cli->arena, "%u/%u", done, route->step_states.n), at });
    }
}

/* ── what everybody may see ───────────────────────────────────────────────── */

static void show_programmes(struct cli *cli, struct text_table *table, const void *list)
{
    const struct node_programmes *programmes = list;

    for (uint32_t i = 0; i < programmes->rows.n; i++) {
        const struct programme *programme = programmes->rows.at[i].programme;
        table_row(table, (const char *[]){ programme->code, number(cli, programme->hours),
                  programmes->rows.at[i].federal ? cli_word(cli, "node.federal") : "", programme->title });
    }
}

static void show_frameworks(struct cli *cli, struct text_table *table, const void *list)
{
    const struct node_frameworks *frameworks = list;
    (void)cli;

    for (uint32_t i = 0; i < frameworks->rows.n; i++) {
        const struct framework *framework = &frameworks->rows.at[i];
        table_row(table, (const char *[]){ framework->code, "", framework->title });
        for (uint32_t c = 0; c < framework->competencies.n; c++)
            table_row(table, (const char *[]){ "", framework->competencies.at[c].code, framework->competencies.at[c].title });
        table_rule(table);
    }
}

/* ── the verbs ────────────────────────────────────────────────────────────── */

static const struct copy_view PEOPLE = {
    "node people", "node.person.list", { "person", "post", "subject", "from", "until", "place" },
    { SIDE_LEFT, SIDE_LEFT, SIDE_LEFT, SIDE_LEFT, SIDE_LEFT, SIDE_WRAP }, 6,
    &node_persons_desc, offsetof(struct node_persons, next), show_people };
static const struct copy_view ROUTES = {
    "node routes", "node.route.list", { "route", "person", "state", "agreed", "steps", "at" },
    { SIDE_LEFT, SIDE_LEFT, SIDE_LEFT, SIDE_LEFT, SIDE_RIGHT, SIDE_WRAP }, 6,
    &route_list_desc, offsetof(struct route_list, next), show_routes };
static const struct copy_view PROGRAMMES = {
    "node programmes", "node.programme.list", { "code", "hours", "registry", "title" },
    { SIDE_LEFT, SIDE_RIGHT, SIDE_LEFT, SIDE_WRAP }, 4,
    &node_programmes_desc, offsetof(struct node_programmes, next), show_programmes };
static const struct copy_view FRAMEWORKS = {
    "node frameworks", "node.framework.list", { "code", "competency", "title" }, { SIDE_LEFT, SIDE_LEFT, SIDE_WRAP }, 3,
    &node_frameworks_desc, offsetof(struct node_frameworks, next), show_frameworks };

static int view(struct cli *cli, int argc, const struct copy_view *view)
{
    struct table_column columns[6];
    struct text_table table;
    struct page page = { 0 };
    int code;

    if (argc != 1)
        return cli_usage(view->verb, "takes no arguments");
    if ((code = cli_config(cli)) != CLI_OK)
        return code;
    for (uint32_t i = 0; i < view->column_count; i++)
        columns[i] = (struct table_column){ cli_word(cli, arena_format(&cli->arena, "node.col.%s", view->columns[i])), view->sides[i] };
    table_start(&table, &cli->arena, columns, view->column_count);
    do {
        char *list = arena_alloc(&cli->arena, view->gives->size);
        if ((code = cli_ask(cli, view->method, &page, list)) != CLI_OK)
            return code;
        if (cli->json)
            cli_print_json(view->gives, list);
        else
            view->show(cli, &table, list);
        memcpy(&page.after, list + view->next, sizeof page.after);
    } while (page.after.n > 0);
    if (!cli->json)
        table_print(&table, stdout, cli_width());
    return CLI_OK;
}

int verb_node_people(struct cli *cli, int argc, char **argv)     { (void)argv; return view(cli, argc, &PEOPLE); }
int verb_node_routes(struct cli *cli, int argc, char **argv)     { (void)argv; return view(cli, argc, &ROUTES); }
int verb_node_programmes(struct cli *cli, int argc, char **argv) { (void)argv; return view(cli, argc, &PROGRAMMES); }
int verb_node_frameworks(struct cli *cli, int argc, char **argv) { (void)argv; return view(cli, argc, &FRAMEWORKS); }

/* node people, routes, programmes, frameworks: what the node has brought down of the region, for who sits there. Names
 * are not among it: a person is an identifier with his posts. */
#include "cli/node/node.h"

#include <inttypes.h>

#include "cli/refer/args.h"
#include "cli/show/export.h"

typedef void page_show(struct export *out, const void *list);

struct copy_view {
    const char *verb, *method;
    const struct export_column *columns;
    uint32_t column_count;
    const struct msg_desc *gives;
    size_t next;                            /* offset of `next` in what it gives */
    page_show *show;
};

/* ── people ───────────────────────────────────────────────────────────────── */

static void show_people(struct export *out, const void *list)
{
    const struct node_persons *persons = list;
    struct cli *cli = out->cli;

    for (uint32_t i = 0; i < persons->rows.n; i++) {
        const struct node_person *row = &persons->rows.at[i];
        for (uint32_t p = 0; p < row->posts.n; p++) {
            const struct post_opened *post = &row->posts.at[p];
            export_row(out, (const char *const[]){ export_id(cli, &row->person), post->title, post->subject, export_day(cli, post->from),
                       export_day(cli, post->until), p < row->places.n ? row->places.at[p] : "" });
        }
        if (row->posts.n == 0)
            export_row(out, (const char *const[]){ export_id(cli, &row->person), "", "", "", "", "" });
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

static void show_routes(struct export *out, const void *list)
{
    const struct route_list *routes = list;
    struct cli *cli = out->cli;

    for (uint32_t i = 0; i < routes->rows.n; i++) {
        const struct route *route = &routes->rows.at[i];
        uint32_t done;
        const char *at = standing(cli, route, &done);
        export_row(out, (const char *const[]){ export_id(cli, &route->draft->route), export_id(cli, &route->draft->person),
                  route_state_names.names[route->state], export_day(cli, route->agreed), arena_format(&cli->arena, "%u/%u", done, route->step_states.n), at });
    }
}

/* ── what everybody may see ───────────────────────────────────────────────── */

static void show_programmes(struct export *out, const void *list)
{
    const struct node_programmes *programmes = list;

    for (uint32_t i = 0; i < programmes->rows.n; i++) {
        const struct programme *programme = programmes->rows.at[i].programme;
        export_row(out, (const char *const[]){ programme->code, export_number(out->cli, programme->hours),
                   programmes->rows.at[i].federal ? cli_word(out->cli, "node.federal") : "", programme->title });
    }
}

static void show_frameworks(struct export *out, const void *list)
{
    const struct node_frameworks *frameworks = list;

    for (uint32_t i = 0; i < frameworks->rows.n; i++) {
        const struct framework *framework = &frameworks->rows.at[i];
        export_row(out, (const char *const[]){ framework->code, "", framework->title });
        for (uint32_t c = 0; c < framework->competencies.n; c++)
            export_row(out, (const char *const[]){ framework->code, framework->competencies.at[c].code, framework->competencies.at[c].title });
    }
}

/* ── the verbs ────────────────────────────────────────────────────────────── */

#define C(key, title, kind, words) { key, "node.col." title, kind, words, false }
static const struct export_column PEOPLE_COLUMNS[] = {
    C("person", "person", EXPORT_TEXT, NULL), C("post", "post", EXPORT_TEXT, NULL),    C("subject", "subject", EXPORT_TEXT, NULL),
    C("from", "from", EXPORT_DAY, NULL),      C("until", "until", EXPORT_DAY, NULL),   C("place", "place", EXPORT_LONG, NULL) };
static const struct export_column ROUTE_COLUMNS[] = {
    C("route", "route", EXPORT_TEXT, NULL),   C("person", "person", EXPORT_TEXT, NULL), C("state", "state", EXPORT_TEXT, "route_state"),
    C("agreed", "agreed", EXPORT_DAY, NULL),  C("steps", "steps", EXPORT_TEXT, NULL),  C("at", "at", EXPORT_LONG, NULL) };
static const struct export_column PROGRAMME_COLUMNS[] = {
    C("code", "code", EXPORT_TEXT, NULL),     C("hours", "hours", EXPORT_NUMBER, NULL), C("registry", "registry", EXPORT_TEXT, NULL),
    C("title", "title", EXPORT_LONG, NULL) };
static const struct export_column FRAMEWORK_COLUMNS[] = {
    C("code", "code", EXPORT_TEXT, NULL),     C("competency", "competency", EXPORT_TEXT, NULL), C("title", "title", EXPORT_LONG, NULL) };
#undef C
#define COLUMNS(list) (list), sizeof (list) / sizeof *(list)

static const struct copy_view PEOPLE = { "node people", "node.person.list", COLUMNS(PEOPLE_COLUMNS),
                                         &node_persons_desc, offsetof(struct node_persons, next), show_people };
static const struct copy_view ROUTES = { "node routes", "node.route.list", COLUMNS(ROUTE_COLUMNS),
                                         &route_list_desc, offsetof(struct route_list, next), show_routes };
static const struct copy_view PROGRAMMES = { "node programmes", "node.programme.list", COLUMNS(PROGRAMME_COLUMNS),
                                             &node_programmes_desc, offsetof(struct node_programmes, next), show_programmes };
static const struct copy_view FRAMEWORKS = { "node frameworks", "node.framework.list", COLUMNS(FRAMEWORK_COLUMNS),
                                             &node_frameworks_desc, offsetof(struct node_frameworks, next), show_frameworks };

static int view(struct cli *cli, int argc, char **argv, const struct copy_view *view)
{
    struct export out = { 0 };
    struct page page = { 0 };
    int code = args_read(view->verb, &argc, argv, ARGS(EXPORT_ARGS(&out)), "", 0, 0);
    bool whole = cli->json && out.csv == NULL && out.xlsx == NULL;      /* as it came */

    if (code != CLI_OK || (code = cli_config(cli)) != CLI_OK)
        return code;
    export_start(&out, cli, view->columns, view->column_count);
    do {
        char *list = arena_alloc(&cli->arena, view->gives->size);
        if ((code = cli_ask(cli, view->method, &page, list)) != CLI_OK)
            return code;
        if (whole)
            cli_print_json(view->gives, list);
        else
            view->show(&out, list);
        memcpy(&page.after, list + view->next, sizeof page.after);
    } while (page.after.n > 0);
    return whole ? CLI_OK : export_end(&out);
}

int verb_node_people(struct cli *cli, int argc, char **argv)     { return view(cli, argc, argv, &PEOPLE); }
int verb_node_routes(struct cli *cli, int argc, char **argv)     { return view(cli, argc, argv, &ROUTES); }
int verb_node_programmes(struct cli *cli, int argc, char **argv) { return view(cli, argc, argv, &PROGRAMMES); }
int verb_node_frameworks(struct cli *cli, int argc, char **argv) { return view(cli, argc, argv, &FRAMEWORKS); }

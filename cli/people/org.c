/* org tree, show, history: organisations as they are and as they were. */
#include "cli/people/org.h"

#include <stdlib.h>

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "proto/roster_tree.h"

/* ── tree ─────────────────────────────────────────────────────────────────── */
struct tree { struct units units; bool founders; uint32_t *order; };

static const struct organisation *above(const struct tree *tree, const struct organisation *unit)
{
    const struct organisation *up = tree->founders && !uuid_is_nil(&unit->founder) ? units_find(&tree->units, &unit->founder) : NULL;
    return up == NULL && unit->chain.n > 1 ? units_find(&tree->units, &unit->chain.at[1]) : up;
}

/* Children of one unit stand together in the order of their codes: sorted once by (above, code), then walked down. */
static int by_place(const void *a, const void *b, void *arg)
{
    const struct tree *tree = arg;
    const struct organisation *x = &tree->units.at[*(const uint32_t *)a], *y = &tree->units.at[*(const uint32_t *)b];
    const struct organisation *over_x = above(tree, x), *over_y = above(tree, y);
    if (over_x != over_y)
        return over_x < over_y ? -1 : 1;                /* of one list */
    return strcmp(x->code, y->code);
}

static const struct export_column TREE_COLUMNS[] = {
    { "level",   "column.level",   EXPORT_NUMBER, NULL,       true  },
    { "code",    "column.code",    EXPORT_TEXT,   NULL,       false },
    { "title",   "column.title",   EXPORT_TEXT,   NULL,       false },
    { "kind",    "column.kind",    EXPORT_TEXT,   "org_kind", false },
    { "above",   "column.above",   EXPORT_TEXT,   NULL,       true  },
    { "founder", "column.founder", EXPORT_TEXT,   NULL,       false },
    { "opened",  "column.opened",  EXPORT_DAY,    NULL,       false },
    { "closed",  "column.closed",  EXPORT_DAY,    NULL,       false },
    { "heir",    "column.heir",    EXPORT_TEXT,   NULL,       false },
    { "id",      "column.id",      EXPORT_TEXT,   NULL,       true  },
};

static void unit_row(struct tree *tree, struct export *out, const struct organisation *unit, uint32_t level)
{
    struct cli *cli = out->cli;
    const struct organisation *up = above(tree, unit);
    export_row(out, (const char *const[]){
        export_number(cli, level), unit->code, arena_format(&cli->arena, "%*s%s", (int)level * 2, "", unit->title),
        org_kind_names.names[unit->kind], up != NULL ? up->code : "", units_code(&tree->units, &unit->founder),
        export_day(cli, unit->opened), export_day(cli, unit->closed), units_code(&tree->units, &unit->heir), export_id(cli, &unit->id) });
}

/* A founder may, by a mistake, stand below what it has founded: nothing is deeper than the trees may be. */
static void branch_rows(struct tree *tree, struct export *out, const struct organisation *top, uint32_t level)
{
    uint32_t from = 0, to = tree->units.n;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (above(tree, &tree->units.at[tree->order[middle]]) < top)
            from = middle + 1;
        else
            to = middle;
    }
    for (; from < tree->units.n && above(tree, &tree->units.at[tree->order[from]]) == top; from++) {
        const struct organisation *unit = &tree->units.at[tree->order[from]];
        unit_row(tree, out, unit, level);
        if (level <= 2 * CHAIN_MAX)
            branch_rows(tree, out, unit, level + 1);
    }
}

static void drop_closed(struct units *units)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < units->n; i++)
        if (units->at[i].closed == 0)
            units->at[n++] = units->at[i];
    units->n = n;
    units_sort(units);
}

int verb_org_tree(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct tree tree = { 0 };
    struct uuid top = UUID_NIL;
    bool all = false;
    day_t on = 0;
    int code = args_read("org tree", &argc, argv, ARGS({ "on", ARG_DAY, &on, false }, { "founder", ARG_FLAG, &tree.founders, false },
                         { "all", ARG_FLAG, &all, false }, EXPORT_ARGS(&out)), "[CODE]", 0, 1);
    if (code == CLI_OK && argc > 1)
        code = refer_organisation(cli, argv[1], &top);
    if (code == CLI_OK)
        code = units_fetch(&tree.units, cli, on);
    if (code != CLI_OK)
        return code;
    if (on == 0 && !all)
        drop_closed(&tree.units);
    tree.order = ARENA_LIST(&cli->arena, uint32_t, tree.units.n + 1);
    for (uint32_t i = 0; i < tree.units.n; i++)
        tree.order[i] = i;
    if (tree.units.n > 1)
        qsort_r(tree.order, tree.units.n, sizeof *tree.order, by_place, &tree);
    const struct organisation *unit = uuid_is_nil(&top) ? NULL : units_find(&tree.units, &top);
    if (argc > 1 && unit == NULL)
        return cli_say(CLI_FAILED, "%s", cli_words(cli, "org.not_then", &(const struct catalogue_arg){ "code", argv[1] }, 1));
    export_start(&out, cli, TREE_COLUMNS, sizeof TREE_COLUMNS / sizeof *TREE_COLUMNS);
    if (unit != NULL)
        unit_row(&tree, &out, unit, 0);
    branch_rows(&tree, &out, unit, unit != NULL);
    return export_end(&out);
}

/* ── one ──────────────────────────────────────────────────────────────────── */
static const char *unit_said(const struct units *units, const struct uuid *id)
{
    return uuid_is_nil(id) ? "" : arena_format(&units->cli->arena, "%s %s", units_code(units, id), units_title(units, id));
}

int verb_org_show(struct cli *cli, int argc, char **argv)
{
    struct organisation_at ask = { .as = AS_THEN };
    struct organisation unit;
    struct units units;
    bool now = false;
    int code = args_read("org show", &argc, argv, ARGS({ "on", ARG_DAY, &ask.on, false }, { "now", ARG_FLAG, &now, false }), "CODE", 1, 1);
    ask.as = now ? AS_NOW : AS_THEN;
    if (code != CLI_OK || (code = refer_organisation(cli, argv[1], &ask.id)) != CLI_OK
        || (code = cli_ask(cli, "roster.organisation.get", &ask, &unit)) != CLI_OK)
        return code;
    if (cli->json) {
        cli_print_json(&organisation_desc, &unit);
        return CLI_OK;
    }
    if ((code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    printf("%s %s\n", unit.code, unit.title);
    export_line(cli, "column.kind", cli_word(cli, arena_format(&cli->arena, "org_kind.%s", org_kind_names.names[unit.kind])));
    for (uint32_t i = 1; i < unit.chain.n; i++)
        export_line(cli, i == 1 ? "column.above" : "column.above_that", unit_said(&units, &unit.chain.at[i]));
    export_line(cli, "column.founder", unit_said(&units, &unit.founder));
    export_line(cli, "column.opened", export_day_said(cli, unit.opened));
    export_line(cli, "column.closed", export_day_said(cli, unit.closed));
    export_line(cli, "column.heir", unit_said(&units, &unit.heir));
    export_line(cli, "column.id", export_id(cli, &unit.id));
    return CLI_OK;
}

/* ── what has become of it ────────────────────────────────────────────────── */
static const struct export_column HISTORY_COLUMNS[] = {
    { "day",      "column.from",     EXPORT_DAY,  NULL,         false },
    { "how",      "column.change",   EXPORT_TEXT, "org_change", false },
    { "other",    "column.other",    EXPORT_TEXT, NULL,         false },
    { "title",    "column.title",    EXPORT_LONG, NULL,         false },
    { "heir",     "column.is_heir",  EXPORT_FLAG, NULL,         false },
    { "ground",   "column.ground",   EXPORT_TEXT, NULL,         false },
    { "document", "column.document", EXPORT_TEXT, NULL,         false },
};

int verb_org_history(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct history_of ask = { .limit = 1000 };
    struct organisation_history list;
    struct units units;
    int code = args_read("org history", &argc, argv, ARGS(EXPORT_ARGS(&out)), "CODE", 1, 1);
    if (code != CLI_OK || (code = refer_organisation(cli, argv[1], &ask.id)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    export_start(&out, cli, HISTORY_COLUMNS, sizeof HISTORY_COLUMNS / sizeof *HISTORY_COLUMNS);
    do {
        if ((code = cli_ask(cli, "roster.organisation.history", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct organisation_changed *row = &list.rows.at[i];
            export_row(&out, (const char *const[]){ export_day(cli, row->day), org_change_names.names[row->how],
                       units_code(&units, &row->other), row->title, row->heir ? "yes" : "", row->ground, row->document });
        }
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}

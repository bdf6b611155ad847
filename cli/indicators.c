/* indicators: plan and fact, by year for the region, by unit for one year. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include "cli/table.h"
#include "cli/values.h"

#define PLAIN_WIDTH 110             /* titles wrap in a file as well */
#define YEARS_MAX   (TABLE_COLUMNS_MAX - 2)

struct choice { uint64_t year; const char *indicator; int level; bool recount; };

static unsigned width_of(void)
{
    unsigned width = cli_width();
    return width > 0 ? width : PLAIN_WIDTH;
}

/* Years with a target of any indicator, ascending; or the one asked for. */
static uint32_t years_of(const struct values *values, const struct choice *choice, uint64_t years[YEARS_MAX])
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < values->n; i++) {
        uint64_t year = values->at[i].year;
        uint32_t at = 0;
        if (choice->year == 0 && !values->at[i].has_target)
            continue;
        while (at < n && years[at] < year)
            at++;
        if ((at < n && years[at] == year) || n == YEARS_MAX)
            continue;
        memmove(&years[at + 1], &years[at], sizeof *years * (n - at));
        years[at] = year;
        n++;
    }
    return n;
}

static const char *cell_of(struct cli *cli, const struct value *v)
{
    if (v == NULL)
        return "";
    return arena_format(&cli->arena, "%s\n%" PRIu64 " / %" PRIu64, share_against(cli, v), v->numerator, v->denominator);
}

static void print_region(struct cli *cli, const struct indicator *list, uint32_t n,
                         const struct values *values, const struct choice *choice)
{
    struct table_column columns[TABLE_COLUMNS_MAX];
    uint64_t years[YEARS_MAX];
    uint32_t year_count = years_of(values, choice, years);
    struct text_table table;
    columns[0] = (struct table_column){ cli_word(cli, "indicators.code"), SIDE_LEFT };
    columns[1] = (struct table_column){ cli_word(cli, "indicators.title"), SIDE_WRAP };
    for (uint32_t y = 0; y < year_count; y++)
        columns[2 + y] = (struct table_column){ arena_format(&cli->arena, "%" PRIu64, years[y]), SIDE_LEFT };
    table_start(&table, &cli->arena, columns, 2 + year_count);
    for (uint32_t i = 0; i < n; i++) {
        const char *cells[TABLE_COLUMNS_MAX] = { list[i].code, list[i].title };
        if (choice->indicator != NULL && strcmp(choice->indicator, list[i].code) != 0)
            continue;
        for (uint32_t y = 0; y < year_count; y++)
            cells[2 + y] = cell_of(cli, values_find(values, list[i].code, years[y], NULL));
        if (table.row_count > 0)
            table_rule(&table);
        table_row(&table, cells);
    }
    table_print(&table, stdout, width_of());
}

/* ── by unit ──────────────────────────────────────────────────────────────── */
static int by_unit(const void *left, const void *right)
{
    const struct value *a = left, *b = right;
    int order = strcmp(a->unit_code != NULL ? a->unit_code : "", b->unit_code != NULL ? b->unit_code : "");
    return order != 0 ? order : uuid_compare(&a->unit, &b->unit);
}

/* Units as rows; indicators of one year as columns, or, for one indicator, its years. */
static void print_units(struct cli *cli, const struct indicator *list, uint32_t n, struct values *values,
                        const struct choice *choice)
{
    struct table_column columns[TABLE_COLUMNS_MAX];
    uint64_t years[YEARS_MAX], year = choice->year != 0 ? choice->year : values_last_planned(values);
    uint32_t year_count = years_of(values, choice, years), count = 0;
    struct text_table table;
    bool by_year = choice->indicator != NULL;
    columns[0] = (struct table_column){ cli_word(cli, "indicators.unit"), SIDE_WRAP };
    count = by_year ? year_count : n < YEARS_MAX ? n : YEARS_MAX;
    for (uint32_t i = 0; i < count; i++)
        columns[1 + i] = (struct table_column){
            by_year ? arena_format(&cli->arena, "%" PRIu64, years[i]) : list[i].code, SIDE_LEFT };
    table_start(&table, &cli->arena, columns, 1 + count);
    qsort(values->at, values->n, sizeof *values->at, by_unit);
    for (uint32_t from = 0, to; from < values->n; from = to) {
        const char *cells[TABLE_COLUMNS_MAX] = { values->at[from].unit_title };
        for (to = from; to < values->n && uuid_equal(&values->at[to].unit, &values->at[from].unit); to++)
            ;
        const struct values one = { .n = to - from, .at = &values->at[from] };
        for (uint32_t i = 0; i < count; i++) {
            const struct value *v = by_year ? values_find(&one, choice->indicator, years[i], NULL)
                                            : values_find(&one, list[i].code, year, NULL);
            cells[1 + i] = v != NULL ? share_against(cli, v) : "";
        }
        table_row(&table, cells);
    }
    if (!by_year) {
        const struct catalogue_arg arg[] = { { "year", arena_format(&cli->arena, "%" PRIu64, year) } };
        printf("%s\n\n", cli_words(cli, "indicators.by_unit", arg, 1));
    }
    table_print(&table, stdout, width_of());
    putchar('\n');
    for (uint32_t i = 0; i < n; i++)
        if (!by_year || strcmp(list[i].code, choice->indicator) == 0)
            printf("%s. %s\n", list[i].code, list[i].title);
}

static void print_json(const struct values *values)
{
    struct buf bytes = { 0 }, text = { 0 };
    puts("[");
    for (uint32_t i = 0; i < values->n; i++) {
        buf_clear(&bytes);
        buf_clear(&text);
        msg_encode(&value_desc, &values->at[i], &bytes);
        json_write(&value_desc, buf_bytes(&bytes), false, &text);
        printf("%s%s\n", buf_string(&text), i + 1 < values->n ? "," : "");
    }
    puts("]");
    buf_free(&bytes);
    buf_free(&text);
}

static int recount(struct cli *cli)
{
    struct recount r;
    int code = cli_ask(cli, "indicators.value.recount", NULL, &r);
    if (code != CLI_OK)
        return code;
    fprintf(stderr, "recounted: %" PRIu64 " counters from %" PRIu64 " records in %.1f ms, %" PRIu64 " differences\n",
            r.counters, r.records, (double)r.microseconds / 1000, r.differences);
    return r.differences == 0 ? CLI_OK : CLI_FAILED;
}

static int show(struct cli *cli, const struct choice *choice)
{
    struct values_of ask = { .year = choice->year, .indicator = choice->indicator, .level = choice->level };
    struct values values;
    struct catalogue about;
    int code = choice->recount ? recount(cli) : CLI_OK;
    if (code == CLI_OK)
        code = cli_ask(cli, "indicators.catalogue.get", NULL, &about);
    if (code == CLI_OK)
        code = values_fetch(cli, &ask, &values);
    if (code != CLI_OK)
        return code;
    if (cli->json) {
        print_json(&values);
        return CLI_OK;
    }
    printf("%s\n%s\n\n", about.region->title, about.region->act);
    if (choice->level == LEVEL_REGION)
        print_region(cli, about.indicators.at, about.indicators.n, &values, choice);
    else
        print_units(cli, about.indicators.at, about.indicators.n, &values, choice);
    return CLI_OK;
}

int verb_indicators(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {
        { "year", required_argument, NULL, 'y' }, { "by", required_argument, NULL, 'b' },
        { "indicator", required_argument, NULL, 'i' }, { "recount", no_argument, NULL, 'r' }, { 0 } };
    struct choice choice = { .level = LEVEL_REGION };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'y':
            choice.year = strtoull(optarg, NULL, 10);
            if (choice.year < 1970 || choice.year > 9999)
                return cli_usage("indicators", "--year %s: not a year", optarg);
            break;
        case 'b':
            choice.level = enum_find(&level_names, optarg, strlen(optarg));
            if (choice.level < 0)
                return cli_usage("indicators", "--by %s: region, municipality or organisation", optarg);
            break;
        case 'i': choice.indicator = optarg; break;
        case 'r': choice.recount = true; break;
        default:  return CLI_USAGE;
        }
    if (optind != argc)
        return cli_usage("indicators", "takes no arguments but options");
    int code = cli_config(cli);
    return code == CLI_OK ? show(cli, &choice) : code;
}

/* indicators: plan and fact, act by act: by year for the region, by unit for one year. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include "cli/show/export.h"
#include "cli/show/table.h"
#include "cli/show/values.h"

#define PLAIN_WIDTH   110           /* titles wrap in a file as well */
#define YEARS_MAX     (TABLE_COLUMNS_MAX - 2)
#define INDICATORS_ABREAST 8        /* in a table of units; more of them are another table below */

struct choice { uint64_t year, until; const char *act, *indicator; int level; bool recount; struct export out; };

static unsigned width_of(void)
{
    unsigned width = cli_width();
    return width > 0 ? width : PLAIN_WIDTH;
}

static const char *year_text(struct cli *cli, uint64_t year)
{
    return arena_format(&cli->arena, "%" PRIu64, year);
}

static bool in_choice(const struct choice *choice, const struct indicator *in)
{
    return (choice->act == NULL || strcmp(choice->act, in->act) == 0)
        && (choice->indicator == NULL || profile_code_is(in->code, choice->indicator));
}

/* ── which years ──────────────────────────────────────────────────────────── */

static const struct indicator *indicator_of(const struct catalogue *about, const struct value *v)
{
    for (uint32_t i = 0; i < about->indicators.n; i++)
        if (strcmp(about->indicators.at[i].act, v->act) == 0 && strcmp(about->indicators.at[i].code, v->indicator) == 0)
            return &about->indicators.at[i];
    return NULL;
}

/* A year says something when it is planned by its number, or something happened in it. What merely lasts (a
 * population, a sum, a target of every year) would show every year to the end of the profile. */
static bool year_says(const struct catalogue *about, const struct value *v)
{
    const struct indicator *in = indicator_of(about, v);
    if (in == NULL)
        return false;
    for (uint32_t i = 0; i < in->targets.n; i++)
        if (in->targets.at[i].when == WHEN_YEAR && in->targets.at[i].year == v->year)
            return true;
    bool lasts = in->cumulative || (in->numerator != NULL && in->numerator->fact == FACT_ASSIGNED);
    return v->state == VALUE_JUDGED || (v->numerator != 0 && !lasts);
}

static bool year_chosen(const struct choice *choice, uint64_t year)
{
    return choice->year == 0 || (year >= choice->year && year <= choice->until);
}

/* Ascending; where no year says anything yet, all that were asked for. */
static uint32_t years_of(const struct catalogue *about, const struct values *values, const struct choice *choice,
                         const char *act, uint64_t years[YEARS_MAX])
{
    uint32_t n = 0;
    for (int all = choice->year != 0; all < 2 && n == 0; all++)
        for (uint32_t i = 0; i < values->n; i++) {
            const struct value *v = &values->at[i];
            uint32_t at = 0;
            if (!year_chosen(choice, v->year) || (act != NULL && strcmp(act, v->act) != 0) || (!all && !year_says(about, v)))
                continue;
            while (at < n && years[at] < v->year)
                at++;
            if ((at < n && years[at] == v->year) || n == YEARS_MAX)
                continue;
            memmove(&years[at + 1], &years[at], sizeof *years * (n - at));
            years[at] = v->year;
            n++;
        }
    return n;
}

/* ── the region: an act, its indicators, its years ────────────────────────── */

/* The act's own words, and beneath them its plan as it prints it, or where else it stands. */
static const char *title_of(struct cli *cli, const struct indicator *in)
{
    const char *text = in->title, *plan = in->printed;
    for (uint32_t i = 0; i < in->targets.n && (plan == NULL || *plan == '\0'); i++)
        if (in->targets.at[i].op == OP_DOCUMENT)
            plan = in->targets.at[i].document;
    if (in->measure == MEASURE_COUNT || in->measure == MEASURE_CORRIDOR)
        text = arena_format(&cli->arena, "%s (%s)", text, in->unit);
    if (plan == NULL || *plan == '\0')
        return text;
    const struct catalogue_arg arg[] = { { "plan", plan } };
    return arena_format(&cli->arena, "%s\n%s", text, cli_words(cli, "indicators.plan", arg, 1));
}

/* One row of the table: the same part of every year's value. */
enum part { PART_VALUE, PART_CUMULATIVE, PART_BESIDE };
static const char *part_text(struct cli *cli, const struct indicator *in, const struct value *v, enum part part, uint32_t beside)
{
    if (v == NULL)
        return "";
    if (part == PART_VALUE)
        return value_text(cli, v);
    if (part == PART_CUMULATIVE)
        return cumulative_text(cli, v);
    return beside < v->beside.n ? beside_text(cli, &v->beside.at[beside], in->beside.at[beside].denominator != NULL) : "";
}

struct sheet { struct cli *cli; struct text_table table; const struct values *values; const uint64_t *years; uint32_t year_count; };

static void sheet_row(struct sheet *s, const struct indicator *in, const char *code, const char *title, enum part part, uint32_t beside)
{
    const char *cells[TABLE_COLUMNS_MAX] = { code, title };
    for (uint32_t y = 0; y < s->year_count; y++)
        cells[2 + y] = part_text(s->cli, in, values_find(s->values, in->act, in->code, s->years[y], NULL), part, beside);
    table_row(&s->table, cells);
}

static const char *cumulative_title(struct cli *cli, const struct indicator *in)
{
    for (uint32_t i = 0; i < in->targets.n; i++)
        if (in->targets.at[i].cumulative && in->targets.at[i].when == WHEN_BY) {
            const struct catalogue_arg args[] = { { "year", year_text(cli, in->targets.at[i].year) },
                                                  { "bound", year_text(cli, in->targets.at[i].value) } };
            return cli_words(cli, "indicators.cumulative_by", args, 2);
        }
    return cli_word(cli, "indicators.cumulative");
}

static void sheet_indicator(struct sheet *s, const struct indicator *in)
{
    bool cumulative = false;
    for (uint32_t i = 0; i < in->targets.n; i++)
        cumulative |= in->targets.at[i].cumulative && in->numerator != NULL;
    if (s->table.row_count > 0)
        table_rule(&s->table);
    sheet_row(s, in, in->code, title_of(s->cli, in), PART_VALUE, 0);
    if (cumulative)
        sheet_row(s, in, "", cumulative_title(s->cli, in), PART_CUMULATIVE, 0);
    for (uint32_t b = 0; b < in->beside.n; b++) {
        const struct catalogue_arg arg[] = { { "title", in->beside.at[b].title } };
        sheet_row(s, in, "", cli_words(s->cli, "indicators.beside", arg, 1), PART_BESIDE, b);
    }
}

static void print_act(struct cli *cli, const struct catalogue *about, const struct act_edition *act,
                      const struct values *values, const struct choice *choice)
{
    struct table_column columns[TABLE_COLUMNS_MAX];
    uint64_t years[YEARS_MAX];
    struct sheet sheet = { .cli = cli, .values = values, .years = years };
    const struct catalogue_arg args[] = { { "title", act->title }, { "number", act->number } };
    sheet.year_count = years_of(about, values, choice, act->code, years);
    columns[0] = (struct table_column){ cli_word(cli, "indicators.code"), SIDE_LEFT };
    columns[1] = (struct table_column){ cli_word(cli, "indicators.title"), SIDE_WRAP };
    for (uint32_t y = 0; y < sheet.year_count; y++)
        columns[2 + y] = (struct table_column){ year_text(cli, years[y]), SIDE_LEFT };
    table_start(&sheet.table, &cli->arena, columns, 2 + sheet.year_count);
    for (uint32_t i = 0; i < about->indicators.n; i++)
        if (in_choice(choice, &about->indicators.at[i]) && strcmp(about->indicators.at[i].act, act->code) == 0)
            sheet_indicator(&sheet, &about->indicators.at[i]);
    if (sheet.table.row_count == 0)
        return;
    printf("\n%s\n\n", cli_words(cli, "indicators.act", args, 2));
    table_print(&sheet.table, stdout, width_of());
}

/* ── by unit ──────────────────────────────────────────────────────────────── */
static int by_unit(const void *left, const void *right)
{
    const struct value *a = left, *b = right;
    int order = strcmp(a->unit_code != NULL ? a->unit_code : "", b->unit_code != NULL ? b->unit_code : "");
    return order != 0 ? order : uuid_compare(&a->unit, &b->unit);
}

/* A column of a table of units: one indicator in one year. */
struct abreast { const struct indicator *indicator; uint64_t year; };

static void print_abreast(struct cli *cli, const struct values *values, const struct abreast *list, uint32_t n, bool by_year)
{
    struct table_column columns[TABLE_COLUMNS_MAX] = { { cli_word(cli, "indicators.unit"), SIDE_WRAP } };
    struct text_table table;
    for (uint32_t i = 0; i < n; i++)
        columns[1 + i] = (struct table_column){ by_year ? year_text(cli, list[i].year) : list[i].indicator->code, SIDE_LEFT };
    table_start(&table, &cli->arena, columns, 1 + n);
    for (uint32_t from = 0, to; from < values->n; from = to) {
        const char *cells[TABLE_COLUMNS_MAX] = { values->at[from].unit_title };
        bool any = false;
        for (to = from; to < values->n && uuid_equal(&values->at[to].unit, &values->at[from].unit); to++)
            ;
        const struct values one = { .n = to - from, .at = &values->at[from] };
        for (uint32_t i = 0; i < n; i++) {
            const struct value *v = values_find(&one, list[i].indicator->act, list[i].indicator->code, list[i].year, NULL);
            cells[1 + i] = v != NULL ? value_line_text(cli, v) : "";
            any |= v != NULL;
        }
        if (any)
            table_row(&table, cells);
    }
    table_print(&table, stdout, width_of());
    putchar('\n');
}

/* One indicator alone is shown by its years; several are shown side by side for one year. */
static uint32_t abreast_of(const struct catalogue *about, const struct values *values, const struct choice *choice,
                           const char *act, struct abreast list[], uint32_t room)
{
    uint64_t years[YEARS_MAX], year = choice->year != 0 ? choice->year : values_last_planned(values);
    uint32_t year_count = choice->indicator != NULL ? years_of(about, values, choice, act, years) : 1, n = 0;
    if (year == 0)
        year = about->first_year;
    if (choice->indicator == NULL)
        years[0] = year;
    for (uint32_t i = 0; i < about->indicators.n; i++)
        for (uint32_t y = 0; y < year_count && n < room; y++)
            if (in_choice(choice, &about->indicators.at[i]) && strcmp(about->indicators.at[i].act, act) == 0)
                list[n++] = (struct abreast){ &about->indicators.at[i], years[y] };
    return n;
}

/* Where the act has its indicators assessed for the region only, what units see of themselves is no assessment. */
static void print_level(struct cli *cli, const struct abreast *list, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (list[i].indicator->level != NULL && list[i].indicator->level[0] != '\0') {
            const struct catalogue_arg arg[] = { { "level", list[i].indicator->level } };
            printf("%s\n", cli_words(cli, "indicators.self_assessment", arg, 1));
            return;
        }
}

static void print_units(struct cli *cli, const struct catalogue *about, const struct act_edition *act, struct values *values,
                        const struct choice *choice)
{
    struct abreast list[INDICATORS_MAX + YEARS_MAX];
    uint32_t n = abreast_of(about, values, choice, act->code, list, sizeof list / sizeof *list);
    bool by_year = choice->indicator != NULL;
    const struct catalogue_arg args[] = { { "title", act->title }, { "number", act->number },
                                          { "year", year_text(cli, n > 0 ? list[0].year : choice->year) } };
    if (n == 0)
        return;
    printf("\n%s\n", cli_words(cli, "indicators.act", args, 2));
    if (!by_year)
        printf("%s\n", cli_words(cli, "indicators.by_unit", args, 3));
    print_level(cli, list, n);
    putchar('\n');
    for (uint32_t from = 0; from < n; from += INDICATORS_ABREAST)
        print_abreast(cli, values, list + from, n - from < INDICATORS_ABREAST ? n - from : INDICATORS_ABREAST, by_year);
    for (uint32_t i = 0; i < n; i++)
        if (i == 0 || list[i].indicator != list[i - 1].indicator)
            printf("%s  %s\n", list[i].indicator->code, list[i].indicator->title);
}

static void print_json(const struct values *values, const struct choice *choice)
{
    struct buf bytes = { 0 }, text = { 0 };
    const char *between = "";
    puts("[");
    for (uint32_t i = 0; i < values->n; i++) {
        if (!year_chosen(choice, values->at[i].year))
            continue;
        buf_clear(&bytes);
        buf_clear(&text);
        msg_encode(&value_desc, &values->at[i], &bytes);
        json_write(&value_desc, buf_bytes(&bytes), false, &text);
        printf("%s%s", between, buf_string(&text));
        between = ",\n";
    }
    puts("\n]");
    buf_free(&bytes);
    buf_free(&text);
}

/* ── into a file: a row for each value ────────────────────────────────────── */
static const struct export_column VALUE_COLUMNS[] = {
    { "act",         "column.act",         EXPORT_TEXT,   NULL, false }, { "code",      "column.code",      EXPORT_TEXT,   NULL, false },
    { "title",       "column.title",       EXPORT_LONG,   NULL, false }, { "year",      "column.year",      EXPORT_NUMBER, NULL, false },
    { "unit",        "column.place",       EXPORT_TEXT,   NULL, false }, { "unit_title", "column.unit_title", EXPORT_TEXT,  NULL, false },
    { "value",       "column.value",       EXPORT_TEXT,   NULL, false }, { "numerator", "column.numerator", EXPORT_NUMBER, NULL, false },
    { "denominator", "column.denominator", EXPORT_NUMBER, NULL, false }, { "target",    "column.target",    EXPORT_NUMBER, NULL, false },
    { "met",         "column.met",         EXPORT_FLAG,   NULL, false },
};

static int export_values(struct cli *cli, const struct catalogue *about, const struct values *values, struct choice *choice)
{
    export_start(&choice->out, cli, VALUE_COLUMNS, sizeof VALUE_COLUMNS / sizeof *VALUE_COLUMNS);
    for (uint32_t i = 0; i < values->n; i++) {
        const struct value *v = &values->at[i];
        const struct indicator *in = indicator_of(about, v);
        bool counted = v->state == VALUE_COUNTED;
        if (!year_chosen(choice, v->year))
            continue;
        export_row(&choice->out, (const char *const[]){ v->act, v->indicator, in != NULL ? in->title : "", year_text(cli, v->year), v->unit_code,
                   v->unit_title, value_line_text(cli, v), counted ? year_text(cli, v->numerator) : "", counted && v->denominator != 0 ?
                   year_text(cli, v->denominator) : "", v->has_target && v->bound != 0 ? year_text(cli, v->bound) : "",
                   v->has_target && v->met ? "yes" : "" });
    }
    return export_end(&choice->out);
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

static int show(struct cli *cli, struct choice *choice)
{
    struct values_of ask = { .year = choice->until == choice->year ? choice->year : 0, .act = choice->act,
                             .indicator = choice->indicator, .level = choice->level };
    struct values values;
    struct catalogue about;
    int code = choice->recount ? recount(cli) : CLI_OK;
    if (code == CLI_OK)
        code = cli_ask(cli, "indicators.catalogue.get", NULL, &about);
    if (code == CLI_OK)
        code = values_fetch(cli, &ask, &values);
    if (code != CLI_OK)
        return code;
    if (choice->out.csv != NULL || choice->out.xlsx != NULL)
        return export_values(cli, &about, &values, choice);
    if (cli->json) {
        print_json(&values, choice);
        return CLI_OK;
    }
    printf("%s\n", about.region->title);
    if (choice->level != LEVEL_REGION)
        qsort(values.at, values.n, sizeof *values.at, by_unit);
    for (uint32_t a = 0; a < about.acts.n; a++)
        if (choice->level == LEVEL_REGION)
            print_act(cli, &about, &about.acts.at[a], &values, choice);
        else
            print_units(cli, &about, &about.acts.at[a], &values, choice);
    return CLI_OK;
}

/* 2024, or 2021-2024 */
static bool years_parse(const char *text, struct choice *choice)
{
    char *end;
    choice->year = choice->until = strtoull(text, &end, 10);
    if (*end == '-')
        choice->until = strtoull(end + 1, &end, 10);
    return *end == '\0' && choice->year >= 1970 && choice->until <= 9999 && choice->year <= choice->until;
}

int verb_indicators(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {
        { "year", required_argument, NULL, 'y' }, { "by", required_argument, NULL, 'b' }, { "act", required_argument, NULL, 'a' },
        { "indicator", required_argument, NULL, 'i' }, { "recount", no_argument, NULL, 'r' }, { "csv", required_argument, NULL, 'c' },
        { "xlsx", required_argument, NULL, 'x' }, { 0 } };
    struct choice choice = { .level = LEVEL_REGION };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'y':
            if (!years_parse(optarg, &choice))
                return cli_usage("indicators", "--year %s: not a year, nor two of them as 2021-2024", optarg);
            break;
        case 'b':
            choice.level = enum_find(&level_names, optarg, strlen(optarg));
            if (choice.level < 0)
                return cli_usage("indicators", "--by %s: region, municipality or organisation", optarg);
            break;
        case 'a': choice.act = optarg; break;
        case 'i': choice.indicator = optarg; break;
        case 'r': choice.recount = true; break;
        case 'c': choice.out.csv = optarg; break;
        case 'x': choice.out.xlsx = optarg; break;
        default:  return CLI_USAGE;
        }
    if (optind != argc)
        return cli_usage("indicators", "takes no arguments but options");
    int code = cli_config(cli);
    return code == CLI_OK ? show(cli, &choice) : code;
}

/* worst: municipalities furthest below the targets, and the deficits behind them. */
#include <inttypes.h>
#include <stdlib.h>
#include "cli/refer/args.h"
#include "cli/refer/refer.h"
#include "cli/show/export.h"
#include "cli/show/table.h"
#include "cli/show/values.h"
#include "proto/diagnostics.h"

#define CODES_MAX    16
#define DEFICITS_SHOWN 3
#define PLAIN_WIDTH  110

/* act NULL: the code in any act. */
struct chosen { const char *act, *code; };
struct choice { uint64_t year; uint32_t count, code_count; struct chosen code[CODES_MAX]; };
/* How much of the targets was reached, in parts of a million; what is above a target does not make up
 * for what is below another. */
struct district { struct uuid unit; const char *title; uint64_t reached; uint32_t of; };

/* Without --indicator: those that rest on diagnostics of somebody's own, whatever their numbers are here. */
static void choose_codes(const struct catalogue *about, struct choice *choice)
{
    for (uint32_t i = 0; i < about->indicators.n && choice->code_count < CODES_MAX; i++) {
        const struct count *up = about->indicators.at[i].numerator;
        if (up != NULL && up->subject == SUBJECT_PERSON && up->owners.n != 0)
            choice->code[choice->code_count++] = (struct chosen){ about->indicators.at[i].act, about->indicators.at[i].code };
    }
}

static bool chosen(const struct choice *choice, const struct value *v)
{
    for (uint32_t i = 0; i < choice->code_count; i++)
        if (strcmp(choice->code[i].code, v->indicator) == 0 && (choice->code[i].act == NULL || strcmp(choice->code[i].act, v->act) == 0))
            return v->year == choice->year && v->state == VALUE_COUNTED && v->measure == MEASURE_SHARE && v->denominator > 0
                && v->has_target && v->bound > 0 && v->bound_op == OP_AT_LEAST;
    return false;
}

static int furthest_first(const void *left, const void *right)
{
    const struct district *a = left, *b = right;
    uint64_t x = a->reached * b->of, y = b->reached * a->of;
    if (x != y)
        return x < y ? -1 : 1;
    return strcmp(a->title, b->title);
}

static uint32_t rank(struct cli *cli, const struct values *values, const struct choice *choice, struct district **out)
{
    struct district *places = ARENA_LIST(&cli->arena, struct district, values->n + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < values->n; i++) {
        const struct value *v = &values->at[i];
        uint32_t at = 0;
        if (!chosen(choice, v))
            continue;
        while (at < n && !uuid_equal(&places[at].unit, &v->unit))
            at++;
        if (at == n)
            places[n++] = (struct district){ .unit = v->unit, .title = v->unit_title != NULL ? v->unit_title : "" };
        uint64_t reached = (uint64_t)((unsigned __int128)v->numerator * 100 * 1000000 / v->denominator / v->bound);
        places[at].reached += reached < 1000000 ? reached : 1000000;
        places[at].of++;
    }
    qsort(places, n, sizeof *places, furthest_first);
    *out = places;
    return n;
}

static void print_shares(struct cli *cli, const struct catalogue *about, const struct values *values,
                         const struct choice *choice, const struct district *place)
{
    static const struct table_column columns[] = {
        { "", SIDE_LEFT }, { "", SIDE_WRAP }, { "", SIDE_LEFT }, { "", SIDE_RIGHT } };
    struct text_table table;
    table_start(&table, &cli->arena, columns, sizeof columns / sizeof *columns);
    for (uint32_t i = 0; i < about->indicators.n; i++) {
        const struct indicator *in = &about->indicators.at[i];
        const struct value *v = values_find(values, in->act, in->code, choice->year, &place->unit);
        if (v != NULL && chosen(choice, v))
            table_row(&table, (const char *[]){ arena_format(&cli->arena, "   %s", in->code), in->title,
                share_against(cli, v), arena_format(&cli->arena, "%" PRIu64 " / %" PRIu64, v->numerator, v->denominator) });
    }
    table_print(&table, stdout, cli_width() > 0 ? cli_width() : PLAIN_WIDTH);
}

/* The year itself, or, when nobody was diagnosed in it, the last one before it that says anything. */
static int find_deficits(struct cli *cli, uint64_t first, const struct choice *choice, const struct district *place,
                         uint64_t *year, struct deficit_summary *summary)
{
    int code = CLI_OK;
    *summary = (struct deficit_summary){ 0 };
    for (*year = choice->year; code == CLI_OK && summary->persons == 0 && *year >= first; --*year) {
        const struct unit_year ask = { place->unit, *year };
        code = cli_ask(cli, "diagnostics.deficit.summary", &ask, summary);
        if (summary->persons > 0)
            return code;
    }
    return code;
}

static int print_deficits(struct cli *cli, uint64_t first, const struct choice *choice, const struct district *place)
{
    struct deficit_summary summary;
    uint64_t year;
    int code = find_deficits(cli, first, choice, place, &year, &summary);
    if (code != CLI_OK)
        return code;
    const char *of = arena_format(&cli->arena, "%" PRIu64, summary.persons);
    const struct catalogue_arg all[] = { { "persons", of }, { "year", arena_format(&cli->arena, "%" PRIu64, year) } };
    if (summary.persons == 0 || year != choice->year)
        printf("   %s\n", cli_word(cli, "worst.nobody"));
    if (summary.persons > 0)
        printf("   %s\n", cli_words(cli, summary.rows.n > 0 ? "worst.deficits" : "worst.no_deficits", all, 2));
    for (uint32_t i = 0; i < summary.rows.n && i < DEFICITS_SHOWN; i++) {
        const struct deficit_count *d = &summary.rows.at[i];
        const char *title = d->title != NULL && *d->title != '\0' ? d->title : d->competency;
        const struct catalogue_arg args[] = {
            { "title", title }, { "of", of }, { "persons", arena_format(&cli->arena, "%" PRIu64, d->persons) },
            { "percent", arena_format(&cli->arena, "%" PRIu64, d->persons * 100 / summary.persons) } };
        printf("     · %s\n", cli_words(cli, "worst.deficit", args, 4));
    }
    return CLI_OK;
}

/* For --csv, --xlsx and --json: a row for each indicator of each municipality, furthest first. */
static const struct export_column COLUMNS[] = {
    { "rank",      "column.rank",      EXPORT_NUMBER, NULL, false }, { "unit",        "column.code",        EXPORT_TEXT,   NULL, false },
    { "title",     "column.unit_title", EXPORT_TEXT,  NULL, false }, { "year",        "column.year",        EXPORT_NUMBER, NULL, false },
    { "act",       "column.act",       EXPORT_TEXT,   NULL, false }, { "indicator",   "column.number",      EXPORT_TEXT,   NULL, false },
    { "value",     "column.value",     EXPORT_TEXT,   NULL, false }, { "target",      "column.target",      EXPORT_NUMBER, NULL, false },
    { "met",       "column.met",       EXPORT_FLAG,   NULL, false }, { "numerator",   "column.numerator",   EXPORT_NUMBER, NULL, false },
    { "denominator", "column.denominator", EXPORT_NUMBER, NULL, false }, { "about",   "column.title",       EXPORT_LONG,   NULL, false },
};

static int write_rows(struct cli *cli, struct export *out, const struct catalogue *about, const struct values *values, const struct choice *choice,
                      const struct district *places, uint32_t n)
{
    struct units units;
    int code = units_fetch(&units, cli, 0);
    if (code != CLI_OK)
        return code;
    export_start(out, cli, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    for (uint32_t i = 0; i < n && i < choice->count; i++)
        for (uint32_t k = 0; k < about->indicators.n; k++) {
            const struct indicator *in = &about->indicators.at[k];
            const struct value *v = values_find(values, in->act, in->code, choice->year, &places[i].unit);
            if (v == NULL || !chosen(choice, v))
                continue;
            export_row(out, (const char *const[]){ export_number(cli, i + 1), units_code(&units, &places[i].unit), places[i].title,
                       export_number(cli, choice->year), in->act, in->code, share_text(cli, v), export_number(cli, v->bound), v->met ? "yes" : "",
                       export_number(cli, v->numerator), export_number(cli, v->denominator), in->title });
        }
    return export_end(out);
}

static int show(struct cli *cli, struct choice *choice, struct export *out)
{
    struct values_of ask = { .level = LEVEL_MUNICIPALITY, .year = choice->year };
    struct values values;
    struct catalogue about;
    struct district *places;
    int code = cli_ask(cli, "indicators.catalogue.get", NULL, &about);
    if (code == CLI_OK)
        code = values_fetch(cli, &ask, &values);
    if (code != CLI_OK)
        return code;
    if (choice->year == 0)
        choice->year = values_last_planned(&values);
    if (choice->code_count == 0)
        choose_codes(&about, choice);
    uint32_t n = rank(cli, &values, choice, &places);
    if (cli->json || out->csv != NULL || out->xlsx != NULL)
        return write_rows(cli, out, &about, &values, choice, places, n);
    const struct catalogue_arg arg[] = { { "year", arena_format(&cli->arena, "%" PRIu64, choice->year) } };
    printf("%s\n", cli_words(cli, n > 0 ? "worst.title" : "worst.none", arg, 1));
    for (uint32_t i = 0; i < n && i < choice->count && code == CLI_OK; i++) {
        printf("\n%u. %s\n", i + 1, places[i].title);
        print_shares(cli, &about, &values, choice, &places[i]);
        code = print_deficits(cli, values_first_planned(&values), choice, &places[i]);
    }
    return code;
}

int verb_worst(struct cli *cli, int argc, char **argv)
{
    struct choice choice = { 0 };
    struct arg_list codes = { 0 };
    struct export out = { 0 };
    uint64_t count = 3;
    int code = args_read("worst", &argc, argv, ARGS({ "count", ARG_NUMBER, &count, false }, { "year", ARG_NUMBER, &choice.year, false },
                         { "indicator", ARG_LIST, &codes, false }, EXPORT_ARGS(&out)), "", 0, 0);
    if (code != CLI_OK)
        return code;
    if (count == 0 || count > UINT32_MAX || (choice.year != 0 && (choice.year < 1970 || choice.year > 9999)))
        return cli_usage("worst", "--count N and --year YYYY are numbers");
    if (codes.n > CODES_MAX)
        return cli_usage("worst", "more than %d indicators", CODES_MAX);
    choice.count = (uint32_t)count;
    for (uint32_t i = 0; i < codes.n; i++)
        choice.code[choice.code_count++] = (struct chosen){ NULL, codes.at[i] };
    code = cli_config(cli);
    return code == CLI_OK ? show(cli, &choice, &out) : code;
}

/* worst: municipalities furthest below the targets, and the deficits behind them. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include "cli/table.h"
#include "cli/values.h"
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

static int show(struct cli *cli, struct choice *choice)
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
    static const struct option options[] = {
        { "count", required_argument, NULL, 'n' }, { "year", required_argument, NULL, 'y' },
        { "indicator", required_argument, NULL, 'i' }, { 0 } };
    struct choice choice = { .count = 3 };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'n': choice.count = (uint32_t)strtoul(optarg, NULL, 10); break;
        case 'y': choice.year = strtoull(optarg, NULL, 10); break;
        case 'i':
            if (choice.code_count == CODES_MAX)
                return cli_usage("worst", "more than %d indicators", CODES_MAX);
            choice.code[choice.code_count++] = (struct chosen){ NULL, optarg };
            break;
        default:  return CLI_USAGE;
        }
    if (optind != argc || choice.count == 0 || (choice.year != 0 && (choice.year < 1970 || choice.year > 9999)))
        return cli_usage("worst", "--count N and --year YYYY are numbers; no other arguments");
    int code = cli_config(cli);
    return code == CLI_OK ? show(cli, &choice) : code;
}

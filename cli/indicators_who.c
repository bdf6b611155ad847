/* indicators who, indicators judge: who stands behind a number; what a person says where nothing is counted. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#include "cli/staff_plan.h"
#include "common/core/err.h"
#include "proto/indicators.h"

#define PAGE_IDS      1000
#define DOCUMENTS_MAX 16

static bool year_parse(const char *text, uint64_t *year)
{
    char *end;
    *year = strtoull(text, &end, 10);
    return *end == '\0' && *year >= 1970 && *year <= 9999;
}

/* ── who ──────────────────────────────────────────────────────────────────── */

static int unit_find(struct cli *cli, const char *unit, struct uuid *id)
{
    const struct codes ask = { .codes = { 1, &unit } };
    struct found found;
    int code = cli_ask(cli, "roster.organisation.find", &ask, &found);
    if (code == CLI_OK && (found.ids.n != 1 || uuid_is_nil(&found.ids.at[0])))
        return cli_say(CLI_FAILED, "no organisation has the code %s", unit);
    if (code == CLI_OK)
        *id = found.ids.at[0];
    return code;
}

static void id_print(struct cli *cli, int kind, const struct uuid *id)
{
    char text[UUID_TEXT + 1];
    uuid_format(id, text);
    printf(cli->json ? "{\"kind\": \"%s\", \"id\": \"%s\"}\n" : "%s %s\n", subject_names.names[kind], text);
}

/* Identifiers, one a line, as they come: a region's are many. Those in `but` (sorted; NULL: nobody) are passed over. With `into`
 * they are put there and not printed. */
static int who_walk(struct cli *cli, struct subjects_of of, const struct uuids *but, struct uuids *into)
{
    struct subject_ids page;
    uint64_t n = 0;
    of.limit = PAGE_IDS;
    do {
        int code = cli_ask(cli, "indicators.value.subjects", &of, &page);
        if (code != CLI_OK)
            return code;
        for (uint32_t i = 0; i < page.ids.n; i++) {
            if (but != NULL && uuids_have(but, &page.ids.at[i]))
                continue;
            n++;
            if (into != NULL)
                uuids_add(into, &page.ids.at[i]);
            else
                id_print(cli, page.kind, &page.ids.at[i]);
        }
        of.after = page.next;
    } while (page.next.n > 0);
    if (into == NULL)
        fprintf(stderr, "%" PRIu64 " counted\n", n);
    return CLI_OK;
}

/* Of the denominator those whom the numerator does not count: whom there is still something to be done for. */
static int missing_print(struct cli *cli, struct subjects_of of)
{
    struct uuids there = { 0 };
    of.side = OF_NUMERATOR;
    int code = who_walk(cli, of, NULL, &there);
    uuids_sort(&there);
    of.side = OF_DENOMINATOR;
    if (code == CLI_OK)
        code = who_walk(cli, of, &there, NULL);
    uuids_free(&there);
    return code;
}

int verb_indicators_who(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "unit", required_argument, NULL, 'u' }, { "side", required_argument, NULL, 's' },
                                             { "line", required_argument, NULL, 'l' }, { 0 } };
    struct subjects_of of = { .side = OF_NUMERATOR };
    const char *unit = NULL;
    bool missing = false;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'u': unit = optarg; break;
        case 's':
            if (!(missing = strcmp(optarg, "missing") == 0)
                && (of.side = enum_find(&value_side_names, optarg, strlen(optarg))) < 0)
                return cli_usage("indicators who", "--side %s: numerator, denominator or missing", optarg);
            break;
        case 'l':
            if ((of.line = enum_find(&value_line_names, optarg, strlen(optarg))) < 0)
                return cli_usage("indicators who", "--line %s: main, cumulative, beside_1 or beside_2", optarg);
            break;
        default:  return CLI_USAGE;
        }
    if (optind + 3 != argc || !year_parse(argv[optind + 2], &of.year))
        return cli_usage("indicators who", "ACT, CODE and YEAR are needed");
    of.act = argv[optind];
    of.indicator = argv[optind + 1];
    int code = cli_config(cli);
    if (code == CLI_OK && unit != NULL)
        code = unit_find(cli, unit, &of.unit);
    return code != CLI_OK ? code : missing ? missing_print(cli, of) : who_walk(cli, of, NULL, NULL);
}

/* ── judge ────────────────────────────────────────────────────────────────── */

/* yes, no, or a grade from 0 to 100 */
static bool word_parse(const char *word, struct judgement *said)
{
    char *end;
    if (strcmp(word, "yes") == 0 || strcmp(word, "no") == 0) {
        said->yes = word[0] == 'y';
        return true;
    }
    said->graded = true;
    said->grade = strtoull(word, &end, 10);
    return *word != '\0' && *end == '\0' && said->grade <= 100;
}

/* Today here: decide checks it against the region's own day. */
static day_t day_here(void)
{
    time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    return day_of(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
}

int verb_indicators_judge(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "text", required_argument, NULL, 't' }, { "document", required_argument, NULL, 'd' },
                                             { "day", required_argument, NULL, 'D' }, { 0 } };
    const char *documents[DOCUMENTS_MAX];
    struct judgement said = { .day = day_here(), .documents = { 0, documents } };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 't': said.text = optarg; break;
        case 'd':
            if (said.documents.n == DOCUMENTS_MAX)
                return cli_usage("indicators judge", "more than %d documents", DOCUMENTS_MAX);
            documents[said.documents.n++] = optarg;
            break;
        case 'D':
            if (!day_parse(&said.day, optarg, strlen(optarg)))
                return cli_usage("indicators judge", "--day %s: not a day as 2024-09-15", optarg);
            break;
        default:  return CLI_USAGE;
        }
    if (optind + 4 != argc || !year_parse(argv[optind + 2], &said.year) || !word_parse(argv[optind + 3], &said))
        return cli_usage("indicators judge", "ACT, CODE, YEAR, and yes, no or a grade from 0 to 100 are needed");
    if (said.text == NULL || said.documents.n == 0)
        return cli_usage("indicators judge", "--text says why, --document what it rests on: both are needed");
    said.act = argv[optind];
    said.indicator = argv[optind + 1];
    int code = cli_config(cli);
    return code == CLI_OK ? cli_ask(cli, "indicators.judgement.record", &said, NULL) : code;
}

/* indicators who, indicators judge: who stands behind a number; what a person says where nothing is counted. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include "cli/lists/staff_plan.h"
#include "cli/refer/args.h"
#include "cli/refer/refer.h"
#include "cli/show/export.h"
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

static const struct export_column WHO_COLUMNS[] = {
    { "kind", "column.kind", EXPORT_TEXT, "subject",  false }, { "code", "column.code", EXPORT_TEXT, NULL, false },
    { "title", "column.title", EXPORT_LONG, NULL,     false }, { "id",   "column.id",   EXPORT_PERSON, NULL, false },
};

/* Of the denominator those whom the numerator does not count are asked for with it in `but`, sorted; NULL: everybody. */
static int who_print(struct cli *cli, struct export *out, struct subjects_of of, const struct uuids *but)
{
    struct subject_ids page;
    struct units units;
    int code = units_fetch(&units, cli, 0);
    of.limit = PAGE_IDS;
    export_start(out, cli, WHO_COLUMNS, sizeof WHO_COLUMNS / sizeof *WHO_COLUMNS);
    for (bool more = code == CLI_OK; more; more = of.after.n > 0) {
        if ((code = cli_ask(cli, "indicators.value.subjects", &of, &page)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < page.ids.n; i++) {
            if (but != NULL && uuids_have(but, &page.ids.at[i]))
                continue;
            const struct organisation *unit = page.kind == SUBJECT_TEAM ? units_find(&units, &page.ids.at[i]) : NULL;
            export_row(out, (const char *const[]){ subject_names.names[page.kind], unit != NULL ? unit->code : "", unit != NULL ? unit->title : "",
                       export_id(cli, &page.ids.at[i]) });
        }
        of.after = page.next;
    }
    if (code != CLI_OK)
        return code;
    fprintf(stderr, "%" PRIu32 " counted\n", out->n);
    return export_end(out);
}

static int who_missing(struct cli *cli, struct export *out, struct subjects_of of)
{
    struct uuids counted = { 0 };
    struct subject_ids page = { 0 };
    int code = CLI_OK;
    of.limit = PAGE_IDS;
    of.side = OF_NUMERATOR;
    do {
        if ((code = cli_ask(cli, "indicators.value.subjects", &of, &page)) != CLI_OK)
            break;
        for (uint32_t i = 0; i < page.ids.n; i++)
            uuids_add(&counted, &page.ids.at[i]);
        of.after = page.next;
    } while (of.after.n > 0);
    uuids_sort(&counted);
    of.side = OF_DENOMINATOR;
    if (code == CLI_OK)
        code = who_print(cli, out, of, &counted);
    uuids_free(&counted);
    return code;
}

/* A name of the enum; the first one where nothing is said. */
static int named(const char *option, const struct enum_desc *names, const char *text, int *value)
{
    const char *all = "";
    int found = text != NULL ? enum_find(names, text, strlen(text)) : *value;
    if (found >= 0) {
        *value = found;
        return CLI_OK;
    }
    struct arena arena = { 0 };
    for (int i = 0; i < names->count; i++)
        all = arena_format(&arena, "%s%s%s", all, i > 0 ? ", " : "", names->names[i]);
    cli_usage("indicators who", "%s %s: none of %s", option, text, all);
    arena_free(&arena);
    return CLI_USAGE;
}

int verb_indicators_who(struct cli *cli, int argc, char **argv)
{
    struct subjects_of of = { .side = OF_NUMERATOR };
    const char *unit = NULL, *side = NULL, *line = NULL;
    struct export out = { 0 };
    int code = args_read("indicators who", &argc, argv, ARGS({ "unit", ARG_TEXT, &unit, false }, { "side", ARG_TEXT, &side, false },
                         { "line", ARG_TEXT, &line, false }, EXPORT_NAMES_ARGS(&out)), "ACT CODE YEAR", 3, 3);
    bool missing = side != NULL && strcmp(side, "missing") == 0;
    if (code != CLI_OK || (code = named("--side", &value_side_names, missing ? NULL : side, &of.side)) != CLI_OK
        || (code = named("--line", &value_line_names, line, &of.line)) != CLI_OK)
        return code;
    if (!year_parse(argv[3], &of.year))
        return cli_usage("indicators who", "%s: not a year", argv[3]);
    of.act = argv[1];
    of.indicator = argv[2];
    if ((code = cli_config(cli)) == CLI_OK && unit != NULL)
        code = refer_organisation(cli, unit, &of.unit);
    return code != CLI_OK ? code : missing ? who_missing(cli, &out, of) : who_print(cli, &out, of, NULL);
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

/* A document of the register: by its identifier, and in words for who reads the judgement alone. */
static int registered_read(struct cli *cli, const char *number, struct judgement *said)
{
    struct registered ask;
    struct document_card card;
    int code = refer_document(cli, number, &ask.id);
    if (code != CLI_OK || (code = cli_ask(cli, "roster.document.get", &ask, &card)) != CLI_OK)
        return code;
    said->references.at[said->references.n++] = ask.id;
    said->documents.at[said->documents.n++] = arena_format(&cli->arena, "%s от %s", card.document->number, export_day_said(cli, card.document->day));
    return CLI_OK;
}

int verb_indicators_judge(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "text", required_argument, NULL, 't' }, { "document", required_argument, NULL, 'd' },
                                             { "day", required_argument, NULL, 'D' }, { "registered", required_argument, NULL, 'r' }, { 0 } };
    const char *documents[DOCUMENTS_MAX], *registered[DOCUMENTS_MAX];
    struct uuid references[DOCUMENTS_MAX];
    struct judgement said = { .documents = { 0, documents }, .references = { 0, references } };
    uint32_t wanted = 0;
    args_day("today", &said.day);
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 't': said.text = optarg; break;
        case 'd':
            if (said.documents.n + wanted == DOCUMENTS_MAX)
                return cli_usage("indicators judge", "more than %d documents", DOCUMENTS_MAX);
            documents[said.documents.n++] = optarg;
            break;
        case 'r':
            if (said.documents.n + wanted == DOCUMENTS_MAX)
                return cli_usage("indicators judge", "more than %d documents", DOCUMENTS_MAX);
            registered[wanted++] = optarg;
            break;
        case 'D':
            if (!args_day(optarg, &said.day))
                return cli_usage("indicators judge", "--day %s: not a day like 2024-09-15 or 15.09.2024", optarg);
            break;
        default:  return CLI_USAGE;
        }
    if (optind + 4 != argc || !year_parse(argv[optind + 2], &said.year) || !word_parse(argv[optind + 3], &said))
        return cli_usage("indicators judge", "ACT, CODE, YEAR, and yes, no or a grade from 0 to 100 are needed");
    if (said.text == NULL || said.documents.n + wanted == 0)
        return cli_usage("indicators judge", "--text says why, --document what it rests on: both are needed");
    for (uint32_t i = 0; i < wanted; i++) {
        int code = registered_read(cli, registered[i], &said);
        if (code != CLI_OK)
            return code;
    }
    said.act = argv[optind];
    said.indicator = argv[optind + 1];
    int code = cli_config(cli);
    return code == CLI_OK ? cli_ask(cli, "indicators.judgement.record", &said, NULL) : code;
}

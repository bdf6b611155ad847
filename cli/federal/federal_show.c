/* federal show, list, compare: what a passport says, how it stands, what has changed since. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/federal/federal.h"
#include "cli/show/table.h"
#include "common/core/err.h"
#include "services/federal/words.h"

static const char *state_word(struct cli *cli, const struct passport *passport)
{
    return cli_word(cli, arena_format(&cli->arena, "passport_state.%s", passport_state_names.names[passport->state]));
}

static const char *reason_word(struct cli *cli, const char *reason)
{
    return cli_word(cli, arena_format(&cli->arena, "reason.%s", reason));
}

static const char *day_word(struct cli *cli, day_t day)
{
    char text[DAY_TEXT + 1] = "";
    if (day != 0)
        day_format_ru(day, text);
    return arena_string(&cli->arena, text, strlen(text));
}

/* ── show ─────────────────────────────────────────────────────────────────── */

static void print_head(struct cli *cli, const struct passport *p)
{
    char id[UUID_TEXT + 1];
    uuid_format(&p->id, id);
    printf("%s\n%s\n", federal_words(cli, "passport.heading", "title", p->title, "year", federal_number(cli, p->year), "version",
                                     federal_number(cli, p->version), "state", state_word(cli, p), NULL), id);
    if (p->content.n > 0)
        printf("%s\n", federal_words(cli, p->state == PASSPORT_SUBMITTED ? "passport.submitted" : "passport.content", "hash", federal_hex(cli, p->content), NULL));
    if (p->remarks != NULL && p->remarks[0] != '\0')
        printf("%s\n", federal_words(cli, "passport.remarks", "remarks", p->remarks, NULL));
    if (p->recall != NULL && p->recall[0] != '\0')
        printf("%s\n", federal_words(cli, "passport.recalling", "reason", p->recall, NULL));
    if (p->recalled != NULL && p->recalled[0] != '\0')
        printf("%s\n", federal_words(cli, "passport.recalled", "reason", p->recalled, NULL));
    if (p->package.n > 0)
        printf("%s\n", federal_words(cli, "passport.package", "name", p->name, "hash", federal_hex(cli, p->package), NULL));
    else if (p->fault != NULL && p->fault[0] != '\0')
        printf("%s\n", federal_words(cli, "passport.stuck", "why", reason_word(cli, p->fault), NULL));
    else if (p->state == PASSPORT_SENT)
        printf("%s\n", cli_word(cli, "passport.waiting"));
    if (p->answer != NULL)
        printf("%s\n", federal_words(cli, "passport.answer", "number", p->answer->number, "day", day_word(cli, p->answer->day), "remarks",
                                     p->answer->remarks, NULL));
    for (uint32_t i = 0; i < p->blocks.n; i++)
        for (uint32_t k = 0; k < BLOCKS_FILLED_COUNT; k++)
            if (p->blocks.at[i].number == BLOCKS_FILLED[k] && p->blocks.at[i].filled != p->fill)
                printf("%s\n", federal_words(cli, "passport.filling", "block", federal_number(cli, p->blocks.at[i].number), NULL));
}

static void print_blocks(struct cli *cli, const struct passport *p)
{
    for (uint32_t i = 0; i < p->blocks.n; i++) {
        const struct block_state *block = &p->blocks.at[i];
        printf("\n%s\n", federal_words(cli, "passport.block", "number", federal_number(cli, block->number), "title",
                                       words_block(words_edition(p), block->number), "cells", federal_number(cli, block->cells), "gaps",
                                       federal_number(cli, block->gaps), NULL));
        for (uint32_t k = 0; k < block->sources.n; k++) {
            const struct cell_source *source = &block->sources.at[k];
            const char *by = source->by == NULL || source->by[0] == '\0' ? "" : federal_words(cli, "passport.source_by", "service", source->by, NULL);
            printf("%s\n", federal_words(cli, "passport.source", "service", source->service, "by", by, "number",
                                         federal_number(cli, source->number), NULL));
        }
    }
}

static const char *cell_text(struct cli *cli, unsigned edition, const struct cell *cell)
{
    if (cell->kind == CELL_GAP)
        return arena_format(&cli->arena, "— %s", words_gap(edition, cell, &cli->arena));
    const char *text = cell->text != NULL ? cell->text : "";
    return cell->of == 0 ? text : arena_format(&cli->arena, "%s (%" PRIu64 " / %" PRIu64 ")", text, cell->number, cell->of);
}

static int by_document(const void *left, const void *right)
{
    const struct cell *a = left, *b = right;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    int rows = strcmp(a->row, b->row);
    if (rows != 0)
        return rows;
    return a->place != b->place ? (a->place < b->place ? -1 : 1) : strcmp(a->column, b->column);
}

static int print_block(struct cli *cli, const struct passport *p, uint64_t block)
{
    struct table_column columns[] = { { cli_word(cli, "passport.row"), SIDE_LEFT }, { cli_word(cli, "passport.column"), SIDE_LEFT },
                                      { cli_word(cli, "passport.value"), SIDE_WRAP }, { cli_word(cli, "passport.origin"), SIDE_LEFT } };
    struct cells_of of = { .passport = p->id, .block = block, .limit = 1000 };
    struct cell *all = ARENA_LIST(&cli->arena, struct cell, p->blocks.at[block - 1].cells + 1);
    struct text_table table;
    struct cell_list list;
    unsigned edition = words_edition(p);
    uint64_t n = 0;
    do {
        int code = cli_ask(cli, "federal.cell.list", &of, &list);
        if (code != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n && n < p->blocks.at[block - 1].cells; i++)
            all[n++] = list.rows.at[i];
        of.after = list.next;
    } while (of.after.n > 0);
    qsort(all, n, sizeof *all, by_document);
    table_start(&table, &cli->arena, columns, 4);
    for (uint64_t i = 0; i < n; i++) {
        const char *cells[] = { i > 0 && strcmp(all[i - 1].row, all[i].row) == 0 ? "" : all[i].row, words_column(edition, block, all[i].column),
                                cell_text(cli, edition, &all[i]), all[i].kind == CELL_GAP ? "" : words_origin(edition, &all[i], &cli->arena) };
        table_row(&table, cells);
    }
    printf("\n%s\n", federal_words(cli, "passport.block", "number", federal_number(cli, block), "title", words_block(edition, block), "cells",
                                   federal_number(cli, n), "gaps", federal_number(cli, p->blocks.at[block - 1].gaps), NULL));
    table_print(&table, stdout, cli_width());
    return CLI_OK;
}

int verb_federal_show(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "block", required_argument, NULL, 'b' }, { 0 } };
    uint64_t block = 0;
    struct passport passport;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; ) {
        if (c != 'b')
            return CLI_USAGE;
        block = strtoull(optarg, NULL, 10);
        if (block < 1 || block > PASSPORT_BLOCKS)
            return cli_usage("federal show", "--block: 1 to %d", PASSPORT_BLOCKS);
    }
    if (argc - optind != 1)
        return cli_usage("federal show", "one PASSPORT is needed");
    int code = federal_find(cli, argv[optind], &passport);
    if (code != CLI_OK)
        return code;
    if (cli->json) {
        cli_print_json(&passport_desc, &passport);
        return CLI_OK;
    }
    print_head(cli, &passport);
    if (block != 0)
        return print_block(cli, &passport, block);
    print_blocks(cli, &passport);
    return CLI_OK;
}

/* ── list ─────────────────────────────────────────────────────────────────── */

static const struct export_column LIST_COLUMNS[] = {
    { "year",   "passport.year",   EXPORT_NUMBER, NULL, false }, { "version", "passport.version", EXPORT_NUMBER, NULL, false },
    { "state",  "passport.state",  EXPORT_TEXT,   NULL, false }, { "parcel",  "passport.parcel",  EXPORT_TEXT,   NULL, false },
    { "id",     "passport.id",     EXPORT_TEXT,   NULL, false },
};

static int print_passports(struct cli *cli, struct export *out)
{
    struct passports_of of = { .limit = 100 };
    struct passport_list list;
    export_start(out, cli, LIST_COLUMNS, sizeof LIST_COLUMNS / sizeof *LIST_COLUMNS);
    do {
        int code = cli_ask(cli, "federal.passport.list", &of, &list);
        if (code != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct passport *p = &list.rows.at[i];
            char id[UUID_TEXT + 1];
            uuid_format(&p->id, id);
            bool stuck = p->fault != NULL && p->fault[0] != '\0';
            const char *parcel = p->package.n > 0 ? p->name : stuck ? reason_word(cli, p->fault)
                               : p->state == PASSPORT_SENT ? cli_word(cli, "passport.waiting") : "";
            export_row(out, (const char *const[]){ federal_number(cli, p->year), federal_number(cli, p->version), state_word(cli, p), parcel, id });
        }
        of.after = list.next;
    } while (of.after.n > 0);
    if (out->n > 0 || cli->json || out->csv != NULL || out->xlsx != NULL)
        return export_end(out);
    printf("%s\n", cli_word(cli, "passport.none"));
    return CLI_OK;
}

static const char *letter_reason(struct cli *cli, const struct letter_refused *letter)
{
    struct problem problem = { .reason = letter->reason };
    problem.args.at = ARENA_LIST(&cli->arena, struct problem_arg, letter->args.n + 1);
    for (; problem.args.n < letter->args.n; problem.args.n++)
        problem.args.at[problem.args.n] = (struct problem_arg){ letter->args.at[problem.args.n].name, letter->args.at[problem.args.n].value };
    return catalogue_reason(cli_catalogue(cli), &cli->arena, &problem);
}

static int print_letters(struct cli *cli)
{
    struct letters_of of = { .limit = 1000 };
    struct letter_list list;
    bool any = false;
    do {
        int code = cli_ask(cli, "federal.letter.list", &of, &list);
        if (code != CLI_OK)
            return code;
        if (list.rows.n > 0 && !any)
            printf("\n%s\n", cli_word(cli, "passport.letters"));
        any |= list.rows.n > 0;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            char moment[MOMENT_TEXT + 1];
            moment_format(list.rows.at[i].moment, moment);
            printf("  %.19sZ  refused/%s  %s\n", moment, list.rows.at[i].refused->file, letter_reason(cli, list.rows.at[i].refused));
        }
        of.after = list.next;
    } while (of.after.n > 0);
    return CLI_OK;
}

int verb_federal_list(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    int code = args_read("federal list", &argc, argv, ARGS(EXPORT_ARGS(&out)), "", 0, 0);
    if (code == CLI_OK)
        code = print_passports(cli, &out);
    return code == CLI_OK && !cli->json && out.csv == NULL && out.xlsx == NULL ? print_letters(cli) : code;
}

/* ── compare ──────────────────────────────────────────────────────────────── */

/* Each side in its own words; the column's name in those of the later one that has it. */
static int compare(struct cli *cli, const struct passport *before, const struct passport *after)
{
    struct table_column columns[] = { { cli_word(cli, "passport.row"), SIDE_LEFT }, { cli_word(cli, "passport.column"), SIDE_LEFT },
                                      { cli_word(cli, "passport.before"), SIDE_LEFT }, { cli_word(cli, "passport.after"), SIDE_WRAP } };
    struct compare_of of = { .before = before->id, .after = after->id, .limit = 1000 };
    unsigned was = words_edition(before), is = words_edition(after);
    struct difference_list list;
    struct text_table table;
    table_start(&table, &cli->arena, columns, 4);
    do {
        int code = cli_ask(cli, "federal.passport.compare", &of, &list);
        if (code != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct difference *d = &list.rows.at[i];
            const struct cell *either = d->after != NULL ? d->after : d->before;
            const char *cells[] = { arena_format(&cli->arena, "%" PRIu64 "  %s", either->block, either->row), words_column(d->after != NULL ? is : was, either->block, either->column),
                                    d->before != NULL ? cell_text(cli, was, d->before) : "", d->after != NULL ? cell_text(cli, is, d->after) : "" };
            table_row(&table, cells);
        }
        of.page = list.next;
    } while (of.page.n > 0);
    if (table.row_count > 0)
        table_print(&table, stdout, cli_width());
    else
        printf("%s\n", cli_word(cli, "passport.same"));
    return CLI_OK;
}

int verb_federal_compare(struct cli *cli, int argc, char **argv)
{
    struct passport before, after;
    if (argc != 2 && argc != 3)
        return cli_usage("federal compare", "one PASSPORT (with the version before it) or two are needed");
    int code = federal_find(cli, argv[argc - 1], &after);
    if (code == CLI_OK && argc == 3)
        code = federal_find(cli, argv[1], &before);
    else if (code == CLI_OK && uuid_is_nil(&after.previous))
        return cli_say(CLI_FAILED, "%s is the first version", argv[1]);
    else if (code == CLI_OK)
        code = cli_ask(cli, "federal.passport.get", &(struct passport_id){ after.previous }, &before);
    return code == CLI_OK ? compare(cli, &before, &after) : code;
}

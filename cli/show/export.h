#pragma once
#include "cli/cli.h"

/* export: one list in every form in which it leaves the command line.
 *
 * Forms      a table on standard output; with --json an object a line, for programs: tokens, numbers, days as 2024-09-15,
 *            without what is empty. --csv FILE: as Excel in Russia reads it (UTF-8 with BOM, semicolons, CRLF, 15.09.2024).
 *            --xlsx FILE: typed cells, the titles kept in view, a filter. With a file nothing but the count is printed.
 * Columns    a cell is text, whatever its kind: a number in digits, a day as 2024-09-15, a flag as "yes" or nothing. `words`:
 *            the cell is a token, said as the sentence WORDS.TOKEN in all forms but JSON. Leading spaces (a tree) are for the terminal alone.
 * Persons    a column of identifiers of people (EXPORT_PERSON; whatever else stands in it, a code, stays). With --names --purpose TEXT
 *            their names stand before the list, each hundred of them an entry (names.h); of several such columns those of the first.
 * Files      whole or not at all, mode 0640, in place of what is there. A text that a spreadsheet would take for a formula
 *            (it begins with = + - @, a tab) gets an apostrophe before it in CSV; in XLSX cells are strings and need none. The
 *            library that writes workbooks keeps them in nameless files of $TMPDIR meanwhile.
 * Ownership  cells are copied, into cli->arena.
 * Errors     the first one sticks, export_end() says it. A list has at most EXPORT_ROWS_MAX rows: what a sheet holds.
 *
 *     struct export out = { .csv = …, .xlsx = … };        // as the options say
 *     export_start(&out, cli, COLUMNS, n);
 *     export_row(&out, cells);                              // as many as columns; NULL: empty
 *     return export_end(&out); */
#define EXPORT_ROWS_MAX    1048575u
#define EXPORT_COLUMNS_MAX 24
#define EXPORT_FILE_MAX    (1u << 30)       /* bytes of one file */

enum export_kind {
    EXPORT_TEXT,
    EXPORT_LONG,            /* text: the column of the table that wraps */
    EXPORT_NUMBER, EXPORT_DAY, EXPORT_FLAG,
    EXPORT_PERSON,          /* text: an identifier whose name can be shown beside */
};
struct export_column {
    const char *key;        /* the member of JSON */
    const char *title;      /* token of the heading */
    enum export_kind kind;
    const char *words;      /* prefix of the tokens that the cells are; NULL: said as it is */
    bool apart;             /* not in the table on the terminal: identifiers */
};
struct export {
    const char *csv, *xlsx;             /* files; NULL: not wanted */
    bool names;                         /* beside identifiers; then `purpose` says why */
    const char *purpose;
    struct cli *cli;
    const struct export_column *columns;
    uint32_t column_count, n, room;
    const char **cell;                  /* row by row */
    bool too_many;
};
/* Rows of a verb's options (args.h). */
#define EXPORT_ARGS(out) { "csv", ARG_TEXT, &(out)->csv, false }, { "xlsx", ARG_TEXT, &(out)->xlsx, false }
/* Of a verb whose list has a column EXPORT_PERSON. */
#define EXPORT_NAMES_ARGS(out) EXPORT_ARGS(out), { "names", ARG_FLAG, &(out)->names, false }, { "purpose", ARG_TEXT, &(out)->purpose, false }

void export_start(struct export *out, struct cli *cli, const struct export_column *columns, uint32_t n);
void export_row(struct export *out, const char *const *cells);
int  export_end(struct export *out);        /* an exit code; what is wrong has been said */

/* A line about one thing: "Вид: школа"; nothing where there is no value. */
void export_line(struct cli *cli, const char *token, const char *value);
const char *export_day_said(struct cli *cli, day_t day);        /* 15.09.2024 */

const char *export_hundredths(struct cli *cli, uint64_t hundredths);     /* 0,75 */
/* Cells, in the arena of the verb; an empty one for 0 and nil. */
const char *export_day(struct cli *cli, day_t day);
const char *export_number(struct cli *cli, uint64_t number);
const char *export_id(struct cli *cli, const struct uuid *id);

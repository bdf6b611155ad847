#pragma once
#include <limits.h>

#include "common/service/errand.h"
#include "services/node/node.h"

/* intake: the errand of the drop folder (files/drop): lists as Excel saves them (CSV, workbooks) become rows of the queue.
 *
 * A file     is known by its columns: a staff list, a list of support, a list of documents. Where its titles do not tell, a map
 *            does (services/shared/lists/list.h): NAME.columns beside it, of that list alone, which goes with it; else
 *            files/columns.csv, of all lists; else what once lay beside a list of the same titles that was taken: files/columns/TITLES.columns,
 *            where such maps are kept for the next time. It waits while it still
 *            grows. Every row is checked; good ones are queued in pieces, each with the line up to which the list is
 *            safe, so that whatever ends the process, it goes on there. What is refused stands in reports/NAME.csv by
 *            line, column, reason and remedy, without what the cells hold.
 * Deleting   a list holds personal data in the clear: it is deleted as soon as its last row is safe, and the report
 *            says so. A file that is refused whole stays where it is, with a report.
 * Order      by their names: where one cannot be read or taken now, those behind it wait too, since what they say may
 *            rest on it; not for one that is broken for good.
 * Again      the same file or row enters what is new: rows are known by keyed hashes (take.h).
 * Names      are text of one line: Excel on a foreign disk may write one in Windows-1251, which is refused whole.
 * Key        what is sealed from now on is sealed to the newest key that roster has told; the queue says so once (roster.intake.took),
 *            behind all that was sealed before.
 * Bounds     INTAKE_FILE_MAX bytes a file, INTAKE_UNFOLD_MAX what a workbook unfolds to; at the cap of the store files wait in the folder. */
#define INTAKE_DROP     "drop"
#define INTAKE_REPORTS  "reports"
#define INTAKE_COLUMNS  "columns.csv"
#define INTAKE_MAP      ".columns"
#define INTAKE_KEPT     "columns"
#define INTAKE_FILE_MAX (8u << 20)
#define INTAKE_UNFOLD_MAX (16u << 20)
#define INTAKE_MAP_MAX  (64u << 10)
#define INTAKE_STILL    (2 * MOMENT_SECOND)     /* unchanged for so long: nobody writes it any more */
#define INTAKE_NAMES    20000                   /* looked at; what lies there besides waits until some have gone */
#define INTAKE_NAME_MAX 180                     /* bytes: with a line it is the source of a row, with .csv a report */

struct intake_seen {
    char *name;
    uint64_t size, changed, node;           /* bytes, nanoseconds, inode */
    uint64_t map;                           /* of its map and of that of all lists */
    moment_t since, again;
    uint32_t unread;                        /* so many times in a row it could not be read */
    bool holds;                             /* what comes after it waits for it */
    bool done;                              /* nothing is to be done with it as it is: refused whole, reported */
};
struct sentences;
struct intake {
    bool ready;
    struct sentences *sentences;
    struct intake_seen *seen;               /* of the last look, in the order of their names */
    uint32_t seen_n;
    bool too_many;
    uint64_t told;                          /* the generation of roster's key that stands in the queue as taken */
};

#pragma once
#include "cli/cli.h"
#include "common/codec/csv.h"

/* staff_columns: the columns of a staff list, and sending one: shared by roster import and history load. */
extern const struct csv_column STAFF_COLUMN[];      /* [0] is the person's code */
extern const size_t STAFF_COLUMN_COUNT;

struct staff_totals { uint64_t rows, persons, posts, changed, unchanged, known, refused; };   /* known: done by an earlier run */
/* Sends the list, prints what was refused; last: where roster stood. CLI_OK also when rows were refused. */
int  staff_send(struct cli *cli, const char *path, struct staff_totals *totals, struct position *last, bool *has_last);
void staff_say(const struct staff_totals *totals);
int  staff_code(const struct staff_totals *totals);

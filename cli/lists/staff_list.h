#pragma once
#include "cli/cli.h"
#include "services/shared/staff_columns.h"

/* staff_list: sending a staff list: shared by roster import and history load. */
struct staff_totals { uint64_t rows, persons, posts, changed, unchanged, known, refused; };   /* known: done by an earlier run */
/* map: columns.h. Sends the list, prints what was refused; last: where roster stood. CLI_OK also when rows were refused. */
int  staff_send(struct cli *cli, const char *path, const char *map, struct staff_totals *totals, struct position *last, bool *has_last);
void staff_say(const struct staff_totals *totals);
int  staff_code(const struct staff_totals *totals);

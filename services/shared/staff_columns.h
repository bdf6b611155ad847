#pragma once
#include "common/codec/csv.h"

/* staff_columns: the columns of a staff list (a row of it is roster's worker_record), by the titles that people
 * use: shared by roster import, history load and the node's drop folder. */
extern const struct csv_column STAFF_COLUMN[];      /* [0] is the person's code */
extern const size_t STAFF_COLUMN_COUNT;

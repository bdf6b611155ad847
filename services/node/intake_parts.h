#pragma once
#include "services/node/intake.h"
#include "services/node/take.h"
#include "services/shared/catalogue.h"
#include "services/shared/lists/list.h"

/* intake_parts: what the files of the intake share and nobody else includes. */

/* ── lists.c: what rows are, by the columns of the file ── */
struct list_kind {
    const char *token;                      /* of its name for people */
    const char *method;
    const struct csv_column *columns; const size_t *n;
    const struct msg_desc *line;            /* a row as it stands in the file */
    /* The method's message of a row, and the person's code where the message does not name him yet. In a read
     * transaction. */
    bool (*make)(struct ctx *ctx, const void *line, void *message, const char **code, struct staff_fault *fault);
};
extern const struct list_kind LIST_KIND[];
extern const uint32_t LIST_KIND_COUNT;

/* ── report.c ── */
struct report {
    const struct sentences *sentences;
    struct arena *arena;
    struct buf text;
    uint64_t lines, left_out;
};
#define REPORT_LINES_MAX 20000              /* a file of nothing but faults need not be told of to its end */
void report_start(struct report *report, const struct sentences *sentences, struct arena *arena);
void report_line(struct report *report, uint32_t line, const char *column, const struct staff_fault *fault);
/* Of the whole file: a sentence of the catalogue. */
void report_say(struct report *report, const char *token, const struct catalogue_arg *args, uint32_t n);
/* Written in place of an older one of that name. */
int  report_put(struct report *report, const char *files, const char *name);
void report_end(struct report *report);

/* ── intake_folder.c ── */
/* Looks into the folder: intake->seen is what lies there now. */
int  folder_look(struct intake *intake, const char *dir, struct arena *arena);
void folder_forget(struct intake *intake);

/* ── intake_rows.c ── */
enum rows_end {
    ROWS_DONE,                              /* all of it is safe, and reported */
    ROWS_REFUSED,                           /* the file as a whole; reported */
    ROWS_LATER,                             /* no room, or the daemon ends: goes on another time, and so do all others */
    ROWS_UNTOLD,                            /* its report cannot be written, or a row of it not entered: it alone waits */
};
/* map: the bytes of its table of columns, none when empty; own: it lies beside the list. */
enum rows_end intake_rows(struct errand *errand, struct intake *intake, const char *name, struct bytes content, struct bytes map, bool own);
struct uuid intake_list_id(const char *name, struct bytes content, struct bytes map);

#pragma once
#include "cli/history_files.h"
#include "cli/lookup.h"
#include "cli/pipe.h"
#include "cli/sheet.h"
#include "cli/staff_list.h"

/* history_parts: what the files of history load share and nobody else includes. */
struct history {
    struct cli *cli;
    const char *dir;
    struct lookup organisations, persons, programmes, procedures, sittings;    /* sittings: "procedure;person" */
    struct { struct position at; bool known; } roster, diagnostics, programmes_at, routes;
    const char **key_of_line; uint32_t lines;   /* of the table under way */
    struct pipe *into;                          /* completions: where resolved ones are sent */
    struct completion_record *waiting;          /* by line: those that ask for the step's programme */
    uint64_t *step;
    uint64_t rows, known, refused;
};

/* A table whose rows become commands of one method. row() sends or refuses; taken() as in pipe.h. */
struct history_table {
    const char *file, *what, *method;
    const struct csv_column *columns; const size_t *n;
    const struct msg_desc *desc;
    void (*ready)(struct history *history, struct pipe *pipe);
    void (*row)(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena);
    void (*taken)(void *arg, uint32_t line, const struct client_reply *reply);
};
const char *history_path(struct history *history, const char *file);
int history_table_load(struct history *history, const struct history_table *table);
/* After a pipe: its position kept, its rows counted. */
void history_stood(struct history *history, const struct pipe *pipe);
/* The services named in the methods have taken in what these positions say. */
int history_settle(struct history *history, const char *service);
const char *history_pair(const char *procedure, const char *person, struct arena *arena);

int history_organisations(struct history *history);
int history_persons(struct history *history);
int history_documents(struct history *history);        /* framework, instrument, procedures, programmes */
int history_runs(struct history *history);
int history_sittings(struct history *history);
int history_agreements(struct history *history);
int history_completions(struct history *history);
int history_support(struct history *history);

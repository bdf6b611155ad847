#pragma once
#include "cli/history/history_files.h"
#include "cli/refer/lookup.h"
#include "cli/lists/pipe.h"
#include "cli/lists/sheet.h"
#include "cli/lists/staff_list.h"
#include "proto/profile_registers.h"

/* history_parts: what the files of history load share and nobody else includes. */
struct entry_record;
#define HISTORY_FILES_MAX 40
struct contest_named { const char *title, *register_id; struct contest_named *next; };
struct history {
    struct cli *cli;
    const char *dir;
    struct lookup organisations, persons, programmes, procedures, sittings;    /* sittings: "procedure;person" */
    struct contest_named *contest;              /* those of contests.csv */
    struct lookup contests, works, opinions;    /* by title; "direction;work"; that and the expert's code */
    struct lookup entries, duties, papers;      /* entries: "register;title"; duties: that and their own title; papers: by number */
    struct lookup runs, enrolments, learnt;     /* runs: run_name_of(); enrolments: by the folder's code; learnt: their programmes */
    struct { struct position at; bool known; } roster, diagnostics, programmes_at, routes;
    struct profile_register *rules; uint32_t rules_n;       /* of the registers that registers.csv names */
    const char **key_of_line; uint32_t lines;   /* of the table under way */
    uint64_t rows, known, refused;
    const char *file[HISTORY_FILES_MAX]; uint32_t files;        /* that were read */
    bool again;                                 /* the table under way was read before: its faults are said */
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
/* What a command has made; nil: it was refused. */
struct uuid history_made(const struct client_reply *reply);
/* The identifier that a command has made, under a key: for taken(). */
void history_keep(struct lookup *lookup, const char *key, const struct client_reply *reply);
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
int history_enrolments(struct history *history);
int history_departures(struct history *history);        /* of those who did not stay */
int history_attestations(struct history *history);
int history_completions(struct history *history);
int history_support(struct history *history);
int history_tutors(struct history *history);
int history_assignments(struct history *history);
int history_registers(struct history *history);         /* entries, proposals, who takes part, what is to be done and is */
int history_papers(struct history *history);            /* documents, their editions, to whom they were sent */
int history_consents(struct history *history);          /* and training outside of the region */
int history_experts(struct history *history);           /* contests, works, opinions, decisions; rooms booked */
int history_changes(struct history *history);           /* what became of organisations: the last of all */
int history_judgements(struct history *history);

/* Of a person, an organisation; an empty cell stands for nobody. False: unknown, and refused. */
bool history_refer(struct pipe *pipe, uint32_t line, const struct lookup *lookup, const char *code, const char *reason, const char *field,
                   struct uuid *id);
/* The entry of that title; false: unknown, and refused. */
bool history_entry(struct history *history, struct pipe *pipe, uint32_t line, const char *register_id, const char *title, struct arena *arena,
                   struct uuid *entry);
/* What a row of registers.csv says, as a message; false: refused, and said. */
bool history_entry_read(struct history *history, struct pipe *pipe, uint32_t line, const struct entry_line *read, struct arena *arena,
                        struct entry_record *in);
/* Each part of a|b|c. */
uint32_t history_parts_of(struct arena *arena, const char *text, const char **parts, uint32_t most);
/* Tables one after the other, those whose file is there. What is wrong with the form of a row is said when its file is read first. */
int history_tables_load(struct history *history, const struct history_table *tables, size_t n);
/* What rows refer to. A name that stands for nothing is refused by history_unknown(), which says so. */
void history_unknown(struct pipe *pipe, uint32_t line, const char *reason, const char *field);
void history_after_roster(struct history *history, struct pipe *pipe);
/* Who knows the sitting knows the route; false: no such sitting. */
bool history_route(const struct history *history, const char *procedure, const char *person, struct uuid *route);
/* The name by which `runs` has it. */
const char *history_run_name(const struct uuid *programme, const char *code, struct arena *arena);

/* Rows of which some name a step of a route instead of a programme: the route is asked first, and its answer
 * sends the row. row() fills a message of `method` (`message_size`) in `arena`, and in *step which step is to be
 * asked of *route (0: none is); stepped() puts in what was asked. False of either: refused, and said. */
struct history_stepped {
    struct history_table table;
    size_t message_size;
    bool (*row)(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena,
                void *message, struct uuid *route, uint64_t *step);
    bool (*stepped)(struct history *history, struct pipe *pipe, uint32_t line, const struct uuid *programme, void *message);
};
int history_stepped_load(struct history *history, const struct history_stepped *table);

#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* bench: the figures of the design, each measured beside its raw limit in the same run.
 *
 * Row        one figure (or a family of it): prepares what it needs, measures interleaved pairs of what the
 *            system does and what the bare limit does, and reports one or more lines.
 * Line       ours, limit and their ratio pair by pair, as medians with least and greatest: on a machine that
 *            others use too, a ratio of neighbours in time says more than two numbers taken apart.
 * Errors     anything that goes wrong ends the program with a sentence: a figure that is half right is none. */

/* ── numbers ──────────────────────────────────────────────────────────────── */
struct series { uint32_t n, room; double *at; };
void   series_add(struct series *series, double value);
double series_quantile(const struct series *series, double q);     /* 0.5: the median; NAN when empty */
void   series_free(struct series *series);
double bench_now(void);                     /* seconds, monotonic */

/* ── what is reported ─────────────────────────────────────────────────────── */
enum goal_kind { GOAL_NONE, RATIO_AT_LEAST, RATIO_AT_MOST, OURS_BELOW };
struct goal { enum goal_kind kind; double value; };
#define GOALS_MAX 2
struct line {
    const char *row, *what, *unit, *against;        /* against: the limit in words; NULL: there is none */
    struct series ours, limit, ratio;
    struct goal goal[GOALS_MAX];
    char note[240];
};
struct bench;
/* A new line of the report; strings have to outlive it. */
struct line *line_new(struct bench *bench, const char *what, const char *unit, const char *against);
void line_pair(struct line *line, double ours, double limit);       /* ratio = ours / limit */
void line_note(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
void report_print(const struct bench *bench);
void report_json(const struct bench *bench, const char *file);
bool goal_reached(const struct line *line, const struct goal *goal);

/* ── the run ──────────────────────────────────────────────────────────────── */
#define LINES_MAX 48
struct site;
struct bench {
    bool quick;
    uint32_t pairs;
    uint64_t grown;                         /* entries of the store that is not empty */
    const char *build, *source;             /* where programs and the region's settings lie */
    char dir[200];                          /* on a disk: syncs have to be real */
    struct site *site;                    /* the region with its daemons; made by the first who asks */
    const char *row;                        /* that runs */
    struct line line[LINES_MAX]; uint32_t lines;
};
struct row {
    const char *name, *what, *against, *goal;
    void (*run)(struct bench *bench);
};
extern const struct row ROWS_OF_BENCH[];
extern const size_t ROWS_OF_BENCH_COUNT;

_Noreturn void bench_die(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
#define need(ok, ...) do { if (!(ok)) bench_die(__FILE__, __LINE__, __VA_ARGS__); } while (0)
void bench_say(const char *format, ...) __attribute__((format(printf, 1, 2)));      /* progress, to stderr */
void bench_shell(const char *format, ...) __attribute__((format(printf, 1, 2)));    /* a command that has to succeed */

/* ── the rows, by file ────────────────────────────────────────────────────── */
void row_commands(struct bench *bench);     /* commands.c */
void row_round_trip(struct bench *bench);
void row_read_under_load(struct bench *bench);
void row_source(struct bench *bench);       /* following.c */
void row_follower(struct bench *bench);
void row_fifty(struct bench *bench);
void row_chain(struct bench *bench);        /* chain.c */
void row_recount(struct bench *bench);      /* counting.c */
void row_indicator(struct bench *bench);    /* small.c */
void row_idle(struct bench *bench);
void row_lists(struct bench *bench);        /* lists.c */
void row_entering(struct bench *bench);     /* entering.c */
void row_search(struct bench *bench);       /* search.c */

#pragma once
#include "tests/bench/site.h"

/* counting: one made-up region for both who count it: indicators, as the entries of four journals, and
 * PostgreSQL, as rows. */
#define COUNT_YEAR  2021
#define COUNT_YEARS 5
#define INDICATORS  6

enum { F_UNIT, F_PERSON, F_POST, F_SITTING, F_ROUTE, F_COMPLETION, F_SUPPORT, F_PROGRAMME, F_RUN, F_INCLUDED, FACTS };
struct made_region {
    uint32_t workers, schools, towns, programmes;
    char profile[300], rows[300];           /* the profile for these years; a directory with a file of rows a table */
    uint64_t facts;
};
/* Fills a machine of indicators by following, and writes the rows for COPY. */
struct machine *region_make(struct bench *bench, struct made_region *region, const char *dir);
/* Sums of both sides of all cells by indicator: what both have to agree in. */
void region_sums(struct machine *machine, double sum[INDICATORS]);

/* ── PostgreSQL, sql.c ── */
struct sql;
/* NULL: it cannot be had; `why` says it. A cluster of its own on a unix socket, with the rows in it. */
struct sql *sql_open(struct bench *bench, const struct made_region *region, char why[200]);
void sql_close(struct sql **sql);
double sql_count(struct sql *sql, double sum[INDICATORS]);      /* seconds for all six, warm */

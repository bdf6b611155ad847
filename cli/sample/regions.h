#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* regions: what makes one region differ from another, as data. Sizes are the published ones (press reports of
 * the education authorities, 2023–2025: staff, organisations, schools); the part of a municipality in the staff
 * follows its population roughly; names of municipalities are those of the years of the acts.
 *
 * Ownership  constants. */
#define MUNICIPALITIES_MOST 40

struct municipality_table {
    const char *title, *in;             /* in: how a title goes on after the number: «№ 5 г. Томска» */
    uint32_t part;                      /* of the region's staff, in any unit */
    uint32_t eager;                     /* how much is done there, in thousandths of the region's rate */
    bool town;
};
struct region_table {
    const char *name;                   /* as the command line and config/regions call it */
    const char *code;                   /* number of the subject; every code begins with it */
    const char *title;
    const char *institute, *centre, *university;        /* as the act calls them */
    const char *college;                /* form of a college's title: %u its number, %s the municipality */
    uint64_t workers;                   /* published: staff */
    uint32_t organisations, schools;    /* published, at that size */
    uint32_t municipality_count;
    const struct municipality_table *municipality;
};
/* NULL: no such region. */
const struct region_table *region_table_find(const char *name);
/* The i-th, for lists; NULL past the last. */
const struct region_table *region_table_at(size_t i);

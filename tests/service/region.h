#pragma once
#include "proto/federal.h"
#include "proto/indicators.h"
#include "proto/roles.h"
#include "proto/routes.h"
#include "tests/unit/toy.h"

/* region: all six services of a region as real machines that follow one another, with a small region in them: two
 * municipalities with a school each, the centre and the institute; ANNA teaches in school A, BORIS in school B;
 * an instrument, a procedure of today, a federal programme; ANNA has sat it and has a drafted route. Another
 * programme answers none of her deficits; it has a run that begins in a month, in which she is enrolled. */
enum { R_ROSTER, R_DIAGNOSTICS, R_PROGRAMMES, R_ROUTES, R_INDICATORS, R_FEDERAL, R_SERVICES };
extern const struct service roster_service, diagnostics_service, programmes_service, routes_service, indicators_service, federal_service;
extern const struct service *const REGION_SERVICE[R_SERVICES];

struct region {
    char *dir[R_SERVICES], *keys;
    struct toy_time time;
    struct arena arena;
    struct machine *machine[R_SERVICES];
    unsigned commands;
    struct uuid id, centre, institute, town_a, town_b, school_a, school_b;
    struct uuid anna, boris, post_a, framework, instrument, procedure, sitting, route, programme, course, run, enrolment;
};

struct region *region_open(void);
void region_close(struct region *region);
void region_follow(struct region *region);                  /* everybody follows everything */
struct principal region_who(int role, const struct uuid *reach);    /* NULL: the whole region */
struct outcome region_do(struct region *region, int service, struct principal who, const char *method,
                         const struct msg_desc *takes, const void *body);
struct outcome region_ask(struct region *region, int service, struct principal who, const char *method,
                          const struct msg_desc *takes, const void *body);

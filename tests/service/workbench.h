#pragma once
#include "proto/profile.h"
#include "proto/roles.h"
#include "proto/routes.h"
#include "tests/service/source.h"

/* workbench: diagnostics and routes driven by hand; what roster and programmes say is written by the test.
 *
 * The region: two municipalities with a school each, and the centre. ANNA teaches in SCHOOL_A, BORIS in
 * SCHOOL_B since 2020; DORA had a post until 2023. Noon of 16 September 2024 in +07:00. */
extern const struct uuid REGION, TOWN_A, TOWN_B, SCHOOL_A, SCHOOL_B, CENTRE_ORG, ANNA, BORIS, DORA, NOBODY;
extern const struct uuid FRAMEWORK, INSTRUMENT, PROCEDURE;
#define TODAY        day_of(2024, 9, 16)
#define CLOSES       day_of(2024, 9, 20)

struct bench {
    char *dir[2];
    struct toy_time time;
    struct arena arena;
    struct source roster, programmes;
    struct machine *diagnostics, *routes;
    unsigned commands;
};

int  bench_set_up(void **state);            /* the region is known to both services */
int  bench_tear_down(void **state);
void bench_pass(struct bench *bench, moment_t time);        /* the clock moves, due timers fire */
void bench_reopen(struct bench *bench);                     /* diagnostics and routes, as after an end in order */

void bench_reopen_routes(struct bench *bench, const struct service *service);   /* as another version of it */

/* ids: 0 ends them; none: the whole region */
struct principal bench_who(int role, ...);
struct outcome bench_do(struct bench *bench, struct machine *machine, struct principal who, const char *method,
                        const struct msg_desc *takes, const void *body);
struct outcome bench_ask(struct bench *bench, struct machine *machine, struct principal who, const char *method,
                         const struct msg_desc *takes, const void *body);
#define assert_reason(bench, outcome, text) assert_string_equal(toy_reason(&(outcome), &(bench)->arena), (text))
/* The value of an argument of the refusal, "" when there is none. */
const char *bench_arg(struct bench *bench, const struct outcome *outcome, const char *name);
/* The rule of its first field. */
const char *bench_rule(struct bench *bench, const struct outcome *outcome);
/* Own journal whole, state as the journal gives it. */
void bench_sound(struct machine *machine);
/* Entries of that event in the journal; `last`, when not NULL, gets the body of the last one. */
unsigned bench_events(struct bench *bench, struct machine *machine, const char *event, const struct msg_desc *desc, void *last);

/* What the other journals say. */
void bench_post(struct bench *bench, const struct uuid *person, const struct uuid *organisation, day_t from, day_t until);
void bench_programme(struct bench *bench, uint8_t number, uint64_t hours, const char *one, const char *two);
void bench_federal(struct bench *bench, uint8_t number, day_t day, bool in);
struct uuid bench_programme_id(uint8_t number);
void bench_follow(struct bench *bench);     /* everybody follows everything */

/* A framework of three competencies, an instrument of 30 minutes with a cut of 60, a procedure of the centre
 * from the 1st to the 20th of September 2024. Tasks 1, 2: "subject", 3: "method" (multiple), 4: "digital". */
void bench_publish(struct bench *bench);
struct framework bench_framework(void);
struct instrument bench_instrument(void);
struct procedure bench_procedure(void);
/* A whole sitting of the person; right: a bit for each of the four tasks. Returns its id. */
struct uuid bench_sitting(struct bench *bench, const struct uuid *person, unsigned right);
struct uuid bench_start(struct bench *bench, const struct uuid *person);
struct outcome bench_save(struct bench *bench, const struct uuid *person, const struct uuid *sitting, unsigned right);
struct outcome bench_record(struct bench *bench, const struct uuid *person, day_t day, unsigned right);

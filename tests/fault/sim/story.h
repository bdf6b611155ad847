#pragma once
#include "proto/profile.h"
#include "proto/indicators.h"
#include "proto/roles.h"
#include "proto/routes.h"
#include "tests/fault/sim/client.h"

/* story: what the clients do. The first is the centre, with the institute: organisations, instruments,
 * procedures, programmes. The others are municipalities with schools and workers, each its own. */
#define SCHOOLS         2                   /* a municipality */
#define PEOPLE          5                   /* clients 1 … 5: municipalities, each with its schools */
#define TOWN_MUNICIPALITY PEOPLE            /* the sixth works at the node: */
#define CLERK           6                   /* who enters there, */
#define COPY_CLERK      7                   /* and who at the image of it */
#define REGISTRAR       8                   /* units, records, registers: registrar.h */
#define MUNICIPALITIES  (PEOPLE + 1)
enum { ORG_0_REGION, ORG_0_CENTRE, ORG_0_INSTITUTE, ORG_0_FIRST_MUNICIPALITY,
       ORG_0_FIRST_SCHOOL = ORG_0_FIRST_MUNICIPALITY + MUNICIPALITIES,
       ORGS = ORG_0_FIRST_SCHOOL + MUNICIPALITIES * SCHOOLS };
#define COMPETENCIES    6
#define TASKS           6
#define INSTRUMENTS     2
#define PROCEDURES_MOST 12
#define PROGRAMMES_MOST 24
#define PERSONS_MOST    24
#define SITTINGS_MOST   4
#define RUNS_MOST       48

#define STEPS_KEPT      4                   /* of a route, that the story looks after */

struct story_step { struct uuid programme, enrolment, alternative, completion; int state; };
struct story_sitting {
    struct uuid id, person; uint32_t procedure; day_t day; bool open, scored, handed_in; uint32_t steps;
    int route_state; uint32_t step_count; struct story_step step[STEPS_KEPT];   /* as routes told it last */
};
struct story_person {
    uint32_t number, family;
    uint32_t school;                        /* of the main post: 0 … SCHOOLS - 1 */
    day_t from;
    bool known, has_part, moved, tutor;
    bool learning;                          /* a route with steps is agreed */
    struct uuid id, part_post;
    struct story_sitting sitting[SITTINGS_MOST];
    uint32_t sittings;
    uint32_t learned;                       /* acts of his enrolments by hand: three for each */
};
struct story_programme { bool known, included; struct uuid id; day_t changed; };
struct story_run { bool known; };
struct story_procedure { bool known; uint32_t owner; day_t opens, closes; };
struct story {
    uint32_t setup;                         /* the centre: steps done */
    struct story_procedure procedure[PROCEDURES_MOST];
    struct story_programme programme[PROGRAMMES_MOST];
    struct story_run run[RUNS_MOST];
    uint32_t procedures, programmes, titles, runs, rows;
    struct uuid passport;                   /* the newest version; nil: none */
    uint32_t stage;
    struct story_person person[PERSONS_MOST];
    uint32_t persons;
    bool busy;                              /* the centre's set-up step waits for its answer … */
    uint32_t step_sent;                     /* … to this command */
    struct registry *registry;              /* the registrar's own */
};

enum { WORKER_MAIN, WORKER_PART, WORKER_MOVE, WORKER_NAME };
#define SUBJECT(number, what)   ((uint32_t)(number) | (uint32_t)(what) << 16)
#define SUBJECT_NUMBER(subject) ((subject) & 0xffff)
#define SUBJECT_WHAT(subject)   ((subject) >> 16)

extern const struct uuid REGION;
struct uuid story_org(uint32_t org);        /* ids that everybody knows beforehand */
struct uuid story_id(const char *what, uint32_t number);
day_t story_today(const struct client *client);
struct principal story_who(const struct client *client, int role);
struct uuid answered_id(struct client *client, const struct sent *sent);       /* of a `registered` */
const struct story *centre_of(const struct client *client);

void centre_act(struct client *client);
void centre_told(struct client *client, struct sent *sent);
/* ── story_town.c: rows are entered at the node ── */
void clerk_act(struct client *client);
void clerk_told(struct client *client, struct sent *sent);
/* ── story_office.c: the passport ── */
void office_act(struct client *client);
void office_told(struct client *client, struct sent *sent);
bool centre_ready(const struct client *client);     /* what the others need is there */
void people_act(struct client *client);
void people_told(struct client *client, struct sent *sent);
/* The worker himself, or a console that acts for him. */
struct principal person_self(struct client *client, const struct story_person *person);
/* ── story_routes.c ── */
void person_learns(struct client *client, struct story_person *person);
void person_completes(struct client *client, struct story_person *person);
void person_supported(struct client *client, struct story_person *person);
void route_move(struct client *client, struct story_person *person, uint32_t sitting);
void routes_act(struct client *client, struct story_person *person);
void steps_told(struct story_person *person, const struct route_list *routes);
void steps_act(struct client *client, struct story_person *person);
void tutors_act(struct client *client, struct story_person *person);

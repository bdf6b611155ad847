#pragma once
#include "proto/profile.h"
#include "proto/roles.h"
#include "proto/routes.h"
#include "tests/service/source.h"

/* programmes_rig: programmes driven by hand; what roster and routes say is written by the test.
 *
 * The region: an institute, an academy, and a municipality with two schools. Person 50 teaches in SCHOOL since
 * 2020, part-time in OTHER_SCHOOL; 51 has had a post until 2022; 52 to 59 teach in SCHOOL, 60 in OTHER_SCHOOL.
 * Midnight of 15 March 2024, in UTC. Each test ends with the journal whole and the state as it gives it. */
struct rig {
    struct toy_time time;
    char *dir;
    struct machine *machine;
    struct arena arena;
    struct source roster, routes;
    struct principal institute, school_institute;   /* the whole region; the institute alone */
    unsigned commands;
};

#define ID(n) ((struct uuid){ { [15] = (n) } })
enum { REGION = 1, INSTITUTE, ACADEMY, MUNICIPALITY, SCHOOL, OTHER_SCHOOL };

int  rig_set_up(void **state);
int  rig_tear_down(void **state);
day_t date(const char *text);
struct outcome rig_send(struct rig *rig, const struct principal *who, const char *method, const struct msg_desc *takes, const void *body);
/* By the institute; "" when it was done. */
const char *rig_reason(struct rig *rig, const char *method, const struct msg_desc *takes, const void *body);
/* The value of an argument of the refusal, "" when there is none. */
const char *rig_arg(struct rig *rig, const struct outcome *outcome, const char *name);
struct programme programme_like(uint8_t id, int kind, uint64_t hours);
void rig_register(struct rig *rig, uint8_t id, int kind, uint64_t hours);
/* A run of the programme; places 0: no limit. */
void rig_run(struct rig *rig, uint8_t id, uint8_t programme, const char *day, uint64_t places);
/* An enrolment by the institute, with the id given; history. */
void rig_enrol(struct rig *rig, uint8_t id, uint8_t run, uint8_t person, const char *day);
struct enrolment_row rig_enrolment(struct rig *rig, const struct uuid *id);
/* Entries of that event in the journal; `last`, when not NULL, gets the body of the last one. */
unsigned rig_events(struct rig *rig, const char *event, const struct msg_desc *desc, void *last);
/* What routes says, taken at once. */
void rig_choose(struct rig *rig, uint8_t route, uint64_t step, uint8_t programme, uint8_t person);
void rig_say(struct rig *rig, const char *event, const struct msg_desc *desc, const void *body);
void rig_fire(struct rig *rig);             /* all that is due */

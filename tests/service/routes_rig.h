#pragma once
#include "tests/service/workbench.h"

/* routes_rig: what the tests of routes say again and again: commands about routes and their steps, and what the
 * registry of programmes would have written about enrolments and documents. */
#define allowed(b, got)         do { struct outcome got_ = (got); assert_reason(b, got_, ""); } while (0)
#define refused(b, got, reason) do { struct outcome got_ = (got); assert_reason(b, got_, reason); } while (0)
struct principal rig_centre(void);
struct principal rig_tutor(void);                   /* of town A */
struct principal rig_worker(const struct uuid *person);
struct uuid rig_route_of(const struct uuid *sitting);
struct route rig_route(struct bench *bench, const struct uuid *route);
struct step_now rig_step(struct bench *bench, const struct uuid *route, uint64_t step);
/* A sitting of the person, its route drafted. */
struct uuid rig_drafted(struct bench *bench, const struct uuid *person, unsigned right);
/* Programmes 1 (method, 36 h), 2 (digital, 40 h), 3 (method too, 72 h: the alternative of 1), and ANNA's route over 1 and 2. */
struct uuid rig_two_steps(struct bench *bench);
struct uuid rig_agreed(struct bench *bench);        /* the same, and agreed with her tutor */
struct outcome rig_move(struct bench *bench, struct principal who, const char *method, const struct uuid *route);
struct outcome rig_record_agreement(struct bench *bench, const struct uuid *route, day_t day);
struct outcome rig_end(struct bench *bench, struct principal who, const struct uuid *route, const char *reason);
struct outcome rig_choose(struct bench *bench, struct principal who, const struct uuid *route, uint64_t step, uint8_t programme);
struct outcome rig_submit(struct bench *bench, struct principal who, const struct uuid *route, uint64_t step, const char *evidence);
struct outcome rig_accept(struct bench *bench, struct principal who, const struct uuid *route, uint64_t step);
struct outcome rig_return(struct bench *bench, struct principal who, const struct uuid *route, uint64_t step, const char *comment);
/* Entries of the event in the journal of routes. */
unsigned rig_count(struct bench *bench, const char *event);

/* What programmes says; followed at once. `route` may be NULL, `step` 0. `number` tells facts apart. */
struct uuid rig_fact(uint8_t number);
void rig_enrolled(struct bench *bench, uint8_t number, uint8_t programme, const struct uuid *person, day_t day,
                  const struct uuid *route, uint64_t step);
void rig_declined(struct bench *bench, uint8_t programme, const struct uuid *person, const struct uuid *route, uint64_t step, int reason);
void rig_left(struct bench *bench, uint8_t number, uint8_t programme, const struct uuid *person);
void rig_completed(struct bench *bench, uint8_t number, uint8_t programme, const struct uuid *person, day_t day,
                   const struct uuid *route, uint64_t step);
void rig_completed_enrolled(struct bench *bench, uint8_t number, uint8_t programme, const struct uuid *person, day_t day, uint8_t enrolment);

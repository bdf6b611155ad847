#pragma once
#include "tests/unit/toy.h"

#include "proto/roster.h"
#include "proto/roster_merge.h"

/* roster_rig: roster driven in one process: a small region of two municipalities, three schools (S1 and S2
 * in the north, S3 in the south), two employers. It begins at noon of 2022-09-15. */
extern const struct uuid REGION;

struct rig {
    char *dir, key[200], profile[500];
    struct toy_time time;
    struct machine *machine;
    struct arena arena;
    unsigned commands;
    struct principal centre;
    struct uuid north, south, school1, school2, school3;
};

int rig_set_up(void **state);
int rig_tear_down(void **state);
void rig_open(struct rig *rig);
void rig_check(struct rig *rig);            /* the journal is whole, and the state is its fold */

day_t day(const char *text);                /* NULL: 0 */
struct principal reaching(int role, const struct uuid *unit);
struct worker_record anna(void);            /* teaches in S1 since 2020-09-01 */
struct worker_record boris(void);           /* its head since 2010-08-01 */
struct worker_record anna_again(void);      /* she, as S3 has entered her: another code, no SNILS, a slip in the day of birth */

struct outcome rig_send_as(struct rig *rig, const struct principal *who, const char *method,
                           const struct msg_desc *takes, const void *body);
struct outcome rig_send(struct rig *rig, const char *method, const struct msg_desc *takes, const void *body);
/* The reason of the refusal, "" when it was done. Without _as: by the centre, here and below. */
const char *rig_reason_as(struct rig *rig, const struct principal *who, const char *method,
                          const struct msg_desc *takes, const void *body);
const char *rig_reason(struct rig *rig, const char *method, const struct msg_desc *takes, const void *body);
/* It has to be refused: all that is said of it. */
struct problem rig_problem_as(struct rig *rig, const struct principal *who, const char *method,
                              const struct msg_desc *takes, const void *body);
/* It has to be done, and replies with `registered`: the id of what was made. */
struct uuid rig_made_as(struct rig *rig, const struct principal *who, const char *method,
                        const struct msg_desc *takes, const void *body);
struct uuid rig_made(struct rig *rig, const char *method, const struct msg_desc *takes, const void *body);
struct uuid rig_organise(struct rig *rig, const char *code, int kind, const struct uuid *parent);
struct worker_recorded rig_record(struct rig *rig, struct worker_record row);
struct problem rig_refused(struct rig *rig, const struct principal *who, struct worker_record row);
const char *arg(const struct problem *problem, const char *name);
struct population rig_population(struct rig *rig, const struct uuid *unit, const char *on);
struct uuid rig_find(struct rig *rig, const struct principal *who, const char *method, const char *code);
/* Names of the entries after `since`, joined by spaces; with `scoped`, only those a follower of it sees. */
char *rig_entries_after(struct rig *rig, uint64_t since, const struct uuid *scoped);
/* A query of the centre that has to be answered. */
void rig_ask(struct rig *rig, const char *method, const struct msg_desc *takes, const void *body, const struct msg_desc *gives, void *answer);
/* Two records made one, and that undone: "", or the reason of the refusal. */
const char *rig_merge_as(struct rig *rig, const struct principal *who, const struct uuid *kept, const struct uuid *gone);
const char *rig_merge(struct rig *rig, const struct uuid *kept, const struct uuid *gone);
const char *rig_unmerge(struct rig *rig, const struct uuid *gone);
void rig_clock(struct rig *rig, day_t to);      /* goes on to the first moment of that day, there; nothing happens yet */
void rig_idle(struct rig *rig);                 /* what is due happens */
/* The clock goes on to the beginning of that day, and what is due by then happens. */
void rig_pass(struct rig *rig, const char *until);

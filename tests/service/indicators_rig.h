#pragma once
#include "tests/service/source.h"
#include "tests/unit/check.h"

#include "proto/indicators.h"
#include "proto/programmes.h"
#include "proto/roles.h"
#include "proto/roster.h"
#include "proto/routes.h"

/* indicators_rig: the service under test, and the journals that it follows, said entry by entry.
 *
 * world  what the other services would have written: entries wait in a journal each until feed_all() or source_feed();
 *        everything lives in its arena, which its test frees
 * rig    the machine, with a clock that stands at 15 June 2024; rig_close() gives back all of it */
enum { STREAM_ROSTER, STREAM_DIAGNOSTICS, STREAM_ROUTES, STREAM_PROGRAMMES, STREAMS };
struct world { struct arena arena; struct source source[STREAMS]; };
struct rig { struct toy_time time; char *dir; struct machine *machine; struct arena arena; };

extern struct uuid region;      /* of the profile of Tomsk; rig_region(), once, before the first test */
void rig_region(void);
struct uuid id_of(const char *kind, uint32_t n);
day_t date(const char *text);   /* NULL: 0, no day */

/* Schools stand two to a municipality: 0 and 1 in 0, 2 and 3 in 1. Everything else is known by its number. */
void chain_of(uint32_t school, struct uuid chain[3]);
#define CHAIN(event, school) \
    struct uuid chain_[3]; chain_of((school), chain_); (event).chain.n = 3; (event).chain.at = chain_
#define SHORT_COURSE 7          /* the programme of under 16 hours */
void world_start(struct world *w);
/* A region by the dice: people who come, move, lead and leave, and what they do. */
void world_by_dice(struct world *w, uint64_t seed, uint32_t persons, uint32_t schools);
void say_units(struct world *w, uint32_t schools);
void say_merged(struct world *w, uint32_t kept, uint32_t gone);
void say_unmerged(struct world *w, uint32_t kept, uint32_t gone);
void say_person(struct world *w, uint32_t n, const char *event, day_t young_from, day_t young_until);
void say_post(struct world *w, uint32_t n, uint32_t person, uint32_t school, int kind, day_t from, day_t until);
void say_closed(struct world *w, uint32_t n, uint32_t person, day_t until);
void say_sitting(struct world *w, uint32_t n, uint32_t person, uint32_t school, int owner, day_t day);
void say_route(struct world *w, uint32_t n, uint32_t person, uint32_t school, int owner, uint32_t programme, day_t day, bool agreed);
void say_support(struct world *w, uint32_t n, uint32_t person, uint32_t school, day_t day);
void say_programme(struct world *w, uint32_t n, int kind, int provider_kind);
void say_included(struct world *w, uint32_t programme, day_t day);
void say_excluded(struct world *w, uint32_t programme, day_t day);
void say_run(struct world *w, uint32_t n, uint32_t programme, day_t day);
void say_enrolled(struct world *w, uint32_t n, uint32_t person, uint32_t school, uint32_t programme, uint32_t route, day_t day);
void say_done(struct world *w, uint32_t n, uint32_t person, uint32_t school, uint32_t programme, uint32_t route, bool federal,
              const char *topic, day_t day);
void say_appointed(struct world *w, uint32_t person, uint32_t school, int kind, day_t day);
void say_released(struct world *w, uint32_t person, uint32_t school, int kind, day_t day);
void say_assigned(struct world *w, uint32_t charge, uint32_t school, uint32_t tutor, int kind, day_t day, bool over);

/* profile: a file; NULL: the one of Tomsk. Opens a closed machine again over the same store. */
void rig_open(struct rig *rig, const char *profile);
void rig_close(struct rig *rig);
const char *rich_profile(struct rig *rig);      /* tests/service/indicators.yaml: every kind of count */
void feed_all(struct rig *rig, struct world *w);
struct outcome ask_values(struct rig *rig, const struct principal *who, const struct values_of *of);
struct value value_of(struct rig *rig, const char *act, const char *code, uint64_t year, struct uuid unit);
struct recount recount_of(struct rig *rig);

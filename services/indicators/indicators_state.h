#pragma once
#include "common/service/service.h"
#include "services/indicators/counting.h"

/* indicators: what the files of this service share. The service is a projection: no commands, no events of
 * its own; all its tables are copies and can be thrown away and followed again.
 *
 * Order      records are a pure function of the entries, in whatever order the streams come; counters are
 *            a pure function of the records, kept by the difference that each entry makes.
 *
 * Refusals   out_of_reach            the unit lies outside of what the principal may see
 *            indicator_unknown       arg indicator: no such code in the profile
 *            unit_unknown            arg unit
 *            year_unknown            arg year: outside of the profile's years
 *            page_unknown            `after` is not of this list
 *            counting_changed        the profile counts otherwise than the counters; they are made again
 *                                    with the next entry that is followed */
enum {
    T_UNITS = TABLE_OWN,    /* organisation → organisation */
    T_UNITS_BY,             /* level u8, code text, organisation → nothing: for lists */
    T_WORKERS,              /* person → worker record (records.h) */
    T_TEAMS,                /* organisation → persons that ever held a leader's post there, ascending */
    T_PROGRAMMES,           /* programme → programme record */
    T_COUNTERS,             /* unit → u64 numerator, u64 denominator for each cell (indicator × year); none: all zero */
    T_COUNTED,              /* u8 0 → rules.says that the counters were made by */
};

/* struct service.configure: config is a struct rules. */
int indicators_configure(const char *profile_file, struct arena *arena, const void **config, int *zone_minutes, char says[400]);
enum level level_of_kind(int org_kind);

/* ── state.c: records and counters ── */
/* What an entry does to one person's record. The teams that the person leads in are counted along when the
 * fact can matter to them; FACT_NONE: posts. */
typedef void worker_edit(struct worker *worker, const void *event, struct arena *arena);
void worker_change(struct ctx *ctx, const struct uuid *person, int fact, worker_edit *edit, const void *event);
typedef void programme_edit(struct programme_record *programme, const void *event, struct arena *arena);
void programme_change(struct ctx *ctx, const struct uuid *id, programme_edit *edit, const void *event);
void unit_put(struct ctx *ctx, const struct organisation *unit);

bool counters_current(struct ctx *ctx);         /* made by the profile as it is now */
/* Both sides of all cells of a unit; false (and zeroes) when there is nothing. */
bool counters_get(struct ctx *ctx, const struct uuid *unit, uint64_t (*cell)[SIDES]);

/* ── recount.c: everything again from the records, in memory ── */
uint64_t records_tally(struct ctx *ctx, struct tally *tally);               /* how many records */
uint64_t counters_compare(struct ctx *ctx, const struct tally *tally, uint64_t *differences);  /* how many counters */
/* The profile may have changed since the counters were made: then they are made again, once. At start, and
 * before an entry is counted. */
void counters_ready(struct ctx *ctx);
void counters_remake(struct ctx *ctx);          /* project only */
/* The team of an organisation with its members' records, `swap` standing for that person's stored one. */
bool team_load(struct ctx *ctx, const struct uuid *organisation, struct arena *arena, const struct uuid *swapped,
               const struct worker *swap, struct team_record *team);

/* ── follows.c ── */
void follow_organisation(struct ctx *ctx, const void *event);
void follow_person(struct ctx *ctx, const void *event);
void follow_post_opened(struct ctx *ctx, const void *event);
void follow_post_closed(struct ctx *ctx, const void *event);
void follow_sitting(struct ctx *ctx, const void *event);
void follow_route_drafted(struct ctx *ctx, const void *event);
void follow_route_agreed(struct ctx *ctx, const void *event);
void follow_support(struct ctx *ctx, const void *event);
void follow_programme(struct ctx *ctx, const void *event);
void follow_included(struct ctx *ctx, const void *event);
void follow_run(struct ctx *ctx, const void *event);
void follow_completion(struct ctx *ctx, const void *event);

/* ── queries.c ── */
enum verdict answer_values(struct ctx *ctx, const void *query);
enum verdict answer_catalogue(struct ctx *ctx, const void *query);
enum verdict answer_recount(struct ctx *ctx, const void *query);

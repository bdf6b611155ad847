#pragma once
#include "common/service/service.h"
#include "services/indicators/counting.h"

/* indicators: what the files of this service share. What is counted is a projection: copies that can be
 * thrown away and followed again. What persons judge is the service's own journal.
 *
 * Order      records are a pure function of the entries, in whatever order the streams come; counters are
 *            a pure function of the records, kept by the difference that each entry makes.
 *
 * Refusals   out_of_reach            the unit lies outside of what the principal may see
 *            indicator_unknown       arg indicator: no such code in the profile
 *            act_needed              arg indicator: two acts have this code, say which
 *            unit_unknown            arg unit
 *            year_unknown            arg year: outside of the profile's years
 *            year_to_come            a year that has not begun cannot be judged
 *            side_not_counted        this side or line of the indicator counts nothing
 *            page_unknown            `after` is not of this list
 *            counting_changed        the profile counts otherwise than the counters; they are made again
 *                                    with the next entry that is followed
 *            indicator_not_judged    arg indicator: it is counted, nobody's word changes it
 *            grade_not_asked         arg indicator: yes or no, there is no scale
 *            grade_not_said          arg indicator: there is a scale
 *            document_empty          a judgement rests on documents, each with its name
 *            day_not_allowed         the day lies in the future or too far back */
enum {
    T_UNITS = TABLE_OWN,    /* organisation → organisation */
    T_UNITS_BY,             /* level u8, code text, organisation → nothing: for lists */
    T_WORKERS,              /* person → worker record (records.h) */
    T_TEAMS,                /* organisation → persons that ever held a leader's post there, ascending */
    T_PROGRAMMES,           /* programme → programme record */
    T_TUTORS,               /* person that was ever appointed, or assigned a charge → nothing */
    T_COUNTERS,             /* unit, or tutor → its cells (column × year) that are not zero; none: all zero */
    T_APART,                /* person who is one of several records of one → his own; T_WORKERS then has the whole under the kept one */
    T_INTO,                 /* person that was merged → the kept one */
    T_MERGED,               /* the kept one, a merged one → nothing */
    T_COUNTED,              /* u8 0 → rules.says that the counters were made by */
    T_JUDGEMENTS,           /* number of the entry u64 → judgement */
    T_JUDGED,               /* act, indicator, year → number of the newest u64 */
};

/* struct service.configure: config is a struct rules. */
int indicators_configure(const char *profile_file, struct arena *arena, const void **config, int *zone_minutes, char says[400]);
enum level level_of_kind(int org_kind);

/* ── state.c: records ── */
/* What an entry does to one person's record. The teams that the person leads in are counted along when the
 * fact can matter to them; FACT_NONE: posts. */
typedef void worker_edit(struct worker *worker, const void *event, struct arena *arena);
void worker_change(struct ctx *ctx, const struct uuid *person, int fact, worker_edit *edit, const void *event);
typedef void programme_edit(struct programme_record *programme, const void *event, struct arena *arena);
void programme_change(struct ctx *ctx, const struct uuid *id, programme_edit *edit, const void *event);
void programme_load(struct ctx *ctx, const struct uuid *id, struct programme_record *programme);
void unit_put(struct ctx *ctx, const struct organisation *unit);
void tutor_note(struct ctx *ctx, const struct uuid *tutor);
/* ── merged.c ── */
/* The record that counts for him (himself, where he was not merged), and whether he is one of several. */
bool merged_head(struct ctx *ctx, const struct uuid *person, struct uuid *head);
void worker_recount(struct ctx *ctx, const struct uuid *person, const struct worker *is, bool teams);      /* state.c */
void worker_apart_change(struct ctx *ctx, const struct uuid *person, const struct uuid *head, int fact, worker_edit *edit, const void *event);
void follow_merged(struct ctx *ctx, const void *event);
void follow_unmerged(struct ctx *ctx, const void *event);
/* ── teams.c ── */
void worker_load(struct ctx *ctx, struct bytes key, struct worker *worker, struct arena *arena);
void teams_of(const struct worker *worker, struct place *organisations, struct arena *arena);  /* that he ever led in */
/* Counts the person as a member of teams; `swap` stands for that person's stored record. */
void member_count(struct ctx *ctx, const struct rules *rules, const struct worker *worker, struct arena *arena,
                  const struct uuid *swapped, const struct worker *swap, struct marks *marks);

/* The team of an organisation with its members' records, `swap` standing for that person's stored one. */
bool team_load(struct ctx *ctx, const struct uuid *organisation, struct arena *arena, const struct uuid *swapped,
               const struct worker *swap, struct team_record *team);

/* ── counters.c ── */
/* All cells of a unit; false (and zeroes) when there is nothing. */
bool counters_get(struct ctx *ctx, const struct uuid *unit, uint64_t *cell);
void counters_move(struct ctx *ctx, const struct tally *tally);             /* by the differences */

/* ── recount.c: everything again from the records, in memory ── */
bool counters_current(struct ctx *ctx);         /* made by the profile as it is now */
uint64_t records_tally(struct ctx *ctx, struct tally *tally);               /* how many records */
uint64_t counters_compare(struct ctx *ctx, const struct tally *tally, uint64_t *differences);  /* how many counters */
/* The profile may have changed since the counters were made: then they are made again, once. At start, and
 * before an entry is counted. */
void counters_ready(struct ctx *ctx);

/* ── asked.c: what a query or a command names ── */
bool unit_find(struct ctx *ctx, const struct uuid *id, struct organisation *unit);
bool indicator_find(const struct profile *profile, const char *act, const char *code, uint32_t *at, const char **fault);
enum verdict refuse_indicator(struct ctx *ctx, const char *fault, const char *code);
enum verdict refuse_year(struct ctx *ctx, uint64_t year, const char *reason);
enum verdict refuse_unit(struct ctx *ctx, const struct uuid *unit);

/* ── figures.c: what a value is made of ── */
/* All values of one unit in one pass: counters once, tutors once for all units, when a figure asks for them. */
struct figures {
    struct ctx *ctx; const struct rules *rules;
    const struct organisation *unit;
    uint64_t *cell;                         /* of the unit */
    const struct tutors *tutors;            /* NULL: not asked for yet */
    bool any;                               /* the unit has a row of counters */
};
void figures_start(struct figures *figures, struct ctx *ctx);
void figures_of(struct figures *figures, const struct organisation *unit);
/* False: nobody and nothing counts there (and it is not the region's own). */
bool figures_value(struct figures *figures, uint32_t indicator, uint32_t year, struct value *value);

/* ── judgements.c ── */
bool judgement_newest(struct ctx *ctx, const struct indicator *indicator, uint64_t year, struct judgement *judgement);
enum verdict decide_judgement(struct ctx *ctx, const void *command);
void apply_judgement(struct ctx *ctx, const void *event);
enum verdict answer_judgements(struct ctx *ctx, const void *query);

/* ── follows.c ── */
void follow_organisation(struct ctx *ctx, const void *event);
void follow_person(struct ctx *ctx, const void *event);
void follow_post_opened(struct ctx *ctx, const void *event);
void follow_post_closed(struct ctx *ctx, const void *event);
void follow_sitting(struct ctx *ctx, const void *event);
void follow_route_drafted(struct ctx *ctx, const void *event);
void follow_route_agreed(struct ctx *ctx, const void *event);
void follow_support(struct ctx *ctx, const void *event);
void follow_tutor_appointed(struct ctx *ctx, const void *event);
void follow_tutor_released(struct ctx *ctx, const void *event);
void follow_tutor_assigned(struct ctx *ctx, const void *event);
void follow_tutor_unassigned(struct ctx *ctx, const void *event);
void follow_programme(struct ctx *ctx, const void *event);
void follow_included(struct ctx *ctx, const void *event);
void follow_excluded(struct ctx *ctx, const void *event);
void follow_run(struct ctx *ctx, const void *event);
void follow_enrolment(struct ctx *ctx, const void *event);
void follow_completion(struct ctx *ctx, const void *event);

/* ── queries.c, subjects.c ── */
enum verdict answer_values(struct ctx *ctx, const void *query);
enum verdict answer_catalogue(struct ctx *ctx, const void *query);
enum verdict answer_recount(struct ctx *ctx, const void *query);
enum verdict answer_subjects(struct ctx *ctx, const void *query);

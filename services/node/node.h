#pragma once
#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "proto/node.h"
#include "proto/profile.h"
#include "proto/roles.h"
#include "proto/roster_intake.h"
#include "services/shared/places.h"
#include "services/shared/staff_rules.h"

/* node: what its files share and nobody else includes (the command line and tests: take.h). main.c is the table of
 * contents.
 *
 * Queue      items in the order of their entries (`number`), each for one service of the region. Per service they are
 *            sent in that order, chained (service/chain.h); an item waits for the answers to all earlier items of other
 *            services, and carries their positions, so that what it rests on has been taken in before it.
 * Privacy    personal fields are sealed to roster's intake key before a command of this service sees them, and decide
 *            refuses a body that says something of a person openly. Codes of persons are kept under the node's own key
 *            (keys/rows.key), which lies apart from the store, as are the keyed hashes called marks.
 *
 * Reasons of refusal, and their args:
 *   node_full {used_mb, cap_mb}    unavailable: nothing more is taken in until the region has answered or the cap is raised
 *   copy_closed                    conflict: this copy was taken over; use the live one
 *   method_not_taken               the node does not take such commands
 *   personal_in_clear (field)      a row has to be sealed before it is entered
 *   person_unknown                 nobody of this code, neither here nor at the region
 *   file_moved_on {line}           conflict: another step has taken this piece of the list
 *   item_unknown, lane_differs     of answers and lanes that are not this copy's
 *   and those of the rows themselves: services/shared/staff_rules.h, fact_rules.h */

enum {
    T_ITEMS = PLACES_END,   /* u8 service, u64 number → node_item_row */
    T_IDS,                  /* item → u8 service, u64 number */
    T_WAITING,              /* u8 service, u64 number → nothing */
    T_REFUSED,              /* u64 number → u8 service */
    T_CONFLICTS,            /* u64 number → u8 service */
    T_ROWS,                 /* row_key → row_mark, item: what that row said last, while it waits or was accepted */
    T_CODES,                /* code_mark → person */
    T_FILES,                /* file → node_file, while it is under way */
    T_COUNTS,               /* u8 method → node_counts */
    T_COPY,                 /* u8 0 → node_copy_row */
    T_POSITIONS,            /* u8 service → node_position_row */
    T_UNIT_CODES,           /* copies from here on: text code of an organisation → organisation */
    T_PERSONS,              /* person → nothing: within the scope now */
    T_PROGRAMMES,           /* programme → programme */
    T_PROGRAMME_CODES,      /* text code → programme */
    T_FEDERAL,              /* programme, u32 day → u8: in the federal registry from that day on, or out of it */
    T_FRAMEWORKS,           /* framework → framework */
    T_PROCEDURES,           /* procedure → procedure */
    T_ROUTES,               /* route → route: the drafted one with the state of its steps */
    T_ENROLMENTS,           /* enrolment → enrolment */
    T_INTAKE,               /* u8 0 → intake_turned: the newest key that roster has told */
    T_END,
};

/* ── settings ── */
/* node.yaml, beside the region's profile. */
#define NODE_SETTINGS_FIELDS(X, S)                                                                  \
    X(S, STR,  name,         _, 1,  60,  REQUIRED) /* of the key at the region */                   \
    X(S, UUID, municipality, _, 0,  0,   REQUIRED)                                                  \
    X(S, STR,  title,        _, 1,  300, REQUIRED)                                                  \
    X(S, STR,  intake,       _, 64, 64,  REQUIRED) /* roster's intake key, hexadecimal, as it was when the node was made … */ \
    X(S, U64,  generation,   _, 0,  INT64_MAX, OPTIONAL) /* … and which one that was; newer ones come with roster's journal */
MSG_DECLARE(node_settings, NODE_SETTINGS_FIELDS)
struct sentences;
struct node_config {
    const struct profile *profile;
    struct staff_posts posts;
    struct node_settings settings;
    uint8_t intake[32];
    const char *sentences;                  /* file of the catalogue for reports; NULL: none was found */
};
int node_configure(const char *file, struct arena *arena, const void **config, int *zone_minutes, char says[400]);
static inline const struct node_config *node_config(const struct ctx *ctx) { return ctx->config; }

/* ── methods.c: what the node takes for the region ── */
/* Kept in keys of tables: only ever added to, or state_version changes. */
enum node_service { NODE_ROSTER, NODE_ROUTES, NODE_PROGRAMMES, NODE_DIAGNOSTICS, NODE_SERVICES };
extern const char *const NODE_SERVICE[NODE_SERVICES];
#define NODE_METHODS_MAX 16
struct node_method {
    const char *name;
    enum node_service service;
    const struct msg_desc *takes;
    long person;                            /* offset of the person in the message; -1: names none */
    bool sealed;                            /* personal fields, which have to be sealed */
    /* The rules that can be told here. OK, or the fault. */
    bool (*check)(struct ctx *ctx, const void *body, struct staff_fault *fault);
};
extern const struct node_method NODE_METHOD[];
extern const uint32_t NODE_METHOD_COUNT;
int node_method_find(const char *name);     /* -1: none */
/* The body, decoded, that may be queued: refuses with what is wrong. `waits`: the person is still to be found out. */
enum verdict node_body_check(struct ctx *ctx, const struct node_enter *enter, int *method);
/* The whole of an open staff row, before it is sealed: the same rules as roster's decide. */
bool node_staff_check(struct ctx *ctx, const struct worker_record *row, struct staff_fault *fault);

/* ── state.c ── */
#define NODE_ITEM_ROW_FIELDS(X, S)                                                                  \
    X(S, UUID, item,      _,               0, 0,         REQUIRED)                                  \
    X(S, U64,  method,    _,               0, NODE_METHODS_MAX, REQUIRED)                           \
    X(S, ENUM, state,     node_item_state, 0, 0,         REQUIRED)                                  \
    X(S, BOOL, unsure,    _,               0, 0,         OPTIONAL) /* `person` is still to be found out */ \
    X(S, BOOL, aside,     _,               0, 0,         OPTIONAL) /* refused without a verdict there: no link of the chain */ \
    X(S, BOOL, conflict,  _,               0, 0,         OPTIONAL)                                  \
    X(S, U64,  completed, _,               0, INT64_MAX, OPTIONAL) /* number of the entry */        \
    X(S, U64,  answered,  _,               0, INT64_MAX, OPTIONAL)                                  \
    X(S, BIN,  row_key,   _,               0, NODE_MARK, OPTIONAL) /* while it waits, as the next */ \
    X(S, BIN,  code_mark, _,               0, NODE_MARK, OPTIONAL)
MSG_DECLARE(node_item_row, NODE_ITEM_ROW_FIELDS)
#define NODE_COUNTS_FIELDS(X, S)                                                                    \
    X(S, U64, queued,    _, 0, INT64_MAX, REQUIRED)                                                 \
    X(S, U64, accepted,  _, 0, INT64_MAX, REQUIRED)                                                 \
    X(S, U64, refused,   _, 0, INT64_MAX, REQUIRED)                                                 \
    X(S, U64, conflicts, _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(node_counts, NODE_COUNTS_FIELDS)
/* Of its last answer; and, where that is of another incarnation than the answers before, how far those have to be asked
 * for again: 0 when all have been. */
#define NODE_POSITION_ROW_FIELDS(X, S)                                                              \
    X(S, UUID, journal,     _, 0, 0,         REQUIRED)                                              \
    X(S, UUID, incarnation, _, 0, 0,         REQUIRED)                                              \
    X(S, U64,  number,      _, 0, INT64_MAX, REQUIRED)                                              \
    X(S, U64,  reached,     _, 0, INT64_MAX, REQUIRED) /* the highest number of an item that it has answered */ \
    X(S, U64,  again_until, _, 0, INT64_MAX, OPTIONAL)
MSG_DECLARE(node_position_row, NODE_POSITION_ROW_FIELDS)
#define NODE_COPY_ROW_FIELDS(X, S)                                                                  \
    X(S, UUID,   lane,        _,               0, 0,  REQUIRED)                                     \
    X(S, UUID,   incarnation, _,               0, 0,  REQUIRED)                                     \
    X(S, ENUM,   state,       node_copy_state, 0, 0,  REQUIRED)                                     \
    X(S, MOMENT, since,       _,               0, 0,  REQUIRED)                                     \
    X(S, STR,    told_by,     _,               0, 40, OPTIONAL)
MSG_DECLARE(node_copy_row, NODE_COPY_ROW_FIELDS)

struct node_place { int service; uint64_t number; };
bool item_find(struct ctx *ctx, const struct uuid *item, struct node_place *place, struct node_item_row *row);
bool item_get(struct ctx *ctx, struct node_place place, struct node_item_row *row);
void item_put(struct ctx *ctx, struct node_place place, const struct node_item_row *row);
struct key item_key(struct node_place place);
/* The entry of an item: what was queued, and the body as it goes out. False: not readable (the transaction fails). */
bool item_queued(struct ctx *ctx, uint64_t number, struct node_queued *queued, moment_t *moment);
struct bytes item_body(struct ctx *ctx, const struct node_item_row *row, const struct node_queued *queued);
bool item_answer(struct ctx *ctx, const struct node_item_row *row, struct node_answered *answered, moment_t *moment);
/* The link of the chain before an item; nil: it is the first. */
struct uuid item_previous(struct ctx *ctx, struct node_place place);
/* The first waiting item of a service from a number on; 0: none. */
uint64_t waiting_first(struct ctx *ctx, int service, uint64_t from);
uint64_t waiting_last(struct ctx *ctx, int service);
uint64_t item_first(struct ctx *ctx, int service);          /* of any state; 0: none */
uint64_t item_last(struct ctx *ctx, int service);
struct node_counts counts_get(struct ctx *ctx, uint32_t method);
void counts_put(struct ctx *ctx, uint32_t method, const struct node_counts *counts);
uint64_t counts_waiting(struct ctx *ctx, int service);      /* -1: of all */
bool copy_get(struct ctx *ctx, struct node_copy_row *copy);
bool position_get(struct ctx *ctx, int service, struct node_position_row *position);
bool code_person(struct ctx *ctx, struct bytes mark, struct uuid *person);
bool file_get_row(struct ctx *ctx, const struct uuid *file, struct node_file *row);
bool copy_unit_by_code(struct ctx *ctx, const char *code, struct uuid *id);
bool catalogue_by_code(struct ctx *ctx, const char *code, struct uuid *id);
/* What personal fields are sealed to now: the newer one of the settings' key and roster's last. Gives its generation. */
uint64_t intake_now(struct ctx *ctx, uint8_t key[32]);

/* ── commands.c ── */
enum verdict decide_item_enter(struct ctx *ctx, const void *command);
enum verdict decide_rows_enter(struct ctx *ctx, const void *command);
enum verdict decide_file_close(struct ctx *ctx, const void *command);
enum verdict decide_items_complete(struct ctx *ctx, const void *command);
enum verdict decide_items_answer(struct ctx *ctx, const void *command);
enum verdict decide_lane_open(struct ctx *ctx, const void *command);
enum verdict decide_copy_hold(struct ctx *ctx, const void *command);
enum verdict decide_copy_release(struct ctx *ctx, const void *command);
/* ── events.c ── */
void apply_item_queued(struct ctx *ctx, const void *event);
void apply_item_completed(struct ctx *ctx, const void *event);
void apply_item_answered(struct ctx *ctx, const void *event);
void apply_item_conflicted(struct ctx *ctx, const void *event);
void apply_file_taken(struct ctx *ctx, const void *event);
void apply_file_closed(struct ctx *ctx, const void *event);
void apply_lane_opened(struct ctx *ctx, const void *event);
void apply_copy_held(struct ctx *ctx, const void *event);
void apply_copy_released(struct ctx *ctx, const void *event);
/* ── follows.c: the read copies ── */
void take_organisation(struct ctx *ctx, const void *event);
void take_post_opened(struct ctx *ctx, const void *event);
void take_handed_over(struct ctx *ctx, const void *event);
void take_withdrawn(struct ctx *ctx, const void *event);
void take_intake_turned(struct ctx *ctx, const void *event);
void take_programme(struct ctx *ctx, const void *event);
void take_included(struct ctx *ctx, const void *event);
void take_excluded(struct ctx *ctx, const void *event);
void take_framework(struct ctx *ctx, const void *event);
void take_procedure(struct ctx *ctx, const void *event);
void take_enrolment(struct ctx *ctx, const void *event);
void take_enrolment_ended(struct ctx *ctx, const void *event);
void take_route_drafted(struct ctx *ctx, const void *event);
void take_route_agreed(struct ctx *ctx, const void *event);
void take_route_activated(struct ctx *ctx, const void *event);
void take_route_closed(struct ctx *ctx, const void *event);
void take_route_ended(struct ctx *ctx, const void *event);
void take_route_overdue(struct ctx *ctx, const void *event);
void take_step_chosen(struct ctx *ctx, const void *event);
void take_step_enrolled(struct ctx *ctx, const void *event);
void take_step_declined(struct ctx *ctx, const void *event);
void take_step_submitted(struct ctx *ctx, const void *event);
void take_step_returned(struct ctx *ctx, const void *event);
void take_step_accepted(struct ctx *ctx, const void *event);
/* ── queries.c, queries_copies.c ── */
enum verdict query_status(struct ctx *ctx, const void *query);
enum verdict query_intake(struct ctx *ctx, const void *query);
enum verdict query_items(struct ctx *ctx, const void *query);
enum verdict query_letters(struct ctx *ctx, const void *query);
enum verdict query_persons(struct ctx *ctx, const void *query);
enum verdict query_programmes(struct ctx *ctx, const void *query);
enum verdict query_frameworks(struct ctx *ctx, const void *query);
enum verdict query_procedures(struct ctx *ctx, const void *query);
enum verdict query_enrolments(struct ctx *ctx, const void *query);
enum verdict query_routes(struct ctx *ctx, const void *query);

/* ── link.c: what the sender knows and the store does not; volatile, for the screen ── */
struct link_now {
    enum node_link_state state;
    moment_t since, heard;
    moment_t asked;                         /* since when an answer is waited for; 0: none is */
    uint32_t on_the_way;
    char reason[61];
};
/* Of the process's machines, by their address: a test runs several. Any thread. */
void link_note(const void *machine, int service, const struct link_now *now);
void link_read(const void *machine, struct link_now now[NODE_SERVICES]);
void link_forget(const void *machine);

/* ── the errands: sender.h, intake.h ── */
struct errand;
uint32_t sender_step(struct errand *errand);
void sender_end(struct errand *errand);
uint32_t intake_step(struct errand *errand);
void intake_end(struct errand *errand);

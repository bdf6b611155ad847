#pragma once
#include "common/service/service.h"
#include "proto/roster.h"
#include "services/roster/people/populations.h"

/* state: roster's tables and the records in them. All are STATE: made by apply of the own journal.
 *
 * Threads    as ctx->txn allows. Lifetime: records live in ctx->arena. */
enum {
    T_ORGANISATIONS = TABLE_OWN,    /* organisation → organisation */
    T_ORGANISATION_CODES,           /* code (text) → organisation */
    T_PERSONS,                      /* person → person_state */
    T_MATCH_CODES,                  /* keyed hash of a code → person; a person may have several codes */
    T_MATCH_SNILS,                  /* keyed hash of the SNILS → person */
    T_MATCH_NAMES,                  /* keyed hash of name and birth (also of parts of it: match.c), person → nothing */
    T_BANDS,                        /* person → person_bands */
    T_POSTS,                        /* post → post_opened, `until` kept up to date */
    T_PERSON_POSTS,                 /* person, post → nothing */
    T_UNIT_POSTS,                   /* unit, person, post → post_brief; each unit of the chain */
    T_UNIT_STATES,                  /* unit → unit_state (units.h) */
    T_UNIT_DEPENDENTS,              /* unit, another → nothing; the other stands or stood under it, or it is its heir */
    T_UNIT_CHANGES,                 /* unit, day, entry → organisation_changed */
    T_UNIT_FOLLOWED,                /* unit → the last person who has followed it to where it is now */
    T_LISTINGS,                     /* entry of a register → listing (registers.h) */
    T_REGISTER_LISTINGS,            /* register, entry → brief: stage, first day, last day */
    T_UNIT_LISTINGS,                /* unit, register, entry → brief; each unit of the chain */
    T_MEMBER_LISTINGS,              /* member, register, entry → brief */
    T_DOCUMENTS,                    /* document → document (documents.h) */
    T_DOCUMENT_NUMBERS,             /* issuer, number and day, hashed → document */
    T_DOCUMENT_DAYS,                /* its day, document → nothing */
    T_DOCUMENT_EDITIONS,            /* first edition, edition's number, document → nothing */
    T_DOCUMENT_SENDINGS,            /* document, organisation → document_sent */
    T_UNIT_SENDINGS,                /* organisation, day, document → nothing */
    T_PARTS,                        /* part → part (duties.h) */
    T_ENTRY_PARTS,                  /* entry, who, part → nothing */
    T_DUTIES,                       /* duty → duty */
    T_ENTRY_DUTIES,                 /* entry, last day, duty → nothing */
    T_PERSON_CODES,                 /* person, keyed hash of a code → nothing: which codes are his */
    T_ERASED,                       /* person → person_erased */
    T_BLOCKS,                       /* person → person_blocked */
    T_CONSENTS,                     /* person, purpose, day given → consent */
    T_REVIEWS,                      /* review → review (reviews.h) */
    T_UNIT_REVIEWS,                 /* unit, direction, review → outcome; each unit of the chain */
    T_SUBJECT_REVIEWS,              /* subject, direction, review → nothing */
    T_ASSIGNMENTS,                  /* assignment → assignment */
    T_REVIEW_ASSIGNMENTS,           /* review, assignment → nothing */
    T_EXPERT_ASSIGNMENTS,           /* expert, assignment → nothing */
    T_EXPERTS,                      /* person → expert_standing */
    T_TIES,                         /* person, whom to → tie */
    T_CALLS,                        /* call → call (calls.h) */
    T_REGISTER_CALLS,               /* register, call → nothing */
    T_APPLICATIONS,                 /* entry → application */
    T_CALL_APPLICATIONS,            /* call, entry → nothing */
    T_TRAININGS,                    /* training → training: outside of the region's programmes (trainings.h) */
    T_PERSON_TRAININGS,             /* person, training → nothing */
    T_TRAINED,                      /* person, day, completion → trained: what programmes have documented, a copy */
    T_BOOKINGS,                     /* booking → booking (bookings.h) */
    T_ENTRY_BOOKINGS,               /* entry, last day, booking → nothing */
    T_VACANCIES,                    /* vacancy → vacancy (staffing.h) */
    T_UNIT_VACANCIES,               /* unit, vacant since, vacancy → nothing; each unit of the chain */
    T_MERGES,                       /* person that was merged → person_merged (merge.h) */
    T_MERGED_INTO,                  /* person that was kept, the merged one → nothing */
    T_DOUBTS,                       /* doubt → doubt (doubts.h) */
    T_DOUBT_ROWS,                   /* keyed hash of its row → doubt */
    T_UNIT_DOUBTS,                  /* unit, doubt → nothing; each unit of the chain */
    T_DECISIONS,                    /* keyed hash of a row → person; nil: somebody new */
    T_PERSON_DECISIONS,             /* person, keyed hash of a row → nothing */
    T_INTAKE,                       /* u64 generation → intake_turned (intake.h) */
    T_END,
};
#define ROSTER_TABLES                                                                           \
    { "organisations", TABLE_STATE }, { "organisation_codes", TABLE_STATE },                     \
    { "persons", TABLE_STATE },       { "match_codes", TABLE_STATE },                            \
    { "match_snils", TABLE_STATE },   { "match_names", TABLE_STATE },                            \
    { "bands", TABLE_STATE },         { "posts", TABLE_STATE },                                  \
    { "person_posts", TABLE_STATE },  { "unit_posts", TABLE_STATE },                            \
    { "unit_states", TABLE_STATE },   { "unit_dependents", TABLE_STATE },                       \
    { "unit_changes", TABLE_STATE },  { "unit_followed", TABLE_STATE },                         \
    { "listings", TABLE_STATE },      { "register_listings", TABLE_STATE },                      \
    { "unit_listings", TABLE_STATE }, { "member_listings", TABLE_STATE },                        \
    { "documents", TABLE_STATE },     { "document_numbers", TABLE_STATE },                       \
    { "document_days", TABLE_STATE }, { "document_editions", TABLE_STATE },                      \
    { "document_sendings", TABLE_STATE }, { "unit_sendings", TABLE_STATE },                     \
    { "parts", TABLE_STATE },         { "entry_parts", TABLE_STATE },                            \
    { "duties", TABLE_STATE },        { "entry_duties", TABLE_STATE },                            \
    { "person_codes", TABLE_STATE },  { "erased", TABLE_STATE },                                 \
    { "blocks", TABLE_STATE },        { "consents", TABLE_STATE },                               \
    { "reviews", TABLE_STATE },       { "unit_reviews", TABLE_STATE },                           \
    { "subject_reviews", TABLE_STATE }, { "assignments", TABLE_STATE },                          \
    { "review_assignments", TABLE_STATE }, { "expert_assignments", TABLE_STATE },                \
    { "experts", TABLE_STATE },       { "ties", TABLE_STATE },                                   \
    { "calls", TABLE_STATE },         { "register_calls", TABLE_STATE },                         \
    { "applications", TABLE_STATE },  { "call_applications", TABLE_STATE },                   \
    { "trainings", TABLE_STATE },     { "person_trainings", TABLE_STATE },                       \
    { "trained", TABLE_COPY },                                                                   \
    { "bookings", TABLE_STATE },      { "entry_bookings", TABLE_STATE },                         \
    { "vacancies", TABLE_STATE },     { "unit_vacancies", TABLE_STATE },                     \
    { "merges", TABLE_STATE },        { "merged_into", TABLE_STATE },                           \
    { "doubts", TABLE_STATE },        { "doubt_rows", TABLE_STATE },                             \
    { "unit_doubts", TABLE_STATE },   { "decisions", TABLE_STATE },                              \
    { "person_decisions", TABLE_STATE }, { "intake", TABLE_STATE }

#define POSTS_MAX     64                        /* of one person in a lifetime; as handed_over can carry */
#define SCOPE_IDS_MAX (ENTRY_SCOPES_MAX - 1)    /* beside the person */

/* What is kept of a person. scope: the ids above him, as last told to the followers. Of one who was erased no more
 * than the scope (and his bands): the others are empty. */
#define PERSON_STATE_FIELDS(X, S)                                                               \
    X(S, BIN,   sealed,      _, 0,  2000,          REQUIRED)                                     \
    X(S, BIN,   match_snils, _, 0,  32,            OPTIONAL)                                     \
    X(S, BIN,   match_name,  _, 0,  32,            REQUIRED)                                     \
    X(S, BIN,   match_full,  _, 0,  32,            OPTIONAL)                                     \
    X(S, BIN,   match_given, _, 0,  32,            OPTIONAL)                                     \
    X(S, UUIDS, scope,       _, 0,  SCOPE_IDS_MAX, OPTIONAL)                                     \
    X(S, UUID,  into,        _, 0,  0,             OPTIONAL) /* whose record this one is merged into */
MSG_DECLARE(person_state, PERSON_STATE_FIELDS)
/* Apart from it, since counting asks for everybody's. told: the day on which he was first told of here. */
#define PERSON_BANDS_FIELDS(X, S)                                                               \
    X(S, DAY,  told,  _,         0, 0,              OPTIONAL)                                    \
    X(S, LIST, spans, band_span, 0, BAND_SPANS_MAX, OPTIONAL)
MSG_DECLARE(person_bands, PERSON_BANDS_FIELDS)

/* An index whose value is one id. */
bool state_id(struct ctx *ctx, table_t table, const struct key *key, struct uuid *id);
bool state_organisation(struct ctx *ctx, const struct uuid *id, struct organisation *organisation);
bool state_organisation_code(struct ctx *ctx, const char *code, struct uuid *id);
void state_organisation_put(struct ctx *ctx, const struct organisation *organisation);

bool state_person(struct ctx *ctx, const struct uuid *id, struct person_state *person);
void state_person_put(struct ctx *ctx, const struct uuid *id, const struct person_state *person);

/* The hash tables: `hash` is 32 bytes. */
bool state_match(struct ctx *ctx, table_t table, const void *hash, struct uuid *person);
void state_match_put(struct ctx *ctx, table_t table, const void *hash, const struct uuid *person);
void state_match_drop(struct ctx *ctx, table_t table, const void *hash, const struct uuid *person);
/* The same for a code, which is found from its person as well. */
void state_code_put(struct ctx *ctx, const void *hash, const struct uuid *person);
/* All persons of a name and birth; at most `max`, and whether there are more. */
uint32_t state_namesakes(struct ctx *ctx, const void *hash, struct uuid *persons, uint32_t max, bool *more);
void state_name_put(struct ctx *ctx, const void *hash, const struct uuid *person);
void state_name_drop(struct ctx *ctx, const void *hash, const struct uuid *person);
/* All that the record is found by of its name. */
void state_names_put(struct ctx *ctx, const struct uuid *person, const struct person_state *state);
void state_names_drop(struct ctx *ctx, const struct uuid *person, const struct person_state *state);

bool state_bands(struct ctx *ctx, const struct uuid *person, struct person_bands *bands);      /* false: there are none */
void state_bands_put(struct ctx *ctx, const struct uuid *person, const struct person_bands *bands);
bool state_young(struct ctx *ctx, const struct uuid *person, day_t day);

bool state_post(struct ctx *ctx, const struct uuid *id, struct post_opened *post);
void state_post_put(struct ctx *ctx, const struct post_opened *post);
uint32_t state_posts_of(struct ctx *ctx, const struct uuid *person, struct post_opened *posts, uint32_t max);

/* Walks over T_UNIT_POSTS: reads a key and a value back. False: not such a row (the transaction fails). */
struct unit_post { struct uuid unit, person, post; struct post_brief brief; };
bool state_unit_post(struct ctx *ctx, struct bytes key, struct bytes value, struct unit_post *row);

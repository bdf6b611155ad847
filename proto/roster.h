#pragma once
#include "proto/roster_life.h"

/* roster: organisations, persons, posts, leadership teams, populations (R1–R3, R8, R9).
 * Personal fields stand in worker_record and person_card only, and in events only sealed. */

#define ORG_KINDS(X)                                                                        \
    X(ORG_REGION, "region")                 X(ORG_AUTHORITY, "authority")                   \
    X(ORG_MUNICIPALITY, "municipality")     X(ORG_MUNICIPAL_AUTHORITY, "municipal_authority") \
    X(ORG_INSTITUTE, "institute")           X(ORG_CENTRE, "centre")                         \
    X(ORG_METHOD_SERVICE, "methodological_service")                                         \
    X(ORG_SCHOOL, "school")                 X(ORG_KINDERGARTEN, "kindergarten")             \
    X(ORG_FURTHER, "further_education")     X(ORG_COLLEGE, "college")                       \
    X(ORG_UNIVERSITY, "university")         X(ORG_BRANCH, "branch")                         \
    X(ORG_UNIT, "unit")                     X(ORG_NETWORK_SERVICE, "networked_service")     \
    X(ORG_QUANTORIUM, "quantorium")         X(ORG_IT_CUBE, "it_cube")                       \
    X(ORG_GROWTH_POINT, "growth_point")     X(ORG_UMO, "umo")                               \
    X(ORG_COUNCIL, "council")
ENUM_DECLARE(org_kind, ORG_KINDS)

/* What a post makes of its holder; the profile says which title is which. */
#define POST_KINDS(X)                                                                       \
    X(POST_OTHER, "other")                  X(POST_EDUCATOR, "educator")                    \
    X(POST_HEAD, "head")                    X(POST_DEPUTY, "deputy")                        \
    X(POST_UNIT_HEAD, "unit_head")                                                          \
    /* Who stands on no staff list, each a kind of his own: never a main post, never counted as staff (R2). */ \
    X(POST_STUDENT, "student")              /* на стадии профессионального обучения */      \
    X(POST_GIFTED, "gifted")                /* одарённая педагогическая молодёжь */         \
    X(POST_GUEST, "guest")                  /* learner or intern of another region */
ENUM_DECLARE(post_kind, POST_KINDS)

#define CHAIN_MAX 6         /* ids above a subject: organisation, municipality, region … */

/* ── organisations: the territory tree ── */
#define ORGANISATION_REGISTER_FIELDS(X, S)                                                  \
    X(S, UUID, id,     _,        0, 0,   OPTIONAL) /* nil: a new one */                      \
    X(S, STR,  code,   _,        1, 40,  REQUIRED) /* the region's own number of it, unique */ \
    X(S, ENUM, kind,   org_kind, 0, 0,   REQUIRED)                                           \
    X(S, STR,  title,  _,        1, 300, REQUIRED)                                           \
    X(S, UUID, parent, _,        0, 0,   OPTIONAL) /* nil: only for the region */            \
    X(S, DAY,  opened, _,        0, 0,   OPTIONAL)
MSG_DECLARE(organisation_register, ORGANISATION_REGISTER_FIELDS)
#define ORGANISATION_FIELDS(X, S)                                                           \
    X(S, UUID,  id,     _,        0, 0,         REQUIRED)                                    \
    X(S, STR,   code,   _,        1, 40,        REQUIRED)                                    \
    X(S, ENUM,  kind,   org_kind, 0, 0,         REQUIRED)                                    \
    X(S, STR,   title,  _,        1, 300,       REQUIRED)                                    \
    X(S, UUIDS, chain,  _,        1, CHAIN_MAX, REQUIRED) /* itself first, the region last */ \
    X(S, DAY,   opened, _,        0, 0,         OPTIONAL)                                    \
    X(S, DAY,   closed, _,        0, 0,         OPTIONAL) /* the first day on which it is no more */ \
    X(S, UUID,  heir,   _,        0, 0,         OPTIONAL) /* what goes on in its place (roster_tree.h) */ \
    X(S, UUID,  founder, _,       0, 0,         OPTIONAL) /* nil: that of what it stands under */
MSG_DECLARE(organisation, ORGANISATION_FIELDS)      /* event roster.organisation.registered (public), and a row of lists */
#define REGISTERED_FIELDS(X, S) X(S, UUID, id, _, 0, 0, REQUIRED)
MSG_DECLARE(registered, REGISTERED_FIELDS)          /* the reply of every command that makes one thing */

/* ── a row of a staff list ── */
/* Either the fields about the person stand open (code, family, given, born are needed then), or all of them are in
 * `sealed`: an encoded worker_person, sealed by intake_seal() to the key that roster.intake.get gives. */
#define WORKER_RECORD_FIELDS(X, S)                                                          \
    X(S, STR,  code,           _, 1, 40,  OPTIONAL) /* the person's number in the list's own system */ \
    X(S, STR,  family,         _, 1, 80,  OPTIONAL)                                          \
    X(S, STR,  given,          _, 1, 80,  OPTIONAL)                                          \
    X(S, STR,  patronymic,     _, 0, 80,  OPTIONAL)                                          \
    X(S, STR,  born,           _, 8, 40,  OPTIONAL) /* 1961-03-15, 15.03.1961 or in words (services/shared/civil.h): days begin in 1970, births do not */ \
    X(S, STR,  snils,          _, 0, 20,  OPTIONAL) /* 112-233-445 95, or digits alone */    \
    X(S, STR,  organisation,   _, 1, 40,  REQUIRED) /* its code */                           \
    X(S, STR,  post,           _, 1, 120, REQUIRED) /* title, as the profile lists them */   \
    X(S, STR,  subject,        _, 0, 120, OPTIONAL)                                          \
    X(S, BOOL, part_time,      _, 0, 0,   OPTIONAL) /* совместительство: not the main post */ \
    X(S, DAY,  teaching_since, _, 0, 0,   OPTIONAL) /* first teaching post */                \
    X(S, DAY,  from,           _, 0, 0,   REQUIRED)                                          \
    X(S, DAY,  until,          _, 0, 0,   OPTIONAL) /* last day in post */                   \
    X(S, BIN,  sealed,         _, 0, 2000, OPTIONAL)                                         \
    X(S, BIN,  ground,         _, 0, 32,  OPTIONAL) /* of roster.list.check: do what was shown, or refuse */ \
    X(S, STR,  rate,           _, 0, 10,  OPTIONAL) /* ставка: 1, 0,5 or 1.25 */             \
    X(S, STR,  matching,       _, 0, 20,  OPTIONAL) /* education matches the subject taught: да or нет */ \
    X(S, DAY,  working_since,  _, 0, 0,   OPTIONAL) /* first day of work at all */           \
    X(S, STR,  education,      _, 0, 200, OPTIONAL) /* высшее педагогическое, среднее профессиональное (непедагогическое) … */ \
    X(S, DAY,  pedagogical_since, _, 0, 0, OPTIONAL) /* of the document on it, also on retraining */
MSG_DECLARE(worker_record, WORKER_RECORD_FIELDS)
#define WORKER_PERSON_FIELDS(X, S)                                                          \
    X(S, STR,  code,           _, 1, 40,  REQUIRED)                                          \
    X(S, STR,  family,         _, 1, 80,  REQUIRED)                                          \
    X(S, STR,  given,          _, 1, 80,  REQUIRED)                                          \
    X(S, STR,  patronymic,     _, 0, 80,  OPTIONAL)                                          \
    X(S, STR,  born,           _, 8, 40,  REQUIRED)                                          \
    X(S, STR,  snils,          _, 0, 20,  OPTIONAL)                                          \
    X(S, DAY,  teaching_since, _, 0, 0,   OPTIONAL)                                          \
    X(S, DAY,  working_since,  _, 0, 0,   OPTIONAL)                                          \
    X(S, STR,  education,      _, 0, 200, OPTIONAL)                                          \
    X(S, DAY,  pedagogical_since, _, 0, 0, OPTIONAL)
MSG_DECLARE(worker_person, WORKER_PERSON_FIELDS)
#define INTAKE_KEY_FIELDS(X, S)                                                             \
    X(S, BIN, key,        _, 32, 32,        REQUIRED)                                       \
    X(S, U64, generation, _, 0,  INT64_MAX, OPTIONAL) /* how often it was turned before */
MSG_DECLARE(intake_key, INTAKE_KEY_FIELDS)          /* roster.intake.get: public, for sealing */
#define WORKER_RECORDED_FIELDS(X, S)                                                        \
    X(S, UUID, person,     _, 0, 0, REQUIRED)                                                \
    X(S, UUID, post,       _, 0, 0, REQUIRED)                                                \
    X(S, BOOL, new_person, _, 0, 0, OPTIONAL)                                                \
    X(S, BOOL, new_post,   _, 0, 0, OPTIONAL)                                                \
    X(S, BOOL, changed,    _, 0, 0, OPTIONAL) /* of what was known; all three false: nothing was new */
MSG_DECLARE(worker_recorded, WORKER_RECORDED_FIELDS)

/* What is sealed with the person's key. */
#define PERSON_CARD_FIELDS(X, S)                                                            \
    X(S, STR,  code,           _, 1, 40,  REQUIRED)                                          \
    X(S, STR,  family,         _, 1, 80,  REQUIRED)                                          \
    X(S, STR,  given,          _, 1, 80,  REQUIRED)                                          \
    X(S, STR,  patronymic,     _, 0, 80,  OPTIONAL)                                          \
    X(S, STR,  born,           _, 10, 10, REQUIRED) /* 1961-03-15 */                         \
    X(S, STR,  snils,          _, 0, 11,  OPTIONAL)                                          \
    X(S, DAY,  teaching_since, _, 0, 0,   OPTIONAL)                                          \
    X(S, DAY,  working_since,  _, 0, 0,   OPTIONAL)                                          \
    X(S, ENUM, education,      education_level, 0, 0, OPTIONAL)                              \
    X(S, ENUM, pedagogical,    yes_no, 0, 0, OPTIONAL)                                         \
    X(S, DAY,  pedagogical_since, _, 0, 0, OPTIONAL)
MSG_DECLARE(person_card, PERSON_CARD_FIELDS)

/* roster.person.registered and roster.person.changed. match_*: vault_match() of code, SNILS, name and
 * birth date. bands: all there are (roster_life.h). told: the day on which he was first told of here. */
#define PERSON_REGISTERED_FIELDS(X, S)                                                      \
    X(S, UUID, person,      _, 0,  0,    REQUIRED)                                           \
    X(S, BIN,  sealed,      _, 1,  2000, REQUIRED)                                           \
    X(S, BIN,  match_code,  _, 32, 32,   REQUIRED)                                           \
    X(S, BIN,  match_snils, _, 0,  32,   OPTIONAL)                                           \
    X(S, BIN,  match_name,  _, 32, 32,   REQUIRED)                                           \
    X(S, BIN,  match_full,  _, 0,  32,   OPTIONAL) /* of the whole name: who may be the same with a slip in the birth */ \
    X(S, BIN,  match_given, _, 0,  32,   OPTIONAL) /* of given name, patronymic and birth: with another family name */ \
    X(S, LIST, bands,       band_span, 0, BAND_SPANS_MAX, OPTIONAL)                          \
    X(S, DAY,  told,        _, 0,  0,    OPTIONAL)                                           \
    X(S, BIN,  decided,     _, 0,  32,   OPTIONAL) /* registered since a person had decided so of that row (roster_doubts.h) */
MSG_DECLARE(person_registered, PERSON_REGISTERED_FIELDS)
#define POST_OPENED_FIELDS(X, S)                                                            \
    X(S, UUID,  post,         _,         0, 0,         REQUIRED)                             \
    X(S, UUID,  person,       _,         0, 0,         REQUIRED)                             \
    X(S, UUIDS, chain,        _,         1, CHAIN_MAX, REQUIRED) /* organisation first */    \
    X(S, ENUM,  organisation_kind, org_kind, 0, 0,     REQUIRED)                             \
    X(S, ENUM,  kind,         post_kind, 0, 0,         REQUIRED)                             \
    X(S, STR,   title,        _,         1, 120,       REQUIRED)                             \
    X(S, STR,   subject,      _,         0, 120,       OPTIONAL)                             \
    X(S, BOOL,  main,         _,         0, 0,         OPTIONAL)                             \
    X(S, DAY,   from,         _,         0, 0,         REQUIRED)                             \
    X(S, DAY,   until,        _,         0, 0,         OPTIONAL)                             \
    X(S, DAY,   began,        _,         0, 0,         OPTIONAL) /* it goes on from a post begun then, after a reorganisation */ \
    X(S, MOMENT, over_at,     _,         0, 0,         OPTIONAL) /* in the event: as in post_closed */ \
    X(S, U64,   rate,         _,         0, 1000,      OPTIONAL) /* hundredths of a full post; 0: not said */ \
    X(S, ENUM,  matching,     yes_no,      0, 0,         OPTIONAL) /* the holder's education matches the subject */
MSG_DECLARE(post_opened, POST_OPENED_FIELDS)        /* roster.post.opened; a known post again: its present state */
#define POST_CLOSED_FIELDS(X, S)                                                            \
    X(S, UUID,   post,    _, 0, 0, REQUIRED)                                                 \
    X(S, UUID,   person,  _, 0, 0, REQUIRED)                                                 \
    X(S, DAY,    until,   _, 0, 0, REQUIRED) /* last day in post */                          \
    X(S, MOMENT, over_at, _, 0, 0, OPTIONAL) /* the first moment after a last day yet to come; 0: it is past, or none */
MSG_DECLARE(post_closed, POST_CLOSED_FIELDS)        /* roster.post.closed */
#define POST_CLOSE_FIELDS(X, S)                                                             \
    X(S, UUID, post,  _, 0, 0, REQUIRED)                                                     \
    X(S, DAY,  until, _, 0, 0, REQUIRED)
MSG_DECLARE(post_close, POST_CLOSE_FIELDS)

/* When a person's main post moves to another organisation, or a post ends by its date, the scopes above
 * change hands. handed_over (scope: the new ones) carries the present state; withdrawn (scope: the old ones)
 * says only whom. */
#define PERSON_HANDED_OVER_FIELDS(X, S)                                                     \
    X(S, UUID,  person,      _, 0, 0,         REQUIRED)                                      \
    X(S, UUIDS, chain,       _, 1, CHAIN_MAX, REQUIRED)                                      \
    X(S, LIST,  bands,       band_span, 0, BAND_SPANS_MAX, OPTIONAL)                         \
    X(S, LIST,  posts,       post_opened, 0, 64, OPTIONAL)
MSG_DECLARE(person_handed_over, PERSON_HANDED_OVER_FIELDS)   /* roster.person.handed_over */
#define PERSON_WITHDRAWN_FIELDS(X, S)                                                       \
    X(S, UUID,  person, _, 0, 0, REQUIRED)
MSG_DECLARE(person_withdrawn, PERSON_WITHDRAWN_FIELDS)       /* roster.person.withdrawn */

/* ── personal data read: a command, since each reading is an entry ── */
#define PERSON_READ_FIELDS(X, S)                                                            \
    X(S, UUID, person,  _, 0, 0,   REQUIRED)                                                 \
    X(S, STR,  purpose, _, 3, 200, REQUIRED)
MSG_DECLARE(person_read, PERSON_READ_FIELDS)
#define PERSON_WAS_READ_FIELDS(X, S)                                                        \
    X(S, UUID, person,  _, 0, 0,   REQUIRED)                                                 \
    X(S, STRS, fields,  _, 1, 16,  REQUIRED)                                                 \
    X(S, STR,  purpose, _, 3, 200, REQUIRED)
MSG_DECLARE(person_was_read, PERSON_WAS_READ_FIELDS)

/* ── queries ── */
#define CODES_FIELDS(X, S)      X(S, STRS, codes, _, 1, 256, REQUIRED)
MSG_DECLARE(codes, CODES_FIELDS)                    /* roster.person.find, roster.organisation.find */
#define FOUND_FIELDS(X, S)      X(S, UUIDS, ids, _, 0, 256, OPTIONAL) /* nil where there is none */
MSG_DECLARE(found, FOUND_FIELDS)
#define PAGE_FIELDS(X, S)                                                                   \
    X(S, BIN, after, _, 0, 511,  OPTIONAL) /* `next` of the page before */                   \
    X(S, U64, limit, _, 0, 1000, OPTIONAL) /* 0: 100 */
MSG_DECLARE(page, PAGE_FIELDS)
#define ORGANISATION_LIST_FIELDS(X, S)                                                      \
    X(S, LIST, rows, organisation, 0, 1000, OPTIONAL)                                        \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)  /* empty: this was the last page */
MSG_DECLARE(organisation_list, ORGANISATION_LIST_FIELDS)
/* Who of them: what is asked of a post is asked of one held on the day, and all of the same. */
#define WORKER_FILTER_FIELDS(X, S)                                                          \
    X(S, STR,  post,        _, 0, 120, OPTIONAL) /* a title, as the profile lists them, or a kind of posts: head, educator … */ \
    X(S, STR,  subject,     _, 0, 120, OPTIONAL)                                             \
    X(S, U64,  years_from,  _, 0, 100, OPTIONAL) /* whole years in the post by then: at least */ \
    X(S, U64,  years_under, _, 0, 100, OPTIONAL) /* and fewer than */                        \
    X(S, STR,  population,  _, 0, 40,  OPTIONAL) /* the post makes him one of it; its id in the profile */ \
    X(S, STR,  band,        _, 0, 40,  OPTIONAL) /* he is inside of it on the day; its id in the profile, or young */ \
    X(S, STR,  register_id, _, 0, 60,  OPTIONAL) /* who is in that register on the day */
#define WORKERS_OF_FIELDS(X, S)                                                             \
    X(S, UUID, unit,  _, 0, 0,    REQUIRED)                                                  \
    X(S, DAY,  on,    _, 0, 0,    OPTIONAL) /* 0: today */                                   \
    WORKER_FILTER_FIELDS(X, S)                                                               \
    X(S, BIN,  after, _, 0, 511,  OPTIONAL)                                                  \
    X(S, U64,  limit, _, 0, 1000, OPTIONAL)
MSG_DECLARE(workers_of, WORKERS_OF_FIELDS)
#define WORKER_LIST_FIELDS(X, S)                                                            \
    X(S, LIST, rows, post_opened, 0, 1000, OPTIONAL)                                         \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(worker_list, WORKER_LIST_FIELDS)
#define POPULATION_OF_FIELDS(X, S)                                                          \
    X(S, UUID, unit, _, 0, 0, REQUIRED)                                                      \
    X(S, DAY,  on,   _, 0, 0, REQUIRED)
MSG_DECLARE(population_of, POPULATION_OF_FIELDS)
#define POPULATION_FIELDS(X, S)                                                             \
    X(S, U64, workers,   _, 0, INT64_MAX, REQUIRED) /* distinct persons: educators or leaders */ \
    X(S, U64, educators, _, 0, INT64_MAX, REQUIRED)                                          \
    X(S, U64, leaders,   _, 0, INT64_MAX, REQUIRED)                                          \
    X(S, U64, young,     _, 0, INT64_MAX, REQUIRED)                                          \
    X(S, U64, teams,     _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(population, POPULATION_FIELDS)
#define TEAM_FIELDS(X, S)       X(S, LIST, members, post_opened, 0, 64, OPTIONAL)
MSG_DECLARE(team, TEAM_FIELDS)                      /* roster.team.get (population_of) */

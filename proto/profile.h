#pragma once
#include "proto/profile_expert.h"
#include "proto/profile_staffing.h"
#include "proto/profile_training.h"
#include "proto/profile_people.h"
#include "proto/profile_registers.h"
#include "proto/programmes.h"

/* profile: what its acts make of the system in one region: config/regions/NAME.yaml. Indicators are data; no name or
 * number of a region stands in code. */
#define PROFILE_REGION_FIELDS(X, S)                                                         \
    X(S, UUID, id,        _, 0, 0,   REQUIRED)                                               \
    X(S, STR,  title,     _, 1, 300, REQUIRED)                                               \
    X(S, STR,  time_zone, _, 6, 6,   REQUIRED) /* +07:00 */                                  \
    X(S, STR,  act,       _, 1, 300, REQUIRED) /* edition in force, as a heading */
MSG_DECLARE(profile_region, PROFILE_REGION_FIELDS)
/* An edition of an act. Several live in one region at once: each indicator names its own. */
#define ACT_EDITION_FIELDS(X, S)                                                            \
    X(S, STR, code,          _, 1, 8,   REQUIRED) /* U, S, C, K, T */                        \
    X(S, STR, title,         _, 1, 600, REQUIRED)                                            \
    X(S, STR, number,        _, 1, 80,  REQUIRED) /* "1233-р от 15.07.2021": names the edition beside a value */ \
    X(S, DAY, day,           _, 0, 0,   REQUIRED) /* of the act */                           \
    X(S, DAY, from,          _, 0, 0,   REQUIRED) /* in force */                             \
    X(S, DAY, until,         _, 0, 0,   OPTIONAL) /* last day in force; its targets bind no year that begins later */ \
    X(S, STR, clause_prefix, _, 0, 80,  OPTIONAL)
MSG_DECLARE(act_edition, ACT_EDITION_FIELDS)
#define PROFILE_POST_FIELDS(X, S)                                                           \
    X(S, STR,  title, _,         1, 120, REQUIRED)                                           \
    X(S, ENUM, kind,  post_kind, 0, 0,   REQUIRED)
MSG_DECLARE(profile_post, PROFILE_POST_FIELDS)
/* A file of posts that several regions share: config/posts.yaml. */
#define POST_LIST_FIELDS(X, S) X(S, LIST, posts, profile_post, 1, 400, REQUIRED)
MSG_DECLARE(post_list, POST_LIST_FIELDS)
#define PROFILE_YOUNG_FIELDS(X, S)                                                          \
    X(S, U64, under_years,  _, 1, 100, REQUIRED) /* до 35 лет: 35 is not */                  \
    X(S, U64, first_months, _, 1, 600, REQUIRED) /* первые 3 года работы: 36 */
MSG_DECLARE(profile_young, PROFILE_YOUNG_FIELDS)
#define PROFILE_ROUTES_FIELDS(X, S)                                                         \
    X(S, U64, agree_days, _, 0, 365, OPTIONAL) /* after the procedure ends; 0: the act sets no term */ \
    X(S, U64, back_days,  _, 0, 3660, REQUIRED) /* how far back a recorded day may lie */    \
    X(S, U64, tutor_most, _, 0, 10000, OPTIONAL) /* charges of one tutor; 0: no limit */     \
    X(S, U64, methodologist_least, _, 0, 10000, OPTIONAL)                                    \
    X(S, U64, methodologist_most,  _, 0, 10000, OPTIONAL)
MSG_DECLARE(profile_routes, PROFILE_ROUTES_FIELDS)
#define PROFILE_PASSPORT_FIELDS(X, S)                                                       \
    X(S, STR, title,    _, 1, 300, REQUIRED) /* паспорт ДППО, ДПП, ДПО: as the act names it */ \
    X(S, STR, operator, _, 1, 300, OPTIONAL) /* to whom it goes */
MSG_DECLARE(profile_passport, PROFILE_PASSPORT_FIELDS)
/* Full staff lists: one in which more than this share of the people known there is missing is stopped (a file cut short
 * looks like a dismissal of half the staff). */
#define PROFILE_VANISH_PERCENT 5        /* where the profile says nothing */
#define PROFILE_LISTS_FIELDS(X, S) X(S, U64, vanish_percent, _, 0, 100, REQUIRED)
MSG_DECLARE(profile_lists, PROFILE_LISTS_FIELDS)
/* How long backups of the vault are kept that lie in roster's own folder: whoever has one, the old key-encryption key and an old
 * backup of the store can read whom an act has erased since (Федеральный закон № 152-ФЗ, ст. 21 ч. 4–5: уничтожение в срок до 30 дней). */
#define PROFILE_VAULT_DAYS 30           /* where the profile says nothing */
#define PROFILE_PRIVACY_FIELDS(X, S) X(S, U64, vault_backup_days, _, 1, 3650, REQUIRED)
MSG_DECLARE(profile_privacy, PROFILE_PRIVACY_FIELDS)

/* ── what is counted ──────────────────────────────────────────────────────── */
#define SUBJECTS(X)                                                                         \
    X(SUBJECT_PERSON, "person")         X(SUBJECT_TEAM, "team") /* head and deputies of one organisation */ \
    X(SUBJECT_PROGRAMME, "programme")                                                       \
    X(SUBJECT_TEAM_MEMBER, "team_member") /* persons in teams that count */                 \
    X(SUBJECT_TUTOR, "tutor")           /* who has charges; in a corridor: the charges of each */
ENUM_DECLARE(subject, SUBJECTS)
#define FACTS(X)                                                                            \
    X(FACT_NONE, "none")                /* the population itself */                         \
    X(FACT_DIAGNOSED, "diagnosed")      X(FACT_ROUTE_AGREED, "route_agreed")                \
    X(FACT_COMPLETED, "completed")      X(FACT_SUPPORTED, "supported")                      \
    X(FACT_RUN, "run")                  X(FACT_INCLUDED, "included") /* of the programmes run in the span: included in it */ \
    X(FACT_LISTED, "listed")            /* of the programmes run in the span: in the federal registry on its last day */ \
    X(FACT_ENROLLED, "enrolled")        X(FACT_ASSIGNED, "assigned") /* a tutor or methodologist accompanies */
ENUM_DECLARE(fact, FACTS)
#define POPULATION_DAYS(X)                                                                  \
    X(ON_DATE, "date")                  /* 31 December of the year */                       \
    X(ON_FACT, "fact")                  /* the day of the fact */
ENUM_DECLARE(population_day, POPULATION_DAYS)
#define TEAM_RULES(X) X(TEAM_ALL, "all") X(TEAM_ANY, "any") X(TEAM_HEAD_AND_ONE, "head_and_one")
ENUM_DECLARE(team_rule, TEAM_RULES)
/* A further fact that the same person must have: of the same span, or of any time up to its end. */
#define ALSO_FIELDS(X, S)                                                                   \
    X(S, ENUM, fact,      fact, 0, 0,   REQUIRED)                                            \
    X(S, STRS, owners,    _,    0, 8,   OPTIONAL)                                            \
    X(S, STRS, providers, _,    0, 8,   OPTIONAL)                                            \
    X(S, STRS, tutors,    _,    0, 2,   OPTIONAL)                                            \
    X(S, BOOL, federal,   _,    0, 0,   OPTIONAL)                                            \
    X(S, BOOL, by_route,  _,    0, 0,   OPTIONAL)                                            \
    X(S, STR,  topic,     _,    0, 240, OPTIONAL)                                            \
    X(S, BOOL, ever,      _,    0, 0,   OPTIONAL)
MSG_DECLARE(also, ALSO_FIELDS)
/* One side of a share. Distinct subjects for which everything said here holds. */
#define COUNT_FIELDS(X, S)                                                                  \
    X(S, ENUM, subject,       subject,        0, 0,   REQUIRED)                              \
    X(S, STRS, posts,         _,              0, 8,   OPTIONAL) /* names of post_kind; persons: any of them; teams: members; tutors: of the charges */ \
    X(S, STRS, organisations, _,              0, 16,  OPTIONAL) /* names of org_kind where the post is; none: all */ \
    X(S, BOOL, young,         _,              0, 0,   OPTIONAL)                              \
    X(S, STRS, bands,         _,              0, 8,   OPTIONAL) /* of persons: inside all of them */ \
    X(S, ENUM, on,            population_day, 0, 0,   OPTIONAL)                              \
    X(S, ENUM, fact,          fact,           0, 0,   OPTIONAL)                              \
    X(S, STRS, owners,        _,              0, 8,   OPTIONAL) /* names of org_kind: of the owner of the procedure behind the fact */ \
    X(S, STRS, providers,     _,              0, 8,   OPTIONAL) /* names of org_kind: who teaches the programme */ \
    X(S, STRS, tutors,        _,              0, 2,   OPTIONAL) /* names of tutor_kind: assigned, tutors; none: both */ \
    X(S, BOOL, federal,       _,              0, 0,   OPTIONAL) /* in the federal registry on enrolment */ \
    X(S, BOOL, by_route,      _,              0, 0,   OPTIONAL) /* answers a step of a route that rests on a result */ \
    X(S, STR,  topic,         _,              0, 240, OPTIONAL)                              \
    X(S, ENUM, members,       team_rule,      0, 0,   OPTIONAL)                              \
    X(S, LIST, also,          also,           0, 4,   OPTIONAL)
MSG_DECLARE(count, COUNT_FIELDS)

/* ── what is planned ──────────────────────────────────────────────────────── */
#define TARGET_WHENS(X)                                                                     \
    X(WHEN_YEAR, "year")                X(WHEN_OPENING, "opening") /* the year in which the centre opened */ \
    X(WHEN_AFTER_OPENING, "after_opening")  X(WHEN_ANY, "any")                              \
    X(WHEN_FROM, "from")                /* «начиная с 2023 года»: that year and later */    \
    X(WHEN_BY, "by")                    /* «к 2024 году»: that year and later; before it: the plan ahead */
ENUM_DECLARE(target_when, TARGET_WHENS)
#define TARGET_OPS(X)                                                                       \
    X(OP_AT_LEAST, "at_least")          X(OP_AT_MOST, "at_most") X(OP_YES, "yes")           \
    X(OP_RISING, "rising")              /* положительная динамика: more than the year before */ \
    X(OP_DOCUMENT, "document")          /* the value stands in another document and is not known here */ \
    X(OP_JUDGEMENT, "judgement")        /* «выполнено»; with a value: of that grade at least */
ENUM_DECLARE(target_op, TARGET_OPS)
#define TARGET_FIELDS(X, S)                                                                 \
    X(S, ENUM, when,       target_when, 0, 0,       OPTIONAL)                                \
    X(S, U64,  year,       _,           0, 9999,    OPTIONAL) /* year, from, by */           \
    X(S, U64,  to,         _,           0, 9999,    OPTIONAL) /* from, by, any, after_opening: the last year; 0: none */ \
    X(S, ENUM, op,         target_op,   0, 0,       OPTIONAL)                                \
    X(S, U64,  value,      _,           0, 1000000, OPTIONAL) /* percent of a share, else units */ \
    X(S, BOOL, cumulative, _,           0, 0,       OPTIONAL) /* on distinct subjects since first_year, beside the yearly value */ \
    X(S, STR,  document,   _,           0, 600,     OPTIONAL) /* where the target stands, when in another document */
MSG_DECLARE(target, TARGET_FIELDS)

/* ── indicators ───────────────────────────────────────────────────────────── */
#define MEASURES(X)                                                                         \
    X(MEASURE_SHARE, "share")           X(MEASURE_COUNT, "count")                           \
    X(MEASURE_CORRIDOR, "corridor")     /* of each tutor: mean, least, greatest */          \
    X(MEASURE_YES_NO, "yes_no")         X(MEASURE_JUDGED, "judged") /* said by a person, with documents */
ENUM_DECLARE(measure, MEASURES)
#define ORIGINS(X)                                                                          \
    X(ORIGIN_MONITORING, "monitoring")  X(ORIGIN_STATISTICS, "statistics")                  \
    X(ORIGIN_FEDERAL, "federal_system") X(ORIGIN_SITE, "site") X(ORIGIN_DOCUMENTS, "documents")
ENUM_DECLARE(origin, ORIGINS)
/* Another reading of the same line, shown beside it and not judged. */
#define BESIDE_FIELDS(X, S)                                                                 \
    X(S, STR, title,       _,     1, 400, REQUIRED)                                          \
    X(S, MSG, numerator,   count, 0, 0,   REQUIRED)                                          \
    X(S, MSG, denominator, count, 0, 0,   OPTIONAL) /* none: a number */
MSG_DECLARE(beside, BESIDE_FIELDS)
#define BESIDE_MAX 2
/* The same indicator where its act prints it once more, in the words that stand there. */
#define ALSO_PRINTED_FIELDS(X, S)                                                           \
    X(S, STR, code,   _, 1, 20,   REQUIRED)                                                  \
    X(S, STR, title,  _, 1, 1200, REQUIRED)                                                  \
    X(S, STR, clause, _, 1, 200,  REQUIRED)
MSG_DECLARE(also_printed, ALSO_PRINTED_FIELDS)
#define INDICATOR_FIELDS(X, S)                                                              \
    X(S, STR,  act,          _,       1, 8,    REQUIRED) /* code of an edition */            \
    X(S, STR,  code,         _,       1, 20,   REQUIRED) /* unique within the act: as printed, or ours where it prints "-" */ \
    X(S, STR,  criterion,    _,       0, 1000, OPTIONAL)                                     \
    X(S, STR,  title,        _,       1, 1200, REQUIRED) /* the act's own words */           \
    X(S, LIST, also_printed, also_printed, 0, 4, OPTIONAL)                                   \
    X(S, STR,  unit,         _,       1, 80,   REQUIRED)                                     \
    X(S, BOOL, unit_implied, _,       0, 0,    OPTIONAL) /* the act is silent */             \
    X(S, STR,  level,        _,       0, 80,   OPTIONAL) /* at which the act has it assessed */ \
    X(S, ENUM, measure,      measure, 0, 0,    OPTIONAL)                                     \
    X(S, BOOL, cumulative,   _,       0, 0,    OPTIONAL) /* нарастающим итогом from the first year */ \
    X(S, MSG,  numerator,    count,   0, 0,    OPTIONAL)                                     \
    X(S, MSG,  denominator,  count,   0, 0,    OPTIONAL)                                     \
    X(S, LIST, beside,       beside,  0, BESIDE_MAX, OPTIONAL)                               \
    X(S, STRS, awaits,       _,       0, 4,    OPTIONAL) /* functions that will bring the facts: no numerator until then */ \
    X(S, STR,  awaits_why,   _,       0, 800,  OPTIONAL)                                     \
    X(S, ENUM, numerator_origin,   origin, 0, 0, OPTIONAL)                                   \
    X(S, ENUM, denominator_origin, origin, 0, 0, OPTIONAL)                                   \
    X(S, STR,  origin_note,  _,       0, 800,  OPTIONAL) /* form and year, address and day … */ \
    X(S, STR,  date_rule,    _,       1, 800,  REQUIRED)                                     \
    X(S, STR,  reading,      _,       1, 2400, REQUIRED) /* which reading of the act was taken, and why */ \
    X(S, STR,  clause,       _,       1, 200,  REQUIRED)                                     \
    X(S, STR,  printed,      _,       0, 800,  OPTIONAL) /* the act's own target cell, to the letter */ \
    X(S, LIST, targets,      target,  0, 32,   OPTIONAL)
MSG_DECLARE(indicator, INDICATOR_FIELDS)
#define PROFILE_YEARS_MAX  20           /* last_year - first_year + 1 */
#define INDICATORS_MAX     64
#define PROFILE_FIELDS(X, S)                                                                \
    X(S, MSG,  region,        profile_region,   0, 0,    REQUIRED)                           \
    X(S, U64,  first_year,    _,                1970, 9999, REQUIRED)                        \
    X(S, U64,  last_year,     _,                1970, 9999, REQUIRED)                        \
    X(S, DAY,  centre_opened, _,                0, 0,    OPTIONAL) /* when the centre (ЦНППМ) opened: its year has targets of its own */ \
    X(S, LIST, acts,          act_edition,      1, 8,    REQUIRED)                           \
    X(S, STR,  posts_from,    _,                0, 120,  OPTIONAL) /* name of a post_list: beside this file, else one folder up */ \
    X(S, LIST, posts,         profile_post,     0, 400,  OPTIONAL) /* the region's own; once read: those of posts_from before them */ \
    X(S, MSG,  young,         profile_young,    0, 0,    REQUIRED)                           \
    X(S, MSG,  routes,        profile_routes,   0, 0,    REQUIRED)                           \
    X(S, LIST, indicators,    indicator,        1, INDICATORS_MAX, REQUIRED)                 \
    X(S, MSG,  passport,      profile_passport, 0, 0,    OPTIONAL)                           \
    X(S, MSG,  lists,         profile_lists,    0, 0,    OPTIONAL)                           \
    X(S, MSG,  privacy,       profile_privacy,  0, 0,    OPTIONAL)                           \
    X(S, LIST, registers,     profile_register, 0, REGISTERS_MAX, OPTIONAL)                  \
    X(S, LIST, bands,         profile_band,     0, BANDS_MAX, OPTIONAL) /* beside `young` */  \
    X(S, ENUM, bands_step,    band_step,        0, 0,    OPTIONAL)                           \
    X(S, U64,  years_close_months, _,           0, 24,   OPTIONAL) /* after a year's end its figures are reported, and stay; 0: YEARS_CLOSE_MONTHS */ \
    X(S, LIST, populations,   profile_population, 0, POPULATIONS_MAX, OPTIONAL)                         \
    X(S, LIST, expert_work,   profile_direction, 0, DIRECTIONS_MAX, OPTIONAL)                \
    X(S, LIST, training,      profile_training, 0, TRAININGS_MAX, OPTIONAL)                  \
    X(S, MSG,  staffing,      profile_staffing, 0, 0,    OPTIONAL)
MSG_DECLARE(profile, PROFILE_FIELDS)

/* Where the posts of posts_from are; NULL: in neither folder. */
const char *profile_posts_file(const char *file, const char *posts_from, struct arena *arena);
/* Reads a profile; also checks what a field list cannot (zone, years, names of kinds). For configure(). */
int profile_read(const char *file, struct arena *arena, const struct profile **profile, int *zone_minutes, char says[400]);
/* The code of an indicator as people type it: the acts that number «3.1.» are asked for 3.1 as well. */
bool profile_code_is(const char *code, const char *said);
/* fits struct service.configure: config is a struct profile */
int profile_configure(const char *file, struct arena *arena, const void **config, int *zone_minutes, char says[400]);

#pragma once
#include "proto/roster.h"

/* roster, finding people (R8, R9): by words of their names, and what the search shows of whom.
 *
 * roster.person.search is a command, since it shows personal data: the entry roster.person.searched says who searched,
 * why, and which persons were shown; not what was asked for. What is answered is what that entry names. */
#define SEARCH_ROWS_MAX 100
#define PERSON_SEARCH_FIELDS(X, S)                                                          \
    X(S, STRS, words,   _, 1, 6,   REQUIRED) /* each the beginning of a part of the name, in any order; one of two letters at least */ \
    X(S, STR,  purpose, _, 3, 200, REQUIRED)                                                 \
    X(S, UUID, unit,    _, 0, 0,   OPTIONAL) /* with a post at it or below; nil: wherever */ \
    X(S, DAY,  on,      _, 0, 0,   OPTIONAL) /* of unit and filters; 0: today */             \
    WORKER_FILTER_FIELDS(X, S)                                                               \
    X(S, BIN,  after,   _, 0, 511, OPTIONAL)                                                 \
    X(S, U64,  limit,   _, 0, SEARCH_ROWS_MAX, OPTIONAL) /* 0: 20 */
MSG_DECLARE(person_search, PERSON_SEARCH_FIELDS)
/* organisation … from: of the main post on that day; empty where he holds none. posts: how many he holds then. */
#define FOUND_PERSON_FIELDS(X, S)                                                           \
    X(S, UUID, person,             _, 0, 0,   REQUIRED)                                      \
    X(S, STR,  family,             _, 1, 80,  REQUIRED)                                      \
    X(S, STR,  given,              _, 1, 80,  REQUIRED)                                      \
    X(S, STR,  patronymic,         _, 0, 80,  OPTIONAL)                                      \
    X(S, UUID, organisation,       _, 0, 0,   OPTIONAL)                                      \
    X(S, STR,  organisation_title, _, 0, 300, OPTIONAL)                                      \
    X(S, STR,  post,               _, 0, 120, OPTIONAL)                                      \
    X(S, STR,  subject,            _, 0, 120, OPTIONAL)                                      \
    X(S, DAY,  from,               _, 0, 0,   OPTIONAL)                                      \
    X(S, U64,  posts,              _, 0, 64,  OPTIONAL)
MSG_DECLARE(found_person, FOUND_PERSON_FIELDS)
#define PEOPLE_FOUND_FIELDS(X, S)                                                           \
    X(S, LIST, rows, found_person, 0, SEARCH_ROWS_MAX, OPTIONAL) /* in the order of their names */ \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)    /* empty: this was the last page. A page may be short and yet have a next one */
MSG_DECLARE(people_found, PEOPLE_FOUND_FIELDS)
/* roster.person.name → people_found: names of those whom a list has by their identifiers, and nothing else of their cards. A
 * command as well, with the same entry; whoever is out of reach, erased or blocked is left out. */
#define PERSON_NAME_FIELDS(X, S)                                                            \
    X(S, UUIDS, persons, _, 1, SEARCH_ROWS_MAX, REQUIRED)                                    \
    X(S, STR,   purpose, _, 3, 200, REQUIRED)
MSG_DECLARE(person_name, PERSON_NAME_FIELDS)
/* roster.person.searched: for who reaches the region. words: how many; 0: they were named by identifiers. last: how far was
 * looked; more: there may be others behind. */
#define PERSON_SEARCHED_FIELDS(X, S)                                                        \
    X(S, UUIDS, persons, _, 0, SEARCH_ROWS_MAX, OPTIONAL)                                    \
    X(S, STR,   purpose, _, 3, 200, REQUIRED)                                                \
    X(S, U64,   words,   _, 0, 100, REQUIRED)                                                \
    X(S, UUID,  unit,    _, 0, 0,   OPTIONAL)                                                \
    X(S, UUID,  last,    _, 0, 0,   OPTIONAL)                                                \
    X(S, BOOL,  more,    _, 0, 0,   OPTIONAL)
MSG_DECLARE(person_searched, PERSON_SEARCHED_FIELDS)

/* roster.names.get: how the index stands. */
#define NAMES_PHASES(X)                                                                     \
    X(NAMES_BUILDING, "building")       X(NAMES_READY, "ready")                             \
    X(NAMES_UNLOCKED, "unlocked")       /* not so much memory can be locked, and the setting does not allow to go on without */ \
    X(NAMES_FULL, "full")
ENUM_DECLARE(names_phase, NAMES_PHASES)
#define NAMES_STANDING_FIELDS(X, S)                                                         \
    X(S, ENUM, phase,     names_phase, 0, 0, REQUIRED)                                       \
    X(S, U64,  people,    _, 0, INT64_MAX, REQUIRED)                                         \
    X(S, U64,  marks,     _, 0, INT64_MAX, REQUIRED) /* changed since, and looked at one by one */ \
    X(S, U64,  bytes,     _, 0, INT64_MAX, REQUIRED)                                         \
    X(S, BOOL, swappable, _, 0, 0,         OPTIONAL) /* not all of it could be locked */ \
    X(S, U64,  records,   _, 0, INT64_MAX, OPTIONAL) /* of people in the store, erased ones too: building goes through all of them */
MSG_DECLARE(names_standing, NAMES_STANDING_FIELDS)

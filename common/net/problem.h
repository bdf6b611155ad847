#pragma once
#include "common/codec/msg.h"

/* problem: an error as it goes out: the body of every ERROR, and what a refusal keeps in the journal.
 * reason is a stable token; the sentence for a person is made at the edge from it and args. */
#define PROBLEM_CODES(X)                                                                           \
    X(PROBLEM_INVALID, "invalid")         X(PROBLEM_NOT_FOUND, "not_found")                        \
    X(PROBLEM_CONFLICT, "conflict")       X(PROBLEM_DENIED, "denied")                              \
    X(PROBLEM_TOO_LARGE, "too_large")     X(PROBLEM_BUSY, "busy")                                  \
    X(PROBLEM_UNAVAILABLE, "unavailable") X(PROBLEM_DEADLINE, "deadline")                          \
    X(PROBLEM_EXPIRED, "expired")         X(PROBLEM_FORK, "fork")                                  \
    X(PROBLEM_INTERNAL, "internal")
ENUM_DECLARE(problem_code, PROBLEM_CODES)

#define PROBLEM_ARG_FIELDS(X, S)                                    \
    X(S, STR, name,  _, 1, 40,  REQUIRED)                           \
    X(S, STR, value, _, 0, 400, REQUIRED)
MSG_DECLARE(problem_arg, PROBLEM_ARG_FIELDS)
#define PROBLEM_FIELD_FIELDS(X, S)                                  \
    X(S, STR, path,  _, 0, MSG_PATH_MAX, REQUIRED)                  \
    X(S, STR, rule,  _, 1, 40,  REQUIRED)                           \
    X(S, I64, limit, _, INT64_MIN, INT64_MAX, OPTIONAL)
MSG_DECLARE(problem_field, PROBLEM_FIELD_FIELDS)
#define PROBLEM_FIELDS(X, S)                                        \
    X(S, ENUM, code,   problem_code,  0, 0,  REQUIRED)              \
    X(S, STR,  reason, _,             1, 60, REQUIRED)              \
    X(S, LIST, args,   problem_arg,   0, 16, OPTIONAL)              \
    X(S, LIST, fields, problem_field, 0, 16, OPTIONAL)              \
    X(S, U64,  retry_after_ms, _,     0, 3600000, OPTIONAL)
MSG_DECLARE(problem, PROBLEM_FIELDS)

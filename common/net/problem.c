#include "common/net/problem.h"

ENUM_DEFINE(problem_code, PROBLEM_CODES)
MSG_DEFINE(problem_arg, PROBLEM_ARG_FIELDS)
MSG_DEFINE(problem_field, PROBLEM_FIELD_FIELDS)
MSG_DEFINE(problem, PROBLEM_FIELDS)

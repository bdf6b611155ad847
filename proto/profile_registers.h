#pragma once
#include "common/codec/msg.h"

/* profile_registers: which registers a region keeps (R4–R7, R12, R14): the section `registers:` of its profile.
 *
 * One mechanism serves them all (services/roster/registers/registers.h); what differs from one register to the next, and from
 * one region to the next, stands here as data: its name in the region's own words, who may stand in it, the closed list
 * of grounds with the evidence that each needs, who proposes, who decides, for how long, and fields of its own. */
#define REGISTERS_MAX        40
#define REGISTER_GROUNDS_MAX 16
#define REGISTER_FIELDS_MAX  16
#define REGISTER_ID_MAX      40

#define MEMBER_KINDS(X)                                                                     \
    X(MEMBER_PERSON, "person")          X(MEMBER_ORGANISATION, "organisation")              \
    X(MEMBER_BOTH, "both")              /* one of the two: a status of a school or of a teacher */ \
    X(MEMBER_TEXT, "text")              /* something that has a title: an agreement, a community, a room */
ENUM_DECLARE(member_kind, MEMBER_KINDS)
#define REGISTER_VALUE_KINDS(X)                                                             \
    X(VALUE_TEXT, "text")               X(VALUE_DAY, "day")                                 \
    X(VALUE_NUMBER, "number")           X(VALUE_PERSON, "person")                           \
    X(VALUE_ORGANISATION, "organisation") X(VALUE_CHOICE, "choice")
ENUM_DECLARE(register_value_kind, REGISTER_VALUE_KINDS)

#define REGISTER_GROUND_FIELDS(X, S)                                                        \
    X(S, STR, code,     _, 1, 40,  REQUIRED)                                                 \
    X(S, STR, title,    _, 1, 600, REQUIRED) /* the act's own words */                       \
    X(S, STR, evidence, _, 0, 300, OPTIONAL) /* what has to be shown for it; left out: the ground speaks for itself */ \
    X(S, BOOL, dated,   _, 0, 0,   OPTIONAL) /* the day of it has to be said: of a selection, of a certificate */ \
    X(S, STR,  population, _, 0, 40, OPTIONAL) /* holds of who is in that population on the first day: the staff lists show it */ \
    X(S, STRS, organisations, _, 0, 20, OPTIONAL) /* names of org_kind: only at organisations of these kinds; none: at all */
MSG_DECLARE(register_ground, REGISTER_GROUND_FIELDS)
#define REGISTER_FIELD_FIELDS(X, S)                                                         \
    X(S, STR,  name,     _, 1, 40,  REQUIRED)                                                \
    X(S, STR,  title,    _, 1, 300, REQUIRED)                                                \
    X(S, ENUM, kind,     register_value_kind, 0, 0, REQUIRED)                                \
    X(S, BOOL, required, _, 0, 0,   OPTIONAL)                                                \
    X(S, STRS, choices,  _, 0, 40,  OPTIONAL) /* of kind choice: the closed list */
MSG_DECLARE(register_field, REGISTER_FIELD_FIELDS)
/* A report each year, as long as somebody is in the register. */
#define REGISTER_YEARLY_FIELDS(X, S)                                                        \
    X(S, STR,  duty,    _, 1, 80, REQUIRED)  /* the kind of duty that it is */               \
    X(S, U64,  month,   _, 1, 12, REQUIRED)  /* due on this day of each year */              \
    X(S, U64,  day,     _, 1, 31, REQUIRED)  /* or the last one of the month */              \
    X(S, BOOL, renewal, _, 0, 0,  OPTIONAL)  /* nobody is renewed who owes one */
MSG_DECLARE(register_yearly, REGISTER_YEARLY_FIELDS)
#define PROFILE_REGISTER_FIELDS(X, S)                                                       \
    X(S, STR,  id,          _, 1, REGISTER_ID_MAX, REQUIRED)                                 \
    X(S, STR,  title,       _, 1, 300, REQUIRED)                                             \
    X(S, STR,  clause,      _, 1, 300, REQUIRED) /* act and clause that want it kept */      \
    X(S, ENUM, members,     member_kind, 0, 0, REQUIRED)                                     \
    X(S, LIST, grounds,     register_ground, 1, REGISTER_GROUNDS_MAX, REQUIRED)              \
    X(S, BOOL, all_grounds, _, 0, 0,   OPTIONAL) /* every one of them has to hold; else any */ \
    X(S, STRS, proposers,   _, 0, 8,   OPTIONAL) /* roles that may propose; none: entries are recorded as decided */ \
    X(S, STRS, deciders,    _, 1, 8,   REQUIRED) /* roles that decide, record, renew and end */ \
    X(S, U64,  term_months, _, 0, 600, OPTIONAL) /* for how long at most; 0: until it is ended */ \
    X(S, LIST, fields,      register_field, 0, REGISTER_FIELDS_MAX, OPTIONAL)                \
    X(S, BOOL, public,      _, 0, 0,   OPTIONAL) /* who is in it may be known to every role */ \
    X(S, STRS, roles,       _, 0, 16,  OPTIONAL) /* in which somebody takes part: parties, leader, member; none: nobody does */ \
    X(S, STRS, duties,      _, 0, 16,  OPTIONAL) /* kinds of what is to be done by a day: obligation, meeting, report; none: nothing is */ \
    X(S, MSG,  yearly,      register_yearly, 0, 0, OPTIONAL)                                 \
    X(S, STR,  requires,    _, 0, REGISTER_ID_MAX, OPTIONAL) /* only members of this other register, on their first day */ \
    X(S, STR,  capacity,    _, 0, 40,  OPTIONAL) /* a number of its fields: so many places there are, and can be booked */ \
    X(S, BOOL, untitled,    _, 0, 0,   OPTIONAL) /* of kind text: an organisation may stand in it itself, without a title */ \
    X(S, STRS, partners,    _, 0, 20,  OPTIONAL) /* names of org_kind: only organisations of these kinds take part; none: whoever */ \
    X(S, U64,  passport,    _, 0, 8,   OPTIONAL) /* its entries stand in this block of the passport: 3 or 6 */
MSG_DECLARE(profile_register, PROFILE_REGISTER_FIELDS)

/* What a field list cannot say: ids, codes and names without repetition, roles that exist and whose commands these
 * are, choices where there is something to choose. NULL: all is well; else what is wrong, and `*path` where. */
const char *profile_registers_fault(const struct profile_register *registers, uint32_t n, struct arena *arena, const char **path);
/* Among the kinds of organisations named; none named: all are. `kind`: of org_kind. */
bool register_kind(const char *const *names, uint32_t n, int kind);
/* Among the roles named. */
bool register_role(const char *const *names, uint32_t n, int role);
/* Roles that may decide; NULL: all of them may, else why not, and `*at` which. */
const char *register_deciders_fault(const char *const *names, uint32_t n, uint32_t *at);

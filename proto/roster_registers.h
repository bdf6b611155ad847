#pragma once
#include "proto/profile_registers.h"
#include "proto/roster_tree.h"

/* roster, registers with dated membership (R4, R4b, R6, R7, R12, R14). Texts are about grounds and things: nothing
 * personal stands in them, a person is an identifier here. */
#define SPANS_MAX 24        /* of one entry: admitted, and renewed so often */

#define ENTRY_STAGES(X)                                                                     \
    X(STAGE_PROPOSED, "proposed")       X(STAGE_ADMITTED, "admitted")                       \
    X(STAGE_DECLINED, "declined")       X(STAGE_LAPSED, "lapsed") /* the term is over; can be renewed */ \
    X(STAGE_ENDED, "ended")             /* somebody ended it */
ENUM_DECLARE(entry_stage, ENTRY_STAGES)

#define ENTRY_GROUND_FIELDS(X, S)                                                           \
    X(S, STR, ground,   _, 1, 40,  REQUIRED) /* code of one of the register's */             \
    X(S, STR, evidence, _, 0, 600, OPTIONAL)                                                 \
    X(S, DAY, day,      _, 0, 0,   OPTIONAL) /* of what is shown */                          \
    X(S, UUID, document, _, 0, 0,  OPTIONAL) /* of the register of documents, beside what is said */
MSG_DECLARE(entry_ground, ENTRY_GROUND_FIELDS)
/* A field of the register's own: one of the four says it, by the field's kind; a number that is 0 says nothing. */
#define ENTRY_VALUE_FIELDS(X, S)                                                            \
    X(S, STR,  name,   _, 1, 40,   REQUIRED)                                                 \
    X(S, STR,  text,   _, 0, 1000, OPTIONAL) /* text, choice */                              \
    X(S, DAY,  day,    _, 0, 0,    OPTIONAL)                                                 \
    X(S, U64,  number, _, 0, INT64_MAX, OPTIONAL)                                            \
    X(S, UUID, id,     _, 0, 0,    OPTIONAL) /* person, organisation */
MSG_DECLARE(entry_value, ENTRY_VALUE_FIELDS)

/* Who or what, and why: what a proposal and an entry that is recorded as decided have in common. */
#define ENTRY_ABOUT_FIELDS(X, S)                                                            \
    X(S, STR,  register_id,  _, 1, REGISTER_ID_MAX, REQUIRED)                                \
    X(S, UUID, person,       _, 0, 0,   OPTIONAL) /* the member, where members are persons */ \
    X(S, UUID, organisation, _, 0, 0,   OPTIONAL) /* the member; of a person or a title: the place that it counts for */ \
    X(S, STR,  title,        _, 0, 300, OPTIONAL) /* the member, where members are texts */  \
    X(S, LIST, grounds,      entry_ground, 1, REGISTER_GROUNDS_MAX, REQUIRED)                \
    X(S, LIST, values,       entry_value,  0, REGISTER_FIELDS_MAX,  OPTIONAL)
#define ENTRY_PROPOSE_FIELDS(X, S) ENTRY_ABOUT_FIELDS(X, S)
MSG_DECLARE(entry_propose, ENTRY_PROPOSE_FIELDS)    /* → registered */
#define ENTRY_RECORD_FIELDS(X, S)                                                           \
    ENTRY_ABOUT_FIELDS(X, S)                                                                 \
    X(S, DAY,  from,  _, 0, 0, REQUIRED)                                                     \
    X(S, DAY,  until, _, 0, 0, OPTIONAL) /* last day; left out: as the register's term has it */ \
    X(S, UUID, document, _, 0, 0, OPTIONAL) /* the decision: of the register of documents */
MSG_DECLARE(entry_record, ENTRY_RECORD_FIELDS)      /* → registered */
#define ENTRY_DECIDE_FIELDS(X, S)                                                           \
    X(S, UUID, entry,  _, 0, 0,   REQUIRED)                                                  \
    X(S, BOOL, admit,  _, 0, 0,   REQUIRED)                                                  \
    X(S, DAY,  from,   _, 0, 0,   OPTIONAL) /* admitted: the first day; left out: today */   \
    X(S, DAY,  until,  _, 0, 0,   OPTIONAL)                                                  \
    X(S, STR,  reason, _, 0, 600, OPTIONAL) /* declined: why */                              \
    X(S, UUID, document, _, 0, 0, OPTIONAL) /* the decision */
MSG_DECLARE(entry_decide, ENTRY_DECIDE_FIELDS)
#define ENTRY_RENEW_FIELDS(X, S)                                                            \
    X(S, UUID, entry, _, 0, 0, REQUIRED)                                                     \
    X(S, DAY,  from,  _, 0, 0, OPTIONAL) /* left out: the day after the last one */          \
    X(S, DAY,  until, _, 0, 0, OPTIONAL)                                                     \
    X(S, UUID, document, _, 0, 0, OPTIONAL)
MSG_DECLARE(entry_renew, ENTRY_RENEW_FIELDS)
#define ENTRY_END_FIELDS(X, S)                                                              \
    X(S, UUID, entry,  _, 0, 0,   REQUIRED)                                                  \
    X(S, DAY,  until,  _, 0, 0,   REQUIRED) /* last day; the one before the first: entered by mistake */ \
    X(S, STR,  reason, _, 1, 600, REQUIRED)                                                  \
    X(S, UUID, document, _, 0, 0, OPTIONAL)
MSG_DECLARE(entry_end, ENTRY_END_FIELDS)

#define ENTRY_SPAN_FIELDS(X, S)                                                             \
    X(S, DAY, from,  _, 0, 0, REQUIRED)                                                      \
    X(S, DAY, until, _, 0, 0, OPTIONAL)      /* last day; 0: open */                         \
    X(S, UUID, document, _, 0, 0, OPTIONAL)  /* by which it was decided */
MSG_DECLARE(entry_span, ENTRY_SPAN_FIELDS)

/* An entry as it stands: roster.entry.proposed and .admitted carry it whole, tables and lists hold it. */
#define LISTING_FIELDS(X, S)                                                                \
    X(S, UUID,   entry,        _, 0, 0,   REQUIRED)                                          \
    X(S, STR,    register_id,  _, 1, REGISTER_ID_MAX, REQUIRED)                              \
    X(S, UUID,   member,       _, 0, 0,   REQUIRED) /* the person, the organisation, or an id made of place and title */ \
    X(S, UUID,   person,       _, 0, 0,   OPTIONAL)                                          \
    X(S, STR,    title,        _, 0, 300, OPTIONAL)                                          \
    X(S, UUIDS,  chain,        _, 1, CHAIN_MAX, REQUIRED) /* the place it counts for, and what is above, as of then */ \
    X(S, ENUM,   stage,        entry_stage, 0, 0, OPTIONAL)                                  \
    X(S, DAY,    proposed,     _, 0, 0,   OPTIONAL)                                          \
    X(S, LIST,   grounds,      entry_ground, 0, REGISTER_GROUNDS_MAX, OPTIONAL)              \
    X(S, LIST,   values,       entry_value,  0, REGISTER_FIELDS_MAX,  OPTIONAL)              \
    X(S, LIST,   spans,        entry_span,   0, SPANS_MAX, OPTIONAL)                         \
    X(S, STR,    reason,       _, 0, 600, OPTIONAL) /* declined, ended: why */               \
    X(S, MOMENT, over_at,      _, 0, 0,   OPTIONAL) /* in the event: the first moment after the last day */ \
    X(S, MOMENT, report_at,   _, 0, 0,   OPTIONAL) /* in the event: when the first yearly report is asked for */ \
    X(S, UUID,   exit,        _, 0, 0,   OPTIONAL) /* declined, ended: the document */
MSG_DECLARE(listing, LISTING_FIELDS)
/* What every later event of an entry says, so that a follower needs no state of his own to know whom. */
#define ENTRY_OF_FIELDS(X, S)                                                               \
    X(S, UUID, entry,       _, 0, 0, REQUIRED)                                               \
    X(S, STR,  register_id, _, 1, REGISTER_ID_MAX, REQUIRED)                                 \
    X(S, UUID, member,      _, 0, 0, REQUIRED)                                               \
    X(S, UUID, person,      _, 0, 0, OPTIONAL)
#define ENTRY_DECLINED_FIELDS(X, S)                                                         \
    ENTRY_OF_FIELDS(X, S)                                                                    \
    X(S, DAY, day,    _, 0, 0,   REQUIRED)                                                   \
    X(S, STR, reason, _, 0, 600, OPTIONAL)                                                   \
    X(S, UUID, document, _, 0, 0, OPTIONAL)
MSG_DECLARE(entry_declined, ENTRY_DECLINED_FIELDS)  /* roster.entry.declined */
#define ENTRY_RENEWED_FIELDS(X, S)                                                          \
    ENTRY_OF_FIELDS(X, S)                                                                    \
    X(S, DAY,    from,    _, 0, 0, REQUIRED)                                                 \
    X(S, DAY,    until,   _, 0, 0, OPTIONAL)                                                 \
    X(S, MOMENT, over_at, _, 0, 0, OPTIONAL)                                                 \
    X(S, MOMENT, report_at, _, 0, 0, OPTIONAL)                                               \
    X(S, UUID,   document, _, 0, 0, OPTIONAL)
MSG_DECLARE(entry_renewed, ENTRY_RENEWED_FIELDS)    /* roster.entry.renewed */
#define ENTRY_ENDED_FIELDS(X, S)                                                            \
    ENTRY_OF_FIELDS(X, S)                                                                    \
    X(S, DAY,  until,  _, 0, 0,   REQUIRED) /* last day */                                   \
    X(S, STR,  reason, _, 0, 600, OPTIONAL)                                                  \
    X(S, UUID, document, _, 0, 0, OPTIONAL)
MSG_DECLARE(entry_ended, ENTRY_ENDED_FIELDS)        /* roster.entry.ended */
#define ENTRY_LAPSED_FIELDS(X, S)                                                           \
    ENTRY_OF_FIELDS(X, S)                                                                    \
    X(S, DAY, day, _, 0, 0, REQUIRED)        /* the first day no longer */
MSG_DECLARE(entry_lapsed, ENTRY_LAPSED_FIELDS)      /* roster.entry.lapsed: written by a timer */

/* ── queries ── */
#define REGISTER_LINE_FIELDS(X, S)                                                          \
    X(S, STR,  id,      _, 1, REGISTER_ID_MAX, REQUIRED)                                     \
    X(S, STR,  title,   _, 1, 300, REQUIRED)                                                 \
    X(S, STR,  clause,  _, 1, 300, REQUIRED)                                                 \
    X(S, ENUM, members, member_kind, 0, 0, REQUIRED)                                         \
    X(S, BOOL, public,  _, 0, 0,   OPTIONAL)
MSG_DECLARE(register_line, REGISTER_LINE_FIELDS)
#define REGISTER_LIST_FIELDS(X, S) X(S, LIST, rows, register_line, 0, REGISTERS_MAX, OPTIONAL)
MSG_DECLARE(register_list, REGISTER_LIST_FIELDS)    /* roster.register.list: takes nothing, all of the profile's */
#define REGISTER_OF_FIELDS(X, S)   X(S, STR, register_id, _, 1, REGISTER_ID_MAX, REQUIRED)
MSG_DECLARE(register_of, REGISTER_OF_FIELDS)        /* roster.register.get → profile_register */
#define REGISTER_COUNT_OF_FIELDS(X, S)                                                      \
    X(S, STR,  register_id, _, 1, REGISTER_ID_MAX, REQUIRED)                                 \
    X(S, UUID, unit,        _, 0, 0, REQUIRED)                                               \
    X(S, DAY,  on,          _, 0, 0, OPTIONAL) /* 0: today */                                \
    X(S, ENUM, as,          org_as,   0, 0, OPTIONAL)                                        \
    X(S, ENUM, tree,        org_tree, 0, 0, OPTIONAL)
MSG_DECLARE(register_count_of, REGISTER_COUNT_OF_FIELDS)
#define REGISTER_COUNT_FIELDS(X, S)                                                         \
    X(S, U64, members,  _, 0, INT64_MAX, REQUIRED) /* on that day */                         \
    X(S, U64, proposed, _, 0, INT64_MAX, REQUIRED) /* not decided yet, whenever proposed */
MSG_DECLARE(register_count, REGISTER_COUNT_FIELDS)  /* roster.register.count */
#define LIST_WHICHS(X)                                                                      \
    X(LIST_ON_DAY, "on_day")            X(LIST_PROPOSED, "proposed")                        \
    X(LIST_ALL, "all")
ENUM_DECLARE(list_which, LIST_WHICHS)
#define ENTRIES_OF_FIELDS(X, S)                                                             \
    X(S, STR,  register_id, _, 1, REGISTER_ID_MAX, REQUIRED)                                 \
    X(S, UUID, unit,        _, 0, 0,    OPTIONAL) /* counted for it or below; nil: wherever */ \
    X(S, ENUM, which,       list_which, 0, 0, OPTIONAL)                                      \
    X(S, DAY,  on,          _, 0, 0,    OPTIONAL) /* 0: today */                             \
    X(S, BIN,  after,       _, 0, 511,  OPTIONAL)                                            \
    X(S, U64,  limit,       _, 0, 1000, OPTIONAL)                                            \
    X(S, UUID, partner,     _, 0, 0,    OPTIONAL) /* only those in which this organisation takes part, on the day where there is one */
MSG_DECLARE(entries_of, ENTRIES_OF_FIELDS)
#define ENTRY_LIST_FIELDS(X, S)                                                             \
    X(S, LIST, rows, listing, 0, 1000, OPTIONAL)                                             \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(entry_list, ENTRY_LIST_FIELDS)
#define MEMBERSHIPS_OF_FIELDS(X, S)                                                         \
    X(S, UUID, member, _, 0, 0,    REQUIRED)                                                 \
    X(S, BIN,  after,  _, 0, 511,  OPTIONAL)                                                 \
    X(S, U64,  limit,  _, 0, 1000, OPTIONAL)
MSG_DECLARE(memberships_of, MEMBERSHIPS_OF_FIELDS)  /* roster.entry.of: every register, every stage → entry_list */
/* roster.entry.get: registered → listing */

#pragma once
#include "common/codec/msg.h"

/* roster_privacy: what is done with a person's data as such: consent, blocking, erasure (R8). Identifiers alone.
 *
 * Sources   Federal law 152-FZ "On personal data": consent and its withdrawal art. 9; access of the person art. 14;
 *           blocking and destruction art. 3 (7, 8) and 21 (1, 3-6); how destruction is proved: order of Roskomnadzor
 *           179 of 28.10.2022 (act, and an extract of the journal of events). */

/* Why a person's data may be destroyed. */
#define ERASE_GROUNDS(X)                                                                    \
    X(ERASE_CONSENT, "consent_withdrawn")   /* art. 21 (5): no other ground is left */      \
    X(ERASE_PURPOSE, "purpose_reached")     /* art. 21 (4) */                               \
    X(ERASE_UNLAWFUL, "unlawful")           /* art. 21 (3) */                               \
    X(ERASE_TERM, "term_over")              /* what was blocked for its storage term, art. 21 (6) */
ENUM_DECLARE(erase_ground, ERASE_GROUNDS)
#define BLOCK_GROUNDS(X)                                                                    \
    X(BLOCK_STORAGE, "storage_term")        /* documents, registers, approved rounds have terms of their own, art. 21 (6) */ \
    X(BLOCK_INACCURATE, "inaccurate")       /* art. 21 (1): while it is checked */          \
    X(BLOCK_UNLAWFUL, "unlawful")           /* art. 21 (1): while it is checked */          \
    X(BLOCK_ASKED, "asked")                 /* art. 14 (1): the person asks for it */
ENUM_DECLARE(block_ground, BLOCK_GROUNDS)

/* ── erasing ── */
#define PERSON_ERASE_FIELDS(X, S)                                                           \
    X(S, UUID, person, _,            0, 0,  REQUIRED)                                        \
    X(S, STR,  act,    _,            1, 60, REQUIRED) /* number of the act of destruction */ \
    X(S, ENUM, ground, erase_ground, 0, 0,  REQUIRED)
MSG_DECLARE(person_erase, PERSON_ERASE_FIELDS)
#define PERSON_ERASED_FIELDS(X, S)                                                          \
    X(S, UUID, person, _,            0, 0,  REQUIRED)                                        \
    X(S, STR,  act,    _,            1, 60, REQUIRED)                                        \
    X(S, ENUM, ground, erase_ground, 0, 0,  REQUIRED)                                        \
    X(S, DAY,  day,    _,            0, 0,  REQUIRED)                                        \
    X(S, BOOL, again,  _,            0, 0,  OPTIONAL) /* known from the vault: this store was restored from before it */
MSG_DECLARE(person_erased, PERSON_ERASED_FIELDS)            /* roster.person.erased */

/* ── blocking ── */
#define PERSON_BLOCK_FIELDS(X, S)                                                           \
    X(S, UUID, person, _,            0, 0,  REQUIRED)                                        \
    X(S, STR,  act,    _,            1, 60, REQUIRED)                                        \
    X(S, ENUM, ground, block_ground, 0, 0,  REQUIRED)                                        \
    X(S, DAY,  until,  _,            0, 0,  OPTIONAL) /* last day; 0: until it is lifted */  \
    X(S, BOOL, erase,  _,            0, 0,  OPTIONAL) /* and then erase, by the same act */
MSG_DECLARE(person_block, PERSON_BLOCK_FIELDS)
#define PERSON_BLOCKED_FIELDS(X, S)                                                         \
    X(S, UUID,   person,  _,            0, 0,  REQUIRED)                                     \
    X(S, STR,    act,     _,            1, 60, REQUIRED)                                     \
    X(S, ENUM,   ground,  block_ground, 0, 0,  REQUIRED)                                     \
    X(S, DAY,    day,     _,            0, 0,  REQUIRED)                                     \
    X(S, DAY,    until,   _,            0, 0,  OPTIONAL)                                     \
    X(S, BOOL,   erase,   _,            0, 0,  OPTIONAL)                                     \
    X(S, MOMENT, over_at, _,            0, 0,  OPTIONAL) /* the first moment after `until` */
MSG_DECLARE(person_blocked, PERSON_BLOCKED_FIELDS)          /* roster.person.blocked; a blocked one again: as it is now */
#define PERSON_UNBLOCK_FIELDS(X, S)                                                         \
    X(S, UUID, person, _, 0, 0,  REQUIRED)                                                   \
    X(S, STR,  act,    _, 1, 60, REQUIRED)
MSG_DECLARE(person_unblock, PERSON_UNBLOCK_FIELDS)
#define PERSON_UNBLOCKED_FIELDS(X, S)                                                       \
    X(S, UUID, person,  _, 0, 0,  REQUIRED)                                                  \
    X(S, STR,  act,     _, 1, 60, REQUIRED)                                                  \
    X(S, BOOL, by_term, _, 0, 0,  OPTIONAL)
MSG_DECLARE(person_unblocked, PERSON_UNBLOCKED_FIELDS)      /* roster.person.unblocked */

/* ── how it stands ── */
#define PERSON_OF_FIELDS(X, S) X(S, UUID, person, _, 0, 0, REQUIRED)
MSG_DECLARE(person_of, PERSON_OF_FIELDS)
#define PERSON_STANDING_FIELDS(X, S)                                                        \
    X(S, MSG, erased,  person_erased,  0, 0, OPTIONAL)                                       \
    X(S, MSG, blocked, person_blocked, 0, 0, OPTIONAL)
MSG_DECLARE(person_standing, PERSON_STANDING_FIELDS)        /* roster.person.standing */

/* ── consent, for each purpose of its own ── */
#define CONSENT_PURPOSES(X)                                                                 \
    X(CONSENT_SUPPORT, "support")           /* methodological support: routes, diagnostics, learning */ \
    X(CONSENT_FEDERAL, "federal_transfer")  /* to the federal operator */                    \
    X(CONSENT_PUBLIC, "publication")        /* name and post in public registers and on sites, art. 10.1 */ \
    X(CONSENT_CONTACT, "contact")           /* notices by mail and phone */                 \
    X(CONSENT_SURVEY, "research")           /* questionnaires and studies */
ENUM_DECLARE(consent_purpose, CONSENT_PURPOSES)
#define CONSENTS_MAX 64                                     /* of one person in a lifetime */
#define CONSENT_GIVE_FIELDS(X, S)                                                           \
    X(S, UUID, person,   _,               0, 0,   REQUIRED)                                  \
    X(S, ENUM, purpose,  consent_purpose, 0, 0,   REQUIRED)                                  \
    X(S, STR,  text,     _,               1, 40,  REQUIRED) /* version of the text that was signed */ \
    X(S, DAY,  day,      _,               0, 0,   REQUIRED)                                  \
    X(S, STR,  document, _,               0, 120, OPTIONAL) /* number of the paper, nothing personal */
MSG_DECLARE(consent_give, CONSENT_GIVE_FIELDS)              /* also the event roster.consent.given */
#define CONSENT_WITHDRAW_FIELDS(X, S)                                                       \
    X(S, UUID, person,   _,               0, 0,   REQUIRED)                                  \
    X(S, ENUM, purpose,  consent_purpose, 0, 0,   REQUIRED)                                  \
    X(S, DAY,  day,      _,               0, 0,   REQUIRED) /* the first day without it */   \
    X(S, STR,  document, _,               0, 120, OPTIONAL)
MSG_DECLARE(consent_withdraw, CONSENT_WITHDRAW_FIELDS)
#define CONSENT_WITHDRAWN_FIELDS(X, S)                                                      \
    X(S, UUID, person,   _,               0, 0,   REQUIRED)                                  \
    X(S, ENUM, purpose,  consent_purpose, 0, 0,   REQUIRED)                                  \
    X(S, DAY,  given,    _,               0, 0,   REQUIRED) /* which one */                  \
    X(S, DAY,  day,      _,               0, 0,   REQUIRED)                                  \
    X(S, STR,  document, _,               0, 120, OPTIONAL)
MSG_DECLARE(consent_withdrawn, CONSENT_WITHDRAWN_FIELDS)    /* roster.consent.withdrawn */
#define CONSENT_FIELDS(X, S)                                                                \
    X(S, ENUM, purpose,   consent_purpose, 0, 0,  REQUIRED)                                  \
    X(S, STR,  text,      _,               1, 40, REQUIRED)                                  \
    X(S, DAY,  day,       _,               0, 0,  REQUIRED)                                  \
    X(S, DAY,  withdrawn, _,               0, 0,  OPTIONAL) /* the first day without it; 0: it holds */ \
    X(S, STR,  document,  _,               0, 120, OPTIONAL)
MSG_DECLARE(consent, CONSENT_FIELDS)
#define CONSENT_LIST_FIELDS(X, S) X(S, LIST, rows, consent, 0, CONSENTS_MAX, OPTIONAL)
MSG_DECLARE(consent_list, CONSENT_LIST_FIELDS)              /* roster.consent.list (person_of): by purpose, then by day */

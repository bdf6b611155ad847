#pragma once
#include "proto/roster.h"

/* roster, acts and documents (R10): what was issued, its chain of editions, the file by its hash, to whom it was sent and
 * who has acknowledged it. Titles name acts, not people. */
#define DOCUMENT_KINDS(X)                                                                   \
    X(DOCUMENT_ORDER, "order")          /* распоряжение, приказ */                          \
    X(DOCUMENT_STATUTE, "statute")      /* положение */                                     \
    X(DOCUMENT_RULES, "rules")          /* регламент, порядок */                            \
    X(DOCUMENT_AGREEMENT, "agreement")  X(DOCUMENT_MINUTES, "minutes")                      \
    X(DOCUMENT_LETTER, "letter")        X(DOCUMENT_PLAN, "plan")                            \
    X(DOCUMENT_OTHER, "other")                                                              \
    X(DOCUMENT_PROPOSAL, "proposal")    /* предложение: what is asked of an authority (R11) */
ENUM_DECLARE(document_kind, DOCUMENT_KINDS)

#define DOCUMENT_ADDRESSEES_MAX 64      /* of one command */
#define DOCUMENT_ABOUT_FIELDS(X, S)                                                         \
    X(S, ENUM, kind,             document_kind, 0, 0, REQUIRED)                              \
    X(S, UUID, issuer,           _, 0, 0,   OPTIONAL) /* one of the two: an organisation of ours, */ \
    X(S, STR,  issuer_title,     _, 0, 300, OPTIONAL) /* or somebody else by name */         \
    X(S, STR,  number,           _, 1, 80,  REQUIRED)                                        \
    X(S, DAY,  day,              _, 0, 0,   REQUIRED)                                        \
    X(S, STR,  title,            _, 1, 600, REQUIRED)                                        \
    X(S, DAY,  from,             _, 0, 0,   OPTIONAL) /* in force; left out: its day */      \
    X(S, DAY,  until,            _, 0, 0,   OPTIONAL) /* last day in force */                \
    X(S, STR,  file,             _, 0, 200, OPTIONAL) /* name of the file, and the SHA-256 of its bytes */ \
    X(S, BIN,  sha256,           _, 0, 32,  OPTIONAL)                                        \
    X(S, STR,  signature,        _, 0, 200, OPTIONAL) /* name of the detached qualified signature (.sig), and its SHA-256 */ \
    X(S, BIN,  signature_sha256, _, 0, 32,  OPTIONAL)                                        \
    X(S, STRS, published,        _, 0, 8,   OPTIONAL) /* where: addresses, editions */       \
    X(S, UUID, unit,             _, 0, 0,   OPTIONAL) /* whose document it is; left out: the region's */ \
    X(S, BOOL, public,           _, 0, 0,   OPTIONAL)                                        \
    X(S, STR,  signed_as,        _, 0, 200, OPTIONAL) /* who signed: the post and the body, no name */ \
    X(S, DAY,  signed_on,        _, 0, 0,   OPTIONAL)                                        \
    X(S, STR,  certificate,      _, 0, 80,  OPTIONAL) /* number of the certificate that it was signed with */
#define DOCUMENT_REGISTER_FIELDS(X, S) DOCUMENT_ABOUT_FIELDS(X, S)
MSG_DECLARE(document_register, DOCUMENT_REGISTER_FIELDS)    /* roster.document.register → registered */
/* A new edition: a document of its own that takes the place of `of`, which must be the last one so far. */
#define DOCUMENT_EDITION_FIELDS(X, S)                                                       \
    X(S, UUID, of, _, 0, 0, REQUIRED)                                                        \
    DOCUMENT_ABOUT_FIELDS(X, S)
MSG_DECLARE(document_edition, DOCUMENT_EDITION_FIELDS)      /* roster.document.edition → registered */
#define DOCUMENT_FIELDS(X, S)                                                               \
    X(S, UUID,  id,       _, 0, 0,         REQUIRED)                                         \
    DOCUMENT_ABOUT_FIELDS(X, S)                                                              \
    X(S, UUIDS, chain,    _, 1, CHAIN_MAX, REQUIRED) /* of the unit */                       \
    X(S, UUID,  first,    _, 0, 0,         REQUIRED) /* edition of the chain; itself: it is the first */ \
    X(S, U64,   edition,  _, 1, 1000,      REQUIRED) /* 1, 2 … */                            \
    X(S, UUID,  previous, _, 0, 0,         OPTIONAL)                                         \
    X(S, UUID,  replaced_by, _, 0, 0,      OPTIONAL)
MSG_DECLARE(document, DOCUMENT_FIELDS)                      /* event roster.document.registered, and a row of lists */
#define DOCUMENT_SUPERSEDED_FIELDS(X, S)                                                    \
    X(S, UUID, id,    _, 0, 0, REQUIRED)                                                     \
    X(S, UUID, by,    _, 0, 0, REQUIRED)                                                     \
    X(S, DAY,  until, _, 0, 0, REQUIRED)     /* last day in force of the one replaced */
MSG_DECLARE(document_superseded, DOCUMENT_SUPERSEDED_FIELDS)

/* ── to whom it was sent, and who has acknowledged it (рассылка, доведение до сведения) ── */
#define DOCUMENT_SEND_FIELDS(X, S)                                                          \
    X(S, UUID,  document, _, 0, 0,  REQUIRED)                                                \
    X(S, UUIDS, to,       _, 1, DOCUMENT_ADDRESSEES_MAX, REQUIRED) /* organisations */       \
    X(S, DAY,   day,      _, 0, 0,  OPTIONAL) /* left out: today */                          \
    X(S, STR,   how,      _, 0, 80, OPTIONAL)
MSG_DECLARE(document_send, DOCUMENT_SEND_FIELDS)            /* who has it already is not sent it again */
#define DOCUMENT_SENT_FIELDS(X, S)                                                          \
    X(S, UUID, document,     _, 0, 0,   REQUIRED)                                            \
    X(S, UUID, organisation, _, 0, 0,   REQUIRED)                                            \
    X(S, DAY,  day,          _, 0, 0,   REQUIRED)                                            \
    X(S, STR,  how,          _, 0, 80,  OPTIONAL)                                            \
    X(S, ENUM, kind,         document_kind, 0, 0, OPTIONAL) /* in the event: which one, for who does not see it */ \
    X(S, STR,  number,       _, 0, 80,  OPTIONAL)                                            \
    X(S, DAY,  dated,        _, 0, 0,   OPTIONAL)                                            \
    X(S, STR,  title,        _, 0, 600, OPTIONAL)                                            \
    X(S, BIN,  sha256,       _, 0, 32,  OPTIONAL)                                            \
    X(S, DAY,  acknowledged, _, 0, 0,   OPTIONAL) /* in the table: 0: not yet */             \
    X(S, UUID, by,           _, 0, 0,   OPTIONAL) /* the person who has, where one was named */
MSG_DECLARE(document_sent, DOCUMENT_SENT_FIELDS)            /* roster.document.sent, and a row of lists */
#define DOCUMENT_ACKNOWLEDGE_FIELDS(X, S)                                                   \
    X(S, UUID, document,     _, 0, 0, REQUIRED)                                              \
    X(S, UUID, organisation, _, 0, 0, REQUIRED)                                              \
    X(S, DAY,  day,          _, 0, 0, OPTIONAL)                                              \
    X(S, UUID, by,           _, 0, 0, OPTIONAL)
MSG_DECLARE(document_acknowledge, DOCUMENT_ACKNOWLEDGE_FIELDS)
#define DOCUMENT_ACKNOWLEDGED_FIELDS(X, S)                                                  \
    X(S, UUID, document,     _, 0, 0, REQUIRED)                                              \
    X(S, UUID, organisation, _, 0, 0, REQUIRED)                                              \
    X(S, DAY,  day,          _, 0, 0, REQUIRED)                                              \
    X(S, UUID, by,           _, 0, 0, OPTIONAL)
MSG_DECLARE(document_acknowledged, DOCUMENT_ACKNOWLEDGED_FIELDS)

/* ── queries ── */
#define DOCUMENT_CARD_FIELDS(X, S)                                                          \
    X(S, MSG,   document, document, 0, 0,    REQUIRED)                                       \
    X(S, UUIDS, editions, _,        1, 1000, REQUIRED) /* the whole chain, the first one first */
MSG_DECLARE(document_card, DOCUMENT_CARD_FIELDS)            /* roster.document.get (registered) */
#define DOCUMENTS_OF_FIELDS(X, S)                                                           \
    X(S, DAY,  on,    _, 0, 0,    OPTIONAL) /* in force on that day; 0: all */               \
    X(S, DAY,  since, _, 0, 0,    OPTIONAL) /* dated that day or later */                    \
    X(S, BIN,  after, _, 0, 511,  OPTIONAL)                                                  \
    X(S, U64,  limit, _, 0, 1000, OPTIONAL)
MSG_DECLARE(documents_of, DOCUMENTS_OF_FIELDS)              /* roster.document.list: in the order of their days */
#define DOCUMENT_LIST_FIELDS(X, S)                                                          \
    X(S, LIST, rows, document, 0, 1000, OPTIONAL)                                            \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(document_list, DOCUMENT_LIST_FIELDS)
#define SENDINGS_OF_FIELDS(X, S)                                                            \
    X(S, UUID, document, _, 0, 0,    REQUIRED)                                               \
    X(S, BIN,  after,    _, 0, 511,  OPTIONAL)                                               \
    X(S, U64,  limit,    _, 0, 1000, OPTIONAL)
MSG_DECLARE(sendings_of, SENDINGS_OF_FIELDS)                /* roster.document.sendings: those within reach */
#define SENDING_LIST_FIELDS(X, S)                                                           \
    X(S, LIST, rows, document_sent, 0, 1000, OPTIONAL)                                       \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(sending_list, SENDING_LIST_FIELDS)
/* What has been sent to an organisation, whoever sent it: earliest first. */
#define INBOX_OF_FIELDS(X, S)                                                               \
    X(S, UUID, organisation, _, 0, 0,    REQUIRED)                                           \
    X(S, BOOL, open,         _, 0, 0,    OPTIONAL) /* not acknowledged yet */                \
    X(S, BIN,  after,        _, 0, 511,  OPTIONAL)                                           \
    X(S, U64,  limit,        _, 0, 1000, OPTIONAL)
MSG_DECLARE(inbox_of, INBOX_OF_FIELDS)                      /* roster.document.inbox → sending_list, saying which documents */

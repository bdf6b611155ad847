#pragma once
#include "common/net/keys.h"
#include "common/net/problem.h"

/* letters: a request in an envelope, for a way without a connection: a memory stick that somebody carries.
 *
 * The envelope is crypto_box (X25519, XSalsa20-Poly1305) between the two CURVE key pairs that sender and service have
 * anyway. The carrier (letter.deliver) learns whose letter it is and how it fared, not what is in it. Whoever can make
 * one holds the sender's secret key, so the service takes the request in as if it had come over the sender's own
 * connection. The nonce comes from the content under the shared key: the same letter sealed twice gives the same bytes,
 * and two letters never share a nonce. Its beginning tells letters, answers and what CURVE itself seals apart.
 *
 * Pure but for memory. Errors: ERR_MALFORMED: a key, or what was sealed, cannot be read; ERR_DENIED: not sealed by
 * this key, or damaged on the way. */
#define LETTER_NONCE    24
#define LETTER_TAG      16
#define LETTER_BODY_MAX (240 * 1024)
#define LETTER_AFTER_MAX 8
#define LETTER_BOX_MAX  (250 * 1024)

#define LETTER_FIELDS(X, S)                                                                          \
    X(S, STR,    service,  _,        1, ENTRY_NAME_MAX,   REQUIRED) /* for whom: another one refuses it */ \
    X(S, STR,    method,   _,        1, ENTRY_NAME_MAX,   REQUIRED)                                  \
    X(S, UUID,   command,  _,        0, 0,                OPTIONAL) /* as in a REQUEST's header, with what follows */ \
    X(S, UUID,   lane,     _,        0, 0,                OPTIONAL)                                  \
    X(S, UUID,   previous, _,        0, 0,                OPTIONAL)                                  \
    X(S, UUID,   actor,    _,        0, 0,                OPTIONAL)                                  \
    X(S, MOMENT, made_at,  _,        0, 0,                OPTIONAL)                                  \
    X(S, LIST,   after,    position, 0, LETTER_AFTER_MAX, OPTIONAL)                                  \
    X(S, BIN,    body,     _,        0, LETTER_BODY_MAX,  OPTIONAL) /* none: an empty message */
MSG_DECLARE(letter, LETTER_FIELDS)

/* letter.deliver: what a carrier hands in … */
#define LETTER_DELIVER_FIELDS(X, S)                                                                  \
    X(S, UUID, principal, _, 0,            0,              REQUIRED) /* the sender */                \
    X(S, BIN,  nonce,     _, LETTER_NONCE, LETTER_NONCE,   REQUIRED)                                 \
    X(S, BIN,  box,       _, LETTER_TAG,   LETTER_BOX_MAX, REQUIRED) /* a letter */
MSG_DECLARE(letter_deliver, LETTER_DELIVER_FIELDS)

/* … and takes back for the sender. A letter that has not been decided (busy, unavailable, internal …) gives the
 * carrier an ERROR instead: he brings it again. */
#define LETTER_OUTCOMES(X) X(LETTER_REPLY, "reply") X(LETTER_PROBLEM, "problem")
ENUM_DECLARE(letter_outcome, LETTER_OUTCOMES)
#define LETTER_DELIVERED_FIELDS(X, S)                                                                \
    X(S, ENUM, outcome, letter_outcome, 0,            0,              REQUIRED)                      \
    X(S, ENUM, code,    problem_code,   0,            0,              OPTIONAL) /* of a problem */   \
    X(S, STR,  reason,  _,              1,            60,             OPTIONAL)                      \
    X(S, BIN,  nonce,   _,              LETTER_NONCE, LETTER_NONCE,   REQUIRED)                      \
    X(S, BIN,  box,     _,              LETTER_TAG,   LETTER_BOX_MAX, REQUIRED) /* a letter_answer */
MSG_DECLARE(letter_delivered, LETTER_DELIVERED_FIELDS)

#define LETTER_ANSWER_FIELDS(X, S)                                                                   \
    X(S, UUID, command,  _,              0, 0,               OPTIONAL)                               \
    X(S, ENUM, outcome,  letter_outcome, 0, 0,               REQUIRED)                               \
    X(S, BIN,  body,     _,              0, LETTER_BODY_MAX, OPTIONAL) /* the reply, or a problem */ \
    X(S, MSG,  position, position,       0, 0,               OPTIONAL)
MSG_DECLARE(letter_answer, LETTER_ANSWER_FIELDS)

/* What the two keys have in common: the same from either side. Wipe it (letter_key_wipe). */
struct letter_key { uint8_t shared[32]; };
int  letter_key(struct letter_key *key, const char public_key[KEY_TEXT + 1], const char secret_key[KEY_TEXT + 1]);
void letter_key_wipe(struct letter_key *key);

/* One envelope: nonce and box live in the arena. */
struct envelope { struct bytes nonce, box; };
/* ERR_MALFORMED: it is too large, or not a message by its list. */
int  letter_seal(const struct letter_key *key, const struct letter *letter, struct arena *arena, struct envelope *sealed);
int  letter_open(const struct letter_key *key, const struct envelope *sealed, struct arena *arena, struct letter *letter);
int  letter_answer_seal(const struct letter_key *key, const struct letter_answer *answer, struct arena *arena,
                        struct envelope *sealed);
int  letter_answer_open(const struct letter_key *key, const struct envelope *sealed, struct arena *arena,
                        struct letter_answer *answer);

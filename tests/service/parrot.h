#pragma once
#include "common/service/machine.h"

/* parrot: a tiny service for the tests of the daemon and of the protocol. It says words.
 *
 * parrot.word.say     command: `times` events of the text; refuses "no" (conflict), breaks on "crash" (internal),
 *                     takes slow_ms over it. A scope makes the events visible to its own only.
 * parrot.word.count   query   parrot.word.get  query: not_found for what was never said
 * parrot.word.repeat  query: a reply of so many bytes */
#define PARROT_SAY_FIELDS(X, S)                             \
    X(S, STR,  text,    _, 1, 8000,  REQUIRED)              \
    X(S, U64,  times,   _, 0, 256,   OPTIONAL)              \
    X(S, U64,  slow_ms, _, 0, 10000, OPTIONAL)              \
    X(S, UUID, scope,   _, 0, 0,     OPTIONAL)
MSG_DECLARE(parrot_say, PARROT_SAY_FIELDS)
#define PARROT_SAID_FIELDS(X, S)  X(S, STR, text, _, 1, 8000, REQUIRED)
MSG_DECLARE(parrot_said, PARROT_SAID_FIELDS)
#define PARROT_COUNT_FIELDS(X, S) X(S, U64, count, _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(parrot_count, PARROT_COUNT_FIELDS)
#define PARROT_REPEAT_FIELDS(X, S)  X(S, U64, bytes, _, 1, 400000, REQUIRED) X(S, U64, slow_ms, _, 0, 10000, OPTIONAL)
MSG_DECLARE(parrot_repeat, PARROT_REPEAT_FIELDS)
#define PARROT_NOISE_FIELDS(X, S) X(S, BIN, noise, _, 0, 400000, REQUIRED)
MSG_DECLARE(parrot_noise, PARROT_NOISE_FIELDS)

/* pigeon: an errand between a folder and parrot. A file in files/in is a text: it is taken as a note (and the file is
 * dropped), said to parrot, and what parrot answered is put into files/out under the same name.
 *
 * pigeon.note.take, pigeon.note.answer: of the errand alone   pigeon.note.count  query: {taken, answered} */
#define PIGEON_NOTE_FIELDS(X, S)                            \
    X(S, STR,  name,     _, 1, 100,       REQUIRED)         \
    X(S, STR,  text,     _, 1, 8000,      OPTIONAL)         \
    X(S, U64,  answer,   _, 0, INT64_MAX, OPTIONAL)         \
    X(S, STR,  refusal,  _, 0, 60,        OPTIONAL)         \
    X(S, BOOL, answered, _, 0, 0,         OPTIONAL)
MSG_DECLARE(pigeon_note, PIGEON_NOTE_FIELDS)
#define PIGEON_COUNT_FIELDS(X, S)                           \
    X(S, U64,  taken,    _, 0, INT64_MAX, REQUIRED)         \
    X(S, U64,  answered, _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(pigeon_count, PIGEON_COUNT_FIELDS)
extern const struct service pigeon_service;

extern const struct service parrot_service;
/* echo: follows parrot and counts the words. */
extern const struct service echo_service;

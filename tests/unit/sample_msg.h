#pragma once
#include "common/codec/msg.h"

/* A message with every kind in it, for the tests and the fuzzer. */
#define COLOURS(X) X(COLOUR_RED, "red") X(COLOUR_GREEN, "green") X(COLOUR_BLUE, "blue")
ENUM_DECLARE(colour, COLOURS)

#define ANSWER_FIELDS(X, S)                                         \
    X(S, U64,    item,      _,      1,    500,          REQUIRED)   \
    X(S, STR,    answer,    _,      0,    40,           OPTIONAL)
MSG_DECLARE(answer, ANSWER_FIELDS)

/* It may hold itself: the only bound is that of depth. */
struct nest;
extern const struct msg_desc nest_desc;
#define NEST_FIELDS(X, S)                                           \
    X(S, MSG,    inner,     nest,   0,    0,            OPTIONAL)   \
    X(S, LIST,   items,     nest,   1,    100000,       OPTIONAL)
struct nest { NEST_FIELDS(MSG_MEMBER, nest) };

#define SAMPLE_FIELDS(X, S)                                         \
    X(S, BOOL,   flag,      _,      0,    0,            OPTIONAL)   \
    X(S, U64,    count,     _,      1,    1000,         REQUIRED)   \
    X(S, I64,    balance,   _,      -500, 500,          OPTIONAL)   \
    X(S, STR,    name,      _,      3,    12,           REQUIRED)   \
    X(S, BIN,    blob,      _,      2,    8,            OPTIONAL)   \
    X(S, UUID,   id,        _,      0,    0,            REQUIRED)   \
    X(S, DAY,    day,       _,      1,    DAY_MAX,      OPTIONAL)   \
    X(S, MOMENT, at,        _,      0,    0,            OPTIONAL)   \
    X(S, ENUM,   colour,    colour, 0,    0,            OPTIONAL)   \
    X(S, MSG,    last,      answer, 0,    0,            OPTIONAL)   \
    X(S, LIST,   answers,   answer, 0,    4,            REQUIRED)   \
    X(S, UUIDS,  works,     _,      1,    3,            OPTIONAL)   \
    X(S, STRS,   tags,      _,      1,    3,            OPTIONAL)   \
    X(S, U64S,   numbers,   _,      1,    3,            OPTIONAL)   \
    X(S, MSG,    nest,      nest,   0,    0,            OPTIONAL)   \
    X(S, U64,    big,       _,      0,    INT64_MAX,    OPTIONAL)
MSG_DECLARE(sample, SAMPLE_FIELDS)

/* One program includes the definitions. */
#ifdef SAMPLE_DEFINE
ENUM_DEFINE(colour, COLOURS)
MSG_DEFINE(answer, ANSWER_FIELDS)
MSG_DEFINE(nest, NEST_FIELDS)
MSG_DEFINE(sample, SAMPLE_FIELDS)

/* Every field set. */
static inline struct sample sample_full(void)
{
    static struct answer answers[] = { { 1, "да" }, { 500, NULL } };
    static struct uuid works[] = { { { 1 } }, { { 2 } }, { { 3 } } };
    static const char *tags[] = { "школа", "", "вуз" };
    static uint64_t numbers[] = { 0, 128, UINT64_MAX };
    static struct nest leaves[2], nest;
    nest = (struct nest){ .inner = &leaves[1], .items = { 2, leaves } };
    return (struct sample){
        .flag = true, .count = 1000, .balance = -500, .name = "Анна", .blob = { "\x00\xff", 2 },
        .id = { { 0x01, 0x92, 0xf0, 0xc1, 0x2d, 0x3e, 0x7a, 0x4b, 0x8c, 0x5d, 0x6e, 0x7f, 0x8a, 0x9b, 0x0c, 0x1d } },
        .day = 19981, .at = 1726385400123456, .colour = COLOUR_BLUE, .last = &answers[0],
        .answers = { 2, answers }, .works = { 3, works }, .tags = { 3, tags }, .numbers = { 3, numbers },
        .nest = &nest, .big = UINT64_C(9007199254740993),
    };
}
#endif

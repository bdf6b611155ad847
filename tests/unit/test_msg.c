#define SAMPLE_DEFINE
#include "tests/unit/check.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/core/err.h"
#include "tests/unit/sample_msg.h"

static void assert_refused(const struct msg_desc *desc, struct bytes wire, const char *path, const char *rule,
                           int64_t limit)
{
    struct arena arena = { 0 };
    struct msg_error error = { .rule = "accepted" };
    void *out = arena_alloc(&arena, desc->size);
    /* The exact bytes on the heap: a read past them is seen by the sanitizer. */
    void *exact = malloc(wire.n > 0 ? wire.n : 1);

    memcpy(exact, wire.at, wire.n);
    int err = msg_decode(desc, bytes(exact, wire.n), MSG_STRICT, &arena, out, &error);
    free(exact);
    assert_string_equal(error.rule, rule);
    assert_int_equal(err, ERR_MALFORMED);
    assert_string_equal(error.path, path);
    assert_int_equal(error.limit, limit);
    arena_free(&arena);
}

static void a_message_with_every_kind_comes_back_as_it_was(void **state)
{
    struct sample in = sample_full(), out;
    struct arena arena = { 0 };
    struct buf wire = { 0 }, again = { 0 };
    struct msg_error error;
    (void)state;

    msg_encode(&sample_desc, &in, &wire);
    assert_true(msg_sane(buf_bytes(&wire), &error));
    assert_int_equal(msg_decode(&sample_desc, buf_bytes(&wire), MSG_STRICT, &arena, &out, &error), ERR_OK);
    memset(wire.at, 0xa5, wire.n);      /* nothing of it points into the wire */
    assert_true(out.flag);
    assert_int_equal(out.count, 1000);
    assert_int_equal(out.balance, -500);
    assert_string_equal(out.name, "Анна");
    assert_true(bytes_equal(out.blob, LITERAL("\x00\xff")));
    assert_true(uuid_equal(&out.id, &in.id));
    assert_int_equal(out.day, 19981);
    assert_int_equal(out.at, 1726385400123456);
    assert_int_equal(out.colour, COLOUR_BLUE);
    assert_string_equal(out.last->answer, "да");
    assert_int_equal(out.answers.n, 2);
    assert_int_equal(out.answers.at[1].item, 500);
    assert_null(out.answers.at[1].answer);
    assert_int_equal(out.works.at[2].b[0], 3);
    assert_string_equal(out.tags.at[1], "");
    assert_true(out.numbers.at[2] == UINT64_MAX);
    assert_int_equal(out.nest->items.n, 2);
    assert_non_null(out.nest->inner);
    assert_true(out.big == UINT64_C(9007199254740993));

    buf_clear(&wire);
    msg_encode(&sample_desc, &in, &wire);
    msg_encode(&sample_desc, &out, &again);
    assert_true(bytes_equal(buf_bytes(&wire), buf_bytes(&again)));
    struct bytes third = msg_encode_in(&arena, &sample_desc, &out);
    assert_true(bytes_equal(third, buf_bytes(&again)));
    buf_free(&wire);
    buf_free(&again);
    arena_free(&arena);
}

static void every_prefix_and_every_trailing_byte_is_refused(void **state)
{
    struct sample in = sample_full();
    struct buf wire = { 0 };
    (void)state;

    msg_encode(&sample_desc, &in, &wire);
    for (size_t n = 0; n < wire.n; n++)
        assert_refused(&sample_desc, bytes(wire.at, n), "", "not_msgpack", 0);
    buf_byte(&wire, 0xc0);
    assert_refused(&sample_desc, buf_bytes(&wire), "", "not_msgpack", 0);
    buf_free(&wire);
}

static void what_is_zero_and_optional_is_not_written(void **state)
{
    static struct answer answer = { .item = 5 };
    struct sample in = { .count = 1, .name = "abc" };
    struct buf wire = { 0 };
    (void)state;

    msg_encode(&answer_desc, &answer, &wire);
    assert_true(bytes_equal(buf_bytes(&wire), LITERAL("\x81\xa4item\x05")));
    answer.answer = "";                 /* said, though empty */
    buf_clear(&wire);
    msg_encode(&answer_desc, &answer, &wire);
    assert_true(bytes_equal(buf_bytes(&wire), LITERAL("\x82\xa4item\x05\xa6" "answer\xa0")));
    answer.answer = NULL;
    buf_clear(&wire);
    msg_encode(&sample_desc, &in, &wire);       /* a required nil and a required empty list are */
    assert_true(bytes_equal(buf_bytes(&wire), LITERAL("\x84\xa5" "count\x01\xa4name\xa3" "abc\xa2id\xc4\x10"
                "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xa7" "answers\x90")));
    buf_clear(&wire);
    msg_encode(&nothing_desc, &(struct nothing){ 0 }, &wire);
    assert_true(bytes_equal(buf_bytes(&wire), LITERAL("\x80")));
    buf_free(&wire);
}

static void a_moment_takes_the_64_bit_form(void **state)
{
    struct sample in = { .count = 1, .name = "abc", .at = 1000001 };
    struct buf wire = { 0 };
    (void)state;

    msg_encode(&sample_desc, &in, &wire);
    assert_non_null(memmem(wire.at, wire.n, "\xa2" "at\xd7\xff\x00\x00\x0f\xa0\x00\x00\x00\x01", 13));
    buf_free(&wire);
}

#define B(s) s, sizeof(s) - 1
#define HEAD "\xa5" "count\x05\xa4name\xa3" "abc\xa2id\xc4\x10" "0123456789abcdef\xa7" "answers\x90"

/* With HEAD before the field, so that nothing else is missing. */
static const struct { const char *field; size_t n; const char *path, *rule; int64_t limit; } FIELDS[] = {
    { B("\xa4" "flag\xc3"), NULL, NULL, 0 },
    { B("\xa4" "flag\x01"), "flag", "type", 0 },
    { B("\xa4" "flag\xc0"), "flag", "type", 0 },
    { B("\xa7" "balance\xcd\x01\xf4"), NULL, NULL, 0 },
    { B("\xa7" "balance\xcd\x01\xf5"), "balance", "range", 500 },
    { B("\xa7" "balance\xd1\xfe\x0c"), NULL, NULL, 0 },
    { B("\xa7" "balance\xd1\xfe\x0b"), "balance", "range", -500 },
    { B("\xa7" "balance\xcf\xff\xff\xff\xff\xff\xff\xff\xff"), "balance", "range", 500 },
    { B("\xa7" "balance\xca\x3f\x80\x00\x00"), "balance", "type", 0 },
    { B("\xa7" "balance\xa1" "5"), "balance", "type", 0 },
    { B("\xa3" "big\xcf\x7f\xff\xff\xff\xff\xff\xff\xff"), NULL, NULL, 0 },
    { B("\xa3" "big\xcf\x80\x00\x00\x00\x00\x00\x00\x00"), "big", "range", INT64_MAX },
    { B("\xa3" "big\xff"), "big", "range", 0 },
    { B("\xa4" "blob\xc4\x02zz"), NULL, NULL, 0 },
    { B("\xa4" "blob\xc4\x01z"), "blob", "too_short", 2 },
    { B("\xa4" "blob\xc4\x08zzzzzzzz"), NULL, NULL, 0 },
    { B("\xa4" "blob\xc4\x09zzzzzzzzz"), "blob", "too_long", 8 },
    { B("\xa4" "blob\xa2zz"), "blob", "type", 0 },
    { B("\xa3" "day\x01"), NULL, NULL, 0 },
    { B("\xa3" "day\x00"), "day", "range", 1 },
    { B("\xa3" "day\xce\x00\x2c\xc0\xa0"), NULL, NULL, 0 },
    { B("\xa3" "day\xce\x00\x2c\xc0\xa1"), "day", "range", DAY_MAX },
    { B("\xa3" "day\xcf\x00\x00\x00\x01\x00\x00\x00\x01"), "day", "range", DAY_MAX },
    { B("\xa2" "at\xd6\xff\x00\x00\x00\x01"), NULL, NULL, 0 },
    { B("\xa2" "at\xd7\xff\xff\xff\xff\xff\x00\x00\x00\x01"), "at", "range", (INT64_C(1) << 34) * 1000000 - 1 },
    { B("\xa2" "at\xc7\x0c\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"), NULL, NULL, 0 },
    { B("\xa2" "at\xc7\x0c\xff\x00\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00"), "at", "range", (INT64_C(1) << 34) * 1000000 - 1 },
    { B("\xa2" "at\xc7\x0c\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"), "at", "range", 0 },
    { B("\xa2" "at\x01"), "at", "type", 0 },
    { B("\xa6" "colour\xa4" "blue"), NULL, NULL, 0 },
    { B("\xa6" "colour\xa4" "pink"), "colour", "no_such_name", 0 },
    { B("\xa6" "colour\xa3" "blu"), "colour", "no_such_name", 0 },
    { B("\xa6" "colour\xa6" "blue\0x"), "colour", "no_such_name", 0 },
    { B("\xa6" "colour\x01"), "colour", "type", 0 },
    { B("\xa4" "last\x90"), "last", "type", 0 },
    { B("\xa4" "last\x80"), "last.item", "missing", 0 },
    { B("\xa4" "last\x81\xa4item\xcd\x01\xf5"), "last.item", "range", 500 },
    { B("\xa5" "works\x91\xc4\x10" "0123456789abcdef"), NULL, NULL, 0 },
    { B("\xa5" "works\x90"), "works", "too_few", 1 },
    { B("\xa5" "works\x94\x01\x01\x01\x01"), "works", "too_many", 3 },
    { B("\xa5" "works\x92\xc4\x10" "0123456789abcdef\xc4\x0f" "0123456789abcde"), "works[1]", "too_short", 16 },
    { B("\xa5" "works\x91\xc4\x11" "0123456789abcdefg"), "works[0]", "too_long", 16 },
    { B("\xa4" "tags\x93\xa0\xa1z\x01"), "tags[2]", "type", 0 },
    { B("\xa4" "tags\x91\xa2\xd0\xd0"), "tags[0]", "utf8", 0 },
    { B("\xa7" "numbers\x92\x01\xcf\xff\xff\xff\xff\xff\xff\xff\xff"), NULL, NULL, 0 },
    { B("\xa7" "numbers\x92\x01\xff"), "numbers[1]", "range", 0 },
    { B("\xa7" "numbers\x80"), "numbers", "type", 0 },
    { B("\xa4" "nest\x81\xa5items\x92\x80\x81\xa5inner\x07"), "nest.items[1].inner", "type", 0 },
    { B("\xa4" "nope\x01"), "nope", "unknown", 0 },
    { B("\xa2\x01\x02\x01"), "?", "unknown", 0 },       /* a name that cannot be shown */
    { B("\xa0\x01"), "?", "unknown", 0 },
    { B("\x07\x01"), "", "type", 0 },                   /* a key that is not text */
    { B("\xa5" "count\x05"), "count", "repeated", 0 },
};
static void each_kind_keeps_its_limits_and_says_which(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(FIELDS); i++) {
        struct arena arena = { 0 };
        struct sample out;
        struct msg_error error = { .path = "-", .rule = "accepted" };
        struct buf wire = { 0 };
        buf_put(&wire, "\x85" HEAD, sizeof "\x85" HEAD - 1);
        buf_put(&wire, FIELDS[i].field, FIELDS[i].n);
        int err = msg_decode(&sample_desc, buf_bytes(&wire), MSG_STRICT, &arena, &out, &error);
        if ((err == ERR_OK) != (FIELDS[i].rule == NULL))
            fail_msg("row %zu: %s %s", i, error.path, error.rule);
        if (FIELDS[i].rule != NULL)
            assert_refused(&sample_desc, buf_bytes(&wire), FIELDS[i].path, FIELDS[i].rule, FIELDS[i].limit);
        buf_free(&wire);
        arena_free(&arena);
    }
}

static const struct { const char *wire; size_t n; const char *path, *rule; int64_t limit; } WHOLE[] = {
    { B(""), "", "not_msgpack", 0 },
    { B("\x01"), "", "type", 0 },
    { B("\xc1"), "", "not_msgpack", 0 },
    { B("\x80"), "count", "missing", 0 },
    { B("\x81\xa5" "count\x00"), "count", "range", 1 },
    { B("\x81\xa5" "count\xcd\x03\xe9"), "count", "range", 1000 },
    { B("\x81\xa4" "name\xa2" "ab"), "name", "too_short", 3 },
    { B("\x81\xa4" "name\xad" "0123456789abc"), "name", "too_long", 12 },
    { B("\x81\xa4" "name\xa4" "a\0bc"), "name", "zero_byte", 0 },
    { B("\x81\xa4" "name\xa3" "ab\xff"), "name", "utf8", 0 },
    { B("\x81\xa4" "name\xc4\x03" "abc"), "name", "type", 0 },
    { B("\x81\xa7" "answers\x92\x81\xa4item\x01\x82\xa4item\x01\xa6" "answer\xd9\x29" "01234567890123456789012345678901234567890"),
      "answers[1].answer", "too_long", 40 },
    { B("\x81\xa7" "answers\x95\x80\x80\x80\x80\x80"), "answers", "too_many", 4 },
    { B("\x81\xa7" "answers\x91\x01"), "answers[0]", "type", 0 },
    { B("\x81\xa7" "answers\x91\x81\xa4what\x01"), "answers[0].what", "unknown", 0 },
    /* bombs: what a header declares must fit into what is there */
    { B("\xdd\xff\xff\xff\xff"), "", "not_msgpack", 0 },
    { B("\xdf\xff\xff\xff\xff"), "", "not_msgpack", 0 },
    { B("\xdc\xff\xff\xc0"), "", "not_msgpack", 0 },
    { B("\xde\x80\x00\xc0\xc0"), "", "not_msgpack", 0 },
    { B("\xdb\xff\xff\xff\xff" "a"), "", "not_msgpack", 0 },
    { B("\xc6\xff\xff\xff\xff" "a"), "", "not_msgpack", 0 },
    { B("\x92\xdd\x00\x00\x00\x02\xc0\xc0"), "", "not_msgpack", 0 },
    /* extensions: a timestamp in one of its three forms, nothing else */
    { B("\xd6\xff\x00\x00\x00\x01"), "", "type", 0 },
    { B("\xd4\xff\x00"), "", "not_msgpack", 0 },
    { B("\xd5\xff\x00\x00"), "", "not_msgpack", 0 },
    { B("\xd6\x01\x00\x00\x00\x01"), "", "not_msgpack", 0 },
    { B("\xd6\xff\x00\x00\x00"), "", "not_msgpack", 0 },
    { B("\xd6"), "", "not_msgpack", 0 },
    { B("\xd8\xff" "0123456789abcdef"), "", "not_msgpack", 0 },
    { B("\xc7\x08\xff\x00\x00\x00\x00\x00\x00\x00\x01"), "", "not_msgpack", 0 },
    { B("\xc8\x00\x0c\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"), "", "not_msgpack", 0 },
    { B("\xc9\x00\x00\x00\x04\xff\x00\x00\x00\x01"), "", "not_msgpack", 0 },
};
static void hostile_input_is_refused_with_the_place_and_the_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(WHOLE); i++)
        assert_refused(&sample_desc, bytes(WHOLE[i].wire, WHOLE[i].n), WHOLE[i].path, WHOLE[i].rule, WHOLE[i].limit);
}

static void depth_is_allowed_up_to_its_limit_and_not_beyond(void **state)
{
    struct arena arena = { 0 };
    struct buf wire = { 0 };
    struct nest out;
    struct msg_error error;
    (void)state;

    for (int i = 0; i < MSG_DEPTH_MAX - 1; i++)
        buf_put(&wire, "\x81\xa5inner", 7);
    buf_byte(&wire, 0x80);
    assert_int_equal(msg_decode(&nest_desc, buf_bytes(&wire), MSG_STRICT, &arena, &out, &error), ERR_OK);
    wire.n--;
    buf_put(&wire, "\x81\xa5inner\x80", 8);
    assert_refused(&nest_desc, buf_bytes(&wire), "", "too_deep", MSG_DEPTH_MAX);
    buf_clear(&wire);
    for (int i = 0; i < 100000; i++)
        buf_byte(&wire, 0x91);
    assert_refused(&nest_desc, buf_bytes(&wire), "", "too_deep", MSG_DEPTH_MAX);
    buf_free(&wire);
    arena_free(&arena);
}

static void size_is_allowed_up_to_its_limit_and_not_beyond(void **state)
{
    struct buf wire = { 0 };
    struct msg_error error;
    (void)state;

    buf_put(&wire, "\xc6\x00\x03\xff\xfb", 5);
    buf_reserve(&wire, MSG_BYTES_MAX);
    memset(wire.at + 5, 0, MSG_BYTES_MAX - 5);
    wire.n = MSG_BYTES_MAX;
    assert_true(msg_sane(buf_bytes(&wire), &error));
    wire.at[4]++;
    wire.n++;
    assert_false(msg_sane(buf_bytes(&wire), &error));
    assert_string_equal(error.rule, "too_big");
    assert_int_equal(error.limit, MSG_BYTES_MAX);
    buf_free(&wire);
}

/* A frame of nothing but empty maps: as much as a frame can ask for, 24 bytes of struct for each byte. */
static void the_most_a_list_may_hold_is_decoded_and_one_more_is_refused(void **state)
{
    struct arena arena = { 0 };
    struct buf wire = { 0 };
    struct nest out;
    struct msg_error error;
    (void)state;

    buf_put(&wire, "\x81\xa5items\xdd\x00\x01\x86\xa0", 12);
    for (int i = 0; i < 100000; i++)
        buf_byte(&wire, 0x80);
    assert_int_equal(msg_decode(&nest_desc, buf_bytes(&wire), MSG_STRICT, &arena, &out, &error), ERR_OK);
    buf_byte(&wire, 0x80);
    wire.at[11]++;
    assert_refused(&nest_desc, buf_bytes(&wire), "items", "too_many", 100000);

    buf_clear(&wire);
    buf_put(&wire, "\x81\xa5items\x93", 8);
    for (int list = 0; list < 3; list++) {
        buf_put(&wire, "\x82\xa5inner\x80\xa5items\xdd\x00\x01\x40\x00", 19);
        for (int i = 0; i < 0x14000; i++)
            buf_byte(&wire, 0x80);
    }
    assert_true(3 * 0x14000 * sizeof(struct nest) < MSG_DECODED_MAX);
    assert_int_equal(msg_decode(&nest_desc, buf_bytes(&wire), MSG_STRICT, &arena, &out, &error), ERR_OK);
    buf_free(&wire);
    arena_free(&arena);
}

#define WIDE_FIELDS(X, S) X(S, UUIDS, a, _, 0, 9, REQUIRED) X(S, UUIDS, b, _, 0, 9, REQUIRED) \
    X(S, UUIDS, c, _, 0, 9, REQUIRED) X(S, UUIDS, d, _, 0, 9, REQUIRED) X(S, UUIDS, e, _, 0, 9, REQUIRED)
#define WIDES_FIELDS(X, S) X(S, LIST, items, wide, 0, 1000000, REQUIRED)
MSG_DECLARE(wide, WIDE_FIELDS)
MSG_DECLARE(wides, WIDES_FIELDS)
MSG_DEFINE(wide, WIDE_FIELDS)
MSG_DEFINE(wides, WIDES_FIELDS)

static void a_list_that_would_take_too_much_is_refused_before_it_is_allocated(void **state)
{
    struct buf wire = { 0 };
    (void)state;

    buf_put(&wire, "\x81\xa5items\xdd\x00\x02\x00\x00", 12);        /* 131,072 items of 80 bytes: 10 MB */
    for (int i = 0; i < 0x20000; i++)
        buf_byte(&wire, 0x80);
    assert_refused(&wides_desc, buf_bytes(&wire), "items", "too_big", MSG_DECODED_MAX);
    buf_free(&wire);
}

static void lenient_reading_skips_what_is_unknown_and_nothing_else(void **state)
{
    static const struct { const char *wire; size_t n; const char *rule; } ROWS[] = {
        { B("\x82\xa4item\x05\xa4more\x92\x81\x01\x02\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00"), NULL },
        { B("\x83\xa4more\xc0\xa4more\xc0\xa4item\x05"), NULL },
        { B("\x82\xa4item\x05\xa4item\x05"), "repeated" },
        { B("\x82\xa4item\x05\x05\x05"), "type" },
        { B("\x81\xa4more\x05"), "missing" },
        { B("\x81\xa4item\x05\x00"), "not_msgpack" },
    };
    (void)state;

    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct arena arena = { 0 };
        struct answer out;
        struct msg_error error = { .rule = "" };
        int err = msg_decode(&answer_desc, bytes(ROWS[i].wire, ROWS[i].n), MSG_LENIENT, &arena, &out, &error);
        assert_int_equal(err, ROWS[i].rule != NULL ? ERR_MALFORMED : ERR_OK);
        assert_string_equal(error.rule, ROWS[i].rule != NULL ? ROWS[i].rule : "");
        assert_int_equal(out.item, err == ERR_OK ? 5 : 0);      /* a refused message leaves nothing */
        arena_free(&arena);
    }
    assert_refused(&nothing_desc, LITERAL("\x81\xa1x\x01"), "x", "unknown", 0);
}

static void a_long_path_is_cut_between_characters(void **state)
{
    struct buf wire = { 0 };
    struct arena arena = { 0 };
    struct nest out;
    struct msg_error error;
    (void)state;

    for (int i = 0; i < 5; i++)
        buf_put(&wire, "\x81\xa5items\x91", 8);
    buf_put(&wire, "\x81\xd9\x30", 3);
    for (int i = 0; i < 24; i++)
        buf_text(&wire, "ы");
    buf_byte(&wire, 1);
    assert_int_equal(msg_decode(&nest_desc, buf_bytes(&wire), MSG_STRICT, &arena, &out, &error), ERR_MALFORMED);
    assert_int_equal(strncmp(error.path, "items[0].items[0].items[0].items[0].items[0].ы", 47), 0);
    assert_true(strlen(error.path) < MSG_PATH_MAX);
    assert_int_equal(strlen(error.path) % 2, 1);        /* 45 bytes, then whole letters */
    buf_free(&wire);
    arena_free(&arena);
}

/* The struct is spoilt in one place; msg_check() names it, and msg_encode() would not write it. */
static void a_struct_filled_by_hand_is_held_to_the_same_limits(void **state)
{
    static struct answer five[5] = { { 1, NULL }, { 1, NULL }, { 1, NULL }, { 1, NULL }, { 1, NULL } };
    static const char *tags[] = { "a", NULL };
    static char long_tag[MSG_STRS_BYTES + 2];
    struct sample s = sample_full();
    struct msg_error error;
    (void)state;

#define SPOILT(change, path_, rule_, limit_) do {                                   \
        struct sample kept = s;                                                     \
        change;                                                                     \
        assert_int_equal(msg_check(&sample_desc, &s, &error), ERR_MALFORMED);       \
        assert_string_equal(error.path, path_);                                     \
        assert_string_equal(error.rule, rule_);                                     \
        assert_int_equal(error.limit, limit_);                                      \
        s = kept;                                                                   \
    } while (0)
    assert_int_equal(msg_check(&sample_desc, &s, &error), ERR_OK);
    SPOILT(s.count = 0, "count", "range", 1);
    SPOILT(s.count = UINT64_MAX, "count", "range", 1000);
    SPOILT(s.balance = 501, "balance", "range", 500);
    SPOILT(s.name = NULL, "name", "missing", 0);
    SPOILT(s.name = "ab", "name", "too_short", 3);
    SPOILT(s.name = "0123456789abc", "name", "too_long", 12);
    SPOILT(s.name = "ab\xff", "name", "utf8", 0);
    SPOILT(s.blob.n = 1, "blob", "too_short", 2);
    SPOILT(s.day = DAY_MAX + 1, "day", "range", DAY_MAX);
    SPOILT(s.at = -1, "at", "range", 0);
    SPOILT(s.colour = 3, "colour", "no_such_name", 0);
    SPOILT(s.colour = -1, "colour", "no_such_name", 0);
    SPOILT((s.answers.n = 5, s.answers.at = five), "answers", "too_many", 4);
    SPOILT((s.tags.n = 2, s.tags.at = tags), "tags[1]", "missing", 0);
    memset(long_tag, 'a', MSG_STRS_BYTES + 1);
    tags[1] = long_tag;
    SPOILT((s.tags.n = 2, s.tags.at = tags), "tags[1]", "too_long", MSG_STRS_BYTES);
    five[1].item = 0;
    SPOILT((s.answers.n = 2, s.answers.at = five), "answers[1].item", "range", 1);
    struct nest ring = { .inner = &ring };
    SPOILT(s.nest = &ring, "nest.inner.inner.inner.inner.inner.inner.inner.inner.inner.inner.inner", "too_deep",
           MSG_DEPTH_MAX);
}

static void encoding_what_the_check_refuses_ends_the_process(void **state)
{
    struct answer bad = { .item = 0 };
    int status;
    (void)state;

    pid_t pid = fork();
    if (pid == 0) {
        struct buf out = { 0 };
        close(STDERR_FILENO);
        signal(SIGABRT, SIG_DFL);
        msg_encode(&answer_desc, &bad, &out);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void names_of_an_enum_are_found_whole(void **state)
{
    (void)state;
    assert_int_equal(enum_find(&colour_names, "red", 3), COLOUR_RED);
    assert_int_equal(enum_find(&colour_names, "blue", 4), COLOUR_BLUE);
    assert_int_equal(enum_find(&colour_names, "blue", 3), -1);
    assert_int_equal(enum_find(&colour_names, "blues", 5), -1);
    assert_int_equal(enum_find(&colour_names, "", 0), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_with_every_kind_comes_back_as_it_was),
        cmocka_unit_test(every_prefix_and_every_trailing_byte_is_refused),
        cmocka_unit_test(what_is_zero_and_optional_is_not_written),
        cmocka_unit_test(a_moment_takes_the_64_bit_form),
        cmocka_unit_test(each_kind_keeps_its_limits_and_says_which),
        cmocka_unit_test(hostile_input_is_refused_with_the_place_and_the_rule),
        cmocka_unit_test(depth_is_allowed_up_to_its_limit_and_not_beyond),
        cmocka_unit_test(size_is_allowed_up_to_its_limit_and_not_beyond),
        cmocka_unit_test(the_most_a_list_may_hold_is_decoded_and_one_more_is_refused),
        cmocka_unit_test(a_list_that_would_take_too_much_is_refused_before_it_is_allocated),
        cmocka_unit_test(lenient_reading_skips_what_is_unknown_and_nothing_else),
        cmocka_unit_test(a_long_path_is_cut_between_characters),
        cmocka_unit_test(a_struct_filled_by_hand_is_held_to_the_same_limits),
        cmocka_unit_test(encoding_what_the_check_refuses_ends_the_process),
        cmocka_unit_test(names_of_an_enum_are_found_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#define SAMPLE_DEFINE
#include "tests/unit/check.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/codec/text_forms.h"
#include "common/core/err.h"
#include "tests/unit/sample_msg.h"

typedef int reader(const struct msg_desc *desc, struct bytes text, struct buf *msgpack, struct places *places,
                   struct text_error *error);

/* Text read and decoded; "line:column path rule", "line:column text" of a syntax error, or "" for success. */
static const char *fault_of(reader *read, const char *text, size_t n, struct arena *arena, struct sample *out)
{
    struct buf msgpack = { 0 };
    struct places places = { .arena = arena };
    struct text_error wrong;
    struct msg_error error;
    const char *fault = "";
    char *exact = malloc(n > 0 ? n : 1);

    memcpy(exact, text, n);
    if (read(&sample_desc, bytes(exact, n), &msgpack, &places, &wrong) != ERR_OK) {
        fault = arena_format(arena, "%u:%u %s", wrong.line, wrong.column, wrong.text);
    } else if (msg_decode(&sample_desc, buf_bytes(&msgpack), MSG_STRICT, arena, out, &error) != ERR_OK) {
        const struct place *place = place_of(&places, error.path);
        assert_non_null(place);
        fault = arena_format(arena, "%u:%u %s %s", place->line, place->column, error.path, error.rule);
    }
    free(exact);
    buf_free(&msgpack);
    return fault;
}

static const char FULL_LINE[] =
    "{\"flag\":true,\"count\":1000,\"balance\":-500,\"name\":\"Анна\",\"blob\":\"AP8=\","
    "\"id\":\"0192f0c1-2d3e-7a4b-8c5d-6e7f8a9b0c1d\",\"day\":\"2024-09-15\",\"at\":\"2024-09-15T07:30:00.123456Z\","
    "\"colour\":\"blue\",\"last\":{\"item\":1,\"answer\":\"да\"},\"answers\":[{\"item\":1,\"answer\":\"да\"},{\"item\":500}],"
    "\"works\":[\"01000000-0000-0000-0000-000000000000\",\"02000000-0000-0000-0000-000000000000\","
    "\"03000000-0000-0000-0000-000000000000\"],\"tags\":[\"школа\",\"\",\"вуз\"],\"numbers\":[0,128,\"18446744073709551615\"],"
    "\"nest\":{\"inner\":{},\"items\":[{},{}]},\"big\":\"9007199254740993\"}";

static void a_message_goes_to_json_and_comes_back(void **state)
{
    struct sample in = sample_full(), out;
    struct buf wire = { 0 }, json = { 0 }, again = { 0 };
    struct arena arena = { 0 };
    (void)state;

    msg_encode(&sample_desc, &in, &wire);
    assert_int_equal(json_write(&sample_desc, buf_bytes(&wire), false, &json), ERR_OK);
    assert_string_equal(buf_string(&json), FULL_LINE);
    assert_string_equal(fault_of(json_read, (char *)json.at, json.n, &arena, &out), "");
    msg_encode(&sample_desc, &out, &again);
    assert_true(bytes_equal(buf_bytes(&wire), buf_bytes(&again)));

    buf_clear(&json);
    buf_clear(&again);
    assert_int_equal(json_write(&sample_desc, buf_bytes(&wire), true, &json), ERR_OK);
    assert_string_equal(fault_of(json_read, (char *)json.at, json.n, &arena, &out), "");
    msg_encode(&sample_desc, &out, &again);
    assert_true(bytes_equal(buf_bytes(&wire), buf_bytes(&again)));
    /* JSON of this kind is YAML too. */
    buf_clear(&again);
    assert_string_equal(fault_of(yaml_read, (char *)json.at, json.n, &arena, &out), "");
    msg_encode(&sample_desc, &out, &again);
    assert_true(bytes_equal(buf_bytes(&wire), buf_bytes(&again)));
    buf_free(&wire);
    buf_free(&json);
    buf_free(&again);
    arena_free(&arena);
}

static void pretty_json_is_indented_by_two(void **state)
{
    struct answer answer = { 5, "a\"\\\n\x01" };
    struct buf wire = { 0 }, json = { 0 };
    (void)state;

    msg_encode(&answer_desc, &answer, &wire);
    assert_int_equal(json_write(&answer_desc, buf_bytes(&wire), true, &json), ERR_OK);
    assert_string_equal(buf_string(&json), "{\n  \"item\": 5,\n  \"answer\": \"a\\\"\\\\\\n\\u0001\"\n}");
    buf_clear(&json);
    assert_int_equal(json_write(&answer_desc, LITERAL("\x82\xa4more\x01\xa4item\x05"), false, &json), ERR_OK);
    assert_string_equal(buf_string(&json), "{\"item\":5}");
    buf_clear(&json);
    assert_int_equal(json_write(&answer_desc, LITERAL("\x81\xa4item\x00"), false, &json), ERR_MALFORMED);
    assert_int_equal(json.n, 0);
    buf_free(&wire);
    buf_free(&json);
}

#define W(s) s, sizeof(s) - 1
static const struct { const char *wire; size_t n; const char *json; } ANY[] = {
    { W("\xc0"), "null" }, { W("\xc3"), "true" }, { W("\x07"), "7" }, { W("\xff"), "-1" },
    { W("\x80"), "{}" }, { W("\x90"), "[]" }, { W("\x92\x01\xa1x"), "[1,\"x\"]" },
    { W("\xcf\x00\x20\x00\x00\x00\x00\x00\x00"), "9007199254740992" },
    { W("\xcf\x00\x20\x00\x00\x00\x00\x00\x01"), "\"9007199254740993\"" },
    { W("\xd3\xff\xdf\xff\xff\xff\xff\xff\xff"), "\"-9007199254740993\"" },
    { W("\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00"), "1.5" }, { W("\xca\x7f\xc0\x00\x00"), "null" },
    { W("\x81\xa1" "a\xc4\x02\x00\xff"), "{\"a\":\"AP8=\"}" },
    { W("\xc4\x10\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "\"01000000-0000-0000-0000-000000000000\"" },
    { W("\x82\x05\x01\xc0\x02"), "{\"5\":1,\"?\":2}" },
    { W("\xd6\xff\x00\x00\x00\x01"), "\"1970-01-01T00:00:01.000000Z\"" },
    { W("\x81\xa0\xa0"), "{\"\":\"\"}" },
    { W("\xa2\xff\xfe"), "\"//4=\"" },
};
static void json_of_an_unknown_body_is_written_without_a_descriptor(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ANY); i++) {
        struct buf out = { 0 };
        assert_int_equal(json_write_any(bytes(ANY[i].wire, ANY[i].n), &out), ERR_OK);
        assert_string_equal(buf_string(&out), ANY[i].json);
        buf_clear(&out);
        assert_int_equal(json_write_any(bytes(ANY[i].wire, ANY[i].n - 1), &out), ERR_MALFORMED);
        buf_free(&out);
    }
}

#define REST "\"count\":5,\"name\":\"abc\",\"id\":\"0192f0c1-2d3e-7a4b-8c5d-6e7f8a9b0c1d\",\"answers\":[]"
static const struct { const char *text; size_t n; const char *fault; } JSON[] = {
    { W("{" REST "}"), "" },
    { W("\xef\xbb\xbf{" REST "}"), "" },
    { W("{" REST ",\"big\":\"9223372036854775807\"}"), "" },
    { W("{" REST ",\"big\":\"9223372036854775808\"}"), "1:88 big range" },
    { W("{" REST ",\"day\":\"2024-09-15\",\"balance\":\"-5\"}"), "" },
    { W("{" REST ",\"day\":\"15.09.2024\"}"), "1:88 day type" },
    { W("{" REST ",\"day\":20000}"), "1:88 day type" },
    { W("{" REST ",\"flag\":\"true\"}"), "1:89 flag type" },
    { W("{" REST ",\"flag\":null}"), "1:89 flag type" },
    { W("{" REST ",\"blob\":\"AP8\"}"), "1:89 blob type" },
    { W("{" REST ",\"at\":\"2024-09-15\"}"), "1:87 at type" },
    { W("{" REST ",\"works\":[\"x\"]}"), "1:91 works[0] type" },
    { W("{" REST ",\"tags\":[\"a\",\n \"b\",\n  7]}"), "3:3 tags[2] type" },
    { W("{" REST ",\"tags\":[\"a\\u0000\"]}"), "1:90 tags[0] zero_byte" },
    { W("{" REST ",\"nope\":{\"a\":[1]}}"), "1:82 nope unknown" },
    { W("{\"name\":\"ab\"}"), "1:9 name too_short" },
    { W("{\"name\":\"012345678901\", \"count\":1.0}"), "1:33 count type" },
    { W("{\"name\":\"\\\"]}\\u0041\\\\\", \"count\":true}"), "1:33 count type" },
    { W("{\n  \"name\": \"ЯЯЯ\", \"count\": 0}"), "2:27 count range" },
    { W("{\n  \"answers\": [\n    {\"item\": 1},\n    {\"item\": 1, \"answer\": 5}]}"), "4:27 answers[1].answer type" },
    { W("{\"answers\": [{\"item\": 1}, {}]}"), "1:27 answers[1].item missing" },
    { W("{}"), "1:1 count missing" },
    { W("[]"), "1:1  type" },
    { W("  7"), "1:3  type" },
    { W("{\"a\":[[[[[[[[[[[[1]]]]]]]]]]]]}"), "1:17 nested deeper than 12" },
};
static void faults_of_json_are_placed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(JSON); i++) {
        struct arena arena = { 0 };
        struct sample out;
        const char *fault = fault_of(json_read, JSON[i].text, JSON[i].n, &arena, &out);
        if (strcmp(fault, JSON[i].fault) != 0)
            fail_msg("row %zu: %s, not %s", i, fault, JSON[i].fault);
        arena_free(&arena);
    }
}

static void what_is_not_json_is_refused_with_line_and_column(void **state)
{
    static const struct { const char *text; uint32_t line; } ROWS[] = {
        { "", 1 }, { "{", 1 }, { "{\n\"a\" 1}", 2 }, { "{\"a\":1}\n\nx", 3 }, { "{\"a\":\"\xff\"}", 1 },
        { "{\"a\":1,\n\"a\":2}", 2 }, { "{\"a\":1e999}", 1 }, { "{\"a\":99999999999999999999}", 1 }, { "{'a':1}", 1 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct buf msgpack = { 0 };
        struct text_error error = { 0 };
        assert_int_equal(json_read(&sample_desc, bytes_of(ROWS[i].text), &msgpack, NULL, &error), ERR_MALFORMED);
        assert_int_equal(error.line, ROWS[i].line);
        assert_true(error.column >= 1);
        assert_true(error.text[0] != '\0');
        assert_int_equal(msgpack.n, 0);
        buf_free(&msgpack);
    }
}

static void every_prefix_of_json_is_refused(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof FULL_LINE - 1; n++) {
        struct arena arena = { 0 };
        struct sample out;
        assert_string_not_equal(fault_of(json_read, FULL_LINE, n, &arena, &out), "");
        arena_free(&arena);
    }
}

#define YREST "count: 5\nname: abc\nid: 0192f0c1-2d3e-7a4b-8c5d-6e7f8a9b0c1d\nanswers: []\n"
static const struct { const char *text; size_t n; const char *fault; } YAML[] = {
    { W(YREST), "" },
    { W("---\n" YREST "...\n"), "" },
    { W("\xef\xbb\xbf" YREST), "" },
    { W(YREST "flag: true\n"), "" },
    { W(YREST "flag: yes\n"), "5:7 flag type" },
    { W(YREST "flag: True\n"), "5:7 flag type" },
    { W(YREST "tags: [no, 2.10, ~]\n"), "" },
    { W(YREST "day: 2024-09-15\nat: 2024-09-15T10:30:00+03:00\ncolour: green\n"), "" },
    { W(YREST "day: 15.09.2024\n"), "5:6 day type" },
    { W(YREST "day: 20000\n"), "5:6 day type" },
    { W(YREST "balance: -5\nbig: '9223372036854775807'\n"), "" },
    { W(YREST "balance: 0x10\n"), "5:10 balance type" },
    { W(YREST "balance:\n"), "5:9 balance type" },
    { W(YREST "nope:\n  a: 1\n"), "5:1 nope unknown" },
    { W(YREST "count: 6\n"), "5:8 count repeated" },
    { W("answers:\n  - item: 1\n  - item: 2\n    answer: [x]\n"), "4:13 answers[1].answer type" },
    { W("answers:\n  - item: 1\n  - answer: x\n"), "3:5 answers[1].item missing" },
    { W("name: \"a\\0bc\"\n"), "1:7 name zero_byte" },
    { W(""), "1:1 count missing" },
    { W("# nothing\n"), "2:1 count missing" },
    { W("x\n"), "1:1  type" },
    { W("- 1\n"), "1:1  type" },
    { W("name: &a abc\nother: *a\n"), "1:7 anchors are not allowed" },
    { W("name: *a\n"), "1:7 aliases are not allowed" },
    { W("name: !!str abc\n"), "1:7 tags are not allowed" },
    { W("last: !thing {item: 1}\n"), "1:7 tags are not allowed" },
    { W("tags: ! [a]\n"), "1:7 tags are not allowed" },
    { W("[a, b]: 1\n"), "1:1 a key has to be a word" },
    { W("a: 1\n---\nb: 2\n"), "2:1 more than one document" },
    { W("a: [[[[[[[[[[[[1]]]]]]]]]]]]\n"), "1:15 nested deeper than 12" },
    { W("a: 1\n b: 2\n"), "2:3 mapping values are not allowed in this context" },
    { W("a: 1\nb: \xff\n"), "2:4 invalid leading UTF-8 octet" },
    { W("a: 1\nb: \x01\n"), "2:4 control characters are not allowed" },
    { W("a: [1\n"), "2:1 did not find expected ',' or ']' while parsing a flow sequence" },
};
static void yaml_means_what_the_descriptor_says_and_faults_are_placed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(YAML); i++) {
        struct arena arena = { 0 };
        struct sample out;
        const char *fault = fault_of(yaml_read, YAML[i].text, YAML[i].n, &arena, &out);
        if (strcmp(fault, YAML[i].fault) != 0)
            fail_msg("row %zu: %s, not %s", i, fault, YAML[i].fault);
        arena_free(&arena);
    }
}

static void words_stay_the_text_they_were(void **state)
{
    static const char TEXT[] = "count: 007\nname: 2.10\nid: 0192f0c1-2d3e-7a4b-8c5d-6e7f8a9b0c1d\nanswers: []\n"
                               "tags: [no, null, '012']\n";
    struct arena arena = { 0 };
    struct sample out;
    (void)state;

    assert_string_equal(fault_of(yaml_read, TEXT, sizeof TEXT - 1, &arena, &out), "");
    assert_int_equal(out.count, 7);
    assert_string_equal(out.name, "2.10");
    assert_string_equal(out.tags.at[0], "no");
    assert_string_equal(out.tags.at[1], "null");
    assert_string_equal(out.tags.at[2], "012");
    arena_free(&arena);
}

static void text_beyond_its_size_is_refused_unread(void **state)
{
    size_t n = 1024 * 1024 + 1;
    char *text = malloc(n);
    struct buf msgpack = { 0 };
    struct text_error error;
    (void)state;

    memset(text, ' ', n);
    assert_int_equal(yaml_read(&sample_desc, bytes(text, n), &msgpack, NULL, &error), ERR_MALFORMED);
    assert_string_equal(error.text, "longer than 1048576 bytes");
    assert_int_equal(json_read(&sample_desc, bytes(text, n), &msgpack, NULL, &error), ERR_MALFORMED);
    assert_string_equal(error.text, "longer than 1048576 bytes");
    assert_int_equal(yaml_read(&sample_desc, bytes(text, n - 1), &msgpack, NULL, &error), ERR_OK);
    buf_free(&msgpack);
    free(text);
}

static void the_place_of_a_path_is_that_of_its_longest_known_part(void **state)
{
    struct place at[] = { { "", 1, 1 }, { "ab", 2, 1 }, { "ab[1]", 3, 1 }, { "ab[1].c", 4, 1 }, { "ab[1].c", 5, 1 } };
    const struct places places = { at, COUNT(at), COUNT(at), NULL };
    (void)state;

    assert_int_equal(place_of(&places, "")->line, 1);
    assert_int_equal(place_of(&places, "abc")->line, 1);
    assert_int_equal(place_of(&places, "ab.x")->line, 2);
    assert_int_equal(place_of(&places, "ab[10]")->line, 2);
    assert_int_equal(place_of(&places, "ab[1].cd")->line, 3);
    assert_int_equal(place_of(&places, "ab[1].c")->line, 5);     /* given twice: the second is at fault */
    assert_null(place_of(&(struct places){ 0 }, "a"));
}

static const struct { const char *text, *says; } CONFIG[] = {
    { YREST, "" },
    { YREST "last:\n  answer: x\n", ":6:3: last.item: missing" },
    { "name: 0123456789012\n", ":1:7: name: too_long, at most 12" },
    { "name: ab\n", ":1:7: name: too_short, at least 3" },
    { "count: 1001\n", ":1:8: count: range, from 1 to 1000" },
    { "count: many\n", ":1:8: count: type, not a whole number" },
    { "answers: 5\n", ":1:10: answers: type, not a list" },
    { "answers: [{item: x}]\n", ":1:18: answers[0].item: type, not a whole number" },
    { "colour: pink\n", ":1:9: colour: no_such_name, one of: red, green, blue" },
    { "numbers: [1, 2, 3, 4]\n", ":1:10: numbers: too_many, at most 3" },
    { "numbers: [1, x]\n", ":1:14: numbers[1]: type" },
    { "nope: 1\n", ":1:1: nope: unknown" },
    { "a: 1\n\tb: 2\n", ":2:1: found a tab character that violates indentation while scanning a plain scalar" },
};
static void a_configuration_file_says_what_is_wrong_where_and_what_is_allowed(void **state)
{
    char file[] = "/tmp/rsnms-config-XXXXXX", says[400];
    int fd = mkstemp(file);
    (void)state;

    assert_true(fd >= 0);
    for (size_t i = 0; i < COUNT(CONFIG); i++) {
        struct arena arena = { 0 };
        struct sample out;
        ssize_t n = (ssize_t)strlen(CONFIG[i].text);
        assert_int_equal(ftruncate(fd, 0), 0);
        assert_int_equal(pwrite(fd, CONFIG[i].text, (size_t)n, 0), n);
        int err = config_read(file, &sample_desc, &arena, &out, says);
        assert_int_equal(err, CONFIG[i].says[0] == '\0' ? ERR_OK : ERR_MALFORMED);
        if (err != ERR_OK)
            assert_int_equal(strncmp(says, file, strlen(file)), 0);
        assert_string_equal(says + (err != ERR_OK ? strlen(file) : 0), CONFIG[i].says);
        arena_free(&arena);
    }
    close(fd);
    unlink(file);
    struct arena arena = { 0 };
    struct sample out;
    assert_int_equal(config_read(file, &sample_desc, &arena, &out, says), ERR_NOTFOUND);
    assert_string_equal(says + strlen(file), ": No such file or directory");
    assert_int_equal(config_read("/", &sample_desc, &arena, &out, says), ERR_IO);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_goes_to_json_and_comes_back),
        cmocka_unit_test(pretty_json_is_indented_by_two),
        cmocka_unit_test(json_of_an_unknown_body_is_written_without_a_descriptor),
        cmocka_unit_test(faults_of_json_are_placed),
        cmocka_unit_test(what_is_not_json_is_refused_with_line_and_column),
        cmocka_unit_test(every_prefix_of_json_is_refused),
        cmocka_unit_test(yaml_means_what_the_descriptor_says_and_faults_are_placed),
        cmocka_unit_test(words_stay_the_text_they_were),
        cmocka_unit_test(text_beyond_its_size_is_refused_unread),
        cmocka_unit_test(the_place_of_a_path_is_that_of_its_longest_known_part),
        cmocka_unit_test(a_configuration_file_says_what_is_wrong_where_and_what_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

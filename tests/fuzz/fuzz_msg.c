/* fuzz_msg: whatever the bytes, the readers answer without a crash, and what they accept goes round:
 * encoding and decoding it again gives the same bytes. The first byte chooses the reader. */
#define SAMPLE_DEFINE
#include "tests/unit/sample_msg.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/codec/csv.h"
#include "common/codec/text_forms.h"
#include "common/core/err.h"
#include "common/core/text.h"

#define MUST(truth) do { if (!(truth)) { fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #truth); abort(); } } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n);

/* A refusal says where and why, in text that can be shown. */
static void check_error(const struct msg_error *error)
{
    MUST(error->rule != NULL);
    MUST(memchr(error->path, '\0', sizeof error->path) != NULL);
    MUST(text_valid(error->path, strlen(error->path)));
}

static void fuzz_msgpack(struct bytes from, enum msg_mode mode, struct arena *arena)
{
    struct sample first, second;
    struct msg_error error = { .rule = NULL };
    struct buf wire = { 0 }, again = { 0 }, json = { 0 };

    json_write_any(from, &json);
    MUST(text_valid((const char *)json.at, json.n));
    buf_clear(&json);
    if (msg_decode(&sample_desc, from, mode, arena, &first, &error) != ERR_OK) {
        check_error(&error);
    } else {
        MUST(msg_check(&sample_desc, &first, &error) == ERR_OK);
        msg_encode(&sample_desc, &first, &wire);
        MUST(msg_decode(&sample_desc, buf_bytes(&wire), MSG_STRICT, arena, &second, &error) == ERR_OK);
        msg_encode(&sample_desc, &second, &again);
        MUST(bytes_equal(buf_bytes(&wire), buf_bytes(&again)));

        MUST(json_write(&sample_desc, buf_bytes(&wire), from.n % 2 == 1, &json) == ERR_OK);
        buf_clear(&again);
        MUST(json_read(&sample_desc, buf_bytes(&json), &again, NULL, NULL) == ERR_OK);
        MUST(msg_decode(&sample_desc, buf_bytes(&again), MSG_STRICT, arena, &second, &error) == ERR_OK);
        buf_clear(&again);
        msg_encode(&sample_desc, &second, &again);
        MUST(bytes_equal(buf_bytes(&wire), buf_bytes(&again)));
    }
    buf_free(&wire);
    buf_free(&again);
    buf_free(&json);
}

typedef int reader(const struct msg_desc *desc, struct bytes text, struct buf *msgpack, struct places *places,
                   struct text_error *error);

static void fuzz_text(reader *read, struct bytes text, struct arena *arena)
{
    struct places places = { .arena = arena };
    struct text_error wrong = { 0 };
    struct msg_error error = { .rule = NULL };
    struct buf msgpack = { 0 };
    struct sample out;

    if (read(&sample_desc, text, &msgpack, &places, &wrong) != ERR_OK) {
        MUST(wrong.line >= 1 && wrong.column >= 1 && wrong.text[0] != '\0');
    } else if (msg_decode(&sample_desc, buf_bytes(&msgpack), MSG_STRICT, arena, &out, &error) != ERR_OK) {
        check_error(&error);
        MUST(strcmp(error.rule, "not_msgpack") != 0);       /* what a reader writes is whole */
        MUST(place_of(&places, error.path) != NULL);
    }
    buf_free(&msgpack);
}

static void fuzz_csv(struct bytes file, struct arena *arena)
{
    static const char *const A[] = { "a", NULL }, *const B[] = { "b", "ё", NULL }, *const C[] = { "c", NULL };
    static const struct csv_column COLUMNS[] = { { "day", A, true }, { "tags", B, false }, { "flag", C, false } };
    struct csv csv;
    struct csv_row row;
    struct csv_mapping mapping;
    const char *fault, *reason;
    bool mapped = false;
    int got = csv_open(&csv, file, arena);

    for (bool first = true; got == ERR_OK && (got = csv_row(&csv, arena, &row)) == 1; first = false, got = ERR_OK) {
        struct buf wire = { 0 };
        struct msg_error error;
        MUST(row.n >= 1 && row.n <= CSV_COLUMNS_MAX && row.line >= 1);
        for (uint32_t i = 0; i < row.n; i++)
            MUST(strlen(row.cell[i]) <= CSV_CELL_MAX && text_valid(row.cell[i], strlen(row.cell[i])));
        if (first)
            mapped = csv_map(COLUMNS, 3, &row, &mapping, &fault, &reason) == ERR_OK;
        if (mapped) {
            csv_message(&sample_desc, COLUMNS, 3, &mapping, &row, &wire);
            MUST(msg_sane(buf_bytes(&wire), &error));
        }
        buf_free(&wire);
    }
    MUST(got >= 0 || (csv.reason != NULL && csv.reason_line >= 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    static struct arena arena = { .keep = 1 << 20 };

    if (n == 0)
        return 0;
    struct bytes rest = bytes(at + 1, n - 1);
    switch (at[0] % 5) {
    case 0: fuzz_msgpack(rest, MSG_STRICT, &arena); break;
    case 1: fuzz_msgpack(rest, MSG_LENIENT, &arena); break;
    case 2: fuzz_text(json_read, rest, &arena); break;
    case 3: fuzz_text(yaml_read, rest, &arena); break;
    case 4: fuzz_csv(rest, &arena); break;
    }
    arena_reset(&arena);
    return 0;
}

#include "tests/unit/own_arena.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/core/files.h"
#include "proto/indicators.h"
#include "services/federal/blocks.h"
#include "services/federal/package.h"
#include "services/federal/sheet.h"
#include "services/federal/words.h"

/* The package as bytes: one content, one sequence of them; nothing in it can be changed unseen; the sheets say the
 * same; and what services answer becomes cells without a silent zero. The golden file is what every version of this
 * program has to write (RSNMS_GOLDEN=write makes it anew, to be looked at). */

static const char *golden_file(void)
{
    const char *source = getenv("RSNMS_SOURCE");
    return arena_format(&arena, "%s/tests/data/passport/golden.json", source != NULL ? source : ".");
}

static const char *functions[] = { "P11" };
static struct cell_source source_list[] = { { .service = "indicators", .journal = { { 1, 2, 3 } }, .incarnation = { { 4 } }, .number = 17 },
                                            { .service = "roster", .by = "indicators", .journal = { { 9 } }, .number = UINT64_C(9007199254740993) } };
static struct block_state blocks[PASSPORT_BLOCKS];
static struct cell cells[] = {
    { .block = 2, .row = "ДПП-1", .column = "hours", .line = 1, .place = 1, .title = "Оценивание \"по критериям\"\\", .kind = CELL_SERVICE,
      .service = "programmes", .text = "36", .counted = true, .number = 36, .unit = "час" },
    { .block = 4, .row = "finance", .column = "value", .title = "Финансы", .kind = CELL_GAP, .gap = GAP_NO_FUNCTION, .functions = { 1, functions } },
    { .block = 4, .row = "sum", .column = "план", .line = 2, .title = "Субсидия\nиз двух строк", .kind = CELL_DOCUMENT, .text = "12 500",
      .unit = "тыс. руб.", .document = "письмо № 14", .day = 20000 },
    { .block = 7, .row = "T/1", .column = "value", .line = 1, .title = "Доля педагогических работников", .kind = CELL_SERVICE, .text = "11,3",
      .counted = true, .number = 2014, .of = 17842, .unit = "процент", .service = "indicators", .act = "T", .edition = "1233-р от 15.07.2021",
      .indicator = "1", .data = "monitoring/statistics" },
    { .block = 7, .row = "T/1", .column = "target", .line = 1, .place = 2, .title = "Доля педагогических работников", .kind = CELL_GAP, .gap = GAP_NO_TARGET },
};
#define CELLS (sizeof cells / sizeof *cells)

static struct package_facts facts_of(struct passport *passport, uint8_t content[HASH_SIZE])
{
    for (uint64_t i = 0; i < PASSPORT_BLOCKS; i++)
        blocks[i] = (struct block_state){ .number = i + 1 };
    blocks[6].sources.n = 2;
    blocks[6].sources.at = source_list;
    *passport = (struct passport){
        .id = { { 7, 7, 7 } }, .year = 2024, .version = 2, .title = "Паспорт ДППО", .operator = "Академия", .region = "Пробная область",
        .act = "пробный акт", .state = PASSPORT_SENT,
        .previous = { { 6 } }, .blocks = { PASSPORT_BLOCKS, blocks }, .approved = 20100, .approval = "распоряжение № 5", .sent = 20101,
        .sent_at = 1736753696 * MOMENT_SECOND, .sending = 4711 };
    struct package_facts facts = { .region = { { 0x70 } }, .passport = passport, .words = WORDS_EDITION };
    struct hash hash = package_content_hash(&facts, cells, CELLS);
    memcpy(content, hash.b, HASH_SIZE);
    passport->content = bytes(content, HASH_SIZE);
    facts.journal = (struct uuid){ { 5, 5 } };
    facts.name = "passport-05050000-0000-0000-0000-000000000000-0000004711";
    return facts;
}

static struct buf made(void)
{
    struct passport passport;
    uint8_t content[HASH_SIZE];
    struct buf out = { 0 };
    struct package_facts facts = facts_of(&passport, content);
    package_write(&facts, cells, CELLS, &out);
    return out;
}

/* Another writer, that sorts by itself, gives the same bytes: members in order, no white space, one form of a number. */
static void is_written_in_one_form_only(void **state)
{
    struct buf out = made();
    json_error_t error;
    (void)state;
    json_t *json = json_loadb((const char *)out.at, out.n, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL)
        fail_msg("%d:%d: %s", error.line, error.column, error.text);
    char *sorted = json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT);
    assert_int_equal(strlen(sorted), out.n);
    assert_memory_equal(sorted, out.at, out.n);
    free(sorted);
    json_decref(json);
    buf_free(&out);
}

static void the_bytes_are_those_of_the_golden_file(void **state)
{
    struct buf out = made(), golden = { 0 };
    const char *wanted = getenv("RSNMS_GOLDEN");
    (void)state;
    if (wanted != NULL && strcmp(wanted, "write") == 0) {
        FILE *file = fopen(golden_file(), "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(out.at, 1, out.n, file), out.n);
        fclose(file);
    }
    assert_int_equal(file_get(golden_file(), PACKAGE_MAX, &golden), ERR_OK);
    assert_int_equal(golden.n, out.n);
    assert_memory_equal(golden.at, out.at, out.n);
    buf_free(&golden);
    buf_free(&out);
}

static void says_what_was_put_into_it(void **state)
{
    struct buf out = made();
    struct package_says says;
    char fault[200] = "";
    (void)state;
    if (package_read(buf_bytes(&out), &arena, &says, fault) != ERR_OK)
        fail_msg("%s", fault);
    assert_true(says.content_holds);
    assert_true(says.canonical);
    assert_int_equal(says.cells, 5);
    assert_int_equal(says.gaps, 2);
    assert_int_equal(says.block[6].counted, 1);
    assert_int_equal(says.block[3].typed, 1);
    assert_int_equal(says.year, 2024);
    assert_int_equal(says.version, 2);
    assert_int_equal(says.sending, 4711);
    assert_string_equal(says.region, "Пробная область");
    assert_string_equal(says.approval, "распоряжение № 5");
    assert_non_null(memmem(out.at, out.n, "\"9007199254740993\"", 18));     /* past 2^53: a text */
    buf_free(&out);
}

/* Every bit of every byte: the signature does not hold any more. And whoever has no key at all still sees most of
 * it, by the hash and the form. */
static void a_changed_byte_is_found_wherever_it_stands(void **state)
{
    struct buf out = made();
    struct sign_pair pair;
    struct package_says says;
    uint8_t signature[SIGNATURE_SIZE];
    char fault[200] = "", secret[] = "/tmp/rsnms-sign.XXXXXX";
    size_t unseen = 0;
    (void)state;
    assert_non_null(mkdtemp(secret));
    const char *key = arena_format(&arena, "%s/k", secret), *public_key = arena_format(&arena, "%s/k.pub", secret);
    assert_int_equal(sign_new(key, public_key), ERR_OK);
    assert_int_equal(sign_new(key, public_key), ERR_EXISTS);
    if (sign_load(key, &pair, fault) != ERR_OK)
        fail_msg("%s", fault);
    sign_make(&pair, buf_bytes(&out), signature);
    assert_true(sign_holds(pair.public_key, buf_bytes(&out), bytes(signature, sizeof signature)));
    for (size_t i = 0; i < out.n; i++) {
        struct arena once = { 0 };
        out.at[i] ^= (uint8_t)(1 << i % 8);
        if (sign_holds(pair.public_key, buf_bytes(&out), bytes(signature, sizeof signature)))
            fail_msg("byte %zu was changed and the signature holds", i);
        if (package_read(buf_bytes(&out), &once, &says, fault) == ERR_OK && says.content_holds && says.canonical)
            unseen++;                       /* outside of the content: the signature's alone */
        out.at[i] ^= (uint8_t)(1 << i % 8);
        arena_free(&once);
    }
    assert_true(unseen < out.n / 4);
    for (size_t i = 0; i < sizeof signature; i++) {
        signature[i] ^= 4;
        assert_false(sign_holds(pair.public_key, buf_bytes(&out), bytes(signature, sizeof signature)));
        signature[i] ^= 4;
    }
    for (size_t n = 0; n < out.n; n++) {    /* cut off anywhere: neither read nor over-read */
        struct arena once = { 0 };
        assert_int_equal(package_read(bytes(out.at, n), &once, &says, fault), ERR_MALFORMED);
        arena_free(&once);
    }
    assert_int_equal(chmod(key, 0644), 0);
    assert_int_equal(sign_load(key, &pair, fault), ERR_MALFORMED);
    assert_non_null(strstr(fault, "others may read it"));
    unlink(key);
    unlink(public_key);
    rmdir(secret);
    buf_free(&out);
}

static void a_receipt_comes_back_as_it_was_written(void **state)
{
    struct receipt receipt = { .package = "passport-x-1", .outcome = ANSWER_RETURNED, .number = "77-пк", .day = 20102, .remarks = "Блок 4: \"сумма\"" },
                   back;
    struct buf out = { 0 };
    char fault[200] = "";
    static const char *const WRONG[] = {
        "", "[]", "null", "{}", "{\"format\":\"rsnms.passport\",\"format_version\":1}", "{\"format\":\"rsnms.receipt\",\"format_version\":2}",
        "{\"format\":\"rsnms.receipt\",\"format\":\"rsnms.receipt\",\"format_version\":1}", "{\"format\":7}",
        "{\"day\":\"2025-02-30\",\"format\":\"rsnms.receipt\",\"format_version\":1,\"number\":\"1\",\"outcome\":\"agreed\",\"package\":\"x\","
        "\"package_hash\":\"0000000000000000000000000000000000000000000000000000000000000000\"}",
        "{\"day\":\"2025-02-20\",\"format\":\"rsnms.receipt\",\"format_version\":1,\"number\":\"1\",\"outcome\":\"maybe\",\"package\":\"x\","
        "\"package_hash\":\"0000000000000000000000000000000000000000000000000000000000000000\"}",
        "{\"day\":\"2025-02-20\",\"format\":\"rsnms.receipt\",\"format_version\":1,\"number\":\"1\",\"outcome\":\"agreed\",\"package\":\"x\","
        "\"package_hash\":\"00\"}",
    };
    (void)state;
    receipt.hash.b[3] = 0xab;
    receipt_write(&receipt, &out);
    assert_int_equal(receipt_read(buf_bytes(&out), &arena, &back, fault), ERR_OK);
    assert_string_equal(back.package, receipt.package);
    assert_string_equal(back.number, receipt.number);
    assert_string_equal(back.remarks, receipt.remarks);
    assert_int_equal(back.outcome, receipt.outcome);
    assert_int_equal(back.day, receipt.day);
    assert_true(hash_equal(&back.hash, &receipt.hash));
    for (size_t n = 0; n < out.n; n++)
        assert_int_equal(receipt_read(bytes(out.at, n), &arena, &back, fault), ERR_MALFORMED);
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        if (receipt_read(bytes_of(WRONG[i]), &arena, &back, fault) != ERR_MALFORMED)
            fail_msg("taken for a receipt: %s", WRONG[i]);
    buf_free(&out);
}

/* ── the sheets ───────────────────────────────────────────────────────────── */

/* Twice the same bytes, whatever the clock says; and another program reads in them what the package says. */
static void the_sheets_are_the_same_bytes_and_say_the_same(void **state)
{
    static const char SCRIPT[] =
        "import sys, zipfile, re\n"
        "book = zipfile.ZipFile(sys.argv[1])\n"
        "names = re.findall('<sheet name=\"([^\"]+)\"', book.read('xl/workbook.xml').decode())\n"
        "assert len(names) == 8 and names[6] == '7 Результативность', names\n"
        "text = book.read('xl/sharedStrings.xml').decode()\n"
        "for wanted in ('11,3 (2014 из 17842)', 'Субсидия', '12 500', 'заполнит P11', 'Объём, часов', 'Результативность', 'Пробная область, 2024 год, версия 2',\n"
        "               'письмо № 14', '1233-р от 15.07.2021, показатель 1', 'актом на этот год не установлен'):\n"
        "    assert wanted in text, wanted\n"
        "assert '2025-01-13T07:34:56Z' in book.read('docProps/core.xml').decode()\n";
    struct passport passport;
    uint8_t content[HASH_SIZE];
    struct package_facts facts = facts_of(&passport, content);
    struct buf one = { 0 }, two = { 0 };
    char dir[] = "/tmp/rsnms-sheet.XXXXXX";
    (void)state;
    assert_int_equal(sheet_write(&facts, cells, CELLS, &arena, &one), ERR_OK);
    sleep(2);                               /* the clock that a zip file would hold counts in two seconds */
    assert_int_equal(sheet_write(&facts, cells, CELLS, &arena, &two), ERR_OK);
    assert_int_equal(one.n, two.n);
    assert_memory_equal(one.at, two.at, one.n);
    assert_non_null(mkdtemp(dir));
    assert_int_equal(file_put(dir, "p.xlsx", buf_bytes(&one)), ERR_OK);
    assert_int_equal(file_put(dir, "read.py", bytes_of(SCRIPT)), ERR_OK);
    assert_int_equal(system(arena_format(&arena, "python3 %s/read.py %s/p.xlsx", dir, dir)), 0);
    file_drop(dir, "p.xlsx");
    file_drop(dir, "read.py");
    rmdir(dir);
    buf_free(&one);
    buf_free(&two);
}

/* ── what services answer, as cells ───────────────────────────────────────── */

static const struct cell *cell_at(const struct block_cells *list, const char *row, const char *column)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (strcmp(list->at[i].row, row) == 0 && strcmp(list->at[i].column, column) == 0)
            return &list->at[i];
    fail_msg("no cell %s, %s", row, column);
    return NULL;
}

static void a_value_that_is_not_known_is_a_gap_and_never_zero(void **state)
{
    static const char *awaits[] = { "R4", "R6" };
    struct act_edition act = { .code = "X", .title = "Акт", .number = "1-р от 01.01.2021", .day = 1, .from = 1 };
    struct indicator indicators[] = {
        { .act = "X", .code = "1", .title = "Доля", .unit = "процент", .numerator = &(struct count){ 0 } },
        { .act = "X", .code = "2", .title = "Нет фактов", .unit = "процент", .awaits = { 2, awaits } },
        { .act = "X", .code = "3", .title = "Оценка", .unit = "да/нет", .measure = MEASURE_YES_NO },
        { .act = "X", .code = "4", .title = "Не отвечено", .unit = "ед." },
        { .act = "X", .code = "5", .title = "Коридор", .unit = "человек", .measure = MEASURE_CORRIDOR },
        { .act = "X", .code = "6", .title = "Никого", .unit = "процент" },
    };
    struct profile profile = { .acts = { 1, &act }, .indicators = { 6, indicators } };
    struct target_verdict verdicts[] = { { .op = OP_AT_LEAST, .bound = 10, .applies = true, .met = false },
                                         { .op = OP_AT_LEAST, .bound = 40, .cumulative = true, .applies = true, .met = true },
                                         { .op = OP_AT_LEAST, .bound = 99 } };
    struct value values[] = {
        { .act = "X", .edition = "1-р", .indicator = "1", .numerator = 1, .denominator = 3, .has_cumulative = true, .cumulative_numerator = 2,
          .cumulative_denominator = 3, .has_target = true, .bound = 10, .verdicts = { 3, verdicts } },
        { .act = "X", .edition = "1-р", .indicator = "2", .state = VALUE_NO_FACTS, .awaits = { 2, awaits } },
        { .act = "X", .edition = "1-р", .indicator = "3", .state = VALUE_NOT_JUDGED, .measure = MEASURE_YES_NO },
        { .act = "X", .edition = "1-р", .indicator = "5", .measure = MEASURE_CORRIDOR, .numerator = 76, .denominator = 2, .least = 7, .greatest = 69 },
        { .act = "X", .edition = "1-р", .indicator = "6", .numerator = 0, .denominator = 0 },
    };
    struct block_cells out = { .arena = &arena };
    (void)state;
    blocks_results(&profile, values, (struct block_rows){ sizeof values / sizeof *values, true }, &out);
    assert_string_equal(cell_at(&out, "X/1", "value")->text, "33,3");
    assert_string_equal(cell_at(&out, "X/1", "cumulative")->text, "66,6");
    assert_string_equal(cell_at(&out, "X/1", "target")->text, "не менее 10; не менее 40 нарастающим итогом");
    assert_string_equal(cell_at(&out, "X/1", "state")->text, "не выполнено");
    assert_string_equal(cell_at(&out, "X/5", "value")->text, "в среднем 38; от 7 до 69");
    assert_non_null(strstr(cell_at(&out, "X/6", "value")->text, "не исчисляется"));
    static const struct { const char *row; int gap; uint32_t functions; } GAPS[] = {
        { "X/2", GAP_NO_FACTS, 2 }, { "X/3", GAP_NOT_JUDGED, 0 }, { "X/4", GAP_NO_FACTS, 0 } };
    for (size_t i = 0; i < sizeof GAPS / sizeof *GAPS; i++) {
        const struct cell *cell = cell_at(&out, GAPS[i].row, "value");
        assert_int_equal(cell->kind, CELL_GAP);
        assert_int_equal(cell->gap, GAPS[i].gap);
        assert_int_equal(cell->functions.n, GAPS[i].functions);
        assert_null(cell->text);
    }
    assert_int_equal(cell_at(&out, "X/5", "target")->gap, GAP_NO_TARGET);
    struct msg_error error;
    for (uint32_t i = 0; i < out.n; i++)
        assert_int_equal(msg_check(&cell_desc, &out.at[i], &error), ERR_OK);
}

static void parts_hold_all_cells_in_order_and_fit_into_an_entry(void **state)
{
    struct block_cells out = { .arena = &arena };
    struct block_programme *programmes = ARENA_LIST(&arena, struct block_programme, BLOCK_PROGRAMMES_MAX + 5);
    (void)state;
    for (uint32_t i = 0; i < BLOCK_PROGRAMMES_MAX + 5; i++) {
        struct programme *programme = ARENA_NEW(&arena, struct programme);
        struct programme_row *row = ARENA_NEW(&arena, struct programme_row);
        *programme = (struct programme){ .code = arena_format(&arena, "p%05u", i), .title = arena_format(&arena, "%0300u", i), .hours = 18 };
        *row = (struct programme_row){ .programme = programme, .included = i % 2 == 0 ? 19000 : 0 };
        programmes[i] = (struct block_programme){ .row = row, .runs = i };
    }
    blocks_programmes(programmes, (struct block_rows){ BLOCK_PROGRAMMES_MAX + 5, true }, &out);
    assert_string_equal(out.at[out.n - 1].row, "…");          /* what is left out is said */
    assert_non_null(strstr(out.at[out.n - 1].title, ": 5"));
    uint32_t at = 0, parts = 0;
    while (at < out.n) {
        uint32_t n = blocks_part(&out, at);
        struct block_fill fill = { .passport = { { 1 } }, .fill = 1, .block = 2, .attempt = 1, .digest = bytes(source_list, HASH_SIZE), .part = 1,
                                   .parts = 1, .cells = { n, out.at + at } };
        struct buf buf = { 0 };
        assert_true(n > 0);
        msg_encode(&block_fill_desc, &fill, &buf);
        assert_true(buf.n < 64 * 1024);
        buf_free(&buf);
        at += n;
        parts++;
    }
    assert_int_equal(at, out.n);
    assert_int_equal(parts, blocks_parts(&out));
    struct hash hash = blocks_digest(&out);
    out.at[7].number++;
    struct hash other = blocks_digest(&out);
    assert_false(hash_equal(&hash, &other));
    struct block_cells none = { .arena = &arena };
    blocks_programmes(NULL, (struct block_rows){ 0, true }, &none);
    assert_int_equal(none.n, 1);            /* an empty registry is a gap, not an empty block */
    assert_int_equal(none.at[0].kind, CELL_GAP);
}

static void every_block_and_gap_has_its_words(void **state)
{
    (void)state;
    for (uint64_t i = 1; i <= PASSPORT_BLOCKS; i++)
        assert_true(strlen(words_block(WORDS_EDITION, i)) > 10);
    for (uint32_t i = 0; i < WORDS_WAITING_COUNT; i++) {
        struct cell gap = { .kind = CELL_GAP, .gap = GAP_NO_FUNCTION, .functions = { 1, (const char **)WORDS_WAITING[i].functions } };
        assert_true(WORDS_WAITING[i].block != 2 && WORDS_WAITING[i].block != 7);
        assert_non_null(strstr(words_gap(WORDS_EDITION, &gap, &arena), arena_format(&arena, "заполнит %s (", WORDS_WAITING[i].functions[0])));
    }
}

static const char *words_file(unsigned edition)
{
    const char *source = getenv("RSNMS_SOURCE");
    return arena_format(&arena, "%s/tests/data/passport/words-%u.txt", source != NULL ? source : ".", edition);
}

/* What an edition says it says for ever: what was approved in it has to be written in it. A file that is there is
 * never made anew (RSNMS_GOLDEN=write makes the one of a new edition). */
static void no_word_of_an_edition_changes(void **state)
{
    const char *wanted = getenv("RSNMS_GOLDEN");
    struct buf before = { 0 };
    (void)state;
    for (unsigned edition = 1; edition <= WORDS_EDITION; edition++) {
        struct buf out = { 0 }, golden = { 0 };
        words_all(edition, &out);
        if (wanted != NULL && strcmp(wanted, "write") == 0 && access(words_file(edition), F_OK) != 0) {
            FILE *file = fopen(words_file(edition), "wb");
            assert_non_null(file);
            assert_int_equal(fwrite(out.at, 1, out.n, file), out.n);
            fclose(file);
        }
        assert_int_equal(file_get(words_file(edition), PACKAGE_MAX, &golden), ERR_OK);
        if (!bytes_equal(buf_bytes(&golden), buf_bytes(&out)))
            fail_msg("a word of edition %u is not what it was: it takes an edition of its own (services/federal/words.h)", edition);
        assert_false(bytes_equal(buf_bytes(&before), buf_bytes(&out)));        /* an edition says something new */
        buf_free(&before);
        before = out;
        buf_free(&golden);
    }
    buf_clear(&before);
    struct passport draft = { .state = PASSPORT_DRAFT }, old = { .content = bytes("x", 1) }, said = { .content = bytes("x", 1), .words = 2 };
    assert_int_equal(words_edition(&draft), WORDS_EDITION);
    assert_int_equal(words_edition(&old), 1);   /* approved before editions were counted */
    assert_int_equal(words_edition(&said), 2);
    words_all(WORDS_EDITION + 1, &before);
    struct buf newest = { 0 };
    words_all(WORDS_EDITION, &newest);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&newest)));          /* no word waits for an edition that is not out */
    buf_free(&before);
    buf_free(&newest);
    assert_string_equal(words_column(1, 2, "included"), "Включена в федеральный реестр");
    assert_string_equal(words_column(2, 2, "included"), "Дата включения в федеральный реестр");
    assert_string_equal(words_column(2, 4, "included"), "included");            /* another block's: the key that was typed */
    for (int i = 0; i < (int)gap_reason_names.count; i++) {
        struct cell gap = { .kind = CELL_GAP, .gap = i };
        assert_string_not_equal(words_gap(WORDS_EDITION, &gap, &arena), gap_reason_names.names[i]);
    }
}

/* What the sheets have no column for stands in a row of its own. */
static void a_cell_without_a_column_is_in_the_sheets_too(void **state)
{
    static const char SCRIPT[] =
        "import sys, zipfile\n"
        "text = zipfile.ZipFile(sys.argv[1]).read('xl/sharedStrings.xml').decode()\n"
        "for i in range(60):\n"
        "    assert 'value-%02d-of-a-column' % i in text, i\n"
        "assert 'графа «c59»' in text\n";
    struct cell many[60];
    struct passport passport;
    uint8_t content[HASH_SIZE];
    struct package_facts facts = facts_of(&passport, content);
    struct buf book = { 0 };
    char dir[] = "/tmp/rsnms-sheet.XXXXXX";
    (void)state;
    for (unsigned i = 0; i < 60; i++)
        many[i] = (struct cell){ .block = 4, .row = "r", .column = arena_format(&arena, "c%02u", i), .title = "Строка", .kind = CELL_DOCUMENT,
                                 .text = arena_format(&arena, "value-%02u-of-a-column", i), .document = "письмо", .day = 20000 };
    assert_int_equal(sheet_write(&facts, many, 60, &arena, &book), ERR_OK);
    assert_non_null(mkdtemp(dir));
    assert_int_equal(file_put(dir, "p.xlsx", buf_bytes(&book)), ERR_OK);
    assert_int_equal(file_put(dir, "read.py", bytes_of(SCRIPT)), ERR_OK);
    assert_int_equal(system(arena_format(&arena, "python3 %s/read.py %s/p.xlsx", dir, dir)), 0);
    file_drop(dir, "p.xlsx");
    file_drop(dir, "read.py");
    rmdir(dir);
    buf_free(&book);
}

/* Runs that were not all read: the programme at which the reading ended and those after it are not known. */
static void runs_that_were_not_all_read_are_no_count(void **state)
{
    struct programme programme[3] = { { .id = { { 1 } }, .code = "a" }, { .id = { { 2 } }, .code = "b" }, { .id = { { 3 } }, .code = "c" } };
    struct programme_row rows[3] = { { .programme = &programme[0] }, { .programme = &programme[1] }, { .programme = &programme[2] } };
    day_t day = 20000;
    struct run run[3] = { { .programme = { { 1 } }, .day = day }, { .programme = { { 1 } }, .day = day + 1 }, { .programme = { { 2 } }, .day = day } };
    struct run_row read[3] = { { .run = &run[0] }, { .run = &run[1] }, { .run = &run[2] } };
    static const struct { struct block_rows read; bool unknown[3]; } CASES[] = {
        { { 3, true }, { false, false, false } }, { { 3, false }, { false, true, true } },
        { { 2, false }, { true, true, true } },   { { 0, false }, { true, true, true } } };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct block_programme list[3] = { { .row = &rows[0] }, { .row = &rows[1] }, { .row = &rows[2] } };
        struct block_cells out = { .arena = &arena };
        blocks_runs(read, CASES[i].read, (uint64_t)day_year(day), list, 3);
        blocks_programmes(list, (struct block_rows){ 3, true }, &out);
        for (int k = 0; k < 3; k++) {
            const struct cell *cell = cell_at(&out, programme[k].code, "runs");
            assert_int_equal(cell->kind, CASES[i].unknown[k] ? CELL_GAP : CELL_SERVICE);
            if (CASES[i].unknown[k])
                assert_int_equal(cell->gap, GAP_TOO_MANY);
            else
                assert_int_equal(cell->number, k == 0 ? 2 : k == 1 ? 1 : 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_written_in_one_form_only),
        cmocka_unit_test(the_bytes_are_those_of_the_golden_file),
        cmocka_unit_test(says_what_was_put_into_it),
        cmocka_unit_test(a_changed_byte_is_found_wherever_it_stands),
        cmocka_unit_test(a_receipt_comes_back_as_it_was_written),
        cmocka_unit_test(the_sheets_are_the_same_bytes_and_say_the_same),
        cmocka_unit_test(a_value_that_is_not_known_is_a_gap_and_never_zero),
        cmocka_unit_test(parts_hold_all_cells_in_order_and_fit_into_an_entry),
        cmocka_unit_test(every_block_and_gap_has_its_words),
        cmocka_unit_test(no_word_of_an_edition_changes),
        cmocka_unit_test(a_cell_without_a_column_is_in_the_sheets_too),
        cmocka_unit_test(runs_that_were_not_all_read_are_no_count),
    };
    return cmocka_run_group_tests(tests, NULL, arena_forget);
}

#include "tests/unit/toy.h"

#include "common/core/text.h"
#include "tests/unit/traces.h"

/* The search for what is personal finds it however it was written, and nothing in what is not. */

static struct traces of(struct arena *arena)
{
    struct traces traces = { .arena = arena };
    traces_add(&traces, "Воробьёва");
    traces_add(&traces, "11223344595");
    traces_add(&traces, "1991-03-14");
    return traces;
}

static const struct { const char *text, *coding; } PLANTED[] = {
    { "…Воробьёва…", "UTF-8" }, { "ВОРОБЬЕВА", "UTF-8" }, { "воробьева", "UTF-8" }, { "112-233-445 95", "UTF-8" }, { "112 233 445 95", "UTF-8" },
    { "14.03.1991", "UTF-8" }, { "14/03/1991", "UTF-8" }, { "19910314", "UTF-8" },
    { "\xc2\xee\xf0\xee\xe1\xfc\xb8\xe2\xe0", "Windows-1251" },
    { "\x12\x04\x3e\x04\x40\x04\x3e\x04\x31\x04\x4c\x04\x51\x04\x32\x04\x30\x04", "UTF-16LE" },
    { "\x04\x12\x04\x3e\x04\x40\x04\x3e\x04\x31\x04\x4c\x04\x51\x04\x32\x04\x30", "UTF-16BE" },
    { "0JLQvtGA0L7QsdGM0ZHQstCw", "base64" },               /* Воробьёва */
    { "INCS0L7RgNC+0LHRjNGR0LLQsCA=", "base64" },           /* the same between two spaces */
    { "ICDQktC-0YDQvtCx0YzRkdCy0LAg", "base64" },           /* behind two, in the alphabet of addresses */
    { "wu7w7uH8uOLg", "base64 of Windows-1251" },
};

static void whatever_way_it_is_written_it_is_found(void **state)
{
    struct arena arena = { 0 };
    struct traces traces = of(&arena);
    (void)state;
    for (size_t i = 0; i < sizeof PLANTED / sizeof *PLANTED; i++) {
        uint8_t block[512];
        struct prng prng;
        prng_seed(&prng, i + 1);
        prng_fill(&prng, block, sizeof block);
        assert_null(traces_in(&traces, bytes(block, sizeof block)));
        memcpy(block + 101 + i, PLANTED[i].text, strlen(PLANTED[i].text));
        const struct trace *trace = traces_in(&traces, bytes(block, sizeof block));
        if (trace == NULL)
            fail_msg("not found: %s", PLANTED[i].text);
        assert_string_equal(trace->coding, PLANTED[i].coding);
    }
    arena_free(&arena);
}

/* ── every form in every coding, beginning anywhere ───────────────────────── */

static void wide(struct buf *out, const char *text, bool low_first)
{
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; ) {
        unsigned c = *at < 0x80 ? *at : (*at & 0x1Fu) << 6 | (at[1] & 0x3Fu);      /* as much of UTF-8 as Russian needs */
        at += *at < 0x80 ? 1 : 2;
        buf_byte(out, (uint8_t)(low_first ? c : c >> 8));
        buf_byte(out, (uint8_t)(low_first ? c >> 8 : c));
    }
}

static void coded(struct buf *out, const char *text, int coding)
{
    if (coding == 0)
        buf_text(out, text);
    else if (coding == 1)
        assert_true(text_to_1251(out, text));
    else
        wide(out, text, coding == 2);
}

static void armoured(struct buf *out, struct bytes in)
{
    static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *at = in.at;
    for (size_t i = 0; i + 3 <= in.n; i += 3) {
        unsigned v = (unsigned)at[i] << 16 | (unsigned)at[i + 1] << 8 | at[i + 2];
        for (int k = 18; k >= 0; k -= 6)
            buf_byte(out, (uint8_t)ALPHABET[v >> k & 63]);
    }
}

static void whatever_the_coding_it_is_found_at_every_offset(void **state)
{
    static const char *const FORMS[] = { "Воробьёва", "ВОРОБЬЁВА", "воробьева", "11223344595", "112-233-445 95", "1991-03-14", "14.03.1991" };
    static const char *const CODINGS[] = { "UTF-8", "Windows-1251", "UTF-16LE", "UTF-16BE" };
    struct arena arena = { 0 };
    struct traces traces = of(&arena);
    struct buf text = { 0 }, base64 = { 0 };
    (void)state;
    for (size_t form = 0; form < sizeof FORMS / sizeof *FORMS; form++)
        for (int coding = 0; coding < 4; coding++)
            for (int before = 0; before < 6; before++) {
                buf_clear(&text);
                buf_clear(&base64);
                buf_put(&text, "\x01\x02\x03\x04\x05\x06", (size_t)before);
                coded(&text, FORMS[form], coding);
                buf_put(&text, "\x01\x02\x03", 3);
                if (traces_in(&traces, buf_bytes(&text)) == NULL)
                    fail_msg("not found: %s in %s behind %d", FORMS[form], CODINGS[coding], before);
                armoured(&base64, buf_bytes(&text));
                if (traces_in(&traces, buf_bytes(&base64)) == NULL)
                    fail_msg("not found: %s in base64 of %s behind %d", FORMS[form], CODINGS[coding], before);
            }
    buf_free(&text);
    buf_free(&base64);
    arena_free(&arena);
}

static unsigned finds;
static void count(const char *file, const struct trace *trace)
{
    (void)file;
    (void)trace;
    finds++;
}

static void put(const char *dir, const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void every_file_of_a_folder_and_its_name_is_looked_at(void **state)
{
    struct arena arena = { 0 };
    struct traces traces = of(&arena);
    char *dir = toy_dir();
    (void)state;
    put(dir, "a", "ничего");
    put(dir, "b", "");
    assert_int_equal(traces_walk(&traces, dir, count), 2);
    assert_int_equal(finds, 0);
    put(dir, "c", "родилась 14.03.1991");
    put(dir, "11223344595", "");
    assert_int_equal(traces_walk(&traces, dir, count), 4);
    assert_int_equal(finds, 2);
    toy_remove(dir);
    assert_int_equal(traces_walk(&traces, "/nowhere", count), -1);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_way_it_is_written_it_is_found),
        cmocka_unit_test(whatever_the_coding_it_is_found_at_every_offset),
        cmocka_unit_test(every_file_of_a_folder_and_its_name_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

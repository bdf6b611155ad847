#include "tests/unit/check.h"

#include <stdio.h>

#include "common/core/random.h"
#include "common/core/text.h"

#define T(s) s, sizeof(s) - 1
static const struct { const char *at; size_t n; bool valid; } UTF8[] = {
    { T(""), true }, { T("abc"), true }, { T("Иванова"), true }, { T("\xf0\x9f\x98\x80"), true },
    { T("long enough for words of eight, then Кириллица"), true },
    { T("a\0b"), false }, { T("eight ch\0"), false }, { T("Ива\0нова"), false }, { T("\xd0"), false },
    { T("abcdefgh\xd0"), false }, { T("\xc0\x80"), false }, { T("\xed\xa0\x80"), false },
    { T("\xf4\x90\x80\x80"), false }, { T("\xff"), false }, { T("\x80"), false }, { T("\xe2\x82"), false },
};
static void text_is_well_formed_utf8_without_zero_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(UTF8); i++)
        if (text_valid(UTF8[i].at, UTF8[i].n) != UTF8[i].valid)
            fail_msg("row %zu", i);
}

static void width_is_counted_in_columns(void **state)
{
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("Иванова"), 7);
    assert_int_equal(text_width("и\xcc\x86"), 1);       /* й in two characters */
    assert_int_equal(text_clip("Иванова", 3), 6);
    assert_int_equal(text_clip("Иванова", 100), 14);
    assert_int_equal(text_clip("Иванова", 0), 0);
    assert_int_equal(text_clip("и\xcc\x86ц", 1), 4);
}

static const struct { const char *from, *nfc, *fold; } FORMS[] = {
    { "", "", "" },
    { "  a \t b\n", "a b", "a b" },
    { "Школа\xc2\xa0№\xc2\xa0 5", "Школа № 5", "школа № 5" },
    { "Фёдор ЁЛКИН", "Фёдор ЁЛКИН", "федор елкин" },
    { "Фе\xcc\x88" "дор", "Фёдор", "федор" },                     /* ё in two characters */
    { "и\xcc\x86", "й", "й" },
    { "Straße", "Straße", "strasse" },
    { "ё\xcc\x88", "ё\xcc\x88", "е" },                              /* a second diaeresis goes with the first */
    { "   ", "", "" },
    { "\xe2\x80\xa8" "a\xe3\x80\x80" "b", "a b", "a b" },           /* line separator, ideographic space */
    { "\xff\xfe", "\xff\xfe", "\xff\xfe" },                         /* not text: left as it is */
};
static void normal_and_folded_forms(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < COUNT(FORMS); i++) {
        assert_string_equal(text_nfc(&arena, FORMS[i].from), FORMS[i].nfc);
        char *folded = text_fold(&arena, FORMS[i].from);
        assert_string_equal(folded, FORMS[i].fold);
        assert_string_equal(text_fold(&arena, folded), folded);     /* folding twice changes nothing */
    }
    arena_free(&arena);
}

/* Words fold one by one: with a last word that is not of plain letters the same text goes the long way. */
static void plain_letters_come_to_the_same_by_the_short_way(void **state)
{
    struct arena arena = { 0 };
    struct prng prng;

    (void)state;
    prng_seed(&prng, 9);
    for (int i = 0; i < 60000; i++) {
        char text[80], longer[100];
        size_t n = 0;
        arena_reset(&arena);
        for (uint64_t k = prng_below(&prng, 12) + 1; k > 0; k--) {
            uint32_t c = prng_below(&prng, 3) == 0 ? 1 + (uint32_t)prng_below(&prng, 0x7F) : 0x400 + (uint32_t)prng_below(&prng, 0x60);
            if (prng_below(&prng, 4) == 0)
                c = ' ';
            if (c >= 0x80)
                text[n++] = (char)(0xC0 | c >> 6);
            text[n++] = (char)(c >= 0x80 ? 0x80 | (c & 0x3F) : c);
        }
        text[n] = '\0';
        snprintf(longer, sizeof longer, "%s ā", text);
        const char *normal = text_nfc(&arena, text), *folded = text_fold(&arena, text);
        assert_string_equal(text_nfc(&arena, longer), arena_format(&arena, "%s%sā", normal, *normal != '\0' ? " " : ""));
        assert_string_equal(text_fold(&arena, longer), arena_format(&arena, "%s%sā", folded, *folded != '\0' ? " " : ""));
    }
    assert_string_equal(text_nfc(&arena, "\xd0"), "\xd0");       /* no UTF-8: copied */
    assert_string_equal(text_fold(&arena, "А\xd1"), "А\xd1");
    assert_string_equal(text_fold(&arena, "Ѡ"), "ѡ");            /* U+0460, behind the plain ones */
    arena_free(&arena);
}

static void windows_1251_goes_there_and_back(void **state)
{
    struct arena arena = { 0 };
    struct buf back = { 0 };
    char all[256];
    size_t n = 0;
    (void)state;

    assert_string_equal(text_from_1251(&arena, "\xcf\xf0\xe8\xe2\xe5\xf2 \xb9 \xa8\xb8", 11), "Привет № Ёё");
    for (int c = 1; c < 256; c++)
        if (c != 0x98)
            all[n++] = (char)c;
    char *text = text_from_1251(&arena, all, n);
    assert_non_null(text);
    assert_true(text_valid(text, strlen(text)));
    assert_true(text_to_1251(&back, text));
    assert_int_equal(back.n, n);
    assert_memory_equal(back.at, all, n);
    assert_null(text_from_1251(&arena, "a\x98", 2));
    assert_string_equal(text_from_1251(&arena, "", 0), "");

    assert_false(text_to_1251(&back, "日本"));
    assert_false(text_to_1251(&back, "да \xf0\x9f\x98\x80"));
    assert_int_equal(back.n, n);        /* nothing appended */
    assert_true(text_to_1251(&back, ""));
    buf_free(&back);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_well_formed_utf8_without_zero_bytes),
        cmocka_unit_test(width_is_counted_in_columns),
        cmocka_unit_test(normal_and_folded_forms),
        cmocka_unit_test(plain_letters_come_to_the_same_by_the_short_way),
        cmocka_unit_test(windows_1251_goes_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

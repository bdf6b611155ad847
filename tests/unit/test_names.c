#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/check.h"

#include "common/core/locked.h"
#include "common/core/random.h"
#include "services/roster/search/names.h"

/* names: the index alone, against a list that is gone through from end to end; and the memory that it lies in. */

static struct arena arena;

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* ── locked memory ────────────────────────────────────────────────────────── */

/* VmLck of this process. */
static unsigned long kib_locked(void)
{
    unsigned long kib = 0;
    char line[200];
    FILE *file = fopen("/proc/self/status", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL && sscanf(line, "VmLck: %lu kB", &kib) != 1) { }
    fclose(file);
    return kib;
}

static void pieces_are_wiped_and_come_again(void **state)
{
    (void)state;
    struct locked *locked = locked_open(1 << 20, true);
    char *one = locked_alloc(locked, 33), *two = locked_alloc(locked, 64), *large = locked_alloc(locked, LOCKED_PIECE);
    assert_true(one != NULL && two != NULL && large != NULL);
    assert_null(locked_alloc(locked, LOCKED_PIECE + 1));
    memset(one, 'x', 33);
    memset(large, 'y', LOCKED_PIECE);
    locked_free(locked, one, 33);
    for (size_t i = sizeof(void *); i < 33; i++)        /* where it began stands who is free after it */
        assert_int_equal(one[i], 0);
    assert_ptr_equal(locked_alloc(locked, 40), one);    /* of the same size, rounded */
    assert_int_equal(one[0], 0);
    locked_free(locked, large, LOCKED_PIECE);
    assert_ptr_equal(locked_alloc(locked, LOCKED_PIECE), large);
    while (locked_alloc(locked, LOCKED_PIECE) != NULL) { }
    assert_int_equal(locked_trouble(locked), LOCKED_FULL);
    assert_int_equal(locked_used(locked), 1 << 20);
    assert_true(kib_locked() >= (locked_all(locked) ? 1024 : 0));       /* as the kernel counts it */
    locked_free(locked, two, 64);
    assert_ptr_equal(locked_alloc(locked, 50), two);    /* what comes back can be had, full or not */
    locked_close(&locked);
    assert_null(locked);
}

/* In a process that may lock nothing: 0 where all is as it should be. */
static int without_the_right(bool unlocked)
{
    struct rlimit none = { 0, 0 };
    struct names_standing now;
    struct uuid id = { { 1 } };
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0))
            _exit(10);
        struct names *names = names_open(unlocked);
        bool good = names_put(names, &id, "анна");
        names_stand(names, &now);
        if (unlocked)
            _exit(good && now.people == 1 && now.phase == NAMES_BUILDING && now.swappable ? 0 : 11);
        names_mark(names, &id, 1);
        struct uuid after;
        bool still = names_put(names, &id, "анна") || names_building(names, 9, &after);
        _exit(!good && !still && now.people == 0 && now.phase == NAMES_UNLOCKED ? 0 : 12);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void what_cannot_be_locked_is_held_where_the_setting_lets_it(void **state)
{
    (void)state;
    assert_int_equal(without_the_right(false), 0);
    assert_int_equal(without_the_right(true), 0);
}

/* ── words ────────────────────────────────────────────────────────────────── */

static const struct { const char *family, *given, *patronymic, *text; } TEXTS[] = {
    { "Воробьёва", "Анна", "Сергеевна", "воробьева анна сергеевна" },
    { "МАМИН-СИБИРЯК", "Пётр", NULL, "мамин сибиряк петр" },
    { " Мамин  —  Сибиряк ", "Пётр", "", "мамин сибиряк петр" },
    { "О’Нил", "Д'Арк", "ʼ", "онил дарк" },
    { "Е\xCC\x88жикова", "Ан\xD0\xBD\xD0\xB0", NULL, "ежикова анна" },         /* ё as two characters */
};

static void names_are_folded_into_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        assert_string_equal(names_text(&arena, TEXTS[i].family, TEXTS[i].given, TEXTS[i].patronymic), TEXTS[i].text);
    struct names_words words;
    const char *asked[] = { "Мамин-Сиб", "ПЁТР" };
    assert_true(names_words_read(&arena, asked, 2, &words));
    assert_int_equal(words.n, 3);
    assert_true(names_match("мамин сибиряк петр", &words));
    assert_false(names_match("мамин петр", &words));
    const char *none[] = { " -’ " };
    assert_false(names_words_read(&arena, none, 1, &words));
    assert_int_equal(words.n, 0);
}

/* ── the index against a list ─────────────────────────────────────────────── */

#define PEOPLE  20000
#define CHANGES 60000
#define ASKED   300

static struct { bool there; char text[80]; } list[PEOPLE];
static struct prng prng;

static struct uuid id_of(uint32_t i)
{
    struct uuid id = { { 0 } };
    uint64_t mixed = (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
    memcpy(id.b, &i, sizeof i);
    memcpy(id.b + 8, &mixed, sizeof mixed);
    if (i % 50 == 0)
        memset(id.b + 8, 7, 8);             /* ids that end alike are told apart all the same */
    return id;
}

#define WORDS_TEXT 80

/* Words of one to five syllables: many begin alike, some are one another's beginning. */
static void word_make(char text[WORDS_TEXT], unsigned most)
{
    static const char *const PART[6] = { "ла", "ле", "ра", "ва", "ни", "ко" };
    for (unsigned n = 1 + (unsigned)prng_below(&prng, most); n > 0; n--)
        text_append(text, WORDS_TEXT, PART[prng_below(&prng, 6)]);
}

static void next_word_make(char text[WORDS_TEXT], unsigned most)
{
    text_append(text, WORDS_TEXT, " ");
    word_make(text, most);
}

static void text_make(char text[WORDS_TEXT])
{
    text[0] = '\0';
    word_make(text, 5);
    next_word_make(text, 3);
    if (prng_below(&prng, 3) > 0)
        next_word_make(text, 2);
}

static void one_asked(struct names *names)
{
    static const uint32_t MOST[] = { 1, 21, 300, PEOPLE };
    char text[WORDS_TEXT] = "";
    const char *const asked[] = { text };
    struct names_question question = { .most = MOST[prng_below(&prng, COUNT(MOST))] };
    struct names_hit hit, last = { 0 };
    struct names_walk walk;
    struct uuid marked[1];
    uint32_t n = 0, expected = 0, found = 0, before_last = 0;
    word_make(text, 4);
    if (prng_below(&prng, 2) > 0)
        next_word_make(text, 2);
    assert_true(names_words_read(&arena, asked, 1, &question.words));
    if (prng_below(&prng, 3) == 0)          /* from the middle of them */
        question.behind = (struct names_hit){ "ни", UUID_NIL };
    assert_true(names_walk_begin(names, &question, &arena, &walk, marked, 0, &n));
    while (names_walk_next(&walk, &hit)) {
        uint32_t i;
        memcpy(&i, hit.id.b, sizeof i);
        assert_true(i < PEOPLE && list[i].there);
        assert_string_equal(list[i].text, hit.text);
        int order = last.text == NULL ? -1 : strcmp(last.text, hit.text);
        assert_true(order < 0 || (order == 0 && uuid_compare(&last.id, &hit.id) < 0));
        last = hit;
        found++;
    }
    names_walk_end(&walk);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        if (!list[i].there || !names_match(list[i].text, &question.words)
            || (question.behind.text != NULL && strcmp(list[i].text, question.behind.text) < 0))
            continue;
        struct uuid id = id_of(i);
        int order = last.text == NULL ? 1 : strcmp(list[i].text, last.text);
        before_last += order < 0 || (order == 0 && uuid_compare(&id, &last.id) <= 0);
        expected++;
    }
    if (found != (expected < question.most ? expected : question.most) || before_last != found || walk.cut != (expected > found))
        fail_msg("«%s»: %u of %u, at most %u; %u before the last", text, found, expected, question.most, before_last);
    arena_reset(&arena);
}

static void it_finds_what_a_list_gone_through_finds(void **state)
{
    (void)state;
    struct names *names = names_open(true);
    struct names_standing now;
    struct uuid after;
    uint32_t there = 0;
    prng_seed(&prng, 11);
    assert_true(names_building(names, 0, &after));
    names_built(names, &UUID_NIL, true);
    for (uint32_t change = 0; change < CHANGES; change++) {
        uint32_t i = (uint32_t)prng_below(&prng, PEOPLE);
        struct uuid id = id_of(i);
        bool goes = list[i].there && prng_below(&prng, 3) == 0;
        there -= list[i].there;
        if (!goes)
            text_make(list[i].text);
        list[i].there = !goes;
        there += list[i].there;
        assert_true(names_put(names, &id, goes ? NULL : list[i].text));
        if (change % (CHANGES / ASKED) == 0)
            one_asked(names);
    }
    names_stand(names, &now);
    assert_int_equal(now.people, there);
    size_t most = now.bytes;
    for (uint32_t i = 0; i < PEOPLE; i++) {
        struct uuid id = id_of(i);
        names_forget(names, &id);
        list[i].there = false;
    }
    one_asked(names);
    names_stand(names, &now);
    assert_int_equal(now.people, 0);
    for (uint32_t i = 0; i < PEOPLE; i++) {             /* what was given back is used again */
        struct uuid id = id_of(i);
        text_make(list[i].text);
        list[i].there = names_put(names, &id, list[i].text);
    }
    one_asked(names);
    names_stand(names, &now);
    assert_true(now.bytes <= most + most / 2);
    names_close(names);
}

#define TEST(f) cmocka_unit_test_teardown(f, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pieces_are_wiped_and_come_again),
        TEST(what_cannot_be_locked_is_held_where_the_setting_lets_it),
        TEST(names_are_folded_into_words),
        TEST(it_finds_what_a_list_gone_through_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

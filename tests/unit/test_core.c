#include "tests/unit/check.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/core/arena.h"
#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/core/hash.h"
#include "common/core/locked.h"
#include "common/core/log.h"
#include "common/core/random.h"
#include "common/core/uuid.h"

static void every_error_has_a_text(void **state)
{
    (void)state;
#define X(name, value, text) assert_string_equal(err_text(ERR_##name), text);
    ERR_LIST(X)
#undef X
    assert_non_null(err_text(-1000));
    assert_non_null(err_text(1));
}

static void errno_becomes_an_error_of_ours(void **state)
{
    static const struct { int from, to; } ROWS[] = {
        { 0, ERR_OK }, { ENOSPC, ERR_FULL }, { EDQUOT, ERR_FULL }, { ENOENT, ERR_NOTFOUND },
        { ENOMEM, ERR_NOMEM }, { EACCES, ERR_DENIED }, { EIO, ERR_IO }, { 9999, ERR_IO },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_int_equal(err_of_errno(ROWS[i].from), ROWS[i].to);
}

static void a_buf_grows_and_keeps_what_it_holds(void **state)
{
    struct buf buf = { 0 };
    (void)state;

    assert_string_equal(buf_string(&buf), "");
    for (int i = 0; i < 1000; i++)
        buf_format(&buf, "%d,", i);
    buf_put(&buf, NULL, 0);
    buf_byte(&buf, '!');
    buf_text(&buf, "end");
    assert_int_equal(buf.n, 10 * 2 + 90 * 3 + 900 * 4 + 4);
    assert_memory_equal(buf.at, "0,1,2,3,", 8);
    assert_string_equal(buf_string(&buf) + buf.n - 8, "999,!end");
    buf_clear(&buf);
    assert_string_equal(buf_string(&buf), "");
    buf_free(&buf);
    assert_null(buf.at);
    buf_free(&buf);
}

static void an_arena_gives_zeroed_aligned_pieces_that_stay_apart(void **state)
{
    struct arena arena = { .keep = 10000 };
    uint8_t *piece[300];
    (void)state;

    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < COUNT(piece); i++) {
            size_t n = i * 37 % 5000;
            piece[i] = arena_alloc(&arena, n);
            assert_int_equal((uintptr_t)piece[i] % 16, 0);
            for (size_t k = 0; k < n; k++)
                assert_int_equal(piece[i][k], 0);
            memset(piece[i], (int)i, n);
        }
        for (size_t i = 0; i < COUNT(piece); i++)
            for (size_t k = 0; k < i * 37 % 5000; k++)
                assert_int_equal(piece[i][k], (uint8_t)i);
        arena_reset(&arena);
    }
    arena_alloc(&arena, 3 << 20);
    arena_free(&arena);
    arena_free(&arena);
    assert_null(arena.block);
}

static void what_is_wiped_of_an_arena_is_zero_to_the_end(void **state)
{
    struct arena arena = { .keep = 1 << 20 };
    unsigned char *piece[40];
    (void)state;
    for (int round = 0; round < 2; round++) {       /* fresh blocks, then those that were kept */
        for (size_t i = 0; i < COUNT(piece); i++)
            memset(piece[i] = arena_alloc(&arena, 1000), 'x', 1000);
        arena_wipe(&arena);
        for (size_t i = 0; i < COUNT(piece); i++)
            for (size_t k = 0; k < 1000; k++)
                assert_int_equal(piece[i][k], 0);
        arena_reset(&arena);
    }
    arena_wipe(&arena);
    arena_free(&arena);
    arena_wipe(&arena);
}

static void an_arena_copies_strings_and_formats(void **state)
{
    struct arena arena = { 0 };
    (void)state;

    assert_string_equal(arena_string(&arena, "abcdef", 3), "abc");
    assert_string_equal(arena_string(&arena, NULL, 0), "");
    assert_string_equal(arena_format(&arena, "%s-%d", "x", 5), "x-5");
    struct bytes copy = arena_bytes(&arena, LITERAL("a\0b"));
    assert_true(bytes_equal(copy, LITERAL("a\0b")));
    assert_false(bytes_equal(copy, LITERAL("a\0c")));
    arena_reset(&arena);
    assert_null(arena.block);       /* nothing was to be kept */
    arena_free(&arena);
}

static void uuids_read_back_as_written(void **state)
{
    struct uuid id = uuid_new(), back;
    char text[UUID_TEXT + 1];
    (void)state;

    uuid_format(&id, text);
    assert_true(uuid_parse(&back, text, UUID_TEXT));
    assert_true(uuid_equal(&id, &back));
    assert_true(uuid_parse(&back, "0192F0C1-2d3e-7a4b-8c5d-6e7f8a9b0c1d", UUID_TEXT));
    assert_int_equal(back.b[1], 0x92);
    static const char *const BAD[] = {
        "", "0192f0c1", "0192f0c1-2d3e-7a4b-8c5d-6e7f8a9b0c1", "0192f0c1-2d3e-7a4b-8c5d-6e7f8a9b0c1d0",
        "0192f0c1-2d3e-7a4b-8c5d-6e7f8a9b0c1g", "0192f0c1+2d3e-7a4b-8c5d-6e7f8a9b0c1d",
        "{192f0c1-2d3e-7a4b-8c5d-6e7f8a9b0c1}", "0192f0c12-d3e-7a4b-8c5d-6e7f8a9b0c1d",
    };
    for (size_t i = 0; i < COUNT(BAD); i++)
        assert_false(uuid_parse(&back, BAD[i], strlen(BAD[i])));
    assert_true(uuid_is_nil(&UUID_NIL));
    assert_false(uuid_is_nil(&id));
}

static void version_7_carries_its_time_and_sorts_by_it(void **state)
{
    static const uint8_t ONES[10] = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 }, ZEROES[10];
    struct uuid earlier = uuid_v7(1726385400123, ONES), later = uuid_v7(1726385400124, ZEROES);
    (void)state;

    assert_int_equal(uuid_ms(&earlier), 1726385400123);
    assert_int_equal(uuid_ms(&later), 1726385400124);
    assert_true(uuid_compare(&earlier, &later) < 0);
    assert_int_equal(earlier.b[6] >> 4, 7);
    assert_int_equal(earlier.b[8] >> 6, 2);
    assert_int_equal(uuid_ms(&UUID_NIL), -1);
}

static void derived_uuids_are_the_same_for_the_same_and_marked_version_8(void **state)
{
    struct uuid a = uuid_derive("due", LITERAL("x")), b = uuid_derive("due", LITERAL("x"));
    struct uuid c = uuid_derive("duex", LITERAL("")), d = uuid_derive("due", LITERAL("y"));
    (void)state;

    assert_true(uuid_equal(&a, &b));
    assert_false(uuid_equal(&a, &c));
    assert_false(uuid_equal(&a, &d));
    assert_int_equal(a.b[6] >> 4, 8);
    assert_int_equal(a.b[8] >> 6, 2);
    assert_int_equal(uuid_ms(&a), -1);
}

/* The vector is that of RFC 7693 cut to 32 bytes of output: b2sum -l 256 of "abc". */
static void hashes_are_blake2b_256(void **state)
{
    struct hash_key key = { { 1 } };
    char text[HASH_TEXT + 1];
    (void)state;

    struct hash hash = hash_two(LITERAL("a"), LITERAL("bc"));
    hash_format(&hash, text);
    assert_string_equal(text, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    struct hash keyed = hash_keyed(&key, LITERAL("abc"));
    assert_false(hash_equal(&hash, &keyed));
    struct hash_state more;
    hash_start(&more, &key);
    hash_more(&more, "ab", 2);
    hash_more(&more, NULL, 0);
    hash_more(&more, "c", 1);
    struct hash in_parts = hash_end(&more);
    assert_true(hash_equal(&keyed, &in_parts));
}

static void a_seed_gives_the_same_numbers_everywhere(void **state)
{
    struct prng a, b;
    uint8_t bytes[11];
    uint64_t first;
    (void)state;

    a = (struct prng){ { 1, 2, 3, 4 } };    /* the first numbers that xoshiro256** gives from there */
    assert_true(prng_next(&a) == 11520);
    assert_true(prng_next(&a) == 0);
    assert_true(prng_next(&a) == 1509978240);
    assert_true(prng_next(&a) == UINT64_C(1215971899390074240));
    prng_seed(&a, 0);       /* splitmix64(0) begins e220a8397b1dcdaf, so does the state */
    assert_true(a.s[0] == UINT64_C(0xe220a8397b1dcdaf));
    prng_seed(&a, 42);
    prng_seed(&b, 42);
    for (int i = 0; i < 1000; i++)
        assert_true(prng_next(&a) == prng_next(&b));
    prng_seed(&a, 7);
    prng_seed(&b, 7);
    prng_fill(&a, bytes, sizeof bytes);
    first = prng_next(&b);
    for (int i = 0; i < 8; i++)
        assert_int_equal(bytes[i], (uint8_t)(first >> 8 * i));
}

static void numbers_below_a_bound_stay_below_and_reach_all(void **state)
{
    struct prng prng;
    unsigned seen[7] = { 0 };
    (void)state;

    prng_seed(&prng, 1);
    for (int i = 0; i < 7000; i++) {
        uint64_t x = prng_below(&prng, 7);
        assert_true(x < 7);
        seen[x]++;
        double u = prng_unit(&prng);
        assert_true(u >= 0 && u < 1);
    }
    for (int i = 0; i < 7; i++)
        assert_in_range(seen[i], 850, 1150);
    assert_true(prng_below(&prng, 1) == 0);
}

static void system_randomness_fills(void **state)
{
    uint8_t a[64] = { 0 }, b[64] = { 0 };
    (void)state;
    RANDOM_SYSTEM.fill(RANDOM_SYSTEM.self, a, sizeof a);
    RANDOM_SYSTEM.fill(RANDOM_SYSTEM.self, b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
}

/* Runs `child` in a process of its own; its standard error goes to `out`. */
static int run(void (*child)(void), char *out, size_t room)
{
    int ends[2], status = 0;
    size_t used = 0;

    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        child();
        _exit(0);
    }
    close(ends[1]);
    for (ssize_t got; (got = read(ends[0], out + used, room - 1 - used)) > 0; )
        used += (size_t)got;
    out[used] = '\0';
    close(ends[0]);
    waitpid(pid, &status, 0);
    return status;
}

static void log_three(void)
{
    log_open("rsnms-test", LOG_INFO);
    log_debug("quiet", "not said");
    log_info("store", "opened %d", 7);
    log_warning("store", "a\nforged line");
}

static void a_log_line_is_one_line_with_time_level_and_subject(void **state)
{
    char out[4096];
    (void)state;

    assert_int_equal(run(log_three, out, sizeof out), 0);
    assert_string_equal(strchr(out, 'Z'), strstr(out, "Z INFO  rsnms-test store: opened 7\n"));
    assert_int_equal(strchr(out, 'Z') - out, 23);
    assert_non_null(strstr(out, "Z WARN  rsnms-test store: a forged line\n"));
    assert_null(strstr(out, "not said"));
}

static void log_long(void)
{
    static char text[5000];
    memset(text, 'x', sizeof text - 1);
    log_die("long", "%s", text);
}

static void a_long_line_is_cut_and_dying_says_so(void **state)
{
    char out[8192];
    (void)state;

    int status = run(log_long, out, sizeof out);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE);
    assert_int_equal(strlen(out), 2048 - 1);
    assert_int_equal(out[strlen(out) - 1], '\n');
}

static void reach_thrice(void)
{
    setenv("RSNMS_FAILPOINT", "before_commit:2", 1);
    failpoint_open();
    FAILPOINT("elsewhere");
    FAILPOINT("before_commit");
    log_info("first", "survived");
    FAILPOINT("before_commit");
    log_info("second", "survived");
}

static void a_failpoint_kills_at_the_arrival_it_was_told(void **state)
{
    char out[4096];
    (void)state;

    int status = run(reach_thrice, out, sizeof out);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_non_null(strstr(out, "first: survived"));
    assert_null(strstr(out, "second: survived"));
}

static void count_arrival(void *arg, const char *name)
{
    if (strcmp(name, "here") == 0)
        ++*(int *)arg;
}

static void a_hook_sees_arrivals_until_it_is_taken_away(void **state)
{
    int count = 0;
    (void)state;

    FAILPOINT("here");
    failpoint_hook(count_arrival, &count);
    FAILPOINT("here");
    FAILPOINT("there");
    failpoint_hook(NULL, NULL);
    FAILPOINT("here");
    assert_int_equal(count, 1);
}

/* Whatever the one who started it allows. */
static void what_a_process_holds_is_in_no_core_dump(void **state)
{
    struct rlimit limit = { 0 };
    int status = 0;
    (void)state;
    pid_t pid = fork();
    assert_true(pid != -1);
    if (pid == 0) {
        getrlimit(RLIMIT_CORE, &limit);
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_CORE, &limit);
        dumps_none();
        getrlimit(RLIMIT_CORE, &limit);
        if (limit.rlim_cur > 1 || limit.rlim_max > 1)
            _exit(1);                           /* 0 or 1: neither a file nor a pipe gets anything */
        signal(SIGABRT, SIG_DFL);
        kill(getpid(), SIGABRT);
        _exit(2);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_false(WCOREDUMP(status));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_process_holds_is_in_no_core_dump),
        cmocka_unit_test(every_error_has_a_text),
        cmocka_unit_test(errno_becomes_an_error_of_ours),
        cmocka_unit_test(a_buf_grows_and_keeps_what_it_holds),
        cmocka_unit_test(an_arena_gives_zeroed_aligned_pieces_that_stay_apart),
        cmocka_unit_test(what_is_wiped_of_an_arena_is_zero_to_the_end),
        cmocka_unit_test(an_arena_copies_strings_and_formats),
        cmocka_unit_test(uuids_read_back_as_written),
        cmocka_unit_test(version_7_carries_its_time_and_sorts_by_it),
        cmocka_unit_test(derived_uuids_are_the_same_for_the_same_and_marked_version_8),
        cmocka_unit_test(hashes_are_blake2b_256),
        cmocka_unit_test(a_seed_gives_the_same_numbers_everywhere),
        cmocka_unit_test(numbers_below_a_bound_stay_below_and_reach_all),
        cmocka_unit_test(system_randomness_fills),
        cmocka_unit_test(a_log_line_is_one_line_with_time_level_and_subject),
        cmocka_unit_test(a_long_line_is_cut_and_dying_says_so),
        cmocka_unit_test(a_failpoint_kills_at_the_arrival_it_was_told),
        cmocka_unit_test(a_hook_sees_arrivals_until_it_is_taken_away),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

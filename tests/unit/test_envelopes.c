/* Envelopes: what goes in comes out, to whom it is for and nobody else. */
#include "common/core/hash.h"
#include "common/net/letters.h"
#include "tests/unit/toy.h"

static struct arena arena;
static struct key_pair node, service, stranger;
static char *dir;

static int set_up(void **state)
{
    char says[400];
    (void)state;
    dir = toy_dir();
    assert_int_equal(crypto_start(), ERR_OK);
    assert_int_equal(key_new(dir, "node", NULL, &node, says), ERR_OK);
    assert_int_equal(key_new(dir, "service", NULL, &service, says), ERR_OK);
    assert_int_equal(key_new(dir, "stranger", NULL, &stranger, says), ERR_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    toy_remove(dir);
    return 0;
}

static struct letter_key between(const struct key_pair *his, const struct key_pair *mine)
{
    struct letter_key key;
    assert_int_equal(letter_key(&key, his->public_key, mine->secret_key), ERR_OK);
    return key;
}

static struct position AFTER = { .number = 7 };
static struct letter sample(void)
{
    return (struct letter){ .service = "roster", .method = "roster.worker.record", .command = uuid_derive("c", bytes_of("1")),
                            .lane = uuid_derive("l", bytes_of("1")), .previous = uuid_derive("c", bytes_of("0")),
                            .made_at = 1700000000 * MOMENT_SECOND, .after = { 1, &AFTER }, .body = bytes("\x81\xa1x\x01", 4) };
}

static void either_side_works_out_the_same_key(void **state)
{
    struct letter_key a = between(&service, &node), b = between(&node, &service), c = between(&service, &stranger);
    char cut[KEY_TEXT + 1] = "";
    (void)state;
    assert_memory_equal(&a, &b, sizeof a);
    assert_memory_not_equal(&a, &c, sizeof a);
    memcpy(cut, node.public_key, KEY_TEXT - 1);
    assert_int_equal(letter_key(&c, cut, node.secret_key), ERR_MALFORMED);
    memset(cut, '0', KEY_TEXT);                                 /* a public key of small order: 32 zero bytes */
    assert_int_equal(letter_key(&c, cut, node.secret_key), ERR_MALFORMED);
}

static void a_letter_arrives_whole(void **state)
{
    struct letter_key at_node = between(&service, &node), at_service = between(&node, &service);
    struct letter sent = sample(), got;
    struct envelope one, again, other;
    (void)state;
    assert_int_equal(letter_seal(&at_node, &sent, &arena, &one), ERR_OK);
    assert_int_equal(letter_open(&at_service, &one, &arena, &got), ERR_OK);
    assert_true(bytes_equal(msg_encode_in(&arena, &letter_desc, &got), msg_encode_in(&arena, &letter_desc, &sent)));
    assert_string_equal(got.method, sent.method);
    assert_int_equal(got.after.at[0].number, 7);
    /* The same again is the same bytes; another letter shares no nonce. */
    assert_int_equal(letter_seal(&at_node, &sent, &arena, &again), ERR_OK);
    assert_true(bytes_equal(one.nonce, again.nonce) && bytes_equal(one.box, again.box));
    sent.made_at++;
    assert_int_equal(letter_seal(&at_node, &sent, &arena, &other), ERR_OK);
    assert_false(bytes_equal(one.nonce, other.nonce));
    /* What is in it is not to be seen. */
    assert_null(memmem(one.box.at, one.box.n, "worker", 6));
}

static void nobody_else_opens_it_and_nothing_in_it_can_be_changed(void **state)
{
    struct letter_key at_node = between(&service, &node), at_service = between(&node, &service), at_stranger = between(&node, &stranger);
    struct letter sent = sample(), got;
    struct envelope good, bad;
    (void)state;
    assert_int_equal(letter_seal(&at_node, &sent, &arena, &good), ERR_OK);
    assert_int_equal(letter_open(&at_stranger, &good, &arena, &got), ERR_DENIED);
    for (size_t i = 0; i < good.box.n + good.nonce.n; i++) {
        uint8_t *box = arena_copy(&arena, good.box.at, good.box.n), *nonce = arena_copy(&arena, good.nonce.at, good.nonce.n);
        *(i < good.box.n ? &box[i] : &nonce[i - good.box.n]) ^= 0x40;
        bad = (struct envelope){ bytes(nonce, good.nonce.n), bytes(box, good.box.n) };
        assert_int_equal(letter_open(&at_service, &bad, &arena, &got), ERR_DENIED);
    }
    for (size_t n = 0; n < good.box.n; n++) {
        bad = (struct envelope){ good.nonce, bytes(good.box.at, n) };
        assert_int_equal(letter_open(&at_service, &bad, &arena, &got), ERR_DENIED);
    }
    /* An answer is no letter, though both keys are the same in either direction. */
    struct letter_answer answer = { .command = sent.command, .outcome = LETTER_REPLY, .body = bytes("\x80", 1), .position = &AFTER }, back;
    assert_int_equal(letter_answer_seal(&at_service, &answer, &arena, &bad), ERR_OK);
    assert_int_equal(letter_open(&at_service, &bad, &arena, &got), ERR_DENIED);
    assert_int_equal(letter_answer_open(&at_node, &good, &arena, &back), ERR_DENIED);
    assert_int_equal(letter_answer_open(&at_node, &bad, &arena, &back), ERR_OK);
    assert_int_equal(back.position->number, 7);
}

static void what_is_too_large_is_not_sealed(void **state)
{
    struct letter_key key = between(&service, &node);
    struct letter letter = sample(), got;
    struct envelope sealed;
    (void)state;
    letter.body = bytes(arena_alloc(&arena, LETTER_BODY_MAX + 1), LETTER_BODY_MAX);
    assert_int_equal(letter_seal(&key, &letter, &arena, &sealed), ERR_OK);
    assert_int_equal(letter_open(&key, &sealed, &arena, &got), ERR_OK);
    struct letter_deliver deliver = { .principal = node.id, .nonce = sealed.nonce, .box = sealed.box };
    assert_true(msg_encode_in(&arena, &letter_deliver_desc, &deliver).n <= MSG_BYTES_MAX);
    letter.body.n++;
    assert_int_equal(letter_seal(&key, &letter, &arena, &sealed), ERR_MALFORMED);
    letter = sample();
    letter.method = NULL;
    assert_int_equal(letter_seal(&key, &letter, &arena, &sealed), ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(either_side_works_out_the_same_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_letter_arrives_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_else_opens_it_and_nothing_in_it_can_be_changed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_too_large_is_not_sealed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

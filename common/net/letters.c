#include "common/net/letters.h"

#include <sodium.h>
#include <zmq.h>

#include "common/core/err.h"

MSG_DEFINE(letter, LETTER_FIELDS)
MSG_DEFINE(letter_deliver, LETTER_DELIVER_FIELDS)
ENUM_DEFINE(letter_outcome, LETTER_OUTCOMES)
MSG_DEFINE(letter_delivered, LETTER_DELIVERED_FIELDS)
MSG_DEFINE(letter_answer, LETTER_ANSWER_FIELDS)

#define KIND 8                              /* bytes of a nonce that say what it is for */
static const char LETTER_KIND[KIND + 1] = "RSNMSLTR", ANSWER_KIND[KIND + 1] = "RSNMSANS";

_Static_assert(crypto_box_NONCEBYTES == LETTER_NONCE && crypto_box_MACBYTES == LETTER_TAG, "the limits are crypto_box's");
_Static_assert(crypto_box_BEFORENMBYTES == sizeof(struct letter_key), "what two keys have in common");
_Static_assert(LETTER_BODY_MAX + 2048 <= LETTER_BOX_MAX && LETTER_BOX_MAX + 1024 <= MSG_BYTES_MAX, "an envelope fits into a frame");

int letter_key(struct letter_key *key, const char public_key[KEY_TEXT + 1], const char secret_key[KEY_TEXT + 1])
{
    uint8_t public[32], secret[32];
    int err = ERR_MALFORMED;

    if (strlen(public_key) == KEY_TEXT && strlen(secret_key) == KEY_TEXT && zmq_z85_decode(public, public_key) != NULL
        && zmq_z85_decode(secret, secret_key) != NULL && crypto_box_beforenm(key->shared, public, secret) == 0)
        err = ERR_OK;
    sodium_memzero(secret, sizeof secret);
    return err;
}

void letter_key_wipe(struct letter_key *key)
{
    sodium_memzero(key, sizeof *key);
}

static int seal(const struct letter_key *key, const char *kind, const struct msg_desc *desc, const void *message,
                struct arena *arena, struct envelope *sealed)
{
    struct msg_error error;
    struct hash_key hash_key;

    if (msg_check(desc, message, &error) != ERR_OK)
        return ERR_MALFORMED;
    struct bytes plain = msg_encode_in(arena, desc, message);
    uint8_t *nonce = arena_alloc(arena, LETTER_NONCE), *box = arena_alloc(arena, plain.n + LETTER_TAG);
    if (plain.n + LETTER_TAG > LETTER_BOX_MAX)
        return ERR_MALFORMED;
    memcpy(hash_key.b, key->shared, sizeof hash_key.b);
    struct hash_state state;
    hash_start(&state, &hash_key);
    hash_more(&state, kind, KIND);
    hash_more(&state, plain.at, plain.n);
    struct hash hash = hash_end(&state);
    memcpy(nonce, kind, KIND);
    memcpy(nonce + KIND, hash.b, LETTER_NONCE - KIND);
    crypto_box_easy_afternm(box, plain.at, plain.n, nonce, key->shared);
    letter_key_wipe((struct letter_key *)(void *)&hash_key);
    *sealed = (struct envelope){ bytes(nonce, LETTER_NONCE), bytes(box, plain.n + LETTER_TAG) };
    return ERR_OK;
}

static int open_box(const struct letter_key *key, const char *kind, const struct envelope *sealed,
                    const struct msg_desc *desc, struct arena *arena, void *message)
{
    struct msg_error error;

    if (sealed->nonce.n != LETTER_NONCE || sealed->box.n < LETTER_TAG || sealed->box.n > LETTER_BOX_MAX
        || memcmp(sealed->nonce.at, kind, KIND) != 0)
        return ERR_DENIED;
    uint8_t *plain = arena_alloc(arena, sealed->box.n);
    if (crypto_box_open_easy_afternm(plain, sealed->box.at, sealed->box.n, sealed->nonce.at, key->shared) != 0)
        return ERR_DENIED;
    return msg_decode(desc, bytes(plain, sealed->box.n - LETTER_TAG), MSG_LENIENT, arena, message, &error);
}

int letter_seal(const struct letter_key *key, const struct letter *letter, struct arena *arena, struct envelope *sealed)
{
    return seal(key, LETTER_KIND, &letter_desc, letter, arena, sealed);
}

int letter_open(const struct letter_key *key, const struct envelope *sealed, struct arena *arena, struct letter *letter)
{
    return open_box(key, LETTER_KIND, sealed, &letter_desc, arena, letter);
}

int letter_answer_seal(const struct letter_key *key, const struct letter_answer *answer, struct arena *arena,
                       struct envelope *sealed)
{
    return seal(key, ANSWER_KIND, &letter_answer_desc, answer, arena, sealed);
}

int letter_answer_open(const struct letter_key *key, const struct envelope *sealed, struct arena *arena,
                       struct letter_answer *answer)
{
    return open_box(key, ANSWER_KIND, sealed, &letter_answer_desc, arena, answer);
}

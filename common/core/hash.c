#include "common/core/hash.h"

#include <assert.h>
#include <sodium.h>

#include "common/core/err.h"

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(struct hash_state), "hash_state is too small");
_Static_assert(_Alignof(crypto_generichash_state) <= _Alignof(struct hash_state), "hash_state is not aligned");

int crypto_start(void)
{
    return sodium_init() < 0 ? ERR_IO : ERR_OK;
}

static crypto_generichash_state *inside(struct hash_state *state)
{
    return (crypto_generichash_state *)(void *)state->opaque;
}

void hash_start(struct hash_state *state, const struct hash_key *key)
{
    int rc = crypto_generichash_init(inside(state), key != NULL ? key->b : NULL,
                                     key != NULL ? sizeof key->b : 0, HASH_SIZE);
    assert(rc == 0);
}

void hash_more(struct hash_state *state, const void *at, size_t n)
{
    if (n > 0)
        crypto_generichash_update(inside(state), at, n);
}

struct hash hash_end(struct hash_state *state)
{
    struct hash hash;
    int rc = crypto_generichash_final(inside(state), hash.b, sizeof hash.b);
    assert(rc == 0);
    return hash;
}

struct hash hash_two(struct bytes first, struct bytes second)
{
    struct hash_state state;
    hash_start(&state, NULL);
    hash_more(&state, first.at, first.n);
    hash_more(&state, second.at, second.n);
    return hash_end(&state);
}

struct hash hash_keyed(const struct hash_key *key, struct bytes bytes)
{
    struct hash_state state;
    hash_start(&state, key);
    hash_more(&state, bytes.at, bytes.n);
    return hash_end(&state);
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
    return sodium_memcmp(a->b, b->b, HASH_SIZE) == 0;
}

void hash_format(const struct hash *hash, char text[HASH_TEXT + 1])
{
    sodium_bin2hex(text, HASH_TEXT + 1, hash->b, HASH_SIZE);
}

#include "common/core/random.h"

#include <assert.h>
#include <errno.h>
#include <sys/random.h>

#include "common/core/log.h"

static void system_fill(void *self, void *at, size_t n)
{
    uint8_t *to = at;
    (void)self;

    while (n > 0) {
        ssize_t got = getrandom(to, n, 0);
        if (got < 0 && errno != EINTR)
            log_die("random", "getrandom: %s", strerror(errno));
        if (got > 0) {
            to += got;
            n -= (size_t)got;
        }
    }
}

const struct random_source RANDOM_SYSTEM = { system_fill, NULL };

/* splitmix64 spreads the seed over the state, as the authors of xoshiro advise. */
void prng_seed(struct prng *prng, uint64_t seed)
{
    for (size_t i = 0; i < 4; i++) {
        uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        prng->s[i] = z ^ z >> 31;
    }
}

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

uint64_t prng_next(struct prng *prng)
{
    uint64_t *s = prng->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t prng_below(struct prng *prng, uint64_t n)
{
    assert(n > 0);
    uint64_t uneven = -n % n, x;    /* 2^64 mod n: so many of the lowest numbers would come too often */
    do
        x = prng_next(prng);
    while (x < uneven);
    return x % n;
}

double prng_unit(struct prng *prng)
{
    return (double)(prng_next(prng) >> 11) * 0x1p-53;
}

void prng_fill(void *prng, void *at, size_t n)
{
    uint8_t *to = at;

    for (size_t i = 0; i < n; ) {
        uint64_t x = prng_next(prng);
        for (size_t k = 0; k < 8 && i < n; k++, i++, x >>= 8)
            to[i] = (uint8_t)x;     /* low byte first on every machine */
    }
}

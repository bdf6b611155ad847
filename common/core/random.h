#pragma once
#include "common/core/bytes.h"

/* random: where unpredictable bytes come from; a test hands in a seeded one. */
struct random_source { void (*fill)(void *self, void *at, size_t n); void *self; };

extern const struct random_source RANDOM_SYSTEM;

/* A small seeded generator (xoshiro256**, Blackman and Vigna 2018) for samples, simulations and
 * jitter: the same seed gives the same numbers on every machine. Never for keys. */
struct prng { uint64_t s[4]; };
void     prng_seed(struct prng *prng, uint64_t seed);
uint64_t prng_next(struct prng *prng);
uint64_t prng_below(struct prng *prng, uint64_t n);         /* 0 ≤ result < n, without bias */
double   prng_unit(struct prng *prng);                      /* 0 ≤ result < 1 */
void     prng_fill(void *prng, void *at, size_t n);         /* fits random_source.fill */

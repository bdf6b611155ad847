#pragma once
#include "common/core/random.h"

/* names: plausible Russian names; family name and patronymic agree with the gender. Strings are constants. */
struct name { const char *family, *given, *patronymic; };
struct name name_draw(struct prng *prng, bool female);
/* A number of the insurance account (СНИЛС): nine digits with the two of its checksum. */
unsigned snils_checksum(uint64_t nine_digits);

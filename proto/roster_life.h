#pragma once
#include "common/codec/msg.h"

/* roster_life: education and what the calendar changes about a person, as it is told without names and dates of birth (R2, R2b).
 *
 * A band is a span of days in which something holds of a person: under 35, the first three years, without pedagogical
 * education. The profile defines them (proto/profile_people.h); roster works them out from the sealed dates and says them
 * with the person's entries, ends yet to come included: "has left the band" is dated when it is known, so that nobody
 * else needs a birth date or a clock, and no timer that is late moves a day. Both ends are rounded down to the profile's
 * step, so that no birthday can be read off them. */
#define BAND_ID_MAX    40
#define BANDS_MAX      24       /* of a profile */
#define BAND_SPANS_MAX 64       /* of a person, over all bands */
#define BAND_YOUNG     "young"  /* of the section `young` of every profile: what the indicators ask for */

#define BAND_SPAN_FIELDS(X, S)                                                              \
    X(S, STR, band,  _, 1, BAND_ID_MAX, REQUIRED)                                            \
    X(S, DAY, from,  _, 0, 0, OPTIONAL) /* 0: ever since */                                  \
    X(S, DAY, until, _, 0, 0, OPTIONAL) /* the first day no longer; 0: open */
MSG_DECLARE(band_span, BAND_SPAN_FIELDS)

/* What a list says, leaves out, or denies. */
#define YES_NOS(X) X(SAID_NOTHING, "nothing") X(SAID_NO, "no") X(SAID_YES, "yes")
ENUM_DECLARE(yes_no, YES_NOS)
/* Levels as Federal law 273-FZ art. 10 has them, as far as posts ask for them (art. 46). */
#define EDUCATION_LEVELS(X)                                                                 \
    X(EDUCATION_UNKNOWN, "unknown")         X(EDUCATION_GENERAL, "general")                 \
    X(EDUCATION_VOCATIONAL, "vocational")   /* среднее профессиональное */                  \
    X(EDUCATION_HIGHER, "higher")
ENUM_DECLARE(education_level, EDUCATION_LEVELS)

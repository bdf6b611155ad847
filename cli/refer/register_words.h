#pragma once
#include "proto/roster_registers.h"

/* register_words: how grounds and fields of an entry are typed, on the command line and in lists.
 *
 * Ground     CODE, CODE@DAY, CODE=EVIDENCE, CODE@DAY=EVIDENCE. Field: NAME=VALUE, by the kind that the register gives it. */
bool ground_words(struct arena *arena, const char *text, struct entry_ground *ground);      /* false: no day stands after the @ */
enum value_words { WORDS_NONE, WORDS_NO_DAY, WORDS_NO_NUMBER, WORDS_TAKEN, WORDS_PERSON, WORDS_ORGANISATION };
/* The last two: `code` says whose identifier is still to be put in. A name that the register does not know is taken as text:
 * the service refuses it by its name. */
enum value_words value_words(struct arena *arena, const struct profile_register *reg, const char *text, struct entry_value *value,
                             const char **code);

#pragma once
#include "common/service/errand.h"
#include "common/service/machine.h"

/* errand_parts: what errand.c and the daemon's world share; nobody else includes this. */
void errand_input(const struct errand *errand, const struct errand_command *command, struct input *input);
void errand_outcome(struct errand *errand, struct errand_command *command, const struct outcome *outcome);
int  errand_first_err(const struct errand_command *list, size_t n);

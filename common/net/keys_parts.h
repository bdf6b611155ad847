#pragma once
#include "common/net/keys.h"

/* keys_parts: what keys.c and principals.c share and nobody else includes. */
#define SAYS 400                            /* room for what is wrong, and where */
__attribute__((format(printf, 3, 4)))
int says_fault(char says[SAYS], int err, const char *format, ...);     /* returns err */

#pragma once
#include "cli/cli.h"
#include "proto/indicators.h"

/* values: indicator values as the service gives them, all pages, and how a share is written for people. */
struct values { uint32_t n, room; struct value *at; };
int values_fetch(struct cli *cli, const struct values_of *ask, struct values *values);

/* 11,3: cut off, not rounded up, so that a figure below the target is never shown as if it met it. */
const char *share_text(struct cli *cli, const struct value *value);
/* "11,3 ≥ 10 ✓": fact, plan and whether it is met; without a target the fact alone. */
const char *share_against(struct cli *cli, const struct value *value);
/* The first and the last year for which any of them has a target; 0: none has. */
uint64_t values_first_planned(const struct values *values);
uint64_t values_last_planned(const struct values *values);
const struct value *values_find(const struct values *values, const char *indicator, uint64_t year,
                                const struct uuid *unit);

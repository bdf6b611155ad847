#pragma once
#include "cli/cli.h"
#include "proto/indicators.h"

/* values: indicator values as the service gives them, all pages, and how they are written for people. */
struct values { uint32_t n, room; struct value *at; };
int values_fetch(struct cli *cli, const struct values_of *ask, struct values *values);

/* 11,3: cut off, not rounded up, so that a figure below the target is never shown as if it met it. */
const char *share_text(struct cli *cli, const struct value *value);
/* "11,3 ≥ 10 ✓": fact, plan and whether it is met; without a target the fact alone. */
const char *share_against(struct cli *cli, const struct value *value);
/* The whole cell of a table, of any measure and state, lines under one another: "11,3 ≥ 10 ✓", "34 / 300"; "в среднем
 * 38;", "от 7 до 96;", "ниже 10 — 2 ✗"; "нет данных:", "появятся с R6". */
const char *value_text(struct cli *cli, const struct value *value);
/* The same on one line, for a table of many units: without numerator and denominator. */
const char *value_line_text(struct cli *cli, const struct value *value);
/* What stands beside: the cumulative line against its targets, another reading of the same. */
const char *cumulative_text(struct cli *cli, const struct value *value);
const char *beside_text(struct cli *cli, const struct value_beside *beside, bool share);
/* The first and the last year for which any of them has a target; 0: none has. */
uint64_t values_first_planned(const struct values *values);
uint64_t values_last_planned(const struct values *values);
/* act NULL: of any. */
const struct value *values_find(const struct values *values, const char *act, const char *indicator, uint64_t year,
                                const struct uuid *unit);

#pragma once
#include "proto/roster_staffing.h"
#include "services/roster/people/people.h"

/* staffing: what a unit's staff needs (R11): C раздел IV, задача 2; раздел VI, 7); табл. 1, кр. 8.
 *
 * Vacancies   a post, with its load, that nobody holds since a day: said by who keeps the staff list, ended as filled (by which
 *             post), withdrawn or mistaken. Which were vacant on a past day stays.
 * Structure   of the population that the profile names: by its bands (age, years of service), who comes to the band `leaving` in
 *             which year. Bands are dated ahead, so that no birth date is read for any of it.
 * Retraining  posts of that population whose holder has no pedagogical education, or none that matches the subject, as far as
 *             lists have said so: what they have left out is counted nowhere.
 * Scope       of a vacancy: its organisation's chain.
 * Limits      STAFFING_SUBJECTS_MAX subjects in one answer, the rest in the sums alone.
 *
 * Reasons, with field and args (and population_unknown, population_not_then):
 *
 *   vacancy_unknown                                                       not_found
 *   vacancy_over                                                          conflict: it is not vacant any more
 *   vacancy_future        from, until                                     a day yet to come
 *   vacancy_until_before_from   until
 *   vacancy_filled_by_whom      by                                        filled: the post is missing, or is of another organisation,
 *                                                                         or is named though it is not filled
 *   staffing_not_defined                                                  not_found: the profile has no section `staffing`  */
bool state_vacancy(struct ctx *ctx, const struct uuid *id, struct vacancy *vacancy);
bool vacancy_held(const struct vacancy *vacancy, day_t on);

enum verdict decide_vacancy_open(struct ctx *ctx, const void *command);
enum verdict decide_vacancy_close(struct ctx *ctx, const void *command);
void apply_vacancy(struct ctx *ctx, const void *event);
enum verdict query_vacancy_list(struct ctx *ctx, const void *query);
enum verdict query_staffing_get(struct ctx *ctx, const void *query);
enum verdict query_retraining_list(struct ctx *ctx, const void *query);

#pragma once
#include "proto/roster_search.h"
#include "services/roster/roster.h"
#include "services/roster/search/names.h"

/* search: people found by words of their names (proto/roster_search.h), and who keeps the index of names (names.h) up.
 *
 * Built      by the errand "names" after the start, in slices of a read transaction each, while everything else is
 *            answered; a search is unavailable until then. From then on it reads anew whoever is marked.
 * Marked     by apply, whenever a person's row or a block is put (state_person_put, blocking.c).
 * Not found  who was erased or is blocked, and who is out of the asker's reach.
 *
 * Reasons of refusal:
 *   search_no_word        words                                           nothing but signs and spaces
 *   search_many_words     words                     most
 *   search_short          words                     least                 letters of the longest of them
 *   indexing                                                              unavailable: the index is being built, or much has changed just now
 *   names_unlocked                                                        unavailable: see core/locked.h
 *   names_full                                                            unavailable
 *   page_unknown          after
 *   post_unknown, band_unknown, register_unknown                          filter.h
 *   organisation_unknown, out_of_reach                                    of the unit */
#define SEARCH_ROWS        20               /* where the limit is 0 */
#define SEARCH_LETTERS_MIN 2
#define SEARCH_LOOKS_MAX   3000             /* people whose names fit, for one page: it may end short */
#define SEARCH_MARKS_MAX   300              /* that are looked at one by one */

void *names_memory_open(bool unlocked);
void  names_memory_close(void *memory);
/* Apply: the person's row or block has changed; gone: nothing of him is to be found from now on. */
void search_mark(struct ctx *ctx, const struct uuid *person, bool gone);
/* Somebody who may be found by name at all: not erased, not blocked, no record that was made part of another. */
bool search_finds(struct ctx *ctx, const struct uuid *person, const struct person_state *state);
struct errand;
#define NAMES_MEMORY 16
uint32_t names_step(struct errand *errand);

enum verdict decide_person_search(struct ctx *ctx, const void *command);
enum verdict answer_person_search(struct ctx *ctx, const void *command);
enum verdict decide_person_name(struct ctx *ctx, const void *command);
enum verdict answer_person_name(struct ctx *ctx, const void *command);
void apply_person_searched(struct ctx *ctx, const void *event);
enum verdict query_names_get(struct ctx *ctx, const void *query);

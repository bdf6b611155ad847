#pragma once
#include "common/service/pages.h"
#include "proto/roster_merge.h"
#include "services/roster/state.h"

/* one: a person whose records were merged (merge.h) is one under all the ids that he has or had.
 *
 * Nothing that was entered about him moves when records are merged: entries of registers, parts, expert work, ties, consents,
 * trainings, bookings stay under the id that they were entered with, and whatever lists, counts or compares them walks
 * all his ids and shows the one that was kept. So undoing it gives back exactly what was, and what is entered meanwhile
 * is his whose record was kept.
 *
 * Reads T_MERGES and T_MERGED_INTO, STATE tables: apply may ask, too. An id of an organisation is nobody's but its own. */
#define SAME_ONE_MAX (1 + MERGE_OTHERS_MAX)

struct merge_others { uint32_t n; struct uuid *at; };
struct merge_others merged_into(struct ctx *ctx, const struct uuid *kept);
/* All ids of the same one, `kept` first: what is kept under any of them is his. Their number. */
uint32_t same_one(struct ctx *ctx, const struct uuid *person, struct uuid ids[SAME_ONE_MAX]);
/* The id that goes on for this one: itself, where it was not merged. */
struct uuid person_now(struct ctx *ctx, const struct uuid *person);
/* The same for all of a list, each once; the number left. */
uint32_t persons_now(struct ctx *ctx, struct uuid *persons, uint32_t n);
bool same_person(struct ctx *ctx, const struct uuid *a, const struct uuid *b);

/* A page of an index whose keys begin with a person: his rows under all his ids, one id after the other. Refuses page_unknown. */
enum verdict one_pages_open(struct pages *pages, struct ctx *ctx, table_t table, const struct uuid *person, struct bytes after, uint64_t limit);

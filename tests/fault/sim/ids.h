#pragma once
#include "common/core/uuid.h"

/* ids: identifiers in lists that are sorted when they are asked. */
struct ids { struct uuid *at; size_t n, room; };
void ids_add_one(struct ids *ids, const struct uuid *id);
void ids_sort(struct ids *ids);
bool ids_have(const struct ids *sorted, const struct uuid *id);
size_t ids_distinct(struct ids *ids);                       /* sorts, and keeps one of each */
const struct uuid *ids_twice(const struct ids *sorted);     /* one that stands in it twice; NULL: none */
/* Command and principal in one: what a verdict is known by. */
struct uuid ids_verdict(const struct uuid *command, const struct uuid *who);

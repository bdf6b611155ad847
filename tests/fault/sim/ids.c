#include "tests/fault/sim/ids.h"

#include <stdlib.h>

#include "common/store/key.h"

struct uuid ids_verdict(const struct uuid *command, const struct uuid *who)
{
    struct key key = key_of_uuid(command);
    key_uuid(&key, who);
    return uuid_derive("verdict", key_bytes(&key));
}

void ids_add_one(struct ids *ids, const struct uuid *id)
{
    if (ids->n == ids->room) {
        ids->room = ids->room != 0 ? ids->room * 2 : 64;
        ids->at = realloc(ids->at, ids->room * sizeof *ids->at);
        if (ids->at == NULL)
            abort();
    }
    ids->at[ids->n++] = *id;
}

static int by_id(const void *a, const void *b)
{
    return uuid_compare(a, b);
}

void ids_sort(struct ids *ids)
{
    if (ids->n > 0)
        qsort(ids->at, ids->n, sizeof *ids->at, by_id);
}

bool ids_have(const struct ids *sorted, const struct uuid *id)
{
    return sorted->n > 0 && bsearch(id, sorted->at, sorted->n, sizeof *sorted->at, by_id) != NULL;
}

size_t ids_distinct(struct ids *ids)
{
    size_t n = 0;
    ids_sort(ids);
    for (size_t i = 0; i < ids->n; i++)
        if (n == 0 || !uuid_equal(&ids->at[n - 1], &ids->at[i]))
            ids->at[n++] = ids->at[i];
    ids->n = n;
    return n;
}

const struct uuid *ids_twice(const struct ids *sorted)
{
    for (size_t i = 1; i < sorted->n; i++)
        if (uuid_equal(&sorted->at[i - 1], &sorted->at[i]))
            return &sorted->at[i];
    return NULL;
}

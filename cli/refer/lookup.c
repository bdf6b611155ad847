#include "cli/refer/lookup.h"

#include <stdlib.h>

#include "common/core/log.h"
#include "proto/roster.h"

struct lookup_slot { const char *code; struct uuid id; };

#define ASK_MAX 256

static size_t slot_of(const struct lookup *lookup, const char *code)
{
    uint64_t hash = UINT64_C(14695981039346656037);     /* FNV-1a */

    for (const char *at = code; *at != '\0'; at++)
        hash = (hash ^ (uint8_t)*at) * UINT64_C(1099511628211);
    size_t i = (hash >> 20) & (lookup->slots - 1);
    while (lookup->slot[i].code != NULL && strcmp(lookup->slot[i].code, code) != 0)
        i = (i + 1) & (lookup->slots - 1);
    return i;
}

static void lookup_grow(struct lookup *lookup)
{
    struct lookup_slot *old = lookup->slot;
    size_t slots = lookup->slots;

    lookup->slots = slots == 0 ? 1024 : slots * 2;
    lookup->slot = calloc(lookup->slots, sizeof *lookup->slot);
    if (lookup->slot == NULL)
        log_die("lookup", "out of memory");
    for (size_t i = 0; i < slots; i++)
        if (old[i].code != NULL)
            lookup->slot[slot_of(lookup, old[i].code)] = old[i];
    free(old);
}

void lookup_put(struct lookup *lookup, const char *code, const struct uuid *id)
{
    if (lookup->n * 2 >= lookup->slots)
        lookup_grow(lookup);
    struct lookup_slot *slot = &lookup->slot[slot_of(lookup, code)];
    if (slot->code == NULL) {
        slot->code = arena_string(&lookup->arena, code, strlen(code));
        lookup->n++;
    }
    slot->id = *id;
}

const struct uuid *lookup_get(const struct lookup *lookup, const char *code)
{
    if (lookup->slots == 0)
        return NULL;
    const struct lookup_slot *slot = &lookup->slot[slot_of(lookup, code)];
    return slot->code != NULL && !uuid_is_nil(&slot->id) ? &slot->id : NULL;
}

static int by_code(const void *a, const void *b)
{
    return strcmp((*(const struct lookup_slot *const *)a)->code, (*(const struct lookup_slot *const *)b)->code);
}

void lookup_each(const struct lookup *lookup, void (*each)(void *arg, const char *code, const struct uuid *id), void *arg)
{
    const struct lookup_slot **all = calloc(lookup->n + 1, sizeof *all);
    size_t n = 0;

    if (all == NULL)
        log_die("lookup", "out of memory");
    for (size_t i = 0; i < lookup->slots; i++)
        if (lookup->slot[i].code != NULL)
            all[n++] = &lookup->slot[i];
    if (n > 1)
        qsort(all, n, sizeof *all, by_code);
    for (size_t i = 0; i < n; i++)
        each(arg, all[i]->code, &all[i]->id);
    free(all);
}

void lookup_free(struct lookup *lookup)
{
    free(lookup->slot);
    arena_free(&lookup->arena);
    *lookup = (struct lookup){ 0 };
}

static int ask_some(struct cli *cli, const char *method, struct lookup_slot **of, uint32_t n)
{
    const char *codes[ASK_MAX];
    struct found found;

    for (uint32_t i = 0; i < n; i++)
        codes[i] = of[i]->code;
    const struct codes ask = { .codes = { n, codes } };
    int code = cli_ask(cli, method, &ask, &found);
    for (uint32_t i = 0; code == CLI_OK && i < n && i < found.ids.n; i++)
        of[i]->id = found.ids.at[i];
    return code;
}

int lookup_ask(struct lookup *lookup, struct cli *cli, const char *method)
{
    struct lookup_slot *of[ASK_MAX];
    uint32_t n = 0;
    int code = CLI_OK;

    for (size_t i = 0; i < lookup->slots && code == CLI_OK; i++) {
        if (lookup->slot[i].code != NULL && uuid_is_nil(&lookup->slot[i].id))
            of[n++] = &lookup->slot[i];
        if (n == ASK_MAX) {
            code = ask_some(cli, method, of, n);
            n = 0;
        }
    }
    return code == CLI_OK && n > 0 ? ask_some(cli, method, of, n) : code;
}

#include "cli/lists/staff_plan.h"

#include <stdlib.h>

#include "common/core/hash.h"
#include "common/core/log.h"
#include "common/core/text.h"
#include "services/shared/civil.h"

#define KEYS 3          /* of a row: code, SNILS, name with birth */

void groups_start(struct groups *groups, uint32_t rows)
{
    groups->slots = 16;
    while (groups->slots < (size_t)rows * KEYS * 3 / 2)
        groups->slots *= 2;
    groups->slot = calloc(groups->slots, sizeof *groups->slot);
    if (groups->slot == NULL)
        log_die("staff list", "out of memory");
}

void groups_free(struct groups *groups)
{
    free(groups->slot);
    arena_free(&groups->arena);
    *groups = (struct groups){ 0 };
}

static uint32_t first_of(struct planned *rows, uint32_t row)
{
    while (rows[row].first != row) {
        rows[row].first = rows[rows[row].first].first;      /* shorter for the next */
        row = rows[row].first;
    }
    return row;
}

static void join(struct planned *rows, uint32_t a, uint32_t b)
{
    a = first_of(rows, a);
    b = first_of(rows, b);
    rows[a > b ? a : b].first = a > b ? b : a;
}

static void key_add(struct groups *groups, struct planned *rows, uint32_t row, const char *kind, const char *text)
{
    struct hash hash = hash_two(bytes_of(kind), bytes_of(text));
    uint64_t key;

    memcpy(&key, hash.b, sizeof key);
    key |= key == 0;                                        /* 0: a free slot */
    size_t at = key & (groups->slots - 1);
    while (groups->slot[at].key != 0 && groups->slot[at].key != key)
        at = (at + 1) & (groups->slots - 1);
    if (groups->slot[at].key == key)
        join(rows, row, groups->slot[at].row);
    groups->slot[at].key = key;
    groups->slot[at].row = row;
}

static const char *digits_of(struct arena *arena, const char *text)
{
    char *digits = arena_alloc(arena, strlen(text) + 1);
    size_t n = 0;

    for (; *text != '\0'; text++)
        if (*text >= '0' && *text <= '9')
            digits[n++] = *text;
    return digits;
}

/* Two forms of one day have to meet: 03.02.1980 and 1980-02-03. */
static const char *birth_of(struct arena *arena, const char *text)
{
    struct civil born;
    char *out = arena_alloc(arena, CIVIL_TEXT + 1);

    if (!civil_parse(&born, text))
        return text;
    civil_format(&born, out);
    return out;
}

void groups_join(struct groups *groups, struct planned *rows, uint32_t row, const struct worker_record *record)
{
    struct arena *arena = &groups->arena;

    arena_reset(arena);
    if (record->code != NULL)
        key_add(groups, rows, row, "code", text_fold(arena, record->code));
    if (record->snils != NULL && *digits_of(arena, record->snils) != '\0')
        key_add(groups, rows, row, "snils", digits_of(arena, record->snils));
    if (record->family != NULL && record->given != NULL && record->born != NULL)
        key_add(groups, rows, row, "name", arena_format(arena, "%s|%s|%s", text_fold(arena, record->family),
                                                        text_fold(arena, record->given), birth_of(arena, record->born)));
}

/* Rows of a group one after another, where its first row stands. A group's rows are chained as they come. */
void groups_order(struct planned *rows, uint32_t n, uint32_t *order)
{
    uint32_t *next = calloc((size_t)n + 1, sizeof *next), *last = calloc((size_t)n + 1, sizeof *last), used = 0;

    if (next == NULL || last == NULL)
        log_die("staff list", "out of memory");
    for (uint32_t i = 0; i < n; i++) {
        uint32_t first = first_of(rows, i);
        if (first != i)
            next[last[first]] = i;                          /* a row is never before its first: 0 ends the chain */
        last[first] = i;
    }
    for (uint32_t i = 0; i < n; i++)
        if (rows[i].first == i)
            for (uint32_t at = i, more = 1; more != 0; at = more) {
                order[used++] = at;
                more = next[at];
            }
    free(next);
    free(last);
}

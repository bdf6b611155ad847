#include "services/federal/federal.h"

#include <stdlib.h>

#include "common/core/failpoint.h"
#include "common/journal/journal.h"
#include "services/federal/package.h"
#include "services/federal/words.h"

#define PASSPORT_TITLE "Паспорт региональной системы дополнительного профессионального педагогического образования"

const struct profile *federal_profile(const struct ctx *ctx)
{
    return ctx->config;
}

const char *federal_title(const struct profile *profile)
{
    return profile->passport != NULL ? profile->passport->title : PASSPORT_TITLE;
}

const char *federal_operator(const struct profile *profile)
{
    return profile->passport != NULL ? profile->passport->operator : NULL;
}

/* ── passports ────────────────────────────────────────────────────────────── */

bool passport_find(struct ctx *ctx, const struct uuid *id, struct passport *passport)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_PASSPORT, key_bytes(&key), &passport_desc, ctx->arena, passport);
}

void passport_put(struct ctx *ctx, const struct passport *passport)
{
    struct key key = key_of_uuid(&passport->id), year = { 0 };
    txn_put_msg(ctx->txn, T_PASSPORT, key_bytes(&key), &passport_desc, passport);
    key_u32(&year, (uint32_t)passport->year);
    key_u32(&year, (uint32_t)passport->version);
    txn_put(ctx->txn, T_BY_YEAR, key_bytes(&year), bytes(passport->id.b, sizeof passport->id.b));
}

bool passport_newest(struct ctx *ctx, uint64_t year, struct passport *passport)
{
    struct key prefix = { 0 };
    struct bytes key, value;
    struct scan scan;
    struct uuid id = UUID_NIL;
    key_u32(&prefix, (uint32_t)year);
    scan_begin(&scan, ctx->txn, T_BY_YEAR, key_bytes(&prefix));
    scan_backwards(&scan);
    if (scan_next(&scan, &key, &value) && value.n == sizeof id)
        memcpy(&id, value.at, sizeof id);
    scan_end(&scan);
    return !uuid_is_nil(&id) && passport_find(ctx, &id, passport);
}

bool passport_next(struct ctx *ctx, struct uuid *id, struct passport *passport)
{
    struct key from = key_of_uuid(id);
    struct bytes key, value;
    struct scan scan;
    bool found;
    scan_begin(&scan, ctx->txn, T_PASSPORT, bytes(NULL, 0));
    if (!uuid_is_nil(id))
        scan_after(&scan, key_bytes(&from));
    found = scan_next(&scan, &key, &value) && key.n == sizeof *id;
    if (found)
        memcpy(id, key.at, sizeof *id);
    scan_end(&scan);
    return found && passport_find(ctx, id, passport);
}

struct block_state *passport_block(struct passport *passport, uint64_t number)
{
    return &passport->blocks.at[number - 1];
}

uint64_t passport_cells(const struct passport *passport)
{
    uint64_t cells = 0;
    for (uint32_t i = 0; i < passport->blocks.n; i++)
        cells += passport->blocks.at[i].cells;
    return cells;
}

uint64_t passport_unfilled(const struct passport *passport)
{
    for (size_t i = 0; i < BLOCKS_FILLED_COUNT; i++)
        if (passport->blocks.at[BLOCKS_FILLED[i] - 1].filled != passport->fill)
            return BLOCKS_FILLED[i];
    return 0;
}

bool passport_asked_back(const struct passport *passport)
{
    return passport->recall != NULL && passport->recall[0] != '\0';
}

/* ── cells ────────────────────────────────────────────────────────────────── */

static struct key key_at(const struct uuid *passport, uint64_t block, const char *row, const char *column)
{
    struct key key = key_of_uuid(passport);
    key_u8(&key, (uint8_t)block);
    key_text(&key, row);
    key_text(&key, column);
    return key;
}

struct key cell_key(const struct uuid *passport, const struct cell *cell)
{
    return key_at(passport, cell->block, cell->row, cell->column);
}

bool cell_find(struct ctx *ctx, const struct uuid *passport, uint64_t block, const char *row, const char *column, struct cell *cell)
{
    struct key key = key_at(passport, block, row, column);
    return txn_get_msg(ctx->txn, T_CELL, key_bytes(&key), &cell_desc, ctx->arena, cell);
}

void cell_drop(struct ctx *ctx, struct passport *passport, const struct cell *cell)
{
    struct key key = cell_key(&passport->id, cell);
    struct block_state *block = passport_block(passport, cell->block);
    struct cell there;
    if (!cell_find(ctx, &passport->id, cell->block, cell->row, cell->column, &there))
        return;
    txn_delete(ctx->txn, T_CELL, key_bytes(&key));
    block->cells--;
    block->gaps -= there.kind == CELL_GAP;
}

void cell_put(struct ctx *ctx, struct passport *passport, const struct cell *cell)
{
    struct key key = cell_key(&passport->id, cell);
    struct block_state *block = passport_block(passport, cell->block);
    cell_drop(ctx, passport, cell);
    txn_put_msg(ctx->txn, T_CELL, key_bytes(&key), &cell_desc, cell);
    block->cells++;
    block->gaps += cell->kind == CELL_GAP;
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int in_document(const void *left, const void *right)
{
    const struct cell *a = left, *b = right;
    int by = compare_u64(a->block, b->block);
    if (by == 0)
        by = compare_u64(a->line, b->line);
    if (by == 0)
        by = strcmp(a->row, b->row);
    if (by == 0)
        by = compare_u64(a->place, b->place);
    return by != 0 ? by : strcmp(a->column, b->column);
}

/* Values may not be decoded inside of the scan: the arena is the reader's, the bytes are the store's. */
struct cells passport_content(struct ctx *ctx, const struct uuid *passport)
{
    struct key prefix = key_of_uuid(passport);
    struct bytes key, value;
    struct scan scan;
    struct msg_error error;
    uint32_t room = 0;
    struct passport head;
    struct cells cells = { 0 };
    if (!passport_find(ctx, passport, &head))
        return cells;
    room = (uint32_t)passport_cells(&head);
    cells.at = ARENA_LIST(ctx->arena, struct cell, room + 1);
    scan_begin(&scan, ctx->txn, T_CELL, key_bytes(&prefix));
    while (cells.n < room && scan_next(&scan, &key, &value))
        if (msg_decode(&cell_desc, arena_bytes(ctx->arena, value), MSG_LENIENT, ctx->arena, &cells.at[cells.n], &error) == ERR_OK)
            cells.n++;
        else
            txn_fail(ctx->txn, ERR_CORRUPT);
    scan_end(&scan);
    qsort(cells.at, cells.n, sizeof *cells.at, in_document);
    return cells;
}

static unsigned edition_of(const struct passport *passport)
{
    return SABOTAGE("words_of_today") ? WORDS_EDITION : words_edition(passport);
}

/* Only the facts of the sending entry that a restored journal keeps: whoever reads them gives the same name. */
static const char *name_of_sending(const struct ctx *ctx, const struct passport *passport, const struct uuid *journal)
{
    struct entry entry;
    struct hash hash = { 0 };
    if (!journal_get(ctx->txn, passport->sending, ctx->arena, &entry, &hash))
        txn_fail(ctx->txn, ERR_CORRUPT);
    return package_name(ctx->arena, journal, passport->sending, &hash);
}

void passport_facts(const struct ctx *ctx, const struct passport *passport, const struct uuid *journal, struct package_facts *facts)
{
    const struct profile *profile = federal_profile(ctx);
    *facts = (struct package_facts){ .passport = passport, .region = profile->region->id, .words = edition_of(passport) };
    if (journal != NULL) {
        facts->journal = *journal;
        facts->name = name_of_sending(ctx, passport, journal);
    }
}

struct hash content_hash(struct ctx *ctx, const struct passport *passport)
{
    struct package_facts facts;
    struct cells cells = passport_content(ctx, &passport->id);
    passport_facts(ctx, passport, NULL, &facts);
    return package_content_hash(&facts, cells.at, cells.n);
}

unsigned content_edition(struct ctx *ctx, const struct passport *passport, struct bytes read, struct hash *content)
{
    struct package_facts facts;
    struct cells cells = passport_content(ctx, &passport->id);
    passport_facts(ctx, passport, NULL, &facts);
    for (facts.words = WORDS_EDITION; facts.words > 0; facts.words--) {
        *content = package_content_hash(&facts, cells.at, cells.n);
        if (read.n == 0 || bytes_equal(read, bytes(content->b, HASH_SIZE)))
            break;
    }
    return facts.words;
}

const char *package_name(struct arena *arena, const struct uuid *journal, uint64_t number, const struct hash *hash)
{
    char text[UUID_TEXT + 1], digits[HASH_TEXT + 1];
    uuid_format(journal, text);
    hash_format(hash, digits);
    digits[SABOTAGE("name_by_number") ? 0 : NAME_DIGITS] = '\0';
    return arena_format(arena, "passport-%s-%010llu-%s", text, (unsigned long long)number, digits);
}

#include <stdio.h>

#include "common/codec/text_forms.h"
#include "common/journal/journal.h"
#include "services/node/node.h"

MSG_DEFINE(node_settings, NODE_SETTINGS_FIELDS)
MSG_DEFINE(node_item_row, NODE_ITEM_ROW_FIELDS)
MSG_DEFINE(node_counts, NODE_COUNTS_FIELDS)
MSG_DEFINE(node_position_row, NODE_POSITION_ROW_FIELDS)
MSG_DEFINE(node_copy_row, NODE_COPY_ROW_FIELDS)

/* ── settings ─────────────────────────────────────────────────────────────── */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool hex_read(const char *text, uint8_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int high = hex_digit(text[2 * i]), low = high < 0 ? -1 : hex_digit(text[2 * i + 1]);
        if (low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* Beside the profile in a node's folder; above it in the tree of the sources. */
static const char *sentences_find(struct arena *arena, const char *dir)
{
    for (int i = 0; i < 2; i++) {
        char path[600];
        snprintf(path, sizeof path, i == 0 ? "%s/messages/ru.yaml" : "%s/../messages/ru.yaml", dir);
        FILE *file = fopen(path, "re");
        if (file != NULL) {
            fclose(file);
            return arena_string(arena, path, strlen(path));
        }
    }
    return NULL;
}

int node_configure(const char *file, struct arena *arena, const void **config, int *zone_minutes, char says[400])
{
    struct node_config *made = ARENA_NEW(arena, struct node_config);
    const char *slash = strrchr(file, '/');
    const char *dir = slash != NULL ? arena_string(arena, file, (size_t)(slash - file)) : ".";
    const char *settings = arena_format(arena, "%s/node.yaml", dir);
    int err = profile_read(file, arena, &made->profile, zone_minutes, says);

    if (err == ERR_OK)
        err = config_read(settings, &node_settings_desc, arena, &made->settings, says);
    if (err == ERR_OK && !hex_read(made->settings.intake, made->intake, sizeof made->intake)) {
        snprintf(says, 400, "%s: intake: not 64 hexadecimal digits", settings);
        err = ERR_MALFORMED;
    }
    if (err != ERR_OK)
        return err;
    staff_posts_read(&made->posts, made->profile, arena);
    made->sentences = sentences_find(arena, dir);
    *config = made;
    return ERR_OK;
}

/* ── items ────────────────────────────────────────────────────────────────── */

struct key item_key(struct node_place place)
{
    struct key key = { 0 };
    key_u8(&key, (uint8_t)place.service);
    key_u64(&key, place.number);
    return key;
}

bool item_get(struct ctx *ctx, struct node_place place, struct node_item_row *row)
{
    struct key key = item_key(place);
    return txn_get_msg(ctx->txn, T_ITEMS, key_bytes(&key), &node_item_row_desc, ctx->arena, row);
}

void item_put(struct ctx *ctx, struct node_place place, const struct node_item_row *row)
{
    struct key key = item_key(place);
    txn_put_msg(ctx->txn, T_ITEMS, key_bytes(&key), &node_item_row_desc, row);
}

bool item_find(struct ctx *ctx, const struct uuid *item, struct node_place *place, struct node_item_row *row)
{
    struct key key = key_of_uuid(item);
    struct bytes value;

    if (!txn_get(ctx->txn, T_IDS, key_bytes(&key), &value))
        return false;
    struct key_reader reader = key_read(value);
    place->service = key_read_u8(&reader);
    place->number = key_read_u64(&reader);
    return item_get(ctx, *place, row);
}

static bool entry_read(struct ctx *ctx, uint64_t number, const struct msg_desc *desc, void *out, moment_t *moment)
{
    struct entry entry;
    struct hash hash;
    struct msg_error error;

    if (!journal_get(ctx->txn, number, ctx->arena, &entry, &hash) ||
        msg_decode(desc, entry.body, MSG_LENIENT, ctx->arena, out, &error) != ERR_OK) {
        txn_fail(ctx->txn, ERR_CORRUPT);
        return false;
    }
    if (moment != NULL)
        *moment = entry.moment;
    return true;
}

bool item_queued(struct ctx *ctx, uint64_t number, struct node_queued *queued, moment_t *moment)
{
    return entry_read(ctx, number, &node_queued_desc, queued, moment);
}

struct bytes item_body(struct ctx *ctx, const struct node_item_row *row, const struct node_queued *queued)
{
    struct node_completed completed;
    if (row->completed == 0)
        return queued->body;
    return entry_read(ctx, row->completed, &node_completed_desc, &completed, NULL) ? completed.body : bytes(NULL, 0);
}

bool item_answer(struct ctx *ctx, const struct node_item_row *row, struct node_answered *answered, moment_t *moment)
{
    return row->answered != 0 && entry_read(ctx, row->answered, &node_answered_desc, answered, moment);
}

/* The last link of the chain before an item: what the region has given a verdict on, or has been asked before. */
struct uuid item_previous(struct ctx *ctx, struct node_place place)
{
    struct key prefix = { 0 }, before = item_key((struct node_place){ place.service, place.number });
    struct bytes key, value;
    struct node_item_row row;
    struct scan scan;
    struct uuid previous = UUID_NIL;
    uint64_t numbers[64];
    uint32_t n;

    key_u8(&prefix, (uint8_t)place.service);
    for (uint64_t from = place.number; uuid_is_nil(&previous); from = numbers[n - 1]) {
        before = item_key((struct node_place){ place.service, from });
        n = 0;
        scan_begin(&scan, ctx->txn, T_ITEMS, key_bytes(&prefix));
        scan_backwards(&scan);
        scan_after(&scan, key_bytes(&before));
        while (n < 64 && scan_next(&scan, &key, &value)) {
            struct key_reader reader = key_read(key);
            key_read_u8(&reader);
            numbers[n++] = key_read_u64(&reader);
        }
        scan_end(&scan);
        for (uint32_t i = 0; i < n && uuid_is_nil(&previous); i++)
            if (item_get(ctx, (struct node_place){ place.service, numbers[i] }, &row) && !row.aside)
                previous = row.item;
        if (n == 0)
            break;
    }
    return previous;
}

/* The number in the scan's next key, behind a service; 0: there is none. Ends the scan. */
static uint64_t number_next(struct scan *scan)
{
    struct bytes key, value;
    uint64_t number = 0;

    if (scan_next(scan, &key, &value)) {
        struct key_reader reader = key_read(key);
        key_read_u8(&reader);
        number = key_read_u64(&reader);
    }
    scan_end(scan);
    return number;
}

static uint64_t first_under(struct ctx *ctx, table_t table, int service, uint64_t from)
{
    struct key prefix = { 0 }, at = item_key((struct node_place){ service, from });
    struct scan scan;

    key_u8(&prefix, (uint8_t)service);
    scan_begin(&scan, ctx->txn, table, key_bytes(&prefix));
    scan_from(&scan, key_bytes(&at));
    return number_next(&scan);
}

static uint64_t last_under(struct ctx *ctx, table_t table, int service)
{
    struct key prefix = { 0 };
    struct scan scan;

    key_u8(&prefix, (uint8_t)service);
    scan_begin(&scan, ctx->txn, table, key_bytes(&prefix));
    scan_backwards(&scan);
    return number_next(&scan);
}

uint64_t waiting_first(struct ctx *ctx, int service, uint64_t from)
{
    return first_under(ctx, T_WAITING, service, from);
}

uint64_t item_first(struct ctx *ctx, int service)
{
    return first_under(ctx, T_ITEMS, service, 0);
}

uint64_t waiting_last(struct ctx *ctx, int service)
{
    return last_under(ctx, T_WAITING, service);
}

uint64_t item_last(struct ctx *ctx, int service)
{
    return last_under(ctx, T_ITEMS, service);
}

/* ── counts, copy, positions, codes ───────────────────────────────────────── */

static struct key one_byte(uint8_t value)
{
    struct key key = { 0 };
    key_u8(&key, value);
    return key;
}

struct node_counts counts_get(struct ctx *ctx, uint32_t method)
{
    struct key key = one_byte((uint8_t)method);
    struct node_counts counts = { 0 };
    txn_get_msg(ctx->txn, T_COUNTS, key_bytes(&key), &node_counts_desc, ctx->arena, &counts);
    return counts;
}

void counts_put(struct ctx *ctx, uint32_t method, const struct node_counts *counts)
{
    struct key key = one_byte((uint8_t)method);
    txn_put_msg(ctx->txn, T_COUNTS, key_bytes(&key), &node_counts_desc, counts);
}

uint64_t counts_waiting(struct ctx *ctx, int service)
{
    uint64_t waiting = 0;
    for (uint32_t i = 0; i < NODE_METHOD_COUNT; i++) {
        struct node_counts counts = counts_get(ctx, i);
        if (service < 0 || NODE_METHOD[i].service == (enum node_service)service)
            waiting += counts.queued - counts.accepted - counts.refused;
    }
    return waiting;
}

bool copy_get(struct ctx *ctx, struct node_copy_row *copy)
{
    struct key key = one_byte(0);
    return txn_get_msg(ctx->txn, T_COPY, key_bytes(&key), &node_copy_row_desc, ctx->arena, copy);
}

bool position_get(struct ctx *ctx, int service, struct node_position_row *position)
{
    struct key key = one_byte((uint8_t)service);
    return txn_get_msg(ctx->txn, T_POSITIONS, key_bytes(&key), &node_position_row_desc, ctx->arena, position);
}

static bool uuid_at(struct ctx *ctx, table_t table, struct bytes key, struct uuid *id)
{
    struct bytes value;
    if (key.n == 0 || !txn_get(ctx->txn, table, key, &value) || value.n < sizeof id->b)
        return false;
    memcpy(id->b, value.at, sizeof id->b);
    return true;
}

bool code_person(struct ctx *ctx, struct bytes mark, struct uuid *person)
{
    return uuid_at(ctx, T_CODES, mark, person);
}

bool file_get_row(struct ctx *ctx, const struct uuid *file, struct node_file *row)
{
    struct key key = key_of_uuid(file);
    return txn_get_msg(ctx->txn, T_FILES, key_bytes(&key), &node_file_desc, ctx->arena, row);
}

static bool by_code(struct ctx *ctx, table_t table, const char *code, struct uuid *id)
{
    struct key key = { 0 };
    if (strlen(code) > KEY_TEXT_MAX)
        return false;
    key_text(&key, code);
    return uuid_at(ctx, table, key_bytes(&key), id);
}

bool copy_unit_by_code(struct ctx *ctx, const char *code, struct uuid *id)
{
    return by_code(ctx, T_UNIT_CODES, code, id);
}

uint64_t intake_now(struct ctx *ctx, uint8_t key[32])
{
    const struct node_config *config = node_config(ctx);
    struct key at = one_byte(0);
    struct intake_turned told;

    if (txn_get_msg(ctx->txn, T_INTAKE, key_bytes(&at), &intake_turned_desc, ctx->arena, &told) && told.generation > config->settings.generation) {
        memcpy(key, told.key.at, sizeof config->intake);
        return told.generation;
    }
    memcpy(key, config->intake, sizeof config->intake);
    return config->settings.generation;
}

bool catalogue_by_code(struct ctx *ctx, const char *code, struct uuid *id)
{
    return by_code(ctx, T_PROGRAMME_CODES, code, id);
}

#include "services/federal/package.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/core/err.h"
#include "services/federal/words.h"

#define EXACT_MAX (INT64_C(1) << 53)

/* ── writing ──────────────────────────────────────────────────────────────── */
/* Members come in the order of their names; who calls these keeps it, and the tests hold the result against
 * another writer that sorts. */
struct json { struct buf *out; bool more; };

static void put_text(struct buf *out, const char *text)
{
    buf_byte(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            buf_byte(out, '\\');
        buf_byte(out, (unsigned char)*text < ' ' ? ' ' : (uint8_t)*text);
    }
    buf_byte(out, '"');
}

static void open_with(struct json *json, char bracket)
{
    buf_byte(json->out, (uint8_t)bracket);
    json->more = false;
}

static void close_with(struct json *json, char bracket)
{
    buf_byte(json->out, (uint8_t)bracket);
    json->more = true;
}

static void next(struct json *json)
{
    if (json->more)
        buf_byte(json->out, ',');
    json->more = true;
}

static void name(struct json *json, const char *member)
{
    next(json);
    put_text(json->out, member);
    buf_byte(json->out, ':');
}

static void text(struct json *json, const char *member, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    name(json, member);
    put_text(json->out, value);
}

static void number(struct json *json, const char *member, uint64_t value)
{
    name(json, member);
    buf_format(json->out, value > (uint64_t)EXACT_MAX ? "\"%llu\"" : "%llu", (unsigned long long)value);
}

static void number_if(struct json *json, const char *member, uint64_t value)
{
    if (value != 0)
        number(json, member, value);
}

static void day(struct json *json, const char *member, day_t value)
{
    char line[DAY_TEXT + 1];
    if (value == 0)
        return;
    day_format(value, line);
    text(json, member, line);
}

static void id(struct json *json, const char *member, const struct uuid *value)
{
    char line[UUID_TEXT + 1];
    if (uuid_is_nil(value))
        return;
    uuid_format(value, line);
    text(json, member, line);
}

static void hex(struct json *json, const char *member, struct bytes value)
{
    static const char DIGIT[] = "0123456789abcdef";
    char line[2 * SIGNATURE_SIZE + 1];
    size_t n = value.n > SIGNATURE_SIZE ? SIGNATURE_SIZE : value.n;
    const uint8_t *at = value.at;
    for (size_t i = 0; i < n; i++) {
        line[2 * i] = DIGIT[at[i] >> 4];
        line[2 * i + 1] = DIGIT[at[i] & 15];
    }
    line[2 * n] = '\0';
    text(json, member, line);
}

static void put_origin(struct json *json, const struct cell *cell)
{
    if (cell->kind == CELL_GAP)
        return;
    name(json, "origin");
    open_with(json, '{');
    text(json, "act", cell->act);
    text(json, "data", cell->data);
    day(json, "day", cell->day);
    text(json, "document", cell->document);
    text(json, "edition", cell->edition);
    text(json, "indicator", cell->indicator);
    text(json, "service", cell->service);
    close_with(json, '}');
}

static void put_gap(struct json *json, const struct cell *cell)
{
    if (cell->kind != CELL_GAP)
        return;
    name(json, "gap");
    open_with(json, '{');
    if (cell->functions.n > 0) {
        name(json, "functions");
        open_with(json, '[');
        for (uint32_t i = 0; i < cell->functions.n; i++) {
            next(json);
            put_text(json->out, cell->functions.at[i]);
        }
        close_with(json, ']');
    }
    text(json, "reason", gap_reason_names.names[cell->gap]);
    close_with(json, '}');
}

static void put_cell(struct json *json, unsigned words, const struct cell *cell)
{
    next(json);
    open_with(json, '{');
    text(json, "column", cell->column);
    text(json, "column_title", words_column(words, cell->block, cell->column));
    put_gap(json, cell);
    text(json, "kind", cell_kind_names.names[cell->kind]);
    if (cell->counted)
        number(json, "number", cell->number);
    number_if(json, "of", cell->of);
    put_origin(json, cell);
    text(json, "row", cell->row);
    text(json, "row_title", cell->title);
    text(json, "unit", cell->unit);
    text(json, "value", cell->text);
    close_with(json, '}');
}

static void put_source(struct json *json, const struct cell_source *source)
{
    next(json);
    open_with(json, '{');
    text(json, "by", source->by);
    number_if(json, "entry", source->number);
    id(json, "incarnation", &source->incarnation);
    id(json, "journal", &source->journal);
    text(json, "service", source->service);
    close_with(json, '}');
}

static void put_block(struct json *json, const struct package_facts *facts, uint64_t block, const struct cell *cells, uint32_t n)
{
    const struct passport *passport = facts->passport;
    next(json);
    open_with(json, '{');
    name(json, "cells");
    open_with(json, '[');
    for (uint32_t i = 0; i < n; i++)
        if (cells[i].block == block)
            put_cell(json, facts->words, &cells[i]);
    close_with(json, ']');
    number(json, "number", block);
    for (uint32_t i = 0; i < passport->blocks.n; i++) {
        const struct block_state *state = &passport->blocks.at[i];
        if (state->number != block || state->sources.n == 0)
            continue;
        name(json, "sources");
        open_with(json, '[');
        for (uint32_t k = 0; k < state->sources.n; k++)
            put_source(json, &state->sources.at[k]);
        close_with(json, ']');
    }
    text(json, "title", words_block(facts->words, block));
    close_with(json, '}');
}

void package_content(const struct package_facts *facts, const struct cell *cells, uint32_t n, struct buf *out)
{
    struct json json = { out, false };
    const struct passport *passport = facts->passport;
    open_with(&json, '{');
    name(&json, "blocks");
    open_with(&json, '[');
    for (uint64_t block = 1; block <= PASSPORT_BLOCKS; block++)
        put_block(&json, facts, block, cells, n);
    close_with(&json, ']');
    text(&json, "operator", passport->operator);
    id(&json, "passport", &passport->id);
    id(&json, "previous", &passport->previous);
    name(&json, "region");
    open_with(&json, '{');
    text(&json, "act", passport->act);
    id(&json, "id", &facts->region);
    text(&json, "title", passport->region);
    close_with(&json, '}');
    text(&json, "title", passport->title);
    number(&json, "version", passport->version);
    number(&json, "year", passport->year);
    close_with(&json, '}');
}

struct hash package_content_hash(const struct package_facts *facts, const struct cell *cells, uint32_t n)
{
    struct buf content = { 0 };
    package_content(facts, cells, n, &content);
    struct hash hash = package_hash(buf_bytes(&content));
    buf_free(&content);
    return hash;
}

void package_write(const struct package_facts *facts, const struct cell *cells, uint32_t n, struct buf *out)
{
    struct json json = { out, false };
    const struct passport *passport = facts->passport;
    char moment[MOMENT_TEXT + 1];
    open_with(&json, '{');
    name(&json, "approval");
    open_with(&json, '{');
    day(&json, "day", passport->approved);
    text(&json, "document", passport->approval);
    close_with(&json, '}');
    name(&json, "content");
    package_content(facts, cells, n, out);
    json.more = true;
    hex(&json, "content_hash", passport->content);
    text(&json, "format", PACKAGE_FORMAT);
    number(&json, "format_version", 1);
    text(&json, "name", facts->name);
    name(&json, "sending");
    open_with(&json, '{');
    day(&json, "day", passport->sent);
    number(&json, "entry", passport->sending);
    id(&json, "journal", &facts->journal);
    moment_format(passport->sent_at, moment);
    text(&json, "moment", moment);
    close_with(&json, '}');
    close_with(&json, '}');
}

void receipt_write(const struct receipt *receipt, struct buf *out)
{
    struct json json = { out, false };
    open_with(&json, '{');
    day(&json, "day", receipt->day);
    text(&json, "format", RECEIPT_FORMAT);
    number(&json, "format_version", 1);
    text(&json, "number", receipt->number);
    text(&json, "outcome", answer_outcome_names.names[receipt->outcome]);
    text(&json, "package", receipt->package);
    hex(&json, "package_hash", bytes(receipt->hash.b, HASH_SIZE));
    text(&json, "remarks", receipt->remarks);
    close_with(&json, '}');
}

struct hash package_hash(struct bytes file)
{
    return hash_two(file, bytes("", 0));
}

/* ── reading ──────────────────────────────────────────────────────────────── */
struct reading { struct arena *arena; char *fault; int err; };

static int wrong(struct reading *reading, const char *what)
{
    if (reading->err == ERR_OK)
        snprintf(reading->fault, 200, "%s", what);
    return reading->err = ERR_MALFORMED;
}

/* jansson takes what memory it needs for what is nested or repeated; the size of the whole is bounded before. */
static json_t *parse(struct bytes from, struct reading *reading)
{
    json_error_t error;
    json_t *json = json_loadb(from.at, from.n, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        snprintf(reading->fault, 200, "not JSON: %d:%d: %.120s", error.line, error.column, error.text);
        reading->err = ERR_MALFORMED;
    } else if (!json_is_object(json)) {
        wrong(reading, "not a JSON object");
        json_decref(json);
        json = NULL;
    }
    return json;
}

static const char *get_text(struct reading *reading, const json_t *object, const char *member, bool needed)
{
    const json_t *value = json_object_get(object, member);
    if (value == NULL && !needed)
        return NULL;
    if (!json_is_string(value)) {
        wrong(reading, arena_format(reading->arena, "%s: %s", member, value == NULL ? "missing" : "not a text"));
        return "";
    }
    return arena_string(reading->arena, json_string_value(value), json_string_length(value));
}

static uint64_t get_number(struct reading *reading, const json_t *object, const char *member)
{
    const json_t *value = json_object_get(object, member);
    if (json_is_string(value))
        return strtoull(json_string_value(value), NULL, 10);
    if (json_is_integer(value) && json_integer_value(value) >= 0)
        return (uint64_t)json_integer_value(value);
    wrong(reading, arena_format(reading->arena, "%s: not a number", member));
    return 0;
}

static bool hex_read(const char *text, size_t size, uint8_t *out)
{
    if (text == NULL || strlen(text) != 2 * size)
        return false;
    for (size_t i = 0; i < 2 * size; i++) {
        char c = text[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0)
            return false;
        out[i / 2] = (uint8_t)(i % 2 == 0 ? digit << 4 : out[i / 2] | digit);
    }
    return true;
}

static void get_hash(struct reading *reading, const json_t *object, const char *member, struct hash *hash)
{
    const char *line = get_text(reading, object, member, true);
    if (!hex_read(line, HASH_SIZE, hash->b))
        wrong(reading, arena_format(reading->arena, "%s: not a hash of 64 hexadecimal digits", member));
}

static bool is_format(struct reading *reading, const json_t *json, const char *format)
{
    const char *says = get_text(reading, json, "format", true);
    if (reading->err == ERR_OK && strcmp(says, format) != 0)
        wrong(reading, arena_format(reading->arena, "format: %.60s and not %s", says, format));
    else if (reading->err == ERR_OK && get_number(reading, json, "format_version") != 1)
        wrong(reading, "format_version: only 1 is known here");
    return reading->err == ERR_OK;
}

static void read_block(struct reading *reading, const json_t *block, struct package_says *says, size_t i)
{
    struct package_block *to = &says->block[i];
    const json_t *cells = json_object_get(block, "cells"), *cell;
    size_t k;
    to->number = get_number(reading, block, "number");
    to->title = get_text(reading, block, "title", true);
    if (!json_is_array(cells)) {
        wrong(reading, "cells: not a list");
        return;
    }
    json_array_foreach(cells, k, cell) {
        const char *kind = get_text(reading, cell, "kind", true);
        to->cells++;
        to->gaps += strcmp(kind, "gap") == 0;
        to->counted += strcmp(kind, "service") == 0;
        to->typed += strcmp(kind, "document") == 0;
    }
    says->cells += to->cells;
    says->gaps += to->gaps;
}

static void read_content(struct reading *reading, const json_t *content, struct package_says *says)
{
    const json_t *region = json_object_get(content, "region"), *blocks = json_object_get(content, "blocks"), *block;
    size_t i;
    says->title = get_text(reading, content, "title", true);
    says->operator = get_text(reading, content, "operator", false);
    says->passport = get_text(reading, content, "passport", true);
    says->year = get_number(reading, content, "year");
    says->version = get_number(reading, content, "version");
    says->region = get_text(reading, region, "title", true);
    says->region_act = get_text(reading, region, "act", false);
    if (!json_is_array(blocks) || json_array_size(blocks) != PASSPORT_BLOCKS) {
        wrong(reading, "blocks: not a list of eight");
        return;
    }
    json_array_foreach(blocks, i, block)
        read_block(reading, block, says, i);
}

/* jansson writes with sorted members and without white space: another hand than ours. */
static bool dumped(const json_t *json, struct bytes *out)
{
    char *line = json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT);
    *out = bytes(line, line != NULL ? strlen(line) : 0);
    return line != NULL;
}

int package_read(struct bytes from, struct arena *arena, struct package_says *says, char fault[200])
{
    struct reading reading = { arena, fault, ERR_OK };
    struct bytes again;
    *says = (struct package_says){ 0 };
    if (from.n > PACKAGE_MAX)
        return wrong(&reading, "larger than any package");
    json_t *json = parse(from, &reading);
    if (json != NULL && is_format(&reading, json, PACKAGE_FORMAT)) {
        const json_t *content = json_object_get(json, "content"), *sending = json_object_get(json, "sending"),
                     *approval = json_object_get(json, "approval");
        says->name = get_text(&reading, json, "name", true);
        says->approved = get_text(&reading, approval, "day", true);
        says->approval = get_text(&reading, approval, "document", false);
        says->sent = get_text(&reading, sending, "day", true);
        says->sent_at = get_text(&reading, sending, "moment", true);
        says->journal = get_text(&reading, sending, "journal", true);
        says->sending = get_number(&reading, sending, "entry");
        get_hash(&reading, json, "content_hash", &says->content);
        read_content(&reading, content, says);
        if (reading.err == ERR_OK && dumped(content, &again)) {
            struct hash hash = package_hash(again);
            says->content_holds = hash_equal(&hash, &says->content);
            free((void *)again.at);
        }
        if (reading.err == ERR_OK && dumped(json, &again)) {
            says->canonical = bytes_equal(again, from);
            free((void *)again.at);
        }
    }
    json_decref(json);
    return reading.err;
}

int receipt_read(struct bytes from, struct arena *arena, struct receipt *receipt, char fault[200])
{
    struct reading reading = { arena, fault, ERR_OK };
    *receipt = (struct receipt){ 0 };
    if (from.n > RECEIPT_MAX)
        return wrong(&reading, "larger than any receipt");
    json_t *json = parse(from, &reading);
    if (json != NULL && is_format(&reading, json, RECEIPT_FORMAT)) {
        const char *outcome = get_text(&reading, json, "outcome", true), *on = get_text(&reading, json, "day", true);
        receipt->package = get_text(&reading, json, "package", true);
        receipt->number = get_text(&reading, json, "number", true);
        receipt->remarks = get_text(&reading, json, "remarks", false);
        get_hash(&reading, json, "package_hash", &receipt->hash);
        receipt->outcome = enum_find(&answer_outcome_names, outcome, strlen(outcome));
        if (receipt->outcome < 0)
            wrong(&reading, "outcome: neither agreed nor returned");
        if (!day_parse(&receipt->day, on, strlen(on)))
            wrong(&reading, "day: no such day");
        if (reading.err == ERR_OK && (strlen(receipt->package) > PACKAGE_NAME_MAX || strlen(receipt->number) > 80 ||
                                      receipt->number[0] == '\0' ||
                                      (receipt->remarks != NULL && strlen(receipt->remarks) > 4000)))
            wrong(&reading, "package, number or remarks: empty or too long");
    }
    json_decref(json);
    return reading.err;
}

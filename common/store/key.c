#include "common/store/key.h"

#include <assert.h>

static void put(struct key *key, const void *at, size_t n)
{
    assert(key->n + n <= KEY_MAX);
    if (n > 0)
        memcpy(key->b + key->n, at, n);
    key->n = (uint16_t)(key->n + n);
}

void key_u8(struct key *key, uint8_t value)
{
    put(key, &value, 1);
}

void key_u32(struct key *key, uint32_t value)
{
    uint8_t b[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value };
    put(key, b, sizeof b);
}

void key_u64(struct key *key, uint64_t value)
{
    uint8_t b[8];
    for (int i = 0; i < 8; i++)
        b[i] = (uint8_t)(value >> (56 - 8 * i));
    put(key, b, sizeof b);
}

void key_i64(struct key *key, int64_t value)
{
    key_u64(key, (uint64_t)value ^ (UINT64_C(1) << 63));    /* negative before positive */
}

void key_uuid(struct key *key, const struct uuid *id)
{
    put(key, id->b, sizeof id->b);
}

void key_text(struct key *key, const char *text)
{
    size_t n = strlen(text);
    assert(n <= KEY_TEXT_MAX);
    put(key, text, n + 1);
}

void key_raw(struct key *key, const void *at, size_t n)
{
    put(key, at, n);
}

struct key key_of_uuid(const struct uuid *id)
{
    struct key key;
    key.n = 0;
    key_uuid(&key, id);
    return key;
}

struct key key_of_u64(uint64_t value)
{
    struct key key;
    key.n = 0;
    key_u64(&key, value);
    return key;
}

struct key_reader key_read(struct bytes key)
{
    return (struct key_reader){ key.at, key.n, false };
}

static const uint8_t *take(struct key_reader *reader, size_t n)
{
    static const uint8_t zero[16];
    if (reader->bad || reader->left < n) {
        reader->bad = true;
        return zero;
    }
    const uint8_t *at = reader->at;
    reader->at += n;
    reader->left -= n;
    return at;
}

uint8_t key_read_u8(struct key_reader *reader)
{
    return *take(reader, 1);
}

uint32_t key_read_u32(struct key_reader *reader)
{
    const uint8_t *b = take(reader, 4);
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

uint64_t key_read_u64(struct key_reader *reader)
{
    const uint8_t *b = take(reader, 8);
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | b[i];
    return value;
}

int64_t key_read_i64(struct key_reader *reader)
{
    return (int64_t)(key_read_u64(reader) ^ (UINT64_C(1) << 63));
}

struct uuid key_read_uuid(struct key_reader *reader)
{
    struct uuid id;
    memcpy(id.b, take(reader, sizeof id.b), sizeof id.b);
    return id;
}

const char *key_read_text(struct key_reader *reader)
{
    const uint8_t *end = reader->bad ? NULL : memchr(reader->at, 0, reader->left);
    if (end == NULL) {
        reader->bad = true;
        return "";
    }
    return (const char *)take(reader, (size_t)(end - reader->at) + 1);
}

struct uuid key_last_uuid(struct bytes key)
{
    struct uuid id;
    assert(key.n >= sizeof id.b);
    memcpy(id.b, (const uint8_t *)key.at + key.n - sizeof id.b, sizeof id.b);
    return id;
}

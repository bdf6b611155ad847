#include "common/core/uuid.h"

#include <time.h>

#include "common/core/hash.h"
#include "common/core/random.h"

const struct uuid UUID_NIL;

bool uuid_is_nil(const struct uuid *id)
{
    return uuid_equal(id, &UUID_NIL);
}

bool uuid_equal(const struct uuid *a, const struct uuid *b)
{
    return memcmp(a->b, b->b, sizeof a->b) == 0;
}

int uuid_compare(const struct uuid *a, const struct uuid *b)
{
    return memcmp(a->b, b->b, sizeof a->b);
}

static void uuid_stamp(struct uuid *id, uint8_t version)
{
    id->b[6] = (uint8_t)(version << 4 | (id->b[6] & 0x0f));
    id->b[8] = (uint8_t)(0x80 | (id->b[8] & 0x3f));
}

struct uuid uuid_v7(int64_t unix_ms, const uint8_t random[10])
{
    struct uuid id;
    for (int i = 0; i < 6; i++)
        id.b[i] = (uint8_t)((uint64_t)unix_ms >> (40 - 8 * i));
    memcpy(id.b + 6, random, 10);
    uuid_stamp(&id, 7);
    return id;
}

struct uuid uuid_new(void)
{
    uint8_t random[10];
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    RANDOM_SYSTEM.fill(RANDOM_SYSTEM.self, random, sizeof random);
    return uuid_v7((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000, random);
}

struct uuid uuid_derive(const char *kind, struct bytes key)
{
    struct uuid id;
    /* The NUL of the kind is hashed too, so that no kind runs into its key. */
    struct hash hash = hash_two(bytes(kind, strlen(kind) + 1), key);
    memcpy(id.b, hash.b, sizeof id.b);
    uuid_stamp(&id, 8);
    return id;
}

int64_t uuid_ms(const struct uuid *id)
{
    int64_t ms = 0;

    if (id->b[6] >> 4 != 7 || id->b[8] >> 6 != 2)
        return -1;
    for (int i = 0; i < 6; i++)
        ms = ms << 8 | id->b[i];
    return ms;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* 8-4-4-4-12: where the bytes begin in the text. */
static const uint8_t BYTE_AT[16] = { 0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34 };
static const uint8_t DASH_AT[4] = { 8, 13, 18, 23 };

bool uuid_parse(struct uuid *id, const char *text, size_t n)
{
    struct uuid got;

    if (n != UUID_TEXT)
        return false;
    for (int i = 0; i < 4; i++)
        if (text[DASH_AT[i]] != '-')
            return false;
    for (int i = 0; i < 16; i++) {
        int high = hex_digit(text[BYTE_AT[i]]), low = hex_digit(text[BYTE_AT[i] + 1]);
        if (high < 0 || low < 0)
            return false;
        got.b[i] = (uint8_t)(high << 4 | low);
    }
    *id = got;
    return true;
}

void uuid_format(const struct uuid *id, char text[UUID_TEXT + 1])
{
    for (int i = 0; i < 4; i++)
        text[DASH_AT[i]] = '-';
    for (int i = 0; i < 16; i++) {
        text[BYTE_AT[i]] = "0123456789abcdef"[id->b[i] >> 4];
        text[BYTE_AT[i] + 1] = "0123456789abcdef"[id->b[i] & 15];
    }
    text[UUID_TEXT] = '\0';
}

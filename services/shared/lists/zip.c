#include "services/shared/lists/zip.h"

#include <string.h>
#include <zlib.h>

#define END_SIZE     22
#define ENTRY_SIZE   46
#define LOCAL_SIZE   30
#define COMMENT_MAX  65535
#define PIECE        65536

static uint32_t u16(const uint8_t *at) { return (uint32_t)at[0] | (uint32_t)at[1] << 8; }
static uint32_t u32(const uint8_t *at) { return u16(at) | u16(at + 2) << 16; }

bool zip_is(struct bytes file)
{
    return file.n >= 4 && memcmp(file.at, "PK\x03\x04", 4) == 0;
}

bool zip_open(struct zip *zip, struct bytes file)
{
    const uint8_t *at = file.at;
    size_t least = file.n > END_SIZE + COMMENT_MAX ? file.n - END_SIZE - COMMENT_MAX : 0;

    *zip = (struct zip){ .file = file };
    if (file.n < END_SIZE)
        return false;
    for (size_t i = file.n - END_SIZE + 1; i-- > least; ) {
        if (u32(at + i) != 0x06054b50)
            continue;
        zip->entries = u16(at + i + 10);
        zip->directory = u32(at + i + 16);
        return zip->entries <= ZIP_ENTRIES_MAX && zip->directory < i && u16(at + i + 4) == 0;
    }
    return false;
}

/* The local header says where the data begins; sizes are the directory's. */
static bool member_at(const struct zip *zip, const uint8_t *entry, struct zip_member *member)
{
    const uint8_t *file = zip->file.at;
    size_t local = u32(entry + 42);

    *member = (struct zip_member){ .packed = u32(entry + 20), .unpacked = u32(entry + 24), .crc = u32(entry + 16),
                                   .method = (uint16_t)u16(entry + 10) };
    if (local + LOCAL_SIZE > zip->file.n || u32(file + local) != 0x04034b50)
        return false;
    member->data = local + LOCAL_SIZE + u16(file + local + 26) + u16(file + local + 28);
    if ((u16(entry + 8) & 1) != 0)
        member->method = UINT16_MAX;                    /* encrypted */
    return member->data <= zip->file.n && member->packed <= zip->file.n - member->data;
}

bool zip_find(const struct zip *zip, const char *name, struct zip_member *member)
{
    const uint8_t *file = zip->file.at;
    size_t at = zip->directory, n = strlen(name);

    for (uint32_t i = 0; i < zip->entries; i++) {
        if (at + ENTRY_SIZE > zip->file.n || u32(file + at) != 0x02014b50)
            return false;
        size_t length = u16(file + at + 28), whole = ENTRY_SIZE + length + u16(file + at + 30) + u16(file + at + 32);
        if (at + whole > zip->file.n)
            return false;
        if (length == n && memcmp(file + at + ENTRY_SIZE, name, n) == 0)
            return member_at(zip, file + at, member);
        at += whole;
    }
    return false;
}

static enum zip_end unpack(z_stream *stream, const struct zip_member *member,
                           bool (*take)(void *arg, const char *at, size_t n, bool last), void *arg)
{
    uint8_t piece[PIECE];
    uint64_t done = 0;
    uLong crc = crc32(0, NULL, 0);
    int code = Z_OK;

    while (code != Z_STREAM_END) {
        stream->next_out = piece;
        stream->avail_out = sizeof piece;
        code = inflate(stream, Z_NO_FLUSH);
        size_t n = sizeof piece - stream->avail_out;
        if ((code != Z_OK && code != Z_STREAM_END) || (code == Z_OK && n == 0))
            return ZIP_DAMAGED;
        done += n;
        crc = crc32(crc, piece, (uInt)n);
        if (done > ZIP_PART_MAX || done > (member->packed + 1024) * ZIP_RATIO_MAX)
            return ZIP_TOO_BIG;                         /* whatever the directory says of it */
        if (code == Z_STREAM_END && crc != member->crc)
            return ZIP_DAMAGED;
        if (!take(arg, (const char *)piece, n, code == Z_STREAM_END))
            return ZIP_STOPPED;
    }
    return ZIP_OK;
}

enum zip_end zip_unpack(const struct zip *zip, const struct zip_member *member,
                        bool (*take)(void *arg, const char *at, size_t n, bool last), void *arg)
{
    const uint8_t *data = (const uint8_t *)zip->file.at + member->data;
    z_stream stream = { .next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)member->packed };

    if (member->method == 0) {
        if (member->packed > ZIP_PART_MAX)
            return ZIP_TOO_BIG;
        if (crc32(crc32(0, NULL, 0), data, (uInt)member->packed) != member->crc)
            return ZIP_DAMAGED;
        return take(arg, (const char *)data, member->packed, true) ? ZIP_OK : ZIP_STOPPED;
    }
    if (member->method != 8)
        return ZIP_METHOD;
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return ZIP_TOO_BIG;
    enum zip_end end = unpack(&stream, member, take, arg);
    inflateEnd(&stream);
    return end;
}

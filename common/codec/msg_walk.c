/* msg_walk: is this one whole msgpack value within our limits? Asked before msgpack-c sees the bytes,
 * for it allocates what a header declares before any item arrives (msgpack-c#1013): five bytes can
 * ask for 96 GiB. */
#include "common/codec/msg_parts.h"

/* A head: bytes of the value that follow it, or values that follow when it is a container. */
struct head { bool container; uint64_t skip, items; };

static bool number_at(const uint8_t *p, size_t n, size_t *pos, size_t wide, uint64_t *out)
{
    *out = 0;
    if (n - *pos < wide)
        return false;
    for (; wide > 0; wide--)
        *out = *out << 8 | p[(*pos)++];
    return true;
}

/* Timestamps are the one extension: 32, 64 and 96 bits, each in its one form. */
static bool timestamp_at(const uint8_t *p, size_t n, size_t *pos, uint64_t size, struct head *head)
{
    if (n == *pos || p[*pos] != 0xff)       /* type -1 */
        return false;
    ++*pos;
    head->skip = size;
    return true;
}

static bool head_at(const uint8_t *p, size_t n, size_t *pos, struct head *head)
{
    uint64_t length = 0;
    uint8_t tag = p[(*pos)++];

    *head = (struct head){ .container = (tag >= 0x80 && tag <= 0x9f) || tag >= 0xdc };
    switch (tag) {
    case 0x00 ... 0x7f: case 0xc0: case 0xc2: case 0xc3:
        return true;
    case 0xe0 ... 0xff:
        head->container = false;
        return true;
    case 0x80 ... 0x8f: head->items = 2 * (uint64_t)(tag & 0x0f); return true;
    case 0x90 ... 0x9f: head->items = tag & 0x0f; return true;
    case 0xa0 ... 0xbf: head->skip = tag & 0x1f; return true;
    case 0xcc: case 0xd0: head->skip = 1; return true;
    case 0xcd: case 0xd1: head->skip = 2; return true;
    case 0xca: case 0xce: case 0xd2: head->skip = 4; return true;
    case 0xcb: case 0xcf: case 0xd3: head->skip = 8; return true;
    case 0xc4: case 0xd9: return number_at(p, n, pos, 1, &head->skip);
    case 0xc5: case 0xda: return number_at(p, n, pos, 2, &head->skip);
    case 0xc6: case 0xdb: return number_at(p, n, pos, 4, &head->skip);
    case 0xdc: return number_at(p, n, pos, 2, &head->items);
    case 0xdd: return number_at(p, n, pos, 4, &head->items);
    case 0xde: case 0xdf:
        if (!number_at(p, n, pos, tag == 0xde ? 2 : 4, &length))
            return false;
        head->items = 2 * length;
        return true;
    case 0xd6: return timestamp_at(p, n, pos, 4, head);
    case 0xd7: return timestamp_at(p, n, pos, 8, head);
    case 0xc7: return number_at(p, n, pos, 1, &length) && length == 12 && timestamp_at(p, n, pos, 12, head);
    default:   return false;
    }
}

static const char *walk(const uint8_t *p, size_t n)
{
    uint64_t left[MSG_DEPTH_MAX + 1] = { 1 };       /* values still due, by depth */
    size_t depth = 0, pos = 0;
    struct head head;

    if (n > MSG_BYTES_MAX)
        return "too_big";
    while (true) {
        while (left[depth] == 0) {
            if (depth == 0)
                return pos == n ? NULL : "not_msgpack";
            depth--;
        }
        if (pos == n)
            return "not_msgpack";
        left[depth]--;
        if (!head_at(p, n, &pos, &head))
            return "not_msgpack";
        if (head.skip > n - pos || head.items > n - pos)    /* a value is at least one byte */
            return "not_msgpack";
        pos += head.skip;
        if (!head.container)
            continue;
        if (depth == MSG_DEPTH_MAX)
            return "too_deep";
        left[++depth] = head.items;
    }
}

bool msg_sane(struct bytes from, struct msg_error *error)
{
    const struct msg_at top = { 0 };
    const char *rule = walk(from.at, from.n);

    if (rule == NULL)
        return true;
    msg_wrong(&top, rule, rule[4] == 'b' ? MSG_BYTES_MAX : rule[4] == 'd' ? MSG_DEPTH_MAX : 0, error);
    return false;
}

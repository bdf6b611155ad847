#pragma once
#include "common/core/bytes.h"

/* zip: members of a zip archive in memory, unpacked piece by piece within limits (APPNOTE 6.3, methods 0 and 8;
 * no ZIP64, no encryption, no parts).
 *
 * Limits     bytes of each member, entries, and the ratio of packed to unpacked, whatever the directory says of it. */
#define ZIP_PART_MAX    (512u << 20)        /* unpacked */
#define ZIP_RATIO_MAX   200                 /* a sheet of one repeated word packs to about 1 : 100 */
#define ZIP_ENTRIES_MAX 4096

struct zip { struct bytes file; size_t directory; uint32_t entries; };
struct zip_member { size_t data; uint64_t packed, unpacked; uint32_t crc; uint16_t method; };
bool zip_is(struct bytes file);             /* begins as a zip archive does */
bool zip_open(struct zip *zip, struct bytes file);
bool zip_find(const struct zip *zip, const char *name, struct zip_member *member);
/* Hands out what is unpacked, the checksum checked before the last piece; take() returns false to stop. */
enum zip_end { ZIP_OK, ZIP_DAMAGED, ZIP_TOO_BIG, ZIP_METHOD, ZIP_STOPPED };
enum zip_end zip_unpack(const struct zip *zip, const struct zip_member *member,
                        bool (*take)(void *arg, const char *at, size_t n, bool last), void *arg);

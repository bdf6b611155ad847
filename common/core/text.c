#include "common/core/text.h"

#include <iconv.h>
#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

#include "common/core/log.h"

#define CHAR_YO         0x0451      /* ё, lower case */
#define CHAR_YE         0x0435      /* е */
#define CHAR_DIAERESIS  0x0308

bool text_valid(const char *at, size_t n)
{
    const uint64_t high = UINT64_C(0x8080808080808080), ones = UINT64_C(0x0101010101010101);
    size_t ascii = 0;

    for (uint64_t word; n - ascii >= sizeof word; ascii += sizeof word) {
        memcpy(&word, at + ascii, sizeof word);
        if ((word & high) != 0 || ((word - ones) & ~word & high) != 0)  /* beyond ASCII, or a zero byte */
            break;
    }
    while (ascii < n && at[ascii] > 0)
        ascii++;
    if (ascii == n)
        return true;
    return memchr(at + ascii, '\0', n - ascii) == NULL &&
           u8_check((const uint8_t *)at + ascii, n - ascii) == NULL;
}

size_t text_width(const char *text)
{
    int width = u8_strwidth((const uint8_t *)text, "UTF-8");
    return width < 0 ? strlen(text) : (size_t)width;
}

size_t text_clip(const char *text, size_t columns)
{
    const uint8_t *at = (const uint8_t *)text, *next;
    size_t used = 0;
    ucs4_t c;

    while ((next = u8_next(&c, at)) != NULL) {
        int width = uc_width(c, "UTF-8");
        used += width > 0 ? (size_t)width : 0;
        if (used > columns)
            break;
        at = next;
    }
    return (size_t)(at - (const uint8_t *)text);
}

/* Runs of white space (the no-break space too) become one space; none is left at the ends. With `yo`,
 * ё becomes е and sheds every diaeresis that is left on it, so that folding twice changes nothing. */
static void tidy(uint8_t *to, const uint8_t *from, size_t n, bool yo)
{
    size_t used = 0;
    bool space = false, after_yo = false;

    for (size_t i = 0; i < n; ) {
        ucs4_t c;
        int length = u8_mbtouc(&c, from + i, n - i);
        i += (size_t)length;
        if (uc_is_property_white_space(c)) {
            space = used > 0;
            after_yo = false;
            continue;
        }
        if (yo && after_yo && c == CHAR_DIAERESIS)
            continue;
        after_yo = yo && (c == CHAR_YO || (after_yo && uc_combining_class(c) != UC_CCC_NR));
        if (space)
            to[used++] = ' ';
        space = false;
        used += (size_t)u8_uctomb(to + used, yo && c == CHAR_YO ? CHAR_YE : c, 6);
    }
    to[used] = '\0';
}

/* What nearly all names are made of, ASCII and U+0400 to U+045F, is normal as it stands and folds letter by letter. NULL: there
 * is something else in it. (A staff list of a million rows spends more time in normalising than in all the rest.) */
static char *plain(struct arena *arena, const char *text, size_t n, bool fold)
{
    const uint8_t *from = (const uint8_t *)text;
    size_t used = 0;
    bool space = false;

    for (size_t i = 0; i < n; i++)
        if (from[i] >= 0x80 && ((from[i] & 0xFE) != 0xD0 || i + 1 == n || from[++i] < 0x80 || from[i] > (from[i - 1] == 0xD0 ? 0xBF : 0x9F)))
            return NULL;
    char *to = arena_alloc(arena, n + 1);
    for (size_t i = 0; i < n; i++) {
        unsigned c = from[i];
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            space = used > 0;
            continue;
        }
        if (space)
            to[used++] = ' ';
        space = false;
        if (c < 0x80) {
            to[used++] = (char)(fold && c >= 'A' && c <= 'Z' ? c + 0x20 : c);
            continue;
        }
        c = (c & 0x1F) << 6 | (from[++i] & 0x3F);
        if (fold && c < 0x430)
            c += c < 0x410 ? 0x50 : 0x20;
        if (fold && c == CHAR_YO)
            c = CHAR_YE;
        to[used++] = (char)(0xC0 | c >> 6);
        to[used++] = (char)(0x80 | (c & 0x3F));
    }
    to[used] = '\0';
    return to;
}

/* Text that is not UTF-8 (it should have been refused before) is copied as it is. */
char *text_nfc(struct arena *arena, const char *text)
{
    size_t n = strlen(text), normal_n;
    char *simple = plain(arena, text, n, false);

    if (simple != NULL)
        return simple;
    if (n == 0 || !text_valid(text, n))
        return arena_string(arena, text, n);
    uint8_t *normal = u8_normalize(UNINORM_NFC, (const uint8_t *)text, n, NULL, &normal_n);
    if (normal == NULL)
        log_die("text", "out of memory for %zu bytes", n);
    char *tidied = arena_alloc(arena, normal_n + 1);
    tidy((uint8_t *)tidied, normal, normal_n, false);
    free(normal);
    return tidied;
}

char *text_fold(struct arena *arena, const char *text)
{
    size_t n = strlen(text), folded_n;
    char *simple = plain(arena, text, n, true);

    if (simple != NULL)
        return simple;
    if (n == 0 || !text_valid(text, n))
        return arena_string(arena, text, n);
    uint8_t *folded = u8_casefold((const uint8_t *)text, n, NULL, UNINORM_NFC, NULL, &folded_n);
    if (folded == NULL)
        log_die("text", "out of memory for %zu bytes", n);
    char *tidied = arena_alloc(arena, folded_n + 1);
    tidy((uint8_t *)tidied, folded, folded_n, true);
    free(folded);
    return text_nfc(arena, tidied);     /* what stood on a ё may compose with the е */
}

/* iconv from or to Windows-1251 into `out` of `room` bytes; the bytes written, or -1. */
static ssize_t convert(const char *to, const char *from, const char *at, size_t n, char *out, size_t room)
{
    char *in = (char *)at;      /* iconv() does not write through it */
    size_t left = room;
    iconv_t cd = iconv_open(to, from);

    if (cd == (iconv_t)-1) {
        log_error("text", "iconv does not know %s → %s", from, to);
        return -1;
    }
    bool done = iconv(cd, &in, &n, &out, &left) != (size_t)-1 && n == 0;
    iconv_close(cd);
    return done ? (ssize_t)(room - left) : -1;
}

char *text_from_1251(struct arena *arena, const char *at, size_t n)
{
    size_t room = n * 3;        /* one byte there is at most three here (№, —, €) */
    char *out = arena_alloc(arena, room + 1);
    ssize_t used = convert("UTF-8", "WINDOWS-1251", at, n, out, room);

    if (used < 0)
        return NULL;
    out[used] = '\0';
    return out;
}

bool text_to_1251(struct buf *out, const char *text)
{
    size_t n = strlen(text);

    buf_reserve(out, n + 1);
    ssize_t used = convert("WINDOWS-1251", "UTF-8", text, n, (char *)out->at + out->n, n);
    if (used < 0)
        return false;
    out->n += (size_t)used;
    return true;
}

#include "tests/unit/traces.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unicase.h>
#include <unistd.h>
#include <unistr.h>

#include "common/core/text.h"

#define SHORTEST 6

static void add(struct traces *traces, const char *form, const char *coding, struct bytes found)
{
    if (found.n < SHORTEST)
        return;
    for (size_t i = 0; i < traces->n; i++)
        if (bytes_equal(traces->list[i].bytes, found))
            return;
    if (traces->n == traces->room) {
        size_t room = traces->room == 0 ? 64 : traces->room * 2;
        struct trace *more = ARENA_LIST(traces->arena, struct trace, room);
        if (traces->n > 0)
            memcpy(more, traces->list, traces->n * sizeof *more);
        traces->list = more;
        traces->room = room;
    }
    traces->list[traces->n++] = (struct trace){ form, coding, arena_bytes(traces->arena, found) };
}

/* Base64 of a text inside other bytes begins at one of three places; what its edges share with the neighbours is left
 * out. */
static void add_base64(struct traces *traces, const char *form, const char *coding, struct bytes text)
{
    static const char *const ALPHABET[] = { "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                                            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" };
    const uint8_t *at = text.at;
    for (size_t a = 0; a < 2; a++)
        for (size_t first = 0; first < 3; first++) {
            struct buf out = { 0 };
            for (size_t i = first; i + 3 <= text.n; i += 3) {
                unsigned v = (unsigned)at[i] << 16 | (unsigned)at[i + 1] << 8 | at[i + 2];
                for (int k = 18; k >= 0; k -= 6)
                    buf_byte(&out, (uint8_t)ALPHABET[a][v >> k & 63]);
            }
            add(traces, form, coding, buf_bytes(&out));
            buf_free(&out);
        }
}

static void add_form(struct traces *traces, const char *form)
{
    size_t n = strlen(form), wide = 0;
    struct buf out = { 0 };
    add(traces, form, "UTF-8", bytes(form, n));
    add_base64(traces, form, "base64", bytes(form, n));
    if (text_to_1251(&out, form)) {
        add(traces, form, "Windows-1251", buf_bytes(&out));
        add_base64(traces, form, "base64 of Windows-1251", buf_bytes(&out));
    }
    uint16_t *units = u8_to_u16((const uint8_t *)form, n, NULL, &wide);
    for (int order = 0; order < 2 && units != NULL; order++) {
        buf_clear(&out);
        for (size_t i = 0; i < wide; i++) {
            buf_byte(&out, (uint8_t)(order == 0 ? units[i] : units[i] >> 8));
            buf_byte(&out, (uint8_t)(order == 0 ? units[i] >> 8 : units[i]));
        }
        add(traces, form, order == 0 ? "UTF-16LE" : "UTF-16BE", buf_bytes(&out));
        add_base64(traces, form, order == 0 ? "base64 of UTF-16LE" : "base64 of UTF-16BE", buf_bytes(&out));
    }
    free(units);
    buf_free(&out);
}

static void add_cases(struct traces *traces, const char *text)
{
    size_t n = 0;
    uint8_t *upper = u8_toupper((const uint8_t *)text, strlen(text) + 1, NULL, NULL, NULL, &n);
    uint8_t *lower = u8_tolower((const uint8_t *)text, strlen(text) + 1, NULL, NULL, NULL, &n);
    add_form(traces, text);
    if (upper != NULL)
        add_form(traces, arena_string(traces->arena, (char *)upper, strlen((char *)upper)));
    if (lower != NULL)
        add_form(traces, arena_string(traces->arena, (char *)lower, strlen((char *)lower)));
    add_form(traces, text_fold(traces->arena, text));
    free(upper);
    free(lower);
}

void traces_add(struct traces *traces, const char *text)
{
    struct arena *arena = traces->arena;
    size_t n = strlen(text);
    add_cases(traces, text);
    for (const char *yo = strstr(text, "ё"); yo != NULL; yo = NULL)
        add_cases(traces, arena_format(arena, "%.*sе%s", (int)(yo - text), text, yo + strlen("ё")));
    if (n == 11 && strspn(text, "0123456789") == 11) {
        add_form(traces, arena_format(arena, "%.3s-%.3s-%.3s", text, text + 3, text + 6));
        add_form(traces, arena_format(arena, "%.3s %.3s %.3s", text, text + 3, text + 6));
        add_form(traces, arena_format(arena, "%.9s", text));
    }
    if (n == 10 && text[4] == '-' && text[7] == '-') {
        add_form(traces, arena_format(arena, "%.2s.%.2s.%.4s", text + 8, text + 5, text));
        add_form(traces, arena_format(arena, "%.2s/%.2s/%.4s", text + 8, text + 5, text));
        add_form(traces, arena_format(arena, "%.4s%.2s%.2s", text, text + 5, text + 8));
    }
}

const struct trace *traces_in(const struct traces *traces, struct bytes in)
{
    for (size_t i = 0; i < traces->n; i++)
        if (memmem(in.at, in.n, traces->list[i].bytes.at, traces->list[i].bytes.n) != NULL)
            return &traces->list[i];
    return NULL;
}

/* ── files ────────────────────────────────────────────────────────────────── */

static const struct traces *walking;
static void (*found)(const char *file, const struct trace *trace);
static long files;

static void look(const char *file, struct bytes in)
{
    const struct trace *trace = traces_in(walking, in);
    if (trace != NULL)
        found(file, trace);
}

static bool look_into(const char *path, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    void *at = fd != -1 && size > 0 ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
    bool good = fd != -1 && at != MAP_FAILED;
    if (good && at != NULL) {
        look(path, bytes(at, size));
        munmap(at, size);
    }
    if (fd != -1)
        close(fd);
    files += good;
    return good;
}

static int visit(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)at;
    look(path, bytes(path, strlen(path)));
    if (kind == FTW_NS || kind == FTW_DNR || (kind == FTW_F && S_ISREG(st->st_mode) && !look_into(path, (size_t)st->st_size))) {
        perror(path);
        return 1;
    }
    return 0;
}

long traces_walk(const struct traces *traces, const char *path, void (*each)(const char *file, const struct trace *trace))
{
    walking = traces;
    found = each;
    files = 0;
    return nftw(path, visit, 32, FTW_PHYS) == 0 ? files : -1;
}

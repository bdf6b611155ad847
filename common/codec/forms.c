/* forms: words of a text to msgpack values by the expected kind, and places by path. */
#include "common/codec/form_parts.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>

#include "common/core/err.h"
#include "common/core/text.h"

struct form_shape form_root(const struct msg_desc *desc)
{
    return (struct form_shape){ true, MSG_MSG, desc };
}

struct form_shape form_field(struct form_shape map, const char *name, size_t n)
{
    if (!map.known || map.kind != MSG_MSG)
        return (struct form_shape){ 0 };
    size_t row = msg_field_find(map.of, name, n, 0);
    if (row == map.of->count)
        return (struct form_shape){ 0 };
    return (struct form_shape){ true, map.of->field[row].kind, map.of->field[row].of };
}

struct form_shape form_item(struct form_shape list)
{
    switch (list.known ? list.kind : MSG_BOOL) {
    case MSG_LIST:  return (struct form_shape){ true, MSG_MSG, list.of };
    case MSG_UUIDS: return (struct form_shape){ true, MSG_UUID, NULL };
    case MSG_STRS:  return (struct form_shape){ true, MSG_STR, NULL };
    case MSG_U64S:  return (struct form_shape){ true, MSG_U64, NULL };
    default:        return (struct form_shape){ 0 };
    }
}

struct bytes form_unmarked(struct bytes text)
{
    bool marked = text.n >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0;
    return marked ? bytes((const char *)text.at + 3, text.n - 3) : text;
}

static int write_to_buf(void *data, const char *at, size_t n)
{
    buf_put(data, at, n);
    return 0;
}

void form_packer(msgpack_packer *pk, struct buf *out)
{
    msgpack_packer_init(pk, out, write_to_buf);
}

void form_text(msgpack_packer *pk, const char *text, size_t n)
{
    msgpack_pack_str_with_body(pk, text, n);
}

void form_moment(msgpack_packer *pk, moment_t moment)
{
    msgpack_timestamp ts = { moment / MOMENT_SECOND, (uint32_t)(moment % MOMENT_SECOND * 1000) };
    msgpack_pack_timestamp(pk, &ts);
}

/* ── words ────────────────────────────────────────────────────────────────── */

static bool put_integer(msgpack_packer *pk, const char *text, size_t n)
{
    bool negative = n > 1 && text[0] == '-';
    uint64_t value = 0;

    for (size_t i = negative; i < n; i++)
        if (text[i] < '0' || text[i] > '9' || __builtin_mul_overflow(value, UINT64_C(10), &value) ||
            __builtin_add_overflow(value, (uint64_t)(text[i] - '0'), &value))
            return false;
    if (n == 0 || (negative && value > (uint64_t)INT64_MAX + 1))
        return false;
    if (negative)
        msgpack_pack_int64(pk, (int64_t)-value);
    else
        msgpack_pack_uint64(pk, value);
    return true;
}

static bool one_of(const char *text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

static bool put_bool(msgpack_packer *pk, const char *text, size_t n, enum form form)
{
    static const char *const YES[] = { "да", "true", "истина", "1", NULL };
    static const char *const NO[] = { "нет", "false", "ложь", "0", NULL };
    struct arena arena = { 0 };
    bool yes, no;

    if (form == FORM_JSON)      /* JSON has words of its own for this */
        return false;
    if (form == FORM_YAML) {
        yes = n == 4 && memcmp(text, "true", 4) == 0;
        no = n == 5 && memcmp(text, "false", 5) == 0;
    } else {
        const char *folded = text_fold(&arena, arena_string(&arena, text, n));
        yes = one_of(folded, YES);
        no = one_of(folded, NO);
        arena_free(&arena);
    }
    if (yes)
        msgpack_pack_true(pk);
    else if (no)
        msgpack_pack_false(pk);
    return yes || no;
}

/* 15.09.2024, 15/09/2024, 15-09-2024, 15 сентября 2024 г., 1.9.24: 00–49 are of this century, 50–99 of the last one. */
static bool day_parse_ru(day_t *day, const char *text, size_t n)
{
    int part[3] = { 0 }, digits[3] = { 0 }, k = 0;
    char mark = '\0';
    int named, month, of_month;

    if (day_words_ru(text, n, &named, &month, &of_month)) {
        *day = day_of(named, month, of_month);
        return *day != 0;
    }
    for (size_t i = 0; i < n; i++) {
        if ((text[i] == '.' || text[i] == '/' || text[i] == '-') && (mark == '\0' || mark == text[i])) {
            mark = text[i];
            if (++k > 2)
                return false;
        } else if (text[i] >= '0' && text[i] <= '9' && digits[k] < 4) {
            part[k] = part[k] * 10 + (text[i] - '0');
            digits[k]++;
        } else {
            return false;
        }
    }
    if (k != 2 || digits[0] < 1 || digits[0] > 2 || digits[1] < 1 || digits[1] > 2 ||
        (digits[2] != 4 && (digits[2] != 2 || mark != '.')))
        return false;
    int year = digits[2] == 4 ? part[2] : part[2] < 50 ? 2000 + part[2] : 1900 + part[2];
    *day = day_of(year, part[1], part[0]);
    return *day != 0;
}

static bool put_day(msgpack_packer *pk, const char *text, size_t n, enum form form)
{
    day_t day;
    if (!day_parse(&day, text, n) && !(form == FORM_CSV && day_parse_ru(&day, text, n)))
        return false;
    msgpack_pack_uint32(pk, day);
    return true;
}

static bool put_uuid(msgpack_packer *pk, const char *text, size_t n)
{
    struct uuid id;
    if (!uuid_parse(&id, text, n))
        return false;
    msgpack_pack_bin_with_body(pk, id.b, sizeof id.b);
    return true;
}

static bool put_moment(msgpack_packer *pk, const char *text, size_t n)
{
    moment_t moment;
    if (!moment_parse(&moment, text, n))
        return false;
    form_moment(pk, moment);
    return true;
}

static bool put_base64(msgpack_packer *pk, const char *text, size_t n)
{
    struct buf bin = { 0 };
    size_t used = 0;

    buf_reserve(&bin, n / 4 * 3 + 3);
    bool done = sodium_base642bin(bin.at, bin.room, text, n, NULL, &used, NULL, sodium_base64_VARIANT_ORIGINAL) == 0;
    if (done)
        msgpack_pack_bin_with_body(pk, bin.at, used);
    buf_free(&bin);
    return done;
}

/* A cell with several values has them parted by a bar. */
static bool put_cell_list(msgpack_packer *pk, struct form_shape shape, const char *text, size_t n)
{
    struct form_shape item = form_item(shape);
    const char *end = text + n;
    size_t count = 1;

    for (const char *at = text; at < end; at++)
        count += *at == '|';
    msgpack_pack_array(pk, count);
    for (const char *at = text; count > 0; count--) {
        const char *bar = memchr(at, '|', (size_t)(end - at)), *to = bar != NULL ? bar : end;
        const char *next = bar != NULL ? bar + 1 : end;
        while (at < to && *at == ' ')
            at++;
        while (to > at && to[-1] == ' ')
            to--;
        form_scalar(pk, item, at, (size_t)(to - at), FORM_CSV);
        at = next;
    }
    return true;
}

void form_scalar(msgpack_packer *pk, struct form_shape shape, const char *text, size_t n, enum form form)
{
    bool done = false;

    switch (shape.known ? shape.kind : MSG_STR) {
    case MSG_BOOL:   done = put_bool(pk, text, n, form); break;
    case MSG_U64:
    case MSG_I64:    done = put_integer(pk, text, n); break;
    case MSG_DAY:    done = put_day(pk, text, n, form); break;
    case MSG_MOMENT: done = put_moment(pk, text, n); break;
    case MSG_UUID:   done = put_uuid(pk, text, n); break;
    case MSG_BIN:    done = put_base64(pk, text, n); break;
    case MSG_UUIDS:
    case MSG_STRS:
    case MSG_U64S:   done = form == FORM_CSV && put_cell_list(pk, shape, text, n); break;
    case MSG_STR:
    case MSG_ENUM:
    case MSG_MSG:
    case MSG_LIST:   break;
    }
    if (!done)
        form_text(pk, text, n);
}

/* ── places ───────────────────────────────────────────────────────────────── */

void places_add(struct places *places, const struct msg_at *at, uint32_t line, uint32_t column)
{
    char path[MSG_PATH_MAX];

    if (places == NULL || places->n == FORM_PLACES_MAX)
        return;
    if (places->n == places->room) {
        uint32_t room = places->room > 0 ? places->room * 2 : 64;
        struct place *more = ARENA_LIST(places->arena, struct place, room);
        if (places->n > 0)
            memcpy(more, places->at, places->n * sizeof *more);
        places->at = more;
        places->room = room;
    }
    msg_path(at, path);
    places->at[places->n++] = (struct place){ arena_string(places->arena, path, strlen(path)), line, column };
}

const struct place *place_of(const struct places *places, const char *path)
{
    const struct place *best = NULL;
    size_t best_n = 0;

    for (uint32_t i = 0; i < places->n; i++) {
        const struct place *place = &places->at[i];
        size_t n = strlen(place->path);
        if (strncmp(place->path, path, n) != 0 || (n > 0 && path[n] != '\0' && path[n] != '.' && path[n] != '['))
            continue;
        if (best == NULL || n >= best_n) {      /* of a repeated field, the later place */
            best = place;
            best_n = n;
        }
    }
    return best;
}

int form_wrong(struct text_error *error, size_t line, size_t column, const char *format, ...)
{
    va_list args;

    if (error == NULL)
        return ERR_MALFORMED;
    va_start(args, format);
    vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    error->line = (uint32_t)line;
    error->column = (uint32_t)column;
    return ERR_MALFORMED;
}

/* msg: paths, the limits of the lists, and the check of a struct filled by hand. */
#include "common/codec/msg_parts.h"

#include <assert.h>
#include <stdio.h>

#include "common/core/err.h"
#include "common/core/text.h"

const struct msg_desc nothing_desc = { "nothing", sizeof(struct nothing), 0, NULL };

#define NAME_SHOWN 48       /* bytes shown of an unknown name, which a peer chose */

int enum_find(const struct enum_desc *names, const char *text, size_t n)
{
    for (int i = 0; i < names->count; i++)
        if (strlen(names->names[i]) == n && memcmp(names->names[i], text, n) == 0)
            return i;
    return -1;
}

static bool printable(const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7f)
            return false;
    return n > 0 && n <= NAME_SHOWN && text_valid(name, n);
}

static size_t render(const struct msg_at *at, char *path, size_t n)
{
    size_t used = at->up != NULL ? render(at->up, path, n) : 0;
    int more = 0;

    if (at->up == NULL)
        return 0;
    if (at->name == NULL)
        more = snprintf(path + used, n - used, "[%u]", at->i);
    else if (printable(at->name, at->n))
        more = snprintf(path + used, n - used, "%s%.*s", used > 0 ? "." : "", (int)at->n, at->name);
    else
        more = snprintf(path + used, n - used, "%s?", used > 0 ? "." : "");
    if (more >= 0 && used + (size_t)more < n)
        return used + (size_t)more;
    while (n > 1 && ((unsigned char)path[n - 2] & 0xc0) == 0x80)     /* cut between characters */
        n--;
    if (n > 1 && ((unsigned char)path[n - 2] & 0x80) != 0)
        n--;
    path[n - 1] = '\0';
    return n - 1;
}

void msg_path(const struct msg_at *at, char path[MSG_PATH_MAX])
{
    path[0] = '\0';
    render(at, path, MSG_PATH_MAX);
}

int msg_wrong(const struct msg_at *at, const char *rule, int64_t limit, struct msg_error *error)
{
    if (error == NULL)
        return ERR_MALFORMED;
    msg_path(at, error->path);
    error->rule = rule;
    error->limit = limit;
    return ERR_MALFORMED;
}

const char *msg_rule_range(const struct msg_field *f, int64_t value, int64_t *limit)
{
    /* A DAY that names no bound of its own (0, 0) takes any day. */
    int64_t max = f->kind == MSG_DAY && (f->max == 0 || f->max > DAY_MAX) ? DAY_MAX : f->max;

    *limit = value < f->min ? f->min : max;
    return value < f->min || value > max ? "range" : NULL;
}

const char *msg_rule_bytes(int64_t n, int64_t min, int64_t max, int64_t *limit)
{
    *limit = n < min ? min : max;
    return n < min ? "too_short" : n > max ? "too_long" : NULL;
}

const char *msg_rule_text(const char *at, size_t n, int64_t min, int64_t max, int64_t *limit)
{
    const char *rule = msg_rule_bytes((int64_t)n, min, max, limit);
    if (rule != NULL)
        return rule;
    *limit = 0;
    if (text_valid(at, n))
        return NULL;
    return memchr(at, '\0', n) != NULL ? "zero_byte" : "utf8";
}

const char *msg_rule_items(const struct msg_field *f, uint32_t n, int64_t *limit)
{
    *limit = n < f->min ? f->min : f->max;
    return n < f->min ? "too_few" : n > f->max ? "too_many" : NULL;
}

size_t msg_field_find(const struct msg_desc *desc, const char *name, size_t n, size_t from)
{
    for (size_t k = 0; k < desc->count; k++) {
        size_t i = from + k < desc->count ? from + k : from + k - desc->count;
        if (desc->field[i].name_n == n && memcmp(desc->field[i].name, name, n) == 0)
            return i;
    }
    return desc->count;
}

bool msg_is_zero(const struct msg_field *f, const void *slot)
{
    switch (f->kind) {
    case MSG_BOOL:   return !*(const bool *)slot;
    case MSG_U64:
    case MSG_I64:
    case MSG_MOMENT: return *(const int64_t *)slot == 0;
    case MSG_STR:
    case MSG_MSG:    return *(const void *const *)slot == NULL;
    case MSG_BIN:    return ((const struct bytes *)slot)->n == 0;
    case MSG_UUID:   return uuid_is_nil(slot);
    case MSG_DAY:    return *(const day_t *)slot == 0;
    case MSG_ENUM:   return *(const int *)slot == 0;
    case MSG_LIST:
    case MSG_UUIDS:
    case MSG_STRS:
    case MSG_U64S:   return ((const struct msg_list *)slot)->n == 0;
    }
    assert(!"an unknown msg_kind");
    return true;
}

/* ── a struct filled by hand ──────────────────────────────────────────────── */

static int check_message(const struct msg_desc *desc, const char *in, unsigned depth,
                         const struct msg_at *at, struct msg_error *error);

static int check_items(const struct msg_field *f, const struct msg_list *list, unsigned depth,
                       const struct msg_at *at, struct msg_error *error)
{
    int64_t limit;
    const char *rule = msg_rule_items(f, list->n, &limit);

    if (rule != NULL)
        return msg_wrong(at, rule, limit, error);
    for (uint32_t i = 0; i < list->n; i++) {
        struct msg_at here = { .up = at, .i = i };
        if (f->kind == MSG_STRS) {
            const char *text = ((const char **)list->at)[i];
            if (text == NULL)
                return msg_wrong(&here, "missing", 0, error);
            if ((rule = msg_rule_text(text, strlen(text), 0, MSG_STRS_BYTES, &limit)) != NULL)
                return msg_wrong(&here, rule, limit, error);
        } else if (f->kind == MSG_LIST) {
            const char *item = (const char *)list->at + i * f->of->size;
            int err = check_message(f->of, item, depth + 1, &here, error);
            if (err != ERR_OK)
                return err;
        }
    }
    return ERR_OK;
}

static int check_value(const struct msg_field *f, const void *slot, unsigned depth,
                       const struct msg_at *at, struct msg_error *error)
{
    const char *rule = NULL, *text;
    int64_t limit = 0;

    switch (f->kind) {
    case MSG_BOOL:
    case MSG_UUID:
        break;
    case MSG_U64:
        if (*(const uint64_t *)slot > INT64_MAX)
            return msg_wrong(at, "range", f->max, error);
        rule = msg_rule_range(f, (int64_t)*(const uint64_t *)slot, &limit);
        break;
    case MSG_I64:
        rule = msg_rule_range(f, *(const int64_t *)slot, &limit);
        break;
    case MSG_DAY:
        rule = msg_rule_range(f, *(const day_t *)slot, &limit);
        break;
    case MSG_STR:
        if ((text = *(const char *const *)slot) == NULL)
            return f->min > 0 ? msg_wrong(at, "missing", 0, error) : ERR_OK;
        rule = msg_rule_text(text, strlen(text), f->min, f->max, &limit);
        break;
    case MSG_BIN:
        rule = msg_rule_bytes((int64_t)((const struct bytes *)slot)->n, f->min, f->max, &limit);
        break;
    case MSG_MOMENT:
        limit = *(const moment_t *)slot < 0 ? 0 : MSG_MOMENT_MAX;
        if (*(const moment_t *)slot < 0 || *(const moment_t *)slot > MSG_MOMENT_MAX)
            rule = "range";
        break;
    case MSG_ENUM:
        if (*(const int *)slot < 0 || *(const int *)slot >= f->names->count)
            rule = "no_such_name";
        break;
    case MSG_MSG:
        if (*(const void *const *)slot == NULL)
            return msg_wrong(at, "missing", 0, error);
        return check_message(f->of, *(const char *const *)slot, depth + 1, at, error);
    case MSG_LIST:  /* its array is a level of its own */
    case MSG_UUIDS:
    case MSG_STRS:
    case MSG_U64S:
        if (depth + 1 > MSG_DEPTH_MAX)
            return msg_wrong(at, "too_deep", MSG_DEPTH_MAX, error);
        return check_items(f, slot, depth + 1, at, error);
    }
    return rule != NULL ? msg_wrong(at, rule, limit, error) : ERR_OK;
}

static int check_message(const struct msg_desc *desc, const char *in, unsigned depth,
                         const struct msg_at *at, struct msg_error *error)
{
    if (depth > MSG_DEPTH_MAX)
        return msg_wrong(at, "too_deep", MSG_DEPTH_MAX, error);
    for (size_t i = 0; i < desc->count; i++) {
        const struct msg_field *f = &desc->field[i];
        const void *slot = in + f->offset;
        if (f->need == MSG_OPTIONAL && msg_is_zero(f, slot))
            continue;
        struct msg_at here = { at, f->name, strlen(f->name), 0 };
        int err = check_value(f, slot, depth, &here, error);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

int msg_check(const struct msg_desc *desc, const void *in, struct msg_error *error)
{
    const struct msg_at top = { 0 };
    return check_message(desc, in, 1, &top, error);
}

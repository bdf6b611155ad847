/* config_read: a whole configuration file, and what is wrong with it in words for its author. */
#include "common/codec/form_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/core/err.h"

#define SAYS 400

static int file_read(const char *file, struct buf *text)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : 1;

    while (got > 0 && text->n <= FORM_BYTES_MAX) {      /* one byte too many is enough to be refused */
        buf_reserve(text, 65536);
        got = read(fd, text->at + text->n, 65536);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            text->n += (size_t)got;
    }
    int saved = errno;
    if (fd >= 0)
        close(fd);
    errno = saved;
    return got < 0 ? err_of_errno(saved) : ERR_OK;
}

/* The row of the list that a path ends at; NULL for an item of plain values and what is unknown. */
static const struct msg_field *field_at(const struct msg_desc *desc, const char *path)
{
    const struct msg_field *f = NULL;

    while (*path != '\0') {
        size_t n = strcspn(path, ".[");
        size_t row = desc != NULL ? msg_field_find(desc, path, n, 0) : 0;
        if (desc == NULL || row == desc->count)
            return NULL;
        f = &desc->field[row];
        desc = f->of;
        path += n;
        if (*path == '[') {
            path = strchr(path, ']');
            if (path == NULL || (path[1] == '\0' && f->kind != MSG_LIST))
                return NULL;
            path++;
        }
        if (*path == '.')
            path++;
    }
    return f;
}

static const char *kind_in_words(const struct msg_field *f)
{
    switch (f->kind) {
    case MSG_BOOL:   return "true or false";
    case MSG_U64:
    case MSG_I64:    return "a whole number";
    case MSG_STR:
    case MSG_ENUM:   return "text";
    case MSG_BIN:    return "bytes in base64";
    case MSG_UUID:   return "an identifier such as 0192f0c1-2d3e-7a4b-8c5d-6e7f8a9b0c1d";
    case MSG_DAY:    return "a day such as 2024-09-15";
    case MSG_MOMENT: return "a moment such as 2024-09-15T07:30:00Z";
    case MSG_MSG:    return "fields with values";
    case MSG_LIST:
    case MSG_UUIDS:
    case MSG_STRS:
    case MSG_U64S:   return "a list";
    }
    return "something else";
}

/* What would be right, after the token of what is wrong. */
static void put_allowed(struct buf *out, const struct msg_desc *desc, const struct msg_error *error)
{
    const struct msg_field *f = field_at(desc, error->path);

    if (error->rule[0] == 't' && error->rule[1] == 'o')             /* too_short … too_big */
        buf_format(out, ", %s %lld", strcmp(error->rule, "too_short") == 0 || strcmp(error->rule, "too_few") == 0
                   ? "at least" : "at most", (long long)error->limit);
    else if (strcmp(error->rule, "range") == 0 && f != NULL && (f->kind == MSG_U64 || f->kind == MSG_I64))
        buf_format(out, ", from %lld to %lld", (long long)f->min, (long long)f->max);
    else if (strcmp(error->rule, "type") == 0 && f != NULL)
        buf_format(out, ", not %s", kind_in_words(f));
    else if (strcmp(error->rule, "no_such_name") == 0 && f != NULL && f->names != NULL)
        for (int i = 0; i < f->names->count; i++)
            buf_format(out, "%s%s", i == 0 ? ", one of: " : ", ", f->names->names[i]);
}

static void say(char says[SAYS], struct buf *line)
{
    snprintf(says, SAYS, "%s", buf_string(line));
    buf_free(line);
}

static void say_field(char says[SAYS], const char *file, const struct msg_desc *desc, const struct places *places,
                      const struct msg_error *error)
{
    const struct place *place = place_of(places, error->path);
    struct buf line = { 0 };

    buf_format(&line, "%s:%u:%u: ", file, place != NULL ? place->line : 1, place != NULL ? place->column : 1);
    if (error->path[0] != '\0')
        buf_format(&line, "%s: ", error->path);
    buf_text(&line, error->rule);
    put_allowed(&line, desc, error);
    say(says, &line);
}

int config_read(const char *file, const struct msg_desc *desc, struct arena *arena, void *out, char says[SAYS])
{
    struct buf text = { 0 }, msgpack = { 0 }, line = { 0 };
    struct arena scratch = { 0 };
    struct places places = { .arena = &scratch };
    struct text_error wrong;
    struct msg_error error;
    int err;

    says[0] = '\0';
    memset(out, 0, desc->size);
    if ((err = file_read(file, &text)) != ERR_OK) {
        buf_format(&line, "%s: %s", file, strerror(errno));
        say(says, &line);
    } else if ((err = yaml_read(desc, buf_bytes(&text), &msgpack, &places, &wrong)) != ERR_OK) {
        buf_format(&line, "%s:%u:%u: %s", file, wrong.line, wrong.column, wrong.text);
        say(says, &line);
    } else if ((err = msg_decode(desc, buf_bytes(&msgpack), MSG_STRICT, arena, out, &error)) != ERR_OK) {
        say_field(says, file, desc, &places, &error);
    }
    buf_free(&text);
    buf_free(&msgpack);
    arena_free(&scratch);
    return err;
}

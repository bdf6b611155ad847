/* json_read: JSON to msgpack. jansson parses; it keeps no positions of values, so the text, known to be
 * valid by then, is walked once more beside the tree, whose objects keep the order of the text. */
#include "common/codec/form_parts.h"

#include <jansson.h>

#include "common/core/err.h"

struct reader {
    const char *at, *end;
    uint32_t line, column;          /* of `at`, counted from 1, columns in characters */
    msgpack_packer pk;
    struct places *places;
    struct text_error *error;
};

static void step(struct reader *r)
{
    if (*r->at == '\n') {
        r->line++;
        r->column = 1;
    } else if (((unsigned char)r->at[0] & 0xc0) != 0x80) {
        r->column++;
    }
    r->at++;
}

/* To the next token: white space and the punctuation between values say nothing more. */
static void skip_between(struct reader *r)
{
    while (r->at < r->end && strchr(" \t\r\n,:", *r->at) != NULL && *r->at != '\0')
        step(r);
}

static void skip_string(struct reader *r)
{
    step(r);
    while (r->at < r->end && *r->at != '"') {
        if (*r->at == '\\')
            step(r);
        if (r->at < r->end)
            step(r);
    }
    if (r->at < r->end)
        step(r);
}

static void skip_word(struct reader *r)
{
    while (r->at < r->end && strchr(" \t\r\n,:]}", *r->at) == NULL)
        step(r);
}

static int put_value(struct reader *r, const json_t *value, struct form_shape shape, const struct msg_at *at,
                     unsigned depth);

static int put_object(struct reader *r, const json_t *object, struct form_shape shape, const struct msg_at *at,
                      unsigned depth)
{
    const char *key;
    json_t *value;

    msgpack_pack_map(&r->pk, json_object_size(object));
    step(r);                                            /* { */
    json_object_foreach((json_t *)object, key, value) {
        struct msg_at here = { at, key, strlen(key), 0 };
        struct form_shape inner = form_field(shape, key, here.n);
        skip_between(r);
        uint32_t line = r->line, column = r->column;
        skip_string(r);
        skip_between(r);
        if (inner.known)                                /* an unknown field is shown by its name */
            line = r->line, column = r->column;
        places_add(r->places, &here, line, column);
        form_text(&r->pk, key, here.n);
        int err = put_value(r, value, inner, &here, depth + 1);
        if (err != ERR_OK)
            return err;
    }
    skip_between(r);
    if (r->at < r->end)
        step(r);                                        /* } */
    return ERR_OK;
}

static int put_array(struct reader *r, const json_t *array, struct form_shape shape, const struct msg_at *at,
                     unsigned depth)
{
    size_t n = json_array_size(array);

    msgpack_pack_array(&r->pk, n);
    step(r);                                            /* [ */
    for (size_t i = 0; i < n; i++) {
        struct msg_at here = { .up = at, .i = (uint32_t)i };
        skip_between(r);
        places_add(r->places, &here, r->line, r->column);
        int err = put_value(r, json_array_get(array, i), form_item(shape), &here, depth + 1);
        if (err != ERR_OK)
            return err;
    }
    skip_between(r);
    if (r->at < r->end)
        step(r);                                        /* ] */
    return ERR_OK;
}

/* A bare number is not a day, though a day is a number on the wire: it goes on as text. */
static void put_integer(struct reader *r, int64_t value, struct form_shape shape)
{
    char text[24];

    if (shape.known && shape.kind == MSG_DAY)
        form_text(&r->pk, text, (size_t)snprintf(text, sizeof text, "%lld", (long long)value));
    else
        msgpack_pack_int64(&r->pk, value);
}

static int put_value(struct reader *r, const json_t *value, struct form_shape shape, const struct msg_at *at,
                     unsigned depth)
{
    if (depth > MSG_DEPTH_MAX && (json_is_object(value) || json_is_array(value)))
        return form_wrong(r->error, r->line, r->column, "nested deeper than %d", MSG_DEPTH_MAX);
    switch (json_typeof(value)) {
    case JSON_OBJECT:  return put_object(r, value, shape, at, depth);
    case JSON_ARRAY:   return put_array(r, value, shape, at, depth);
    case JSON_STRING:
        form_scalar(&r->pk, shape, json_string_value(value), json_string_length(value), FORM_JSON);
        skip_string(r);
        return ERR_OK;
    case JSON_INTEGER: put_integer(r, json_integer_value(value), shape); break;
    case JSON_REAL:    msgpack_pack_double(&r->pk, json_real_value(value)); break;
    case JSON_TRUE:    msgpack_pack_true(&r->pk); break;
    case JSON_FALSE:   msgpack_pack_false(&r->pk); break;
    case JSON_NULL:    msgpack_pack_nil(&r->pk); break;
    }
    skip_word(r);
    return ERR_OK;
}

int json_read(const struct msg_desc *desc, struct bytes text, struct buf *msgpack, struct places *places,
              struct text_error *error)
{
    const struct msg_at top = { 0 };
    json_error_t wrong;

    if (text.n > FORM_BYTES_MAX)
        return form_wrong(error, 1, 1, "longer than %u bytes", FORM_BYTES_MAX);
    text = form_unmarked(text);
    /* A doubled key stands in the tree once: it has to be refused here. */
    json_t *root = json_loadb(text.n > 0 ? text.at : "", text.n,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &wrong);
    if (root == NULL)
        return form_wrong(error, wrong.line > 0 ? (size_t)wrong.line : 1, wrong.column > 0 ? (size_t)wrong.column : 1,
                          "%s", wrong.text);

    struct reader r = { .at = text.at, .end = (const char *)text.at + text.n, .line = 1, .column = 1,
                        .places = places, .error = error };
    form_packer(&r.pk, msgpack);
    skip_between(&r);
    places_add(places, &top, r.line, r.column);
    int err = put_value(&r, root, form_root(desc), &top, 1);
    json_decref(root);
    return err;
}

/* yaml_read: YAML to msgpack. libyaml's events carry positions; a plain word means what the descriptor
 * says and nothing else. Anchors, aliases and tags have no place in a configuration and are refused:
 * with them a page of text can stand for gigabytes, or for types nobody asked for. */
#include "common/codec/form_parts.h"

#include <yaml.h>

#include "common/core/err.h"
#include "common/core/log.h"

struct reader {
    yaml_parser_t parser;
    yaml_event_t event;             /* the one not yet dealt with */
    bool has_event;
    struct buf *out;
    msgpack_packer pk;
    struct places *places;
    struct text_error *error;
    struct bytes text;
};

static int wrong_here(struct reader *r, const char *text)
{
    yaml_mark_t mark = r->event.start_mark;
    return form_wrong(r->error, mark.line + 1, mark.column + 1, "%s", text);
}

/* The reader below the scanner knows an offset only. */
static int wrong_bytes(struct reader *r)
{
    const char *at = r->text.at;
    size_t line = 1, column = 1, n = r->parser.problem_offset < r->text.n ? r->parser.problem_offset : r->text.n;

    for (size_t i = 0; i < n; i++) {
        column = at[i] == '\n' ? 1 : column + (((unsigned char)at[i] & 0xc0) != 0x80);
        line += at[i] == '\n';
    }
    return form_wrong(r->error, line, column, "%s", r->parser.problem);
}

static int wrong_syntax(struct reader *r)
{
    const yaml_parser_t *p = &r->parser;

    if (p->error == YAML_MEMORY_ERROR)
        log_die("yaml", "out of memory");
    if (p->error == YAML_READER_ERROR)
        return wrong_bytes(r);
    return form_wrong(r->error, p->problem_mark.line + 1, p->problem_mark.column + 1, "%s%s%s",
                      p->problem != NULL ? p->problem : "not YAML", p->context != NULL ? " " : "",
                      p->context != NULL ? p->context : "");
}

static int next_event(struct reader *r)
{
    if (r->has_event)
        yaml_event_delete(&r->event);
    r->has_event = false;
    if (!yaml_parser_parse(&r->parser, &r->event))
        return wrong_syntax(r);
    r->has_event = true;

    const yaml_event_t *e = &r->event;
    bool anchor = (e->type == YAML_SCALAR_EVENT && e->data.scalar.anchor != NULL) ||
                  (e->type == YAML_SEQUENCE_START_EVENT && e->data.sequence_start.anchor != NULL) ||
                  (e->type == YAML_MAPPING_START_EVENT && e->data.mapping_start.anchor != NULL);
    bool tag = (e->type == YAML_SCALAR_EVENT && e->data.scalar.tag != NULL) ||
               (e->type == YAML_SEQUENCE_START_EVENT && e->data.sequence_start.tag != NULL) ||
               (e->type == YAML_MAPPING_START_EVENT && e->data.mapping_start.tag != NULL);
    return e->type == YAML_ALIAS_EVENT ? wrong_here(r, "aliases are not allowed")
         : anchor ? wrong_here(r, "anchors are not allowed")
         : tag ? wrong_here(r, "tags are not allowed") : ERR_OK;
}

/* How many items a container has is known at its end: room for the widest head is left, and what the
 * head does not need is closed up. */
#define HEAD_MAX 5
static size_t head_leave(struct reader *r)
{
    static const char ROOM[HEAD_MAX];
    buf_put(r->out, ROOM, HEAD_MAX);
    return r->out->n - HEAD_MAX;
}

static void head_fill(struct reader *r, size_t at, uint32_t items, bool map)
{
    struct buf head = { 0 };
    msgpack_packer pk;

    form_packer(&pk, &head);
    if (map)
        msgpack_pack_map(&pk, items);
    else
        msgpack_pack_array(&pk, items);
    memcpy(r->out->at + at, head.at, head.n);
    memmove(r->out->at + at + head.n, r->out->at + at + HEAD_MAX, r->out->n - at - HEAD_MAX);
    r->out->n -= HEAD_MAX - head.n;
    buf_free(&head);
}

static int put_node(struct reader *r, struct form_shape shape, const struct msg_at *at, unsigned depth);

static void place_here(struct reader *r, const struct msg_at *at, yaml_mark_t mark)
{
    places_add(r->places, at, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1);
}

/* One key and its value. The name is copied: its event is gone when the value comes. */
static int put_pair(struct reader *r, struct form_shape shape, const struct msg_at *at, unsigned depth)
{
    const yaml_mark_t mark = r->event.start_mark;
    struct buf name = { 0 };

    if (r->event.type != YAML_SCALAR_EVENT)
        return wrong_here(r, "a key has to be a word");
    buf_put(&name, r->event.data.scalar.value, r->event.data.scalar.length);
    struct msg_at here = { at, buf_string(&name), name.n, 0 };
    struct form_shape inner = form_field(shape, here.name, here.n);
    form_text(&r->pk, here.name, here.n);
    int err = next_event(r);
    if (err == ERR_OK) {
        place_here(r, &here, inner.known ? r->event.start_mark : mark);
        err = put_node(r, inner, &here, depth + 1);
    }
    buf_free(&name);
    return err;
}

static int put_container(struct reader *r, struct form_shape shape, const struct msg_at *at, unsigned depth)
{
    bool map = r->event.type == YAML_MAPPING_START_EVENT;
    yaml_event_type_t end = map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    uint32_t items = 0;
    int err;

    if (depth > MSG_DEPTH_MAX)
        return form_wrong(r->error, r->event.start_mark.line + 1, r->event.start_mark.column + 1,
                          "nested deeper than %d", MSG_DEPTH_MAX);
    size_t head = head_leave(r);
    while ((err = next_event(r)) == ERR_OK && r->event.type != end) {
        struct msg_at here = { .up = at, .i = items++ };
        if (map) {
            err = put_pair(r, shape, at, depth);
        } else {
            place_here(r, &here, r->event.start_mark);
            err = put_node(r, form_item(shape), &here, depth + 1);
        }
        if (err != ERR_OK)
            return err;
    }
    if (err == ERR_OK)
        head_fill(r, head, items, map);
    return err;
}

/* The event in hand and all that belongs to it; its last event stays in hand. */
static int put_node(struct reader *r, struct form_shape shape, const struct msg_at *at, unsigned depth)
{
    if (r->event.type != YAML_SCALAR_EVENT)
        return put_container(r, shape, at, depth);
    form_scalar(&r->pk, shape, (const char *)r->event.data.scalar.value, r->event.data.scalar.length, FORM_YAML);
    return ERR_OK;
}

static int put_stream(struct reader *r, const struct msg_desc *desc)
{
    const struct msg_at top = { 0 };
    int err;

    if ((err = next_event(r)) != ERR_OK || (err = next_event(r)) != ERR_OK)     /* the stream starts */
        return err;
    place_here(r, &top, r->event.start_mark);
    if (r->event.type == YAML_STREAM_END_EVENT) {       /* nothing but comments: a message that says nothing */
        msgpack_pack_map(&r->pk, 0);
        return ERR_OK;
    }
    if ((err = next_event(r)) != ERR_OK || (err = put_node(r, form_root(desc), &top, 1)) != ERR_OK ||
        (err = next_event(r)) != ERR_OK || (err = next_event(r)) != ERR_OK)     /* the document ends */
        return err;
    return r->event.type == YAML_STREAM_END_EVENT ? ERR_OK : wrong_here(r, "more than one document");
}

int yaml_read(const struct msg_desc *desc, struct bytes text, struct buf *msgpack, struct places *places,
              struct text_error *error)
{
    struct reader r = { .out = msgpack, .places = places, .error = error };

    if (text.n > FORM_BYTES_MAX)
        return form_wrong(error, 1, 1, "longer than %u bytes", FORM_BYTES_MAX);
    r.text = text = form_unmarked(text);
    if (!yaml_parser_initialize(&r.parser))
        log_die("yaml", "out of memory");
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, text.n > 0 ? text.at : (const void *)"", text.n);
    form_packer(&r.pk, msgpack);
    int err = put_stream(&r, desc);
    if (r.has_event)
        yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return err;
}

/* catalogue: the messages of one language, sorted by token, looked up by bisection. */
#include "services/shared/catalogue.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "common/codec/text_forms.h"
#include "common/core/err.h"

MSG_DEFINE(catalogue_message, CATALOGUE_MESSAGE_FIELDS)
MSG_DEFINE(catalogue_file, CATALOGUE_FILE_FIELDS)

struct sentences { struct arena arena; struct catalogue_file file; };

static int by_token(const void *a, const void *b)
{
    return strcmp(((const struct catalogue_message *)a)->token, ((const struct catalogue_message *)b)->token);
}

/* A token said twice is a slip of the pen that would hide a sentence. */
static int check(struct sentences *c, const char *file, char says[400])
{
    for (uint32_t i = 1; i < c->file.messages.n; i++)
        if (by_token(&c->file.messages.at[i - 1], &c->file.messages.at[i]) == 0) {
            snprintf(says, 400, "%s: token %s stands there twice", file, c->file.messages.at[i].token);
            return ERR_MALFORMED;
        }
    return ERR_OK;
}

int catalogue_load(struct sentences **out, const char *file, char says[400])
{
    struct sentences *c = calloc(1, sizeof *c);
    *out = NULL;
    if (c == NULL)
        return ERR_NOMEM;
    int err = config_read(file, &catalogue_file_desc, &c->arena, &c->file, says);
    if (err == ERR_OK) {
        qsort(c->file.messages.at, c->file.messages.n, sizeof *c->file.messages.at, by_token);
        err = check(c, file, says);
    }
    if (err != ERR_OK)
        catalogue_free(&c);
    *out = c;
    return err;
}

void catalogue_free(struct sentences **catalogue)
{
    if (*catalogue == NULL)
        return;
    arena_free(&(*catalogue)->arena);
    free(*catalogue);
    *catalogue = NULL;
}

static const char *find(const struct sentences *c, const char *token)
{
    struct catalogue_message key = { .token = token };
    const struct catalogue_message *found = c == NULL || c->file.messages.n == 0 ? NULL :
        bsearch(&key, c->file.messages.at, c->file.messages.n, sizeof key, by_token);
    return found != NULL ? found->text : NULL;
}

bool catalogue_has(const struct sentences *catalogue, const char *token)
{
    return find(catalogue, token) != NULL;
}

const char *catalogue_text(const struct sentences *catalogue, const char *token)
{
    const char *text = find(catalogue, token);
    return text != NULL ? text : token;
}

static const char *arg_of(const struct catalogue_arg *args, uint32_t n, const char *name, size_t length)
{
    for (uint32_t i = 0; i < n; i++)
        if (strlen(args[i].name) == length && memcmp(args[i].name, name, length) == 0)
            return args[i].value;
    return NULL;
}

/* The token and what came with it: better than nothing for a reader, and enough for whoever mends it. */
static const char *bare(struct arena *arena, const char *token, const struct catalogue_arg *args, uint32_t n)
{
    struct buf buf = { 0 };
    buf_text(&buf, token);
    for (uint32_t i = 0; i < n; i++)
        buf_format(&buf, "%s%s=%s", i == 0 ? " (" : ", ", args[i].name, args[i].value);
    if (n > 0)
        buf_text(&buf, ")");
    const char *text = arena_string(arena, (const char *)buf.at, buf.n);
    buf_free(&buf);
    return text;
}

/* Days travel as 2024-09-15; a language that writes them otherwise says so by the sentence format.day. */
static void put_value(const struct sentences *catalogue, const char *value, struct buf *buf)
{
    char text[DAY_TEXT + 1];
    day_t day;
    if (find(catalogue, "format.day") != NULL && day_parse(&day, value, strlen(value))) {
        day_format_ru(day, text);
        value = text;
    }
    buf_text(buf, value);
}

const char *catalogue_fill(const struct sentences *catalogue, struct arena *arena, const char *token,
                           const struct catalogue_arg *args, uint32_t n)
{
    const char *text = find(catalogue, token);
    if (text == NULL)
        return bare(arena, token, args, n);
    struct buf buf = { 0 };
    for (const char *at = text; *at != '\0'; ) {
        const char *open = strchr(at, '{'), *close = open != NULL ? strchr(open, '}') : NULL;
        if (close == NULL) {
            buf_text(&buf, at);
            break;
        }
        const char *value = arg_of(args, n, open + 1, (size_t)(close - open - 1));
        buf_put(&buf, at, (size_t)(open - at));
        if (value != NULL)
            put_value(catalogue, value, &buf);
        else
            buf_put(&buf, open, (size_t)(close - open + 1));
        at = close + 1;
    }
    const char *filled = arena_string(arena, (const char *)buf.at, buf.n);
    buf_free(&buf);
    return filled;
}

const char *catalogue_rule(const struct sentences *catalogue, struct arena *arena, const char *rule, int64_t limit)
{
    const struct catalogue_arg arg[] = { { "limit", arena_format(arena, "%" PRId64, limit) } };
    const char *token = arena_format(arena, "rule.%s", rule), *plain = arena_format(arena, "rule.%s.plain", rule);

    if (limit == 0 && catalogue_has(catalogue, plain))
        return catalogue_text(catalogue, plain);
    return catalogue_has(catalogue, token) ? catalogue_fill(catalogue, arena, token, arg, 1) :
        limit != 0 ? bare(arena, rule, arg, 1) : rule;
}

static void put_field(const struct sentences *c, struct arena *arena, const struct problem_field *field,
                      struct buf *buf)
{
    buf_format(buf, "\n  %s%s%s", field->path, *field->path != '\0' ? ": " : "",
               catalogue_rule(c, arena, field->rule, field->limit));
}

/* A value that is a name of code's own is said in words, where the catalogue tells whose it is:
 * words.wrong_state = route_state, so that "draft" is looked up as route_state.draft. */
static const char *in_words(const struct sentences *c, struct arena *arena, const char *reason, const char *value)
{
    const char *whose = arena_format(arena, "words.%s", reason);
    if (!catalogue_has(c, whose))
        return value;
    const char *token = arena_format(arena, "%s.%s", catalogue_text(c, whose), value);
    return catalogue_has(c, token) ? catalogue_text(c, token) : value;
}

const char *catalogue_reason(const struct sentences *catalogue, struct arena *arena,
                             const struct problem *problem)
{
    struct catalogue_arg *args = ARENA_LIST(arena, struct catalogue_arg, problem->args.n + 1);
    for (uint32_t i = 0; i < problem->args.n; i++)
        args[i] = (struct catalogue_arg){ problem->args.at[i].name,
                                          in_words(catalogue, arena, problem->reason, problem->args.at[i].value) };
    const char *token = arena_format(arena, "reason.%s", problem->reason);
    return catalogue_has(catalogue, token) ? catalogue_fill(catalogue, arena, token, args, problem->args.n)
                                           : bare(arena, problem->reason, args, problem->args.n);
}

const char *catalogue_problem(const struct sentences *catalogue, struct arena *arena,
                              const struct problem *problem)
{
    struct buf buf = { 0 };
    const char *code = problem->code >= 0 && problem->code < problem_code_count ?
        problem_code_names.names[problem->code] : "internal";
    buf_format(&buf, "%s: %s", catalogue_text(catalogue, arena_format(arena, "code.%s", code)),
               catalogue_reason(catalogue, arena, problem));
    for (uint32_t i = 0; i < problem->fields.n; i++)
        put_field(catalogue, arena, &problem->fields.at[i], &buf);
    const char *text = arena_string(arena, (const char *)buf.at, buf.n);
    buf_free(&buf);
    return text;
}

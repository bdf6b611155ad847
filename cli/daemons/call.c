/* call: one method by its name, JSON in and out; methods: what there is. */
#include <errno.h>
#include <getopt.h>
#include "cli/cli.h"
#include "cli/describe.h"
#include "common/core/err.h"
#include "proto/roles.h"

static int read_input(struct buf *text)
{
    char part[4096];
    for (size_t n; (n = fread(part, 1, sizeof part, stdin)) > 0; ) {
        buf_put(text, part, n);
        if (text->n > MSG_BYTES_MAX * 4)
            return cli_say(CLI_FAILED, "standard input: more than %u bytes", MSG_BYTES_MAX * 4);
    }
    return ferror(stdin) ? cli_say(CLI_FAILED, "standard input: %s", strerror(errno)) : CLI_OK;
}

/* What the field list refuses, with its place in the JSON and what would be allowed. */
static int say_refused(struct cli *cli, const char *method, const struct places *places, const struct msg_error *error)
{
    char limit[24];
    snprintf(limit, sizeof limit, "%lld", (long long)error->limit);
    const struct catalogue_arg arg[] = { { "limit", limit } };
    const char *token = arena_format(&cli->arena, "rule.%s", error->rule);
    const struct place *place = place_of(places, error->path);
    return cli_say(CLI_USAGE, "%s: %u:%u: %s: %s (%s)", method, place != NULL ? place->line : 1,
                   place != NULL ? place->column : 1, error->path, cli_words(cli, token, arg, 1), error->rule);
}

/* JSON to a checked message. */
static int body_of(struct cli *cli, const struct method *method, struct bytes json, struct buf *body)
{
    struct places places = { .arena = &cli->arena };
    struct text_error text_error = { 0 };
    struct msg_error error = { .path = "", .rule = "" };
    void *message = arena_alloc(&cli->arena, method->takes->size);
    if (json_read(method->takes, json, body, &places, &text_error) != ERR_OK)
        return cli_say(CLI_USAGE, "%s: not JSON: %u:%u: %s", method->name, text_error.line, text_error.column,
                       text_error.text);
    if (msg_decode(method->takes, buf_bytes(body), MSG_STRICT, &cli->arena, message, &error) != ERR_OK)
        return say_refused(cli, method->name, &places, &error);
    return CLI_OK;
}

static int call(struct cli *cli, const struct method *method, struct bytes json, const struct uuid *command)
{
    char where[WIRE_ENDPOINT_MAX + 1] = "";
    struct buf body = { 0 }, out = { 0 };
    struct client_reply reply;
    int code = body_of(cli, method, json, &body);
    if (code == CLI_OK)
        code = cli_config(cli);
    if (code == CLI_OK) {
        int err = cli_call(cli, method->name, buf_bytes(&body), command, &reply, where);
        code = cli_outcome(cli, method->name, err, &reply, where);
    }
    if (code == CLI_OK) {
        if (json_write(method->gives, reply.body, true, &out) == ERR_OK)
            printf("%s\n", buf_string(&out));
        else
            code = cli_say(CLI_FAILED, "%s: the answer cannot be read as %s", method->name, method->gives->name);
    }
    buf_free(&body);
    buf_free(&out);
    return code;
}

int verb_call(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "command", required_argument, NULL, 'c' }, { 0 } };
    struct uuid command = UUID_NIL;
    struct method method;
    struct buf text = { 0 };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        if (c != 'c')
            return CLI_USAGE;
        else if (!uuid_parse(&command, optarg, strlen(optarg)))
            return cli_usage("call", "--command %s: not a UUID", optarg);
    if (argc - optind < 1 || argc - optind > 2)
        return cli_usage("call", "METHOD and at most one JSON are needed");
    if (!describe_method(argv[optind], &method))
        return cli_say(CLI_USAGE, "no such method: %s, see rsnms methods", argv[optind]);
    const char *json = argc - optind == 2 ? argv[optind + 1] : "{}";
    int code = CLI_OK;
    if (strcmp(json, "-") == 0)
        code = read_input(&text);
    else
        buf_text(&text, json);
    if (code == CLI_OK)
        code = call(cli, &method, buf_bytes(&text), &command);
    buf_free(&text);
    return code;
}

/* ── methods ──────────────────────────────────────────────────────────────── */
static const char *const KIND[] = {
    [MSG_BOOL] = "bool", [MSG_U64] = "number", [MSG_I64] = "integer", [MSG_STR] = "text", [MSG_BIN] = "base64",
    [MSG_UUID] = "uuid", [MSG_DAY] = "day", [MSG_MOMENT] = "moment", [MSG_ENUM] = "one of", [MSG_MSG] = "object",
    [MSG_LIST] = "list of", [MSG_UUIDS] = "uuids", [MSG_STRS] = "texts", [MSG_U64S] = "numbers",
};

static void print_fields(const struct msg_desc *desc, int indent)
{
    for (size_t i = 0; i < desc->count; i++) {
        const struct msg_field *f = &desc->field[i];
        printf("%*s%s%s: %s", indent, "", f->name, f->need == MSG_REQUIRED ? "" : "?", KIND[f->kind]);
        for (int n = 0; f->names != NULL && n < f->names->count; n++)
            printf("%s%s", n > 0 ? "|" : " ", f->names->names[n]);
        if (f->of != NULL)
            printf(" %s", f->of->name);
        if (f->max > 0 && f->max < INT64_MAX)
            printf("  %lld…%lld", (long long)f->min, (long long)f->max);
        putchar('\n');
        if (f->of != NULL && indent < 16)
            print_fields(f->of, indent + 4);
    }
}

static void print_roles(roles_t roles)
{
    for (int i = 0; i < role_names.count; i++)
        if ((roles & ROLE(i)) != 0)
            printf(" %s", role_names.names[i]);
}

struct wanted { const char *prefix; uint32_t found; };

static void print_method(void *arg, const struct method *method)
{
    struct wanted *wanted = arg;
    if (strncmp(method->name, wanted->prefix, strlen(wanted->prefix)) != 0)
        return;
    wanted->found++;
    printf("%-40s %s ", method->name, method->command ? "command" : "query  ");
    print_roles(method->roles);
    putchar('\n');
    if (strcmp(method->name, wanted->prefix) != 0)
        return;
    printf("  takes %s\n", method->takes->name);
    print_fields(method->takes, 4);
    printf("  gives %s\n", method->gives->name);
    print_fields(method->gives, 4);
}

int verb_methods(struct cli *cli, int argc, char **argv)
{
    struct wanted wanted = { argc > 1 ? argv[1] : "", 0 };
    (void)cli;
    if (argc > 2)
        return cli_usage("methods", "at most one PREFIX");
    describe_each(print_method, &wanted);
    return wanted.found > 0 ? CLI_OK : cli_say(CLI_FAILED, "no method begins with %s", wanted.prefix);
}

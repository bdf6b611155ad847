/* metrics: the text of every service as one exposition: each line gets the service as a label, and the lines
 * of one metric stand together under one HELP and TYPE, as the format wants it. */
#include "cli/cli.h"
#include "common/service/system_methods.h"

struct line { const char *service, *at; size_t n; };            /* n 0: printed */
struct lines { struct line *at; size_t n; };

static size_t count_lines(const char *text)
{
    size_t n = 1;
    for (; *text != '\0'; text++)
        n += *text == '\n';
    return n;
}

/* The name a line is about: the third word of "# HELP name …", else all before a brace or space. */
static struct bytes subject(const char *at, size_t n)
{
    if (n > 7 && at[0] == '#') {
        const char *name = at + 7;              /* "# HELP " and "# TYPE " are of one length */
        return bytes(name, strcspn(name, " \n"));
    }
    size_t length = strcspn(at, "{ \n");
    return bytes(at, length < n ? length : n);
}

/* A histogram's samples carry endings to its name. */
static bool belongs(struct bytes family, struct bytes name)
{
    static const char *const endings[] = { "", "_bucket", "_sum", "_count" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (name.n == family.n + strlen(endings[i]) && memcmp(name.at, family.at, family.n) == 0
            && memcmp((const char *)name.at + family.n, endings[i], strlen(endings[i])) == 0)
            return true;
    return false;
}

static void print_sample(const struct line *line)
{
    size_t name = strcspn(line->at, "{ ");
    bool labelled = name < line->n && line->at[name] == '{';
    const char *rest = line->at + name + (labelled ? 1 : 0);
    printf("%.*s{service=\"%s\"%s%.*s\n", (int)name, line->at, line->service,
           !labelled ? "}" : *rest == '}' ? "" : ",", (int)(line->n - (size_t)(rest - line->at)), rest);
}

/* Everything of the family of line `first`, and marks it as printed. */
static void print_family(struct lines *lines, size_t first)
{
    struct bytes family = subject(lines->at[first].at, lines->at[first].n);
    const char *service = lines->at[first].service;
    for (size_t i = first; i < lines->n; i++) {
        struct line *line = &lines->at[i];
        if (line->n == 0 || !belongs(family, subject(line->at, line->n)))
            continue;
        if (line->at[0] != '#')
            print_sample(line);
        else if (line->service == service)      /* said once */
            printf("%.*s\n", (int)line->n, line->at);
        line->n = 0;
    }
}

static void split(struct arena *arena, struct lines *lines, const char *service, const char *text)
{
    struct line *more = ARENA_LIST(arena, struct line, lines->n + count_lines(text));
    if (lines->n > 0)
        memcpy(more, lines->at, sizeof *more * lines->n);
    lines->at = more;
    for (size_t n; *text != '\0'; text += n + (text[n] == '\n')) {
        n = strcspn(text, "\n");
        if (n > 0)
            lines->at[lines->n++] = (struct line){ .service = service, .at = text, .n = n };
    }
}

int verb_metrics(struct cli *cli, int argc, char **argv)
{
    struct lines lines = { 0 };
    if (argc > 2)
        return cli_usage("metrics", "at most one SERVICE");
    int code = cli_config(cli);
    if (code == CLI_OK && argc == 2 && config_find(&cli->config, argv[1]) == NULL)
        return cli_say(CLI_USAGE, "%s lists no service %s", cli_config_file(cli), argv[1]);
    for (uint32_t i = 0; code == CLI_OK && i < cli->config.services.n; i++) {
        const char *name = cli->config.services.at[i].name;
        struct service_metrics metrics = { 0 };
        if (argc == 2 && strcmp(argv[1], name) != 0)
            continue;
        code = cli_ask(cli, arena_format(&cli->arena, "%s.service.metrics", name), NULL, &metrics);
        if (code == CLI_OK && metrics.text != NULL)
            split(&cli->arena, &lines, name, metrics.text);
    }
    for (size_t i = 0; i < lines.n; i++)
        if (lines.at[i].n > 0)
            print_family(&lines, i);
    return code;
}

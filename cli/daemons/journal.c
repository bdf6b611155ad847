/* journal: entries of a running service as JSON lines, by following it. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include "cli/describe.h"
#include "cli/show/entry_line.h"
#include "cli/daemons/follow.h"
#include "common/core/err.h"

struct wanted { const char *service; uint64_t from, to; };

static volatile sig_atomic_t stop;
static void on_stop(int signal)
{
    (void)signal;
    stop = 1;
}

static void put_body(const char *service, const struct entry *entry, struct buf *out)
{
    const struct msg_desc *desc = describe_event(service, entry->event);
    size_t start = out->n;
    if (desc == NULL || json_write(desc, entry->body, false, out) != ERR_OK) {
        out->n = start;
        if (json_write_any(entry->body, out) != ERR_OK) {
            out->n = start;
            buf_text(out, "null");
        }
    }
}

static void put_id(struct buf *out, const char *name, const struct uuid *id)
{
    char text[UUID_TEXT + 1];
    if (uuid_is_nil(id))
        return;
    uuid_format(id, text);
    buf_format(out, ",\"%s\":\"%s\"", name, text);
}

void entry_line(const char *service, const struct entry *e, struct buf *out)
{
    char moment[MOMENT_TEXT + 1];
    moment_format(e->moment, moment);
    buf_format(out, "{\"number\":%" PRIu64 ",\"group\":%" PRIu64 ",\"moment\":\"%s\",\"event\":\"%s\",\"version\":%" PRIu64,
               e->number, e->group, moment, e->event, e->version);
    if (e->method != NULL && *e->method != '\0')
        buf_format(out, ",\"method\":\"%s\"", e->method);
    put_id(out, "who", &e->who);
    put_id(out, "actor", &e->actor);
    put_id(out, "command", &e->cause->command);
    if (e->cause->stream != NULL && *e->cause->stream != '\0')
        buf_format(out, ",\"cause\":{\"stream\":\"%s\",\"number\":%" PRIu64 "}", e->cause->stream, e->cause->number);
    if (e->scope.n > 0) {
        buf_text(out, ",\"scope\":[");
        for (uint32_t i = 0; i < e->scope.n; i++) {
            char id[UUID_TEXT + 1];
            uuid_format(&e->scope.at[i], id);
            buf_format(out, "%s\"%s\"", i > 0 ? "," : "", id);
        }
        buf_text(out, "]");
    }
    buf_text(out, ",\"body\":");
    put_body(service, e, out);
    buf_text(out, "}");
}

static void print_entry(const char *service, const struct entry *entry)
{
    struct buf out = { 0 };
    entry_line(service, entry, &out);
    printf("%s\n", buf_string(&out));
    buf_free(&out);
}

static bool each(void *arg, const struct entry *entry)
{
    const struct wanted *wanted = arg;
    if (wanted->to > 0 && entry->number > wanted->to)
        return false;
    if (entry->number >= wanted->from)
        print_entry(wanted->service, entry);
    return !ferror(stdout);
}

static bool number_of(const char *text, uint64_t *number)
{
    char *end;
    *number = strtoull(text, &end, 10);
    return end != text && *end == '\0' && *text != '-';
}

int verb_journal(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {
        { "from", required_argument, NULL, 'f' }, { "to", required_argument, NULL, 't' },
        { "event", required_argument, NULL, 'e' }, { "follow", no_argument, NULL, 'F' }, { 0 } };
    struct follow_ask ask = { .stop = &stop };
    struct wanted wanted = { 0 };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; ) {
        bool good = true;
        switch (c) {
        case 'f': good = number_of(optarg, &wanted.from); break;
        case 't': good = number_of(optarg, &wanted.to); break;
        case 'e': ask.event = optarg; break;
        case 'F': ask.forever = true; break;
        default:  return CLI_USAGE;
        }
        if (!good)
            return cli_usage("journal", "not a number: %s", optarg);
    }
    if (optind + 1 != argc)
        return cli_usage("journal", "one SERVICE is needed");
    ask.service = wanted.service = argv[optind];
    ask.from = wanted.from;
    int code = cli_config(cli);
    if (code != CLI_OK)
        return code;
    signal(SIGINT, on_stop);
    signal(SIGTERM, on_stop);
    if (ask.forever)
        setvbuf(stdout, NULL, _IOLBF, 0);
    return follow_journal(cli, &ask, each, &wanted);
}

/* status, settle: how the services are. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "cli/daemons/keeper.h"
#include "cli/node/node.h"
#include "cli/refer/args.h"
#include "cli/show/space.h"
#include "cli/show/table.h"
#include "common/core/err.h"
#include "common/service/system_methods.h"
#include "proto/roster_search.h"

struct look { bool up; struct service_status status; char where[WIRE_ENDPOINT_MAX + 1]; int err; };

static void look(struct cli *cli, const char *service, struct look *look)
{
    struct client_reply reply;
    uint32_t timeout = cli->timeout_ms;
    if (cli->timeout_ms > 3000)
        cli->timeout_ms = 3000;                 /* one that hangs shall not hold up the table */
    look->err = cli_try(cli, arena_format(&cli->arena, "%s.service.status", service), NULL, &look->status, &reply,
                        look->where);
    cli->timeout_ms = timeout;
    look->up = look->err == ERR_OK && reply.problem == NULL;
}

/* A word of the catalogue, under the first prefix that knows it; a token that none knows stands for itself. */
static const char *stream_word(struct cli *cli, const char *token)
{
    static const char *const prefixes[] = { "stream", "reason" };
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        const char *full = arena_format(&cli->arena, "%s.%s", prefixes[i], token);
        if (catalogue_has(cli_catalogue(cli), full))
            return cli_word(cli, full);
    }
    return token;
}

static const char *streams_text(struct cli *cli, const struct service_status *s)
{
    const char *text = "";
    for (uint32_t i = 0; i < s->streams.n; i++) {
        const struct stream_status *st = &s->streams.at[i];
        const char *state = strcmp(st->state, "following") == 0 ? "" :
            arena_format(&cli->arena, " %s%s%s", stream_word(cli, st->state),
                         st->reason != NULL && *st->reason != '\0' ? ": " : "",
                         st->reason != NULL && *st->reason != '\0' ? stream_word(cli, st->reason) : "");
        text = arena_format(&cli->arena, "%s%s%s −%" PRIu64 "%s", text, i > 0 ? ", " : "", st->stream, st->lag, state);
    }
    return *text != '\0' ? text : "—";
}

static bool stopped(const struct service_status *s)
{
    for (uint32_t i = 0; i < s->streams.n; i++)
        if (strcmp(s->streams.at[i].state, "stopped") == 0)
            return true;
    return false;
}

static const char *health_text(struct cli *cli, const struct service_status *s)
{
    const char *text = "";
    const struct { bool on; const char *token; } words[] = {
        { s->clock_suspect, "health.clock_suspect" }, { s->no_room, "health.no_room" },
        { s->careful, "health.careful" }, { s->internal_errors > 0, "health.internal_errors" },
        { stopped(s), "health.stopped_stream" },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].on)
            text = arena_format(&cli->arena, "%s%s%s", text, *text != '\0' ? ", " : "", cli_word(cli, words[i].token));
    return *text != '\0' ? text : cli_word(cli, "health.good");
}

/* The store's own bytes; what is free is the same for all and stands below the table. */
static const char *disk_text(struct cli *cli, const char *service)
{
    struct stat file;
    if (stat(arena_format(&cli->arena, "%s/data.mdb", process_store(cli, service)), &file) != 0)
        return "—";
    double mib = (double)file.st_blocks * 512 / (1 << 20);
    const struct catalogue_arg arg[] = { { "mib", arena_format(&cli->arena, mib < 10 ? "%.1f" : "%.0f", mib) } };
    return cli_words(cli, "status.mib", arg, 1);
}

static const char *state_text(struct cli *cli, const char *service, const struct look *l)
{
    if (l->up)
        return cli_word(cli, "state.up");
    if (l->err == ERR_DENIED)
        return cli_word(cli, "state.denied");
    return cli_word(cli, process_find(cli, service) != 0 ? "state.silent" : "state.down");
}

static const char *pid_text(struct cli *cli, const char *service)
{
    pid_t pid = process_find(cli, service);
    return pid != 0 ? arena_format(&cli->arena, "%d", (int)pid) : "—";
}

/* Whether people can be found by name, where roster runs and the key may ask. */
static bool names_ask(struct cli *cli, struct names_standing *names)
{
    char where[WIRE_ENDPOINT_MAX + 1] = "";
    struct client_reply reply;
    return cli_try(cli, "roster.names.get", NULL, names, &reply, where) == ERR_OK && reply.problem == NULL;
}

static const char *names_json(struct cli *cli, struct buf *text)
{
    struct names_standing names = { 0 };
    struct buf bytes = { 0 };
    if (!names_ask(cli, &names))
        return "null";
    msg_encode(&names_standing_desc, &names, &bytes);
    json_write(&names_standing_desc, buf_bytes(&bytes), false, text);
    buf_free(&bytes);
    return buf_string(text);
}

/* One object a service, so that a script needs no other tool than a JSON reader. */
static void print_status_json(struct cli *cli, const char *name, const struct look *l, bool last)
{
    struct buf bytes = { 0 }, text = { 0 }, names = { 0 };
    bool searches = l->up && strcmp(name, "roster") == 0;
    if (l->up) {
        msg_encode(&service_status_desc, &l->status, &bytes);
        json_write(&service_status_desc, buf_bytes(&bytes), false, &text);
    }
    printf("{\"service\":\"%s\",\"up\":%s,\"pid\":%d,\"endpoint\":\"%s\",\"status\":%s%s%s}%s\n", name,
           l->up ? "true" : "false", (int)process_find(cli, name), l->where, l->up ? buf_string(&text) : "null",
           searches ? ",\"names\":" : "", searches ? names_json(cli, &names) : "", last ? "" : ",");
    buf_free(&names);
    buf_free(&bytes);
    buf_free(&text);
}

/* How full the disk is, and for how long it will do at the pace since the first day that is noted (space.h). */
static void print_space(struct cli *cli, const struct statvfs *disk)
{
    struct space_row rows[SPACE_ROWS_MAX];
    uint64_t unit = disk->f_frsize, used = (disk->f_blocks - disk->f_bfree) * unit, all = used + disk->f_bavail * unit, a_day;
    day_t today = 0;
    args_day("today", &today);
    uint32_t n = space_note(cli->config.data, today, used, rows);
    uint64_t days = space_lasts(rows, n, today, used, disk->f_bavail * unit, &a_day);
    const struct catalogue_arg args[] = { { "percent", arena_format(&cli->arena, "%" PRIu64, all > 0 ? used * 100 / all : 0) },
        { "mib", arena_format(&cli->arena, "%.1f", (double)a_day / (1 << 20)) },
        { "days", arena_format(&cli->arena, "%" PRIu64, days) } };
    if (days > 0)
        printf("%s\n", cli_words(cli, "status.lasts", args, 3));
}

static void print_free(struct cli *cli)
{
    struct statvfs disk;
    if (statvfs(cli->config.data, &disk) != 0)
        return;
    const char *size = arena_format(&cli->arena, "%.1f", (double)disk.f_bavail * disk.f_frsize / (1 << 30));
    const struct catalogue_arg args[] = { { "gib", size }, { "dir", cli->config.data } };
    printf("\n%s\n", cli_words(cli, "status.free", args, 2));
    print_space(cli, &disk);
}

/* What ended by itself since up, and was started again. */
static void print_ended(struct cli *cli)
{
    for (uint32_t i = 0; i < cli->config.services.n; i++) {
        const char *name = cli->config.services.at[i].name;
        struct keeper_end end;
        if (!keeper_ended(cli, name, &end))
            continue;
        const struct catalogue_arg args[] = { { "service", name }, { "moment", end.moment },
            { "times", arena_format(&cli->arena, "%u", end.times) }, { "why", end.why } };
        printf("%s\n", cli_words(cli, "status.ended", args, 4));
    }
}

static void print_names(struct cli *cli)
{
    struct names_standing names = { 0 };
    if (!names_ask(cli, &names))
        return;
    bool building = names.phase == NAMES_BUILDING;
    const struct catalogue_arg args[] = {
        { "state", cli_word(cli, arena_format(&cli->arena, "%s.%s", names_phase_names.name, names_phase_names.names[names.phase])) },
        { "people", building ? arena_format(&cli->arena, "%" PRIu64 " / %" PRIu64, names.people, names.records)
                             : arena_format(&cli->arena, "%" PRIu64, names.people) },
        { "mib", arena_format(&cli->arena, "%.1f", (double)names.bytes / (1 << 20)) },
        { "lock", cli_word(cli, names.swappable ? "status.names_swappable" : "status.names_locked") } };
    printf("%s\n", cli_words(cli, "status.names", args, 4));
    if (names.marks > 0) {
        const struct catalogue_arg marks = { "marks", arena_format(&cli->arena, "%" PRIu64, names.marks) };
        printf("%s\n", cli_words(cli, "status.names_behind", &marks, 1));
    }
}

int verb_status(struct cli *cli, int argc, char **argv)
{
    struct text_table table;
    (void)argv;
    if (argc != 1)
        return cli_usage("status", "takes no arguments");
    int code = cli_config(cli);
    if (code != CLI_OK)
        return code;
    const struct table_column columns[] = {
        { cli_word(cli, "status.service"), SIDE_LEFT }, { cli_word(cli, "status.pid"), SIDE_RIGHT },
        { cli_word(cli, "status.state"), SIDE_LEFT },   { cli_word(cli, "status.journal"), SIDE_RIGHT },
        { cli_word(cli, "status.disk"), SIDE_RIGHT },   { cli_word(cli, "status.health"), SIDE_LEFT },
        { cli_word(cli, "status.streams"), SIDE_WRAP } };
    table_start(&table, &cli->arena, columns, sizeof columns / sizeof *columns);
    struct look *looks = ARENA_LIST(&cli->arena, struct look, cli->config.services.n);
    uint32_t n = config_here(&cli->config);
    if (cli->json)
        puts("[");
    for (uint32_t i = 0; i < n; i++) {
        const char *name = cli->config.services.at[i].name;
        struct look *l = &looks[i];
        look(cli, name, l);
        if (cli->json)
            print_status_json(cli, name, l, i + 1 == n);
        table_row(&table, (const char *[]){ name, pid_text(cli, name), state_text(cli, name, l),
            l->up ? arena_format(&cli->arena, "%" PRIu64, l->status.head) : "—", disk_text(cli, name),
            l->up ? health_text(cli, &l->status) : "—", l->up ? streams_text(cli, &l->status) : "—" });
    }
    if (cli->json)
        puts("]");
    else
        table_print(&table, stdout, cli_width());
    if (!cli->json) {
        print_free(cli);
        print_names(cli);
        print_ended(cli);
        for (uint32_t i = 0; i < n; i++)
            if (looks[i].up)
                node_held_say(cli, cli->config.services.at[i].name);
        intake_say(cli);
    }
    for (uint32_t i = 0; i < n; i++)
        if (!looks[i].up)
            code = cli_say(CLI_DOWN, "%s is down: expected at %s", cli->config.services.at[i].name, looks[i].where);
    return code;
}

/* ── settle ───────────────────────────────────────────────────────────────── */
static const struct service_status *status_of(struct cli *cli, const struct look *looks, const char *name)
{
    for (uint32_t i = 0; i < cli->config.services.n; i++)
        if (strcmp(cli->config.services.at[i].name, name) == 0)
            return looks[i].up ? &looks[i].status : NULL;
    return NULL;
}

/* Whether every follower stands at the head of its source, and nothing has moved since the look before:
 * a reaction downstream would have moved a head. */
static bool settled(struct cli *cli, const struct look *looks, uint64_t *heads)
{
    uint64_t sum = 0;
    bool level = true;
    for (uint32_t i = 0; i < cli->config.services.n; i++) {
        sum += looks[i].status.head;
        for (uint32_t k = 0; k < looks[i].status.streams.n; k++) {
            const struct stream_status *st = &looks[i].status.streams.at[k];
            const struct service_status *source = status_of(cli, looks, st->stream);
            level = level && source != NULL && st->number >= source->head;
        }
    }
    bool same = sum == *heads;
    *heads = sum;
    return level && same;
}

int verb_settle(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "wait", required_argument, NULL, 'w' }, { 0 } };
    uint32_t wait_ms = 120000;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        if (c != 'w')
            return CLI_USAGE;
        else if (!cli_seconds(optarg, &wait_ms))
            return cli_usage("settle", "--wait %s: not a number of seconds", optarg);
    int code = cli_config(cli);
    if (code != CLI_OK || optind != argc)
        return code != CLI_OK ? code : cli_usage("settle", "takes no arguments");
    struct look *looks = ARENA_LIST(&cli->arena, struct look, cli->config.services.n);
    uint64_t heads = UINT64_MAX;
    moment_t until = CLOCK_SYSTEM.boot(CLOCK_SYSTEM.self) + (moment_t)wait_ms * MOMENT_MS;
    do {
        for (uint32_t i = 0; i < cli->config.services.n; i++) {
            const char *name = cli->config.services.at[i].name;
            look(cli, name, &looks[i]);
            if (!looks[i].up)
                return cli_say(CLI_DOWN, "%s is down: expected at %s", name, looks[i].where);
            if (stopped(&looks[i].status))
                return cli_say(CLI_FAILED, "%s has stopped following, see rsnms status", name);
        }
        if (settled(cli, looks, &heads))
            return CLI_OK;
        usleep(150 * 1000);
    } while (CLOCK_SYSTEM.boot(CLOCK_SYSTEM.self) < until);
    return cli_say(CLI_FAILED, "the services have not settled within %.0f s, see rsnms status", wait_ms / 1000.0);
}

/* node status, refused, enter at the node; node list, accept at the region. */
#include "cli/node/node.h"

#include <getopt.h>
#include <inttypes.h>
#include <time.h>

#include "cli/refer/args.h"
#include "cli/describe.h"
#include "cli/show/export.h"
#include "cli/show/table.h"
#include "common/codec/text_forms.h"
#include "common/core/err.h"
#include "common/service/chain.h"
#include "services/node/take.h"

#define MONEY_GAP "\xc2\xa0"            /* no-break space between thousands */

/* 1 204 */
static const char *grouped(struct cli *cli, uint64_t value)
{
    char digits[24];
    const char *text = "";
    int n = snprintf(digits, sizeof digits, "%" PRIu64, value);

    for (int i = 0; i < n; i++)
        text = arena_format(&cli->arena, "%s%s%c", text, i > 0 && (n - i) % 3 == 0 ? MONEY_GAP : "", digits[i]);
    return text;
}

static const char *when(struct cli *cli, moment_t moment)
{
    char text[40];
    time_t seconds = (time_t)(moment / MOMENT_SECOND);
    struct tm local;

    if (moment == 0 || localtime_r(&seconds, &local) == NULL)
        return "—";
    strftime(text, sizeof text, "%d.%m.%Y %H:%M", &local);
    return arena_string(&cli->arena, text, strlen(text));
}

/* ── status ───────────────────────────────────────────────────────────────── */

static void say_copy(struct cli *cli, const struct node_status *status)
{
    const struct catalogue_arg args[] = { { "since", when(cli, status->since) },
                                          { "service", status->told_by != NULL ? status->told_by : "" },
                                          { "count", grouped(cli, status->waiting) } };
    if (status->copy != NODE_COPY_LIVE)
        printf("%s\n", cli_words(cli, arena_format(&cli->arena, "node.copy.%s", node_copy_state_names.names[status->copy]), args, 3));
}

static void say_links(struct cli *cli, const struct node_status *status)
{
    for (uint32_t i = 0; i < status->links.n; i++) {
        const struct node_link *link = &status->links.at[i];
        const char *reason = link->reason != NULL && link->reason[0] != '\0'
                           ? cli_word(cli, arena_format(&cli->arena, "reason.%s", link->reason)) : "";
        const struct catalogue_arg args[] = { { "since", when(cli, link->since) }, { "heard", when(cli, link->heard) } };
        printf("  %-12s %s%s%s%s\n", link->service,
               cli_words(cli, arena_format(&cli->arena, "node.link.%s", node_link_state_names.names[link->state]), args, 2),
               reason[0] != '\0' ? ": " : "", reason,
               link->waiting > 0 ? arena_format(&cli->arena, " (%s)", grouped(cli, link->waiting)) : "");
    }
}

int verb_node_status(struct cli *cli, int argc, char **argv)
{
    struct node_status status;
    (void)argv;
    if (argc != 1)
        return cli_usage("node status", "takes no arguments");
    int code = cli_config(cli);
    if (code != CLI_OK || (code = cli_ask(cli, "node.status.get", NULL, &status)) != CLI_OK)
        return code;
    if (cli->json) {
        cli_print_json(&node_status_desc, &status);
        return CLI_OK;
    }
    const struct catalogue_arg args[] = {
        { "waiting", grouped(cli, status.waiting) }, { "sent", grouped(cli, status.sent) },
        { "accepted", grouped(cli, status.accepted) }, { "refused", grouped(cli, status.refused) },
        { "conflicts", grouped(cli, status.conflicts) }, { "used", grouped(cli, status.used_bytes >> 20) },
        { "cap", grouped(cli, status.cap_bytes >> 20) } };
    printf("%s\n", cli_words(cli, "node.status", args, 7));
    if (status.conflicts > 0)
        printf("%s\n", cli_words(cli, "node.conflicts", args, 7));
    if (status.cap_bytes > 0 && status.used_bytes >= status.cap_bytes)
        printf("%s\n", cli_words(cli, "node.full", args, 7));
    say_copy(cli, &status);
    say_links(cli, &status);
    return CLI_OK;
}

/* ── refused ──────────────────────────────────────────────────────────────── */

static const struct export_column ITEM_COLUMNS[] = {
    { "answered", "column.answered", EXPORT_TEXT, NULL, false }, { "source", "column.list",   EXPORT_TEXT, NULL, false },
    { "method",   "column.method",   EXPORT_TEXT, NULL, false }, { "why",    "column.reason", EXPORT_LONG, NULL, false },
    { "remedy",   "column.remedy",   EXPORT_LONG, NULL, false }, { "changed", "column.changed", EXPORT_FLAG, NULL, false },
};

/* On the terminal a line, into a file a row. */
static void say_item(struct cli *cli, struct export *out, const struct node_item *item)
{
    struct problem problem = { .reason = "" };
    struct msg_error error;
    const char *why = "";

    if (item->problem.n > 0 && msg_decode(&problem_desc, item->problem, MSG_LENIENT, &cli->arena, &problem, &error) == ERR_OK)
        why = catalogue_problem(cli_catalogue(cli), &cli->arena, &problem);
    const char *todo = arena_format(&cli->arena, "do.%s", problem.reason);
    if (out->csv != NULL || out->xlsx != NULL) {
        export_row(out, (const char *const[]){ when(cli, item->answered), item->source, item->method, why,
                   catalogue_has(cli_catalogue(cli), todo) ? cli_word(cli, todo) : "", item->conflict ? "yes" : "" });
        return;
    }
    printf("%s  %s  %s: %s%s%s%s\n", when(cli, item->answered), item->source != NULL ? item->source : "—", item->method, why,
           catalogue_has(cli_catalogue(cli), todo) ? "; " : "",
           catalogue_has(cli_catalogue(cli), todo) ? cli_word(cli, todo) : "",
           item->conflict ? arena_format(&cli->arena, " [%s]", cli_word(cli, "node.changed")) : "");
}

int verb_node_refused(struct cli *cli, int argc, char **argv)
{
    struct node_items_of of = { .limit = 200 };
    bool conflicts = false, waiting = false;
    struct export out = { 0 };
    int code = args_read("node refused", &argc, argv, ARGS({ "conflicts", ARG_FLAG, &conflicts, false }, { "waiting", ARG_FLAG, &waiting, false },
                         EXPORT_ARGS(&out)), "", 0, 0);
    bool filed = out.csv != NULL || out.xlsx != NULL;

    if (code == CLI_OK && conflicts && waiting)
        return cli_usage("node refused", "one of --conflicts and --waiting");
    if (code != CLI_OK || (code = cli_config(cli)) != CLI_OK)
        return code;
    of.list = conflicts ? NODE_LIST_CONFLICTS : waiting ? NODE_LIST_WAITING : NODE_LIST_REFUSED;
    export_start(&out, cli, ITEM_COLUMNS, sizeof ITEM_COLUMNS / sizeof *ITEM_COLUMNS);
    do {
        struct node_items items;
        if ((code = cli_ask(cli, "node.item.list", &of, &items)) != CLI_OK)
            return code;
        if (cli->json && !filed)
            cli_print_json(&node_items_desc, &items);
        for (uint32_t i = 0; i < items.rows.n && (filed || !cli->json); i++)
            say_item(cli, &out, &items.rows.at[i]);
        of.after = items.next;
    } while (of.after != 0);
    return filed ? export_end(&out) : CLI_OK;
}

/* ── enter ────────────────────────────────────────────────────────────────── */

static int say_fault(struct cli *cli, const char *method, const struct staff_fault *fault)
{
    bool by_rule = strcmp(fault->reason, "message") == 0;
    struct catalogue_arg args[STAFF_ARGS_MAX];

    for (uint32_t i = 0; i < fault->n; i++)
        args[i] = (struct catalogue_arg){ fault->arg[i].name, fault->arg[i].value };
    return cli_say(CLI_FAILED, "%s: %s: %s", method, fault->path,
                   by_rule ? catalogue_rule(cli_catalogue(cli), &cli->arena, fault->rule, 0)
                           : cli_words(cli, arena_format(&cli->arena, "reason.%s", fault->reason), args, fault->n));
}

static int taking_ready(struct cli *cli, struct taking *taking)
{
    const void *config;
    struct intake_key key;
    char says[400] = "";
    int zone = 0, err = cli->config.profile == NULL ? ERR_NOTFOUND
                      : node_configure(cli->config.profile, &cli->arena, &config, &zone, says);

    if (err != ERR_OK)
        return cli_say(CLI_FAILED, "%s", says[0] != '\0' ? says : err_text(err));
    day_t today = day_of_moment(CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self), zone);
    if ((err = taking_open(taking, cli->config.keys, config, &cli->arena, today)) != ERR_OK)
        return cli_say(CLI_FAILED, "%s/" TAKE_KEY_FILE ": %s", cli->config.keys, err_text(err));
    int code = cli_ask(cli, "node.intake.get", NULL, &key);     /* it may have been turned since the node was made */
    if (code == CLI_OK)
        memcpy(taking->intake, key.key.at, sizeof taking->intake);
    return code;
}

static int message_read(struct cli *cli, int method, const char *json, void *message)
{
    const struct msg_desc *desc = NODE_METHOD[method].takes;
    struct places places = { .arena = &cli->arena };
    struct text_error wrong = { 0 };
    struct msg_error error;
    struct buf body = { 0 };
    int code = CLI_OK;

    if (json_read(desc, bytes_of(json), &body, &places, &wrong) != ERR_OK)
        code = cli_say(CLI_USAGE, "not JSON: %u:%u: %s", wrong.line, wrong.column, wrong.text);
    else if (msg_decode(desc, buf_bytes(&body), MSG_STRICT, &cli->arena, message, &error) != ERR_OK)
        code = cli_say(CLI_USAGE, "%s: %s", error.path, catalogue_rule(cli_catalogue(cli), &cli->arena, error.rule, error.limit));
    buf_free(&body);
    return code;
}

int verb_node_enter(struct cli *cli, int argc, char **argv)
{
    struct taking taking;
    struct node_enter enter;
    struct node_entered entered;
    struct staff_fault fault;
    char id[UUID_TEXT + 1];
    int code;

    if (argc != 3)
        return cli_usage("node enter", "METHOD and its message as JSON are needed");
    int method = node_method_find(argv[1]);
    if (method < 0)
        return cli_usage("node enter", "a node does not take %s", argv[1]);
    if ((code = cli_config(cli)) != CLI_OK || (code = taking_ready(cli, &taking)) != CLI_OK)
        return code;
    void *message = arena_alloc(&cli->arena, NODE_METHOD[method].takes->size);
    if ((code = message_read(cli, method, argv[2], message)) == CLI_OK &&
        !take_message(&taking, method, message, NULL, NULL, &enter, &fault))
        code = say_fault(cli, argv[1], &fault);
    taking_wipe(&taking);
    if (code != CLI_OK || (code = cli_ask(cli, "node.item.enter", &enter, &entered)) != CLI_OK)
        return code;
    uuid_format(&entered.item, id);
    printf("%s%s\n", id, entered.known ? arena_format(&cli->arena, " (%s)", cli_word(cli, "node.known")) : "");
    return CLI_OK;
}

/* ── at the region ────────────────────────────────────────────────────────── */

static const char *name_of(struct cli *cli, struct principals *principals, const struct uuid *id)
{
    const struct principal_key *row = principals != NULL ? principals_by_id(principals, id) : NULL;
    char text[UUID_TEXT + 1];

    if (row != NULL)
        return arena_string(&cli->arena, row->name, strlen(row->name));
    uuid_format(id, text);
    return arena_string(&cli->arena, text, strlen(text));
}

static const char *held_text(struct cli *cli, const struct sender *row)
{
    const char *text = row->count == 0 ? "" : arena_format(&cli->arena, "%s, %s – %s:", grouped(cli, row->count), when(cli, row->from),
                                                           when(cli, row->until));
    for (uint32_t i = 0; i < row->list.n; i++)
        text = arena_format(&cli->arena, "%s %s %s", text, row->list.at[i].method, grouped(cli, row->list.at[i].count));
    return text;
}

typedef int sender_each(struct cli *cli, const char *service, const struct sender *row, void *arg);

static int senders_each(struct cli *cli, const char *service, sender_each *each, void *arg)
{
    struct sender_list of = { 0 };
    struct sender_rows rows;
    const char *method = arena_format(&cli->arena, "%s.sender.list", service);
    int code;

    do {
        if ((code = cli_ask(cli, method, &of, &rows)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < rows.list.n && code == CLI_OK; i++)
            code = each(cli, service, &rows.list.at[i], arg);
        if (rows.list.n > 0) {
            of.after_principal = rows.list.at[rows.list.n - 1].principal;
            of.after_lane = rows.list.at[rows.list.n - 1].lane;
        }
    } while (code == CLI_OK && rows.more && rows.list.n > 0);
    return code;
}

struct listing { struct export out; struct principals *principals; };

static int list_row(struct cli *cli, const char *service, const struct sender *row, void *arg)
{
    struct listing *listing = arg;
    char lane[UUID_TEXT + 1];

    uuid_format(&row->lane, lane);
    export_row(&listing->out, (const char *const[]){ name_of(cli, listing->principals, &row->principal), service,
              sender_state_names.names[row->state], lane,
              when(cli, row->moved), row->refused != 0 ? when(cli, row->refused) : "", held_text(cli, row) });
    return CLI_OK;
}

int verb_node_list(struct cli *cli, int argc, char **argv)
{
    static const struct export_column columns[] = {
        { "node",    "column.node",      EXPORT_TEXT, NULL,     false }, { "service", "status.service", EXPORT_TEXT, NULL, false },
        { "state",   "column.stage",     EXPORT_TEXT, "sender", false }, { "lane",    "column.lane",    EXPORT_TEXT, NULL, false },
        { "moved",   "column.moved",     EXPORT_TEXT, NULL,     false }, { "refused", "column.refused_at", EXPORT_TEXT, NULL, false },
        { "holds",   "column.holds",     EXPORT_LONG, NULL,     false } };
    struct listing listing = { 0 };
    char says[400] = "";
    int code = args_read("node list", &argc, argv, ARGS(EXPORT_ARGS(&listing.out)), "", 0, 0);

    if (code != CLI_OK || (code = cli_config(cli)) != CLI_OK)
        return code;
    principals_load(&listing.principals, cli->config.keys, &role_names, says);
    export_start(&listing.out, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < NODE_REGION_SERVICES && code == CLI_OK; i++)
        code = senders_each(cli, NODE_REGION[i], list_row, &listing);
    if (code == CLI_OK)
        code = export_end(&listing.out);
    principals_free(&listing.principals);
    return code;
}

/* For status. Silent where nobody may be asked: status itself says who is down. */
void node_held_say(struct cli *cli, const char *service)
{
    const struct sender_list of = { 0 };
    struct principals *principals = NULL;
    struct sender_rows rows = { 0 };
    struct client_reply reply;
    char says[400] = "";
    bool region = false;

    for (size_t i = 0; i < NODE_REGION_SERVICES; i++)
        region |= strcmp(NODE_REGION[i], service) == 0;
    if (!region || cli_try(cli, arena_format(&cli->arena, "%s.sender.list", service), &of, &rows, &reply, NULL) != ERR_OK || reply.problem != NULL)
        return;
    principals_load(&principals, cli->config.keys, &role_names, says);
    for (uint32_t i = 0; i < rows.list.n; i++) {
        const struct sender *row = &rows.list.at[i];
        const struct catalogue_arg args[] = { { "node", name_of(cli, principals, &row->principal) }, { "service", service },
            { "refused", when(cli, row->refused) }, { "count", grouped(cli, row->count) } };
        if (row->state == SENDER_HELD)
            printf("%s\n", cli_words(cli, "status.node_held", args, 4));
    }
    principals_free(&principals);
}

struct accepting { struct uuid principal; int how; uint32_t done, held; };

static int accept_row(struct cli *cli, const char *service, const struct sender *row, void *arg)
{
    struct accepting *accepting = arg;
    const struct sender_accept accept = { .principal = row->principal, .lane = row->lane, .how = accepting->how };

    if (row->state != SENDER_HELD || !uuid_equal(&row->principal, &accepting->principal))
        return CLI_OK;
    accepting->held++;
    int code = cli_ask(cli, arena_format(&cli->arena, "%s.sender.accept", service), &accept, NULL);
    if (code == CLI_OK) {
        accepting->done++;
        printf("%s: %s\n", service, row->count > 0 ? held_text(cli, row) : "—");
    }
    return code;
}

int verb_node_accept(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "replace", no_argument, NULL, 'r' }, { 0 } };
    struct accepting accepting = { .how = SENDER_TAKE };
    struct principals *principals = NULL;
    char says[400] = "";
    int code;

    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        if (c == 'r')
            accepting.how = SENDER_REPLACE;
        else
            return CLI_USAGE;
    if (optind + 1 != argc)
        return cli_usage("node accept", "one NAME is needed");
    if ((code = cli_config(cli)) != CLI_OK)
        return code;
    if (principals_load(&principals, cli->config.keys, &role_names, says) != ERR_OK)
        return cli_say(CLI_FAILED, "%s", says);
    const struct principal_key *row = principals_by_name(principals, argv[optind]);
    if (row != NULL)
        accepting.principal = row->id;
    principals_free(&principals);
    if (row == NULL)
        return cli_say(CLI_FAILED, "no live key named %s in %s", argv[optind], cli->config.keys);
    for (size_t i = 0; i < NODE_REGION_SERVICES && code == CLI_OK; i++)
        code = senders_each(cli, NODE_REGION[i], accept_row, &accepting);
    if (code == CLI_OK && accepting.held == 0)
        return cli_say(CLI_FAILED, "no copy of %s is held back", argv[optind]);
    return code;
}

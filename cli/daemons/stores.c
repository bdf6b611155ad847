/* verify, rebuild, backup, restore: a service's store. Three of them want the daemon down: one process
 * opens an environment, once. */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <sys/stat.h>
#include "cli/describe.h"
#include "cli/daemons/process.h"
#include "common/core/err.h"
#include "common/core/random.h"
#include "common/service/machine.h"
#include "common/service/system_methods.h"

static const struct service *the_service(const char *name)
{
    const struct service *service = describe_service(name);
    if (service == NULL)
        cli_say(CLI_USAGE, "no such service: %s", name);
    return service;
}

static int open_at(struct cli *cli, const struct service *service, const char *dir, struct machine **machine)
{
    const struct config_service *settings = config_find(&cli->config, service->name);
    char says[400] = "";
    struct stat there;
    struct machine_options options = {
        .dir = dir, .profile = cli->config.profile, .clock = CLOCK_SYSTEM, .random = RANDOM_SYSTEM,
        .master_key_file = settings != NULL ? settings->vault_key : NULL, .says = says,
    };
    if (stat(arena_format(&cli->arena, "%s/data.mdb", dir), &there) != 0)
        return cli_say(CLI_FAILED, "%s: no store there: %s", dir, strerror(errno));
    int err = machine_open(machine, service, &options);
    if (err == ERR_BUSY)
        return cli_say(CLI_DOWN, "%s: in use by another process: stop it first, rsnms down %s", dir, service->name);
    return err == ERR_OK ? CLI_OK : cli_say(CLI_FAILED, "%s: %s", dir, *says != '\0' ? says : err_text(err));
}

/* Without the machine: nothing is written, and neither settings nor the vault's key are needed. */
static int check_chain(struct cli *cli, const struct service *service, const char *dir)
{
    const struct store_options options = { .dir = dir, .tables = service->tables, .table_count = service->table_count };
    struct store *store = NULL;
    struct stat there;
    uint64_t checked = 0, bad = 0;
    const char *why = NULL;
    if (stat(arena_format(&cli->arena, "%s/data.mdb", dir), &there) != 0)
        return cli_say(CLI_FAILED, "%s: no store there: %s", dir, strerror(errno));
    int err = store_open(&store, &options);
    if (err == ERR_BUSY)
        return cli_say(CLI_DOWN, "%s: in use by another process: stop it first, rsnms down %s", dir, service->name);
    if (err != ERR_OK)
        return cli_say(CLI_FAILED, "%s: %s", dir, err_text(err));
    err = journal_verify(store, &checked, &bad, &why);
    store_close(&store);
    if (err != ERR_OK)
        return cli_say(CLI_FAILED, "%s: entry %" PRIu64 " of %s: %s; %" PRIu64 " before it are good", service->name, bad,
                       dir, why != NULL && *why != '\0' ? why : err_text(err), checked);
    printf("%s: %" PRIu64 " entries, the chain is whole (%s)\n", service->name, checked, dir);
    return CLI_OK;
}

int verb_verify(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "store", required_argument, NULL, 's' }, { 0 } };
    const char *dir = NULL;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        if (c != 's')
            return CLI_USAGE;
        else
            dir = optarg;
    if (optind + 1 != argc)
        return cli_usage("verify", "one SERVICE is needed");
    const struct service *service = the_service(argv[optind]);
    int code = service == NULL ? CLI_USAGE : cli_config(cli);
    if (code == CLI_OK && dir == NULL)
        code = process_must_rest(cli, service->name);
    if (code != CLI_OK)
        return code;
    return check_chain(cli, service, dir != NULL ? dir : process_store(cli, service->name));
}

int verb_rebuild(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "replace", no_argument, NULL, 'r' }, { 0 } };
    bool replace = false, same = false;
    struct machine *machine = NULL;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        if (c != 'r')
            return CLI_USAGE;
        else
            replace = true;
    if (optind + 1 != argc)
        return cli_usage("rebuild", "one SERVICE is needed");
    const struct service *service = the_service(argv[optind]);
    int code = service == NULL ? CLI_USAGE : cli_config(cli);
    if (code == CLI_OK)
        code = process_must_rest(cli, service->name);
    if (code == CLI_OK)
        code = open_at(cli, service, process_store(cli, service->name), &machine);
    if (code != CLI_OK)
        return code;
    int err = machine_rebuild(machine, replace, &same);
    if (err == ERR_OK && replace)
        err = machine_refollow(machine);
    uint64_t head = machine_head(machine);
    machine_close(&machine);
    if (err != ERR_OK)
        return cli_say(CLI_FAILED, "%s: %s", service->name, err_text(err));
    if (replace && service->projection_count > 0)
        printf("%s: what it copies from other journals will be followed again\n", service->name);
    if (!same)
        return cli_say(replace ? CLI_OK : CLI_FAILED, "%s: the state differs from what its %" PRIu64 " entries give%s",
                       service->name, head, replace ? "; it was made again" : "; --replace makes it again");
    printf("%s: the state is what its %" PRIu64 " entries give%s\n", service->name, head,
           replace ? "; it was made again" : "");
    return CLI_OK;
}

static int backup(struct cli *cli, const struct service *service, const struct store_backup_ask *ask, bool check)
{
    struct store_backup_done done;
    int code = cli_ask(cli, arena_format(&cli->arena, "%s.store.backup", service->name), ask, &done);
    if (code != CLI_OK)
        return code;
    printf("%s: entries up to %" PRIu64 " at least, in %s\n", service->name, done.head, done.dir);
    return check ? check_chain(cli, service, done.dir) : CLI_OK;
}

/* Before an upgrade, or every night. One that fails is said, the others are made all the same. */
static int backup_all(struct cli *cli, const struct store_backup_ask *ask)
{
    int code = cli_config(cli), worst = code;
    for (uint32_t i = 0; code == CLI_OK && i < config_here(&cli->config); i++) {
        int one = backup(cli, describe_service(cli->config.services.at[i].name), ask, true);
        worst = one > worst ? one : worst;
    }
    return worst;
}

int verb_backup(struct cli *cli, int argc, char **argv)
{
    if (argc != 3)
        return cli_usage("backup", "SERVICE and NAME are needed");
    bool all = strcmp(argv[1], "all") == 0;
    const struct service *service = all ? NULL : the_service(argv[1]);
    if (!all && service == NULL)
        return CLI_USAGE;
    const struct store_backup_ask ask = { .dir = argv[2] };
    struct msg_error error;
    if (msg_check(&store_backup_ask_desc, &ask, &error) != ERR_OK)
        return cli_usage("backup", "NAME %s: %s", argv[2], error.rule);
    if (cli->timeout_ms == CLIENT_DEADLINE_MS)
        cli->timeout_ms = 600000;               /* copying a large store takes its time */
    return all ? backup_all(cli, &ask) : backup(cli, service, &ask, false);
}

/* ── restore ──────────────────────────────────────────────────────────────── */
/* A daemon that something else has started (systemd) has no pid file of ours, but holds the store's lock. */
static int must_be_free(struct cli *cli, const struct service *service, const char *dir)
{
    const struct store_options options = { .dir = dir, .tables = service->tables, .table_count = service->table_count };
    struct store *store = NULL;
    struct stat there;
    if (stat(arena_format(&cli->arena, "%s/data.mdb", dir), &there) != 0)
        return CLI_OK;
    int err = store_open(&store, &options);
    store_close(&store);                        /* any other fault is what a restore is for */
    if (err == ERR_BUSY)
        return cli_say(CLI_DOWN, "%s: in use by another process: stop %s first", dir, service->name);
    return CLI_OK;
}

/* What was there is kept beside it: a restore of the wrong copy can be taken back. */
static int set_aside(struct cli *cli, const char *store, const char **aside)
{
    struct stat there;
    if (stat(store, &there) != 0)
        return CLI_OK;
    for (unsigned i = 1; i < 1000; i++) {
        *aside = arena_format(&cli->arena, "%s.before-restore.%u", store, i);
        if (stat(*aside, &there) == 0)
            continue;
        return rename(store, *aside) == 0 ? CLI_OK : cli_say(CLI_FAILED, "%s: %s", *aside, strerror(errno));
    }
    return cli_say(CLI_FAILED, "%s: a thousand stores set aside already", store);
}

/* The backup as the daemon makes it lies one folder deeper. */
static const char *backup_of(struct cli *cli, const char *dir, const char *service)
{
    struct stat there;
    if (stat(arena_format(&cli->arena, "%s/data.mdb", dir), &there) == 0)
        return dir;
    const char *deeper = arena_format(&cli->arena, "%s/%s", dir, service);
    if (stat(arena_format(&cli->arena, "%s/data.mdb", deeper), &there) == 0)
        return deeper;
    cli_say(CLI_FAILED, "%s: no backup of %s there: %s", dir, service, strerror(errno));
    return NULL;
}

static int put_back(struct cli *cli, const char *store, const char *aside)
{
    const char *failed = arena_format(&cli->arena, "%s.failed-restore", store);
    if (aside == NULL)
        return CLI_FAILED;
    rename(store, failed);                      /* may not be there at all */
    if (rename(aside, store) != 0)
        return cli_say(CLI_FAILED, "what was there is in %s: %s", aside, strerror(errno));
    return cli_say(CLI_FAILED, "what was there has been put back");
}

int verb_restore(struct cli *cli, int argc, char **argv)
{
    char says[400] = "";
    const char *aside = NULL;
    if (argc != 3)
        return cli_usage("restore", "SERVICE and DIR of a backup are needed");
    const struct service *service = the_service(argv[1]);
    int code = service == NULL ? CLI_USAGE : cli_config(cli);
    if (code == CLI_OK)
        code = process_must_rest(cli, service->name);
    if (code != CLI_OK)
        return code;
    const char *backup = backup_of(cli, argv[2], service->name);
    if (backup == NULL)
        return CLI_FAILED;
    const char *store = process_store(cli, service->name);
    if ((code = must_be_free(cli, service, store)) != CLI_OK || (code = set_aside(cli, store, &aside)) != CLI_OK)
        return code;
    if (machine_restore(service, backup, store, says) != ERR_OK) {
        cli_say(CLI_FAILED, "%s: %s", service->name, says);
        return put_back(cli, store, aside);
    }
    printf("%s: restored from %s%s%s\nthe journal has a new incarnation: followers with projections follow again by "
           "themselves, those with reactions wait for %s\n", service->name, backup,
           aside != NULL ? ", what was there is now " : "", aside != NULL ? aside : "",
           "rsnms call FOLLOWER.stream.accept_fork '{\"stream\":\"…\"}'");
    return CLI_OK;
}

/* vault status, rotate, backup, restore: the keys of persons, apart from the store that they belong to. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli/describe.h"
#include "cli/daemons/process.h"
#include "common/core/err.h"
#include "common/core/hash.h"
#include "common/core/random.h"
#include "common/service/machine.h"
#include "common/core/files.h"
#include "common/service/vault.h"
#include "common/service/vault_copies.h"

#define SERVICE   "roster"                  /* the one that keeps personal data */
#define ROWS_MAX  4000000
#define LINE_MAX_ 1100                      /* the longest row in hexadecimal, and a blank */

static int only_verb(struct cli *cli, const char *verb, int argc)
{
    return argc == 1 ? cli_config(cli) : cli_usage(verb, "takes no arguments");
}

int verb_vault_status(struct cli *cli, int argc, char **argv)
{
    struct vault_standing vault;
    char moment[MOMENT_TEXT + 1] = "-";
    (void)argv;
    int code = only_verb(cli, "vault status", argc);
    if (code != CLI_OK || (code = cli_ask(cli, SERVICE ".vault.get", NULL, &vault)) != CLI_OK)
        return code;
    if (cli->json) {
        cli_print_json(&vault_standing_desc, &vault);
        return CLI_OK;
    }
    if (vault.turned != 0)
        moment_format(vault.turned, moment);
    printf("keys of persons        %" PRIu64 "\nerased                 %" PRIu64 "\nkey-encryption key     %s\n"
           "turned                 %" PRIu64 " times, last %s\n", vault.keys, vault.erased,
           vault.turning ? "is being turned" : vault.covered < vault.asked ? "is to be turned" : "in order", vault.turns, moment);
    return CLI_OK;
}

/* ── rotate ───────────────────────────────────────────────────────────────── */

int vault_wait(struct cli *cli, bool *done)
{
    struct vault_standing vault;
    moment_t until = CLOCK_SYSTEM.boot(CLOCK_SYSTEM.self) + (moment_t)cli->timeout_ms * MOMENT_MS;
    int code = CLI_OK;
    *done = false;
    while (code == CLI_OK && !*done) {
        if ((code = cli_ask(cli, SERVICE ".vault.get", NULL, &vault)) == CLI_OK)
            *done = !vault.turning && vault.covered == vault.asked;
        if (!*done && CLOCK_SYSTEM.boot(CLOCK_SYSTEM.self) >= until)
            break;
        if (!*done)
            usleep(50000);
    }
    return code;
}

int verb_vault_rotate(struct cli *cli, int argc, char **argv)
{
    bool done = false;
    (void)argv;
    int code = only_verb(cli, "vault rotate", argc);
    if (code == CLI_OK && (code = cli_ask(cli, SERVICE ".vault.rotate", NULL, NULL)) == CLI_OK)
        code = vault_wait(cli, &done);
    if (code != CLI_OK)
        return code;
    puts(done ? "the key-encryption key was turned: copy the new file apart, destroy copies of the old one,\n"
                "and make a new backup of the vault: those from before open no more"
              : "the key-encryption key is being turned: rsnms vault status");
    return CLI_OK;
}

/* ── backup ───────────────────────────────────────────────────────────────── */

struct rows { struct vault_row *list; uint32_t n, room; uint64_t turns; };

static void rows_add(struct cli *cli, struct rows *rows, struct bytes key, struct bytes value)
{
    if (rows->n == rows->room) {
        uint32_t room = rows->room == 0 ? 1024 : rows->room * 2;
        struct vault_row *more = ARENA_LIST(&cli->arena, struct vault_row, room);
        if (rows->n > 0)
            memcpy(more, rows->list, rows->n * sizeof *more);
        rows->list = more;
        rows->room = room;
    }
    rows->list[rows->n++] = (struct vault_row){ arena_bytes(&cli->arena, key), arena_bytes(&cli->arena, value) };
}

/* All pages under one key-encryption key; where it was turned between two, they are asked for anew. */
static int rows_ask(struct cli *cli, struct rows *rows)
{
    struct vault_export ask = { .limit = VAULT_PAGE };
    for (struct vault_rows page = { 0 }; rows->n < ROWS_MAX; ask.after = page.next) {
        int code = cli_ask(cli, SERVICE ".vault.export", &ask, &page);
        if (code != CLI_OK)
            return code;
        if (ask.after.n > 0 && page.turns != rows->turns) {
            rows->n = 0;
            page.next = bytes(NULL, 0);     /* from the first one on */
            continue;
        }
        rows->turns = page.turns;
        for (uint32_t i = 0; i < page.rows.n; i++)
            rows_add(cli, rows, page.rows.at[i].key, page.rows.at[i].value);
        if (page.next.n == 0)
            return CLI_OK;
    }
    return cli_say(CLI_FAILED, "more than %u keys", ROWS_MAX);
}

static void put_hex(struct buf *out, struct bytes from)
{
    for (size_t i = 0; i < from.n; i++)
        buf_format(out, "%02x", ((const uint8_t *)from.at)[i]);
}

/* A line for each row, the number of them first, their hash last: a file that was cut is noticed. */
static void rows_write(const struct rows *rows, struct buf *out)
{
    char text[HASH_TEXT + 1];
    vault_head_write(out, SERVICE, rows->n, CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self));
    for (uint32_t i = 0; i < rows->n; i++) {
        put_hex(out, rows->list[i].key);
        buf_text(out, " ");
        put_hex(out, rows->list[i].value);
        buf_text(out, "\n");
    }
    struct hash hash = hash_two(buf_bytes(out), bytes("", 0));
    hash_format(&hash, text);
    buf_format(out, "end %s\n", text);
}

static int file_new(const char *path, struct bytes text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const char *at = text.at;
    ssize_t n = 0;
    if (fd == -1)
        return cli_say(CLI_FAILED, "%s: %s", path, strerror(errno));
    for (size_t done = 0; done < text.n && n >= 0; done += (size_t)(n > 0 ? n : 0))
        n = write(fd, at + done, text.n - done);
    bool good = n >= 0 && fsync(fd) == 0;
    good = close(fd) == 0 && good;
    if (!good)
        unlink(path);
    return good ? CLI_OK : cli_say(CLI_FAILED, "%s: %s", path, strerror(errno));
}

/* In the service's own folder, where it goes by itself when its term is over. */
static int copy_path(struct cli *cli, const char **path)
{
    const struct config_service *settings = config_find(&cli->config, SERVICE);
    char made[MOMENT_TEXT + 1];

    if (settings == NULL)
        return cli_say(CLI_FAILED, "%s: no service " SERVICE " in it", cli_config_file(cli));
    const char *dir = arena_format(&cli->arena, "%s/" VAULT_COPIES, settings->files);
    int err = dir_make(dir, 0700);
    if (err != ERR_OK)
        return cli_say(CLI_FAILED, "%s: %s", dir, err_text(err));
    moment_format(CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self), made);
    *path = arena_format(&cli->arena, "%s/%s" VAULT_COPY_END, dir, made);
    return CLI_OK;
}

int verb_vault_backup(struct cli *cli, int argc, char **argv)
{
    struct rows rows = { 0 };
    struct buf out = { 0 };
    const char *path = argc == 2 ? argv[1] : NULL;
    if (argc > 2)
        return cli_usage("vault backup", "one FILE, or none");
    int code = cli_config(cli);
    if (code != CLI_OK || (code = rows_ask(cli, &rows)) != CLI_OK)
        return code;
    if (path == NULL && (code = copy_path(cli, &path)) != CLI_OK)
        return code;
    rows_write(&rows, &out);
    if ((code = file_new(path, buf_bytes(&out))) == CLI_OK)
        printf(argc == 2 ? "%s: %u rows\nkeep it apart from backups of the store and from the master key, and not longer than 30 days\n"
                         : "%s: %u rows\nthe daemon removes it when its term is over\n", path, rows.n);
    buf_free(&out);
    return code;
}

/* ── restore ──────────────────────────────────────────────────────────────── */

static int digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

/* Up to the first sign that is none; -1: half a byte. */
static int hex_read(const char **text, uint8_t *out, size_t room)
{
    size_t n = 0;
    const char *at = *text;
    while (n < room && digit(at[0]) >= 0) {
        if (digit(at[1]) < 0)
            return -1;
        out[n++] = (uint8_t)(digit(at[0]) << 4 | digit(at[1]));
        at += 2;
    }
    *text = at;
    return (int)n;
}

static bool row_read(struct cli *cli, const char *line, struct rows *rows)
{
    uint8_t key[64], value[512];
    int k = hex_read(&line, key, sizeof key);
    if (k <= 0 || *line++ != ' ')
        return false;
    int v = hex_read(&line, value, sizeof value);
    if (v < 0 || strcmp(line, "\n") != 0)
        return false;
    rows_add(cli, rows, bytes(key, (size_t)k), bytes(value, (size_t)v));
    return true;
}

static int rows_of_file(struct cli *cli, const char *path, struct rows *rows)
{
    char line[LINE_MAX_ + 1], text[HASH_TEXT + 1];
    unsigned declared = 0;
    moment_t made;
    struct buf all = { 0 };
    bool good = false, ended = false;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return cli_say(CLI_FAILED, "%s: %s", path, strerror(errno));
    good = fgets(line, sizeof line, file) != NULL && vault_head_read(line, SERVICE, &declared, &made) && declared <= ROWS_MAX;
    for (buf_text(&all, good ? line : ""); good && !ended && fgets(line, sizeof line, file) != NULL; )
        if ((ended = strncmp(line, "end ", 4) == 0)) {
            struct hash hash = hash_two(buf_bytes(&all), bytes("", 0));
            hash_format(&hash, text);
            good = strncmp(line + 4, text, HASH_TEXT) == 0 && rows->n == declared;
        } else if ((good = rows->n < declared && row_read(cli, line, rows)))
            buf_text(&all, line);
    good = good && ended && !ferror(file);
    fclose(file);
    buf_free(&all);
    return good ? CLI_OK : cli_say(CLI_FAILED, "%s: not a whole backup of a vault", path);
}

static int store_at(const struct service *service, const char *dir, struct store **store)
{
    const struct store_options options = { .dir = dir, .tables = service->tables, .table_count = service->table_count };
    int err = store_open(store, &options);
    if (err == ERR_BUSY)
        return cli_say(CLI_DOWN, "%s: in use by another process: stop it first, rsnms down %s", dir, service->name);
    return err == ERR_OK ? CLI_OK : cli_say(CLI_FAILED, "%s: %s", dir, err_text(err));
}

/* The newest keys may lie in the store that a restore has set aside. */
static int rows_of_store(struct cli *cli, const struct service *service, const char *dir, struct rows *rows)
{
    struct store *store;
    struct bytes key, value;
    struct scan scan;
    struct txn txn;
    int code = store_at(service, dir, &store);
    if (code != CLI_OK)
        return code;
    txn_begin(&txn, store, TXN_READ);
    scan_begin(&scan, &txn, TABLE_VAULT_KEYS, bytes(NULL, 0));
    while (rows->n < ROWS_MAX && scan_next(&scan, &key, &value))
        rows_add(cli, rows, key, value);
    scan_end(&scan);
    int err = txn_end(&txn);
    store_close(&store);
    return err == ERR_OK ? CLI_OK : cli_say(CLI_FAILED, "%s: %s", dir, err_text(err));
}

/* Whether what is there now opens with the key file of the configuration. */
static int try_keys(struct cli *cli, const struct service *service, const char *dir)
{
    const struct config_service *settings = config_find(&cli->config, service->name);
    char says[400] = "";
    struct machine *machine = NULL;
    struct machine_options options = {
        .dir = dir, .profile = cli->config.profile, .clock = CLOCK_SYSTEM, .random = RANDOM_SYSTEM,
        .master_key_file = settings != NULL ? settings->vault_key : NULL, .says = says,
    };
    int err = machine_open(&machine, service, &options);
    machine_close(&machine);
    return err == ERR_OK ? CLI_OK : cli_say(CLI_FAILED, "the keys are in their place, but: %s", *says != '\0' ? says : err_text(err));
}

int verb_vault_restore(struct cli *cli, int argc, char **argv)
{
    const struct service *service = describe_service(SERVICE);
    struct rows rows = { 0 };
    struct store *store;
    struct stat there;
    if (argc != 2)
        return cli_usage("vault restore", "one FILE, or the directory of a store, is needed");
    int code = cli_config(cli);
    if (code == CLI_OK)
        code = process_must_rest(cli, SERVICE);
    if (code != CLI_OK)
        return code;
    const char *dir = process_store(cli, SERVICE);
    if (stat(arena_format(&cli->arena, "%s/data.mdb", dir), &there) != 0)
        return cli_say(CLI_FAILED, "%s: no store there: %s", dir, strerror(errno));
    bool folder = stat(argv[1], &there) == 0 && S_ISDIR(there.st_mode);
    if (folder && stat(arena_format(&cli->arena, "%s/data.mdb", argv[1]), &there) != 0)
        return cli_say(CLI_FAILED, "%s: no store there: %s", argv[1], strerror(errno));
    code = folder ? rows_of_store(cli, service, argv[1], &rows) : rows_of_file(cli, argv[1], &rows);
    if (code != CLI_OK || (code = store_at(service, dir, &store)) != CLI_OK)
        return code;
    int err = vault_import(store, rows.list, rows.n);
    store_close(&store);
    if (err != ERR_OK)
        return cli_say(CLI_FAILED, "%s: %s", argv[1], err_text(err));
    if ((code = try_keys(cli, service, dir)) == CLI_OK)
        printf("%s: %u rows of the vault are in their place and open\n", dir, rows.n);
    return code;
}

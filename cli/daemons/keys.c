/* keys: who may speak: new, list, rotate, revoke. */
#include <getopt.h>
#include <unistd.h>
#include "cli/cli.h"
#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "common/core/err.h"
#include "proto/roles.h"

static int said(int err, const char *says)
{
    return err == ERR_OK ? CLI_OK : cli_say(CLI_FAILED, "%s", *says != '\0' ? says : err_text(err));
}

static int key_make(struct cli *cli, const char *name, const char *role, bool all, const struct uuid *scope, uint32_t n)
{
    char says[400] = "", id[UUID_TEXT + 1];
    struct key_pair pair;
    int err = key_new(cli->config.keys, name, NULL, &pair, says);
    if (err == ERR_OK) {
        struct principal_row row = { .id = pair.id, .name = name, .role = role, .public_key = pair.public_key,
                                     .all = all };
        row.scopes.at = arena_copy(&cli->arena, scope, sizeof *scope * n);
        row.scopes.n = n;
        err = principals_add(cli->config.keys, &row, says);
    }
    uuid_format(&pair.id, id);
    if (err == ERR_OK)
        printf("%s  %s  %s\n%s/%s.secret\n", id, role, pair.public_key, cli->config.keys, name);
    key_wipe(&pair);
    return said(err, says);
}

int verb_keys_new(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {
        { "role", required_argument, NULL, 'r' }, { "scope", required_argument, NULL, 's' },
        { "all", no_argument, NULL, 'a' }, { 0 } };
    const char *role = NULL;
    struct uuid scope[ENTRY_SCOPES_MAX];
    const char *codes[ENTRY_SCOPES_MAX];
    uint32_t n = 0;
    bool all = false;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'r': role = optarg; break;
        case 'a': all = true; break;
        case 's':
            if (n == ENTRY_SCOPES_MAX)
                return cli_usage("keys new", "--scope: more than %d of them", ENTRY_SCOPES_MAX);
            codes[n++] = optarg;
            break;
        default:  return CLI_USAGE;
        }
    if (optind + 1 != argc || role == NULL)
        return cli_usage("keys new", "one NAME and --role ROLE are needed");
    if (enum_find(&role_names, role, strlen(role)) < 0) {
        fprintf(stderr, "rsnms keys new: no role %s; roles are", role);
        for (int i = 0; i < role_names.count; i++)
            fprintf(stderr, " %s", role_names.names[i]);
        fputc('\n', stderr);
        return CLI_USAGE;
    }
    if (all == (n > 0))
        return cli_usage("keys new", "either --all or at least one --scope CODE");
    int code = cli_config(cli);
    for (uint32_t i = 0; code == CLI_OK && i < n; i++)
        code = refer_either(cli, codes[i], &scope[i], NULL);
    return code != CLI_OK ? code : key_make(cli, argv[optind], role, all, scope, n);
}

static const char *reach_text(struct cli *cli, const struct reach *reach)
{
    const char *text = reach->all ? cli_word(cli, "keys.region") : "";
    for (uint32_t i = 0; i < reach->n && !reach->all; i++) {
        char id[UUID_TEXT + 1];
        uuid_format(&reach->id[i], id);
        text = arena_format(&cli->arena, "%s%s%s", text, i > 0 ? " " : "", id);
    }
    return text;
}

static void print_json(struct cli *cli)
{
    uint32_t n = principals_count(cli->principals);
    struct principal_row *rows = ARENA_LIST(&cli->arena, struct principal_row, n + 1);
    struct principal_table table = { .principals = { n, rows } };
    for (uint32_t i = 0; i < n; i++) {
        const struct principal_key *p = principals_at(cli->principals, i);
        rows[i] = (struct principal_row){ .id = p->id, .name = p->name, .role = p->role_name,
            .public_key = p->public_key, .all = p->reach.all, .revoked = p->revoked };
        rows[i].scopes.n = p->reach.all ? 0 : p->reach.n;
        rows[i].scopes.at = arena_copy(&cli->arena, p->reach.id, sizeof p->reach.id);
    }
    cli_print_json(&principal_table_desc, &table);
}

int verb_keys_list(struct cli *cli, int argc, char **argv)
{
    static const struct export_column columns[] = {
        { "name",  "column.name",  EXPORT_TEXT, NULL, false }, { "role",       "column.role",       EXPORT_TEXT, NULL, false },
        { "state", "column.stage", EXPORT_TEXT, "key_state", false }, { "secret", "column.secret",  EXPORT_FLAG, NULL, false },
        { "id",    "column.id",    EXPORT_TEXT, NULL, false }, { "public_key", "column.public_key", EXPORT_TEXT, NULL, false },
        { "reach", "column.reach", EXPORT_LONG, NULL, false } };
    struct export out = { 0 };
    char says[400] = "";
    int code = args_read("keys list", &argc, argv, ARGS(EXPORT_ARGS(&out)), "", 0, 0);
    if (code != CLI_OK || (code = cli_config(cli)) != CLI_OK)
        return code;
    int err = principals_load(&cli->principals, cli->config.keys, &role_names, says);
    if (err != ERR_OK)
        return said(err, says);
    if (cli->json && out.csv == NULL && out.xlsx == NULL) {
        print_json(cli);
        return CLI_OK;
    }
    export_start(&out, cli, columns, sizeof columns / sizeof *columns);
    for (uint32_t i = 0; i < principals_count(cli->principals); i++) {
        const struct principal_key *p = principals_at(cli->principals, i);
        char id[UUID_TEXT + 1];
        uuid_format(&p->id, id);
        bool here = access(arena_format(&cli->arena, "%s/%s.secret", cli->config.keys, p->name), F_OK) == 0;
        export_row(&out, (const char *const[]){ p->name, p->role_name, p->revoked ? "revoked" : "live", here ? "yes" : "", id, p->public_key,
                                                reach_text(cli, &p->reach) });
    }
    return export_end(&out);
}

/* The old key stays live until it is revoked: whoever still speaks with it is not cut off in the middle. */
int verb_keys_rotate(struct cli *cli, int argc, char **argv)
{
    char says[400] = "", old[KEY_TEXT + 1];
    struct key_pair pair;
    if (argc != 2)
        return cli_usage("keys rotate", "one NAME is needed");
    int code = cli_config(cli);
    if (code != CLI_OK)
        return code;
    const char *keys = cli->config.keys, *name = argv[1];
    int err = key_load(keys, name, &pair, says);
    if (err != ERR_OK)
        return said(err, says);
    memcpy(old, pair.public_key, sizeof old);
    key_wipe(&pair);
    err = key_rotate(keys, name, &pair, says);
    if (err == ERR_OK)
        err = principals_rotate(keys, &pair, says);
    if (err == ERR_OK)
        printf("%s  %s\n%s/%s.secret\nthe old one is live still; when nobody speaks with it any more:\n"
               "  rsnms keys revoke '%s'\n", name, pair.public_key, keys, name, old);
    key_wipe(&pair);
    return said(err, says);
}

static int revoked(const char *which, int err, const char *says)
{
    if (err == ERR_OK)
        printf("%s: revoked, dead at once for every daemon of this machine; copy %s to the others\n", which, PRINCIPALS_FILE);
    return said(err, says);
}

int verb_keys_revoke(struct cli *cli, int argc, char **argv)
{
    char says[400] = "";
    struct uuid id;
    if (argc != 2)
        return cli_usage("keys revoke", "one NAME, UUID or PUBLIC-KEY is needed");
    int code = cli_config(cli);
    if (code != CLI_OK)
        return code;
    const char *which = argv[1], *keys = cli->config.keys;
    if (strlen(which) == KEY_TEXT)
        return revoked(which, principals_revoke_key(keys, which, says), says);
    if (!uuid_parse(&id, which, strlen(which))) {
        int err = principals_load(&cli->principals, keys, &role_names, says);
        if (err != ERR_OK)
            return said(err, says);
        const struct principal_key *p = principals_by_name(cli->principals, which);
        if (p == NULL)
            return cli_say(CLI_FAILED, "no live key named %s in %s/%s", which, keys, PRINCIPALS_FILE);
        id = p->id;
    }
    return revoked(which, principals_revoke(keys, &id, says), says);
}

/* node init: the folder that goes to a municipality. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/node/node.h"
#include "cli/lists/sheet.h"
#include "common/core/err.h"
#include "common/service/vault.h"
#include "proto/profile.h"
#include "proto/roles.h"
#include "proto/roster_tree.h"

const char *const NODE_REGION[NODE_REGION_SERVICES] = { "roster", "diagnostics", "programmes", "routes" };

struct making {
    struct cli *cli;
    const char *dir, *name, *code, *host;
    uint64_t cap_mb;
    struct uuid municipality;
    const char *title;
    uint8_t intake[32];
    uint64_t generation;
    struct key_pair key;
};

static int failed(const char *path, const char *says, int err)
{
    return cli_say(CLI_FAILED, "%s: %s", path, says[0] != '\0' ? says : err_text(err));
}

static int make_dir(const char *path, mode_t mode)
{
    return mkdir(path, mode) == 0 || errno == EEXIST ? CLI_OK : cli_say(CLI_FAILED, "%s: %s", path, strerror(errno));
}

static int write_new(const char *path, struct bytes bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    bool written = fd >= 0 && write(fd, bytes.at, bytes.n) == (ssize_t)bytes.n && fsync(fd) == 0;
    int code = written ? CLI_OK : cli_say(CLI_FAILED, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return code;
}

static int copy(const char *from, const char *to)
{
    struct buf buf = { 0 };
    int code = file_read(from, &buf);
    if (code == CLI_OK)
        code = write_new(to, buf_bytes(&buf));
    buf_free(&buf);
    return code;
}

/* ── what the region says ─────────────────────────────────────────────────── */

static int ask_region(struct making *m)
{
    const struct codes codes = { .codes = { 1, &m->code } };
    struct found found;
    struct organisation organisation;
    struct intake_key key;
    int code = cli_ask(m->cli, "roster.organisation.find", &codes, &found);

    if (code != CLI_OK)
        return code;
    if (found.ids.n != 1 || uuid_is_nil(&found.ids.at[0]))
        return cli_say(CLI_FAILED, "roster knows no organisation %s", m->code);
    m->municipality = found.ids.at[0];
    if ((code = cli_ask(m->cli, "roster.organisation.get", &(struct organisation_at){ .id = m->municipality }, &organisation)) != CLI_OK)
        return code;
    if (organisation.kind != ORG_MUNICIPALITY)
        return cli_say(CLI_FAILED, "%s is no municipality but %s", m->code, org_kind_names.names[organisation.kind]);
    m->title = organisation.title;
    if ((code = cli_ask(m->cli, "roster.intake.get", NULL, &key)) != CLI_OK)
        return code;
    memcpy(m->intake, key.key.at, sizeof m->intake);
    m->generation = key.generation;
    return CLI_OK;
}

/* A TCP port of all interfaces, as seen from elsewhere. */
static int endpoint_of(struct making *m, const char *service, const char **endpoint)
{
    const struct config_service *config = config_find(&m->cli->config, service);
    char at[WIRE_ENDPOINT_MAX + 1];

    if (config == NULL || config_endpoint(&m->cli->config, config, at) != ERR_OK)
        return cli_say(CLI_DOWN, "%s: no endpoint is known; is it running?", service);
    *endpoint = arena_string(&m->cli->arena, at, strlen(at));
    const char *colon = strrchr(at, ':');
    if (m->host != NULL && strncmp(at, "tcp://", 6) == 0)
        *endpoint = arena_format(&m->cli->arena, "tcp://%s%s", m->host, colon);
    else if (m->host != NULL)
        return cli_say(CLI_FAILED, "%s listens at %s: a node elsewhere needs tcp:// (listen in %s)", service, at,
                       cli_config_file(m->cli));
    if (strncmp(*endpoint, "ipc://", 6) == 0 && (*endpoint)[6] != '/') {
        char real[PATH_MAX];
        if (realpath(*endpoint + 6, real) != NULL)
            *endpoint = arena_format(&m->cli->arena, "ipc://%s", real);
    }
    return CLI_OK;
}

/* ── keys ─────────────────────────────────────────────────────────────────── */

static int add(const char *keys, const struct principal_row *row)
{
    char says[400] = "";
    int err = principals_add(keys, row, says);
    return err == ERR_OK ? CLI_OK : failed(keys, says, err);
}

/* The node's key with its own secret, listed on both sides; the services' public keys; a key for who looks after it. */
static int make_keys(struct making *m, const char *keys)
{
    struct principals *region = NULL;
    struct key_pair operator;
    char says[400] = "";
    int err = key_new(keys, "node", NULL, &m->key, says);

    if (err == ERR_OK)
        err = key_new(keys, "operator", NULL, &operator, says);
    if (err == ERR_OK)
        err = vault_master_new(arena_format(&m->cli->arena, "%s/rows.key", keys));
    if (err == ERR_OK)
        err = principals_load(&region, m->cli->config.keys, &role_names, says);
    if (err != ERR_OK)
        return failed(keys, says, err);
    struct principal_row own = { .id = m->key.id, .name = "node", .role = "municipal", .public_key = m->key.public_key,
                                 .scopes = { 1, &m->municipality } };
    const struct principal_row admin = { .id = operator.id, .name = "operator", .role = "operator",
                                         .public_key = operator.public_key, .all = true };
    int code = add(keys, &own);
    if (code == CLI_OK)
        code = add(keys, &admin);
    for (size_t i = 0; i < NODE_REGION_SERVICES && code == CLI_OK; i++) {
        const struct config_service *config = config_find(&m->cli->config, NODE_REGION[i]);
        const struct principal_key *found = config != NULL ? principals_by_name(region, config->key) : NULL;
        if (found == NULL)
            code = cli_say(CLI_FAILED, "%s: no live key of %s", m->cli->config.keys, NODE_REGION[i]);
        else
            code = add(keys, &(struct principal_row){ .id = found->id, .name = NODE_REGION[i], .role = "service",
                                                      .public_key = found->public_key, .all = true });
    }
    principals_free(&region);
    own.name = m->name;
    return code == CLI_OK ? add(m->cli->config.keys, &own) : code;      /* last: until then the region knows nothing */
}

/* ── files ────────────────────────────────────────────────────────────────── */

static int write_config(struct making *m, const char *region_file)
{
    char region[UUID_TEXT + 1];
    struct buf buf = { 0 };
    int code = CLI_OK;

    uuid_format(&m->cli->config.region, region);
    buf_format(&buf, "# node %s of %s\nregion: %s\nprofile: %s\ndata: data\nkeys: keys\nbackup: backup\nrun: run\nlog: info\n"
                     "services:\n  - name: node\n    files: files\n", m->name, m->code, region, region_file);
    if (m->cap_mb > 0)
        buf_format(&buf, "    cap_mb: %llu\n", (unsigned long long)m->cap_mb);
    for (size_t i = 0; i < NODE_REGION_SERVICES && code == CLI_OK; i++) {
        const char *endpoint = NULL;
        code = endpoint_of(m, NODE_REGION[i], &endpoint);
        buf_format(&buf, "  - name: %s\n    remote: true\n    connect: %s\n", NODE_REGION[i], endpoint != NULL ? endpoint : "");
    }
    if (code == CLI_OK)
        code = write_new(arena_format(&m->cli->arena, "%s/rsnms.yaml", m->dir), buf_bytes(&buf));
    buf_free(&buf);
    return code;
}

static int write_settings(struct making *m)
{
    char municipality[UUID_TEXT + 1];
    struct buf buf = { 0 };

    uuid_format(&m->municipality, municipality);
    buf_format(&buf, "name: %s\nmunicipality: %s\ntitle: \"", m->name, municipality);
    for (const char *at = m->title; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            buf_byte(&buf, '\\');
        buf_byte(&buf, (uint8_t)*at);
    }
    buf_text(&buf, "\"\nintake: \"");
    for (size_t i = 0; i < sizeof m->intake; i++)
        buf_format(&buf, "%02x", m->intake[i]);
    buf_format(&buf, "\"\ngeneration: %llu\n", (unsigned long long)m->generation);
    int code = write_new(arena_format(&m->cli->arena, "%s/node.yaml", m->dir), buf_bytes(&buf));
    buf_free(&buf);
    return code;
}

static int copy_sentences(struct making *m)
{
    struct arena *arena = &m->cli->arena;
    const char *from = cli_messages(m->cli, "ru");

    if (from == NULL)
        return cli_say(CLI_FAILED, "no catalogue of Russian sentences to give to the node");
    int code = make_dir(arena_format(arena, "%s/messages", m->dir), 0750);
    return code == CLI_OK ? copy(from, arena_format(arena, "%s/messages/ru.yaml", m->dir)) : code;
}

static int copy_profile(struct making *m)
{
    struct arena *arena = &m->cli->arena;
    const char *from = m->cli->config.profile;
    const struct profile *profile;
    char says[400] = "";
    int zone, err = from == NULL ? ERR_NOTFOUND : profile_read(from, arena, &profile, &zone, says);

    if (err != ERR_OK)
        return failed(from != NULL ? from : "profile", says, err);
    int code = copy(from, arena_format(arena, "%s/region.yaml", m->dir));
    if (code != CLI_OK || profile->posts_from == NULL || profile->posts_from[0] == '\0')
        return code;
    const char *posts = profile_posts_file(from, profile->posts_from, arena);
    return posts != NULL ? copy(posts, arena_format(arena, "%s/%s", m->dir, profile->posts_from))
                         : cli_say(CLI_FAILED, "%s: not beside %s any more", profile->posts_from, from);
}

static int make(struct making *m)
{
    static const char *const PARTS[] = { "data", "backup", "keys", "run", "files" };
    struct arena *arena = &m->cli->arena;
    int code = ask_region(m);

    if (code != CLI_OK || (code = make_dir(m->dir, 0750)) != CLI_OK)
        return code;
    if (access(arena_format(arena, "%s/rsnms.yaml", m->dir), F_OK) == 0)
        return cli_say(CLI_FAILED, "%s/rsnms.yaml is there already: nothing was changed", m->dir);
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS && code == CLI_OK; i++)
        code = make_dir(arena_format(arena, "%s/%s", m->dir, PARTS[i]), 0700);
    if (code == CLI_OK && (code = copy_profile(m)) == CLI_OK && (code = copy_sentences(m)) == CLI_OK &&
        (code = write_settings(m)) == CLI_OK && (code = write_config(m, "region.yaml")) == CLI_OK)
        code = make_keys(m, arena_format(arena, "%s/keys", m->dir));
    if (code == CLI_OK)
        printf("%s is ready: node %s of %s\n\ntake the folder to the machine of the municipality (it holds the node's secret "
               "key: not by mail), then there:\n  export RSNMS_CONFIG=.../rsnms.yaml\n  rsnms up\n  rsnms node status\n",
               m->dir, m->name, m->title);
    key_wipe(&m->key);
    return code;
}

int verb_node_init(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {
        { "region-config", required_argument, NULL, 'r' }, { "municipality", required_argument, NULL, 'm' },
        { "name", required_argument, NULL, 'n' }, { "connect", required_argument, NULL, 'c' },
        { "cap", required_argument, NULL, 'k' }, { 0 } };
    struct making m = { .cli = cli };

    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'r': cli->config_file = optarg; break;
        case 'm': m.code = optarg; break;
        case 'n': m.name = optarg; break;
        case 'c': m.host = optarg; break;
        case 'k': m.cap_mb = strtoull(optarg, NULL, 10); break;
        default:  return CLI_USAGE;
        }
    if (optind + 1 != argc || m.code == NULL || m.name == NULL)
        return cli_usage("node init", "one DIR, --municipality CODE and --name NAME are needed");
    m.dir = argv[optind];
    int code = cli_config(cli);
    return code == CLI_OK ? make(&m) : code;
}

/* ── node rekey: after a key was revoked ──────────────────────────────────── */

static const struct principal_key *row_of(const struct principals *principals, const char *name)
{
    for (uint32_t i = principals_count(principals); i-- > 0; )      /* revoked ones too; the newest last */
        if (strcmp(principals_at(principals, i)->name, name) == 0)
            return principals_at(principals, i);
    return NULL;
}

/* The same principal, so that its queue goes on where it was. */
static int rekey(struct cli *cli, const struct principal_key *old, const char *keys)
{
    struct key_pair pair;
    char says[400] = "";
    int err = key_rotate(keys, "node", &pair, says);

    if (err == ERR_OK && !uuid_equal(&pair.id, &old->id)) {
        key_wipe(&pair);
        return cli_say(CLI_FAILED, "%s: the key of another node", keys);
    }
    if (err == ERR_OK)
        err = principals_rotate(keys, &pair, says);
    if (err != ERR_OK)
        return failed(keys, says, err);
    struct principal_row row = { .id = old->id, .name = old->name, .role = old->role_name, .public_key = pair.public_key,
                                 .all = old->reach.all };
    row.scopes.n = old->reach.all ? 0 : old->reach.n;
    row.scopes.at = arena_copy(&cli->arena, old->reach.id, sizeof old->reach.id);
    int code = add(cli->config.keys, &row);
    if (code == CLI_OK)
        printf("%s/node.secret\n", keys);
    key_wipe(&pair);
    return code;
}

int verb_node_rekey(struct cli *cli, int argc, char **argv)
{
    struct principals *principals = NULL;
    char says[400] = "";
    int code;

    if (argc != 3)
        return cli_usage("node rekey", "NAME and the node's folder DIR are needed");
    if ((code = cli_config(cli)) != CLI_OK)
        return code;
    int err = principals_load(&principals, cli->config.keys, &role_names, says);
    if (err != ERR_OK)
        return failed(cli->config.keys, says, err);
    const struct principal_key *old = row_of(principals, argv[1]);
    code = old == NULL ? cli_say(CLI_FAILED, "no node named %s in %s", argv[1], cli->config.keys)
                       : rekey(cli, old, arena_format(&cli->arena, "%s/keys", argv[2]));
    principals_free(&principals);
    return code;
}

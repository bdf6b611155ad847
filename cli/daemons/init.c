/* init: a ready-to-run installation in one directory. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "cli/cli.h"
#include "cli/describe.h"
#include "common/core/err.h"
#include "common/service/vault.h"
#include "proto/profile.h"
#include "proto/roles.h"
#include "services/federal/package.h"

static const struct { const char *name; int role; } PEOPLE[] = {
    { "operator", ROLE_OPERATOR }, { "centre", ROLE_CENTRE }, { "institute", ROLE_INSTITUTE },
    { "authority", ROLE_AUTHORITY },
};

static bool make_dir(const char *path, mode_t mode)
{
    if (mkdir(path, mode) == 0 || errno == EEXIST)
        return true;
    cli_say(CLI_FAILED, "%s: %s", path, strerror(errno));
    return false;
}

static bool write_file(const char *path, const void *at, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    bool written = fd >= 0 && write(fd, at, n) == (ssize_t)n && fsync(fd) == 0;
    if (!written)
        cli_say(CLI_FAILED, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return written;
}

static bool copy_file(const char *from, const char *to)
{
    struct buf buf = { 0 };
    char part[4096];
    FILE *file = fopen(from, "re");
    if (file == NULL) {
        cli_say(CLI_FAILED, "%s: %s", from, strerror(errno));
        return false;
    }
    for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0; )
        buf_put(&buf, part, n);
    fclose(file);
    bool done = write_file(to, buf.at, buf.n);
    buf_free(&buf);
    return done;
}

/* The profile, and beside it the posts that it takes from a file of several regions. */
static bool copy_profile(struct cli *cli, const struct profile *profile, const char *from, const char *dir)
{
    if (!copy_file(from, arena_format(&cli->arena, "%s/region.yaml", dir)))
        return false;
    if (profile->posts_from == NULL || profile->posts_from[0] == '\0')
        return true;
    const char *posts = profile_posts_file(from, profile->posts_from, &cli->arena);
    if (posts == NULL) {
        cli_say(CLI_FAILED, "%s: not beside %s any more", profile->posts_from, from);
        return false;
    }
    return copy_file(posts, arena_format(&cli->arena, "%s/%s", dir, profile->posts_from));
}

static bool write_config(struct cli *cli, const char *dir, const char *run, const struct profile *profile)
{
    char region[UUID_TEXT + 1];
    struct buf buf = { 0 };
    uuid_format(&profile->region->id, region);
    buf_format(&buf, "# %s\nregion: %s\nprofile: region.yaml\ndata: data\nkeys: keys\nbackup: backup\nrun: %s\n"
                     "log: info\nservices:\n", profile->region->title, region, run);
    for (uint32_t i = 0; i < describe_services(); i++) {
        const char *name = describe_service_at(i)->name;
        buf_format(&buf, "  - name: %s\n", name);
        if (strcmp(name, "roster") == 0)
            buf_text(&buf, "    vault_key: keys/vault.key\n");
        if (strcmp(name, "federal") == 0)
            buf_text(&buf, "    sign_key: keys/federal.sign\n");
    }
    bool done = write_file(arena_format(&cli->arena, "%s/rsnms.yaml", dir), buf.at, buf.n);
    buf_free(&buf);
    return done;
}

static bool make_key(struct cli *cli, const char *dir, const char *name, int role)
{
    char says[400] = "";
    struct key_pair pair;
    const char *keys = arena_format(&cli->arena, "%s/keys", dir);
    int err = key_new(keys, name, NULL, &pair, says);
    if (err == ERR_OK) {
        struct principal_row row = { .id = pair.id, .name = name, .role = role_names.names[role],
                                     .public_key = pair.public_key, .all = true };
        err = principals_add(keys, &row, says);
    }
    key_wipe(&pair);
    if (err != ERR_OK)
        cli_say(CLI_FAILED, "key %s: %s", name, *says != '\0' ? says : err_text(err));
    return err == ERR_OK;
}

static bool make_keys(struct cli *cli, const char *dir)
{
    bool done = true;
    for (uint32_t i = 0; i < describe_services() && done; i++)
        done = make_key(cli, dir, describe_service_at(i)->name, ROLE_SERVICE);
    for (size_t i = 0; i < sizeof PEOPLE / sizeof *PEOPLE && done; i++)
        done = make_key(cli, dir, PEOPLE[i].name, PEOPLE[i].role);
    const char *vault = arena_format(&cli->arena, "%s/keys/vault.key", dir);
    const char *sign = arena_format(&cli->arena, "%s/keys/federal.sign", dir);
    int err = done ? vault_master_new(vault) : ERR_OK;
    if (err != ERR_OK)
        return cli_say(false, "%s: %s", vault, err_text(err));
    if (done && (err = sign_new(sign, arena_format(&cli->arena, "%s/keys/federal.pub", dir))) != ERR_OK)
        return cli_say(false, "%s: %s", sign, err_text(err));
    return done;
}

/* A socket's path has to fit into sockaddr_un. */
static bool run_fits(const char *run)
{
    struct sockaddr_un address;
    if (strlen(run) + sizeof "/diagnostics.sock" <= sizeof address.sun_path)
        return true;
    cli_say(CLI_FAILED, "%s: too long a path for sockets in it (%zu bytes at most with the file name); "
                        "--run DIR names a shorter one", run, sizeof address.sun_path - 1);
    return false;
}

static int make(struct cli *cli, const char *dir, const char *run, const char *profile_file)
{
    const struct profile *profile;
    char says[400] = "", real[PATH_MAX];
    int zone, err = profile_read(profile_file, &cli->arena, &profile, &zone, says);
    if (err != ERR_OK)
        return cli_say(CLI_FAILED, "%s", *says != '\0' ? says : err_text(err));
    if (!make_dir(dir, 0750))
        return CLI_FAILED;
    if (access(arena_format(&cli->arena, "%s/rsnms.yaml", dir), F_OK) == 0)
        return cli_say(CLI_FAILED, "%s/rsnms.yaml is there already: nothing was changed", dir);
    if (realpath(dir, real) == NULL)
        return cli_say(CLI_FAILED, "%s: %s", dir, strerror(errno));
    if (!run_fits(run[0] == '/' ? run : arena_format(&cli->arena, "%s/%s", real, run)))
        return CLI_FAILED;
    static const char *const parts[] = { "data", "backup", "keys" };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!make_dir(arena_format(&cli->arena, "%s/%s", real, parts[i]), 0700))
            return CLI_FAILED;
    if (!make_dir(run[0] == '/' ? run : arena_format(&cli->arena, "%s/%s", real, run), 0750)
        || !copy_profile(cli, profile, profile_file, real)
        || !make_keys(cli, real) || !write_config(cli, real, run, profile))
        return CLI_FAILED;
    printf("%s is ready: %s\n\nnext:\n  export RSNMS_CONFIG=%s/rsnms.yaml\n  rsnms up\n  rsnms status\n\n"
           "keep %s/keys/vault.key apart from the stores and their backups: without it personal data cannot be "
           "read, with it they can\n", real, profile->region->title, real, real);
    return CLI_OK;
}

int verb_init(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {
        { "profile", required_argument, NULL, 'p' }, { "run", required_argument, NULL, 'r' }, { 0 } };
    const char *profile = NULL, *run = "run";
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'p': profile = optarg; break;
        case 'r': run = optarg; break;
        default:  return CLI_USAGE;
        }
    if (optind + 1 != argc || profile == NULL)
        return cli_usage("init", "one DIR and --profile FILE are needed");
    return make(cli, argv[optind], run, profile);
}

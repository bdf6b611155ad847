#include "common/service/vault_copies.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/core/files.h"
#include "common/core/log.h"
#include "common/service/machine.h"

void vault_head_write(struct buf *out, const char *service, unsigned rows, moment_t made)
{
    char text[MOMENT_TEXT + 1];
    moment_format(made, text);
    buf_format(out, "rsnms vault of %s, rows %u, made %s\n", service, rows, text);
}

bool vault_head_read(const char *line, const char *service, unsigned *rows, moment_t *made)
{
    char of[40] = "", at[MOMENT_TEXT + 2] = "";
    int n = sscanf(line, "rsnms vault of %39[a-z], rows %u, made %28[0-9TZ:.-]", of, rows, at);

    *made = 0;
    if (n < 2 || strcmp(of, service) != 0)
        return false;
    return n == 2 || moment_parse(made, at, strlen(at));
}

/* ── pruning ──────────────────────────────────────────────────────────────── */

struct pruning { struct errand *errand; char dir[800]; moment_t before; uint32_t gone; };

static bool made_of(const char *path, const char *service, moment_t *made)
{
    char line[VAULT_HEAD_MAX + 1] = "";
    unsigned rows;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd == -1)
        return false;
    ssize_t n = read(fd, line, VAULT_HEAD_MAX);
    close(fd);
    return n > 0 && vault_head_read(line, service, &rows, made) && *made != 0;
}

static int copy_look(void *arg, const char *name)
{
    struct pruning *pruning = arg;
    char path[1100];
    moment_t made;
    size_t n = strlen(name), end = sizeof VAULT_COPY_END - 1;

    if (n <= end || strcmp(name + n - end, VAULT_COPY_END) != 0)
        return ERR_OK;
    snprintf(path, sizeof path, "%s/%s", pruning->dir, name);
    if (!made_of(path, pruning->errand->service->name, &made) || made >= pruning->before)
        return ERR_OK;
    int err = file_drop(pruning->dir, name);
    if (err != ERR_OK)
        log_error("vault", "%s: its term is over, and it cannot be removed: %s", path, err_text(err));
    pruning->gone += err == ERR_OK;
    return ERR_OK;
}

void vault_copies_prune(struct errand *errand, struct vault_copies *copies, uint64_t days)
{
    struct pruning pruning = { .errand = errand, .before = errand->now - (moment_t)days * MOMENT_DAY };
    struct machine_health health;

    if (errand->files == NULL || (copies->looked != 0 && errand->now >= copies->looked && errand->now - copies->looked < VAULT_LOOK_EVERY))
        return;
    machine_health(errand->machine, &health);
    if (health.clock_suspect && !SABOTAGE("prune_any_clock"))
        return;
    copies->looked = errand->now;
    snprintf(pruning.dir, sizeof pruning.dir, "%s/" VAULT_COPIES, errand->files);
    int err = SABOTAGE("prune_forgotten") ? ERR_OK : dir_each(pruning.dir, copy_look, &pruning);
    if (err != ERR_OK && err != ERR_NOTFOUND)
        log_error("vault", "%s: %s: backups of the vault whose term is over may still lie there", pruning.dir, err_text(err));
    if (pruning.gone > 0)
        log_info("vault", "backups of the vault removed, since their term was over: %u", pruning.gone);
}

#include "tests/fault/sim/office.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/core/files.h"
#include "services/federal/package.h"
#include "tests/fault/sim/desk.h"

static const char *folder(struct world *w, const char *name, char path[400])
{
    snprintf(path, 400, "%s/%s", desk_files(w->node[FEDERAL]->desk), name);
    return path;
}

static void key_path(struct world *w, const char *name, char path[400])
{
    snprintf(path, 400, "%s/keys/%s", w->dir, name);
}

static bool ends(const char *name, const char *with)
{
    size_t n = strlen(name), m = strlen(with);
    return n > m && strcmp(name + n - m, with) == 0;
}

/* ── what comes out ───────────────────────────────────────────────────────── */

/* Where NAME.json is, its signature is, and holds. */
static void look_at(struct world *w, const char *dir, const char *file)
{
    char path[700], key_file[400], fault[200];
    uint8_t key[PUBLIC_SIZE];
    struct buf json = { 0 }, signature = { 0 };
    struct office *office = w->office;
    uint32_t i = 0;
    snprintf(path, sizeof path, "%s/%s", dir, file);
    key_path(w, "federal.pub", key_file);
    int err = file_get(path, PACKAGE_MAX, &json);
    snprintf(path, sizeof path, "%s/%s.sig", dir, file);
    if (err != ERR_OK || file_get(path, SIGNATURE_SIZE, &signature) != ERR_OK || sign_load_public(key_file, key, fault) != ERR_OK)
        world_violation(w, "%s lies in the outbox without all that belongs to it", file);
    else if (!sign_holds(key, buf_bytes(&json), buf_bytes(&signature)))
        world_violation(w, "%s: its signature does not hold", file);
    struct hash hash = package_hash(buf_bytes(&json));
    while (i < office->n && strcmp(office->seen[i].name, file) != 0)
        i++;
    if (i < office->n && !hash_equal(&office->seen[i].hash, &hash))
        world_violation(w, "%s: other bytes than before under the same name", file);
    else if (i == office->n && office->n < PACKAGES_MAX) {
        office->seen[office->n].hash = hash;
        snprintf(office->seen[office->n++].name, sizeof office->seen[0].name, "%s", file);
        w->counts->packages++;
    }
    buf_free(&json);
    buf_free(&signature);
}

struct looking { struct world *w; const char *dir; };

static int each(void *arg, const char *name)
{
    const struct looking *looking = arg;
    if (ends(name, ".json") && !looking->w->violated)
        look_at(looking->w, looking->dir, name);
    return ERR_OK;
}

void office_look(struct world *w)
{
    char path[400];
    struct looking looking = { w, folder(w, "outbox", path) };
    if (access(path, F_OK) == 0)
        dir_each(path, each, &looking);
}

/* ── what is answered ─────────────────────────────────────────────────────── */

/* As if it had come in then: what an errand sees of a file must not depend on today. */
static void put(struct world *w, const char *name, struct bytes bytes)
{
    char dir[400], path[700];
    moment_t at = node_wall(w->node[FEDERAL]);
    struct timespec times[2] = { { at / MOMENT_SECOND, 0 }, { at / MOMENT_SECOND, 0 } };
    snprintf(path, sizeof path, "%s/%s", folder(w, "inbox", dir), name);
    mkdir(dir, 0750);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (fd == -1 || write(fd, bytes.at, bytes.n) != (ssize_t)bytes.n || futimens(fd, times) != 0 || close(fd) != 0)
        world_violation(w, "%s cannot be written", path);
}

static void put_receipt(struct world *w, const struct seen_package *package, bool agreed, bool wrong_hash, const char *key_name, uint32_t copies)
{
    char stem[120], name[200], key_file[400], fault[200], number[40];
    struct sign_pair pair;
    uint8_t signature[SIGNATURE_SIZE];
    struct buf json = { 0 };
    struct receipt receipt = { .package = stem, .hash = package->hash, .outcome = agreed ? ANSWER_AGREED : ANSWER_RETURNED,
                               .number = number, .day = day_of_moment(node_wall(w->node[FEDERAL]) - w->node[FEDERAL]->skew, 420), .remarks = agreed ? "" : "уточнить" };
    snprintf(stem, sizeof stem, "%.*s", (int)strlen(package->name) - 5, package->name);
    snprintf(number, sizeof number, "Ф-%u", w->office->letters);
    receipt.hash.b[0] ^= wrong_hash;
    key_path(w, key_name, key_file);
    if (sign_load(key_file, &pair, fault) != ERR_OK) {
        world_violation(w, "%s", fault);
        return;
    }
    receipt_write(&receipt, &json);
    sign_make(&pair, buf_bytes(&json), signature);
    for (uint32_t i = 0; i < copies; i++) {
        snprintf(name, sizeof name, "receipt-%u.json.sig", w->office->letters);
        put(w, name, bytes(signature, sizeof signature));
        snprintf(name, sizeof name, "receipt-%u.json", w->office->letters++);
        put(w, name, buf_bytes(&json));
        w->counts->receipts++;
    }
    buf_free(&json);
}

static void answer(struct world *w, struct seen_package *package)
{
    bool agreed = world_chance(w, 500);
    package->letters++;
    switch (world_between(w, 0, 6)) {
    case 0: put_receipt(w, package, agreed, false, "operator.sign", 2); break;          /* twice */
    case 1: put_receipt(w, package, agreed, false, "federal.sign", 1); break;           /* forged */
    case 2: put_receipt(w, package, agreed, true, "operator.sign", 1); break;           /* of something else */
    case 3: put(w, "note.txt", bytes_of("нет")); w->counts->receipts++; break;
    default: put_receipt(w, package, agreed, false, "operator.sign", 1); break;
    }
}

void office_tick(struct world *w)
{
    struct office *office = w->office;
    if (w->calm || !world_chance(w, 40))
        return;
    office_look(w);
    if (office->n > 0 && !w->violated) {
        struct seen_package *package = &office->seen[office->n - 1 - (uint32_t)world_between(w, 0, office->n > 2 ? 2 : office->n - 1)];
        if (package->letters < 4)
            answer(w, package);
    }
}

static int count(void *arg, const char *name)
{
    (void)name;
    ++*(uint32_t *)arg;
    return ERR_OK;
}

bool office_waits(struct world *w)
{
    char path[400];
    uint32_t n = 0;
    if (access(folder(w, "inbox", path), F_OK) == 0)
        dir_each(path, count, &n);
    return n > 0;
}

void office_free(struct world *w)
{
    free(w->office);
    w->office = NULL;
}

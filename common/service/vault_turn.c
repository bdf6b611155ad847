/* vault_turn: persons erased, the key-encryption key turned, the keys copied and put back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/core/files.h"
#include "common/service/errand.h"
#include "common/service/vault_parts.h"

MSG_DEFINE(vault_standing, VAULT_STANDING_FIELDS)
MSG_DEFINE(vault_rewrap, VAULT_REWRAP_FIELDS)
MSG_DEFINE(vault_rewrapped, VAULT_REWRAPPED_FIELDS)
MSG_DEFINE(vault_finish, VAULT_FINISH_FIELDS)
MSG_DEFINE(vault_turned, VAULT_TURNED_FIELDS)
MSG_DEFINE(vault_export, VAULT_EXPORT_FIELDS)
MSG_DEFINE(vault_row, VAULT_ROW_FIELDS)
MSG_DEFINE(vault_rows, VAULT_ROWS_FIELDS)

/* ── the counters ─────────────────────────────────────────────────────────── */

struct turns { uint64_t asked, covered, turns, erased; moment_t turned; };

static const uint8_t TURNS_KEY[] = { VAULT_TURNS };

static struct turns turns_get(struct ctx *ctx)
{
    struct turns turns = { 0 };
    struct bytes value;
    if (!txn_get(ctx->txn, TABLE_VAULT_KEYS, bytes(TURNS_KEY, sizeof TURNS_KEY), &value))
        return turns;
    struct key_reader reader = key_read(value);
    turns.asked = key_read_u64(&reader);
    turns.covered = key_read_u64(&reader);
    turns.turns = key_read_u64(&reader);
    turns.erased = key_read_u64(&reader);
    turns.turned = key_read_i64(&reader);
    if (reader.bad)
        txn_fail(ctx->txn, ERR_CORRUPT);
    return turns;
}

static void turns_put(struct ctx *ctx, const struct turns *turns)
{
    struct key value = { 0 };
    key_u64(&value, turns->asked);
    key_u64(&value, turns->covered);
    key_u64(&value, turns->turns);
    key_u64(&value, turns->erased);
    key_i64(&value, turns->turned);
    txn_put(ctx->txn, TABLE_VAULT_KEYS, bytes(TURNS_KEY, sizeof TURNS_KEY), key_bytes(&value));
}

void vault_turn_ask(struct ctx *ctx)
{
    struct turns turns = turns_get(ctx);
    turns.asked++;
    turns_put(ctx, &turns);
}

static bool turning(struct vault *vault)
{
    pthread_mutex_lock(&vault->lock);
    bool on = vault->turning;
    pthread_mutex_unlock(&vault->lock);
    return on;
}

void vault_read_standing(struct ctx *ctx, struct vault_standing *standing)
{
    struct turns turns = turns_get(ctx);
    uint64_t rows = txn_count(ctx->txn, TABLE_VAULT_KEYS), own = 1 + vault_intake_rows(ctx) + turns.erased + (turns.asked > 0);
    *standing = (struct vault_standing){
        .keys = rows > own ? rows - own : 0, .erased = turns.erased, .asked = turns.asked, .covered = turns.covered,
        .turns = turns.turns, .turned = turns.turned, .turning = ctx->machine->vault != NULL && turning(ctx->machine->vault) };
}

/* ── erasing ──────────────────────────────────────────────────────────────── */

static struct key gone_key(const struct uuid *person)
{
    struct key key = { 0 };
    key_u8(&key, VAULT_GONE);
    key_uuid(&key, person);
    return key;
}

bool vault_erased(struct ctx *ctx, const struct uuid *person, struct bytes *act)
{
    struct key key = gone_key(person);
    struct bytes value;
    if (SABOTAGE("erasure_forgotten"))
        return false;
    bool gone = txn_get(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&key), &value);
    if (gone && act != NULL)
        *act = arena_bytes(ctx->arena, value);
    return gone;
}

void vault_erase(struct ctx *ctx, const struct uuid *person, struct bytes act)
{
    struct key id = key_of_uuid(person), gone = gone_key(person);
    if (vault_erased(ctx, person, NULL))
        return;
    if (ctx->machine->vault == NULL || act.n > VAULT_ACT_MAX || vault_own_id(person)) {
        txn_fail(ctx->txn, ERR_DENIED);
        return;
    }
    struct turns turns = turns_get(ctx);
    turns.asked++;
    turns.erased++;
    if (!SABOTAGE("key_kept"))
        txn_delete(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&id));
    txn_put(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&gone), act);
    turns_put(ctx, &turns);
}

uint32_t vault_erased_after(struct ctx *ctx, const struct uuid *after, struct uuid *persons, uint32_t most)
{
    struct key from = gone_key(after);
    uint8_t prefix = VAULT_GONE;
    struct bytes key;
    struct scan scan;
    uint32_t n = 0;
    scan_begin(&scan, ctx->txn, TABLE_VAULT_KEYS, bytes(&prefix, 1));
    scan_after(&scan, key_bytes(&from));
    while (n < most && scan_next(&scan, &key, NULL)) {
        struct key_reader reader = key_read(key);
        key_read_u8(&reader);
        persons[n++] = key_read_uuid(&reader);
    }
    scan_end(&scan);
    return n;
}

/* ── the commands ─────────────────────────────────────────────────────────── */

static enum verdict need_vault(struct ctx *ctx, bool self)
{
    if (self && !ctx->who->self)
        return refuse(ctx, PROBLEM_DENIED, "not_ours");
    return ctx->machine->vault != NULL ? VERDICT_OK : refuse(ctx, PROBLEM_UNAVAILABLE, "no_vault");
}

enum verdict decide_vault_rotate(struct ctx *ctx, const void *command)
{
    (void)command;
    if (need_vault(ctx, false) != VERDICT_OK)
        return VERDICT_REFUSED;
    vault_turn_ask(ctx);
    return VERDICT_OK;
}

/* Ids of wrapped keys behind `after`, as many as a batch; true: there are no more. */
static bool wrapped_after(struct ctx *ctx, const struct uuid *after, struct uuid *ids, uint32_t *n)
{
    struct key from = key_of_uuid(after);
    struct bytes key;
    struct scan scan;
    bool more = false;
    scan_begin(&scan, ctx->txn, TABLE_VAULT_KEYS, bytes(NULL, 0));
    if (!uuid_is_nil(after))
        scan_after(&scan, key_bytes(&from));
    while (!more && scan_next(&scan, &key, NULL) && key.n == VAULT_ID)      /* the others stand behind them */
        if (!(more = *n == VAULT_BATCH))
            memcpy(ids[(*n)++].b, key.at, VAULT_ID);
    scan_end(&scan);
    return !more;
}

enum verdict decide_vault_rewrap(struct ctx *ctx, const void *command)
{
    const struct vault_rewrap *asked = command;
    struct uuid *ids = ARENA_LIST(ctx->arena, struct uuid, VAULT_BATCH);
    struct vault_rewrapped done = { 0 };
    uint32_t n = 0;
    if (need_vault(ctx, true) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!turning(ctx->machine->vault))
        return refuse(ctx, PROBLEM_CONFLICT, "vault_not_turning");
    done.done = wrapped_after(ctx, &asked->after, ids, &n) || SABOTAGE("turn_one_batch");
    for (uint32_t i = 0; i < n; i++)
        done.noise += vault_rewrap_one(ctx, &ids[i]) == VAULT_NOISE;
    if (n > 0)
        done.last = ids[n - 1];
    reply(ctx, &done);
    return VERDICT_OK;
}

enum verdict decide_vault_finish(struct ctx *ctx, const void *command)
{
    const struct vault_finish *finish = command;
    if (need_vault(ctx, true) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (turning(ctx->machine->vault))
        return refuse(ctx, PROBLEM_CONFLICT, "vault_turning");
    struct turns turns = turns_get(ctx);
    struct vault_standing standing;
    vault_read_standing(ctx, &standing);
    turns.turns++;
    turns.turned = ctx->now;
    if (finish->covers > turns.covered && finish->covers <= turns.asked)
        turns.covered = finish->covers;
    turns_put(ctx, &turns);
    struct vault_turned turned = { turns.turns, standing.keys };
    emit(ctx, arena_format(ctx->arena, "%s.vault.turned", ctx->machine->service->name), &turned, &UUID_NIL, 1);
    return VERDICT_OK;
}

/* The vault is no part of the state. */
void apply_vault_turned(struct ctx *ctx, const void *event)
{
    (void)ctx;
    (void)event;
}

enum verdict query_vault_get(struct ctx *ctx, const void *query)
{
    struct vault_standing standing;
    (void)query;
    if (need_vault(ctx, false) != VERDICT_OK)
        return VERDICT_REFUSED;
    vault_read_standing(ctx, &standing);
    reply(ctx, &standing);
    return VERDICT_OK;
}

/* ── the files ────────────────────────────────────────────────────────────── */

/* The bytes of the old key are overwritten where they lie, before the name goes. */
static int wipe(const char *file)
{
    uint8_t noise[KEY];
    int fd = open(file, O_WRONLY | O_CLOEXEC);
    if (fd == -1)
        return err_of_errno(errno);
    randombytes_buf(noise, sizeof noise);
    int err = pwrite(fd, noise, sizeof noise, 0) == sizeof noise && fsync(fd) == 0 ? ERR_OK : err_of_errno(errno);
    close(fd);
    return err;
}

static int turn_begin(struct vault *vault)
{
    char part[sizeof vault->next_file + 8];
    const char *why;
    if (turning(vault))
        return ERR_OK;                          /* begun before this process */
    snprintf(part, sizeof part, "%s.part", vault->next_file);
    unlink(part);                               /* of an attempt that was cut off: nothing is wrapped under it */
    int err = vault_master_new(part);           /* whole and synced before it has the name that a start looks for */
    FAILPOINT("vault_part_made");
    if (err == ERR_OK && rename(part, vault->next_file) != 0)
        err = err_of_errno(errno);
    FAILPOINT("vault_next_made");
    if (err == ERR_OK)
        err = dir_sync_above(vault->next_file);
    if (err == ERR_OK && !vault_next_read(vault, &why)) {
        log_error("vault", "%s: %s", vault->next_file, why);
        err = ERR_IO;
    }
    return err;
}

static int turn_end(struct vault *vault)
{
    int err = wipe(vault->file);
    FAILPOINT("vault_old_wiped");
    if (err == ERR_OK && rename(vault->next_file, vault->file) != 0)
        err = err_of_errno(errno);
    FAILPOINT("vault_renamed");
    if (err == ERR_OK)
        err = dir_sync_above(vault->file);
    if (err != ERR_OK)
        return err;
    pthread_mutex_lock(&vault->lock);
    memcpy(vault->now, vault->next, KEY);
    sodium_memzero(vault->next, KEY);
    vault->turning = false;
    pthread_mutex_unlock(&vault->lock);
    return ERR_OK;
}

/* ── the errand ───────────────────────────────────────────────────────────── */

#define TURN_LATER_MS 60000                     /* after a trouble with the file, and between looks */

struct turn_look { struct turns turns; bool vault, turning; };

static void look_at(struct ctx *ctx, void *arg)
{
    struct turn_look *look = arg;
    look->vault = ctx->machine->vault != NULL;
    look->turns = turns_get(ctx);
    look->turning = look->vault && turning(ctx->machine->vault);
}

static struct uuid turn_command(const struct errand *errand, const struct vault_turn *turn, const char *what)
{
    struct hash hash = hash_two(bytes_of(what), bytes(turn, sizeof *turn));
    return uuid_v7(errand->now / MOMENT_MS, hash.b);
}

static uint32_t turn_start(struct errand *errand, struct vault_turn *turn, const struct turn_look *look)
{
    if (turn->failed != 0 && errand->now >= turn->failed && errand->now - turn->failed < TURN_LATER_MS * MOMENT_MS)
        return TURN_LATER_MS;                   /* woken by a commit: once a minute is enough */
    int err = turn_begin(errand->machine->vault);
    if (err != ERR_OK) {
        turn->failed = errand->now;
        log_error("vault", "%s cannot be made (%s): the key-encryption key is not turned", errand->machine->vault->next_file, err_text(err));
        return TURN_LATER_MS;
    }
    memset(turn, 0, sizeof *turn);
    turn->on = true;
    turn->covers = look->turns.asked;
    return 0;
}

/* Nothing is left under the old key. */
static uint32_t turn_finish(struct errand *errand, struct vault_turn *turn)
{
    struct uuid command = turn_command(errand, turn, "finish");
    struct vault_finish finish = { turn->covers };
    char *method = arena_format(errand->arena, "%s.vault.finish", errand->service->name);
    const struct problem *problem;
    int err = turn_end(errand->machine->vault);
    if (err != ERR_OK) {
        log_error("vault", "%s: %s: the old key-encryption key still lies there", errand->machine->vault->file, err_text(err));
        return TURN_LATER_MS;
    }
    if (turn->noise > 0)
        log_warning("vault", "%llu keys open under neither key-encryption key", (unsigned long long)turn->noise);
    turn->on = false;
    err = errand_submit(errand, &command, method, &vault_finish_desc, &finish, NULL, NULL, &problem);
    log_info("vault", "the key-encryption key was turned; copies of the old one open nothing made since");
    return err == ERR_OK ? 0 : 1000;            /* not said: it is turned once more */
}

uint32_t vault_turn_step(struct errand *errand, struct vault_turn *turn)
{
    struct turn_look look = { 0 };
    struct vault_rewrapped done;
    const struct problem *problem;
    if (errand_read(errand, look_at, &look) != ERR_OK || !look.vault)
        return TURN_LATER_MS;
    if (!turn->on)
        return look.turning || look.turns.asked > look.turns.covered ? turn_start(errand, turn, &look) : TURN_LATER_MS;
    struct vault_rewrap rewrap = { turn->after };
    struct uuid command = turn_command(errand, turn, "rewrap");
    int err = errand_submit(errand, &command, arena_format(errand->arena, "%s.vault.rewrap", errand->service->name),
                            &vault_rewrap_desc, &rewrap, &vault_rewrapped_desc, &done, &problem);
    if (err != ERR_OK || problem != NULL)
        return 1000;
    FAILPOINT("vault_rewrapped");
    turn->after = done.last;
    turn->noise += done.noise;
    return done.done ? turn_finish(errand, turn) : 0;
}

/* ── out and in ───────────────────────────────────────────────────────────── */

#define EXPORT_BYTES (160 * 1024)

enum verdict query_vault_export(struct ctx *ctx, const void *query)
{
    const struct vault_export *asked = query;
    uint64_t limit = asked->limit != 0 ? asked->limit : VAULT_PAGE;
    struct vault_rows rows = { .rows = { 0, ARENA_LIST(ctx->arena, struct vault_row, limit) } };
    struct bytes key, value;
    struct scan scan;
    size_t used = 0;
    if (need_vault(ctx, false) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (turning(ctx->machine->vault)) {
        refuse(ctx, PROBLEM_BUSY, "vault_turning");
        return VERDICT_REFUSED;
    }
    rows.turns = turns_get(ctx).turns;
    scan_begin(&scan, ctx->txn, TABLE_VAULT_KEYS, bytes(NULL, 0));
    if (asked->after.n > 0)
        scan_after(&scan, asked->after);
    while (scan_next(&scan, &key, &value)) {
        if (rows.rows.n == limit || used + value.n > EXPORT_BYTES) {
            rows.next = rows.rows.at[rows.rows.n - 1].key;
            break;
        }
        rows.rows.at[rows.rows.n++] = (struct vault_row){ arena_bytes(ctx->arena, key), arena_bytes(ctx->arena, value) };
        used += key.n + value.n + 16;
    }
    scan_end(&scan);
    reply(ctx, &rows);
    return VERDICT_OK;
}

static bool row_good(const struct vault_row *row)
{
    const uint8_t *key = row->key.at;
    return (row->key.n == VAULT_ID && row->value.n == VAULT_WRAPPED) ||
           (row->key.n == 1 + VAULT_ID && key[0] == VAULT_GONE && row->value.n <= VAULT_ACT_MAX) ||
           (row->key.n == 1 && key[0] == VAULT_TURNS && row->value.n == 5 * 8) ||
           (row->key.n == 1 && key[0] == VAULT_FLOOR && row->value.n == 8) ||
           (row->key.n == 1 + VAULT_ID && key[0] == VAULT_SEALS && row->value.n == 2 * 8);
}

/* The erased ones that the store knows of, and those of the rows: no key of theirs is left, and they are counted anew. */
static uint64_t drop_erased(struct ctx *ctx)
{
    struct uuid persons[256], after = UUID_NIL;
    uint64_t all = 0;
    for (uint32_t n; (n = vault_erased_after(ctx, &after, persons, 256)) > 0; after = persons[n - 1]) {
        for (uint32_t i = 0; i < n; i++) {
            struct key id = key_of_uuid(&persons[i]);
            txn_delete(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&id));
        }
        all += n;
    }
    return all;
}

/* What is there and not among the rows stays: a person who has come since the copy was made. */
int vault_import(struct store *store, const struct vault_row *rows, uint32_t n)
{
    struct txn txn;
    struct ctx ctx = { .txn = &txn };
    for (uint32_t i = 0; i < n; i++)
        if (!row_good(&rows[i]))
            return ERR_MALFORMED;
    txn_begin(&txn, store, TXN_WRITE);
    uint64_t floor = vault_intake_floor(&ctx);
    for (uint32_t i = 0; i < n; i++)
        txn_put(&txn, TABLE_VAULT_KEYS, rows[i].key, rows[i].value);
    vault_intake_floor_put(&ctx, floor);
    struct turns turns = turns_get(&ctx);
    turns.erased = drop_erased(&ctx);
    turns.asked += turns.asked == 0;
    turns_put(&ctx, &turns);
    return txn_end(&txn);
}

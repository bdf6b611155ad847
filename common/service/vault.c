#include "common/service/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/random.h"
#include "common/service/vault_parts.h"

int vault_master_new(const char *file)
{
    uint8_t key[KEY];
    if (crypto_start() != ERR_OK)
        return ERR_IO;
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd == -1)
        return errno == EEXIST ? ERR_EXISTS : err_of_errno(errno);
    randombytes_buf(key, sizeof key);
    int err = write(fd, key, sizeof key) == sizeof key && fsync(fd) == 0 ? ERR_OK : err_of_errno(errno);
    sodium_memzero(key, sizeof key);
    close(fd);
    return err;
}

/* NULL: read. Otherwise what is wrong with the file. */
static const char *key_file_read(const char *file, uint8_t key[KEY])
{
    struct stat st;
    const char *why = NULL;
    int fd = open(file, O_RDONLY | O_CLOEXEC);

    if (fd == -1 || fstat(fd, &st) != 0)
        why = strerror(errno);
    else if ((st.st_mode & 077) != 0)
        why = "others may read it: chmod 600";
    else if (read(fd, key, KEY) != KEY)
        why = "it is not a master key (32 bytes)";
    if (fd != -1)
        close(fd);
    return why;
}

bool vault_next_read(struct vault *vault, const char **why)
{
    uint8_t key[KEY];

    if (access(vault->next_file, F_OK) != 0) {
        *why = strerror(errno);
        return false;
    }
    if ((*why = key_file_read(vault->next_file, key)) == NULL) {
        pthread_mutex_lock(&vault->lock);
        memcpy(vault->next, key, KEY);
        vault->turning = true;
        pthread_mutex_unlock(&vault->lock);
    }
    sodium_memzero(key, sizeof key);
    return *why == NULL;
}

int vault_open_master(struct vault **out, const char *file, char *says)
{
    struct vault *v = sodium_malloc(sizeof *v);
    const char *why = NULL;

    *out = NULL;
    if (v == NULL)
        why = "out of memory";
    else {
        memset(v, 0, sizeof *v);
        pthread_mutex_init(&v->lock, NULL);
        if (snprintf(v->file, sizeof v->file, "%s", file) >= (int)sizeof v->file ||
            snprintf(v->next_file, sizeof v->next_file, "%s.next", file) >= (int)sizeof v->next_file)
            why = "too long a path";
        else if ((why = key_file_read(file, v->now)) == NULL && access(v->next_file, F_OK) == 0 && !SABOTAGE("turn_forgotten"))
            vault_next_read(v, &why);       /* a turn that did not come to its end */
    }
    if (why != NULL) {
        if (says != NULL)
            snprintf(says, 400, "%s: %s", file, why);
        sodium_free(v);
        return ERR_DENIED;
    }
    *out = v;
    return ERR_OK;
}

void vault_close_master(struct vault **vault)
{
    if (*vault != NULL)
        pthread_mutex_destroy(&(*vault)->lock);
    sodium_free(*vault);                    /* wipes it */
    *vault = NULL;
}

static struct bytes seal(struct ctx *ctx, const uint8_t key[KEY], const struct uuid *person, struct bytes plain)
{
    uint8_t *out = arena_alloc(ctx->arena, NONCE + plain.n + TAG);
    unsigned long long n = 0;
    ctx->machine->random.fill(ctx->machine->random.self, out, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, &n, plain.at, plain.n, person->b, sizeof person->b,
                                               NULL, out, key);
    return bytes(out, NONCE + n);
}

static bool unseal(struct arena *arena, const uint8_t key[KEY], const struct uuid *person, struct bytes sealed,
                   struct bytes *plain)
{
    if (sealed.n < NONCE + TAG)
        return false;
    const uint8_t *at = sealed.at;
    uint8_t *out = arena_alloc(arena, sealed.n);
    unsigned long long n = 0;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, &n, NULL, at + NONCE, sealed.n - NONCE,
                                                   person->b, sizeof person->b, at, key) != 0)
        return false;
    *plain = bytes(out, n);
    return true;
}

/* The key-encryption keys of this moment: the errand that turns them runs beside readers and the writer. */
struct keks { uint8_t now[KEY], next[KEY]; bool turning; };

static struct keks keks_of(struct vault *vault)
{
    struct keks keks;
    pthread_mutex_lock(&vault->lock);
    memcpy(keks.now, vault->now, KEY);
    memcpy(keks.next, vault->next, KEY);
    keks.turning = vault->turning;
    pthread_mutex_unlock(&vault->lock);
    return keks;
}

static enum vault_under unwrap(struct arena *arena, const struct keks *keks, const struct uuid *id, struct bytes wrapped,
                             struct bytes *key)
{
    if (wrapped.n != VAULT_WRAPPED)
        return VAULT_NOISE;
    if (keks->turning && unseal(arena, keks->next, id, wrapped, key) && key->n == KEY)
        return VAULT_UNDER_NEXT;
    return unseal(arena, keks->now, id, wrapped, key) && key->n == KEY ? VAULT_UNDER_NOW : VAULT_NOISE;
}

static void wrap(struct ctx *ctx, const struct keks *keks, const struct uuid *id, struct bytes key)
{
    struct key at = key_of_uuid(id);
    txn_put(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&at), seal(ctx, keks->turning ? keks->next : keks->now, id, key));
}

bool vault_key_get(struct ctx *ctx, const struct uuid *person, struct bytes *key)
{
    struct key id = key_of_uuid(person);
    struct bytes wrapped;
    if (ctx->machine->vault == NULL || !txn_get(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&id), &wrapped))
        return false;
    struct keks keks = keks_of(ctx->machine->vault);
    bool good = unwrap(ctx->arena, &keks, person, wrapped, key) != VAULT_NOISE;
    sodium_memzero(&keks, sizeof keks);
    return good;
}

void vault_key_put(struct ctx *ctx, const struct uuid *id, struct bytes key)
{
    struct keks keks = keks_of(ctx->machine->vault);
    wrap(ctx, &keks, id, key);
    sodium_memzero(&keks, sizeof keks);
}

enum vault_under vault_rewrap_one(struct ctx *ctx, const struct uuid *id)
{
    struct key at = key_of_uuid(id);
    struct bytes wrapped, key;
    if (!txn_get(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&at), &wrapped))
        return VAULT_NOISE;
    struct keks keks = keks_of(ctx->machine->vault);
    enum vault_under row = unwrap(ctx->arena, &keks, id, wrapped, &key);
    if (row == VAULT_UNDER_NOW && keks.turning)
        wrap(ctx, &keks, id, key);
    if (row != VAULT_NOISE)
        sodium_memzero((void *)(uintptr_t)key.at, key.n);
    sodium_memzero(&keks, sizeof keks);
    return row;
}

struct bytes vault_seal(struct ctx *ctx, const struct uuid *person, struct bytes plain)
{
    struct bytes key;
    if (ctx->machine->vault == NULL || vault_erased(ctx, person, NULL)) {
        txn_fail(ctx->txn, ERR_DENIED);     /* a service with personal data and no master key: refuse all */
        return bytes(NULL, 0);
    }
    if (!vault_key_get(ctx, person, &key)) {
        uint8_t *fresh = arena_alloc(ctx->arena, KEY);
        ctx->machine->random.fill(ctx->machine->random.self, fresh, KEY);
        key = bytes(fresh, KEY);
        vault_key_put(ctx, person, key);
    }
    return seal(ctx, key.at, person, plain);
}

bool vault_open(struct ctx *ctx, const struct uuid *person, struct bytes sealed, struct bytes *plain)
{
    struct bytes key;
    return vault_key_get(ctx, person, &key) && unseal(ctx->arena, key.at, person, sealed, plain);
}

struct hash vault_match(struct ctx *ctx, const char *kind, const char *text)
{
    struct hash_state state;
    static const struct hash_key none;
    hash_start(&state, ctx->machine->vault != NULL ? &ctx->machine->vault->match : &none);
    hash_more(&state, kind, strlen(kind) + 1);
    hash_more(&state, text, strlen(text));
    return hash_end(&state);
}

/* ── the secrets that are nobody's ────────────────────────────────────────── */

/* The secret under that id, made by `fresh` when there is none. ERR_DENIED: there is one that does not open. */
static int secret_prepare(struct ctx *ctx, const struct uuid *id, const uint8_t fresh[KEY], uint8_t out[KEY])
{
    struct key at = key_of_uuid(id);
    struct bytes wrapped, secret;
    if (!txn_get(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&at), &wrapped)) {
        memcpy(out, fresh, KEY);
        vault_key_put(ctx, id, bytes(fresh, KEY));
        return ctx->txn->err;
    }
    if (!vault_key_get(ctx, id, &secret))
        return ERR_DENIED;
    memcpy(out, secret.at, KEY);
    sodium_memzero((void *)(uintptr_t)secret.at, secret.n);
    return ERR_OK;
}

static void match_of(const uint8_t from[KEY], uint8_t match[KEY])
{
    struct hash_key key;
    memcpy(key.b, from, sizeof key.b);
    struct hash hash = hash_keyed(&key, bytes_of("match"));
    memcpy(match, hash.b, KEY);
    sodium_memzero(&key, sizeof key);
}

/* At the start of a service with a vault. A secret that does not open: the master key is of another store, and every
 * person in this one would be noise. Stores from before keys were turned matched by what their master key gave. */
int vault_prepare(struct ctx *ctx)
{
    struct vault *vault = ctx->machine->vault;
    uint8_t fresh[KEY], intake[KEY], match[KEY];
    if (vault == NULL || ctx->txn->err != ERR_OK)
        return ctx->txn->err;
    uint64_t kept[INTAKE_KEPT_MAX];
    uint32_t n = vault_intake_kept(ctx, kept);
    bool old = n > 0;
    struct uuid newest = vault_intake_id(old ? kept[n - 1] : 0);
    if (!old)
        ctx->machine->random.fill(ctx->machine->random.self, fresh, KEY);
    int err = secret_prepare(ctx, &newest, fresh, intake);
    if (err == ERR_OK) {
        match_of(old ? vault->now : intake, fresh);
        err = secret_prepare(ctx, &VAULT_MATCH, fresh, match);
    }
    if (err == ERR_OK)
        memcpy(vault->match.b, match, KEY);
    sodium_memzero(fresh, sizeof fresh);
    sodium_memzero(intake, sizeof intake);
    sodium_memzero(match, sizeof match);
    return err;
}

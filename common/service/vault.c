#include "common/service/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/random.h"
#include "common/service/machine_parts.h"

/* A sealed value is nonce (24) ‖ ciphertext ‖ tag (16), XChaCha20-Poly1305, the person's id as
 * associated data. TABLE_VAULT_KEYS: person → his key, sealed in the same way under the master key; and in the place of
 * the person that nobody is (nil) the secret key of the intake. */

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG   crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY   crypto_aead_xchacha20poly1305_ietf_KEYBYTES

struct vault {
    uint8_t master[KEY];
    struct hash_key match;                  /* derived: for vault_match() */
};

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

int vault_open_master(struct vault **out, const char *file, char *says)
{
    struct vault *v = sodium_malloc(sizeof *v);
    struct stat st;
    const char *why = NULL;
    int fd = open(file, O_RDONLY | O_CLOEXEC);

    *out = NULL;
    if (v == NULL)
        why = "out of memory";
    else if (fd == -1 || fstat(fd, &st) != 0)
        why = strerror(errno);
    else if ((st.st_mode & 077) != 0)
        why = "others may read it: chmod 600";
    else if (read(fd, v->master, sizeof v->master) != (ssize_t)sizeof v->master)
        why = "it is not a master key (32 bytes)";
    if (fd != -1)
        close(fd);
    if (why != NULL) {
        if (says != NULL)
            snprintf(says, 400, "%s: %s", file, why);
        sodium_free(v);
        return ERR_DENIED;
    }
    struct hash_key key;
    memcpy(key.b, v->master, sizeof key.b);
    struct hash match = hash_keyed(&key, bytes_of("match"));
    memcpy(v->match.b, match.b, sizeof v->match.b);
    *out = v;
    return ERR_OK;
}

void vault_close_master(struct vault **vault)
{
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

static bool key_of_person(struct ctx *ctx, const struct uuid *person, struct bytes *key)
{
    struct key id = key_of_uuid(person);
    struct bytes wrapped;
    return ctx->machine->vault != NULL && txn_get(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&id), &wrapped) &&
           unseal(ctx->arena, ctx->machine->vault->master, person, wrapped, key) && key->n == KEY;
}

struct bytes vault_seal(struct ctx *ctx, const struct uuid *person, struct bytes plain)
{
    struct bytes key;
    if (ctx->machine->vault == NULL) {
        txn_fail(ctx->txn, ERR_DENIED);     /* a service with personal data and no master key: refuse all */
        return bytes(NULL, 0);
    }
    if (!key_of_person(ctx, person, &key)) {
        uint8_t *fresh = arena_alloc(ctx->arena, KEY);
        struct key id = key_of_uuid(person);
        ctx->machine->random.fill(ctx->machine->random.self, fresh, KEY);
        key = bytes(fresh, KEY);
        txn_put(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&id), seal(ctx, ctx->machine->vault->master, person, key));
    }
    return seal(ctx, key.at, person, plain);
}

bool vault_open(struct ctx *ctx, const struct uuid *person, struct bytes sealed, struct bytes *plain)
{
    struct bytes key;
    return key_of_person(ctx, person, &key) && unseal(ctx->arena, key.at, person, sealed, plain);
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

/* ── intake ───────────────────────────────────────────────────────────────── */

_Static_assert(INTAKE_KEY == crypto_box_PUBLICKEYBYTES && INTAKE_KEY == crypto_box_SECRETKEYBYTES && KEY == INTAKE_KEY &&
               INTAKE_OVERHEAD == crypto_box_SEALBYTES, "the intake is crypto_box_seal's");

/* At the start of a service with a vault. A secret that does not open: the master key is of another store, and every
 * person in this one would be noise. */
int vault_prepare(struct ctx *ctx)
{
    struct key id = key_of_uuid(&UUID_NIL);
    struct bytes wrapped, secret;
    if (ctx->machine->vault == NULL || ctx->txn->err != ERR_OK)
        return ctx->txn->err;
    if (txn_get(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&id), &wrapped)) {
        if (!key_of_person(ctx, &UUID_NIL, &secret))
            return ERR_DENIED;
        sodium_memzero((void *)(uintptr_t)secret.at, secret.n);
        return ERR_OK;
    }
    uint8_t *fresh = arena_alloc(ctx->arena, INTAKE_KEY);
    ctx->machine->random.fill(ctx->machine->random.self, fresh, INTAKE_KEY);
    txn_put(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&id),
            seal(ctx, ctx->machine->vault->master, &UUID_NIL, bytes(fresh, INTAKE_KEY)));
    sodium_memzero(fresh, INTAKE_KEY);
    return ctx->txn->err;
}

const uint8_t *vault_intake_public(struct ctx *ctx)
{
    struct bytes secret;
    if (!key_of_person(ctx, &UUID_NIL, &secret))
        return NULL;
    uint8_t *public = arena_alloc(ctx->arena, INTAKE_KEY);
    crypto_scalarmult_base(public, secret.at);
    sodium_memzero((void *)(uintptr_t)secret.at, secret.n);
    return public;
}

bool vault_intake_open(struct ctx *ctx, struct bytes sealed, struct bytes *plain)
{
    struct bytes secret;
    uint8_t public[INTAKE_KEY];
    if (sealed.n < INTAKE_OVERHEAD || !key_of_person(ctx, &UUID_NIL, &secret))
        return false;
    uint8_t *out = arena_alloc(ctx->arena, sealed.n);
    crypto_scalarmult_base(public, secret.at);
    bool good = crypto_box_seal_open(out, sealed.at, sealed.n, public, secret.at) == 0;
    sodium_memzero((void *)(uintptr_t)secret.at, secret.n);
    *plain = bytes(out, sealed.n - INTAKE_OVERHEAD);
    return good;
}

/* crypto_box_seal() with an ephemeral pair of the caller's random numbers: public key ‖ box, the nonce from both keys. */
int intake_seal(const uint8_t public_key[INTAKE_KEY], struct bytes plain, const struct random_source *random,
                struct arena *arena, struct bytes *sealed)
{
    uint8_t seed[crypto_box_SEEDBYTES], secret[crypto_box_SECRETKEYBYTES], nonce[crypto_box_NONCEBYTES];
    crypto_generichash_state state;
    uint8_t *out = arena_alloc(arena, plain.n + INTAKE_OVERHEAD);

    random->fill(random->self, seed, sizeof seed);
    crypto_box_seed_keypair(out, secret, seed);
    crypto_generichash_init(&state, NULL, 0, sizeof nonce);
    crypto_generichash_update(&state, out, INTAKE_KEY);
    crypto_generichash_update(&state, public_key, INTAKE_KEY);
    crypto_generichash_final(&state, nonce, sizeof nonce);
    int rc = crypto_box_easy(out + INTAKE_KEY, plain.at, plain.n, nonce, public_key, secret);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(secret, sizeof secret);
    *sealed = bytes(out, plain.n + INTAKE_OVERHEAD);
    return rc == 0 ? ERR_OK : ERR_MALFORMED;            /* a public key that is none */
}

/* The key files of the package's signature, and Ed25519 itself. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/err.h"
#include "services/federal/package.h"

#define LINE (2 * PUBLIC_SIZE + 1)          /* of a public key: hexadecimal digits and the line's end */
_Static_assert(SEED_SIZE == crypto_sign_SEEDBYTES && SIGNATURE_SIZE == crypto_sign_BYTES &&
               PUBLIC_SIZE == crypto_sign_PUBLICKEYBYTES, "Ed25519");

void sign_wipe(struct sign_pair *pair)
{
    sodium_memzero(pair, sizeof *pair);
}

static int write_new(const char *file, const void *at, size_t n, mode_t mode)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd == -1)
        return errno == EEXIST ? ERR_EXISTS : err_of_errno(errno);
    int err = write(fd, at, n) == (ssize_t)n && fsync(fd) == 0 ? ERR_OK : err_of_errno(errno);
    close(fd);
    return err;
}

int sign_new(const char *secret_file, const char *public_file)
{
    struct sign_pair pair;
    char line[LINE + 1];
    if (crypto_start() != ERR_OK)
        return ERR_IO;
    if (access(public_file, F_OK) == 0)
        return ERR_EXISTS;
    randombytes_buf(pair.seed, sizeof pair.seed);
    crypto_sign_seed_keypair(pair.public_key, pair.secret, pair.seed);
    sodium_bin2hex(line, sizeof line, pair.public_key, PUBLIC_SIZE);
    line[LINE - 1] = '\n';
    int err = write_new(secret_file, pair.seed, SEED_SIZE, 0600);
    if (err == ERR_OK)
        err = write_new(public_file, line, LINE, 0644);
    sign_wipe(&pair);
    return err;
}

/* A little more than the key is asked for, so that a longer file is told from one. */
static int read_small(const char *file, bool secret, char *at, size_t room, size_t *n, char fault[200])
{
    struct stat st;
    ssize_t got = -1;
    const char *why = NULL;
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err = ERR_MALFORMED;
    if (fd == -1 || fstat(fd, &st) != 0)
        why = strerror(errno), err = err_of_errno(errno);
    else if (secret && (st.st_mode & 077) != 0)
        why = "others may read it: chmod 600";
    else if ((got = read(fd, at, room)) < 0)
        why = strerror(errno), err = err_of_errno(errno);
    if (fd != -1)
        close(fd);
    if (why != NULL) {
        snprintf(fault, 200, "%.120s: %s", file, why);
        return err;
    }
    *n = (size_t)got;
    return ERR_OK;
}

int sign_load(const char *secret_file, struct sign_pair *pair, char fault[200])
{
    char seed[SEED_SIZE + 1];
    size_t n = 0;
    int err = crypto_start() == ERR_OK ? read_small(secret_file, true, seed, sizeof seed, &n, fault) : ERR_IO;
    if (err == ERR_OK && n != SEED_SIZE) {
        snprintf(fault, 200, "%.120s: not a signing key: 32 bytes are", secret_file);
        err = ERR_MALFORMED;
    }
    if (err == ERR_OK) {
        memcpy(pair->seed, seed, SEED_SIZE);
        crypto_sign_seed_keypair(pair->public_key, pair->secret, pair->seed);
    }
    sodium_memzero(seed, sizeof seed);
    return err;
}

int sign_load_public(const char *file, uint8_t key[PUBLIC_SIZE], char fault[200])
{
    char line[LINE + 2];
    size_t n = 0, got = 0;
    int err = crypto_start() == ERR_OK ? read_small(file, false, line, sizeof line, &n, fault) : ERR_IO;
    if (err == ERR_OK && (n < LINE - 1 || n > LINE || (n == LINE && line[LINE - 1] != '\n') ||
                          sodium_hex2bin(key, PUBLIC_SIZE, line, LINE - 1, NULL, &got, NULL) != 0 || got != PUBLIC_SIZE)) {
        snprintf(fault, 200, "%.120s: not a public key: a line of 64 hexadecimal digits is", file);
        err = ERR_MALFORMED;
    }
    return err;
}

void sign_make(const struct sign_pair *pair, struct bytes message, uint8_t signature[SIGNATURE_SIZE])
{
    crypto_sign_detached(signature, NULL, message.at, message.n, pair->secret);
}

bool sign_holds(const uint8_t key[PUBLIC_SIZE], struct bytes message, struct bytes signature)
{
    return signature.n == SIGNATURE_SIZE && crypto_sign_verify_detached(signature.at, message.at, message.n, key) == 0;
}

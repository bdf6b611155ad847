/* The key files of the package's signature, and Ed25519 itself. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/err.h"
#include "services/federal/package.h"

#define LINE (2 * SEED_SIZE + 1)            /* hexadecimal digits and the line's end */
_Static_assert(SEED_SIZE == PUBLIC_SIZE, "one form of file for both");
_Static_assert(SEED_SIZE == crypto_sign_SEEDBYTES && SIGNATURE_SIZE == crypto_sign_BYTES &&
               PUBLIC_SIZE == crypto_sign_PUBLICKEYBYTES, "Ed25519");

void sign_wipe(struct sign_pair *pair)
{
    sodium_memzero(pair, sizeof *pair);
}

static int write_line(const char *file, const uint8_t key[SEED_SIZE], mode_t mode)
{
    char line[LINE + 1];
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd == -1)
        return errno == EEXIST ? ERR_EXISTS : err_of_errno(errno);
    sodium_bin2hex(line, sizeof line, key, SEED_SIZE);
    line[LINE - 1] = '\n';
    int err = write(fd, line, LINE) == LINE && fsync(fd) == 0 ? ERR_OK : err_of_errno(errno);
    sodium_memzero(line, sizeof line);
    close(fd);
    return err;
}

int sign_new(const char *secret_file, const char *public_file)
{
    struct sign_pair pair;
    if (crypto_start() != ERR_OK)
        return ERR_IO;
    if (access(public_file, F_OK) == 0)
        return ERR_EXISTS;
    randombytes_buf(pair.seed, sizeof pair.seed);
    crypto_sign_seed_keypair(pair.public_key, pair.secret, pair.seed);
    int err = write_line(secret_file, pair.seed, 0600);
    if (err == ERR_OK)
        err = write_line(public_file, pair.public_key, 0644);
    sign_wipe(&pair);
    return err;
}

static int read_line(const char *file, bool secret, uint8_t key[SEED_SIZE], char fault[200])
{
    char line[LINE + 2];
    struct stat st;
    const char *why = NULL;
    size_t got = 0;
    ssize_t n = 0;
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd == -1 || fstat(fd, &st) != 0)
        why = strerror(errno);
    else if (secret && (st.st_mode & 077) != 0)
        why = "others may read it: chmod 600";
    else if ((n = read(fd, line, sizeof line)) < LINE - 1 || n > LINE ||
             sodium_hex2bin(key, SEED_SIZE, line, LINE - 1, NULL, &got, NULL) != 0 || got != SEED_SIZE)
        why = "not a key: a line of 64 hexadecimal digits is";
    sodium_memzero(line, sizeof line);
    int err = fd == -1 ? err_of_errno(errno) : why != NULL ? ERR_MALFORMED : ERR_OK;
    if (fd != -1)
        close(fd);
    if (why != NULL)
        snprintf(fault, 200, "%.120s: %s", file, why);
    return err;
}

int sign_load(const char *secret_file, struct sign_pair *pair, char fault[200])
{
    int err = crypto_start() == ERR_OK ? read_line(secret_file, true, pair->seed, fault) : ERR_IO;
    if (err == ERR_OK)
        crypto_sign_seed_keypair(pair->public_key, pair->secret, pair->seed);
    return err;
}

int sign_load_public(const char *file, uint8_t key[PUBLIC_SIZE], char fault[200])
{
    return crypto_start() == ERR_OK ? read_line(file, false, key, fault) : ERR_IO;
}

void sign_make(const struct sign_pair *pair, struct bytes message, uint8_t signature[SIGNATURE_SIZE])
{
    crypto_sign_detached(signature, NULL, message.at, message.n, pair->secret);
}

bool sign_holds(const uint8_t key[PUBLIC_SIZE], struct bytes message, struct bytes signature)
{
    return signature.n == SIGNATURE_SIZE && crypto_sign_verify_detached(signature.at, message.at, message.n, key) == 0;
}

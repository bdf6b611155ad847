#pragma once
#include "common/service/errand.h"

/* vault_copies: backups of the vault that lie in the service's own folder, FILES/vault under names ending in .vault, and go by themselves when
 * their term is over: whom a later act erases is in them, under the old key-encryption key.
 *
 * Age        is told by the file's first line, not by the clock of the disk. A file without such a line, or from the
 *            future, is none of ours, and stays; while the clock is suspect nothing goes.
 * Elsewhere  copies that somebody has put elsewhere are his to destroy in time. */
#define VAULT_COPIES     "vault"
#define VAULT_COPY_END   ".vault"
#define VAULT_HEAD_MAX   160
#define VAULT_LOOK_EVERY (60 * MOMENT_MINUTE)

void vault_head_write(struct buf *out, const char *service, unsigned rows, moment_t made);
/* False: not the first line of such a file. *made is 0 where it does not say (files from before). */
bool vault_head_read(const char *line, const char *service, unsigned *rows, moment_t *made);

/* What the errand remembers, zeroed at start; a look an hour. */
struct vault_copies { moment_t looked; };
void vault_copies_prune(struct errand *errand, struct vault_copies *copies, uint64_t days);

#pragma once
#include "services/node/node.h"

/* take: a row or a command as it is entered becomes what may be queued: personal fields sealed, marks made. Done by
 * who enters it, the command line or the intake errand, before any command of the node sees it.
 *
 * Key        keys/rows.key, 32 bytes, mode 0600: apart from the store and its backups. Without it the codes of persons
 *            in the queue cannot be read, and rows entered again are not known again; nothing else is lost.
 * Sealing    repeatable: the ephemeral pair of a sealed row comes from that key and the row, so that a step that was
 *            killed and is done again makes the same bytes. */
#define TAKE_KEY_FILE "rows.key"
struct taking {
    const struct node_config *config;
    uint8_t intake[32];                     /* what personal fields are sealed to: the settings' key, or intake_now()'s put here */
    struct hash_key key;
    struct arena *arena;                    /* what is made lives here */
    day_t today;
};
/* ERR_NOTFOUND, ERR_DENIED: no key, or others may read it. */
int  taking_open(struct taking *taking, const char *keys_dir, const struct node_config *config, struct arena *arena, day_t today);
void taking_wipe(struct taking *taking);

/* `message`: the method's message, open. `code`: the person's code in the list where the message names nobody yet (NULL:
 * it does, or needs none). False: the fault says why it cannot be taken. */
bool take_message(struct taking *taking, int method, const void *message, const char *code, const char *source,
                  struct node_enter *enter, struct staff_fault *fault);
struct hash take_mark(const struct taking *taking, const char *kind, struct bytes of);     /* its first NODE_MARK bytes */
/* The code that was sealed in person_sealed; NULL: not by this key. */
const char *take_code_open(const struct taking *taking, struct bytes sealed);

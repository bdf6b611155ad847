#pragma once
#include "common/journal/feed.h"

/* keys: who may speak. A directory holds one NAME.secret a key pair (mode 0600, refused when anybody else
 * may read it) and one table for all, principals.yaml, of public keys alone: it is copied to every machine.
 *
 * A principal is an id (UUID) with a role and a reach. The id survives rotation: two public keys may be
 * live for it at once. Revoking marks rows, nothing is deleted.
 *
 * Ownership  a loaded table is an immutable snapshot: load a new one aside, swap the pointer, free the old.
 * Threads    reading a snapshot: any. The functions that change files lock the directory against each other.
 * Errors     says (400 bytes) gets file, line and field, for a person. Files are written aside, synced,
 *            renamed, and the directory is synced. */
#define KEY_NAME_MAX   60
#define KEY_TEXT       40                   /* Z85 of 32 bytes, without the NUL */
#define PRINCIPALS_FILE "principals.yaml"
#define PRINCIPALS_MAX 1000

struct key_pair {
    char name[KEY_NAME_MAX + 1];
    struct uuid id;                         /* of the principal */
    char public_key[KEY_TEXT + 1], secret_key[KEY_TEXT + 1];
};
/* name: a-z, 0-9, - and _. ERR_EXISTS when NAME.secret is there; id nil: a new one. */
int  key_new(const char *dir, const char *name, const struct uuid *id, struct key_pair *pair, char says[400]);
/* A new pair for the same principal in place of the old one (which a running process goes on using). */
int  key_rotate(const char *dir, const char *name, struct key_pair *pair, char says[400]);
int  key_load(const char *dir, const char *name, struct key_pair *pair, char says[400]);
void key_wipe(struct key_pair *pair);

#define PRINCIPAL_ROW_FIELDS(X, S)                                                                  \
    X(S, UUID,  id,         _, 0,        0,                REQUIRED)                                \
    X(S, STR,   name,       _, 1,        KEY_NAME_MAX,     REQUIRED)                                \
    X(S, STR,   role,       _, 1,        40,               REQUIRED) /* a name of the roles */      \
    X(S, STR,   public_key, _, KEY_TEXT, KEY_TEXT,         REQUIRED)                                \
    X(S, BOOL,  all,        _, 0,        0,                OPTIONAL) /* reaches the whole region */ \
    X(S, UUIDS, scopes,     _, 0,        ENTRY_SCOPES_MAX, OPTIONAL) /* what it reaches */          \
    X(S, BOOL,  revoked,    _, 0,        0,                OPTIONAL)
MSG_DECLARE(principal_row, PRINCIPAL_ROW_FIELDS)
#define PRINCIPAL_TABLE_FIELDS(X, S)                                                                \
    X(S, LIST, principals, principal_row, 0, PRINCIPALS_MAX, OPTIONAL)
MSG_DECLARE(principal_table, PRINCIPAL_TABLE_FIELDS)

/* Changing the table (made when missing). ERR_EXISTS: this public key is listed already, or the name
 * belongs to another principal. Revoking one that is not listed: ERR_NOTFOUND. */
int  principals_add(const char *dir, const struct principal_row *row, char says[400]);
int  principals_revoke_key(const char *dir, const char *public_key, char says[400]);
int  principals_revoke(const char *dir, const struct uuid *id, char says[400]);     /* all its keys */
/* After key_rotate(): lists the new public key beside the old one with the same id, role and reach. */
int  principals_rotate(const char *dir, const struct key_pair *pair, char says[400]);

/* One row as it is looked up. role: index into the names given to principals_load(). */
struct principal_key {
    struct uuid id;
    const char *name, *role_name, *public_key;
    int role;
    struct reach reach;
    bool revoked;
};
struct principals;
/* roles NULL: role is -1 everywhere (for tools). A role that is not among them, a key listed twice, one id
 * with two names: ERR_MALFORMED, and the caller keeps the table it has. No file: ERR_NOTFOUND. */
int  principals_load(struct principals **out, const char *dir, const struct enum_desc *roles, char says[400]);
void principals_free(struct principals **principals);
/* Revoked rows are found too: look at `revoked`. By id and by name: the newest live row, or NULL. */
const struct principal_key *principals_by_key(const struct principals *principals, const char public_key[KEY_TEXT]);
const struct principal_key *principals_by_id(const struct principals *principals, const struct uuid *id);
const struct principal_key *principals_by_name(const struct principals *principals, const char *name);
uint32_t principals_count(const struct principals *principals);
const struct principal_key *principals_at(const struct principals *principals, uint32_t i);

/* principals: the table as it is looked up: rows in the order of the file, an index by key, a list by id. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/codec/text_forms.h"
#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/net/keys_parts.h"

#define SLOTS      4096                     /* a power of two, over twice PRINCIPALS_MAX */
#define SLOT_EMPTY UINT16_MAX

struct principals {
    struct arena arena;
    struct principal_key *row;
    uint32_t n;
    uint16_t slot[SLOTS];                   /* open addressing over public keys */
};

_Static_assert(SLOTS >= 2 * PRINCIPALS_MAX && PRINCIPALS_MAX < SLOT_EMPTY, "the index has room");

/* Public keys are as good as random: some of their characters are a hash already. Peers cannot choose
 * what stands in the table, so a plain sum of eight of them will do. */
static uint32_t slot_of(const char *public_key)
{
    uint64_t word;

    memcpy(&word, public_key + 4, sizeof word);
    return (uint32_t)((word * UINT64_C(0x9e3779b97f4a7c15)) >> 40) & (SLOTS - 1);
}

const struct principal_key *principals_by_key(const struct principals *principals, const char public_key[KEY_TEXT])
{
    for (uint32_t s = slot_of(public_key); principals->slot[s] != SLOT_EMPTY; s = (s + 1) & (SLOTS - 1)) {
        const struct principal_key *row = &principals->row[principals->slot[s]];
        if (memcmp(row->public_key, public_key, KEY_TEXT) == 0)
            return row;
    }
    return NULL;
}

const struct principal_key *principals_by_id(const struct principals *principals, const struct uuid *id)
{
    for (uint32_t i = principals->n; i-- > 0;)
        if (!principals->row[i].revoked && uuid_equal(&principals->row[i].id, id))
            return &principals->row[i];
    return NULL;
}

const struct principal_key *principals_by_name(const struct principals *principals, const char *name)
{
    for (uint32_t i = principals->n; i-- > 0;)
        if (!principals->row[i].revoked && strcmp(principals->row[i].name, name) == 0)
            return &principals->row[i];
    return NULL;
}

uint32_t principals_count(const struct principals *principals)
{
    return principals->n;
}

const struct principal_key *principals_at(const struct principals *principals, uint32_t i)
{
    assert(i < principals->n);
    return &principals->row[i];
}

void principals_free(struct principals **principals)
{
    if (*principals == NULL)
        return;
    struct arena arena = (*principals)->arena;
    arena_free(&arena);
    free(*principals);
    *principals = NULL;
}

static int fault(char says[SAYS], const char *file, uint32_t i, const char *field, const char *what)
{
    return says_fault(says, ERR_MALFORMED, "%s: principals[%u].%s: %s", file, i, field, what);
}

static int row_take(struct principals *p, const struct principal_row *from, const struct enum_desc *roles,
                    const char *file, char says[SAYS])
{
    uint32_t i = p->n;
    struct principal_key *row = &p->row[i];

    *row = (struct principal_key){ .id = from->id, .name = from->name, .role_name = from->role,
                                   .public_key = from->public_key, .role = -1, .revoked = from->revoked && !SABOTAGE("revoked_live") };
    if (roles != NULL && (row->role = enum_find(roles, from->role, strlen(from->role))) < 0)
        return fault(says, file, i, "role", "there is no such role");
    if (uuid_is_nil(&from->id))
        return fault(says, file, i, "id", "is all zero");
    if (principals_by_key(p, from->public_key) != NULL)
        return fault(says, file, i, "public_key", "is listed twice");
    for (uint32_t k = 0; k < i; k++)
        if (uuid_equal(&p->row[k].id, &row->id) != (strcmp(p->row[k].name, row->name) == 0))
            return fault(says, file, i, "name", "one principal, one name: this belongs to another id, or the id to another name");
    row->reach.all = from->all;
    row->reach.n = from->scopes.n;
    for (uint32_t k = 0; k < from->scopes.n; k++)
        row->reach.id[k] = from->scopes.at[k];
    uint32_t s = slot_of(row->public_key);
    while (p->slot[s] != SLOT_EMPTY)
        s = (s + 1) & (SLOTS - 1);
    p->slot[s] = (uint16_t)i;
    p->n++;
    return ERR_OK;
}

int principals_load(struct principals **out, const char *dir, const struct enum_desc *roles, char says[SAYS])
{
    struct principals *p = calloc(1, sizeof *p);
    struct principal_table table;
    char file[512];
    int err = ERR_NOMEM;

    *out = NULL;
    if (p == NULL)
        return err;
    memset(p->slot, 0xff, sizeof p->slot);
    snprintf(file, sizeof file, "%s/%s", dir, PRINCIPALS_FILE);
    if (access(file, F_OK) != 0 && errno == ENOENT)
        err = says_fault(says, ERR_NOTFOUND, "%s: is not there", file);
    else if ((err = config_read(file, &principal_table_desc, &p->arena, &table, says)) == ERR_OK)
        p->row = ARENA_LIST(&p->arena, struct principal_key, table.principals.n);
    for (uint32_t i = 0; err == ERR_OK && i < table.principals.n; i++)
        err = row_take(p, &table.principals.at[i], roles, file, says);
    if (err != ERR_OK)
        principals_free(&p);
    *out = p;
    return err;
}

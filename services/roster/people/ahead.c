#include "services/roster/people/worker_row.h"

const struct ahead_row *ahead_of(const struct ahead *ahead, const struct uuid *id)
{
    for (uint32_t i = ahead != NULL ? ahead->n : 0; i-- > 0; )
        if (uuid_equal(&ahead->row[i].known.id, id))
            return &ahead->row[i];
    return NULL;
}

static bool has_snils(const struct ahead_row *row, const struct hash *snils)
{
    return row->known.state.match_snils.n == HASH_SIZE && memcmp(row->known.state.match_snils.at, snils->b, HASH_SIZE) == 0;
}

static bool has_name(const struct ahead_row *row, const struct hash *name)
{
    return memcmp(row->known.state.match_name.at, name->b, HASH_SIZE) == 0;
}

bool ahead_code(struct ctx *ctx, const struct ahead *ahead, const struct hash *code, struct uuid *person)
{
    for (uint32_t i = ahead != NULL ? ahead->n : 0; i-- > 0; )
        if (memcmp(ahead->row[i].code.b, code->b, HASH_SIZE) == 0) {       /* each row against each other: not for hash_equal() */
            *person = ahead->row[i].known.id;
            return true;
        }
    return state_match(ctx, T_MATCH_CODES, code->b, person);
}

bool ahead_snils(struct ctx *ctx, const struct ahead *ahead, const struct hash *snils, struct uuid *person)
{
    for (uint32_t i = ahead != NULL ? ahead->n : 0; i-- > 0; )
        if (has_snils(&ahead->row[i], snils) && ahead_of(ahead, &ahead->row[i].known.id) == &ahead->row[i]) {
            *person = ahead->row[i].known.id;
            return true;
        }
    if (!state_match(ctx, T_MATCH_SNILS, snils->b, person))
        return false;
    return ahead_of(ahead, person) == NULL;     /* else he has given it away */
}

uint32_t ahead_namesakes(struct ctx *ctx, const struct ahead *ahead, const struct hash *name, struct uuid *persons, uint32_t max, bool *more)
{
    uint32_t n = state_namesakes(ctx, name->b, persons, max, more), kept = 0;

    for (uint32_t i = 0; i < n; i++)
        if (ahead_of(ahead, &persons[i]) == NULL)
            persons[kept++] = persons[i];
    for (uint32_t i = 0; ahead != NULL && i < ahead->n && kept < max; i++)
        if (has_name(&ahead->row[i], name) && ahead_of(ahead, &ahead->row[i].known.id) == &ahead->row[i])
            persons[kept++] = ahead->row[i].known.id;
    return kept;
}

void ahead_posts(struct ctx *ctx, const struct ahead *ahead, const struct uuid *person, struct moves *moves)
{
    const struct ahead_row *made = ahead_of(ahead, person);

    if (made == NULL) {
        moves_load(ctx, person, moves);
        return;
    }
    moves->posts = ARENA_LIST(ctx->arena, struct post_opened, POSTS_MAX + 1);
    moves->n = made->moves.n;
    moves->ended_n = 0;
    moves->bands = NULL;
    memcpy(moves->posts, made->moves.posts, moves->n * sizeof *moves->posts);
}

void ahead_add(struct ctx *ctx, struct ahead *ahead, const struct worker_row *row)
{
    struct ahead_row *made = &ahead->row[ahead->n++];
    struct person_state *state = &made->known.state;

    *made = (struct ahead_row){ .code = row->hashes.code, .known = row->match.known, .moves = row->moves };
    made->known.id = row->person;
    made->known.card = row->card;
    if (row->match.found && !row->person_changed)
        return;
    state->match_name = arena_bytes(ctx->arena, bytes(row->hashes.name.b, HASH_SIZE));
    if (row->hashes.has_snils)
        state->match_snils = arena_bytes(ctx->arena, bytes(row->hashes.snils.b, HASH_SIZE));
    made->known.bands = row->bands;
}

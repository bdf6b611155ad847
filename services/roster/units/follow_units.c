#include "services/roster/roster.h"

#include "common/core/failpoint.h"
#include "common/core/log.h"
#include "services/roster/units/units.h"

/* What follows a unit when its place changes, a batch at a time: the chains of what depends on it, and its people, whose
 * posts are cut at the days on which the chain above them changes. So a post lies under one chain alone, everybody's totals of
 * the days before stay as they were, and followers need no dates of the tree. The part that goes on is a post of its own with
 * `began` (ТК РФ ст. 75: the employment goes on). */

#define UNITS_BATCH   100       /* of what depends on one; two entries each at most */
#define UNIT_BYTES    1400      /* of those entries, about, without the chains */
#define SPAN_BYTES    (10 + 18 * CHAIN_MAX)
#define PEOPLE_SEEN   500       /* looked at in one batch */
#define ENTRIES_BATCH 96        /* then the next batch */
#define POST_BYTES    600       /* of a post in an entry, about, with what stands around it */
#define BAND_BYTES    70        /* of a band's span, at most */
#define BYTES_BATCH   (64u * 1024)
/* One more person adds at most every piece of every post, closed and opened, and the two entries of moves_emit(). */
_Static_assert(ENTRIES_BATCH + 2 * POSTS_MAX + 3 < ENTRY_GROUP_MAX, "a batch fits into a group");
_Static_assert(BYTES_BATCH + UNIT_BYTES + 2 * LINEAGE_MAX * SPAN_BYTES < ENTRY_GROUP_BYTES, "so does one more unit");
_Static_assert(BYTES_BATCH + 3 * POSTS_MAX * POST_BYTES + BAND_SPANS_MAX * BAND_BYTES < ENTRY_GROUP_BYTES, "and into its bytes");

/* ── chains below ─────────────────────────────────────────────────────────── */

/* How much was said about it; 0: it stands as it stood. */
static size_t place_anew(struct ctx *ctx, const struct uuid *id)
{
    struct unit was, unit;

    if (!unit_load(ctx, id, &was))
        return 0;
    unit = was;
    if (!unit_derive(ctx, &unit))
        return 0;                           /* as it was: what would not fit was refused above */
    bool same = true;
    for (int tree = 0; tree < org_tree_count; tree++)
        same &= lineage_equal(&was.spans[tree], &unit.spans[tree]);
    if (same)
        return 0;
    emit_placed(ctx, &unit);
    return UNIT_BYTES + SPAN_BYTES * (unit.spans[TREE_TERRITORY].n + unit.spans[TREE_FOUNDER].n);
}

enum verdict fire_units_follow(struct ctx *ctx, const struct uuid *id, moment_t due)
{
    struct units below;
    uint32_t n = 0, i = 0;
    size_t bytes = 0;

    (void)due;
    units_depending(ctx, id, &below);
    for (; i < below.n && n < UNITS_BATCH && bytes < BYTES_BATCH; i++) {
        size_t said = place_anew(ctx, &below.at[i]);
        n += said > 0;
        bytes += said;
    }
    if (i < below.n)                        /* those that are done are found done next time */
        emit(ctx, "roster.organisation.following", &(struct unit_following){ .id = *id }, NULL, 0);
    return VERDICT_OK;
}

/* ── people ───────────────────────────────────────────────────────────────── */

struct following { struct ctx *ctx; struct uuid unit; struct lineage_spans spans; uint32_t entries; size_t bytes; };

static bool lies_under(const struct post_opened *post, const struct lineage_piece *piece)
{
    return lineage_chain_equal(piece->span, post->chain.at, post->chain.n);
}

static bool post_void(const struct post_opened *post) { return post->until != 0 && post->until < post->from; }

bool post_lies_as_its_unit(const struct post_opened *post, const struct lineage_spans *spans)
{
    struct lineage_piece pieces[LINEAGE_MAX];
    return post_void(post) || spans->n == 0
        || (lineage_cut(spans, post->from, post->until, pieces) == 1 && lies_under(post, &pieces[0]));
}

static int kind_of(struct ctx *ctx, const struct uuid *id, int otherwise)
{
    struct organisation organisation;
    return state_organisation(ctx, id, &organisation) ? unit_counted_kind(ctx, &organisation) : otherwise;
}

/* One post into its pieces: the first keeps its id as long as it is the same organisation's. Entries are told at the end. */
static uint32_t cut_post(struct following *f, struct moves *moves, uint32_t at, bool *told)
{
    struct lineage_piece pieces[LINEAGE_MAX];
    struct post_opened whole = moves->posts[at], *post = &moves->posts[at];
    uint32_t n = lineage_cut(&f->spans, whole.from, whole.until, pieces);
    bool stays = uuid_equal(&pieces[0].span->chain.at[0], &whole.chain.at[0]);

    if (moves->n + n - stays > POSTS_MAX) {
        log_warning("roster", "a person with %u posts has no room for more: one of them does not follow its organisation", moves->n);
        return 0;
    }
    if (stays) {
        told[at] = !lies_under(&whole, &pieces[0]);     /* opened again: its present state */
        post->until = SABOTAGE("past_rewritten") ? whole.from - 1 : pieces[0].until;
        post->chain.n = pieces[0].span->chain.n;
        post->chain.at = pieces[0].span->chain.at;
    } else
        post->until = whole.from - 1;                   /* never there */
    for (uint32_t i = stays; i < n; i++) {
        struct post_opened *next = &moves->posts[moves->n];
        *next = whole;
        next->post = decide_id(f->ctx);
        next->from = pieces[i].from;
        next->until = pieces[i].until;
        next->began = whole.began != 0 ? whole.began : whole.from;
        next->chain.n = pieces[i].span->chain.n;
        next->chain.at = pieces[i].span->chain.at;
        next->organisation_kind = kind_of(f->ctx, &next->chain.at[0], whole.organisation_kind);
        told[moves->n++] = true;
    }
    return n + 1;
}

static void follow_person(struct following *f, const struct uuid *person)
{
    struct ctx *ctx = f->ctx;
    struct person_state state;
    struct uuid ids[SCOPE_IDS_MAX];
    struct moves moves;
    bool told[POSTS_MAX + 1] = { false }, ended[POSTS_MAX + 1] = { false };

    if (!state_person(ctx, person, &state))
        return;
    moves_load(ctx, person, &moves);
    uint32_t before = moves.n, changed = 0;
    for (uint32_t i = 0; i < before; i++) {
        struct post_opened was = moves.posts[i];
        if (!uuid_equal(&was.chain.at[0], &f->unit) || post_lies_as_its_unit(&was, &f->spans))
            continue;
        changed += cut_post(f, &moves, i, told);
        ended[i] = !told[i] && moves.posts[i].until != was.until;
    }
    if (changed == 0)
        return;
    uint32_t n = moves_scope(&moves, ctx->today, ids);
    for (uint32_t i = 0; i < moves.n; i++)
        if (told[i])
            emit_post_opened(ctx, &moves.posts[i], ids, n);
        else if (ended[i])
            emit_post_closed(ctx, &moves.posts[i], ids, n);
    moves_emit(ctx, person, &state, &moves);
    f->entries += changed + 2;
    f->bytes += (changed + moves.n) * POST_BYTES + BANDS_MAX * BAND_BYTES;
}

/* The next people with posts in the unit, each once; how many. */
static uint32_t people_next(struct ctx *ctx, const struct uuid *unit, const struct uuid *after, struct uuid *people)
{
    struct key prefix = key_of_uuid(unit), from = key_of_uuid(unit);
    struct uuid behind = *after;
    struct bytes key, value;
    struct unit_post row;
    struct scan scan;
    uint32_t n = 0;

    key_uuid(&from, after);
    scan_begin(&scan, ctx->txn, T_UNIT_POSTS, key_bytes(&prefix));
    scan_from(&scan, key_bytes(&from));
    while (n < PEOPLE_SEEN && scan_next(&scan, &key, &value) && state_unit_post(ctx, key, value, &row))
        if (!uuid_equal(&row.person, &behind))
            people[n++] = behind = row.person;
    scan_end(&scan);
    return n;
}

enum verdict fire_people_follow(struct ctx *ctx, const struct uuid *id, moment_t due)
{
    struct uuid *people = ARENA_LIST(ctx->arena, struct uuid, PEOPLE_SEEN), after = unit_followed(ctx, id);
    struct following f = { .ctx = ctx, .unit = *id };
    struct unit unit;
    uint32_t i = 0;

    (void)due;
    if (!unit_load(ctx, id, &unit))
        return VERDICT_OK;
    f.spans = unit.spans[TREE_TERRITORY];
    uint32_t n = people_next(ctx, id, &after, people);
    while (i < n && f.entries < ENTRIES_BATCH && f.bytes < BYTES_BATCH)
        follow_person(&f, &people[i++]);
    if (i < n || n == PEOPLE_SEEN)
        emit(ctx, "roster.organisation.following", &(struct unit_following){ *id, people[i - 1] }, NULL, 0);
    return VERDICT_OK;
}

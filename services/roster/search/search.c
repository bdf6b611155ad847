#include "services/roster/search/search.h"

#include "common/core/failpoint.h"
#include "common/core/text.h"
#include "common/journal/entry.h"
#include "services/roster/people/filter.h"
#include "services/roster/privacy/privacy.h"

/* roster.person.search: decide finds and says in the entry whom it shows; the answer opens their cards, and theirs alone. */

struct search {
    struct names_question question;
    struct filter filter;
    const struct uuid *unit;                /* NULL: wherever */
    uint32_t limit, looks;
    struct person_searched found;
};

/* ── what is asked ────────────────────────────────────────────────────────── */

static size_t letters(const char *word)
{
    size_t n = 0;
    for (; *word != '\0'; word++)
        n += ((unsigned char)*word & 0xC0) != 0x80;
    return n;
}

static enum verdict read_words(struct ctx *ctx, const struct person_search *asked, struct names_words *words)
{
    size_t longest = 0;

    if (!names_words_read(ctx->arena, asked->words.at, asked->words.n, words)) {
        if (words->n == 0)
            return refuse_field(ctx, "search_no_word", "words", "missing");
        refuse_field(ctx, "search_many_words", "words", "too_many");
        refuse_arg(ctx, "most", arena_format(ctx->arena, "%d", NAMES_WORDS_MAX));
        return VERDICT_REFUSED;
    }
    for (uint32_t i = 0; i < words->n; i++)
        longest = letters(words->at[i]) > longest ? letters(words->at[i]) : longest;
    if (longest >= SEARCH_LETTERS_MIN)
        return VERDICT_OK;
    refuse_field(ctx, "search_short", "words", "too_short");
    refuse_arg(ctx, "least", arena_format(ctx->arena, "%d", SEARCH_LETTERS_MIN));
    return VERDICT_REFUSED;
}

/* A page ends with an id and a folded name: whoever was shown it has seen it. */
static struct bytes page_end(struct arena *arena, const struct names_hit *hit)
{
    size_t n = strlen(hit->text);
    uint8_t *at = arena_alloc(arena, sizeof hit->id.b + n);

    memcpy(at, hit->id.b, sizeof hit->id.b);
    memcpy(at + sizeof hit->id.b, hit->text, n);
    return bytes(at, sizeof hit->id.b + n);
}

static enum verdict read_page(struct ctx *ctx, struct bytes after, struct names_hit *behind)
{
    if (after.n == 0)
        return VERDICT_OK;
    const char *text = (const char *)after.at + sizeof behind->id.b;
    if (after.n < sizeof behind->id.b || !text_valid(text, after.n - sizeof behind->id.b))
        return refuse_field(ctx, "page_unknown", "after", "prefix");
    memcpy(behind->id.b, after.at, sizeof behind->id.b);
    behind->text = arena_string(ctx->arena, text, after.n - sizeof behind->id.b);
    return VERDICT_OK;
}

static enum verdict read_question(struct ctx *ctx, const struct person_search *asked, struct search *search)
{
    day_t on = asked->on != 0 ? asked->on : ctx->today;
    struct worker_filter filter = FILTER_OF(asked);

    search->limit = asked->limit != 0 ? (uint32_t)asked->limit : SEARCH_ROWS;
    search->found = (struct person_searched){ .purpose = asked->purpose, .unit = asked->unit };
    search->found.persons.at = ARENA_LIST(ctx->arena, struct uuid, search->limit);
    if (read_words(ctx, asked, &search->question.words) != VERDICT_OK || read_page(ctx, asked->after, &search->question.behind) != VERDICT_OK ||
        filter_read(ctx, &filter, on, &search->filter) != VERDICT_OK)
        return VERDICT_REFUSED;
    search->found.words = search->question.words.n;
    if (uuid_is_nil(&asked->unit))
        return VERDICT_OK;
    search->unit = &asked->unit;
    return unit_at_hand(ctx, &asked->unit, NULL);
}

/* ── who is found ─────────────────────────────────────────────────────────── */

static bool ever_at(struct ctx *ctx, const struct uuid *unit, const struct uuid *person)
{
    struct key prefix = key_of_uuid(unit);
    struct scan scan;

    key_uuid(&prefix, person);
    scan_begin(&scan, ctx->txn, T_UNIT_POSTS, key_bytes(&prefix));
    bool found = scan_next(&scan, &(struct bytes){ 0 }, NULL);
    scan_end(&scan);
    return found;
}

/* Cheaply, before his row is opened: has he ever had a post at what the asker reaches? */
static bool perhaps_reached(struct ctx *ctx, const struct uuid *person)
{
    const struct reach *reach = &ctx->who->reach;

    for (uint32_t i = 0; i < reach->n && !reach->all; i++)
        if (uuid_equal(&reach->id[i], person) || ever_at(ctx, &reach->id[i], person))
            return true;
    return reach->all;
}

static bool posts_fit(struct ctx *ctx, const struct search *search, const struct uuid *person)
{
    struct post_opened *posts;
    uint32_t n;

    if (search->unit == NULL && !filter_is_of_posts(&search->filter))
        return true;
    posts = ARENA_LIST(ctx->arena, struct post_opened, POSTS_MAX);
    n = state_posts_of(ctx, person, posts, POSTS_MAX);
    for (uint32_t i = 0; i < n; i++)
        if ((search->unit == NULL || id_among(search->unit, posts[i].chain.at, posts[i].chain.n)) &&
            filter_post(ctx, &search->filter, &posts[i]))
            return true;
    return false;
}

static bool shown(struct ctx *ctx, const struct search *search, const struct uuid *person)
{
    struct person_state state;

    return perhaps_reached(ctx, person) && (search->unit == NULL || ever_at(ctx, search->unit, person)) &&
           state_person(ctx, person, &state) && search_finds(ctx, person, &state) &&
           person_reached(ctx, person, &state) && posts_fit(ctx, search, person) && filter_person(ctx, &search->filter, person);
}

/* Whoever fits is shown, so a page needs no more than its rows and one. */
static bool everybody_is_shown(const struct ctx *ctx, const struct search *search)
{
    const struct filter *filter = &search->filter;
    return ctx->who->reach.all && search->unit == NULL && !filter_is_of_posts(filter) && filter->band == NULL && filter->register_id == NULL;
}

/* What has changed since the index was told: looked at here, as this transaction has it. */
static void add_marked(struct ctx *ctx, struct names_walk *walk, const struct uuid *marked, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        struct known known = { .id = marked[i] };
        struct person_state state;
        if (!state_person(ctx, &marked[i], &state) || !search_finds(ctx, &marked[i], &state) || !match_open(ctx, &state, &known))
            continue;
        struct names_hit hit = { names_text(ctx->arena, known.card.family, known.card.given, known.card.patronymic), marked[i] };
        names_walk_add(walk, &hit);
    }
}

static void walk_on(struct ctx *ctx, struct search *search, struct names_walk *walk)
{
    struct person_searched *found = &search->found;
    struct names_hit hit;

    while (names_walk_next(walk, &hit)) {
        if (found->persons.n == search->limit || search->looks == SEARCH_LOOKS_MAX) {
            found->more = true;
            return;
        }
        search->looks++;
        found->last = hit.id;
        if (shown(ctx, search, &hit.id))
            found->persons.at[found->persons.n++] = hit.id;
    }
    found->more = walk->cut;
}

static enum verdict unavailable(struct ctx *ctx, struct names *names)
{
    struct names_standing standing;

    names_stand(names, &standing);
    return refuse(ctx, PROBLEM_UNAVAILABLE, standing.phase == NAMES_UNLOCKED ? "names_unlocked"
                                          : standing.phase == NAMES_FULL ? "names_full" : "indexing");
}

enum verdict decide_person_search(struct ctx *ctx, const void *command)
{
    const struct uuid *region = &roster_config(ctx)->profile->region->id;
    struct uuid *marked = ARENA_LIST(ctx->arena, struct uuid, SEARCH_MARKS_MAX);
    struct names *names = service_memory(ctx);
    struct search search = { 0 };
    struct names_walk walk;
    uint32_t n = 0;

    if (read_question(ctx, command, &search) != VERDICT_OK)
        return VERDICT_REFUSED;
    search.question.most = (everybody_is_shown(ctx, &search) ? search.limit : SEARCH_LOOKS_MAX) + 1;
    bool ready = names_walk_begin(names, &search.question, ctx->arena, &walk, marked, SEARCH_MARKS_MAX, &n);
    if (ready) {
        add_marked(ctx, &walk, marked, n);
        walk_on(ctx, &search, &walk);
    }
    names_walk_end(&walk);
    if (!ready)
        return unavailable(ctx, names);
    emit(ctx, "roster.person.searched", &search.found, region, 1);
    return VERDICT_OK;
}

/* ── what is shown of them ────────────────────────────────────────────────── */

static bool open_shown(struct ctx *ctx, const struct uuid *person, struct person_state *state, struct known *known)
{
    *known = (struct known){ .id = *person };
    return state_person(ctx, person, state) && search_finds(ctx, person, state) && match_open(ctx, state, known) &&
           person_reached(ctx, person, state);
}

/* Of the posts held on the day the main one, the newest of those. */
static void place(struct ctx *ctx, struct found_person *row, day_t on)
{
    const struct post_opened *post = NULL;
    struct organisation organisation;
    struct moves moves;

    moves_load(ctx, &row->person, &moves);
    for (uint32_t i = 0; i < moves.n; i++) {
        const struct post_opened *one = &moves.posts[i];
        if (!post_held(one->from, one->until, on))
            continue;
        row->posts++;
        if (post == NULL || (one->main != post->main ? one->main : one->from > post->from))
            post = one;
    }
    if (post == NULL)
        return;
    row->organisation = post->chain.at[0];
    row->post = post->title;
    row->subject = post->subject;
    row->from = post->from;
    if (state_organisation(ctx, &row->organisation, &organisation))
        row->organisation_title = organisation.title;
}

/* Whoever is gone since is left out; where the name that the page ended with is gone, the one before it will do. */
static struct bytes next_page(struct ctx *ctx, const struct person_searched *found, struct bytes after)
{
    struct names_hit hit = { NULL, found->last };
    struct person_state state;

    for (uint32_t i = found->persons.n + 1; i > 0 && hit.text == NULL; i--) {
        struct known known = { .id = i > found->persons.n ? found->last : found->persons.at[i - 1] };
        if (!state_person(ctx, &known.id, &state) || person_gone(&state) || !match_open(ctx, &state, &known))
            continue;
        hit = (struct names_hit){ names_text(ctx->arena, known.card.family, known.card.given, known.card.patronymic), known.id };
    }
    if (hit.text != NULL)
        return page_end(ctx->arena, &hit);
    return after.n > 0 ? after : page_end(ctx->arena, &(struct names_hit){ "", UUID_NIL });     /* the same page once more */
}

/* Of the entry: whoever may be seen still. `on`: the day of their posts; `after`: as asked for. */
static enum verdict show(struct ctx *ctx, day_t on, struct bytes after)
{
    struct people_found answer = { 0 };
    struct person_searched found;
    struct person_state state;
    struct msg_error error;
    struct known known;

    if (msg_decode(&person_searched_desc, ctx->entry->body, MSG_LENIENT, ctx->arena, &found, &error) != 0)
        return refuse(ctx, PROBLEM_INTERNAL, "answer");
    answer.rows.at = ARENA_LIST(ctx->arena, struct found_person, found.persons.n + 1);
    for (uint32_t i = 0; i < found.persons.n; i++) {
        if (!open_shown(ctx, &found.persons.at[i], &state, &known))
            continue;
        struct found_person *row = &answer.rows.at[answer.rows.n++];
        *row = (struct found_person){ .person = known.id, .family = known.card.family, .given = known.card.given,
                                      .patronymic = known.card.patronymic };
        place(ctx, row, on);
    }
    if (found.more)
        answer.next = next_page(ctx, &found, after);
    reply(ctx, &answer);
    return VERDICT_OK;
}

enum verdict answer_person_search(struct ctx *ctx, const void *command)
{
    const struct person_search *asked = command;
    return show(ctx, asked->on != 0 ? asked->on : ctx->today, asked->after);
}

/* ── names of those who are in a list ─────────────────────────────────────── */

enum verdict decide_person_name(struct ctx *ctx, const void *command)
{
    const struct uuid *region = &roster_config(ctx)->profile->region->id;
    const struct person_name *asked = command;
    struct person_searched found = { .persons.at = ARENA_LIST(ctx->arena, struct uuid, asked->persons.n), .purpose = asked->purpose };
    struct person_state state;
    struct known known;

    for (uint32_t i = 0; i < asked->persons.n; i++)
        if (open_shown(ctx, &asked->persons.at[i], &state, &known))
            found.persons.at[found.persons.n++] = asked->persons.at[i];
    emit(ctx, "roster.person.searched", &found, region, 1);
    return VERDICT_OK;
}

enum verdict answer_person_name(struct ctx *ctx, const void *command)
{
    (void)command;
    return show(ctx, ctx->today, bytes(NULL, 0));
}

/* The entry itself is all there is to keep of a search. */
void apply_person_searched(struct ctx *ctx, const void *event)
{
    (void)ctx;
    (void)event;
}

#include "services/roster/search/names_parts.h"

/* Of the words asked for, the one that the fewest words of names begin with says who is looked at; the others are held
 * against each name. Of what fits a page wants the first: a heap keeps no more than it may look at. */

static int hits_compare(const struct names_hit *a, const struct names_hit *b)
{
    int order = strcmp(a->text, b->text);
    return order != 0 ? order : uuid_compare(&a->id, &b->id);
}

static void swap(struct names_hit *a, struct names_hit *b)
{
    struct names_hit moved = *a;
    *a = *b;
    *b = moved;
}

/* The greatest of `n` stands first. */
static void sink(struct names_hit *heap, uint32_t n, uint32_t i)
{
    for (;;) {
        uint32_t most = i, left = 2 * i + 1, right = left + 1;
        if (left < n && hits_compare(&heap[left], &heap[most]) > 0)
            most = left;
        if (right < n && hits_compare(&heap[right], &heap[most]) > 0)
            most = right;
        if (most == i)
            return;
        swap(&heap[i], &heap[most]);
        i = most;
    }
}

/* The first `most` of all, whatever order they come in: what is behind the greatest of them is left out. */
static void hit_add(struct names_walk *walk, const struct names_hit *hit)
{
    if (walk->n == walk->most) {
        walk->cut = true;
        if (hits_compare(hit, &walk->heap[0]) < 0) {
            walk->heap[0] = *hit;
            sink(walk->heap, walk->n, 0);
        }
        return;
    }
    walk->heap[walk->n++] = *hit;
    for (uint32_t i = walk->n - 1; i > 0 && hits_compare(&walk->heap[i], &walk->heap[(i - 1) / 2]) > 0; i = (i - 1) / 2)
        swap(&walk->heap[i], &walk->heap[(i - 1) / 2]);
}

static void put_in_order(struct names_walk *walk)
{
    for (uint32_t n = walk->n; n > 1; n--) {
        swap(&walk->heap[0], &walk->heap[n - 1]);
        sink(walk->heap, n - 1, 0);
    }
    walk->ordered = true;
}

static bool fits(const struct names_words *words, const struct names_hit *behind, const struct names_hit *hit)
{
    return names_match(hit->text, words) && (behind->text == NULL || hits_compare(hit, behind) > 0);
}

/* Which entries of the index begin with a word, as far as keys can tell. */
struct range { struct names_place from, to; uint64_t n, last; };

static struct range range_of(const struct names *names, const char *word)
{
    struct range range = { .last = names_key(word, strlen(word), 0xff) };

    range.from = sorted_find(&names->words, names_key(word, strlen(word), 0), 0);
    range.to = sorted_find(&names->words, range.last, UINT32_MAX);
    range.n = sorted_between(&names->words, range.from, range.to);
    return range;
}

static struct range narrowest(const struct names *names, const struct names_words *words)
{
    struct range best = range_of(names, words->at[0]);

    for (uint32_t i = 1; i < words->n; i++) {
        struct range range = range_of(names, words->at[i]);
        if (range.n < best.n)
            best = range;
    }
    return best;
}

/* Of this search: `seen` of the slots is compared with its number. */
static void search_begin(struct names *names)
{
    if (++names->search != 0)
        return;
    for (uint32_t i = 0; i < names->slots; i++)
        names->slot[i].seen = 0;
    names->search = 1;
}

static uint32_t marked_apart(struct names *names, struct uuid *marked)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < names->marks; i++) {
        uint32_t slot = names_slot(names, &names->mark[i].person);
        bool known = slot != NAMES_NONE && names->slot[slot].seen == names->search;
        for (uint32_t k = 0; k < n && !known && slot == NAMES_NONE; k++)
            known = uuid_equal(&marked[k], &names->mark[i].person);
        if (slot != NAMES_NONE)
            names->slot[slot].seen = names->search;
        if (!known)
            marked[n++] = names->mark[i].person;
    }
    return n;
}

bool names_walk_begin(struct names *names, const struct names_question *question, struct arena *arena, struct names_walk *walk,
                      struct uuid *marked, uint32_t max, uint32_t *marked_n)
{
    uint64_t key;
    uint32_t i;

    *walk = (struct names_walk){ .names = names, .question = question, .most = question->most };
    pthread_mutex_lock(&names->lock);
    if (names->phase != NAMES_READY || names->marks > max)
        return false;
    walk->heap = ARENA_LIST(arena, struct names_hit, walk->most);
    search_begin(names);
    *marked_n = marked_apart(names, marked);
    struct range range = narrowest(names, &question->words);
    for (struct names_place at = range.from; sorted_at(&names->words, &at, &key, &i) && key <= range.last; at.at++) {
        struct names_slot *slot = &names->slot[i];
        if (slot->seen == names->search)
            continue;                       /* by another word of his name, or marked */
        slot->seen = names->search;
        names_walk_add(walk, &(struct names_hit){ slot->text, slot->id });
    }
    return true;
}

void names_walk_add(struct names_walk *walk, const struct names_hit *hit)
{
    if (fits(&walk->question->words, &walk->question->behind, hit))
        hit_add(walk, hit);
}

bool names_walk_next(struct names_walk *walk, struct names_hit *hit)
{
    if (!walk->ordered)
        put_in_order(walk);
    if (walk->at == walk->n)
        return false;
    *hit = walk->heap[walk->at++];
    return true;
}

void names_walk_end(struct names_walk *walk)
{
    pthread_mutex_unlock(&walk->names->lock);
}

#include "services/roster/search/names.h"

#include <stdlib.h>

#include "common/core/log.h"
#include "common/core/text.h"
#include "services/roster/search/names_parts.h"

struct names *names_open(bool unlocked)
{
    struct names *names = calloc(1, sizeof *names);

    if (names == NULL || (names->memory = locked_open(NAMES_BYTES, unlocked)) == NULL) {
        free(names);
        return NULL;
    }
    pthread_mutex_init(&names->lock, NULL);
    names->unlocked = unlocked;
    names->free = NAMES_NONE;
    return names;
}

/* All of it, locked memory included: what was taken is wiped and given back. */
static void empty(struct names *names)
{
    sorted_clear(&names->words, names->memory);
    sorted_clear(&names->ids, names->memory);
    free(names->slot);
    names->slot = NULL;
    names->slots = names->room = names->people = names->search = 0;
    names->free = NAMES_NONE;
    locked_close(&names->memory);
}

void names_close(struct names *names)
{
    if (names == NULL)
        return;
    empty(names);
    free(names->mark);
    pthread_mutex_destroy(&names->lock);
    free(names);
}

/* From the first person on again. Marks are dropped, so no state counts that has not all of their entries. */
static void start_over(struct names *names, uint64_t floor)
{
    empty(names);
    if ((names->memory = locked_open(NAMES_BYTES, names->unlocked)) == NULL)
        log_die("names", "out of memory");
    names->phase = NAMES_BUILDING;
    names->begun = false;
    names->after = UUID_NIL;
    names->marks = 0;
    names->floor = floor;
}

/* ── texts ────────────────────────────────────────────────────────────────── */

/* Hyphens of all kinds part words, apostrophes are nothing: what name rules let through (staff_rules.c), and what people type. */
static void break_up(char *text)
{
    static const struct { const char *is; char becomes; } SIGNS[] = {
        { "-", ' ' }, { "\u2010", ' ' }, { "\u2011", ' ' }, { "\u2012", ' ' }, { "\u2013", ' ' }, { "\u2014", ' ' },
        { ",", ' ' }, { ".", ' ' }, { "'", 0 }, { "\u2019", 0 }, { "\u02bc", 0 }, { "`", 0 },
    };
    char *to = text;
    bool space = true;                      /* none at the beginning */

    for (const char *from = text; *from != '\0'; ) {
        size_t i = 0, n = 1;
        while (i < sizeof SIGNS / sizeof *SIGNS && strncmp(from, SIGNS[i].is, strlen(SIGNS[i].is)) != 0)
            i++;
        bool sign = i < sizeof SIGNS / sizeof *SIGNS;
        char one = sign ? SIGNS[i].becomes : *from;
        n = sign ? strlen(SIGNS[i].is) : 1;
        from += n;
        if (one == '\0' || (one == ' ' && space))
            continue;
        *to++ = one;
        space = one == ' ';
    }
    while (to > text && to[-1] == ' ')
        to--;
    *to = '\0';
}

char *names_text(struct arena *arena, const char *family, const char *given, const char *patronymic)
{
    char *text = text_fold(arena, arena_format(arena, "%s %s %s", family, given, patronymic != NULL ? patronymic : ""));

    break_up(text);
    if (strlen(text) >= NAMES_TEXT_MAX)
        text[NAMES_TEXT_MAX - 1] = '\0';    /* longer than any name that comes in */
    return text;
}

bool names_words_read(struct arena *arena, const char *const *texts, uint32_t n, struct names_words *words)
{
    *words = (struct names_words){ 0 };
    for (uint32_t i = 0; i < n; i++) {
        char *text = text_fold(arena, texts[i]), *rest = NULL;
        break_up(text);
        for (char *word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
            if (words->n == NAMES_WORDS_MAX)
                return false;
            words->at[words->n++] = word;
        }
    }
    return words->n > 0;
}

static bool has_word(const char *text, const char *word)
{
    size_t n = strlen(word);

    for (const char *at = text; at != NULL; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, word, n) == 0)
            return true;
    }
    return false;
}

bool names_match(const char *text, const struct names_words *words)
{
    for (uint32_t i = 0; i < words->n; i++)
        if (!has_word(text, words->at[i]))
            return false;
    return true;
}

uint64_t names_key(const char *word, size_t n, uint8_t fill)
{
    uint64_t key = 0;

    for (size_t i = 0; i < sizeof key; i++)
        key = key << 8 | (i < n ? (uint8_t)word[i] : fill);
    return key;
}

static uint64_t key_of_id(const struct uuid *id)
{
    uint64_t key;
    memcpy(&key, id->b + sizeof id->b - sizeof key, sizeof key);
    return key;
}

/* ── putting and taking ───────────────────────────────────────────────────── */

uint32_t names_slot(const struct names *names, const struct uuid *id)
{
    uint64_t wanted = key_of_id(id), key;
    struct names_place place = sorted_find(&names->ids, wanted, 0);
    uint32_t slot;

    for (; sorted_at(&names->ids, &place, &key, &slot) && key == wanted; place.at++)
        if (uuid_equal(&names->slot[slot].id, id))
            return slot;
    return NAMES_NONE;
}

static void slot_take(struct names *names, uint32_t i)
{
    struct names_slot *slot = &names->slot[i];

    for (const char *word = slot->text; *word != '\0'; ) {
        size_t n = strcspn(word, " ");
        sorted_take(&names->words, names->memory, names_key(word, n, 0), i);
        word += n + (word[n] == ' ');
    }
    sorted_take(&names->ids, names->memory, key_of_id(&slot->id), i);
    locked_free(names->memory, slot->text, slot->n);
    *slot = (struct names_slot){ .next = names->free };
    names->free = i;
    names->people--;
}

static uint32_t slot_new(struct names *names)
{
    uint32_t i = names->free;

    if (i != NAMES_NONE) {
        names->free = names->slot[i].next;
        return i;
    }
    if (names->slots == names->room) {
        uint32_t room = names->room == 0 ? 1024 : names->room * 2;
        struct names_slot *more = realloc(names->slot, room * sizeof *more);
        if (more == NULL)
            log_die("names", "out of memory");
        names->slot = more;
        names->room = room;
    }
    return names->slots++;
}

static bool slot_fill(struct names *names, const struct uuid *person, const char *text)
{
    uint32_t n = (uint32_t)strlen(text) + 1;
    char *kept = locked_alloc(names->memory, n);

    if (kept == NULL)
        return false;
    memcpy(kept, text, n);
    uint32_t i = slot_new(names);
    names->slot[i] = (struct names_slot){ .id = *person, .text = kept, .n = n };
    names->people++;
    bool good = sorted_put(&names->ids, names->memory, key_of_id(person), i);
    for (const char *word = kept; good && *word != '\0'; ) {
        size_t length = strcspn(word, " ");
        good = sorted_put(&names->words, names->memory, names_key(word, length, 0), i);
        word += length + (word[length] == ' ');
    }
    return good;
}

bool names_put(struct names *names, const struct uuid *person, const char *text)
{
    bool good = true;

    pthread_mutex_lock(&names->lock);
    if (names->phase <= NAMES_READY) {
        uint32_t i = names_slot(names, person);
        bool same = i != NAMES_NONE && text != NULL && strcmp(names->slot[i].text, text) == 0;
        if (i != NAMES_NONE && !same)
            slot_take(names, i);
        if (text != NULL && !same && !slot_fill(names, person, text)) {
            enum locked_trouble trouble = locked_trouble(names->memory);
            start_over(names, 0);
            names->phase = trouble == LOCKED_REFUSED ? NAMES_UNLOCKED : NAMES_FULL;
        }
    }
    good = names->phase <= NAMES_READY;
    pthread_mutex_unlock(&names->lock);
    return good;
}

void names_forget(struct names *names, const struct uuid *person)
{
    pthread_mutex_lock(&names->lock);
    uint32_t i = names_slot(names, person);
    if (i != NAMES_NONE)
        slot_take(names, i);
    pthread_mutex_unlock(&names->lock);
}

/* ── marks ────────────────────────────────────────────────────────────────── */

static uint64_t marks_last(const struct names *names, uint64_t number)
{
    for (uint32_t i = 0; i < names->marks; i++)
        number = names->mark[i].number > number ? names->mark[i].number : number;
    return number;
}

void names_mark(struct names *names, const struct uuid *person, uint64_t number)
{
    pthread_mutex_lock(&names->lock);
    if (names->mark == NULL && (names->mark = calloc(NAMES_MARKS_MAX, sizeof *names->mark)) == NULL)
        log_die("names", "out of memory");
    struct names_marked *last = names->marks > 0 ? &names->mark[names->marks - 1] : NULL;
    if (names->phase > NAMES_READY)
        names->marks = 0;                   /* nobody finds anything */
    else if (last != NULL && uuid_equal(&last->person, person))
        last->number = last->number > number ? last->number : number;
    else if (names->marks < NAMES_MARKS_MAX)
        names->mark[names->marks++] = (struct names_marked){ *person, number };
    else
        start_over(names, marks_last(names, number));
    pthread_mutex_unlock(&names->lock);
}

uint32_t names_marks(struct names *names, uint64_t number, struct names_marked *marked, uint32_t max)
{
    uint32_t n = 0;

    pthread_mutex_lock(&names->lock);
    for (uint32_t i = 0; i < names->marks && n < max; i++)
        if (names->mark[i].number <= number)
            marked[n++] = names->mark[i];
    pthread_mutex_unlock(&names->lock);
    return n;
}

/* Those that names_marks() gave, in their order: a later mark of the same person stays. */
void names_refreshed(struct names *names, const struct names_marked *marked, uint32_t n)
{
    uint32_t kept = 0, k = 0;

    pthread_mutex_lock(&names->lock);
    for (uint32_t i = 0; i < names->marks; i++) {
        const struct names_marked *mark = &names->mark[i];
        if (k < n && mark->number == marked[k].number && uuid_equal(&mark->person, &marked[k].person))
            k++;
        else
            names->mark[kept++] = *mark;
    }
    names->marks = kept;
    pthread_mutex_unlock(&names->lock);
}

/* ── building ─────────────────────────────────────────────────────────────── */

bool names_building(struct names *names, uint64_t number, struct uuid *after)
{
    pthread_mutex_lock(&names->lock);
    bool building = names->phase == NAMES_BUILDING && number >= names->floor;
    *after = names->begun ? names->after : UUID_NIL;
    names->begun |= building;
    pthread_mutex_unlock(&names->lock);
    return building;
}

void names_built(struct names *names, const struct uuid *last, bool done)
{
    pthread_mutex_lock(&names->lock);
    if (names->phase == NAMES_BUILDING && names->begun) {       /* not started over meanwhile */
        names->after = *last;
        if (done) {
            names->phase = NAMES_READY;
            log_info("names", "%u people can be found by name; %zu KiB%s", names->people, locked_used(names->memory) / 1024,
                     locked_all(names->memory) ? ", locked" : ", NOT locked");
        }
    }
    pthread_mutex_unlock(&names->lock);
}

void names_stand(struct names *names, struct names_standing *standing)
{
    pthread_mutex_lock(&names->lock);
    *standing = (struct names_standing){ .phase = names->phase, .people = names->people, .marks = names->marks,
                                         .bytes = locked_used(names->memory), .swappable = !locked_all(names->memory) };
    pthread_mutex_unlock(&names->lock);
}

#pragma once
#include <pthread.h>

#include "common/core/arena.h"
#include "common/core/locked.h"
#include "common/core/uuid.h"
#include "proto/roster_search.h"

/* names: people found by words of their names, in memory alone.
 *
 * Holds      of each person the folded words of his name ("воробьева анна сергеевна"), and where each word begins: sorted
 *            blocks of (first letters, person). Nothing of it is ever written; it lies in locked memory (core/locked.h),
 *            is wiped word by word as people leave it, and whole at the end.
 * Folding    letters without case, ё as е, runs of space as one, hyphens as spaces (each part of Мамин-Сибиряк is a word),
 *            apostrophes left out (О’Нил is онил).
 * Finding    every word asked for is the beginning of some word of the name, in any order. Found people come in the order
 *            of their folded names, then of their ids: a page goes on behind a name, whatever was added or taken meanwhile.
 * Marks      whoever changes a person's row says so (names_mark) with the number of the entry that does. A mark goes when
 *            the person was read anew from a state that has that entry (names_refreshed). Until then the searcher looks at
 *            the marked himself, and the index is not asked about them: so nobody waits for anybody, and what
 *            was changed is found, and what is gone is not, from the next command on. An entry that did not come to be
 *            leaves a mark that does no harm.
 * Threads    any; calls take the lock. names_walk_begin() keeps it until names_walk_end(): short, and no waiting in between.
 * Bounds     NAMES_BYTES of locked memory, NAMES_MARKS_MAX marks. More marks, and it is built anew. */
#define NAMES_BYTES      ((size_t)256 << 20)    /* some 1.4 million people */
#define NAMES_MARKS_MAX  20000
#define NAMES_WORDS_MAX  6                      /* of a question */
#define NAMES_TEXT_MAX   400                    /* bytes of a folded name: three fields of 80 and what folding may add */

struct names;
struct names *names_open(bool unlocked);
void names_close(struct names *names);

/* ── texts: pure ── */
struct names_words { uint32_t n; const char *at[NAMES_WORDS_MAX]; };
/* The folded words joined by single spaces. patronymic may be NULL. */
char *names_text(struct arena *arena, const char *family, const char *given, const char *patronymic);
/* False: more words than NAMES_WORDS_MAX, or none at all. */
bool names_words_read(struct arena *arena, const char *const *texts, uint32_t n, struct names_words *words);
bool names_match(const char *text, const struct names_words *words);

/* ── who writes ── */
void names_mark(struct names *names, const struct uuid *person, uint64_t number);
/* Whoever is erased or blocked: out of it at once. */
void names_forget(struct names *names, const struct uuid *person);
/* text NULL: he is not to be found (any more). False: there is no room, the phase says which. */
bool names_put(struct names *names, const struct uuid *person, const char *text);

/* ── who keeps it up ── */
/* Where building goes on from a state up to entry `number`: true, and the person behind whom (nil: from the first on). False:
 * it is built, or that state is too old. */
bool names_building(struct names *names, uint64_t number, struct uuid *after);
/* So far it has come. A start over that was asked for meanwhile wins. */
void names_built(struct names *names, const struct uuid *last, bool done);
/* Marks that a state up to entry `number` has seen; at most `max`. */
struct names_marked { struct uuid person; uint64_t number; };
uint32_t names_marks(struct names *names, uint64_t number, struct names_marked *marked, uint32_t max);
void names_refreshed(struct names *names, const struct names_marked *marked, uint32_t n);

void names_stand(struct names *names, struct names_standing *standing);

/* ── who finds ── */
struct names_hit { const char *text; struct uuid id; };
/* behind: the last of the page before; text NULL: from the first on. most: so many at the least are walked over, in order. */
struct names_question { struct names_words words; struct names_hit behind; uint32_t most; };
struct names_walk {
    struct names *names;
    const struct names_question *question;
    struct names_hit *heap; uint32_t n, most, at;
    bool ordered, cut;                      /* cut: there are others behind those that are walked over */
};
/* Takes the lock, whatever it returns. The marked are not among the hits but in `marked`. False: there is no index, or more than
 * `max` are marked. */
bool names_walk_begin(struct names *names, const struct names_question *question, struct arena *arena, struct names_walk *walk,
                      struct uuid *marked, uint32_t max, uint32_t *marked_n);
/* Another one whom the caller has looked at himself; before the first names_walk_next(). */
void names_walk_add(struct names_walk *walk, const struct names_hit *hit);
/* In order; what it points to lives until names_walk_end(). */
bool names_walk_next(struct names_walk *walk, struct names_hit *hit);
void names_walk_end(struct names_walk *walk);

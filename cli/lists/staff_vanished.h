#pragma once
#include "cli/lists/staff_plan.h"

/* staff_vanished: who works at an organisation of a full list, as roster knows it, and is not in the list (R9).
 *
 * Whose      organisations of which the list has at least one row that is not refused. A post that the list has or
 *            ends by a move is not missing, nor one whose end is known, nor any of a person whose row was refused or is
 *            doubtful: of him it is not known.
 * Share      of the people at work there, those none of whose posts there is in the list.
 * Names      are read one by one with roster.person.read: each reading is an entry. */
#define VANISHED_NAMES_MAX 100
#define VANISHED_PURPOSE   "сверка полного списка: кого в нём нет"

struct vanished_post {
    struct uuid post, person;
    const char *organisation, *title;   /* the code */
    day_t from;
    bool stays;                         /* another post of his is in the list */
};
struct vanished {
    uint32_t n, room;
    struct vanished_post *at;
    uint64_t people;                    /* who work at those organisations */
    uint64_t gone;                      /* of them, without any post in the list */
    struct arena arena;
};
int  vanished_find(struct plan *plan, struct vanished *vanished);
bool vanished_too_many(const struct vanished *vanished, uint64_t percent);
/* A line a post on standard output, with names; with --json an object each, without. */
int  vanished_say(struct cli *cli, const struct vanished *vanished);
void vanished_free(struct vanished *vanished);

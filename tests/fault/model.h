#pragma once
#include <stdbool.h>
#include <stdio.h>

#include "common/service/machine.h"

/* model: what a ledger and a mirror (tests/unit/toy.h) have to be after any fault, said without looking at
 * their code: a list of deeds, what was answered about each, and a sequential ledger of a few lines.
 *
 * I1  what was answered stands where the answer said      I2  numbers without gap, the chain whole
 * I3  the state is the fold of the journal                I5  one id, one effect, one answer
 * I6  the follower's effects are exactly a prefix of the source's journal
 *
 * A breach is printed as "violation found: …" and counted. */
enum deed_state {
    DEED_UNKNOWN,                           /* never answered: done once or not at all */
    DEED_DONE, DEED_REFUSED,                /* answered: at `number`, with `answer` */
};
struct deed {
    struct uuid id;
    uint64_t account, amount;
    enum deed_state state;
    uint64_t number;
    struct hash answer;                     /* of the reply's bytes */
    uint64_t seen;                          /* the checker's: where the journal has it */
};
struct model {
    struct deed **list;
    size_t n, room;
    unsigned violations;
};

#define MODEL_NOTE "a line of text so that an entry is of the size that entries are"

/* The i-th deed of a seed. Ids are of version 7 and begin at base_ms. */
struct deed deed_make(uint64_t seed, int64_t base_ms, uint64_t i);
/* The command that asks for it; bytes in the arena. */
struct bytes deed_body(const struct deed *deed, struct arena *arena);
struct hash deed_answer(struct bytes reply);

void model_add(struct model *model, struct deed *deed);     /* the caller keeps it alive */
void model_free(struct model *model);
void violation(struct model *model, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A deed has been answered: a second answer has to be the first one again. */
void model_answered(struct model *model, struct deed *deed, bool done, uint64_t number, struct hash answer);

/* Stores at rest. `fold`: rebuild aside and compare as well. */
void check_ledger(struct model *model, struct machine *ledger, bool fold);
void check_mirror(struct model *model, struct machine *ledger, struct machine *mirror, bool complete, bool fold);

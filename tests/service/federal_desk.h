#pragma once
#include "common/core/files.h"
#include "services/federal/federal.h"
#include "services/federal/package.h"
#include "tests/service/region.h"

/* desk: the gateway as one of the six real machines of a region, its errands stepped by hand, with a folder for its
 * files, a key of its own and the federal operator's. What the other services answer is what they really answer. */
enum { FILLING, OUTBOX, INBOX, ERRANDS };
struct desk {
    struct region *r;
    char *dir;
    const char *files, *keys;
    struct errand errand[ERRANDS];
    struct sign_pair operator;              /* the federal one's key, which only he has */
    bool down[R_SERVICES];
    const char *endless;                    /* a list that has one more page for ever; NULL: none */
    uint64_t year;
    uint32_t asked;
};

int desk_set_up(void **state);
int desk_tear_down(void **state);
/* Steps the errand until it wants to rest. */
void desk_run(struct desk *desk, size_t which);
void desk_pass(struct desk *desk, moment_t time);
/* Own journal whole, state as the journal gives it. */
void desk_sound(struct desk *desk);

/* A command: the reason of its refusal, or "". desk_do(): it has to be done. */
const char *desk_say(struct desk *desk, int role, const char *method, const struct msg_desc *takes, const void *body);
void desk_do(struct desk *desk, int role, const char *method, const struct msg_desc *takes, const void *body);
void desk_move(struct desk *desk, int role, const char *method, const struct uuid *id);
/* A passport of desk->year: open, filled, sent (not yet delivered). */
struct uuid desk_open(struct desk *desk);
struct uuid desk_filled(struct desk *desk);
struct uuid desk_sent(struct desk *desk);
struct passport desk_get(struct desk *desk, const struct uuid *id);
/* All pages of it; block 0: all. */
struct cells desk_cells(struct desk *desk, const struct uuid *id, uint64_t block);
const struct cell *desk_cell(const struct cells *cells, const char *row, const char *column);

/* What its package is called, or will be. */
const char *desk_name(struct desk *desk, const struct uuid *id);
/* How many entries of that event there are. */
unsigned desk_events(struct desk *desk, const char *event);

/* Under the folder of files. */
struct buf desk_file(struct desk *desk, const char *folder, const char *name, const char *suffix);
unsigned desk_files(struct desk *desk, const char *folder);

/* A step that ends at the n-th arrival at a failpoint; false: it did not come there. */
struct kill_at { const char *name; int left; };
bool desk_falls(struct desk *desk, size_t which, struct kill_at kill);

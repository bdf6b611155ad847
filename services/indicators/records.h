#pragma once
#include "services/indicators/counting.h"

/* records: the rows of the copy tables that counting works from, as bytes.
 *
 * Form       fixed, big-endian, without names: a recount reads a hundred thousand of them in a fraction of
 *            a second. They are copies: a new form is a new copy_version, and everything is followed again.
 * Lifetime   a decoded record points into the bytes it came from (identifiers, topics); its lists live in
 *            the arena. Editing makes new lists, so that the record before the edit stays as it was.
 * Errors     decoding answers false for bytes that are not such a record. */
bool worker_decode(struct bytes from, struct arena *arena, struct worker *worker);
void worker_encode(const struct worker *worker, struct buf *out);
bool programme_decode(struct bytes from, struct arena *arena, struct programme_record *programme);
void programme_encode(const struct programme_record *programme, struct buf *out);

/* The item with this id: the one that is there, or a new zeroed one in its place. */
struct worker_post       *worker_post_edit(struct worker *worker, const struct uuid *id, struct arena *arena);
struct worker_sitting    *worker_sitting_edit(struct worker *worker, const struct uuid *id, struct arena *arena);
struct worker_route      *worker_route_edit(struct worker *worker, const struct uuid *id, struct arena *arena);
struct worker_training   *worker_completion_edit(struct worker *worker, const struct uuid *id, struct arena *arena);
struct worker_training   *worker_enrolment_edit(struct worker *worker, const struct uuid *id, struct arena *arena);
struct worker_assignment *worker_assignment_edit(struct worker *worker, const struct uuid *id, struct arena *arena);
struct worker_tutoring   *worker_tutoring_edit(struct worker *worker, const struct uuid *id, struct arena *arena);
struct worker_support    *worker_support_edit(struct worker *worker, const struct uuid *id, struct arena *arena);
/* All that the other has, beside what is there; the bands stay. */
void worker_join(struct worker *worker, const struct worker *other, struct arena *arena);
void days_add(struct days *days, day_t day, struct arena *arena);
/* Adds to ids in ascending order; false when it was there. */
bool ids_add(struct place *ids, const struct uuid *id, struct arena *arena);

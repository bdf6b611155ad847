#pragma once
#include "tests/service/roster_rig.h"

#include "common/service/errand.h"
#include "proto/roster_search.h"

/* search_rig: what the tests of searching share: the index of names by hand, searches, and what they found as text. */
#define WHY "подбор экспертов"

void search_index_start(struct rig *rig, struct errand *names);
void search_index_built(struct rig *rig);               /* the errand until it has nothing more to do */
struct names_standing search_standing(struct rig *rig);

struct person_search search_asking(struct rig *rig, const char *words);     /* as people type them: one text */
struct people_found search_found(struct rig *rig, const struct principal *who, const struct person_search *body);
const char *search_refused(struct rig *rig, const struct principal *who, struct person_search body);
/* Families in their order, with spaces between. */
const char *search_families(struct rig *rig, const struct people_found *found);
const char *search_as(struct rig *rig, const struct principal *who, const char *words);
const char *search(struct rig *rig, const char *words);                     /* by the centre */

/* A teacher of physics since 2015-09-01; each n has a code and a birthday of his own. */
struct worker_record search_someone(struct rig *rig, unsigned n, const char *family, const char *given, const char *patronymic, const char *at);

#pragma once
#include "tests/service/roster_rig.h"

#include "proto/roster_privacy.h"

/* privacy_rig: what the tests of erasing and of the keys share. */
const char *privacy_erase(struct rig *rig, const struct uuid *person);      /* the reason of the refusal; "": it is done */
const char *privacy_read(struct rig *rig, const struct principal *who, const struct uuid *person);      /* likewise */
struct person_standing privacy_standing(struct rig *rig, const struct uuid *person);
struct worker_recorded privacy_anna_who_left(struct rig *rig);              /* at the end of May 2022 */

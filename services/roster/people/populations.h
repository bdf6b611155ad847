#pragma once
#include "services/roster/people/bands.h"

/* populations: who is counted on a day, and who makes a leadership team.
 *
 * Rules      педагогические работники: posts of the kind educator. Управленческие кадры: head, deputy,
 *            head of a structural unit (U прил. № 1 п. 1, S 2, T 1.3). A deputy who teaches is in both and
 *            once in the sum (R2a). Молодой педагог: an educator inside the band of bands.h. Управленческая
 *            команда: head and deputies of one organisation (R3; K пок. 2.4, borrowed by the others);
 *            there is one where somebody holds such a post.
 *            Which title is of which kind the profile says.
 *            Who works in a part of an organisation (a branch, a unit, «Точка роста», IT-куб, Кванториум) is counted as its
 *            people are: organisation_kind of a post is that of the whole (unit_counted_kind, units.h; K 3.3.2).
 * Defined    the other populations, and those of the acts that read the words otherwise, are the profile's
 *            (proto/profile_people.h): population_on() takes the definition of a day, which then is asked post by post.
 * Use        pure. Rows of one person come one after another: population_person() closes him. */
struct post_brief { day_t from, until; int kind, organisation_kind, matching; bool main; struct uuid organisation; };

bool post_held(day_t from, day_t until, day_t day);         /* until 0: open; until < from: never */
bool post_leads(int kind);
bool post_in_team(int kind);
bool post_off_staff(int kind);                              /* of who stands on no staff list */

struct population_tally { struct population sum; bool educator, leader; };
void population_post(struct population_tally *tally, int kind);             /* held on the day */
void population_person(struct population_tally *tally, bool young);         /* no more posts of this person */

/* ── those that the profile defines ── */
struct population_rule { const struct profile_population *defined; uint32_t posts, organisations; };   /* bits by kind; organisations 0: all */
struct population_rule population_rule_of(const struct profile_population *defined);
/* The definition of that id that is asked for on that day; false: none. */
bool population_on(const struct profile *profile, const char *id, day_t day, struct population_rule *rule);
bool population_named(const struct profile *profile, const char *id);       /* on any day */
bool population_takes_post(const struct population_rule *rule, const struct post_brief *post, day_t day);
bool population_takes_person(const struct population_rule *rule, const struct band_span *bands, uint32_t n, day_t day);

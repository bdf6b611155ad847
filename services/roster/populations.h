#pragma once
#include "proto/roster.h"
#include "services/roster/bands.h"

/* populations: who is counted on a day, and who makes a leadership team.
 *
 * Rules      педагогические работники: posts of the kind educator. Управленческие кадры: head, deputy,
 *            head of a structural unit (U прил. № 1 п. 1, S 2, T 1.3). A deputy who teaches is in both and
 *            once in the sum (R2a). Молодой педагог: an educator inside the band of bands.h. Управленческая
 *            команда: head and deputies of one organisation (R3; K пок. 2.4, borrowed by the others);
 *            there is one where somebody holds such a post.
 *            Which title is of which kind the profile says.
 * Use        pure. Rows of one person come one after another: population_person() closes him. */
struct post_brief { day_t from, until; int kind; struct uuid organisation; };

bool post_held(day_t from, day_t until, day_t day);         /* until 0: open; until < from: never */
bool post_leads(int kind);
bool post_in_team(int kind);

struct population_tally { struct population sum; bool educator, leader; };
void population_post(struct population_tally *tally, int kind);             /* held on the day */
void population_person(struct population_tally *tally, bool young);         /* no more posts of this person */

#pragma once
#include "cli/sample/counts.h"

/* indicators: the lines of the acts of each region, written down a second time: who stands above and who below,
 * by the readings that config/regions take, and what the act asks for. */
enum line_kind { A_SHARE, A_NUMBER, A_CORRIDOR, AWAITED, A_YES_NO, A_JUDGEMENT };
/* What binds the region: percent, or units, by year; 0: nothing. */
struct plan {
    uint32_t at_least[YEARS];
    uint32_t along_at_last;             /* of distinct subjects since the first year, in the last one */
    uint32_t at_most_at_last;
    bool rising, yes_from_first, yes_from_third;
};
struct line_of_act {
    const char *act, *code;
    enum line_kind kind;
    struct side above, below;
    bool cumulative;                    /* нарастающим итогом */
    struct { struct side above, below; } beside;        /* another reading, where above.what is not NOBODY */
    struct plan plan;
};
/* The lines of the region of that name. */
const struct line_of_act *lines_of_region(const char *name, size_t *n);

/* Examples of what a person says, one a line and year that asks for it. Percent of the judgements. */
struct judgement_of { const char *act, *code; int year; bool yes, graded; uint32_t grade; const char *text, *document; };
const struct judgement_of *judgements_of_region(const char *name, size_t *n);

/* Acts and letters of the system's four years, some with a later edition, sent to the municipalities and acknowledged by most. */
#include <stdio.h>

#include "cli/sample/records.h"

struct form { const char *kind, *title, *suffix; bool sent, public, edition; uint32_t by_centre; };
static const struct form FORM[] = {
    { "распоряжение", "О региональной системе научно-методического сопровождения педагогических работников, %d год", "р", true, true, true, 0 },
    { "положение", "Положение о муниципальном тьюторе, %d год", "п", true, true, true, 0 },
    { "регламент", "Порядок проведения диагностики профессиональных дефицитов, %d год", "д", true, true, false, 1 },
    { "план", "План работы центра непрерывного повышения профессионального мастерства на %d год", "пл", false, true, true, 1 },
    { "протокол", "Протокол совещания с муниципальными методическими службами, %d год", "пр", false, false, false, 1 },
    { "письмо", "О сроках представления сведений за %d год", "и", true, false, false, 0 },
};

static uint32_t paper_add(struct region *region, const struct form *form, uint32_t number, day_t day, uint32_t previous)
{
    struct paper_of *paper = LIST_ADD(&region->papers);
    char title[200];

    paper->kind = form->kind;
    paper->issuer_title = form->by_centre ? NULL : "Орган управления образованием региона";
    paper->issuer = form->by_centre ? region->centre : NONE;
    paper->previous = previous;
    paper->day = day;
    paper->public = form->public;
    snprintf(paper->number, sizeof paper->number, "%u-%s", number, form->suffix);
    snprintf(title, sizeof title, form->title, day_year(day));
    snprintf(paper->title, sizeof paper->title, "%s%s", title, previous == NONE ? "" : " (с изменениями)");
    return (uint32_t)(region->papers.n - 1);
}

static void send_to_all(struct region *region, struct prng *prng, uint32_t paper)
{
    for (uint32_t m = 0; m < region->table->municipality_count; m++) {
        struct sending_of *sending = LIST_ADD(&region->sendings);
        day_t day = region->papers.at[paper].day + 1 + (day_t)prng_below(prng, 3);
        bool read = chance(prng, 900);
        sending->paper = paper;
        sending->org = region->municipality[m];
        sending->day = day;
        sending->how = "электронной почтой";
        sending->acknowledged = read ? day + (day_t)prng_below(prng, 14) : 0;
    }
}

void papers_make(struct region *region)
{
    struct prng prng = region_prng(region, STREAM_PAPERS);
    uint32_t number = 11;

    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++)
        for (size_t f = 0; f < sizeof FORM / sizeof *FORM; f++) {
            const struct form *form = &FORM[f];
            number += 3 + (uint32_t)prng_below(&prng, 20);
            uint32_t paper = paper_add(region, form, number, day_between(&prng, day_of(year, 1, 12), day_of(year, 6, 20)), NONE);
            if (form->sent)
                send_to_all(region, &prng, paper);
            if (!form->edition || !chance(&prng, 600))
                continue;
            number += 3 + (uint32_t)prng_below(&prng, 20);
            paper = paper_add(region, form, number, day_between(&prng, day_of(year, 9, 1), day_of(year, 12, 1)), paper);
            if (form->sent)
                send_to_all(region, &prng, paper);
        }
}

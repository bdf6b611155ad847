/* What people have agreed to, and what those who must be trained by the acts have learned outside of the region. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/sample/records.h"
#include "common/core/log.h"

/* The text that is signed got its second edition in the system's second year. */
static const char *text_of(day_t day)
{
    return day < day_of(FIRST_YEAR + 1, 9, 1) ? "1" : "2";
}

static void consent_add(struct region *region, uint32_t person, const char *purpose, day_t day, day_t withdrawn)
{
    struct consent_of *consent = LIST_ADD(&region->consents);

    *consent = (struct consent_of){ .person = person, .purpose = purpose, .text = text_of(day), .day = day, .withdrawn = withdrawn };
    snprintf(consent->document, sizeof consent->document, "%zu-с", region->consents.n);
}

/* Whoever has a route has agreed to be supported on the day of the diagnostics before it; some to more than that. */
static void agree(struct region *region, struct prng *prng, uint32_t person, day_t day)
{
    consent_add(region, person, "методическая поддержка", day, 0);
    if (chance(prng, 300))
        consent_add(region, person, "передача федеральному оператору", day, 0);
    if (chance(prng, 150))
        consent_add(region, person, "публикация", day, chance(prng, 200) ? day_between(prng, day + 30, WORK_ENDS) : 0);
}

/* In the register whose members must be trained. */
static void learn_outside(struct region *region, struct prng *prng, const struct entry_of *entry, const char *training)
{
    struct outside_of *outside = LIST_ADD(&region->outsides);

    *outside = (struct outside_of){ .person = entry->person, .training = training, .day = day_between(prng, entry->from + 30, entry->from + 330),
                                    .provider = "Академия Минпросвещения России",
                                    .title = "Научно-методическое сопровождение педагогических работников" };
    if (outside->day > WORK_ENDS)
        outside->day = WORK_ENDS;
    snprintf(outside->document, sizeof outside->document, "АМ-%zu", region->outsides.n);
}

void consents_make(struct region *region)
{
    struct prng prng = region_prng(region, STREAM_CONSENTS);
    bool *agreed = calloc(region->persons.n + 1, sizeof *agreed);
    bool centre = strcmp(region->table->name, "khabarovsk") == 0;
    const char *training = centre ? "centre_staff" : "municipal_tutors", *must = centre ? "centre_staff" : "method_staff";

    if (agreed == NULL)
        log_die("sample", "out of memory");
    for (size_t i = 0; i < region->agreements.n; i++) {
        const struct sitting_of *sitting = &region->sittings.at[region->agreements.at[i].sitting];
        if (agreed[sitting->person])
            continue;
        agreed[sitting->person] = true;
        agree(region, &prng, sitting->person, sitting->day);
    }
    for (size_t i = 0; i < region->entries.n; i++) {
        const struct entry_of *entry = &region->entries.at[i];
        if (entry->person != NONE && entry->from != 0 && strcmp(entry->reg, must) == 0 && chance(&prng, 700))
            learn_outside(region, &prng, entry, training);
    }
    free(agreed);
}

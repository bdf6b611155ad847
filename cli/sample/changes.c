/* Founders other than the municipality in which an organisation lies; and what becomes of organisations in the first half of the
 * year after the last: what is counted for the closed years stays as it was. */
#include <stdio.h>

#include "cli/sample/records.h"

const char *const CHANGE_RU[HOWS] = {
    [HOW_OPENED] = "открыта", [HOW_FOUNDED] = "учредитель", [HOW_RENAMED] = "переименована", [HOW_MOVED] = "переведена",
    [HOW_SPLIT] = "выделение", [HOW_MERGED] = "присоединение",
};

static struct change_of *change_add(struct region *region, enum change_how how, uint32_t org, uint32_t other, day_t day, const char *ground)
{
    struct change_of *change = LIST_ADD(&region->changes);

    change->how = how;
    change->org = org;
    change->other = other;
    change->day = day;
    change->ground = ground;
    snprintf(change->document, sizeof change->document, "№ %zu-П", region->changes.n + 100);
    return change;
}

/* A region's own college lies in a municipality and is not the municipality's. */
static void founders_make(struct region *region)
{
    for (uint32_t i = 0; i < region->orgs.n; i++)
        if (region->orgs.at[i].kind == ORG_COLLEGE)
            change_add(region, HOW_FOUNDED, i, region->region, day_of(FIRST_YEAR, 1, 1), "устав организации");
}

static void renamed_make(struct region *region, uint32_t org, struct prng *prng)
{
    struct change_of *change = change_add(region, HOW_RENAMED, org, NONE, day_between(prng, day_of(LAST_YEAR + 1, 1, 15), day_of(LAST_YEAR + 1, 3, 1)),
                                          "постановление администрации");
    const char *in = region->table->municipality[region->orgs.at[org].municipality].in;
    unsigned number = 1 + (unsigned)prng_below(prng, 30);
    snprintf(change->title, sizeof change->title, "МБОУ «Гимназия № %u» %s", number, in);
}

/* Two of one kind in one municipality become one; of a kind, the last two. */
static void merged_make(struct region *region, uint32_t m, enum org_kind kind, struct prng *prng)
{
    uint32_t last = NONE, before = NONE;

    for (uint32_t i = 0; i < region->orgs.n; i++)
        if (region->orgs.at[i].municipality == m && region->orgs.at[i].kind == kind) {
            before = last;
            last = i;
        }
    if (before != NONE)
        change_add(region, HOW_MERGED, last, before, day_between(prng, day_of(LAST_YEAR + 1, 4, 1), day_of(LAST_YEAR + 1, 5, 1)), "реорганизация: присоединение");
}

static void split_make(struct region *region, uint32_t org, struct prng *prng)
{
    day_t day = day_between(prng, day_of(LAST_YEAR + 1, 3, 2), day_of(LAST_YEAR + 1, 3, 31));
    const struct org *of = &region->orgs.at[org];
    uint32_t municipality = region->municipality[of->municipality];
    char code[sizeof of->code], title[160];

    snprintf(code, sizeof code, "%.13s-Ф", of->code);
    snprintf(title, sizeof title, "МБОУ «Новая школа» %s", region->table->municipality[of->municipality].in);
    struct change_of *opened = change_add(region, HOW_OPENED, NONE, municipality, day, "решение о создании");
    snprintf(opened->code, sizeof opened->code, "%s", code);
    snprintf(opened->title, sizeof opened->title, "%s", title);
    struct change_of *split = change_add(region, HOW_SPLIT, org, NONE, day + 1, "реорганизация: выделение");
    snprintf(split->code, sizeof split->code, "%s", code);
}

void changes_make(struct region *region)
{
    struct prng prng = region_prng(region, STREAM_CHANGES);
    uint32_t schools = 0, last = region->table->municipality_count - 1;

    founders_make(region);
    for (uint32_t i = 0; i < region->orgs.n; i++) {
        if (region->orgs.at[i].kind != ORG_SCHOOL)
            continue;
        if (++schools % 25 == 0)
            renamed_make(region, i, &prng);
        else if (schools % 60 == 7)
            split_make(region, i, &prng);
    }
    for (uint32_t m = 0; m < last; m += 4)
        merged_make(region, m, ORG_KINDERGARTEN, &prng);
    merged_make(region, last / 2, ORG_SCHOOL, &prng);
}

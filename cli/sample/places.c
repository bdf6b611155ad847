/* Where people work: the region, its municipalities, the institute with its centre, and the organisations
 * in proportion to the staff. Names and rough sizes are those of Томская область. */
#include <stdio.h>

#include "cli/sample/records.h"

const char *const ORG_KIND_RU[] = {
    [ORG_REGION] = "регион", [ORG_AUTHORITY] = "департамент", [ORG_MUNICIPALITY] = "муниципалитет",
    [ORG_MUNICIPAL_AUTHORITY] = "муниципальный орган", [ORG_INSTITUTE] = "институт", [ORG_CENTRE] = "центр",
    [ORG_METHOD_SERVICE] = "методическая служба", [ORG_SCHOOL] = "школа", [ORG_KINDERGARTEN] = "детский сад",
    [ORG_FURTHER] = "дополнительное образование", [ORG_COLLEGE] = "колледж", [ORG_UNIVERSITY] = "вуз",
};

/* share: of the region's staff, in thousandths. `in`: how a title goes on after the number. */
static const struct { const char *title, *in; uint32_t share; bool town; } MUNICIPALITY[MUNICIPALITIES] = {
    { "Город Томск",            "г. Томска",               478, true  },
    { "ЗАТО Северск",           "ЗАТО Северск",             95, true  },
    { "Город Стрежевой",        "г. Стрежевой",             40, true  },
    { "Город Кедровый",         "г. Кедрового",              6, true  },
    { "Александровский район",  "Александровского района",  12, false },
    { "Асиновский район",       "Асиновского района",       38, false },
    { "Бакчарский район",       "Бакчарского района",       16, false },
    { "Верхнекетский район",    "Верхнекетского района",    20, false },
    { "Зырянский район",        "Зырянского района",        14, false },
    { "Каргасокский район",     "Каргасокского района",     26, false },
    { "Кожевниковский район",   "Кожевниковского района",   24, false },
    { "Колпашевский район",     "Колпашевского района",     44, false },
    { "Кривошеинский район",    "Кривошеинского района",    16, false },
    { "Молчановский район",     "Молчановского района",     16, false },
    { "Парабельский район",     "Парабельского района",     16, false },
    { "Первомайский район",     "Первомайского района",     20, false },
    { "Тегульдетский район",    "Тегульдетского района",     8, false },
    { "Томский район",          "Томского района",          75, false },
    { "Чаинский район",         "Чаинского района",         14, false },
    { "Шегарский район",        "Шегарского района",        22, false },
};
#define STAFF_OF_ONE 26         /* of an organisation, on average */

static uint32_t org_add(struct region *region, enum org_kind kind, uint32_t parent, uint32_t municipality)
{
    struct org *org = LIST_ADD(&region->orgs);

    org->kind = kind;
    org->parent = parent;
    org->municipality = municipality;
    return (uint32_t)(region->orgs.n - 1);
}

static uint32_t above_all_add(struct region *region, enum org_kind kind, uint32_t parent, const char *code,
                              const char *title)
{
    uint32_t i = org_add(region, kind, parent, NONE);
    struct org *org = &region->orgs.at[i];

    snprintf(org->code, sizeof org->code, "%s", code);
    snprintf(org->title, sizeof org->title, "%s", title);
    return i;
}

static enum org_kind kind_draw(struct prng *prng, bool town)
{
    uint64_t at = prng_below(prng, 100);

    if (at < 50)
        return ORG_SCHOOL;
    if (at < 82)
        return ORG_KINDERGARTEN;
    return at < 95 || !town ? ORG_FURTHER : ORG_COLLEGE;
}

static void works_add(struct region *region, struct prng *prng, uint32_t m, uint32_t number, uint32_t of_kind[])
{
    static const struct { const char *form; uint32_t least, more; } LOOK[] = {
        [ORG_SCHOOL]       = { "МБОУ «Средняя общеобразовательная школа № %u» %s", 20, 40 },
        [ORG_KINDERGARTEN] = { "МБДОУ «Детский сад № %u» %s", 12, 18 },
        [ORG_FURTHER]      = { "МАУДО «Дом детского творчества № %u» %s", 8, 16 },
        [ORG_COLLEGE]      = { "ОГБПОУ «Техникум № %u» %s", 30, 40 },
    };
    enum org_kind kind = number == 1 ? ORG_SCHOOL : kind_draw(prng, MUNICIPALITY[m].town);
    uint32_t i = org_add(region, kind, region->municipality[m], m);
    struct org *org = &region->orgs.at[i];

    snprintf(org->code, sizeof org->code, "70-%02u-%03u", m + 1, number);
    snprintf(org->title, sizeof org->title, LOOK[kind].form, ++of_kind[kind], MUNICIPALITY[m].in);
    org->weight = LOOK[kind].least + (uint32_t)prng_below(prng, LOOK[kind].more);
    org->opened = day_between(prng, day_of(1971, 9, 1), day_of(1992, 9, 1));
}

void places_make(struct region *region)
{
    struct prng prng = region_prng(region, STREAM_PLACES);
    uint64_t works = region->workers / STAFF_OF_ONE;

    region->region = above_all_add(region, ORG_REGION, NONE, "70", "Томская область");
    region->institute = above_all_add(region, ORG_INSTITUTE, region->region, "70-00-001", "ТОИПКРО");
    region->centre = above_all_add(region, ORG_CENTRE, region->institute, "70-00-002", "ЦНППМ ТОИПКРО");
    region->university = above_all_add(region, ORG_UNIVERSITY, region->region, "70-00-003",
                                       "Томский государственный педагогический университет");
    for (uint32_t m = 0; m < MUNICIPALITIES; m++) {
        char code[16];
        snprintf(code, sizeof code, "70-%02u", m + 1);
        region->municipality[m] = above_all_add(region, ORG_MUNICIPALITY, region->region, code, MUNICIPALITY[m].title);
        region->orgs.at[region->municipality[m]].municipality = m;
    }
    for (uint32_t m = 0; m < MUNICIPALITIES; m++) {
        uint32_t of_kind[org_kind_count] = { 0 };
        uint64_t n = works * MUNICIPALITY[m].share / 1000;
        for (uint32_t number = 1; number == 1 || number <= n; number++)
            works_add(region, &prng, m, number, of_kind);
    }
}

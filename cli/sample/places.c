/* Where people work: the region, its municipalities, the institute with its centre, and the organisations
 * in proportion to the staff. Names and sizes are those of the region's table. */
#include <stdio.h>

#include "cli/sample/records.h"

const char *const ORG_KIND_RU[] = {
    [ORG_REGION] = "регион", [ORG_AUTHORITY] = "департамент", [ORG_MUNICIPALITY] = "муниципалитет",
    [ORG_MUNICIPAL_AUTHORITY] = "муниципальный орган", [ORG_INSTITUTE] = "институт", [ORG_CENTRE] = "центр",
    [ORG_METHOD_SERVICE] = "методическая служба", [ORG_SCHOOL] = "школа", [ORG_KINDERGARTEN] = "детский сад",
    [ORG_FURTHER] = "дополнительное образование", [ORG_COLLEGE] = "колледж", [ORG_UNIVERSITY] = "вуз",
};

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

    if (at < 64)
        return ORG_KINDERGARTEN;
    return at < 90 || !town ? ORG_FURTHER : ORG_COLLEGE;
}

/* How many organisations there are, how many of them schools, and how many are made already. The first of a
 * municipality is a school; the others fall so that the schools come to their number in the end. */
struct quota { uint32_t works, schools, made, made_schools; };

static bool school_is_due(const struct quota *quota, uint32_t number)
{
    return number == 1 || (uint64_t)quota->made_schools * quota->works < (uint64_t)quota->made * quota->schools;
}

static void works_add(struct region *region, struct prng *prng, struct quota *quota, uint32_t m, uint32_t number,
                      uint32_t of_kind[])
{
    static const struct { const char *form; uint32_t least, more; } LOOK[] = {
        [ORG_SCHOOL]       = { "МБОУ «Средняя общеобразовательная школа № %u» %s", 20, 40 },
        [ORG_KINDERGARTEN] = { "МБДОУ «Детский сад № %u» %s", 12, 18 },
        [ORG_FURTHER]      = { "МАУДО «Дом детского творчества № %u» %s", 8, 16 },
        [ORG_COLLEGE]      = { NULL, 30, 40 },
    };
    const struct municipality_table *in = &region->table->municipality[m];
    bool school = school_is_due(quota, number);
    enum org_kind kind = school ? ORG_SCHOOL : kind_draw(prng, in->town);
    const char *form = kind == ORG_COLLEGE ? region->table->college : LOOK[kind].form;
    uint32_t i = org_add(region, kind, region->municipality[m], m);
    struct org *org = &region->orgs.at[i];

    quota->made++;
    quota->made_schools += school;
    snprintf(org->code, sizeof org->code, "%s-%02u-%03u", region->table->code, m + 1, number);
    snprintf(org->title, sizeof org->title, form, ++of_kind[kind], in->in);
    org->weight = LOOK[kind].least + (uint32_t)prng_below(prng, LOOK[kind].more);
    org->opened = day_between(prng, day_of(1971, 9, 1), day_of(1992, 9, 1));
}

/* The whole is parted by the municipalities' parts so that nothing is lost in rounding; each has one at least. */
static void all_works_add(struct region *region, struct prng *prng)
{
    const struct region_table *table = region->table;
    struct quota quota = { .works = (uint32_t)(table->organisations * region->workers / table->workers),
                           .schools = (uint32_t)(table->schools * region->workers / table->workers) };
    uint64_t whole = 0, before = 0;

    for (uint32_t m = 0; m < table->municipality_count; m++)
        whole += table->municipality[m].part;
    for (uint32_t m = 0; m < table->municipality_count; m++) {
        uint32_t of_kind[org_kind_count] = { 0 };
        uint64_t until = before + table->municipality[m].part;
        uint64_t n = quota.works * until / whole - quota.works * before / whole;
        for (uint32_t number = 1; number == 1 || number <= n; number++)
            works_add(region, prng, &quota, m, number, of_kind);
        before = until;
    }
}

void places_make(struct region *region)
{
    struct prng prng = region_prng(region, STREAM_PLACES);
    const struct region_table *table = region->table;
    char code[16];

#define CODE(form, ...) (snprintf(code, sizeof code, "%s" form, table->code, ##__VA_ARGS__), code)
    region->region = above_all_add(region, ORG_REGION, NONE, CODE(""), table->title);
    region->institute = above_all_add(region, ORG_INSTITUTE, region->region, CODE("-00-001"), table->institute);
    region->centre = above_all_add(region, ORG_CENTRE, region->institute, CODE("-00-002"), table->centre);
    region->university = above_all_add(region, ORG_UNIVERSITY, region->region, CODE("-00-003"), table->university);
    for (uint32_t m = 0; m < table->municipality_count; m++) {
        region->municipality[m] = above_all_add(region, ORG_MUNICIPALITY, region->region, CODE("-%02u", m + 1),
                                                table->municipality[m].title);
        region->orgs.at[region->municipality[m]].municipality = m;
    }
#undef CODE
    all_works_add(region, &prng);
}

#pragma once
#include "cli/sample/records.h"

/* counts: the region's indicators counted once more, by plain loops over the generator's own records: a second
 * implementation, on purpose. It shares no code, no table and no rule file with the services; what a line of an
 * act asks for is written down again in indicators.c, from the act and the reading that the region's settings take.
 *
 * Units      a unit is an index of region->orgs. A fact counts in the units above its place in which the person is
 *            in the population on the day asked for; persons, teams and programmes once in each unit.
 * Ownership  facts_make() and counts_make() hand over what they return; the second with free(). */
#define BIT(i) (1u << (i))
#define EDUCATORS  BIT(POST_EDUCATOR)
#define HEADS      (BIT(POST_HEAD) | BIT(POST_DEPUTY))
#define LEADERS    (HEADS | BIT(POST_UNIT_HEAD))
#define ANY_WORKER (EDUCATORS | LEADERS)
/* Organisations of an act that leaves out higher education, and of one that does not. */
#define SCHOOLING  (BIT(ORG_SCHOOL) | BIT(ORG_KINDERGARTEN) | BIT(ORG_FURTHER) | BIT(ORG_COLLEGE) | BIT(ORG_INSTITUTE) | BIT(ORG_CENTRE))
#define WITH_UNIVERSITIES (SCHOOLING | BIT(ORG_UNIVERSITY))
#define BY_ALL_OF_INSTITUTE (BIT(ORG_INSTITUTE) | BIT(ORG_CENTRE))

enum of_what { NOBODY, PERSONS, TEAMS, TEAM_MEMBERS, PROGRAMMES_RUN, TUTORS };
enum which { NO_FACT, DIAGNOSED, AGREED, COMPLETED, ENROLLED, SUPPORTED };
enum topic { ANY_TOPIC, ON_QUALITY, FOR_TEAMS };
enum registry { NOT_ASKED, INCLUDED_IN_SPAN, LISTED_AT_THE_END };

struct fact_asked {
    enum which which;
    uint32_t owners, providers;     /* bits of org_kind: of the procedure behind it, of the programme; 0: any */
    bool by_route;                  /* for a step of a route, whose programme was federal on enrolment */
    enum topic topic;
};
struct side {
    enum of_what what;
    uint32_t posts, orgs;           /* bits */
    bool under_35;                  /* on the last day of the year */
    bool young, then;               /* then: the post is looked at on the day of the fact, not on 31 December */
    struct fact_asked fact, also[2];
    bool one_is_enough;             /* teams: any member; else all */
    enum registry registry;         /* programmes */
    bool of_institute_alone;        /* programmes: not those of its centre */
    bool methodologists;            /* tutors: of that kind */
    bool at_work;                   /* tutors: with a charge; else everybody who is appointed */
};

/* By unit. least, greatest, below: of tutors. */
struct counted { uint32_t n, charges, least, greatest, below; };
/* What happened to whom and where, gathered once for all lines. */
struct facts;
struct facts *facts_make(const struct region *region);
void facts_free(struct facts **facts);
/* Distinct subjects of the year; along: of that year or of an earlier one (a population: of the year). */
struct counted *counts_make(const struct facts *facts, const struct side *side, int year, bool along);

bool is_young(const struct person *person, int year);       /* on the last day of the year */
bool stands_above(const struct region *region, uint32_t unit, uint32_t org);

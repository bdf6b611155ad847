#include "tests/fault/sim/counts.h"

#include <stdio.h>
#include <string.h>

#include "common/journal/entry.h"
#include "tests/fault/sim/services.h"

static const char *const FAULT_TEXT[FAULT_KINDS] = {
#define FAULT_NAME(name, text) text,
    FAULTS(FAULT_NAME)
#undef FAULT_NAME
};

static const char *const FRAME_EVENTS[] = {
    ENTRY_REFUSED, ENTRY_UNCHANGED, ENTRY_FIRED, ENTRY_FORK_ACCEPTED, ENTRY_CLOCK_ACCEPTED, ENTRY_RESTORED, ENTRY_SENDER_ACCEPTED,
};

const char *fault_text(enum fault_kind kind)
{
    return FAULT_TEXT[kind];
}

static bool among(const char *event, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(event, names[i]) == 0)
            return true;
    return false;
}

/* Met here by chance alone; tests of the node and of the gateway meet them on purpose: lists in the drop folder, a
 * verdict that a restored service has changed, a package that cannot be written, or is called back before it is, an
 * enrolment that a restore has lost, many of them; units of so many people that they follow in several groups, a profile that defines
 * other bands, another intake key (test_roster_units, test_bands, test_intake_key). */
static bool elsewhere(const char *event)
{
    static const char *const EVENTS[] = { "federal.package.faulted", "federal.recall.asked", "federal.passport.recalled",
                                          "node.item.conflicted", "programmes.enrolment.unknown", "routes.asking.went_on",
                                          "roster.organisation.following", "roster.bands.renewing" };
    return among(event, EVENTS, sizeof EVENTS / sizeof *EVENTS) || strncmp(event, "node.file.", 10) == 0 || strncmp(event, "roster.list.", 12) == 0 || strncmp(event, "roster.intake.", 14) == 0;
}

/* What the registrar alone does, in one seed of three. */
static bool of_registrar(const char *event)
{
    static const char *const OF_ALL[] = { "roster.organisation.registered", "roster.person.registered", "roster.person.changed",
                                          "roster.person.handed_over", "roster.person.withdrawn", "roster.person.was_read",
                                          "roster.post.opened", "roster.post.closed" };
    return strncmp(event, "roster.", 7) == 0 && !among(event, OF_ALL, sizeof OF_ALL / sizeof *OF_ALL);
}

/* Ends of long stories, of which a seed has one or none, and what few seeds play: a tenth of what is asked of the others has to come. */
static bool at_the_end(const char *event)
{
    static const char *const EVENTS[] = {
        "programmes.programme.excluded", "programmes.enrolment.ended", "routes.route.closed", "routes.route.ended", "routes.step.enrolled",
        "routes.step.returned", "routes.step.confirmed", "routes.fact.dropped", "routes.tutor.released", "routes.tutor.unassigned",
        "routes.step.asked",
    };
    return among(event, EVENTS, sizeof EVENTS / sizeof *EVENTS) || of_registrar(event) || strncmp(event, "federal.", 8) == 0;   /* a passport of a year */
}

void counts_start(struct counts *counts)
{
    *counts = (struct counts){ 0 };
    for (size_t i = 0; i < sizeof FRAME_EVENTS / sizeof *FRAME_EVENTS; i++)
        counts_event(counts, FRAME_EVENTS[i], 0);
    for (int s = 0; s < NODES; s++)             /* the copy's are the node's */
        for (size_t i = 0; i < service_of(s)->event_count; i++)
            if (!elsewhere(service_of(s)->events[i].name))
                counts_event(counts, service_of(s)->events[i].name, 0);
}

void counts_event(struct counts *counts, const char *name, uint64_t n)
{
    uint32_t i = 0;
    while (i < counts->events && strcmp(counts->event[i].name, name) != 0)
        i++;
    if (i == counts->events) {
        if (n > 0 || i == COUNT_EVENTS_MAX)
            return;                         /* not one of a service: the checks have said so */
        counts->event[counts->events++].name = name;
    }
    counts->event[i].n += n;
}

void counts_print(const struct counts *counts)
{
    printf("%-44s %12s\n", "what", "times");
    for (uint32_t i = 0; i < counts->events; i++)
        printf("%-44s %12llu\n", counts->event[i].name, (unsigned long long)counts->event[i].n);
    for (int i = 0; i < FAULT_KINDS; i++)
        printf("%-44s %12llu\n", FAULT_TEXT[i], (unsigned long long)counts->fault[i]);
    const struct { const char *text; uint64_t n; } rows[] = {
        { "batches", counts->batches }, { "entries", counts->entries }, { "commands", counts->commands },
        { "replies", counts->replies }, { "refusals", counts->refusals }, { "queries", counts->queries },
        { "commands sent again after a restore", counts->resent }, { "backups", counts->backups },
        { "forks noticed", counts->forks }, { "quiet spells", counts->leaps },
        { "copies made again in another order", counts->copies }, { "steps of errands", counts->errand_steps },
        { "packages in the outbox", counts->packages }, { "letters put into the inbox", counts->receipts },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        printf("%-44s %12llu\n", rows[i].text, (unsigned long long)rows[i].n);
}

const char *counts_rare(const struct counts *counts, uint64_t least)
{
    for (uint32_t i = 0; i < counts->events; i++)
        if (counts->event[i].n < (at_the_end(counts->event[i].name) ? least / 10 : least))
            return counts->event[i].name;
    for (int i = 0; i < FAULT_KINDS; i++)
        if (counts->fault[i] < least)
            return FAULT_TEXT[i];
    return NULL;
}

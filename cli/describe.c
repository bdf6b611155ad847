/* describe: walks the tables of every service that is linked in (CLI_SERVICES, made by CMakeLists.txt
 * from the one list of daemons). */
#include "cli/describe.h"

#include <stdio.h>
#include "cli/services.h"
#include "common/service/system_methods.h"

#define X(name) extern const struct service name##_service;
CLI_SERVICES CLI_APART
#undef X
static const struct service *const SERVICES[] = {       /* those of a region first */
#define X(name) &name##_service,
    CLI_SERVICES CLI_APART
#undef X
};
#define SERVICE_COUNT (sizeof SERVICES / sizeof *SERVICES)
#define X(name) + 1
enum { REGION_COUNT = 0 CLI_SERVICES };
#undef X

/* Events that every journal may hold; those with a body of their own are printed without a descriptor. */
static const struct { const char *event; const struct msg_desc *body; } COMMON_EVENTS[] = {
    { ENTRY_REFUSED, &problem_desc },
    { ENTRY_CLOCK_ACCEPTED, &nothing_desc },
    { ENTRY_SENDER_ACCEPTED, &sender_accept_desc },
};

uint32_t describe_services(void)
{
    return REGION_COUNT;
}

const struct service *describe_service_at(uint32_t i)
{
    return SERVICES[i];
}

const struct service *describe_service(const char *name)
{
    for (size_t i = 0; i < SERVICE_COUNT; i++)
        if (strcmp(SERVICES[i]->name, name) == 0)
            return SERVICES[i];
    return NULL;
}

static const struct service *service_of(const char *method, const char **rest)
{
    for (size_t i = 0; i < SERVICE_COUNT; i++) {
        size_t n = strlen(SERVICES[i]->name);
        if (strncmp(method, SERVICES[i]->name, n) == 0 && method[n] == '.') {
            *rest = method + n + 1;
            return SERVICES[i];
        }
    }
    return NULL;
}

static bool is_command(enum system_method m)
{
    return SYSTEM_METHOD[m].command || m == SYSTEM_BACKUP;
}

static bool find_system(const struct service *s, const char *name, const char *rest, struct method *method)
{
    for (int i = 0; i < SYSTEM_METHOD_COUNT; i++)
        if (strcmp(SYSTEM_METHOD[i].name, rest) == 0) {
            const struct system_method_def *m = &SYSTEM_METHOD[i];
            *method = (struct method){ name, s->name, m->takes, m->gives, m->roles, is_command(i) };
            return true;
        }
    return false;
}

bool describe_method(const char *name, struct method *method)
{
    const char *rest;
    const struct service *s = service_of(name, &rest);
    if (s == NULL)
        return false;
    for (size_t i = 0; i < s->command_count; i++)
        if (strcmp(s->commands[i].name, name) == 0) {
            const struct command_def *c = &s->commands[i];
            *method = (struct method){ c->name, s->name, c->takes, c->gives, c->roles, true };
            return true;
        }
    for (size_t i = 0; i < s->query_count; i++)
        if (strcmp(s->queries[i].name, name) == 0) {
            const struct query_def *q = &s->queries[i];
            *method = (struct method){ q->name, s->name, q->takes, q->gives, q->roles, false };
            return true;
        }
    return find_system(s, name, rest, method);
}

const struct msg_desc *describe_event(const char *service, const char *event)
{
    const struct service *s = describe_service(service);
    for (size_t i = 0; s != NULL && i < s->event_count; i++)
        if (strcmp(s->events[i].name, event) == 0)
            return s->events[i].body;
    for (size_t i = 0; i < sizeof COMMON_EVENTS / sizeof *COMMON_EVENTS; i++)
        if (strcmp(COMMON_EVENTS[i].event, event) == 0)
            return COMMON_EVENTS[i].body;
    return NULL;
}

void describe_each(void (*each)(void *arg, const struct method *method), void *arg)
{
    for (size_t i = 0; i < SERVICE_COUNT; i++) {
        const struct service *s = SERVICES[i];
        for (size_t k = 0; k < s->command_count; k++)
            each(arg, &(struct method){ s->commands[k].name, s->name, s->commands[k].takes, s->commands[k].gives,
                                        s->commands[k].roles, true });
        for (size_t k = 0; k < s->query_count; k++)
            each(arg, &(struct method){ s->queries[k].name, s->name, s->queries[k].takes, s->queries[k].gives,
                                        s->queries[k].roles, false });
    }
    for (size_t i = 0; i < SERVICE_COUNT; i++)
        for (int m = 0; m < SYSTEM_METHOD_COUNT; m++) {
            char name[ENTRY_NAME_MAX + 1];
            snprintf(name, sizeof name, "%s.%s", SERVICES[i]->name, SYSTEM_METHOD[m].name);
            each(arg, &(struct method){ name, SERVICES[i]->name, SYSTEM_METHOD[m].takes, SYSTEM_METHOD[m].gives,
                                        SYSTEM_METHOD[m].roles, is_command(m) });
        }
}

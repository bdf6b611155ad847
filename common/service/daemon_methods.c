/* daemon_methods: every method of the daemon by its name, with its counters. */
#include <assert.h>

#include "common/service/daemon_parts.h"

#define EMPTY UINT16_MAX

/* FNV-1a. Names come from the program; what a peer sends is only looked up. */
static uint32_t slot_of(const char *name)
{
    uint32_t hash = 2166136261u;

    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return hash & (METHOD_SLOTS - 1);
}

struct method *methods_find(const struct methods *methods, const char *name)
{
    for (uint32_t s = slot_of(name); methods->slot[s] != EMPTY; s = (s + 1) & (METHOD_SLOTS - 1))
        if (strcmp(methods->list[methods->slot[s]].name, name) == 0)
            return &methods->list[methods->slot[s]];
    return NULL;
}

static void method_add(struct methods *methods, const char *name, enum method_kind kind, int system, roles_t roles)
{
    uint32_t s = slot_of(name);
    struct method *method = &methods->list[methods->n];

    assert(methods_find(methods, name) == NULL);
    method->name = name;
    method->kind = kind;
    method->system = system;
    method->roles = roles;
    while (methods->slot[s] != EMPTY)
        s = (s + 1) & (METHOD_SLOTS - 1);
    methods->slot[s] = (uint16_t)methods->n++;
}

void methods_open(struct methods *methods, struct machine *machine, struct arena *arena)
{
    const struct service *service = machine_service(machine);
    size_t most = service->command_count + service->query_count + SYSTEM_METHOD_COUNT;
    roles_t roles = 0;

    assert(most <= METHOD_SLOTS / 2);
    *methods = (struct methods){ .list = ARENA_LIST(arena, struct method, most) };
    memset(methods->slot, 0xff, sizeof methods->slot);
    for (size_t i = 0; i < service->command_count; i++) {
        enum method_kind kind = machine_method(machine, service->commands[i].name, &roles);
        method_add(methods, service->commands[i].name, kind, -1, roles);
    }
    for (size_t i = 0; i < service->query_count; i++) {
        enum method_kind kind = machine_method(machine, service->queries[i].name, &roles);
        method_add(methods, service->queries[i].name, kind, -1, roles);
    }
    for (int i = 0; i < SYSTEM_METHOD_COUNT; i++)
        method_add(methods, arena_format(arena, "%s.%s", service->name, SYSTEM_METHOD[i].name),
                   SYSTEM_METHOD[i].command ? METHOD_COMMAND : METHOD_QUERY, i, system_method_roles(service, i));
}

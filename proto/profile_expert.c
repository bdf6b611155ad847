#include "proto/profile_expert.h"

#include <string.h>

MSG_DEFINE(expert_criterion, EXPERT_CRITERION_FIELDS)
MSG_DEFINE(profile_direction, PROFILE_DIRECTION_FIELDS)

static const char *experts_fault(const char *id, const struct profile_register *registers, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(registers[i].id, id) == 0)
            return registers[i].members == MEMBER_PERSON || registers[i].members == MEMBER_BOTH ? NULL
                 : "an expert is a person: members of this register are none";
    return "no register has this id";
}

static const char *inside_fault(const struct profile_direction *d, const char *at, const struct profile_register *registers,
                                uint32_t register_n, struct arena *arena, const char **path)
{
    const char *what;
    uint32_t i;

    for (i = 0; i < d->criteria.n; i++)
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(d->criteria.at[i].code, d->criteria.at[j].code) == 0)
                return *path = arena_format(arena, "%s.criteria[%u].code", at, i), "this criterion is there already";
    for (i = 0; i < d->registers.n; i++)
        if ((what = experts_fault(d->registers.at[i], registers, register_n)) != NULL)
            return *path = arena_format(arena, "%s.registers[%u]", at, i), what;
    if ((what = register_deciders_fault(d->deciders.at, d->deciders.n, &i)) != NULL)
        return *path = arena_format(arena, "%s.deciders[%u]", at, i), what;
    return NULL;
}

const char *profile_expert_fault(const struct profile_direction *directions, uint32_t n, const struct profile_register *registers,
                                 uint32_t register_n, struct arena *arena, const char **path)
{
    for (uint32_t i = 0; i < n; i++) {
        const char *at = arena_format(arena, "expert_work[%u]", i), *what;
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(directions[i].id, directions[j].id) == 0)
                return *path = arena_format(arena, "%s.id", at), "this direction is there already";
        if ((what = inside_fault(&directions[i], at, registers, register_n, arena, path)) != NULL)
            return what;
    }
    return NULL;
}

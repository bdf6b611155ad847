#include "proto/profile_training.h"

#include <string.h>

#include "proto/programmes.h"

MSG_DEFINE(profile_training, PROFILE_TRAINING_FIELDS)

static const struct profile_register *register_of(const char *id, const struct profile_register *registers, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(registers[i].id, id) == 0)
            return &registers[i];
    return NULL;
}

static const char *names_fault(const char *const *names, uint32_t n, const struct enum_desc *kinds, uint32_t *at)
{
    for (*at = 0; *at < n; (*at)++)
        if (enum_find(kinds, names[*at], strlen(names[*at])) < 0)
            return "there is no such kind";
    return NULL;
}

static const char *inside_fault(const struct profile_training *t, const char *at, const struct profile_register *registers,
                                uint32_t n, struct arena *arena, const char **path)
{
    const struct profile_register *must = register_of(t->register_id, registers, n), *agreed;
    const char *what;
    uint32_t i;

    if (must == NULL || (must->members != MEMBER_PERSON && must->members != MEMBER_BOTH))
        return *path = arena_format(arena, "%s.register_id", at), must == NULL ? "no register has this id" : "its members are no persons";
    if ((what = names_fault(t->kinds.at, t->kinds.n, &programme_kind_names, &i)) != NULL)
        return *path = arena_format(arena, "%s.kinds[%u]", at, i), what;
    if ((what = names_fault(t->providers.at, t->providers.n, &org_kind_names, &i)) != NULL)
        return *path = arena_format(arena, "%s.providers[%u]", at, i), what;
    if (t->outside_only && !t->outside)
        return *path = arena_format(arena, "%s.outside_only", at), "nothing would count: outside is not set";
    if (t->agreements == NULL || t->agreements[0] == '\0')
        return NULL;
    if ((agreed = register_of(t->agreements, registers, n)) == NULL || agreed->duties.n == 0)
        return *path = arena_format(arena, "%s.agreements", at), agreed == NULL ? "no register has this id" : "this register has no duties";
    return NULL;
}

const char *profile_training_fault(const struct profile_training *trainings, uint32_t n, const struct profile_register *registers,
                                   uint32_t register_n, struct arena *arena, const char **path)
{
    for (uint32_t i = 0; i < n; i++) {
        const char *at = arena_format(arena, "training[%u]", i), *what;
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(trainings[i].id, trainings[j].id) == 0)
                return *path = arena_format(arena, "%s.id", at), "this training is there already";
        if ((what = inside_fault(&trainings[i], at, registers, register_n, arena, path)) != NULL)
            return what;
    }
    return NULL;
}

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

/* What the profile's registers and populations are asked for. */
struct known {
    const struct profile_register *registers;     uint32_t register_n;
    const struct profile_population *populations; uint32_t population_n;
};

static bool said(const char *text) { return text != NULL && text[0] != '\0'; }

static bool among(const char *name, const char *const *names, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static const char *population_fault(const struct profile_training *t, const char *at, const struct known *known, struct arena *arena,
                                    const char **path)
{
    const char *what;
    uint32_t i;

    if (said(t->register_id) || t->roles.n > 0 || said(t->field))
        return *path = arena_format(arena, "%s.population", at), "either a register or a population";
    for (i = 0; i < known->population_n; i++)
        if (strcmp(known->populations[i].id, t->population) == 0)
            break;
    if (i == known->population_n || known->populations[i].teams)
        return *path = arena_format(arena, "%s.population", at), i == known->population_n ? "no population has this id" : "it counts organisations";
    if (t->outside && t->deciders.n == 0)
        return *path = arena_format(arena, "%s.deciders", at), "missing: who enters training outside?";
    if ((what = register_deciders_fault(t->deciders.at, t->deciders.n, &i)) != NULL)
        return *path = arena_format(arena, "%s.deciders[%u]", at, i), what;
    return NULL;
}

static const char *field_fault(const struct profile_training *t, const char *at, const struct profile_register *must, struct arena *arena,
                               const char **path)
{
    for (uint32_t i = 0; i < must->fields.n; i++) {
        const struct register_field *field = &must->fields.at[i];
        if (strcmp(field->name, t->field) == 0)
            return said(t->choice) && among(t->choice, field->choices.at, field->choices.n)
                 ? NULL : (*path = arena_format(arena, "%s.choice", at), "not among the choices of this field");
    }
    return *path = arena_format(arena, "%s.field", at), "the register has no such field";
}

static const char *must_fault(const struct profile_training *t, const char *at, const struct known *known, struct arena *arena, const char **path)
{
    const struct profile_register *must = said(t->register_id) ? register_of(t->register_id, known->registers, known->register_n) : NULL;

    if (said(t->population))
        return population_fault(t, at, known, arena, path);
    if (t->deciders.n > 0)
        return *path = arena_format(arena, "%s.deciders", at), "the register says who decides";
    if (must == NULL)
        return *path = arena_format(arena, "%s.register_id", at), "no register has this id";
    if (t->roles.n == 0 && must->members != MEMBER_PERSON && must->members != MEMBER_BOTH)
        return *path = arena_format(arena, "%s.register_id", at), "its members are no persons";
    for (uint32_t i = 0; i < t->roles.n; i++)
        if (!among(t->roles.at[i], must->roles.at, must->roles.n))
            return *path = arena_format(arena, "%s.roles[%u]", at, i), "the register has no such role";
    return said(t->field) ? field_fault(t, at, must, arena, path) : NULL;
}

static const char *inside_fault(const struct profile_training *t, const char *at, const struct known *known, struct arena *arena, const char **path)
{
    const struct profile_register *agreed;
    const char *what;
    uint32_t i;

    if ((what = must_fault(t, at, known, arena, path)) != NULL)
        return what;
    if ((what = names_fault(t->kinds.at, t->kinds.n, &programme_kind_names, &i)) != NULL)
        return *path = arena_format(arena, "%s.kinds[%u]", at, i), what;
    if ((what = names_fault(t->providers.at, t->providers.n, &org_kind_names, &i)) != NULL)
        return *path = arena_format(arena, "%s.providers[%u]", at, i), what;
    if (t->outside_only && !t->outside)
        return *path = arena_format(arena, "%s.outside_only", at), "nothing would count: outside is not set";
    if (!said(t->agreements))
        return NULL;
    if ((agreed = register_of(t->agreements, known->registers, known->register_n)) == NULL || agreed->duties.n == 0)
        return *path = arena_format(arena, "%s.agreements", at), agreed == NULL ? "no register has this id" : "this register has no duties";
    return NULL;
}

const char *profile_training_fault(const struct profile_training *trainings, uint32_t n, const struct profile_register *registers,
                                   uint32_t register_n, const struct profile_population *populations, uint32_t population_n,
                                   struct arena *arena, const char **path)
{
    const struct known known = { registers, register_n, populations, population_n };

    for (uint32_t i = 0; i < n; i++) {
        const char *at = arena_format(arena, "training[%u]", i), *what;
        for (uint32_t k = 0; k < i; k++)
            if (strcmp(trainings[i].id, trainings[k].id) == 0)
                return *path = arena_format(arena, "%s.id", at), "this training is there already";
        if ((what = inside_fault(&trainings[i], at, &known, arena, path)) != NULL)
            return what;
    }
    return NULL;
}

#include "proto/profile_registers.h"

#include <string.h>

#include "proto/roles.h"
#include "proto/roster.h"

ENUM_DEFINE(member_kind, MEMBER_KINDS)
ENUM_DEFINE(register_value_kind, REGISTER_VALUE_KINDS)
MSG_DEFINE(register_ground, REGISTER_GROUND_FIELDS)
MSG_DEFINE(register_field, REGISTER_FIELD_FIELDS)
MSG_DEFINE(register_yearly, REGISTER_YEARLY_FIELDS)
MSG_DEFINE(profile_register, PROFILE_REGISTER_FIELDS)

/* As the commands are given out in services/roster/main.c: a role that may call none of them could not do it. */
static const int PROPOSE[] = { ROLE_CENTRE, ROLE_INSTITUTE, ROLE_AUTHORITY, ROLE_MUNICIPAL, ROLE_SCHOOL };
static const int DECIDE[] = { ROLE_CENTRE, ROLE_INSTITUTE, ROLE_AUTHORITY, ROLE_MUNICIPAL };

bool register_role(const char *const *names, uint32_t n, int role)
{
    for (uint32_t i = 0; i < n; i++)
        if (role >= 0 && role < role_count && strcmp(names[i], role_names.names[role]) == 0)
            return true;
    return false;
}

bool register_kind(const char *const *names, uint32_t n, int kind)
{
    for (uint32_t i = 0; i < n; i++)
        if (kind >= 0 && kind < org_kind_count && strcmp(names[i], org_kind_names.names[kind]) == 0)
            return true;
    return n == 0;
}

static bool kinds_known(const char *const *names, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (enum_find(&org_kind_names, names[i], strlen(names[i])) < 0)
            return false;
    return true;
}

static const char *roles_fault(const char *const *names, uint32_t n, const int *allowed, size_t allowed_n, uint32_t *at)
{
    for (*at = 0; *at < n; (*at)++) {
        int role = enum_find(&role_names, names[*at], strlen(names[*at]));
        bool may = false;

        if (role < 0)
            return "no such role";
        for (size_t i = 0; i < allowed_n; i++)
            may |= allowed[i] == role;
        if (!may)
            return "this role has no such command: of centre, institute, authority, municipal (school proposes only)";
    }
    return NULL;
}

const char *register_deciders_fault(const char *const *names, uint32_t n, uint32_t *at)
{
    return roles_fault(names, n, DECIDE, sizeof DECIDE / sizeof *DECIDE, at);
}

static bool twice(const char *const *texts, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(texts[i], texts[j]) == 0)
                return true;
    return false;
}

static bool named(const char *name, const char *const *names, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* The member of the one is a member of the other. */
static const char *requires_fault(const struct profile_register *r, const struct profile_register *registers, uint32_t n)
{
    if (r->requires == NULL || r->requires[0] == '\0')
        return NULL;
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(registers[i].id, r->requires) == 0)
            return &registers[i] == r ? "a register cannot require itself"
                 : registers[i].members != r->members || r->members == MEMBER_TEXT ? "its members are of another kind" : NULL;
    return "no register has this id";
}

static const char *choices_fault(const struct register_field *field)
{
    if ((field->kind == VALUE_CHOICE) != (field->choices.n > 0))
        return field->kind == VALUE_CHOICE ? "missing: what can be chosen?" : "only of kind choice";
    return twice(field->choices.at, field->choices.n) ? "the same choice twice" : NULL;
}

static const char *inside_fault(const struct profile_register *r, const char *at, struct arena *arena, const char **path)
{
    const char *what;
    uint32_t i;

    for (i = 0; i < r->grounds.n; i++)
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(r->grounds.at[i].code, r->grounds.at[j].code) == 0)
                return *path = arena_format(arena, "%s.grounds[%u].code", at, i), "this ground is there already";
    for (i = 0; i < r->grounds.n; i++)
        if (!kinds_known(r->grounds.at[i].organisations.at, r->grounds.at[i].organisations.n))
            return *path = arena_format(arena, "%s.grounds[%u].organisations", at, i), "no such kind of organisation";
    if (!kinds_known(r->partners.at, r->partners.n))
        return *path = arena_format(arena, "%s.partners", at), "no such kind of organisation";
    if (r->partners.n > 0 && r->roles.n == 0)
        return *path = arena_format(arena, "%s.partners", at), "nobody takes part in this register";
    if (r->untitled && r->members != MEMBER_TEXT)
        return *path = arena_format(arena, "%s.untitled", at), "only of kind text";
    for (i = 0; i < r->fields.n; i++) {
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(r->fields.at[i].name, r->fields.at[j].name) == 0)
                return *path = arena_format(arena, "%s.fields[%u].name", at, i), "this field is there already";
        if ((what = choices_fault(&r->fields.at[i])) != NULL)
            return *path = arena_format(arena, "%s.fields[%u].choices", at, i), what;
    }
    if (twice(r->roles.at, r->roles.n))
        return *path = arena_format(arena, "%s.roles", at), "the same role twice";
    if (twice(r->duties.at, r->duties.n))
        return *path = arena_format(arena, "%s.duties", at), "the same kind twice";
    if (r->passport != 0 && r->passport != 3 && r->passport != 6)
        return *path = arena_format(arena, "%s.passport", at), "registers stand in blocks 3 and 6";
    for (i = 0; r->capacity != NULL && r->capacity[0] != '\0' && i < r->fields.n; i++)
        if (strcmp(r->fields.at[i].name, r->capacity) == 0 && r->fields.at[i].kind == VALUE_NUMBER)
            break;
    if (r->capacity != NULL && r->capacity[0] != '\0' && i == r->fields.n)
        return *path = arena_format(arena, "%s.capacity", at), "not a number among the fields of this register";
    if (r->yearly != NULL && !named(r->yearly->duty, r->duties.at, r->duties.n))
        return *path = arena_format(arena, "%s.yearly.duty", at), "not among the duties of this register";
    if ((what = roles_fault(r->proposers.at, r->proposers.n, PROPOSE, sizeof PROPOSE / sizeof *PROPOSE, &i)) != NULL)
        return *path = arena_format(arena, "%s.proposers[%u]", at, i), what;
    if ((what = register_deciders_fault(r->deciders.at, r->deciders.n, &i)) != NULL)
        return *path = arena_format(arena, "%s.deciders[%u]", at, i), what;
    return NULL;
}

const char *profile_registers_fault(const struct profile_register *registers, uint32_t n, struct arena *arena, const char **path)
{
    for (uint32_t i = 0; i < n; i++) {
        const char *at = arena_format(arena, "registers[%u]", i), *what;
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(registers[i].id, registers[j].id) == 0)
                return *path = arena_format(arena, "%s.id", at), "this register is there already";
        if ((what = inside_fault(&registers[i], at, arena, path)) != NULL)
            return what;
        if ((what = requires_fault(&registers[i], registers, n)) != NULL)
            return *path = arena_format(arena, "%s.requires", at), what;
    }
    return NULL;
}

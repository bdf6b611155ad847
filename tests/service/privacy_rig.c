#include "tests/service/privacy_rig.h"

const char *privacy_erase(struct rig *rig, const struct uuid *person)
{
    struct person_erase body = { *person, "12-у", ERASE_CONSENT };
    return rig_reason(rig, "roster.person.erase", &person_erase_desc, &body);
}

const char *privacy_read(struct rig *rig, const struct principal *who, const struct uuid *person)
{
    struct person_read body = { *person, "сверка списков" };
    return rig_reason_as(rig, who, "roster.person.read", &person_read_desc, &body);
}

struct person_standing privacy_standing(struct rig *rig, const struct uuid *person)
{
    struct person_of body = { *person };
    struct person_standing standing;
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.person.standing", &person_of_desc, &body, &rig->arena);
    toy_decode(&person_standing_desc, outcome.body, &standing, &rig->arena);
    return standing;
}

struct worker_recorded privacy_anna_who_left(struct rig *rig)
{
    struct worker_record row = anna();
    row.until = day("2022-05-31");
    return rig_record(rig, row);
}

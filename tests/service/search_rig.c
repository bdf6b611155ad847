#include "tests/service/search_rig.h"

#define NAMES_ERRAND 1                      /* its row in main.c */

static const struct errand_world WORLD = { .submit = errand_submit_direct };

void search_index_start(struct rig *rig, struct errand *names) { errand_start(names, rig->machine, NAMES_ERRAND, &WORLD); }

void search_index_built(struct rig *rig)
{
    struct errand names;
    search_index_start(rig, &names);
    for (unsigned i = 0; i < 1000 && errand_step(&names, rig->time.wall) == 0; i++) { }
    errand_end(&names);
}

struct names_standing search_standing(struct rig *rig)
{
    struct names_standing standing;
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.names.get", &nothing_desc, &(struct nothing){ 0 }, &rig->arena);
    toy_decode(&names_standing_desc, outcome.body, &standing, &rig->arena);
    return standing;
}

struct person_search search_asking(struct rig *rig, const char *words)
{
    const char **text = ARENA_NEW(&rig->arena, const char *);
    *text = words;
    return (struct person_search){ .words = { 1, text }, .purpose = WHY };
}

struct people_found search_found(struct rig *rig, const struct principal *who, const struct person_search *body)
{
    struct people_found found = { 0 };
    struct outcome outcome = rig_send_as(rig, who, "roster.person.search", &person_search_desc, body);
    const char *reason = toy_reason(&outcome, &rig->arena);
    if (*reason != '\0')
        fail_msg("%s", reason);
    toy_decode(&people_found_desc, outcome.body, &found, &rig->arena);
    return found;
}

const char *search_families(struct rig *rig, const struct people_found *found)
{
    const char *text = "";
    for (uint32_t i = 0; i < found->rows.n; i++)
        text = arena_format(&rig->arena, "%s%s%s", text, i > 0 ? " " : "", found->rows.at[i].family);
    return text;
}

const char *search_as(struct rig *rig, const struct principal *who, const char *words)
{
    struct person_search body = search_asking(rig, words);
    struct people_found found = search_found(rig, who, &body);
    return search_families(rig, &found);
}

const char *search(struct rig *rig, const char *words) { return search_as(rig, &rig->centre, words); }

const char *search_refused(struct rig *rig, const struct principal *who, struct person_search body)
{
    return rig_reason_as(rig, who, "roster.person.search", &person_search_desc, &body);
}

struct worker_record search_someone(struct rig *rig, unsigned n, const char *family, const char *given, const char *patronymic, const char *at)
{
    return (struct worker_record){ .code = arena_format(&rig->arena, "Л-%u", n), .family = family, .given = given, .patronymic = patronymic,
                                   .born = arena_format(&rig->arena, "19%02u-0%u-1%u", 60 + n % 35, 1 + n / 35 % 9, n / 315 % 10),
                                   .organisation = at, .post = "учитель", .subject = "физика", .from = day("2015-09-01") };
}

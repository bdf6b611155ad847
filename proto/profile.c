#include "proto/profile.h"

#include <stdio.h>

#include "common/codec/text_forms.h"
#include "common/core/err.h"
#include "common/core/text.h"

MSG_DEFINE(profile_region, PROFILE_REGION_FIELDS)
MSG_DEFINE(profile_post, PROFILE_POST_FIELDS)
MSG_DEFINE(profile_young, PROFILE_YOUNG_FIELDS)
MSG_DEFINE(profile_routes, PROFILE_ROUTES_FIELDS)
ENUM_DEFINE(subject, SUBJECTS)
ENUM_DEFINE(fact, FACTS)
ENUM_DEFINE(population_day, POPULATION_DAYS)
ENUM_DEFINE(team_rule, TEAM_RULES)
MSG_DEFINE(count, COUNT_FIELDS)
MSG_DEFINE(target, TARGET_FIELDS)
MSG_DEFINE(indicator, INDICATOR_FIELDS)
MSG_DEFINE(profile, PROFILE_FIELDS)

/* ── what a field list cannot say ─────────────────────────────────────────── */
#define SAYS 400
#define ZONE_MINUTES_MAX (14 * 60)          /* the farthest zone there is, +14:00 */

struct check { const char *file; const struct profile *profile; struct arena *arena; char *says; };

static void file_take(const char *file, struct buf *text)
{
    FILE *from = fopen(file, "rb");

    while (from != NULL && !feof(from) && !ferror(from)) {
        buf_reserve(text, 65536);
        text->n += fread(text->at + text->n, 1, 65536, from);
    }
    if (from != NULL)
        fclose(from);
}

/* The first fault is told, with its line and column: the file is read once more for them. */
static bool fault(const struct check *check, const char *path, const char *what)
{
    struct buf text = { 0 }, msgpack = { 0 };
    struct places places = { .arena = check->arena };
    struct text_error wrong;
    const struct place *place = NULL;

    file_take(check->file, &text);
    if (yaml_read(&profile_desc, buf_bytes(&text), &msgpack, &places, &wrong) == ERR_OK)
        place = place_of(&places, path);
    snprintf(check->says, SAYS, "%s:%u:%u: %s: %s", check->file, place != NULL ? place->line : 1,
             place != NULL ? place->column : 1, path, what);
    buf_free(&text);
    buf_free(&msgpack);
    return false;
}

static bool two_digits(const char *at, int *value)
{
    if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
        return false;
    *value = (at[0] - '0') * 10 + (at[1] - '0');
    return true;
}

/* ±HH:MM, minutes east of UTC. */
static bool zone_parse(const char *text, int *minutes)
{
    int hour, minute;

    if (strlen(text) != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' ||
        !two_digits(text + 1, &hour) || !two_digits(text + 4, &minute) || minute > 59 ||
        hour * 60 + minute > ZONE_MINUTES_MAX)
        return false;
    *minutes = (text[0] == '-' ? -1 : 1) * (hour * 60 + minute);
    return true;
}

static bool region_good(const struct check *check, int *zone_minutes)
{
    const struct profile *profile = check->profile;

    if (uuid_is_nil(&profile->region->id))
        return fault(check, "region.id", "an identifier of zeros stands for none");
    if (!zone_parse(profile->region->time_zone, zone_minutes))
        return fault(check, "region.time_zone", "not a time zone such as +07:00, from -14:00 to +14:00");
    if (profile->first_year > profile->last_year)
        return fault(check, "last_year", "before first_year");
    return true;
}

/* Titles are matched with case and ё folded, so two that differ in no more than that are one. */
static bool posts_good(const struct check *check)
{
    const struct profile *profile = check->profile;
    const char **folded = ARENA_LIST(check->arena, const char *, profile->posts.n);
    bool head = false;

    for (uint32_t i = 0; i < profile->posts.n; i++) {
        const char *path = arena_format(check->arena, "posts[%u].title", i);
        folded[i] = text_fold(check->arena, profile->posts.at[i].title);
        if (folded[i][0] == '\0')
            return fault(check, path, "empty");
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(folded[i], folded[j]) == 0)
                return fault(check, path, arena_format(check->arena, "the same title as posts[%u]", j));
        head |= profile->posts.at[i].kind == POST_HEAD;
    }
    return head || fault(check, "posts", "no title of the kind head: no leadership team could be told");
}

static bool names_good(const struct check *check, const char *path, const struct enum_desc *names,
                       const char *const *at, uint32_t n)
{
    struct buf line = { 0 };

    for (uint32_t i = 0; i < n; i++) {
        if (enum_find(names, at[i], strlen(at[i])) >= 0)
            continue;
        buf_text(&line, "no such name, one of: ");
        for (int k = 0; k < names->count; k++)
            buf_format(&line, "%s%s", k == 0 ? "" : ", ", names->names[k]);
        fault(check, arena_format(check->arena, "%s[%u]", path, i), buf_string(&line));
        buf_free(&line);
        return false;
    }
    return true;
}

static bool count_good(const struct check *check, const char *path, const struct count *count)
{
    const char *owner = arena_format(check->arena, "%s.owner", path);

    if (!names_good(check, arena_format(check->arena, "%s.posts", path), &post_kind_names, count->posts.at, count->posts.n) ||
        !names_good(check, arena_format(check->arena, "%s.organisations", path), &org_kind_names,
                    count->organisations.at, count->organisations.n))
        return false;
    if (count->owner != NULL && count->owner[0] != '\0' &&
        enum_find(&org_kind_names, count->owner, strlen(count->owner)) < 0)
        return fault(check, owner, "no such kind of organisation");
    return true;
}

static bool targets_good(const struct check *check, const struct indicator *indicator, uint32_t row)
{
    for (uint32_t i = 0; i < indicator->targets.n; i++) {
        const char *path = arena_format(check->arena, "indicators[%u].targets[%u].year", row, i);
        for (uint32_t j = 0; j < i; j++)
            if (indicator->targets.at[j].year == indicator->targets.at[i].year)
                return fault(check, path, "this year has a target already");
        if (indicator->targets.at[i].year < check->profile->first_year ||
            indicator->targets.at[i].year > check->profile->last_year)
            return fault(check, path, "outside of first_year to last_year");
    }
    return true;
}

static bool indicators_good(const struct check *check)
{
    for (uint32_t i = 0; i < check->profile->indicators.n; i++) {
        const struct indicator *indicator = &check->profile->indicators.at[i];
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(check->profile->indicators.at[j].code, indicator->code) == 0)
                return fault(check, arena_format(check->arena, "indicators[%u].code", i),
                             arena_format(check->arena, "the same code as indicators[%u]", j));
        if (!count_good(check, arena_format(check->arena, "indicators[%u].numerator", i), indicator->numerator) ||
            !count_good(check, arena_format(check->arena, "indicators[%u].denominator", i), indicator->denominator) ||
            !targets_good(check, indicator, i))
            return false;
    }
    return true;
}

int profile_read(const char *file, struct arena *arena, const struct profile **profile, int *zone_minutes, char says[SAYS])
{
    struct profile *read = ARENA_NEW(arena, struct profile);
    struct check check = { file, read, arena, says };
    int err = config_read(file, &profile_desc, arena, read, says);

    if (err != ERR_OK)
        return err;
    if (!region_good(&check, zone_minutes) || !posts_good(&check) || !indicators_good(&check))
        return ERR_MALFORMED;
    *profile = read;
    return ERR_OK;
}

int profile_configure(const char *file, struct arena *arena, const void **config, int *zone_minutes, char says[SAYS])
{
    const struct profile *profile = NULL;
    int err = profile_read(file, arena, &profile, zone_minutes, says);

    if (err == ERR_OK)
        *config = profile;
    return err;
}

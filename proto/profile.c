#include "proto/profile.h"

#include <stdio.h>
#include <unistd.h>

#include "common/codec/text_forms.h"
#include "common/core/err.h"
#include "common/core/text.h"
#include "proto/routes.h"

MSG_DEFINE(profile_region, PROFILE_REGION_FIELDS)
MSG_DEFINE(act_edition, ACT_EDITION_FIELDS)
MSG_DEFINE(profile_post, PROFILE_POST_FIELDS)
MSG_DEFINE(post_list, POST_LIST_FIELDS)
MSG_DEFINE(profile_young, PROFILE_YOUNG_FIELDS)
MSG_DEFINE(profile_routes, PROFILE_ROUTES_FIELDS)
MSG_DEFINE(profile_passport, PROFILE_PASSPORT_FIELDS)
MSG_DEFINE(profile_lists, PROFILE_LISTS_FIELDS)
MSG_DEFINE(profile_privacy, PROFILE_PRIVACY_FIELDS)
ENUM_DEFINE(subject, SUBJECTS)
ENUM_DEFINE(fact, FACTS)
ENUM_DEFINE(population_day, POPULATION_DAYS)
ENUM_DEFINE(team_rule, TEAM_RULES)
ENUM_DEFINE(target_when, TARGET_WHENS)
ENUM_DEFINE(target_op, TARGET_OPS)
ENUM_DEFINE(measure, MEASURES)
ENUM_DEFINE(origin, ORIGINS)
MSG_DEFINE(also, ALSO_FIELDS)
MSG_DEFINE(count, COUNT_FIELDS)
MSG_DEFINE(target, TARGET_FIELDS)
MSG_DEFINE(beside, BESIDE_FIELDS)
MSG_DEFINE(also_printed, ALSO_PRINTED_FIELDS)
MSG_DEFINE(indicator, INDICATOR_FIELDS)
MSG_DEFINE(profile, PROFILE_FIELDS)

/* ── what a field list cannot say ─────────────────────────────────────────── */
#define SAYS 400
#define ZONE_MINUTES_MAX (14 * 60)          /* the farthest zone there is, +14:00 */

struct check {
    const char *file;
    const struct profile *profile;
    struct arena *arena;
    char *says;
    const char *common_file;                /* of posts_from; the first `common` posts stand there */
    uint32_t common;
};

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
static bool fault_in(const struct check *check, const char *file, const struct msg_desc *desc, const char *path,
                     const char *what)
{
    struct buf text = { 0 }, msgpack = { 0 };
    struct places places = { .arena = check->arena };
    struct text_error wrong;
    const struct place *place = NULL;

    file_take(file, &text);
    if (yaml_read(desc, buf_bytes(&text), &msgpack, &places, &wrong) == ERR_OK)
        place = place_of(&places, path);
    snprintf(check->says, SAYS, "%s:%u:%u: %s: %s", file, place != NULL ? place->line : 1,
             place != NULL ? place->column : 1, path, what);
    buf_free(&text);
    buf_free(&msgpack);
    return false;
}

static bool fault(const struct check *check, const char *path, const char *what)
{
    return fault_in(check, check->file, &profile_desc, path, what);
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
    if (profile->last_year - profile->first_year >= PROFILE_YEARS_MAX)
        return fault(check, "last_year", arena_format(check->arena, "more than %d years", PROFILE_YEARS_MAX));
    return true;
}

/* ── posts ────────────────────────────────────────────────────────────────── */

const char *profile_posts_file(const char *file, const char *posts_from, struct arena *arena)
{
    const char *slash = strrchr(file, '/');
    int n = slash != NULL ? (int)(slash - file) + 1 : 0;
    const char *beside = arena_format(arena, "%.*s%s", n, file, posts_from);
    const char *above = arena_format(arena, "%.*s../%s", n, file, posts_from);

    return access(beside, R_OK) == 0 ? beside : access(above, R_OK) == 0 ? above : NULL;
}

/* Puts the common posts before the region's own. */
static bool posts_take(struct check *check, struct profile *profile)
{
    const char *name = profile->posts_from;
    struct post_list common;

    if (name == NULL || name[0] == '\0')
        return true;
    if (strchr(name, '/') != NULL)
        return fault(check, "posts_from", "a name of a file beside this one or one folder up, not a path");
    if ((check->common_file = profile_posts_file(check->file, name, check->arena)) == NULL)
        return fault(check, "posts_from", "no such file beside this one, nor one folder up");
    if (config_read(check->common_file, &post_list_desc, check->arena, &common, check->says) != ERR_OK)
        return false;
    struct profile_post *all = ARENA_LIST(check->arena, struct profile_post, common.posts.n + profile->posts.n);
    memcpy(all, common.posts.at, common.posts.n * sizeof *all);
    if (profile->posts.n != 0)
        memcpy(all + common.posts.n, profile->posts.at, profile->posts.n * sizeof *all);
    check->common = common.posts.n;
    profile->posts.at = all;
    profile->posts.n += common.posts.n;
    return true;
}

/* posts[3]: the place of a post in the file where it stands. */
static const char *post_path(const struct check *check, uint32_t i)
{
    return arena_format(check->arena, "posts[%u]", i < check->common ? i : i - check->common);
}

static bool post_fault(const struct check *check, uint32_t i, const char *what)
{
    const char *path = arena_format(check->arena, "%s.title", post_path(check, i));

    return i < check->common ? fault_in(check, check->common_file, &post_list_desc, path, what)
                             : fault(check, path, what);
}

/* Titles are matched with case and ё folded, so two that differ in no more than that are one. */
static bool posts_good(const struct check *check)
{
    const struct profile *profile = check->profile;
    const char **folded = ARENA_LIST(check->arena, const char *, profile->posts.n);
    bool head = false;

    for (uint32_t i = 0; i < profile->posts.n; i++) {
        folded[i] = text_fold(check->arena, profile->posts.at[i].title);
        if (folded[i][0] == '\0')
            return post_fault(check, i, "empty");
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(folded[i], folded[j]) == 0)
                return post_fault(check, i, arena_format(check->arena, "the same title as %s%s%s", post_path(check, j),
                                  j < check->common && i >= check->common ? " of " : "",
                                  j < check->common && i >= check->common ? check->common_file : ""));
        head |= profile->posts.at[i].kind == POST_HEAD;
    }
    return head || fault(check, "posts", "no title of the kind head: no leadership team could be told");
}

/* ── counts ───────────────────────────────────────────────────────────────── */

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

/* What a count and a further fact have in common: names of kinds. */
static bool kinds_good(const struct check *check, const char *path, const struct enum_desc *names, const char *field,
                       const char *const *at, uint32_t n)
{
    return names_good(check, arena_format(check->arena, "%s.%s", path, field), names, at, n);
}
#define KINDS_GOOD(from, names, field) kinds_good(check, path, &names, #field, (from)->field.at, (from)->field.n)

static bool also_good(const struct check *check, const char *path, const struct also *also)
{
    if (also->fact == FACT_NONE)
        return fault(check, arena_format(check->arena, "%s.fact", path), "says nothing");
    return KINDS_GOOD(also, org_kind_names, owners) && KINDS_GOOD(also, org_kind_names, providers)
        && KINDS_GOOD(also, tutor_kind_names, tutors);
}

static bool count_good(const struct check *check, const char *path, const struct count *count)
{
    if (!KINDS_GOOD(count, post_kind_names, posts) || !KINDS_GOOD(count, org_kind_names, organisations)
        || !KINDS_GOOD(count, org_kind_names, owners) || !KINDS_GOOD(count, org_kind_names, providers)
        || !KINDS_GOOD(count, tutor_kind_names, tutors))
        return false;
    if (count->young && count->bands.n > 0)
        return fault(check, arena_format(check->arena, "%s.young", path), "name the band young among the bands");
    for (uint32_t i = 0; i < count->bands.n; i++)
        if (!profile_band_known(check->profile->bands.at, check->profile->bands.n, count->bands.at[i]))
            return fault(check, arena_format(check->arena, "%s.bands[%u]", path, i), "no such band");
    for (uint32_t i = 0; i < count->also.n; i++)
        if (!also_good(check, arena_format(check->arena, "%s.also[%u]", path, i), &count->also.at[i]))
            return false;
    return true;
}

/* ── targets ──────────────────────────────────────────────────────────────── */

static bool of_a_number(int op)
{
    return op == OP_AT_LEAST || op == OP_AT_MOST;
}

/* NULL, or what of its year is wrong. */
static const char *year_fault(const struct profile *profile, const struct target *t)
{
    bool dated = t->when == WHEN_YEAR || t->when == WHEN_FROM || t->when == WHEN_BY;

    if (dated != (t->year != 0))
        return dated ? "missing" : "has no meaning for an opening year or any year";
    if (dated && (t->year < profile->first_year || t->year > profile->last_year))
        return "outside of first_year to last_year";
    return NULL;
}

static const char *op_fault(const struct indicator *in, const struct target *t)
{
    switch (t->op) {
    case OP_YES:       return in->measure == MEASURE_YES_NO ? NULL : "only of measure yes_no";
    case OP_JUDGEMENT: return in->measure == MEASURE_JUDGED ? NULL : "only of measure judged";
    case OP_DOCUMENT:  return NULL;
    case OP_RISING:    return in->measure == MEASURE_SHARE || in->measure == MEASURE_COUNT ? NULL : "only of shares and counts";
    default:           return in->measure == MEASURE_YES_NO || in->measure == MEASURE_JUDGED ? "not of what a person says" : NULL;
    }
}

/* A number that is named must be one that can be reached; one that is not named, nowhere needed. */
static const char *value_fault(const struct indicator *in, const struct target *t)
{
    if (of_a_number(t->op) && t->value == 0)
        return "missing: how much?";
    if (!of_a_number(t->op) && t->op != OP_JUDGEMENT && t->value != 0)
        return "has no meaning for this op";
    if ((in->measure == MEASURE_SHARE || t->op == OP_JUDGEMENT) && t->value > 100)
        return "more than 100 percent";
    return NULL;
}

static bool target_good(const struct check *check, const struct indicator *in, uint32_t row, uint32_t at)
{
    const struct target *t = &in->targets.at[at];
    const char *path = arena_format(check->arena, "indicators[%u].targets[%u]", row, at), *what;

    if ((what = year_fault(check->profile, t)) != NULL)
        return fault(check, arena_format(check->arena, "%s.year", path), what);
    if ((t->when == WHEN_OPENING || t->when == WHEN_AFTER_OPENING) && check->profile->centre_opened == 0)
        return fault(check, arena_format(check->arena, "%s.when", path), "centre_opened is not said: when did the centre open?");
    if (t->to != 0 && (t->when == WHEN_YEAR || t->when == WHEN_OPENING || t->to < t->year))
        return fault(check, arena_format(check->arena, "%s.to", path), "ends before it begins, or is of one year only");
    if ((what = op_fault(in, t)) != NULL)
        return fault(check, arena_format(check->arena, "%s.op", path), what);
    if ((what = value_fault(in, t)) != NULL)
        return fault(check, arena_format(check->arena, "%s.value", path), what);
    if (t->cumulative && (in->cumulative || !of_a_number(t->op) || in->measure == MEASURE_CORRIDOR))
        return fault(check, arena_format(check->arena, "%s.cumulative", path),
                     "only of a number beside a yearly share or count");
    if (t->op == OP_DOCUMENT && (t->document == NULL || t->document[0] == '\0'))
        return fault(check, arena_format(check->arena, "%s.document", path), "missing: which one?");
    return true;
}

static bool targets_good(const struct check *check, const struct indicator *indicator, uint32_t row)
{
    for (uint32_t i = 0; i < indicator->targets.n; i++) {
        const struct target *t = &indicator->targets.at[i];
        for (uint32_t j = 0; j < i; j++) {
            const struct target *o = &indicator->targets.at[j];
            if (t->when == WHEN_YEAR && o->when == WHEN_YEAR && t->year == o->year && t->op == o->op
                && t->cumulative == o->cumulative)
                return fault(check, arena_format(check->arena, "indicators[%u].targets[%u].year", row, i),
                             "this year has a target already");
        }
        if (!target_good(check, indicator, row, i))
            return false;
    }
    return true;
}

/* ── indicators ───────────────────────────────────────────────────────────── */

/* NULL, or which side is wrong and why: what is counted needs sides, what is said by a person has none, and
 * what waits for its facts has no numerator yet. */
static const char *sides_fault(const struct indicator *in, const char **field)
{
    bool counted = in->measure != MEASURE_YES_NO && in->measure != MEASURE_JUDGED;

    *field = "numerator";
    if (in->awaits.n != 0 && !counted)
        return *field = "awaits", "what is said by a person waits for no facts";
    if (in->numerator != NULL && (!counted || in->awaits.n != 0))
        return counted ? "awaits its facts, so nothing counts it yet" : "nothing is counted where a person judges";
    if (counted && in->awaits.n == 0 && in->numerator == NULL)
        return "missing: count something, or say in awaits what it waits for";
    if (in->measure == MEASURE_CORRIDOR && in->numerator != NULL && in->numerator->subject != SUBJECT_TUTOR)
        return "a corridor is of the charges of each tutor";
    *field = "denominator";
    if (in->denominator != NULL && in->measure != MEASURE_SHARE)
        return "only a share has one";
    if (in->measure == MEASURE_SHARE && in->awaits.n == 0 && in->denominator == NULL)
        return "missing";
    *field = "beside";
    return in->beside.n != 0 && !counted ? "nothing is counted where a person judges" : NULL;
}

static bool counts_good(const struct check *check, const struct indicator *in, const char *path)
{
    const char *field, *what = sides_fault(in, &field);

    if (what != NULL)
        return fault(check, arena_format(check->arena, "%s.%s", path, field), what);
    if ((in->numerator != NULL && !count_good(check, arena_format(check->arena, "%s.numerator", path), in->numerator))
        || (in->denominator != NULL && !count_good(check, arena_format(check->arena, "%s.denominator", path), in->denominator)))
        return false;
    for (uint32_t i = 0; i < in->beside.n; i++) {
        const struct beside *beside = &in->beside.at[i];
        const char *at = arena_format(check->arena, "%s.beside[%u]", path, i);
        if (!count_good(check, arena_format(check->arena, "%s.numerator", at), beside->numerator)
            || (beside->denominator != NULL
                && !count_good(check, arena_format(check->arena, "%s.denominator", at), beside->denominator)))
            return false;
    }
    return true;
}

static bool acts_good(const struct check *check)
{
    const struct profile *profile = check->profile;

    for (uint32_t i = 0; i < profile->acts.n; i++) {
        const struct act_edition *act = &profile->acts.at[i];
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(profile->acts.at[j].code, act->code) == 0)
                return fault(check, arena_format(check->arena, "acts[%u].code", i),
                             arena_format(check->arena, "the same code as acts[%u]", j));
        if (act->until != 0 && act->until < act->from)
            return fault(check, arena_format(check->arena, "acts[%u].until", i), "before from");
    }
    return true;
}

static bool act_known(const struct profile *profile, const char *code)
{
    for (uint32_t i = 0; i < profile->acts.n; i++)
        if (strcmp(profile->acts.at[i].code, code) == 0)
            return true;
    return false;
}

static bool indicators_good(const struct check *check)
{
    const struct profile *profile = check->profile;

    for (uint32_t i = 0; i < profile->indicators.n; i++) {
        const struct indicator *in = &profile->indicators.at[i];
        const char *path = arena_format(check->arena, "indicators[%u]", i);
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(profile->indicators.at[j].code, in->code) == 0 && strcmp(profile->indicators.at[j].act, in->act) == 0)
                return fault(check, arena_format(check->arena, "%s.code", path),
                             arena_format(check->arena, "the same code as indicators[%u]", j));
        if (!act_known(profile, in->act))
            return fault(check, arena_format(check->arena, "%s.act", path), "no edition in acts has this code");
        if (!counts_good(check, in, path) || !targets_good(check, in, i))
            return false;
    }
    return true;
}

static const char *grounds_fault(const struct check *check, const char **path)
{
    const struct profile *profile = check->profile;

    for (uint32_t r = 0; r < profile->registers.n; r++)
        for (uint32_t g = 0; g < profile->registers.at[r].grounds.n; g++) {
            const char *id = profile->registers.at[r].grounds.at[g].population;
            bool known = id == NULL || id[0] == '\0';
            for (uint32_t p = 0; p < profile->populations.n && !known; p++)
                known = strcmp(profile->populations.at[p].id, id) == 0 && !profile->populations.at[p].teams;
            if (!known)
                return *path = arena_format(check->arena, "registers[%u].grounds[%u].population", r, g), "no population of people has this id";
        }
    return NULL;
}

static bool registers_good(const struct check *check)
{
    const struct profile *profile = check->profile;
    const char *path = NULL, *what = profile_registers_fault(profile->registers.at, profile->registers.n, check->arena, &path);

    if (what == NULL)
        what = profile_expert_fault(profile->expert_work.at, profile->expert_work.n, profile->registers.at, profile->registers.n,
                                    check->arena, &path);
    if (what == NULL)
        what = profile_training_fault(profile->training.at, profile->training.n, profile->registers.at, profile->registers.n,
                                      profile->populations.at, profile->populations.n, check->arena, &path);
    if (what == NULL)
        what = grounds_fault(check, &path);
    return what == NULL || fault(check, path, what);
}

static bool people_good(const struct check *check)
{
    const struct profile *profile = check->profile;
    const char *path = NULL, *what = profile_bands_fault(profile->bands.at, profile->bands.n, check->arena, &path);

    if (what == NULL)
        what = profile_populations_fault(profile->populations.at, profile->populations.n, profile->bands.at, profile->bands.n,
                                         check->arena, &path);
    if (what == NULL)
        what = profile_staffing_fault(profile->staffing, profile->populations.at, profile->populations.n, profile->bands.at,
                                      profile->bands.n, check->arena, &path);
    return what == NULL || fault(check, path, what);
}

bool profile_code_is(const char *code, const char *said)
{
    size_t n = strlen(said);

    return strncmp(code, said, n) == 0 && (code[n] == '\0' || (n > 0 && said[n - 1] != '.' && strcmp(code + n, ".") == 0));
}

int profile_read(const char *file, struct arena *arena, const struct profile **profile, int *zone_minutes, char says[SAYS])
{
    struct profile *read = ARENA_NEW(arena, struct profile);
    struct check check = { .file = file, .profile = read, .arena = arena, .says = says };
    int err = config_read(file, &profile_desc, arena, read, says);

    if (err != ERR_OK)
        return err;
    if (!region_good(&check, zone_minutes) || !acts_good(&check) || !posts_take(&check, read) || !posts_good(&check)
        || !indicators_good(&check) || !registers_good(&check) || !people_good(&check))
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

/* What goes on on the day of loading: a contest with its applications, programmes and practices that experts judge, rooms that are
 * booked. Sizes go with the staff, the acts name none; no work goes to an expert who works where it comes from, none has more at once
 * than the profile lets him. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/sample/records.h"
#include "common/core/log.h"

#define LOAD      5             /* works of one expert: load of the profiles' directions */
#define OPENED    (-10)         /* of the contest, and until when: days from the loading */
#define CLOSES    30
#define POINTS    10            /* the most by each of three criteria */

struct seeking { const char *regions, *experts, *reg, *title, *grounds, *values; };
static const struct seeking SEEKING[] = {
    { "tomsk stavropol", "method_staff", "support_staff", "Конкурсный отбор методистов и тьюторов", "diagnostics@%s=процедура № %u",
      "function=тьюторское сопровождение|level=муниципальный" },
    { "yugra", "experts", "experts", "Отбор в региональное сообщество экспертов", "passed@%s=процедура № %u, 80 %%", "direction=оценка программ и практик" },
    { "khabarovsk", "methodologists_panel", "tutors", "Конкурсный отбор тьюторов", "diagnostics@%s=процедура № %u", "" },
};

struct expert { uint32_t person, works; };
struct judging { struct region *region; struct prng prng; const struct seeking *seeking; struct expert *experts; uint32_t expert_n; };

/* Has a post to this day, since before the loading. */
static bool works_on(const struct region *region, uint32_t person)
{
    uint32_t post = main_post(region, person, WORK_ENDS);
    return post != NONE && region->posts.at[post].until == 0;
}

static bool stands_in(const struct region *region, const char *reg, uint32_t person)
{
    for (size_t i = 0; i < region->entries.n; i++)
        if (region->entries.at[i].person == person && strcmp(region->entries.at[i].reg, reg) == 0)
            return true;
    return false;
}

static bool works_at(const struct region *region, uint32_t person, uint32_t org)
{
    const struct person *p = &region->persons.at[person];
    for (uint32_t i = p->first_post; i < p->first_post + p->posts; i++)
        if (region->posts.at[i].org == org && region->posts.at[i].until == 0)
            return true;
    return false;
}

/* Where he works, some post of the other is too. */
static bool share_a_place(const struct region *region, uint32_t person, uint32_t other)
{
    const struct person *p = &region->persons.at[person];
    for (uint32_t i = p->first_post; i < p->first_post + p->posts; i++)
        if (region->posts.at[i].until == 0 && works_at(region, other, region->posts.at[i].org))
            return true;
    return false;
}

/* ── experts and their opinions ── */
static void experts_find(struct judging *judging)
{
    const struct region *region = judging->region;

    judging->experts = calloc(region->entries.n + 1, sizeof *judging->experts);
    if (judging->experts == NULL)
        log_die("sample", "out of memory");
    for (size_t i = 0; i < region->entries.n; i++) {
        const struct entry_of *entry = &region->entries.at[i];
        if (entry->person != NONE && entry->from != 0 && entry->until == 0 && strcmp(entry->reg, judging->seeking->experts) == 0
            && works_on(region, entry->person))
            judging->experts[judging->expert_n++].person = entry->person;
    }
}

static bool may_judge(const struct judging *judging, const struct expert *expert, uint32_t work, size_t first)
{
    const struct region *region = judging->region;
    const struct work_of *of = &region->works.at[work];

    if (expert->works == LOAD || (of->org != NONE && works_at(region, expert->person, of->org)))
        return false;
    if (of->person != NONE && (of->person == expert->person || share_a_place(region, expert->person, of->person)))
        return false;
    for (size_t i = first; i < region->opinions.n; i++)         /* once on one work */
        if (region->opinions.at[i].expert == expert->person)
            return false;
    return true;
}

/* By the work's own quality, a point more or less: opinions that lie apart are another story. */
static void opinion_give(struct judging *judging, struct opinion_of *opinion, uint32_t quality)
{
    for (size_t i = 0; i < sizeof opinion->points / sizeof *opinion->points; i++) {
        uint32_t points = quality - 1 + (uint32_t)prng_below(&judging->prng, 3);
        opinion->points[i] = points > POINTS ? POINTS : points;
    }
}

/* To as many as the direction wants, beginning with somebody; where there are too few free ones, to fewer. */
static void work_judge(struct judging *judging, uint32_t work, uint32_t wanted)
{
    struct region *region = judging->region;
    uint32_t quality = 4 + (uint32_t)prng_below(&judging->prng, 7), given = 0, asked = 0;
    uint32_t from = judging->expert_n > 0 ? (uint32_t)prng_below(&judging->prng, judging->expert_n) : 0;
    size_t first = region->opinions.n;

    for (uint32_t i = 0; i < judging->expert_n && asked < wanted; i++) {
        struct expert *expert = &judging->experts[(from + i) % judging->expert_n];
        if (!may_judge(judging, expert, work, first))
            continue;
        struct opinion_of *opinion = LIST_ADD(&region->opinions);
        *opinion = (struct opinion_of){ .work = work, .expert = expert->person, .term = 14, .taken = chance(&judging->prng, 900) };
        opinion->given = opinion->taken && chance(&judging->prng, 800);
        opinion_give(judging, opinion, quality);
        expert->works++;
        given += opinion->given;
        asked++;
    }
    region->works.at[work].closed = given == wanted && chance(&judging->prng, 700);
}

/* ── works ── */
static void applicants_enter(struct judging *judging, uint32_t contest)
{
    struct region *region = judging->region;
    uint64_t wanted = 4 + region->workers / 500, tries = wanted * 60 + 1000;
    size_t first = region->works.n;
    char day[DAY_TEXT + 1];

    for (uint64_t i = 0; region->works.n - first < wanted && i < tries; i++) {
        uint32_t person = (uint32_t)prng_below(&judging->prng, region->persons.n);
        bool again = !works_on(region, person) || stands_in(region, judging->seeking->reg, person)
                     || post_kind_of(&region->posts.at[main_post(region, person, WORK_ENDS)]) != POST_EDUCATOR;
        for (size_t k = first; k < region->works.n && !again; k++)
            again = region->works.at[k].person == person;
        if (again)
            continue;
        struct work_of *work = LIST_ADD(&region->works);
        *work = (struct work_of){ .contest = contest, .person = person, .org = NONE, .direction = "contests" };
        day_format(day_between(&judging->prng, day_of(LAST_YEAR, 9, 1), day_of(LAST_YEAR, 12, 20)), day);
        snprintf(work->grounds, sizeof work->grounds, judging->seeking->grounds, day, 1 + (unsigned)prng_below(&judging->prng, 40));
        snprintf(work->values, sizeof work->values, "%s", judging->seeking->values);
    }
    for (size_t i = first; i < region->works.n; i++)
        work_judge(judging, (uint32_t)i, 3);
}

static void contest_open(struct judging *judging)
{
    struct region *region = judging->region;
    uint32_t at = (uint32_t)region->contests.n;

    *LIST_ADD(&region->contests) = (struct contest_of){ judging->seeking->reg, "contests", judging->seeking->title, OPENED, CLOSES,
                                                       2 + (uint32_t)(region->workers / 1000) };
    applicants_enter(judging, at);
}

/* The institute's programmes, by their titles; no author is named. */
static void programmes_judge(struct judging *judging)
{
    struct region *region = judging->region;
    size_t wanted = 2 + region->workers / 1000;

    for (size_t i = 0; i < region->programmes.n && i < wanted; i++) {
        struct work_of *work = LIST_ADD(&region->works);
        *work = (struct work_of){ .contest = NONE, .person = NONE, .org = region->institute, .direction = "programmes" };
        snprintf(work->title, sizeof work->title, "%s (%s)", region->programmes.at[i].title, region->programmes.at[i].code);
        work_judge(judging, (uint32_t)(region->works.n - 1), 2);
    }
}

static void practices_judge(struct judging *judging)
{
    static const char *const ABOUT[] = { "Формирующее оценивание", "Работа с текстом", "Проектная мастерская", "Урок без звонка", "Читательский клуб" };
    struct region *region = judging->region;
    uint64_t wanted = 2 + region->workers / 1000, tries = wanted * 60 + 1000;
    uint32_t n = 0;

    for (uint64_t i = 0; n < wanted && i < tries; i++) {
        uint32_t person = (uint32_t)prng_below(&judging->prng, region->persons.n), post = main_post(region, person, WORK_ENDS);
        if (!works_on(region, person) || post_kind_of(&region->posts.at[post]) != POST_EDUCATOR
            || region->orgs.at[region->posts.at[post].org].kind != ORG_SCHOOL)
            continue;
        struct work_of *work = LIST_ADD(&region->works);
        *work = (struct work_of){ .contest = NONE, .person = person, .org = region->posts.at[post].org, .direction = "practices" };
        snprintf(work->title, sizeof work->title, "%s, практика № %u", ABOUT[n % (sizeof ABOUT / sizeof *ABOUT)], n + 1);
        n++;
        work_judge(judging, (uint32_t)(region->works.n - 1), 2);
    }
}

/* ── rooms ── */
static void rooms_book(struct judging *judging)
{
    static const char *const PURPOSE[] = { "стажировка", "семинар методистов", "курсы повышения квалификации", "практикум" };
    struct region *region = judging->region;

    for (uint32_t i = 0; i < region->entries.n; i++) {
        if (strcmp(region->entries.at[i].reg, "rooms") != 0)
            continue;
        for (int k = 0; k < 3; k++) {
            int from = 3 + (int)prng_below(&judging->prng, 60);
            uint32_t m = (uint32_t)prng_below(&judging->prng, region->table->municipality_count);
            *LIST_ADD(&region->bookings) = (struct booking_of){ i, region->municipality[m], 1 + (uint32_t)prng_below(&judging->prng, 4), from,
                from + (int)prng_below(&judging->prng, 3), PURPOSE[prng_below(&judging->prng, sizeof PURPOSE / sizeof *PURPOSE)] };
        }
    }
}

void experts_make(struct region *region)
{
    struct judging judging = { .region = region, .prng = region_prng(region, STREAM_EXPERTS) };

    for (size_t i = 0; i < sizeof SEEKING / sizeof *SEEKING; i++)
        if (strstr(SEEKING[i].regions, region->table->name) != NULL)
            judging.seeking = &SEEKING[i];
    experts_find(&judging);
    contest_open(&judging);
    programmes_judge(&judging);
    practices_judge(&judging);
    rooms_book(&judging);
    free(judging.experts);
}

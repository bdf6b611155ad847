/* Who works there: leadership teams first, then everybody else, with hires, leavers and moves over the
 * years, second posts (also in another municipality), young educators and some without a SNILS. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/sample/names.h"
#include "cli/sample/records.h"
#include "common/core/log.h"

enum title {
    TITLE_TEACHER, TITLE_PRIMARY, TITLE_MATHS, TITLE_PSYCHOLOGIST, TITLE_SOCIAL, TITLE_SPEECH, TITLE_LIBRARIAN,
    TITLE_NURSERY, TITLE_SENIOR_NURSERY, TITLE_MUSIC, TITLE_SPORT, TITLE_FURTHER, TITLE_ORGANISER,
    TITLE_METHODIST, TITLE_TRAINER, TITLE_LECTURER, TITLE_MASTER, TITLE_TUTOR,
    TITLE_DIRECTOR, TITLE_MANAGER, TITLE_RECTOR, TITLE_DEPUTY, TITLE_DEPUTY_STUDIES, TITLE_DEPUTY_MANAGER,
    TITLE_UNIT, TITLE_CLERK, TITLE_ACCOUNTANT, TITLE_ASSISTANT,
};
const struct post_title POST_TITLE[] = {
    [TITLE_TEACHER] = { "учитель", POST_EDUCATOR },
    [TITLE_PRIMARY] = { "учитель начальных классов", POST_EDUCATOR },
    [TITLE_MATHS] = { "учитель математики", POST_EDUCATOR },
    [TITLE_PSYCHOLOGIST] = { "педагог-психолог", POST_EDUCATOR },
    [TITLE_SOCIAL] = { "социальный педагог", POST_EDUCATOR },
    [TITLE_SPEECH] = { "учитель-логопед", POST_EDUCATOR },
    [TITLE_LIBRARIAN] = { "педагог-библиотекарь", POST_EDUCATOR },
    [TITLE_NURSERY] = { "воспитатель", POST_EDUCATOR },
    [TITLE_SENIOR_NURSERY] = { "старший воспитатель", POST_EDUCATOR },
    [TITLE_MUSIC] = { "музыкальный руководитель", POST_EDUCATOR },
    [TITLE_SPORT] = { "инструктор по физической культуре", POST_EDUCATOR },
    [TITLE_FURTHER] = { "педагог дополнительного образования", POST_EDUCATOR },
    [TITLE_ORGANISER] = { "педагог-организатор", POST_EDUCATOR },
    [TITLE_METHODIST] = { "методист", POST_EDUCATOR },
    [TITLE_TRAINER] = { "тренер-преподаватель", POST_EDUCATOR },
    [TITLE_LECTURER] = { "преподаватель", POST_EDUCATOR },
    [TITLE_MASTER] = { "мастер производственного обучения", POST_EDUCATOR },
    [TITLE_TUTOR] = { "тьютор", POST_EDUCATOR },
    [TITLE_DIRECTOR] = { "директор", POST_HEAD },
    [TITLE_MANAGER] = { "заведующий", POST_HEAD },
    [TITLE_RECTOR] = { "ректор", POST_HEAD },
    [TITLE_DEPUTY] = { "заместитель директора", POST_DEPUTY },
    [TITLE_DEPUTY_STUDIES] = { "заместитель директора по учебно-воспитательной работе", POST_DEPUTY },
    [TITLE_DEPUTY_MANAGER] = { "заместитель заведующего", POST_DEPUTY },
    [TITLE_UNIT] = { "руководитель структурного подразделения", POST_UNIT_HEAD },
    [TITLE_CLERK] = { "секретарь", POST_OTHER },
    [TITLE_ACCOUNTANT] = { "бухгалтер", POST_OTHER },
    [TITLE_ASSISTANT] = { "помощник воспитателя", POST_OTHER },
};
const size_t POST_TITLES = sizeof POST_TITLE / sizeof *POST_TITLE;

/* Ordinary posts of each kind of organisation, with parts of a hundred. */
struct mix { enum title title; uint32_t part; };
static const struct mix MIX_SCHOOL[] = {
    { TITLE_TEACHER, 58 }, { TITLE_PRIMARY, 18 }, { TITLE_MATHS, 5 }, { TITLE_PSYCHOLOGIST, 4 }, { TITLE_SOCIAL, 3 },
    { TITLE_SPEECH, 3 }, { TITLE_LIBRARIAN, 2 }, { TITLE_ORGANISER, 2 }, { TITLE_TUTOR, 1 }, { TITLE_UNIT, 2 },
    { TITLE_CLERK, 1 }, { TITLE_ACCOUNTANT, 1 }, { 0, 0 },
};
static const struct mix MIX_KINDERGARTEN[] = {
    { TITLE_NURSERY, 74 }, { TITLE_SENIOR_NURSERY, 6 }, { TITLE_MUSIC, 6 }, { TITLE_SPORT, 4 }, { TITLE_SPEECH, 4 },
    { TITLE_PSYCHOLOGIST, 3 }, { TITLE_ASSISTANT, 3 }, { 0, 0 },
};
static const struct mix MIX_FURTHER[] = {
    { TITLE_FURTHER, 70 }, { TITLE_TRAINER, 12 }, { TITLE_ORGANISER, 7 }, { TITLE_METHODIST, 6 }, { TITLE_UNIT, 4 },
    { TITLE_ACCOUNTANT, 1 }, { 0, 0 },
};
static const struct mix MIX_COLLEGE[] = {
    { TITLE_LECTURER, 64 }, { TITLE_MASTER, 20 }, { TITLE_METHODIST, 5 }, { TITLE_SOCIAL, 4 }, { TITLE_UNIT, 5 },
    { TITLE_CLERK, 2 }, { 0, 0 },
};
static const struct mix MIX_INSTITUTE[] = { { TITLE_METHODIST, 80 }, { TITLE_UNIT, 20 }, { 0, 0 } };
static const struct mix MIX_CENTRE[] = { { TITLE_METHODIST, 100 }, { 0, 0 } };
static const struct mix MIX_UNIVERSITY[] = { { TITLE_LECTURER, 90 }, { TITLE_UNIT, 10 }, { 0, 0 } };
static const struct mix *const MIX[] = {
    [ORG_SCHOOL] = MIX_SCHOOL, [ORG_KINDERGARTEN] = MIX_KINDERGARTEN, [ORG_FURTHER] = MIX_FURTHER,
    [ORG_COLLEGE] = MIX_COLLEGE, [ORG_INSTITUTE] = MIX_INSTITUTE, [ORG_CENTRE] = MIX_CENTRE,
    [ORG_UNIVERSITY] = MIX_UNIVERSITY,
};
static const char *const SUBJECT[] = {
    "русский язык и литература", "математика", "физика", "химия", "биология", "география", "история",
    "обществознание", "информатика", "английский язык", "немецкий язык", "музыка", "изобразительное искусство",
    "технология", "физическая культура", "основы безопасности жизнедеятельности",
};
#define SUBJECTS_KNOWN (sizeof SUBJECT / sizeof *SUBJECT)

#define HIRES_FROM   day_of(2018, 1, 1)
#define LIST_DAY     day_of(2024, 12, 31)

static enum title title_draw(struct prng *prng, enum org_kind kind)
{
    const struct mix *mix = MIX[kind];
    uint64_t at = prng_below(prng, 100);

    while (at >= mix->part)
        at -= (mix++)->part;
    return mix->title;
}

static const char *subject_draw(struct prng *prng, enum title title)
{
    if (title == TITLE_MATHS)
        return "математика";
    return title == TITLE_TEACHER || title == TITLE_LECTURER ? SUBJECT[prng_below(prng, SUBJECTS_KNOWN)] : NULL;
}

/* Three in a hundred have none; some lists write the digits alone. */
static void snils_make(const struct region *region, struct prng *prng, uint32_t i, char text[16])
{
    uint64_t n = 10000000 + (i * UINT64_C(9176263) + region->seed % 1000 * 31) % 980000000;     /* no two alike */
    unsigned control = snils_checksum(n);
    bool none = chance(prng, 30), bare = chance(prng, 150);

    if (bare)
        snprintf(text, 16, "%09u%02u", (unsigned)n, control);
    else
        snprintf(text, 16, "%03u-%03u-%03u %02u", (unsigned)(n / 1000000), (unsigned)(n / 1000 % 1000),
                 (unsigned)(n % 1000), control);
    if (none)
        text[0] = '\0';
}

static day_t hired_draw(struct prng *prng)
{
    bool recent = chance(prng, 280), september = chance(prng, 650);
    int year = recent ? 2018 + (int)prng_below(prng, 7) : 1995 + (int)prng_below(prng, 23);

    return september ? day_of(year, 9, 1)
                     : day_between(prng, day_of(year, 1, 9), day_of(year, 12, year == 2024 ? 10 : 31));
}

static struct born born_draw(struct prng *prng, day_t hired, int age)
{
    struct born born = { .year = day_year(hired) - age };

    born.month = 1 + (int)prng_below(prng, 12);     /* one after the other: the order decides the bytes */
    born.day = 1 + (int)prng_below(prng, 28);
    return born;
}

static uint64_t hash_more_of(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (uint8_t)*text) * UINT64_C(1099511628211);       /* FNV-1a */
    return hash;
}

/* True when nobody has this name and birth date yet; two such people would be one to a staff list. */
static bool name_new(struct names_taken *taken, const struct person *person)
{
    const struct born *born = &person->born;
    uint64_t key = hash_more_of(hash_more_of(UINT64_C(14695981039346656037), person->family), person->given);

    key = (key ^ (uint64_t)(born->year * 10000 + born->month * 100 + born->day)) * UINT64_C(0x9E3779B97F4A7C15) | 1;
    size_t at = (key >> 20) & (taken->slots - 1);
    while (taken->slot[at] != 0 && taken->slot[at] != key)
        at = (at + 1) & (taken->slots - 1);
    bool is_new = taken->slot[at] == 0;
    taken->slot[at] = key;
    return is_new;
}

/* A person without posts. Leaders have worked before; of the others hired lately, half come from a college
 * or university. */
static uint32_t person_add(struct region *region, struct prng *prng, day_t hired, bool leader)
{
    uint32_t i = (uint32_t)region->persons.n;
    struct person *person = LIST_ADD(&region->persons);
    bool fresh = !leader && chance(prng, hired >= HIRES_FROM ? 560 : 400);
    int age = fresh ? 21 + (int)prng_below(prng, 5)
            : leader ? 34 + (int)prng_below(prng, 16) : 25 + (int)prng_below(prng, 26);
    int late = age - 22 > 0 ? (int)prng_below(prng, (uint64_t)(age - 22) + 1) : 0;

    person->female = chance(prng, leader ? 720 : 850);
    struct name name = name_draw(prng, person->female);
    person->family = name.family;
    person->given = name.given;
    person->patronymic = name.patronymic;
    person->born = born_draw(prng, hired, age);
    person->teaching_since = fresh ? hired : day_add_months(hired, -12 * late);
    if (!fresh && person->born.year < 1984 && chance(prng, 250))
        person->teaching_since = 0;
    while (!name_new(&region->names, person))
        person->born.day = 1 + person->born.day % 28;
    person->knack = 250 + prng_below(prng, 650);
    person->first_post = (uint32_t)region->posts.n;
    snprintf(person->code, sizeof person->code, "%06u", i + 1);
    snils_make(region, prng, i, person->snils);
    return i;
}

static struct post *post_add(struct region *region, uint32_t person, uint32_t org, enum title title, day_t from)
{
    struct post *post = LIST_ADD(&region->posts);

    region->persons.at[person].posts++;
    *post = (struct post){ .person = person, .org = org, .title = title, .from = from };
    return post;
}

/* ── leadership teams ── */
static enum title head_title(enum org_kind kind)
{
    return kind == ORG_KINDERGARTEN ? TITLE_MANAGER : kind == ORG_INSTITUTE || kind == ORG_UNIVERSITY ? TITLE_RECTOR : TITLE_DIRECTOR;
}

static void head_add(struct region *region, struct prng *prng, uint32_t org, day_t from, day_t until)
{
    bool teaches = chance(prng, 250) && region->orgs.at[org].kind == ORG_SCHOOL;
    uint32_t person = person_add(region, prng, from, true);

    post_add(region, person, org, head_title(region->orgs.at[org].kind), from)->until = until;
    if (!teaches)
        return;
    struct post *lessons = post_add(region, person, org, TITLE_TEACHER, from);
    lessons->part_time = true;
    lessons->subject = subject_draw(prng, TITLE_TEACHER);
    lessons->until = until;
}

static void team_add(struct region *region, struct prng *prng, uint32_t org)
{
    struct org *at = &region->orgs.at[org];
    uint64_t most = at->weight / 12 < 4 ? at->weight / 12 : 4;
    uint64_t deputies = prng_below(prng, most + 1);
    enum title title = at->kind == ORG_KINDERGARTEN ? TITLE_DEPUTY_MANAGER : TITLE_DEPUTY;
    day_t from = day_between(prng, day_of(2000, 8, 1), day_of(2017, 12, 1));

    if (chance(prng, 220)) {
        day_t change = day_between(prng, day_of(2019, 1, 15), day_of(2024, 10, 31));
        head_add(region, prng, org, from, change);
        head_add(region, prng, org, change + 1, 0);
    } else {
        head_add(region, prng, org, from, 0);
    }
    for (uint64_t i = 0; i < deputies; i++) {
        day_t since = chance(prng, 800) ? day_between(prng, day_of(2005, 8, 1), day_of(2018, 9, 1))
                                        : day_between(prng, day_of(2019, 1, 10), day_of(2024, 11, 20));
        enum title as = title == TITLE_DEPUTY && chance(prng, 500) ? TITLE_DEPUTY_STUDIES : title;
        bool left = chance(prng, 120);
        struct post *post = post_add(region, person_add(region, prng, since, true), org, as, since);
        if (left)
            post->until = day_between(prng, since + 300, LIST_DAY);
    }
}

/* ── everybody else ── */
/* 0: stays. Most go when the school year ends, some on the last days of the calendar one. */
static day_t left_draw(struct prng *prng, day_t from)
{
    bool leaves = chance(prng, 150);
    int year = 2018 + (int)prng_below(prng, 7);
    uint64_t how = prng_below(prng, 100);
    day_t day = how < 45 ? day_of(year, 8, 31) : how < 70 ? day_of(year, 6, 30) : how < 75 ? day_of(year, 12, 30)
              : how < 80 ? day_of(year, 12, 31) : day_between(prng, day_of(year, 1, 10), day_of(year, 12, 20));

    return leaves && day > from + 60 ? day : 0;
}

/* Any organisation by its places for staff; institute and centre stand aside. */
static uint32_t work_draw(const struct region *region, struct prng *prng, uint64_t total)
{
    uint64_t at = prng_below(prng, total);

    for (uint32_t i = 0;; i++) {
        if (at < region->orgs.at[i].weight)
            return i;
        at -= region->orgs.at[i].weight;
    }
}

static void move_make(struct region *region, struct prng *prng, uint32_t first, uint32_t to)
{
    struct post *old = &region->posts.at[first];
    day_t last = day_between(prng, old->from + 100, (old->until != 0 ? old->until : LIST_DAY) - 100);
    struct post next = *old;

    if (last < HIRES_FROM || last + 60 > (old->until != 0 ? old->until : LIST_DAY)
        || region->orgs.at[to].kind != region->orgs.at[old->org].kind)
        return;
    old->until = last;
    post_add(region, next.person, to, (enum title)next.title, last + 1);
    struct post *post = &region->posts.at[region->posts.n - 1];
    post->until = next.until;
    post->subject = next.subject;
}

static void second_make(struct region *region, struct prng *prng, uint32_t main, uint32_t to)
{
    struct post first = region->posts.at[main];
    enum title title = title_draw(prng, region->orgs.at[to].kind);
    day_t from = day_between(prng, first.from > HIRES_FROM ? first.from : HIRES_FROM,
                             first.until != 0 ? first.until : LIST_DAY);

    if (first.until != 0 && first.until < from + 30)
        return;
    if (POST_TITLE[title].kind != POST_EDUCATOR)
        title = TITLE_ORGANISER;
    if (title == (enum title)first.title && to == first.org)    /* another post there, not the same again */
        title = title == TITLE_PSYCHOLOGIST ? TITLE_SPEECH : TITLE_PSYCHOLOGIST;
    struct post *post = post_add(region, first.person, to, title, from);
    post->part_time = true;
    post->subject = subject_draw(prng, title);
    post->until = first.until;
}

static void worker_make(struct region *region, struct prng *prng, uint32_t org, uint64_t total)
{
    day_t hired = hired_draw(prng), left = left_draw(prng, hired);
    enum title title = title_draw(prng, region->orgs.at[org].kind);
    const char *subject = subject_draw(prng, title);
    bool moves = chance(prng, 90), second = chance(prng, 90), elsewhere = chance(prng, 350);
    uint32_t to = total != 0 ? work_draw(region, prng, total) : org;
    uint32_t person = person_add(region, prng, hired, false), main = (uint32_t)region->posts.n;
    struct post *post = post_add(region, person, org, title, hired);

    post->until = left;
    post->subject = subject;
    if (POST_TITLE[title].kind == POST_OTHER || total == 0)
        return;
    if (moves)
        move_make(region, prng, main, to);
    else if (second)
        second_make(region, prng, main, elsewhere ? to : org);
}

void people_make(struct region *region)
{
    struct prng prng = region_prng(region, STREAM_PEOPLE);
    uint64_t total = 0, aside = 3 + region->workers / 400;

    for (region->names.slots = 1024; region->names.slots < region->workers * 2; region->names.slots *= 2)
        ;
    region->names.slot = calloc(region->names.slots, sizeof *region->names.slot);
    if (region->names.slot == NULL)
        log_die("sample", "out of memory");
    for (uint32_t i = 0; i < region->orgs.n; i++) {
        total += region->orgs.at[i].weight;
        if (region->orgs.at[i].weight != 0 && region->persons.n + 3 + 4 <= region->workers)
            team_add(region, &prng, i);
    }
    head_add(region, &prng, region->university, day_of(2016, 9, 1), 0);
    for (uint64_t i = 0; i < 2 + region->workers / 1000 && region->persons.n < region->workers; i++)
        worker_make(region, &prng, region->university, 0);
    for (uint64_t i = 0; i < aside && region->persons.n < region->workers; i++)
        worker_make(region, &prng, i % 3 == 0 ? region->institute : region->centre, 0);
    while (region->persons.n < region->workers)
        worker_make(region, &prng, work_draw(region, &prng, total), total);
}

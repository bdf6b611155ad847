/* The registers of the region's profile (config/regions): people and organisations in them with the grounds that each
 * register wants, agreements with parties and obligations, communities with members and meetings. Sizes go with the staff; the
 * acts name none. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/sample/records.h"
#include "common/core/log.h"

enum who { EDUCATORS_OF_SCHOOLS, METHODISTS, LEADERS_OF_SCHOOLS, OF_THE_CENTRE, SCHOOLS_THEMSELVES, BY_MUNICIPALITY, OF_THE_INSTITUTE, THE_SUBJECTS };
enum kind_of_thing { AGREEMENT_OF_THREE, AGREEMENT_OF_TWO, COMMUNITY, PROJECT, NETWORK, TEAM, SERVICE_OF_ONE, SERVICE_OF_ALL };

/* In grounds and values %d is the day, %n a number; the profile says which a register wants. */
struct register_table {
    const char *regions;                /* names of those that keep it */
    const char *id;
    enum who who;
    uint32_t part;                      /* of ten thousand of the staff; of a hundred schools; of a hundred municipalities */
    const char *grounds, *values;
    enum kind_of_thing thing;           /* of BY_MUNICIPALITY */
    bool proposed;                      /* nobody has decided yet */
    const char *status;                 /* another register, in which a member has to stand already */
};
#define TEAM_VALUES(kind) "kind=" kind "|level=муниципальный|aim=новое содержание образования"
static const char STATUS_GROUND[] = "status@%d=приказ № %n";
static const struct register_table REGISTER[] = {
    { "tomsk yugra stavropol", "method_staff", METHODISTS, 60, "post=приказ № %n-к", "direction=сопровождение молодых педагогов", 0, false, NULL },
    { "tomsk yugra stavropol", "municipal_tutors", EDUCATORS_OF_SCHOOLS, 80, "trained@%d=удостоверение № %n", NULL, 0, false, NULL },
    { "tomsk yugra stavropol", "sites", SCHOOLS_THEMSELVES, 8, "experience=протокол отбора № %n", "profile=функциональная грамотность|places=%n", 0, false, NULL },
    { "khabarovsk", "sites", SCHOOLS_THEMSELVES, 8, "innovation=приказ о статусе № %n", "profile=функциональная грамотность|places=%n", 0, false,
      "innovation_sites" },
    { "tomsk yugra stavropol", "tripartite", BY_MUNICIPALITY, 100, "signed@%d=экземпляр № %n", NULL, AGREEMENT_OF_THREE, false, NULL },
    { "tomsk yugra stavropol khabarovsk", "agreements", BY_MUNICIPALITY, 40, "signed@%d=экземпляр № %n", NULL, AGREEMENT_OF_TWO, false, NULL },
    { "yugra", "experts", EDUCATORS_OF_SCHOOLS, 50, "passed@%d=процедура № %n, 74 %", "direction=оценка программ и практик", 0, false, NULL },
    { "yugra", "demo_exam_experts", EDUCATORS_OF_SCHOOLS, 12, "certificate@%d=сертификат № %n", "competence=преподавание в младших классах", 0, false, NULL },
    { "yugra", "teacher_methodologists", EDUCATORS_OF_SCHOOLS, 30, "federal@%d=решение № %n|regional@%d=решение № %n", NULL, 0, false, NULL },
    { "yugra", "leaders_reserve", LEADERS_OF_SCHOOLS, 12, "results@%d=процедура № %n", NULL, 0, true, NULL },
    { "yugra", "innovation_sites", SCHOOLS_THEMSELVES, 5, STATUS_GROUND, NULL, 0, false, NULL },
    { "yugra", "support_projects", BY_MUNICIPALITY, 50, "approved@%d=приказ № %n", "level=муниципальный|aim=закрепление молодых педагогов", PROJECT, false, NULL },
    { "yugra", "communities", BY_MUNICIPALITY, 100, "created@%d=положение № %n", "kind=методическое объединение|level=муниципальный|subject=математика", COMMUNITY, false, NULL },
    { "khabarovsk", "methodologists_panel", EDUCATORS_OF_SCHOOLS, 90, "works|mentor=приказ № %n", "subject=русский язык и литература", 0, false, NULL },
    { "khabarovsk", "leaders_panel", LEADERS_OF_SCHOOLS, 30, "mechanisms=материалы оценки № %n", NULL, 0, false, NULL },
    { "tomsk yugra stavropol khabarovsk", "rooms", OF_THE_INSTITUTE, 0, "owned=инвентарная опись № %n", NULL, 0, false, NULL },
    { "tomsk yugra stavropol khabarovsk", "resources", OF_THE_INSTITUTE, 0, "runs=приказ № %n", NULL, 0, false, NULL },
    { "khabarovsk", "centre_staff", OF_THE_CENTRE, 10000, "post=приказ № %n", "trained=%d|document=удостоверение № %n", 0, false, NULL },
    /* What stands above draws the same as ever: whatever is added goes below. */
    { "tomsk stavropol khabarovsk", "communities", BY_MUNICIPALITY, 100, "created@%d=положение № %n", "kind=методическое объединение|level=муниципальный|subject=математика", COMMUNITY, false, NULL },
    { "tomsk yugra stavropol khabarovsk", "projects", BY_MUNICIPALITY, 30, "approved@%d=приказ № %n", "kind=иной проект|level=муниципальный|aim=функциональная грамотность", PROJECT, false, NULL },
    { "tomsk stavropol", "teams", BY_MUNICIPALITY, 50, "formed@%d=приказ № %n", TEAM_VALUES("проектная методическая команда"), TEAM, false, NULL },
    { "yugra", "teams", BY_MUNICIPALITY, 50, "formed@%d=приказ № %n", TEAM_VALUES("межмуниципальная проектная группа"), TEAM, false, NULL },
    { "khabarovsk", "teams", BY_MUNICIPALITY, 50, "formed@%d=приказ № %n", TEAM_VALUES("школьная методическая команда"), TEAM, false, NULL },
    { "tomsk yugra stavropol khabarovsk", "network_agreements", BY_MUNICIPALITY, 20, "signed@%d=экземпляр № %n", "programme=Функциональная грамотность", NETWORK, false, NULL },
    { "tomsk yugra stavropol khabarovsk", "mentors", EDUCATORS_OF_SCHOOLS, 60, "named@%d=приказ № %n", "kind=педагог-наставник", 0, false, NULL },
    { "yugra", "tutors", EDUCATORS_OF_SCHOOLS, 40, "results@%d=процедура № %n", "direction=индивидуальные маршруты", 0, false, NULL },
    { "khabarovsk", "tutors", EDUCATORS_OF_SCHOOLS, 40, "diagnostics@%d=процедура № %n", "direction=индивидуальные маршруты", 0, false, NULL },
    { "yugra", "methodologists", METHODISTS, 40, "results@%d=процедура № %n", "level=муниципальный|subject=русский язык", 0, false, NULL },
    { "tomsk stavropol", "support_staff", METHODISTS, 40, "diagnostics@%d=процедура № %n", "function=тьюторское сопровождение", 0, false, NULL },
    { "yugra", "federal_experts", EDUCATORS_OF_SCHOOLS, 5, "engaged@%d=письмо № %n", "direction=оценка качества образования", 0, false, NULL },
    { "khabarovsk", "method_staff", METHODISTS, 60, "post=приказ № %n-к", "direction=сопровождение молодых педагогов", 0, false, NULL },
    { "tomsk yugra stavropol khabarovsk", "subjects", THE_SUBJECTS, 0, NULL, NULL, 0, false, NULL },
    { "tomsk", "method_services", BY_MUNICIPALITY, 1, "serves=положение № %n", NULL, SERVICE_OF_ALL, false, NULL },
    { "yugra stavropol khabarovsk", "method_services", BY_MUNICIPALITY, 100, "serves=положение № %n", NULL, SERVICE_OF_ONE, false, NULL },
};

/* Who the subjects of the system are, as the closed list of the region's act has them. */
struct subject { const char *regions, *ground; enum org_kind kind; const char *title; uint32_t thousandth; };
static const struct subject SUBJECT[] = {
    { "tomsk", "authority", ORG_REGION, "Департамент общего образования", 1000 },
    { "yugra", "department", ORG_REGION, "Департамент образования и молодежной политики", 1000 },
    { "stavropol khabarovsk", "ministry", ORG_REGION, "Министерство образования", 1000 },
    { "tomsk yugra stavropol khabarovsk", "institute", ORG_INSTITUTE, NULL, 1000 },
    { "tomsk yugra stavropol khabarovsk", "centre", ORG_CENTRE, NULL, 1000 },
    { "tomsk", "colleges@%d=письмо № %n", ORG_COLLEGE, NULL, 300 },     /* by agreement: its letter */
    { "yugra", "colleges", ORG_COLLEGE, NULL, 200 },
    { "stavropol khabarovsk", "universities", ORG_UNIVERSITY, NULL, 1000 },
    { "tomsk yugra stavropol khabarovsk", "council", ORG_SCHOOL, "Методический совет организации %s", 200 },
};

/* Rooms and resources of the institute and its centre: the same in every region. */
struct own { const char *reg, *title, *values; };
static const struct own OWN[] = {
    { "rooms", "Аудитория 101", "kind=аудитория|seats=30|equipment=проектор, интерактивная доска" },
    { "rooms", "Аудитория 102", "kind=аудитория|seats=25" },
    { "rooms", "Лаборатория естественных наук", "kind=лаборатория|seats=16|equipment=цифровая лаборатория" },
    { "rooms", "Компьютерный класс", "kind=компьютерный класс|seats=15|equipment=ноутбуки" },
    { "rooms", "Актовый зал", "kind=зал|seats=120" },
    { "rooms", "Мобильный комплект диагностики", "kind=оборудование|seats=20|equipment=планшеты" },
    { "resources", "Сайт института", "kind=сайт|address=institute.example|purpose=сведения для педагогов" },
    { "resources", "Система дистанционного обучения", "kind=система дистанционного обучения|address=learn.example" },
    { "resources", "Банк педагогических практик", "kind=база данных|purpose=отбор и показ практик" },
};

struct making { struct region *region; struct prng prng; const struct register_table *table; bool *taken; uint32_t number; };

/* The form with its days and numbers. */
static void fill(struct making *making, const char *form, day_t day, char *out, size_t room)
{
    char text[DAY_TEXT + 1];
    size_t n = 0;

    for (out[0] = '\0'; form != NULL && *form != '\0' && n + 1 < room; form++) {
        if (form[0] == '%' && form[1] == 'd') {
            day_format(day, text);
            n += (size_t)snprintf(out + n, room - n, "%s", text);
            form++;
        } else if (form[0] == '%' && form[1] == 'n') {
            n += (size_t)snprintf(out + n, room - n, "%u", 1 + making->number++ % 400);
            form++;
        } else {
            out[n++] = *form;
            out[n] = '\0';
        }
    }
}

static struct entry_of *entry_add(struct making *making, uint32_t person, uint32_t org, day_t from)
{
    struct entry_of *entry = LIST_ADD(&making->region->entries);

    entry->reg = making->table->id;
    entry->person = person;
    entry->org = org;
    entry->from = making->table->proposed ? 0 : from;
    fill(making, making->table->grounds, from, entry->grounds, sizeof entry->grounds);
    fill(making, making->table->values, from, entry->values, sizeof entry->values);
    return entry;
}

/* ── people ── */
static bool post_fits(const struct region *region, enum who who, const struct post *post)
{
    enum org_kind kind = region->orgs.at[post->org].kind;
    enum post_kind as = post_kind_of(post);

    switch (who) {
    case OF_THE_CENTRE:      return post->org == region->centre;
    case METHODISTS:         return as == POST_EDUCATOR && (kind == ORG_FURTHER || kind == ORG_SCHOOL);
    case LEADERS_OF_SCHOOLS: return (as == POST_HEAD || as == POST_DEPUTY) && kind == ORG_SCHOOL;
    default:                 return as == POST_EDUCATOR && kind == ORG_SCHOOL;
    }
}

/* From that day on, while he has the post; some leave again. */
static void person_enter(struct making *making, uint32_t person, day_t from)
{
    struct entry_of *entry = entry_add(making, person, NONE, from);

    if (entry->from != 0 && chance(&making->prng, 150))
        entry->until = day_between(&making->prng, from + 150, WORK_ENDS);
}

static void people_enter(struct making *making)
{
    const struct region *region = making->region;
    uint64_t wanted = region->workers * making->table->part / 10000 + 1, tries = wanted * 60 + 1000;
    bool all = making->table->who == OF_THE_CENTRE;

    memset(making->taken, 0, region->persons.n * sizeof *making->taken);
    for (uint64_t i = 0, n = 0; n < wanted && i < (all ? region->persons.n : tries); i++) {
        uint32_t person = all ? (uint32_t)i : (uint32_t)prng_below(&making->prng, region->persons.n);
        day_t day = day_between(&making->prng, day_of(FIRST_YEAR, 2, 1), day_of(LAST_YEAR, 11, 1));
        uint32_t post = main_post(region, person, day);
        if (making->taken[person] || post == NONE || !post_fits(region, making->table->who, &region->posts.at[post]))
            continue;
        making->taken[person] = true;
        person_enter(making, person, day);
        n++;
    }
}

/* ── organisations ── */
static void schools_enter(struct making *making)
{
    const struct region *region = making->region;

    for (uint32_t i = 0; i < region->orgs.n; i++) {
        if (region->orgs.at[i].kind != ORG_SCHOOL || !chance(&making->prng, making->table->part * 10))
            continue;
        day_t from = day_between(&making->prng, day_of(FIRST_YEAR, 3, 1), day_of(LAST_YEAR, 10, 1));
        if (making->table->status != NULL) {
            struct entry_of *status = entry_add(making, NONE, i, from - 60);
            status->reg = making->table->status;
            status->values[0] = '\0';
            fill(making, STATUS_GROUND, from - 60, status->grounds, sizeof status->grounds);
        }
        struct entry_of *entry = entry_add(making, NONE, i, from);
        if (chance(&making->prng, 100))
            entry->until = day_between(&making->prng, from + 200, WORK_ENDS);
    }
}

/* ── agreements, communities, projects ── */
static void part_add(struct making *making, uint32_t entry, uint32_t person, uint32_t org, const char *title, const char *role)
{
    struct region *region = making->region;
    *LIST_ADD(&region->parts) = (struct part_of){ entry, person, org, title, role, region->entries.at[entry].from };
}

/* Done when it was due or a little before; what is due after the last year is open, and some of the rest is late. */
static void duty_add(struct making *making, uint32_t entry, const char *kind, const char *title, day_t due)
{
    struct duty_of *duty = LIST_ADD(&making->region->duties);
    bool late = chance(&making->prng, 80);
    day_t done = due - (day_t)prng_below(&making->prng, 20) + (late ? 40 : 0);

    duty->entry = entry;
    duty->kind = kind;
    snprintf(duty->title, sizeof duty->title, "%s", title);
    duty->due = due;
    duty->done = done <= WORK_ENDS ? done : 0;
}

/* Somebody who teaches in that municipality on that day; NONE after too many tries. */
static uint32_t teacher_draw(struct making *making, uint32_t municipality, day_t day)
{
    const struct region *region = making->region;

    for (int tries = 0; tries < 400; tries++) {
        uint32_t person = (uint32_t)prng_below(&making->prng, region->persons.n), post = main_post(region, person, day);
        if (post != NONE && !making->taken[person] && region->orgs.at[region->posts.at[post].org].municipality == municipality
            && post_kind_of(&region->posts.at[post]) == POST_EDUCATOR) {
            making->taken[person] = true;
            return person;
        }
    }
    return NONE;
}

static void members_join(struct making *making, uint32_t entry, uint32_t municipality, uint32_t most)
{
    day_t from = making->region->entries.at[entry].from;

    for (uint32_t i = 0; i < most; i++) {
        uint32_t person = teacher_draw(making, municipality, from);
        if (person != NONE)
            part_add(making, entry, person, NONE, NULL, i == 0 ? "руководитель" : "участник");
    }
}

static void years_of_duties(struct making *making, uint32_t entry, const char *kind, const char *title)
{
    day_t from = making->region->entries.at[entry].from;
    char named[160];

    for (int year = day_year(from) + 1; year <= LAST_YEAR + 1; year++) {
        snprintf(named, sizeof named, "%s, %d год", title, year);
        duty_add(making, entry, kind, named, day_of(year, 5, 31));
    }
}

static void thing_enter(struct making *making, uint32_t m)
{
    static const char *const TITLE[] = {
        [AGREEMENT_OF_THREE] = "Соглашение о развитии кадрового потенциала: %s", [AGREEMENT_OF_TWO] = "Соглашение о взаимодействии: %s",
        [COMMUNITY] = "Методическое объединение учителей математики: %s", [PROJECT] = "Проект «Первый класс молодого педагога»: %s",
        [NETWORK] = "Договор о сетевой форме программы: %s", [TEAM] = "Методическая команда: %s",
        [SERVICE_OF_ONE] = "Методическая служба: %s", [SERVICE_OF_ALL] = "Сетевая муниципальная методическая служба",
    };
    struct region *region = making->region;
    uint32_t place = region->municipality[m], at = (uint32_t)region->entries.n;
    bool ministry = strcmp(region->table->name, "stavropol") == 0;
    day_t from = day_between(&making->prng, day_of(FIRST_YEAR, 2, 1), day_of(LAST_YEAR, 6, 1));

    struct entry_of *entry = entry_add(making, NONE, place, from);
    snprintf(entry->title, sizeof entry->title, TITLE[making->table->thing], region->orgs.at[place].title);
    switch (making->table->thing) {
    case AGREEMENT_OF_THREE:
        part_add(making, at, NONE, place, NULL, "муниципальный орган управления образованием");
        part_add(making, at, NONE, region->institute, NULL, "институт");
        part_add(making, at, NONE, NONE, ministry ? "Министерство образования края" : "Департамент образования", ministry ? "министерство" : "департамент");
        years_of_duties(making, at, "обязательство", "Обучить муниципальных тьюторов");
        break;
    case AGREEMENT_OF_TWO:
        part_add(making, at, NONE, place, NULL, "сторона");
        part_add(making, at, NONE, region->centre, NULL, "сторона");
        years_of_duties(making, at, "обязательство", "Провести совместный семинар");
        break;
    case COMMUNITY:
        members_join(making, at, m, 6);
        years_of_duties(making, at, "встреча", "Итоговая встреча");
        break;
    case PROJECT:
        members_join(making, at, m, 2);
        years_of_duties(making, at, "этап", "Итоги года");
        break;
    case NETWORK:
        part_add(making, at, NONE, region->institute, NULL, "базовая организация");
        part_add(making, at, NONE, place, NULL, "организация-участник");
        years_of_duties(making, at, "обязательство", "Провести сетевой модуль");
        break;
    case TEAM:
        members_join(making, at, m, 5);
        years_of_duties(making, at, "результат", "Разработка года");
        break;
    case SERVICE_OF_ONE:
        part_add(making, at, NONE, place, NULL, "обслуживаемый муниципалитет");
        break;
    case SERVICE_OF_ALL:
        entry->org = region->region;
        for (uint32_t i = 0; i < region->table->municipality_count; i++)
            part_add(making, at, NONE, region->municipality[i], NULL, "обслуживаемый муниципалитет");
        break;
    }
}

static void things_enter(struct making *making)
{
    const struct region *region = making->region;
    uint32_t wanted = (region->table->municipality_count * making->table->part + 99) / 100;

    memset(making->taken, 0, region->persons.n * sizeof *making->taken);
    for (uint32_t m = 0; m < wanted; m++)
        thing_enter(making, m);
}

static void own_enter(struct making *making)
{
    struct region *region = making->region;

    for (size_t i = 0; i < sizeof OWN / sizeof *OWN; i++) {
        if (strcmp(OWN[i].reg, making->table->id) != 0)
            continue;
        day_t from = day_between(&making->prng, day_of(FIRST_YEAR, 1, 15), day_of(LAST_YEAR, 3, 1));
        struct entry_of *entry = entry_add(making, NONE, i % 3 == 2 ? region->centre : region->institute, from);
        snprintf(entry->title, sizeof entry->title, "%s", OWN[i].title);
        snprintf(entry->values, sizeof entry->values, "%s", OWN[i].values);
    }
}

/* No name of a region is part of another's. */
static bool among(const char *regions, const char *region) { return strstr(regions, region) != NULL; }

static void subject_enter(struct making *making, const struct subject *subject, uint32_t org)
{
    struct region *region = making->region;
    day_t from = day_between(&making->prng, day_of(FIRST_YEAR, 8, 1), day_of(LAST_YEAR, 6, 1));
    struct entry_of *entry = entry_add(making, NONE, org, from);

    fill(making, subject->ground, from, entry->grounds, sizeof entry->grounds);
    if (subject->title != NULL)
        snprintf(entry->title, sizeof entry->title, subject->title, region->orgs.at[org].code);
}

static void subjects_enter(struct making *making)
{
    const struct region *region = making->region;

    for (size_t i = 0; i < sizeof SUBJECT / sizeof *SUBJECT; i++)
        for (uint32_t org = 0; among(SUBJECT[i].regions, region->table->name) && org < region->orgs.n; org++)
            if (region->orgs.at[org].kind == SUBJECT[i].kind && chance(&making->prng, SUBJECT[i].thousandth))
                subject_enter(making, &SUBJECT[i], org);
}

void registers_make(struct region *region)
{
    struct making making = { .region = region, .prng = region_prng(region, STREAM_REGISTERS),
                             .taken = calloc(region->persons.n + 1, sizeof *making.taken) };

    if (making.taken == NULL)
        log_die("sample", "out of memory");
    for (size_t i = 0; i < sizeof REGISTER / sizeof *REGISTER; i++) {
        making.table = &REGISTER[i];
        if (!among(making.table->regions, region->table->name))
            continue;
        if (making.table->who == SCHOOLS_THEMSELVES)
            schools_enter(&making);
        else if (making.table->who == BY_MUNICIPALITY)
            things_enter(&making);
        else if (making.table->who == OF_THE_INSTITUTE)
            own_enter(&making);
        else if (making.table->who == THE_SUBJECTS)
            subjects_enter(&making);
        else
            people_enter(&making);
    }
    free(making.taken);
}

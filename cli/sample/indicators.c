#include "cli/sample/indicators.h"

#include <string.h>

/* ── what several acts ask for in the same way ── */
#define STAFF(posts_, orgs_)        { .what = PERSONS, .posts = (posts_), .orgs = (orgs_) }
#define UNDER_35(posts_, orgs_)     { .what = PERSONS, .posts = (posts_), .orgs = (orgs_), .under_35 = true }
#define YOUNG(orgs_)                { .what = PERSONS, .posts = EDUCATORS, .orgs = (orgs_), .young = true }
#define YOUNG_SUPPORTED(orgs_)      { .what = PERSONS, .posts = EDUCATORS, .orgs = (orgs_), .young = true, .fact = { .which = SUPPORTED } }
#define DIAGNOSED_BY(posts_, orgs_, owners_) \
    { .what = PERSONS, .posts = (posts_), .orgs = (orgs_), .then = true, .fact = { .which = DIAGNOSED, .owners = (owners_) } }
#define ROUTE_BY(posts_, orgs_, owners_) \
    { .what = PERSONS, .posts = (posts_), .orgs = (orgs_), .then = true, .fact = { .which = AGREED, .owners = (owners_) } }
#define LEARNED_BY_ROUTE \
    { .what = PERSONS, .posts = EDUCATORS, .orgs = SCHOOLING, .then = true, \
      .fact = { .which = COMPLETED, .owners = BIT(ORG_CENTRE), .by_route = true } }
#define ALL_TEAMS(orgs_)            { .what = TEAMS, .posts = HEADS, .orgs = (orgs_) }
#define TRAINED_TEAMS(orgs_)        { .what = TEAMS, .posts = HEADS, .orgs = (orgs_), .fact = { .which = COMPLETED, .topic = ON_QUALITY } }
#define RUN_PROGRAMMES              { .what = PROGRAMMES_RUN }
#define LISTED_PROGRAMMES           { .what = PROGRAMMES_RUN, .registry = LISTED_AT_THE_END }
#define BY_CENTRE                   BIT(ORG_CENTRE)
#define OPENING(first, later)       { .at_least = { (first), (later), (later), (later) } }
#define EACH_YEAR(value)            OPENING(value, value)
#define RISING                      { .rising = true }
#define NO_PLAN                     { .rising = false }
#define NOT_COUNTED(act_, code_, kind_) { .act = (act_), .code = (code_), .kind = (kind_) }

/* ── Томская область: приложение к Положению ── */
static const struct line_of_act TOMSK[] = {
    { "T", "1", A_SHARE, DIAGNOSED_BY(ANY_WORKER, SCHOOLING, BY_CENTRE), STAFF(ANY_WORKER, SCHOOLING), .plan = { .at_least = { 5, 10, 10, 10 } } },
    { "T", "2", A_SHARE, ROUTE_BY(ANY_WORKER, SCHOOLING, BY_CENTRE), STAFF(ANY_WORKER, SCHOOLING), .plan = { .at_least = { 5, 10, 10, 10 } } },
    { "T", "3", A_SHARE, LEARNED_BY_ROUTE, STAFF(EDUCATORS, SCHOOLING), .plan = { .at_least = { 2, 5, 7, 10 } } },
    { "T", "4", A_SHARE, TRAINED_TEAMS(SCHOOLING), ALL_TEAMS(SCHOOLING), .plan = EACH_YEAR(10) },
    { "T", "5", A_SHARE, YOUNG_SUPPORTED(SCHOOLING), YOUNG(SCHOOLING), .plan = { .at_least = { 10, 20, 30, 50 } } },
    { "T", "6", A_SHARE, { .what = PROGRAMMES_RUN, .registry = INCLUDED_IN_SPAN, .of_institute_alone = true },
      { .what = PROGRAMMES_RUN, .of_institute_alone = true }, .cumulative = true, .plan = { .at_least = { 2, 3, 4, 5 } } },
};

/* ── Ставропольский край: приложение к Положению; числитель и знаменатель — как напечатано, рядом — иначе ── */
static const struct line_of_act STAVROPOL[] = {
    { "S", "прил. 1", A_SHARE, DIAGNOSED_BY(ANY_WORKER, SCHOOLING, BY_CENTRE), STAFF(EDUCATORS, SCHOOLING),
      .beside = { DIAGNOSED_BY(ANY_WORKER, SCHOOLING, BY_CENTRE), STAFF(ANY_WORKER, SCHOOLING) }, .plan = OPENING(5, 10) },
    { "S", "прил. 2", A_SHARE, ROUTE_BY(ANY_WORKER, SCHOOLING, BY_CENTRE), STAFF(EDUCATORS, SCHOOLING),
      .beside = { ROUTE_BY(ANY_WORKER, SCHOOLING, BY_CENTRE), STAFF(ANY_WORKER, SCHOOLING) }, .plan = OPENING(5, 10) },
#define LEARNED_AT_CENTRE { .what = PERSONS, .posts = EDUCATORS, .orgs = BIT(ORG_SCHOOL), .then = true, \
                            .fact = { .which = COMPLETED, .providers = BIT(ORG_CENTRE) } }
    { "S", "прил. 3", A_SHARE, LEARNED_AT_CENTRE, STAFF(EDUCATORS, SCHOOLING),
      .beside = { LEARNED_AT_CENTRE, STAFF(EDUCATORS, BIT(ORG_SCHOOL)) }, .plan = OPENING(5, 10) },
    { "S", "прил. 4", A_SHARE, LEARNED_BY_ROUTE, STAFF(EDUCATORS, SCHOOLING), .plan = OPENING(5, 10) },
    { "S", "прил. 5", A_SHARE,
      { .what = TEAM_MEMBERS, .posts = HEADS, .orgs = SCHOOLING, .fact = { .which = COMPLETED, .topic = ON_QUALITY } },
      STAFF(LEADERS, SCHOOLING), .beside = { TRAINED_TEAMS(SCHOOLING), ALL_TEAMS(SCHOOLING) }, .plan = OPENING(5, 10) },
    { "S", "прил. 6", A_SHARE, YOUNG_SUPPORTED(SCHOOLING), STAFF(EDUCATORS, SCHOOLING),
      .beside = { YOUNG_SUPPORTED(SCHOOLING), YOUNG(SCHOOLING) }, .plan = OPENING(3, 5) },
    { "S", "прил. 7", A_SHARE, LISTED_PROGRAMMES, RUN_PROGRAMMES, .plan = EACH_YEAR(5) },
};

/* ── Хабаровский край: п. 6.5; управленческие кадры — руководители и заместители ── */
#define K_WORKERS (EDUCATORS | HEADS)
#define K_LEARNED(providers_) { .what = PERSONS, .posts = EDUCATORS, .orgs = BIT(ORG_SCHOOL), .then = true, \
                                .fact = { .which = COMPLETED, .providers = (providers_) } }
static const struct line_of_act KHABAROVSK[] = {
    { .act = "K", .code = "1.1.", .kind = A_YES_NO, .plan = { .yes_from_first = true } },
    { .act = "K", .code = "1.2.", .kind = A_YES_NO, .plan = { .yes_from_third = true } },
    { "K", "2.1.", A_SHARE, DIAGNOSED_BY(K_WORKERS, SCHOOLING, BY_CENTRE), STAFF(K_WORKERS, SCHOOLING), .plan = OPENING(5, 10) },
    { "K", "2.2.", A_SHARE, LEARNED_BY_ROUTE, STAFF(EDUCATORS, SCHOOLING), .plan = OPENING(5, 10) },
    { "K", "2.3.", A_SHARE, ROUTE_BY(K_WORKERS, SCHOOLING, BY_CENTRE), STAFF(K_WORKERS, SCHOOLING), .plan = EACH_YEAR(10) },
    { "K", "2.4.", A_SHARE, TRAINED_TEAMS(SCHOOLING), ALL_TEAMS(SCHOOLING),
      .plan = { .at_least = { 10, 10, 10, 10 }, .along_at_last = 40 } },
    { "K", "2.5.", A_SHARE, LISTED_PROGRAMMES, RUN_PROGRAMMES, .plan = OPENING(3, 5) },
    NOT_COUNTED("K", "2.6.", AWAITED),
    NOT_COUNTED("K", "2.7.", AWAITED),
    NOT_COUNTED("K", "2.8.", AWAITED),
    { "K", "2.9.", A_SHARE,
      { .what = TEAMS, .posts = HEADS, .orgs = SCHOOLING, .fact = { .which = ENROLLED, .topic = FOR_TEAMS }, .one_is_enough = true },
      ALL_TEAMS(SCHOOLING), .plan = EACH_YEAR(10) },
    { "K", "2.10.", A_SHARE, K_LEARNED(0), STAFF(EDUCATORS, BIT(ORG_SCHOOL)),
      .beside = { K_LEARNED(BIT(ORG_CENTRE)), STAFF(EDUCATORS, BIT(ORG_SCHOOL)) } },
    { "K", "3.1.", A_SHARE, YOUNG_SUPPORTED(SCHOOLING), YOUNG(SCHOOLING), .plan = { .at_least = { 5, 10, 10, 100 } } },
    { "K", "3.2.", A_CORRIDOR, { .what = TUTORS, .posts = EDUCATORS, .orgs = SCHOOLING, .methodologists = true },
      .plan = { .at_least = { 10, 10, 10, 10 }, .at_most_at_last = 100 } },
};

/* ── Югра: Положение (U, п. 6.1) без значений; Концепция (C, раздел VIII), где растёт всё и университеты входят ── */
#define C_WORKERS (EDUCATORS | HEADS)
#define C_OF(posts_, which_, owners_) \
    { .what = PERSONS, .posts = (posts_), .orgs = WITH_UNIVERSITIES, .fact = { .which = which_, .owners = (owners_) }
#define C_LEARNED(posts_) \
    C_OF(posts_, COMPLETED, 0), .also = { { .which = DIAGNOSED, .owners = BY_ALL_OF_INSTITUTE }, { .which = AGREED, .owners = BY_ALL_OF_INSTITUTE } } }
#define C_ROUTED(posts_)  C_OF(posts_, AGREED, BY_ALL_OF_INSTITUTE), .also = { { .which = DIAGNOSED, .owners = BY_ALL_OF_INSTITUTE } } }
#define TUTORS_AT_WORK    { .what = TUTORS, .at_work = true }
static const struct line_of_act YUGRA[] = {
    { "U", "6.1.1", A_SHARE, DIAGNOSED_BY(ANY_WORKER, SCHOOLING, BY_CENTRE), STAFF(ANY_WORKER, SCHOOLING), .plan = NO_PLAN },
    { "U", "6.1.2", A_SHARE, ROUTE_BY(ANY_WORKER, SCHOOLING, BY_CENTRE), STAFF(ANY_WORKER, SCHOOLING),
      .beside = { { .what = PERSONS, .posts = ANY_WORKER, .orgs = SCHOOLING, .fact = { .which = AGREED, .owners = BY_CENTRE },
                    .also = { { .which = DIAGNOSED, .owners = BY_CENTRE } } },
                  { .what = PERSONS, .posts = ANY_WORKER, .orgs = SCHOOLING, .fact = { .which = DIAGNOSED, .owners = BY_CENTRE } } } },
    { "U", "6.1.3", A_SHARE, LEARNED_BY_ROUTE, STAFF(EDUCATORS, SCHOOLING), .plan = NO_PLAN },
    { "U", "6.1.4", A_SHARE, TRAINED_TEAMS(SCHOOLING), ALL_TEAMS(SCHOOLING), .plan = NO_PLAN },
    { "U", "6.1.5", A_SHARE, YOUNG_SUPPORTED(SCHOOLING), YOUNG(SCHOOLING), .plan = NO_PLAN },
    { "U", "6.1.6", A_SHARE, LISTED_PROGRAMMES, RUN_PROGRAMMES, .plan = NO_PLAN },
    { "C", "1.1", A_SHARE, DIAGNOSED_BY(EDUCATORS, WITH_UNIVERSITIES, 0), STAFF(EDUCATORS, WITH_UNIVERSITIES), .plan = RISING },
    { "C", "1.2", A_SHARE, DIAGNOSED_BY(HEADS, WITH_UNIVERSITIES, 0), STAFF(HEADS, WITH_UNIVERSITIES), .plan = RISING },
    { "C", "2.1", A_SHARE, C_OF(C_WORKERS, AGREED, 0), .also = { { .which = DIAGNOSED } } }, C_OF(C_WORKERS, DIAGNOSED, 0) }, .plan = RISING },
    { "C", "3.1", A_SHARE, C_LEARNED(EDUCATORS), C_ROUTED(EDUCATORS), .plan = RISING },
    { "C", "3.2", A_SHARE, C_LEARNED(HEADS), C_ROUTED(HEADS), .plan = RISING },
    NOT_COUNTED("C", "3.3", AWAITED),
    { "C", "3.4", A_SHARE, TRAINED_TEAMS(WITH_UNIVERSITIES), ALL_TEAMS(WITH_UNIVERSITIES), .plan = RISING },
    { "C", "3.5", A_NUMBER, LISTED_PROGRAMMES, .beside = { LISTED_PROGRAMMES, RUN_PROGRAMMES }, .plan = RISING },
    NOT_COUNTED("C", "4.1", AWAITED),
    NOT_COUNTED("C", "4.2", AWAITED),
    { "C", "4.3", A_NUMBER, TUTORS_AT_WORK,
      .beside = { TUTORS_AT_WORK, C_OF(C_WORKERS, DIAGNOSED, BY_ALL_OF_INSTITUTE) } }, .plan = RISING },
    NOT_COUNTED("C", "4.4", AWAITED),
    NOT_COUNTED("C", "5.1", AWAITED),
    { "C", "5.2", A_SHARE, YOUNG_SUPPORTED(WITH_UNIVERSITIES), YOUNG(WITH_UNIVERSITIES), .plan = RISING },
    NOT_COUNTED("C", "6.1", AWAITED),
    NOT_COUNTED("C", "6.2", AWAITED),
    NOT_COUNTED("C", "6.3", AWAITED),
    { .act = "C", .code = "7.1", .kind = A_YES_NO, .plan = { .yes_from_first = true } },
    { .act = "C", .code = "7.2", .kind = A_YES_NO, .plan = { .yes_from_first = true } },
    { "C", "8.1", A_SHARE, UNDER_35(EDUCATORS, WITH_UNIVERSITIES), STAFF(EDUCATORS, WITH_UNIVERSITIES),
      .beside = { UNDER_35(HEADS, WITH_UNIVERSITIES), STAFF(HEADS, WITH_UNIVERSITIES) }, .plan = RISING },
    NOT_COUNTED("C", "8.2", AWAITED),
    NOT_COUNTED("C", "Э1.1", A_JUDGEMENT),
    NOT_COUNTED("C", "Э1.2", A_JUDGEMENT),
    NOT_COUNTED("C", "Э2.1", A_JUDGEMENT),
    NOT_COUNTED("C", "Э2.2", A_JUDGEMENT),
};

/* ── what people say, as examples ── */
static const struct judgement_of KHABAROVSK_SAID[] = {
    { "K", "1.1.", 2021, true, false, 0, "Комплекс мер утверждён, мероприятия года исполнены.", "Распоряжение от 15.07.2021 № 812, отчёт об исполнении за 2021 год" },
    { "K", "1.1.", 2022, true, false, 0, "Комплекс мер действует, исполнены 22 мероприятия из 23.", "Отчёт об исполнении комплекса мер за 2022 год" },
    { "K", "1.1.", 2023, true, false, 0, "Комплекс мер уточнён и исполняется.", "Распоряжение от 30.06.2023 № 907, отчёт об исполнении за 2023 год" },
    { "K", "1.1.", 2024, false, false, 0, "Отчёт об исполнении за год не представлен в срок.", "Протокол заседания координационного совета от 20.12.2024 № 4" },
    { "K", "1.2.", 2023, true, false, 0, "Порядок мониторинга утверждён, мониторинг проведён; учтены малочисленность и удалённость школ северных районов.", "Порядок мониторинга от 01.09.2023, аналитическая справка за 2023 год" },
    { "K", "1.2.", 2024, true, false, 0, "Мониторинг года проведён, адресные рекомендации направлены.", "Аналитическая справка за 2024 год" },
};
static const struct judgement_of YUGRA_SAID[] = {
    { "C", "7.1", 2022, true, false, 0, "Действуют региональные методические объединения по предметам и сетевое сообщество наставников.", "Положения о региональных методических объединениях, план работы на 2022 год" },
    { "C", "7.1", 2023, true, false, 0, "Объединения действуют, открыто сообщество школьных команд.", "План работы на 2023 год" },
    { "C", "7.1", 2024, true, false, 0, "Объединения и сообщества действуют.", "План работы на 2024 год" },
    { "C", "7.2", 2023, true, false, 0, "Программа поддержки методических объединений утверждена.", "Приказ АУ «Институт развития образования» от 16.01.2023 № 8-о" },
    { "C", "7.2", 2024, false, false, 0, "Срок программы истёк, новая не утверждена.", "Справка отдела методической работы от 25.12.2024" },
    { "C", "Э1.1", 2024, false, true, 70, "Цели и показатели курсов и методической работы сведены в один перечень; сроки процедур ещё расходятся.", "Протокол экспертной группы от 10.10.2024 № 2" },
    { "C", "Э1.2", 2024, false, true, 60, "Базы сведены, часть муниципалитетов ещё присылает таблицы.", "Протокол экспертной группы от 10.10.2024 № 2" },
    { "C", "Э2.1", 2024, false, true, 85, "Документы открыты и достаточны; методические требуют обновления.", "Реестр документов на 01.10.2024" },
};

#define LINES(name, lines)  { name, lines, sizeof(lines) / sizeof *(lines) }
const struct line_of_act *lines_of_region(const char *name, size_t *n)
{
    static const struct { const char *name; const struct line_of_act *at; size_t n; } REGION[] = {
        LINES("tomsk", TOMSK), LINES("yugra", YUGRA), LINES("stavropol", STAVROPOL), LINES("khabarovsk", KHABAROVSK),
    };

    for (size_t i = 0; i < sizeof REGION / sizeof *REGION; i++)
        if (strcmp(REGION[i].name, name) == 0) {
            *n = REGION[i].n;
            return REGION[i].at;
        }
    *n = 0;
    return NULL;
}

const struct judgement_of *judgements_of_region(const char *name, size_t *n)
{
    static const struct { const char *name; const struct judgement_of *at; size_t n; } REGION[] = {
        LINES("khabarovsk", KHABAROVSK_SAID), LINES("yugra", YUGRA_SAID),
    };

    for (size_t i = 0; i < sizeof REGION / sizeof *REGION; i++)
        if (strcmp(REGION[i].name, name) == 0) {
            *n = REGION[i].n;
            return REGION[i].at;
        }
    *n = 0;
    return NULL;
}

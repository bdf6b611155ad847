/* What the work is done with: programmes and their runs, procedures. */
#include <stdio.h>

#include "cli/sample/records.h"

const char *const COMPETENCY_OF[COMPETENCIES] = { "К1", "К2", "К3", "К4", "К5", "К6", "К7", "К8" };

enum { BY_INSTITUTE, BY_UNIVERSITY, BY_CENTRE };
#define DAY(y, m, d) ((y) * 10000 + (m) * 100 + (d))
/* Programmes of the federal registry before 2021 take the fewest hours for every competency: those of
 * later years take more for each, so that the best choice of steps is always one that was federal on the
 * day of enrolment. Programmes on the management of quality and those of the centre answer no competency: no
 * route proposes them. */
static const struct {
    const char *title;
    uint32_t hours;
    uint8_t competencies;
    bool quality;
    int provider, included, excluded;
} PROGRAMME[] = {
    { "Предметные результаты: от понятия к задаче", 18, 0x01, false, BY_INSTITUTE, DAY(2020, 3, 2), 0 },
    { "Современный урок: от цели к результату", 18, 0x02, false, BY_INSTITUTE, DAY(2020, 3, 2), 0 },
    { "Формирующее оценивание в практике учителя", 16, 0x04, false, BY_INSTITUTE, DAY(2020, 5, 18), 0 },
    { "Цифровые ресурсы на уроке", 24, 0x08, false, BY_UNIVERSITY, DAY(2020, 5, 18), 0 },
    { "Психологическая безопасность ученика", 18, 0x10, false, BY_UNIVERSITY, DAY(2020, 9, 1), 0 },
    { "Ученик с ОВЗ в общем классе", 24, 0x20, false, BY_INSTITUTE, DAY(2020, 9, 1), 0 },
    { "Воспитание на уроке и после него", 16, 0x40, false, BY_INSTITUTE, DAY(2020, 11, 16), 0 },
    { "Данные для решений: внутренняя оценка качества", 24, 0x80, false, BY_UNIVERSITY, DAY(2020, 11, 16), 0 },
    { "Урок и оценка: единый замысел", 30, 0x06, false, BY_UNIVERSITY, DAY(2020, 10, 1), 0 },
    { "Поддержка каждого: психология и инклюзия", 36, 0x30, false, BY_UNIVERSITY, DAY(2020, 10, 1), 0 },
    { "Предмет и цифра: уроки нового содержания", 36, 0x09, false, BY_UNIVERSITY, DAY(2020, 12, 1), 0 },
    { "Школа полного дня: воспитание и сопровождение", 32, 0x50, false, BY_UNIVERSITY, DAY(2020, 12, 1), 0 },

    { "Управление качеством образования в школе", 36, 0, true, BY_INSTITUTE, 0, 0 },
    { "Управленческая команда и качество образования", 24, 0, true, BY_INSTITUTE, 0, 0 },
    { "Внутренняя система оценки качества: команда руководителей", 36, 0, true, BY_UNIVERSITY, DAY(2020, 9, 1), 0 },
    { "Эффективные решения по результатам оценочных процедур", 18, 0, true, BY_INSTITUTE, 0, 0 },
    { "Разбор управленческих случаев: семинар", 8, 0, true, BY_INSTITUTE, 0, 0 },

    { "Углублённое содержание предмета: задачи повышенной сложности", 40, 0x01, false, BY_UNIVERSITY,
      DAY(2021, 10, 4), 0 },
    { "Проектирование программ внеурочной деятельности", 36, 0, false, BY_INSTITUTE,
      DAY(2021, 11, 8), DAY(2023, 3, 1) },
    { "Читательская грамотность на каждом уроке", 72, 0x03, false, BY_INSTITUTE, DAY(2023, 2, 6), 0 },
    { "Оценивание проектных работ", 36, 0x04, false, BY_UNIVERSITY, DAY(2022, 6, 1), 0 },
    { "Наставничество молодых педагогов", 72, 0, false, BY_UNIVERSITY, DAY(2024, 4, 1), 0 },

    { "Трудные темы курса математики", 36, 0x01, false, BY_INSTITUTE, 0, 0 },
    { "Физический эксперимент в школе", 36, 0x01, false, BY_INSTITUTE, 0, 0 },
    { "Русский язык: подготовка к итоговой аттестации", 24, 0x01, false, BY_INSTITUTE, 0, 0 },
    { "Преподавание истории и обществознания", 36, 0x01, false, BY_INSTITUTE, 0, 0 },
    { "Олимпиадная подготовка по химии и биологии", 48, 0x01, false, BY_UNIVERSITY, 0, 0 },
    { "Обновлённые стандарты: рабочая программа учителя", 36, 0x02, false, BY_INSTITUTE, 0, 0 },
    { "Системно-деятельностный подход в начальной школе", 36, 0x02, false, BY_INSTITUTE, 0, 0 },
    { "Проектная и исследовательская деятельность учеников", 36, 0x02, false, BY_INSTITUTE, 0, 0 },
    { "Смешанное обучение", 24, 0x0a, false, BY_INSTITUTE, 0, 0 },
    { "Игровые технологии в дошкольном образовании", 36, 0x02, false, BY_INSTITUTE, 0, 0 },
    { "Разработка оценочных материалов", 24, 0x04, false, BY_INSTITUTE, 0, 0 },
    { "Эксперт предметной комиссии", 24, 0x04, false, BY_INSTITUTE, 0, 0 },
    { "Критериальное оценивание в колледже", 18, 0x04, false, BY_INSTITUTE, 0, 0 },
    { "Искусственный интеллект в работе учителя", 36, 0x08, false, BY_INSTITUTE, 0, 0 },
    { "Информационная безопасность школьника", 24, 0x08, false, BY_INSTITUTE, 0, 0 },
    { "Дистанционный урок: методика и средства", 36, 0x08, false, BY_INSTITUTE, 0, 0 },
    { "Программирование и робототехника", 72, 0x08, false, BY_INSTITUTE, 0, 0 },
    { "Профилактика буллинга", 18, 0x10, false, BY_INSTITUTE, 0, 0 },
    { "Медиация в школе", 36, 0x10, false, BY_INSTITUTE, 0, 0 },
    { "Выгорание педагога: как сохранить ресурс", 16, 0x10, false, BY_INSTITUTE, 0, 0 },
    { "Сопровождение одарённых детей", 36, 0x10, false, BY_INSTITUTE, 0, 0 },
    { "Ранняя помощь и развитие ребёнка", 36, 0x30, false, BY_INSTITUTE, 0, 0 },
    { "Дети с РАС: организация обучения", 36, 0x20, false, BY_INSTITUTE, 0, 0 },
    { "Адаптированные программы: разработка и реализация", 36, 0x20, false, BY_INSTITUTE, 0, 0 },
    { "Тьюторское сопровождение", 72, 0x20, false, BY_INSTITUTE, 0, 0 },
    { "Классный руководитель: новые задачи", 36, 0x40, false, BY_INSTITUTE, 0, 0 },
    { "Советник директора по воспитанию", 48, 0x40, false, BY_UNIVERSITY, 0, 0 },
    { "Работа с родителями: трудные разговоры", 18, 0x40, false, BY_INSTITUTE, 0, 0 },
    { "Патриотическое воспитание средствами музея", 24, 0x40, false, BY_INSTITUTE, 0, 0 },
    { "Аттестация и развитие персонала", 24, 0x80, false, BY_INSTITUTE, 0, 0 },
    { "Школа с низкими результатами: программа перехода", 36, 0x80, false, BY_INSTITUTE, 0, 0 },
    { "Методическая служба муниципалитета", 36, 0x80, false, BY_INSTITUTE, 0, 0 },
    { "Проектное управление в образовании", 48, 0x80, false, BY_INSTITUTE, 0, 0 },
    { "Менеджмент в образовании", 520, 0x80, false, BY_UNIVERSITY, 0, 0 },
    { "Педагогика и методика дошкольного образования", 260, 0x02, false, BY_INSTITUTE, 0, 0 },
    { "Специальное (дефектологическое) образование", 560, 0x20, false, BY_UNIVERSITY, 0, 0 },
    { "Педагогические чтения: круглый стол", 6, 0, false, BY_INSTITUTE, 0, 0 },
    { "Мастер-класс победителей конкурса «Учитель года»", 4, 0, false, BY_INSTITUTE, 0, 0 },

    { "Читаем результаты своей диагностики", 16, 0, false, BY_CENTRE, 0, 0 },
    { "Мастерская урока: взаимное посещение и разбор", 24, 0, false, BY_CENTRE, 0, 0 },
    { "Тьютор индивидуального маршрута", 36, 0, false, BY_CENTRE, DAY(2022, 2, 1), 0 },
    { "Перенос нового в практику: проект учителя", 18, 0, false, BY_CENTRE, 0, 0 },
    { "Методическая поддержка в муниципалитете", 24, 0, false, BY_CENTRE, 0, 0 },
    { "Функциональная грамотность: банк заданий", 36, 0, false, BY_CENTRE, DAY(2021, 9, 15), 0 },
};
#define PROGRAMMES (sizeof PROGRAMME / sizeof *PROGRAMME)
_Static_assert(PROGRAMMES == PROGRAMME_CENTRE + CENTRE_PROGRAMMES, "the centre's stand at the end");

static day_t day_of_number(int number)
{
    return number == 0 ? 0 : day_of(number / 10000, number / 100 % 100, number % 100);
}

static void programmes_make(struct region *region)
{
    for (uint32_t i = 0; i < PROGRAMMES; i++) {
        struct programme_of *programme = LIST_ADD(&region->programmes);
        programme->title = PROGRAMME[i].title;
        programme->hours = PROGRAMME[i].hours;
        programme->kind = programme->hours >= 250 ? PROGRAMME_RETRAINING
                        : programme->hours >= 16 ? PROGRAMME_DEVELOPMENT : PROGRAMME_NON_FORMAL;
        programme->form = i % 3 == 0 ? FORM_FULL_TIME : i % 3 == 1 ? FORM_PART_TIME : FORM_DISTANCE;
        programme->competencies = PROGRAMME[i].competencies;
        programme->quality = PROGRAMME[i].quality;
        programme->teams = i == PROGRAMME_QUALITY + 1 || i == PROGRAMME_QUALITY + 2 || i == QUALITY_SEMINAR;
        programme->provider = PROGRAMME[i].provider == BY_INSTITUTE ? region->institute
                            : PROGRAMME[i].provider == BY_CENTRE ? region->centre : region->university;
        programme->included = day_of_number(PROGRAMME[i].included);
        programme->excluded = day_of_number(PROGRAMME[i].excluded);
        snprintf(programme->code, sizeof programme->code, "ДПП-%03u", i + 1);
    }
}

/* ── runs ── */
static void run_add(struct region *region, uint32_t programme, day_t day, uint32_t days, const char *code)
{
    struct run_of *run = LIST_ADD(&region->runs);

    run->programme = programme;
    run->day = day;
    run->until = day + days;
    snprintf(run->code, sizeof run->code, "%s", code);
}

/* A run from the tenth of each month: what routes propose, what teams and the centre's learners take. */
bool programme_is_series(uint32_t programme)
{
    return programme < PROGRAMME_QUALITY + QUALITY_PROGRAMMES || programme >= PROGRAMME_CENTRE;
}

static void series_make(struct region *region, uint32_t programme)
{
    for (uint32_t month = 0; month < YEARS * 12; month++) {
        char code[RUN_CODE];
        series_code(month, code);
        run_add(region, programme, series_day(month), SERIES_DAYS, code);
    }
}

day_t series_day(uint32_t month)
{
    return day_of(FIRST_YEAR + (int)month / 12, (int)month % 12 + 1, SERIES_DAY);
}

void series_code(uint32_t month, char code[RUN_CODE])
{
    snprintf(code, RUN_CODE, "%d-%02d", FIRST_YEAR + (int)month / 12, (int)month % 12 + 1);
}

/* The run of that month: they stand in order. Where the series of a programme begins, the first tells. */
uint32_t series_run(const struct region *region, uint32_t programme, uint32_t month)
{
    for (uint32_t i = 0; i < region->runs.n; i++)
        if (region->runs.at[i].programme == programme)
            return i + month;
    return NONE;
}

/* One that enters the federal registry in these years runs from then on; of the rest, most in each year. */
static void occasional_make(struct region *region, struct prng *prng, uint32_t i, int year)
{
    int included = region->programmes.at[i].included != 0 ? day_year(region->programmes.at[i].included) : 0;
    bool runs = chance(prng, 620), twice = chance(prng, 300);

    if (included >= FIRST_YEAR ? year < included : !runs)
        return;
    for (int n = 0; n <= twice; n++) {
        char code[RUN_CODE];
        day_t day = day_between(prng, day_of(year, 1, 15), day_of(year, 12, 10));
        snprintf(code, sizeof code, "%d-п%d", year, n + 1);
        run_add(region, i, day, 5 + region->programmes.at[i].hours / 4, code);
    }
}

static void runs_make(struct region *region)
{
    struct prng prng = region_prng(region, STREAM_RUNS);

    for (uint32_t i = 0; i < PROGRAMMES; i++)
        if (programme_is_series(i))
            series_make(region, i);
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++)
        for (uint32_t i = 0; i < PROGRAMMES; i++)
            if (!programme_is_series(i))
                occasional_make(region, &prng, i, year);
}

static void procedure_add(struct region *region, const char *code, const char *title, enum purpose purpose,
                          uint32_t owner, day_t opens, day_t closes)
{
    struct procedure_of *procedure = LIST_ADD(&region->procedures);

    snprintf(procedure->code, sizeof procedure->code, "%s", code);
    snprintf(procedure->title, sizeof procedure->title, "%s", title);
    procedure->purpose = purpose;
    procedure->owner = owner;
    procedure->opens = opens;
    procedure->closes = closes;
}

/* Each year the centre's entry and its second one; in two of the years one of the institute. */
static void procedures_make(struct region *region)
{
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        char code[16], title[160];
        snprintf(code, sizeof code, "ВХ-%d", year);
        snprintf(title, sizeof title, "Входная диагностика педагогов, %d год", year);
        procedure_add(region, code, title, PURPOSE_ENTRY, region->centre, day_of(year, 2, 1), day_of(year, 5, 25));
        snprintf(code, sizeof code, "ПР-%d", year);
        snprintf(title, sizeof title, "Промежуточная диагностика, %d год", year);
        procedure_add(region, code, title, PURPOSE_INTERIM, region->centre, day_of(year, 9, 15), day_of(year, 12, 20));
        if (year % 2 != 0)
            continue;
        snprintf(code, sizeof code, "ИН-%d", year);
        snprintf(title, sizeof title, "Диагностика слушателей курсов института, %d год", year);
        procedure_add(region, code, title, PURPOSE_INDEPENDENT, region->institute, day_of(year, 3, 1),
                      day_of(year, 11, 30));
    }
}

void materials_make(struct region *region)
{
    programmes_make(region);
    runs_make(region);
    procedures_make(region);
}

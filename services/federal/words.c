#include "services/federal/words.h"

static const char *const BLOCK[PASSPORT_BLOCKS + 1] = {
    [1] = "Кадровый состав региональной системы дополнительного профессионального педагогического образования",
    [2] = "Программы дополнительного профессионального образования",
    [3] = "Региональная инфраструктура дополнительного профессионального образования",
    [4] = "Финансовое обеспечение",
    [5] = "Вовлечение педагогических работников и управленческих кадров в мероприятия региональной системы",
    [6] = "Информационные ресурсы",
    [7] = "Результативность",
    [8] = "Корреляция с результатами обучающихся",
};

const struct words_waiting WORDS_WAITING[] = {
    { 1, "staff",           "Состав работников региональной системы",                   { "R4", "R11" } },
    { 3, "infrastructure",  "Помещения, оборудование, площадки",                        { "R14", NULL } },
    { 4, "finance",         "Источники и суммы, план и факт по годам",                  { "P11", NULL } },
    { 5, "events",          "Участие в мероприятиях, сообществах, стажировках",         { "M12", "R6" } },
    { 6, "resources",       "Сайты, системы дистанционного обучения, базы данных",      { "R14", NULL } },
    { 8, "results",         "Результаты обучающихся по внешним процедурам",             { "I10", NULL } },
};
const uint32_t WORDS_WAITING_COUNT = sizeof WORDS_WAITING / sizeof *WORDS_WAITING;

static const struct { uint64_t block; const char *column, *title; } COLUMN[] = {
    { 0, "value",       "Значение" },
    { 2, "kind",        "Вид программы" },
    { 2, "hours",       "Объём, часов" },
    { 2, "provider",    "Кто реализует" },
    { 2, "federal",     "№ в федеральном реестре" },
    { 2, "included",    "Включена в федеральный реестр" },
    { 2, "excluded",    "Исключена из федерального реестра" },
    { 2, "runs",        "Реализаций за год" },
    { 2, "enrolled",    "Зачислено за год, чел." },
    { 2, "completed",   "Завершили за год, чел." },
    { 7, "cumulative",  "Значение нарастающим итогом" },
    { 7, "target",      "План" },
    { 7, "state",       "Выполнение" },
};

static const struct { const char *id, *title; } FUNCTION[] = {
    { "R4",  "реестры работников и ролей" },            { "R6",  "реестр сообществ и объединений" },
    { "R11", "учёт кадровых потребностей" },            { "R14", "учёт инфраструктуры и информационных ресурсов" },
    { "P11", "учёт финансирования программ" },          { "M12", "учёт стажировок и мероприятий" },
    { "I10", "приём внешних результатов" },
};

const char *words_block(uint64_t number)
{
    return number >= 1 && number <= PASSPORT_BLOCKS ? BLOCK[number] : "?";
}

const char *words_column(uint64_t block, const char *column)
{
    for (size_t i = 0; i < sizeof COLUMN / sizeof *COLUMN; i++)
        if ((COLUMN[i].block == 0 || COLUMN[i].block == block) && strcmp(COLUMN[i].column, column) == 0)
            return COLUMN[i].title;
    return column;
}

const char *words_kind(int programme_kind)
{
    switch (programme_kind) {
    case PROGRAMME_DEVELOPMENT: return "повышение квалификации";
    case PROGRAMME_RETRAINING:  return "профессиональная переподготовка";
    default:                    return "вне ДПП (менее 16 часов)";
    }
}

static const char *function_title(const char *id)
{
    for (size_t i = 0; i < sizeof FUNCTION / sizeof *FUNCTION; i++)
        if (strcmp(FUNCTION[i].id, id) == 0)
            return FUNCTION[i].title;
    return NULL;
}

static const char *reason(int gap)
{
    switch (gap) {
    case GAP_NO_FUNCTION: return "система этого пока не ведёт";
    case GAP_NO_FACTS:    return "учёта, из которого это считается, пока нет";
    case GAP_NOT_JUDGED:  return "ждёт экспертной оценки с документами";
    case GAP_NO_TARGET:   return "актом на этот год не установлен";
    default:              return "не внесено";
    }
}

const char *words_gap(const struct cell *gap, struct arena *arena)
{
    const char *line = reason(gap->gap);
    for (uint32_t i = 0; i < gap->functions.n; i++) {
        const char *title = function_title(gap->functions.at[i]);
        line = arena_format(arena, "%s%s%s%s%s%s", line, i == 0 ? "; заполнит " : ", ", gap->functions.at[i],
                            title != NULL ? " (" : "", title != NULL ? title : "", title != NULL ? ")" : "");
    }
    return line;
}

const char *words_service(const char *service)
{
    static const struct { const char *name, *title; } SERVICE[] = {
        { "indicators", "служба показателей" }, { "programmes", "реестр программ" }, { "roster", "реестр организаций и кадров" },
        { "federal", "федеральный шлюз" },
    };
    for (size_t i = 0; i < sizeof SERVICE / sizeof *SERVICE; i++)
        if (strcmp(SERVICE[i].name, service) == 0)
            return SERVICE[i].title;
    return service;
}

const char *words_origin(const struct cell *cell, struct arena *arena)
{
    char day[DAY_TEXT + 1] = "";
    if (cell->kind == CELL_GAP)
        return words_gap(cell, arena);
    if (cell->kind == CELL_DOCUMENT) {
        day_format_ru(cell->day, day);
        return arena_format(arena, "внесено по документу: %s, %s", cell->document != NULL ? cell->document : "", day);
    }
    const char *line = words_service(cell->service != NULL ? cell->service : "federal");
    if (cell->edition != NULL && cell->edition[0] != '\0')
        line = arena_format(arena, "%s; %s, показатель %s", line, cell->edition, cell->indicator != NULL ? cell->indicator : "");
    return line;
}

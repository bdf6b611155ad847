#include "services/federal/words.h"

/* One word: of edition `since` and those after it, until a row below says it anew. Rows are never changed. */
struct word { unsigned since; uint64_t block; const char *key, *text; };
struct lexicon { const char *name; const struct word *word; size_t n; };

static const struct word BLOCK[] = {
    { 1, 1, "", "Кадровый состав региональной системы дополнительного профессионального педагогического образования" },
    { 1, 2, "", "Программы дополнительного профессионального образования" },
    { 1, 3, "", "Региональная инфраструктура дополнительного профессионального образования" },
    { 1, 4, "", "Финансовое обеспечение" },
    { 1, 5, "", "Вовлечение педагогических работников и управленческих кадров в мероприятия региональной системы" },
    { 1, 6, "", "Информационные ресурсы" },
    { 1, 7, "", "Результативность" },
    { 1, 8, "", "Корреляция с результатами обучающихся" },
};

/* Block 0: of every block. */
static const struct word COLUMN[] = {
    { 1, 0, "value",       "Значение" },
    { 1, 2, "kind",        "Вид программы" },
    { 1, 2, "hours",       "Объём, часов" },
    { 1, 2, "provider",    "Кто реализует" },
    { 1, 2, "federal",     "№ в федеральном реестре" },
    { 1, 2, "included",    "Включена в федеральный реестр" },
    { 1, 2, "excluded",    "Исключена из федерального реестра" },
    { 1, 2, "runs",        "Реализаций за год" },
    { 1, 2, "enrolled",    "Зачислено за год, чел." },
    { 1, 2, "completed",   "Завершили за год, чел." },
    { 1, 7, "cumulative",  "Значение нарастающим итогом" },
    { 1, 7, "target",      "План" },
    { 1, 7, "state",       "Выполнение" },
    { 2, 2, "included",    "Дата включения в федеральный реестр" },      /* what stands there is a day */
    { 2, 2, "excluded",    "Дата исключения из федерального реестра" },
    { 3, 3, "kind",         "Вид" },
    { 3, 3, "organisation", "Организация" },
    { 3, 3, "places",       "Мест, единиц" },
    { 3, 3, "since",        "Числится с" },
    { 3, 3, "more",         "Описание" },
    { 3, 6, "kind",         "Вид" },
    { 3, 6, "organisation", "Организация" },
    { 3, 6, "places",       "Мест, единиц" },
    { 3, 6, "since",        "Числится с" },
    { 3, 6, "more",         "Описание" },
};

static const struct word FUNCTION[] = {
    { 1, 0, "R4",  "реестры работников и ролей" },            { 1, 0, "R6",  "реестр сообществ и объединений" },
    { 1, 0, "R11", "учёт кадровых потребностей" },            { 1, 0, "R14", "учёт инфраструктуры и информационных ресурсов" },
    { 1, 0, "P11", "учёт финансирования программ" },          { 1, 0, "M12", "учёт стажировок и мероприятий" },
    { 1, 0, "I10", "приём внешних результатов" },
};

static const struct word REASON[] = {
    { 1, 0, "no_function", "система этого пока не ведёт" },
    { 1, 0, "no_facts",    "учёта, из которого это считается, пока нет" },
    { 1, 0, "not_judged",  "ждёт экспертной оценки с документами" },
    { 1, 0, "no_target",   "актом на этот год не установлен" },
    { 1, 0, "not_said",    "не внесено" },
    { 2, 0, "too_many",    "записей больше, чем читается для паспорта: посчитано было бы не всё" },
};

static const struct word SERVICE[] = {
    { 1, 0, "indicators", "служба показателей" },             { 1, 0, "programmes", "реестр программ" },
    { 1, 0, "roster",     "реестр организаций и кадров" },    { 1, 0, "federal",    "федеральный шлюз" },
};

/* Pieces of sentences. */
static const struct word PIECE[] = {
    { 1, 0, "will_fill",   "; заполнит " },
    { 1, 0, "by_document", "внесено по документу" },
    { 1, 0, "indicator",   "показатель" },
};

#define LEXICON(name, rows) { name, rows, sizeof rows / sizeof *rows }
enum { L_BLOCK, L_COLUMN, L_FUNCTION, L_REASON, L_SERVICE, L_PIECE };
static const struct lexicon LEXICA[] = {
    [L_BLOCK] = LEXICON("block", BLOCK),       [L_COLUMN] = LEXICON("column", COLUMN),    [L_FUNCTION] = LEXICON("function", FUNCTION),
    [L_REASON] = LEXICON("reason", REASON),    [L_SERVICE] = LEXICON("service", SERVICE), [L_PIECE] = LEXICON("piece", PIECE),
};

/* The word of that edition; NULL: it has none. */
static const char *word_of(unsigned edition, int lexicon, uint64_t block, const char *key)
{
    const struct lexicon *in = &LEXICA[lexicon];
    const struct word *found = NULL;
    for (size_t i = 0; i < in->n; i++) {
        const struct word *word = &in->word[i];
        if (word->since <= edition && (word->block == 0 || word->block == block) && strcmp(word->key, key) == 0 &&
            (found == NULL || word->since >= found->since))
            found = word;
    }
    return found != NULL ? found->text : NULL;
}

static const char *word_or(unsigned edition, int lexicon, uint64_t block, const char *key, const char *otherwise)
{
    const char *text = word_of(edition, lexicon, block, key);
    return text != NULL ? text : otherwise;
}

void words_all(unsigned edition, struct buf *out)
{
    for (size_t l = 0; l < sizeof LEXICA / sizeof *LEXICA; l++)
        for (size_t i = 0; i < LEXICA[l].n; i++) {
            const struct word *word = &LEXICA[l].word[i];
            if (word->since <= edition && word_of(edition, (int)l, word->block, word->key) == word->text)
                buf_format(out, "%s %llu %s: %s\n", LEXICA[l].name, (unsigned long long)word->block, word->key, word->text);
        }
}

const struct words_waiting WORDS_WAITING[] = {
    { 1, "staff",           "Состав работников региональной системы",                   { "R4", "R11" } },
    { 3, "infrastructure",  "Помещения, оборудование, площадки",                        { "R14", NULL } },
    { 4, "finance",         "Источники и суммы, план и факт по годам",                  { "P11", NULL } },
    { 5, "events",          "Участие в мероприятиях, сообществах, стажировках",         { "M12", "R6" } },
    { 6, "resources",       "Сайты, системы дистанционного обучения, базы данных",      { "R14", NULL } },
    { 8, "results",         "Результаты обучающихся по внешним процедурам",             { "I10", NULL } },
};
const uint64_t BLOCKS_FILLED[BLOCKS_FILLED_COUNT] = { 7, 2, 3, 6 };
const uint32_t WORDS_WAITING_COUNT = sizeof WORDS_WAITING / sizeof *WORDS_WAITING;

const char *words_kind(int programme_kind)
{
    switch (programme_kind) {
    case PROGRAMME_DEVELOPMENT: return "повышение квалификации";
    case PROGRAMME_RETRAINING:  return "профессиональная переподготовка";
    default:                    return "вне ДПП (менее 16 часов)";
    }
}

/* What was approved before editions were counted was read in the first one. */
unsigned words_edition(const struct passport *passport)
{
    if (passport->content.n == 0)
        return WORDS_EDITION;
    return passport->words == 0 ? 1 : (unsigned)passport->words;
}

const char *words_block(unsigned edition, uint64_t number)
{
    return word_or(edition, L_BLOCK, number, "", "?");
}

const char *words_column(unsigned edition, uint64_t block, const char *column)
{
    return word_or(edition, L_COLUMN, block, column, column);
}

const char *words_gap(unsigned edition, const struct cell *gap, struct arena *arena)
{
    const char *token = gap_reason_names.names[gap->gap], *line = word_or(edition, L_REASON, 0, token, token);
    for (uint32_t i = 0; i < gap->functions.n; i++) {
        const char *title = word_of(edition, L_FUNCTION, 0, gap->functions.at[i]);
        line = arena_format(arena, "%s%s%s%s%s%s", line, i == 0 ? word_or(edition, L_PIECE, 0, "will_fill", "; ") : ", ",
                            gap->functions.at[i], title != NULL ? " (" : "", title != NULL ? title : "", title != NULL ? ")" : "");
    }
    return line;
}

const char *words_service(unsigned edition, const char *service)
{
    return word_or(edition, L_SERVICE, 0, service, service);
}

const char *words_origin(unsigned edition, const struct cell *cell, struct arena *arena)
{
    char day[DAY_TEXT + 1] = "";
    if (cell->kind == CELL_GAP)
        return words_gap(edition, cell, arena);
    if (cell->kind == CELL_DOCUMENT) {
        day_format_ru(cell->day, day);
        return arena_format(arena, "%s: %s, %s", word_or(edition, L_PIECE, 0, "by_document", ""), cell->document != NULL ? cell->document : "",
                            day);
    }
    const char *line = words_service(edition, cell->service != NULL ? cell->service : "federal");
    if (cell->edition != NULL && cell->edition[0] != '\0')
        line = arena_format(arena, "%s; %s, %s %s", line, cell->edition, word_or(edition, L_PIECE, 0, "indicator", ""),
                            cell->indicator != NULL ? cell->indicator : "");
    return line;
}

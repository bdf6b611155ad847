/* The documents (JSON): framework, instrument, procedures, programmes. They refer to one another and to
 * organisations by code. */
#include "cli/sample/indicators.h"

static const struct { const char *title; } COMPETENCY[COMPETENCIES] = {
    { "Предметная подготовка" },
    { "Методика преподавания и проектирование урока" },
    { "Оценивание и обратная связь" },
    { "Цифровая дидактика" },
    { "Психолого-педагогическое сопровождение" },
    { "Инклюзивное образование" },
    { "Воспитание и работа с семьёй" },
    { "Управление качеством образования" },
};

#define FRAMEWORK_CODE  "РК-2021"
#define INSTRUMENT_CODE "ДР-2021"

/* Nothing here needs escaping but the quote itself, and our titles use «». */

static int framework_write(const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out,
             "{\n  \"code\": \"" FRAMEWORK_CODE "\",\n  \"title\": \"Рамка компетенций педагога и руководителя\",\n"
             "  \"competencies\": [");
    for (uint32_t c = 0; c < COMPETENCIES; c++)
        buf_format(&out, "%s\n    {\"code\": \"%s\", \"title\": \"%s\"}", c == 0 ? "" : ",", COMPETENCY_OF[c],
                   COMPETENCY[c].title);
    buf_text(&out, "\n  ]\n}\n");
    return file_write(dir, "framework.json", &out);
}

static void task_put(struct buf *out, uint32_t i)
{
    const struct task_of *task = &TASK_OF[i];
    bool multiple = (task->key & (task->key - 1)) != 0;
    const char *comma = "";

    buf_format(out,
            "%s\n    {\"number\": %u, \"kind\": \"%s\", \"competency\": \"%s\", \"element\": \"%s\",\n     \"text\": \"%s\",\n"
               "     \"options\": [", i == 0 ? "" : ",", i + 1, multiple ? "multiple" : "single",
               COMPETENCY_OF[i % COMPETENCIES], task->element, task->text);
    for (unsigned option = 0; option < 4; option++)
        buf_format(out, "%s\"%s\"", option == 0 ? "" : ", ", task->option[option]);
    buf_text(out, "],\n     \"key\": [");
    for (unsigned option = 0; option < 4; option++)
        if ((task->key & 1u << option) != 0) {
            buf_format(out, "%s%u", comma, option + 1);
            comma = ", ";
        }
    buf_text(out, "], \"points\": 1}");
}

static int instrument_write(const char *dir)
{
    struct buf out = { 0 };

    buf_format(&out,
               "{\n  \"code\": \"" INSTRUMENT_CODE "\",\n  \"title\": \"Диагностика профессиональных дефицитов\",\n"
               "  \"framework\": \"" FRAMEWORK_CODE "\",\n  \"minutes\": 90,\n  \"cut_percent\": %d,\n  \"tasks\": [", CUT_PERCENT);
    for (uint32_t i = 0; i < TASKS; i++)
        task_put(&out, i);
    buf_text(&out, "\n  ]\n}\n");
    return file_write(dir, "instrument.json", &out);
}

static int procedures_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, "{\n  \"procedures\": [");
    for (size_t i = 0; i < region->procedures.n; i++) {
        const struct procedure_of *p = &region->procedures.at[i];
        char opens[DAY_TEXT + 1], closes[DAY_TEXT + 1];
        day_format(p->opens, opens);
        day_format(p->closes, closes);
        buf_format(&out, "%s\n    {\"code\": \"%s\", \"title\": \"%s\", \"instrument\": \"" INSTRUMENT_CODE "\",\n"
                   "     \"purpose\": \"%s\", \"owner\": \"%s\", \"opens\": \"%s\", \"closes\": \"%s\"}", i == 0 ? "" : ",",
                   p->code, p->title, purpose_names.names[p->purpose], region->orgs.at[p->owner].code, opens, closes);
    }
    buf_text(&out, "\n  ]\n}\n");
    return file_write(dir, "procedures.json", &out);
}

static void day_put(struct buf *out, const char *name, day_t day)
{
    char text[DAY_TEXT + 1];

    if (day == 0)
        return;
    day_format(day, text);
    buf_format(out, ", \"%s\": \"%s\"", name, text);
}

static int programmes_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, "{\n  \"programmes\": [");
    for (size_t i = 0; i < region->programmes.n; i++) {
        const struct programme_of *p = &region->programmes.at[i];
        const char *comma = "";
        buf_format(&out,
                "%s\n    {\"code\": \"%s\", \"title\": \"%s\",\n     \"kind\": \"%s\", \"form\": \"%s\", \"hours\": %u, "
                   "\"competencies\": [", i == 0 ? "" : ",", p->code, p->title, programme_kind_names.names[p->kind],
                   programme_form_names.names[p->form], p->hours);
        for (uint32_t c = 0; c < COMPETENCIES; c++)
            if ((p->competencies & 1u << c) != 0) {
                buf_format(&out, "%s\"%s\"", comma, COMPETENCY_OF[c]);
                comma = ", ";
            }
        buf_format(&out, "], \"topics\": [%s%s%s], \"provider\": \"%s\"", p->quality ? "\"" QUALITY_TOPIC "\"" : "",
                   p->quality && p->teams ? ", " : "", p->teams ? "\"" TEAMS_TOPIC "\"" : "",
                   region->orgs.at[p->provider].code);
        day_put(&out, "included", p->included);
        day_put(&out, "excluded", p->excluded);
        buf_text(&out, "}");
    }
    buf_text(&out, "\n  ]\n}\n");
    return file_write(dir, "programmes.json", &out);
}

/* Examples of what a person says of an indicator that cannot be counted; a region without such has no file. */
static int judgements_write(const struct region *region, const char *dir)
{
    size_t n;
    const struct judgement_of *said = judgements_of_region(region->table->name, &n);
    struct buf out = { 0 };

    if (n == 0)
        return 0;
    buf_text(&out, "{\n  \"judgements\": [");
    for (size_t i = 0; i < n; i++) {
        buf_format(&out, "%s\n    {\"act\": \"%s\", \"indicator\": \"%s\", \"year\": %d, ", i == 0 ? "" : ",", said[i].act,
                   said[i].code, said[i].year);
        if (said[i].graded)
            buf_format(&out, "\"graded\": true, \"grade\": %u", said[i].grade);
        else
            buf_format(&out, "\"yes\": %s", said[i].yes ? "true" : "false");
        buf_format(&out, ",\n     \"text\": \"%s\",\n     \"documents\": [\"%s\"], \"day\": \"%d-12-26\"}", said[i].text,
                   said[i].document, said[i].year);
    }
    buf_text(&out, "\n  ]\n}\n");
    return file_write(dir, "judgements.json", &out);
}

int documents_write(const struct region *region, const char *dir)
{
    if (framework_write(dir) != 0 || instrument_write(dir) != 0 || procedures_write(region, dir) != 0
        || judgements_write(region, dir) != 0)
        return -1;
    return programmes_write(region, dir);
}

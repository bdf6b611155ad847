/* The tables (CSV), as people would save them: the staff list in Windows-1251 as Excel in Russia does it,
 * the others in UTF-8 with a BOM; semicolons, CRLF. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/sample/writing.h"
#include "common/core/arena.h"
#include "common/core/log.h"
#include "common/core/text.h"

static int organisations_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Код", "Вид", "Наименование", "Код вышестоящей", "Дата открытия");
    for (size_t i = 0; i < region->orgs.n; i++) {
        const struct org *org = &region->orgs.at[i];
        char opened[DAY_TEXT + 1];
        ROW_PUT(&out, org->code, ORG_KIND_RU[org->kind], org->title,
                org->parent == NONE ? "" : region->orgs.at[org->parent].code, ru_day(org->opened, opened));
    }
    return file_write(dir, "organisations.csv", &out);
}

/* ── the staff list ── */
static void staff_row(const struct region *region, uint32_t i, struct buf *out)
{
    const struct post *post = &region->posts.at[i];
    const struct person *person = &region->persons.at[post->person];
    char born[32], since[DAY_TEXT + 1], from[DAY_TEXT + 1], until[DAY_TEXT + 1];

    snprintf(born, sizeof born, "%02d.%02d.%04d", person->born.day, person->born.month, person->born.year);
    ROW_PUT(out, person->code, person->family, person->given, person->patronymic, born, person->snils,
            region->orgs.at[post->org].code, POST_TITLE[post->title].title, post->subject,
            post->part_time ? "да" : "нет", ru_day(person->teaching_since, since), ru_day(post->from, from),
            ru_day(post->until, until));
}

static void faulty_row(const struct region *region, const struct faulty *faulty, struct buf *out)
{
    const char *cell[STAFF_COLUMNS];
    char code[16];

    for (size_t i = 0; i < STAFF_COLUMNS; i++)
        cell[i] = faulty->cell[i];
    if (cell[STAFF_ORGANISATION][0] == '-') {
        snprintf(code, sizeof code, "%s%s", region->table->code, cell[STAFF_ORGANISATION]);
        cell[STAFF_ORGANISATION] = code;
    }
    row_put(out, cell, STAFF_COLUMNS);
}

static int staff_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 }, coded = { 0 };
    size_t faulty = 0;

    row_put(&out, STAFF_TITLE, STAFF_COLUMNS);
    for (uint32_t i = 0; i < region->posts.n; i++) {
        while (faulty < FAULTY_ROWS && i == region->posts.n * faulty / FAULTY_ROWS)
            faulty_row(region, &FAULTY[faulty++], &out);
        staff_row(region, i, &out);
    }
    for (uint32_t i = 0; i < REPEATED_ROWS; i++)
        staff_row(region, i, &out);
    if (!text_to_1251(&coded, buf_string(&out)))
        log_die("sample", "a staff row that Windows-1251 cannot write");
    buf_free(&out);
    return file_write(dir, "staff.csv", &coded);
}

/* ── what was done ── */
/* 1:2|2:1,3 : task, then the numbers of the chosen options; a task without an answer is left out. */
static void answers_format(const struct sitting_of *sitting, struct buf *out)
{
    buf_clear(out);
    for (uint32_t task = 0; task < TASKS; task++) {
        uint8_t chosen = sitting_choice(sitting, task);
        if (chosen == 0)
            continue;
        buf_format(out, "%s%u", out->n == 0 ? "" : "|", task + 1);
        for (unsigned option = 0; option < 4; option++)
            if ((chosen & 1u << option) != 0)
                buf_format(out, "%c%u", (chosen & ((1u << option) - 1)) == 0 ? ':' : ',', option + 1);
    }
}

/* In the order of their days, as they were taken. */
static int by_day(const void *left, const void *right, void *arg)
{
    const struct region *region = arg;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    day_t x = region->sittings.at[a].day, y = region->sittings.at[b].day;
    return x != y ? (x > y) - (x < y) : (a > b) - (a < b);
}

static uint32_t *sittings_sort(const struct region *region)
{
    uint32_t *order = calloc(region->sittings.n + 1, sizeof *order);

    if (order == NULL)
        log_die("sample", "out of memory");
    for (uint32_t i = 0; i < region->sittings.n; i++)
        order[i] = i;
    qsort_r(order, region->sittings.n, sizeof *order, by_day, (void *)(uintptr_t)region);
    return order;
}

static int sittings_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 }, answers = { 0 };
    uint32_t *order = sittings_sort(region);

    buf_text(&out, BOM);
    ROW_PUT(&out, "Процедура", "Код работника", "Код организации", "Дата", "Ответы");
    for (size_t i = 0; i < region->sittings.n; i++) {
        const struct sitting_of *s = &region->sittings.at[order[i]];
        char day[DAY_TEXT + 1];
        answers_format(s, &answers);
        ROW_PUT(&out, region->procedures.at[s->procedure].code, region->persons.at[s->person].code,
                s->org == NONE ? "" : region->orgs.at[s->org].code, ru_day(s->day, day), buf_string(&answers));
    }
    buf_free(&answers);
    free(order);
    return file_write(dir, "sittings.csv", &out);
}

static int agreements_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Процедура", "Код работника", "Дата");
    for (size_t i = 0; i < region->agreements.n; i++) {
        const struct sitting_of *s = &region->sittings.at[region->agreements.at[i].sitting];
        char day[DAY_TEXT + 1];
        ROW_PUT(&out, region->procedures.at[s->procedure].code, region->persons.at[s->person].code,
                ru_day(region->agreements.at[i].day, day));
    }
    return file_write(dir, "agreements.csv", &out);
}

/* ── what was learned ── */
static const char *enrolment_code(uint32_t i, char text[16])
{
    text[0] = '\0';
    if (i != NONE)
        snprintf(text, 16, "З-%06u", i + 1);
    return text;
}

static const char *procedure_of_sitting(const struct region *region, uint32_t sitting)
{
    return sitting == NONE ? "" : region->procedures.at[region->sittings.at[sitting].procedure].code;
}

/* Of a step's programme only the route knows the code: the run is named by what follows after the dash. */
static void run_name(const struct region *region, const struct enrolment_of *e, char text[40])
{
    if (e->run == NONE)
        series_code(e->month, text);
    else
        snprintf(text, 40, "%s/%s", region->programmes.at[region->runs.at[e->run].programme].code,
                 region->runs.at[e->run].code);
}

static int enrolments_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Код зачисления", "Код работника", "Поток", "Процедура", "Мероприятие", "Дата", "Выбыл", "Причина");
    for (uint32_t i = 0; i < region->enrolments.n; i++) {
        const struct enrolment_of *e = &region->enrolments.at[i];
        char code[16], day[DAY_TEXT + 1], left[DAY_TEXT + 1], run[40];
        run_name(region, e, run);
        ROW_PUT(&out, enrolment_code(i, code), region->persons.at[e->person].code, run,
                procedure_of_sitting(region, e->sitting), e->sitting == NONE ? "" : "1", ru_day(e->day, day),
                ru_day(e->left, left), e->left == 0 ? "" : e->expelled ? "отчислен" : "выбыл сам");
    }
    return file_write(dir, "enrolments.csv", &out);
}

static int attestations_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Код зачисления", "Вид", "Сдана", "Дата");
    for (size_t i = 0; i < region->attestations.n; i++) {
        const struct attestation_of *a = &region->attestations.at[i];
        char code[16], day[DAY_TEXT + 1];
        ROW_PUT(&out, enrolment_code(a->enrolment, code), a->final ? "итоговая" : "промежуточная",
                a->passed ? "да" : "нет", ru_day(a->day, day));
    }
    return file_write(dir, "attestations.csv", &out);
}

static int completions_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Код работника", "Процедура", "Мероприятие или программа", "Зачислен", "Дата документа", "Документ",
            "Код зачисления");
    for (size_t i = 0; i < region->completions.n; i++) {
        const struct completion_of *c = &region->completions.at[i];
        char enrolled[DAY_TEXT + 1], day[DAY_TEXT + 1], document[32], code[16];
        snprintf(document, sizeof document, "У-%07zu", i + 1);
        ROW_PUT(&out, region->persons.at[c->person].code, procedure_of_sitting(region, c->sitting),
                c->programme == NONE ? "1" : region->programmes.at[c->programme].code, ru_day(c->enrolled, enrolled),
                ru_day(c->day, day), document, enrolment_code(c->enrolment, code));
    }
    return file_write(dir, "completions.csv", &out);
}

/* ── who accompanies ── */
static const char *tutor_kind_ru(const struct tutor_of *tutor)
{
    return tutor->methodologist ? "методист" : "тьютор";
}

static int tutors_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Код работника", "Вид", "Предел", "Дата");
    for (size_t i = 0; i < region->tutors.n; i++) {
        const struct tutor_of *t = &region->tutors.at[i];
        char limit[16] = "", day[DAY_TEXT + 1];
        if (t->limit != 0)
            snprintf(limit, sizeof limit, "%u", t->limit);
        ROW_PUT(&out, region->persons.at[t->person].code, tutor_kind_ru(t), limit, ru_day(t->day, day));
    }
    return file_write(dir, "tutors.csv", &out);
}

static int assignments_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Код работника", "Вид", "Код сопровождающего", "Дата");
    for (size_t i = 0; i < region->assignments.n; i++) {
        const struct assignment_of *a = &region->assignments.at[i];
        const struct tutor_of *t = &region->tutors.at[a->tutor];
        char day[DAY_TEXT + 1];
        ROW_PUT(&out, region->persons.at[a->person].code, tutor_kind_ru(t), region->persons.at[t->person].code,
                ru_day(a->day, day));
    }
    return file_write(dir, "assignments.csv", &out);
}

static int support_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Код работника", "Форма", "Дата");
    for (size_t i = 0; i < region->supports.n; i++) {
        char day[DAY_TEXT + 1];
        ROW_PUT(&out, region->persons.at[region->supports.at[i].person].code, region->supports.at[i].form,
                ru_day(region->supports.at[i].day, day));
    }
    return file_write(dir, "support.csv", &out);
}

/* Where the learners are known beforehand, there are places for them; of what routes propose, for everybody. */
static void places_format(const struct region *region, const struct run_of *run, char text[16])
{
    uint32_t places = run->learners < 25 ? 25 : (run->learners + 4) / 5 * 5;

    text[0] = '\0';
    if (region->programmes.at[run->programme].competencies == 0)
        snprintf(text, 16, "%u", places);
}

static int runs_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Код программы", "Поток", "Дата начала", "Дата окончания", "Мест");
    for (size_t i = 0; i < region->runs.n; i++) {
        const struct run_of *run = &region->runs.at[i];
        char day[DAY_TEXT + 1], until[DAY_TEXT + 1], places[16];
        places_format(region, run, places);
        ROW_PUT(&out, region->programmes.at[run->programme].code, run->code, ru_day(run->day, day),
                ru_day(run->until, until), places);
    }
    return file_write(dir, "runs.csv", &out);
}

int tables_write(const struct region *region, const char *dir)
{
    static int (*const WRITE[])(const struct region *, const char *) = {
        organisations_write, staff_write, runs_write, sittings_write, agreements_write, enrolments_write,
        attestations_write, completions_write, support_write, tutors_write, assignments_write,
    };

    for (size_t i = 0; i < sizeof WRITE / sizeof *WRITE; i++)
        if (WRITE[i](region, dir) != 0)
            return -1;
    return 0;
}

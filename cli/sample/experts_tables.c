/* consents.csv, trainings.csv, bookings.csv, contests.csv, works.csv, opinions.csv. */
#include <stdio.h>

#include "cli/sample/writing.h"

struct digits { char text[16]; };
static const char *digits(int number, struct digits *to)
{
    snprintf(to->text, sizeof to->text, "%d", number);
    return to->text;
}

static int consents_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Код работника", "Цель", "Редакция текста", "Дата", "Документ", "Отозвано");
    for (size_t i = 0; i < region->consents.n; i++) {
        const struct consent_of *c = &region->consents.at[i];
        char day[DAY_TEXT + 1], withdrawn[DAY_TEXT + 1];
        ROW_PUT(&out, person_code(region, c->person), c->purpose, c->text, ru_day(c->day, day), c->document, ru_day(c->withdrawn, withdrawn));
    }
    return file_write(dir, "consents.csv", &out);
}

static int trainings_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Код работника", "Обучение", "Дата", "Документ", "Кто обучал", "Наименование");
    for (size_t i = 0; i < region->outsides.n; i++) {
        const struct outside_of *o = &region->outsides.at[i];
        char day[DAY_TEXT + 1];
        ROW_PUT(&out, person_code(region, o->person), o->training, ru_day(o->day, day), o->document, o->provider, o->title);
    }
    return file_write(dir, "trainings.csv", &out);
}

static int bookings_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Реестр", "Запись", "Через дней", "По день", "Мест", "Код организации", "Цель");
    for (size_t i = 0; i < region->bookings.n; i++) {
        const struct booking_of *b = &region->bookings.at[i];
        const struct entry_of *e = &region->entries.at[b->entry];
        struct digits from, until, places;
        ROW_PUT(&out, e->reg, e->title, digits(b->from, &from), digits(b->until, &until), digits((int)b->places, &places), org_code(region, b->org),
                b->purpose);
    }
    return file_write(dir, "bookings.csv", &out);
}

static int contests_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Реестр", "Направление", "Наименование", "Через дней", "По день", "Мест");
    for (size_t i = 0; i < region->contests.n; i++) {
        const struct contest_of *c = &region->contests.at[i];
        struct digits from, until, seats;
        ROW_PUT(&out, c->reg, c->direction, c->title, digits(c->from, &from), digits(c->until, &until), digits((int)c->seats, &seats));
    }
    return file_write(dir, "contests.csv", &out);
}

/* A work of a contest is called by its applicant. */
static const char *work_name(const struct region *region, const struct work_of *work)
{
    return work->contest != NONE ? person_code(region, work->person) : work->title;
}

static int works_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Направление", "Конкурс", "Работа", "Код организации", "Код работника", "Основания", "Поля", "Решена");
    for (size_t i = 0; i < region->works.n; i++) {
        const struct work_of *w = &region->works.at[i];
        ROW_PUT(&out, w->direction, w->contest != NONE ? region->contests.at[w->contest].title : "", work_name(region, w), org_code(region, w->org),
                person_code(region, w->person), w->grounds, w->values, w->closed ? "да" : "нет");
    }
    return file_write(dir, "works.csv", &out);
}

static int opinions_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Направление", "Работа", "Код работника", "Через дней", "Взялся", "Баллы", "Заключение");
    for (size_t i = 0; i < region->opinions.n; i++) {
        const struct opinion_of *o = &region->opinions.at[i];
        const struct work_of *w = &region->works.at[o->work];
        char points[80] = "";
        struct digits term;
        if (o->given)
            snprintf(points, sizeof points, "relevance=%u|content=%u|result=%u", o->points[0], o->points[1], o->points[2]);
        ROW_PUT(&out, w->direction, work_name(region, w), person_code(region, o->expert), digits(o->term, &term), o->taken ? "да" : "", points,
                o->given ? "Работа рассмотрена по критериям направления." : "");
    }
    return file_write(dir, "opinions.csv", &out);
}

int experts_write(const struct region *region, const char *dir)
{
    static int (*const WRITE[])(const struct region *, const char *) = {
        consents_write, trainings_write, bookings_write, contests_write, works_write, opinions_write,
    };

    for (size_t i = 0; i < sizeof WRITE / sizeof *WRITE; i++)
        if (WRITE[i](region, dir) != 0)
            return -1;
    return 0;
}

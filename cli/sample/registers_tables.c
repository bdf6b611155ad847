/* registers.csv, parts.csv, duties.csv, papers.csv, sendings.csv, changes.csv. */
#include <stdio.h>

#include "cli/sample/writing.h"

static int entries_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Реестр", "Код работника", "Код организации", "Наименование", "Основания", "Поля", "С", "По");
    for (size_t i = 0; i < region->entries.n; i++) {
        const struct entry_of *e = &region->entries.at[i];
        char from[DAY_TEXT + 1], until[DAY_TEXT + 1];
        ROW_PUT(&out, e->reg, person_code(region, e->person), org_code(region, e->org), e->title, e->grounds, e->values,
                ru_day(e->from, from), ru_day(e->until, until));
    }
    return file_write(dir, "registers.csv", &out);
}

static int parts_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Реестр", "Запись", "Код работника", "Код организации", "Наименование", "Роль", "С");
    for (size_t i = 0; i < region->parts.n; i++) {
        const struct part_of *p = &region->parts.at[i];
        const struct entry_of *e = &region->entries.at[p->entry];
        char from[DAY_TEXT + 1];
        ROW_PUT(&out, e->reg, e->title, person_code(region, p->person), org_code(region, p->org), p->title, p->role, ru_day(p->from, from));
    }
    return file_write(dir, "parts.csv", &out);
}

static int duties_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Реестр", "Запись", "Вид", "Наименование", "Срок", "Исполнено");
    for (size_t i = 0; i < region->duties.n; i++) {
        const struct duty_of *d = &region->duties.at[i];
        const struct entry_of *e = &region->entries.at[d->entry];
        char due[DAY_TEXT + 1], done[DAY_TEXT + 1];
        ROW_PUT(&out, e->reg, e->title, d->kind, d->title, ru_day(d->due, due), ru_day(d->done, done));
    }
    return file_write(dir, "duties.csv", &out);
}

static int papers_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Номер", "Дата", "Вид", "Наименование", "Код организации", "Кем издан", "Взамен", "Открыт");
    for (size_t i = 0; i < region->papers.n; i++) {
        const struct paper_of *p = &region->papers.at[i];
        char day[DAY_TEXT + 1];
        ROW_PUT(&out, p->number, ru_day(p->day, day), p->kind, p->title, org_code(region, p->issuer), p->issuer_title,
                p->previous == NONE ? "" : region->papers.at[p->previous].number, p->public ? "да" : "нет");
    }
    return file_write(dir, "papers.csv", &out);
}

static int sendings_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Номер", "Код организации", "Дата", "Как", "Ознакомлены");
    for (size_t i = 0; i < region->sendings.n; i++) {
        const struct sending_of *s = &region->sendings.at[i];
        char day[DAY_TEXT + 1], acknowledged[DAY_TEXT + 1];
        ROW_PUT(&out, region->papers.at[s->paper].number, org_code(region, s->org), ru_day(s->day, day), s->how,
                ru_day(s->acknowledged, acknowledged));
    }
    return file_write(dir, "sendings.csv", &out);
}

static int changes_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Изменение", "Код", "Код другой", "Наименование", "Дата", "Основание", "Документ");
    for (size_t i = 0; i < region->changes.n; i++) {
        const struct change_of *c = &region->changes.at[i];
        const char *code = c->org == NONE ? c->code : org_code(region, c->org);
        char day[DAY_TEXT + 1];
        ROW_PUT(&out, CHANGE_RU[c->how], code, c->other != NONE ? org_code(region, c->other) : c->how == HOW_SPLIT ? c->code : "", c->title,
                ru_day(c->day, day), c->ground, c->document);
    }
    return file_write(dir, "changes.csv", &out);
}

int registers_write(const struct region *region, const char *dir)
{
    static int (*const WRITE[])(const struct region *, const char *) = {
        entries_write, parts_write, duties_write, papers_write, sendings_write, changes_write,
    };

    for (size_t i = 0; i < sizeof WRITE / sizeof *WRITE; i++)
        if (WRITE[i](region, dir) != 0)
            return -1;
    return 0;
}

/* The tables (CSV), as people would save them: the staff list in Windows-1251 as Excel in Russia does it,
 * the others in UTF-8 with a BOM; semicolons, CRLF. */
#include <stdio.h>

#include "cli/sample/records.h"
#include "common/core/arena.h"
#include "common/core/log.h"
#include "common/core/text.h"

#define BOM "\xEF\xBB\xBF"

static const char *ru_day(day_t day, char text[DAY_TEXT + 1])
{
    text[0] = '\0';
    if (day != 0)
        day_format_ru(day, text);
    return text;
}

/* Quoted where the separator or a quote stands inside. */
static void cell_put(struct buf *out, const char *text, bool last)
{
    if (text != NULL && strpbrk(text, ";\"") != NULL) {
        buf_byte(out, '"');
        for (; *text != '\0'; text++) {
            if (*text == '"')
                buf_byte(out, '"');
            buf_byte(out, (uint8_t)*text);
        }
        buf_byte(out, '"');
    } else if (text != NULL) {
        buf_text(out, text);
    }
    buf_text(out, last ? "\r\n" : ";");
}

static void row_put(struct buf *out, const char *const *cell, size_t n)
{
    for (size_t i = 0; i < n; i++)
        cell_put(out, cell[i], i + 1 == n);
}
#define ROW_PUT(out, ...) row_put((out), (const char *const[]){ __VA_ARGS__ }, \
                                  sizeof (const char *const[]){ __VA_ARGS__ } / sizeof(const char *))

static int table_end(const char *dir, const char *name, struct buf *out)
{
    int err = file_write(dir, name, buf_bytes(out));
    buf_free(out);
    return err;
}

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
    return table_end(dir, "organisations.csv", &out);
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
    return table_end(dir, "staff.csv", &coded);
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

static int sittings_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 }, answers = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Процедура", "Код работника", "Код организации", "Дата", "Ответы");
    for (size_t i = 0; i < region->sittings.n; i++) {
        const struct sitting_of *s = &region->sittings.at[i];
        char day[DAY_TEXT + 1];
        answers_format(s, &answers);
        ROW_PUT(&out, region->procedures.at[s->procedure].code, region->persons.at[s->person].code,
                s->org == NONE ? "" : region->orgs.at[s->org].code, ru_day(s->day, day), buf_string(&answers));
    }
    buf_free(&answers);
    return table_end(dir, "sittings.csv", &out);
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
    return table_end(dir, "agreements.csv", &out);
}

static int completions_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Код работника", "Процедура", "Мероприятие или программа", "Зачислен", "Дата документа", "Документ");
    for (size_t i = 0; i < region->completions.n; i++) {
        const struct completion_of *c = &region->completions.at[i];
        char enrolled[DAY_TEXT + 1], day[DAY_TEXT + 1], document[32];
        snprintf(document, sizeof document, "У-%07zu", i + 1);
        ROW_PUT(&out, region->persons.at[c->person].code,
                c->sitting == NONE ? "" : region->procedures.at[region->sittings.at[c->sitting].procedure].code,
                c->programme == NONE ? "1" : region->programmes.at[c->programme].code, ru_day(c->enrolled, enrolled),
                ru_day(c->day, day), document);
    }
    return table_end(dir, "completions.csv", &out);
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
    return table_end(dir, "support.csv", &out);
}

static int runs_write(const struct region *region, const char *dir)
{
    struct buf out = { 0 };

    buf_text(&out, BOM);
    ROW_PUT(&out, "Код программы", "Дата начала");
    for (size_t i = 0; i < region->runs.n; i++) {
        char day[DAY_TEXT + 1];
        ROW_PUT(&out, region->programmes.at[region->runs.at[i].programme].code, ru_day(region->runs.at[i].day, day));
    }
    return table_end(dir, "runs.csv", &out);
}

int tables_write(const struct region *region, const char *dir)
{
    static int (*const WRITE[])(const struct region *, const char *) = {
        organisations_write, staff_write, runs_write, sittings_write, agreements_write, completions_write, support_write,
    };

    for (size_t i = 0; i < sizeof WRITE / sizeof *WRITE; i++)
        if (WRITE[i](region, dir) != 0)
            return -1;
    return 0;
}

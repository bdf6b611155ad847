#include "services/shared/staff_columns.h"

static const char *const CODE[] = { "Код работника", "Код", "Табельный номер", "Идентификатор", "code", NULL };
static const char *const FAMILY[] = { "Фамилия", "family", NULL };
static const char *const GIVEN[] = { "Имя", "given", NULL };
static const char *const PATRONYMIC[] = { "Отчество", "Отчество (при наличии)", "patronymic", NULL };
static const char *const BORN[] = { "Дата рождения", "Родился", "born", NULL };
static const char *const SNILS[] = { "СНИЛС", "Страховой номер", "snils", NULL };
static const char *const ORGANISATION[] = { "Код организации", "Организация", "Код ОО", "organisation", NULL };
static const char *const POST[] = { "Должность", "Наименование должности", "post", NULL };
static const char *const SUBJECT[] = { "Предмет", "Преподаваемый предмет", "subject", NULL };
static const char *const PART_TIME[] = { "Совместительство", "Совместитель", "part_time", NULL };
static const char *const SINCE[] = { "Дата первой педагогической должности", "Педагогический стаж с",
                                     "Начало педагогической деятельности", "teaching_since", NULL };
static const char *const FROM[] = { "Работает с", "Дата приема", "Принят", "Дата приема на работу", "from", NULL };
static const char *const UNTIL[] = { "Уволен", "Дата увольнения", "Работает по", "until", NULL };

static const char *const RATE[] = { "Ставка", "Размер ставки", "Доля ставки", "rate", NULL };
static const char *const MATCHING[] = { "Образование соответствует предмету", "Соответствие образования предмету", "matching", NULL };
static const char *const WORKING[] = { "Начало трудовой деятельности", "Трудовой стаж с", "Общий стаж с", "working_since", NULL };
static const char *const EDUCATION[] = { "Образование", "Уровень образования", "education", NULL };
static const char *const PEDAGOGICAL[] = { "Дата документа о педагогическом образовании", "Педагогическое образование с",
                                           "pedagogical_since", NULL };

const struct csv_column STAFF_COLUMN[] = {
    { "code", CODE, true }, { "family", FAMILY, true }, { "given", GIVEN, true }, { "patronymic", PATRONYMIC, false },
    { "born", BORN, true }, { "snils", SNILS, false }, { "organisation", ORGANISATION, true }, { "post", POST, true },
    { "subject", SUBJECT, false }, { "part_time", PART_TIME, false }, { "teaching_since", SINCE, false },
    { "from", FROM, true }, { "until", UNTIL, false },
    { "rate", RATE, false }, { "matching", MATCHING, false }, { "working_since", WORKING, false },
    { "education", EDUCATION, false }, { "pedagogical_since", PEDAGOGICAL, false },
};
const size_t STAFF_COLUMN_COUNT = sizeof STAFF_COLUMN / sizeof *STAFF_COLUMN;

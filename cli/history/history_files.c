#include "cli/history/history_files.h"

#include <stdlib.h>

#include "common/core/text.h"
#include "proto/roster_documents.h"
#include "proto/roster_privacy.h"

MSG_DEFINE(organisation_row, ORGANISATION_ROW_FIELDS)
MSG_DEFINE(run_line, RUN_LINE_FIELDS)
MSG_DEFINE(sitting_row_of, SITTING_ROW_FIELDS)
MSG_DEFINE(agreement_row, AGREEMENT_ROW_FIELDS)
MSG_DEFINE(completion_row, COMPLETION_ROW_FIELDS)
MSG_DEFINE(support_row, SUPPORT_ROW_FIELDS)
MSG_DEFINE(enrolment_line, ENROLMENT_LINE_FIELDS)
MSG_DEFINE(attestation_line, ATTESTATION_LINE_FIELDS)
MSG_DEFINE(tutor_line, TUTOR_LINE_FIELDS)
MSG_DEFINE(assignment_line, ASSIGNMENT_LINE_FIELDS)
MSG_DEFINE(entry_line, ENTRY_LINE_FIELDS)
MSG_DEFINE(part_line, PART_LINE_FIELDS)
MSG_DEFINE(duty_line, DUTY_LINE_FIELDS)
MSG_DEFINE(paper_line, PAPER_LINE_FIELDS)
MSG_DEFINE(sending_line, SENDING_LINE_FIELDS)
MSG_DEFINE(change_line, CHANGE_LINE_FIELDS)
MSG_DEFINE(consent_line, CONSENT_LINE_FIELDS)
MSG_DEFINE(outside_line, OUTSIDE_LINE_FIELDS)
MSG_DEFINE(booking_line, BOOKING_LINE_FIELDS)
MSG_DEFINE(contest_line, CONTEST_LINE_FIELDS)
MSG_DEFINE(work_line, WORK_LINE_FIELDS)
MSG_DEFINE(opinion_line, OPINION_LINE_FIELDS)
MSG_DEFINE(instrument_file, INSTRUMENT_FILE_FIELDS)
MSG_DEFINE(procedure_of_file, PROCEDURE_OF_FILE_FIELDS)
MSG_DEFINE(procedures_file, PROCEDURES_FILE_FIELDS)
MSG_DEFINE(programme_of_file, PROGRAMME_OF_FILE_FIELDS)
MSG_DEFINE(programmes_file, PROGRAMMES_FILE_FIELDS)
MSG_DEFINE(judgements_file, JUDGEMENTS_FILE_FIELDS)

static const char *const CODE[] = { "Код", NULL };
static const char *const KIND[] = { "Вид", NULL };
static const char *const TITLE[] = { "Наименование", NULL };
static const char *const PARENT[] = { "Код вышестоящей", NULL };
static const char *const OPENED[] = { "Дата открытия", NULL };
static const char *const PROGRAMME[] = { "Код программы", NULL };
static const char *const BEGINS[] = { "Дата начала", NULL };
static const char *const PROCEDURE[] = { "Процедура", NULL };
static const char *const PERSON[] = { "Код работника", NULL };
static const char *const ORGANISATION[] = { "Код организации", NULL };
static const char *const DAY[] = { "Дата", NULL };
static const char *const ANSWERS[] = { "Ответы", NULL };
static const char *const WHAT[] = { "Мероприятие или программа", NULL };
static const char *const ENROLLED[] = { "Зачислен", NULL };
static const char *const ISSUED[] = { "Дата документа", NULL };
static const char *const DOCUMENT[] = { "Документ", NULL };
static const char *const FORM[] = { "Форма", NULL };
static const char *const RUN[] = { "Поток", NULL };
static const char *const ENDS[] = { "Дата окончания", NULL };
static const char *const PLACES[] = { "Мест", NULL };
static const char *const ENROLMENT[] = { "Код зачисления", NULL };
static const char *const STEP[] = { "Мероприятие", NULL };
static const char *const LEFT[] = { "Выбыл", NULL };
static const char *const REASON[] = { "Причина", NULL };
static const char *const PASSED[] = { "Сдана", NULL };
static const char *const LIMIT[] = { "Предел", NULL };
static const char *const TUTOR[] = { "Код сопровождающего", NULL };

static const char *const REGISTER[] = { "Реестр", NULL };
static const char *const ENTRY[] = { "Запись", NULL };
static const char *const GROUNDS[] = { "Основания", NULL };
static const char *const VALUES[] = { "Поля", NULL };
static const char *const FROM[] = { "С", NULL };
static const char *const UNTIL[] = { "По", NULL };
static const char *const ROLE_TITLES[] = { "Роль", NULL };
static const char *const DUE[] = { "Срок", NULL };
static const char *const FULFILLED[] = { "Исполнено", NULL };
static const char *const NUMBER[] = { "Номер", NULL };
static const char *const ISSUED_BY[] = { "Кем издан", NULL };
static const char *const PREVIOUS[] = { "Взамен", NULL };
static const char *const PUBLIC[] = { "Открыт", NULL };
static const char *const HOW[] = { "Как", NULL };
static const char *const ACKNOWLEDGED[] = { "Ознакомлены", NULL };
static const char *const CHANGE[] = { "Изменение", NULL };
static const char *const OTHER[] = { "Код другой", NULL };
static const char *const GROUND[] = { "Основание", NULL };

static const char *const PURPOSE[] = { "Цель", NULL };
static const char *const TEXT[] = { "Редакция текста", NULL };
static const char *const WITHDRAWN[] = { "Отозвано", NULL };
static const char *const TRAINING[] = { "Обучение", NULL };
static const char *const PROVIDER[] = { "Кто обучал", NULL };
static const char *const IN_DAYS[] = { "Через дней", NULL };
static const char *const TO_DAY[] = { "По день", NULL };
static const char *const DIRECTION[] = { "Направление", NULL };
static const char *const CONTEST[] = { "Конкурс", NULL };
static const char *const WORK[] = { "Работа", NULL };
static const char *const CLOSED[] = { "Решена", NULL };
static const char *const TAKEN[] = { "Взялся", NULL };
static const char *const POINTS[] = { "Баллы", NULL };
static const char *const SUMMARY[] = { "Заключение", NULL };

#define COLUMNS(name, ...) \
    const struct csv_column name[] = { __VA_ARGS__ }; \
    const size_t name##_N = sizeof name / sizeof *name

COLUMNS(ORGANISATION_COLUMN, { "code", CODE, true }, { "kind", KIND, true }, { "title", TITLE, true },
        { "parent", PARENT, true }, { "opened", OPENED, false });
COLUMNS(RUN_COLUMN, { "programme", PROGRAMME, true }, { "code", RUN, false }, { "day", BEGINS, true },
        { "until", ENDS, false }, { "places", PLACES, false });
COLUMNS(ENROLMENT_COLUMN, { "code", ENROLMENT, true }, { "person", PERSON, true }, { "run", RUN, true },
        { "procedure", PROCEDURE, false }, { "step", STEP, false }, { "day", DAY, true }, { "left", LEFT, false },
        { "reason", REASON, false });
COLUMNS(ATTESTATION_COLUMN, { "enrolment", ENROLMENT, true }, { "kind", KIND, true }, { "passed", PASSED, true },
        { "day", DAY, true });
COLUMNS(TUTOR_COLUMN, { "person", PERSON, true }, { "kind", KIND, true }, { "limit", LIMIT, false },
        { "day", DAY, false });
COLUMNS(ASSIGNMENT_COLUMN, { "person", PERSON, true }, { "kind", KIND, true }, { "tutor", TUTOR, true },
        { "day", DAY, false });
COLUMNS(SITTING_COLUMN, { "procedure", PROCEDURE, true }, { "person", PERSON, true }, { "organisation", ORGANISATION, true },
        { "day", DAY, true }, { "answers", ANSWERS, true });
COLUMNS(AGREEMENT_COLUMN, { "procedure", PROCEDURE, true }, { "person", PERSON, true }, { "day", DAY, true });
COLUMNS(COMPLETION_COLUMN, { "person", PERSON, true }, { "procedure", PROCEDURE, true }, { "what", WHAT, true },
        { "enrolled", ENROLLED, true }, { "day", ISSUED, true }, { "document", DOCUMENT, true },
        { "enrolment", ENROLMENT, false });
COLUMNS(SUPPORT_COLUMN, { "person", PERSON, true }, { "form", FORM, true }, { "day", DAY, true });

COLUMNS(ENTRY_COLUMN, { "register_id", REGISTER, true }, { "person", PERSON, true }, { "organisation", ORGANISATION, true },
        { "title", TITLE, true }, { "grounds", GROUNDS, true }, { "values", VALUES, true }, { "from", FROM, true }, { "until", UNTIL, false });
COLUMNS(PART_COLUMN, { "register_id", REGISTER, true }, { "entry", ENTRY, true }, { "person", PERSON, true },
        { "organisation", ORGANISATION, true }, { "title", TITLE, true }, { "role", ROLE_TITLES, true }, { "from", FROM, true });
COLUMNS(DUTY_COLUMN, { "register_id", REGISTER, true }, { "entry", ENTRY, true }, { "kind", KIND, true }, { "title", TITLE, true },
        { "due", DUE, true }, { "fulfilled", FULFILLED, true });
COLUMNS(PAPER_COLUMN, { "number", NUMBER, true }, { "day", DAY, true }, { "kind", KIND, true }, { "title", TITLE, true },
        { "issuer", ORGANISATION, true }, { "issued_by", ISSUED_BY, true }, { "previous", PREVIOUS, true }, { "public", PUBLIC, false });
COLUMNS(SENDING_COLUMN, { "number", NUMBER, true }, { "organisation", ORGANISATION, true }, { "day", DAY, true }, { "how", HOW, false },
        { "acknowledged", ACKNOWLEDGED, true });
COLUMNS(CHANGE_COLUMN, { "change", CHANGE, true }, { "code", CODE, true }, { "other", OTHER, true }, { "title", TITLE, true },
        { "day", DAY, true }, { "ground", GROUND, true }, { "document", DOCUMENT, false });

COLUMNS(CONSENT_COLUMN, { "person", PERSON, true }, { "purpose", PURPOSE, true }, { "text", TEXT, true }, { "day", DAY, true },
        { "document", DOCUMENT, false }, { "withdrawn", WITHDRAWN, false });
COLUMNS(OUTSIDE_COLUMN, { "person", PERSON, true }, { "training", TRAINING, true }, { "day", DAY, true }, { "document", DOCUMENT, true },
        { "provider", PROVIDER, true }, { "title", TITLE, false });
COLUMNS(BOOKING_COLUMN, { "register_id", REGISTER, true }, { "entry", ENTRY, true }, { "from", IN_DAYS, true }, { "until", TO_DAY, true },
        { "places", PLACES, true }, { "organisation", ORGANISATION, false }, { "purpose", PURPOSE, true });
COLUMNS(CONTEST_COLUMN, { "register_id", REGISTER, true }, { "direction", DIRECTION, true }, { "title", TITLE, true }, { "from", IN_DAYS, true },
        { "until", TO_DAY, true }, { "seats", PLACES, false });
COLUMNS(WORK_COLUMN, { "direction", DIRECTION, true }, { "contest", CONTEST, false }, { "work", WORK, true }, { "organisation", ORGANISATION, true },
        { "person", PERSON, true }, { "grounds", GROUNDS, false }, { "values", VALUES, false }, { "closed", CLOSED, false });
COLUMNS(OPINION_COLUMN, { "direction", DIRECTION, true }, { "work", WORK, true }, { "person", PERSON, true }, { "term", IN_DAYS, true },
        { "taken", TAKEN, false }, { "points", POINTS, false }, { "summary", SUMMARY, false });

/* A word of ours in either language; -1: neither. */
static int word_read(const char *text, const struct enum_desc *names, const char *const *russian)
{
    struct arena arena = { 0 };
    const char *folded = text_fold(&arena, text);
    int word = enum_find(names, folded, strlen(folded));

    for (int i = 0; i < (int)names->count && word < 0; i++)
        if (strcmp(folded, russian[i]) == 0)
            word = i;
    arena_free(&arena);
    return word;
}

int organisation_kind_read(const char *text)
{
    static const char *const RUSSIAN[] = {
        [ORG_REGION] = "регион", [ORG_AUTHORITY] = "департамент", [ORG_MUNICIPALITY] = "муниципалитет",
        [ORG_MUNICIPAL_AUTHORITY] = "муниципальный орган", [ORG_INSTITUTE] = "институт", [ORG_CENTRE] = "центр",
        [ORG_METHOD_SERVICE] = "методическая служба", [ORG_SCHOOL] = "школа", [ORG_KINDERGARTEN] = "детский сад",
        [ORG_FURTHER] = "дополнительное образование", [ORG_COLLEGE] = "колледж", [ORG_UNIVERSITY] = "вуз",
        [ORG_BRANCH] = "филиал", [ORG_UNIT] = "подразделение", [ORG_NETWORK_SERVICE] = "сетевая методическая служба",
        [ORG_QUANTORIUM] = "кванториум", [ORG_IT_CUBE] = "it-куб", [ORG_GROWTH_POINT] = "точка роста",
        [ORG_UMO] = "умо", [ORG_COUNCIL] = "совет",
    };
    return word_read(text, &org_kind_names, RUSSIAN);
}

int attestation_kind_read(const char *text)
{
    static const char *const RUSSIAN[] = { [ATTESTATION_INTERIM] = "промежуточная", [ATTESTATION_FINAL] = "итоговая" };
    return word_read(text, &attestation_kind_names, RUSSIAN);
}

int tutor_kind_read(const char *text)
{
    static const char *const RUSSIAN[] = { [TUTOR_OF_ROUTES] = "тьютор", [TUTOR_METHODOLOGIST] = "методист" };
    return word_read(text, &tutor_kind_names, RUSSIAN);
}

int end_reason_read(const char *text)
{
    static const char *const RUSSIAN[] = { [END_WITHDREW] = "выбыл сам", [END_EXPELLED] = "отчислен" };
    return word_read(text, &end_reason_names, RUSSIAN);
}

int paper_kind_read(const char *text)
{
    static const char *const RUSSIAN[] = {
        [DOCUMENT_ORDER] = "распоряжение", [DOCUMENT_STATUTE] = "положение", [DOCUMENT_RULES] = "регламент",
        [DOCUMENT_AGREEMENT] = "соглашение", [DOCUMENT_MINUTES] = "протокол", [DOCUMENT_LETTER] = "письмо", [DOCUMENT_PLAN] = "план",
        [DOCUMENT_OTHER] = "иное",
    };
    return word_read(text, &document_kind_names, RUSSIAN);
}

int consent_purpose_read(const char *text)
{
    static const char *const RUSSIAN[] = {
        [CONSENT_SUPPORT] = "методическая поддержка", [CONSENT_FEDERAL] = "передача федеральному оператору", [CONSENT_PUBLIC] = "публикация",
        [CONSENT_CONTACT] = "связь", [CONSENT_SURVEY] = "исследования",
    };
    return word_read(text, &consent_purpose_names, RUSSIAN);
}

int change_read(const char *text)
{
    static const char *const NAMES[] = { "opened", "founder", "renamed", "moved", "split", "merged" };
    static const struct enum_desc names = { "change", NAMES, CHANGES_TO };
    static const char *const RUSSIAN[] = {
        [CHANGE_TO_OPEN] = "открыта", [CHANGE_TO_FOUND] = "учредитель", [CHANGE_TO_RENAME] = "переименована",
        [CHANGE_TO_MOVE] = "переведена", [CHANGE_TO_SPLIT] = "выделение", [CHANGE_TO_MERGE] = "присоединение",
    };
    return word_read(text, &names, RUSSIAN);
}

static bool number_read(const char **at, uint64_t most, uint64_t *number)
{
    char *end;

    if (**at < '1' || **at > '9')
        return false;
    *number = strtoull(*at, &end, 10);
    *at = end;
    return *number <= most;
}

static bool answer_read(const char **at, struct arena *arena, struct answer *answer)
{
    if (!number_read(at, TASKS_MAX, &answer->task) || **at != ':')
        return false;
    answer->chosen.at = ARENA_LIST(arena, uint64_t, OPTIONS_MAX);
    do {
        ++*at;
        if (answer->chosen.n == OPTIONS_MAX || !number_read(at, OPTIONS_MAX, &answer->chosen.at[answer->chosen.n]))
            return false;
        answer->chosen.n++;
    } while (**at == ',');
    return true;
}

bool answers_read(const char *text, struct arena *arena, struct answers_read *answers)
{
    *answers = (struct answers_read){ 0, ARENA_LIST(arena, struct answer, TASKS_MAX) };
    if (text == NULL || *text == '\0')
        return true;
    for (;; text++) {
        if (answers->n == TASKS_MAX || !answer_read(&text, arena, &answers->at[answers->n]))
            return false;
        answers->n++;
        if (*text != '|')
            return *text == '\0';
    }
}

#include "services/shared/staff_rules.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/core/text.h"
#include "services/shared/education.h"

static bool fault_is(struct staff_fault *fault, const char *reason, const char *path, const char *rule)
{
    *fault = (struct staff_fault){ .reason = reason, .path = path, .rule = rule };
    return false;
}

__attribute__((format(printf, 3, 4)))
static void fault_arg(struct staff_fault *fault, const char *name, const char *format, ...)
{
    va_list args;

    fault->arg[fault->n].name = name;
    va_start(args, format);
    vsnprintf(fault->arg[fault->n].value, sizeof fault->arg[fault->n].value, format, args);
    va_end(args);
    fault->n++;
}

/* ── names ────────────────────────────────────────────────────────────────── */

/* Length in bytes of the character at `at` (UTF-8 that has been checked), and its number. */
static int character(const char *at, uint32_t *code)
{
    const uint8_t *u = (const uint8_t *)at;
    int n = u[0] < 0x80 ? 1 : u[0] < 0xE0 ? 2 : u[0] < 0xF0 ? 3 : 4;

    *code = n == 1 ? u[0] : u[0] & (0x3F >> (n - 1));
    for (int i = 1; i < n; i++)
        *code = *code << 6 | (u[i] & 0x3F);
    return n;
}

static bool cyrillic(uint32_t c)        /* letters of the block, without its signs and combining marks */
{
    return (c >= 0x0400 && c <= 0x0481) || (c >= 0x048A && c <= 0x052F);
}

static bool latin(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= 0x00C0 && c <= 0x024F && c != 0x00D7 && c != 0x00F7);
}

static bool joins(uint32_t c)           /* Мамин-Сибиряк, Оглы Мамед, О’Нил, Д'Артаньян */
{
    return c == '-' || c == ' ' || c == '\'' || c == 0x2019 || c == 0x02BC;
}

bool staff_name_good(const char *name, const char *path, struct staff_fault *fault)
{
    bool letter = false;
    uint32_t code;

    for (int n, position = 1; *name != '\0'; name += n, position++) {
        n = character(name, &code);
        letter |= cyrillic(code);
        if (cyrillic(code) || joins(code))
            continue;
        fault_is(fault, latin(code) ? "name_latin" : "name_character", path, "characters");
        fault_arg(fault, "letter", "%.*s", n, name);
        fault_arg(fault, "position", "%d", position);
        return false;
    }
    return letter || fault_is(fault, "name_empty", path, "empty");
}

static bool names_good(const struct worker_record *row, struct staff_fault *fault)
{
    return staff_name_good(row->family, "family", fault) && staff_name_good(row->given, "given", fault) &&
           (row->patronymic == NULL || row->patronymic[0] == '\0' ||
            staff_name_good(row->patronymic, "patronymic", fault));
}

/* ── dates ────────────────────────────────────────────────────────────────── */

bool staff_day_ahead(day_t day, day_t today)
{
    return day > day_add_months(today, STAFF_AHEAD_MONTHS);
}

static bool too_far(const char *reason, const char *path, day_t today, struct staff_fault *fault)
{
    char latest[DAY_TEXT + 1];

    fault_is(fault, reason, path, "range");
    day_format(day_add_months(today, STAFF_AHEAD_MONTHS), latest);
    fault_arg(fault, "latest", "%s", latest);
    return false;
}

static bool age_fault(const char *reason, const char *path, const char *limit, int years, struct staff_fault *fault)
{
    fault_is(fault, reason, path, "range");
    fault_arg(fault, limit, "%d", years);
    return false;
}

static bool work_days_good(const struct worker_record *row, day_t today, struct staff_fault *fault)
{
    if (staff_day_ahead(row->from, today))
        return too_far("from_future", "from", today, fault);
    if (row->until != 0 && row->until < row->from)
        return fault_is(fault, "until_before_from", "until", "order");
    return true;
}

/* Teaching is work, and an education is completed when its document is given. */
static bool life_good(const struct worker_record *row, const struct civil *born, day_t today, struct staff_fault *fault)
{
    if (row->working_since != 0 && staff_day_ahead(row->working_since, today))
        return too_far("working_future", "working_since", today, fault);
    if (row->working_since != 0 && civil_after_years(born, STAFF_AGE_MIN) > row->working_since)
        return age_fault("working_under_age", "working_since", "least", STAFF_AGE_MIN, fault);
    if (row->working_since != 0 && row->teaching_since != 0 && row->teaching_since < row->working_since)
        return fault_is(fault, "teaching_before_work", "working_since", "order");
    if (row->pedagogical_since > today)
        return fault_is(fault, "educated_future", "pedagogical_since", "range");
    return true;
}

static bool dates_good(const struct worker_record *row, const struct civil *born, day_t today, struct staff_fault *fault)
{
    if (!work_days_good(row, today, fault))
        return false;
    if (civil_after_years(born, 0) >= row->from)
        return fault_is(fault, "born_after_from", "born", "order");
    if (civil_after_years(born, STAFF_AGE_MIN) > row->from)
        return age_fault("age_under", "born", "least", STAFF_AGE_MIN, fault);
    if (civil_after_years(born, STAFF_AGE_MAX + 1) <= row->from)    /* the day on which he becomes 101 */
        return age_fault("age_over", "born", "most", STAFF_AGE_MAX, fault);
    if (row->teaching_since != 0 && staff_day_ahead(row->teaching_since, today))
        return too_far("teaching_future", "teaching_since", today, fault);
    if (row->teaching_since != 0 && civil_after_years(born, STAFF_AGE_MIN) > row->teaching_since)
        return age_fault("teaching_under_age", "teaching_since", "least", STAFF_AGE_MIN, fault);
    return life_good(row, born, today, fault);
}

/* ── the number ───────────────────────────────────────────────────────────── */

static bool snils_good(const char *text, struct staff_row *out, struct staff_fault *fault)
{
    struct snils snils;

    if (text == NULL || text[0] == '\0')
        return true;
    switch (snils_read(text, &snils)) {
    case SNILS_GOOD:
        memcpy(out->snils, snils.digits, sizeof out->snils);
        return true;
    case SNILS_CHARACTER:
        return fault_is(fault, "snils_character", "snils", "characters");
    case SNILS_LENGTH:
        fault_is(fault, "snils_length", "snils", "length");
        fault_arg(fault, "found", "%zu", snils.length);
        fault_arg(fault, "expected", "%d", SNILS_DIGITS);
        return false;
    case SNILS_CHECK:
        fault_is(fault, "snils_check", "snils", "check");
        fault_arg(fault, "found", "%02d", snils.found);
        fault_arg(fault, "expected", "%02d", snils.expected);
        return false;
    }
    return false;
}

bool staff_row_read(const struct worker_record *row, day_t today, struct staff_row *out, struct staff_fault *fault)
{
    *out = (struct staff_row){ 0 };
    if (!names_good(row, fault))
        return false;
    if (!civil_parse(&out->born, row->born))
        return fault_is(fault, "born_malformed", "born", "date");
    return dates_good(row, &out->born, today, fault) && snils_good(row->snils, out, fault);
}

/* ── posts ────────────────────────────────────────────────────────────────── */

void staff_posts_read(struct staff_posts *posts, const struct profile *profile, struct arena *arena)
{
    posts->profile = profile;
    posts->folded = ARENA_LIST(arena, const char *, profile->posts.n);
    for (uint32_t i = 0; i < profile->posts.n; i++)
        posts->folded[i] = text_fold(arena, profile->posts.at[i].title);
}

int staff_post_kind(const struct staff_posts *posts, const char *title, struct arena *arena)
{
    const char *folded = text_fold(arena, title);

    for (uint32_t i = 0; i < posts->profile->posts.n; i++)
        if (strcmp(posts->folded[i], folded) == 0)
            return posts->profile->posts.at[i].kind;
    return -1;
}

/* ── the whole ────────────────────────────────────────────────────────────── */

bool staff_texts_fit(const struct msg_desc *desc, const void *tidied, struct arena *arena, struct staff_fault *fault)
{
    struct msg_error error;

    if (msg_check(desc, tidied, &error) == 0 || strcmp(error.rule, "too_long") != 0)
        return true;
    return fault_is(fault, "message", arena_string(arena, error.path, strlen(error.path)), error.rule);
}

static const char *tidy(struct arena *arena, const char *text)
{
    const char *tidied = text != NULL ? text_nfc(arena, text) : NULL;
    return tidied != NULL && tidied[0] != '\0' ? tidied : NULL;
}

static const char *tidy_needed(struct arena *arena, const char *text)
{
    const char *tidied = tidy(arena, text);
    return tidied != NULL ? tidied : "";
}

/* A sealed row may leave them out, an open one not. */
static bool is_whole(const struct worker_record *row, struct staff_fault *fault)
{
    const char *missing = row->code == NULL ? "code" : row->family == NULL ? "family" : row->given == NULL ? "given" :
                          row->born == NULL ? "born" : NULL;
    return missing == NULL || fault_is(fault, "message", missing, "missing");
}

bool staff_unit_holds(const struct staff_unit *unit, day_t from, day_t until)
{
    bool past = from >= unit->closed || until >= unit->closed;
    return unit->closed == 0 || (!past && (until != 0 || unit->goes_on));
}

static bool unit_holds(const struct staff_unit *unit, const struct worker_record *row, struct staff_fault *fault)
{
    char text[DAY_TEXT + 1];

    if (staff_unit_holds(unit, row->from, row->until))
        return true;
    fault_is(fault, "organisation_closed", "organisation", "range");
    day_format(unit->closed, text);
    fault_arg(fault, "day", "%s", text);
    return false;
}

static bool place_good(const struct staff_check *check, const char *organisation, struct staff_unit *unit, struct staff_fault *fault)
{
    *unit = (struct staff_unit){ 0 };
    switch (check->place(check->arg, organisation, unit)) {
    case STAFF_PLACE_UNKNOWN:
        return fault_is(fault, "organisation_unknown", "organisation", "unknown");
    case STAFF_PLACE_BEYOND:
        fault_is(fault, "out_of_reach", "organisation", "unknown");
        fault->denied = true;
        return false;
    case STAFF_PLACE_GOOD:
        break;
    }
    return true;
}

static void work_tidy(const struct worker_record *given, struct arena *arena, struct worker_record *row)
{
    row->post = tidy_needed(arena, given->post);
    row->subject = tidy(arena, given->subject);
    row->organisation = tidy_needed(arena, given->organisation);
    row->rate = tidy(arena, given->rate);
    row->matching = tidy(arena, given->matching);
}

static bool post_good(const struct staff_check *check, const char *title, int *kind, struct staff_fault *fault)
{
    *kind = staff_post_kind(check->posts, title, check->arena);
    return *kind >= 0 || fault_is(fault, "post_unknown", "post", "unknown");
}

static bool terms_good(const struct worker_record *row, struct arena *arena, unsigned *rate, int *matching, struct staff_fault *fault)
{
    if (!rate_read(row->rate, rate))
        return fault_is(fault, "rate_malformed", "rate", "range");
    return said_read(row->matching, arena, matching) || fault_is(fault, "matching_malformed", "matching", "unknown");
}

/* The day of a document on a pedagogical education says that there is one. */
static bool education_good(const struct worker_record *row, struct arena *arena, struct staff_education *read, struct staff_fault *fault)
{
    if (!education_read(row->education, arena, &read->level, &read->pedagogical))
        return fault_is(fault, "education_unknown", "education", "unknown");
    if (row->pedagogical_since != 0 && read->pedagogical == SAID_NO)
        return fault_is(fault, "education_denied", "pedagogical_since", "conflict");
    if (row->pedagogical_since != 0)
        read->pedagogical = SAID_YES;
    return true;
}

bool staff_record_check(const struct worker_record *given, const struct staff_check *check, struct staff_record *out,
                        struct staff_fault *fault)
{
    struct arena *arena = check->arena;
    struct worker_record *row = &out->in;
    struct staff_unit unit;

    if (!is_whole(given, fault))
        return false;
    *row = *given;
    work_tidy(given, arena, row);
    row->code = tidy_needed(arena, given->code);
    row->family = tidy_needed(arena, given->family);
    row->given = tidy_needed(arena, given->given);
    row->patronymic = tidy(arena, given->patronymic);
    row->snils = tidy(arena, given->snils);
    row->education = tidy(arena, given->education);
    if (!staff_texts_fit(&worker_record_desc, row, arena, fault) || !place_good(check, row->organisation, &unit, fault))
        return false;
    if (row->code[0] == '\0')
        return fault_is(fault, "code_empty", "code", "empty");
    return staff_row_read(row, check->today, &out->read, fault) && post_good(check, row->post, &out->kind, fault)
        && education_good(row, arena, &out->education, fault) && terms_good(row, arena, &out->rate, &out->matching, fault)
        && unit_holds(&unit, row, fault);
}

bool staff_work_check(const struct worker_record *given, const struct staff_check *check, struct staff_fault *fault)
{
    struct worker_record row = *given;
    struct staff_unit unit;
    unsigned rate;
    int kind, matching;

    work_tidy(given, check->arena, &row);
    return staff_texts_fit(&worker_record_desc, &row, check->arena, fault) && place_good(check, row.organisation, &unit, fault) &&
           work_days_good(&row, check->today, fault) && post_good(check, row.post, &kind, fault) &&
           terms_good(&row, check->arena, &rate, &matching, fault) && unit_holds(&unit, &row, fault);
}

enum verdict staff_refuse(struct ctx *ctx, const struct staff_fault *fault)
{
    if (fault->denied)
        return REFUSE_REACH(ctx);
    refuse_field(ctx, fault->reason, fault->path, fault->rule);
    for (uint32_t i = 0; i < fault->n; i++)
        refuse_arg(ctx, fault->arg[i].name, fault->arg[i].value);
    return VERDICT_REFUSED;
}

/* history load: consents.csv, trainings.csv; bookings.csv, contests.csv, works.csv, opinions.csv. What goes on today is told in days
 * from the day of loading: roster itself dates applications, works and opinions. */
#include <stdlib.h>

#include "cli/refer/args.h"
#include "cli/history/history_parts.h"
#include "cli/registers/review.h"
#include "common/core/err.h"
#include "proto/roles.h"
#include "proto/roster_bookings.h"
#include "proto/roster_calls.h"
#include "proto/roster_expert.h"
#include "proto/roster_privacy.h"
#include "proto/roster_registers.h"
#include "proto/roster_training.h"

#define DAYS_MOST 3660

static bool is_said(const char *text) { return text != NULL && *text != '\0'; }

static void wrong(struct pipe *pipe, uint32_t line, const char *field)
{
    pipe_refuse(pipe, line, PROBLEM_INVALID, "message", field, "type", 0);
}

/* -10, 30: from today. False: no number, and refused. */
static bool day_from_now(struct pipe *pipe, uint32_t line, const char *text, const char *field, day_t *day)
{
    char *end;
    long days = strtol(text, &end, 10);

    if (*end != '\0' || end == text || days < -DAYS_MOST || days > DAYS_MOST || !args_day("today", day)) {
        wrong(pipe, line, field);
        return false;
    }
    *day = (day_t)((long)*day + days);
    return true;
}

/* ── consents, training outside ───────────────────────────────────────────── */
static void consent_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct consent_line *read = row;
    struct consent_give in = { .purpose = consent_purpose_read(read->purpose), .text = read->text, .day = read->day,
                               .document = is_said(read->document) ? read->document : NULL };

    (void)arena;
    if (in.purpose < 0)
        pipe_refuse(pipe, line, PROBLEM_INVALID, "message", "purpose", "no_such_name", 0);
    else if (history_refer(pipe, line, &history->persons, read->person, "person_unknown", "person", &in.person))
        pipe_message(pipe, line, &in);
}

static void withdrawal_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct consent_line *read = row;
    const struct uuid *person = lookup_get(&history->persons, read->person);
    int purpose = consent_purpose_read(read->purpose);

    (void)arena;
    if (read->withdrawn != 0 && person != NULL && purpose >= 0)         /* what was refused has been said */
        pipe_message(pipe, line, &(struct consent_withdraw){ .person = *person, .purpose = purpose, .day = read->withdrawn });
}

static void outside_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct outside_line *read = row;
    struct training_record in = { .training = read->training, .day = read->day, .document = read->document, .provider = read->provider,
                                  .title = is_said(read->title) ? read->title : NULL };

    (void)arena;
    if (history_refer(pipe, line, &history->persons, read->person, "person_unknown", "person", &in.person))
        pipe_message(pipe, line, &in);
}

int history_consents(struct history *history)
{
    static const struct history_table TABLES[] = {
        { "consents.csv", "Согласия", "roster.consent.give", CONSENT_COLUMN, &CONSENT_COLUMN_N, &consent_line_desc, history_after_roster,
          consent_send, NULL },
        { "consents.csv", "Отзыв согласий", "roster.consent.withdraw", CONSENT_COLUMN, &CONSENT_COLUMN_N, &consent_line_desc,
          history_after_roster, withdrawal_send, NULL },
        { "trainings.csv", "Обучение вне региона", "roster.training.record", OUTSIDE_COLUMN, &OUTSIDE_COLUMN_N, &outside_line_desc,
          history_after_roster, outside_send, NULL },
    };
    return history_tables_load(history, TABLES, sizeof TABLES / sizeof *TABLES);
}

/* ── rooms, contests ──────────────────────────────────────────────────────── */
static void booking_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct booking_line *read = row;
    struct booking_make in = { .places = read->places, .purpose = read->purpose };

    if (day_from_now(pipe, line, read->from, "from", &in.from) && day_from_now(pipe, line, read->until, "until", &in.until)
        && history_entry(history, pipe, line, read->register_id, read->entry, arena, &in.entry)
        && history_refer(pipe, line, &history->organisations, read->organisation, "organisation_unknown", "organisation", &in.organisation))
        pipe_message(pipe, line, &in);
}

static void contest_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct contest_line *read = row;
    struct call_open in = { .register_id = read->register_id, .direction = read->direction, .title = read->title, .seats = read->seats };

    (void)arena;
    if (!day_from_now(pipe, line, read->from, "from", &in.from) || !day_from_now(pipe, line, read->until, "until", &in.until))
        return;
    struct contest_named *named = ARENA_NEW(&history->cli->arena, struct contest_named);
    *named = (struct contest_named){ arena_string(&history->cli->arena, read->title, strlen(read->title)),
                                     arena_string(&history->cli->arena, read->register_id, strlen(read->register_id)), history->contest };
    history->contest = named;
    history->key_of_line[line] = named->title;
    pipe_message(pipe, line, &in);
}

static const char *register_of(const struct history *history, const char *contest)
{
    const struct contest_named *named = history->contest;
    while (named != NULL && strcmp(named->title, contest) != 0)
        named = named->next;
    return named != NULL ? named->register_id : "";
}

static void contest_taken(void *arg, uint32_t line, const struct client_reply *reply)
{
    struct history *history = arg;
    history_keep(&history->contests, history->key_of_line[line], reply);
}

/* ── works ────────────────────────────────────────────────────────────────── */
static const char *work_key(struct arena *arena, const char *direction, const char *work)
{
    return arena_format(arena, "%s;%s", direction, work);
}

static void work_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct work_line *read = row;
    struct review_open in = { .direction = read->direction, .title = read->work, .authors.at = ARENA_LIST(arena, struct uuid, 1) };

    if (is_said(read->contest)
        || !history_refer(pipe, line, &history->organisations, read->organisation, "organisation_unknown", "organisation", &in.unit)
        || !history_refer(pipe, line, &history->persons, read->person, "person_unknown", "person", &in.authors.at[0]))
        return;
    in.authors.n = is_said(read->person);
    history->key_of_line[line] = work_key(&history->cli->arena, read->direction, read->work);
    pipe_message(pipe, line, &in);
}

static void work_taken(void *arg, uint32_t line, const struct client_reply *reply)
{
    struct history *history = arg;
    history_keep(&history->works, history->key_of_line[line], reply);
}

static void application_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct work_line *read = row;
    const struct uuid *contest = is_said(read->contest) ? lookup_get(&history->contests, read->contest) : NULL;
    struct entry_record about;

    if (!is_said(read->contest))
        return;
    if (contest == NULL) {
        history_unknown(pipe, line, "call_unknown", "contest");
        return;
    }
    struct entry_line said = { .register_id = register_of(history, read->contest), .person = read->person, .organisation = read->organisation,
                               .grounds = read->grounds, .values = read->values };
    if (!history_entry_read(history, pipe, line, &said, arena, &about))
        return;
    history->key_of_line[line] = work_key(&history->cli->arena, read->direction, read->work);
    pipe_message(pipe, line, &(struct call_apply){ .call = *contest, .person = about.person, .organisation = about.organisation,
                                                   .grounds = { about.grounds.n, about.grounds.at }, .values = { about.values.n, about.values.at } });
}

static void application_taken(void *arg, uint32_t line, const struct client_reply *reply)
{
    struct history *history = arg;
    struct application application;
    struct arena arena = { 0 };
    struct msg_error error;

    if (reply->problem == NULL && msg_decode(&application_desc, reply->body, MSG_LENIENT, &arena, &application, &error) == ERR_OK)
        lookup_put(&history->works, history->key_of_line[line], &application.review);
    arena_free(&arena);
}

static void decision_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct work_line *read = row;
    const struct uuid *work = lookup_get(&history->works, work_key(arena, read->direction, read->work));

    if (read->closed && work != NULL)
        pipe_message(pipe, line, &(struct review_close){ .review = *work });
}

/* ── opinions ─────────────────────────────────────────────────────────────── */
static const char *opinion_key(struct arena *arena, const struct opinion_line *read)
{
    return arena_format(arena, "%s;%s;%s", read->direction, read->work, read->person);
}

static void assignment_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct opinion_line *read = row;
    const struct uuid *work = lookup_get(&history->works, work_key(arena, read->direction, read->work));
    struct review_assign in;

    if (work == NULL) {
        history_unknown(pipe, line, "review_unknown", "work");
        return;
    }
    in.review = *work;
    if (!day_from_now(pipe, line, read->term, "term", &in.due)
        || !history_refer(pipe, line, &history->persons, read->person, "person_unknown", "person", &in.expert))
        return;
    history->key_of_line[line] = opinion_key(&history->cli->arena, read);
    pipe_message(pipe, line, &in);
}

static void assignment_taken(void *arg, uint32_t line, const struct client_reply *reply)
{
    struct history *history = arg;
    history_keep(&history->opinions, history->key_of_line[line], reply);
}

static void acceptance_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct opinion_line *read = row;
    const struct uuid *assignment = lookup_get(&history->opinions, opinion_key(arena, read));

    if (read->taken && assignment != NULL)
        pipe_message(pipe, line, &(struct review_answer){ .assignment = *assignment, .accept = true });
}

static void opinion_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct opinion_line *read = row;
    const struct uuid *assignment = lookup_get(&history->opinions, opinion_key(arena, read));
    const char *points[DIRECTION_CRITERIA_MAX];
    uint32_t n = history_parts_of(arena, read->points, points, DIRECTION_CRITERIA_MAX);
    struct review_submit in = { .points = { n, ARENA_LIST(arena, struct expert_point, n + 1) }, .summary = read->summary };

    if (n == 0 || assignment == NULL)
        return;
    for (uint32_t i = 0; i < n; i++)
        if (!review_point(arena, points[i], &in.points.at[i])) {
            wrong(pipe, line, "points");
            return;
        }
    in.assignment = *assignment;
    pipe_message(pipe, line, &in);
}

/* Who proposes for a register applies to its contests: of our keys the institute's may in every region. */
static int applications_load(struct history *history)
{
    static const struct history_table TABLE = { "works.csv", "Заявки на конкурсы", "roster.call.apply", WORK_COLUMN, &WORK_COLUMN_N,
                                                &work_line_desc, history_after_roster, application_send, application_taken };
    const char *key = history->cli->key;

    if (key == NULL)
        history->cli->key = cli_key(history->cli, ROLE(ROLE_INSTITUTE));
    int code = history_tables_load(history, &TABLE, 1);
    history->cli->key = key;
    return code;
}

int history_experts(struct history *history)
{
    static const struct history_table BEFORE[] = {
        { "bookings.csv", "Брони", "roster.booking.make", BOOKING_COLUMN, &BOOKING_COLUMN_N, &booking_line_desc, history_after_roster,
          booking_send, NULL },
        { "contests.csv", "Конкурсы", "roster.call.open", CONTEST_COLUMN, &CONTEST_COLUMN_N, &contest_line_desc, history_after_roster,
          contest_send, contest_taken },
        { "works.csv", "Работы для экспертов", "roster.review.open", WORK_COLUMN, &WORK_COLUMN_N, &work_line_desc, history_after_roster,
          work_send, work_taken },
    };
    static const struct history_table AFTER[] = {
        { "opinions.csv", "Поручения экспертам", "roster.review.assign", OPINION_COLUMN, &OPINION_COLUMN_N, &opinion_line_desc,
          history_after_roster, assignment_send, assignment_taken },
        { "opinions.csv", "Согласие экспертов", "roster.review.answer", OPINION_COLUMN, &OPINION_COLUMN_N, &opinion_line_desc,
          history_after_roster, acceptance_send, NULL },
        { "opinions.csv", "Заключения экспертов", "roster.review.submit", OPINION_COLUMN, &OPINION_COLUMN_N, &opinion_line_desc,
          history_after_roster, opinion_send, NULL },
        { "works.csv", "Решения по работам", "roster.review.close", WORK_COLUMN, &WORK_COLUMN_N, &work_line_desc, history_after_roster,
          decision_send, NULL },
    };
    int code = history_tables_load(history, BEFORE, sizeof BEFORE / sizeof *BEFORE);
    if (code == CLI_OK)
        code = applications_load(history);
    return code == CLI_OK ? history_tables_load(history, AFTER, sizeof AFTER / sizeof *AFTER) : code;
}

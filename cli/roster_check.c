#include "cli/roster_check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cli/staff_vanished.h"
#include "common/codec/text_forms.h"
#include "common/core/err.h"

/* ── the command line ─────────────────────────────────────────────────────── */

static bool option(int argc, char **argv, int *i, const char *name, const char **value)
{
    if (strcmp(argv[*i], name) != 0 || *i + 1 >= argc)
        return false;
    *value = argv[++*i];
    return true;
}

bool import_options(const char *verb, int argc, char **argv, const char **path, struct import_how *how)
{
    *how = (struct import_how){ 0 };
    *path = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--full") == 0)
            how->full = true;
        else if (strcmp(argv[i], "--delta") == 0)
            how->delta = true;
        else if (option(argc, argv, &i, "--share", &how->share) || option(argc, argv, &i, "--dismiss", &how->dismiss) ||
                 option(argc, argv, &i, "--answers", &how->answers) || option(argc, argv, &i, "--vanished", &how->vanished) ||
                 option(argc, argv, &i, "--map", &how->map))
            continue;
        else if (argv[i][0] == '-' || *path != NULL)
            return cli_usage(verb, "лишнее слово «%s»", argv[i]) == CLI_OK;
        else
            *path = argv[i];
    }
    if (*path == NULL)
        return cli_usage(verb, "нужен один файл") == CLI_OK;
    if (how->full && how->delta)
        return cli_usage(verb, "список либо полный (--full), либо частичный (--delta)") == CLI_OK;
    if (!how->full && (how->share != NULL || how->dismiss != NULL || how->answers != NULL || how->vanished != NULL))
        return cli_usage(verb, "--share, --dismiss, --answers и --vanished — только с --full: частичный список никого не увольняет") == CLI_OK;
    if (how->dismiss != NULL && how->answers != NULL)
        return cli_usage(verb, "либо --dismiss, либо --answers") == CLI_OK;
    return true;
}

/* ── what is shown ────────────────────────────────────────────────────────── */

static void say_change(const struct list_change *change)
{
    printf("%s", change->field);
    if (change->from != NULL || change->to != NULL)
        printf(": «%s» → «%s»", change->from != NULL ? change->from : "", change->to != NULL ? change->to : "");
}

static void say_detail(const struct plan *plan, const struct plan_detail *detail, const struct listed *listed)
{
    static const char *const WORDS[list_outcome_count] = {
        [LIST_UNCHANGED] = "без изменений", [LIST_NEW_PERSON] = "новый человек", [LIST_NEW_POST] = "новая должность",
        [LIST_MOVED] = "переход", [LIST_CHANGED] = "изменится", [LIST_REFUSED] = "не принято", [LIST_DOUBTFUL] = "сомнение" };
    char text[UUID_TEXT + 1];

    printf("строка %u: %s", plan->row[detail->row].line, WORDS[listed->outcome]);
    for (uint32_t i = 0; i < listed->changes.n; i++) {
        printf("%s", i == 0 ? ": " : "; ");
        say_change(&listed->changes.at[i]);
    }
    for (uint32_t i = 0; i < listed->ends.n; i++) {
        char until[DAY_TEXT + 1];
        uuid_format(&listed->ends.at[i].post, text);
        day_format(listed->ends.at[i].until, until);
        printf("%sпрежняя основная должность (%s) закончится %s", listed->changes.n + i == 0 ? ": " : "; ", text, until);
    }
    for (uint32_t i = 0; i < listed->candidates.n; i++) {
        uuid_format(&listed->candidates.at[i].person, text);
        printf("%sможет быть %s (%" PRIu64 " из 100)", i == 0 ? ": " : "; ", text, listed->candidates.at[i].score);
    }
    putchar('\n');
}

static void say_json(uint32_t line, struct bytes listed)
{
    struct buf text = { 0 };

    if (json_write(&listed_desc, listed, false, &text) == ERR_OK)
        printf("{\"line\": %u, \"row\": %s}\n", line, buf_string(&text));
    buf_free(&text);
}

static void say_details(struct cli *cli, const struct plan *plan)
{
    struct arena arena = { 0 };
    struct listed listed;
    struct msg_error error;

    for (uint32_t i = 0; i < plan->detail.n; i++) {
        arena_reset(&arena);
        if (msg_decode(&listed_desc, plan->detail.at[i].listed, MSG_LENIENT, &arena, &listed, &error) != ERR_OK)
            continue;
        if (!cli->json) {
            say_detail(plan, &plan->detail.at[i], &listed);
            continue;
        }
        say_json(plan->row[plan->detail.at[i].row].line, plan->detail.at[i].listed);
    }
    if (plan->detail.more > 0 && !cli->json)
        printf("… и ещё строк с изменениями: %" PRIu64 "\n", plan->detail.more);
    arena_free(&arena);
}

static void say_counts(struct cli *cli, const struct plan *plan, const struct vanished *vanished)
{
    const uint64_t *count = plan->count;

    if (cli->json) {
        printf("{");
        for (int i = 0; i < list_outcome_count; i++)
            printf("\"%s\": %" PRIu64 ", ", list_outcome_names.names[i], count[i]);
        printf("\"rows\": %u", plan->n);
        if (vanished != NULL)
            printf(", \"people\": %" PRIu64 ", \"vanished\": %" PRIu64 ", \"vanished_posts\": %u, \"vanish_percent\": %" PRIu64,
                   vanished->people, vanished->gone, vanished->n, plan->vanish_percent);
        printf("}\n");
        return;
    }
    printf("строк %u: новых людей %" PRIu64 ", новых должностей %" PRIu64 ", переходов %" PRIu64 ", изменений %" PRIu64
           ", без изменений %" PRIu64 ", не принято %" PRIu64 ", сомнительных %" PRIu64 "\n", plan->n, count[LIST_NEW_PERSON],
           count[LIST_NEW_POST], count[LIST_MOVED], count[LIST_CHANGED], count[LIST_UNCHANGED], count[LIST_REFUSED],
           count[LIST_DOUBTFUL]);
    if (vanished != NULL)
        printf("в этих организациях работает людей %" PRIu64 ", нет в списке людей %" PRIu64 ", должностей %u\n",
               vanished->people, vanished->gone, vanished->n);
}

static int plan_code(const struct plan *plan)
{
    uint64_t bad = plan->count[LIST_REFUSED] + plan->count[LIST_DOUBTFUL];
    return bad == 0 ? CLI_OK : bad < plan->n ? CLI_PARTLY : CLI_FAILED;
}

/* ── the answers of a person about who is missing ─────────────────────────── */

/* A table without names, to be filled in: post, organisation, title, since; the last day is the answer. */
static const char *const POST[] = { "Запись", "post", NULL };
static const char *const UNTIL[] = { "Последний день", "until", NULL };
static const struct csv_column ANSWER_COLUMN[] = { { "post", POST, true }, { "until", UNTIL, true } };

static int answers_write(const char *path, const struct vanished *vanished)
{
    FILE *file = fopen(path, "wx");
    char id[UUID_TEXT + 1], from[DAY_TEXT + 1];

    if (file == NULL)
        return cli_say(CLI_FAILED, "%s: %s", path, strerror(errno));
    fprintf(file, "Запись;Организация;Должность;Работает с;Последний день\n");
    for (uint32_t i = 0; i < vanished->n; i++) {
        uuid_format(&vanished->at[i].post, id);
        day_format(vanished->at[i].from, from);
        fprintf(file, "%s;%s;\"%s\";%s;\n", id, vanished->at[i].organisation, vanished->at[i].title, from);
    }
    bool bad = ferror(file) != 0;
    bad |= fclose(file) != 0;
    return bad ? cli_say(CLI_FAILED, "%s: не записан", path) : CLI_OK;
}

static const struct vanished_post *missing(const struct vanished *vanished, const struct uuid *post)
{
    for (uint32_t i = 0; i < vanished->n; i++)
        if (uuid_equal(&vanished->at[i].post, post))
            return &vanished->at[i];
    return NULL;
}

static void close_send(struct pipe *pipe, uint32_t line, const struct uuid *post, day_t until)
{
    struct post_close close = { *post, until };
    struct bytes body = msg_encode_in(&pipe->arena, &post_close_desc, &close);

    pipe->salt = body;
    pipe_send(pipe, line, body);
}

static void answers_send(struct sheet *sheet, struct pipe *pipe, const struct vanished *vanished)
{
    struct csv_row row;
    struct post_close close;

    while (sheet_next(sheet, &row)) {
        const char *post = sheet_cell(sheet, &row, 0), *until = sheet_cell(sheet, &row, 1);
        if (until[0] == '\0')
            continue;                                       /* stays */
        if (!uuid_parse(&close.post, post, strlen(post)))
            pipe_refuse(pipe, row.line, PROBLEM_INVALID, "message", "post", "type", 0);
        else if (!day_parse(&close.until, until, strlen(until)))
            pipe_refuse(pipe, row.line, PROBLEM_INVALID, "message", "until", "type", 0);
        else if (missing(vanished, &close.post) == NULL)
            pipe_refuse(pipe, row.line, PROBLEM_CONFLICT, "ground_moved", NULL, NULL, 0);
        else
            close_send(pipe, row.line, &close.post, close.until);
    }
}

static int answers_enter(struct cli *cli, const char *path, const struct vanished *vanished, uint64_t *refused)
{
    struct sheet sheet;
    struct pipe pipe;
    int code = sheet_open(cli, &sheet, path, ANSWER_COLUMN, sizeof ANSWER_COLUMN / sizeof *ANSWER_COLUMN);

    if (code == CLI_OK && (code = pipe_open(&pipe, cli, "roster.post.close", &sheet.hash, "Окончания", sheet.list.rows)) == CLI_OK) {
        answers_send(&sheet, &pipe, vanished);
        code = pipe_close(&pipe);
        sheet_say_refused(cli, &sheet, &pipe);
        *refused += pipe.refused.n;
        pipe_free(&pipe);
    }
    sheet_close(&sheet);
    return code;
}

static int all_dismissed(struct plan *plan, const struct vanished *vanished, day_t until, uint64_t *refused)
{
    struct pipe pipe;
    int code = pipe_open(&pipe, plan->cli, "roster.post.close", &plan->sheet.hash, "Окончания", vanished->n);

    if (code != CLI_OK)
        return code;
    for (uint32_t i = 0; i < vanished->n; i++)
        close_send(&pipe, i + 1, &vanished->at[i].post, until);
    code = pipe_close(&pipe);
    for (uint32_t i = 0; i < pipe.refused.n; i++) {
        struct problem problem;
        struct msg_error error;
        char id[UUID_TEXT + 1];
        uuid_format(&vanished->at[pipe.refused.at[i].line - 1].post, id);
        if (msg_decode(&problem_desc, pipe.refused.at[i].problem, MSG_LENIENT, &pipe.arena, &problem, &error) == ERR_OK)
            printf("запись %s: %s\n", id, catalogue_reason(cli_catalogue(plan->cli), &pipe.arena, &problem));
    }
    *refused += pipe.refused.n;
    pipe_free(&pipe);
    return code;
}

/* ── entering ─────────────────────────────────────────────────────────────── */

static void rows_enter(struct plan *plan, struct pipe *pipe)
{
    struct worker_record record;

    for (uint32_t k = 0; k < plan->n && pipe->err == ERR_OK; k++) {
        const struct planned *row = &plan->row[plan->order[k]];
        if (row->outcome == LIST_UNCHANGED || row->outcome == LIST_REFUSED || row->outcome == LIST_DOUBTFUL ||
            !plan_row(plan, plan->order[k], &record))
            continue;
        record.ground = pipe->salt = bytes(row->ground, sizeof row->ground);
        pipe_message(pipe, row->line, &record);
    }
}

static int plan_enter(struct plan *plan, uint64_t *refused)
{
    struct pipe pipe;
    uint64_t total = plan->n - plan->count[LIST_UNCHANGED] - plan->count[LIST_REFUSED] - plan->count[LIST_DOUBTFUL];
    int code = pipe_open(&pipe, plan->cli, "roster.worker.record", &plan->sheet.hash, "Работники", total);

    if (code != CLI_OK)
        return code;
    rows_enter(plan, &pipe);
    code = pipe_close(&pipe);
    sheet_say_refused(plan->cli, &plan->sheet, &pipe);
    *refused += pipe.refused.n;
    pipe_free(&pipe);
    return code;
}

/* ── the whole ────────────────────────────────────────────────────────────── */

static bool percent_of(const struct plan *plan, const struct import_how *how, uint64_t *percent)
{
    char *end = NULL;

    *percent = plan->vanish_percent;
    if (how->share == NULL)
        return true;
    errno = 0;
    *percent = strtoul(how->share, &end, 10);
    return errno == 0 && end != how->share && *end == '\0' && how->share[0] != '-' && *percent <= 100;
}

/* Shows the plan. CLI_OK: it may be entered. */
static int plan_show(struct plan *plan, const struct import_how *how, const struct vanished *vanished, bool details)
{
    struct cli *cli = plan->cli;
    uint64_t percent;
    int code = CLI_OK;

    if (details)
        say_details(cli, plan);
    sheet_say_refused(cli, &plan->sheet, &plan->pipe);
    plan_say_heads(plan);
    if (how->full)
        code = vanished_say(cli, vanished);
    say_counts(cli, plan, how->full ? vanished : NULL);
    if (code == CLI_OK && how->vanished != NULL)
        code = answers_write(how->vanished, vanished);
    if (code != CLI_OK || !how->full)
        return code;
    if (!percent_of(plan, how, &percent))
        return cli_usage("roster", "--share %s: не доля от 0 до 100", how->share);
    if (vanished_too_many(vanished, percent))
        return cli_say(CLI_FAILED, "%s: в списке нет %" PRIu64 " из %" PRIu64 " работающих, это больше %" PRIu64
                       " %%: ничего не внесено. Если список полон, повторите с --share и долей, которая может исчезнуть",
                       plan->sheet.path, vanished->gone, vanished->people, percent);
    return CLI_OK;
}

static int plan_commit(struct plan *plan, const struct import_how *how, const struct vanished *vanished, day_t dismiss)
{
    uint64_t refused = 0;
    int code = plan_enter(plan, &refused);

    if (code == CLI_OK && dismiss != 0)
        code = all_dismissed(plan, vanished, dismiss, &refused);
    if (code == CLI_OK && how->answers != NULL)
        code = answers_enter(plan->cli, how->answers, vanished, &refused);
    if (code != CLI_OK)
        return code;
    if (refused > 0)
        fprintf(stderr, "при внесении не принято %" PRIu64 "\n", refused);
    return refused > 0 && plan_code(plan) == CLI_OK ? CLI_PARTLY : plan_code(plan);
}

int roster_reconcile(struct cli *cli, const char *path, const struct import_how *how)
{
    struct vanished vanished = { 0 };
    struct plan plan;
    day_t dismiss = 0;

    if (how->dismiss != NULL && !day_parse(&dismiss, how->dismiss, strlen(how->dismiss)))
        return cli_usage("roster import", "--dismiss %s: не день (2024-08-31)", how->dismiss);
    int code = plan_open(&plan, cli, path, how->map);
    if (code == CLI_OK && how->full)
        code = vanished_find(&plan, &vanished);
    if (code == CLI_OK)
        code = plan_show(&plan, how, &vanished, false);
    if (code == CLI_OK)
        code = plan_commit(&plan, how, &vanished, dismiss);
    vanished_free(&vanished);
    plan_close(&plan);
    return code;
}

int verb_roster_check(struct cli *cli, int argc, char **argv)
{
    struct vanished vanished = { 0 };
    struct import_how how;
    struct plan plan;
    const char *path;

    if (!import_options("roster check", argc, argv, &path, &how))
        return CLI_USAGE;
    if (how.dismiss != NULL || how.answers != NULL)
        return cli_usage("roster check", "--dismiss и --answers — для roster import: сверка ничего не вносит");
    int code = cli_config(cli);
    if (code != CLI_OK)
        return code;
    code = plan_open(&plan, cli, path, how.map);
    if (code == CLI_OK && how.full)
        code = vanished_find(&plan, &vanished);
    if (code == CLI_OK && (code = plan_show(&plan, &how, &vanished, true)) == CLI_OK)
        code = plan_code(&plan);
    vanished_free(&vanished);
    plan_close(&plan);
    return code;
}

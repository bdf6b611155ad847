#include "cli/lists/roster_check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cli/refer/args.h"
#include "cli/lists/doubt.h"
#include "cli/lists/job.h"
#include "cli/refer/refer.h"
#include "cli/lists/staff_list.h"
#include "cli/lists/staff_vanished.h"
#include "common/codec/text_forms.h"
#include "common/core/err.h"
#include "common/core/log.h"

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
        else if (strcmp(argv[i], "--keep") == 0)
            how->keep = true;
        else if (option(argc, argv, &i, "--share", &how->share) || option(argc, argv, &i, "--dismiss", &how->dismiss) ||
                 option(argc, argv, &i, "--answers", &how->answers) || option(argc, argv, &i, "--vanished", &how->vanished) ||
                 option(argc, argv, &i, "--map", &how->map) || option(argc, argv, &i, "--job", &how->job))
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
    day_t day;
    if (how->dismiss != NULL && !args_day(how->dismiss, &day))
        return cli_usage(verb, "--dismiss %s: не день (31.08.2024)", how->dismiss) == CLI_OK;
    return true;
}

/* ── what is shown ────────────────────────────────────────────────────────── */

/* A field as lists name its column. */
static const char *field_title(const char *field)
{
    for (size_t i = 0; i < STAFF_COLUMN_COUNT; i++)
        if (strcmp(STAFF_COLUMN[i].field, field) == 0)
            return STAFF_COLUMN[i].titles[0];
    return field;
}

static const char *value_text(struct cli *cli, const char *value)
{
    day_t day;
    return value == NULL ? "" : day_parse(&day, value, strlen(value)) ? cli_day(cli, day) : value;
}

static void say_change(struct cli *cli, const struct list_change *change)
{
    printf("%s", field_title(change->field));
    if (change->from != NULL || change->to != NULL)
        printf(": «%s» → «%s»", value_text(cli, change->from), value_text(cli, change->to));
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
        say_change(plan->cli, &listed->changes.at[i]);
    }
    for (uint32_t i = 0; i < listed->ends.n; i++) {
        printf("%sпрежняя основная должность закончится %s", listed->changes.n + i == 0 ? ": " : "; ",
               cli_day(plan->cli, listed->ends.at[i].until));
    }
    for (uint32_t i = 0; i < listed->candidates.n; i++) {
        uuid_format(&listed->candidates.at[i].person, text);
        printf("%sможет быть %s (%" PRIu64 " из 100)", i == 0 ? ": " : "; ", text, listed->candidates.at[i].score);
    }
    if (listed->more)
        printf("%sпохожих больше, чем показано", listed->candidates.n == 0 ? ": " : "; ");
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

/* A table without names, to be filled in: post, organisation, title, since. The last day is the answer, and the code of the
 * organisation to which he was moved, where his post goes on from the day after. */
static const char *const POST[] = { "Запись", "post", NULL };
static const char *const UNTIL[] = { "Последний день", "until", NULL };
static const char *const MOVED[] = { "Переведён в", "Переведен в", "organisation", NULL };
static const struct csv_column ANSWER_COLUMN[] = { { "post", POST, true }, { "until", UNTIL, true }, { "organisation", MOVED, false } };

static int answers_write(const char *path, const struct vanished *vanished)
{
    FILE *file = fopen(path, "wx");
    char id[UUID_TEXT + 1], from[DAY_TEXT + 1];

    if (file == NULL)
        return cli_say(CLI_FAILED, "%s: %s", path, strerror(errno));
    fprintf(file, "Запись;Организация;Должность;Работает с;Последний день;Переведён в\n");
    for (uint32_t i = 0; i < vanished->n; i++) {
        uuid_format(&vanished->at[i].post, id);
        day_format_ru(vanished->at[i].from, from);
        fprintf(file, "%s;%s;\"%s\";%s;;\n", id, vanished->at[i].organisation, vanished->at[i].title, from);
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

/* ── what is to be done ───────────────────────────────────────────────────── */

struct steps { struct job_step *at; uint32_t n, room; uint64_t bad; };

static struct job_step *step_add(struct steps *steps, struct job_step step)
{
    if (steps->n == steps->room) {
        steps->room = steps->room == 0 ? 1024 : steps->room * 2;
        steps->at = realloc(steps->at, steps->room * sizeof *steps->at);
        if (steps->at == NULL)
            log_die("staff list", "out of memory");
    }
    steps->at[steps->n] = step;
    return &steps->at[steps->n++];
}

static void end_add(struct steps *steps, uint32_t line, const struct uuid *post, day_t until)
{
    struct job_step *step = step_add(steps, (struct job_step){ .kind = JOB_END, .line = line, .at = until });
    memcpy(step->of, post->b, sizeof post->b);
}

static void move_add(struct steps *steps, uint32_t line, const struct uuid *post, const struct uuid *to, day_t last)
{
    struct job_step *step = step_add(steps, (struct job_step){ .kind = JOB_MOVE, .line = line, .at = last + 1 });
    memcpy(step->of, post->b, sizeof post->b);
    memcpy(step->of + sizeof post->b, to->b, sizeof to->b);
}

static void rows_add(struct plan *plan, struct steps *steps)
{
    for (uint32_t k = 0; k < plan->n; k++) {
        const struct planned *row = &plan->row[plan->order[k]];
        if (row->outcome == LIST_UNCHANGED || row->outcome == LIST_REFUSED || row->outcome == LIST_DOUBTFUL)
            continue;
        struct job_step *step = step_add(steps, (struct job_step){ .kind = JOB_ROW, .at = row->at, .next_line = row->next_line,
                                                                   .line = row->line });
        memcpy(step->of, row->ground, sizeof row->ground);
    }
}

static int answers_add(struct sheet *sheet, struct pipe *said, const struct vanished *vanished, struct steps *steps)
{
    struct csv_row row;
    struct uuid post, to;
    day_t last;
    int code;

    while (sheet_next(sheet, &row)) {
        const char *id = sheet_cell(sheet, &row, 0), *until = sheet_cell(sheet, &row, 1), *moved = sheet_cell(sheet, &row, 2);
        if (until[0] == '\0' && moved[0] == '\0')
            continue;                                       /* stays */
        if (!uuid_parse(&post, id, strlen(id)))
            pipe_refuse(said, row.line, PROBLEM_INVALID, "message", "post", "type", 0);
        else if (!args_day(until, &last))
            pipe_refuse(said, row.line, PROBLEM_INVALID, "message", "until", "type", 0);
        else if (missing(vanished, &post) == NULL)
            pipe_refuse(said, row.line, PROBLEM_CONFLICT, "ground_moved", NULL, NULL, 0);
        else if (moved[0] == '\0')
            end_add(steps, row.line, &post, last);
        else if ((code = refer_organisation(said->cli, moved, &to)) != CLI_OK)
            return code;
        else
            move_add(steps, row.line, &post, &to, last);
    }
    return CLI_OK;
}

static int answers_read(struct cli *cli, const char *path, const struct vanished *vanished, struct steps *steps)
{
    struct sheet sheet;
    struct pipe said = { .cli = cli };                      /* for what it says alone */
    int code = sheet_open(cli, &sheet, path, ANSWER_COLUMN, sizeof ANSWER_COLUMN / sizeof *ANSWER_COLUMN);

    if (code == CLI_OK) {
        code = answers_add(&sheet, &said, vanished, steps);
        sheet_say_refused(cli, &sheet, &said);
        steps->bad += said.refused.n;
    }
    pipe_free(&said);
    sheet_close(&sheet);
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
    if (details && !cli->json && !plan->sheet.list.bundle && list_title(&plan->sheet.list, "teaching_since")[0] == '\0')
        fprintf(stderr, "в списке нет столбца «%s»: новых людей без него нельзя отнести к первым годам работы\n",
                field_title("teaching_since"));
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

/* What only a person can tell waits for one, before the rest is entered. More than may wait is no reason not to enter it. */
static int plan_doubts(struct plan *plan)
{
    uint64_t waiting;

    if (plan->count[LIST_DOUBTFUL] == 0)
        return CLI_OK;
    int code = doubts_raise(plan, NULL, &waiting);
    if (code == CLI_OK || code == CLI_PARTLY)
        fprintf(stderr, "сомнительных строк %" PRIu64 ", ждут решения %" PRIu64 ": rsnms doubt list; потом внесите список ещё раз\n",
                plan->count[LIST_DOUBTFUL], waiting);
    return code == CLI_PARTLY ? CLI_OK : code;
}

/* What was shown becomes a job beside the list. */
static int plan_job(struct plan *plan, const struct import_how *how, const struct vanished *vanished, struct job *job)
{
    struct steps steps = { .bad = plan->count[LIST_REFUSED] + plan->count[LIST_DOUBTFUL] };
    day_t dismiss = 0;
    int code = CLI_OK;

    if (how->dismiss != NULL)
        args_day(how->dismiss, &dismiss);       /* import_options() has looked at it */
    rows_add(plan, &steps);
    for (uint32_t i = 0; dismiss != 0 && i < vanished->n; i++)
        end_add(&steps, i + 1, &vanished->at[i].post, dismiss);
    if (how->answers != NULL)
        code = answers_read(plan->cli, how->answers, vanished, &steps);
    if (code == CLI_OK)
        code = job_make(job, job_path(plan->cli, &plan->sheet, how->job), &plan->sheet, steps.at, steps.n, plan->n, steps.bad);
    free(steps.at);
    return code;
}

static int job_commit(struct cli *cli, struct job *job, struct sheet *sheet)
{
    uint64_t refused;
    int code = job_run(cli, job, sheet, &refused);

    if (code != CLI_OK) {
        job_close(job, false);
        return cli_say(code, "%s: внесение прервано; та же команда продолжит с этого места", job->path);
    }
    if (refused > 0)
        fprintf(stderr, "при внесении не принято %" PRIu64 "\n", refused);
    code = job_code(job, refused);
    job_close(job, true);
    return code;
}

/* A bundle says itself whether it is all of it. */
static int bundle_how(const struct sheet *sheet, struct import_how *how)
{
    const struct list *list = &sheet->list;

    if (!list->bundle)
        return CLI_OK;
    if (list->no_role > 0)
        fprintf(stderr, "%s: пользователей без роли %" PRIu64 ", они пропущены\n", sheet->path, list->no_role);
    if (how->full && list->delta)
        return cli_say(CLI_FAILED, "%s: пакет частичный (delta): с --full его сверить нельзя", sheet->path);
    how->full |= !list->delta && !how->delta;
    return CLI_OK;
}

static int plan_make(struct cli *cli, const char *path, struct import_how *how, struct plan *plan, struct vanished *vanished,
                     bool details)
{
    int code = plan_open(plan, cli, path, how->map);

    if (code == CLI_OK)
        code = bundle_how(&plan->sheet, how);
    if (code == CLI_OK && how->full)
        code = vanished_find(plan, vanished);
    return code == CLI_OK ? plan_show(plan, how, vanished, details) : code;
}

/* Begun before, or kept by a check: nothing is decided anew. */
static int job_again(struct cli *cli, const char *path, const struct import_how *how, const char *at)
{
    struct sheet sheet;
    struct job job = { .fd = -1 };
    int code = sheet_open_mapped(cli, &sheet, path, STAFF_COLUMN, STAFF_COLUMN_COUNT, how->map);

    if (code == CLI_OK && (code = job_open(&job, at, &sheet)) == CLI_OK)
        code = job_commit(cli, &job, &sheet);
    else
        job_close(&job, false);
    sheet_close(&sheet);
    return code;
}

bool roster_begun(struct cli *cli, const char *path, const struct import_how *how, const char **at)
{
    const struct sheet sheet = { .path = path };
    *at = job_path(cli, &sheet, how->job);
    return job_there(*at);
}

int roster_reconcile(struct cli *cli, const char *path, struct import_how *how)
{
    struct vanished vanished = { 0 };
    struct plan plan;
    struct job job = { .fd = -1 };
    const char *at;

    if (roster_begun(cli, path, how, &at))
        return job_again(cli, path, how, at);
    int code = plan_make(cli, path, how, &plan, &vanished, false);
    if (code == CLI_OK)
        code = plan_doubts(&plan);
    if (code == CLI_OK && (code = plan_job(&plan, how, &vanished, &job)) == CLI_OK)
        code = job_commit(cli, &job, &plan.sheet);
    else
        job_close(&job, false);
    vanished_free(&vanished);
    plan_close(&plan);
    return code;
}

int verb_roster_check(struct cli *cli, int argc, char **argv)
{
    struct vanished vanished = { 0 };
    struct import_how how;
    struct plan plan;
    struct job job = { .fd = -1 };
    const char *path, *at;

    if (!import_options("roster check", argc, argv, &path, &how))
        return CLI_USAGE;
    if (!how.keep && (how.dismiss != NULL || how.answers != NULL || how.job != NULL))
        return cli_usage("roster check", "--dismiss, --answers и --job — для roster import или вместе с --keep: сверка ничего не вносит");
    int code = cli_config(cli);
    if (code != CLI_OK)
        return code;
    if (how.keep && roster_begun(cli, path, &how, &at))
        return cli_say(CLI_FAILED, "%s: это внесение уже начато: закончите его (rsnms roster import) или удалите задание", at);
    code = plan_make(cli, path, &how, &plan, &vanished, true);
    if (code == CLI_OK && how.keep && (code = plan_job(&plan, &how, &vanished, &job)) == CLI_OK)
        fprintf(stderr, "%s: показанное сохранено; внести его: rsnms roster import %s\n", job.path, path);
    if (code == CLI_OK)
        code = plan_code(&plan);
    job_close(&job, false);
    vanished_free(&vanished);
    plan_close(&plan);
    return code;
}

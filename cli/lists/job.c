#include "cli/lists/job.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/core/log.h"
#include "proto/roster_tree.h"

#define JOB_MAGIC "rsnms job 1\n"

enum job_done { JOB_OPEN, JOB_TAKEN, JOB_REFUSED };
struct job_head {
    char magic[16];
    uint8_t list[HASH_SIZE];
    int64_t id_ms;                      /* of the commands' ids */
    uint64_t rows, bad;
    uint32_t n, unused;
    uint8_t sum[HASH_SIZE];             /* of all before it, and of the steps */
};
_Static_assert(sizeof(struct job_head) % 8 == 0 && sizeof(struct job_step) == 56, "a file has no holes");

static size_t size_of(uint32_t n)
{
    return sizeof(struct job_head) + (size_t)n * (sizeof(struct job_step) + 1);
}

/* The list's bytes and the titles as they were taken: another map makes another list of it. */
static struct hash list_hash(const struct sheet *sheet)
{
    struct hash_state state;

    hash_start(&state, NULL);
    hash_more(&state, sheet->hash.b, sizeof sheet->hash.b);
    for (uint32_t k = 0; k < sheet->list.header.n; k++)
        hash_more(&state, sheet->list.header.cell[k], strlen(sheet->list.header.cell[k]) + 1);
    return hash_end(&state);
}

static struct hash sum_of(const struct job_head *head, const struct job_step *steps)
{
    return hash_two(bytes(head, offsetof(struct job_head, sum)), bytes(steps, head->n * sizeof *steps));
}

const char *job_path(struct cli *cli, const struct sheet *sheet, const char *path)
{
    return path != NULL ? path : arena_format(&cli->arena, "%s" JOB_SUFFIX, sheet->path);
}

bool job_there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* ── the file ─────────────────────────────────────────────────────────────── */

static bool map_in(struct job *job, size_t size)
{
    uint8_t *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, job->fd, 0);

    if (at == MAP_FAILED)
        return false;
    job->size = size;
    job->head = (struct job_head *)(void *)at;
    job->step = (const struct job_step *)(const void *)(at + sizeof *job->head);
    return true;
}

static int said(const char *path, const char *what)
{
    return cli_say(CLI_FAILED, "%s: %s", path, what);
}

static int fill(struct job *job, const struct sheet *sheet, const struct job_step *steps, uint32_t n, uint64_t rows, uint64_t bad)
{
    struct hash list = list_hash(sheet);
    size_t size = size_of(n);
    int err = posix_fallocate(job->fd, 0, (off_t)size);        /* a full disk is met here, not in the middle */

    if (err != 0 || !map_in(job, size))
        return said(job->path, strerror(err != 0 ? err : errno));
    memcpy(job->head->magic, JOB_MAGIC, sizeof JOB_MAGIC);
    memcpy(job->head->list, list.b, sizeof list.b);
    job->head->id_ms = pipe_period();
    job->head->rows = rows;
    job->head->bad = bad;
    job->head->n = n;
    if (n > 0)
        memcpy((void *)(uintptr_t)job->step, steps, n * sizeof *steps);
    struct hash sum = sum_of(job->head, job->step);
    memcpy(job->head->sum, sum.b, sizeof sum.b);
    job->done = (uint8_t *)job->head + size - n;
    return fsync(job->fd) == 0 ? CLI_OK : said(job->path, strerror(errno));
}

int job_make(struct job *job, const char *path, const struct sheet *sheet, const struct job_step *steps, uint32_t n,
             uint64_t rows, uint64_t bad)
{
    char part[4200];
    int code;

    *job = (struct job){ .path = path, .fd = -1 };
    if (n > JOB_STEPS_MAX || (size_t)snprintf(part, sizeof part, "%s.part", path) >= sizeof part)
        return said(path, "слишком много строк");
    unlink(part);                               /* of an attempt that was cut off */
    job->fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (job->fd == -1)
        return cli_say(CLI_FAILED, "%s: %s; задание внесения лежит рядом со списком, другое место называет --job", path, strerror(errno));
    if (flock(job->fd, LOCK_EX | LOCK_NB) != 0)
        code = said(path, strerror(errno));
    else
        code = fill(job, sheet, steps, n, rows, bad);
    FAILPOINT("job_part");
    if (code == CLI_OK && rename(part, path) != 0)
        code = said(path, strerror(errno));
    if (code != CLI_OK)
        unlink(part);
    FAILPOINT("job_made");
    return code;
}

/* What is not whole, or not of this list, is said and touched by nobody. */
static const char *look_through(struct job *job, const struct sheet *sheet, size_t size)
{
    const struct job_head *head = job->head;
    struct hash list = list_hash(sheet);

    if (memcmp(head->magic, JOB_MAGIC, sizeof JOB_MAGIC) != 0 || head->n > JOB_STEPS_MAX || size != size_of(head->n))
        return "это не задание внесения, или оно повреждено: удалите его и начните внесение заново";
    struct hash sum = sum_of(head, job->step);
    if (memcmp(head->sum, sum.b, sizeof sum.b) != 0)
        return "задание внесения повреждено: удалите его и начните внесение заново";
    if (memcmp(head->list, list.b, sizeof list.b) != 0)
        return "это задание начато по другому содержанию списка или других столбцов: верните тот список и повторите, либо удалите задание";
    job->done = (uint8_t *)job->head + size - head->n;
    return NULL;
}

int job_open(struct job *job, const char *path, const struct sheet *sheet)
{
    struct stat st;

    *job = (struct job){ .path = path, .fd = open(path, O_RDWR | O_CLOEXEC) };
    if (job->fd == -1 || fstat(job->fd, &st) != 0)
        return said(path, strerror(errno));
    if (flock(job->fd, LOCK_EX | LOCK_NB) != 0)
        return said(path, "по этому заданию уже работает другой процесс");
    if ((size_t)st.st_size < sizeof *job->head || (size_t)st.st_size > size_of(JOB_STEPS_MAX))
        return said(path, "это не задание внесения, или оно повреждено: удалите его и начните внесение заново");
    if (!map_in(job, (size_t)st.st_size))
        return said(path, strerror(errno));
    const char *wrong = look_through(job, sheet, (size_t)st.st_size);
    return wrong == NULL ? CLI_OK : said(path, wrong);
}

void job_close(struct job *job, bool through)
{
    FAILPOINT("job_through");
    if (through)
        unlink(job->path);
    if (job->head != NULL)
        munmap(job->head, job->size);
    if (job->fd != -1)
        close(job->fd);
    free(job->step_of_line);
    *job = (struct job){ .fd = -1 };
}

/* ── its steps ────────────────────────────────────────────────────────────── */

static uint32_t left_of(const struct job *job, uint32_t kind)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < job->head->n; i++)
        n += job->step[i].kind == kind && job->done[i] != JOB_TAKEN;
    return n;
}

/* An answer to the step of that line of its pipe. */
static void step_settled(void *arg, uint32_t line, bool refused)
{
    struct job *job = arg;

    if (line < job->lines && job->step_of_line[line] > 0)
        job->done[job->step_of_line[line] - 1] = refused ? JOB_REFUSED : JOB_TAKEN;
    FAILPOINT("job_settled");
}

static void step_begin(struct job *job, struct pipe *pipe, uint32_t i, uint32_t line)
{
    job->step_of_line[line] = i + 1;
    if (SABOTAGE("job_noted_early"))
        job->done[i] = JOB_TAKEN;
    FAILPOINT("job_begun");
    pipe->salt = SABOTAGE("job_other_ids") ? bytes(&pipe->began, sizeof pipe->began) : bytes(job->step[i].of, sizeof job->step[i].of);
}

static void row_send(struct job *job, struct pipe *pipe, struct sheet *sheet, uint32_t i, struct buf *body)
{
    const struct job_step *step = &job->step[i];
    struct worker_record record;
    struct msg_error error;
    struct csv_row row;

    buf_clear(body);
    list_seek(&sheet->list, step->at, step->next_line);
    if (!list_next(&sheet->list, &row))
        return;                                 /* the list is the one of the job: it is there */
    list_message(&sheet->list, &worker_record_desc, &row, body);
    if (msg_decode(&worker_record_desc, buf_bytes(body), MSG_STRICT, &sheet->list.row_arena, &record, &error) != ERR_OK)
        return;
    step_begin(job, pipe, i, step->line);
    record.ground = bytes(step->of, sizeof step->of);
    pipe_message(pipe, step->line, &record);
    FAILPOINT("job_sent");
}

static void end_send(struct job *job, struct pipe *pipe, uint32_t i)
{
    struct post_close close = { .until = (day_t)job->step[i].at };

    memcpy(close.post.b, job->step[i].of, sizeof close.post.b);
    step_begin(job, pipe, i, job->step[i].line);
    pipe_message(pipe, job->step[i].line, &close);
    FAILPOINT("job_sent");
}

static void move_send(struct job *job, struct pipe *pipe, uint32_t i)
{
    struct post_transfer move = { .day = (day_t)job->step[i].at };

    memcpy(move.post.b, job->step[i].of, sizeof move.post.b);
    memcpy(move.organisation.b, job->step[i].of + sizeof move.post.b, sizeof move.organisation.b);
    step_begin(job, pipe, i, job->step[i].line);
    pipe_message(pipe, job->step[i].line, &move);
    FAILPOINT("job_sent");
}

/* A school reaches itself alone; the other one takes him in with a list of its own. */
#define MOVE_REMEDY "; перевести может тот, кто ведёт обе организации (муниципалитет, ЦНППМ), или оставьте «Переведён в» пустым: " \
                    "должность закончится, а примет его та организация своим списком"

static void ends_say_refused(struct cli *cli, const struct job *job, struct pipe *pipe)
{
    for (uint32_t i = 0; i < pipe->refused.n; i++) {
        struct problem problem;
        struct msg_error error;
        struct uuid post;
        char id[UUID_TEXT + 1];
        memcpy(post.b, job->step[job->step_of_line[pipe->refused.at[i].line] - 1].of, sizeof post.b);
        uuid_format(&post, id);
        bool move = job->step[job->step_of_line[pipe->refused.at[i].line] - 1].kind == JOB_MOVE;
        if (msg_decode(&problem_desc, pipe->refused.at[i].problem, MSG_LENIENT, &pipe->arena, &problem, &error) == ERR_OK)
            printf("запись %s: %s%s\n", id, catalogue_reason(cli_catalogue(cli), &pipe->arena, &problem),
                   move && problem.code == PROBLEM_DENIED ? MOVE_REMEDY : "");
    }
}

static void steps_send(struct job *job, struct pipe *pipe, struct sheet *sheet, uint32_t kind)
{
    struct buf body = { 0 };

    for (uint32_t i = 0; i < job->head->n && pipe->err == ERR_OK; i++) {
        if (job->step[i].kind != kind || job->done[i] == JOB_TAKEN)
            continue;
        if (kind == JOB_ROW)
            row_send(job, pipe, sheet, i, &body);
        else if (kind == JOB_END)
            end_send(job, pipe, i);
        else
            move_send(job, pipe, i);
    }
    buf_free(&body);
}

static const struct { const char *method, *title; } KINDS[] = {
    [JOB_ROW] = { "roster.worker.record", "Работники" }, [JOB_END] = { "roster.post.close", "Окончания" },
    [JOB_MOVE] = { "roster.post.transfer", "Переводы" },
};

/* The steps of one kind through one pipe: ends and moves come after all rows have their answers. */
static int kind_run(struct cli *cli, struct job *job, struct sheet *sheet, uint32_t kind, uint64_t *refused)
{
    struct pipe pipe;
    int code = pipe_open(&pipe, cli, KINDS[kind].method, &sheet->hash, KINDS[kind].title, left_of(job, kind));

    if (code != CLI_OK)
        return code;
    pipe.id_ms = job->head->id_ms;
    pipe.settled = step_settled;
    pipe.arg = job;
    memset(job->step_of_line, 0, job->lines * sizeof *job->step_of_line);
    steps_send(job, &pipe, sheet, kind);
    code = pipe_close(&pipe);
    if (kind == JOB_ROW)
        sheet_say_refused(cli, sheet, &pipe);
    else
        ends_say_refused(cli, job, &pipe);
    *refused += pipe.refused.n;
    pipe_free(&pipe);
    return code;
}

int job_run(struct cli *cli, struct job *job, struct sheet *sheet, uint64_t *refused)
{
    uint32_t left = left_of(job, JOB_ROW), ends = left_of(job, JOB_END), moves = left_of(job, JOB_MOVE), all = left + ends + moves;
    int code = CLI_OK;

    *refused = 0;
    if (all < job->head->n)
        fprintf(stderr, "%s: продолжено, внесено раньше %" PRIu32 " из %" PRIu32 "\n", job->path, job->head->n - all, job->head->n);
    for (uint32_t i = 0; i < job->head->n; i++)
        job->lines = job->step[i].line >= job->lines ? job->step[i].line + 1 : job->lines;
    job->step_of_line = calloc((size_t)job->lines + 1, sizeof *job->step_of_line);
    if (job->step_of_line == NULL)
        log_die("job", "out of memory");
    if (left > 0)
        code = kind_run(cli, job, sheet, JOB_ROW, refused);
    FAILPOINT("job_rows_through");
    if (code == CLI_OK && ends > 0)
        code = kind_run(cli, job, sheet, JOB_END, refused);
    if (code == CLI_OK && moves > 0)
        code = kind_run(cli, job, sheet, JOB_MOVE, refused);
    return code;
}

int job_code(const struct job *job, uint64_t refused)
{
    uint64_t bad = job->head->bad;

    if (bad > 0 && bad >= job->head->rows)
        return CLI_FAILED;
    return bad + refused > 0 ? CLI_PARTLY : CLI_OK;
}

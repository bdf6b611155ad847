#pragma once
#include "cli/lists/sheet.h"

/* job: what a checked list is to do, kept beside it until it is done (LIST.job), so that whatever ends the process the same
 * command goes on where it was, and does what was shown (R9).
 *
 * Holds      for each row to be entered where it is read from and the ground that the check gave for it (a keyed hash),
 *            for each post to be ended or moved its id, day and where to, and whether roster has answered. Nothing of what a row says.
 * Bound      to the bytes of the list and to what its columns were taken for: with another one beside it, it is refused.
 * Killed     a step is noted as answered in the mapped file: no step of it is lost with the process. What was sent
 *            and not noted, or forgotten by a power cut, is sent again under the same command id and answered as then.
 * Refused    steps that roster refused are asked again the next time, and told of.
 * Bounds     JOB_STEPS_MAX. One process at a time works at a job. */
#define JOB_STEPS_MAX 4000000u
#define JOB_SUFFIX    ".job"

enum job_kind { JOB_ROW, JOB_END, JOB_MOVE };
struct job_step {
    uint64_t at;                        /* of a row: list_seek(); of an end: its last day; of a move: its first day elsewhere */
    uint32_t next_line, line, kind, unused;
    uint8_t of[HASH_SIZE];              /* ground; the post's id; of a move also the organisation's */
};
struct job_head;
struct job {
    const char *path;
    int fd;                             /* −1: not open */
    struct job_head *head;              /* mapped */
    const struct job_step *step;
    uint8_t *done;                      /* enum job_done of each step */
    size_t size;
    uint32_t *step_of_line, lines;      /* of the rows under way */
};
/* path: NULL: beside the list. */
const char *job_path(struct cli *cli, const struct sheet *sheet, const char *path);
bool job_there(const char *path);
/* rows, bad: what was planned, and of it not taken from the start: for the exit code. */
int  job_make(struct job *job, const char *path, const struct sheet *sheet, const struct job_step *steps, uint32_t n,
              uint64_t rows, uint64_t bad);
/* One that lies there already, of this list. */
int  job_open(struct job *job, const char *path, const struct sheet *sheet);
/* All that is left of it. CLI_OK: it is through, `refused` steps were not taken; they have been told of. */
int  job_run(struct cli *cli, struct job *job, struct sheet *sheet, uint64_t *refused);
int  job_code(const struct job *job, uint64_t refused);     /* CLI_PARTLY where not all was taken */
void job_close(struct job *job, bool through);              /* through: its file goes */

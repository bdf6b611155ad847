/* daemon_letters: requests that came on a stick. An envelope is opened by the I/O thread with the live keys of its
 * sender, runs as his request, and its answer is sealed for him; the carrier's connection brings it back. */
#include <stdlib.h>

#include "common/service/daemon_parts.h"

/* ── keys ─────────────────────────────────────────────────────────────────── */

/* What our key and that of a row of the table have in common; worked out once a row and table. */
static const struct letter_key *row_key(struct daemon *d, uint32_t i)
{
    struct row_letter *row = &d->row_letter[i];

    if (row->state == 0)
        row->state = letter_key(&row->key, principals_at(d->principals, i)->public_key, d->key.secret_key) == ERR_OK ? 1 : -1;
    return row->state > 0 ? &row->key : NULL;
}

void letters_forget(struct daemon *d)
{
    if (d->row_letter != NULL)
        explicit_bzero(d->row_letter, d->row_letters * sizeof *d->row_letter);
    free(d->row_letter);
    d->row_letter = NULL;
    d->row_letters = 0;
}

void letters_take(struct daemon *d, uint32_t n)
{
    letters_forget(d);
    d->row_letter = calloc(n > 0 ? n : 1, sizeof *d->row_letter);
    if (d->row_letter == NULL)
        log_die("daemon", "out of memory");
    d->row_letters = n;
}

/* ── in ───────────────────────────────────────────────────────────────────── */

/* By the newest of the sender's keys that fits. One answer for all that does not: nobody learns who is known here. */
const struct principal_key *letter_read(struct daemon *d, struct bytes body, struct letter *letter,
                                        const struct letter_key **key, struct msg_error *error)
{
    struct letter_deliver deliver;

    *key = NULL;
    error->rule = NULL;
    if (msg_decode(&letter_deliver_desc, body, MSG_STRICT, &d->scratch, &deliver, error) != ERR_OK)
        return NULL;
    error->rule = NULL;
    const struct envelope sealed = { deliver.nonce, deliver.box };
    for (uint32_t i = principals_count(d->principals); i-- > 0;) {
        const struct principal_key *row = principals_at(d->principals, i);
        if ((row->revoked && !SABOTAGE("letter_revoked")) || !uuid_equal(&row->id, &deliver.principal))
            continue;
        *key = row_key(d, i);
        if (*key != NULL && letter_open(*key, &sealed, &d->scratch, letter) == ERR_OK)
            return row;
    }
    return NULL;
}

void letter_header(const struct letter *letter, const struct wire_header *outer, struct wire_header *header)
{
    *header = (struct wire_header){
        .version = WIRE_VERSION, .kind = WIRE_REQUEST, .id = outer->id, .deadline_ms = outer->deadline_ms,
        .method = letter->method, .command = letter->command, .lane = letter->lane, .previous = letter->previous,
        .actor = letter->actor, .made_at = letter->made_at, .after = { letter->after.n, letter->after.at },
    };
}

struct job_letter *job_letter_new(const struct letter_key *key, const struct uuid *command)
{
    struct job_letter *letter = malloc(sizeof *letter);

    if (letter == NULL)
        log_die("daemon", "out of memory");
    *letter = (struct job_letter){ *key, *command };
    return letter;
}

void job_letter_free(struct job_letter *letter)
{
    if (letter != NULL)
        letter_key_wipe(&letter->key);
    free(letter);
}

/* ── and back ─────────────────────────────────────────────────────────────── */

/* Not decided: the carrier hears it as of a request of his own, and his client asks again. */
static bool not_decided(int code)
{
    return code == PROBLEM_BUSY || code == PROBLEM_UNAVAILABLE || code == PROBLEM_DEADLINE || code == PROBLEM_INTERNAL;
}

static const char *reason_of(struct arena *arena, struct bytes body)
{
    struct problem *problem = ARENA_NEW(arena, struct problem);
    struct msg_error error;

    return msg_decode(&problem_desc, body, MSG_LENIENT, arena, problem, &error) == ERR_OK ? problem->reason : NULL;
}

void letter_answer_of(struct job *job)
{
    struct arena arena = { 0 };
    struct wire_header header = { 0 };
    struct msg_error error;
    struct envelope sealed;
    struct bytes body = wire_frame_bytes(&job->answer.body);

    if (not_decided(job->code))
        return;
    wire_header_read(wire_frame_bytes(&job->answer.header), &arena, &header, &error);
    const struct letter_answer answer = {
        .command = job->letter->command, .outcome = job->code < 0 ? LETTER_REPLY : LETTER_PROBLEM, .body = body,
        .position = header.position,
    };
    struct letter_delivered delivered = { .outcome = answer.outcome };
    if (job->code >= 0) {
        delivered.code = job->code;
        delivered.reason = reason_of(&arena, body);
    }
    if (letter_answer_seal(&job->letter->key, &answer, &arena, &sealed) != ERR_OK)
        answer_problem(job, PROBLEM_TOO_LARGE, "reply_too_large", 0);
    else {
        int code = job->code;
        delivered.nonce = sealed.nonce;
        delivered.box = sealed.box;
        answer_reply(job, &letter_delivered_desc, &delivered);
        job->code = code;                   /* counted as what it came to */
    }
    arena_free(&arena);
}

/* daemon_admit: one message in. Who sent it is what the ZAP handler said of its connection, looked up in the
 * live table again for each message; what it may is role against method; whether there is room is asked
 * before its body is looked at. */
#include <stdlib.h>

#include "common/core/failpoint.h"
#include "common/service/daemon_parts.h"

/* ── who ──────────────────────────────────────────────────────────────────── */

static struct account *account_of(struct daemon *d, const struct principal_key *row)
{
    struct account *account = d->row_account[row - principals_at(d->principals, 0)];

    return account;
}

const struct principal_key *peer_find(struct daemon *d, struct wire_frame *frame, struct account **account)
{
    const char *key = wire_frame_property(frame, "Key"), *user = wire_frame_property(frame, "User-Id");

    if (key == NULL || user == NULL || strlen(key) != KEY_TEXT)
        return NULL;
    const struct principal_key *row = principals_by_key(d->principals, key);
    if (row == NULL || row->revoked)
        return NULL;
    *account = account_of(d, row);
    return strcmp((*account)->id_text, user) == 0 ? row : NULL;
}

static const struct principal_key *peer_row(struct daemon *d, const struct peer *peer)
{
    const struct principal_key *row = principals_by_key(d->principals, peer->key);

    return row != NULL && !row->revoked && uuid_equal(&row->id, &peer->account->id) ? row : NULL;
}

bool peer_live(struct daemon *d, struct peer *peer)
{
    if (peer->generation == d->generation)
        return true;
    if (peer_row(d, peer) == NULL)
        return false;
    peer->generation = d->generation;
    return true;
}

bool follower_live(struct daemon *d, struct follower *follower)
{
    if (follower->peer.generation == d->generation)
        return true;
    const struct principal_key *row = peer_row(d, &follower->peer);
    if (row == NULL || row->role != follower->role || row->reach.all != follower->reach.all
        || row->reach.n != follower->reach.n
        || memcmp(row->reach.id, follower->reach.id, row->reach.n * sizeof *row->reach.id) != 0)
        return false;
    follower->peer.generation = d->generation;
    return true;
}

struct arrival {
    struct wire_message *message;
    struct wire_header header;
    const struct principal_key *row;
    struct account *account;
};

static void refuse_now(struct daemon *d, const struct arrival *in, enum problem_code code, const char *reason,
                       uint64_t retry_after_ms)
{
    if (code == PROBLEM_DENIED)
        metric_add(&d->totals.refused_role, 1);
    else if (code == PROBLEM_BUSY)
        metric_add(&d->totals.busy, 1);
    send_problem(d, in->message->route, in->header.id, code, reason, retry_after_ms);
}

static void peer_set(struct daemon *d, struct peer *peer, const struct arrival *in)
{
    *peer = (struct peer){ .route = in->message->route, .id = in->header.id, .generation = d->generation,
                           .account = in->account };
    memcpy(peer->key, in->row->public_key, KEY_TEXT);
}

/* ── requests ─────────────────────────────────────────────────────────────── */

static bool has_room(const struct daemon *d, const struct account *account, size_t n)
{
    return SABOTAGE("no_bounds") || (d->requests < LIMIT_REQUESTS && account->requests < LIMIT_REQUESTS_PRINCIPAL
        && d->request_bytes + n <= LIMIT_BYTES && account->bytes + n <= LIMIT_BYTES_PRINCIPAL
        && atomic_load(&account->unread) <= LIMIT_UNREAD_PRINCIPAL);
}

/* NULL: it may. Otherwise why not, with the code. */
static const char *request_refusal(const struct daemon *d, const struct arrival *in, const struct method *method,
                                   enum problem_code *code)
{
    *code = PROBLEM_DENIED;
    if (method == NULL) {
        *code = PROBLEM_INVALID;
        return "unknown_method";
    }
    if (!(method->roles & ROLE(in->row->role)))
        return "role";
    if (!uuid_is_nil(&in->header.actor) && in->row->role != ROLE_CONSOLE)
        return "actor";
    if (method->kind == METHOD_COMMAND && uuid_is_nil(&in->header.command)) {
        *code = PROBLEM_INVALID;
        return "no_command_id";
    }
    if (method->system == SYSTEM_BACKUP && d->backup_runs) {
        *code = PROBLEM_BUSY;
        return "backup_runs";
    }
    return NULL;
}

/* row: whose request it is; the answer goes to where it came from. */
static struct job *request_job(struct daemon *d, struct arrival *in, struct method *method,
                               const struct wire_header *header, const struct principal_key *row)
{
    struct job *job = job_new(JOB_REQUEST);

    peer_set(d, &job->peer, in);
    job->method = method;
    job->who = (struct principal){ .id = row->id, .role = row->role, .reach = row->reach,
                                   .actor = header->actor, .name = account_of(d, row)->name };
    job->command = header->command;
    job->made_at = header->made_at;
    job->lane = header->lane;
    job->previous = header->previous;
    job->arrived = now_us();
    job->deadline = header->deadline_ms > 0 ? job->arrived + (int64_t)header->deadline_ms * MS : 0;
    if (header->after.n > 0) {
        job->after = calloc(header->after.n, sizeof *job->after);
        if (job->after == NULL)
            log_die("daemon", "out of memory");
        memcpy(job->after, header->after.at, header->after.n * sizeof *job->after);
        job->after_count = header->after.n;
    }
    job->counted = wire_frame_bytes(&in->message->body).n;
    return job;
}

static void backup_start(struct daemon *d, struct job *job)
{
    job->daemon = d;
    job->own_thread = true;
    d->backup_runs = pthread_create(&d->backup, NULL, backup_run, job) == 0;
    if (!d->backup_runs) {
        job->own_thread = false;
        answer_problem(job, PROBLEM_BUSY, "no_thread", BUSY_RETRY_MS);
        queue_put_one(&d->to_io, &job->node);
    }
}

/* It goes to whom it is for, and counts until its answer has gone. */
static void request_start(struct daemon *d, struct job *job)
{
    d->requests++;
    d->request_bytes += job->counted;
    job->peer.account->requests++;
    job->peer.account->bytes += job->counted;
    if (job->code >= 0)
        queue_put_one(&d->to_io, &job->node);       /* it has its answer */
    else if (job->method->system == SYSTEM_BACKUP)
        backup_start(d, job);
    else if (job->method->kind == METHOD_COMMAND) {
        atomic_store_explicit(&d->command_at, job->arrived, memory_order_relaxed);
        queue_chain_add(&d->writer_chain, &job->node);
    } else
        queue_chain_add(&d->reader_chain, &job->node);
}

/* What one may ask who is not here. What has nothing to do with the sender's right is the carrier's own mistake. */
static const char *letter_refusal(const struct daemon *d, const struct arrival *inner, const struct method *method,
                                  enum problem_code *code)
{
    const char *reason = request_refusal(d, inner, method, code);

    if (reason == NULL && (method->system == SYSTEM_LETTER || method->system == SYSTEM_BACKUP)) {
        *code = PROBLEM_INVALID;
        reason = "not_by_letter";
    }
    return reason;
}

static void admit_letter(struct daemon *d, struct arrival *in, struct method *carried)
{
    struct arrival inner = *in;
    const struct letter_key *key;
    struct letter letter;
    struct msg_error error;
    enum problem_code code;

    inner.row = letter_read(d, wire_frame_bytes(&in->message->body), &letter, &key, &error);
    if (inner.row == NULL) {
        refuse_now(d, in, error.rule != NULL ? PROBLEM_INVALID : PROBLEM_DENIED,
                   error.rule != NULL ? "malformed" : "letter_unreadable", 0);
        return;
    }
    if (strcmp(letter.service, d->service->name) != 0) {
        refuse_now(d, in, PROBLEM_INVALID, "letter_elsewhere", 0);
        return;
    }
    letter_header(&letter, &in->header, &inner.header);
    struct method *method = methods_find(&d->methods, letter.method);
    const char *reason = letter_refusal(d, &inner, method, &code);
    struct job *job = request_job(d, in, method != NULL ? method : carried, &inner.header, inner.row);
    job->letter = job_letter_new(key, &letter.command);
    wire_frame_copy(&job->body, letter.body.n > 0 ? letter.body : bytes("\x80", 1));
    if (reason != NULL)
        answer_problem(job, code, reason, 0);
    request_start(d, job);
}

static void admit_request(struct daemon *d, struct arrival *in)
{
    struct method *method = methods_find(&d->methods, in->header.method != NULL ? in->header.method : "");
    enum problem_code code;
    const char *reason = request_refusal(d, in, method, &code);
    size_t n = wire_frame_bytes(&in->message->body).n;

    if (reason != NULL) {
        refuse_now(d, in, code, reason, code == PROBLEM_BUSY ? 1000 : 0);
        return;
    }
    if (d->phase != PHASE_SERVE) {
        refuse_now(d, in, PROBLEM_UNAVAILABLE, "stopping", 1000);
        return;
    }
    if (!has_room(d, in->account, n)) {
        refuse_now(d, in, PROBLEM_BUSY, "queue_full", BUSY_RETRY_MS + d->requests / 32);
        return;
    }
    if (method->system == SYSTEM_LETTER) {
        admit_letter(d, in, method);
        return;
    }
    struct job *job = request_job(d, in, method, &in->header, in->row);
    wire_frame_move(&job->body, &in->message->body);
    request_start(d, job);
}

/* ── followers ────────────────────────────────────────────────────────────── */

static uint32_t follower_index(const struct daemon *d, const struct arrival *in)
{
    uint32_t i = 0;

    while (i < d->follower_count && (d->follower[i]->peer.route != in->message->route
                                     || d->follower[i]->peer.id != in->header.id))
        i++;
    return i;
}

void follower_release(struct follower *follower)
{
    if (atomic_fetch_sub(&follower->holders, 1) != 1)
        return;
    arena_free(&follower->arena);
    free(follower);
}

/* The feeder lets go of it when it comes by. */
void follower_end(struct daemon *d, uint32_t i)
{
    struct follower *follower = d->follower[i];

    atomic_store(&follower->over, true);
    follower->peer.account->followers--;
    d->follower[i] = d->follower[--d->follower_count];
    metric_add(&d->totals.followers, (uint64_t)-1);
    follower_release(follower);
    queue_wake(&d->to_feeder);
}

void followers_look(struct daemon *d, int64_t now)
{
    for (uint32_t i = d->follower_count; i-- > 0;)
        if (now - d->follower[i]->heard > LIMIT_FOLLOWER_SILENCE_MS * (int64_t)MS || !follower_live(d, d->follower[i]))
            follower_end(d, i);
}

static struct follower *follower_new(struct daemon *d, const struct arrival *in, struct msg_error *error)
{
    struct follower *follower = calloc(1, sizeof *follower);

    if (follower == NULL)
        log_die("daemon", "out of memory");
    follower->arena.keep = 0;
    if (msg_decode(&follow_desc, wire_frame_bytes(&in->message->body), MSG_STRICT, &follower->arena,
                   &follower->wish, error) != ERR_OK) {
        arena_free(&follower->arena);
        free(follower);
        return NULL;
    }
    peer_set(d, &follower->peer, in);
    follower->holders = 2;                  /* ours and the feeder's */
    follower->daemon = d;
    follower->role = in->row->role;
    follower->reach = in->row->reach;
    follower->credit_entries = (int64_t)follower->wish.entries;
    follower->credit_bytes = (int64_t)follower->wish.bytes;
    follower->cursor = *follower->wish.cursor;
    follower->heard = now_us();
    return follower;
}

static void admit_follow(struct daemon *d, struct arrival *in)
{
    uint32_t old = follower_index(d, in);
    struct msg_error error;

    if (in->header.id == 0 || in->header.method == NULL || strcmp(in->header.method, d->service->name) != 0) {
        refuse_now(d, in, PROBLEM_NOT_FOUND, "no_such_stream", 0);
        return;
    }
    if (!(d->service->follow_roles & ROLE(in->row->role))) {
        refuse_now(d, in, PROBLEM_DENIED, "role", 0);
        return;
    }
    if (old < d->follower_count)            /* the same once more: it begins anew */
        follower_end(d, old);
    if (d->phase != PHASE_SERVE || d->follower_count >= LIMIT_FOLLOWERS
        || in->account->followers >= LIMIT_FOLLOWERS_PRINCIPAL) {
        refuse_now(d, in, PROBLEM_BUSY, "too_many_followers", 1000);
        return;
    }
    struct follower *follower = follower_new(d, in, &error);
    if (follower == NULL) {
        refuse_now(d, in, PROBLEM_INVALID, "bad_follow", 0);
        return;
    }
    d->follower[d->follower_count++] = follower;
    in->account->followers++;
    metric_add(&d->totals.followers, 1);
    if (!queue_put_one(&d->to_feeder, &follower->node)) {
        follower_release(follower);         /* the feeder's share */
        follower_end(d, d->follower_count - 1);
        refuse_now(d, in, PROBLEM_BUSY, "too_many_followers", 1000);
    }
}

static void credit_add(_Atomic int64_t *credit, uint64_t more, int64_t most)
{
    int64_t now = atomic_load(credit);
    int64_t sum;

    do
        sum = now + (int64_t)more > most ? most : now + (int64_t)more;
    while (!atomic_compare_exchange_weak(credit, &now, sum));
}

static void admit_credit(struct daemon *d, struct arrival *in)
{
    uint32_t i = follower_index(d, in);
    struct credit credit;
    struct msg_error error;

    if (i == d->follower_count)
        refuse_now(d, in, PROBLEM_NOT_FOUND, "not_following", 0);
    else if (msg_decode(&credit_desc, wire_frame_bytes(&in->message->body), MSG_LENIENT, &d->scratch, &credit,
                        &error) != ERR_OK)
        metric_add(&d->totals.malformed, 1);
    else if (credit.entries == 0 && credit.bytes == 0)
        follower_end(d, i);
    else {
        d->follower[i]->heard = now_us();
        credit_add(&d->follower[i]->credit_entries, credit.entries, 100000);
        credit_add(&d->follower[i]->credit_bytes, credit.bytes, 64 << 20);
        queue_wake(&d->to_feeder);
    }
}

static void admit_ping(struct daemon *d, struct arrival *in)
{
    uint32_t i = in->header.id != 0 ? follower_index(d, in) : d->follower_count;

    if (i == d->follower_count && in->header.id != 0) {
        refuse_now(d, in, PROBLEM_NOT_FOUND, "not_following", 0);
        return;
    }
    if (i < d->follower_count)
        d->follower[i]->heard = now_us();
    send_bare(d, in->message->route, in->header.id, WIRE_PONG);
}

/* ── any message ──────────────────────────────────────────────────────────── */

void admit(struct daemon *d, struct wire_message *message)
{
    struct arrival in = { .message = message };
    struct msg_error error;
    int err;

    arena_reset(&d->scratch);
    in.row = peer_find(d, &message->header, &in.account);
    err = wire_header_read(wire_frame_bytes(&message->header), &d->scratch, &in.header, &error);
    if (in.row == NULL) {
        metric_add(&d->totals.revoked, 1);
        refuse_now(d, &in, PROBLEM_DENIED, "revoked", 0);
        return;
    }
    if (err != ERR_OK || in.header.version != WIRE_VERSION) {
        metric_add(&d->totals.malformed, 1);
        refuse_now(d, &in, PROBLEM_INVALID, err != ERR_OK ? "bad_header" : "protocol_version", 0);
        return;
    }
    switch (in.header.kind) {
    case WIRE_REQUEST: admit_request(d, &in); break;
    case WIRE_FOLLOW:  admit_follow(d, &in);  break;
    case WIRE_CREDIT:  admit_credit(d, &in);  break;
    case WIRE_PING:    admit_ping(d, &in);    break;
    default:           metric_add(&d->totals.malformed, 1); break;
    }
}

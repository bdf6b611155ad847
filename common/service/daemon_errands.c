/* daemon_errands: the errands of the service, a thread each, with connections of their own to other daemons and the
 * way to the writer. They are the first to end: while they do, the writer still answers what they have submitted. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/core/files.h"
#include "common/service/daemon_parts.h"
#include "common/service/errand_parts.h"

#define WINDOW    512
#define SLICE_MS  50                        /* of a wait: so soon it notices that the daemon ends */

/* One other daemon: what is pipelined, and beside it what is asked and waited for. */
struct line {
    struct line *next;
    const char *service;
    struct client *piped, *asked;
};

struct errand_thread {
    struct daemon *d;
    struct errand errand;
    pthread_t thread;
    int wake;
    struct line *lines;
    pthread_mutex_t lock;                   /* of `left`, and of the commands while the writer has them */
    pthread_cond_t done;
    size_t left;
};

static struct errand_thread *thread_of(const struct errand *errand)
{
    return errand->self;
}

static bool ending(struct errand *errand)
{
    return atomic_load(&thread_of(errand)->d->errands_ended);
}

/* ── to the writer ────────────────────────────────────────────────────────── */

static int submit(struct errand *errand, struct errand_command *list, size_t n)
{
    struct errand_thread *t = thread_of(errand);
    struct queue_chain chain;

    queue_chain_start(&chain);
    for (size_t i = 0; i < n; i++) {
        struct job *job = job_new(JOB_OWN);
        job->errand = errand;
        job->own = &list[i];
        queue_chain_add(&chain, &job->node);
    }
    pthread_mutex_lock(&t->lock);
    t->left = n;
    pthread_mutex_unlock(&t->lock);
    queue_put(&t->d->to_writer, &chain);
    pthread_mutex_lock(&t->lock);
    while (t->left > 0)
        pthread_cond_wait(&t->done, &t->lock);
    pthread_mutex_unlock(&t->lock);
    return errand_first_err(list, n);
}

void errand_input_of(struct job *job, struct input *input)
{
    errand_input(job->errand, job->own, input);
    input->tag = job;
}

/* The errand waits, so its arena and its list are the writer's for the moment. */
void errand_answer(struct job *job, const struct outcome *outcome)
{
    struct errand_thread *t = thread_of(job->errand);

    pthread_mutex_lock(&t->lock);
    errand_outcome(job->errand, job->own, outcome);
    if (--t->left == 0)
        pthread_cond_signal(&t->done);
    pthread_mutex_unlock(&t->lock);
}

/* ── to other daemons ─────────────────────────────────────────────────────── */

static struct line *line_find(struct errand_thread *t, const char *service)
{
    struct line *line = t->lines;

    while (line != NULL && strcmp(line->service, service) != 0)
        line = line->next;
    return line;
}

/* As the table and the configuration say now: the key of a daemon that was set up anew is found the next time. */
static int server_key(struct daemon *d, const struct config_service *config, char key[KEY_TEXT + 1])
{
    struct principals *principals;
    char says[SAYS_MAX];
    int err = principals_load(&principals, d->config.keys, NULL, says);

    if (err != ERR_OK)
        return err;
    const struct principal_key *row = principals_by_name(principals, config->key);
    if (row != NULL)
        snprintf(key, KEY_TEXT + 1, "%s", row->public_key);
    principals_free(&principals);
    return row != NULL ? ERR_OK : ERR_NOTFOUND;
}

static int client_make(struct daemon *d, const char *service, struct client **client)
{
    const struct config_service *config = config_find(&d->config, service);
    struct client_options options = { .key = d->key, .window = WINDOW };
    char endpoint[WIRE_ENDPOINT_MAX + 1];

    if (config == NULL || config_endpoint(&d->config, config, endpoint) != ERR_OK)
        return ERR_NOTFOUND;
    options.endpoint = endpoint;
    int err = server_key(d, config, options.server_key);
    if (err == ERR_OK)
        err = client_open(client, &options);
    key_wipe(&options.key);
    return err;
}

static int line_open(struct errand_thread *t, const char *service, bool asked, struct client **client)
{
    struct line *line = line_find(t, service);

    if (line == NULL) {
        if ((line = calloc(1, sizeof *line)) == NULL)
            log_die("errand", "out of memory");
        const struct config_service *config = config_find(&t->d->config, service);
        if (config == NULL) {
            free(line);
            return ERR_NOTFOUND;
        }
        *line = (struct line){ .next = t->lines, .service = config->name };
        t->lines = line;
    }
    struct client **which = asked ? &line->asked : &line->piped;
    int err = *which == NULL ? client_make(t->d, service, which) : ERR_OK;
    *client = *which;
    return err;
}

static int send_request(struct errand *errand, const char *service, const struct client_request *request, void *tag)
{
    struct client *client;
    int err = line_open(thread_of(errand), service, false, &client);

    return err == ERR_OK ? client_send(client, request, tag) : err;
}

static uint32_t poll_slices(struct errand *errand, struct client *client, int timeout_ms, client_each *each, void *arg)
{
    uint32_t done = 0;

    for (int left = timeout_ms < 0 ? 0 : timeout_ms;; left -= SLICE_MS) {
        done = client_poll(client, left < SLICE_MS ? left : SLICE_MS, each, arg);
        if (done > 0 || left <= SLICE_MS || client_outstanding(client) == 0 || ending(errand))
            return done;
    }
}

static uint32_t poll_answers(struct errand *errand, const char *service, int timeout_ms, client_each *each, void *arg)
{
    struct line *line = line_find(thread_of(errand), service);

    return line != NULL && line->piped != NULL ? poll_slices(errand, line->piped, timeout_ms, each, arg) : 0;
}

static uint32_t outstanding(struct errand *errand, const char *service)
{
    struct line *line = line_find(thread_of(errand), service);

    return line != NULL && line->piped != NULL ? client_outstanding(line->piped) : 0;
}

struct waiting { struct arena *arena; struct client_reply *reply; };

static void keep(void *arg, void *tag, const struct client_reply *reply)
{
    struct waiting *waiting = arg;

    (void)tag;
    client_reply_keep(waiting->arena, reply, waiting->reply);
}

static int call(struct errand *errand, const char *service, const struct client_request *request,
                struct client_reply *reply)
{
    struct waiting waiting = { errand->arena, reply };
    struct errand_thread *t = thread_of(errand);
    struct client *client;
    int err = line_open(t, service, true, &client);

    if (err == ERR_OK)
        err = client_send(client, request, NULL);
    if (err != ERR_OK)
        return err;
    reply->err = ERR_TIMEOUT;
    while (client_outstanding(client) > 0 && !ending(errand))
        poll_slices(errand, client, SLICE_MS, keep, &waiting);
    if (client_outstanding(client) > 0)
        client_close(&line_find(t, service)->asked);
    return reply->err;
}

static void hang_up(struct errand *errand, const char *service)
{
    struct line *line = line_find(thread_of(errand), service);

    if (line == NULL)
        return;
    client_close(&line->piped);
    client_close(&line->asked);
}

static int keys(struct errand *errand, const char *service, struct key_pair *own, char public_key[KEY_TEXT + 1])
{
    struct daemon *d = thread_of(errand)->d;
    const struct config_service *config = config_find(&d->config, service);

    *own = d->key;
    return config != NULL ? server_key(d, config, public_key) : ERR_NOTFOUND;
}

static const struct errand_world WORLD = {
    .submit = submit, .send = send_request, .poll = poll_answers, .outstanding = outstanding, .call = call,
    .hang_up = hang_up, .keys = keys, .ending = ending,
};

/* ── the thread ───────────────────────────────────────────────────────────── */

static void rest(struct errand_thread *t, uint32_t ms)
{
    struct pollfd item = { .fd = t->wake, .events = POLLIN };
    uint64_t woken;

    if (poll(&item, 1, ms > INT32_MAX ? INT32_MAX : (int)ms) > 0) {
        ssize_t n = read(t->wake, &woken, sizeof woken);
        (void)n;
    }
}

static void *errand_run(void *arg)
{
    struct errand_thread *t = arg;

    while (!ending(&t->errand)) {
        uint32_t ms = errand_step(&t->errand, CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self));
        if (!ending(&t->errand))
            rest(t, ms);
    }
    for (struct line *line = t->lines, *next; line != NULL; line = next) {
        next = line->next;
        client_close(&line->piped);
        client_close(&line->asked);
        free(line);
    }
    t->lines = NULL;
    errand_end(&t->errand);
    return NULL;
}

void errands_wake(struct daemon *d)
{
    for (size_t i = 0; i < d->errand_count; i++) {
        ssize_t n = write(d->errand[i].wake, &(uint64_t){ 1 }, sizeof(uint64_t));
        (void)n;                            /* EAGAIN: it is awake already */
    }
}

void errands_stop(struct daemon *d)
{
    atomic_store(&d->errands_ended, true);
    errands_wake(d);
}

static int folder_make(struct daemon *d, char says[SAYS_MAX])
{
    int err = dir_make(d->own->files, 0750);

    if (err != ERR_OK)
        snprintf(says, SAYS_MAX, "%.300s: %s", d->own->files, err_text(err));
    return err;
}

static int thread_start(struct daemon *d, size_t i, char says[SAYS_MAX])
{
    struct errand_thread *t = &d->errand[i];

    *t = (struct errand_thread){ .d = d, .wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC) };
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->done, NULL);
    errand_start(&t->errand, d->machine, i, &WORLD);
    t->errand.files = d->own->files;
    t->errand.keys = d->config.keys;
    t->errand.sign_key = d->own->sign_key;
    t->errand.who.id = d->key.id;
    t->errand.self = t;
    int rc = t->wake < 0 ? errno : pthread_create(&t->thread, NULL, errand_run, t);
    if (rc == 0)
        return ERR_OK;
    snprintf(says, SAYS_MAX, "errand %s: %s", t->errand.def->name, strerror(rc));
    errand_end(&t->errand);
    if (t->wake >= 0)
        close(t->wake);
    return ERR_NOMEM;
}

int errands_start(struct daemon *d, char says[SAYS_MAX])
{
    size_t n = d->service->errand_count;
    int err = n > 0 ? folder_make(d, says) : ERR_OK;

    if (err != ERR_OK || n == 0)
        return err;
    d->errand = calloc(n, sizeof *d->errand);
    if (d->errand == NULL)
        log_die("errand", "out of memory");
    while (d->errand_count < n && (err = thread_start(d, d->errand_count, says)) == ERR_OK)
        d->errand_count++;
    return err;
}

void errands_end(struct daemon *d, void (*join)(pthread_t thread))
{
    errands_stop(d);
    for (size_t i = 0; i < d->errand_count; i++)
        join(d->errand[i].thread);
}

void errands_close(struct daemon *d)
{
    for (size_t i = 0; i < d->errand_count; i++) {
        struct errand_thread *t = &d->errand[i];
        close(t->wake);
        pthread_mutex_destroy(&t->lock);
        pthread_cond_destroy(&t->done);
    }
    free(d->errand);
    d->errand = NULL;
    d->errand_count = 0;
}

/* daemon_io: the loop of the I/O thread, the only one that touches sockets. Nothing in it waits: what needs
 * time is handed on, and from everything that can be read a bounded number is taken in one go. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <zmq.h>

#include "common/service/daemon_parts.h"

#define RECEIVE_MOST  1024
#define TICK_MS       250
#define DRAIN_TICK_MS 10
#define FLUSH_MS      1000
#define READERS_US    (10000 * (int64_t)MS)
#define FILE_ROOM     (CONFIG_PATH_MAX * 2 + 80)

/* ── the table of principals ──────────────────────────────────────────────── */

static struct account *account_find(struct daemon *d, const struct principal_key *row)
{
    struct account *account = d->accounts;

    while (account != NULL && !uuid_equal(&account->id, &row->id))
        account = account->next;
    if (account != NULL)
        return account;
    if ((account = calloc(1, sizeof *account)) == NULL)
        log_die("daemon", "out of memory");
    account->id = row->id;
    uuid_format(&row->id, account->id_text);
    snprintf(account->name, sizeof account->name, "%s", row->name);
    account->next = d->accounts;
    d->accounts = account;
    return account;
}

/* Read aside, swapped only when it is whole; on a fault the old one stays. */
int principals_take(struct daemon *d, char says[400])
{
    struct principals *fresh;
    int err = principals_load(&fresh, d->config.keys, d->service->roles, says);

    if (err != ERR_OK)
        return err;
    uint32_t n = principals_count(fresh);
    struct account **accounts = calloc(n > 0 ? n : 1, sizeof *accounts);
    if (accounts == NULL)
        log_die("daemon", "out of memory");
    for (uint32_t i = 0; i < n; i++)
        accounts[i] = account_find(d, principals_at(fresh, i));
    principals_free(&d->principals);
    free(d->row_account);
    d->principals = fresh;
    letters_take(d, n);
    d->row_account = accounts;
    d->generation++;
    return ERR_OK;
}

static void principals_again(struct daemon *d)
{
    char says[400];

    if (principals_take(d, says) != ERR_OK) {
        log_error("principals", "%s: the table in use stays", says);
        return;
    }
    log_info("principals", "%u keys", principals_count(d->principals));
    followers_look(d, now_us());
}

/* ── open and close ───────────────────────────────────────────────────────── */

static int endpoint_write(struct daemon *d, char says[400])
{
    char path[FILE_ROOM], aside[FILE_ROOM + 8];

    snprintf(path, sizeof path, "%s/%s.endpoint", d->config.run, d->service->name);
    snprintf(aside, sizeof aside, "%s.new", path);
    FILE *out = fopen(aside, "we");
    bool good = out != NULL && fprintf(out, "%s\n", d->endpoint) > 0;
    if (out != NULL && fclose(out) != 0)
        good = false;
    if (good && rename(aside, path) == 0)
        return ERR_OK;
    snprintf(says, 400, "%.300s: %s", path, strerror(errno));
    return ERR_IO;
}

static int signals_open(struct daemon *d)
{
    sigset_t wanted;

    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGHUP);
    d->signals = signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
    d->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    return d->signals >= 0 && d->watch >= 0
        && inotify_add_watch(d->watch, d->config.keys, IN_CLOSE_WRITE | IN_MOVED_TO) >= 0 ? ERR_OK : ERR_IO;
}

/* A port that was free stays ours over a restart, as long as nobody has taken it: those who know where we were
 * find us again. */
static int listen_again(struct daemon *d)
{
    char path[FILE_ROOM], was[WIRE_ENDPOINT_MAX + 1] = "", again[2 * WIRE_ENDPOINT_MAX];
    const char *any = strrchr(d->own->listen, '*');

    snprintf(path, sizeof path, "%s/%s.endpoint", d->config.run, d->service->name);
    FILE *in = any != NULL && any[1] == '\0' ? fopen(path, "re") : NULL;
    if (in == NULL)
        return ERR_NOTFOUND;
    bool read = fgets(was, sizeof was, in) != NULL;
    fclose(in);
    was[strcspn(was, "\n")] = '\0';
    const char *colon = strrchr(was, ':');
    if (!read || colon == NULL || colon[1] == '\0' || strspn(colon + 1, "0123456789") != strlen(colon + 1))
        return ERR_NOTFOUND;
    snprintf(again, sizeof again, "%.*s%s", (int)(any - d->own->listen), d->own->listen, colon + 1);
    return wire_bind(d->router, again, d->endpoint);
}

int io_open(struct daemon *d, char says[400])
{
    int err = principals_take(d, says);

    if (err != ERR_OK)
        return err;
    if (signals_open(d) != ERR_OK) {
        snprintf(says, 400, "signalfd or inotify on %.200s: %s", d->config.keys, strerror(errno));
        return ERR_IO;
    }
    d->zmq = zmq_ctx_new();                 /* our own: neither ZSYS_* nor a handler of a library reaches it */
    if (d->zmq == NULL || zap_open(&d->zap, d->zmq) != ERR_OK
        || (d->router = wire_server(d->zmq, &d->key, LIMIT_SOCKET_HWM)) == NULL) {
        snprintf(says, 400, "sockets: %s", zmq_strerror(zmq_errno()));
        return ERR_IO;
    }
    if (listen_again(d) != ERR_OK && (err = wire_bind(d->router, d->own->listen, d->endpoint)) != ERR_OK) {
        snprintf(says, 400, "%.200s: cannot listen: %s", d->own->listen, zmq_strerror(zmq_errno()));
        return err;
    }
    if ((err = endpoint_write(d, says)) != ERR_OK)
        return err;
    return sources_open(d, says);
}

void io_close(struct daemon *d)
{
    const int flush = FLUSH_MS;

    while (d->follower_count > 0)
        follower_end(d, d->follower_count - 1);
    sources_close(d);
    if (d->router != NULL) {
        zmq_setsockopt(d->router, ZMQ_LINGER, &flush, sizeof flush);
        zmq_close(d->router);
    }
    zap_close(&d->zap);
    if (d->zmq != NULL)
        zmq_ctx_term(d->zmq);               /* from here on no frame holds anything of ours */
    if (d->signals > 0)
        close(d->signals);
    if (d->watch > 0)
        close(d->watch);
    principals_free(&d->principals);
    letters_forget(d);
    free(d->row_account);
    for (struct account *account = d->accounts, *next; account != NULL; account = next) {
        next = account->next;
        free(account);
    }
    arena_free(&d->scratch);
}

/* ── what can happen ──────────────────────────────────────────────────────── */

static void stop(struct daemon *d, const char *why)
{
    if (d->phase != PHASE_SERVE) {
        log_warning("daemon", "%s again: ending at once", why);
        _exit(EXIT_FAILURE);                /* nothing that was answered is lost by it */
    }
    log_info("daemon", "%s: answering what is under way (%u), then ending", why, d->requests);
    d->phase = PHASE_DRAIN;
    d->drain_until = now_us() + LIMIT_DRAIN_MS * (int64_t)MS;
    errands_stop(d);
}

static void signals_take(struct daemon *d)
{
    struct signalfd_siginfo info;

    while (read(d->signals, &info, sizeof info) == (ssize_t)sizeof info)
        if (info.ssi_signo == SIGHUP)
            principals_again(d);
        else
            stop(d, info.ssi_signo == SIGTERM ? "SIGTERM" : "SIGINT");
}

static void watch_take(struct daemon *d)
{
    char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    bool ours = false;
    ssize_t n;

    while ((n = read(d->watch, events, sizeof events)) > 0)
        for (char *at = events; at < events + n;) {
            const struct inotify_event *event = (const struct inotify_event *)(void *)at;
            ours |= event->len > 0 && strcmp(event->name, PRINCIPALS_FILE) == 0;
            ours |= (event->mask & IN_Q_OVERFLOW) != 0;
            at += sizeof *event + event->len;
        }
    if (ours)
        principals_again(d);
}

static void router_take(struct daemon *d)
{
    struct wire_message message;
    int got = 1;

    wire_message_start(&message);
    for (int i = 0; i < RECEIVE_MOST && (got = wire_receive(d->router, true, &message)) != 0; i++)
        if (got > 0)
            admit(d, &message);
        else
            metric_add(&d->totals.malformed, 1);
    wire_message_close(&message);
}

/* What this round has gathered goes on under one lock each. The queues hold as much as admission allows. */
static void chains_put(struct daemon *d)
{
    queue_put(&d->to_writer, &d->writer_chain);
    queue_put(&d->to_readers, &d->reader_chain);
}

static void tick(struct daemon *d, int64_t now)
{
    sources_look(d, now);
    followers_look(d, now);
    if (now - d->readers_checked > READERS_US) {
        store_check_readers(machine_store(d->machine));
        d->readers_checked = now;
    }
}

/* True: there is nothing more to wait for. */
static bool drained(struct daemon *d, int64_t now)
{
    if (d->phase == PHASE_SERVE)
        return false;
    if (d->requests == 0)
        return true;
    if (now < d->drain_until)
        return false;
    log_warning("daemon", "%u requests were not answered within %d ms", d->requests, LIMIT_DRAIN_MS);
    return true;
}

enum { POLL_ROUTER, POLL_ZAP, POLL_BACK, POLL_SIGNALS, POLL_WATCH, POLL_SOURCES };

static int items_fill(struct daemon *d, zmq_pollitem_t *items)
{
    items[POLL_ROUTER] = (zmq_pollitem_t){ .socket = d->router, .events = ZMQ_POLLIN };
    items[POLL_ZAP] = (zmq_pollitem_t){ .socket = zap_socket(d->zap), .events = ZMQ_POLLIN };
    items[POLL_BACK] = (zmq_pollitem_t){ .fd = d->to_io.fd, .events = ZMQ_POLLIN };
    items[POLL_SIGNALS] = (zmq_pollitem_t){ .fd = d->signals, .events = ZMQ_POLLIN };
    items[POLL_WATCH] = (zmq_pollitem_t){ .fd = d->watch, .events = ZMQ_POLLIN };
    int n = POLL_SOURCES;
    for (uint32_t i = 0; i < d->source_count; i++)
        if (d->source[i].socket != NULL)
            items[n++] = (zmq_pollitem_t){ .socket = d->source[i].socket, .events = ZMQ_POLLIN };
    return n;
}

static void sources_take(struct daemon *d, const zmq_pollitem_t *items, int n)
{
    for (uint32_t i = 0; i < d->source_count; i++)
        for (int k = POLL_SOURCES; k < n; k++)
            if (items[k].socket == d->source[i].socket && (items[k].revents & ZMQ_POLLIN) != 0)
                source_receive(d, &d->source[i]);
}

static void zap_take(struct daemon *d)
{
    zap_serve(d->zap, d->principals, &d->zap_count);
    atomic_store(&d->totals.handshakes_accepted, d->zap_count.accepted);
    atomic_store(&d->totals.handshakes_refused, d->zap_count.refused);
}

int io_run(struct daemon *d)
{
    zmq_pollitem_t items[POLL_SOURCES + SOURCES_MAX];
    int64_t ticked = 0, now = now_us();

    log_info("daemon", "%s %s listens on %s", d->service->name, RSNMS_VERSION, d->endpoint);
    while (!drained(d, now)) {
        int n = items_fill(d, items);
        if (zmq_poll(items, n, d->phase == PHASE_SERVE ? TICK_MS : DRAIN_TICK_MS) < 0 && zmq_errno() != EINTR)
            log_die("daemon", "poll: %s", zmq_strerror(zmq_errno()));
        now = now_us();
        if (items[POLL_SIGNALS].revents != 0)
            signals_take(d);
        if (items[POLL_WATCH].revents != 0)
            watch_take(d);                  /* before any message: a revoked key is dead at once */
        if (items[POLL_ZAP].revents != 0)
            zap_take(d);
        if (items[POLL_ROUTER].revents != 0)
            router_take(d);
        sources_take(d, items, n);
        if (items[POLL_BACK].revents != 0)
            answers_send(d);
        if (now - ticked > TICK_MS * (int64_t)MS) {
            ticked = now;
            tick(d, now);
        }
        chains_put(d);
    }
    return d->requests == 0 ? ERR_OK : ERR_TIMEOUT;
}

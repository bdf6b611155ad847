#include "tests/service/federal_desk.h"

#include "common/core/failpoint.h"
#include "common/service/errand.h"
#include "common/service/system_methods.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#define LEAKS_ARE_NONE(from_here) ((from_here) ? __lsan_disable() : __lsan_enable())
#else
#define LEAKS_ARE_NONE(from_here) ((void)0)
#endif

/* ── a world in one process ───────────────────────────────────────────────── */

static int service_of(const char *name)
{
    for (int i = 0; i < R_SERVICES; i++)
        if (strcmp(REGION_SERVICE[i]->name, name) == 0)
            return i;
    return -1;
}

/* The daemon answers this itself; here the machine says it. */
static struct bytes status_of(struct errand *errand, struct machine *machine)
{
    struct meta meta = machine_meta(machine);
    struct stream_status streams[8];
    struct service_status status = {
        .name = machine_service(machine)->name, .version = "1", .region = meta.journal, .journal = meta.journal,
        .incarnation = meta.incarnation, .head = machine_head(machine), .applied = machine_head(machine), .streams.at = streams };
    for (uint32_t i = 0; i < machine_streams(machine); i++) {
        struct follow follow;
        assert_int_equal(machine_follow(machine, machine_stream(machine, i), errand->arena, &follow), ERR_OK);
        streams[status.streams.n++] = (struct stream_status){
            .stream = machine_stream(machine, i), .state = "following", .journal = follow.cursor->journal,
            .incarnation = follow.cursor->incarnation, .number = follow.cursor->number };
    }
    return msg_encode_in(errand->arena, &service_status_desc, &status);
}

/* A page of nothing, and there is one more for ever. */
static struct bytes one_more(struct errand *errand, const char *method)
{
    struct programme_list programmes = { .next = bytes_of("more") };
    struct value_list values = { .next = bytes_of("more") };
    struct run_list runs = { .next = bytes_of("more") };
    if (strcmp(method, "programmes.run.list") == 0)
        return msg_encode_in(errand->arena, &run_list_desc, &runs);
    if (strcmp(method, "programmes.programme.list") == 0)
        return msg_encode_in(errand->arena, &programme_list_desc, &programmes);
    return msg_encode_in(errand->arena, &value_list_desc, &values);
}

static int world_call(struct errand *errand, const char *service, const struct client_request *request, struct client_reply *reply)
{
    struct desk *desk = errand->self;
    int s = service_of(service);
    struct principal who = region_who(ROLE_SERVICE, NULL);
    struct outcome outcome;
    const char *dot = strchr(request->method, '.');
    desk->asked++;
    assert_true(s >= 0);
    if (desk->down[s])
        return ERR_TIMEOUT;
    if (dot != NULL && strcmp(dot, ".service.status") == 0) {
        reply->body = status_of(errand, desk->r->machine[s]);
        return ERR_OK;
    }
    if (desk->endless != NULL && strcmp(desk->endless, request->method) == 0) {
        reply->body = one_more(errand, request->method);
        return ERR_OK;
    }
    machine_query(desk->r->machine[s], &who, request->method, request->body, NULL, 0, errand->arena, &outcome);
    if (outcome.kind == OUTCOME_REPLY) {
        reply->body = outcome.body;
    } else {
        struct problem *problem = ARENA_NEW(errand->arena, struct problem);
        toy_decode(&problem_desc, outcome.body, problem, errand->arena);
        reply->problem = problem;
    }
    return ERR_OK;
}

static const struct errand_world WORLD = { .submit = errand_submit_direct, .call = world_call };

static void errands_open(struct desk *desk)
{
    for (size_t i = 0; i < ERRANDS; i++) {
        errand_start(&desk->errand[i], desk->r->machine[R_FEDERAL], i, &WORLD);
        desk->errand[i].who.id = uuid_derive("service", bytes_of("federal"));
        desk->errand[i].files = desk->files;
        desk->errand[i].keys = desk->keys;
        desk->errand[i].sign_key = arena_format(&desk->r->arena, "%s/federal.sign", desk->keys);
        desk->errand[i].self = desk;
    }
}

int desk_set_up(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);
    char fault[200];
    assert_non_null(desk);
    desk->r = region_open();
    desk->dir = toy_dir();
    desk->files = arena_format(&desk->r->arena, "%s/files", desk->dir);
    desk->keys = desk->dir;
    assert_int_equal(dir_make(desk->files, 0750), ERR_OK);
    assert_int_equal(sign_new(arena_format(&desk->r->arena, "%s/federal.sign", desk->dir),
                              arena_format(&desk->r->arena, "%s/federal.pub", desk->dir)), ERR_OK);
    assert_int_equal(sign_new(arena_format(&desk->r->arena, "%s/operator.sign", desk->dir),
                              arena_format(&desk->r->arena, "%s/operator.pub", desk->dir)), ERR_OK);
    assert_int_equal(sign_load(arena_format(&desk->r->arena, "%s/operator.sign", desk->dir), &desk->operator, fault), ERR_OK);
    desk->year = (uint64_t)day_year(day_of_moment(desk->r->time.wall, 420));
    errands_open(desk);
    *state = desk;
    return 0;
}

int desk_tear_down(void **state)
{
    struct desk *desk = *state;
    for (size_t i = 0; i < ERRANDS; i++)
        errand_end(&desk->errand[i]);
    toy_remove(desk->dir);
    region_close(desk->r);
    free(desk);
    return 0;
}

/* Until each of them wants to rest. */
void desk_run(struct desk *desk, size_t which)
{
    uint32_t ms = 0;
    for (int i = 0; i < 50 && ms == 0; i++)
        ms = errand_step(&desk->errand[which], desk->r->time.wall);
    assert_true(ms > 0);
}

void desk_pass(struct desk *desk, moment_t time)
{
    desk->r->time.wall += time;
    desk->r->time.boot += time;
}

void desk_sound(struct desk *desk)
{
    struct machine *machine = desk->r->machine[R_FEDERAL];
    struct machine_health health;
    uint64_t checked, bad;
    const char *why;
    bool same;
    machine_health(machine, &health);
    assert_int_equal(health.internal_errors, 0);
    assert_int_equal(machine_verify(machine, &checked, &bad, &why), ERR_OK);
    assert_int_equal(machine_rebuild(machine, false, &same), ERR_OK);
    assert_true(same);
}

/* ── speaking ─────────────────────────────────────────────────────────────── */

const char *desk_say(struct desk *desk, int role, const char *method, const struct msg_desc *takes, const void *body)
{
    struct outcome outcome = region_do(desk->r, R_FEDERAL, region_who(role, NULL), method, takes, body);
    return toy_reason(&outcome, &desk->r->arena);
}

void desk_do(struct desk *desk, int role, const char *method, const struct msg_desc *takes, const void *body)
{
    assert_string_equal(desk_say(desk, role, method, takes, body), "");
}

struct uuid desk_open(struct desk *desk)
{
    struct passport_open open = { desk->year };
    struct registered registered;
    struct outcome outcome = region_do(desk->r, R_FEDERAL, region_who(ROLE_CENTRE, NULL), "federal.passport.open", &passport_open_desc, &open);
    if (outcome.kind != OUTCOME_REPLY)
        fail_msg("refused: %s", toy_reason(&outcome, &desk->r->arena));
    toy_decode(&registered_desc, outcome.body, &registered, &desk->r->arena);
    return registered.id;
}

struct passport desk_get(struct desk *desk, const struct uuid *id)
{
    struct passport_id ask = { *id };
    struct passport passport;
    struct outcome outcome = region_ask(desk->r, R_FEDERAL, region_who(ROLE_CENTRE, NULL), "federal.passport.get", &passport_id_desc, &ask);
    if (outcome.kind != OUTCOME_REPLY)
        fail_msg("refused: %s", toy_reason(&outcome, &desk->r->arena));
    toy_decode(&passport_desc, outcome.body, &passport, &desk->r->arena);
    return passport;
}

/* All pages of it, seven rows each. */
struct cells desk_cells(struct desk *desk, const struct uuid *id, uint64_t block)
{
    struct cells_of ask = { .passport = *id, .block = block, .limit = 7 };
    struct cells all = { .at = ARENA_LIST(&desk->r->arena, struct cell, 2000) };
    do {
        struct cell_list list;
        struct outcome outcome = region_ask(desk->r, R_FEDERAL, region_who(ROLE_AUTHORITY, NULL), "federal.cell.list", &cells_of_desc, &ask);
        assert_int_equal(outcome.kind, OUTCOME_REPLY);
        toy_decode(&cell_list_desc, outcome.body, &list, &desk->r->arena);
        assert_true(all.n + list.rows.n < 2000);
        memcpy(all.at + all.n, list.rows.at, list.rows.n * sizeof *all.at);
        all.n += list.rows.n;
        ask.after = list.next;
    } while (ask.after.n > 0);
    return all;
}

const struct cell *desk_cell(const struct cells *cells, const char *row, const char *column)
{
    for (uint32_t i = 0; i < cells->n; i++)
        if (strcmp(cells->at[i].row, row) == 0 && strcmp(cells->at[i].column, column) == 0)
            return &cells->at[i];
    fail_msg("no cell %s, %s", row, column);
    return NULL;
}

struct uuid desk_filled(struct desk *desk)
{
    struct uuid id = desk_open(desk);
    desk_run(desk, FILLING);
    return id;
}

void desk_move(struct desk *desk, int role, const char *method, const struct uuid *id)
{
    struct passport_id body = { *id };
    desk_do(desk, role, method, &passport_id_desc, &body);
}

struct uuid desk_sent(struct desk *desk)
{
    struct uuid id = desk_filled(desk);
    struct passport_approve approve = { .passport = id, .document = "распоряжение № 5" };
    desk_move(desk, ROLE_CENTRE, "federal.passport.submit", &id);
    desk_do(desk, ROLE_AUTHORITY, "federal.passport.approve", &passport_approve_desc, &approve);
    desk_move(desk, ROLE_AUTHORITY, "federal.passport.send", &id);
    return id;
}

struct naming { struct uuid id, journal; const char *name; };

static void name_it(struct ctx *ctx, void *arg)
{
    struct naming *to = arg;
    struct passport passport;
    struct package_facts facts;
    assert_true(passport_find(ctx, &to->id, &passport));
    passport_facts(ctx, &passport, &to->journal, &facts);
    to->name = facts.name;
}

const char *desk_name(struct desk *desk, const struct uuid *id)
{
    struct naming to = { *id, machine_meta(desk->r->machine[R_FEDERAL]).journal, NULL };
    assert_int_equal(errand_read(&desk->errand[OUTBOX], name_it, &to), ERR_OK);
    return arena_string(&desk->r->arena, to.name, strlen(to.name));
}

unsigned desk_events(struct desk *desk, const char *event)
{
    struct entry entry;
    struct txn txn;
    unsigned found = 0;
    txn_begin(&txn, machine_store(desk->r->machine[R_FEDERAL]), TXN_READ);
    for (uint64_t n = 1; journal_get(&txn, n, &desk->r->arena, &entry, NULL); n++)
        found += strcmp(entry.event, event) == 0;
    assert_int_equal(txn_end(&txn), ERR_OK);
    return found;
}

struct buf desk_file(struct desk *desk, const char *folder, const char *name, const char *suffix)
{
    struct buf out = { 0 };
    const char *path = arena_format(&desk->r->arena, "%s/%s/%s%s", desk->files, folder, name, suffix);
    if (file_get(path, PACKAGE_MAX, &out) != ERR_OK)
        fail_msg("%s cannot be read", path);
    return out;
}

static int count_one(void *arg, const char *name)
{
    (void)name;
    ++*(unsigned *)arg;
    return ERR_OK;
}

unsigned desk_files(struct desk *desk, const char *folder)
{
    unsigned n = 0;
    dir_each(arena_format(&desk->r->arena, "%s/%s", desk->files, folder), count_one, &n);
    return n;
}

/* ── falls ───────────────────────────────────────────────────────────────── */

static jmp_buf fallen;

static void fall(void *arg, const char *name)
{
    struct kill_at *kill = arg;
    if (strcmp(name, kill->name) == 0 && --kill->left == 0)
        longjmp(fallen, 1);
}

/* A step that may end in the middle. What it held then is lost with a process; here it is left lying, and that is no
 * leak to be told of. */
bool desk_falls(struct desk *desk, size_t which, struct kill_at kill)
{
    volatile bool fell = true;
    failpoint_hook(fall, &kill);
    LEAKS_ARE_NONE(true);
    if (setjmp(fallen) == 0) {
        errand_step(&desk->errand[which], desk->r->time.wall);
        fell = false;
    }
    LEAKS_ARE_NONE(false);
    failpoint_hook(NULL, NULL);
    return fell;
}

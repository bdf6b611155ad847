#include <fcntl.h>
#include <sys/stat.h>

#include "common/core/failpoint.h"
#include "common/core/files.h"
#include "common/service/errand.h"
#include "common/service/system_methods.h"
#include "services/federal/federal.h"
#include "services/federal/package.h"
#include "tests/service/region.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#define LEAKS_ARE_NONE(from_here) ((from_here) ? __lsan_disable() : __lsan_enable())
#else
#define LEAKS_ARE_NONE(from_here) ((void)0)
#endif

/* The gateway as one of the six real machines, its errands stepped by hand: filled from the real indicators and
 * programmes, through its whole life and every step that is none; what is sent, what comes back, and what is no
 * receipt at all. Falls of the process at each failpoint: tests/fault/federal.py. */

enum { FILLING, OUTBOX, INBOX, ERRANDS };
struct desk {
    struct region *r;
    char *dir;
    const char *files, *keys;
    struct errand errand[ERRANDS];
    struct sign_pair operator;              /* the federal one's key, which only he has */
    bool down[R_SERVICES];
    uint64_t year;
    uint32_t asked;
};

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

static int set_up(void **state)
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

static int tear_down(void **state)
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
static void run(struct desk *desk, size_t which)
{
    uint32_t ms = 0;
    for (int i = 0; i < 50 && ms == 0; i++)
        ms = errand_step(&desk->errand[which], desk->r->time.wall);
    assert_true(ms > 0);
}

static void pass(struct desk *desk, moment_t time)
{
    desk->r->time.wall += time;
    desk->r->time.boot += time;
}

static void sound(struct desk *desk)
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

static const char *say(struct desk *desk, int role, const char *method, const struct msg_desc *takes, const void *body)
{
    struct outcome outcome = region_do(desk->r, R_FEDERAL, region_who(role, NULL), method, takes, body);
    return toy_reason(&outcome, &desk->r->arena);
}

static void say_well(struct desk *desk, int role, const char *method, const struct msg_desc *takes, const void *body)
{
    assert_string_equal(say(desk, role, method, takes, body), "");
}

static struct uuid open_passport(struct desk *desk)
{
    struct passport_open open = { desk->year };
    struct registered registered;
    struct outcome outcome = region_do(desk->r, R_FEDERAL, region_who(ROLE_CENTRE, NULL), "federal.passport.open", &passport_open_desc, &open);
    if (outcome.kind != OUTCOME_REPLY)
        fail_msg("refused: %s", toy_reason(&outcome, &desk->r->arena));
    toy_decode(&registered_desc, outcome.body, &registered, &desk->r->arena);
    return registered.id;
}

static struct passport get(struct desk *desk, const struct uuid *id)
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
static struct cells cells_of(struct desk *desk, const struct uuid *id, uint64_t block)
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

static const struct cell *cell_of(const struct cells *cells, const char *row, const char *column)
{
    for (uint32_t i = 0; i < cells->n; i++)
        if (strcmp(cells->at[i].row, row) == 0 && strcmp(cells->at[i].column, column) == 0)
            return &cells->at[i];
    fail_msg("no cell %s, %s", row, column);
    return NULL;
}

static struct uuid filled_passport(struct desk *desk)
{
    struct uuid id = open_passport(desk);
    run(desk, FILLING);
    return id;
}

static void move(struct desk *desk, int role, const char *method, const struct uuid *id)
{
    struct passport_id body = { *id };
    say_well(desk, role, method, &passport_id_desc, &body);
}

static struct uuid sent_passport(struct desk *desk)
{
    struct uuid id = filled_passport(desk);
    struct passport_approve approve = { .passport = id, .document = "распоряжение № 5" };
    move(desk, ROLE_CENTRE, "federal.passport.submit", &id);
    say_well(desk, ROLE_AUTHORITY, "federal.passport.approve", &passport_approve_desc, &approve);
    move(desk, ROLE_AUTHORITY, "federal.passport.send", &id);
    return id;
}

static struct buf file_of(struct desk *desk, const char *folder, const char *name, const char *suffix)
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

static int count_reason(void *arg, const char *name)
{
    *(unsigned *)arg += strstr(name, ".reason.txt") != NULL;
    return ERR_OK;
}

static unsigned files_in(struct desk *desk, const char *folder)
{
    unsigned n = 0;
    dir_each(arena_format(&desk->r->arena, "%s/%s", desk->files, folder), count_one, &n);
    return n;
}

/* ── filling ──────────────────────────────────────────────────────────────── */

static void a_draft_fills_itself_from_the_services_and_names_its_gaps(void **state)
{
    struct desk *desk = *state;
    struct region *r = desk->r;
    struct uuid id = filled_passport(desk);
    struct passport passport = get(desk, &id);
    struct cells results = cells_of(desk, &id, 7), programmes = cells_of(desk, &id, 2), all = cells_of(desk, &id, 0);
    assert_int_equal(passport.state, PASSPORT_DRAFT);
    assert_int_equal(passport.blocks.n, PASSPORT_BLOCKS);
    for (uint32_t i = 0; i < PASSPORT_BLOCKS; i++) {
        assert_true(passport.blocks.at[i].cells > 0);
        if (i + 1 != 2 && i + 1 != 7)
            assert_int_equal(passport.blocks.at[i].gaps, passport.blocks.at[i].cells);
    }
    assert_int_equal(all.n, passport_cells(&passport));
    for (uint32_t i = 0; i < all.n; i++)
        if (all.at[i].kind == CELL_GAP && (all.at[i].gap == GAP_NO_FUNCTION))
            assert_true(all.at[i].functions.n > 0);

    /* ANNA has sat the centre's procedure; two educators in all: the figure is the one that indicators gives. */
    const struct cell *value = cell_of(&results, "T/1", "value");
    assert_int_equal(value->kind, CELL_SERVICE);
    assert_true(value->counted);
    assert_int_equal(value->number, 1);
    assert_int_equal(value->of, 2);
    assert_string_equal(value->text, "50,0");
    assert_string_equal(value->indicator, "1");
    assert_string_equal(value->act, "T");
    assert_non_null(strstr(value->edition, "1233-р"));
    const struct cell *programme = cell_of(&programmes, "ДПП-2", "enrolled");
    assert_int_equal(programme->number, 1);
    assert_string_equal(cell_of(&programmes, "ДПП-1", "federal")->text, "1");
    assert_string_equal(cell_of(&programmes, "ДПП-2", "federal")->text, "не включена");
    assert_string_equal(cell_of(&programmes, "ДПП-2", "provider")->text, "institute");
    assert_int_equal(cell_of(&programmes, "ДПП-2", "hours")->number, 72);

    /* Each block says up to which entry of which journal. */
    struct meta meta = machine_meta(r->machine[R_PROGRAMMES]);
    const struct block_state *two = &passport.blocks.at[1], *seven = &passport.blocks.at[6];
    assert_true(uuid_equal(&two->sources.at[0].journal, &meta.journal));
    assert_int_equal(two->sources.at[0].number, machine_head(r->machine[R_PROGRAMMES]));
    assert_true(seven->sources.n >= 4);
    sound(desk);
}

static void a_service_that_is_down_is_waited_for(void **state)
{
    struct desk *desk = *state;
    desk->down[R_PROGRAMMES] = true;
    struct uuid id = filled_passport(desk);
    struct passport passport = get(desk, &id);
    struct passport_id submit = { id };
    assert_int_equal(passport.blocks.at[6].filled, 1);
    assert_int_equal(passport.blocks.at[1].filled, 0);
    assert_string_equal(say(desk, ROLE_CENTRE, "federal.passport.submit", &passport_id_desc, &submit), "not_filled");
    desk->down[R_PROGRAMMES] = false;
    desk->down[R_ROSTER] = true;
    run(desk, FILLING);
    assert_int_equal(get(desk, &id).blocks.at[1].filled, 0);
    desk->down[R_ROSTER] = false;
    run(desk, FILLING);
    assert_int_equal(get(desk, &id).blocks.at[1].filled, 1);
    uint32_t asked = desk->asked;
    run(desk, FILLING);                     /* nothing left to do: nobody is asked */
    assert_int_equal(desk->asked, asked);
    sound(desk);
}

static void filling_again_takes_what_is_new_and_keeps_what_was_typed(void **state)
{
    struct desk *desk = *state;
    struct region *r = desk->r;
    struct uuid id = filled_passport(desk);
    day_t today = day_of_moment(r->time.wall, 420);
    struct cell_enter enter = { .passport = id, .block = 4, .row = "federal_budget", .column = "план", .title = "Субсидия", .value = "12 500",
                                .unit = "тыс. руб.", .document = "письмо № 14", .day = today };
    say_well(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter);
    uint64_t head = machine_head(r->machine[R_FEDERAL]);
    run(desk, FILLING);
    assert_int_equal(machine_head(r->machine[R_FEDERAL]), head);
    struct run next = { .programme = r->course, .day = today, .code = "Н-2" };
    region_do(r, R_PROGRAMMES, region_who(ROLE_INSTITUTE, &r->institute), "programmes.run.record", &run_desc, &next);
    struct cells before = cells_of(desk, &id, 2);
    move(desk, ROLE_CENTRE, "federal.passport.fill", &id);
    run(desk, FILLING);
    struct cells after = cells_of(desk, &id, 2), money = cells_of(desk, &id, 4);
    assert_int_equal(cell_of(&after, "ДПП-2", "runs")->number, cell_of(&before, "ДПП-2", "runs")->number + 1);
    assert_int_equal(before.n, after.n);
    const struct cell *typed = cell_of(&money, "federal_budget", "план");
    assert_int_equal(typed->kind, CELL_DOCUMENT);
    assert_string_equal(typed->document, "письмо № 14");
    sound(desk);
}

static void what_is_counted_cannot_be_typed_over_and_a_gap_can(void **state)
{
    struct desk *desk = *state;
    struct uuid id = filled_passport(desk);
    day_t today = day_of_moment(desk->r->time.wall, 420);
    struct cell_enter enter = { .passport = id, .block = 7, .row = "T/1", .column = "value", .value = "99,9", .document = "из головы", .day = today };
    assert_string_equal(say(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter), "cell_counted");
    enter = (struct cell_enter){ .passport = id, .block = 4, .row = "finance", .column = "value", .value = "1", .document = "письмо", .day = today + 2 };
    assert_string_equal(say(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter), "day_not_allowed");
    enter.day = today;
    say_well(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter);
    assert_int_equal(get(desk, &id).blocks.at[3].gaps, 0);
    move(desk, ROLE_CENTRE, "federal.passport.fill", &id);
    run(desk, FILLING);
    struct cells money = cells_of(desk, &id, 4);
    assert_string_equal(cell_of(&money, "finance", "value")->text, "1");
    struct cell_at at = { id, 4, "finance", "value" };
    say_well(desk, ROLE_CENTRE, "federal.cell.withdraw", &cell_at_desc, &at);
    assert_string_equal(say(desk, ROLE_CENTRE, "federal.cell.withdraw", &cell_at_desc, &at), "cell_unknown");
    assert_int_equal(get(desk, &id).blocks.at[3].gaps, 1);
    sound(desk);
}

/* Parts come in order and once; an attempt that was cut off goes on, one of other answers begins anew. */
static void an_attempt_that_was_cut_off_leaves_no_half_block(void **state)
{
    struct desk *desk = *state;
    struct uuid id = open_passport(desk);
    struct cell cell = { .block = 7, .row = "old", .column = "value", .kind = CELL_SERVICE, .text = "?", .service = "indicators" };
    uint8_t digest[HASH_SIZE] = { 1 };
    struct block_fill fill = { .passport = id, .fill = 1, .block = 7, .attempt = 1, .digest = bytes(digest, HASH_SIZE), .part = 1, .parts = 2,
                               .cells = { 1, &cell } };
    struct principal self = region_who(ROLE_SERVICE, NULL);
    assert_string_equal(say(desk, ROLE_SERVICE, "federal.block.fill", &block_fill_desc, &fill), "not_ours");
    self.self = true;
    struct outcome o = region_do(desk->r, R_FEDERAL, self, "federal.block.fill", &block_fill_desc, &fill);
    assert_string_equal(toy_reason(&o, &desk->r->arena), "");
    fill.part = 3;
    o = region_do(desk->r, R_FEDERAL, self, "federal.block.fill", &block_fill_desc, &fill);
    assert_string_equal(toy_reason(&o, &desk->r->arena), "part_out_of_order");
    assert_int_equal(get(desk, &id).blocks.at[6].filled, 0);
    run(desk, FILLING);
    struct cells cells = cells_of(desk, &id, 7);
    for (uint32_t i = 0; i < cells.n; i++)
        assert_string_not_equal(cells.at[i].row, "old");
    struct passport passport = get(desk, &id);
    assert_int_equal(passport.blocks.at[6].filled, 1);
    assert_int_equal(passport.blocks.at[6].attempt, 2);
    fill.part = 2;
    o = region_do(desk->r, R_FEDERAL, self, "federal.block.fill", &block_fill_desc, &fill);
    assert_string_equal(toy_reason(&o, &desk->r->arena), "filling_over");
    sound(desk);
}

/* ── life ─────────────────────────────────────────────────────────────────── */

/* Every step from every state: those that are none are refused and change nothing. */
struct way { const char *method; int role; unsigned from; };        /* from: bits of states */
static const struct way STEPS[] = {
    { "federal.passport.fill",    ROLE_CENTRE,    1u << PASSPORT_DRAFT },
    { "federal.cell.enter",       ROLE_CENTRE,    1u << PASSPORT_DRAFT },
    { "federal.passport.submit",  ROLE_CENTRE,    1u << PASSPORT_DRAFT },
    { "federal.passport.return",  ROLE_AUTHORITY, 1u << PASSPORT_SUBMITTED },
    { "federal.passport.approve", ROLE_AUTHORITY, 1u << PASSPORT_SUBMITTED },
    { "federal.passport.send",    ROLE_CENTRE,    1u << PASSPORT_APPROVED },
    { "federal.answer.enter",     ROLE_CENTRE,    1u << PASSPORT_SENT },
    { "federal.passport.open",    ROLE_CENTRE,    1u << PASSPORT_AGREED | 1u << PASSPORT_RETURNED },
};

static const char *take_step(struct desk *desk, const struct way *step, const struct uuid *id)
{
    day_t today = day_of_moment(desk->r->time.wall, 420);
    struct passport_id only = { *id };
    struct passport_open open = { desk->year };
    struct passport_approve approve = { .passport = *id };
    struct passport_return back = { *id, "нет подписи" };
    struct operator_answer answer = { .passport = *id, .outcome = ANSWER_RETURNED, .number = "1", .day = today, .remarks = "блок 4" };
    struct cell_enter enter = { .passport = *id, .block = 4, .row = "finance", .column = "value", .value = "1", .document = "письмо", .day = today };
    if (strcmp(step->method, "federal.passport.open") == 0)
        return say(desk, step->role, step->method, &passport_open_desc, &open);
    if (strcmp(step->method, "federal.passport.approve") == 0)
        return say(desk, step->role, step->method, &passport_approve_desc, &approve);
    if (strcmp(step->method, "federal.passport.return") == 0)
        return say(desk, step->role, step->method, &passport_return_desc, &back);
    if (strcmp(step->method, "federal.answer.enter") == 0)
        return say(desk, step->role, step->method, &operator_answer_desc, &answer);
    if (strcmp(step->method, "federal.cell.enter") == 0)
        return say(desk, step->role, step->method, &cell_enter_desc, &enter);
    return say(desk, step->role, step->method, &passport_id_desc, &only);
}

static void refuse_others(struct desk *desk, const struct uuid *id)
{
    struct passport passport = get(desk, id);
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        if ((STEPS[i].from & 1u << passport.state) != 0)
            continue;
        const char *reason = take_step(desk, &STEPS[i], id);
        bool expected = strcmp(reason, "wrong_state") == 0 || strcmp(reason, "passport_open") == 0 || strcmp(reason, "already_answered") == 0;
        if (!expected)
            fail_msg("%s of a passport that is %s: \"%s\"", STEPS[i].method, passport_state_names.names[passport.state], reason);
        assert_int_equal(get(desk, id).state, passport.state);
    }
}

static void a_passport_takes_no_other_way(void **state)
{
    static const size_t WAY[] = { 2, 3, 2, 4, 5, 6 };     /* submit, return, submit, approve, send, answer */
    struct desk *desk = *state;
    struct uuid id = filled_passport(desk);
    refuse_others(desk, &id);
    for (size_t i = 0; i < sizeof WAY / sizeof *WAY; i++) {
        const char *reason = take_step(desk, &STEPS[WAY[i]], &id);
        if (reason[0] != '\0')
            fail_msg("%s: %s", STEPS[WAY[i]].method, reason);
        refuse_others(desk, &id);
    }
    assert_int_equal(get(desk, &id).state, PASSPORT_RETURNED);
    assert_string_equal(get(desk, &id).answer->remarks, "блок 4");
    struct passport_open other = { 1999 };
    assert_string_equal(say(desk, ROLE_CENTRE, "federal.passport.open", &passport_open_desc, &other), "year_unknown");
    assert_string_equal(say(desk, ROLE_CENTRE, "federal.passport.submit", &passport_id_desc, &(struct passport_id){ desk->r->anna }),
                        "passport_unknown");
    sound(desk);
}

static void what_is_approved_is_frozen(void **state)
{
    struct desk *desk = *state;
    struct region *r = desk->r;
    struct uuid id = filled_passport(desk);
    uint8_t wrong[HASH_SIZE] = { 7 };
    struct passport_approve approve = { .passport = id, .content = bytes(wrong, HASH_SIZE) };
    move(desk, ROLE_CENTRE, "federal.passport.submit", &id);
    assert_string_equal(say(desk, ROLE_AUTHORITY, "federal.passport.approve", &passport_approve_desc, &approve), "content_changed");
    approve.content = bytes(NULL, 0);
    say_well(desk, ROLE_AUTHORITY, "federal.passport.approve", &passport_approve_desc, &approve);
    struct hash was;
    struct passport passport = get(desk, &id);
    memcpy(was.b, passport.content.at, HASH_SIZE);
    struct run next = { .programme = r->course, .day = day_of_moment(r->time.wall, 420), .code = "Н-3" };
    region_do(r, R_PROGRAMMES, region_who(ROLE_INSTITUTE, &r->institute), "programmes.run.record", &run_desc, &next);
    region_follow(r);
    run(desk, FILLING);
    move(desk, ROLE_CENTRE, "federal.passport.send", &id);
    run(desk, OUTBOX);
    passport = get(desk, &id);
    assert_memory_equal(passport.content.at, was.b, HASH_SIZE);
    struct buf json = file_of(desk, "outbox", passport.name, ".json");
    struct package_says says;
    char fault[200] = "";
    assert_int_equal(package_read(buf_bytes(&json), &r->arena, &says, fault), ERR_OK);
    assert_memory_equal(says.content.b, was.b, HASH_SIZE);
    assert_true(says.content_holds && says.canonical);
    buf_free(&json);
    sound(desk);
}

/* ── out ──────────────────────────────────────────────────────────────────── */

static void what_was_sent_lies_in_the_outbox_whole_and_signed(void **state)
{
    struct desk *desk = *state;
    struct uuid id = sent_passport(desk);
    run(desk, OUTBOX);
    struct passport passport = get(desk, &id);
    uint8_t key[PUBLIC_SIZE];
    char fault[200] = "";
    assert_non_null(passport.name);
    struct meta meta = machine_meta(desk->r->machine[R_FEDERAL]);
    assert_string_equal(passport.name, package_name(&desk->r->arena, &meta.journal, passport.sending));
    assert_int_equal(files_in(desk, "outbox"), 3);
    assert_int_equal(files_in(desk, "sent"), 3);
    struct buf json = file_of(desk, "outbox", passport.name, ".json"), sig = file_of(desk, "outbox", passport.name, ".json.sig"),
               again = file_of(desk, "sent", passport.name, ".json");
    struct hash hash = package_hash(buf_bytes(&json));
    assert_int_equal(sign_load_public(arena_format(&desk->r->arena, "%s/federal.pub", desk->keys), key, fault), ERR_OK);
    assert_true(sign_holds(key, buf_bytes(&json), buf_bytes(&sig)));
    assert_true(bytes_equal(passport.package, bytes(hash.b, HASH_SIZE)));
    assert_true(bytes_equal(buf_bytes(&json), buf_bytes(&again)));
    struct package_says says;
    assert_int_equal(package_read(buf_bytes(&json), &desk->r->arena, &says, fault), ERR_OK);
    assert_string_equal(says.name, passport.name);
    assert_int_equal(says.cells, passport_cells(&passport));
    assert_int_equal(says.year, desk->year);
    assert_int_equal(says.sending, passport.sending);

    /* A process that has forgotten everything but its journal writes the same bytes: nothing in the folder changes. */
    uint64_t head = machine_head(desk->r->machine[R_FEDERAL]);
    run(desk, OUTBOX);
    assert_int_equal(machine_head(desk->r->machine[R_FEDERAL]), head);
    buf_free(&json);
    buf_free(&sig);
    buf_free(&again);
    sound(desk);
}

struct kill_at { const char *name; int left; };
static jmp_buf fallen;

static void fall(void *arg, const char *name)
{
    struct kill_at *kill = arg;
    if (strcmp(name, kill->name) == 0 && --kill->left == 0)
        longjmp(fallen, 1);
}

/* A step that may end in the middle. What it held then is lost with a process; here it is left lying, and that is no
 * leak to be told of. */
static bool falls_in_step(struct desk *desk, size_t which, struct kill_at kill)
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

/* A step that ends in the middle (its memory is lost with it), then a whole one, an hour later: one file a name, of
 * the same bytes as where nothing fell. */
static void a_fall_on_the_way_out_changes_no_byte(void **state)
{
    static const struct kill_at POINTS[] = { { "parcel_made", 1 }, { "file_written", 1 }, { "file_renamed", 1 }, { "parcel_file", 1 },
        { "parcel_file", 2 }, { "parcel_file", 3 }, { "parcel_file", 4 }, { "file_written", 1 }, { "parcel_file", 6 }, { "parcel_put", 1 } };
    struct desk *desk = *state;
    struct uuid id = sent_passport(desk);
    struct buf first[3] = { 0 };
    static const char *const SUFFIX[] = { ".json", ".json.sig", ".xlsx" };
    const char *name = NULL;
    for (size_t i = 0; i < sizeof POINTS / sizeof *POINTS; i++) {
        if (!falls_in_step(desk, OUTBOX, POINTS[i]))
            fail_msg("%s was not reached", POINTS[i].name);
        pass(desk, 60 * MOMENT_MINUTE);
        if (name == NULL) {
            struct meta meta = machine_meta(desk->r->machine[R_FEDERAL]);
            name = package_name(&desk->r->arena, &meta.journal, get(desk, &id).sending);
        }
    }
    run(desk, OUTBOX);
    struct passport passport = get(desk, &id);
    assert_string_equal(passport.name, name);
    assert_int_equal(files_in(desk, "outbox"), 3);
    assert_int_equal(files_in(desk, "sent"), 3);
    for (size_t i = 0; i < 3; i++) {
        first[i] = file_of(desk, "outbox", name, SUFFIX[i]);
        struct buf kept = file_of(desk, "sent", name, SUFFIX[i]);
        assert_true(bytes_equal(buf_bytes(&first[i]), buf_bytes(&kept)));
        buf_free(&kept);
        buf_free(&first[i]);
    }
    sound(desk);
}

static void a_name_that_is_taken_and_a_key_that_is_missing_are_said(void **state)
{
    struct desk *desk = *state;
    struct uuid id = sent_passport(desk);
    struct meta meta = machine_meta(desk->r->machine[R_FEDERAL]);
    const char *name = package_name(&desk->r->arena, &meta.journal, get(desk, &id).sending), *key = desk->errand[OUTBOX].sign_key;
    const char *outbox = arena_format(&desk->r->arena, "%s/outbox", desk->files), *file = arena_format(&desk->r->arena, "%s.json", name);
    desk->errand[OUTBOX].sign_key = NULL;
    run(desk, OUTBOX);
    assert_string_equal(get(desk, &id).fault, "no_sign_key");
    desk->errand[OUTBOX].sign_key = key;
    assert_int_equal(dir_make(outbox, 0750), ERR_OK);
    assert_int_equal(file_put(outbox, file, bytes_of("somebody else's")), ERR_OK);
    run(desk, OUTBOX);
    run(desk, OUTBOX);
    assert_string_equal(get(desk, &id).fault, "name_taken");
    struct buf there = file_of(desk, "outbox", name, ".json");
    assert_true(bytes_equal(buf_bytes(&there), bytes_of("somebody else's")));
    buf_free(&there);
    assert_int_equal(file_drop(outbox, file), ERR_OK);
    run(desk, OUTBOX);
    assert_null(get(desk, &id).fault);
    assert_int_equal(files_in(desk, "outbox"), 3);
    sound(desk);
}

/* ── in ───────────────────────────────────────────────────────────────────── */

static void drop(struct desk *desk, const char *name, struct bytes content, const struct sign_pair *by)
{
    const char *inbox = arena_format(&desk->r->arena, "%s/inbox", desk->files);
    uint8_t signature[SIGNATURE_SIZE];
    assert_int_equal(dir_make(inbox, 0750), ERR_OK);
    assert_int_equal(file_put_over(inbox, name, content), ERR_OK);
    if (by != NULL) {
        sign_make(by, content, signature);
        assert_int_equal(file_put_over(inbox, arena_format(&desk->r->arena, "%s.sig", name), bytes(signature, sizeof signature)), ERR_OK);
    }
}

static struct receipt receipt_for(struct desk *desk, const struct passport *passport, int outcome)
{
    struct receipt receipt = { .package = passport->name, .outcome = outcome, .number = "77-пк",
                               .day = day_of_moment(desk->r->time.wall, 420), .remarks = outcome == ANSWER_RETURNED ? "Уточнить блок 4" : NULL };
    memcpy(receipt.hash.b, passport->package.at, HASH_SIZE);
    return receipt;
}

static struct buf receipt_bytes(const struct receipt *receipt)
{
    struct buf out = { 0 };
    receipt_write(receipt, &out);
    return out;
}

static void a_receipt_is_taken_once(void **state)
{
    struct desk *desk = *state;
    struct uuid id = sent_passport(desk);
    run(desk, OUTBOX);
    struct passport passport = get(desk, &id);
    struct receipt receipt = receipt_for(desk, &passport, ANSWER_RETURNED);
    struct buf content = receipt_bytes(&receipt);
    drop(desk, "ответ.json", buf_bytes(&content), &desk->operator);
    run(desk, INBOX);
    assert_int_equal(get(desk, &id).state, PASSPORT_RETURNED);
    assert_string_equal(get(desk, &id).answer->number, "77-пк");
    assert_int_equal(files_in(desk, "inbox"), 0);
    assert_int_equal(files_in(desk, "inbox/taken"), 2);
    uint64_t head = machine_head(desk->r->machine[R_FEDERAL]);
    drop(desk, "ответ.json", buf_bytes(&content), &desk->operator);
    drop(desk, "копия.json", buf_bytes(&content), &desk->operator);
    run(desk, INBOX);
    assert_int_equal(machine_head(desk->r->machine[R_FEDERAL]), head);      /* not even a refusal */
    assert_int_equal(files_in(desk, "inbox/taken"), 6);
    receipt.outcome = ANSWER_AGREED;
    buf_clear(&content);
    receipt_write(&receipt, &content);
    drop(desk, "другой.json", buf_bytes(&content), &desk->operator);
    run(desk, INBOX);
    assert_int_equal(get(desk, &id).state, PASSPORT_RETURNED);
    assert_int_equal(files_in(desk, "inbox/refused"), 3);       /* letter, signature, reason */
    buf_free(&content);
    sound(desk);
}

static void a_fall_on_the_way_in_takes_it_once(void **state)
{
    static const char *const POINTS[] = { "receipt_submitted", "letter_taken", "letter_half_moved", "file_moved" };
    struct desk *desk = *state;
    struct uuid id = sent_passport(desk);
    run(desk, OUTBOX);
    struct passport passport = get(desk, &id);
    struct receipt receipt = receipt_for(desk, &passport, ANSWER_AGREED);
    struct buf content = receipt_bytes(&receipt);
    uint64_t head = machine_head(desk->r->machine[R_FEDERAL]);
    for (size_t i = 0; i < sizeof POINTS / sizeof *POINTS; i++) {
        drop(desk, arena_format(&desk->r->arena, "r%zu.json", i), buf_bytes(&content), &desk->operator);
        if (!falls_in_step(desk, INBOX, (struct kill_at){ POINTS[i], 1 }))
            fail_msg("%s was not reached", POINTS[i]);
        run(desk, INBOX);
    }
    for (int i = 0; i < 3; i++) {           /* a letter that lost its signature to a fall is put away in its time */
        pass(desk, 3 * MOMENT_MINUTE);
        run(desk, INBOX);
    }
    assert_int_equal(files_in(desk, "inbox"), 0);
    assert_int_equal(files_in(desk, "inbox/refused"), 0);
    assert_int_equal(files_in(desk, "inbox/taken"), 8);
    assert_int_equal(get(desk, &id).state, PASSPORT_AGREED);
    unsigned taken = 0;
    struct txn txn;
    struct entry entry;
    txn_begin(&txn, machine_store(desk->r->machine[R_FEDERAL]), TXN_READ);
    for (uint64_t n = head + 1; journal_get(&txn, n, &desk->r->arena, &entry, NULL); n++)
        taken += strcmp(entry.event, "federal.answer.taken") == 0;
    assert_int_equal(txn_end(&txn), ERR_OK);
    if (taken != 1)
        fail_msg("the receipt had its effect %u times", taken);
    buf_free(&content);
    sound(desk);
}

/* What is no receipt goes to refused with its reason, and nothing of it is lost. */
static void what_is_no_receipt_is_put_aside_with_its_reason(void **state)
{
    struct desk *desk = *state;
    struct region *r = desk->r;
    struct uuid id = sent_passport(desk);
    run(desk, OUTBOX);
    struct passport passport = get(desk, &id);
    struct receipt good = receipt_for(desk, &passport, ANSWER_AGREED), other = good, future = good;
    struct sign_pair stranger;
    char fault[200] = "";
    static char large[RECEIPT_MAX + 10];
    memset(large, ' ', sizeof large);
    other.hash.b[5] ^= 1;
    future.day += 2;
    struct buf content = receipt_bytes(&good), other_bytes = receipt_bytes(&other), future_bytes = receipt_bytes(&future);
    assert_int_equal(sign_new(arena_format(&r->arena, "%s/x.sign", desk->dir), arena_format(&r->arena, "%s/x.pub", desk->dir)), ERR_OK);
    assert_int_equal(sign_load(arena_format(&r->arena, "%s/x.sign", desk->dir), &stranger, fault), ERR_OK);
    drop(desk, "a-unsigned.json", buf_bytes(&content), NULL);
    drop(desk, "b-forged.json", buf_bytes(&content), &stranger);
    drop(desk, "c-other.json", buf_bytes(&other_bytes), &desk->operator);
    drop(desk, "d-half.json", bytes(content.at, content.n / 2), &desk->operator);
    drop(desk, "e-large.json", bytes(large, sizeof large), &desk->operator);
    drop(desk, "f-note.txt", bytes_of("здравствуйте"), NULL);
    drop(desk, "g-future.json", buf_bytes(&future_bytes), &desk->operator);
    drop(desk, "h-lonely.json.sig", bytes_of("x"), NULL);
    const char *deep = arena_format(&r->arena, "%.*s", 3000, large);
    memset((char *)deep, '[', 3000);
    drop(desk, "i-deep.json", bytes_of(deep), &desk->operator);
    char name[190];
    memset(name, 'n', sizeof name);
    snprintf(name + 180, 10, ".json");
    drop(desk, name, buf_bytes(&content), &stranger);
    unsigned dropped = files_in(desk, "inbox");
    run(desk, INBOX);
    assert_int_equal(get(desk, &id).state, PASSPORT_SENT);
    assert_true(files_in(desk, "inbox") > 0);           /* some may still be on their way in */
    pass(desk, 3 * MOMENT_MINUTE);
    run(desk, INBOX);
    assert_int_equal(files_in(desk, "inbox"), 0);
    assert_int_equal(files_in(desk, "inbox/refused"), dropped + 10);
    static const struct { const char *file, *reason; } WANTED[] = {
        { "a-unsigned.json", "not_signed" }, { "b-forged.json", "signature_wrong" }, { "c-other.json", "package_differs" },
        { "d-half.json", "receipt_malformed" }, { "e-large.json", "too_large" }, { "f-note.txt", "not_a_receipt" },
        { "g-future.json", "day_not_allowed" }, { "h-lonely.json.sig", "letter_missing" }, { "i-deep.json", "receipt_malformed" } };
    struct letters_of ask = { 0 };
    struct letter_list letters;
    struct outcome outcome = region_ask(r, R_FEDERAL, region_who(ROLE_OPERATOR, NULL), "federal.letter.list", &letters_of_desc, &ask);
    toy_decode(&letter_list_desc, outcome.body, &letters, &r->arena);
    assert_int_equal(letters.rows.n, 10);
    for (size_t i = 0; i < sizeof WANTED / sizeof *WANTED; i++) {
        struct buf why = file_of(desk, "inbox/refused", WANTED[i].file, ".reason.txt");
        bool found = false;
        if (strncmp(buf_string(&why), WANTED[i].reason, strlen(WANTED[i].reason)) != 0)
            fail_msg("%s: %s", WANTED[i].file, buf_string(&why));
        buf_free(&why);
        for (uint32_t k = 0; k < letters.rows.n; k++)
            found |= strcmp(letters.rows.at[k].refused->file, WANTED[i].file) == 0 &&
                     strcmp(letters.rows.at[k].refused->reason, WANTED[i].reason) == 0;
        if (!found)
            fail_msg("%s is not in the list with %s", WANTED[i].file, WANTED[i].reason);
    }
    /* And the one that is right is still taken. */
    drop(desk, "z-good.json", buf_bytes(&content), &desk->operator);
    run(desk, INBOX);
    assert_int_equal(get(desk, &id).state, PASSPORT_AGREED);
    buf_free(&content);
    buf_free(&other_bytes);
    buf_free(&future_bytes);
    sound(desk);
}

/* A file that is still being written is not refused for what it is not yet. */
static void a_letter_on_its_way_in_is_waited_for(void **state)
{
    struct desk *desk = *state;
    struct uuid id = sent_passport(desk);
    run(desk, OUTBOX);
    struct passport passport = get(desk, &id);
    struct receipt receipt = receipt_for(desk, &passport, ANSWER_AGREED);
    struct buf content = receipt_bytes(&receipt);
    for (size_t n = 0; n < content.n; n += 40) {
        drop(desk, "slow.json", bytes(content.at, n), NULL);
        run(desk, INBOX);
        pass(desk, MOMENT_MINUTE);
    }
    assert_int_equal(get(desk, &id).state, PASSPORT_SENT);
    assert_int_equal(files_in(desk, "inbox"), 1);
    drop(desk, "slow.json", buf_bytes(&content), &desk->operator);
    run(desk, INBOX);
    assert_int_equal(get(desk, &id).state, PASSPORT_AGREED);
    buf_free(&content);
    sound(desk);
}

/* ── an inbox full of everything ──────────────────────────────────────────── */

enum fault { WHOLE, AGAIN, CUT, FLIPPED, FOREIGN, OTHER_HASH, UNSIGNED, FAULTS };
#define LETTERS 700

struct mail { struct desk *desk; struct prng prng; struct passport passport[2]; struct buf right[2]; };

/* One letter, right or wrong, about one of two passports, in no order. */
static void post(struct mail *mail, uint32_t i)
{
    struct desk *desk = mail->desk;
    unsigned which = (unsigned)prng_below(&mail->prng, 2);
    enum fault fault = i < 2 ? WHOLE : (enum fault)prng_below(&mail->prng, FAULTS);
    struct receipt receipt = receipt_for(desk, &mail->passport[which], ANSWER_AGREED);
    struct sign_pair other = desk->operator;
    const char *name = arena_format(&desk->r->arena, "%08llx-%u.json", (unsigned long long)prng_below(&mail->prng, UINT32_MAX), i);
    receipt.number = arena_format(&desk->r->arena, "%u", i);
    receipt.hash.b[0] ^= fault == OTHER_HASH;
    struct buf content = receipt_bytes(&receipt);
    if (fault == AGAIN) {
        buf_clear(&content);
        buf_put(&content, mail->right[which].at, mail->right[which].n);
    }
    if (fault == CUT)
        content.n = prng_below(&mail->prng, content.n);
    drop(desk, name, buf_bytes(&content), fault == UNSIGNED ? NULL : &other);
    if (fault == FLIPPED) {
        content.at[prng_below(&mail->prng, content.n)] ^= 1;
        assert_int_equal(file_put_over(arena_format(&desk->r->arena, "%s/inbox", desk->files), name, buf_bytes(&content)), ERR_OK);
    }
    if (fault == FOREIGN) {
        uint8_t signature[SIGNATURE_SIZE] = { 1 };
        assert_int_equal(file_put_over(arena_format(&desk->r->arena, "%s/inbox", desk->files), arena_format(&desk->r->arena, "%s.sig", name),
                                       bytes(signature, sizeof signature)), ERR_OK);
    }
    buf_free(&content);
}

static unsigned answers(struct desk *desk, const struct uuid *id)
{
    struct operator_answer answer;
    struct entry entry;
    struct txn txn;
    unsigned n = 0;
    txn_begin(&txn, machine_store(desk->r->machine[R_FEDERAL]), TXN_READ);
    for (uint64_t i = 1; journal_get(&txn, i, &desk->r->arena, &entry, NULL); i++)
        if (strcmp(entry.event, "federal.answer.taken") == 0) {
            toy_decode(&operator_answer_desc, entry.body, &answer, &desk->r->arena);
            n += uuid_equal(&answer.passport, id);
        }
    assert_int_equal(txn_end(&txn), ERR_OK);
    return n;
}

/* Right ones, copies, cut off, changed, foreign, about another package, unsigned, in any order, with falls on the way:
 * each passport is answered once, and every letter lies somewhere. */
static void in_a_flood_of_letters_each_effect_comes_once_and_none_is_lost(void **state)
{
    static const char *const POINTS[] = { "receipt_submitted", "letter_taken", "letter_reason", "letter_refused", "letter_half_moved", "file_moved",
                                          "file_written", "file_renamed" };
    struct desk *desk = *state;
    struct mail mail = { .desk = desk };
    prng_seed(&mail.prng, 25);
    for (size_t i = 0; i < 2; i++, desk->year--) {
        struct uuid id = sent_passport(desk);
        run(desk, OUTBOX);
        mail.passport[i] = get(desk, &id);
        struct receipt receipt = receipt_for(desk, &mail.passport[i], ANSWER_AGREED);
        mail.right[i] = receipt_bytes(&receipt);
    }
    for (uint32_t i = 0; i < LETTERS; i++)
        post(&mail, i);
    unsigned falls = 0, files = files_in(desk, "inbox");
    for (unsigned round = 0; round < 400 && files_in(desk, "inbox") > 0; round++) {
        falls += falls_in_step(desk, INBOX, (struct kill_at){ POINTS[round % 8], 1 + (int)prng_below(&mail.prng, 20) });
        pass(desk, 3 * MOMENT_MINUTE);
    }
    assert_true(falls > 20);
    assert_int_equal(files_in(desk, "inbox"), 0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(get(desk, &mail.passport[i].id).state, PASSPORT_AGREED);
        if (answers(desk, &mail.passport[i].id) != 1)
            fail_msg("passport %zu was answered %u times", i, answers(desk, &mail.passport[i].id));
        buf_free(&mail.right[i]);
    }
    unsigned reasons = 0, refused = files_in(desk, "inbox/refused");
    dir_each(arena_format(&desk->r->arena, "%s/inbox/refused", desk->files), count_reason, &reasons);
    assert_int_equal(files_in(desk, "inbox/taken") + refused - reasons, files);
    sound(desk);
}

/* ── versions ─────────────────────────────────────────────────────────────── */

static void a_new_version_shows_what_has_changed(void **state)
{
    struct desk *desk = *state;
    struct region *r = desk->r;
    day_t today = day_of_moment(r->time.wall, 420);
    struct uuid first = filled_passport(desk);
    struct cell_enter enter = { .passport = first, .block = 4, .row = "sum", .column = "план", .value = "10", .document = "письмо № 1", .day = today };
    say_well(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter);
    static const size_t WAY[] = { 2, 4, 5, 6 };             /* submit, approve, send, answer */
    for (size_t i = 0; i < sizeof WAY / sizeof *WAY; i++)
        assert_string_equal(take_step(desk, &STEPS[WAY[i]], &first), "");
    struct uuid second = filled_passport(desk);
    struct passport passport = get(desk, &second);
    assert_int_equal(passport.version, 2);
    assert_true(uuid_equal(&passport.previous, &first));
    struct compare_of compare = { .before = first, .after = second, .limit = 1 };
    struct difference_list list;
    struct outcome outcome = region_ask(r, R_FEDERAL, region_who(ROLE_CENTRE, NULL), "federal.passport.compare", &compare_of_desc, &compare);
    toy_decode(&difference_list_desc, outcome.body, &list, &r->arena);
    assert_int_equal(list.rows.n, 0);       /* what was typed came along, what is counted is the same */
    enter.passport = second;
    enter.value = "20";
    say_well(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter);
    enter.row = "sum-2";
    say_well(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter);
    unsigned changed = 0, added = 0;
    do {
        outcome = region_ask(r, R_FEDERAL, region_who(ROLE_CENTRE, NULL), "federal.passport.compare", &compare_of_desc, &compare);
        toy_decode(&difference_list_desc, outcome.body, &list, &r->arena);
        for (uint32_t i = 0; i < list.rows.n; i++) {
            changed += list.rows.at[i].before != NULL && list.rows.at[i].after != NULL;
            added += list.rows.at[i].before == NULL;
        }
        compare.page = list.next;
    } while (compare.page.n > 0);
    assert_int_equal(changed, 1);
    assert_int_equal(added, 1);
    struct passports_of of = { .year = desk->year, .limit = 1 };
    struct passport_list passports;
    outcome = region_ask(r, R_FEDERAL, region_who(ROLE_OPERATOR, NULL), "federal.passport.list", &passports_of_desc, &of);
    toy_decode(&passport_list_desc, outcome.body, &passports, &r->arena);
    assert_int_equal(passports.rows.n, 1);
    assert_int_equal(passports.rows.at[0].version, 2);
    assert_true(passports.next.n > 0);
    of.after = passports.next;
    outcome = region_ask(r, R_FEDERAL, region_who(ROLE_OPERATOR, NULL), "federal.passport.list", &passports_of_desc, &of);
    toy_decode(&passport_list_desc, outcome.body, &passports, &r->arena);
    assert_int_equal(passports.rows.at[0].version, 1);
    assert_int_equal(passports.next.n, 0);
    sound(desk);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_draft_fills_itself_from_the_services_and_names_its_gaps),
        TEST(a_service_that_is_down_is_waited_for),
        TEST(filling_again_takes_what_is_new_and_keeps_what_was_typed),
        TEST(what_is_counted_cannot_be_typed_over_and_a_gap_can),
        TEST(an_attempt_that_was_cut_off_leaves_no_half_block),
        TEST(a_passport_takes_no_other_way),
        TEST(what_is_approved_is_frozen),
        TEST(what_was_sent_lies_in_the_outbox_whole_and_signed),
        TEST(a_fall_on_the_way_out_changes_no_byte),
        TEST(a_name_that_is_taken_and_a_key_that_is_missing_are_said),
        TEST(a_receipt_is_taken_once),
        TEST(a_fall_on_the_way_in_takes_it_once),
        TEST(what_is_no_receipt_is_put_aside_with_its_reason),
        TEST(a_letter_on_its_way_in_is_waited_for),
        TEST(in_a_flood_of_letters_each_effect_comes_once_and_none_is_lost),
        TEST(a_new_version_shows_what_has_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

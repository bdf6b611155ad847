#include "tests/service/rights_subjects.h"
#include "tests/unit/own_arena.h"

#include "common/service/system_methods.h"
#include "proto/roster_registers.h"

/* Who may do what: tests/data/rights.csv, written by hand, against the tables of the services and what they
 * really answer. */

extern const struct service node_service;

struct right { const char *method; roles_t roles; const char *reach; bool seen; };
static struct right rights[400];
static size_t right_count;

static const char *source_file(const char *name)
{
    const char *source = getenv("RSNMS_SOURCE");
    return arena_format(&arena, "%s/%s", source != NULL ? source : ".", name);
}

static void read_roles(struct right *right, const char *text)
{
    while (*text != '\0') {
        size_t n = strcspn(text, " ");
        int role = enum_find(&role_names, text, n);
        if (role < 0)
            fail_msg("%s: no such role: %.*s", right->method, (int)n, text);
        right->roles |= ROLE(role);
        text += n + (text[n] == ' ');
    }
}

static int read_rights(void **state)
{
    static char line[400];
    FILE *file = fopen(source_file("tests/data/rights.csv"), "r");
    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#' || strncmp(line, "method;", 7) == 0)
            continue;
        line[strcspn(line, "\n")] = '\0';
        char *roles = strchr(line, ';'), *reach = roles != NULL ? strchr(roles + 1, ';') : NULL;
        assert_non_null(reach);
        *roles++ = '\0';
        *reach++ = '\0';
        struct right *right = &rights[right_count++];
        *right = (struct right){ .method = arena_string(&arena, line, strlen(line)),
                                 .reach = arena_string(&arena, reach, strlen(reach)) };
        read_roles(right, roles);
    }
    fclose(file);
    return 0;
}

static struct right *right_of(const char *method)
{
    for (size_t i = 0; i < right_count; i++) {
        const char *name = rights[i].method, *dot = strchr(method, '.');
        if (strcmp(name, method) == 0 || (name[0] == '*' && dot != NULL && strcmp(name + 1, dot) == 0)) {
            rights[i].seen = true;
            return &rights[i];
        }
    }
    return NULL;
}

static unsigned compare(const char *method, roles_t roles)
{
    struct right *right = right_of(method);
    if (right == NULL)
        print_error("%s is not in rights.csv\n", method);
    else if (right->roles != roles)
        print_error("%s: roles %#x, rights.csv says %#x\n", method, roles, right->roles);
    return right == NULL || right->roles != roles;
}

static unsigned compare_service(const struct service *service)
{
    unsigned faults = 0;
    for (size_t i = 0; i < service->command_count; i++)
        faults += compare(service->commands[i].name, service->commands[i].roles);
    for (size_t i = 0; i < service->query_count; i++)
        faults += compare(service->queries[i].name, service->queries[i].roles);
    faults += compare(arena_format(&arena, "%s journal", service->name), service->follow_roles);
    for (int i = 0; i < SYSTEM_METHOD_COUNT; i++)
        faults += compare(arena_format(&arena, "%s.%s", service->name, SYSTEM_METHOD[i].name), system_method_roles(service, i));
    return faults;
}

/* The node is no part of a region, but what it takes stands in the same file. */
static void every_method_stands_in_the_file_with_its_roles(void **state)
{
    unsigned faults = compare_service(&node_service);
    (void)state;
    for (int s = 0; s < R_SERVICES; s++)
        faults += compare_service(REGION_SERVICE[s]);
    for (size_t i = 0; i < right_count; i++)
        if (!rights[i].seen) {
            print_error("%s is in rights.csv and nowhere else\n", rights[i].method);
            faults++;
        }
    assert_int_equal(faults, 0);
}

static struct outcome speak(struct region *r, int service, const struct principal *who, const char *method, struct asked subject)
{
    roles_t roles;
    if (machine_method(r->machine[service], method, &roles) == METHOD_QUERY)
        return region_ask(r, service, *who, method, subject.takes, subject.body);
    return region_do(r, service, *who, method, subject.takes, subject.body);
}

static bool denied(struct region *r, const struct outcome *outcome)
{
    struct problem problem;
    if (outcome->kind == OUTCOME_REPLY)
        return false;
    toy_decode(&problem_desc, outcome->body, &problem, &r->arena);
    return problem.code == PROBLEM_DENIED;
}

/* The reaches that must not, and one that must, suffice. The subject of a programme is the institute's. */
static unsigned try_reaches(struct region *r, int service, const struct right *right, int role, struct asked subject)
{
    bool programme = service == R_PROGRAMMES && strcmp(right->reach, "unit") == 0 &&
                     strcmp(right->method, "programmes.programme.register") != 0;
    bool self = strcmp(right->reach, "self") == 0 && role != ROLE_MUNICIPAL;
    const struct uuid *within = programme ? &r->institute : self || role == ROLE_WORKER ? &r->anna
                              : strcmp(right->reach, "region") == 0 ? &r->id : &r->town_a;
    struct principal nobody = region_who(role, &r->town_a), other = region_who(role, &r->town_b),
                     stranger = region_who(role, &r->boris), mine = region_who(role, within), console = region_who(role, NULL);
    const struct principal *out[] = { &nobody, &other, &stranger };
    unsigned faults = 0;
    nobody.reach.n = 0;
    if (role == ROLE_CONSOLE) {
        other.reach = stranger.reach = console.reach;
        other.actor = r->boris;
        stranger.actor = r->town_b;
        mine = console;
        mine.actor = r->anna;
    }
    for (size_t i = 0; i < sizeof out / sizeof *out; i++) {
        struct outcome outcome = speak(r, service, out[i], right->method, subject);
        if (!denied(r, &outcome)) {
            print_error("%s as %s: out of reach (%zu) and not denied: %s\n", right->method, role_names.names[role], i,
                        toy_reason(&outcome, &r->arena));
            faults++;
        }
    }
    if (self && role != ROLE_CONSOLE) {
        struct principal above = region_who(role, &r->town_a);
        struct outcome outcome = speak(r, service, &above, right->method, subject);
        if (!denied(r, &outcome)) {
            print_error("%s as %s: for another, and not denied\n", right->method, role_names.names[role]);
            faults++;
        }
    }
    struct outcome outcome = speak(r, service, &mine, right->method, subject);
    if (denied(r, &outcome)) {
        print_error("%s as %s: within reach and denied: %s\n", right->method, role_names.names[role], toy_reason(&outcome, &r->arena));
        faults++;
    }
    return faults;
}

static void reach_is_asked_of_every_method_that_has_a_subject(void **state)
{
    struct region *r = region_open();
    unsigned faults = 0, tried = 0;
    (void)state;
    for (size_t i = 0; i < right_count; i++) {
        const struct right *right = &rights[i];
        int service = -1;
        if (strcmp(right->reach, "open") == 0 || strcmp(right->reach, "filtered") == 0)
            continue;
        for (int s = 0; s < R_SERVICES; s++)
            if (strncmp(REGION_SERVICE[s]->name, right->method, strcspn(right->method, ".")) == 0)
                service = s;
        struct asked subject = rights_subject(r, right->method);
        if (service < 0 || subject.takes == NULL) {
            print_error("%s: the test has no subject for it\n", right->method);
            faults++;
            continue;
        }
        for (int role = 0; role < role_count; role++)
            if ((right->roles & ROLE(role)) != 0) {
                faults += try_reaches(r, service, right, role, subject);
                tried++;
            }
    }
    region_close(r);
    assert_int_equal(faults, 0);
    assert_true(tried > 40);
}

static void a_role_that_is_not_in_the_row_is_denied(void **state)
{
    struct region *r = region_open();
    unsigned faults = 0;
    (void)state;
    for (int s = 0; s < R_SERVICES; s++)
        for (size_t i = 0; i < REGION_SERVICE[s]->command_count + REGION_SERVICE[s]->query_count; i++) {
            const struct service *service = REGION_SERVICE[s];
            bool command = i < service->command_count;
            const char *method = command ? service->commands[i].name : service->queries[i - service->command_count].name;
            const struct right *right = right_of(method);
            struct nothing nothing = { 0 };
            for (int role = 0; role < role_count && right != NULL; role++) {
                struct principal who = region_who(role, NULL);
                struct outcome outcome = speak(r, s, &who, method, (struct asked){ &nothing_desc, &nothing });
                bool expected = (right->roles & ROLE(role)) == 0;
                bool role_denied = outcome.kind == OUTCOME_PROBLEM && strcmp(toy_reason(&outcome, &r->arena), "role") == 0;
                if (role_denied != expected) {
                    print_error("%s as %s: %s\n", method, role_names.names[role], expected ? "not denied" : "denied");
                    faults++;
                }
            }
        }
    region_close(r);
    assert_int_equal(faults, 0);
}

/* Lists that leave out what is out of reach: the id of who is not ours is nowhere in the answer. */
static void lists_hold_nothing_that_is_out_of_reach(void **state)
{
    struct region *r = region_open();
    struct routes_of routes = { 0 };
    struct values_of values = { .level = LEVEL_ORGANISATION };
    struct enrolments_of learners = { .run = r->run };
    struct principal mine = region_who(ROLE_MUNICIPAL, &r->town_a), theirs = region_who(ROLE_MUNICIPAL, &r->town_b);
    struct entries_of entries = { .register_id = "method_staff" };
    struct memberships_of memberships = { .member = r->anna };
    region_do(r, R_ROSTER, region_who(ROLE_CENTRE, NULL), "roster.entry.record", &entry_record_desc, &(struct entry_record){
              .register_id = "method_staff", .person = r->anna, .grounds = { 1, (struct entry_ground[]){ { .ground = "post", .evidence = "приказ 1", .day = 0 } } },
              .from = day_of(2021, 9, 1) });
    const struct { int service; const char *method; struct asked subject; const struct uuid *secret; } rows[] = {
        { R_ROSTER, "roster.entry.list", { &entries_of_desc, &entries }, &r->anna },
        { R_ROSTER, "roster.entry.of", { &memberships_of_desc, &memberships }, &r->anna },
        { R_ROUTES, "routes.route.list", { &routes_of_desc, &routes }, &r->anna },
        { R_PROGRAMMES, "programmes.enrolment.list", { &enrolments_of_desc, &learners }, &r->anna },
        { R_INDICATORS, "indicators.value.list", { &values_of_desc, &values }, &r->school_a },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct outcome ours = speak(r, rows[i].service, &mine, rows[i].method, rows[i].subject);
        struct outcome others = speak(r, rows[i].service, &theirs, rows[i].method, rows[i].subject);
        assert_int_equal(ours.kind, OUTCOME_REPLY);
        assert_int_equal(others.kind, OUTCOME_REPLY);
        assert_non_null(memmem(ours.body.at, ours.body.n, rows[i].secret->b, 16));
        assert_null(memmem(others.body.at, others.body.n, rows[i].secret->b, 16));
    }
    region_close(r);
}

/* A journal followed with a reach: whatever is about ANNA is in it for her town, and for no other. */
static void a_followed_journal_holds_nothing_that_is_out_of_reach(void **state)
{
    struct region *r = region_open();
    const struct { const struct uuid *reach; bool sees; } rows[] = { { &r->id, true }, { &r->town_a, true }, { &r->anna, true },
                                                                     { &r->town_b, false }, { &r->boris, false } };
    static const int services[] = { R_ROSTER, R_DIAGNOSTICS, R_PROGRAMMES, R_ROUTES };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t s = 0; s < sizeof services / sizeof *services; s++) {
            struct feed_wish wish = { .cursor = cursor_start(), .reach = { .n = 1, .id = { *rows[i].reach } },
                                      .entries = 100000, .bytes = 64 << 20 };
            struct feed_result result;
            struct buf out = { 0 };
            assert_int_equal(machine_feed(r->machine[services[s]], &wish, &r->arena, &out, &result), ERR_OK);
            assert_true(result.at_head);
            assert_int_equal(memmem(out.at, out.n, r->anna.b, 16) != NULL, rows[i].sees);
            buf_free(&out);
        }
    region_close(r);
}

/* A reading is an entry; the same id again is for an answer that was lost, not for reading on. */
static void a_reading_is_repeated_for_minutes_only(void **state)
{
    struct region *r = region_open();
    struct person_read read = { r->anna, "сверка списков" };
    struct principal centre = region_who(ROLE_CENTRE, NULL);
    struct uuid id = uuid_v7(r->time.wall / MOMENT_MS, (const uint8_t[10]){ 9 });
    static const struct { moment_t later; const char *reason; } rows[] = {
        { 0, "" }, { 9 * MOMENT_MINUTE, "" }, { 2 * MOMENT_MINUTE, "reading_over" } };
    (void)state;
    uint64_t head = machine_head(r->machine[R_ROSTER]) + 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        r->time.wall += rows[i].later;
        r->time.boot += rows[i].later;
        struct outcome outcome = toy_command(r->machine[R_ROSTER], &centre, id, "roster.person.read", &person_read_desc, &read, &r->arena);
        assert_string_equal(toy_reason(&outcome, &r->arena), rows[i].reason);
        assert_int_equal(machine_head(r->machine[R_ROSTER]), head);
    }
    region_close(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_stands_in_the_file_with_its_roles),
        cmocka_unit_test(a_role_that_is_not_in_the_row_is_denied),
        cmocka_unit_test(reach_is_asked_of_every_method_that_has_a_subject),
        cmocka_unit_test(lists_hold_nothing_that_is_out_of_reach),
        cmocka_unit_test(a_reading_is_repeated_for_minutes_only),
        cmocka_unit_test(a_followed_journal_holds_nothing_that_is_out_of_reach),
    };
    return cmocka_run_group_tests(tests, read_rights, arena_forget);
}

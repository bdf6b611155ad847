/* The node as a machine: what it takes, what it turns away, and that it decides by the region's own rules. */
#include "tests/service/roster_rig.h"
#include "tests/unit/archive.h"
#include "tests/unit/traces.h"

#include <dirent.h>
#include <sys/stat.h>

#include "common/service/errand.h"
#include "common/service/vault.h"
#include "common/service/vault_intake.h"
#include "proto/roles.h"
#include "proto/roster_tree.h"
#include "services/node/intake.h"
#include "services/node/take.h"

#define ROWS_COMPARED 100000u               /* fewer where everything is slower: RSNMS_NODE_ROWS */

extern const struct service node_service;

struct bench {
    struct rig *rig;
    char *dir;
    struct machine *node;
    struct errand intake;
    struct principal own, local, town;
};

static const struct errand_world ALONE = { .submit = errand_submit_direct };

/* ── set-up ───────────────────────────────────────────────────────────────── */

static void hex_of(const uint8_t *at, size_t n, char *text)
{
    for (size_t i = 0; i < n; i++)
        snprintf(text + 2 * i, 3, "%02x", at[i]);
}

static void write_settings(struct bench *bench)
{
    struct rig *rig = bench->rig;
    struct intake_key key;
    static const struct nothing none;
    char path[300], municipality[UUID_TEXT + 1], hex[65], command[900];
    const char *source = getenv("RSNMS_SOURCE");
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.intake.get", &nothing_desc, &none, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&intake_key_desc, outcome.body, &key, &rig->arena);
    hex_of(key.key.at, 32, hex);
    uuid_format(&rig->north, municipality);
    snprintf(path, sizeof path, "%s/node.yaml", bench->dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "name: north\nmunicipality: %s\ntitle: \"Север\"\nintake: \"%s\"\n", municipality, hex);
    assert_int_equal(fclose(file), 0);
    snprintf(command, sizeof command, "cp '%s' '%s/region.yaml' && cp -r '%s/config/messages' '%s/messages' && mkdir '%s/keys'",
             rig->profile, bench->dir, source != NULL ? source : ".", bench->dir, bench->dir);
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof path, "%s/keys/" TAKE_KEY_FILE, bench->dir);
    assert_int_equal(vault_master_new(path), ERR_OK);
}

static void open_node(struct bench *bench, uint64_t cap)
{
    static char store[300], profile[300], says[400], keys[300], files[300];
    struct machine_options options;

    snprintf(store, sizeof store, "%s/data", bench->dir);
    snprintf(profile, sizeof profile, "%s/region.yaml", bench->dir);
    snprintf(keys, sizeof keys, "%s/keys", bench->dir);
    snprintf(files, sizeof files, "%s/files", bench->dir);
    options = toy_options(store, &bench->rig->time);
    options.profile = profile;
    options.says = says;
    options.cap_bytes = cap;
    if (machine_open(&bench->node, &node_service, &options) != ERR_OK)
        fail_msg("%s", says);
    errand_start(&bench->intake, bench->node, 1, &ALONE);
    assert_string_equal(bench->intake.def->name, "intake");
    bench->intake.keys = keys;
    bench->intake.files = files;
    bench->intake.who.id = toy_principal(ROLE_SERVICE).id;
}

static void close_node(struct bench *bench)
{
    errand_end(&bench->intake);
    machine_close(&bench->node);
}

/* What a follower whose reach is the municipality is given. */
static void follow(struct bench *bench)
{
    struct rig *rig = bench->rig;
    for (bool more = true; more; ) {
        struct follow wish;
        struct feed_result result;
        struct outcome outcome;
        struct buf message = { 0 };
        assert_int_equal(machine_follow(bench->node, "roster", &rig->arena, &wish), ERR_OK);
        struct feed_wish feed = { .cursor = *wish.cursor, .prefixes = wish.prefixes.at, .prefix_count = wish.prefixes.n,
                                  .reach = { .n = 1, .id = { rig->north } }, .entries = 1000, .bytes = 1 << 20 };
        assert_int_equal(machine_feed(rig->machine, &feed, &rig->arena, &message, &result), ERR_OK);
        struct input input = { .kind = INPUT_ENTRIES, .stream = "roster", .body = buf_bytes(&message) };
        assert_int_equal(machine_batch(bench->node, &input, 1, &rig->arena, &outcome), ERR_OK);
        assert_int_equal(outcome.kind, OUTCOME_TAKEN);
        buf_free(&message);
        more = !result.at_head;
    }
}

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    void *rig;
    assert_int_equal(rig_set_up(&rig), 0);
    bench->rig = rig;
    bench->dir = toy_dir();
    bench->own = toy_principal(ROLE_SERVICE);
    bench->own.self = true;
    bench->local = toy_principal(ROLE_MUNICIPAL);
    bench->town = reaching(ROLE_MUNICIPAL, &bench->rig->north);
    write_settings(bench);
    open_node(bench, 0);
    follow(bench);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    void *rig = bench->rig;
    close_node(bench);
    toy_remove(bench->dir);
    free(bench);
    return rig_tear_down(&rig);
}

static struct taking taking_of(struct bench *bench)
{
    struct taking taking;
    assert_int_equal(taking_open(&taking, bench->intake.keys, bench->intake.config, &bench->rig->arena, day("2022-09-15")), ERR_OK);
    return taking;
}

static struct outcome enter(struct bench *bench, const struct node_enter *enter)
{
    uint8_t random[10] = { [5] = (uint8_t)(bench->rig->commands >> 8), [6] = (uint8_t)bench->rig->commands };
    bench->rig->commands++;
    return toy_command(bench->node, &bench->local, uuid_v7(bench->rig->time.wall / MOMENT_MS, random), "node.item.enter",
                       &node_enter_desc, enter, &bench->rig->arena);
}

static struct node_status status(struct bench *bench)
{
    static const struct nothing none;
    struct node_status now;
    struct outcome outcome = toy_ask(bench->node, &bench->local, "node.status.get", &nothing_desc, &none, &bench->rig->arena);
    assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "");
    toy_decode(&node_status_desc, outcome.body, &now, &bench->rig->arena);
    return now;
}

static bool holds;
static void holding(const char *file, const struct trace *trace)
{
    print_message("%s: %s in %s\n", file, trace->form, trace->coding);
    holds = true;
}

static bool store_holds(struct bench *bench, const char *text)
{
    struct traces traces = { .arena = &bench->rig->arena };
    traces_add(&traces, text);
    holds = false;
    assert_true(traces_walk(&traces, arena_format(&bench->rig->arena, "%s/data", bench->dir), holding) > 0);
    return holds;
}

/* ── (c) the same verdicts ────────────────────────────────────────────────── */

static const char *pick(struct prng *prng, const char *const *list, uint64_t n)
{
    return list[prng_below(prng, 3) > 0 ? 0 : prng_below(prng, n)];     /* the first, a good one, mostly */
}
#define PICK(prng, ...) pick(prng, (const char *const[]){ __VA_ARGS__ }, sizeof (const char *const[]){ __VA_ARGS__ } / sizeof(char *))

static struct worker_record generated(struct bench *bench, struct prng *prng, unsigned number)
{
    struct arena *arena = &bench->rig->arena;
    static const char *const DAYS[] = { "2015-09-01", "1999-12-31", "2022-09-15", "2023-09-15", "2023-09-16", "2030-01-01", "1971-05-05",
                                        "2020-05-31", "2020-06-01", "2020-06-02" };
    struct worker_record row = {
        .code = prng_below(prng, 40) == 0 ? PICK(prng, " ", "  \t") : prng_below(prng, 60) == 0 ? NULL : arena_format(arena, "%u", number),
        .family = PICK(prng, "Иванова", "Петрова", "Сидорова-Кац", "Ивaнова", "Ivanova", "Ива1", "-", "О’Нил", "Семёнов", NULL,
                       "ЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙ"),
        .given = PICK(prng, "Анна", "Ольга", "Мария", "Anna", "А.", NULL),
        .patronymic = PICK(prng, NULL, "Ильинична", "Ivanovna", "", "Петровна"),
        .born = PICK(prng, "1985-04-12", "12.04.1985", "1961-03-15", "1985-02-30", "1899-12-31", "2010-01-01", "1921-09-01", "2009-09-15",
                     "05.5.1990", "18.05.1970"),
        .snils = PICK(prng, NULL, NULL, NULL, "112-233-445 95", "112-233-445 96", "1122334459", "112x33-445 95", "001-001-998 00"),
        .organisation = PICK(prng, "S1", "S2", "S3", "S4", "S5", "S9", "70-01", " S1 ", "70"),
        .post = PICK(prng, "учитель", "директор", "Учитель", "космонавт", "заместитель директора"),
        .subject = PICK(prng, NULL, "математика", ""),
        .part_time = prng_below(prng, 4) == 0,
        .from = day(DAYS[prng_below(prng, 3) > 0 ? 0 : prng_below(prng, 10)]),
    };
    if (prng_below(prng, 3) == 0)
        row.until = day(DAYS[prng_below(prng, 10)]);
    if (prng_below(prng, 5) == 0)
        row.teaching_since = day(DAYS[prng_below(prng, 7)]);
    return row;
}

/* What rests on whom the region knows already. */
static bool needs_the_region(const char *reason)
{
    static const char *const REASONS[] = { "code_of_another", "snils_of_another", "person_ambiguous", "person_kept_elsewhere",
                                           "post_overlaps", "main_post_overlaps", "too_many_posts" };
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (strcmp(reason, REASONS[i]) == 0)
            return true;
    return false;
}

struct checking { const struct worker_record *row; struct staff_fault fault; bool good; };

static void read_check(struct ctx *ctx, void *arg)
{
    struct checking *checking = arg;
    checking->good = node_staff_check(ctx, checking->row, &checking->fault);
}

/* reason|path|rule|arg=value…, empty when it is taken */
static const char *told(struct arena *arena, const struct staff_fault *fault)
{
    const char *text = fault->denied ? "out_of_reach" : arena_format(arena, "%s|%s|%s", fault->reason, fault->path, fault->rule);
    for (uint32_t i = 0; i < fault->n && !fault->denied; i++)
        text = arena_format(arena, "%s|%s=%s", text, fault->arg[i].name, fault->arg[i].value);
    return text;
}

static const char *decided(struct arena *arena, const struct outcome *outcome)
{
    struct problem problem;
    if (outcome->kind == OUTCOME_REPLY)
        return "";
    toy_decode(&problem_desc, outcome->body, &problem, arena);
    if (needs_the_region(problem.reason))
        return "";
    const char *text = problem.fields.n == 0 ? problem.reason
                     : arena_format(arena, "%s|%s|%s", problem.reason, problem.fields.at[0].path, problem.fields.at[0].rule);
    for (uint32_t i = 0; i < problem.args.n; i++)
        text = arena_format(arena, "%s|%s=%s", text, problem.args.at[i].name, problem.args.at[i].value);
    return text;
}

static struct bytes sealed_body(struct bench *bench, const struct worker_record *row)
{
    struct rig *rig = bench->rig;
    const struct node_config *config = bench->intake.config;
    struct random_source random = { prng_fill, &rig->time.prng };
    const struct worker_person person = { .code = row->code, .family = row->family, .given = row->given, .patronymic = row->patronymic,
                                          .born = row->born, .snils = row->snils, .teaching_since = row->teaching_since };
    struct worker_record sealed = *row;
    sealed.code = sealed.family = sealed.given = sealed.patronymic = sealed.born = sealed.snils = NULL;
    sealed.teaching_since = 0;
    assert_int_equal(intake_seal(config->intake, msg_encode_in(&rig->arena, &worker_person_desc, &person), &random, &rig->arena,
                                 &sealed.sealed), ERR_OK);
    return msg_encode_in(&rig->arena, &worker_record_desc, &sealed);
}

static struct outcome at_region(struct bench *bench, struct bytes body, unsigned number)
{
    struct rig *rig = bench->rig;
    uint8_t random[10] = { [4] = (uint8_t)(number >> 16), [5] = (uint8_t)(number >> 8), [6] = (uint8_t)number, [7] = 0x77 };
    struct input input = { .kind = INPUT_COMMAND, .who = bench->town, .command = uuid_v7(rig->time.wall / MOMENT_MS, random),
                           .method = "roster.worker.record", .body = body };
    struct outcome outcome;
    assert_int_equal(machine_batch(rig->machine, &input, 1, &rig->arena, &outcome), ERR_OK);
    return outcome;
}

static void changed(struct bench *bench, const char *method, const struct msg_desc *takes, const void *body)
{
    struct rig *rig = bench->rig;
    uint8_t random[10] = { [3] = 0x33, [5] = (uint8_t)rig->commands++ };
    struct outcome outcome = toy_command(rig->machine, &rig->centre, uuid_v7(rig->time.wall / MOMENT_MS, random), method, takes, body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
}

/* S4 is no more, S5 has become S1. */
static void two_schools_end(struct bench *bench)
{
    struct uuid closed = rig_organise(bench->rig, "S4", ORG_SCHOOL, &bench->rig->north);
    struct uuid merged = rig_organise(bench->rig, "S5", ORG_SCHOOL, &bench->rig->north);
    const struct organisation_close close = { closed, day("2020-06-01"), "приказ", NULL };
    const struct organisation_merge merge = { { 1, &merged }, bench->rig->school1, day("2020-06-01"), "приказ", NULL };

    changed(bench, "roster.organisation.close", &organisation_close_desc, &close);
    changed(bench, "roster.organisation.merge", &organisation_merge_desc, &merge);
    follow(bench);
}

static void the_node_says_of_every_row_what_the_region_decides(void **state)
{
    struct bench *bench = *state;
    struct rig *rig = bench->rig;
    const char *wanted = getenv("RSNMS_NODE_ROWS");
    unsigned rows = wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : ROWS_COMPARED, taken = 0, different = 0, sealed = 0, closed = 0;
    struct prng prng;

    prng_seed(&prng, 20);
    two_schools_end(bench);
    bench->intake.now = rig->time.wall;
    bench->intake.today = day("2022-09-15");
    for (unsigned i = 0; i < rows; i++) {
        arena_reset(&rig->arena);
        arena_reset(bench->intake.arena);
        struct worker_record row = generated(bench, &prng, i);
        struct checking checking = { .row = &row };
        bool whole = row.code != NULL && row.family != NULL && row.given != NULL;
        bool seal = whole && i % 3 == 0;    /* a row that says too little cannot be sealed */
        assert_int_equal(errand_read(&bench->intake, read_check, &checking), ERR_OK);
        const char *here = checking.good ? "" : told(&rig->arena, &checking.fault);
        struct bytes body = seal ? sealed_body(bench, &row) : msg_encode_in(&rig->arena, &worker_record_desc, &row);
        struct outcome outcome = at_region(bench, body, i);
        const char *there = decided(&rig->arena, &outcome);
        if (strcmp(here, there) != 0 && different++ < 10)
            print_error("row %u (%s): the node says «%s», the region «%s»\n", i, seal ? "sealed" : "open", here, there);
        taken += checking.good;
        sealed += seal;
        closed += strncmp(here, "organisation_closed|", 20) == 0;
    }
    print_message("%u rows, %u taken, %u sealed\n", rows, taken, sealed);
    assert_int_equal(different, 0);
    assert_true(taken > rows / 100);
    assert_true(taken < rows / 2);
    assert_true(closed > rows / 200);
}

/* ── taking in ────────────────────────────────────────────────────────────── */

static void nothing_about_a_person_is_taken_or_kept_in_the_clear(void **state)
{
    struct bench *bench = *state;
    struct taking taking = taking_of(bench);
    struct worker_record row = anna();
    struct staff_fault fault;
    struct node_enter entry = { .method = "roster.worker.record", .body = msg_encode_in(&bench->rig->arena, &worker_record_desc, &row) };
    struct outcome outcome = enter(bench, &entry);
    assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "personal_in_clear");
    assert_true(take_message(&taking, node_method_find("roster.worker.record"), &row, NULL, "list:2", &entry, &fault));
    outcome = enter(bench, &entry);
    assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "");
    assert_false(store_holds(bench, row.family));
    assert_false(store_holds(bench, row.patronymic));
    assert_false(store_holds(bench, row.born));
    assert_false(store_holds(bench, "11223344595"));
    assert_true(store_holds(bench, "учитель"));         /* the search finds what does lie there */
    assert_int_equal(status(bench).waiting, 1);
    outcome = at_region(bench, entry.body, 1);          /* and roster reads it */
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
}

static void the_same_row_is_taken_once_and_a_changed_one_again(void **state)
{
    struct bench *bench = *state;
    struct taking taking = taking_of(bench);
    int method = node_method_find("roster.worker.record");
    struct worker_record row = anna();
    static const char *const SUBJECTS[] = { "физика", "физика", "химия", "химия", "физика" };
    static const uint64_t WAITING[] = { 1, 1, 2, 2, 3 };
    struct staff_fault fault;
    struct node_enter entry;
    for (int i = 0; i < 5; i++) {
        row.subject = SUBJECTS[i];
        assert_true(take_message(&taking, method, &row, NULL, NULL, &entry, &fault));
        struct outcome outcome = enter(bench, &entry);
        assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "");
        assert_int_equal(status(bench).waiting, WAITING[i]);
    }
}

static void at_its_cap_the_node_takes_answers_and_nothing_else(void **state)
{
    struct bench *bench = *state;
    struct taking taking = taking_of(bench);
    struct worker_record row = anna();
    struct staff_fault fault;
    struct node_enter entry;
    struct node_entered entered;
    assert_true(take_message(&taking, node_method_find("roster.worker.record"), &row, NULL, NULL, &entry, &fault));
    struct outcome outcome = enter(bench, &entry);
    toy_decode(&node_entered_desc, outcome.body, &entered, &bench->rig->arena);
    close_node(bench);
    open_node(bench, 4096);
    row.code = "2";
    taking = taking_of(bench);
    assert_true(take_message(&taking, node_method_find("roster.worker.record"), &row, NULL, NULL, &entry, &fault));
    outcome = enter(bench, &entry);
    assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "node_full");
    struct node_answered answered = { .item = entered.item, .outcome = NODE_ACCEPTED };
    struct node_answer answer = { .answers = { 1, &answered } };
    outcome = toy_command(bench->node, &bench->own, uuid_derive("x", bytes_of("y")), "node.items.answer", &node_answer_desc, &answer, &bench->rig->arena);
    assert_int_equal(outcome.kind, OUTCOME_PROBLEM);    /* an id without a time */
    uint8_t random[10] = { 9 };
    outcome = toy_command(bench->node, &bench->own, uuid_v7(bench->rig->time.wall / MOMENT_MS, random), "node.items.answer",
                          &node_answer_desc, &answer, &bench->rig->arena);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
    assert_int_equal(status(bench).waiting, 0);
    assert_int_equal(status(bench).accepted, 1);
}

/* A piece of a list that was committed before the process ended is not taken once more, though its rows have no marks by
 * which they would be known. */
static void a_piece_of_a_list_is_taken_once(void **state)
{
    struct bench *bench = *state;
    struct step_submit submit = { .route = bench->rig->north, .step = 1, .evidence = "план урока" };
    struct node_rows_entered entered;
    uint8_t random[10] = { 7 };
    struct node_enter row = { .method = "routes.step.submit", .body = msg_encode_in(&bench->rig->arena, &step_submit_desc, &submit) };
    struct node_enter rows[2] = { row, row };
    struct node_rows piece = { .file = uuid_derive("list", bytes_of("1")), .name = "list.csv", .from = 0, .line = 2, .rows = { 2, rows } };
    struct outcome outcome = toy_command(bench->node, &bench->own, uuid_v7(bench->rig->time.wall / MOMENT_MS, random),
                                         "node.rows.enter", &node_rows_desc, &piece, &bench->rig->arena);
    assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "");
    toy_decode(&node_rows_entered_desc, outcome.body, &entered, &bench->rig->arena);
    assert_int_equal(entered.entered, 2);
    random[9] = 1;
    outcome = toy_command(bench->node, &bench->own, uuid_v7(bench->rig->time.wall / MOMENT_MS, random), "node.rows.enter",
                          &node_rows_desc, &piece, &bench->rig->arena);
    assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "file_moved_on");
    assert_int_equal(status(bench).waiting, 2);
}

/* ── the drop folder ──────────────────────────────────────────────────────── */

static void drop(struct bench *bench, const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/drop/%s", bench->intake.files, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void step(struct bench *bench, int seconds)
{
    bench->rig->time.wall += seconds * MOMENT_SECOND;
    bench->rig->time.boot += seconds * MOMENT_SECOND;
    errand_step(&bench->intake, bench->rig->time.wall);
}

static bool there(struct bench *bench, const char *folder, const char *name)
{
    char path[300];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s/%s", bench->intake.files, folder, name);
    return lstat(path, &st) == 0;
}

static bool report_has(struct bench *bench, const char *name, const char *text)
{
    char command[500];
    snprintf(command, sizeof command, "grep -qF -- '%s' '%s/reports/%s'", text, bench->intake.files, name);
    return system(command) == 0;
}

#define HEADER "Код;Фамилия;Имя;Дата рождения;Код организации;Должность;Работает с;СНИЛС\r\n"
static void lists_become_rows_and_their_faults_a_report(void **state)
{
    struct bench *bench = *state;
    char path[300];
    step(bench, 1);
    drop(bench, "staff.csv", HEADER "1;Орлова;Анна;01.02.1980;S1;учитель;01.09.2015;\r\n"
         "2;Соколова;Ольга;01.02.1980;S1;учитель;01.09.2015;112-233-445 96\r\n"
         "3;Воронова;Мария;01.02.1980;S3;учитель;01.09.2015;\r\n");
    step(bench, 1);
    step(bench, 1);
    assert_true(there(bench, "drop", "staff.csv"));     /* it may still be growing */
    step(bench, 3);
    assert_false(there(bench, "drop", "staff.csv"));
    assert_int_equal(status(bench).waiting, 1);
    assert_true(report_has(bench, "staff.csv", "\"3\";\"СНИЛС\";\"контрольное число 96, по остальным цифрам выходит 95\""));
    assert_true(report_has(bench, "staff.csv", "\"4\";\"Код организации\""));
    assert_true(report_has(bench, "staff.csv", "внесено строк 1"));
    assert_true(report_has(bench, "staff.csv", "удалён"));
    assert_false(report_has(bench, "staff.csv", "Соколова"));
    assert_false(report_has(bench, "staff.csv", "112-233-445"));
    assert_false(store_holds(bench, "Орлова"));
    drop(bench, "again.csv", HEADER "1;Орлова;Анна;01.02.1980;S1;учитель;01.09.2015;\r\n5;Зорина;Анна;01.02.1981;S2;учитель;01.09.2015;\r\n");
    drop(bench, "binary.csv", "\x01\x02\x03");
    drop(bench, "what.csv", "А;Б\r\n1;2\r\n");
    snprintf(path, sizeof path, "%s/drop/folder", bench->intake.files);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/drop/link.csv", bench->intake.files);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    snprintf(path, sizeof path, "%s/drop/large.csv", bench->intake.files);
    drop(bench, "large.csv", "");
    assert_int_equal(truncate(path, (off_t)1 << 30), 0);
    step(bench, 1);
    step(bench, 4);
    assert_int_equal(status(bench).waiting, 2);
    assert_false(there(bench, "drop", "again.csv"));
    assert_true(report_has(bench, "again.csv", "были внесены раньше 1"));
    assert_true(there(bench, "drop", "binary.csv") && report_has(bench, "binary.csv", "не принят целиком"));
    assert_true(report_has(bench, "what.csv", "не принят целиком"));
    assert_true(report_has(bench, "folder.csv", "не файл"));
    assert_true(report_has(bench, "link.csv", "не файл"));
    assert_true(report_has(bench, "large.csv", "больше 8 МБ"));
}

static void drop_bytes(struct bench *bench, const char *folder, const char *name, struct bytes content)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s/%s", bench->intake.files, folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(content.at, 1, content.n, file), content.n);
    assert_int_equal(fclose(file), 0);
}

/* By the reader of the command line: workbooks, «ФИО» in one column, and maps for what titles do not tell. */
static void workbooks_and_maps_of_columns_are_taken(void **state)
{
    struct bench *bench = *state;
    struct archive book = { 0 }, torn = { 0 };
    step(bench, 1);
    archive_workbook(&book, "№;ФИО;Д.р.;Код организации;Должность;Принят\n"
                     "1;Орлова  Анна Ивановна;01.02.1980;S1;учитель;01.09.2015\n2;Соколова;01.02.1980;S1;учитель;01.09.2015\n");
    archive_workbook(&torn, "Код\n1\n");
    drop_bytes(bench, "drop", "staff.xlsx", buf_bytes(&book.file));
    drop_bytes(bench, "drop", "torn.xlsx", bytes(torn.file.at, torn.file.n / 2));
    step(bench, 1);
    step(bench, 4);
    assert_true(there(bench, "drop", "staff.xlsx") && report_has(bench, "staff.xlsx.csv", "нет столбца «Код работника»"));
    assert_true(there(bench, "drop", "torn.xlsx") && report_has(bench, "torn.xlsx.csv", "книга Excel повреждена"));

    drop(bench, "staff.xlsx.columns", "Столбец;Поле\n№;code\nД.р.;birthday\n");       /* a field that there is none of */
    step(bench, 1);
    step(bench, 4);
    assert_true(there(bench, "drop", "staff.xlsx") && report_has(bench, "staff.xlsx.csv", "строка 3: нет такого поля: «birthday»"));
    assert_false(there(bench, "reports", "staff.xlsx.columns.csv"));       /* a map is no list */

    drop(bench, "staff.xlsx.columns", "Столбец;Поле\n№;code\nД.р.;born\n");
    step(bench, 1);
    step(bench, 4);
    assert_false(there(bench, "drop", "staff.xlsx"));
    assert_false(there(bench, "drop", "staff.xlsx.columns"));
    assert_int_equal(status(bench).waiting, 1);
    assert_true(report_has(bench, "staff.xlsx.csv", "внесено строк 1"));
    assert_true(report_has(bench, "staff.xlsx.csv", "\"3\";\"Имя\""));
    assert_false(store_holds(bench, "Орлова"));

    /* One for all lists that come; a list's own goes before it. */
    drop_bytes(bench, ".", "columns.csv", bytes_of("Столбец;Поле\nНомер;code\nЧисло;day\n"));
    drop(bench, "more.csv", "Номер;ФИО;Дата рождения;Код организации;Должность;Принят\r\n1;Орлова Анна Ивановна;01.02.1980;S1;учитель;01.09.2015\r\n");
    drop(bench, "own.csv", "Номер;Табель;ФИО;Дата рождения;Код организации;Должность;Принят\r\n1;7;Зорина Анна;01.02.1981;S1;учитель;01.09.2015\r\n");
    drop(bench, "own.csv.columns", "Столбец;Поле\nТабель;code\n");
    step(bench, 1);
    step(bench, 4);
    assert_true(report_has(bench, "more.csv", "были внесены раньше 1"));
    assert_true(report_has(bench, "own.csv", "внесено строк 1"));
    assert_int_equal(status(bench).waiting, 2);
    buf_free(&book.file);
    buf_free(&book.directory);
    buf_free(&torn.file);
    buf_free(&torn.directory);
}

static uint32_t reports_of_names(struct bench *bench)
{
    char path[300];
    uint32_t n = 0;
    snprintf(path, sizeof path, "%s/reports", bench->intake.files);
    DIR *dir = opendir(path);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL; )
        if (strncmp(entry->d_name, "list-", 5) == 0) {
            assert_true(report_has(bench, entry->d_name, "переименуйте файл"));
            n++;
        }
    closedir(dir);
    return n;
}

/* A name in Windows-1251, of two lines, or too long is refused with a report; the longest good one is taken. */
static void names_that_are_no_text_are_refused(void **state)
{
    struct bench *bench = *state;
    char longest[200] = "1", longer[240] = "";
    for (int i = 0; i < 14; i++)
        strcat(longest, "список");
    strcat(longest, "аб.csv");
    assert_int_equal(strlen(longest), 177);
    for (int i = 0; i < 16; i++)
        strcat(longer, "список");
    step(bench, 1);
    static const char *const bad[] = { "\xf1\xef\xe8\xf1\xee\xea.csv", "two\nlines.csv" };
    drop(bench, bad[0], HEADER "1;Орлова;Анна;01.02.1980;S1;учитель;01.09.2015;\r\n");
    drop(bench, bad[1], HEADER "1;Орлова;Анна;01.02.1980;S1;учитель;01.09.2015;\r\n");
    drop(bench, longer, HEADER "1;Орлова;Анна;01.02.1980;S1;учитель;01.09.2015;\r\n");
    drop(bench, longest, HEADER "2;Зорина;Анна;01.02.1981;S2;учитель;01.09.2015;\r\n");
    step(bench, 1);
    step(bench, 4);
    assert_int_equal(status(bench).waiting, 1);
    assert_false(there(bench, "drop", longest));
    assert_true(there(bench, "drop", bad[0]) && there(bench, "drop", bad[1]) && there(bench, "drop", longer));
    assert_int_equal(reports_of_names(bench), 3);
    step(bench, 40);
    assert_int_equal(reports_of_names(bench), 3);
}

/* ── the scope ────────────────────────────────────────────────────────────── */

static void only_the_own_people_come_down(void **state)
{
    struct bench *bench = *state;
    struct page page = { .limit = 100 };
    struct node_persons persons;
    struct worker_record row = anna(), other = boris();
    row.organisation = "S1";
    other.organisation = "S3";
    struct worker_recorded ours = rig_record(bench->rig, row);
    rig_record(bench->rig, other);
    follow(bench);
    struct outcome outcome = toy_ask(bench->node, &bench->local, "node.person.list", &page_desc, &page, &bench->rig->arena);
    toy_decode(&node_persons_desc, outcome.body, &persons, &bench->rig->arena);
    assert_int_equal(persons.rows.n, 1);
    assert_true(uuid_equal(&persons.rows.at[0].person, &ours.person));
    bench->rig->time.wall += MOMENT_DAY;
    bench->rig->time.boot += MOMENT_DAY;
    row.organisation = "S3";                            /* he moves to the other municipality, and is forgotten here */
    row.from = day("2021-09-01");
    rig_record(bench->rig, row);
    follow(bench);
    outcome = toy_ask(bench->node, &bench->local, "node.person.list", &page_desc, &page, &bench->rig->arena);
    toy_decode(&node_persons_desc, outcome.body, &persons, &bench->rig->arena);
    assert_int_equal(persons.rows.n, 0);
}

static void the_state_is_the_fold_of_the_journal(void **state)
{
    struct bench *bench = *state;
    bool same = false;
    lists_become_rows_and_their_faults_a_report(state);
    assert_int_equal(machine_rebuild(bench->node, false, &same), ERR_OK);
    assert_true(same);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_about_a_person_is_taken_or_kept_in_the_clear),
        TEST(the_same_row_is_taken_once_and_a_changed_one_again),
        TEST(at_its_cap_the_node_takes_answers_and_nothing_else),
        TEST(a_piece_of_a_list_is_taken_once),
        TEST(lists_become_rows_and_their_faults_a_report),
        TEST(workbooks_and_maps_of_columns_are_taken),
        TEST(names_that_are_no_text_are_refused),
        TEST(only_the_own_people_come_down),
        TEST(the_state_is_the_fold_of_the_journal),
        TEST(the_node_says_of_every_row_what_the_region_decides),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

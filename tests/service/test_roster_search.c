#include "tests/service/roster_rig.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "common/service/errand.h"
#include "proto/roles.h"
#include "proto/roster_merge.h"
#include "proto/roster_privacy.h"
#include "proto/roster_registers.h"
#include "proto/roster_search.h"
#include "services/roster/search/search.h"
#include "tests/unit/traces.h"

/* roster: people found by words of their names, and lists of workers by what they do. */

#define NAMES_ERRAND 1                      /* its row in main.c */
#define WHY "подбор экспертов"

static const struct errand_world WORLD = { .submit = errand_submit_direct };

static void names_start(struct rig *rig, struct errand *names) { errand_start(names, rig->machine, NAMES_ERRAND, &WORLD); }

/* The errand until it has nothing more to do. */
static void index_built(struct rig *rig)
{
    struct errand names;
    names_start(rig, &names);
    for (unsigned i = 0; i < 1000 && errand_step(&names, rig->time.wall) == 0; i++) { }
    errand_end(&names);
}

static struct names_standing standing(struct rig *rig)
{
    struct names_standing standing;
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.names.get", &nothing_desc, &(struct nothing){ 0 }, &rig->arena);
    toy_decode(&names_standing_desc, outcome.body, &standing, &rig->arena);
    return standing;
}

/* Words parted by spaces, as people type them: one text. */
static struct person_search asking(struct rig *rig, const char *words)
{
    const char **text = ARENA_NEW(&rig->arena, const char *);
    *text = words;
    return (struct person_search){ .words = { 1, text }, .purpose = WHY };
}

static struct people_found found_as(struct rig *rig, const struct principal *who, const struct person_search *body)
{
    struct people_found found = { 0 };
    struct outcome outcome = rig_send_as(rig, who, "roster.person.search", &person_search_desc, body);
    const char *reason = toy_reason(&outcome, &rig->arena);
    if (*reason != '\0')
        fail_msg("%s", reason);
    toy_decode(&people_found_desc, outcome.body, &found, &rig->arena);
    return found;
}

/* Families in their order, with spaces between. */
static const char *families(struct rig *rig, const struct people_found *found)
{
    char *text = arena_alloc(&rig->arena, 100 * 82 + 1);
    for (uint32_t i = 0; i < found->rows.n; i++)
        strcat(strcat(text, i > 0 ? " " : ""), found->rows.at[i].family);
    return text;
}

static const char *search_as(struct rig *rig, const struct principal *who, const char *words)
{
    struct person_search body = asking(rig, words);
    struct people_found found = found_as(rig, who, &body);
    return families(rig, &found);
}

static const char *search(struct rig *rig, const char *words) { return search_as(rig, &rig->centre, words); }

static const char *refused_as(struct rig *rig, const struct principal *who, struct person_search body)
{
    return rig_reason_as(rig, who, "roster.person.search", &person_search_desc, &body);
}

static struct worker_record someone(struct rig *rig, unsigned n, const char *family, const char *given, const char *patronymic, const char *at)
{
    return (struct worker_record){ .code = arena_format(&rig->arena, "Л-%u", n), .family = family, .given = given, .patronymic = patronymic,
                                   .born = arena_format(&rig->arena, "19%02u-0%u-1%u", 60 + n % 35, 1 + n / 35 % 9, n / 315 % 10),
                                   .organisation = at, .post = "учитель", .subject = "физика", .from = day("2015-09-01") };
}

static struct uuid a_few(struct rig *rig)
{
    rig_record(rig, anna());
    rig_record(rig, boris());
    rig_record(rig, someone(rig, 1, "Мамин-Сибиряк", "Пётр", "Ильич", "S2"));
    rig_record(rig, someone(rig, 2, "Воробьев", "Сергей", NULL, "S3"));
    return rig_record(rig, someone(rig, 3, "О’Нил", "Анна Мария", NULL, "S3")).person;
}

/* ── words ────────────────────────────────────────────────────────────────── */

static const struct { const char *words, *families; } SEARCHES[] = {
    { "вороб",             "Воробьев Воробьёва" },
    { "ВОРОБЬЁВ",          "Воробьев Воробьёва" },
    { "воробьева",         "Воробьёва" },
    { "анна",              "Воробьёва О’Нил" },
    { "анна вороб",        "Воробьёва" },
    { "  вороб   анна ",   "Воробьёва" },
    { "сер вор",           "Воробьев Воробьёва" },          /* Сергей, Сергеевна */
    { "анна с",            "Воробьёва" },
    { "сибиряк",           "Мамин-Сибиряк" },
    { "сибиряк мамин",     "Мамин-Сибиряк" },
    { "мамин-сиб",         "Мамин-Сибиряк" },
    { "мамин–сиб",         "Мамин-Сибиряк" },
    { "петр",              "Мамин-Сибиряк" },
    { "о'нил",             "О’Нил" },
    { "онил мар",          "О’Нил" },
    { "ильич",             "Кедров Мамин-Сибиряк" },
    { "робьев",            "" },                            /* not the beginning */
    { "анна борис",        "" },
};

static void everybody_is_found_by_beginnings_in_any_order(void **state)
{
    struct rig *rig = *state;
    a_few(rig);
    index_built(rig);
    assert_int_equal(standing(rig).people, 5);
    assert_int_equal(standing(rig).marks, 0);
    for (size_t i = 0; i < sizeof SEARCHES / sizeof *SEARCHES; i++)
        if (strcmp(search(rig, SEARCHES[i].words), SEARCHES[i].families) != 0)
            fail_msg("«%s»: %s", SEARCHES[i].words, search(rig, SEARCHES[i].words));
    struct person_search many = asking(rig, "а б в г д е ж");
    assert_string_equal(refused_as(rig, &rig->centre, asking(rig, "а")), "search_short");
    assert_string_equal(refused_as(rig, &rig->centre, asking(rig, "- ’ .")), "search_no_word");
    assert_string_equal(refused_as(rig, &rig->centre, many), "search_many_words");
    many = asking(rig, "анна");
    many.after = bytes("short", 5);
    assert_string_equal(refused_as(rig, &rig->centre, many), "page_unknown");
}

/* ── what is known of a search ────────────────────────────────────────────── */

static void met(const char *file, const struct trace *trace) { fail_msg("%s: %s, %s", file, trace->form, trace->coding); }

static struct person_searched entry_of(struct rig *rig, uint64_t number)
{
    struct person_searched said;
    struct entry entry;
    struct txn txn;
    txn_begin(&txn, machine_store(rig->machine), TXN_READ);
    assert_true(journal_get(&txn, number, &rig->arena, &entry, NULL));
    txn_end(&txn);
    assert_int_equal(entry.reply.n, 0);
    toy_decode(&person_searched_desc, entry.body, &said, &rig->arena);
    return said;
}

static void the_entry_says_who_was_shown_and_why_and_no_word(void **state)
{
    struct rig *rig = *state;
    a_few(rig);
    index_built(rig);
    uint64_t head = machine_head(rig->machine);
    struct person_search body = asking(rig, "вороб анна");
    struct people_found found = found_as(rig, &rig->centre, &body);
    assert_int_equal(found.rows.n, 1);
    assert_string_equal(found.rows.at[0].organisation_title, "S1");
    assert_string_equal(found.rows.at[0].subject, "химия");
    assert_int_equal(found.rows.at[0].posts, 1);
    assert_string_equal(rig_entries_after(rig, head, NULL), "person.searched");
    assert_string_equal(rig_entries_after(rig, head, &rig->north), "");          /* who looks at whom: for the region alone */
    assert_string_equal(rig_entries_after(rig, head, &REGION), "person.searched");
    struct person_searched said = entry_of(rig, head + 1);
    assert_int_equal(said.persons.n, 1);
    assert_true(uuid_equal(&said.persons.at[0], &found.rows.at[0].person));
    assert_string_equal(said.purpose, WHY);
    assert_int_equal(said.words, 2);
    assert_string_equal(search(rig, "нетутакого"), "");                          /* nobody found: an entry as well */
    assert_string_equal(rig_entries_after(rig, head, NULL), "person.searched person.searched");
    struct traces traces = { .arena = &rig->arena };
    traces_add(&traces, "вороб");
    traces_add(&traces, "нетутакого");
    machine_close(&rig->machine);
    assert_true(traces_walk(&traces, rig->dir, met) > 0);
    rig_open(rig);
    rig_check(rig);
}

/* Asked again under its id, a search shows those of its entry, and of them who may still be seen. */
static void the_same_search_again_shows_nobody_new(void **state)
{
    struct rig *rig = *state;
    a_few(rig);
    index_built(rig);
    struct person_search body = asking(rig, "вороб");
    struct person_erase erase = { .act = "1", .ground = ERASE_PURPOSE };
    struct uuid id = uuid_v7(rig->time.wall / MOMENT_MS, (const uint8_t[10]){ 0xee });
    struct worker_record gone = someone(rig, 9, "Воробей", "Лев", NULL, "S1");
    gone.until = day("2020-06-30");
    erase.person = rig_record(rig, gone).person;
    struct outcome outcome = toy_command(rig->machine, &rig->centre, id, "roster.person.search", &person_search_desc, &body, &rig->arena);
    struct people_found found;
    toy_decode(&people_found_desc, outcome.body, &found, &rig->arena);
    assert_string_equal(families(rig, &found), "Воробей Воробьев Воробьёва");
    rig_record(rig, someone(rig, 10, "Воробьин", "Лев", NULL, "S1"));
    assert_string_equal(rig_reason(rig, "roster.person.erase", &person_erase_desc, &erase), "");
    outcome = toy_command(rig->machine, &rig->centre, id, "roster.person.search", &person_search_desc, &body, &rig->arena);
    toy_decode(&people_found_desc, outcome.body, &found, &rig->arena);
    assert_string_equal(families(rig, &found), "Воробьев Воробьёва");
    assert_string_equal(search(rig, "вороб"), "Воробьев Воробьёва Воробьин");
}

/* ── who is found by whom ─────────────────────────────────────────────────── */

static void nobody_finds_who_is_out_of_reach(void **state)
{
    struct rig *rig = *state;
    a_few(rig);
    index_built(rig);
    struct principal north = reaching(ROLE_MUNICIPAL, &rig->north), south = reaching(ROLE_MUNICIPAL, &rig->south),
                     school = reaching(ROLE_SCHOOL, &rig->school2), worker = reaching(ROLE_WORKER, &rig->school2);
    assert_string_equal(search_as(rig, &north, "вороб"), "Воробьёва");
    assert_string_equal(search_as(rig, &south, "вороб"), "Воробьев");
    assert_string_equal(search_as(rig, &school, "вороб"), "");
    assert_string_equal(search_as(rig, &school, "мамин"), "Мамин-Сибиряк");
    assert_string_equal(refused_as(rig, &worker, asking(rig, "мамин")), "role");
    struct person_search body = asking(rig, "вороб");
    body.unit = rig->south;
    assert_string_equal(refused_as(rig, &north, body), "out_of_reach");
    struct people_found found = found_as(rig, &rig->centre, &body);
    assert_string_equal(families(rig, &found), "Воробьев");
    body.unit = UUID_NIL;
    body.post = "учитель";
    body.subject = "ХИМИЯ";
    found = found_as(rig, &rig->centre, &body);
    assert_string_equal(families(rig, &found), "Воробьёва");
}

static void names_are_told_of_whom_a_list_holds_and_the_asker_reaches(void **state)
{
    struct rig *rig = *state;
    struct uuid persons[4] = { rig_record(rig, boris()).person, rig_record(rig, someone(rig, 2, "Воробьев", "Сергей", NULL, "S3")).person,
                               rig->north, rig_record(rig, anna()).person };
    struct principal north = reaching(ROLE_MUNICIPAL, &rig->north);
    struct person_block block = { .person = persons[0], .act = "3", .ground = BLOCK_ASKED };
    struct person_name body = { .persons = { 4, persons }, .purpose = WHY };
    struct person_searched said;
    struct people_found found;
    uint64_t head = machine_head(rig->machine);
    struct outcome outcome = rig_send_as(rig, &north, "roster.person.name", &person_name_desc, &body);
    toy_decode(&people_found_desc, outcome.body, &found, &rig->arena);
    assert_string_equal(families(rig, &found), "Кедров Воробьёва");             /* in the order of the list; without an index */
    assert_string_equal(found.rows.at[0].post, "директор");
    assert_string_equal(rig_entries_after(rig, head, NULL), "person.searched");
    said = entry_of(rig, head + 1);
    assert_int_equal(said.words, 0);
    assert_int_equal(said.persons.n, 2);
    assert_true(uuid_equal(&said.persons.at[1], &persons[3]));
    assert_string_equal(rig_reason(rig, "roster.person.block", &person_block_desc, &block), "");
    outcome = rig_send(rig, "roster.person.name", &person_name_desc, &body);
    toy_decode(&people_found_desc, outcome.body, &found, &rig->arena);
    assert_string_equal(families(rig, &found), "Воробьев Воробьёва");
}

static void blocked_and_erased_are_gone_with_the_next_command(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    row.until = day("2022-05-31");
    struct uuid person = rig_record(rig, row).person;
    index_built(rig);
    struct person_block block = { .person = person, .act = "3", .ground = BLOCK_ASKED };
    struct person_unblock lift = { person, "4" };
    struct person_erase erase = { person, "5", ERASE_CONSENT };
    assert_string_equal(search(rig, "вороб"), "Воробьёва");
    assert_string_equal(rig_reason(rig, "roster.person.block", &person_block_desc, &block), "");
    assert_int_equal(standing(rig).people, 0);          /* out of memory at once, whatever the errand does */
    assert_string_equal(search(rig, "вороб"), "");
    index_built(rig);
    assert_string_equal(search(rig, "вороб"), "");
    assert_string_equal(rig_reason(rig, "roster.person.unblock", &person_unblock_desc, &lift), "");
    assert_string_equal(search(rig, "вороб"), "Воробьёва");
    index_built(rig);
    assert_int_equal(standing(rig).people, 1);
    assert_string_equal(search(rig, "вороб"), "Воробьёва");
    assert_string_equal(rig_reason(rig, "roster.person.erase", &person_erase_desc, &erase), "");
    assert_int_equal(standing(rig).people, 0);
    assert_string_equal(search(rig, "вороб"), "");
    index_built(rig);
    assert_int_equal(standing(rig).people, 0);
    rig_check(rig);
}

static void two_records_made_one_are_found_once(void **state)
{
    struct rig *rig = *state;
    struct worker_record second = someone(rig, 5, "Воробьева", "Анна", NULL, "S2");
    struct person_merge merge = { .ground = "один СНИЛС в двух списках" };
    struct person_unmerge apart = { .ground = "разные люди" };
    second.part_time = true;
    merge.kept = rig_record(rig, anna()).person;
    merge.gone = apart.gone = rig_record(rig, second).person;
    index_built(rig);
    assert_string_equal(search(rig, "вороб"), "Воробьева Воробьёва");
    assert_string_equal(rig_reason(rig, "roster.person.merge", &person_merge_desc, &merge), "");
    assert_string_equal(search(rig, "вороб"), "Воробьёва");      /* before the errand has looked, and after */
    index_built(rig);
    assert_string_equal(search(rig, "вороб"), "Воробьёва");
    assert_string_equal(rig_reason(rig, "roster.person.unmerge", &person_unmerge_desc, &apart), "");
    assert_string_equal(search(rig, "вороб"), "Воробьева Воробьёва");
    index_built(rig);
    assert_string_equal(search(rig, "вороб"), "Воробьева Воробьёва");
    assert_int_equal(standing(rig).people, 2);
    rig_check(rig);
}

/* ── pages ────────────────────────────────────────────────────────────────── */

static void pages_hold_everybody_once_whatever_is_changed_between_them(void **state)
{
    struct rig *rig = *state;
    static const char *const PART[10] = { "ва", "ро", "ми", "ле", "ну", "ко", "та", "си", "бо", "ди" };
    struct uuid erased = UUID_NIL;
    for (unsigned i = 0; i < 90; i++) {
        struct worker_record row = someone(rig, 100 + i, arena_format(&rig->arena, "Ла%s%s", PART[i / 10], PART[i % 10]), "Анна", NULL, "S1");
        if (i == 47)
            row.until = day("2020-01-31");
        struct uuid id = rig_record(rig, row).person;
        if (i == 47)
            erased = id;
    }
    index_built(rig);
    struct person_search body = asking(rig, "ла");
    const char *last = "";
    unsigned seen = 0, pages = 0;
    body.limit = 20;
    do {
        struct people_found found = found_as(rig, &rig->centre, &body);
        for (uint32_t i = 0; i < found.rows.n; i++, seen++) {
            assert_true(strcmp(last, found.rows.at[i].family) < 0);
            last = found.rows.at[i].family;
        }
        body.after = found.next;
        if (pages++ == 1) {                             /* between two pages: one more before, one behind, one gone */
            struct person_erase erase = { erased, "5", ERASE_CONSENT };
            rig_record(rig, someone(rig, 200, "Лаааа", "Анна", NULL, "S1"));
            rig_record(rig, someone(rig, 201, "Ляяяя", "Лаврентия", NULL, "S1"));
            rig_reason(rig, "roster.person.erase", &person_erase_desc, &erase);
        }
    } while (body.after.n > 0);
    assert_string_equal(last, "Ляяяя");
    assert_true(seen == 90 || seen == 91);              /* the one who is gone may have been shown before */
    assert_int_equal(pages, 5);
}

/* ── the index while it is made, and while everything changes ─────────────── */

static void until_it_is_built_the_search_alone_waits(void **state)
{
    struct rig *rig = *state;
    struct errand names;
    for (unsigned i = 0; i < 450; i++)
        rig_record(rig, someone(rig, i, "Ким", arena_format(&rig->arena, "Анна"), NULL, "S1"));
    machine_close(&rig->machine);
    rig_open(rig);
    assert_string_equal(refused_as(rig, &rig->centre, asking(rig, "ким")), "indexing");
    names_start(rig, &names);
    assert_int_equal(errand_step(&names, rig->time.wall), 0);
    assert_int_equal(standing(rig).phase, NAMES_BUILDING);
    assert_int_equal(standing(rig).people, 200);
    assert_string_equal(refused_as(rig, &rig->centre, asking(rig, "ким")), "indexing");
    rig_record(rig, anna());                            /* everything else goes on, and is found */
    while (errand_step(&names, rig->time.wall) == 0) { }
    errand_end(&names);
    assert_int_equal(standing(rig).phase, NAMES_READY);
    assert_int_equal(standing(rig).people, 451);
    assert_string_equal(search(rig, "вороб"), "Воробьёва");
    struct person_search body = asking(rig, "ким");
    body.limit = 100;
    struct people_found found = found_as(rig, &rig->centre, &body);
    assert_int_equal(found.rows.n, 100);
}

#define CROWD  260
#define ROUNDS 1500

/* What the test itself knows of each: folded by hand, all letters are plain. */
struct member { struct uuid id; char family[40], given[40]; bool blocked, gone; unsigned code; };
struct crowd { struct member at[CROWD]; unsigned n; };

static const char *part(struct rig *rig)
{
    static const char *const PART[8] = { "ла", "ле", "лу", "ра", "ре", "ва", "ве", "ну" };
    return PART[prng_below(&rig->time.prng, 8)];
}

static void name_make(struct rig *rig, char name[40])
{
    snprintf(name, 40, "%s%s%s", part(rig), part(rig), part(rig));
}

static struct worker_record row_of(struct rig *rig, const struct member *m)
{
    struct worker_record row = someone(rig, 1000 + m->code, m->family, m->given, NULL, "S1");
    row.until = day("2020-01-31");                      /* so that he can be erased */
    return row;
}

static void one_change(struct rig *rig, struct crowd *crowd)
{
    unsigned what = (unsigned)prng_below(&rig->time.prng, 10);
    struct member *m = crowd->n > 0 ? &crowd->at[prng_below(&rig->time.prng, crowd->n)] : NULL;
    if (crowd->n < CROWD && (what < 5 || m == NULL)) {
        m = &crowd->at[crowd->n];
        *m = (struct member){ .code = crowd->n++ };
        name_make(rig, m->family);
        name_make(rig, m->given);
        m->id = rig_record(rig, row_of(rig, m)).person;
    } else if (what < 6 && !m->gone && !m->blocked) {
        name_make(rig, m->family);
        rig_record(rig, row_of(rig, m));
    } else if (what < 8 && !m->gone) {
        struct person_block block = { .person = m->id, .act = "3", .ground = BLOCK_ASKED };
        struct person_unblock lift = { m->id, "4" };
        assert_string_equal(m->blocked ? rig_reason(rig, "roster.person.unblock", &person_unblock_desc, &lift)
                                       : rig_reason(rig, "roster.person.block", &person_block_desc, &block), "");
        m->blocked = !m->blocked;
    } else if (what == 9 && !m->gone && !m->blocked && prng_below(&rig->time.prng, 4) == 0) {
        struct person_erase erase = { m->id, "5", ERASE_CONSENT };
        assert_string_equal(rig_reason(rig, "roster.person.erase", &person_erase_desc, &erase), "");
        m->gone = true;
    }
}

static bool begins(const char *name, const char *word) { return strncmp(name, word, strlen(word)) == 0; }

static void one_search(struct rig *rig, const struct crowd *crowd)
{
    const char *first = arena_format(&rig->arena, "%s%s", part(rig), prng_below(&rig->time.prng, 2) ? part(rig) : ""), *second = part(rig);
    struct person_search body = asking(rig, arena_format(&rig->arena, "%s %s", first, second));
    unsigned expected = 0, seen = 0;
    for (unsigned i = 0; i < crowd->n; i++) {
        const struct member *m = &crowd->at[i];
        expected += !m->gone && !m->blocked && (begins(m->family, first) || begins(m->given, first)) &&
                    (begins(m->family, second) || begins(m->given, second));
    }
    body.limit = SEARCH_ROWS_MAX;
    do {
        struct people_found found = found_as(rig, &rig->centre, &body);
        for (uint32_t i = 0; i < found.rows.n; i++, seen++) {
            const struct member *m = NULL;
            for (unsigned k = 0; k < crowd->n && m == NULL; k++)
                m = uuid_equal(&crowd->at[k].id, &found.rows.at[i].person) ? &crowd->at[k] : NULL;
            assert_non_null(m);
            assert_false(m->gone || m->blocked);
            assert_string_equal(found.rows.at[i].family, m->family);
        }
        body.after = found.next;
    } while (body.after.n > 0);
    if (seen != expected)
        fail_msg("%s %s: %u of %u found", first, second, seen, expected);
}

struct reading { struct errand names; atomic_bool over; };

static void *errand_beside(void *arg)
{
    struct reading *aside = arg;
    moment_t now = aside->names.now;
    while (!atomic_load(&aside->over)) {
        errand_step(&aside->names, now += 300 * MOMENT_MS);         /* so that few marks do not wait for more */
        sched_yield();
    }
    return NULL;
}

/* The errand reads on a thread of its own, as in the daemon; what is found is at each moment what is there. */
static void what_changes_is_found_as_it_is(void **state)
{
    struct rig *rig = *state;
    static struct crowd crowd;
    struct reading aside = { 0 };
    pthread_t thread;
    crowd.n = 0;
    index_built(rig);
    names_start(rig, &aside.names);
    aside.names.now = rig->time.wall;
    assert_int_equal(pthread_create(&thread, NULL, errand_beside, &aside), 0);
    for (unsigned i = 0; i < ROUNDS; i++) {
        one_change(rig, &crowd);
        if (i % 3 == 0)
            one_search(rig, &crowd);
    }
    atomic_store(&aside.over, true);
    pthread_join(thread, NULL);
    errand_end(&aside.names);
    unsigned there = 0;
    for (unsigned i = 0; i < crowd.n; i++)
        there += !crowd.at[i].gone && !crowd.at[i].blocked;
    index_built(rig);
    assert_int_equal(standing(rig).people, there);
    for (unsigned i = 0; i < 30; i++)
        one_search(rig, &crowd);
    machine_close(&rig->machine);                       /* and one that is built from the tables knows the same */
    rig_open(rig);
    index_built(rig);
    assert_int_equal(standing(rig).people, there);
    for (unsigned i = 0; i < 30; i++)
        one_search(rig, &crowd);
    rig_check(rig);
}

/* More marks than it may hold: it is made anew, from a state that has all of what was marked. */
static void too_many_changes_make_it_anew(void **state)
{
    struct rig *rig = *state;
    struct names *names = names_open(false);
    struct uuid after, someone_else = rig->north;
    names_put(names, &rig->north, "анна");
    assert_true(names_building(names, 0, &after));
    names_built(names, &rig->north, true);
    for (uint32_t i = 0; i <= NAMES_MARKS_MAX; i++) {
        memcpy(someone_else.b, &i, sizeof i);
        names_mark(names, &someone_else, 100 + i % 2);
    }
    struct names_standing now;
    names_stand(names, &now);
    assert_int_equal(now.phase, NAMES_BUILDING);
    assert_int_equal(now.people, 0);
    assert_false(names_building(names, 100, &after));   /* not from a state without the last of them */
    assert_true(names_building(names, 101, &after));
    assert_true(uuid_is_nil(&after));
    names_close(names);
}

/* ── lists of workers ─────────────────────────────────────────────────────── */

static const char *listed(struct rig *rig, struct workers_of body, uint32_t *rows)
{
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.worker.list", &workers_of_desc, &body, &rig->arena);
    struct worker_list list = { 0 };
    const char *reason = toy_reason(&outcome, &rig->arena);
    if (*reason == '\0')
        toy_decode(&worker_list_desc, outcome.body, &list, &rig->arena);
    *rows = list.rows.n;
    return reason;
}

static void lists_of_workers_are_filtered(void **state)
{
    struct rig *rig = *state;
    a_few(rig);                             /* Анна: химия since 2020, young; Борис: head since 2010; three more: физика since 2015 */
    const struct { struct workers_of body; uint32_t rows; const char *reason; } ROWS_OF[] = {
        { { .unit = REGION }, 5, "" },
        { { .unit = rig->north }, 3, "" },
        { { .unit = REGION, .post = "учитель" }, 4, "" },
        { { .unit = REGION, .post = "Учитель" }, 4, "" },
        { { .unit = REGION, .post = "head" }, 1, "" },
        { { .unit = REGION, .post = "educator", .subject = "Физика" }, 3, "" },
        { { .unit = REGION, .subject = "астрономия" }, 0, "" },
        { { .unit = REGION, .population = "educators" }, 4, "" },
        { { .unit = REGION, .population = "leaders" }, 1, "" },
        { { .unit = REGION, .population = "teams" }, 1, "" },
        { { .unit = REGION, .population = "young" }, 1, "" },
        { { .unit = REGION, .band = "young" }, 1, "" },
        { { .unit = REGION, .years_from = 5 }, 4, "" },         /* on 15 September 2022 */
        { { .unit = REGION, .years_under = 3 }, 1, "" },
        { { .unit = REGION, .years_from = 7, .years_under = 8 }, 3, "" },
        { { .unit = REGION, .years_from = 1, .on = day("2015-10-01") }, 1, "" },
        { { .unit = REGION, .post = "космонавт" }, 0, "post_unknown" },
        { { .unit = REGION, .band = "old" }, 0, "band_unknown" },
        { { .unit = REGION, .population = "nobody" }, 0, "population_unknown" },
        { { .unit = REGION, .band = "under_35" }, 1, "" },
        { { .unit = REGION, .band = "under_35", .population = "leaders" }, 0, "" },
        { { .unit = REGION, .register_id = "no_such" }, 0, "register_unknown" },
    };
    for (size_t i = 0; i < sizeof ROWS_OF / sizeof *ROWS_OF; i++) {
        uint32_t rows;
        const char *reason = listed(rig, ROWS_OF[i].body, &rows);
        if (strcmp(reason, ROWS_OF[i].reason) != 0 || rows != ROWS_OF[i].rows)
            fail_msg("row %zu: %u %s", i, rows, reason);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everybody_is_found_by_beginnings_in_any_order),
        TEST(the_entry_says_who_was_shown_and_why_and_no_word),
        TEST(the_same_search_again_shows_nobody_new),
        TEST(nobody_finds_who_is_out_of_reach),
        TEST(names_are_told_of_whom_a_list_holds_and_the_asker_reaches),
        TEST(blocked_and_erased_are_gone_with_the_next_command),
        TEST(two_records_made_one_are_found_once),
        TEST(pages_hold_everybody_once_whatever_is_changed_between_them),
        TEST(until_it_is_built_the_search_alone_waits),
        TEST(what_changes_is_found_as_it_is),
        TEST(too_many_changes_make_it_anew),
        TEST(lists_of_workers_are_filtered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

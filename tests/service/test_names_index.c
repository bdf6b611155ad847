/* roster: the index of names while it is made, and while everything changes. */
#include "tests/service/search_rig.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "proto/roster_privacy.h"
#include "services/roster/search/search.h"

static void until_it_is_built_the_search_alone_waits(void **state)
{
    struct rig *rig = *state;
    struct errand names;
    for (unsigned i = 0; i < 450; i++)
        rig_record(rig, search_someone(rig, i, "Ким", arena_format(&rig->arena, "Анна"), NULL, "S1"));
    machine_close(&rig->machine);
    rig_open(rig);
    assert_string_equal(search_refused(rig, &rig->centre, search_asking(rig, "ким")), "indexing");
    search_index_start(rig, &names);
    assert_int_equal(errand_step(&names, rig->time.wall), 0);
    assert_int_equal(search_standing(rig).phase, NAMES_BUILDING);
    assert_int_equal(search_standing(rig).people, 200);
    assert_string_equal(search_refused(rig, &rig->centre, search_asking(rig, "ким")), "indexing");
    rig_record(rig, anna());                            /* everything else goes on, and is found */
    while (errand_step(&names, rig->time.wall) == 0) { }
    errand_end(&names);
    assert_int_equal(search_standing(rig).phase, NAMES_READY);
    assert_int_equal(search_standing(rig).people, 451);
    assert_string_equal(search(rig, "вороб"), "Воробьёва");
    struct person_search body = search_asking(rig, "ким");
    body.limit = 100;
    struct people_found found = search_found(rig, &rig->centre, &body);
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
    struct worker_record row = search_someone(rig, 1000 + m->code, m->family, m->given, NULL, "S1");
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
    struct person_search body = search_asking(rig, arena_format(&rig->arena, "%s %s", first, second));
    unsigned expected = 0, seen = 0;
    for (unsigned i = 0; i < crowd->n; i++) {
        const struct member *m = &crowd->at[i];
        expected += !m->gone && !m->blocked && (begins(m->family, first) || begins(m->given, first)) &&
                    (begins(m->family, second) || begins(m->given, second));
    }
    body.limit = SEARCH_ROWS_MAX;
    do {
        struct people_found found = search_found(rig, &rig->centre, &body);
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
    search_index_built(rig);
    search_index_start(rig, &aside.names);
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
    search_index_built(rig);
    assert_int_equal(search_standing(rig).people, there);
    for (unsigned i = 0; i < 30; i++)
        one_search(rig, &crowd);
    machine_close(&rig->machine);                       /* and one that is built from the tables knows the same */
    rig_open(rig);
    search_index_built(rig);
    assert_int_equal(search_standing(rig).people, there);
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(until_it_is_built_the_search_alone_waits),
        TEST(what_changes_is_found_as_it_is),
        TEST(too_many_changes_make_it_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

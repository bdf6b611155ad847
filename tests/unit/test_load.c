#include "common/core/random.h"
#include "services/routes/load.h"
#include "tests/unit/check.h"

/* Who accompanies whom. */
#define ID(n) { { [0] = 0x01, [15] = (n) } }
static const struct uuid SCHOOL = ID(1), TOWN = ID(2), REGION = ID(3), CHARGE = ID(50);
static const struct uuid CHAIN[] = { ID(1), ID(2), ID(3) };

static uint32_t pick(const struct load_tutor *list, uint32_t n)
{
    return load_pick(list, n, &CHARGE, CHAIN, 3);
}

static void the_fewest_charges_then_the_nearest_then_the_lowest_id(void **state)
{
    struct load_tutor list[] = {
        { ID(10), ID(3), 4, 0 }, { ID(13), ID(2), 4, 0 }, { ID(12), ID(2), 4, 0 }, { ID(11), ID(4), 0, 0 },
    };
    (void)state;
    assert_int_equal(pick(list, 4), 2);             /* 11 covers another town; of the equal ones the town's own, then the id */
    list[0].load = 3;
    assert_int_equal(pick(list, 4), 0);             /* load comes before nearness */
    list[0].limit = 3;
    assert_int_equal(pick(list, 4), 2);             /* at his limit */
    list[2].person = CHARGE;
    assert_int_equal(pick(list, 4), 1);             /* nobody accompanies himself */
    list[1].limit = 4;
    list[2].limit = 4;
    assert_int_equal(pick(list, 4), LOAD_NONE);
    assert_int_equal(pick(list, 0), LOAD_NONE);
}

static void covers_what_stands_above_his_workplace(void **state)
{
    struct uuid school = load_covers(ORG_SCHOOL, CHAIN, 3), town = load_covers(ORG_MUNICIPALITY, CHAIN + 1, 2),
                centre = load_covers(ORG_CENTRE, (const struct uuid[]){ ID(9), ID(3) }, 2), region = load_covers(ORG_REGION, CHAIN + 2, 1);
    (void)state;
    assert_true(uuid_equal(&school, &TOWN));
    assert_true(uuid_equal(&town, &TOWN));
    assert_true(uuid_equal(&centre, &REGION));
    assert_true(uuid_equal(&region, &REGION));
}

/* ── dealt out by the hundred ─────────────────────────────────────────────── */

#define TUTORS 12
#define TOWNS  3
struct deal { struct load_tutor tutor[TUTORS]; uint32_t n; };

static struct uuid town(uint32_t i)
{
    return (struct uuid)ID(100 + i);
}

static struct deal random_deal(struct prng *prng)
{
    struct deal deal = { .n = 1 + (uint32_t)(prng_next(prng) % TUTORS) };
    for (uint32_t i = 0; i < deal.n; i++) {
        uint32_t where = (uint32_t)(prng_next(prng) % (TOWNS + 1));
        deal.tutor[i] = (struct load_tutor){ .person = ID(10 + i), .covers = where == TOWNS ? REGION : town(where),
                                             .limit = prng_next(prng) % 3 == 0 ? 0 : prng_next(prng) % 20 + 1 };
    }
    return deal;
}

static void shuffle(struct deal *deal, struct prng *prng)
{
    for (uint32_t i = deal->n - 1; i > 0; i--) {
        uint32_t k = (uint32_t)(prng_next(prng) % (i + 1));
        struct load_tutor kept = deal->tutor[i];
        deal->tutor[i] = deal->tutor[k];
        deal->tutor[k] = kept;
    }
}

static bool may_have(const struct load_tutor *tutor, const struct uuid *home)
{
    return uuid_equal(&tutor->covers, &REGION) || uuid_equal(&tutor->covers, home);
}

static bool has_room(const struct load_tutor *tutor)
{
    return tutor->limit == 0 || tutor->load < tutor->limit;
}

/* Nobody goes without while somebody has room; nobody passes his limit; whoever of the same unit has room has at
 * most one fewer than the busiest; the order of tutors makes no difference. */
static void the_load_is_even_whatever_the_order(void **state)
{
    struct prng prng;
    unsigned none = 0, full = 0;
    (void)state;
    prng_seed(&prng, 20260701);
    for (int round = 0; round < 400; round++) {
        struct deal one = random_deal(&prng), other = one;
        shuffle(&other, &prng);
        for (uint32_t c = 0; c < 120; c++) {
            struct uuid home = town((uint32_t)(prng_next(&prng) % TOWNS)), chain[] = { SCHOOL, home, REGION };
            struct uuid charge = { { [0] = 0x02, [14] = (uint8_t)(c >> 8), [15] = (uint8_t)c } };
            uint32_t a = load_pick(one.tutor, one.n, &charge, chain, 3), b = load_pick(other.tutor, other.n, &charge, chain, 3);
            assert_int_equal(a == LOAD_NONE, b == LOAD_NONE);
            if (a != LOAD_NONE) {
                one.tutor[a].load++;
                other.tutor[b].load++;
                assert_true(uuid_equal(&one.tutor[a].person, &other.tutor[b].person));
                assert_true(may_have(&one.tutor[a], &home));
                continue;
            }
            none++;
            for (uint32_t i = 0; i < one.n; i++)
                assert_false(may_have(&one.tutor[i], &home) && has_room(&one.tutor[i]));
        }
        for (uint32_t i = 0; i < one.n; i++) {
            full += !has_room(&one.tutor[i]);
            assert_true(one.tutor[i].limit == 0 || one.tutor[i].load <= one.tutor[i].limit);
            for (uint32_t k = 0; k < one.n; k++)
                if (uuid_equal(&one.tutor[i].covers, &one.tutor[k].covers) && has_room(&one.tutor[k]))
                    assert_true(one.tutor[i].load <= one.tutor[k].load + 1);
        }
    }
    assert_true(none > 100 && full > 100);          /* both came up */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fewest_charges_then_the_nearest_then_the_lowest_id),
        cmocka_unit_test(covers_what_stands_above_his_workplace),
        cmocka_unit_test(the_load_is_even_whatever_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

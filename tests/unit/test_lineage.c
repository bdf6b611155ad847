#include <stdio.h>

#include "tests/unit/own_arena.h"

#include "services/roster/units/lineage.h"

/* Where a unit stands from day to day: values in, values out. Units are letters, days are small numbers. */

static struct uuid id(char name) { return (struct uuid){ { [15] = (uint8_t)name } }; }

/* "since:PARENT since:PARENT …" */
static struct lineage_links links(const char *text)
{
    struct lineage_links made = { 0, NULL };
    unsigned from;
    char to;
    for (int n; sscanf(text, " %u:%c%n", &from, &to, &n) == 2; text += n) {
        struct uuid parent = to == '-' ? UUID_NIL : id(to);
        assert_true(lineage_link(&made, from, &parent, &arena));
    }
    return made;
}

/* What stands where, found by name; "0:ABC 10:ADC" as spans. */
static struct { char name; struct lineage_spans spans; } known[16];
static unsigned known_n;

static struct lineage_spans of(void *arg, const struct uuid *unit)
{
    (void)arg;
    for (unsigned i = 0; i < known_n; i++)
        if (known[i].name == (char)unit->b[15])
            return known[i].spans;
    return (struct lineage_spans){ 0, NULL };
}

static const char *spelled(const struct lineage_spans *spans)
{
    struct buf text = { 0 };
    for (uint32_t i = 0; i < spans->n; i++) {
        buf_format(&text, "%s%u:", i > 0 ? " " : "", spans->at[i].from);
        for (uint32_t k = 0; k < spans->at[i].chain.n; k++)
            buf_byte(&text, spans->at[i].chain.at[k].b[15]);
    }
    const char *made = arena_string(&arena, text.n > 0 ? (const char *)text.at : "", text.n);
    buf_free(&text);
    return made;
}

static const char *stands(char name, const char *under)
{
    struct lineage_links made = links(under);
    struct uuid unit = id(name);
    struct lineage_spans spans;
    if (!lineage_chains(&unit, &made, of, NULL, &arena, &spans))
        return "no";
    known[known_n].name = name;
    known[known_n++].spans = spans;
    return spelled(&spans);
}

static void chains_come_from_links_and_from_what_is_above(void **state)
{
    (void)state;
    known_n = 0;
    assert_string_equal(stands('R', ""), "0:R");
    assert_string_equal(stands('M', "0:R"), "0:MR");
    assert_string_equal(stands('N', "0:R"), "0:NR");
    assert_string_equal(stands('S', "0:M 50:N"), "0:SMR 50:SNR");
    assert_string_equal(stands('T', "0:S"), "0:TSMR 50:TSNR");          /* what is below moves with it */
    assert_string_equal(stands('U', "0:S 70:M"), "0:USMR 50:USNR 70:UMR");
    assert_string_equal(stands('V', "0:S 20:M"), "0:VSMR 20:VMR");      /* it had left before */
    assert_string_equal(stands('W', "30:M 10:N 0:M"), "0:WMR 10:WNR 30:WMR");   /* entered in any order */
    assert_string_equal(stands('X', "0:M 40:M"), "0:XMR");              /* a move to where it is is none */
    assert_string_equal(stands('Y', "0:?"), "no");
    assert_string_equal(stands('Z', "0:M 10:Z"), "no");
}

static void a_circle_and_too_many_levels_are_no_chains(void **state)
{
    (void)state;
    known_n = 0;
    stands('R', "");
    assert_string_equal(stands('A', "0:R"), "0:AR");
    assert_string_equal(stands('B', "0:A"), "0:BAR");
    assert_string_equal(stands('A', "0:R 10:B"), "no");
    assert_string_equal(stands('C', "0:B"), "0:CBAR");
    assert_string_equal(stands('D', "0:C"), "0:DCBAR");
    assert_string_equal(stands('E', "0:D"), "0:EDCBAR");
    assert_string_equal(stands('F', "0:E"), "no");                      /* CHAIN_MAX */
    struct lineage_links many = { 0, NULL };
    struct uuid to = id('A');
    for (day_t d = 0; d < LINEAGE_MAX; d++)
        assert_true(lineage_link(&many, d, &to, &arena));
    assert_false(lineage_link(&many, LINEAGE_MAX, &to, &arena));
    assert_true(lineage_link(&many, 5, &to, &arena));                   /* said again */
    assert_int_equal(many.n, LINEAGE_MAX);
}

static void an_heir_takes_over_from_the_day(void **state)
{
    (void)state;
    known_n = 0;
    stands('R', "");
    stands('M', "0:R");
    stands('N', "0:R");
    stands('A', "0:M");
    stands('H', "0:M 80:N");
    static const struct { day_t day; const char *spans; } ROWS[] = {
        { 40, "0:AMR 40:HMR 80:HNR" }, { 80, "0:AMR 80:HNR" }, { 90, "0:AMR 90:HNR" }, { 1, "0:AMR 1:HMR 80:HNR" },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct uuid a = id('A'), h = id('H');
        struct lineage_spans spans = of(NULL, &a), heir = of(NULL, &h);
        assert_true(lineage_give_way(&spans, ROWS[i].day, &heir, &arena));
        assert_string_equal(spelled(&spans), ROWS[i].spans);
    }
}

static void the_founder_tree_is_the_territory_where_none_is_said(void **state)
{
    (void)state;
    static const struct { const char *founders, *parents, *either; } ROWS[] = {
        { "", "0:M", "0:M" }, { "10:R", "0:M", "0:M 10:R" }, { "0:R", "0:M 10:N", "0:R 10:R" },
        { "10:R 20:-", "0:M 15:N", "0:M 10:R 15:R 20:N" }, { "10:R", "0:M 10:N", "0:M 10:R" },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct lineage_links founders = links(ROWS[i].founders), parents = links(ROWS[i].parents), wanted = links(ROWS[i].either);
        struct lineage_links either = lineage_either(&founders, &parents, &arena);
        assert_int_equal(either.n, wanted.n);
        for (uint32_t k = 0; k < either.n; k++) {
            assert_int_equal(either.at[k].from, wanted.at[k].from);
            assert_memory_equal(&either.at[k].to, &wanted.at[k].to, sizeof wanted.at[k].to);
        }
    }
}

static void a_stay_is_cut_where_the_chain_changes(void **state)
{
    (void)state;
    known_n = 0;
    stands('R', "");
    stands('M', "0:R");
    stands('N', "0:R");
    stands('S', "0:M 50:N 60:M");
    struct uuid s = id('S');
    struct lineage_spans spans = of(NULL, &s);
    static const struct { day_t from, until; const char *pieces; } ROWS[] = {
        { 10, 20, "10-20M" }, { 10, 49, "10-49M" }, { 10, 50, "10-49M 50-50N" }, { 50, 0, "50-59N 60-0M" },
        { 10, 0, "10-49M 50-59N 60-0M" }, { 60, 0, "60-0M" }, { 55, 59, "55-59N" }, { 55, 60, "55-59N 60-60M" },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct lineage_piece pieces[LINEAGE_MAX];
        uint32_t n = lineage_cut(&spans, ROWS[i].from, ROWS[i].until, pieces);
        char text[200] = "";
        for (uint32_t k = 0; k < n; k++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%u-%u%c", k > 0 ? " " : "", pieces[k].from,
                     pieces[k].until, pieces[k].span->chain.at[1].b[15]);
        assert_string_equal(text, ROWS[i].pieces);
    }
    assert_int_equal(lineage_on(&spans, 49)->from, 0);
    assert_int_equal(lineage_on(&spans, 50)->from, 50);
    assert_true(lineage_within(lineage_on(&spans, 55), &(struct uuid){ { [15] = 'N' } }));
    assert_false(lineage_within(lineage_on(&spans, 65), &(struct uuid){ { [15] = 'N' } }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_come_from_links_and_from_what_is_above),
        cmocka_unit_test(a_circle_and_too_many_levels_are_no_chains),
        cmocka_unit_test(an_heir_takes_over_from_the_day),
        cmocka_unit_test(the_founder_tree_is_the_territory_where_none_is_said),
        cmocka_unit_test(a_stay_is_cut_where_the_chain_changes),
    };
    return cmocka_run_group_tests(tests, NULL, arena_forget);
}

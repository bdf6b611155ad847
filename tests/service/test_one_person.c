#include "tests/service/roster_rig.h"

#include "proto/roles.h"
#include "proto/roster_bookings.h"
#include "proto/roster_duties.h"
#include "proto/roster_expert.h"
#include "proto/roster_people.h"
#include "proto/roster_registers.h"
#include "proto/roster_training.h"

/* roster: who had two records is one in every list, count and conflict of interest; and two again, exactly as they were,
 * when it is undone. */

#define SEEDS 24
#define DEEDS 40

/* ── a random history of two records, and of somebody else ────────────────── */

struct story {
    struct rig *rig;
    struct prng prng;
    struct uuid person[3], agreement, room, review[12], assignment[40];
    uint32_t reviews, assignments;
};

static struct uuid anyone(struct story *story) { return story->person[prng_below(&story->prng, 3)]; }
static day_t some_day(struct story *story) { return day("2021-09-01") + (day_t)prng_below(&story->prng, 370); }

/* Refused or not: both are history. The id of what was made, nil otherwise. */
static struct uuid tried(struct story *story, const char *method, const struct msg_desc *takes, const void *body)
{
    struct outcome outcome = rig_send(story->rig, method, takes, body);
    struct registered made = { 0 };

    if (toy_reason(&outcome, &story->rig->arena)[0] == '\0' && outcome.body.n > 1)
        toy_decode(&registered_desc, outcome.body, &made, &story->rig->arena);
    return made.id;
}

static void enters(struct story *story)
{
    struct entry_ground grounds[] = { { .ground = "passed" }, { 0 } };
    struct entry_record body = { .register_id = "experts", .person = anyone(story), .grounds = { 1, grounds }, .from = some_day(story) };
    struct entry_value value = { .name = "mentor", .id = anyone(story) }, rank = { .name = "rank", .text = "старший" };
    struct entry_value values[] = { rank, value };

    if (prng_below(&story->prng, 3) == 0) {
        body.register_id = "panel";
        grounds[0] = (struct entry_ground){ .ground = "results" };
        body.values.n = 2;
        body.values.at = values;
    }
    if (prng_below(&story->prng, 2) == 0)
        body.until = body.from + 30 + (day_t)prng_below(&story->prng, 200);
    tried(story, "roster.entry.record", &entry_record_desc, &body);
}

static void joins(struct story *story)
{
    struct part_join body = { .entry = story->agreement, .person = anyone(story), .from = some_day(story),
                              .role = prng_below(&story->prng, 2) ? "сторона" : "свидетель" };
    struct uuid part = tried(story, "roster.part.join", &part_join_desc, &body);
    struct part_leave leave = { part, body.from + (day_t)prng_below(&story->prng, 100) };
    if (!uuid_is_nil(&part) && prng_below(&story->prng, 2))
        rig_reason(story->rig, "roster.part.leave", &part_leave_desc, &leave);
}

static void is_trained(struct story *story)
{
    struct training_record body = { .person = anyone(story), .training = "experts_school", .day = some_day(story),
                                    .document = prng_below(&story->prng, 2) ? "77-1" : "77-2", .provider = "Академия" };
    tried(story, "roster.training.record", &training_record_desc, &body);
}

static void books(struct story *story)
{
    struct booking_make body = { .entry = story->room, .from = day("2022-10-01") + (day_t)prng_below(&story->prng, 60), .places = 1,
                                 .person = anyone(story), .purpose = "занятие" };
    body.until = body.from + (day_t)prng_below(&story->prng, 5);
    tried(story, "roster.booking.make", &booking_make_desc, &body);
}

static void is_tied(struct story *story)
{
    struct tie body = { .person = anyone(story), .other = prng_below(&story->prng, 4) ? anyone(story) : story->rig->school2,
                        .kind = TIE_OTHER, .from = some_day(story) };
    rig_reason(story->rig, "roster.tie.declare", &tie_desc, &body);
}

static void consents(struct story *story)
{
    struct consent_give give = { .person = anyone(story), .purpose = (int)prng_below(&story->prng, 3), .text = "1", .day = some_day(story) };
    struct consent_withdraw withdraw = { .person = give.person, .purpose = give.purpose, .day = some_day(story) };
    rig_reason(story->rig, "roster.consent.give", &consent_give_desc, &give);
    if (prng_below(&story->prng, 2))
        rig_reason(story->rig, "roster.consent.withdraw", &consent_withdraw_desc, &withdraw);
}

static void is_judged(struct story *story)
{
    struct uuid author = anyone(story);
    struct review_open body = { .direction = "practices", .unit = story->rig->school2, .title = "Урок", .authors = { 1, &author } };
    struct uuid made = tried(story, "roster.review.open", &review_open_desc, &body);
    if (!uuid_is_nil(&made) && story->reviews < 12)
        story->review[story->reviews++] = made;
}

static void judges(struct story *story)
{
    struct expert_point points[] = { { .criterion = "use", .points = prng_below(&story->prng, 11) },
                                     { .criterion = "spread", .points = prng_below(&story->prng, 11) } };
    if (story->reviews == 0)
        return;
    struct review_assign body = { .review = story->review[prng_below(&story->prng, story->reviews)], .expert = anyone(story) };
    struct uuid made = tried(story, "roster.review.assign", &review_assign_desc, &body);
    struct review_submit opinion = { .assignment = made, .points = { 2, points }, .summary = "есть польза" };
    if (!uuid_is_nil(&made) && prng_below(&story->prng, 2))
        rig_reason(story->rig, "roster.review.submit", &review_submit_desc, &opinion);
}

static void works_elsewhere(struct story *story)
{
    bool again = prng_below(&story->prng, 2);
    struct worker_record row = again ? anna_again() : anna();
    row.organisation = "S2";
    row.part_time = true;
    row.from = some_day(story);
    row.until = prng_below(&story->prng, 2) ? row.from + 100 : 0;
    rig_reason(story->rig, "roster.worker.record", &worker_record_desc, &row);
}

static void (*const DEED[])(struct story *) = { enters, joins, is_trained, books, is_tied, consents, is_judged, judges, works_elsewhere };

static void goes_on(struct story *story, uint32_t deeds)
{
    for (uint32_t i = 0; i < deeds; i++)
        DEED[prng_below(&story->prng, sizeof DEED / sizeof *DEED)](story);
}

static struct story begun(struct rig *rig, uint64_t seed)
{
    static struct entry_ground signed_[] = { { .ground = "signed", .evidence = "экземпляр 1", .day = 18900 } }, owned[] = { { .ground = "owned" } };
    struct entry_record agreement = { .register_id = "agreements", .organisation = rig->north, .title = "О взаимодействии",
                                      .grounds = { 1, signed_ }, .from = day("2021-03-01") };
    struct entry_value seats = { .name = "seats", .number = 500 };
    struct entry_record room = { .register_id = "rooms", .organisation = rig->school1, .title = "Зал", .grounds = { 1, owned },
                                 .values = { 1, &seats }, .from = day("2021-01-01"), .until = day("2023-06-30") };
    struct story story = { .rig = rig };

    prng_seed(&story.prng, seed);
    story.person[0] = rig_record(rig, anna()).person;
    story.person[1] = rig_record(rig, anna_again()).person;
    story.person[2] = rig_record(rig, boris()).person;
    story.agreement = rig_made(rig, "roster.entry.record", &entry_record_desc, &agreement);
    story.room = rig_made(rig, "roster.entry.record", &entry_record_desc, &room);
    return story;
}

/* ── all that can be asked ────────────────────────────────────────────────── */

struct answers { struct story *story; struct buf all; };

static void told(struct answers *answers, const char *method, const struct msg_desc *takes, const void *body)
{
    struct rig *rig = answers->story->rig;
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, method, takes, body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    buf_put(&answers->all, outcome.body.at, outcome.body.n);
}

static void told_of_person(struct answers *answers, const struct uuid *person)
{
    struct person_of of = { *person };
    struct memberships_of member = { .member = *person };
    struct expert_of expert = { *person };
    struct assignments_of works = { .expert = *person };

    told(answers, "roster.post.of", &person_of_desc, &of);
    told(answers, "roster.consent.list", &person_of_desc, &of);
    told(answers, "roster.person.standing", &person_of_desc, &of);
    told(answers, "roster.entry.of", &memberships_of_desc, &member);
    told(answers, "roster.expert.get", &expert_of_desc, &expert);
    told(answers, "roster.expert.works", &assignments_of_desc, &works);
    told(answers, "roster.tie.list", &expert_of_desc, &expert);
}

static void told_of_day(struct answers *answers, const struct uuid *unit, day_t on)
{
    static const char *const REGISTERS[] = { "experts", "panel" };
    struct population_of sizes = { *unit, on };
    struct population_yields yields = { .population = "educators", .unit = *unit, .on = on };
    struct workers_of workers = { .unit = *unit, .on = on };
    struct trainings_of must = { .training = "experts_school", .unit = *unit, .on = on };
    struct training_count_of sums = { "experts_school", *unit, on };

    told(answers, "roster.population.sizes", &population_of_desc, &sizes);
    told(answers, "roster.population.list", &population_yields_desc, &yields);
    told(answers, "roster.worker.list", &workers_of_desc, &workers);
    told(answers, "roster.training.list", &trainings_of_desc, &must);
    told(answers, "roster.training.count", &training_count_of_desc, &sums);
    for (size_t i = 0; i < sizeof REGISTERS / sizeof *REGISTERS; i++) {
        struct entries_of of = { .register_id = REGISTERS[i], .unit = *unit, .on = on };
        struct register_count_of count = { .register_id = REGISTERS[i], .unit = *unit, .on = on };
        told(answers, "roster.entry.list", &entries_of_desc, &of);
        told(answers, "roster.register.count", &register_count_of_desc, &count);
        of.which = LIST_ALL;
        told(answers, "roster.entry.list", &entries_of_desc, &of);
    }
}

static void told_of_works(struct answers *answers)
{
    struct story *story = answers->story;
    struct reviews_of reviews = { .direction = "practices", .unit = REGION };

    told(answers, "roster.review.list", &reviews_of_desc, &reviews);
    for (uint32_t i = 0; i < story->reviews; i++) {
        struct registered review = { story->review[i] };
        struct candidates_of candidates = { .review = story->review[i] };
        told(answers, "roster.review.get", &registered_desc, &review);
        told(answers, "roster.review.candidates", &candidates_of_desc, &candidates);
    }
}

static const char *const DAYS[] = { "2021-08-31", "2021-10-15", "2022-02-01", "2022-06-01", "2022-09-15" };

static struct buf everything(struct story *story)
{
    const struct uuid *units[] = { &REGION, &story->rig->north, &story->rig->south, &story->rig->school1, &story->rig->school2 };
    struct parts_of parts = { .entry = story->agreement };
    struct bookings_of bookings = { .entry = story->room };
    struct answers answers = { .story = story };

    for (size_t u = 0; u < sizeof units / sizeof *units; u++)
        for (size_t d = 0; d < sizeof DAYS / sizeof *DAYS; d++)
            told_of_day(&answers, units[u], day(DAYS[d]));
    for (size_t d = 0; d < sizeof DAYS / sizeof *DAYS; d++, parts.on = d < 5 ? day(DAYS[d]) : 0)
        told(&answers, "roster.part.list", &parts_of_desc, &parts);
    told(&answers, "roster.booking.list", &bookings_of_desc, &bookings);
    told_of_works(&answers);
    for (size_t i = 0; i < 3; i++)
        told_of_person(&answers, &story->person[i]);
    return answers.all;
}

/* ── what holds ───────────────────────────────────────────────────────────── */

static struct buf all_of_person(struct story *story, const struct uuid *person)
{
    struct answers answers = { .story = story };
    told_of_person(&answers, person);
    return answers.all;
}

/* Members of a register on a day, as many as it is said to have, none of them twice. */
static uint32_t members(struct story *story, const char *on)
{
    struct entries_of of = { .register_id = "experts", .unit = REGION, .on = day(on) };
    struct register_count_of asked = { .register_id = "experts", .unit = REGION, .on = day(on) };
    struct register_count count;
    struct entry_list list;

    rig_ask(story->rig, "roster.entry.list", &entries_of_desc, &of, &entry_list_desc, &list);
    rig_ask(story->rig, "roster.register.count", &register_count_of_desc, &asked, &register_count_desc, &count);
    assert_int_equal(list.rows.n, count.members);
    for (uint32_t i = 0; i < list.rows.n; i++)
        for (uint32_t k = 0; k < i; k++)
            assert_false(uuid_equal(&list.rows.at[i].person, &list.rows.at[k].person));
    return list.rows.n;
}

static bool is_member(struct story *story, const struct uuid *person, const char *on)
{
    struct entries_of of = { .register_id = "experts", .unit = REGION, .on = day(on) };
    struct entry_list list;
    bool found = false;

    rig_ask(story->rig, "roster.entry.list", &entries_of_desc, &of, &entry_list_desc, &list);
    for (uint32_t i = 0; i < list.rows.n; i++)
        found |= uuid_equal(&list.rows.at[i].person, person);
    return found;
}

static void one_is_counted_where_two_were(struct story *story, const uint32_t *before, const bool *both)
{
    struct buf all = everything(story), kept = all_of_person(story, &story->person[0]), gone = all_of_person(story, &story->person[1]);

    assert_null(memmem(all.at, all.n, story->person[1].b, sizeof story->person[1].b));     /* nobody is called so any more */
    assert_true(bytes_equal(buf_bytes(&kept), buf_bytes(&gone)));
    for (size_t d = 0; d < sizeof DAYS / sizeof *DAYS; d++)
        assert_int_equal(members(story, DAYS[d]), before[d] - both[d]);
    buf_free(&all);
    buf_free(&kept);
    buf_free(&gone);
}

static void merging_and_undoing_it_leave_no_trace(void **state)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct rig *rig = *state;
        struct story story = begun(rig, seed);
        uint32_t count[sizeof DAYS / sizeof *DAYS];
        bool both[sizeof DAYS / sizeof *DAYS];

        goes_on(&story, DEEDS);
        for (size_t d = 0; d < sizeof DAYS / sizeof *DAYS; d++) {
            count[d] = members(&story, DAYS[d]);
            both[d] = is_member(&story, &story.person[0], DAYS[d]) && is_member(&story, &story.person[1], DAYS[d]);
        }
        struct buf before = everything(&story);
        assert_string_equal(rig_merge(rig, &story.person[0], &story.person[1]), "");
        one_is_counted_where_two_were(&story, count, both);
        assert_string_equal(rig_unmerge(rig, &story.person[1]), "");
        struct buf after = everything(&story);
        if (!bytes_equal(buf_bytes(&before), buf_bytes(&after)))
            fail_msg("seed %u: not as before", (unsigned)seed);
        assert_string_equal(rig_merge(rig, &story.person[0], &story.person[1]), "");
        goes_on(&story, DEEDS / 2);                             /* under both ids: all of it is his */
        one_is_counted_where_two_were(&story, (uint32_t[]){ members(&story, DAYS[0]), members(&story, DAYS[1]), members(&story, DAYS[2]),
                                                            members(&story, DAYS[3]), members(&story, DAYS[4]) }, (bool[5]){ false });
        rig_check(rig);
        buf_free(&before);
        buf_free(&after);
        if (seed < SEEDS) {
            rig_tear_down(state);
            rig_set_up(state);
        }
    }
}

/* Three records, undone in either order. */
static void three_records_are_one_and_three_again(void **state)
{
    for (uint64_t seed = 101; seed <= 100 + SEEDS / 2; seed++) {
        struct rig *rig = *state;
        struct story story = begun(rig, seed);
        uint32_t first = 1 + seed % 2;

        goes_on(&story, DEEDS);
        struct buf before = everything(&story);
        assert_string_equal(rig_merge(rig, &story.person[0], &story.person[first]), "");
        assert_string_equal(rig_merge(rig, &story.person[0], &story.person[3 - first]), "");
        struct buf all = everything(&story), kept = all_of_person(&story, &story.person[0]);
        for (uint32_t i = 1; i < 3; i++) {
            struct buf gone = all_of_person(&story, &story.person[i]);
            assert_null(memmem(all.at, all.n, story.person[i].b, sizeof story.person[i].b));
            assert_true(bytes_equal(buf_bytes(&kept), buf_bytes(&gone)));
            buf_free(&gone);
        }
        for (size_t d = 0; d < sizeof DAYS / sizeof *DAYS; d++)
            assert_true(members(&story, DAYS[d]) <= 1);
        uint32_t undone = seed % 4 < 2 ? first : 3 - first;
        assert_string_equal(rig_unmerge(rig, &story.person[undone]), "");
        assert_string_equal(rig_unmerge(rig, &story.person[3 - undone]), "");
        struct buf after = everything(&story);
        if (!bytes_equal(buf_bytes(&before), buf_bytes(&after)))
            fail_msg("seed %u: not as before", (unsigned)seed);
        rig_check(rig);
        buf_free(&before);
        buf_free(&all);
        buf_free(&kept);
        buf_free(&after);
        if (seed < 100 + SEEDS / 2) {
            rig_tear_down(state);
            rig_set_up(state);
        }
    }
}

/* ── one by one ───────────────────────────────────────────────────────────── */

static const char *read_as(struct rig *rig, const struct principal *who, const struct uuid *person)
{
    struct person_read read = { *person, "проверка" };
    return rig_reason_as(rig, who, "roster.person.read", &person_read_desc, &read);
}

/* Who was let in under the id that has gone still sees himself, and as long as they are one no more of others. */
static void he_sees_himself_by_either_id(void **state)
{
    struct rig *rig = *state;
    struct story story = begun(rig, 1);
    const struct uuid *kept = &story.person[0], *gone = &story.person[1];
    struct principal under_gone = reaching(ROLE_WORKER, gone), under_kept = reaching(ROLE_WORKER, kept);

    assert_string_equal(read_as(rig, &under_gone, kept), "out_of_reach");
    assert_string_equal(rig_merge(rig, kept, gone), "");
    assert_string_equal(read_as(rig, &under_gone, kept), "");
    assert_string_equal(read_as(rig, &under_kept, gone), "");
    assert_string_equal(read_as(rig, &under_gone, &story.person[2]), "out_of_reach");
    assert_string_equal(rig_unmerge(rig, gone), "");
    assert_string_equal(read_as(rig, &under_gone, kept), "out_of_reach");
    assert_string_equal(read_as(rig, &under_kept, gone), "out_of_reach");
    rig_check(rig);
}

static void who_is_blocked_is_so_by_either_id(void **state)
{
    struct rig *rig = *state;
    struct story story = begun(rig, 2);
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    struct person_block block = { .person = story.person[1], .act = "7-б", .ground = BLOCK_ASKED };
    struct person_unblock unblock = { story.person[0], "8-б" };

    assert_string_equal(rig_merge(rig, &story.person[0], &story.person[1]), "");
    assert_string_equal(rig_reason(rig, "roster.person.block", &person_block_desc, &block), "merged_already");
    block.person = story.person[0];
    assert_string_equal(rig_reason(rig, "roster.person.block", &person_block_desc, &block), "");
    assert_string_equal(read_as(rig, &south, &story.person[0]), "person_blocked");
    assert_string_equal(read_as(rig, &south, &story.person[1]), "person_blocked");
    assert_string_equal(rig_unmerge(rig, &story.person[1]), "person_blocked");
    assert_string_equal(rig_reason(rig, "roster.person.unblock", &person_unblock_desc, &unblock), "");
    assert_string_equal(read_as(rig, &south, &story.person[1]), "");
    rig_check(rig);
}

static uint32_t consents_that_hold(struct rig *rig, const struct uuid *person)
{
    struct person_of body = { *person };
    struct consent_list list;
    uint32_t n = 0;

    rig_ask(rig, "roster.consent.list", &person_of_desc, &body, &consent_list_desc, &list);
    for (uint32_t i = 0; i < list.rows.n; i++)
        n += list.rows.at[i].withdrawn == 0;
    return n;
}

static void what_he_withdraws_holds_under_no_id(void **state)
{
    struct rig *rig = *state;
    struct story story = begun(rig, 3);
    struct consent_withdraw withdraw = { .person = story.person[1], .purpose = CONSENT_PUBLIC, .day = day("2022-09-10") };

    for (uint32_t i = 0; i < 2; i++) {
        struct consent_give give = { .person = story.person[i], .purpose = CONSENT_PUBLIC, .text = "1", .day = day("2022-09-01") };
        assert_string_equal(rig_reason(rig, "roster.consent.give", &consent_give_desc, &give), "");
    }
    assert_string_equal(rig_merge(rig, &story.person[0], &story.person[1]), "");
    assert_int_equal(consents_that_hold(rig, &story.person[0]), 2);
    assert_string_equal(rig_reason(rig, "roster.consent.withdraw", &consent_withdraw_desc, &withdraw), "");
    assert_int_equal(consents_that_hold(rig, &story.person[0]), 0);
    assert_string_equal(rig_unmerge(rig, &story.person[1]), "");
    assert_int_equal(consents_that_hold(rig, &story.person[0]) + consents_that_hold(rig, &story.person[1]), 0);
    rig_check(rig);
}

static struct uuid an_expert(struct rig *rig, const struct uuid *person)
{
    static struct entry_ground passed[] = { { .ground = "passed" } };
    struct entry_record body = { .register_id = "experts", .person = *person, .grounds = { 1, passed }, .from = day("2022-01-01") };
    return rig_made(rig, "roster.entry.record", &entry_record_desc, &body);
}

static const char *given_to(struct rig *rig, const struct uuid *review, const struct uuid *expert)
{
    struct review_assign body = { .review = *review, .expert = *expert };
    return rig_reason(rig, "roster.review.assign", &review_assign_desc, &body);
}

static struct uuid work(struct rig *rig, const char *title)
{
    struct review_open body = { .direction = "practices", .unit = rig->school2, .title = title };
    return rig_made(rig, "roster.review.open", &review_open_desc, &body);
}

static uint64_t load(struct rig *rig, const struct uuid *person)
{
    struct expert_of of = { *person };
    struct expert_standing standing;
    rig_ask(rig, "roster.expert.get", &expert_of_desc, &of, &expert_standing_desc, &standing);
    return standing.open;
}

/* The load that two records may have together is one's; the same work is not given to him twice. */
static void his_load_is_that_of_both(void **state)
{
    struct rig *rig = *state;
    struct story story = begun(rig, 4);
    struct uuid one = work(rig, "Первая"), two = work(rig, "Вторая"), three = work(rig, "Третья");

    an_expert(rig, &story.person[0]);
    an_expert(rig, &story.person[1]);
    assert_string_equal(given_to(rig, &one, &story.person[0]), "");
    assert_string_equal(given_to(rig, &two, &story.person[1]), "");
    assert_string_equal(rig_merge(rig, &story.person[0], &story.person[1]), "");
    assert_int_equal(load(rig, &story.person[0]), 2);
    assert_string_equal(given_to(rig, &two, &story.person[0]), "expert_assigned_already");
    assert_string_equal(given_to(rig, &three, &story.person[1]), "expert_loaded");
    assert_string_equal(rig_unmerge(rig, &story.person[1]), "");
    assert_int_equal(load(rig, &story.person[0]), 1);
    assert_string_equal(given_to(rig, &three, &story.person[1]), "");
    rig_check(rig);
}

static uint32_t ties_that_last(struct rig *rig, const struct uuid *person)
{
    struct expert_of of = { *person };
    struct tie_list list;
    uint32_t n = 0;

    rig_ask(rig, "roster.tie.list", &expert_of_desc, &of, &tie_list_desc, &list);
    for (uint32_t i = 0; i < list.rows.n; i++)
        n += list.rows.at[i].until == 0;
    return n;
}

static void a_tie_is_ended_under_whichever_id_it_was_declared(void **state)
{
    struct rig *rig = *state;
    struct story story = begun(rig, 5);
    struct tie tie = { .person = story.person[1], .other = story.person[2], .kind = TIE_OTHER, .from = day("2021-09-01") };

    assert_string_equal(rig_reason(rig, "roster.tie.declare", &tie_desc, &tie), "");
    assert_string_equal(rig_merge(rig, &story.person[0], &story.person[1]), "");
    assert_int_equal(ties_that_last(rig, &story.person[0]), 1);
    tie.person = story.person[0];
    tie.until = day("2022-09-01");
    assert_string_equal(rig_reason(rig, "roster.tie.declare", &tie_desc, &tie), "");
    assert_int_equal(ties_that_last(rig, &story.person[0]), 0);
    tie.other = story.person[1];
    assert_string_equal(rig_reason(rig, "roster.tie.declare", &tie_desc, &tie), "tie_to_himself");
    assert_string_equal(rig_unmerge(rig, &story.person[1]), "");
    assert_int_equal(ties_that_last(rig, &story.person[1]), 0);
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(merging_and_undoing_it_leave_no_trace),
        TEST(three_records_are_one_and_three_again),
        TEST(he_sees_himself_by_either_id),
        TEST(who_is_blocked_is_so_by_either_id),
        TEST(what_he_withdraws_holds_under_no_id),
        TEST(his_load_is_that_of_both),
        TEST(a_tie_is_ended_under_whichever_id_it_was_declared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

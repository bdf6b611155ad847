#include "proto/roster_registers.h"
#include "services/federal/words.h"
#include "tests/service/federal_desk.h"

/* A passport filled from the real services, through its whole life and every step that is none, and what the next
 * version shows. */

/* ── filling ──────────────────────────────────────────────────────────────── */

static void a_draft_fills_itself_from_the_services_and_names_its_gaps(void **state)
{
    struct desk *desk = *state;
    struct region *r = desk->r;
    struct uuid id = desk_filled(desk);
    struct passport passport = desk_get(desk, &id);
    struct cells results = desk_cells(desk, &id, 7), programmes = desk_cells(desk, &id, 2), all = desk_cells(desk, &id, 0);
    assert_int_equal(passport.state, PASSPORT_DRAFT);
    assert_int_equal(passport.blocks.n, PASSPORT_BLOCKS);
    for (uint32_t i = 0; i < PASSPORT_BLOCKS; i++) {
        assert_true(passport.blocks.at[i].cells > 0);
        if (i + 1 != 2 && i + 1 != 7)       /* 3 and 6 are filled, too, and there is nothing in them */
            assert_int_equal(passport.blocks.at[i].gaps, passport.blocks.at[i].cells);
        assert_int_equal(passport.blocks.at[i].filled, i + 1 == 2 || i + 1 == 3 || i + 1 == 6 || i + 1 == 7);
    }
    assert_int_equal(all.n, passport_cells(&passport));
    for (uint32_t i = 0; i < all.n; i++)
        if (all.at[i].kind == CELL_GAP && (all.at[i].gap == GAP_NO_FUNCTION))
            assert_true(all.at[i].functions.n > 0);

    /* ANNA has sat the centre's procedure; two educators in all: the figure is the one that indicators gives. */
    const struct cell *value = desk_cell(&results, "T/1", "value");
    assert_int_equal(value->kind, CELL_SERVICE);
    assert_true(value->counted);
    assert_int_equal(value->number, 1);
    assert_int_equal(value->of, 2);
    assert_string_equal(value->text, "50,0");
    assert_string_equal(value->indicator, "1");
    assert_string_equal(value->act, "T");
    assert_non_null(strstr(value->edition, "1233-р"));
    const struct cell *programme = desk_cell(&programmes, "ДПП-2", "enrolled");
    assert_int_equal(programme->number, 1);
    assert_string_equal(desk_cell(&programmes, "ДПП-1", "federal")->text, "1");
    assert_string_equal(desk_cell(&programmes, "ДПП-2", "federal")->text, "не включена");
    assert_string_equal(desk_cell(&programmes, "ДПП-2", "provider")->text, "institute");
    assert_int_equal(desk_cell(&programmes, "ДПП-2", "hours")->number, 72);

    /* Each block says up to which entry of which journal. */
    struct meta meta = machine_meta(r->machine[R_PROGRAMMES]);
    const struct block_state *two = &passport.blocks.at[1], *seven = &passport.blocks.at[6];
    assert_true(uuid_equal(&two->sources.at[0].journal, &meta.journal));
    assert_int_equal(two->sources.at[0].number, machine_head(r->machine[R_PROGRAMMES]));
    assert_true(seven->sources.n >= 4);
    desk_sound(desk);
}

/* Blocks 3 and 6: what stands in the registers that the profile puts there, on the last day of the year or by now. */
static void rooms_and_resources_stand_in_their_blocks(void **state)
{
    struct desk *desk = *state;
    struct region *r = desk->r;
    static struct entry_ground owned = { .ground = "owned", .evidence = "опись 1" }, runs = { .ground = "runs", .evidence = "приказ 2" };
    static struct entry_value hall[] = { { .name = "kind", .text = "лаборатория" }, { .name = "seats", .number = 12 },
                                         { .name = "equipment", .text = "микроскопы" } };
    static struct entry_value site[] = { { .name = "kind", .text = "сайт" } };
    struct entry_record room = { .register_id = "rooms", .organisation = r->school_a, .title = "Лаборатория химии", .grounds = { 1, &owned },
                                 .values = { 3, hall }, .from = day_of(2015, 9, 1) };
    struct entry_record gone = { .register_id = "rooms", .organisation = r->school_b, .title = "Старый зал", .grounds = { 1, &owned },
                                 .values = { 1, hall }, .from = day_of(2015, 9, 1), .until = day_of(2016, 9, 1) };
    struct entry_record resource = { .register_id = "resources", .organisation = r->institute, .title = "Сайт института", .grounds = { 1, &runs },
                                     .values = { 1, site }, .from = day_of(2015, 9, 1) };
    struct registered made;
    struct outcome outcome = region_do(r, R_ROSTER, region_who(ROLE_CENTRE, NULL), "roster.entry.record", &entry_record_desc, &room);
    toy_decode(&registered_desc, outcome.body, &made, &r->arena);
    region_do(r, R_ROSTER, region_who(ROLE_CENTRE, NULL), "roster.entry.record", &entry_record_desc, &gone);
    region_do(r, R_ROSTER, region_who(ROLE_CENTRE, NULL), "roster.entry.record", &entry_record_desc, &resource);
    char text[UUID_TEXT + 1];
    uuid_format(&made.id, text);
    const char *row = arena_format(&r->arena, "rooms/%s", text);
    struct uuid id = desk_filled(desk);
    struct cells three = desk_cells(desk, &id, 3), six = desk_cells(desk, &id, 6);
    assert_string_equal(desk_cell(&three, row, "kind")->text, "лаборатория");
    assert_string_equal(desk_cell(&three, row, "kind")->title, "Лаборатория химии");
    assert_string_equal(desk_cell(&three, row, "organisation")->text, "school-a");
    assert_int_equal(desk_cell(&three, row, "places")->number, 12);
    assert_string_equal(desk_cell(&three, row, "since")->text, "01.09.2015");
    assert_string_equal(desk_cell(&three, row, "more")->text, "Чем оснащено: микроскопы");
    assert_int_equal(three.n, 5);                                   /* the waiting row is gone, and so is the old hall */
    assert_int_equal(six.n, 3);                                     /* no places, and nothing more is said of it */
    assert_string_equal(six.at[0].title, "Сайт института");
    struct passport passport = desk_get(desk, &id);
    struct meta meta = machine_meta(r->machine[R_ROSTER]);
    assert_int_equal(passport.blocks.at[2].gaps, 0);
    assert_true(uuid_equal(&passport.blocks.at[2].sources.at[0].journal, &meta.journal));
    desk_sound(desk);
}

static void a_service_that_is_down_is_waited_for(void **state)
{
    struct desk *desk = *state;
    desk->down[R_PROGRAMMES] = true;
    struct uuid id = desk_filled(desk);
    struct passport passport = desk_get(desk, &id);
    struct passport_id submit = { id };
    assert_int_equal(passport.blocks.at[6].filled, 1);
    assert_int_equal(passport.blocks.at[1].filled, 0);
    assert_string_equal(desk_say(desk, ROLE_CENTRE, "federal.passport.submit", &passport_id_desc, &submit), "not_filled");
    desk->down[R_PROGRAMMES] = false;
    desk->down[R_ROSTER] = true;
    desk_run(desk, FILLING);
    assert_int_equal(desk_get(desk, &id).blocks.at[1].filled, 0);
    desk->down[R_ROSTER] = false;
    desk_run(desk, FILLING);
    assert_int_equal(desk_get(desk, &id).blocks.at[1].filled, 1);
    uint32_t asked = desk->asked;
    desk_run(desk, FILLING);                     /* nothing left to do: nobody is asked */
    assert_int_equal(desk->asked, asked);
    desk_sound(desk);
}

static void filling_again_takes_what_is_new_and_keeps_what_was_typed(void **state)
{
    struct desk *desk = *state;
    struct region *r = desk->r;
    struct uuid id = desk_filled(desk);
    day_t today = day_of_moment(r->time.wall, 420);
    struct cell_enter enter = { .passport = id, .block = 4, .row = "federal_budget", .column = "план", .title = "Субсидия", .value = "12 500",
                                .unit = "тыс. руб.", .document = "письмо № 14", .day = today };
    desk_do(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter);
    uint64_t head = machine_head(r->machine[R_FEDERAL]);
    desk_run(desk, FILLING);
    assert_int_equal(machine_head(r->machine[R_FEDERAL]), head);
    struct run next = { .programme = r->course, .day = today, .code = "Н-2" };
    region_do(r, R_PROGRAMMES, region_who(ROLE_INSTITUTE, &r->institute), "programmes.run.record", &run_desc, &next);
    struct cells before = desk_cells(desk, &id, 2);
    desk_move(desk, ROLE_CENTRE, "federal.passport.fill", &id);
    desk_run(desk, FILLING);
    struct cells after = desk_cells(desk, &id, 2), money = desk_cells(desk, &id, 4);
    assert_int_equal(desk_cell(&after, "ДПП-2", "runs")->number, desk_cell(&before, "ДПП-2", "runs")->number + 1);
    assert_int_equal(before.n, after.n);
    const struct cell *typed = desk_cell(&money, "federal_budget", "план");
    assert_int_equal(typed->kind, CELL_DOCUMENT);
    assert_string_equal(typed->document, "письмо № 14");
    desk_sound(desk);
}

static void what_is_counted_cannot_be_typed_over_and_a_gap_can(void **state)
{
    struct desk *desk = *state;
    struct uuid id = desk_filled(desk);
    day_t today = day_of_moment(desk->r->time.wall, 420);
    struct cell_enter enter = { .passport = id, .block = 7, .row = "T/1", .column = "value", .value = "99,9", .document = "из головы", .day = today };
    assert_string_equal(desk_say(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter), "cell_counted");
    enter = (struct cell_enter){ .passport = id, .block = 4, .row = "finance", .column = "value", .value = "1", .document = "письмо", .day = today + 2 };
    assert_string_equal(desk_say(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter), "day_not_allowed");
    enter.day = today;
    desk_do(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter);
    assert_int_equal(desk_get(desk, &id).blocks.at[3].gaps, 0);
    desk_move(desk, ROLE_CENTRE, "federal.passport.fill", &id);
    desk_run(desk, FILLING);
    struct cells money = desk_cells(desk, &id, 4);
    assert_string_equal(desk_cell(&money, "finance", "value")->text, "1");
    struct cell_at at = { id, 4, "finance", "value" };
    desk_do(desk, ROLE_CENTRE, "federal.cell.withdraw", &cell_at_desc, &at);
    assert_string_equal(desk_say(desk, ROLE_CENTRE, "federal.cell.withdraw", &cell_at_desc, &at), "cell_unknown");
    assert_int_equal(desk_get(desk, &id).blocks.at[3].gaps, 1);
    desk_sound(desk);
}

/* Parts come in order and once; an attempt that was cut off goes on, one of other answers begins anew. */
static void an_attempt_that_was_cut_off_leaves_no_half_block(void **state)
{
    struct desk *desk = *state;
    struct uuid id = desk_open(desk);
    struct cell cell = { .block = 7, .row = "old", .column = "value", .kind = CELL_SERVICE, .text = "?", .service = "indicators" };
    uint8_t digest[HASH_SIZE] = { 1 };
    struct block_fill fill = { .passport = id, .fill = 1, .block = 7, .attempt = 1, .digest = bytes(digest, HASH_SIZE), .part = 1, .parts = 2,
                               .cells = { 1, &cell } };
    struct principal self = region_who(ROLE_SERVICE, NULL);
    assert_string_equal(desk_say(desk, ROLE_SERVICE, "federal.block.fill", &block_fill_desc, &fill), "not_ours");
    self.self = true;
    struct outcome o = region_do(desk->r, R_FEDERAL, self, "federal.block.fill", &block_fill_desc, &fill);
    assert_string_equal(toy_reason(&o, &desk->r->arena), "");
    fill.part = 3;
    o = region_do(desk->r, R_FEDERAL, self, "federal.block.fill", &block_fill_desc, &fill);
    assert_string_equal(toy_reason(&o, &desk->r->arena), "part_out_of_order");
    assert_int_equal(desk_get(desk, &id).blocks.at[6].filled, 0);
    desk_run(desk, FILLING);
    struct cells cells = desk_cells(desk, &id, 7);
    for (uint32_t i = 0; i < cells.n; i++)
        assert_string_not_equal(cells.at[i].row, "old");
    struct passport passport = desk_get(desk, &id);
    assert_int_equal(passport.blocks.at[6].filled, 1);
    assert_int_equal(passport.blocks.at[6].attempt, 2);
    fill.part = 2;
    o = region_do(desk->r, R_FEDERAL, self, "federal.block.fill", &block_fill_desc, &fill);
    assert_string_equal(toy_reason(&o, &desk->r->arena), "filling_over");
    desk_sound(desk);
}

/* A registry that takes several parts: an attempt that fell after the first goes on with the second when the answers
 * are still the same, and begins anew when they are not. */
static void register_many(struct desk *desk, unsigned from, unsigned n)
{
    struct region *r = desk->r;
    for (unsigned i = from; i < from + n; i++) {
        struct programme programme = { .code = arena_format(&r->arena, "М-%03u", i), .title = arena_format(&r->arena, "Программа %u", i),
                                       .kind = PROGRAMME_DEVELOPMENT, .hours = 18, .provider = r->institute };
        struct outcome outcome = region_do(r, R_PROGRAMMES, region_who(ROLE_CENTRE, NULL), "programmes.programme.register", &programme_desc, &programme);
        assert_string_equal(toy_reason(&outcome, &r->arena), "");
    }
}

static void a_large_block_goes_on_where_it_was_cut_off(void **state)
{
    struct desk *desk = *state;
    register_many(desk, 0, 150);
    struct uuid id = desk_open(desk);
    errand_step(&desk->errand[FILLING], desk->r->time.wall);                /* block 7 */
    assert_true(desk_falls(desk, FILLING, (struct kill_at){ "part_filled", 1 }));
    struct passport passport = desk_get(desk, &id);
    struct block_state *block = &passport.blocks.at[1];
    assert_int_equal(block->filled, 0);
    assert_int_equal(block->attempt, 1);
    assert_int_equal(block->done, 1);
    desk_run(desk, FILLING);
    passport = desk_get(desk, &id);
    block = &passport.blocks.at[1];
    assert_int_equal(block->filled, 1);
    assert_int_equal(block->attempt, 1);
    assert_true(block->done > 2);
    struct cells whole = desk_cells(desk, &id, 2);
    assert_int_equal(whole.n, block->cells);
    for (unsigned i = 0; i < 150; i++)
        assert_int_equal(desk_cell(&whole, arena_format(&desk->r->arena, "М-%03u", i), "hours")->number, 18);

    desk_move(desk, ROLE_CENTRE, "federal.passport.fill", &id);
    errand_step(&desk->errand[FILLING], desk->r->time.wall);
    assert_true(desk_falls(desk, FILLING, (struct kill_at){ "part_filled", 2 }));
    register_many(desk, 150, 1);
    desk_run(desk, FILLING);
    passport = desk_get(desk, &id);
    block = &passport.blocks.at[1];
    assert_int_equal(block->filled, 2);
    assert_int_equal(block->attempt, 3);    /* 1 of the first filling, 2 that fell, 3 of other answers */
    whole = desk_cells(desk, &id, 2);
    assert_int_equal(desk_cell(&whole, "М-150", "hours")->number, 18);
    assert_int_equal(whole.n, block->cells);
    desk_sound(desk);
}

/* ── life ─────────────────────────────────────────────────────────────────── */

/* Every step from every state: those that are none are refused and change nothing. */
struct way { const char *method; int role; unsigned from; };        /* from: bits of states */
static const struct way STEPS[] = {
    { "federal.passport.fill",    ROLE_CENTRE,    1u << PASSPORT_DRAFT },
    { "federal.cell.enter",       ROLE_CENTRE,    1u << PASSPORT_DRAFT },
    { "federal.passport.submit",  ROLE_CENTRE,    1u << PASSPORT_DRAFT },
    { "federal.passport.return",  ROLE_AUTHORITY, 1u << PASSPORT_SUBMITTED | 1u << PASSPORT_APPROVED },
    { "federal.passport.approve", ROLE_AUTHORITY, 1u << PASSPORT_SUBMITTED },
    { "federal.passport.send",    ROLE_CENTRE,    1u << PASSPORT_APPROVED },
    { "federal.answer.enter",     ROLE_CENTRE,    1u << PASSPORT_SENT },
    { "federal.passport.open",    ROLE_CENTRE,    1u << PASSPORT_AGREED | 1u << PASSPORT_RETURNED },
    { "federal.passport.recall",  ROLE_CENTRE,    1u << PASSPORT_SENT },
};

static const char *take_step(struct desk *desk, const struct way *step, const struct uuid *id)
{
    day_t today = day_of_moment(desk->r->time.wall, 420);
    struct passport_id only = { *id };
    struct passport_open open = { desk->year };
    struct passport_approve approve = { .passport = *id };
    struct passport_return back = { *id, "нет подписи" };
    struct passport_recall recall = { *id, "не тот год" };
    struct operator_answer answer = { .passport = *id, .outcome = ANSWER_RETURNED, .number = "1", .day = today, .remarks = "блок 4" };
    struct cell_enter enter = { .passport = *id, .block = 4, .row = "finance", .column = "value", .value = "1", .document = "письмо", .day = today };
    if (strcmp(step->method, "federal.passport.open") == 0)
        return desk_say(desk, step->role, step->method, &passport_open_desc, &open);
    if (strcmp(step->method, "federal.passport.approve") == 0)
        return desk_say(desk, step->role, step->method, &passport_approve_desc, &approve);
    if (strcmp(step->method, "federal.passport.return") == 0)
        return desk_say(desk, step->role, step->method, &passport_return_desc, &back);
    if (strcmp(step->method, "federal.passport.recall") == 0)
        return desk_say(desk, step->role, step->method, &passport_recall_desc, &recall);
    if (strcmp(step->method, "federal.answer.enter") == 0)
        return desk_say(desk, step->role, step->method, &operator_answer_desc, &answer);
    if (strcmp(step->method, "federal.cell.enter") == 0)
        return desk_say(desk, step->role, step->method, &cell_enter_desc, &enter);
    return desk_say(desk, step->role, step->method, &passport_id_desc, &only);
}

static void refuse_others(struct desk *desk, const struct uuid *id)
{
    struct passport passport = desk_get(desk, id);
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        if ((STEPS[i].from & 1u << passport.state) != 0)
            continue;
        const char *reason = take_step(desk, &STEPS[i], id);
        bool expected = strcmp(reason, "passport_wrong_state") == 0 || strcmp(reason, "passport_open") == 0 || strcmp(reason, "already_answered") == 0;
        if (!expected)
            fail_msg("%s of a passport that is %s: \"%s\"", STEPS[i].method, passport_state_names.names[passport.state], reason);
        assert_int_equal(desk_get(desk, id).state, passport.state);
    }
}

static void a_passport_takes_no_other_way(void **state)
{
    static const size_t WAY[] = { 2, 3, 2, 4, 3, 2, 4, 5, 6 };      /* submit, return, submit, approve, return … send, answer */
    struct desk *desk = *state;
    struct uuid id = desk_filled(desk);
    refuse_others(desk, &id);
    for (size_t i = 0; i < sizeof WAY / sizeof *WAY; i++) {
        const char *reason = take_step(desk, &STEPS[WAY[i]], &id);
        if (reason[0] != '\0')
            fail_msg("%s: %s", STEPS[WAY[i]].method, reason);
        refuse_others(desk, &id);
    }
    assert_int_equal(desk_get(desk, &id).state, PASSPORT_RETURNED);
    assert_string_equal(desk_get(desk, &id).answer->remarks, "блок 4");
    struct passport_open other = { 1999 };
    assert_string_equal(desk_say(desk, ROLE_CENTRE, "federal.passport.open", &passport_open_desc, &other), "year_unknown");
    assert_string_equal(desk_say(desk, ROLE_CENTRE, "federal.passport.submit", &passport_id_desc, &(struct passport_id){ desk->r->anna }),
                        "passport_unknown");
    desk_sound(desk);
}

/* The hash of what was submitted is shown to who reads it; approved with it, it is the one that is frozen. What was
 * changed in between is another content, and the hash that was read does not approve it. */
static void what_was_read_is_what_is_approved(void **state)
{
    struct desk *desk = *state;
    struct uuid id = desk_filled(desk);
    struct passports_of of = { .year = desk->year };
    struct passport_list list;
    struct cell_enter enter = { .passport = id, .block = 4, .row = "finance", .column = "value", .value = "1", .document = "письмо",
                                .day = day_of_moment(desk->r->time.wall, 420) };
    struct passport_return back = { id, "другая сумма" };
    assert_int_equal(desk_get(desk, &id).content.n, 0);
    desk_move(desk, ROLE_CENTRE, "federal.passport.submit", &id);
    struct passport read = desk_get(desk, &id);
    assert_int_equal(read.content.n, HASH_SIZE);
    assert_int_equal(read.words, WORDS_EDITION);
    struct outcome outcome = region_ask(desk->r, R_FEDERAL, region_who(ROLE_AUTHORITY, NULL), "federal.passport.list", &passports_of_desc, &of);
    toy_decode(&passport_list_desc, outcome.body, &list, &desk->r->arena);
    assert_int_equal(list.rows.n, 1);
    assert_true(bytes_equal(list.rows.at[0].content, read.content));
    desk_do(desk, ROLE_AUTHORITY, "federal.passport.return", &passport_return_desc, &back);
    assert_int_equal(desk_get(desk, &id).content.n, 0);
    desk_do(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter);
    desk_move(desk, ROLE_CENTRE, "federal.passport.submit", &id);
    struct passport_approve approve = { .passport = id, .content = read.content };
    assert_string_equal(desk_say(desk, ROLE_AUTHORITY, "federal.passport.approve", &passport_approve_desc, &approve), "content_changed");
    approve.content = desk_get(desk, &id).content;
    desk_do(desk, ROLE_AUTHORITY, "federal.passport.approve", &passport_approve_desc, &approve);
    assert_true(bytes_equal(desk_get(desk, &id).content, approve.content));
    desk_sound(desk);
}

/* Approved and not sent: the authority may still give it back, and then nothing of the approval is left. */
static void what_is_approved_can_be_given_back(void **state)
{
    struct desk *desk = *state;
    struct uuid id = desk_filled(desk);
    struct passport_approve approve = { .passport = id, .document = "распоряжение № 5" };
    struct passport_return back = { id, "Блок 4: приложите письмо" };
    desk_move(desk, ROLE_CENTRE, "federal.passport.submit", &id);
    desk_do(desk, ROLE_AUTHORITY, "federal.passport.approve", &passport_approve_desc, &approve);
    struct passport passport = desk_get(desk, &id);
    assert_int_equal(passport.content.n, HASH_SIZE);
    assert_int_equal(passport.words, WORDS_EDITION);
    assert_string_not_equal(desk_say(desk, ROLE_CENTRE, "federal.passport.return", &passport_return_desc, &back), "");
    desk_do(desk, ROLE_AUTHORITY, "federal.passport.return", &passport_return_desc, &back);
    passport = desk_get(desk, &id);
    assert_int_equal(passport.state, PASSPORT_DRAFT);
    assert_string_equal(passport.remarks, back.remarks);
    assert_int_equal(passport.content.n, 0);
    assert_int_equal(passport.approved, 0);
    assert_null(passport.approval);
    assert_int_equal(passport.words, 0);
    struct cell_enter enter = { .passport = id, .block = 4, .row = "finance", .column = "value", .value = "1", .document = "письмо",
                                .day = day_of_moment(desk->r->time.wall, 420) };
    desk_do(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter);
    desk_move(desk, ROLE_CENTRE, "federal.passport.submit", &id);
    desk_do(desk, ROLE_AUTHORITY, "federal.passport.approve", &passport_approve_desc, &approve);
    desk_move(desk, ROLE_CENTRE, "federal.passport.send", &id);
    desk_run(desk, OUTBOX);
    passport = desk_get(desk, &id);
    assert_int_equal(passport.package.n, HASH_SIZE);
    struct buf json = desk_file(desk, "outbox", passport.name, ".json");
    assert_non_null(memmem(json.at, json.n, "\"письмо\"", strlen("\"письмо\"")));
    buf_free(&json);
    desk_sound(desk);
}

/* ── words ────────────────────────────────────────────────────────────────── */

struct reading { struct uuid id; unsigned words; struct hash hash; bool unsaid; };

static void hash_in_words(struct ctx *ctx, void *arg)
{
    struct reading *reading = arg;
    struct passport passport;
    struct package_facts facts;
    assert_true(passport_find(ctx, &reading->id, &passport));
    if (reading->unsaid) {                  /* as a program wrote it that knew of no editions */
        passport.words = 0;
        reading->hash = content_hash(ctx, &passport);
        return;
    }
    struct cells cells = passport_content(ctx, &reading->id);
    passport_facts(ctx, &passport, NULL, &facts);
    facts.words = reading->words;
    reading->hash = package_content_hash(&facts, cells.at, cells.n);
}

static bool says_of(struct desk *desk, const struct passport *passport, const char *text)
{
    struct buf json = desk_file(desk, "outbox", passport->name, ".json");
    struct package_says says;
    char fault[200] = "";
    assert_int_equal(package_read(buf_bytes(&json), &desk->r->arena, &says, fault), ERR_OK);
    assert_true(says.content_holds && says.canonical);
    bool found = memmem(json.at, json.n, text, strlen(text)) != NULL;
    buf_free(&json);
    return found;
}

/* The authority read it, then the program was changed and with it a word: what was read is what is approved, and
 * what is approved is what is sent. */
static void what_was_read_in_other_words_is_sent_in_them(void **state)
{
    struct desk *desk = *state;
    struct uuid id = desk_filled(desk);
    struct reading first = { .id = id, .words = 1 }, newest = { .id = id, .words = WORDS_EDITION }, unsaid = { .id = id, .unsaid = true };
    desk_move(desk, ROLE_CENTRE, "federal.passport.submit", &id);
    assert_int_equal(errand_read(&desk->errand[OUTBOX], hash_in_words, &first), ERR_OK);
    assert_int_equal(errand_read(&desk->errand[OUTBOX], hash_in_words, &newest), ERR_OK);
    assert_memory_not_equal(first.hash.b, newest.hash.b, HASH_SIZE);
    struct passport_approve approve = { .passport = id, .content = bytes(first.hash.b, HASH_SIZE) };
    desk_do(desk, ROLE_AUTHORITY, "federal.passport.approve", &passport_approve_desc, &approve);
    assert_int_equal(desk_get(desk, &id).words, 1);
    assert_int_equal(errand_read(&desk->errand[OUTBOX], hash_in_words, &unsaid), ERR_OK);
    if (memcmp(unsaid.hash.b, first.hash.b, HASH_SIZE) != 0)
        fail_msg("what was approved before editions were counted would be made in other words");
    desk_move(desk, ROLE_CENTRE, "federal.passport.send", &id);
    desk_run(desk, OUTBOX);
    struct passport passport = desk_get(desk, &id);
    assert_null(passport.fault);
    assert_memory_equal(passport.content.at, first.hash.b, HASH_SIZE);
    assert_true(says_of(desk, &passport, "\"Включена в федеральный реестр\""));
    assert_false(says_of(desk, &passport, "\"Дата включения в федеральный реестр\""));

    desk->year--;
    id = desk_sent(desk);                   /* no hash was said: the words of today */
    desk_run(desk, OUTBOX);
    passport = desk_get(desk, &id);
    assert_int_equal(passport.words, WORDS_EDITION);
    assert_true(says_of(desk, &passport, "\"Дата включения в федеральный реестр\""));
    desk_sound(desk);
}

/* ── more than is read ────────────────────────────────────────────────────── */

/* A list that is longer than what is read of it: what was not read is a named gap, and not a smaller number. */
static void what_is_more_than_is_read_is_a_named_gap(void **state)
{
    static const struct { const char *method; uint64_t block; const char *row, *column, *other; } LISTS[] = {
        { "programmes.run.list", 2, "ДПП-2", "runs", "hours" },
        { "programmes.programme.list", 2, "…", "value", NULL },
        { "indicators.value.list", 7, "T/1", "value", NULL },
    };
    struct desk *desk = *state;
    struct uuid id = desk_filled(desk);
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++) {
        desk->endless = LISTS[i].method;
        desk_move(desk, ROLE_CENTRE, "federal.passport.fill", &id);
        desk_run(desk, FILLING);
        struct cells cells = desk_cells(desk, &id, LISTS[i].block);
        const struct cell *cell = desk_cell(&cells, LISTS[i].row, LISTS[i].column);
        if (cell->kind != CELL_GAP || cell->gap != GAP_TOO_MANY)
            fail_msg("%s: %s of %s is no gap that says so", LISTS[i].method, cell->column, cell->row);
        if (LISTS[i].other != NULL)
            assert_int_equal(desk_cell(&cells, LISTS[i].row, LISTS[i].other)->kind, CELL_SERVICE);
    }
    desk->endless = NULL;                   /* and where all was read, no such gap is left */
    desk_move(desk, ROLE_CENTRE, "federal.passport.fill", &id);
    desk_run(desk, FILLING);
    struct cells cells = desk_cells(desk, &id, 0);
    for (uint32_t i = 0; i < cells.n; i++)
        assert_false(cells.at[i].kind == CELL_GAP && cells.at[i].gap == GAP_TOO_MANY);
    desk_sound(desk);
}

static void what_is_approved_is_frozen(void **state)
{
    struct desk *desk = *state;
    struct region *r = desk->r;
    struct uuid id = desk_filled(desk);
    uint8_t wrong[HASH_SIZE] = { 7 };
    struct passport_approve approve = { .passport = id, .content = bytes(wrong, HASH_SIZE) };
    desk_move(desk, ROLE_CENTRE, "federal.passport.submit", &id);
    assert_string_equal(desk_say(desk, ROLE_AUTHORITY, "federal.passport.approve", &passport_approve_desc, &approve), "content_changed");
    approve.content = bytes(NULL, 0);
    desk_do(desk, ROLE_AUTHORITY, "federal.passport.approve", &passport_approve_desc, &approve);
    struct hash was;
    struct passport passport = desk_get(desk, &id);
    memcpy(was.b, passport.content.at, HASH_SIZE);
    struct run next = { .programme = r->course, .day = day_of_moment(r->time.wall, 420), .code = "Н-3" };
    region_do(r, R_PROGRAMMES, region_who(ROLE_INSTITUTE, &r->institute), "programmes.run.record", &run_desc, &next);
    region_follow(r);
    desk_run(desk, FILLING);
    desk_move(desk, ROLE_CENTRE, "federal.passport.send", &id);
    desk_run(desk, OUTBOX);
    passport = desk_get(desk, &id);
    assert_memory_equal(passport.content.at, was.b, HASH_SIZE);
    struct buf json = desk_file(desk, "outbox", passport.name, ".json");
    struct package_says says;
    char fault[200] = "";
    assert_int_equal(package_read(buf_bytes(&json), &r->arena, &says, fault), ERR_OK);
    assert_memory_equal(says.content.b, was.b, HASH_SIZE);
    assert_true(says.content_holds && says.canonical);
    buf_free(&json);
    desk_sound(desk);
}

/* ── versions ─────────────────────────────────────────────────────────────── */

static void a_new_version_shows_what_has_changed(void **state)
{
    struct desk *desk = *state;
    struct region *r = desk->r;
    day_t today = day_of_moment(r->time.wall, 420);
    struct uuid first = desk_filled(desk);
    struct cell_enter enter = { .passport = first, .block = 4, .row = "sum", .column = "план", .value = "10", .document = "письмо № 1", .day = today };
    desk_do(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter);
    static const size_t WAY[] = { 2, 4, 5, 6 };             /* submit, approve, send, answer */
    for (size_t i = 0; i < sizeof WAY / sizeof *WAY; i++)
        assert_string_equal(take_step(desk, &STEPS[WAY[i]], &first), "");
    struct uuid second = desk_filled(desk);
    struct passport passport = desk_get(desk, &second);
    assert_int_equal(passport.version, 2);
    assert_true(uuid_equal(&passport.previous, &first));
    struct compare_of compare = { .before = first, .after = second, .limit = 1 };
    struct difference_list list;
    struct outcome outcome = region_ask(r, R_FEDERAL, region_who(ROLE_CENTRE, NULL), "federal.passport.compare", &compare_of_desc, &compare);
    toy_decode(&difference_list_desc, outcome.body, &list, &r->arena);
    assert_int_equal(list.rows.n, 0);       /* what was typed came along, what is counted is the same */
    enter.passport = second;
    enter.value = "20";
    desk_do(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter);
    enter.row = "sum-2";
    desk_do(desk, ROLE_CENTRE, "federal.cell.enter", &cell_enter_desc, &enter);
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
    desk_sound(desk);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_set_up, desk_tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_draft_fills_itself_from_the_services_and_names_its_gaps),
        TEST(rooms_and_resources_stand_in_their_blocks),
        TEST(a_service_that_is_down_is_waited_for),
        TEST(filling_again_takes_what_is_new_and_keeps_what_was_typed),
        TEST(what_is_counted_cannot_be_typed_over_and_a_gap_can),
        TEST(an_attempt_that_was_cut_off_leaves_no_half_block),
        TEST(a_large_block_goes_on_where_it_was_cut_off),
        TEST(a_passport_takes_no_other_way),
        TEST(what_is_approved_is_frozen),
        TEST(what_was_read_is_what_is_approved),
        TEST(what_is_approved_can_be_given_back),
        TEST(what_was_read_in_other_words_is_sent_in_them),
        TEST(what_is_more_than_is_read_is_a_named_gap),
        TEST(a_new_version_shows_what_has_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

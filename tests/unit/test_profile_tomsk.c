#include "tests/unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "common/core/err.h"
#include "proto/profile.h"

/* config/regions/tomsk.yaml against the transcription of the act: titles, unit, targets to the letter. The
 * transcription is read by libyaml alone, without any code that reads profiles. */

static const char *path(const char *name)
{
    static char text[4][512];
    static int next;
    snprintf(text[next %= 4], sizeof text[0], "%s/%s", getenv("RSNMS_SOURCE"), name);
    return text[next++];
}

static const char *scalar(yaml_document_t *doc, int node)
{
    yaml_node_t *n = yaml_document_get_node(doc, node);
    return n != NULL && n->type == YAML_SCALAR_NODE ? (const char *)n->data.scalar.value : NULL;
}

static int member(yaml_document_t *doc, int map, const char *name)
{
    yaml_node_t *n = yaml_document_get_node(doc, map);
    assert_int_equal(n->type, YAML_MAPPING_NODE);
    for (yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top; p++)
        if (strcmp(scalar(doc, p->key), name) == 0)
            return p->value;
    return 0;
}

static void check_indicator(yaml_document_t *doc, int act, const struct indicator *ours)
{
    yaml_node_t *targets = yaml_document_get_node(doc, member(doc, act, "target"));
    uint32_t n = 0;
    assert_string_equal(ours->code, scalar(doc, member(doc, act, "code")));
    assert_string_equal(ours->title, scalar(doc, member(doc, act, "title")));
    assert_string_equal(ours->unit, scalar(doc, member(doc, act, "unit")));
    assert_int_equal(ours->cumulative, strncmp(scalar(doc, member(doc, act, "cumulative")), "ДА", strlen("ДА")) == 0);
    for (yaml_node_pair_t *p = targets->data.mapping.pairs.start; p < targets->data.mapping.pairs.top; p++, n++) {
        char printed[8];
        assert_true(n < ours->targets.n);
        assert_int_equal(ours->targets.at[n].year, atoi(scalar(doc, p->key)));
        snprintf(printed, sizeof printed, "%llu%%", (unsigned long long)ours->targets.at[n].value);
        assert_string_equal(printed, scalar(doc, p->value));
    }
    assert_int_equal(n, ours->targets.n);
    assert_true(strlen(ours->reading) > 100);               /* each reading is argued */
}

static void titles_units_and_targets_are_the_acts_own(void **state)
{
    struct arena arena = { 0 };
    const struct profile *profile;
    char says[400] = "";
    int zone, rows = 0;
    yaml_parser_t parser;
    yaml_document_t doc;
    FILE *file = fopen(path("tests/data/acts/indicators.yaml"), "rb");
    (void)state;

    if (profile_read(path("config/regions/tomsk.yaml"), &arena, &profile, &zone, says) != ERR_OK)
        fail_msg("%s", says);
    assert_int_equal(zone, 7 * 60);
    assert_non_null(file);
    assert_true(yaml_parser_initialize(&parser));
    yaml_parser_set_input_file(&parser, file);
    assert_true(yaml_parser_load(&parser, &doc));
    yaml_node_t *acts = yaml_document_get_root_node(&doc);
    for (yaml_node_item_t *a = acts->data.sequence.items.start; a < acts->data.sequence.items.top; a++) {
        if (strncmp(scalar(&doc, member(&doc, *a, "act")), "004 ", 4) != 0)
            continue;
        yaml_node_t *list = yaml_document_get_node(&doc, member(&doc, *a, "indicators"));
        for (yaml_node_item_t *i = list->data.sequence.items.start; i < list->data.sequence.items.top; i++, rows++) {
            assert_true((uint32_t)rows < profile->indicators.n);
            check_indicator(&doc, *i, &profile->indicators.at[rows]);
        }
    }
    assert_int_equal(rows, 6);
    assert_int_equal(profile->indicators.n, 6);
    yaml_document_delete(&doc);
    yaml_parser_delete(&parser);
    fclose(file);
    arena_free(&arena);
}

/* T 1.3: who is an educator and who is a leader. */
static void post_titles_are_of_the_kinds_of_the_act(void **state)
{
    static const struct { const char *title; int kind; } ROWS_OF_POSTS[] = {
        { "учитель", POST_EDUCATOR }, { "учитель-логопед", POST_EDUCATOR }, { "методист", POST_EDUCATOR },
        { "старший вожатый", POST_EDUCATOR }, { "директор", POST_HEAD }, { "заведующий", POST_HEAD },
        { "заместитель директора по УВР", POST_DEPUTY }, { "заместитель заведующего", POST_DEPUTY },
        { "руководитель структурного подразделения", POST_UNIT_HEAD }, { "заведующий отделением", POST_UNIT_HEAD },
        { "бухгалтер", POST_OTHER }, { "секретарь", POST_OTHER },
    };
    struct arena arena = { 0 };
    const struct profile *profile;
    char says[400];
    int zone;
    (void)state;
    assert_int_equal(profile_read(path("config/regions/tomsk.yaml"), &arena, &profile, &zone, says), ERR_OK);
    for (size_t i = 0; i < COUNT(ROWS_OF_POSTS); i++) {
        int kind = -1;
        for (uint32_t p = 0; p < profile->posts.n; p++)
            if (strcmp(profile->posts.at[p].title, ROWS_OF_POSTS[i].title) == 0)
                kind = profile->posts.at[p].kind;
        if (kind != ROWS_OF_POSTS[i].kind)
            fail_msg("%s", ROWS_OF_POSTS[i].title);
    }
    assert_int_equal(profile->young->under_years, 35);
    assert_int_equal(profile->young->first_months, 36);
    assert_int_equal(profile->routes->agree_days, 0);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles_units_and_targets_are_the_acts_own),
        cmocka_unit_test(post_titles_are_of_the_kinds_of_the_act),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

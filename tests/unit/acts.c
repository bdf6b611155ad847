#include "tests/unit/acts.h"

#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "tests/unit/check.h"

static const struct { const char *mark, *act, *region; } ACTS[] = {
    { "000 ", "U", "yugra" }, { "001 ", "S", "stavropol" }, { "002 ", "C", "yugra" },
    { "003 ", "K", "khabarovsk" }, { "004 ", "T", "tomsk" },
};

const char *acts_path(const char *name)
{
    static char text[4][512];
    static int next;
    snprintf(text[next %= 4], sizeof text[0], "%s/%s", getenv("RSNMS_SOURCE"), name);
    return text[next++];
}

const char *acts_text(struct arena *arena, const char *file)
{
    struct buf buf = { 0 };
    FILE *from = fopen(file, "rb");
    assert_non_null(from);
    while (!feof(from)) {
        buf_reserve(&buf, 65536);
        buf.n += fread(buf.at + buf.n, 1, 65536, from);
    }
    fclose(from);
    const char *text = arena_format(arena, "%.*s", (int)buf.n, (const char *)buf.at);
    buf_free(&buf);
    return text;
}

/* ── the transcription ────────────────────────────────────────────────────── */

struct acts { yaml_parser_t parser; yaml_document_t doc; };

static void acts_open(struct acts *acts)
{
    FILE *file = fopen(acts_path("tests/data/acts/indicators.yaml"), "rb");
    assert_non_null(file);
    assert_true(yaml_parser_initialize(&acts->parser));
    yaml_parser_set_input_file(&acts->parser, file);
    assert_true(yaml_parser_load(&acts->parser, &acts->doc));
    fclose(file);
}

static void acts_close(struct acts *acts)
{
    yaml_document_delete(&acts->doc);
    yaml_parser_delete(&acts->parser);
}

static yaml_node_t *member(struct acts *acts, yaml_node_t *map, const char *name)
{
    if (map == NULL)
        return NULL;
    assert_int_equal(map->type, YAML_MAPPING_NODE);
    for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top; p++)
        if (strcmp((char *)yaml_document_get_node(&acts->doc, p->key)->data.scalar.value, name) == 0)
            return yaml_document_get_node(&acts->doc, p->value);
    return NULL;
}

/* NULL: not there, or not a scalar. */
static const char *scalar(struct acts *acts, yaml_node_t *map, const char *name)
{
    yaml_node_t *node = member(acts, map, name);
    return node != NULL && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

#define EACH_ITEM(acts, list, item)                                                                         \
    for (yaml_node_item_t *at_ = (list) == NULL ? NULL : (list)->data.sequence.items.start;                 \
         at_ != NULL && at_ < (list)->data.sequence.items.top && ((item) = yaml_document_get_node(&(acts)->doc, *at_)) != NULL; \
         at_++)

/* As printed, or the transcription's key where the act prints none. */
static const char *code_of(struct acts *acts, yaml_node_t *line)
{
    const char *code = scalar(acts, line, "code");
    return strcmp(code, "-") == 0 ? scalar(acts, line, "key") : code;
}

static size_t act_row(struct acts *acts, yaml_node_t *act)
{
    const char *title = scalar(acts, act, "act");
    for (size_t i = 0; i < COUNT(ACTS); i++)
        if (strncmp(title, ACTS[i].mark, strlen(ACTS[i].mark)) == 0)
            return i;
    fail_msg("no profile is said for %s", title);
    return 0;
}

/* ── what differs ─────────────────────────────────────────────────────────── */

static void differ(struct differences *found, const char *act, const char *code, const char *what)
{
    if (found->n < COUNT(found->at))
        snprintf(found->at[found->n], sizeof found->at[0], "%s %s: %s", act, code, what);
    found->n++;
}

static bool same(const char *ours, const char *theirs)
{
    return strcmp(ours == NULL ? "" : ours, theirs == NULL ? "" : theirs) == 0;
}

/* One line of an act beside the indicator of the profile that has its code. */
struct pair {
    struct acts *acts;
    yaml_node_t *act, *header, *line;
    const struct indicator *in;
    struct differences *found;
};

static void pair_differs(const struct pair *p, const char *what)
{
    differ(p->found, p->in->act, p->in->code, what);
}

static size_t word_bytes(const char *title)
{
    return strcspn(title, " ,");
}

/* ── unit, criterion, measure ─────────────────────────────────────────────── */

/* `unit` stands in `words` as whole words. */
static bool has_words(const char *words, const char *unit)
{
    for (const char *at = words; (at = strstr(at, unit)) != NULL; at++) {
        char before = at == words ? ' ' : at[-1], after = at[strlen(unit)];
        if (before == ' ' && (after == '\0' || after == ' ' || after == ','))
            return true;
    }
    return false;
}

/* «(нет) → процент»: the act is silent, the words after the arrow are implied. A header implies by the first word of the
 * title: «Доля» → процент, … */
static void compare_unit(const struct pair *p)
{
    const char *unit = scalar(p->acts, p->line, "unit"), *title = scalar(p->acts, p->line, "title"), *by_word, *arrow;
    char word[80];

    if (unit == NULL)
        unit = scalar(p->acts, p->header, "unit");
    if (strncmp(unit, "(нет)", strlen("(нет)")) != 0) {
        if (!same(p->in->unit, unit) || p->in->unit_implied)
            pair_differs(p, "unit");
        return;
    }
    snprintf(word, sizeof word, "«%.*s» → ", (int)word_bytes(title), title);
    by_word = strstr(unit, word);
    arrow = by_word != NULL ? by_word + strlen(word) : strstr(unit, "→ ") + strlen("→ ");
    char words[300];
    snprintf(words, sizeof words, "%.*s", by_word != NULL ? (int)strcspn(arrow, ",") : 250, arrow);
    if (!p->in->unit_implied || !has_words(words, p->in->unit))
        pair_differs(p, "unit");
}

/* C writes a criterion out at its first indicator and then gives its number; K has groups, by the first figure. */
static const char *criterion_of(const struct pair *p, char text[1200])
{
    const char *said = scalar(p->acts, p->line, "criterion"), *other;
    yaml_node_t *groups = member(p->acts, p->header, "groups"), *line;
    char group[2] = { code_of(p->acts, p->line)[0], '\0' };

    if (groups != NULL) {
        snprintf(text, 1200, "%s. %s", group, scalar(p->acts, groups, group));
        return text;
    }
    if (said == NULL || said[1] != '\0')
        return said;
    EACH_ITEM(p->acts, member(p->acts, p->act, "indicators"), line)
        if ((other = scalar(p->acts, line, "criterion")) != NULL && other[0] == said[0] && other[1] == '.')
            return other;
    return "the criterion is written out nowhere";
}

static int measure_of(const struct pair *p)
{
    const char *title = scalar(p->acts, p->line, "title"), *good = scalar(p->acts, p->line, "good"),
               *unit = scalar(p->acts, p->header, "unit");
    size_t n = word_bytes(title);

    if (unit != NULL && strstr(unit, "экспертное суждение") != NULL)
        return MEASURE_JUDGED;
    if (strncmp(title, "Доля", n) == 0)
        return MEASURE_SHARE;
    if (strncmp(title, "Количество", n) == 0)
        return strstr(good, "коридор") != NULL ? MEASURE_CORRIDOR : MEASURE_COUNT;
    return MEASURE_YES_NO;
}

/* ── targets ──────────────────────────────────────────────────────────────── */

struct expected { uint32_t n; struct target at[8]; };

static void expect(struct expected *e, struct target target)
{
    assert_true(e->n < COUNT(e->at));
    e->at[e->n++] = target;
}

/* {year: opening, op: ">=", value: 5}, {by: 2024, …}, {from: 2021, to: 2024, op: "yes"}, {external: "…"}. A word that
 * is not known here is an error of this test, not something to pass over. */
static struct target rule_of(struct acts *acts, yaml_node_t *rule)
{
    struct target t = { .when = WHEN_ANY };

    for (yaml_node_pair_t *p = rule->data.mapping.pairs.start; p < rule->data.mapping.pairs.top; p++) {
        const char *key = (char *)yaml_document_get_node(&acts->doc, p->key)->data.scalar.value;
        const char *value = (char *)yaml_document_get_node(&acts->doc, p->value)->data.scalar.value;
        if (strcmp(key, "year") == 0) {
            t.when = strcmp(value, "opening") == 0 ? WHEN_OPENING : strcmp(value, "after_opening") == 0 ? WHEN_AFTER_OPENING : WHEN_ANY;
            assert_true(t.when != WHEN_ANY || strcmp(value, "any") == 0);
        } else if (strcmp(key, "from") == 0 || strcmp(key, "by") == 0) {
            t.when = key[0] == 'f' ? WHEN_FROM : WHEN_BY;
            t.year = strtoul(value, NULL, 10);
        } else if (strcmp(key, "to") == 0) {
            t.to = strtoul(value, NULL, 10);
        } else if (strcmp(key, "op") == 0) {
            t.op = strcmp(value, ">=") == 0 ? OP_AT_LEAST : strcmp(value, "<=") == 0 ? OP_AT_MOST : OP_YES;
            assert_true(t.op != OP_YES || strcmp(value, "yes") == 0);
        } else if (strcmp(key, "value") == 0) {
            t.value = strtoul(value, NULL, 10);
        } else if (strcmp(key, "measure") == 0) {
            t.cumulative = strstr(value, "cumulative") != NULL;
            assert_true(t.cumulative || strcmp(value, "yearly") == 0);
        } else if (strcmp(key, "external") == 0) {
            t.op = OP_DOCUMENT;
            t.document = value;
        } else {
            fail_msg("%s: what kind of rule is this?", key);
        }
    }
    return t;
}

/* T's cells: a percentage by year. */
static void expect_cells(const struct pair *p, yaml_node_t *cells, struct expected *e)
{
    for (yaml_node_pair_t *c = cells->data.mapping.pairs.start; c < cells->data.mapping.pairs.top; c++) {
        const char *year = (char *)yaml_document_get_node(&p->acts->doc, c->key)->data.scalar.value;
        const char *cell = (char *)yaml_document_get_node(&p->acts->doc, c->value)->data.scalar.value;
        char *end;
        struct target t = { .when = WHEN_YEAR, .year = strtoul(year, NULL, 10), .value = strtoul(cell, &end, 10) };
        assert_string_equal(end, "%");
        expect(e, t);
    }
}

static void expected_of(const struct pair *p, struct expected *e)
{
    yaml_node_t *target = member(p->acts, p->line, "target"), *rules = member(p->acts, p->line, "rule"), *rule;
    const char *all = scalar(p->acts, p->header, "targets");

    *e = (struct expected){ 0 };
    EACH_ITEM(p->acts, rules, rule)
        expect(e, rule_of(p->acts, rule));
    if (target != NULL && target->type == YAML_MAPPING_NODE)
        expect_cells(p, target, e);
    /* C, section VI: positive dynamics of every one; what is "yes" cannot become more so */
    if (all != NULL && strstr(all, "value(round) > value(previous round)") != NULL)
        expect(e, (struct target){ .when = WHEN_ANY, .op = measure_of(p) == MEASURE_YES_NO ? OP_YES : OP_RISING });
}

static void compare_targets(const struct pair *p)
{
    struct expected e;

    expected_of(p, &e);
    if (e.n != p->in->targets.n) {
        pair_differs(p, "number of targets");
        return;
    }
    for (uint32_t i = 0; i < e.n; i++) {
        const struct target *ours = &p->in->targets.at[i], *theirs = &e.at[i];
        if (ours->when != theirs->when || ours->year != theirs->year || ours->to != theirs->to || ours->op != theirs->op
            || ours->value != theirs->value || ours->cumulative != theirs->cumulative || !same(ours->document, theirs->document))
            pair_differs(p, "target");
    }
}

static void compare_printed(const struct pair *p)
{
    const char *cell = scalar(p->acts, p->line, "target");      /* none: silent, or by year */

    if (cell != NULL && strcmp(cell, "(нет)") == 0)
        cell = NULL;
    if (!same(p->in->printed, cell))
        pair_differs(p, "printed");
}

/* ── a line, an act, a profile ────────────────────────────────────────────── */

static void compare_line(const struct pair *p)
{
    const char *cumulative = scalar(p->acts, p->line, "cumulative");
    char text[1200];

    if (!same(p->in->title, scalar(p->acts, p->line, "title")))
        pair_differs(p, "title");
    if (!same(p->in->criterion, criterion_of(p, text)))
        pair_differs(p, "criterion");
    if (!same(p->in->level, scalar(p->acts, p->line, "level")))
        pair_differs(p, "level");
    if (p->in->measure != measure_of(p))
        pair_differs(p, "measure");
    if (p->in->cumulative != (cumulative != NULL && strncmp(cumulative, "ДА", strlen("ДА")) == 0))
        pair_differs(p, "cumulative");
    compare_unit(p);
    compare_printed(p);
    compare_targets(p);
}

static uint32_t indicators_of(const struct profile *profile, const char *act, const char *code, const struct indicator **in)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < profile->indicators.n; i++)
        if (strcmp(profile->indicators.at[i].act, act) == 0 && strcmp(profile->indicators.at[i].code, code) == 0) {
            *in = &profile->indicators.at[i];
            n++;
        }
    return n;
}

/* S prints six of its seven once more in п. 7.1, in slightly other words. */
static void compare_again(struct acts *acts, yaml_node_t *again, const struct profile *profile, const char *act,
                          struct differences *found)
{
    const char *code = code_of(acts, again);
    const struct indicator *in = NULL;
    uint32_t n = 0;

    for (uint32_t i = 0; i < profile->indicators.n; i++)
        for (uint32_t k = 0; k < profile->indicators.at[i].also_printed.n; k++)
            if (strcmp(profile->indicators.at[i].also_printed.at[k].code, code) == 0) {
                n++;
                in = &profile->indicators.at[i];
                if (!same(in->also_printed.at[k].title, scalar(acts, again, "title")))
                    differ(found, act, code, "title");
            }
    if (n != 1)
        differ(found, act, code, "not in the profile once");
    else if (!same(in->code, scalar(acts, again, "maps_to")))
        differ(found, act, code, "stands at another indicator");
    found->lines += n;
}

static void compare_act(struct acts *acts, yaml_node_t *act, const struct profile *profile, struct differences *found)
{
    const char *name = ACTS[act_row(acts, act)].act;
    yaml_node_t *line;

    EACH_ITEM(acts, member(acts, act, "indicators"), line) {
        struct pair p = { acts, act, member(acts, act, "header"), line, NULL, found };
        uint32_t n = indicators_of(profile, name, code_of(acts, line), &p.in);
        if (n == 1)
            compare_line(&p);
        else
            differ(found, name, code_of(acts, line), "not in the profile once");
        found->lines += n;
    }
    EACH_ITEM(acts, member(acts, act, "text_list_7_1"), line)
        compare_again(acts, line, profile, name, found);
}

static bool list_has(struct acts *acts, yaml_node_t *list, const char *code)
{
    yaml_node_t *line;

    EACH_ITEM(acts, list, line)
        if (strcmp(code_of(acts, line), code) == 0)
            return true;
    return false;
}

static bool act_has(struct acts *acts, const char *region, const char *name, const char *list, const char *code)
{
    yaml_node_t *act;

    EACH_ITEM(acts, yaml_document_get_root_node(&acts->doc), act) {
        size_t row = act_row(acts, act);
        if (strcmp(ACTS[row].region, region) == 0 && strcmp(ACTS[row].act, name) == 0
            && list_has(acts, member(acts, act, list), code))
            return true;
    }
    return false;
}

/* What no act has: there is nothing in a profile but lines of its acts. */
static void compare_rest(struct acts *acts, const char *region, const struct profile *profile, struct differences *found)
{
    for (uint32_t i = 0; i < profile->indicators.n; i++) {
        const struct indicator *in = &profile->indicators.at[i];
        if (!act_has(acts, region, in->act, "indicators", in->code))
            differ(found, in->act, in->code, "no act has it");
        for (uint32_t k = 0; k < in->also_printed.n; k++)
            if (!act_has(acts, region, in->act, "text_list_7_1", in->also_printed.at[k].code))
                differ(found, in->act, in->also_printed.at[k].code, "no act has it");
    }
}

/* "done", "thin", "not yet"; NULL: docs/functions.md has no such function. */
static const char *function_state(struct arena *arena, const char *id)
{
    const char *row = strstr(acts_text(arena, acts_path("docs/functions.md")), arena_format(arena, "\n| %s |", id)), *end, *cell;

    if (row == NULL)
        return NULL;
    end = row + 1 + strcspn(row + 1, "\n") - strlen(" |");
    for (cell = end; cell[-1] != '|'; cell--)
        ;
    return arena_format(arena, "%.*s", (int)(end - cell) - 1, cell + 1);
}

/* «функция R10» in the words of a profile: there is such a function. */
static void compare_mentions(struct arena *arena, const struct indicator *in, const char *text, struct differences *found)
{
    static const char word[] = "функция ";

    for (const char *at = text; at != NULL && (at = strstr(at, word)) != NULL; ) {
        at += strlen(word);
        const char *id = arena_format(arena, "%.*s", (int)strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"), at);
        if (function_state(arena, id) == NULL)
            differ(found, in->act, in->code, arena_format(arena, "names %s, which is no function", id));
    }
}

static void compare_awaits(struct arena *arena, const struct profile *profile, struct differences *found)
{
    for (uint32_t i = 0; i < profile->indicators.n; i++) {
        const struct indicator *in = &profile->indicators.at[i];
        if ((in->awaits.n != 0) != (in->awaits_why != NULL && in->awaits_why[0] != '\0'))
            differ(found, in->act, in->code, "awaits and awaits_why go together");
        compare_mentions(arena, in, in->reading, found);
        compare_mentions(arena, in, in->origin_note, found);
        for (uint32_t k = 0; k < in->awaits.n; k++) {
            const char *state = function_state(arena, in->awaits.at[k]);
            if (state == NULL || (strcmp(state, "not yet") != 0 && strcmp(state, "thin") != 0))
                differ(found, in->act, in->code, arena_format(arena, "awaits %s, which is %s", in->awaits.at[k],
                                                              state != NULL ? state : "no function"));
        }
    }
}

void acts_compare(struct arena *arena, const char *region, const struct profile *profile, struct differences *found)
{
    struct acts acts;
    yaml_node_t *act;

    acts_open(&acts);
    EACH_ITEM(&acts, yaml_document_get_root_node(&acts.doc), act)
        if (strcmp(ACTS[act_row(&acts, act)].region, region) == 0)
            compare_act(&acts, act, profile, found);
    compare_rest(&acts, region, profile, found);
    acts_close(&acts);
    compare_awaits(arena, profile, found);
}

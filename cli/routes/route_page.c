#include "cli/routes/route_page.h"

#include <inttypes.h>
#include "common/core/err.h"

/* What is known of the deficits beside the route itself; either may be missing. */
struct behind { struct framework framework; struct sitting sitting; bool has_framework, has_sitting; };

static bool got(struct cli *cli, const char *method, const void *takes, void *gives)
{
    struct client_reply reply;
    int err = cli_try(cli, method, takes, gives, &reply, NULL);
    return err == ERR_OK && reply.problem == NULL;
}

/* procedure → instrument → framework, for the titles of competencies; the sitting, for got and of. */
static void look_behind(struct cli *cli, const struct route_drafted *draft, struct behind *behind)
{
    struct procedure procedure;
    struct instrument instrument;
    const struct sitting_id sitting = { draft->sitting };
    behind->has_sitting = got(cli, "diagnostics.sitting.get", &sitting, &behind->sitting);
    behind->has_framework = got(cli, "diagnostics.procedure.get", &(struct id){ draft->procedure }, &procedure)
        && got(cli, "diagnostics.instrument.get", &(struct id){ procedure.instrument }, &instrument)
        && got(cli, "diagnostics.framework.get", &(struct id){ instrument.framework }, &behind->framework);
}

static const char *competency_title(const struct behind *behind, const char *code)
{
    for (uint32_t i = 0; behind->has_framework && i < behind->framework.competencies.n; i++)
        if (strcmp(behind->framework.competencies.at[i].code, code) == 0)
            return behind->framework.competencies.at[i].title;
    return code;
}

static const char *deficit_text(struct cli *cli, const struct behind *behind, const char *code)
{
    const char *title = competency_title(behind, code);
    for (uint32_t i = 0; behind->has_sitting && i < behind->sitting.shares.n; i++) {
        const struct share *s = &behind->sitting.shares.at[i];
        if (strcmp(s->competency, code) != 0)
            continue;
        const struct catalogue_arg args[] = { { "title", title },
            { "got", arena_format(&cli->arena, "%" PRIu64, s->got) }, { "of", arena_format(&cli->arena, "%" PRIu64, s->of) } };
        return cli_words(cli, "route.deficit", args, 3);
    }
    return title;
}

static const char *name_of(struct cli *cli, const char *prefix, const struct enum_desc *names, int value)
{
    return cli_word(cli, arena_format(&cli->arena, "%s.%s", prefix,
                                      value >= 0 && value < names->count ? names->names[value] : "?"));
}

/* ── a step ───────────────────────────────────────────────────────────────── */

static const char *count_text(struct cli *cli, uint64_t n)
{
    return arena_format(&cli->arena, "%" PRIu64, n);
}

static bool said(const char *text)
{
    return text != NULL && *text != '\0';
}

/* A sentence with a text, how often, and a day; a line for each line of the text. */
static void print_text(struct cli *cli, const char *token, const char *text, uint64_t count)
{
    const struct catalogue_arg args[] = { { "text", text }, { "count", count_text(cli, count) } };
    const char *line = cli_words(cli, token, args, 2);
    for (size_t n; *line != '\0'; line += n + (line[n] == '\n')) {
        n = strcspn(line, "\n");
        printf("     %.*s\n", (int)n, line);
    }
}

static void print_registry(struct cli *cli, const struct step_now *now)
{
    const struct catalogue_arg enrolled[] = { { "day", now->enrolled != 0 ? cli_day(cli, now->enrolled) : "" } };
    const struct catalogue_arg document[] = { { "document", now->document }, { "day", cli_day(cli, now->day) } };
    if (now->enrolled != 0)
        printf("     %s\n", cli_words(cli, "route.enrolment", enrolled, 1));
    if (said(now->document))        /* one that came after a person had accepted has no day of its own here */
        printf("     %s\n", cli_words(cli, now->by == STEP_BY_REGISTRY ? "route.document" : "route.document_late", document, 2));
    if (said(now->reason))
        printf("     %s\n", cli_word(cli, arena_format(&cli->arena, "decline.%s", now->reason)));
}

static void print_state(struct cli *cli, const struct step *step, const struct step_now *now)
{
    const char *state = name_of(cli, "step_state", &step_state_names, now->state);
    const struct catalogue_arg since[] = { { "state", state }, { "day", now->day != 0 ? cli_day(cli, now->day) : "" },
                                           { "by", name_of(cli, "step_mover", &step_mover_names, now->by) } };
    const struct catalogue_arg instead[] = { { "title", step->alternative_title } };
    printf("     → %s\n", now->day == 0 ? state
           : cli_words(cli, now->state == STEP_ACCEPTED ? "route.step_accepted" : "route.step_since", since, 3));
    if (said(step->alternative_title) && uuid_equal(&now->programme, &step->alternative))
        printf("     %s\n", cli_words(cli, "route.taken_instead", instead, 1));
    print_registry(cli, now);
    if (said(now->evidence))
        print_text(cli, "route.evidence", now->evidence, now->submissions);
    if (said(now->comment))
        print_text(cli, now->state == STEP_ACCEPTED ? "route.accepted_comment" : "route.returned", now->comment, now->returns);
}

static void print_step(struct cli *cli, const struct behind *behind, const struct step *step, const struct step_now *now)
{
    const struct catalogue_arg args[] = {
        { "number", arena_format(&cli->arena, "%" PRIu64, step->number) }, { "title", step->title },
        { "hours", arena_format(&cli->arena, "%" PRIu64, step->hours) } };
    printf("\n  %s%s\n", cli_words(cli, "route.step", args, 3), step->federal ? cli_word(cli, "route.federal") : "");
    for (uint32_t i = 0; i < step->deficits.n; i++) {
        const struct catalogue_arg arg[] = { { "deficit", deficit_text(cli, behind, step->deficits.at[i]) } };
        printf("     %s\n", cli_words(cli, "route.because", arg, 1));
    }
    printf("     %s\n", name_of(cli, "step_reason", &step_reason_names, step->reason));
    if (said(step->alternative_title)) {
        const struct catalogue_arg arg[] = { { "title", step->alternative_title } };
        printf("     %s\n", cli_words(cli, "route.alternative", arg, 1));
    }
    if (now != NULL)
        print_state(cli, step, now);
}

/* ── the page ─────────────────────────────────────────────────────────────── */

static void print_person(struct cli *cli, const char *token, const struct uuid *person)
{
    char text[UUID_TEXT + 1];
    const struct catalogue_arg arg[] = { { "person", text } };
    if (uuid_is_nil(person))
        return;
    uuid_format(person, text);
    printf("%s\n", cli_words(cli, token, arg, 1));
}

static void print_head(struct cli *cli, const struct route *route)
{
    const struct route_drafted *d = route->draft;
    char id[UUID_TEXT + 1], person[UUID_TEXT + 1];
    uuid_format(&d->route, id);
    uuid_format(&d->person, person);
    const struct catalogue_arg args[] = { { "route", id }, { "person", person }, { "day", cli_day(cli, d->day) },
                                          { "agreed", route->agreed != 0 ? cli_day(cli, route->agreed) : "" },
                                          { "state", name_of(cli, "route_state", &route_state_names, route->state) } };
    printf("%s\n%s\n", cli_words(cli, "route.title", args, 5),
           cli_words(cli, route->agreed != 0 ? "route.agreed" : "route.drafted", args, 5));
    if (route->overdue)
        printf("%s\n", cli_word(cli, "route.overdue"));
    const struct catalogue_arg over[] = { { "day", route->over != 0 ? cli_day(cli, route->over) : "" },
                                          { "reason", said(route->ended) ? route->ended : "" } };
    if (route->over != 0)
        printf("%s\n", cli_words(cli, route->state == ROUTE_ENDED ? "route.ended" : "route.closed", over, 2));
    print_person(cli, "route.tutor", &route->tutor);
    print_person(cli, "route.methodologist", &route->methodologist);
}

static void print_progress(struct cli *cli, const struct route *route)
{
    uint64_t accepted = 0;
    for (uint32_t i = 0; i < route->step_states.n; i++)
        accepted += route->step_states.at[i].state == STEP_ACCEPTED;
    const struct catalogue_arg args[] = { { "accepted", count_text(cli, accepted) }, { "steps", count_text(cli, route->step_states.n) } };
    if (route->step_states.n > 0 && route->state != ROUTE_DRAFT)
        printf("%s\n", cli_words(cli, "route.progress", args, 2));
}

static void print_effect_row(struct cli *cli, const struct behind *behind, const struct effect_row *row)
{
    const char *change = row->deficit_before && row->deficit_after ? "route.effect_left"
                       : row->deficit_before ? "route.effect_closed" : row->deficit_after ? "route.effect_fresh" : NULL;
    const struct catalogue_arg args[] = {
        { "title", competency_title(behind, row->competency) },
        { "before_got", count_text(cli, row->before_got) }, { "before_of", count_text(cli, row->before_of) },
        { "after_got", count_text(cli, row->after_got) }, { "after_of", count_text(cli, row->after_of) },
        { "change", change != NULL ? cli_word(cli, change) : "" } };
    printf("     %s\n", cli_words(cli, "route.effect_row", args, 6));
}

static void print_effect(struct cli *cli, const struct behind *behind, const struct effect *effect)
{
    uint64_t closed = 0, left = 0, fresh = 0;
    for (uint32_t i = 0; i < effect->rows.n; i++) {
        const struct effect_row *row = &effect->rows.at[i];
        closed += row->deficit_before && !row->deficit_after;
        left += row->deficit_before && row->deficit_after;
        fresh += !row->deficit_before && row->deficit_after;
    }
    const struct catalogue_arg args[] = { { "day", cli_day(cli, effect->day) }, { "closed", count_text(cli, closed) },
                                          { "left", count_text(cli, left) }, { "fresh", count_text(cli, fresh) } };
    printf("\n  %s\n", cli_words(cli, "route.effect", args, 4));
    for (uint32_t i = 0; i < effect->rows.n; i++)
        print_effect_row(cli, behind, &effect->rows.at[i]);
}

static void print_effects(struct cli *cli, const struct behind *behind, const struct route_drafted *draft)
{
    const struct effects_of of = { .person = draft->person };
    struct effect_list list;
    if (!got(cli, "routes.effect.list", &of, &list))
        return;
    for (uint32_t i = 0; i < list.rows.n; i++)
        if (uuid_equal(&list.rows.at[i].route, &draft->route))
            print_effect(cli, behind, &list.rows.at[i]);
}

void route_page_print(struct cli *cli, const struct route *route)
{
    const struct route_drafted *d = route->draft;
    struct behind behind = { 0 };
    look_behind(cli, d, &behind);
    print_head(cli, route);
    print_progress(cli, route);
    for (uint32_t i = 0; i < d->steps.n; i++)
        print_step(cli, &behind, &d->steps.at[i], i < route->step_states.n ? &route->step_states.at[i] : NULL);
    for (uint32_t i = 0; i < d->uncovered.n; i++) {
        const struct catalogue_arg arg[] = { { "deficit", deficit_text(cli, &behind, d->uncovered.at[i]) } };
        printf("\n  %s\n", cli_words(cli, "route.uncovered", arg, 1));
    }
    if (d->steps.n == 0 && d->uncovered.n == 0)
        printf("\n  %s\n", cli_word(cli, "route.empty"));
    print_effects(cli, &behind, d);
}

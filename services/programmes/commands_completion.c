#include "services/programmes/programme_rules.h"
#include "services/programmes/programmes_state.h"
#include "services/shared/fact_rules.h"
#include "services/shared/reach.h"

/* Attestations and the documents that they lead to. */

/* ── attestation ──────────────────────────────────────────────────────────── */

enum verdict decide_attestation(struct ctx *ctx, const void *command)
{
    const struct attestation_record *record = command;
    struct attested wanted = { record->kind, record->passed, record->day };
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct programme programme;
    struct enrolment_row row;
    struct run_row run;
    const char *fault;

    if (enrolment_need(ctx, &record->enrolment, &row, &programme) != VERDICT_OK || day_need(ctx, record->day, "day") != VERDICT_OK)
        return VERDICT_REFUSED;
    const struct enrolment *of = row.enrolment;
    if (!run_get(ctx, &of->run, &run))
        return refuse(ctx, PROBLEM_NOT_FOUND, "run_unknown");
    if ((fault = attestation_fault(&row, run.run->day, &wanted)) != NULL)
        return refuse_day(ctx, fault, row.state != ENROLMENT_OPEN ? row.ended : record->day < of->day ? of->day : run.run->day);
    struct attestation held = {
        .enrolment = of->enrolment, .run = of->run, .programme = of->programme, .person = of->person,
        .chain = { of->chain.n, of->chain.at }, .kind = record->kind, .passed = record->passed, .day = record->day,
        .route = of->route, .step = of->step,
    };
    emit(ctx, "programmes.attestation.recorded", &held, scope, enrolment_scope(&of->person, of->chain.at, of->chain.n, scope));
    return VERDICT_OK;
}

/* ── completion ───────────────────────────────────────────────────────────── */

/* What the act of the document and its place make of the programme; enrolment, route and step are the caller's. */
static struct completion completion_of(struct ctx *ctx, const struct programme *programme, day_t enrolled, day_t day,
                                       const char *document, const struct workplace *place)
{
    struct registry_change list[REGISTRY_CHANGES_MAX];
    uint32_t changes = registry_changes(ctx, &programme->id, list, REGISTRY_CHANGES_MAX);

    return (struct completion){
        .completion = decide_id(ctx), .programme = programme->id, .chain = { place->chain.n, place->chain.at },
        .enrolled = enrolled, .day = day, .federal = registry_holds(list, changes, enrolled), .kind = programme->kind,
        .topics = { programme->topics.n, programme->topics.at }, .document = document,
        .provider = programme->provider, .provider_kind = programme->provider_kind,
    };
}

static enum verdict completion_new(struct ctx *ctx, const struct uuid *person, const struct uuid *programme, day_t day)
{
    return completed_on(ctx, person, programme, day) ? refuse(ctx, PROBLEM_CONFLICT, "already_recorded") : VERDICT_OK;
}

/* ── the certificate ──────────────────────────────────────────────────────── */

/* The organisation from which he was enrolled, while he works there; else where he works on that day; else that
 * from which he was enrolled after all. */
static void learner_place(struct ctx *ctx, const struct enrolment *enrolment, day_t day, struct workplace *place)
{
    struct post_opened *posts = ARENA_LIST(ctx->arena, struct post_opened, 64);
    struct uuid now = places_person_now(ctx, &enrolment->person);
    uint32_t n = places_posts(ctx, &now, posts, 64);

    for (uint32_t i = 0; i < n; i++)
        if (places_held(&posts[i], day) && uuid_equal(&posts[i].chain.at[0], &enrolment->chain.at[0])) {
            *place = (struct workplace){ posts[i].chain.at[0], posts[i].organisation_kind, { posts[i].chain.n, posts[i].chain.at } };
            return;
        }
    if (places_of(ctx, &enrolment->person, NULL, day, place) != PLACES_FOUND)
        *place = (struct workplace){ .organisation = enrolment->chain.at[0], .chain = { enrolment->chain.n, enrolment->chain.at } };
}

static enum verdict document_new(struct ctx *ctx, const struct programme *programme, const char *document)
{
    struct key key = document_key(ctx, &programme->provider, document);
    struct bytes known;

    if (!txn_get(ctx->txn, T_DOCUMENTS, key_bytes(&key), &known))
        return VERDICT_OK;
    refuse(ctx, PROBLEM_CONFLICT, "document_taken");
    refuse_arg(ctx, "document", document);
    return VERDICT_REFUSED;
}

enum verdict decide_certificate(struct ctx *ctx, const void *command)
{
    const struct certificate_issue *issue = command;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct programme programme;
    struct enrolment_row row;
    struct workplace place;
    const char *fault;

    if (enrolment_need(ctx, &issue->enrolment, &row, &programme) != VERDICT_OK || day_need(ctx, issue->day, "day") != VERDICT_OK)
        return VERDICT_REFUSED;
    const struct enrolment *of = row.enrolment;
    if ((fault = certificate_fault(&row, issue->day)) != NULL)
        return refuse_day(ctx, fault, row.state != ENROLMENT_OPEN ? row.ended : attested_finally(&row) != 0 ? attested_finally(&row) : of->day);
    if (document_new(ctx, &programme, issue->document) != VERDICT_OK
        || completion_new(ctx, &of->person, &of->programme, issue->day) != VERDICT_OK)
        return VERDICT_REFUSED;
    learner_place(ctx, of, issue->day, &place);
    struct completion done = completion_of(ctx, &programme, of->day, issue->day, issue->document, &place);
    done.person = of->person;
    done.enrolment = of->enrolment;
    done.route = of->route;
    done.step = of->step;
    emit(ctx, "programmes.completion.recorded", &done, scope, places_scope(&done.person, &place, scope));
    reply(ctx, &(struct registered){ done.completion });
    return VERDICT_OK;
}

/* ── the record of a document ─────────────────────────────────────────────── */

/* Who records: the provider of the programme, wherever its learners work, or who has the person in reach
 * (documents of outside providers). */
static enum verdict completion_place(struct ctx *ctx, const struct completion_record *record, const struct programme *programme,
                                     struct workplace *place, struct uuid scope[ENTRY_SCOPES_MAX], uint32_t *n)
{
    struct workplace provider;

    if (!places_unit(ctx, &programme->provider, &provider) || !may_reach(ctx, provider.chain.at, provider.chain.n))
        return reach_place(ctx, &record->person, &record->organisation, record->day, place, scope, n);
    if (places_need(ctx, &record->person, &record->organisation, record->day, place) != VERDICT_OK)
        return VERDICT_REFUSED;
    *n = places_scope(&record->person, place, scope);
    return VERDICT_OK;
}

/* By the rules that a node checks by as well. */
static enum verdict completion_days(struct ctx *ctx, const struct completion_record *record)
{
    struct staff_fault fault;
    return completion_check(record, ctx->today, ((const struct profile *)ctx->config)->routes->back_days, &fault)
         ? VERDICT_OK : staff_refuse(ctx, &fault);
}

/* The enrolment that the document ends: the one that is named; else the open one of this person in this programme
 * from that day on, so that nobody stays a learner who has his document. */
static enum verdict completion_enrolment(struct ctx *ctx, const struct completion_record *record, struct enrolment *enrolment)
{
    struct enrolment_row row;
    struct uuid id = record->enrolment;
    const char *field;

    *enrolment = (struct enrolment){ .route = record->route, .step = record->step };
    if (uuid_is_nil(&id) && (!enrolment_open_in(ctx, &record->person, &record->programme, &id) || !enrolment_get(ctx, &id, &row)
                             || completion_differs(row.enrolment, record) != NULL))
        return VERDICT_OK;
    if (!enrolment_get(ctx, &id, &row))
        return refuse(ctx, PROBLEM_NOT_FOUND, "enrolment_unknown");
    if ((field = completion_differs(row.enrolment, record)) != NULL) {
        refuse(ctx, PROBLEM_CONFLICT, "enrolment_differs");
        refuse_arg(ctx, "field", field);
        return VERDICT_REFUSED;
    }
    if (row.state != ENROLMENT_OPEN)
        return refuse_day(ctx, row.state == ENROLMENT_COMPLETED ? "already_issued" : "enrolment_over", row.ended);
    *enrolment = *row.enrolment;
    return VERDICT_OK;
}

enum verdict decide_completion(struct ctx *ctx, const void *command)
{
    const struct completion_record *record = command;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct programme programme;
    struct enrolment enrolment;
    struct workplace place;
    uint32_t scopes;

    if (record->step != 0 && uuid_is_nil(&record->route) && uuid_is_nil(&record->enrolment))
        return refuse_field(ctx, "message", "route", "missing");
    if (!programme_get(ctx, &record->programme, &programme))
        return refuse(ctx, PROBLEM_NOT_FOUND, "programme_unknown");
    if (completion_days(ctx, record) != VERDICT_OK
        || completion_place(ctx, record, &programme, &place, scope, &scopes) != VERDICT_OK
        || completion_enrolment(ctx, record, &enrolment) != VERDICT_OK
        || completion_new(ctx, &record->person, &record->programme, record->day) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct completion done = completion_of(ctx, &programme, record->enrolled, record->day, record->document, &place);
    done.person = record->person;
    done.enrolment = enrolment.enrolment;
    done.route = enrolment.route;
    done.step = enrolment.step;
    emit(ctx, "programmes.completion.recorded", &done, scope, scopes);
    reply(ctx, &(struct registered){ done.completion });
    return VERDICT_OK;
}

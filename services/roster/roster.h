#pragma once
#include "common/service/vault.h"
#include "proto/profile.h"
#include "proto/roster.h"
#include "proto/roster_tree.h"
#include "services/roster/state.h"
#include "services/roster/units/lineage.h"
#include "services/shared/staff_rules.h"

/* roster: organisations, persons, posts, leadership teams and populations (R1–R3, R8, R9).
 *
 * Personal data   names, births, SNILS and codes are in the messages worker_record and person_card alone.
 *                 Entries and tables hold them sealed (vault_seal) and as keyed hashes for matching
 *                 (vault_match); replies hold identifiers.
 * Scope           of an entry about a person: the person, then the chains of the places he works at, at
 *                 most ENTRY_SCOPES_MAX ids. Organisations are public; was_read is for the region alone.
 *                 A post that ends by its date leaves it by a timer; who may read is asked as of today,
 *                 however late that timer is.
 *
 * Reasons of refusal (the sentence is made at the edge), with field and args:
 *
 *   name_latin            family, given, patronymic   letter, position    a Latin letter in a Russian name
 *   name_character        the same                    letter, position    not a letter, hyphen, space, apostrophe
 *   name_empty            the same                                        no letter in it
 *   born_malformed        born                                            not a date of 1900 or later
 *   born_after_from       born                                            not before the post begins
 *   age_under             born                        least               years of age on the day the post begins
 *   age_over              born                        most
 *   from_future           from                        latest              2025-09-15, the last day allowed
 *   until_before_from     until
 *   until_future          until                       latest              roster.post.close
 *   teaching_future       teaching_since              latest
 *   teaching_under_age    teaching_since              least
 *   working_future        working_since               latest
 *   working_under_age     working_since               least
 *   teaching_before_work  working_since                                   teaching is work
 *   educated_future       pedagogical_since
 *   education_unknown     education                                       no words for a level, nor for pedagogical or not
 *   education_denied      pedagogical_since                               the same row says that it is not pedagogical
 *   rate_malformed        rate                                            0,01 to 3
 *   matching_malformed    matching                                        да, нет
 *   too_many_bands                                    most                dates were mended in so many closed years
 *   snils_length          snils                       found, expected     digits
 *   snils_character       snils
 *   snils_check           snils                       found, expected     the two check digits
 *   organisation_unknown  organisation                                    also not_found, without a field
 *   post_unknown          post                                            the profile has no such title
 *   code_empty            code                                            nothing but white space
 *   sealed_and_open       sealed                                          a sealed row also says something of the person openly
 *   sealed_unreadable     sealed                                          not sealed for this region's key, or damaged
 *   code_of_another       code                                            nothing else in the row agrees with the code's person
 *   snils_of_another      snils                                           the code names another person than the SNILS, or
 *                                                                         nothing else in the row agrees with the SNILS's person
 *   person_ambiguous      snils                       found               so many of this name and birth: say the SNILS
 *   person_kept_elsewhere family                                          name, birth or SNILS differ from what the main place
 *                                                                         of work says, and this list is a part-time one
 *   person_unreadable                                                     the person was erased
 *   post_overlaps         from                        from, until         the same post there, begun on another day; an open one: …
 *   main_post_overlaps    from                        from, until         a main post elsewhere at the same time
 *   too_many_posts        post                        most
 *   ground_moved                                                          since roster.list.check said what the row would do
 *   person_unknown, post_not_found                                        not_found
 *   out_of_reach                                                          denied
 *   region_only_one, region_has_no_parent, parent_missing, parent_unknown, parent_kind, too_deep,
 *   code_taken (code), code_differs, empty, kind_differs, parent_differs, opened_future (latest)
 *                                                                         roster.organisation.register
 *   day_future, day_before_opened (day), empty, organisation_closed (day), organisation_itself, organisation_twice,
 *   organisation_unknown, unit_circle, parent_kind, too_deep, heir_kind, split_in_one, too_many_changes, region_only_one,
 *   units_remain, people_remain (count), not_closed, has_an_heir
 *                                                                         the changes of organisations (roster_tree.h)
 *   organisation_closed   organisation                                    the post would last past its end (day)
 *   post_not_held         day                       day                   roster.post.transfer
 *   post_goes_on          until                                           it was cut by a reorganisation: close what goes on
 *   page_unknown          after                                           not `next` of a page of this list */

struct roster_config {
    const struct profile *profile;
    struct staff_posts posts;               /* their titles, folded */
    int zone_minutes;
};
int roster_configure(const char *file, struct arena *arena, const void **config, int *zone_minutes, char says[400]);
static inline const struct roster_config *roster_config(const struct ctx *ctx) { return ctx->config; }

/* ── words.c ── */
/* A text normalised; NULL: there was none, or nothing in it. */
const char *tidied(struct ctx *ctx, const char *text);
enum verdict refuse_most(struct ctx *ctx, const char *reason, unsigned most);       /* conflict, with `most` */
/* The reply of a command that has made something: `registered`. */
enum verdict reply_made(struct ctx *ctx, const struct uuid *id);
/* A message whose texts have been normalised still has its limits; refuses with the field otherwise. */
enum verdict texts_fit(struct ctx *ctx, const struct msg_desc *desc, const void *tidied);

/* ── match.c: who a row means (the rules themselves: worker_row.h) ── */
struct match_hashes { struct hash code, snils, name, row, full, given; bool has_snils, has_full; };      /* row: all that it says of the person */
struct person_card;
struct match_hashes match_hash(struct ctx *ctx, const struct person_card *card);
/* What an event says of them: SNILS and whole name where there are. */
void match_said(const struct match_hashes *hashes, struct person_registered *event);
struct hash match_code(struct ctx *ctx, const char *code);
/* A person found in the state, with the card opened. */
struct known { struct uuid id; struct person_state state; struct person_bands bands; struct person_card card; };
bool match_open(struct ctx *ctx, const struct person_state *state, struct known *known);

/* ── bands_of_card.c ── */
struct person_bands;
/* The bands that a card makes; `was` (NULL: he is new) keeps its days of closed years. Refuses too_many_bands. */
enum verdict bands_of_card(struct ctx *ctx, const struct person_card *card, const struct person_bands *was, struct person_bands *bands);

/* ── moves.c: posts of one person against each other, and whose he is ── */
struct moves {
    struct post_opened *posts; uint32_t n;  /* of the person, ids ascending; room for one more */
    uint32_t ended[POSTS_MAX], ended_n;     /* rows that a new main post ends */
    const struct person_bands *bands;       /* as they will be; NULL: as they are */
};
void moves_load(struct ctx *ctx, const struct uuid *person, struct moves *moves);
/* Makes room for a main post among those elsewhere: it ends an open one that began before it, and ends
 * itself before one that begins later. Refuses main_post_overlaps. */
enum verdict moves_main(struct ctx *ctx, struct moves *moves, struct post_opened *post);
/* The ids above all places where the person works now or will, main places first, at most SCOPE_IDS_MAX. */
uint32_t moves_scope(const struct moves *moves, day_t today, struct uuid ids[SCOPE_IDS_MAX]);
/* handed_over to what is gained, withdrawn from what is lost, against the person's scope so far. */
void moves_emit(struct ctx *ctx, const struct uuid *person, const struct person_state *state, const struct moves *moves);
/* That the principal reaches the person as of today; `state`: he stays with whom he was when nothing but
 * mistakes is left. */
bool person_reached(struct ctx *ctx, const struct uuid *person, const struct person_state *state);
/* roster.post.opened and .closed, with the moment at which a last day yet to come will be over; `ids`: of
 * the person's scope, beside the post's chain. */
void emit_post_opened(struct ctx *ctx, const struct post_opened *post, const struct uuid *ids, uint32_t n);
void emit_post_closed(struct ctx *ctx, const struct post_opened *post, const struct uuid *ids, uint32_t n);
/* The day after the last one in a post: who works there no longer is withdrawn from those above. */
#define TIMER_POST_OVER "post_over"
enum verdict fire_post_over(struct ctx *ctx, const struct uuid *post, moment_t due);
/* Scope of an entry: the person, `first` (a chain, may be none), then the other ids as far as there is room. */
uint32_t scope_of(const struct uuid *person, const struct uuid *first, uint32_t first_n,
                  const struct uuid *ids, uint32_t n, struct uuid scope[ENTRY_SCOPES_MAX]);
bool post_empty(const struct post_opened *post);        /* closed before it began: entered by mistake, or taken back */
bool posts_overlap(const struct post_opened *a, const struct post_opened *b);
/* The post whose organisation answers for the person; NULL: none but mistakes. */
const struct post_opened *moves_owner(const struct moves *moves, day_t today);
void refuse_days(struct ctx *ctx, day_t from, day_t until);     /* args from, until of a post */
bool id_among(const struct uuid *id, const struct uuid *ids, uint32_t n);

/* ── organisations through time: units.h; follow_units.c ── */
#define TIMER_UNITS_FOLLOW  "units_follow"      /* the chains of what depends on a unit */
#define TIMER_PEOPLE_FOLLOW "people_follow"     /* the posts of the people in it */
enum verdict fire_units_follow(struct ctx *ctx, const struct uuid *unit, moment_t due);
enum verdict fire_people_follow(struct ctx *ctx, const struct uuid *unit, moment_t due);
struct unit;
void emit_placed(struct ctx *ctx, struct unit *unit);                       /* with its present state, where that changes */
void units_people_follow(struct ctx *ctx, const struct uuid *unit);         /* apply: everybody of it is looked at */
bool post_lies_as_its_unit(const struct post_opened *post, const struct lineage_spans *spans);  /* under one chain, its unit's of those days */
/* That it is there, and in reach; `unit`: NULL where no more is wanted of it. */
enum verdict unit_at_hand(struct ctx *ctx, const struct uuid *id, struct organisation *unit);
enum verdict not_any_more(struct ctx *ctx, const char *field, const struct organisation *unit);
/* That the organisation is there for all of a stay; what has an heir is, since the post goes on there. */
enum verdict organisation_holds(struct ctx *ctx, const struct organisation *unit, day_t from, day_t until);

/* ── commands ── */
enum verdict decide_organisation_rename(struct ctx *ctx, const void *command);
enum verdict decide_organisation_move(struct ctx *ctx, const void *command);
enum verdict decide_organisation_found(struct ctx *ctx, const void *command);
enum verdict decide_organisation_close(struct ctx *ctx, const void *command);
enum verdict decide_organisation_reopen(struct ctx *ctx, const void *command);
enum verdict decide_organisation_merge(struct ctx *ctx, const void *command);
enum verdict decide_organisation_split(struct ctx *ctx, const void *command);
enum verdict decide_organisation_register(struct ctx *ctx, const void *command);
enum verdict decide_worker_record(struct ctx *ctx, const void *command);
enum verdict decide_post_close(struct ctx *ctx, const void *command);
enum verdict decide_post_transfer(struct ctx *ctx, const void *command);
enum verdict decide_person_read(struct ctx *ctx, const void *command);
enum verdict answer_person_read(struct ctx *ctx, const void *command);
/* ── events ── */
void apply_organisation_registered(struct ctx *ctx, const void *event);
void apply_organisation_changed(struct ctx *ctx, const void *event);
void apply_unit_placed(struct ctx *ctx, const void *event);
void apply_unit_following(struct ctx *ctx, const void *event);
void apply_person_registered(struct ctx *ctx, const void *event);
void apply_person_changed(struct ctx *ctx, const void *event);
void apply_person_handed_over(struct ctx *ctx, const void *event);
void apply_person_withdrawn(struct ctx *ctx, const void *event);
void apply_person_was_read(struct ctx *ctx, const void *event);
void apply_post_opened(struct ctx *ctx, const void *event);
void apply_post_closed(struct ctx *ctx, const void *event);
/* ── queries ── */
enum verdict query_person_find(struct ctx *ctx, const void *query);
enum verdict query_organisation_find(struct ctx *ctx, const void *query);
enum verdict query_organisation_list(struct ctx *ctx, const void *query);
enum verdict query_organisation_get(struct ctx *ctx, const void *query);
enum verdict query_organisation_history(struct ctx *ctx, const void *query);
enum verdict query_worker_list(struct ctx *ctx, const void *query);
enum verdict query_post_of(struct ctx *ctx, const void *query);
enum verdict query_population_count(struct ctx *ctx, const void *query);
enum verdict query_team_get(struct ctx *ctx, const void *query);
enum verdict decide_list_check(struct ctx *ctx, const void *command);
enum verdict answer_list_check(struct ctx *ctx, const void *command);
void apply_list_checked(struct ctx *ctx, const void *event);

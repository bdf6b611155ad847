#pragma once
#include "proto/roster_duties.h"
#include "services/roster/registers/registers.h"

/* duties: who takes part in an entry of a register, in which role, since when; and what is to be done by a day (R5 parties
 * and obligations, «с взаимными обязательствами»; R6 members and meetings; R7 yearly reports; R12 teams and stages). Which
 * roles and kinds there are, the register says; one that names none has neither.
 *
 * Who         whoever decides about the register and reaches the entry; a person who is to take part, too.
 * Days        taking part is dated like membership. A duty not fulfilled on its last day is written down as overdue by a
 *             timer, with the first day too late; fulfilment told later with a day in time takes that back.
 *             A duty is dropped with a reason: what was planned for another day is set anew. It stays in the list and counts
 *             neither as done nor as owed.
 * Scope       the entry's; of a person who takes part: he and those above him too. Others see no person out of reach
 *             unless the register is public.
 * Limits      PARTS_OF_ONE_MAX times that the same one takes part in the same entry; lists come in pages.
 *
 * Reasons, with field and args (and those of registers.h):
 *
 *   part_unknown, duty_unknown                                            not_found
 *   role_unknown          role                                            not among the register's
 *   duty_kind_unknown     kind
 *   part_of_whom          person                                          none, or more than one of the three
 *   part_not_of_kind      organisation                                    the register's partners are organisations of other kinds
 *   part_overlaps         from                  from, until               conflict: the same one in the same role
 *   too_many_parts                              most                      conflict
 *   part_until_before_from  until
 *   part_of_another_entry   part
 *   duty_done, duty_is_dropped                                            conflict
 *   duty_day_future       day                                             fulfilled, dropped tomorrow        */
#define PARTS_OF_ONE_MAX 32

bool state_part(struct ctx *ctx, const struct uuid *id, struct part *part);
void state_part_put(struct ctx *ctx, const struct part *part);
/* Of the same person (under all his ids), organisation or title in the same entry. */
uint32_t state_parts_of_one(struct ctx *ctx, const struct part *like, struct part *parts, uint32_t max);
bool state_duty(struct ctx *ctx, const struct uuid *id, struct duty *duty);
void state_duty_put(struct ctx *ctx, const struct duty *duty);

bool part_holds(const struct part *part, day_t on);                          /* on 0: always */
/* On a day each is shown once: a record of his that was merged may take part in the same role. */
bool part_again(struct ctx *ctx, const struct part *part, day_t on);
/* Neither fulfilled nor dropped. */
bool duty_owed(const struct duty *duty);

#define TIMER_DUTY_OVER "duty_over"
enum verdict fire_duty_over(struct ctx *ctx, const struct uuid *duty, moment_t due);
enum verdict decide_part_join(struct ctx *ctx, const void *command);
enum verdict decide_part_leave(struct ctx *ctx, const void *command);
enum verdict decide_duty_set(struct ctx *ctx, const void *command);
enum verdict decide_duty_fulfil(struct ctx *ctx, const void *command);
enum verdict decide_duty_drop(struct ctx *ctx, const void *command);
void apply_part_joined(struct ctx *ctx, const void *event);
void apply_part_left(struct ctx *ctx, const void *event);
void apply_duty_set(struct ctx *ctx, const void *event);
void apply_duty_fulfilled(struct ctx *ctx, const void *event);
void apply_duty_overdue(struct ctx *ctx, const void *event);
void apply_duty_dropped(struct ctx *ctx, const void *event);
enum verdict query_part_list(struct ctx *ctx, const void *query);
enum verdict query_duty_list(struct ctx *ctx, const void *query);

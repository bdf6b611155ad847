#pragma once
#include "proto/roster_bookings.h"
#include "services/roster/registers/registers.h"

/* bookings: rooms, equipment and places taken from day to day (R14; U 3.2.1 (1), 4.6, прил. № 1; T 1.3; C VII; K 4.4). What there is stands
 * in a register of the profile: rooms with their seats, equipment with its number; `capacity` names the field that says how
 * many, and makes it bookable.
 *
 * Who         books: who decides about the register and reaches the entry; sees what is free: who reaches it, and everybody where
 *             the register is public. For whom and what for is seen by the former alone.
 * Days        whole days. On none of them are more places taken than there are, and the entry has to hold on all of them.
 * Scope       the entry's; of a person: he and those above him too.
 * Limits      BOOKINGS_MAX bookings of one entry that are not over; a booking BOOKING_DAYS_MAX days at most.
 *
 * Reasons, with field and args (and those of registers.h):
 *
 *   booking_unknown                                                       not_found
 *   not_bookable          entry                                           its register has no capacity, or the entry says none
 *   booking_until_before_from, booking_too_long (most)   until
 *   booking_past          from                                            before today
 *   entry_not_then        from                                            it does not hold on all of the days
 *   places_taken          places                free                      conflict: so many are free on each of the days
 *   too_many_bookings                           most                      conflict
 *   booking_of_two        person                                          an organisation as well
 *   booking_cancelled, booking_over                                       conflict                                       */
#define BOOKING_DAYS_MAX 366

/* Pure: how many places are taken on the fullest of the days; cancelled bookings take none. */
uint64_t bookings_peak(const struct booking *bookings, uint32_t n, day_t from, day_t until);

enum verdict decide_booking_make(struct ctx *ctx, const void *command);
enum verdict decide_booking_cancel(struct ctx *ctx, const void *command);
void apply_booking(struct ctx *ctx, const void *event);
enum verdict query_booking_list(struct ctx *ctx, const void *query);
enum verdict query_booking_free(struct ctx *ctx, const void *query);

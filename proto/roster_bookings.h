#pragma once
#include "proto/roster_registers.h"

/* roster, bookings (R14): rooms, equipment and places of a register are taken from day to day, never more than there are. */
#define BOOKINGS_MAX 2000       /* of one entry on days not yet over */

#define BOOKING_MAKE_FIELDS(X, S)                                                           \
    X(S, UUID, entry,        _, 0, 0,   REQUIRED) /* of a register with `capacity` */        \
    X(S, DAY,  from,         _, 0, 0,   REQUIRED)                                            \
    X(S, DAY,  until,        _, 0, 0,   REQUIRED) /* last day */                             \
    X(S, U64,  places,       _, 1, 100000, REQUIRED)                                         \
    X(S, UUID, organisation, _, 0, 0,   OPTIONAL) /* for whom: one of the two, or neither */ \
    X(S, UUID, person,       _, 0, 0,   OPTIONAL)                                            \
    X(S, STR,  purpose,      _, 1, 300, REQUIRED)
MSG_DECLARE(booking_make, BOOKING_MAKE_FIELDS)          /* roster.booking.make → registered */
#define BOOKING_CANCEL_FIELDS(X, S)                                                         \
    X(S, UUID, booking, _, 0, 0,   REQUIRED)                                                 \
    X(S, STR,  reason,  _, 1, 300, REQUIRED)
MSG_DECLARE(booking_cancel, BOOKING_CANCEL_FIELDS)      /* roster.booking.cancel */
#define BOOKING_FIELDS(X, S)                                                                \
    X(S, UUID, booking,      _, 0, 0,   REQUIRED)                                            \
    X(S, UUID, entry,        _, 0, 0,   REQUIRED)                                            \
    X(S, STR,  register_id,  _, 1, REGISTER_ID_MAX, REQUIRED)                                \
    X(S, DAY,  from,         _, 0, 0,   REQUIRED)                                            \
    X(S, DAY,  until,        _, 0, 0,   REQUIRED)                                            \
    X(S, U64,  places,       _, 1, 100000, REQUIRED)                                         \
    X(S, UUID, organisation, _, 0, 0,   OPTIONAL)                                            \
    X(S, UUID, person,       _, 0, 0,   OPTIONAL)                                            \
    X(S, STR,  purpose,      _, 1, 300, REQUIRED)                                            \
    X(S, BOOL, cancelled,    _, 0, 0,   OPTIONAL)                                            \
    X(S, STR,  reason,       _, 0, 300, OPTIONAL)
MSG_DECLARE(booking, BOOKING_FIELDS)                    /* roster.booking.made, roster.booking.cancelled: whole */

#define BOOKINGS_OF_FIELDS(X, S)                                                            \
    X(S, UUID, entry, _, 0, 0,    REQUIRED)                                                  \
    X(S, DAY,  from,  _, 0, 0,    OPTIONAL)  /* that touch these days */                     \
    X(S, DAY,  until, _, 0, 0,    OPTIONAL)                                                  \
    X(S, BOOL, all,   _, 0, 0,    OPTIONAL)  /* cancelled ones as well */                    \
    X(S, BIN,  after, _, 0, 511,  OPTIONAL)                                                  \
    X(S, U64,  limit, _, 0, 1000, OPTIONAL)
MSG_DECLARE(bookings_of, BOOKINGS_OF_FIELDS)            /* roster.booking.list: in the order of their last days */
#define BOOKING_LIST_FIELDS(X, S)                                                           \
    X(S, LIST, rows, booking, 0, 1000, OPTIONAL)                                             \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(booking_list, BOOKING_LIST_FIELDS)
/* What can be booked: how many places are free on each of the days. */
#define FREE_OF_FIELDS(X, S)                                                                \
    X(S, STR,  register_id, _, 1, REGISTER_ID_MAX, REQUIRED)                                 \
    X(S, UUID, unit,        _, 0, 0,    REQUIRED)                                            \
    X(S, DAY,  from,        _, 0, 0,    REQUIRED)                                            \
    X(S, DAY,  until,       _, 0, 0,    REQUIRED)                                            \
    X(S, U64,  places,      _, 0, 100000, OPTIONAL) /* at least so many; 0: one */           \
    X(S, BIN,  after,       _, 0, 511,  OPTIONAL)                                            \
    X(S, U64,  limit,       _, 0, 1000, OPTIONAL)
MSG_DECLARE(free_of, FREE_OF_FIELDS)                    /* roster.booking.free */
#define FREE_ROW_FIELDS(X, S)                                                               \
    X(S, UUID, entry,    _, 0, 0,   REQUIRED)                                                \
    X(S, UUID, unit,     _, 0, 0,   REQUIRED)                                                \
    X(S, STR,  title,    _, 0, 300, OPTIONAL)                                                \
    X(S, U64,  capacity, _, 0, INT64_MAX, REQUIRED)                                          \
    X(S, U64,  free,     _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(free_row, FREE_ROW_FIELDS)
#define FREE_LIST_FIELDS(X, S)                                                              \
    X(S, LIST, rows, free_row, 0, 1000, OPTIONAL)                                            \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(free_list, FREE_LIST_FIELDS)

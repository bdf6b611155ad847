#include "proto/roster_activity.h"

MSG_DEFINE(activity_of, ACTIVITY_OF_FIELDS)
MSG_DEFINE(activity_kind, ACTIVITY_KIND_FIELDS)
MSG_DEFINE(activity_row, ACTIVITY_ROW_FIELDS)
MSG_DEFINE(activity_list, ACTIVITY_LIST_FIELDS)

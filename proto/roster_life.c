#include "proto/roster_life.h"

MSG_DEFINE(band_span, BAND_SPAN_FIELDS)
ENUM_DEFINE(yes_no, YES_NOS)
ENUM_DEFINE(education_level, EDUCATION_LEVELS)

#include "proto/roster_search.h"

ENUM_DEFINE(names_phase, NAMES_PHASES)
MSG_DEFINE(person_search, PERSON_SEARCH_FIELDS)
MSG_DEFINE(found_person, FOUND_PERSON_FIELDS)
MSG_DEFINE(people_found, PEOPLE_FOUND_FIELDS)
MSG_DEFINE(person_searched, PERSON_SEARCHED_FIELDS)
MSG_DEFINE(names_standing, NAMES_STANDING_FIELDS)

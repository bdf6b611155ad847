#include "proto/roster_people.h"

MSG_DEFINE(population_yields, POPULATION_YIELDS_FIELDS)
MSG_DEFINE(population_member, POPULATION_MEMBER_FIELDS)
MSG_DEFINE(population_list, POPULATION_LIST_FIELDS)
MSG_DEFINE(population_size, POPULATION_SIZE_FIELDS)
MSG_DEFINE(population_sizes, POPULATION_SIZES_FIELDS)

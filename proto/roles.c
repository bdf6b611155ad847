#include "proto/roles.h"

ENUM_DEFINE(role, ROLES)

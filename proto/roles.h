#pragma once
#include "common/codec/msg.h"

/* Who may be somebody in a region. The first three are known to common/ (service.h) and stand first. */
#define ROLES(X)                                                                            \
    X(ROLE_P_SERVICE,   "service")      /* another daemon */                                \
    X(ROLE_P_OPERATOR,  "operator")     /* system administrator: no personal data */        \
    X(ROLE_P_CONSOLE,   "console")      /* a gateway acting for persons */                  \
    X(ROLE_CENTRE,      "centre")       /* staff of the centre (ЦНППМ) */                   \
    X(ROLE_INSTITUTE,   "institute")    /* provider: programmes, runs, completions */       \
    X(ROLE_AUTHORITY,   "authority")    /* the region's authority (РОИВ): reads */          \
    X(ROLE_MUNICIPAL,   "municipal")    /* municipal methodological service */              \
    X(ROLE_SCHOOL,      "school")       /* head or deputy of an organisation */             \
    X(ROLE_TUTOR,       "tutor")        /* accompanies routes */                            \
    X(ROLE_WORKER,      "worker")       /* a person about himself */
ENUM_DECLARE(role, ROLES)

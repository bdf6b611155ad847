/* faultd: the ledger and the mirror of tests/unit/toy.h as daemons.
 *   faultd toy|mirror --config FILE */
#include <stdio.h>
#include <string.h>

#include "common/service/daemon.h"
#include "tests/unit/toy.h"

#define FAULT_ROLES(X) X(FAULT_SERVICE, "service") X(FAULT_OPERATOR, "operator") X(FAULT_CONSOLE, "console")
ENUM_DECLARE(fault_role, FAULT_ROLES)
ENUM_DEFINE(fault_role, FAULT_ROLES)

int main(int argc, char **argv)
{
    bool mirror = argc > 1 && strcmp(argv[1], "mirror") == 0;
    struct service service = mirror ? toy_mirror_service : toy_ledger_service;

    if (argc < 2) {
        fprintf(stderr, "Usage: faultd toy|mirror --config FILE\n");
        return 2;
    }
    service.roles = &fault_role_names;
    service.follow_roles = ROLE(ROLE_SERVICE);
    return daemon_main(&service, argc - 1, argv + 1);
}

#pragma once
#include "cli/cli.h"
#include "proto/routes.h"

/* route_page: one individual route in words: why each step is there and where it stands, who accompanies, and what
 * repeated diagnostics have shown. No names: a person is an id here. Asks diagnostics and routes for what lies behind
 * it; what cannot be had is left out. */
void route_page_print(struct cli *cli, const struct route *route);
